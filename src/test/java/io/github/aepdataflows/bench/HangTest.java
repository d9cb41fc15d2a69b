package io.github.aepdataflows.bench;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Something in the program does not come back, and does not care for an interrupt: it is seen, stops no other file, and no stop. */
class HangTest {

    @TempDir
    Path folder;

    @Test
    void should_name_a_file_that_hangs_let_the_others_get_on_and_end_in_time() throws Exception {
        int port = freePort();
        try (Bench bench = new Bench(folder.resolve("data")).set("aep.health.port", port).set("aep.inbox.concurrency", 1)
                .set("aep.call-timeout", "200").set("aep.response-timeout", "200").set("aep.redelivery.retry-after-cap", "100")
                .set("camel.main.shutdownTimeout", "3")) {
            bench.drop("hangs.yaml", Definitions.customerSuccess("Hangs"));
            try (Child child = Child.start(bench, Map.of("bench.hang", "aep-take-dataflow", "log4j2.configurationFile",
                    "config/log4j2.properties"))) {
                await().atMost(Bench.PATIENCE).until(() -> child.log().contains("hangs.yaml: has not got on since "));
                assertThat(child.log()).containsPattern("ERROR a.inbox .*hangs.yaml: has not got on since 2\\S+Z, at: read the definition");
                await().atMost(20, SECONDS).until(() -> health(port).matches("DOWN\\naep-inbox: hangs.yaml: has not got on since .*\\n"));

                bench.drop("one.yaml", Definitions.customerSuccess("One"));
                bench.drop("two.yaml", Definitions.customerSuccess("Two"));
                await().atMost(Bench.PATIENCE).until(() -> bench.names("done").contains("two.yaml") && bench.names("done").contains(
                        "one.yaml"));
                assertThat(child.log().split("has not got on", -1)).as("said once").hasSize(2);
                assertThat(child.terminate(Duration.ofSeconds(20))).as("SIGTERM ends it").isTrue();
            }
            bench.finish();   // and what hung is not lost

            bench.oracle().check();
        }
    }

    private static String health(int port) throws InterruptedException {
        try {
            return HttpClient.newHttpClient().send(HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/health")).build(),
                    HttpResponse.BodyHandlers.ofString()).body();
        } catch (IOException e) {
            return "";
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }
}
