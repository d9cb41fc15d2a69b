package io.github.aepdataflows.platform;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import io.github.aepdataflows.definition.SecretRules;
import io.github.aepdataflows.settings.Settings;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.apache.hc.client5.http.classic.methods.HttpGet;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClientBuilder;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Over TLS, straight and through a proxy: a Platform and a token service whose certificate a CA of the test has signed. */
class ProxyAndTrustTest {

    private static final String PASSWORD = "changeit";
    private static final List<String> PROPERTIES = List.of("https.proxyHost", "https.proxyPort", "http.nonProxyHosts",
            "javax.net.ssl.trustStore", "javax.net.ssl.trustStorePassword");

    @TempDir
    static Path keys;

    private static HttpsServer server;
    private static HttpsServer ofExpiredCa;
    private static ServerSocket proxy;
    private static final ExecutorService THREADS = Executors.newCachedThreadPool();
    private static final List<String> CONNECTS = new CopyOnWriteArrayList<>();

    private final Map<String, String> before = new HashMap<>();

    @BeforeAll
    static void start() throws Exception {
        server = server("valid", "-1d", "3650");
        ofExpiredCa = server("expired", "-10d", "5");
        proxy = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        THREADS.execute(() -> {
            while (!proxy.isClosed()) {
                try {
                    Socket client = proxy.accept();
                    THREADS.execute(() -> tunnel(client));
                } catch (IOException e) {
                    // the end
                }
            }
        });
    }

    @AfterAll
    static void stop() throws IOException {
        server.stop(0);
        ofExpiredCa.stop(0);
        proxy.close();
        THREADS.shutdownNow();
    }

    @BeforeEach
    void keep() {
        CONNECTS.clear();
        PROPERTIES.forEach(name -> before.put(name, System.getProperty(name)));
        trust("valid");
    }

    @AfterEach
    void restore() {
        before.forEach((name, value) -> {
            if (value == null) {
                System.clearProperty(name);
            } else {
                System.setProperty(name, value);
            }
        });
    }

    @Test
    void should_reach_platform_and_token_service_through_the_proxy_of_the_jvm() throws Exception {
        System.setProperty("https.proxyHost", "127.0.0.1");
        System.setProperty("https.proxyPort", String.valueOf(proxy.getLocalPort()));

        assertThat(get("https://platform.test", "https://ims.test", Map.of(), Clock.systemUTC())).isEmpty();

        assertThat(CONNECTS).containsExactlyInAnyOrder("CONNECT ims.test:443", "CONNECT platform.test:443");
    }

    @ParameterizedTest
    @CsvSource({"HTTPS_PROXY,NO_PROXY", "https_proxy,no_proxy"})
    void should_reach_them_through_the_proxy_of_the_environment(String httpsProxy, String noProxy) throws Exception {
        String way = "http://127.0.0.1:" + proxy.getLocalPort();
        String local = "https://localhost:" + server.getAddress().getPort();

        assertThat(get("https://platform.test", "https://ims.test", Map.of(httpsProxy, way), Clock.systemUTC())).isEmpty();
        assertThat(CONNECTS).containsExactlyInAnyOrder("CONNECT ims.test:443", "CONNECT platform.test:443");
        assertThat(get(local, "https://ims.test", Map.of(httpsProxy, way, noProxy, "other.test, localhost"), Clock.systemUTC())).isEmpty();
        assertThat(CONNECTS).hasSize(3).last().isEqualTo("CONNECT ims.test:443");
        assertThat(get("https://platform.test", "https://ims.test", Map.of(httpsProxy, way, noProxy, ".test"), Clock.systemUTC()))
                .get().satisfies(failure -> assertThat(failure.getOutcome()).as("there is no such host").isEqualTo(Outcome.NOT_SENT));
        assertThat(CONNECTS).hasSize(3);
    }

    @Test
    void should_not_send_without_tls_nor_through_a_proxy_that_it_cannot_use() throws Exception {
        String local = "https://localhost:" + server.getAddress().getPort();
        for (String unusable : List.of("socks5://127.0.0.1:1", "http://me:pass@127.0.0.1:1", "http://[", "https://127.0.0.1:1")) {
            assertThat(get(local, local, Map.of("HTTPS_PROXY", unusable), Clock.systemUTC())).as(unusable).isEmpty();
        }
    }

    @Test
    void should_refuse_a_trust_anchor_that_has_expired() throws Exception {
        trust("expired");
        String url = "https://localhost:" + ofExpiredCa.getAddress().getPort();

        PlatformException refused = get(url, url, Map.of(), Clock.systemUTC()).orElseThrow();

        assertThat(refused.getOutcome()).isEqualTo(Outcome.NOT_SENT);
        assertThat(refused).hasMessageContaining("no connection by TLS to localhost:");
    }

    @Test
    void should_refuse_a_trust_anchor_once_it_has_expired() throws Exception {
        String url = "https://localhost:" + server.getAddress().getPort();

        assertThat(get(url, url, Map.of(), Clock.systemUTC())).isEmpty();
        assertThat(get(url, url, Map.of(), Clock.offset(Clock.systemUTC(), Duration.ofDays(4000)))).isPresent();
    }

    /** What is said of a read by a new client. */
    private static Optional<PlatformException> get(String url, String tokenHost, Map<String, String> environment, Clock clock)
            throws Exception {
        Properties properties = new Properties();
        properties.putAll(Map.of("aep.url", url, "aep.token-url", tokenHost + "/ims/token/v3", "aep.client-id", "id",
                "aep.client-secret", "c4nary", "aep.org-id", "SIMULATOR000000000000000@AdobeOrg", "aep.sandbox", "dev"));
        Settings settings = TimedClient.settings(properties);
        try (PlatformClient platform = new PlatformClient(settings, name -> Optional.empty(), SecretRules.none(), clock,
                System::nanoTime, environment)) {
            HttpClientBuilder builder = HttpClientBuilder.create();
            platform.configureHttpClient(builder);
            try (CloseableHttpClient http = builder.build()) {
                return http.execute(new HttpGet(url + "/data/foundation/flowservice/flowSpecs"), answer -> Optional.empty());
            }
        } catch (PlatformException e) {
            return Optional.of(e);
        }
    }

    private static void trust(String name) {
        System.setProperty("javax.net.ssl.trustStore", keys.resolve(name + "-trust.p12").toString());
        System.setProperty("javax.net.ssl.trustStorePassword", PASSWORD);
    }

    /** With a CA that is valid from and for so many days, and is alone in a trust store. */
    private static HttpsServer server(String name, String from, String days) throws Exception {
        Path file = keys.resolve(name + ".p12");
        keytool(file, "-alias", "ca", "-dname", "CN=ca " + name, "-ext", "bc:c", "-startdate", from, "-validity", days);
        keytool(file, "-alias", "server", "-dname", "CN=server", "-ext", "san=dns:localhost,dns:platform.test,dns:ims.test",
                "-startdate", "-1d", "-validity", "30", "-signer", "ca");
        KeyStore store = KeyStore.getInstance(file.toFile(), PASSWORD.toCharArray());
        KeyStore trusted = KeyStore.getInstance("PKCS12");
        trusted.load(null, null);
        trusted.setCertificateEntry("ca", store.getCertificate("ca"));
        try (OutputStream out = Files.newOutputStream(keys.resolve(name + "-trust.p12"))) {
            trusted.store(out, PASSWORD.toCharArray());
        }
        store.deleteEntry("ca");
        KeyManagerFactory own = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        own.init(store, PASSWORD.toCharArray());
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(own.getKeyManagers(), null, null);
        HttpsServer https = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        https.setHttpsConfigurator(new HttpsConfigurator(context));
        https.setExecutor(THREADS);
        https.createContext("/", exchange -> {
            byte[] body = (exchange.getRequestURI().getPath().startsWith("/ims") ? "{\"access_token\":\"c4nary\",\"expires_in\":3600}"
                    : "{\"items\":[]}").getBytes(StandardCharsets.US_ASCII);
            exchange.getRequestBody().readAllBytes();
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        https.start();
        return https;
    }

    private static void keytool(Path store, String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin/keytool").toString(), "-genkeypair",
                "-keyalg", "EC", "-keystore", store.toString(), "-storepass", PASSWORD));
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(said).isZero();
    }

    /** Every host is the server of the test. */
    private static void tunnel(Socket client) {
        try (client; Socket target = new Socket(InetAddress.getLoopbackAddress(), server.getAddress().getPort())) {
            StringBuilder head = new StringBuilder();
            while (head.indexOf("\r\n\r\n") < 0) {
                head.append((char) client.getInputStream().read());
            }
            CONNECTS.add(head.substring(0, head.indexOf(" HTTP/1.1")));
            client.getOutputStream().write("HTTP/1.1 200 OK\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            THREADS.execute(() -> copy(client, target));
            copy(target, client);
        } catch (IOException e) {
            // one side is gone
        }
    }

    private static void copy(Socket from, Socket to) {
        try (InputStream in = from.getInputStream()) {
            in.transferTo(to.getOutputStream());
        } catch (IOException e) {
            // one side is gone
        }
    }
}
