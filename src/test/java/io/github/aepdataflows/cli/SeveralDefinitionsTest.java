package io.github.aepdataflows.cli;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.aepdataflows.Rig;
import io.github.aepdataflows.simulator.Fault;
import io.github.aepdataflows.simulator.Options;
import io.github.aepdataflows.simulator.Simulator;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A file of several definitions on the command line: each has an outcome of its own. */
class SeveralDefinitionsTest {

    private static final String NAME = " Creating a dataflow for a Customer Success connector";

    @TempDir
    Path here;

    private Simulator simulator;
    private Terminal terminal;
    private String all;

    @BeforeEach
    void start() throws Exception {
        simulator = Simulator.start(Options.defaults().withClientSecret(Rig.MARKER + "&cli"));
        terminal = Terminal.of(simulator, here.resolve("data"));
        all = Files.writeString(here.resolve("all.yaml"), three()).toString();
    }

    @AfterEach
    void stop() throws Exception {
        simulator.close();
    }

    /** The second of them is broken. */
    private static String three() throws Exception {
        return String.join("---\n", definition(1), definition(2).replace("interval: 15", "interval: 5"), definition(3));
    }

    private static String definition(int n) throws Exception {
        return Rig.example("customer-success", n);
    }

    /** The line of the broken interval in the file. */
    private static long line() throws Exception {
        return three().substring(0, three().indexOf("interval: 5")).lines().count();
    }

    private String label(int n) {
        return all + "#" + n + NAME;
    }

    private List<String> flows() {
        return simulator.store().resources(Rig.SANDBOX, "flows").stream().map(flow -> flow.path("name").asText()).toList();
    }

    private static List<String> texts(JsonNode list, String key) {
        return StreamSupport.stream(list.spliterator(), false).map(each -> each.path(key).asText()).toList();
    }

    @Test
    void should_check_each_and_name_faults_by_the_lines_of_the_file() throws Exception {
        assertThat(terminal.type("check", all)).isEqualTo(1);

        assertThat(terminal.out().lines()).contains(label(1) + ": ok", label(3) + ": ok",
                all + ":" + line() + ": schedule.interval: 5 is below the minimum of 15 for frequency minute (1362-400)")
                .doesNotContain(label(2) + ": ok").last().asString().startsWith("3 checked, 2 ok; faults: 1, ");
        assertThat(terminal.writes()).isEmpty();
    }

    @Test
    void should_check_into_one_json_document() throws Exception {
        assertThat(terminal.type("check", "--json", all)).isEqualTo(1);

        JsonNode definitions = terminal.json().path("definitions");
        assertThat(texts(definitions, "file")).containsExactly(all, all, all);
        assertThat(texts(definitions, "dataflow")).containsExactly(1 + NAME, 2 + NAME, 3 + NAME);
        assertThat(texts(definitions, "ok")).containsExactly("true", "false", "true");
        assertThat(terminal.json().at("/counts/definitions").asInt()).isEqualTo(3);
        assertThat(definitions.at("/1/faults/0/line").asLong()).isEqualTo(line());
        assertThat(definitions.at("/2/line").asLong()).isGreaterThan(line());
    }

    @Test
    void should_call_one_without_a_name_by_its_line_and_a_file_that_cannot_be_read_by_its_name_alone() throws Exception {
        Path nameless = Files.writeString(here.resolve("nameless.yaml"), definition(1) + "---\nsource: {}\n");
        Path cut = Files.writeString(here.resolve("cut.yaml"), definition(1) + "---\nbad: [\n");

        assertThat(terminal.type("plan", nameless.toString(), cut.toString())).isEqualTo(1);

        assertThat(terminal.out().lines()).contains(nameless + "#" + (definition(1).lines().count() + 2) + ": has faults",
                cut + ": has faults",
                "1 compared, 1 with differences; could not be compared: 2");
    }

    @Test
    void should_plan_each() throws Exception {
        String fault = "  line " + line() + ": schedule.interval: 5";
        assertThat(terminal.type("plan", all)).isEqualTo(1);

        assertThat(terminal.out().lines()).contains(label(1) + ": 1" + NAME, label(2) + ": has faults", label(3) + ": 3" + NAME,
                "2 compared, 2 with differences; could not be compared: 1").anyMatch(line -> line.startsWith(fault));
        String planned = terminal.out();
        assertThat(terminal.type("apply", "--dry-run", all)).isEqualTo(1);
        assertThat(terminal.out()).isEqualTo(planned);
        assertThat(terminal.type("plan", "--json", all)).isEqualTo(1);
        assertThat(texts(terminal.json().path("plans"), "dataflow")).containsExactly(1 + NAME, 2 + NAME, 3 + NAME);
        assertThat(texts(terminal.json().path("plans"), "error")).containsExactly("", "has faults", "");
        assertThat(terminal.writes()).isEmpty();
    }

    @Test
    void should_apply_each_and_only_the_mended_one_the_next_time() throws Exception {
        String fault = all + ":" + line() + ": schedule.interval: 5";
        assertThat(terminal.type("apply", all)).isEqualTo(1);

        assertThat(terminal.out().lines()).anyMatch(line -> line.startsWith(label(1) + ": created: flow "))
                .anyMatch(line -> line.startsWith(label(3) + ": created: flow "))
                .contains(label(2) + ": the definition has a fault; nothing was sent",
                        "2 applied, failed: 1").anyMatch(line -> line.startsWith(fault));
        assertThat(flows()).containsExactly(1 + NAME, 3 + NAME);

        Files.writeString(Path.of(all), three().replace("interval: 5\n", "interval: 15\n"));
        assertThat(terminal.type("apply", "--json", all)).as(terminal.out()).isZero();

        assertThat(texts(terminal.json().path("files"), "outcome")).containsExactly("unchanged", "created", "unchanged");
        assertThat(texts(terminal.json().path("files"), "dataflow")).containsExactly(1 + NAME, 2 + NAME, 3 + NAME);
        assertThat(texts(terminal.json().path("files"), "file")).containsExactly(all, all, all);
        assertThat(flows()).containsExactlyInAnyOrder(1 + NAME, 2 + NAME, 3 + NAME);
        assertThat(terminal.type("plan", all)).isZero();
        assertThat(terminal.type("status")).isZero();
        assertThat(terminal.out()).containsPattern("(?m)^done .* all\\.yaml$");
    }

    /** Each would change what the other has made, for ever. */
    @Test
    void should_refuse_the_second_file_that_describes_a_dataflow_of_a_name() throws Exception {
        Path first = Files.writeString(here.resolve("first.yaml"), definition(1));
        Path second = Files.writeString(here.resolve("second.yaml"), definition(2) + "---\n"
                + definition(1).replace("interval: 15", "interval: 30"));
        int of = definition(1).substring(0, definition(1).indexOf("\nname:")).split("\n").length + 1;
        int line = (int) definition(2).lines().count() + 1 + of;
        String fault = "name: a dataflow of this name is already described in %s:%d; give each its own".formatted(first, of);

        assertThat(terminal.type("check", first.toString(), second.toString())).isEqualTo(1);
        assertThat(terminal.out().lines()).contains(first + ": ok", "%s:%d: %s".formatted(second, line, fault));
        assertThat(terminal.type("plan", first.toString(), second.toString())).isEqualTo(1);
        assertThat(terminal.out()).contains(second + "#1" + NAME + ": has faults", "line %d: %s".formatted(line, fault));
        assertThat(terminal.type("apply", first.toString(), second.toString())).isEqualTo(1);
        assertThat(terminal.out()).contains("2 applied, failed: 1", "%s:%d: %s".formatted(second, line, fault));
        assertThat(flows()).containsExactly(1 + NAME, 2 + NAME);
        assertThat(simulator.store().resources(Rig.SANDBOX, "flows").get(0).at("/scheduleParams/interval").asText()).isEqualTo("15");
    }

    @Test
    void should_read_a_file_once_however_it_is_named() throws Exception {
        Path folder = Files.createDirectories(here.resolve("folder"));
        Path file = Files.writeString(folder.resolve("one.yaml"), definition(1));

        assertThat(terminal.type("check", file.toString(), folder.toString(), folder.resolve("../folder/one.yaml").toString()))
                .as(terminal.out()).isZero();
        assertThat(terminal.out().lines()).contains(file + ": ok").last().asString().startsWith("1 checked, 1 ok");
    }

    @Test
    void should_read_several_from_standard_input() throws Exception {
        InputStream before = System.in;
        System.setIn(new ByteArrayInputStream(three().getBytes(StandardCharsets.UTF_8)));
        try {
            assertThat(terminal.type("apply", "-")).isEqualTo(1);
        } finally {
            System.setIn(before);
        }
        assertThat(terminal.out()).startsWith("<stdin>#1" + NAME + ": created: flow ")
                .contains("<stdin>:" + line() + ": schedule.interval");
    }

    @Test
    void should_count_definitions_and_not_files_while_it_works() throws Exception {
        simulator.faults().on("POST", "/flows", 2, Fault.hang().afterCommit());

        CompletableFuture<Integer> code = CompletableFuture.supplyAsync(() -> terminal.type("apply", "--progress", all));
        await().atMost(20, SECONDS).until(() -> terminal.err().contains("2 of 3, 1 failed"));
        simulator.faults().release();

        assertThat(code.get(60, SECONDS)).isEqualTo(1);
    }

    @Test
    void should_leave_the_rest_of_a_file_alone_in_an_outage() throws Exception {
        simulator.faults().always("POST", "/ims/token/v3", Fault.status(503));
        Files.writeString(Path.of(all), String.join("---\n", definition(1), definition(2), definition(3), definition(4)));

        assertThat(terminal.type("apply", "--json", all)).isEqualTo(1);

        assertThat(texts(terminal.json().path("files"), "category")).containsOnly("unavailable").hasSize(4);
        assertThat(terminal.json().at("/files/3/message").asText()).startsWith("not tried");
        assertThat(terminal.json().at("/files/3/dataflow").asText()).isEqualTo(4 + NAME);
    }
}
