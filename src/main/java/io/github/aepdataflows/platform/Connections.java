package io.github.aepdataflows.platform;

import io.github.aepdataflows.settings.Settings;
import java.io.IOException;
import java.time.Duration;
import org.apache.hc.client5.http.HttpRoute;
import org.apache.hc.client5.http.config.ConnectionConfig;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManager;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.client5.http.io.ConnectionEndpoint;
import org.apache.hc.client5.http.io.HttpClientConnectionManager;
import org.apache.hc.client5.http.io.LeaseRequest;
import org.apache.hc.client5.http.ssl.TlsSocketStrategy;
import org.apache.hc.core5.http.config.Http1Config;
import org.apache.hc.core5.http.protocol.HttpContext;
import org.apache.hc.core5.io.CloseMode;
import org.apache.hc.core5.util.TimeValue;
import org.apache.hc.core5.util.Timeout;

/**
 * The one pool of connections, to the Platform and to its token service. The HTTP client closes its pool when a call ends in an
 * {@link Error}, and could send nothing from then on; this one is closed by {@link #end} alone. Bounds the head of an answer.
 *
 * <p>A connection that the server has closed must not swallow a request: whether it is still open is looked at before it is used, which
 * takes a millisecond. One that was just used is taken for open, unless one was lost within the last minute.
 */
final class Connections implements HttpClientConnectionManager {

    /** In bytes, of a header with its name, and of any other line that is not of the body. */
    static final int LONGEST_LINE = 16 * 1024;
    static final int MOST_HEADERS = 200;

    /** No server closes one so soon. */
    private static final TimeValue IDLE = TimeValue.ofMilliseconds(500);
    private static final long DISTRUST_NANOS = Duration.ofMinutes(1).toNanos();

    private final PoolingHttpClientConnectionManager pool;
    /** When one was last found closed, or was not to be used again. */
    private volatile long lost = System.nanoTime() - DISTRUST_NANOS;

    Connections(Settings settings, TlsSocketStrategy tls) {
        ConnectionConfig trusted = config(settings, IDLE);
        ConnectionConfig distrusted = config(settings, TimeValue.ZERO_MILLISECONDS);
        this.pool = PoolingHttpClientConnectionManagerBuilder.create()
                .setMaxConnTotal(settings.integer("aep.max-connections"))
                .setMaxConnPerRoute(settings.integer("aep.max-connections"))
                .setTlsSocketStrategy(tls)
                .setConnectionFactory(QuietConnection.factory(
                        Http1Config.custom().setMaxLineLength(LONGEST_LINE).setMaxHeaderCount(MOST_HEADERS).build(),
                        settings.text("aep.log.wire").equals("true")))
                .setConnectionConfigResolver(route -> System.nanoTime() - lost < DISTRUST_NANOS ? distrusted : trusted)
                .build();
    }

    private static ConnectionConfig config(Settings settings, TimeValue checkedWhenIdleFor) {
        return ConnectionConfig.custom()
                .setConnectTimeout(Timeout.of(settings.duration("aep.connect-timeout")))
                .setSocketTimeout(Timeout.of(settings.duration("aep.response-timeout")))
                .setValidateAfterInactivity(checkedWhenIdleFor)
                .build();
    }

    @Override
    public LeaseRequest lease(String id, HttpRoute route, Timeout requestTimeout, Object state) {
        return pool.lease(id, route, requestTimeout, state);
    }

    @Override
    public void release(ConnectionEndpoint endpoint, Object newState, TimeValue validDuration) {
        if (!endpoint.isConnected()) {
            lost = System.nanoTime();
        }
        pool.release(endpoint, newState, validDuration);
    }

    @Override
    public void connect(ConnectionEndpoint endpoint, TimeValue connectTimeout, HttpContext context) throws IOException {
        pool.connect(endpoint, connectTimeout, context);
    }

    @Override
    public void upgrade(ConnectionEndpoint endpoint, HttpContext context) throws IOException {
        pool.upgrade(endpoint, context);
    }

    /** Keeps the pool: one call has failed, not all that come after it. */
    @Override
    public void close(CloseMode mode) {
        // the connection of that call is discarded by Calls
    }

    @Override
    public void close() {
        close(CloseMode.GRACEFUL);
    }

    /** Closes all connections for good, those of calls under way too. */
    void end() {
        pool.close(CloseMode.IMMEDIATE);
    }
}
