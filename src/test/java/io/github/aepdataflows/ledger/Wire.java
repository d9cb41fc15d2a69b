package io.github.aepdataflows.ledger;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/** The wire to PostgreSQL: it can be down, and be cut before or behind a COMMIT. */
public final class Wire implements AutoCloseable {

    public enum Cut { NONE, BEFORE_COMMIT, BEHIND_COMMIT }

    private final int server;
    private final int port;
    private final Queue<Socket> sockets = new ConcurrentLinkedQueue<>();

    private ServerSocket listener;
    private volatile Cut cut = Cut.NONE;

    /** It is down at first. */
    public Wire(int server) throws IOException {
        this.server = server;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            this.port = free.getLocalPort();
        }
    }

    public int port() {
        return port;
    }

    /** What happens at the next COMMIT, once. */
    public void cut(Cut cut) {
        this.cut = cut;
    }

    public void up() throws IOException {
        ServerSocket opened = new ServerSocket();
        opened.setReuseAddress(true);
        opened.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        listener = opened;
        start(() -> {
            while (true) {
                Socket client = opened.accept();
                Socket behind = new Socket(InetAddress.getLoopbackAddress(), server);
                sockets.add(client);
                sockets.add(behind);
                start(() -> forth(client, behind));
                start(() -> back(behind, client));
            }
        });
    }

    public void down() throws IOException {
        listener.close();
        for (Socket socket : sockets) {
            socket.close();
        }
    }

    private void forth(Socket client, Socket behind) throws IOException {
        OutputStream out = behind.getOutputStream();
        byte[] bytes = new byte[65_536];
        for (int n = client.getInputStream().read(bytes); n >= 0; n = client.getInputStream().read(bytes)) {
            boolean commit = new String(bytes, 0, n, StandardCharsets.ISO_8859_1).contains("COMMIT");
            if (commit && cut == Cut.BEFORE_COMMIT) {
                cut = Cut.NONE;
                behind.close();
                client.close();
                return;
            }
            out.write(bytes, 0, n);
        }
        behind.close();
    }

    private void back(Socket behind, Socket client) throws IOException {
        InputStream in = behind.getInputStream();
        byte[] bytes = new byte[65_536];
        for (int n = in.read(bytes); n >= 0; n = in.read(bytes)) {
            if (cut == Cut.BEHIND_COMMIT && new String(bytes, 0, n, StandardCharsets.ISO_8859_1).contains("COMMIT")) {
                cut = Cut.NONE;   // the server says that it has committed, and nobody hears it
                behind.close();
                client.close();
                return;
            }
            client.getOutputStream().write(bytes, 0, n);
        }
        client.close();
    }

    /** What a thread of the wire does until a socket is closed. */
    private interface Flow {
        void run() throws IOException;
    }

    private static void start(Flow flow) {
        Thread thread = new Thread(() -> {
            try {
                flow.run();
            } catch (IOException e) {
                // cut
            }
        }, "wire");
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public void close() throws IOException {
        down();
    }
}
