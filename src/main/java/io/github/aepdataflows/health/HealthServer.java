package io.github.aepdataflows.health;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.github.aepdataflows.ledger.Ledger;
import io.github.aepdataflows.settings.Settings;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.apache.camel.CamelContext;
import org.apache.camel.health.HealthCheck;
import org.apache.camel.health.HealthCheckHelper;

/**
 * {@code GET /health} on the loopback interface: 200 and {@code UP}, or 503 and {@code DOWN}, from Camel's own health
 * checks. Says nothing else, asks nobody else, and asks Camel at most once a second.
 */
public final class HealthServer {

    private static final long FRESH_NANOS = Duration.ofSeconds(1).toNanos();

    private final CamelContext context;
    private final Ledger ledger;
    private final int port;
    private HttpServer server;
    private boolean up;
    private long askedAt;

    public HealthServer(Settings settings, Ledger ledger) {
        this.context = settings.getCamelContext();
        this.ledger = ledger;
        this.port = settings.integer("aep.health.port");
    }

    /** Listens, unless {@code aep.health.port} is 0. */
    public void start() throws IOException {
        if (port == 0) {
            return;
        }
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 16);
        } catch (IOException e) {
            throw new IOException("aep.health.port: cannot listen on 127.0.0.1:%d: %s".formatted(port, e.getMessage()), e);
        }
        server.createContext("/", this::answer);
        server.start();
    }

    public void stop() {
        if (server != null) {
            server.stop(0);
        }
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            String path = exchange.getRequestURI().getPath();
            if (!path.equals("/health") && !path.equals("/health/live")) {
                exchange.sendResponseHeaders(404, -1);
            } else if (!exchange.getRequestMethod().equals("GET")) {
                exchange.getResponseHeaders().set("Allow", "GET");
                exchange.sendResponseHeaders(405, -1);
            } else {
                boolean healthy = path.equals("/health/live") ? context.isStarted() : isUp();
                byte[] body = (healthy ? "UP\n" : "DOWN\n").getBytes(StandardCharsets.US_ASCII);
                exchange.getResponseHeaders().set("Content-Type", "text/plain");
                exchange.sendResponseHeaders(healthy ? 200 : 503, body.length);
                exchange.getResponseBody().write(body);
            }
        }
    }

    private synchronized boolean isUp() {
        if (askedAt == 0 || System.nanoTime() - askedAt > FRESH_NANOS) {
            up = context.isStarted() && ledger.isOpen() && HealthCheckHelper.invoke(context).stream()
                    .noneMatch(result -> result.getState() == HealthCheck.State.DOWN);
            askedAt = System.nanoTime();
        }
        return up;
    }
}
