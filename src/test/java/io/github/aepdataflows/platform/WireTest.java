package io.github.aepdataflows.platform;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.aepdataflows.Rig;
import io.github.aepdataflows.resource.Kinds;
import io.github.aepdataflows.simulator.Options;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.camel.Exchange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Looks at the very bytes that leave: a plain socket stands where the Platform would. */
class WireTest {

    private static final String ID = "17faf955-2cf8-4b15-baf9-552cf88b1540";

    private static final JsonNode BODY = Rig.JSON.createObjectNode().put("name", "Dataset base connection");

    @TempDir
    Path data;

    @Test
    void should_send_the_headers_that_the_platform_asks_for_and_no_other() throws Exception {
        List<String> requests = new CopyOnWriteArrayList<>();
        try (ServerSocket platform = answering(requests);
                Rig rig = rigAt(platform)) {

            Exchange done = rig.main().getCamelContext().createFluentProducerTemplate()
                    .to("direct:aep-create-dataset-connection")
                    .withVariable("aepRequest", BODY).withHeader(HeaderFilter.SEND_BEFORE, soon())
                    .withHeader("AepFlowId", "ours").withHeader("X-Customer", "theirs").withHeader("Cookie", "session=1")
                    .withHeader("Accept", "text/html").withHeader("Authorization", "Basic stolen").withHeader("x-sandbox-id", "1")
                    .withHeader("CamelHttpUri", "http://127.0.0.1:1/").withHeader("CamelHttpQuery", "a=b")
                    .withHeader("CamelFileName", "crm.yaml").withHeader("breadcrumbId", "1").withHeader(HeaderFilter.SEND_BEFORE, soon())
                    .request(Exchange.class);
            done.setVariable("aepRequest", BODY);
            rig.main().getCamelContext().createProducerTemplate().send("direct:aep-create-dataset-connection", done);

            assertThat(requests).hasSize(2);
            for (String request : requests) {
                assertThat(request).startsWith("POST /data/foundation/flowservice/connections HTTP/1.1\r\n");
                assertThat(headers(request).keySet()).containsExactlyInAnyOrder(
                        "authorization", "x-api-key", "x-gw-ims-org-id", "x-sandbox-name", "content-type",
                        "host", "user-agent", "connection", "content-length", "accept-encoding");
                assertThat(headers(request))
                        .containsEntry("x-api-key", "simulator")
                        .containsEntry("x-gw-ims-org-id", "SIMULATOR000000000000000@AdobeOrg")
                        .containsEntry("x-sandbox-name", "dev")
                        .containsEntry("content-type", "application/json")
                        .containsEntry("user-agent", "aep-dataflows");
                assertThat(headers(request).get("authorization")).matches("Bearer [^ ]{8,}");
            }
        }
    }

    @Test
    void should_keep_the_headers_of_an_answer_out_of_the_message() throws Exception {
        List<String> requests = new CopyOnWriteArrayList<>();
        try (ServerSocket platform = answering(requests);
                Rig rig = rigAt(platform)) {

            Exchange done = create(rig, soon());

            assertThat(done.getMessage().getHeaders().keySet())
                    .containsExactlyInAnyOrder("Content-Type", AepHeaders.DATASET_CONNECTION_ID, HeaderFilter.SEND_BEFORE);
            assertThat(done.getVariable("header:aepResponse.x-request-id")).isEqualTo("r-1");
            assertThat(done.getVariables().keySet()).noneMatch(name -> name.toLowerCase(Locale.ROOT).contains("cookie"));
        }
    }

    @ParameterizedTest
    @CsvSource({"AepAccept,AepSendBefore", "aepaccept,AEPSENDBEFORE"})
    void should_take_what_is_said_about_the_call_off_again(String accept, String sendBefore) throws Exception {
        List<String> requests = new CopyOnWriteArrayList<>();
        try (ServerSocket platform = answering(requests);
                Rig rig = rigAt(platform)) {
            for (String call : new String[] {"direct:aep-create-dataset-connection", "direct:aep-read"}) {
                rig.main().getCamelContext().createFluentProducerTemplate().to(call).withVariable("aepRequest", BODY)
                        .withVariable("aepLookup", Kinds.TARGET_DATASET.lookup("0".repeat(24)))
                        .withHeader(accept, "application/vnd.adobe.xed+json; version=1").withHeader("AepFlowId", "ours")
                        .withHeader(sendBefore, soon()).request(Exchange.class);
            }

            assertThat(requests).hasSize(2).allSatisfy(request -> assertThat(headers(request).keySet())
                    .noneMatch(name -> name.startsWith("aep")));
            assertThat(headers(requests.get(0))).containsEntry("accept", "application/vnd.adobe.xed+json; version=1");
            assertThat(headers(requests.get(1))).as("the look-up says by itself").containsEntry("accept", "application/json");
        }
    }

    @Test
    void should_send_no_create_once_its_time_is_over() throws Exception {
        List<String> requests = new CopyOnWriteArrayList<>();
        try (ServerSocket platform = answering(requests);
                Rig rig = rigAt(platform)) {
            Exchange late = create(rig, System.nanoTime());

            PlatformException refused = (PlatformException) late.getException();
            assertThat(refused.getOutcome()).isEqualTo(Outcome.NOT_SENT);
            assertThat(refused).hasMessageContaining("the time to send it is over");
            assertThat(requests).isEmpty();
            assertThat(create(rig, soon()).getException()).isNull();
            assertThat(requests).hasSize(1);
        }
    }

    @ParameterizedTest
    @NullSource
    @ValueSource(strings = {"", "soon", "1e18", "99999999999999999999"})
    void should_send_no_create_without_an_intent(Object sendBefore) throws Exception {
        List<String> requests = new CopyOnWriteArrayList<>();
        try (ServerSocket platform = answering(requests);
                Rig rig = rigAt(platform)) {
            PlatformException refused = (PlatformException) create(rig, sendBefore).getException();

            assertThat(refused.getOutcome()).isEqualTo(Outcome.NOT_SENT);
            assertThat(refused).hasMessageContaining("no intent is recorded for it");
            assertThat(requests).isEmpty();
        }
    }

    @Test
    void should_lose_one_call_at_most_to_a_server_that_closes_connections_without_a_word() throws Exception {
        List<String> requests = new CopyOnWriteArrayList<>();
        Semaphore closed = new Semaphore(0);
        try (ServerSocket platform = answering(requests, "", closed);
                Rig rig = rigAt(platform)) {
            int lost = 0;
            for (int n = 0; n < 8; n++) {
                if (create(rig, soon()).getException() == null) {
                    assertThat(closed.tryAcquire(1, TimeUnit.MINUTES)).isTrue();
                } else {
                    lost++;
                }
            }

            assertThat(lost).isLessThanOrEqualTo(1);
            assertThat(requests).hasSize(8 - lost);
        }
    }

    private static Exchange create(Rig rig, Object sendBefore) {
        return rig.main().getCamelContext().createFluentProducerTemplate().to("direct:aep-create-dataset-connection")
                .withVariable("aepRequest", BODY).withHeader(HeaderFilter.SEND_BEFORE, sendBefore).request(Exchange.class);
    }

    private static long soon() {
        return System.nanoTime() + TimeUnit.MINUTES.toNanos(1);
    }

    /** Tokens come from the rig's own simulator, everything else goes to the socket. */
    private Rig rigAt(ServerSocket platform) throws Exception {
        return Rig.start(data, Options.defaults(), Map.of("aep.url", "http://127.0.0.1:" + platform.getLocalPort()));
    }

    /** A server that takes down each request as it came and answers with an id and a handful of hostile headers. */
    private static ServerSocket answering(List<String> requests) throws IOException {
        return answering(requests, "Connection: close\r\n", new Semaphore(0));
    }

    /**
     * @param connection a header by which the server says that it closes the connection, which it does after each answer
     * @param closed     is released each time
     */
    private static ServerSocket answering(List<String> requests, String connection, Semaphore closed) throws IOException {
        ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        Thread thread = new Thread(() -> {
            while (!server.isClosed()) {
                try (Socket socket = server.accept()) {
                    requests.add(request(socket.getInputStream()));
                    String body = "{\"id\":\"" + ID + "\"}";
                    OutputStream out = socket.getOutputStream();
                    out.write(("HTTP/1.1 201 Created\r\nContent-Type: application/json\r\nContent-Length: " + body.length()
                            + "\r\nx-request-id: r-1\r\nSet-Cookie: a=b\r\nLocation: http://evil/\r\nETag: \"1\"\r\n"
                            + "Long-Running-Action: http://evil/\r\nCamelHttpUri: http://evil/\r\nX-Other: 1\r\n" + connection + "\r\n"
                            + body).getBytes(StandardCharsets.US_ASCII));
                    out.flush();
                } catch (IOException e) {
                    continue;   // closed without a request: the next one may bring some
                }
                closed.release();
            }
        });
        thread.setDaemon(true);
        thread.start();
        return server;
    }

    private static String request(InputStream in) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        while (!bytes.toString(StandardCharsets.ISO_8859_1).contains("\r\n\r\n")) {
            int next = in.read();
            if (next < 0) {
                throw new EOFException("no request");
            }
            bytes.write(next);
        }
        Matcher length = Pattern.compile("(?i)content-length: (\\d+)").matcher(bytes.toString(StandardCharsets.ISO_8859_1));
        if (length.find()) {
            bytes.write(in.readNBytes(Integer.parseInt(length.group(1))));
        }
        return bytes.toString(StandardCharsets.UTF_8);
    }

    private static Map<String, String> headers(String request) {
        return request.substring(0, request.indexOf("\r\n\r\n")).lines().skip(1)
                .collect(java.util.stream.Collectors.toMap(
                        line -> line.substring(0, line.indexOf(':')).toLowerCase(Locale.ROOT),
                        line -> line.substring(line.indexOf(':') + 1).strip()));
    }
}
