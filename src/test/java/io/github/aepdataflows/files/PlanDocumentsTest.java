package io.github.aepdataflows.files;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.aepdataflows.Rig;
import io.github.aepdataflows.simulator.Options;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is written beside a definition in {@code plan/}. */
class PlanDocumentsTest {

    private static final int TIMES = 100;

    @TempDir
    Path data;

    @Test
    void should_be_whole_whenever_they_are_looked_at_though_two_instances_write_them() throws Exception {
        try (Rig rig = Rig.start(data, Options.defaults(), Map.of("aep.inbox.enabled", "false"))) {
            DataFolder folder = rig.main().getCamelContext().getRegistry().lookupByNameAndType("aepData", DataFolder.class);
            Path definition = Files.writeString(Files.createDirectories(rig.folder("plan")).resolve("x.yaml"), "x");
            ObjectNode plan = Rig.JSON.createObjectNode().put("padding", "a".repeat(200_000));
            plan.set("definition", new PlanDocuments(folder, new WorkFolder(folder)).read(definition).edition());

            List<CompletableFuture<Void>> writers = Stream.of(1, 2).map(writer -> CompletableFuture.runAsync(() -> {
                PlanDocuments documents = new PlanDocuments(folder, new WorkFolder(folder));
                for (int n = 0; n < TIMES; n++) {
                    write(documents, definition, plan);
                }
            })).toList();
            CompletableFuture<Void> all = CompletableFuture.allOf(writers.toArray(CompletableFuture[]::new));
            int looks = 0;
            while (!all.isDone()) {
                try {
                    assertThat(Rig.json(Files.readString(rig.folder("plan").resolve("x.yaml.plan.json")))).isEqualTo(plan);
                    looks++;
                } catch (NoSuchFileException e) {
                    // just then it is not there
                }
            }
            all.get(60, TimeUnit.SECONDS);

            assertThat(looks).isPositive();
            assertThat(rig.names("plan")).containsExactly("x.yaml", "x.yaml.plan.json", "x.yaml.plan.txt");
            assertThat(new PlanDocuments(folder, new WorkFolder(folder)).tellOf(definition)).isTrue();
        }
    }

    private static void write(PlanDocuments documents, Path definition, ObjectNode plan) {
        try {
            documents.writePlan(definition, plan, "x.yaml: no differences\n");
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }
}
