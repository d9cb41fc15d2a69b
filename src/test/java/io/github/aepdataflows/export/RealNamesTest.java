package io.github.aepdataflows.export;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.aepdataflows.Rig;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Flows with the names that people and the Platform's own pages give them. */
class RealNamesTest {

    private static final String IN_40_DAYS = "{epoch seconds, in 40 days}";

    private ExportRig export;
    private final Map<String, String> flows = new LinkedHashMap<>();   // id to name

    @BeforeEach
    void make(@TempDir Path data) throws Exception {
        export = ExportRig.start(data);
        Map<String, String> answers = new LinkedHashMap<>();
        long start = export.rig().simulator().clock().instant().getEpochSecond() + 40 * 86_400;
        for (JsonNode call : Rig.JSON.readTree(Path.of("src/test/resources/cases/04-names-of-real-flows/existing.json").toFile())) {
            String body = call.path("body").toString().replace(IN_40_DAYS, String.valueOf(start));
            for (Map.Entry<String, String> answer : answers.entrySet()) {
                body = body.replace(answer.getKey(), answer.getValue());
            }
            JsonNode made = export.hand().post("/data/foundation/" + call.path("path").asText(), body);
            String id = made.isArray() ? made.path(0).asText().substring("@/dataSets/".length())
                    : made.path("$id").asText(made.path("id").asText());
            answers.put(call.path("answers").asText(), id);
            if (call.path("path").asText().endsWith("/flows")) {
                flows.put(id, call.at("/body/name").asText());
            }
        }
    }

    @AfterEach
    void stop() throws Exception {
        export.close();
    }

    private List<String> named(String name) {
        return flows.entrySet().stream().filter(flow -> flow.getValue().equals(name)).map(Map.Entry::getKey).toList();
    }

    private void adoptAndPlan(String wanted, String id) throws Exception {
        String exported = ExportRig.text(export.export(wanted));
        var adopted = export.adopt(wanted);

        assertThat(ExportRig.report(adopted).path("flow").asText()).isEqualTo(id);
        assertThat(ExportRig.text(adopted)).isEqualTo(exported);
        assertThat(Rig.yaml(exported).path("name").asText()).matches("[A-Za-z0-9][A-Za-z0-9 ._-]{0,99}");
        export.assertNothingToDo(exported, id);
        assertThat(ExportRig.text(export.export(id))).as("it is called the same from now on").isEqualTo(exported);
    }

    @Test
    void should_export_adopt_and_plan_every_flow() throws Exception {
        assertThat(flows).hasSize(10);
        int before = export.asked();
        for (Map.Entry<String, String> flow : flows.entrySet()) {
            adoptAndPlan(named(flow.getValue()).size() > 1 ? flow.getKey() : flow.getValue(), flow.getKey());
        }

        assertThat(export.writesSince(before)).isEmpty();
        assertThat(export.rig().ledger().dataflows()).hasSize(10);
    }

    @Test
    void should_name_both_of_two_flows_of_one_name() {
        assertThat(export.export("Same name").getException()).isInstanceOf(ExportException.class)
                .hasMessageContainingAll(named("Same name").toArray(String[]::new));
    }

    @Test
    void should_rename_a_flow_and_keep_its_dataflow() throws Exception {
        String definition = ExportRig.text(export.adopt("Leads & Accounts"));
        String renamed = definition.replace("flowName: Leads & Accounts", "flowName: \"Größe, [1] \\\"x\\\" 100%\"");

        assertThat(export.rig().apply(renamed).path("outcome").asText()).isEqualTo("updated");

        assertThat(export.rig().resources("flows")).extracting(flow -> flow.path("name").asText())
                .contains("Größe, [1] \"x\" 100%").doesNotContain("Leads & Accounts");
        assertThat(export.plan(renamed).path("empty").asBoolean()).isTrue();
        assertThat(ExportRig.text(export.export(Rig.yaml(definition).path("name").asText()))).as("by the name of the dataflow")
                .isEqualTo(ExportRig.text(export.export("Größe, [1] \"x\" 100%")));
    }

    @Test
    void should_make_a_flow_of_any_name_once() throws Exception {
        String definition = Files.readString(Path.of("config/examples/customer-success.yaml"))
                .replaceFirst("(?m)^name: .*", "name: key\nflowName: '[1] & \"ä\", b==c'");

        assertThat(export.rig().apply(definition).at("/outcome").asText()).isEqualTo("created");
        assertThat(export.rig().apply(definition).at("/outcome").asText()).isEqualTo("unchanged");
        assertThat(Stream.of("[1] & \"ä\", b==c", "key").map(export::export).map(ExportRig::text).distinct()).hasSize(1);
    }
}
