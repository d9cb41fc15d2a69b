package io.github.aepdataflows.simulator;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The public socket: a byte pump in front of the HTTP server. It is there because the JDK's HTTP server has no way to reset a
 * connection. A connection to the server is known by its local port, which the server sees as the remote one.
 */
final class Front implements AutoCloseable {

    private final ServerSocket listener;
    private final int backendPort;
    private final Executor threads;
    private final Map<Integer, Socket> clients = new ConcurrentHashMap<>();
    private final AtomicInteger refused = new AtomicInteger();
    private volatile boolean down;

    Front(String host, int port, int backendPort, Executor threads) throws IOException {
        this.backendPort = backendPort;
        this.threads = threads;
        this.listener = new ServerSocket();
        listener.setReuseAddress(true);
        listener.bind(new InetSocketAddress(host, port), 256);
        threads.execute(this::accept);
    }

    int port() {
        return listener.getLocalPort();
    }

    /** Resets (RST) the client whose bytes reach the server from this port. */
    void reset(int serverSidePort) throws IOException {
        Socket client = clients.remove(serverSidePort);
        if (client != null) {
            reset(client);
        }
    }

    /** While it is down, every connection is reset before a byte is answered; those that exist are cut. */
    void down(boolean now) throws IOException {
        down = now;
        if (now) {
            for (Integer port : clients.keySet()) {
                reset(port);
            }
        }
    }

    /** How many connections were tried while it was down. */
    int refused() {
        return refused.get();
    }

    private static void reset(Socket client) throws IOException {
        try {
            client.setSoLinger(true, 0);
        } catch (SocketException e) {
            // the client has closed it just now
        }
        client.close();
    }

    private void accept() {
        while (!listener.isClosed()) {
            try {
                connect(listener.accept());
            } catch (IOException e) {
                // one connection that could not be set up, or the end; the loop condition knows which
            }
        }
    }

    private void connect(Socket client) throws IOException {
        if (down) {
            refused.incrementAndGet();
            reset(client);
            return;
        }
        Socket backend = new Socket();
        try {
            backend.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), backendPort));
            client.setTcpNoDelay(true);
            backend.setTcpNoDelay(true);
        } catch (IOException e) {
            close(client);
            close(backend);
            throw e;
        }
        clients.put(backend.getLocalPort(), client);
        if (down) {   // it went down in between, and may not have seen this one
            reset(backend.getLocalPort());
        }
        threads.execute(() -> pump(client, backend, true));
        threads.execute(() -> {
            pump(backend, client, false);
            clients.remove(backend.getLocalPort());
            close(client);
            close(backend);
        });
    }

    private static void pump(Socket from, Socket to, boolean requests) {
        byte[] buffer = new byte[16 * 1024];
        try {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                byte[] bytes = Arrays.copyOf(buffer, n);
                out.write(requests ? withEncodedQuery(bytes) : bytes);
            }
            to.shutdownOutput();
        } catch (IOException e) {
            // either side is gone; what is left of the connection goes too
            close(from);
            close(to);
        }
    }

    /** The tutorials' GET samples carry raw quotes in the query, which the JDK's server would refuse. */
    private static byte[] withEncodedQuery(byte[] bytes) {
        String text = new String(bytes, StandardCharsets.ISO_8859_1);
        int end = text.indexOf(" HTTP/1.1\r\n");
        if (!text.startsWith("GET ") || end < 0) {
            return bytes;
        }
        String line = text.substring(0, end).replace("\"", "%22").replace("<", "%3C").replace(">", "%3E");
        return (line + text.substring(end)).getBytes(StandardCharsets.ISO_8859_1);
    }

    private static void close(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            // it is closed enough
        }
    }

    @Override
    public void close() throws IOException {
        listener.close();
        clients.values().forEach(Front::close);
    }
}
