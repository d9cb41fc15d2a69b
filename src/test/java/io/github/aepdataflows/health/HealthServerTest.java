package io.github.aepdataflows.health;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.aepdataflows.Rig;
import io.github.aepdataflows.simulator.Options;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HealthServerTest {

    @TempDir
    Path data;

    @Test
    void should_say_up_while_the_routes_run_and_down_when_one_has_stopped() throws Exception {
        int port = freePort();
        try (Rig rig = Rig.start(data, Options.defaults(), Map.of("aep.health.port", String.valueOf(port)))) {
            await().until(() -> request(port, "GET", "/health").statusCode() == 200);   // the inbox was looked into once
            assertThat(request(port, "GET", "/health").body()).isEqualTo("UP\n");
            assertThat(rig.simulator().requests().all()).as("asks nobody else").isEmpty();

            rig.main().getCamelContext().suspend();
            await().until(() -> request(port, "GET", "/health").statusCode() == 503);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"/", "/health/", "/healthy", "/q/health", "/observe/health", "/jolokia"})
    void should_answer_nothing_else(String path) throws Exception {
        int port = freePort();
        try (Rig rig = Rig.start(data, Options.defaults(), Map.of("aep.health.port", String.valueOf(port)))) {
            assertThat(rig.settings().integer("aep.health.port")).isEqualTo(port);
            assertThat(request(port, "GET", path).statusCode()).isEqualTo(404);
            assertThat(request(port, "POST", "/health").statusCode()).isEqualTo(405);
        }
    }

    private static HttpResponse<String> request(int port, String method, String path) throws IOException, InterruptedException {
        return HttpClient.newHttpClient().send(HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                .method(method, HttpRequest.BodyPublishers.noBody()).build(), HttpResponse.BodyHandlers.ofString());
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }
}
