package io.github.aepdataflows.simulator;

import java.time.Duration;
import java.util.List;

/**
 * How a simulator behaves. Start from {@link #defaults()} and change what the test or the operator needs.
 *
 * @param host                  the address to bind to; only loopback unless told otherwise
 * @param port                  0 for any free port
 * @param generation            which editions of the tutorials are accepted
 * @param clientId              the one credential; also the only api key
 * @param scope                 what the credential is granted, comma separated; a token request may ask for less
 * @param orgId                 24 characters before {@code @AdobeOrg}
 * @param tenantId              the name between {@code https://ns.adobe.com/} and {@code /schemas/}
 * @param sandboxes             names; the first is the default sandbox
 * @param sandboxHeaderRequired false: a call without {@code x-sandbox-name} means the default sandbox, as FS-OAS says
 * @param tokenLifetime         by the simulator's clock; {@code expires_in} tells it in seconds
 * @param tokenRequests         how many calls a token is good for; 0 for any number
 * @param latency               real delay of every call of a service
 * @param pageSize              default and maximum length of a Flow Service list
 * @param baseConnections       seed every sandbox with the base connections that the tutorials start from
 * @param asyncDelay            how long new connections and flows stay {@code initializing}, by the simulator's clock
 * @param visibilityLag         how long a created thing is missing from lists, and from look-ups by id
 * @param runDuration           how long a flow run takes, by the simulator's clock
 * @param identities            what the Schema Registry lets pass of identities
 */
public record Options(String host, int port, Generation generation, String clientId, String clientSecret, String scope,
                      String orgId, String tenantId, List<String> sandboxes, boolean sandboxHeaderRequired,
                      Duration tokenLifetime, int tokenRequests, Duration latency, int pageSize, boolean baseConnections,
                      Duration asyncDelay, Lag visibilityLag, Duration runDuration, Tolerance identities) {

    public Options {
        sandboxes = List.copyOf(sandboxes);
        if (sandboxes.isEmpty() || pageSize < 1) {
            throw new IllegalArgumentException("at least one sandbox and a page size of at least 1 are needed");
        }
    }

    /** The tutorials' base connections in the sandboxes {@code prod} and {@code dev}, both generations, any free port. */
    public static Options defaults() {
        return new Options("127.0.0.1", 0, Generation.BOTH, "simulator", "s3cr&t+100%",
            "openid,AdobeID,read_organizations,additional_info.projectedProductContext,session",
            "SIMULATOR000000000000000@AdobeOrg", "acme", List.of("prod", "dev"), true, Duration.ofHours(24), 0, Duration.ZERO,
            100, true, Duration.ZERO, Lag.NONE, Duration.ofSeconds(1), Tolerance.DEFAULT);
    }

    public Options withHost(String host) {
        return new Options(host, port, generation, clientId, clientSecret, scope, orgId, tenantId, sandboxes,
            sandboxHeaderRequired, tokenLifetime, tokenRequests, latency, pageSize, baseConnections, asyncDelay, visibilityLag,
            runDuration, identities);
    }

    public Options withPort(int port) {
        return new Options(host, port, generation, clientId, clientSecret, scope, orgId, tenantId, sandboxes,
            sandboxHeaderRequired, tokenLifetime, tokenRequests, latency, pageSize, baseConnections, asyncDelay, visibilityLag,
            runDuration, identities);
    }

    public Options withGeneration(Generation generation) {
        return new Options(host, port, generation, clientId, clientSecret, scope, orgId, tenantId, sandboxes,
            sandboxHeaderRequired, tokenLifetime, tokenRequests, latency, pageSize, baseConnections, asyncDelay, visibilityLag,
            runDuration, identities);
    }

    public Options withClientId(String clientId) {
        return new Options(host, port, generation, clientId, clientSecret, scope, orgId, tenantId, sandboxes,
            sandboxHeaderRequired, tokenLifetime, tokenRequests, latency, pageSize, baseConnections, asyncDelay, visibilityLag,
            runDuration, identities);
    }

    public Options withClientSecret(String clientSecret) {
        return new Options(host, port, generation, clientId, clientSecret, scope, orgId, tenantId, sandboxes,
            sandboxHeaderRequired, tokenLifetime, tokenRequests, latency, pageSize, baseConnections, asyncDelay, visibilityLag,
            runDuration, identities);
    }

    public Options withScope(String scope) {
        return new Options(host, port, generation, clientId, clientSecret, scope, orgId, tenantId, sandboxes,
            sandboxHeaderRequired, tokenLifetime, tokenRequests, latency, pageSize, baseConnections, asyncDelay, visibilityLag,
            runDuration, identities);
    }

    public Options withOrgId(String orgId) {
        return new Options(host, port, generation, clientId, clientSecret, scope, orgId, tenantId, sandboxes,
            sandboxHeaderRequired, tokenLifetime, tokenRequests, latency, pageSize, baseConnections, asyncDelay, visibilityLag,
            runDuration, identities);
    }

    public Options withTenantId(String tenantId) {
        return new Options(host, port, generation, clientId, clientSecret, scope, orgId, tenantId, sandboxes,
            sandboxHeaderRequired, tokenLifetime, tokenRequests, latency, pageSize, baseConnections, asyncDelay, visibilityLag,
            runDuration, identities);
    }

    public Options withSandboxes(List<String> sandboxes) {
        return new Options(host, port, generation, clientId, clientSecret, scope, orgId, tenantId, sandboxes,
            sandboxHeaderRequired, tokenLifetime, tokenRequests, latency, pageSize, baseConnections, asyncDelay, visibilityLag,
            runDuration, identities);
    }

    public Options withSandboxHeaderRequired(boolean sandboxHeaderRequired) {
        return new Options(host, port, generation, clientId, clientSecret, scope, orgId, tenantId, sandboxes,
            sandboxHeaderRequired, tokenLifetime, tokenRequests, latency, pageSize, baseConnections, asyncDelay, visibilityLag,
            runDuration, identities);
    }

    public Options withTokenLifetime(Duration tokenLifetime) {
        return new Options(host, port, generation, clientId, clientSecret, scope, orgId, tenantId, sandboxes,
            sandboxHeaderRequired, tokenLifetime, tokenRequests, latency, pageSize, baseConnections, asyncDelay, visibilityLag,
            runDuration, identities);
    }

    public Options withTokenRequests(int tokenRequests) {
        return new Options(host, port, generation, clientId, clientSecret, scope, orgId, tenantId, sandboxes,
            sandboxHeaderRequired, tokenLifetime, tokenRequests, latency, pageSize, baseConnections, asyncDelay, visibilityLag,
            runDuration, identities);
    }

    public Options withLatency(Duration latency) {
        return new Options(host, port, generation, clientId, clientSecret, scope, orgId, tenantId, sandboxes,
            sandboxHeaderRequired, tokenLifetime, tokenRequests, latency, pageSize, baseConnections, asyncDelay, visibilityLag,
            runDuration, identities);
    }

    public Options withPageSize(int pageSize) {
        return new Options(host, port, generation, clientId, clientSecret, scope, orgId, tenantId, sandboxes,
            sandboxHeaderRequired, tokenLifetime, tokenRequests, latency, pageSize, baseConnections, asyncDelay, visibilityLag,
            runDuration, identities);
    }

    public Options withBaseConnections(boolean baseConnections) {
        return new Options(host, port, generation, clientId, clientSecret, scope, orgId, tenantId, sandboxes,
            sandboxHeaderRequired, tokenLifetime, tokenRequests, latency, pageSize, baseConnections, asyncDelay, visibilityLag,
            runDuration, identities);
    }

    public Options withAsyncDelay(Duration asyncDelay) {
        return new Options(host, port, generation, clientId, clientSecret, scope, orgId, tenantId, sandboxes,
            sandboxHeaderRequired, tokenLifetime, tokenRequests, latency, pageSize, baseConnections, asyncDelay, visibilityLag,
            runDuration, identities);
    }

    /** The same lag for lists and for look-ups by id. */
    public Options withVisibilityLag(Duration both) {
        return withVisibilityLag(Lag.of(both));
    }

    public Options withListLag(Duration lists) {
        return withVisibilityLag(new Lag(lists, visibilityLag.lookUps()));
    }

    public Options withLookUpLag(Duration lookUps) {
        return withVisibilityLag(new Lag(visibilityLag.lists(), lookUps));
    }

    private Options withVisibilityLag(Lag visibilityLag) {
        return new Options(host, port, generation, clientId, clientSecret, scope, orgId, tenantId, sandboxes,
            sandboxHeaderRequired, tokenLifetime, tokenRequests, latency, pageSize, baseConnections, asyncDelay, visibilityLag,
            runDuration, identities);
    }

    public Options withRunDuration(Duration runDuration) {
        return new Options(host, port, generation, clientId, clientSecret, scope, orgId, tenantId, sandboxes,
            sandboxHeaderRequired, tokenLifetime, tokenRequests, latency, pageSize, baseConnections, asyncDelay, visibilityLag,
            runDuration, identities);
    }

    public Options withSecondPrimary(boolean accepted) {
        return withIdentities(new Tolerance(accepted, identities.duplicateDescriptor(), identities.unionWithoutIdentity()));
    }

    public Options withDuplicateDescriptor(boolean accepted) {
        return withIdentities(new Tolerance(identities.secondPrimary(), accepted, identities.unionWithoutIdentity()));
    }

    public Options withUnionWithoutIdentity(boolean accepted) {
        return withIdentities(new Tolerance(identities.secondPrimary(), identities.duplicateDescriptor(), accepted));
    }

    private Options withIdentities(Tolerance identities) {
        return new Options(host, port, generation, clientId, clientSecret, scope, orgId, tenantId, sandboxes,
            sandboxHeaderRequired, tokenLifetime, tokenRequests, latency, pageSize, baseConnections, asyncDelay, visibilityLag,
            runDuration, identities);
    }
}
