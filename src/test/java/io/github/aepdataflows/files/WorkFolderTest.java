package io.github.aepdataflows.files;

import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.github.aepdataflows.LogLines;
import io.github.aepdataflows.Rig;
import io.github.aepdataflows.ledger.Ledger;
import io.github.aepdataflows.provision.Work;
import io.github.aepdataflows.simulator.Fault;
import io.github.aepdataflows.simulator.Options;
import io.github.aepdataflows.simulator.Simulator;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;

/** A file that is worked on is in {@code work/}, where nobody else can reach it; and whatever happens, it gets out of there. */
class WorkFolderTest {

    /** Memory, where the build has another file system. */
    private static final Path ELSEWHERE = Path.of("/dev/shm");

    @TempDir
    Path data;

    @Test
    void should_have_a_file_in_a_folder_of_its_own_while_it_is_worked_on() throws Exception {
        Files.setPosixFilePermissions(Files.createDirectories(data.resolve("work")), PosixFilePermissions.fromString("rwxrwxrwx"));
        try (Rig rig = Rig.start(data)) {
            rig.simulator().faults().on("POST", "/flows", 1, Fault.hang().afterCommit());
            rig.drop("cs.yaml", cs(1));
            await().atMost(20, SECONDS).until(() -> rig.simulator().faults().held() == 1);

            assertThat(data.resolve("inbox").toFile().list()).isEmpty();
            List<Path> path = inWork();
            assertThat(path).hasSize(4).last().asString().endsWith("/inbox/cs.yaml");
            for (Path folder : path.subList(0, 3)) {
                assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder))).isEqualTo("rwx------");
            }
            rig.simulator().faults().release();
            await().atMost(20, SECONDS).until(() -> rig.names("done").contains("cs.yaml"));
        }
        assertThat(inWork()).as("no folder is left of an instance that was stopped").containsExactly(data.resolve("work"));
    }

    @Test
    void should_give_back_later_what_cannot_go_back_into_the_folder_of_plans_now() throws Exception {
        try (Rig rig = Rig.start(data, Options.defaults(), Map.of("aep.inbox.settle", "1h"))) {
            WorkFolder work = rig.main().getCamelContext().getRegistry().lookupByNameAndType("aepWorkFolder", WorkFolder.class);
            Path plan = Files.createDirectories(rig.folder("plan"));
            Files.writeString(plan.resolve("x.yaml"), cs(1));
            Path taken = work.take("plan", "x.yaml");
            Files.delete(plan);
            Files.createFile(plan);
            assertThatThrownBy(() -> work.giveBack(taken)).isInstanceOf(IOException.class);
            Files.delete(plan);

            await().atMost(20, SECONDS).until(() -> rig.names("plan").contains("x.yaml"));
            assertThat(taken).doesNotExist();
        }
    }

    /** Between the look whether it still has the file, and the move, a thread can sleep for as long as a lease lasts. */
    @Test
    void should_leave_a_file_to_whoever_has_taken_it_over_at_the_last_moment() throws Exception {
        Path theirs = Files.createDirectories(data.resolve("work/other/inbox")).resolve("cs.yaml");
        Files.writeString(theirs, cs(1));
        try (Rig rig = Rig.start(data, Options.defaults(), Map.of("aep.inbox.enabled", "false"))) {
            Inbox inbox = rig.main().getCamelContext().getRegistry().lookupByNameAndType("aepInbox", Inbox.class);
            Work watched = inbox.begin("cs.yaml");
            TakenFile taken = inbox.read("cs.yaml", inbox.claim("cs.yaml", watched), watched);
            inbox.judge(taken, watched, "{}", null);
            inbox.document(taken, "{}", null);
            assertThat(rig.names("done")).containsExactly("cs.yaml.receipt.json");

            assertThat(rig.ledger().claim("cs.yaml")).isPresent();
            Files.createDirectories(theirs.getParent());
            Files.move(inWork().stream().filter(Files::isRegularFile).findFirst().orElseThrow(), theirs);
            assertThatThrownBy(() -> inbox.move(taken, "{}", null)).isInstanceOf(NoSuchFileException.class);

            assertThat(rig.names("done")).isEmpty();
            assertThat(theirs).hasContent(cs(1));

            Path receipt = Files.writeString(data.resolve("done/cs.yaml.receipt.json"), "{\"of\":\"the other\"}");
            Files.move(theirs, data.resolve("done/cs.yaml"));
            assertThatThrownBy(() -> inbox.move(taken, "{}", null)).isInstanceOf(NoSuchFileException.class);
            assertThat(receipt).hasContent("{\"of\":\"the other\"}");
            assertThat(rig.names("done")).containsExactly("cs.yaml", "cs.yaml.receipt.json");
        }
    }

    @Test
    void should_work_on_both_in_order_when_another_file_of_the_name_is_dropped_before_an_outage_is_over() throws Exception {
        try (Rig rig = Rig.start(data, Options.defaults(), Map.of("aep.redelivery.max", "0", "aep.inbox.pause", "300"))) {
            rig.simulator().faults().on("POST", "/flows", 1, Fault.hang());
            rig.simulator().faults().always("POST", "/flows", Fault.status(503));
            rig.drop("cs.yaml", cs(1));
            await().atMost(20, SECONDS).until(() -> rig.simulator().faults().held() == 1);
            rig.drop("cs.yaml", cs(2));
            rig.simulator().faults().release();
            await().atMost(20, SECONDS).until(() -> rig.requests("POST", "/flows").size() >= 3);
            assertThat(rig.requests(request -> request.text().contains("2 Creating"))).as("it is not its turn").isEmpty();

            rig.simulator().faults().clear();
            await().atMost(30, SECONDS).until(() -> rig.names("done").size() == 4);

            assertThat(Files.readString(data.resolve("done/cs.yaml"))).isEqualTo(cs(1));
            assertThat(Files.readString(data.resolve("done/cs.2.yaml"))).isEqualTo(cs(2));
            assertThat(rig.resources("flows")).hasSize(2);
            assertThat(rig.names("inbox")).isEmpty();
        }
    }

    @Test
    void should_let_a_file_be_withdrawn_that_waits_for_the_end_of_an_outage() throws Exception {
        try (Rig rig = Rig.start(data, Options.defaults(), Map.of("aep.redelivery.max", "0", "aep.inbox.pause", "1s"))) {
            rig.simulator().faults().always("POST", "/flows", Fault.status(503));
            rig.drop("cs.yaml", cs(1));
            Path waiting = data.resolve("inbox/cs.yaml");
            await().atMost(20, SECONDS).until(() -> !rig.requests("POST", "/flows").isEmpty() && Files.exists(waiting));
            assertThat(Files.readString(waiting)).isEqualTo(cs(1));
            Files.delete(waiting);
            rig.simulator().faults().clear();
            rig.drop("other.yaml", cs(2));
            await().atMost(30, SECONDS).until(() -> rig.names("done").contains("other.yaml"));

            assertThat(rig.resources("flows")).hasSize(1);
            assertThat(rig.names("inbox")).isEmpty();
        }
    }

    @Test
    void should_finish_what_a_killed_process_had_in_work_before_a_newer_file_of_the_name() throws Exception {
        try (Simulator platform = Simulator.start(Options.defaults())) {
            try (Ledger dying = new Ledger("jdbc:sqlite:" + data.resolve("ledger/ledger.db"), "", "", platform.options().orgId(),
                    Rig.SANDBOX, Duration.ofMinutes(5))) {
                dying.open();
                dying.parsed(dying.claim("cs.yaml").orElseThrow());
            }
            lay("work/dead/inbox/cs.yaml", cs(1));
            lay("work/dead/inbox/unclaimed.yaml", cs(3));   // killed between the release in the ledger and the way back
            lay("inbox/cs.yaml", cs(2));
            lay("inbox/a.yaml", cs(4));
            try (Rig rig = Rig.against(platform, data, Map.of())) {
                await().atMost(60, SECONDS).until(() -> rig.names("done").size() == 8);

                assertThat(Files.readString(data.resolve("done/cs.yaml"))).isEqualTo(cs(1));
                assertThat(Files.readString(data.resolve("done/cs.2.yaml"))).isEqualTo(cs(2));
                assertThat(rig.names("done")).contains("unclaimed.yaml", "a.yaml");
                assertThat(rig.resources("flows")).hasSize(4);
                assertThat(rig.resources("flows").get(0).path("name").asText()).startsWith("1 ");
                assertThat(rig.names("inbox")).isEmpty();
                assertThat(data.resolve("work/dead")).doesNotExist();
            }
        }
    }

    @Test
    void should_work_once_on_a_file_whose_way_back_was_cut_in_half() throws Exception {
        Path work = lay("work/dead/inbox/cs.yaml", cs(1));
        Files.createLink(Files.createDirectories(data.resolve("inbox")).resolve("cs.yaml"), work);
        try (Rig rig = Rig.start(data)) {
            await().atMost(30, SECONDS).until(() -> rig.names("done").contains("cs.yaml") && rig.names("inbox").isEmpty());

            assertThat(rig.names("done")).containsExactly("cs.yaml", "cs.yaml.receipt.json");
        }
    }

    @Test
    void should_give_back_to_the_plan_folder_what_was_taken_from_there_and_apply_nothing() throws Exception {
        lay("work/dead/plan/cs.yaml", cs(1));
        try (Rig rig = Rig.start(data)) {
            await().atMost(30, SECONDS).until(() -> rig.names("plan").contains("cs.yaml.plan.json"));

            assertThat(rig.names("plan")).containsExactly("cs.yaml", "cs.yaml.plan.json", "cs.yaml.plan.txt");
            assertThat(rig.resources("flows")).isEmpty();
        }
    }

    @Test
    void should_leave_a_file_of_two_names_alone_until_it_has_one() throws Exception {
        try (Rig rig = Rig.start(data); LogLines log = LogLines.of("aep.inbox")) {
            Path other = Files.writeString(data.resolve("other"), cs(1));
            Files.createLink(data.resolve("inbox/cs.yaml"), other);
            await().atMost(20, SECONDS).until(() -> log.contain("cs.yaml in the inbox has another name"));
            await().during(300, MILLISECONDS).until(() -> rig.requests().isEmpty());
            Files.delete(other);
            await().atMost(20, SECONDS).until(() -> rig.names("done").contains("cs.yaml"));

            assertThat(log.count("has another name")).isEqualTo(1);
        }
    }

    @Test
    @EnabledIf("hasElsewhere")
    void should_send_nothing_and_say_how_to_mend_it_when_files_cannot_be_renamed() throws Exception {
        Path elsewhere = Files.createTempDirectory(ELSEWHERE, "inbox");
        try (LogLines log = LogLines.of("aep.inbox")) {
            Files.createSymbolicLink(data.resolve("inbox"), elsewhere);
            Path file = Files.writeString(elsewhere.resolve("cs.yaml"), cs(1));
            try (Rig rig = Rig.start(data)) {
                await().atMost(20, SECONDS).until(() -> log.contain("cs.yaml cannot be worked on now (it cannot be renamed into work/"));

                assertThat(log.toString()).contains("Both folders must be on one file system");
                assertThat(rig.requests()).isEmpty();
                assertThat(Files.readString(file)).isEqualTo(cs(1));
            }
            Files.delete(file);
        } finally {
            Files.delete(elsewhere);
        }
    }

    static boolean hasElsewhere() throws IOException {
        return Files.isWritable(ELSEWHERE) && !Files.getFileStore(ELSEWHERE).equals(Files.getFileStore(Path.of(System.getProperty(
                "java.io.tmpdir"))));
    }

    private Path lay(String place, String content) throws IOException {
        Path file = data.resolve(place);
        Files.createDirectories(file.getParent());
        return Files.writeString(file, content);
    }

    private List<Path> inWork() throws IOException {
        try (Stream<Path> all = Files.walk(data.resolve("work"))) {
            return all.toList();
        }
    }

    private static String cs(int n) throws IOException {
        return Rig.example("customer-success", n);
    }
}
