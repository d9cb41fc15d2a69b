package io.github.aepdataflows.operate;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.apache.camel.util.concurrent.CamelThreadFactory;
import org.apache.hc.core5.http.ClassicHttpRequest;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.config.Http1Config;
import org.apache.hc.core5.http.impl.io.DefaultBHttpServerConnection;

/**
 * Answers HTTP on a port, one request to a connection. A client that is slow holds nothing but its own connection: that is
 * closed after some seconds, or, when there are too many, as soon as it is the oldest.
 */
final class Listener implements AutoCloseable {

    private static final int MOST_CONNECTIONS = 16;   // two browsers have no more
    private static final long LONGEST_NANOS = Duration.ofSeconds(5).toNanos();
    private static final int LOOK_MILLIS = 500;
    private static final int BUFFER = 8192;
    private static final long MOST_DRAINED = 8L << 20;
    private static final Http1Config LIMITS = Http1Config.custom().setMaxLineLength(8192).setMaxHeaderCount(100).build();

    /** What is said to a request. Its body is read by whoever gives the answer, or not at all. */
    interface Answer {

        ClassicHttpResponse to(ClassicHttpRequest request, InetAddress peer) throws IOException;
    }

    private record Connection(Socket socket, long since) {
    }

    private final ServerSocket server;
    private final Answer answer;
    private final ConcurrentLinkedDeque<Connection> open = new ConcurrentLinkedDeque<>();   // the oldest first
    private final ThreadPoolExecutor threads;

    /** @throws IOException when the port is not free */
    Listener(InetAddress address, int port, Answer answer) throws IOException {
        this.server = new ServerSocket(port, 64, address);
        this.answer = answer;
        this.threads = new ThreadPoolExecutor(MOST_CONNECTIONS + 1, MOST_CONNECTIONS + 1, 0, TimeUnit.SECONDS, new LinkedBlockingQueue<>(),
                new CamelThreadFactory("aep-ops-#counter#", "aep", true));
        threads.prestartAllCoreThreads();   // a probe needs none that may not be had when memory is short
        server.setSoTimeout(LOOK_MILLIS);
        threads.execute(this::accept);
    }

    private void accept() {
        while (!server.isClosed()) {
            try {
                Connection connection = new Connection(server.accept(), System.nanoTime());
                open.add(connection);
                threads.execute(() -> serve(connection));
            } catch (SocketTimeoutException e) {
                // nobody came: time to look at those who stay
            } catch (IOException e) {
                // one that went by itself, or the end
            }
            closeSlow();
        }
    }

    private void closeSlow() {
        for (Connection oldest = open.peek(); oldest != null && (open.size() > MOST_CONNECTIONS
                || System.nanoTime() - oldest.since() > LONGEST_NANOS); oldest = open.peek()) {
            close(oldest);
        }
    }

    private void serve(Connection connection) {
        try (DefaultBHttpServerConnection http = new DefaultBHttpServerConnection("http", LIMITS)) {
            http.bind(connection.socket());
            ClassicHttpRequest request = http.receiveRequestHeader();
            if (request != null) {
                http.receiveRequestEntity(request);
                ClassicHttpResponse response = answer.to(request, connection.socket().getInetAddress());
                response.setHeader("Connection", "close");
                http.sendResponseHeader(response);
                http.sendResponseEntity(response);
                http.flush();
                drain(request);
            }
        } catch (IOException | HttpException | RuntimeException e) {
            // whoever asks so gets no answer
        } finally {
            close(connection);
        }
    }

    /** A connection that is closed before all was read may lose the answer on its way. */
    private static void drain(ClassicHttpRequest request) throws IOException {
        if (request.getEntity() != null) {
            InputStream rest = request.getEntity().getContent();
            byte[] buffer = new byte[BUFFER];
            for (long read = 0, count = 0; count >= 0 && read < MOST_DRAINED; read += count) {
                count = rest.read(buffer);
            }
        }
    }

    private void close(Connection connection) {
        open.remove(connection);
        try {
            connection.socket().close();
        } catch (IOException e) {
            // it is closed enough
        }
    }

    @Override
    public void close() throws IOException {
        server.close();
        threads.shutdownNow();
        open.forEach(this::close);
    }
}
