package io.github.aepdataflows;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.aepdataflows.definition.Definition;
import io.github.aepdataflows.platform.AepHeaders;
import java.lang.reflect.Field;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.camel.Exchange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the README shows and promises is what there is. */
class ReadmeTest {

    private final String readme;

    ReadmeTest() throws Exception {
        readme = Files.readString(Path.of("README.md"));
    }

    @Test
    void should_list_every_setting_with_its_default() throws Exception {
        Map<String, String> listed = table("(?m)^\\| `(aep\\.[a-z.-]+)` \\| (?:`([^`]*)` )?\\|", readme);
        Map<String, String> actual = table("(?m)^(aep\\.[a-z.-]+) += ?(.*)$", Files.readString(Path.of("config/application.properties")));
        for (String required : new String[] {"aep.client-id", "aep.client-secret", "aep.org-id", "aep.sandbox"}) {
            actual.put(required, "");
        }

        assertThat(listed).isEqualTo(actual);
    }

    private static Map<String, String> table(String pattern, String text) {
        Map<String, String> rows = new TreeMap<>();
        Matcher row = Pattern.compile(pattern).matcher(text);
        while (row.find()) {
            rows.put(row.group(1), row.group(2) == null ? "" : row.group(2).strip());
        }
        return rows;
    }

    @Test
    void should_show_a_definition_that_is_provisioned(@TempDir Path data) throws Exception {
        String definition = block("yaml");
        try (Rig rig = Rig.start(data)) {
            Exchange done = rig.provision(definition);

            assertThat(done.getException()).isNull();
            assertThat(done.getVariable("aepDefinition", Definition.class).name()).isEqualTo("Service accounts");
            assertThat(rig.resources("flows")).hasSize(1);
        }
    }

    @Test
    void should_show_faults_as_they_are_reported(@TempDir Path data) throws Exception {
        try (Rig rig = Rig.start(data)) {
            Exchange refused = rig.provision(Rig.example("crm").replace("connector: salesforce", "connector: salesfroce")
                    .replace("source: first_name", "source: frist_name").replace("interval: 30", "interval: 5"));

            assertThat(refused.getException().getMessage().lines()).hasSize(3).allSatisfy(fault -> assertThat(readme).contains(fault));
        }
    }

    @Test
    void should_name_every_id_header() throws Exception {
        for (Field field : AepHeaders.class.getFields()) {
            assertThat(readme).contains("`" + field.get(null) + "`");
        }
    }

    @Test
    void should_name_only_files_that_exist() {
        Matcher path = Pattern.compile("`((?:config|routes)/[a-z./-]+)`").matcher(readme);
        int found = 0;
        while (path.find()) {
            found++;
            assertThat(Path.of(path.group(1))).exists();
        }
        assertThat(found).isGreaterThan(8);
    }

    private String block(String language) {
        Matcher block = Pattern.compile("(?s)```" + language + "\n(.*?)```").matcher(readme);
        assertThat(block.find()).isTrue();
        return block.group(1);
    }
}
