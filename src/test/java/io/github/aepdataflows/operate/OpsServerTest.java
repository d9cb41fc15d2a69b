package io.github.aepdataflows.operate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import io.github.aepdataflows.Rig;
import io.github.aepdataflows.simulator.Options;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OpsServerTest {

    @TempDir
    Path data;

    @Test
    void should_say_up_while_the_routes_run_and_down_when_one_has_stopped() throws Exception {
        int port = freePort();
        try (Rig rig = Rig.start(data, Options.defaults(), Map.of("aep.ops.port", String.valueOf(port)))) {
            await().until(() -> request(port, "GET", "/health").statusCode() == 200);   // the inbox was looked into once
            assertThat(request(port, "GET", "/health").body()).isEqualTo("UP\n");
            int asked = rig.requests().size();
            for (int n = 0; n < 2000; n++) {
                assertThat(request(port, "GET", n % 2 == 0 ? "/health" : "/observe/health/ready").statusCode()).isEqualTo(200);
            }
            assertThat(rig.requests()).as("asks nobody else").hasSize(asked);

            rig.main().getCamelContext().suspend();
            await().until(() -> request(port, "GET", "/health").statusCode() == 503);
        }
    }

    @Test
    void should_answer_nothing_else() throws Exception {
        int port = freePort();
        try (Rig rig = Rig.start(data, Options.defaults(), Map.of("aep.ops.port", String.valueOf(port)))) {
            assertThat(rig.settings().integer("aep.ops.port")).isEqualTo(port);
            for (String path : List.of("/health/", "/healthy", "/q/health", "/observe/healthy", "/jolokia", "/assets/../x")) {
                assertThat(request(port, "GET", path).statusCode()).as(path).isEqualTo(404);
            }
            assertThat(request(port, "POST", "/health").statusCode()).isEqualTo(405);
        }
    }

    @Test
    void should_name_a_folder_in_which_nothing_can_be_put() throws Exception {
        int port = freePort();
        try (Rig rig = Rig.start(data, Options.defaults(), Map.of("aep.ops.port", String.valueOf(port)))) {
            await().until(() -> request(port, "GET", "/health").statusCode() == 200);
            Files.deleteIfExists(data.resolve("done"));
            Files.createFile(data.resolve("done"));
            await().until(() -> request(port, "GET", "/health").statusCode() == 503);
            assertThat(request(port, "GET", "/health").body()).contains("aep-folders", data.resolve("done").toString());
            assertThat(request(port, "GET", "/health/live").statusCode()).isEqualTo(200);

            Files.delete(data.resolve("done"));
            await().until(() -> request(port, "GET", "/health").statusCode() == 200);
            assertThat(rig.names("inbox")).isEmpty();
        }
    }

    @Test
    void should_answer_a_probe_while_fifty_others_are_stalled() throws Exception {
        int port = freePort();
        List<Socket> stalled = new ArrayList<>();
        try (Rig rig = Rig.start(data, Options.defaults(), Map.of("aep.ops.port", String.valueOf(port)))) {
            await().until(() -> request(port, "GET", "/health").statusCode() == 200);
            // each sends this much and nothing more, and reads nothing
            for (String sent : List.of("", "G", "GET /health HTTP/1.1\r\nHost: x\r\nContent-Length: 1000000\r\n\r\n",
                    "POST /health HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n")) {
                for (int n = 0; n < 50; n++) {
                    Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
                    stalled.add(socket);
                    socket.getOutputStream().write(sent.getBytes(StandardCharsets.US_ASCII));
                }
                for (int n = 0; n < 3; n++) {
                    assertThat(request(port, "GET", "/health").body()).as(sent).isEqualTo("UP\n");
                }
            }
            assertThat(Thread.getAllStackTraces().keySet().stream().filter(thread -> thread.getName().startsWith("aep-ops-")))
                    .hasSizeBetween(1, 18).allMatch(Thread::isDaemon);
            assertThat(rig.requests("GET", "/flows")).as("tried once").hasSizeLessThanOrEqualTo(1);
        } finally {
            for (Socket socket : stalled) {
                socket.close();
            }
        }
    }

    @Test
    void should_close_a_connection_that_drips_or_has_no_end() throws Exception {
        int port = freePort();
        try (Rig rig = Rig.start(data, Options.defaults(), Map.of("aep.ops.port", String.valueOf(port)));
                Socket dripping = new Socket(InetAddress.getLoopbackAddress(), port);
                Socket endless = new Socket(InetAddress.getLoopbackAddress(), port)) {
            assertThat(rig.main().isStarted()).isTrue();
            dripping.getOutputStream().write("GET /health HTTP/1.1\r\nX-Slow: ".getBytes(StandardCharsets.US_ASCII));
            assertThatThrownBy(() -> assertTimeoutPreemptively(Duration.ofSeconds(20), () -> {
                for (int n = 0; n < 64 * 1024; n++) {
                    endless.getOutputStream().write("a".repeat(1024).getBytes(StandardCharsets.US_ASCII));
                }
            })).isInstanceOf(IOException.class);
            await().atMost(Duration.ofSeconds(8)).pollInterval(Duration.ofMillis(200)).until(() -> {
                try {
                    dripping.getOutputStream().write('a');
                    return false;
                } catch (IOException e) {
                    return true;
                }
            });
            try (Socket probe = new Socket(InetAddress.getLoopbackAddress(), port)) {   // as the image's own asks
                probe.getOutputStream().write("GET /health/live HTTP/1.0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
                assertThat(new String(probe.getInputStream().readAllBytes(), StandardCharsets.US_ASCII)).startsWith("HTTP/1.")
                        .contains(" 200 ", "Content-Length: 3\r\n", "Content-Type: text/plain\r\n").endsWith("\r\n\r\nUP\n");
            }
        }
    }

    private static HttpResponse<String> request(int port, String method, String path) throws IOException, InterruptedException {
        return HttpClient.newHttpClient().send(HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                .timeout(Duration.ofSeconds(5))
                .method(method, HttpRequest.BodyPublishers.noBody()).build(), HttpResponse.BodyHandlers.ofString());
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }
}
