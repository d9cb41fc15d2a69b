package io.github.aepdataflows.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.aepdataflows.Rig;
import io.github.aepdataflows.simulator.Fault;
import io.github.aepdataflows.simulator.Options;
import io.github.aepdataflows.simulator.Simulator;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code audit}, {@code status} and {@code rebuild} of what the program has done before. */
class WatchingCommandsTest {

    @TempDir
    Path data;

    private Simulator simulator;
    private Terminal terminal;

    @BeforeEach
    void start() throws Exception {
        simulator = Simulator.start(Options.defaults().withClientSecret(Rig.MARKER + "&cli"));
        terminal = Terminal.of(simulator, data);
    }

    @AfterEach
    void stop() throws Exception {
        simulator.close();
    }

    private void provision(String example) throws Exception {
        try (Rig rig = Rig.against(simulator, data, Map.of("aep.redelivery.max", "0", "aep.inbox.enabled", "false"))) {
            rig.provision(example);
        }
    }

    private int asked() {
        return simulator.requests().all().size();
    }

    @Test
    void audit_should_show_the_table_and_the_report_that_it_has_written() throws Exception {
        provision(Rig.example("crm"));
        int creates = terminal.writes().size();

        assertThat(terminal.type("audit")).isZero();

        assertThat(terminal.out()).startsWith("STATE").containsPattern("never ran +yes +Dataflow between a CRM system and Platform");
        String last = terminal.out().lines().reduce((one, other) -> other).orElseThrow();
        assertThat(last).startsWith("1 dataflows: 1 never ran; complete; ");
        assertThat(Path.of(last.substring(last.lastIndexOf("; ") + 2))).isRegularFile().hasParentRaw(data.resolve("reports"));
        assertThat(terminal.writes()).hasSize(creates);
    }

    @Test
    void audit_should_exit_with_1_when_somebody_should_look_or_when_it_is_not_complete() throws Exception {
        simulator.seedDemo(Rig.SANDBOX);
        assertThat(terminal.type("audit", "--json")).isEqualTo(1);
        assertThat(terminal.json().at("/counts/failed").asInt()).isEqualTo(1);
        assertThat(terminal.json().path("complete").asBoolean()).isTrue();
        assertThat(Rig.JSON.readTree(Path.of(terminal.json().path("report").asText()).toFile()).path("flows"))
                .isEqualTo(terminal.json().path("flows"));
        assertThat(terminal.writes()).isEmpty();
    }

    @Test
    void audit_should_exit_with_1_when_the_flows_cannot_be_listed() throws Exception {
        simulator.faults().always("GET", "/flows", Fault.status(503));

        assertThat(terminal.type("audit")).isEqualTo(1);
        assertThat(terminal.out()).contains("INCOMPLETE");
    }

    @Test
    void status_should_tell_what_is_done_and_what_is_open_and_ask_nobody() throws Exception {
        provision(Rig.example("crm"));
        simulator.faults().always("POST", "/targetConnections", Fault.reset().afterCommit());
        provision(Rig.example("customer-success"));
        int asked = asked();

        assertThat(terminal.type("status")).isZero();

        assertThat(terminal.out()).containsPattern("(?m)^done +Dataflow between a CRM system and Platform +[0-9a-f-]{36} +20\\d\\d-\\S+Z")
                .containsPattern("(?m)^open +Creating a dataflow for a Customer Success connector$")
                .contains("folders: 0 in inbox/, 0 in work/, 0 in failed/", "ledger: " + data,
                        "unresolved: the target-connection of Creating a dataflow", "2 dataflows, 1 done, 1 open; unresolved steps: 1");
        assertThat(asked()).isEqualTo(asked);

        assertThat(terminal.type("status", "--json")).isZero();
        JsonNode document = terminal.json();
        assertThat(document.path("dataflows").findValuesAsText("state")).containsExactlyInAnyOrder("done", "open");
        assertThat(document.path("dataflows").findValuesAsText("flow"))
                .contains(simulator.store().resources(Rig.SANDBOX, "flows").get(0).path("id").asText());
        assertThat(document.at("/folders/inbox").asInt()).isZero();
        assertThat(document.at("/unresolved/0/step").asText()).isEqualTo("target-connection");
        assertThat(document.path("dataflows")).allSatisfy(dataflow -> assertThat(dataflow.path("digest").asText()).hasSize(64));
        assertThat(asked()).isEqualTo(asked);
    }

    @Test
    void status_should_tell_what_was_deleted_from_what_is_done() throws Exception {
        provision(Rig.example("crm"));
        provision(Rig.example("customer-success"));
        provision(Rig.example("crm") + "state: absent\n");

        assertThat(terminal.type("status")).isZero();

        assertThat(terminal.out()).containsPattern("(?m)^deleted +Dataflow between a CRM system and Platform ")
                .contains("2 dataflows, 1 done, 0 open, 1 deleted; unresolved steps: 0");
        assertThat(terminal.type("status", "--json")).isZero();
        assertThat(terminal.json().path("dataflows").findValuesAsText("state")).containsExactlyInAnyOrder("done", "deleted");
    }

    @Test
    void rebuild_should_not_call_it_done_when_there_is_nothing_to_take_back() throws Exception {
        assertThat(terminal.type("rebuild")).isEqualTo(1);

        assertThat(terminal.out()).contains("0 definitions, 0 in the ledger again; done/ has none: name them");
    }

    @Test
    void a_command_should_say_what_it_waits_for_and_in_the_end_what_to_look_at() throws Exception {
        int port;
        try (ServerSocket taken = new ServerSocket(0)) {
            port = taken.getLocalPort();
        }
        Path file = Files.writeString(data.resolve("crm.yaml"), Rig.example("crm"));
        Map<String, String> settings = Rig.settings(simulator, data.resolve("data"));
        settings.put("aep.token-url", "http://127.0.0.1:%d/ims/token/v3".formatted(port));
        settings.put("aep.redelivery.max", "3");
        settings.put("aep.redelivery.delay", "1s");
        settings.put("aep.redelivery.max-delay", "1s");
        Terminal unreached = Terminal.with(settings);

        assertThat(unreached.type("plan", file.toString())).isEqualTo(1);

        String where = "no connection to 127.0.0.1:%d (Connection refused)".formatted(port);
        assertThat(unreached.err()).contains("waiting: ", where);
        assertThat(unreached.out()).contains("could not be compared: ", where, "check aep.url, aep.token-url and the network")
                .doesNotContain("Exception");
    }

    @Test
    void status_should_show_what_has_happened() throws Exception {
        provision(Rig.example("crm"));
        simulator.faults().always("POST", "/targetConnections", Fault.answer(422, "application/json", "{\"title\": \"refused\"}"));
        provision(Rig.example("customer-success"));

        assertThat(terminal.type("status", "--history")).isZero();
        assertThat(terminal.out()).containsSubsequence("provisioned failed     Creating a dataflow for a Customer Success connector",
                "refused", "provisioned created    Dataflow between a CRM system and Platform, ", " s\n", "2 events");
        assertThat(terminal.type("status", "--history=1", "--json")).isZero();
        JsonNode event = terminal.json().at("/history/0");
        assertThat(event.path("outcome").asText()).isEqualTo("failed");
        assertThat(event.at("/detail/status").asInt()).isEqualTo(422);
        assertThat(event.at("/detail/requestId").asText()).isNotEmpty();
        assertThat(event.at("/detail/step").asText()).isEqualTo("target-connection");
    }

    @Test
    void a_backup_should_be_restored_and_what_was_made_since_be_found() throws Exception {
        Path backup = data.resolve("backup.db");
        provision(Rig.example("crm"));
        assertThat(terminal.type("backup", backup.toString())).isZero();
        provision(Rig.example("customer-success"));
        int writes = terminal.writes().size();

        assertThat(terminal.type("restore", backup.toString())).isZero();
        assertThat(terminal.out()).contains(backup + ": restored; the ledger before it is ");
        assertThat(terminal.type("status")).isZero();
        assertThat(terminal.out()).contains("1 dataflows, 1 done");
        provision(Rig.example("customer-success"));
        assertThat(terminal.writes()).as("nothing is made twice").hasSize(writes);
        assertThat(terminal.type("status")).isZero();
        assertThat(terminal.out()).contains("2 dataflows, 2 done");
        assertThat(terminal.type("restore", data.resolve("none.db").toString())).isEqualTo(1);
        assertThat(terminal.err().lines()).containsExactly("aep-dataflows restore: " + data.resolve("none.db") + " does not exist");
        Path other = Files.writeString(data.resolve("notes.txt"), "no ledger ".repeat(1_000));
        assertThat(terminal.type("restore", other.toString())).isEqualTo(1);
        assertThat(terminal.err()).contains("notes.txt is damaged (", "Nothing was restored").doesNotContain("\tat ");
        assertThat(data.resolve("ledger/ledger.db.new")).doesNotExist();
        assertThat(terminal.type("status")).isZero();
        assertThat(terminal.out()).as("the ledger is as it was").contains("2 dataflows, 2 done");
    }

    @Test
    void status_should_make_nothing_where_nothing_is() throws Exception {
        Files.delete(data);

        assertThat(terminal.type("status")).isZero();

        assertThat(terminal.out()).contains("0 dataflows");
        assertThat(data).doesNotExist();
        assertThat(asked()).isZero();
    }

    @Test
    void status_should_say_in_a_sentence_that_a_ledger_is_damaged() throws Exception {
        Files.createDirectories(data.resolve("ledger"));
        Files.writeString(data.resolve("ledger/ledger.db"), "a letter of some length ".repeat(1_000));

        assertThat(terminal.type("status")).isEqualTo(1);

        assertThat(terminal.err()).startsWith("aep-dataflows status: The ledger ").contains("is damaged").doesNotContain("\tat ");
        assertThat(terminal.out()).isEmpty();
    }

    @Test
    void rebuild_should_take_back_definitions_that_are_named_where_no_receipt_is() throws Exception {
        provision(Rig.example("crm"));
        try (Stream<Path> lost = Files.list(data.resolve("ledger"))) {
            for (Path file : lost.toList()) {
                Files.delete(file);
            }
        }
        int writes = terminal.writes().size();
        Path folder = Files.createDirectories(data.resolve("definitions"));
        Files.writeString(folder.resolve("crm.yaml"), Rig.example("crm"));
        Files.writeString(folder.resolve("gone.yaml"), Rig.example("marketing-automation") + "state: absent\n");

        assertThat(terminal.type("rebuild", folder.toString())).isZero();
        assertThat(terminal.out()).containsPattern("crm.yaml: adopted: Dataflow between a CRM system and Platform: [0-9a-f-]{36}")
                .contains("gone.yaml: deleted", "2 definitions, 1 in the ledger again");
        assertThat(terminal.type("status")).isZero();
        assertThat(terminal.out()).contains("1 dataflows, 1 done");
        Files.writeString(folder.resolve("cs.yaml"), Rig.example("customer-success"));
        assertThat(terminal.type("rebuild", folder.resolve("cs.yaml").toString(), "none.yaml")).isEqualTo(1);
        assertThat(terminal.out()).contains("cs.yaml: conflict: ", "none.yaml: unreadable: : there is no such file");
        assertThat(terminal.writes()).hasSize(writes);
    }

    @Test
    void a_command_should_name_the_setting_to_look_at_when_the_credentials_are_refused() throws Exception {
        simulator.faults().always("POST", "/ims/token/v3", Fault.answer(400, "application/json", "{\"error\": \"invalid_client\"}"));

        assertThat(terminal.type("export", "--all", "--out", data.resolve("out").toString())).isEqualTo(1);
        assertThat(terminal.err()).contains("check aep.client-id, aep.client-secret and aep.scope").doesNotContain("\tat ");
    }

    @Test
    void rebuild_should_pass_over_definitions_that_were_edited_since() throws Exception {
        String edited = Rig.example("crm").replace("interval: 30", "interval: 45");
        provision(Rig.example("crm"));
        provision(edited);
        Files.delete(data.resolve("ledger/ledger.db"));
        Files.createDirectories(data.resolve("done"));
        Files.setLastModifiedTime(Files.writeString(data.resolve("done/a.yaml"), Rig.example("crm")), FileTime.from(Instant.EPOCH));
        Path newest = Files.writeString(data.resolve("done/b.yaml"), edited);

        assertThat(terminal.type("rebuild")).isZero();

        assertThat(terminal.out().lines()).contains("a.yaml: superseded: Dataflow between a CRM system and Platform: b.yaml is newer",
                "2 definitions, 1 in the ledger again");
        assertThat(terminal.type("plan", newest.toString())).as(terminal.out()).isZero();
    }

    @Test
    void rebuild_should_take_back_what_is_there_and_name_what_is_not() throws Exception {
        provision(Rig.example("crm"));
        Files.delete(data.resolve("ledger/ledger.db"));
        Files.createDirectories(data.resolve("done"));
        Files.writeString(data.resolve("done/crm.yaml"), Rig.example("crm"));
        assertThat(terminal.type("rebuild")).isZero();
        assertThat(terminal.out()).contains("crm.yaml: adopted: Dataflow between a CRM system and Platform: ",
                "1 definitions, 1 in the ledger again");

        Files.writeString(data.resolve("done/cs.yaml"), Rig.example("customer-success"));
        assertThat(terminal.type("rebuild", "--json")).isEqualTo(1);
        assertThat(terminal.json().findValuesAsText("outcome")).contains("unchanged").hasSize(2);
    }
}
