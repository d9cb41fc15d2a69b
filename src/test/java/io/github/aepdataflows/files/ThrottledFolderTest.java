package io.github.aepdataflows.files;

import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.aepdataflows.Rig;
import io.github.aepdataflows.simulator.Fault;
import io.github.aepdataflows.simulator.Options;
import io.github.aepdataflows.simulator.SimulatorClock;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Many definitions against a gateway that lets fewer requests through than would be sent. A minute of the gateway is a second here, and so
 * is what it asks to wait for; our usual 50 a second are 3,000 in that second. What 60 in a true minute come to is reckoned in PaceTest,
 * in a time that no machine is too slow for.
 */
class ThrottledFolderTest {

    private static final int MANY = 120;
    private static final int FASTER = 60;
    private static final Map<String, String> SETTINGS = Map.of("aep.clock", "#bean:simulatorClock", "aep.rate", "3000",
            "aep.redelivery.delay", "50", "aep.redelivery.max-delay", "1s", "aep.verify", "false");

    private static int necessary;
    /** So many requests are let through in a minute of the gateway. */
    private static int aMinute;

    /** The requests of a run that nobody throttles. */
    @BeforeAll
    static void count(@TempDir Path data) throws Exception {
        try (Rig rig = Rig.start(data, Options.defaults(), SETTINGS)) {
            String target = target(rig);
            int before = asked(rig);
            long start = System.nanoTime();
            rig.drop("all.yaml", batch(target));
            awaitEmptyInbox(rig);
            assertAllMade(rig);
            necessary = asked(rig) - before;
            aMinute = (int) (necessary * SECONDS.toNanos(1) * 2 / 3 / (System.nanoTime() - start));
        }
        assertThat(necessary).as("what is shared is looked up once").isLessThan(MANY * 9);
    }

    @Test
    void should_waste_few_requests_on_a_file_of_many_definitions(@TempDir Path data) throws Exception {
        try (Rig rig = Rig.start(data, Options.defaults(), SETTINGS); Throttle throttle = new Throttle(rig)) {
            String target = target(rig);
            throttle.begin();
            rig.drop("all.yaml", batch(target));
            awaitEmptyInbox(rig);

            assertThat(rig.json("done", "all.yaml.receipt.json").path("outcomes")).isEqualTo(Rig.json("{\"created\":%d}".formatted(MANY)));
            assertAllMade(rig);
            throttle.assertFewRefused();
        }
    }

    @Test
    void should_waste_few_requests_on_many_files(@TempDir Path data) throws Exception {
        try (Rig rig = Rig.start(data, Options.defaults(), SETTINGS); Throttle throttle = new Throttle(rig)) {
            String target = target(rig);
            throttle.begin();
            for (int n = 1; n <= MANY; n++) {
                rig.drop(n + ".yaml", "apiVersion: aep-dataflows/v1\nname: Small %d\n".formatted(n) + common(target));
            }
            awaitEmptyInbox(rig);

            for (int n = 1; n <= MANY; n++) {
                assertThat(rig.json("done", n + ".yaml.receipt.json").path("outcome").asText()).isEqualTo("created");
            }
            assertAllMade(rig);
            throttle.assertFewRefused();
        }
    }

    /** Makes the gateway's time fast, and the gateway strict. */
    private static final class Throttle implements AutoCloseable {

        private final Rig rig;
        private final ScheduledExecutorService ticks = Executors.newSingleThreadScheduledExecutor();
        private long last = System.nanoTime();

        Throttle(Rig rig) {
            this.rig = rig;
        }

        void begin() {
            SimulatorClock clock = rig.simulator().clock();
            last = System.nanoTime();
            ticks.scheduleAtFixedRate(() -> {
                long now = System.nanoTime();
                clock.advance(Duration.ofNanos((now - last) * (FASTER - 1)));
                last = now;
            }, 5, 5, MILLISECONDS);
            rig.simulator().faults().limit(aMinute, Fault.status(429).header("Retry-After", "1"));
        }

        void assertFewRefused() {
            long refused = rig.simulator().requests().all().stream().filter(request -> request.status() == 429).count();
            assertThat(refused).as("refused, of some %d", necessary).isPositive().isLessThanOrEqualTo(necessary * 5L / 100);
        }

        @Override
        public void close() {
            ticks.shutdownNow();
        }
    }

    private static void assertAllMade(Rig rig) throws Exception {
        List<String> names = IntStream.rangeClosed(1, MANY).mapToObj(n -> "Small " + n).toList();
        assertThat(rig.resources("flows")).extracting(flow -> flow.path("name").asText()).hasSize(MANY + 1)
                .contains(names.toArray(String[]::new));
        for (String collection : List.of("sourceConnections", "targetConnections", "mappingSets")) {
            assertThat(rig.resources(collection)).as(collection).hasSize(MANY + 1);
        }
        assertThat(rig.names("failed")).isEmpty();
        assertThat(rig.ledger().unresolved()).isEmpty();
        assertThat(rig.ledger().dataflows()).hasSize(MANY + 1).allMatch(dataflow -> dataflow.done());
    }

    /** A schema and a dataset that all can share. */
    private static String target(Rig rig) throws Exception {
        JsonNode receipt = Rig.json(rig.provision("apiVersion: aep-dataflows/v1\nname: First\n"
                + common("{ schema: { title: Small, class: https://ns.adobe.com/xdm/context/profile,"
                + " fieldGroups: [ https://ns.adobe.com/xdm/context/profile-person-details ] }, dataset: { name: Small } }"))
                .getMessage().getBody(String.class));
        return "{ schema: { id: \"%s\" }, dataset: { id: %s } }".formatted(receipt.at("/resources/targetSchema").asText(),
                receipt.at("/resources/targetDataset").asText());
    }

    private static String batch(String target) {
        return "apiVersion: aep-dataflows/v1\ndefaults:\n" + common(target).indent(2) + "dataflows:\n"
                + IntStream.rangeClosed(1, MANY).mapToObj("  - name: Small %d\n"::formatted).collect(Collectors.joining());
    }

    private static String common(String target) {
        return """
                source:
                  connector: salesforce
                  baseConnectionId: 4cb0c374-d3bb-4557-b139-5712880adc55
                  tableName: Account
                target: %s
                mapping:
                  - { source: Id, destination: _id }
                  - { source: Name, destination: person.name.fullName }
                schedule: { startTime: 2035-01-01T00:00:00Z, frequency: once }
                """.formatted(target);
    }

    private static int asked(Rig rig) {
        return (int) rig.simulator().requests().all().stream().filter(request -> request.path().startsWith("/data/")).count();
    }

    private static void awaitEmptyInbox(Rig rig) {
        await().atMost(300, SECONDS).until(() -> rig.names("inbox").isEmpty());
    }
}
