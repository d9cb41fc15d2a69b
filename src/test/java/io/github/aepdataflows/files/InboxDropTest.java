package io.github.aepdataflows.files;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.aepdataflows.Rig;
import io.github.aepdataflows.simulator.Options;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files that are dropped from the page. */
class InboxDropTest {

    private static final int DROPS = 40;

    @TempDir
    Path data;

    /** As two instances do that share the folders. */
    @Test
    void should_keep_all_that_is_dropped_under_one_name_at_the_same_time() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(2);
        try (Rig rig = Rig.start(data, Options.defaults(), Map.of("aep.inbox.enabled", "false"))) {
            List<Future<String>> names = new ArrayList<>();
            for (int n = 0; n < DROPS; n++) {
                String content = "number: %d\n".formatted(n);
                InboxDrop drop = new InboxDrop(new DataFolder(rig.settings()));
                names.add(threads.submit(() -> drop.drop("x.yaml", content.getBytes(StandardCharsets.UTF_8))));
            }
            for (int n = 0; n < DROPS; n++) {
                assertThat(rig.folder("inbox").resolve(names.get(n).get())).hasContent("number: %d\n".formatted(n));
            }
            try (Stream<Path> files = Files.list(rig.folder("inbox"))) {
                assertThat(files).as("nothing else is left there").hasSize(DROPS);
            }
        } finally {
            threads.shutdown();
        }
    }

    @Test
    void should_drop_a_refused_definition_once_more_beside_one_of_its_name() throws Exception {
        try (Rig rig = Rig.start(data, Options.defaults(), Map.of("aep.inbox.enabled", "false"))) {
            InboxDrop drop = new InboxDrop(new DataFolder(rig.settings()));
            Files.createDirectories(rig.folder("failed"));
            Files.writeString(rig.folder("failed").resolve("x.yaml"), "refused");
            Files.writeString(rig.folder("failed").resolve("x.yaml.error.json"), "{}");
            assertThat(drop.drop("x.yaml", "new".getBytes(StandardCharsets.UTF_8))).isEqualTo("x.yaml");

            assertThat(drop.dropAgain("x.yaml")).isEqualTo("x.2.yaml");

            assertThat(rig.names("inbox")).containsExactly("x.2.yaml", "x.yaml");
            assertThat(rig.folder("inbox").resolve("x.2.yaml")).hasContent("refused");
            assertThat(rig.names("failed")).isEmpty();
        }
    }
}
