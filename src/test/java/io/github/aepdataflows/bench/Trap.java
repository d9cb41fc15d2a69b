package io.github.aepdataflows.bench;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.concurrent.atomic.AtomicInteger;

/** A host that nobody has a reason to connect to. Counts who does all the same. */
final class Trap implements AutoCloseable {

    private final ServerSocket listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    private final AtomicInteger visits = new AtomicInteger();

    Trap() throws IOException {
        Thread thread = new Thread(this::count, "bench-trap");
        thread.setDaemon(true);
        thread.start();
    }

    String url() {
        return "http://127.0.0.1:" + listener.getLocalPort() + "/";
    }

    int visits() {
        return visits.get();
    }

    private void count() {
        while (!listener.isClosed()) {
            try {
                listener.accept().close();
                visits.incrementAndGet();
            } catch (IOException e) {
                // the end
            }
        }
    }

    @Override
    public void close() throws IOException {
        listener.close();
    }
}
