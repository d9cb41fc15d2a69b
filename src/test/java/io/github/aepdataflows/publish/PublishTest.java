package io.github.aepdataflows.publish;

import static java.util.concurrent.TimeUnit.MINUTES;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.aepdataflows.LogLines;
import io.github.aepdataflows.Rig;
import io.github.aepdataflows.ledger.LedgerRoom;
import io.github.aepdataflows.publish.RecordingKafka.Sent;
import io.github.aepdataflows.simulator.Fault;
import io.github.aepdataflows.simulator.Options;
import io.github.aepdataflows.simulator.Simulator;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.camel.Component;
import org.apache.camel.health.HealthCheck;
import org.apache.camel.health.HealthCheckHelper;
import org.apache.camel.spi.CamelContextCustomizer;
import org.apache.camel.spi.ComponentResolver;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code routes/kafka.camel.yaml}, whatever becomes of the broker and of the program; with a real broker: {@code src/it/kafka}. */
class PublishTest {

    private static final String PASSWORD = Rig.MARKER + "\"";

    @TempDir
    Path data;

    private final RecordingKafka kafka = new RecordingKafka();
    private Simulator simulator;
    private Rig rig;

    @BeforeEach
    void start() throws Exception {
        simulator = Simulator.start(Options.defaults().withClientSecret(Rig.MARKER));
        rig = program(Map.of());
    }

    private Rig program(Map<String, String> more) throws Exception {
        Path properties = Files.writeString(data.resolve("client.properties"), "ssl.truststore.password=" + Rig.MARKER + "\n");
        Map<String, String> settings = new HashMap<>(Map.of("aep.kafka.enabled", "true", "aep.kafka.brokers", "broker:9093",
                "aep.kafka.user", "aep", "aep.kafka.password", PASSWORD, "aep.kafka.delay", "20", "aep.redelivery.max", "0",
                "aep.kafka.properties", properties.toString()));
        settings.putAll(more);
        return Rig.against(simulator, data, settings, resolving(kafka));
    }

    /** What the program finds as Camel's component for Kafka. */
    static Map<String, Object> resolving(Component found) {
        CamelContextCustomizer customizer = context -> {
            ComponentResolver others = context.getCamelContextExtension().getContextPlugin(ComponentResolver.class);
            context.getCamelContextExtension().addContextPlugin(ComponentResolver.class,
                    (name, asked) -> name.equals("kafka") ? found : others.resolveComponent(name, asked));
        };
        return Map.of("kafkaResolver", customizer);
    }

    @AfterEach
    void stop() throws Exception {
        rig.close();
        simulator.close();
    }

    private static String definition(String name, int minutes) throws Exception {
        return Rig.example("customer-success").replaceFirst("(?m)^name: .*$", "name: " + name)
                .replace("name: updatedAt", "name: CreatedDate").replace("Target schema for customer success", name + " schema")
                .replace("Target dataset for customer success", name + " dataset")
                .replaceFirst("interval: \\d+", "interval: " + minutes);
    }

    private static List<String> keysAndOutcomes(List<Sent> sent) throws IOException {
        List<String> words = new ArrayList<>();
        for (Sent record : sent) {
            JsonNode value = Rig.json(record.value());
            words.add(record.key() + " " + value.path("outcome").asText(value.path("category").asText()));
        }
        return words;
    }

    private JsonNode receipt(String definition) throws IOException {
        return Rig.json(rig.provision(definition).getMessage().getBody(String.class));
    }

    private static JsonNode withoutEnd(JsonNode receipt) {
        return ((ObjectNode) receipt).without("finishedAt");
    }

    private void awaitRecords(int number) {
        await().atMost(1, MINUTES).until(() -> kafka.sent.size() >= number && rig.ledger().unpublished(1).isEmpty());
    }

    @Test
    void should_publish_each_outcome_with_its_document_in_order_and_each_audit() throws Exception {
        List<JsonNode> receipts = new ArrayList<>();
        receipts.add(receipt(definition("One", 15)));
        receipts.add(receipt(definition("One", 30)));
        simulator.addTable(Rig.SANDBOX, "f1da3694-38a9-403d-9a36-9438a9203d42", "Other",
                (ArrayNode) rig.resources("sourceConnections").get(0).at("/params/columns"));
        String replaced = definition("One", 30).replace("tableName: Account", "tableName: Other") + "allowReplace: true\n";
        receipts.add(receipt(replaced));
        receipts.add(receipt(replaced));
        rig.provision("name: One");
        rig.provision("{");
        String report = rig.audit().getMessage().getBody(String.class);
        awaitRecords(7);

        assertThat(keysAndOutcomes(kafka.sent.subList(0, 6))).containsExactly("One created", "One updated", "One replaced",
                "One unchanged", "One definition", "null definition");
        assertThat(kafka.sent.subList(0, 6)).allMatch(record -> record.topic().equals("aep-outcomes"));
        assertThat(receipts.get(2).path("left")).isNotEmpty();
        for (int each = 0; each < receipts.size(); each++) {
            assertThat(withoutEnd(Rig.json(kafka.sent.get(each).value()))).isEqualTo(withoutEnd(receipts.get(each)));
        }
        assertThat(kafka.sent.get(6)).isEqualTo(new Sent("aep-audits", Rig.SANDBOX, Rig.json(report).toString()));
    }

    @Test
    void should_hold_up_nothing_while_the_broker_is_down_and_lose_nothing() throws Exception {
        kafka.isDown();
        try (LogLines log = LogLines.of("aep.publish")) {
            for (String name : List.of("A", "B", "C")) {
                assertThat(rig.provision(definition(name, 15)).getException()).isNull();
            }
            await().atMost(1, MINUTES).until(() -> !log.lines().isEmpty());
            rig.close();                                    // a restart meanwhile
            rig = program(Map.of("aep.kafka.behind", "0"));
            await().atMost(1, MINUTES).until(() -> !down().isEmpty());
            assertThat(down()).containsExactly("aep-kafka");
            kafka.broker = record -> { };
            awaitRecords(3);

            assertThat(keysAndOutcomes(kafka.sent)).containsExactly("A created", "B created", "C created");
            assertThat(log.lines()).anyMatch(line -> line.contains("outcomes are published later: no broker answers"))
                    .noneMatch(line -> line.contains(Rig.MARKER));
        }
        await().atMost(1, MINUTES).until(() -> down().isEmpty());
    }

    private List<String> down() {
        return HealthCheckHelper.invoke(rig.main().getCamelContext(), "full").stream()
                .filter(result -> result.getState() == HealthCheck.State.DOWN).map(result -> result.getCheck().getId())
                .filter(check -> check.startsWith("aep-")).toList();
    }

    @Test
    void should_keep_a_document_until_the_broker_has_it_and_send_it_again_where_nobody_knows() throws Exception {
        List<Integer> kept = new ArrayList<>();
        kafka.broker = record -> {
            kept.add(rig.ledger().unpublished(10).size());
            if (kept.size() == 1) {
                kafka.sent.add(record);
                throw new IOException("it has the record, but its answer is lost");
            }
        };
        rig.provision(definition("Twice", 15));
        awaitRecords(2);

        assertThat(keysAndOutcomes(kafka.sent)).containsExactly("Twice created", "Twice created");
        assertThat(kept).as("a kill at that moment would not lose it").containsExactly(1, 1);
    }

    @Test
    void should_publish_the_report_of_an_audit_that_the_ledger_could_not_take_once_it_can() throws Exception {
        simulator.seedDemo(Rig.SANDBOX);
        kafka.isDown();
        JsonNode first = Rig.json(rig.audit().getMessage().getBody(String.class));
        LedgerRoom.full(rig.ledger());
        JsonNode full = Rig.json(rig.audit().getMessage().getBody(String.class));
        assertThat(full.path("problems").get(0).asText()).startsWith("what has changed could not be recorded");
        LedgerRoom.free(rig.ledger());
        kafka.broker = record -> { };
        awaitRecords(2);

        rig.ledger().close();
        JsonNode closed = Rig.json(rig.audit().getMessage().getBody(String.class));
        assertThat(closed.path("complete").asBoolean()).isFalse();
        rig.ledger().open();
        awaitRecords(3);

        JsonNode fine = Rig.json(rig.audit().getMessage().getBody(String.class));
        awaitRecords(4);
        assertThat(kafka.sent).extracting(Sent::topic, Sent::key).containsOnly(tuple("aep-audits", Rig.SANDBOX));
        assertThat(kafka.sent).extracting(sent -> Rig.json(sent.value())).containsExactly(first, full, closed, fine);
    }

    /** Named as that of Kafka's client. */
    private static final class RecordTooLargeException extends Exception {

        private static final long serialVersionUID = 1L;

        RecordTooLargeException(int bytes) {
            super("the message is " + bytes + " bytes");
        }
    }

    @Test
    void should_publish_in_short_what_the_broker_never_takes_and_all_that_waits_behind_it() throws Exception {
        int most = 2_500;
        kafka.isDown();
        rig.provision(definition("Before", 15));
        simulator.seedDemo(Rig.SANDBOX);
        JsonNode report = Rig.json(rig.audit().getMessage().getBody(String.class));
        rig.provision("name: Small");
        String faults = IntStream.range(0, 50).mapToObj(each -> "unknown" + each + ": x\n").collect(Collectors.joining());
        JsonNode refused = Rig.json(rig.provision("name: Large\n" + faults).getVariable("aepError", String.class));
        try (LogLines log = LogLines.of("aep.publish")) {
            kafka.broker = record -> {
                if (record.value().length() > most) {
                    throw new ExecutionException(new RecordTooLargeException(record.value().length()));
                }
            };
            awaitRecords(4);

            assertThat(kafka.sent).extracting(Sent::key).containsExactly("Before", Rig.SANDBOX, "Small", "Large");
            assertThat(kafka.sent).extracting(Sent::topic).containsExactly("aep-outcomes", "aep-audits", "aep-outcomes", "aep-outcomes");
            JsonNode audit = Rig.json(kafka.sent.get(1).value());
            assertThat(audit.path("time")).isEqualTo(report.path("time"));
            assertThat(audit.path("counts")).isEqualTo(report.path("counts"));
            assertThat(audit.has("flows")).isFalse();
            assertThat(audit.at("/tooLarge/bytes").asInt()).isEqualTo(report.toString().length());
            assertThat(Rig.json(Files.readString(data.resolve(audit.at("/tooLarge/file").asText())))).isEqualTo(report);
            JsonNode large = Rig.json(kafka.sent.get(3).value());
            assertThat(large.path("category")).isEqualTo(refused.path("category"));
            assertThat(large.at("/tooLarge/bytes").asInt()).isGreaterThan(most);
            assertThat(log.lines()).filteredOn(line -> line.contains("is published in short")).hasSize(2)
                    .anyMatch(line -> line.contains("the audit of " + Rig.SANDBOX) && line.contains("reports/audit-"));
        }
    }

    @Test
    void should_publish_what_no_other_try_can_change_only() throws Exception {
        simulator.faults().when(request -> true, Fault.status(503));
        assertThat(rig.provision(definition("Later", 15)).getException()).isNotNull();
        simulator.faults().clear();
        rig.provision(definition("Later", 15));
        awaitRecords(1);

        assertThat(keysAndOutcomes(kafka.sent)).containsExactly("Later created");
    }

    @Test
    void should_hand_the_brokers_and_all_that_they_ask_for_to_the_client() throws Exception {
        rig.provision(definition("Safe", 15));
        awaitRecords(1);

        assertThat(kafka.getConfiguration()).containsEntry("brokers", "broker:9093")
                .containsEntry("requestRequiredAcks", "all").containsEntry("enableIdempotence", true)
                .containsEntry("securityProtocol", "SASL_SSL").containsEntry("saslMechanism", "SCRAM-SHA-512")
                .containsEntry("additionalProperties", Map.of("ssl.truststore.password", Rig.MARKER));
        assertThat(kafka.getConfiguration().get("saslJaasConfig")).isEqualTo("org.apache.kafka.common.security.scram."
                + "ScramLoginModule required username=\"aep\" password=\"" + Rig.MARKER + "\\\"\";");
    }

    @Test
    void should_say_what_is_missing_where_there_are_no_jars_of_kafka(@TempDir Path other) {
        assertThatThrownBy(() -> Rig.against(simulator, other, Map.of("aep.kafka.enabled", "true", "aep.kafka.brokers", "broker:9093"),
                resolving(null)))
                .rootCause().hasMessageContaining("needs the jars of camel-kafka").hasMessageContaining("ext/");
    }
}
