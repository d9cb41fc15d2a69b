package io.github.aepdataflows.simulator;

import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;

/** How a simulator behaves. Start from {@link #defaults()} and change what the test or the operator needs. */
public final class Options implements Cloneable {

    private String host = "127.0.0.1";
    private int port = 0;
    private Generation generation = Generation.BOTH;
    private String clientId = "simulator";
    private String clientSecret = "s3cr&t+100%";
    private String scope = "openid,AdobeID,read_organizations,additional_info.projectedProductContext,session";
    private String orgId = "SIMULATOR000000000000000@AdobeOrg";
    private String tenantId = "acme";
    private List<String> sandboxes = List.of("prod", "dev");
    private boolean sandboxHeaderRequired = true;
    private Duration tokenLifetime = Duration.ofHours(24);
    private int tokenRequests = 0;
    private Duration latency = Duration.ZERO;
    private int pageSize = 100;
    private boolean baseConnections = true;
    private Duration asyncDelay = Duration.ZERO;
    private Lag visibilityLag = Lag.NONE;
    private Duration runDuration = Duration.ofSeconds(1);
    private Dialects dialects = Dialects.DEFAULT;

    private Options() {
    }

    /** The tutorials' base connections in the sandboxes {@code prod} and {@code dev}, both generations, any free port. */
    public static Options defaults() {
        return new Options();
    }

    private Options with(Consumer<Options> change) {
        try {
            Options changed = (Options) clone();
            change.accept(changed);
            return changed;
        } catch (CloneNotSupportedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The address to bind to; only loopback unless told otherwise. */
    public String host() {
        return host;
    }

    public Options withHost(String host) {
        return with(options -> options.host = host);
    }

    /** 0 for any free port. */
    public int port() {
        return port;
    }

    public Options withPort(int port) {
        return with(options -> options.port = port);
    }

    /** Which editions of the tutorials are accepted. */
    public Generation generation() {
        return generation;
    }

    public Options withGeneration(Generation generation) {
        return with(options -> options.generation = generation);
    }

    /** The one credential; also the only api key. */
    public String clientId() {
        return clientId;
    }

    public Options withClientId(String clientId) {
        return with(options -> options.clientId = clientId);
    }

    /** Of the one credential. */
    public String clientSecret() {
        return clientSecret;
    }

    public Options withClientSecret(String clientSecret) {
        return with(options -> options.clientSecret = clientSecret);
    }

    /** What the credential is granted, comma separated; a token request may ask for less. */
    public String scope() {
        return scope;
    }

    public Options withScope(String scope) {
        return with(options -> options.scope = scope);
    }

    /** 24 characters before {@code @AdobeOrg}. */
    public String orgId() {
        return orgId;
    }

    public Options withOrgId(String orgId) {
        return with(options -> options.orgId = orgId);
    }

    /** The name between {@code https://ns.adobe.com/} and {@code /schemas/}. */
    public String tenantId() {
        return tenantId;
    }

    public Options withTenantId(String tenantId) {
        return with(options -> options.tenantId = tenantId);
    }

    /** Names; the first is the default sandbox. */
    public List<String> sandboxes() {
        return sandboxes;
    }

    /** False: a call without {@code x-sandbox-name} means the default sandbox, as FS-OAS says. */
    public boolean sandboxHeaderRequired() {
        return sandboxHeaderRequired;
    }

    public Options withSandboxHeaderRequired(boolean sandboxHeaderRequired) {
        return with(options -> options.sandboxHeaderRequired = sandboxHeaderRequired);
    }

    /** By the simulator's clock; {@code expires_in} tells it in seconds. */
    public Duration tokenLifetime() {
        return tokenLifetime;
    }

    public Options withTokenLifetime(Duration tokenLifetime) {
        return with(options -> options.tokenLifetime = tokenLifetime);
    }

    /** How many calls a token is good for; 0 for any number. */
    public int tokenRequests() {
        return tokenRequests;
    }

    public Options withTokenRequests(int tokenRequests) {
        return with(options -> options.tokenRequests = tokenRequests);
    }

    /** Real delay of every call of a service. */
    public Duration latency() {
        return latency;
    }

    public Options withLatency(Duration latency) {
        return with(options -> options.latency = latency);
    }

    /** Default and maximum length of a Flow Service list. */
    public int pageSize() {
        return pageSize;
    }

    /** Seed every sandbox with the base connections that the tutorials start from. */
    public boolean baseConnections() {
        return baseConnections;
    }

    public Options withBaseConnections(boolean baseConnections) {
        return with(options -> options.baseConnections = baseConnections);
    }

    /** How long new connections and flows stay {@code initializing}, by the simulator's clock. */
    public Duration asyncDelay() {
        return asyncDelay;
    }

    public Options withAsyncDelay(Duration asyncDelay) {
        return with(options -> options.asyncDelay = asyncDelay);
    }

    /** How long a created thing is missing. */
    public Lag visibilityLag() {
        return visibilityLag;
    }

    /** How long a flow run takes, by the simulator's clock. */
    public Duration runDuration() {
        return runDuration;
    }

    public Options withRunDuration(Duration runDuration) {
        return with(options -> options.runDuration = runDuration);
    }

    /** How what the documents leave open is played. */
    public Dialects dialects() {
        return dialects;
    }

    /** @throws IllegalArgumentException if there is none */
    public Options withSandboxes(List<String> sandboxes) {
        if (sandboxes.isEmpty()) {
            throw new IllegalArgumentException("at least one sandbox is needed");
        }
        return with(options -> options.sandboxes = List.copyOf(sandboxes));
    }

    /** @throws IllegalArgumentException if it is below 1 */
    public Options withPageSize(int pageSize) {
        if (pageSize < 1) {
            throw new IllegalArgumentException("a page size of at least 1 is needed");
        }
        return with(options -> options.pageSize = pageSize);
    }

    /** The same lag for lists and for look-ups by id. */
    public Options withVisibilityLag(Duration both) {
        return with(options -> options.visibilityLag = new Lag(both, both, visibilityLag.references()));
    }

    public Options withListLag(Duration lists) {
        return with(options -> options.visibilityLag = new Lag(lists, visibilityLag.lookUps(), visibilityLag.references()));
    }

    public Options withLookUpLag(Duration lookUps) {
        return with(options -> options.visibilityLag = new Lag(visibilityLag.lists(), lookUps, visibilityLag.references()));
    }

    /** How long a created thing is unknown to what refers to it. */
    public Options withReferenceLag(Duration references) {
        return with(options -> options.visibilityLag = new Lag(visibilityLag.lists(), visibilityLag.lookUps(), references));
    }

    /** @throws IllegalArgumentException if the dialect has no such reading */
    public Options withDialect(Dialect dialect, String reading) {
        return with(options -> options.dialects = dialects.with(dialect, reading));
    }

    /**
     * @param readings as in {@code quoted-names=literal,content-type=short}
     * @throws IllegalArgumentException if a dialect or a reading of it is not known
     */
    public Options withDialects(String readings) {
        return with(options -> options.dialects = dialects.with(readings));
    }

    public Options withSecondPrimary(boolean accepted) {
        return withDialect(Dialect.SECOND_PRIMARY, accepted ? "accept" : "refuse");
    }

    public Options withDuplicateDescriptor(boolean accepted) {
        return withDialect(Dialect.DUPLICATE_DESCRIPTOR, accepted ? "accept" : "refuse");
    }

    public Options withUnionWithoutIdentity(boolean accepted) {
        return withDialect(Dialect.UNION_WITHOUT_IDENTITY, accepted ? "accept" : "refuse");
    }

    private List<Object> all() {
        return List.of(host, port, generation, clientId, clientSecret, scope, orgId, tenantId, sandboxes, sandboxHeaderRequired,
            tokenLifetime, tokenRequests, latency, pageSize, baseConnections, asyncDelay, visibilityLag, runDuration, dialects);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Options options && all().equals(options.all());
    }

    @Override
    public int hashCode() {
        return all().hashCode();
    }
}
