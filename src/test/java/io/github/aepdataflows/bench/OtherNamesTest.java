package io.github.aepdataflows.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.aepdataflows.simulator.Options;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What lies in the folders beside definitions, with a locale in which not every name can be read. */
class OtherNamesTest {

    private static final List<String> OTHERS = List.of("crm.yaml~", "crm.yaml.bak", "crm.yaml.tmp", "crm.yaml.filepart",
            "crm.yaml.receipt.json", "README", "archive", "folder.yaml");
    private static final String UNREADABLE = "größe.yaml";

    @TempDir
    Path folder;

    @Test
    void should_leave_other_names_alone_and_name_each_once() throws Exception {
        try (Bench bench = new Bench(folder.resolve("data"), Options.defaults()).set("aep.inbox.delay", "20ms")) {
            String definition = Definitions.crm("one");
            for (String place : List.of("inbox", "plan")) {
                Path inside = Files.createDirectories(bench.data().resolve(place));
                Files.writeString(Files.createDirectories(inside.resolve("archive")).resolve("old.yaml"), definition);
                Files.writeString(Files.createDirectories(inside.resolve("folder.yaml")).resolve("old.yaml"), definition);
                for (String name : OTHERS) {
                    if (!Files.exists(inside.resolve(name))) {
                        Files.writeString(inside.resolve(name), definition.substring(0, 300));   // the first half of a transfer
                    }
                }
                Files.writeString(inside.resolve(UNREADABLE), definition);
            }
            try (Child child = Child.start(bench, Map.of("log4j2.configurationFile", "config/log4j2.properties"),
                    Map.of("LC_ALL", "POSIX"))) {
                bench.drop("one.yaml", definition);
                awaitDone(bench, "one.yaml");
                Path part = bench.data().resolve("inbox/crm.yaml.filepart");
                Files.writeString(part, definition.substring(300), StandardOpenOption.APPEND);
                bench.drop("two.yaml", Definitions.crm("two"));
                awaitDone(bench, "two.yaml");
                plan(bench, "two.yaml");

                assertThat(bench.names("inbox")).hasSize(OTHERS.size() + 1).containsAll(OTHERS).contains(UNREADABLE);
                assertThat(bench.names("failed")).isEmpty();
                assertThat(bench.names("plan")).hasSize(OTHERS.size() + 4);
                for (String name : OTHERS) {
                    assertThat(count(child.log(), name + " in the inbox ")).as(name + child.log()).isEqualTo(1);
                    assertThat(count(child.log(), name + " in the plan folder ")).as(name).isEqualTo(1);
                }
                assertThat(count(child.log(), "has a name that this process cannot read")).isEqualTo(2);
                assertThat(child.log()).doesNotContain("Exception");

                Files.move(part, part.resolveSibling("crm.yaml"));
                await().atMost(Bench.PATIENCE).until(() -> bench.names("done").contains("crm.yaml.receipt.json"));
            }
        }
    }

    private static void awaitDone(Bench bench, String file) {
        await().atMost(Bench.PATIENCE).until(() -> bench.names("done").contains(file + ".receipt.json"));
    }

    private static void plan(Bench bench, String file) throws IOException {
        Path plan = bench.data().resolve("plan");
        Files.move(Files.writeString(plan.resolve(".part"), Definitions.crm("two")), plan.resolve(file));
        await().atMost(Bench.PATIENCE).until(() -> Files.exists(plan.resolve(file + ".plan.json")));
    }

    private static int count(String text, String part) {
        return text.split(Pattern.quote(part), -1).length - 1;
    }
}
