package io.github.aepdataflows.platform;

import io.github.aepdataflows.definition.SecretRules;
import io.github.aepdataflows.settings.Settings;
import java.io.IOException;
import java.net.ProxySelector;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.LongSupplier;
import java.util.regex.Pattern;
import org.apache.camel.component.http.HttpClientConfigurer;
import org.apache.hc.client5.http.classic.ExecChain;
import org.apache.hc.client5.http.classic.methods.HttpGet;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.client5.http.impl.ChainElement;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClientBuilder;
import org.apache.hc.core5.http.ClassicHttpRequest;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.http.HttpMessage;
import org.apache.hc.core5.http.message.BasicHeader;
import org.apache.hc.core5.util.Timeout;

/**
 * The HTTP client behind the {@code aep-http} component. Puts token, api key, org and sandbox on each request inside the
 * client, and the secrets of a base connection into its create, so that they never lie on an exchange; talks to the configured
 * host only; never follows a redirect and never retries; turns each failure into a {@link PlatformException} that says what it
 * means.
 */
public final class PlatformClient implements HttpClientConfigurer, AutoCloseable {

    private static final String PROBE = "/data/foundation/flowservice/flows?limit=1";
    /** Calls that are passed on to the source behind a base connection. */
    private static final Pattern SOURCE = Pattern.compile(".*/connections/[^/]+/(test|explore)(\\?.*)?");
    private static final Pattern VALIDATION = Pattern.compile(".*/conversion/(mappingSets|languages/el)/validate");
    private static final Pattern ETAG = Pattern.compile("(W/)?\"?[A-Za-z0-9._:+/=-]{1,200}\"?");
    private static final Pattern REQUEST_ID = Pattern.compile("[A-Za-z0-9._-]{1,128}");

    private final Settings settings;
    private final Secrets secrets;
    private final SecretRules secretRules;
    private final Clock clock;
    private final LongSupplier nanoTime;
    private final ProxySelector proxy;
    private final Connections connections;
    private final Calls calls;
    private final Redaction redaction;
    private final RateLimiter limiter;
    private final Breaker breaker;
    private final Traffic traffic;
    private final CloseableHttpClient tokenClient;
    private final TokenProvider tokens;
    private final CloseableHttpClient prober;
    private final CloseableHttpClient journalClient;

    public PlatformClient(Settings settings, Secrets secrets, SecretRules secretRules, Clock clock) {
        this(settings, secrets, secretRules, clock, System::nanoTime);
    }

    PlatformClient(Settings settings, Secrets secrets, SecretRules secretRules, Clock clock, LongSupplier nanoTime) {
        this(settings, secrets, secretRules, clock, nanoTime, System.getenv());
    }

    PlatformClient(Settings settings, Secrets secrets, SecretRules secretRules, Clock clock, LongSupplier nanoTime,
                   Map<String, String> environment) {
        this.settings = settings;
        this.secrets = secrets;
        this.secretRules = secretRules;
        this.clock = clock;
        this.nanoTime = nanoTime;
        this.proxy = new EnvironmentProxy(environment);
        this.connections = new Connections(settings, new TrustAnchors(clock));
        Jitter jitter = new Jitter(settings.duration("aep.redelivery.delay"), () -> ThreadLocalRandom.current().nextDouble());
        this.limiter = new RateLimiter(settings, nanoTime, jitter);
        this.breaker = new Breaker(settings, nanoTime, jitter);
        this.traffic = new Traffic(clock);
        this.redaction = new Redaction(settings.secrets());
        this.calls = new Calls(settings.duration("aep.call-timeout"), redaction);
        this.tokenClient = plain(HttpClientBuilder.create()).addExecInterceptorFirst("aep-token", calls::execute).build();
        this.tokens = new TokenProvider(settings, redaction, tokenClient, clock, nanoTime);
        this.journalClient = plain(HttpClientBuilder.create()).addExecInterceptorFirst("aep-journal", calls::execute).build();
        this.prober = plain(HttpClientBuilder.create()).addExecInterceptorFirst("aep-call", this::call).build();
    }

    @Override
    public void configureHttpClient(HttpClientBuilder builder) {
        plain(builder).addExecInterceptorFirst("aep-call", this::call);
    }

    private HttpClientBuilder plain(HttpClientBuilder builder) {
        return builder
                .setConnectionManager(connections)
                .setConnectionManagerShared(true)
                .useSystemProperties()
                .setProxySelector(proxy)
                .setUserAgent("aep-dataflows")
                .disableAutomaticRetries()
                .disableRedirectHandling()
                .disableCookieManagement()
                .disableAuthCaching()
                .setDefaultRequestConfig(RequestConfig.custom()
                        .setConnectionRequestTimeout(Timeout.of(settings.duration("aep.connect-timeout")))
                        .setResponseTimeout(Timeout.of(settings.duration("aep.response-timeout")))
                        .setRedirectsEnabled(false)
                        .build())
                .addExecInterceptorAfter(ChainElement.CONNECT.name(), "aep-mark-sent", Calls::markSent);
    }

    private ClassicHttpResponse call(ClassicHttpRequest request, ExecChain.Scope scope, ExecChain chain)
            throws IOException {
        return traffic.around(request.getPath(), () -> callOnce(request, scope, chain));
    }

    private ClassicHttpResponse callOnce(ClassicHttpRequest request, ExecChain.Scope scope, ExecChain chain)
            throws IOException {
        String call = Calls.describe(request);
        HttpHost host = scope.route.getTargetHost();
        if (!isAt(settings.url(), host)) {
            throw PlatformException.withheld(Outcome.NOT_SENT, call, host + " is not the configured aep.url", null);
        }
        CallOptions options = CallOptions.removedFrom(request);
        options.accept().ifPresent(mediaType -> request.setHeader("Accept", mediaType));
        boolean read = isRead(request);
        if (!read) {
            options.ifMatch().ifPresent(etag -> request.setHeader("If-Match", etag));
        }
        if (!read && breaker.isProbeDue()) {
            tryOut();
        }
        return breaker.around(call, read, () -> send(request, scope, chain, call, options));
    }

    /** Whether it changes nothing, however often it is sent. */
    private static boolean isRead(ClassicHttpRequest request) {
        return request.getMethod().equals("GET") || request.getMethod().equals("POST") && VALIDATION.matcher(request.getPath()).matches();
    }

    /**
     * One read that tells whether the Platform answers, and knows our credentials: {@link #trouble} says it. A create is never the one to
     * find out whether the Platform is back; where callers only create, nobody else would.
     */
    public void tryOut() {
        try {
            prober.execute(new HttpGet(settings.url() + PROBE), answer -> null);
        } catch (IOException e) {
            // the breaker and the traffic have taken note
        }
    }

    /** Why no definition can get to the Platform; empty as far as the last calls tell. Asks nobody. */
    public Optional<String> trouble() {
        return problem().map(Trouble::reason);
    }

    /** The same, with a word for it. */
    public Optional<Trouble> problem() {
        Optional<Trouble> breakerOpen = breaker.isClosed() ? Optional.empty()
                : Optional.of(new Trouble(Trouble.BREAKER, ("the last calls had no answer: only one read every %d s is sent, until the "
                        + "Platform answers").formatted(settings.duration("aep.breaker.pause").toSeconds())));
        Optional<Trouble> seen = traffic.trouble();
        return seen.filter(trouble -> breakerOpen.isPresent() && trouble.state().equals(Trouble.NO_ANSWER))
                .map(trouble -> new Trouble(Trouble.BREAKER, trouble.reason())).or(() -> seen).or(() -> breakerOpen);
    }

    /** Whether the Platform is left alone for a while, as it does not answer. */
    public boolean isLeftAlone() {
        return !breaker.isClosed();
    }

    /** From now on so many instances share {@code aep.rate}, each an equal part of it. */
    public void share(int instances) {
        limiter.share(instances);
    }

    /** Requests per second that are allowed now: our part of {@code aep.rate}, or less after the Platform has asked for less. */
    public double rate() {
        return limiter.rate();
    }

    /** The journal of {@code aep.journal.url}, which has the same token. */
    public Journal journal() {
        return new Journal(settings, journalClient, tokens, clock);
    }

    public Traffic traffic() {
        return traffic;
    }

    private ClassicHttpResponse send(ClassicHttpRequest request, ExecChain.Scope scope, ExecChain chain, String call,
                                     CallOptions options) throws IOException {
        long admitted = limiter.admit(call);
        try {
            return send(request, scope, chain, call, options, admitted);
        } finally {
            limiter.over(admitted);
        }
    }

    private ClassicHttpResponse send(ClassicHttpRequest request, ExecChain.Scope scope, ExecChain chain, String call,
                                     CallOptions options, long admitted) throws IOException {
        String token = tokens.get();
        request.setHeader("Authorization", "Bearer " + token);
        request.setHeader("x-api-key", settings.clientId());
        request.setHeader("x-gw-ims-org-id", settings.orgId());
        request.setHeader("x-sandbox-name", settings.sandbox());
        SecretsInBody put = SecretsInBody.inject(request, call, secrets, secretRules, redaction);
        ClassicHttpResponse answer = calls.execute(request, scope, chain, () -> {
            limiter.refuseDuringPause(call);
            if (!isRead(request)) {
                options.refuseUnlessInTime(call, nanoTime.getAsLong());
            }
        });
        Duration wait = RetryAfter.of(answer, clock, settings.duration("aep.redelivery.retry-after-cap")).orElse(null);
        if (answer.getCode() == 429) {
            wait = limiter.throttled(admitted, wait);
        } else {
            limiter.content(admitted);
        }
        String requestId = header(answer, HeaderFilter.REQUEST_ID).map(redaction::in).filter(REQUEST_ID.asMatchPredicate()).orElse("");
        if (answer.getCode() >= 200 && answer.getCode() < 300) {
            String etag = header(answer, HeaderFilter.ETAG).filter(ETAG.asMatchPredicate()).orElse("");
            answer.setHeaders(new BasicHeader(HeaderFilter.REQUEST_ID, requestId), new BasicHeader(HeaderFilter.ETAG, etag));   // no others
            put.redact(answer);
            return answer;
        }
        if (answer.getCode() == 401) {
            tokens.refused(token);
        }
        PlatformError error = PlatformError.parse(Calls.text(answer), redaction);
        if (SOURCE.matcher(request.getPath()).matches() && !error.isOfGateway()) {
            error = new PlatformError(error.code(), "the source refuses it; its own words are not repeated, they may hold credentials");
        }
        throw PlatformException.answered(call, answer.getCode(), error, requestId, wait);
    }

    /** Whether the URL names this host, said or not which port is the scheme's own. */
    static boolean isAt(URI url, HttpHost host) {
        int port = url.getPort() >= 0 ? url.getPort() : url.getScheme().equals("https") ? 443 : 80;
        int actual = host.getPort() >= 0 ? host.getPort() : host.getSchemeName().equals("https") ? 443 : 80;
        return url.getScheme().equalsIgnoreCase(host.getSchemeName()) && port == actual
                && withoutBrackets(url.getHost()).equalsIgnoreCase(withoutBrackets(host.getHostName()));
    }

    private static String withoutBrackets(String host) {
        return host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
    }

    private static Optional<String> header(HttpMessage message, String name) {
        return Optional.ofNullable(message.getFirstHeader(name)).map(Header::getValue);
    }

    @Override
    public void close() throws IOException {
        prober.close();
        tokenClient.close();
        journalClient.close();
        calls.close();
        connections.end();
    }
}
