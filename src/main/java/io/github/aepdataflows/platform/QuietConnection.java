package io.github.aepdataflows.platform;

import java.io.IOException;
import java.net.Socket;
import java.util.concurrent.atomic.AtomicLong;
import javax.net.ssl.SSLSocket;
import org.apache.hc.client5.http.impl.io.DefaultManagedHttpClientConnection;
import org.apache.hc.client5.http.impl.io.ManagedHttpClientConnectionFactory;
import org.apache.hc.client5.http.io.ManagedHttpClientConnection;
import org.apache.hc.core5.http.ClassicHttpRequest;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.config.Http1Config;
import org.apache.hc.core5.http.impl.io.DefaultHttpResponseParserFactory;
import org.apache.hc.core5.http.impl.io.SocketHolder;
import org.apache.hc.core5.http.io.HttpConnectionFactory;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A connection that shows neither headers nor bodies to any log, whatever is configured: tokens and secrets are among them. */
final class QuietConnection extends DefaultManagedHttpClientConnection {

    private static final Logger LOG = LoggerFactory.getLogger("aep");
    private static final AtomicLong NUMBER = new AtomicLong();

    private QuietConnection(Http1Config limits) {
        super("aep-" + NUMBER.incrementAndGet(), null, null, limits, null, null, null, new DefaultHttpResponseParserFactory(limits));
    }

    /**
     * @param limits  of the head of an answer
     * @param wireLog whether the loggers {@code org.apache.hc.client5.http.wire} and {@code .headers} may show all that is
     *                sent
     */
    static HttpConnectionFactory<ManagedHttpClientConnection> factory(Http1Config limits, boolean wireLog) {
        if (wireLog) {
            LOG.warn("aep.log.wire=true: logs can show the client secret, tokens and other secrets");
            return ManagedHttpClientConnectionFactory.builder().http1Config(limits).build();
        }
        return socket -> {
            QuietConnection connection = new QuietConnection(limits);
            if (socket != null) {
                connection.bind(socket);
            }
            return connection;
        };
    }

    @Override
    public void bind(Socket socket) throws IOException {
        bind(new SocketHolder(socket));
    }

    @Override
    public void bind(SSLSocket encrypted, Socket socket) throws IOException {
        bind(new SocketHolder(encrypted, socket));
    }

    @Override
    protected void onResponseReceived(ClassicHttpResponse answer) {
        // the other would log it
    }

    @Override
    protected void onRequestSubmitted(ClassicHttpRequest request) {
        // the other would log it
    }
}
