package io.github.aepdataflows;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.aepdataflows.guide.Page;
import io.github.aepdataflows.guide.Shown;
import io.github.aepdataflows.simulator.Fault;
import io.github.aepdataflows.simulator.Options;
import io.github.aepdataflows.simulator.Simulator;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The packaged program, as {@code java -jar} starts it, in a JVM and a folder of its own. */
class ApplicationIT {

    private static final Path JAR = Path.of("target/aep-dataflows.jar").toAbsolutePath();
    /** As the launcher and the image use it. */
    private static final Path ARCHIVE = Path.of("target/bin/aep-dataflows.jsa").toAbsolutePath();

    @TempDir
    Path here;

    private final List<Process> started = new ArrayList<>();

    @AfterEach
    void end() throws Exception {
        for (Process process : started) {
            process.destroyForcibly().waitFor();
        }
    }

    @Test
    void should_name_all_missing_settings_start_nothing_and_exit_with_2() throws Exception {
        Process process = java(Map.of(), "-jar", JAR.toString());

        assertThat(process.waitFor(60, SECONDS)).isTrue();
        assertThat(process.exitValue()).isEqualTo(2);
        assertThat(output()).contains("aep.client-id (environment: AEP_CLIENT_ID) is not set", "AEP_CLIENT_SECRET", "AEP_ORG_ID",
                "AEP_SANDBOX", "Nothing was started");
        try (Stream<Path> files = Files.list(here)) {
            assertThat(files.map(file -> file.getFileName().toString())).containsExactly("output.log");
        }
    }

    @Test
    void should_provision_with_settings_from_the_environment_alone() throws Exception {
        try (Simulator simulator = Simulator.start(Options.defaults())) {
            Map<String, String> environment = environment(simulator);
            environment.put("AEP_INBOX_PUASE", "1h");
            java(environment, "-jar", JAR.toString());
            drop("accounts.yaml", Rig.example("customer-success"));
            await().atMost(60, SECONDS).until(() -> Files.exists(here.resolve("data/done/accounts.yaml")));
            assertThat(Shown.areInOrder(Page.guide("operations").block("printed by a run"), output().lines().toList())).as(output())
                    .isTrue();
            assertThat(output()).contains("started: sandbox dev at " + simulator.url())
                    .contains("AEP_INBOX_PUASE is no setting of aep-dataflows").doesNotContain("AEP_INBOX_DELAY is no");

            JsonNode receipt = Rig.JSON.readTree(here.resolve("data/done/accounts.yaml.receipt.json").toFile());
            assertThat(receipt.at("/resources/flow")).isEqualTo(simulator.store().resources("dev", "flows").get(0).path("id"));
        }
    }

    @Test
    void should_make_a_base_connection_with_secrets_from_the_environment_and_keep_them_to_itself() throws Exception {
        try (Simulator simulator = Simulator.start(Options.defaults())) {
            Map<String, String> environment = environment(simulator);
            environment.put("AEP_SECRET_CRM_PASSWORD", Rig.MARKER + " of the environment");
            java(environment, "-jar", JAR.toString());
            drop("cs.yaml", Rig.example("customer-success").replaceFirst("(?m)^  baseConnectionId: .*$", """
                      baseConnection: { name: Service cloud, auth: { specName: Basic Authentication, params: { username: me,
                        password: { secret: crm-password }, securityToken: { secret: crm.password } } } }""".indent(2).stripTrailing()));
            await().atMost(60, SECONDS).until(() -> Files.exists(here.resolve("data/done/cs.yaml.receipt.json")));

            assertThat(simulator.store().resources("dev", "connections"))
                    .anySatisfy(connection -> assertThat(connection.at("/auth/params/password").asText())
                            .isEqualTo(Rig.MARKER + " of the environment"));
            assertThat(output()).doesNotContain("AEP_SECRET");
            try (Stream<Path> files = Files.walk(here)) {
                assertThat(files.filter(Files::isRegularFile)).isNotEmpty().allSatisfy(file ->
                        assertThat(Files.readString(file, StandardCharsets.ISO_8859_1)).doesNotContain(Rig.MARKER));
            }
        }
    }

    @Test
    void should_finish_the_definitions_in_work_and_leave_the_others_whole_when_it_is_stopped() throws Exception {
        try (Simulator simulator = Simulator.start(Options.defaults())) {
            simulator.faults().always("POST", "/flows", Fault.hang().afterCommit());
            Process process = java(environment(simulator), "-jar", JAR.toString());
            for (int n = 0; n < 12; n++) {
                drop(n + ".yaml", Rig.example("customer-success", n));
            }
            await().atMost(60, SECONDS).until(() -> simulator.faults().held() == 4);
            process.destroy();   // SIGTERM
            simulator.faults().clear();

            assertThat(process.waitFor(60, SECONDS)).isTrue();
            List<String> done = names("done").stream().filter(name -> name.endsWith(".yaml")).toList();
            List<String> left = names("inbox");
            assertThat(done.size() + left.size()).isEqualTo(12);
            assertThat(done).hasSizeGreaterThanOrEqualTo(4);
            assertThat(simulator.store().resources("dev", "flows")).hasSize(done.size());
            for (String name : left) {
                assertThat(Files.readString(here.resolve("data/inbox").resolve(name)))
                        .isEqualTo(Rig.example("customer-success", name.replace(".yaml", "")));
            }
        }
    }

    @Test
    void should_not_wait_out_a_long_retry_after_when_it_is_stopped() throws Exception {
        try (Simulator simulator = Simulator.start(Options.defaults())) {
            simulator.faults().always("POST", "/sourceConnections", Fault.status(429).header("Retry-After", "600"));
            Process process = java(environment(simulator), "-jar", JAR.toString());
            drop("cs.yaml", Rig.example("customer-success"));
            await().atMost(60, SECONDS).until(() -> simulator.requests().count("POST", "/sourceConnections") == 1);
            process.destroy();

            assertThat(process.waitFor(60, SECONDS)).isTrue();
            assertThat(names("inbox")).as("it can be tried again").containsExactly("cs.yaml");
            assertThat(names("failed")).isEmpty();
        }
    }

    @Test
    void should_go_on_from_there_when_it_was_stopped_while_it_waited_to_repeat_a_later_step() throws Exception {
        try (Simulator simulator = Simulator.start(Options.defaults())) {
            simulator.faults().always("POST", "/targetConnections", Fault.status(429).header("Retry-After", "600"));
            Process process = java(environment(simulator), "-jar", JAR.toString());
            drop("cs.yaml", Rig.example("customer-success"));
            await().atMost(60, SECONDS).until(() -> simulator.requests().count("POST", "/targetConnections") == 1);
            process.destroy();

            assertThat(process.waitFor(60, SECONDS)).isTrue();
            assertThat(output()).contains("cs.yaml: stays in the inbox", "stopped while it waited", "These exist", "target-dataset");
            assertThat(names("inbox")).containsExactly("cs.yaml");
            assertThat(names("failed")).isEmpty();

            simulator.faults().clear();
            java(environment(simulator), "-jar", JAR.toString());
            await().atMost(60, SECONDS).until(() -> names("done").contains("cs.yaml.receipt.json") && names("inbox").isEmpty());

            for (String collection : List.of("sourceConnections", "schemas", "dataSets", "targetConnections", "mappingSets", "flows")) {
                assertThat(simulator.store().resources("dev", collection)).as(collection).hasSize(1);
            }
            assertThat(simulator.requests().count("POST", "/dataSets")).isEqualTo(1);
        }
    }

    @Test
    void should_answer_the_health_check_of_the_dockerfile() throws Exception {
        Matcher check = Pattern.compile("CMD (\\[\"bash\".*\\])").matcher(Files.readString(Path.of("Dockerfile")));
        assertThat(check.find()).isTrue();
        List<String> command = new ArrayList<>();
        Rig.JSON.readTree(check.group(1)).forEach(word -> command.add(word.asText()));
        int port = freePort();
        try (Simulator simulator = Simulator.start(Options.defaults())) {
            assertThat(health(command, port)).as("nobody listens yet").isNotZero();
            Map<String, String> environment = new java.util.HashMap<>(environment(simulator));
            environment.put("AEP_OPS_PORT", String.valueOf(port));
            java(environment, "-jar", JAR.toString());

            await().atMost(60, SECONDS).until(() -> health(command, port) == 0);
        }
    }

    @Test
    void should_show_three_dataflows_an_audit_and_room_to_play_in_the_demo() throws Exception {
        // settings of a real Platform in the environment must not lead the demo there
        java(Map.of("AEP_URL", "http://127.0.0.1:1", "AEP_CLIENT_SECRET", "real", "AEP_SANDBOX", "prod"),
                "-Dcamel.main.profile=demo", "-jar", JAR.toString());
        await().atMost(60, SECONDS).until(() -> output().contains("Now it is your turn"));

        for (String example : List.of("crm", "marketing-automation", "customer-success")) {
            JsonNode receipt = Rig.JSON.readTree(here.resolve("data/done/" + example + ".yaml.receipt.json").toFile());
            assertThat(output()).contains(receipt.path("dataflow").asText(), receipt.at("/resources/flow").asText());
        }
        assertThat(output()).containsPattern("failed +no +Legacy invoices import").containsPattern("late +no +Legacy returns import")
                .containsPattern("partial +yes +Dataflow for marketing automation");
        assertThat(names("reports")).isNotEmpty();
        List<String> withoutLogColumns = output().lines().map(line -> line.replaceFirst("^\\S+Z (INFO|WARN) +\\S+ +", "")).toList();
        assertThat(Shown.areInOrder(Page.readme().block("output of the demo"), withoutLogColumns)).as("the README shows:\n%s", output())
                .isTrue();

        for (String command : output().lines().filter(line -> line.startsWith("  sed ")).toList()) {
            assertThat(new ProcessBuilder("bash", "-c", command).directory(here.toFile()).start().waitFor()).isZero();
        }
        await().atMost(60, SECONDS).until(() -> names("done").contains("fourth.yaml") && names("failed").contains("broken.yaml"));
        JsonNode faults = Rig.JSON.readTree(here.resolve("data/failed/broken.yaml.error.json").toFile()).path("faults");
        assertThat(faults.findValuesAsText("path")).contains("mapping[0].source", "schedule.interval");
    }

    @Test
    void should_say_in_a_sentence_what_keeps_it_from_starting() throws Exception {
        try (Simulator simulator = Simulator.start(Options.defaults())) {
            Map<String, String> environment = new java.util.HashMap<>(environment(simulator));
            environment.put("AEP_HEALTH_PORT", String.valueOf(simulator.port()));
            Process process = java(environment, "-jar", JAR.toString());

            assertThat(process.waitFor(60, SECONDS)).isTrue();
            assertThat(process.exitValue()).isEqualTo(1);
            assertThat(output()).contains("aep.ops.port: cannot listen on 127.0.0.1:" + simulator.port()).doesNotContain("\tat ");
        }
    }

    @Test
    void should_make_a_lost_ledger_again_and_end() throws Exception {
        try (Simulator simulator = Simulator.start(Options.defaults())) {
            Process first = java(environment(simulator), "-jar", JAR.toString());
            drop("cs.yaml", Rig.example("customer-success"));
            await().atMost(60, SECONDS).until(() -> Files.exists(here.resolve("data/done/cs.yaml")));
            first.destroy();
            assertThat(first.waitFor(60, SECONDS)).isTrue();
            Files.delete(here.resolve("data/ledger/ledger.db"));
            int creates = simulator.requests().count("POST", "/data/.*(?<!/validate)");

            Process rebuild = java(environment(simulator), "-jar", JAR.toString(), "rebuild", "--json");

            assertThat(rebuild.waitFor(60, SECONDS)).isTrue();
            assertThat(rebuild.exitValue()).isZero();
            assertThat(output()).contains("\"outcome\" : \"adopted\"");
            assertThat(here.resolve("data/ledger/ledger.db")).exists();
            assertThat(simulator.requests().count("POST", "/data/.*(?<!/validate)")).isEqualTo(creates);
        }
    }

    @Test
    void should_refuse_the_ledger_of_another_sandbox_and_say_so() throws Exception {
        try (Simulator simulator = Simulator.start(Options.defaults())) {
            Process first = java(environment(simulator), "-jar", JAR.toString());
            drop("cs.yaml", Rig.example("customer-success"));
            await().atMost(60, SECONDS).until(() -> Files.exists(here.resolve("data/done/cs.yaml")));
            first.destroy();
            assertThat(first.waitFor(60, SECONDS)).isTrue();
            Map<String, String> elsewhere = environment(simulator);
            elsewhere.put("AEP_SANDBOX", "prod");

            Process second = java(elsewhere, "-jar", JAR.toString());

            assertThat(second.waitFor(60, SECONDS)).isTrue();
            assertThat(second.exitValue()).isEqualTo(1);
            assertThat(output()).contains("could not start").contains("sandbox");
        }
    }

    @Test
    void should_check_audit_and_tell_the_status_while_it_runs_and_does_not_notice() throws Exception {
        try (Simulator simulator = Simulator.start(Options.defaults().withClientSecret(Rig.MARKER + "&it"))) {
            int port = freePort();
            Map<String, String> environment = new java.util.HashMap<>(environment(simulator));
            environment.put("AEP_HEALTH_PORT", String.valueOf(port));
            Process running = java(environment, "-jar", JAR.toString());
            drop("cs.yaml", Rig.example("customer-success"));
            await().atMost(60, SECONDS).until(() -> output().contains("started: ") && Files.exists(here.resolve("data/done/cs.yaml")));
            environment.putAll(Map.of("AEP_INBOX_ENABLED", "true", "AEP_AUDIT_ENABLED", "true"));   // as an image might say
            String log = output();
            int posts = simulator.requests().count("POST", "/data/.*(?<!/validate)");
            Files.writeString(here.resolve("bad.yaml"), Rig.example("crm").replace("interval: 30", "interval: 5"));

            Told check = tell(environment, "check", "--json", "bad.yaml", "data/done");
            Told status = tell(environment, "status", "--json");
            Told audit = tell(environment, "audit", "--json");

            assertThat(check.code()).as(check.err()).isEqualTo(1);
            assertThat(Rig.json(check.out()).at("/definitions/0/faults/0/path").asText()).isEqualTo("schedule.interval");
            assertThat(Rig.json(check.out()).at("/definitions/1/ok").asBoolean()).isTrue();
            assertThat(status.code()).as(status.err()).isZero();
            assertThat(Rig.json(status.out()).at("/dataflows/0/file").asText()).isEqualTo("cs.yaml");
            assertThat(Rig.json(status.out()).at("/dataflows/0/state").asText()).isEqualTo("done");
            assertThat(audit.code()).as(audit.err()).isZero();
            assertThat(here.resolve(Rig.json(audit.out()).path("report").asText())).isRegularFile();
            for (Told told : List.of(check, status, audit)) {
                assertThat(told.err()).isEmpty();
                assertThat(told.out()).doesNotContain(Rig.MARKER);
            }
            assertThat(simulator.requests().count("POST", "/data/.*(?<!/validate)")).isEqualTo(posts);
            assertThat(output()).as("it has nothing to say of that").isEqualTo(log);
            assertThat(tell(environment, "rebuild").err()).contains("nothing was rebuilt",
                    "in use by another process (process " + running.pid());
            Process second = java(environment(simulator), "-jar", JAR.toString());
            await().atMost(60, SECONDS).until(() -> output().contains("waiting: nothing is taken out of "));
            second.destroy();
            assertThat(second.waitFor(60, SECONDS)).isTrue();

            drop("crm.yaml", Rig.example("crm"));
            await().atMost(60, SECONDS).until(() -> names("done").contains("crm.yaml.receipt.json"));
            running.destroy();
            assertThat(running.waitFor(60, SECONDS)).isTrue();
        }
    }

    @Test
    void should_check_with_no_data_folder_and_make_none() throws Exception {
        try (Simulator simulator = Simulator.start(Options.defaults())) {
            Files.writeString(here.resolve("crm.yaml"), Rig.example("crm"));

            Told check = tell(environment(simulator), "check", "crm.yaml");

            assertThat(check.code()).as(check.err()).isZero();
            assertThat(check.out().lines()).startsWith("crm.yaml: ok").endsWith("1 checked, 1 ok; faults: 0, notes: 1");
            assertThat(check.out()).doesNotContain("\u001b");
            assertThat(check.err()).isEmpty();
            try (Stream<Path> files = Files.list(here)) {
                assertThat(files.map(file -> file.getFileName().toString())).containsExactlyInAnyOrder("crm.yaml", "out.txt", "err.txt");
            }
        }
    }

    @Test
    void should_tell_what_keeps_a_command_from_its_answer_in_a_line_and_in_a_document() throws Exception {
        try (Simulator simulator = Simulator.start(Options.defaults())) {
            Files.writeString(Files.createDirectories(here.resolve("data/ledger")).resolve("ledger.db"), "a letter ".repeat(1_000));

            Told status = tell(environment(simulator), "status", "--json");

            assertThat(status.code()).isEqualTo(1);
            assertThat(Rig.json(status.out()).path("message").asText()).startsWith("The ledger ").contains("is damaged");
            assertThat(status.err().lines()).singleElement().asString().startsWith("aep-dataflows status: The ledger ")
                    .contains("is damaged");
        }
        assertThat(tell(Map.of(), "check", "crm.yaml").code()).isEqualTo(2);
    }

    /** What a command has said, and its exit code. */
    private record Told(int code, String out, String err) {
    }

    private Told tell(Map<String, String> environment, String... arguments) throws Exception {
        ProcessBuilder builder = program(environment, Stream.concat(Stream.of("-jar", JAR.toString()), Stream.of(arguments))
                .toArray(String[]::new));
        Path out = here.resolve("out.txt");
        Path err = here.resolve("err.txt");
        Process process = builder.redirectOutput(out.toFile()).redirectError(err.toFile()).start();
        started.add(process);
        assertThat(process.waitFor(90, SECONDS)).isTrue();
        return new Told(process.exitValue(), Files.readString(out), Files.readString(err));
    }

    @Test
    void should_tell_how_it_is_used() throws Exception {
        assertThat(java(Map.of(), "-jar", JAR.toString(), "--help").waitFor()).isZero();
        assertThat(output()).contains("AEP_CLIENT_ID", "data/inbox");
        assertThat(java(Map.of(), "-jar", JAR.toString(), "--frobnicate").waitFor()).isEqualTo(64);
        assertThat(java(Map.of(), "-jar", JAR.toString(), "--version").waitFor()).isZero();
        assertThat(output()).containsPattern("aep-dataflows \\d+\\.\\d+");
    }

    @Test
    void should_run_the_simulator_alone_and_print_lines_that_lead_a_shell_to_it() throws Exception {
        java(Map.of(), "-jar", JAR.toString(), "simulator", "--port=0");
        await().atMost(60, SECONDS).until(() -> output().contains("#   4cb0c374-d3bb-4557-b139-5712880adc55"));
        Files.writeString(here.resolve("crm.yaml"), Rig.example("crm"));

        Process shell = new ProcessBuilder("bash", "-c", output() + "java -jar '" + JAR + "' apply crm.yaml").directory(here.toFile())
                .redirectErrorStream(true).redirectOutput(here.resolve("shell.log").toFile()).start();
        started.add(shell);

        assertThat(shell.waitFor(90, SECONDS)).isTrue();
        assertThat(Files.readString(here.resolve("shell.log"))).contains("crm.yaml: created: flow ", "1 applied");
    }

    private Process java(Map<String, String> environment, String... arguments) throws IOException {
        Process process = program(environment, arguments).redirectErrorStream(true).redirectOutput(here.resolve("output.log").toFile())
                .start();
        started.add(process);
        return process;
    }

    private ProcessBuilder program(Map<String, String> environment, String... arguments) {
        // it is over before the second compiler has paid for itself
        List<String> command = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin/java").toString(),
                "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-XX:SharedArchiveFile=" + ARCHIVE, "-Xlog:cds*=off"));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command).directory(here.toFile());
        builder.environment().keySet().removeIf(name -> name.startsWith("AEP_") || name.startsWith("CAMEL_"));
        builder.environment().putAll(environment);
        return builder;
    }

    /** The settings as the README tells to give them: upper case, with underscores. */
    private static Map<String, String> environment(Simulator simulator) {
        Map<String, String> environment = new java.util.HashMap<>();
        Rig.settings(simulator, Path.of("data")).forEach((name, value) ->
                environment.put(name.toUpperCase(Locale.ROOT).replace('.', '_').replace('-', '_'), value));
        return environment;
    }

    private static int health(List<String> command, int port) throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().put("AEP_OPS_PORT", String.valueOf(port));
        return builder.start().waitFor();
    }

    private void drop(String name, String content) throws IOException {
        Path inbox = Files.createDirectories(here.resolve("data/inbox"));
        Path part = Files.writeString(inbox.resolve("." + name), content);
        Files.move(part, inbox.resolve(name), StandardCopyOption.ATOMIC_MOVE);
    }

    private List<String> names(String folder) throws IOException {
        Path path = here.resolve("data").resolve(folder);
        if (!Files.isDirectory(path)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(path)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    private String output() throws IOException {
        return Files.readString(here.resolve("output.log"));
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }
}
