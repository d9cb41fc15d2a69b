package io.github.aepdataflows.platform;

import io.github.aepdataflows.settings.Settings;
import java.io.IOException;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.LongSupplier;
import java.util.regex.Pattern;
import org.apache.camel.component.http.HttpClientConfigurer;
import org.apache.hc.client5.http.classic.ExecChain;
import org.apache.hc.client5.http.classic.methods.HttpGet;
import org.apache.hc.client5.http.config.ConnectionConfig;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.client5.http.impl.ChainElement;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClientBuilder;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManager;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.core5.http.ClassicHttpRequest;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.http.HttpMessage;
import org.apache.hc.core5.http.message.BasicHeader;
import org.apache.hc.core5.util.TimeValue;
import org.apache.hc.core5.util.Timeout;

/**
 * The HTTP client behind the {@code aep-http} component. Puts token, api key, org and sandbox on each request inside the
 * client, and the secrets of a base connection into its create, so that they never lie on an exchange; talks to the configured
 * host only; never follows a redirect and never retries; turns each failure into a {@link PlatformException} that says what it
 * means.
 */
public final class PlatformClient implements HttpClientConfigurer, AutoCloseable {

    private static final String PROBE = "/data/foundation/flowservice/flowSpecs?limit=1";
    /** Calls that are passed on to the source behind a base connection. */
    private static final Pattern SOURCE = Pattern.compile(".*/connections/[^/]+/(test|explore)(\\?.*)?");
    private static final Pattern VALIDATION = Pattern.compile(".*/conversion/(mappingSets|languages/el)/validate");
    private static final Pattern REQUEST_ID = Pattern.compile("[A-Za-z0-9._-]{1,128}");

    private final Settings settings;
    private final Secrets secrets;
    private final Clock clock;
    private final LongSupplier nanoTime;
    private final PoolingHttpClientConnectionManager connections;
    private final Calls calls;
    private final RateLimiter limiter;
    private final Breaker breaker;
    private final CloseableHttpClient tokenClient;
    private final TokenProvider tokens;
    private final CloseableHttpClient prober;

    public PlatformClient(Settings settings, Secrets secrets, Clock clock) {
        this(settings, secrets, clock, System::nanoTime);
    }

    PlatformClient(Settings settings, Secrets secrets, Clock clock, LongSupplier nanoTime) {
        this.settings = settings;
        this.secrets = secrets;
        this.clock = clock;
        this.nanoTime = nanoTime;
        this.connections = PoolingHttpClientConnectionManagerBuilder.create()
                .setMaxConnTotal(settings.integer("aep.max-connections"))
                .setMaxConnPerRoute(settings.integer("aep.max-connections"))
                .setDefaultConnectionConfig(ConnectionConfig.custom()
                        .setConnectTimeout(Timeout.of(settings.duration("aep.connect-timeout")))
                        .setSocketTimeout(Timeout.of(settings.duration("aep.response-timeout")))
                        // a connection that the server closed while idle must not swallow a request
                        .setValidateAfterInactivity(TimeValue.ZERO_MILLISECONDS)
                        .build())
                .build();
        Jitter jitter = new Jitter(settings.duration("aep.redelivery.delay"), () -> ThreadLocalRandom.current().nextDouble());
        this.limiter = new RateLimiter(settings, nanoTime, jitter);
        this.breaker = new Breaker(settings, nanoTime, jitter);
        this.calls = new Calls(settings.duration("aep.call-timeout"));
        this.tokenClient = plain(HttpClientBuilder.create()).addExecInterceptorFirst("aep-token", calls::execute).build();
        this.tokens = new TokenProvider(settings, tokenClient, clock, nanoTime);
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
            probe();
        }
        return breaker.around(call, read, () -> send(request, scope, chain, call, options));
    }

    /** Whether it changes nothing, however often it is sent. */
    private static boolean isRead(ClassicHttpRequest request) {
        return request.getMethod().equals("GET") || request.getMethod().equals("POST") && VALIDATION.matcher(request.getPath()).matches();
    }

    /** A create is never the one to find out whether the Platform is back; where callers only create, nobody else would. */
    private void probe() {
        try {
            prober.execute(new HttpGet(settings.url() + PROBE), answer -> null);
        } catch (IOException e) {
            // the breaker has taken note
        }
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
        SecretsInBody put = SecretsInBody.inject(request, call, secrets);
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
        String requestId = header(answer, HeaderFilter.REQUEST_ID).map(put::redact).filter(REQUEST_ID.asMatchPredicate()).orElse("");
        if (answer.getCode() >= 200 && answer.getCode() < 300) {
            answer.setHeaders(new BasicHeader(HeaderFilter.REQUEST_ID, requestId));   // no other header is anybody's business
            put.redact(answer);
            return answer;
        }
        if (answer.getCode() == 401) {
            tokens.refused(token);
        }
        PlatformError error = PlatformError.parse(Calls.text(answer), text -> put.redact(settings.withoutSecrets(text))
                .replace(token, "***"));
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
        calls.close();
        connections.close();
    }
}
