package io.github.aepdataflows.operate;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.node.MissingNode;
import io.github.aepdataflows.PostgresServer;
import io.github.aepdataflows.Rig;
import io.github.aepdataflows.ledger.Dataflow;
import io.github.aepdataflows.ledger.Event;
import io.github.aepdataflows.ledger.Ledger;
import io.github.aepdataflows.ledger.LedgerException;
import io.github.aepdataflows.ledger.Publication;
import io.github.aepdataflows.simulator.Options;
import io.github.aepdataflows.simulator.Simulator;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.camel.health.HealthCheck;
import org.apache.camel.health.HealthCheckHelper;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The clock of the database is two hours ahead of that of the machine, or behind it: what the ledger tells is compared with its own. */
class SharedClockTest {

    @RegisterExtension
    static final PostgresServer POSTGRES = new PostgresServer();

    @TempDir
    Path data;

    @ParameterizedTest
    @ValueSource(strings = {"2 hours", "-2 hours"})
    void should_not_take_the_clock_of_the_machine_for_that_of_the_ledger(String skew) throws Exception {
        POSTGRES.execute("drop schema public cascade", "create schema public", "create function clock_timestamp() returns timestamptz as "
                + "'select pg_catalog.clock_timestamp() + interval ''" + skew + "''' language sql");
        try (Simulator simulator = Simulator.start(Options.defaults()); Rig rig = Rig.against(simulator, data, Map.of(
                "aep.ledger.url", POSTGRES.url() + "&options=-c%20search_path=public,pg_catalog",
                "aep.audit.enabled", "true", "aep.audit.cron", "0 0/30 * * * ?", "aep.page.actions", "true",
                "aep.kafka.enabled", "true", "aep.kafka.brokers", "broker:9093", "aep.kafka.publishing", "false"))) {
            rig.ledger().record(Event.of(Event.PROVISIONED, "", "failed"), Optional.of(Publication.of(Publication.OUTCOME, "", "{}")));
            assertThat(down(rig)).isEmpty();

            Actions actions = rig.main().getCamelContext().getRegistry().lookupByNameAndType("aepActions", Actions.class);
            actions.apply("crm.yaml", Rig.example("crm"), new Actions.Asker("", "127.0.0.1"));
            await().atMost(30, SECONDS).until(() -> rig.names("done").contains("crm.yaml"));
            Actions.Job job = actions.last(Actions.Subject.file("crm.yaml")).orElseThrow();
            assertThat(rig.ledger().events(Optional.empty(), Long.MAX_VALUE, 1).get(0).at()).isAfterOrEqualTo(job.since());

            rig.drop("crm.yaml", Rig.example("crm").replace("interval: 30", "interval: 60"));
            await().atMost(30, SECONDS).until(() -> rig.names("done").contains("crm.2.yaml"));
            Path receipt = rig.folder("done").resolve("crm.yaml.receipt.json");   // of an instance whose clock is ahead
            Files.writeString(receipt, Files.readString(receipt).replaceFirst("\"finishedAt\" : \"20", "\"finishedAt\" : \"21"));
            Dataflow dataflow = rig.ledger().dataflow("Dataflow between a CRM system and Platform").orElseThrow();
            assertThat(actions.definition(dataflow).orElseThrow().file()).isEqualTo("crm.2.yaml");
        }
    }

    @Test
    void should_not_show_as_in_work_what_a_dead_instance_had_in_hand() throws Exception {
        POSTGRES.empty();
        try (Simulator simulator = Simulator.start(Options.defaults()); Ledger dead = ledger(simulator, Duration.ofMillis(1));
                Ledger live = ledger(simulator, Duration.ofMinutes(5))) {
            dead.open();
            live.open();
            dead.take("Dead", "d", Map.of(), "dead.yaml");
            live.take("Live", "d", Map.of(), "live.yaml");

            await().atMost(10, SECONDS).until(() -> state(live, "Dead").equals("unfinished"));
            assertThat(state(live, "Live")).isEqualTo("in work");
        }
    }

    /** It was paused for so long that nobody knew of it any more, and its alarms were over. */
    @Test
    void should_tell_again_what_alarms_when_it_counted_as_gone() throws Exception {
        POSTGRES.empty();
        try (Simulator simulator = Simulator.start(Options.defaults()); Rig rig = Rig.against(simulator, data, Map.of(
                "aep.ledger.url", POSTGRES.url(), "aep.alerts.delay", "50", "aep.alerts.health.after", "0",
                "aep.ops.inbox-age", "1ms", "aep.inbox.settle", "1h"))) {
            rig.drop("late.yaml", Rig.example("crm"));
            await().atMost(30, SECONDS).until(() -> rig.ledger().arrivals() == 1 && !rig.ledger().alarms().isEmpty());
            POSTGRES.execute("delete from aep_instance", "delete from aep_condition");

            await().atMost(30, SECONDS).until(() -> !rig.ledger().alarms().isEmpty());
            assertThat(rig.ledger().alarms()).allMatch(alarm -> alarm.subject().matches("check/.+/aep-inbox-age"));
        }
    }

    private static Ledger ledger(Simulator simulator, Duration lease) {
        return new Ledger(POSTGRES.url(), "postgres", "", simulator.options().orgId(), Rig.SANDBOX, lease);
    }

    private static String state(Ledger ledger, String name) throws LedgerException {
        return DataflowList.state(ledger.dataflow(name).orElseThrow(), ledger.now(), "", MissingNode.getInstance());
    }

    private static List<String> down(Rig rig) {
        return HealthCheckHelper.invoke(rig.main().getCamelContext(), "full").stream()
                .filter(result -> result.getState() == HealthCheck.State.DOWN).map(result -> result.getCheck().getId())
                .filter(check -> check.startsWith("aep-")).toList();
    }
}
