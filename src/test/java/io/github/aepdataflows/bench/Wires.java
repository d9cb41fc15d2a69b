package io.github.aepdataflows.bench;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Leads a single call of the calling thread astray on its way to the Platform, by way of a proxy that is not there. The HTTP
 * client meets a real failure. Takes the place of this JVM's proxy selector as long as it is open.
 */
final class Wires extends ProxySelector implements AutoCloseable {

    /** What the call meets. */
    enum Break { REFUSED, DNS, RESET_ON_SEND }

    private final ProxySelector before = ProxySelector.getDefault();
    private final ThreadLocal<Break> next = new ThreadLocal<>();
    private final AtomicInteger broken = new AtomicInteger();
    private final ServerSocket resetting;
    private final int closedPort;

    Wires() throws IOException {
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            closedPort = free.getLocalPort();
        }
        resetting = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        Thread thread = new Thread(this::resetAll, "bench-resetting");
        thread.setDaemon(true);
        thread.start();
        ProxySelector.setDefault(this);
    }

    /** The next call of this thread fails so. */
    void breakNext(Break how) {
        next.set(how);
    }

    /** How many calls were led astray. */
    int broken() {
        return broken.get();
    }

    @Override
    public List<Proxy> select(URI uri) {
        Optional<Break> how = Optional.ofNullable(next.get());
        next.remove();
        if (how.isEmpty()) {
            return List.of(Proxy.NO_PROXY);
        }
        broken.incrementAndGet();
        return List.of(new Proxy(Proxy.Type.HTTP, switch (how.get()) {
            case REFUSED -> new InetSocketAddress("127.0.0.1", closedPort);
            case DNS -> InetSocketAddress.createUnresolved("nowhere.invalid", 80);
            case RESET_ON_SEND -> new InetSocketAddress("127.0.0.1", resetting.getLocalPort());
        }));
    }

    @Override
    public void connectFailed(URI uri, SocketAddress address, IOException failure) {
        // it was meant to
    }

    private void resetAll() {
        while (!resetting.isClosed()) {
            try (Socket client = resetting.accept()) {
                client.setSoLinger(true, 0);
            } catch (IOException e) {
                // the end, or one that went by itself
            }
        }
    }

    @Override
    public void close() throws IOException {
        ProxySelector.setDefault(before);
        resetting.close();
    }
}
