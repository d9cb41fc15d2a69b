package io.github.aepdataflows.wire;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.GZIPOutputStream;

/** A plain socket before a Platform that answers single requests with more than anybody can take. It sees whole requests, not bytes. */
public final class HostileFront implements AutoCloseable {

    private static final int ENOUGH = 64 * 1024 * 1024;
    private static final String HEAD = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nConnection: close\r\n";
    private static final String ID = "{\"id\":\"17faf955-2cf8-4b15-baf9-552cf88b1540\","
            + "\"access_token\":\"t0ken-of-the-front\",\"expires_in\":3600";

    /** What is answered, and what the application says of it. */
    public enum Bomb {
        HEADER_LINE("Maximum line length limit exceeded"), HEADERS("Maximum header count exceeded"),
        BODY("larger than 16777216 bytes"), GZIP("larger than 16777216 bytes"), DEFLATE("larger than 16777216 bytes"),
        NESTING("more than 100 levels or"), NODES("or 500000 tokens");

        private final String words;

        Bomb(String words) {
            this.words = words;
        }

        public String words() {
            return words;
        }
    }

    private final URI platform;
    private final ServerSocket listener = new ServerSocket(0, 256, InetAddress.getLoopbackAddress());
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final Map<String, Deque<Bomb>> armed = new ConcurrentHashMap<>();
    private final AtomicLong taken = new AtomicLong();
    private final AtomicInteger hanging = new AtomicInteger();
    private final CountDownLatch end = new CountDownLatch(1);
    private volatile boolean hang;

    public HostileFront(URI platform) throws IOException {
        this.platform = platform;
        threads.execute(this::accept);
    }

    public String url() {
        return "http://127.0.0.1:" + listener.getLocalPort();
    }

    /** Each of the next requests that begin so, as in {@code POST /ims}, gets one of these instead of an answer. */
    public void arm(String request, List<Bomb> bombs) {
        armed.put(request, new ArrayDeque<>(bombs));
    }

    /** How many of them have not been answered yet. */
    public int left() {
        return armed.values().stream().mapToInt(Deque::size).sum();
    }

    /** How many bytes the application has taken of the last one. */
    public long taken() {
        return taken.get();
    }

    /** From now on nothing is answered. */
    public void hang() {
        hang = true;
    }

    public int hanging() {
        return hanging.get();
    }

    private void accept() {
        while (!listener.isClosed()) {
            try {
                Socket client = listener.accept();
                threads.execute(() -> serve(client));
            } catch (IOException e) {
                // the end
            }
        }
    }

    private void serve(Socket client) {
        try (client) {
            String request = read(client.getInputStream());
            Bomb bomb = next(request);
            if (hang) {
                hanging.incrementAndGet();
                end.await();
            } else if (bomb == null) {
                forward(request, client.getOutputStream());
            } else {
                taken.set(0);
                send(bomb, client.getOutputStream());
            }
        } catch (IOException e) {
            // the application has had enough
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private synchronized Bomb next(String request) {
        return armed.entrySet().stream().filter(each -> request.startsWith(each.getKey())).map(Map.Entry::getValue)
                .filter(bombs -> !bombs.isEmpty()).map(Deque::poll).findFirst().orElse(null);
    }

    private static String read(InputStream in) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        while (!bytes.toString(StandardCharsets.ISO_8859_1).endsWith("\r\n\r\n")) {
            int next = in.read();
            if (next < 0) {
                throw new EOFException("no request");
            }
            bytes.write(next);
        }
        Matcher length = Pattern.compile("(?i)content-length: (\\d+)").matcher(bytes.toString(StandardCharsets.ISO_8859_1));
        bytes.write(in.readNBytes(length.find() ? Integer.parseInt(length.group(1)) : 0));
        return bytes.toString(StandardCharsets.ISO_8859_1);
    }

    private void forward(String request, OutputStream out) throws IOException {
        try (Socket server = new Socket(platform.getHost(), platform.getPort())) {
            server.getOutputStream().write(request.replaceFirst("(?i)\r\nconnection: [^\r]*", "")
                    .replaceFirst("\r\n", "\r\nConnection: close\r\n").getBytes(StandardCharsets.ISO_8859_1));
            String answer = new String(server.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
            out.write(answer.replaceFirst("\r\n", "\r\nConnection: close\r\n").getBytes(StandardCharsets.ISO_8859_1));
        }
    }

    private void send(Bomb bomb, OutputStream socket) throws IOException {
        OutputStream out = new OutputStream() {
            @Override
            public void write(int b) throws IOException {
                write(new byte[] {(byte) b}, 0, 1);
            }

            @Override
            public void write(byte[] b, int off, int len) throws IOException {
                socket.write(b, off, len);
                taken.addAndGet(len);
            }
        };
        switch (bomb) {
            case HEADER_LINE -> {
                write(out, HEAD + "X-Long: ");
                fill(out, "a");
            }
            case HEADERS -> write(out, HEAD + "X-Many: 1\r\n".repeat(10_000) + "\r\n" + ID + "}");
            case BODY -> {
                write(out, HEAD + "\r\n" + ID + ",\"x\":\"");
                fill(out, "a");
            }
            case GZIP, DEFLATE -> {
                write(out, HEAD + "Content-Encoding: " + bomb.name().toLowerCase(Locale.ROOT) + "\r\n\r\n");
                try (OutputStream packed = bomb == Bomb.GZIP ? new GZIPOutputStream(out) : new DeflaterOutputStream(out)) {
                    write(packed, ID + ",\"x\":\"");
                    fill(packed, "a");
                }
            }
            case NESTING -> write(out, HEAD + "\r\n" + ID + ",\"x\":" + "[".repeat(400) + "]".repeat(400) + "}");
            case NODES -> write(out, HEAD + "\r\n" + ID + ",\"x\":[" + "{},".repeat(5_000_000) + "{}]}");
            default -> throw new IllegalStateException(bomb.name());
        }
        out.flush();
    }

    private static void fill(OutputStream out, String with) throws IOException {
        byte[] block = with.repeat(64 * 1024).getBytes(StandardCharsets.US_ASCII);
        for (int sent = 0; sent < ENOUGH; sent += block.length) {
            out.write(block);
        }
    }

    private static void write(OutputStream out, String text) throws IOException {
        out.write(text.getBytes(StandardCharsets.US_ASCII));
    }

    @Override
    public void close() throws IOException {
        end.countDown();
        listener.close();
        threads.shutdownNow();
    }
}
