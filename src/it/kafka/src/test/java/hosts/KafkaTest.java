package hosts;

import static java.util.concurrent.TimeUnit.MINUTES;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.aepdataflows.simulator.Fault;
import io.github.aepdataflows.simulator.Options;
import io.github.aepdataflows.simulator.Simulator;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The program as delivered, with the jars of {@code src/build/kafka} in ext/ and the sample of {@code src/it/triggers} in routes/. */
class KafkaTest {

    private static final Path PRODUCT = Path.of(System.getProperty("product", "../../..")).toAbsolutePath().normalize();
    private static final Path APP = Path.of("target/app").toAbsolutePath();
    private static final Pattern OUTCOME = Pattern.compile("\"(?:outcome|category)\":\"(\\w+)\"");

    @TempDir
    Path folder;

    private Simulator simulator;
    private Broker broker;

    @Test
    void should_publish_each_outcome_once_the_broker_is_there_and_provision_what_comes_by_a_topic() throws Exception {
        install();
        Path data = folder.resolve("data");
        try (Simulator platform = Simulator.start(Options.defaults()); Broker kafka = new Broker(folder.resolve("kafka"))) {
            simulator = platform;
            broker = kafka;
            Process first = program(data);
            try {
                drop(data, "one.yaml", definition("One", 15));       // nothing of it can be published yet
                drop(data, "two.yaml", definition("One", 30));
                drop(data, "three.yaml", "name: One");
                kafka.start(Map.of("aep-outcomes", 1 << 20, "aep-definitions", 1 << 20, "aep-dead-letters", 1 << 20, "aep-audits", 700));
                await().atMost(1, MINUTES).untilAsserted(
                        () -> assertThat(outcomes()).containsExactly("One created", "One updated", "One definition"));

                AtomicInteger refused = new AtomicInteger();
                simulator.faults().when(request -> request.method().equals("GET") && refused.incrementAndGet() > 0, Fault.status(503));
                kafka.send("aep-definitions", "Two", definition("Two", 15));
                kafka.send("aep-definitions", "Two", "name: Two");
                await().atMost(1, MINUTES).until(() -> refused.get() > 0);
                assertThat(kafka.committed("aep-dataflows", "aep-definitions")).as("while the Platform is out of reach").isZero();
            } finally {
                first.destroyForcibly().waitFor();         // with the record in hand
            }
            simulator.faults().clear();
            Process second = program(data);
            try {
                await().atMost(2, MINUTES).until(() -> kafka.committed("aep-dataflows", "aep-definitions") == 2);
                await().atMost(1, MINUTES).untilAsserted(() -> assertThat(outcomes()).endsWith("Two created", "Two definition"));
                assertThat(simulator.store().resources("dev", "flows")).hasSize(2);
                assertThat(kafka.records("aep-dead-letters")).singleElement().satisfies(record -> {
                    assertThat(record.key()).isEqualTo("Two");
                    assertThat(record.value()).isEqualTo("name: Two");
                    assertThat(new String(record.headers().lastHeader("aepError").value(), StandardCharsets.UTF_8)).contains("apiVersion");
                    assertThat(record.headers().toArray()).hasSize(1);
                });
                await().atMost(1, MINUTES).untilAsserted(() -> assertThat(kafka.records("aep-audits")).anySatisfy(
                        record -> assertThat(record.value()).contains("\"counts\":{", "\"tooLarge\":{", "\"file\":\"reports/")));
            } finally {
                second.destroy();
                assertThat(second.waitFor(60, SECONDS)).isTrue();
            }
            assertThat(kafka.records("aep-outcomes")).allMatch(record -> !record.value().contains(simulator.options().clientSecret()));
            assertThat(Files.readString(APP.resolve("output.log"))).contains("started: ").doesNotContain("c4nary");
        }
    }

    private List<String> outcomes() {
        List<String> words = new ArrayList<>();
        for (ConsumerRecord<String, String> record : broker.records("aep-outcomes")) {
            Matcher outcome = OUTCOME.matcher(record.value());
            words.add(record.key() + " " + (outcome.find() ? outcome.group(1) : record.value()));
        }
        return words;
    }

    private static String definition(String name, int minutes) throws Exception {
        return Files.readString(PRODUCT.resolve("config/examples/customer-success.yaml")).replaceFirst("(?m)^name: .*$", "name: " + name)
                .replace("Target schema for customer success", name + " schema")
                .replace("Target dataset for customer success", name + " dataset")
                .replaceFirst("interval: \\d+", "interval: " + minutes);
    }

    private static void drop(Path data, String name, String definition) throws Exception {
        Path inbox = data.resolve("inbox");
        await().atMost(1, MINUTES).until(() -> Files.isDirectory(inbox));
        Files.writeString(inbox.resolve(name + ".part"), definition);
        Files.move(inbox.resolve(name + ".part"), inbox.resolve(name));
        await().atMost(1, MINUTES).until(() -> Files.exists(data.resolve("done").resolve(name))
                || Files.exists(data.resolve("failed").resolve(name)));
    }

    private static void install() throws Exception {
        Path bin = Files.createDirectories(APP.resolve("bin"));
        Files.createDirectories(APP.resolve("routes"));
        Files.copy(PRODUCT.resolve("target/bin/aep-dataflows"), bin.resolve("aep-dataflows"), StandardCopyOption.REPLACE_EXISTING,
                StandardCopyOption.COPY_ATTRIBUTES);
        Files.copy(PRODUCT.resolve("target/aep-dataflows.jar"), bin.resolve("aep-dataflows.jar"), StandardCopyOption.REPLACE_EXISTING);
        Files.copy(PRODUCT.resolve("src/it/triggers/kafka.camel.yaml"), APP.resolve("routes/kafka-intake.camel.yaml"),
                StandardCopyOption.REPLACE_EXISTING);
        link(bin.resolve("lib"), PRODUCT.resolve("target/lib"));
        link(APP.resolve("config"), PRODUCT.resolve("config"));
    }

    private static void link(Path link, Path target) throws Exception {
        Files.deleteIfExists(link);
        Files.createSymbolicLink(link, target);
    }

    private Process program(Path data) throws Exception {
        ProcessBuilder builder = new ProcessBuilder(APP.resolve("bin/aep-dataflows").toString()).redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(APP.resolve("output.log").toFile()));
        Map.of("aep.url", simulator.url().toString(), "aep.token-url", simulator.tokenUrl().toString(),
                "aep.client-id", simulator.options().clientId(), "aep.client-secret", simulator.options().clientSecret(),
                "aep.org-id", simulator.options().orgId(), "aep.sandbox", "dev", "aep.data-dir", data.toString(),
                "aep.kafka.enabled", "true", "aep.kafka.brokers", broker.securedAddress(), "aep.inbox.settle", "0")
                .forEach((name, value) -> set(builder, name, value));
        Path properties = Files.writeString(folder.resolve("client.properties"),
                "session.timeout.ms = 6000\nheartbeat.interval.ms = 1000\n" + broker.trust());   // one who was killed is noticed soon
        set(builder, "aep.kafka.properties", properties.toString());
        Map.of("aep.redelivery.max", "0", "aep.settle-window", "300", "aep.audit.cron", "0/5 * * * * ?", "aep.breaker.pause", "200",
                "aep.kafka.user", Broker.USER, "aep.kafka.password", Broker.PASSWORD)
                .forEach((name, value) -> set(builder, name, value));
        return builder.start();
    }

    private static void set(ProcessBuilder builder, String setting, String value) {
        builder.environment().put(setting.toUpperCase(Locale.ROOT).replaceAll("[.-]", "_"), value);
    }
}
