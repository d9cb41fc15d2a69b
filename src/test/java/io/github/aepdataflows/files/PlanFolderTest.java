package io.github.aepdataflows.files;

import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.aepdataflows.Rig;
import io.github.aepdataflows.WriteGuard;
import io.github.aepdataflows.simulator.Fault;
import io.github.aepdataflows.simulator.Options;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Definitions dropped into {@code plan/}, and what lies beside them then. */
class PlanFolderTest {

    @TempDir
    Path data;

    private static void drop(Rig rig, String name, String content) throws IOException {
        Path folder = Files.createDirectories(rig.folder("plan"));
        Path part = Files.writeString(folder.resolve("." + name + ".tmp"), content);
        Files.move(part, folder.resolve(name), StandardCopyOption.REPLACE_EXISTING);
    }

    private static void awaitFile(Rig rig, String name) {
        await().atMost(30, SECONDS).until(() -> rig.names("plan").contains(name));
    }

    private static String plannedAt(Rig rig, String document) throws IOException {
        return rig.json("plan", document).path("plannedAt").asText();
    }

    private static int asked(Rig rig) {
        return rig.simulator().requests().all().size();
    }

    private static String cs(int n) throws IOException {
        return Rig.example("customer-success", n);
    }

    private static String name(int n) {
        return n + " Creating a dataflow for a Customer Success connector";
    }

    private static String cs() throws IOException {
        return Rig.example("customer-success");
    }

    @Test
    void should_write_the_plan_beside_the_definition_and_nothing_else() throws Exception {
        try (Rig rig = Rig.start(data)) {
            WriteGuard guard = WriteGuard.over(rig.simulator());
            Instant before = Instant.now();
            drop(rig, "cs.yaml", cs());
            awaitFile(rig, "cs.yaml.plan.json");

            assertThat(rig.names("plan")).containsExactly("cs.yaml", "cs.yaml.plan.json", "cs.yaml.plan.txt");
            assertThat(Files.readString(rig.folder("plan").resolve("cs.yaml"))).isEqualTo(cs());
            JsonNode plan = rig.json("plan", "cs.yaml.plan.json");
            assertThat(plan.path("file").asText()).isEqualTo("cs.yaml");
            assertThat(Instant.parse(plan.path("plannedAt").asText())).isBetween(before, Instant.now());
            assertThat(plan.path("empty").asBoolean()).isFalse();
            assertThat(plan.path("steps").findValuesAsText("action")).contains("create").doesNotContain("update");
            assertThat(Files.readString(rig.folder("plan").resolve("cs.yaml.plan.txt")))
                    .startsWith("cs.yaml: " + plan.path("dataflow").asText() + "\n  create source-connection\n")
                    .endsWith("\n  create flow\n");
            guard.assertNothingWritten();
            assertThat(rig.names("done")).isEmpty();
            assertThat(rig.ledger().dataflows()).isEmpty();
        }
    }

    @Test
    void should_plan_again_what_was_edited_and_nothing_that_was_not() throws Exception {
        try (Rig rig = Rig.start(data)) {
            assertThat(rig.provision(cs()).getException()).isNull();
            drop(rig, "cs.yaml", cs());
            drop(rig, "other.yaml", Rig.example("crm"));
            awaitFile(rig, "cs.yaml.plan.json");
            awaitFile(rig, "other.yaml.plan.json");
            assertThat(rig.json("plan", "cs.yaml.plan.json").path("empty").asBoolean()).isTrue();
            assertThat(Files.readString(rig.folder("plan").resolve("cs.yaml.plan.txt"))).isEqualTo("cs.yaml: no differences\n");
            String other = plannedAt(rig, "other.yaml.plan.json");
            int asked = asked(rig);
            await().during(500, MILLISECONDS).atMost(5, SECONDS).until(() -> asked(rig) == asked);

            drop(rig, "cs.yaml", cs().replace("interval: 15", "interval: 45"));
            await().atMost(30, SECONDS).until(() -> rig.names("plan").contains("cs.yaml.plan.json")
                    && !rig.json("plan", "cs.yaml.plan.json").path("empty").asBoolean());

            assertThat(Files.readString(rig.folder("plan").resolve("cs.yaml.plan.txt")))
                    .contains("update flow", "scheduleParams.interval: 15 -> 45");
            assertThat(plannedAt(rig, "other.yaml.plan.json")).isEqualTo(other);
        }
    }

    @Test
    void should_notice_a_change_that_neither_size_nor_time_shows_and_a_touch_that_changes_nothing() throws Exception {
        try (Rig rig = Rig.start(data)) {
            Path file = rig.folder("plan").resolve("cs.yaml");
            FileTime yesterday = FileTime.from(Instant.parse("2026-01-01T00:00:00Z"));
            drop(rig, "cs.yaml", cs());
            Files.setLastModifiedTime(file, yesterday);
            await().atMost(30, SECONDS).until(() -> rig.names("plan").contains("cs.yaml.plan.json")
                    && rig.json("plan", "cs.yaml.plan.json").at("/definition/modified").asText().equals("2026-01-01T00:00:00Z"));

            Path part = Files.writeString(file.resolveSibling(".part"), cs().replace("interval: 15", "interval: 45"));
            Files.setLastModifiedTime(part, yesterday);
            String digest = rig.json("plan", "cs.yaml.plan.json").at("/definition/sha256").asText();
            Files.move(part, file, StandardCopyOption.REPLACE_EXISTING);
            await().atMost(30, SECONDS).until(() -> rig.names("plan").contains("cs.yaml.plan.json")
                    && !rig.json("plan", "cs.yaml.plan.json").at("/definition/sha256").asText().equals(digest));

            Files.setLastModifiedTime(file, FileTime.from(Instant.parse("2026-01-02T00:00:00Z")));
            await().atMost(30, SECONDS).until(() -> rig.names("plan").contains("cs.yaml.plan.json")
                    && rig.json("plan", "cs.yaml.plan.json").at("/definition/modified").asText().equals("2026-01-02T00:00:00Z"));
        }
    }

    @Test
    void should_plan_the_others_while_the_file_of_a_field_group_cannot_be_read() throws Exception {
        Path groups = data.resolve("groups");
        try (Rig rig = Rig.start(data.resolve("data"), Options.defaults(), Map.of("aep.field-groups-dir", groups.toString()))) {
            drop(rig, "a.yaml", cs(1).replaceFirst("(?m)^( +)fieldGroups:.*\\n( +- .*\\n)*", "$1fieldGroups: [ { file: shops.yaml } ]\n"));
            drop(rig, "b.yaml", cs(2));
            awaitFile(rig, "b.yaml.plan.json");
            assertThat(rig.names("plan")).doesNotContain("a.yaml.plan.json", "a.yaml.error.json");

            Files.createDirectory(groups);
            Files.writeString(groups.resolve("shops.yaml"), "title: Shops\nfields: { shopId: string }\n");
            awaitFile(rig, "a.yaml.error.json");   // it names fields of another field group
            assertThat(rig.json("plan", "a.yaml.error.json").toString()).contains("is no field of the target schema");
        }
    }

    @Test
    void should_not_plan_again_after_a_restart() throws Exception {
        try (Rig rig = Rig.start(data)) {
            drop(rig, "cs.yaml", cs());
            drop(rig, "bad.yaml", "bad: [");
            awaitFile(rig, "cs.yaml.plan.json");
            awaitFile(rig, "bad.yaml.error.json");
        }
        try (Rig rig = Rig.start(data)) {
            String planned = plannedAt(rig, "cs.yaml.plan.json");
            String refused = plannedAt(rig, "bad.yaml.error.json");
            drop(rig, "z.yaml", Rig.example("crm"));   // comes after them
            awaitFile(rig, "z.yaml.plan.json");

            assertThat(plannedAt(rig, "cs.yaml.plan.json")).isEqualTo(planned);
            assertThat(plannedAt(rig, "bad.yaml.error.json")).isEqualTo(refused);
            Files.delete(rig.folder("plan").resolve("cs.yaml.plan.json"));
            awaitFile(rig, "cs.yaml.plan.json");
            assertThat(plannedAt(rig, "cs.yaml.plan.json")).isGreaterThan(planned);
        }
    }

    @Test
    void should_write_all_faults_and_in_their_place_the_plan_once_they_are_mended() throws Exception {
        try (Rig rig = Rig.start(data)) {
            drop(rig, "crm.yaml", Rig.example("crm").replace("interval: 30", "interval: 5")
                    .replace("source: first_name", "source: frist_name"));
            awaitFile(rig, "crm.yaml.error.json");

            JsonNode error = rig.json("plan", "crm.yaml.error.json");
            assertThat(error.path("category").asText()).isEqualTo("definition");
            assertThat(error.path("file").asText()).isEqualTo("crm.yaml");
            assertThat(error.path("faults").findValuesAsText("path")).containsExactly("mapping[0].source", "schedule.interval");
            assertThat(error.at("/faults/0/line").asInt()).isEqualTo(32);
            assertThat(error.at("/faults/0/nearest").asText()).isEqualTo("first_name");
            assertThat(error.at("/faults/1/code").asText()).isEqualTo("1362-400");

            drop(rig, "crm.yaml", Rig.example("crm"));
            awaitFile(rig, "crm.yaml.plan.json");
            assertThat(rig.names("plan")).containsExactly("crm.yaml", "crm.yaml.plan.json", "crm.yaml.plan.txt");

            drop(rig, "crm.yaml", "bad: [");
            awaitFile(rig, "crm.yaml.error.json");
            assertThat(rig.names("plan")).containsExactly("crm.yaml", "crm.yaml.error.json");
        }
    }

    @Test
    void should_plan_each_definition_of_a_file() throws Exception {
        try (Rig rig = Rig.start(data)) {
            WriteGuard guard = WriteGuard.over(rig.simulator());
            String second = name(2);
            drop(rig, "all.yaml", String.join("---\n", cs(1), cs(2).replace("interval: 15", "interval: 5"), cs(3)));
            awaitFile(rig, "all.yaml.plan.json");

            assertThat(rig.names("plan")).containsExactly("all.yaml", "all.yaml.plan.json", "all.yaml.plan.txt");
            JsonNode document = rig.json("plan", "all.yaml.plan.json");
            assertThat(document.properties()).extracting(Map.Entry::getKey).containsExactly("file", "plannedAt", "definition", "plans");
            assertThat(document.path("plans")).extracting(plan -> plan.path("dataflow").asText()).containsExactly(name(1), second, name(3));
            assertThat(document.path("plans")).extracting(plan -> plan.has("steps")).containsExactly(true, false, true);
            assertThat(document.at("/plans/1/category").asText()).isEqualTo("definition");
            assertThat(document.at("/plans/1/faults/0/path").asText()).isEqualTo("schedule.interval");
            int line = document.at("/plans/1/faults/0/line").asInt();
            assertThat(line).isGreaterThan(document.at("/plans/1/line").asInt()).isLessThan(document.at("/plans/2/line").asInt());
            assertThat(Files.readString(rig.folder("plan").resolve("all.yaml.plan.txt")))
                    .startsWith("all.yaml#" + name(1) + ": " + name(1) + "\n  create ")
                    .contains("\nall.yaml#" + second + ": the definition has a fault\n  line " + line + ": schedule.interval: 5 is below")
                    .contains("\nall.yaml#" + name(3) + ": " + name(3) + "\n").endsWith("\n  create flow\n");
            guard.assertNothingWritten();
            String planned = plannedAt(rig, "all.yaml.plan.json");
            drop(rig, "z.yaml", cs());
            awaitFile(rig, "z.yaml.plan.json");
            assertThat(plannedAt(rig, "all.yaml.plan.json")).as("is not planned again").isEqualTo(planned);
        }
    }

    @Test
    void should_write_the_faults_of_all_only_where_not_one_definition_of_a_file_can_be_planned() throws Exception {
        try (Rig rig = Rig.start(data)) {
            drop(rig, "all.yaml", String.join("---\n", cs(1), cs(2)).replace("interval: 15", "interval: 5"));
            awaitFile(rig, "all.yaml.error.json");

            JsonNode error = rig.json("plan", "all.yaml.error.json");
            assertThat(error.path("category").asText()).isEqualTo("definition");
            assertThat(error.path("plans")).extracting(plan -> plan.path("dataflow").asText()).containsExactly(name(1), name(2));
            assertThat(error.path("plans")).allSatisfy(plan -> assertThat(plan.path("faults")).hasSize(1));

            drop(rig, "all.yaml", String.join("---\n", cs(1), cs(2)));
            awaitFile(rig, "all.yaml.plan.json");
            assertThat(rig.names("plan")).containsExactly("all.yaml", "all.yaml.plan.json", "all.yaml.plan.txt");
        }
    }

    @Test
    void should_write_nothing_of_a_file_of_several_when_an_outage_breaks_in() throws Exception {
        try (Rig rig = Rig.start(data, Options.defaults(), Map.of("aep.redelivery.max", "0", "aep.inbox.pause", "300"))) {
            rig.simulator().faults().when(request -> request.path().startsWith("/data/") && asked(rig) > 8, Fault.status(503));
            drop(rig, "all.yaml", String.join("---\n", cs(1), cs(2), cs(3), cs(4), cs(5)));
            await().atMost(20, SECONDS).until(() -> asked(rig) > 10);
            assertThat(rig.names("plan")).containsExactly("all.yaml");

            rig.simulator().faults().clear();
            awaitFile(rig, "all.yaml.plan.json");
            assertThat(rig.json("plan", "all.yaml.plan.json").path("plans")).hasSize(5).allMatch(plan -> plan.has("steps"));
        }
    }

    @Test
    void should_write_what_the_platform_refuses() throws Exception {
        try (Rig rig = Rig.start(data)) {
            rig.simulator().faults().always("GET", "/flowSpecs",
                    Fault.answer(403, "application/json", "{\"errorMessage\":\"not for you\"}"));
            drop(rig, "cs.yaml", cs());
            awaitFile(rig, "cs.yaml.error.json");

            JsonNode error = rig.json("plan", "cs.yaml.error.json");
            assertThat(error.path("category").asText()).isEqualTo("rejected");
            assertThat(error.path("status").asInt()).isEqualTo(403);
            assertThat(error.path("message").asText()).contains("not for you");
        }
    }

    @Test
    void should_write_nothing_in_an_outage_and_plan_when_it_is_over() throws Exception {
        try (Rig rig = Rig.start(data, Options.defaults(), Map.of("aep.redelivery.max", "1"))) {
            rig.simulator().faults().always("POST", "/ims/token/v3", Fault.status(503));
            drop(rig, "cs.yaml", cs());
            await().atMost(20, SECONDS).until(() -> rig.requests("POST", "/ims/token/v3").size() >= 5);   // taken more than once
            assertThat(rig.names("plan")).containsExactly("cs.yaml");

            rig.simulator().faults().clear();
            awaitFile(rig, "cs.yaml.plan.json");
        }
    }

    @Test
    void should_leave_all_alone_for_the_pause_of_the_inbox_after_an_outage() throws Exception {
        try (Rig rig = Rig.start(data, Options.defaults(), Map.of("aep.inbox.pause", "1h", "aep.client-secret", "wrong"))) {
            for (int n = 0; n < 10; n++) {
                drop(rig, n + ".yaml", Rig.example("customer-success", n));
            }
            await().atMost(20, SECONDS).until(() -> !rig.requests("POST", "/ims/token/v3").isEmpty());
            await().during(1, SECONDS).atMost(20, SECONDS).until(() -> rig.requests("POST", "/ims/token/v3").size() <= 2);

            assertThat(rig.names("plan")).hasSize(10);
        }
    }

    @Test
    void should_take_neither_links_folders_dot_files_nor_documents_of_its_own() throws Exception {
        try (Rig rig = Rig.start(data)) {
            Path plan = Files.createDirectories(rig.folder("plan"));
            Path secret = Files.writeString(data.resolve("secret.yaml"), cs());
            Files.createSymbolicLink(plan.resolve("a-link.yaml"), secret);
            Files.createDirectories(plan.resolve("a-folder.yaml"));
            Files.writeString(plan.resolve(".a-hidden.yaml"), cs());
            Files.writeString(plan.resolve("a.yaml.plan.json"), "{}");
            String longName = "a".repeat(240) + ".yaml";
            Files.writeString(plan.resolve(longName), cs());
            drop(rig, "y.yaml", cs());
            awaitFile(rig, "y.yaml.plan.json");
            drop(rig, "z.yaml", Rig.example("crm"));   // one more look into the folder
            awaitFile(rig, "z.yaml.plan.json");

            assertThat(rig.names("plan")).containsExactlyInAnyOrder(".a-hidden.yaml", "a-folder.yaml", "a-link.yaml", "a.yaml.plan.json",
                    longName,
                    "y.yaml", "y.yaml.plan.json", "y.yaml.plan.txt", "z.yaml", "z.yaml.plan.json", "z.yaml.plan.txt");
        }
    }

    @Test
    void should_not_read_a_definition_before_its_writer_is_done() throws Exception {
        try (Rig rig = Rig.start(data, Options.defaults(), Map.of("aep.inbox.settle", "1s"))) {
            Path file = Files.createDirectories(rig.folder("plan")).resolve("cs.yaml");
            String part = cs().substring(0, 300);
            Files.writeString(file, part);
            await().during(300, MILLISECONDS).atMost(5, SECONDS).until(() -> rig.names("plan").equals(List.of("cs.yaml")));
            Files.writeString(file, cs());
            await().atMost(30, SECONDS).until(() -> rig.names("plan").size() > 1);

            awaitFile(rig, "cs.yaml.plan.json");
            assertThat(rig.names("plan")).doesNotContain("cs.yaml.error.json");
        }
    }

    @Test
    void should_try_again_what_could_not_be_written() throws Exception {
        try (Rig rig = Rig.start(data)) {
            Path inTheWay = Files.createDirectories(rig.folder("plan").resolve("cs.yaml.plan.txt/full"));
            drop(rig, "cs.yaml", cs());
            await().atMost(20, SECONDS).until(() -> asked(rig) > 5);
            await().during(500, MILLISECONDS).atMost(5, SECONDS).until(() -> !rig.names("plan").contains("cs.yaml.plan.json"));
            assertThat(rig.names("plan")).doesNotContain("cs.yaml.error.json");

            Files.delete(inTheWay);
            Files.delete(inTheWay.getParent());
            awaitFile(rig, "cs.yaml.plan.json");
        }
    }

    @Test
    void should_bring_nobody_back_who_was_withdrawn() throws Exception {
        try (Rig rig = Rig.start(data)) {
            rig.simulator().faults().on("GET", "/flowSpecs", 1, Fault.hang());
            drop(rig, "cs.yaml", cs());
            await().atMost(20, SECONDS).until(() -> rig.simulator().faults().held() == 1);
            Files.delete(rig.folder("plan").resolve("cs.yaml"));
            rig.simulator().faults().release();
            drop(rig, "z.yaml", Rig.example("crm"));
            awaitFile(rig, "z.yaml.plan.json");

            assertThat(rig.names("plan")).allMatch(name -> name.startsWith("z.yaml"));
        }
    }

    @Test
    void should_be_off_when_the_inbox_is() throws Exception {
        try (Rig rig = Rig.start(data, Options.defaults(), Map.of("aep.inbox.enabled", "false"))) {
            assertThat(rig.main().getCamelContext().getRouteController().getRouteStatus("aep-plan-folder").isStarted()).isFalse();
        }
        try (Rig rig = Rig.start(data)) {
            assertThat(rig.main().getCamelContext().getRouteController().getRouteStatus("aep-plan-folder").isStarted()).isTrue();
        }
    }
}
