package io.github.aepdataflows.platform;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.aepdataflows.Rig;
import io.github.aepdataflows.simulator.Options;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import org.apache.camel.Exchange;
import org.apache.hc.core5.http.HttpHost;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PlatformClientTest {

    @TempDir
    Path data;

    @ParameterizedTest
    @CsvSource({
        "https://platform.adobe.io,https,platform.adobe.io,443,true", "https://platform.adobe.io,https,platform.adobe.io,-1,true",
        "https://platform.adobe.io:443,https,platform.adobe.io,-1,true", "https://Platform.Adobe.io/base,https,platform.adobe.io,443,true",
        "http://127.0.0.1:8080,http,127.0.0.1,8080,true", "http://localhost,http,localhost,80,true", "http://[::1]:8080,http,::1,8080,true",
        "https://platform.adobe.io,http,platform.adobe.io,443,false", "https://platform.adobe.io,https,platform.adobe.io,8443,false",
        "https://platform.adobe.io,https,evil.io,443,false", "https://platform.adobe.io,https,platform.adobe.io.evil.io,443,false"})
    void should_know_the_configured_host_with_and_without_its_port(String url, String scheme, String host, int port, boolean same) {
        assertThat(PlatformClient.isAt(URI.create(url), new HttpHost(scheme, host, port))).isEqualTo(same);
    }

    @Test
    void should_try_to_connect_to_a_url_without_a_port() throws Exception {
        try (Rig rig = Rig.start(data, Options.defaults(), Map.of("aep.url", "https://localhost", "aep.redelivery.max", "0"))) {
            Exchange failed = rig.provision(Rig.example("customer-success"));

            assertThat(failed.getException()).hasMessageContaining("localhost:443").hasMessageContaining("refused");
            assertThat(((PlatformException) failed.getException()).getOutcome()).isEqualTo(Outcome.NOT_SENT);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {403, 407, 502, 503})
    void should_not_take_the_answer_of_a_proxy_for_the_platforms(int status) throws Exception {
        try (ServerSocket proxy = answering("HTTP/1.1 " + status + " No\r\nContent-Length: 0\r\n\r\n")) {
            System.setProperty("https.proxyHost", "127.0.0.1");
            System.setProperty("https.proxyPort", String.valueOf(proxy.getLocalPort()));
            System.setProperty("http.nonProxyHosts", "127.0.0.1");
            try (Rig rig = Rig.start(data, Options.defaults(), Map.of("aep.url", "https://platform.invalid", "aep.redelivery.max", "0"))) {
                Exchange failed = rig.provision(Rig.example("customer-success"));

                assertThat(((PlatformException) failed.getException()).getOutcome()).isEqualTo(Outcome.NOT_SENT);
                assertThat(failed.getException()).hasMessageContaining("proxy");
            } finally {
                System.clearProperty("https.proxyHost");
                System.clearProperty("https.proxyPort");
                System.clearProperty("http.nonProxyHosts");
            }
        }
    }

    /** What the HTTP library cannot read it quotes. */
    @ParameterizedTest
    @ValueSource(strings = {"%s", "HTTP/1.1 %s\r\n\r\n", "HTTP/1.1 200 OK\r\n%s\r\n\r\n", "HTTP/1.1 200 OK\r\nContent-Length: %s\r\n\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n%s\r\n", "HTTP/1.1 200 OK\r\nTransfer-Encoding: %s\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Encoding: %s\r\nContent-Length: 2\r\n\r\n{}"})
    void should_not_quote_a_secret_from_an_answer_that_cannot_be_read(String answer) throws Exception {
        for (Spelling spelling : new Spelling[] {Spelling.AS_IT_IS, Spelling.BASE64_URL}) {
            String secret = spelling.of(Rig.MARKER + "&rig+100%");
            try (ServerSocket server = answering(answer.formatted(secret))) {
                for (String url : new String[] {"aep.url", "aep.token-url"}) {
                    try (TimedClient client = TimedClient.start(Map.of(url, "http://127.0.0.1:" + server.getLocalPort(),
                            "aep.client-secret", Rig.MARKER + "&rig+100%"))) {
                        StringWriter text = new StringWriter();
                        client.get().ifPresent(failure -> failure.printStackTrace(new PrintWriter(text)));

                        assertThat(text.toString()).doesNotContain(secret).doesNotContain(Rig.MARKER);
                    }
                }
            }
        }
    }

    private static ServerSocket answering(String answer) throws IOException {
        ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        Thread thread = new Thread(() -> {
            while (!server.isClosed()) {
                try (Socket socket = server.accept()) {
                    InputStream in = socket.getInputStream();
                    StringBuilder request = new StringBuilder();
                    while (request.indexOf("\r\n\r\n") < 0) {
                        request.append((char) in.read());
                    }
                    socket.getOutputStream().write(answer.getBytes(StandardCharsets.US_ASCII));
                    socket.getOutputStream().flush();
                } catch (IOException e) {
                    return;
                }
            }
        });
        thread.setDaemon(true);
        thread.start();
        return server;
    }
}
