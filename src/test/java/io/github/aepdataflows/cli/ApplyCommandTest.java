package io.github.aepdataflows.cli;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.aepdataflows.Rig;
import io.github.aepdataflows.WriteGuard;
import io.github.aepdataflows.simulator.Fault;
import io.github.aepdataflows.simulator.Options;
import io.github.aepdataflows.simulator.Simulator;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code apply}: what the Platform ends up with, what is said of it, exit codes. */
class ApplyCommandTest {

    @TempDir
    Path here;

    private Simulator simulator;
    private Terminal terminal;

    @BeforeEach
    void start() throws Exception {
        simulator = Simulator.start(Options.defaults().withClientSecret(Rig.MARKER + "&cli"));
        terminal = Terminal.of(simulator, here.resolve("data"));
    }

    @AfterEach
    void stop() throws Exception {
        simulator.close();
    }

    private String file(String name, String content) throws Exception {
        Path file = here.resolve("definitions").resolve(name);
        Files.createDirectories(file.getParent());
        return Files.writeString(file, content).toString();
    }

    private List<String> flows() {
        return simulator.store().resources(Rig.SANDBOX, "flows").stream().map(flow -> flow.path("id").asText()).toList();
    }

    private static String broken() throws Exception {
        return Rig.example("crm").replace("source: first_name", "source: frist_name").replace("interval: 30", "interval: 5");
    }

    @Test
    void should_provision_and_say_in_a_line_what_was_made() throws Exception {
        String cs = file("cs.yaml", Rig.example("customer-success"));

        assertThat(terminal.type("apply", cs)).isZero();

        assertThat(flows()).hasSize(1);
        assertThat(terminal.out().lines()).containsExactly(cs + ": created: flow " + flows()
                .get(0) + "; created source-connection, target-schema,"
                + " target-dataset, target-connection, mapping-set, flow", "1 applied");
        assertThat(terminal.out()).doesNotContain("\u001b");
        assertThat(Path.of(cs)).as("stays where it is").exists();
        assertThat(terminal.err()).isEmpty();
        assertThat(terminal.type("status")).isZero();
        assertThat(terminal.out()).containsPattern("(?m)^done .* cs\\.yaml$");
    }

    @Test
    void should_do_nothing_twice() throws Exception {
        String cs = file("cs.yaml", Rig.example("customer-success"));
        assertThat(terminal.type("apply", cs)).isZero();
        WriteGuard guard = WriteGuard.over(simulator);

        assertThat(terminal.type("apply", cs)).isZero();

        assertThat(terminal.out().lines()).containsExactly(cs + ": unchanged: flow " + flows().get(0), "1 applied");
        guard.assertNothingWritten();
    }

    @Test
    void should_take_back_what_exists_when_the_ledger_was_lost() throws Exception {
        String cs = file("cs.yaml", Rig.example("customer-success"));
        assertThat(terminal.type("apply", cs)).isZero();
        Files.delete(here.resolve("data/ledger/ledger.db"));
        assertThat(terminal.type("apply", cs)).as("a ledger that is missing").isNotZero();
        assertThat(terminal.err()).contains("is missing, but there was one");
        Files.delete(here.resolve("data/ledger/ledger.db.made"));
        WriteGuard guard = WriteGuard.over(simulator);

        assertThat(terminal.type("apply", cs)).as(terminal.out()).isZero();

        assertThat(terminal.out()).startsWith(cs + ": adopted: flow " + flows().get(0) + "; adopted source-connection, ");
        guard.assertNothingWritten();
    }

    @Test
    void should_name_what_is_wrong_with_one_and_do_the_others() throws Exception {
        String bad = file("a.yaml", broken());
        String good = file("b.yaml", Rig.example("customer-success"));
        String none = here.resolve("none.yaml").toString();
        String empty = Files.createDirectories(here.resolve("empty")).toString();

        assertThat(terminal.type("apply", bad, none, empty, good)).isEqualTo(1);

        assertThat(terminal.out().lines()).contains(bad + ": the definition has 2 faults; nothing was sent",
                bad + ":32: mapping[0].source: \"frist_name\" is not among the columns; did you mean first_name?",
                none + ": unreadable: there is no such file", empty + ": unreadable: cannot be read: no definition is in this folder",
                "1 applied, failed: 3").anyMatch(line -> line.startsWith(good + ": created: flow "));
        assertThat(flows()).hasSize(1);
    }

    @Test
    void should_say_what_the_platform_refused_and_what_to_do() throws Exception {
        simulator.faults().always("POST", "/targetConnections",
                Fault.answer(400, "application/json", "{\"errorMessage\":\"no such thing\"}"));
        String cs = file("cs.yaml", Rig.example("customer-success"));

        assertThat(terminal.type("apply", cs)).isEqualTo(1);

        assertThat(terminal.out()).contains(cs + ": rejected at step target-connection: no such thing", "source-connection ")
                .doesNotContain("\tat ");
        assertThat(terminal.err()).doesNotContain("\tat ");
        simulator.faults().clear();
        assertThat(terminal.type("apply", cs)).as("goes on from where it was").isZero();
        assertThat(simulator.store().resources(Rig.SANDBOX, "sourceConnections")).hasSize(1);
    }

    @Test
    void should_print_one_json_document_in_the_order_of_the_names() throws Exception {
        file("b.yaml", broken());
        file("a.yml", Rig.example("customer-success"));
        file("more/c.yaml", Rig.example("crm"));
        file("a.yml.receipt.json", "{}");
        file("a.yml.plan.json", "{}");
        String folder = here.resolve("definitions").toString();

        assertThat(terminal.type("apply", "--json", folder)).isEqualTo(1);

        JsonNode document = terminal.json();
        assertThat(document.path("ok").asBoolean()).isFalse();
        assertThat(document.path("files").findValuesAsText("file")).containsExactly(folder + "/a.yml", folder + "/b.yaml");
        assertThat(document.at("/files/0/outcome").asText()).isEqualTo("created");
        assertThat(document.at("/files/0/resources/flow").asText()).isEqualTo(flows().get(0));
        assertThat(document.at("/files/1/category").asText()).isEqualTo("definition");
        assertThat(document.at("/files/1/faults").findValuesAsText("path")).containsExactly("mapping[0].source", "schedule.interval");
        assertThat(terminal.type("apply", "--json", folder + "/a.yml")).isZero();
        assertThat(terminal.json().path("ok").asBoolean()).isTrue();
    }

    @Test
    void should_read_standard_input() throws Exception {
        InputStream before = System.in;
        System.setIn(new ByteArrayInputStream(Rig.example("customer-success").getBytes(StandardCharsets.UTF_8)));
        try {
            assertThat(terminal.type("apply", "-")).isZero();
        } finally {
            System.setIn(before);
        }
        assertThat(terminal.out()).startsWith("<stdin>: created: flow ");
        assertThat(flows()).hasSize(1);
    }

    @Test
    void should_not_touch_a_ledger_that_a_running_program_has() throws Exception {
        String cs = file("cs.yaml", Rig.example("customer-success"));
        try (Rig rig = Rig.against(simulator, here.resolve("data"), Map.of())) {
            assertThat(rig.ledger().isOpen()).isTrue();

            assertThat(terminal.type("apply", cs)).isEqualTo(1);

            assertThat(terminal.err().lines())
                    .anyMatch(line -> line.startsWith("aep-dataflows apply: nothing was applied, as the ledger cannot be opened: "));
            assertThat(terminal.err()).doesNotContain("\tat ");
            assertThat(terminal.out()).isEmpty();
            assertThat(terminal.writes()).isEmpty();
        }
        assertThat(terminal.type("apply", cs)).isZero();
    }

    @Test
    void should_leave_the_rest_alone_when_one_after_the_other_meets_an_outage() throws Exception {
        simulator.faults().always("POST", "/ims/token/v3", Fault.status(503));
        for (int n = 1; n <= 5; n++) {
            file(n + ".yaml", Rig.example("customer-success", n));
        }

        assertThat(terminal.type("apply", here.resolve("definitions").toString())).isEqualTo(1);

        assertThat(terminal.out().lines()).filteredOn(line -> line.contains(": unavailable")).hasSize(5)
                .filteredOn(line -> line.contains("not tried: the 3 before it met an outage")).hasSize(2);
        assertThat(terminal.out()).endsWith(String.format("0 applied, failed: 5%n"));
        simulator.faults().clear();
        assertThat(terminal.type("apply", here.resolve("definitions").toString())).isZero();
        assertThat(flows()).hasSize(5);
    }

    @Test
    void should_do_in_a_dry_run_what_plan_does() throws Exception {
        String cs = file("cs.yaml", Rig.example("customer-success"));
        String bad = file("bad.yaml", broken());
        WriteGuard guard = WriteGuard.over(simulator);

        for (List<String> arguments : List.of(List.of(cs), List.of("--json", cs), List.of(bad, cs))) {
            String[] plan = with("plan", arguments);
            int code = terminal.type(plan);
            String planned = terminal.out();
            assertThat(terminal.type(with("apply", with("--dry-run", arguments)))).isEqualTo(code)
                    .isEqualTo(arguments.contains(bad) ? 1 : 2);
            assertThat(terminal.out()).isEqualTo(planned).isNotEmpty();
        }
        guard.assertNothingWritten();
        assertThat(here.resolve("data/ledger")).doesNotExist();
    }

    private static String[] with(String first, List<String> rest) {
        return with(first, rest.toArray(String[]::new));
    }

    private static String[] with(String first, String... rest) {
        String[] all = new String[rest.length + 1];
        all[0] = first;
        System.arraycopy(rest, 0, all, 1, rest.length);
        return all;
    }

    @Test
    void should_tell_how_far_a_long_batch_is_on_standard_error_alone() throws Exception {
        file("a.yaml", broken());
        file("b.yaml", Rig.example("customer-success"));
        simulator.faults().on("POST", "/flows", 1, Fault.hang().afterCommit());

        CompletableFuture<Integer> code = CompletableFuture.supplyAsync(() -> terminal.type("apply", "--json", "--progress",
                here.resolve("definitions").toString()));
        await().atMost(20, SECONDS).until(() -> terminal.err().contains("1 of 2, 1 failed"));
        simulator.faults().release();

        assertThat(code.get(60, SECONDS)).isEqualTo(1);
        assertThat(terminal.json().path("files")).hasSize(2);
    }

    @Test
    void should_not_tell_how_far_it_is_where_nobody_looks() throws Exception {
        simulator.faults().on("POST", "/flows", 1, Fault.hang().afterCommit());

        CompletableFuture<Integer> code = CompletableFuture.supplyAsync(() -> terminal.type("apply", quietly("cs.yaml")));
        await().atMost(20, SECONDS).until(() -> simulator.faults().held() == 1);
        await().during(4, SECONDS).atMost(6, SECONDS).until(() -> terminal.err().isEmpty());
        simulator.faults().release();

        assertThat(code.get(60, SECONDS)).isZero();
    }

    private String quietly(String name) {
        try {
            return file(name, Rig.example("customer-success"));
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void should_want_files_and_settings() {
        assertThat(terminal.type("apply")).isEqualTo(64);
        assertThat(terminal.type("apply", "--wet-run", "x.yaml")).isEqualTo(64);
        Terminal unset = Terminal.unset();
        assertThat(unset.type("apply", "x.yaml")).isEqualTo(2);
        assertThat(unset.err()).contains("AEP_CLIENT_ID", "Nothing was started");
    }

    @Test
    void should_not_tell_the_secret_when_it_is_refused() throws Exception {
        simulator.faults().always("POST", ".*/token/v3", Fault.answer(401, "application/json",
                "{\"error\":\"" + simulator.options().clientSecret() + "\"}"));

        assertThat(terminal.type("apply", file("a.yaml", Rig.example("crm")))).isEqualTo(1);

        assertThat(terminal.out()).contains(": unauthorized").doesNotContain(Rig.MARKER);
        assertThat(terminal.err()).doesNotContain(Rig.MARKER);
    }
}
