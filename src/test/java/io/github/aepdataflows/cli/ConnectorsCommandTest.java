package io.github.aepdataflows.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.aepdataflows.Rig;
import io.github.aepdataflows.TestMain;
import io.github.aepdataflows.WriteGuard;
import io.github.aepdataflows.simulator.Fault;
import io.github.aepdataflows.simulator.Options;
import io.github.aepdataflows.simulator.Simulator;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.camel.main.Main;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The list of connectors, and what has become of it at the Platform. */
class ConnectorsCommandTest {

    @TempDir
    Path data;

    private Simulator simulator;
    private Terminal terminal;

    @BeforeEach
    void start() throws Exception {
        simulator = Simulator.start(Options.defaults().withClientSecret(Rig.MARKER + "&cli"));
        terminal = Terminal.of(simulator, data);
    }

    @AfterEach
    void stop() throws Exception {
        simulator.close();
    }

    private static JsonNode table() throws IOException {
        return Rig.yaml(Files.readString(Path.of("config/connectors.yaml")));
    }

    /** Connection specs that say of each connector what the table says. */
    private static ArrayNode specs() throws IOException {
        ArrayNode specs = Rig.JSON.createArrayNode();
        table().properties().forEach(connector -> {
            JsonNode entry = connector.getValue();
            ObjectNode spec = specs.addObject().put("id", entry.path("connectionSpecId").asText()).put("name", connector.getKey());
            spec.putObject("attributes").put("isSource", true);
            if (entry.has("params")) {
                spec.putObject("exploreSpec").put("type", entry.path("flowSpec").asText().equals("CRMToAEP") ? "Tabular" : "FileSystem");
            }
            ArrayNode auth = spec.putArray("authSpec");
            entry.path("auth").forEach(each -> {
                ObjectNode schema = auth.addObject().put("name", each.path("specName").asText()).putObject("spec");
                schema.set("required", each.path("required"));
                ObjectNode properties = schema.putObject("properties");
                each.path("required").forEach(param -> properties.putObject(param.asText()));
                each.path("optional").forEach(param -> properties.putObject(param.asText()));
            });
        });
        specs.addObject().put("id", "c604ff05-7f1a-43c0-8e18-33bf874cb11c").put("name", "data lake");   // no source
        return specs;
    }

    private static ObjectNode spec(ArrayNode specs, String name) {
        for (JsonNode spec : specs) {
            if (spec.path("name").asText().equals(name)) {
                return (ObjectNode) spec;
            }
        }
        throw new AssertionError(name);
    }

    private void platformHas(ArrayNode specs) {
        simulator.faults().always("GET", "/connectionSpecs", Fault.body("{\"items\": %s}".formatted(specs)));
    }

    @Test
    void should_list_the_connectors_without_a_setting() throws Exception {
        Terminal unset = Terminal.unset();

        assertThat(unset.type("connectors")).isZero();
        assertThat(unset.out().lines().toList()).hasSize(table().size() + 2)
                .anyMatch(line -> line.matches("amazon-s3 +Amazon S3 +cloudStorage +ecadc60c-7455-4d87-84dc-2a0e293d997b"
                        + " +Access Key; IAMRole Based"))
                .last().isEqualTo(table().size() + " connectors");
        assertThat(unset.type("connectors", "--json")).isZero();
        JsonNode listed = unset.json().path("connectors");
        assertThat(listed).hasSize(table().size());
        for (JsonNode connector : listed) {
            JsonNode entry = table().path(connector.path("connector").asText());
            assertThat(connector.path("name")).isEqualTo(entry.path("name"));
            assertThat(connector.path("connectionSpecId")).isEqualTo(entry.path("connectionSpecId"));
            assertThat(connector.path("auth").findValuesAsText("specName")).isEqualTo(entry.path("auth").findValuesAsText("specName"));
        }
    }

    /** A mistake in the file stops a program that would work with it, and no command that needs none of it. */
    @Test
    void should_read_the_table_only_where_it_is_needed() throws Exception {
        Path broken = Files.writeString(data.resolve("connectors.yaml"), "salesforce: { name: Salesforce }\n");
        Map<String, String> settings = new HashMap<>(Rig.settings(simulator, data));
        settings.put("aep.connectors", "file:" + broken);

        assertThat(Terminal.with(settings).type("status")).isZero();
        Main main = TestMain.with(settings);
        assertThatThrownBy(main::start).rootCause().hasMessageContaining("connectors.yaml: salesforce: connectionSpecId");
        main.stop();
    }

    @Test
    void should_find_no_difference_where_the_platform_has_what_the_table_has() throws Exception {
        platformHas(specs());
        WriteGuard guard = WriteGuard.over(simulator);

        assertThat(terminal.type("connectors", "--refresh")).as(terminal.out()).isZero();
        assertThat(terminal.out()).isEqualTo(table().size() + " connectors compared, differences: 0" + System.lineSeparator());
        assertThat(terminal.type("connectors", "--refresh", "--json")).isZero();
        assertThat(terminal.json().path("equal").asBoolean()).isTrue();
        guard.assertNothingWritten();
    }

    @Test
    void should_take_no_connection_spec_at_all_for_no_answer() throws Exception {
        platformHas(Rig.JSON.createArrayNode());

        assertThat(terminal.type("connectors", "--refresh")).isEqualTo(AepDataflows.FAILURE);
        assertThat(terminal.err()).contains("the Platform lists no connection spec at all");
    }

    @Test
    void should_name_each_difference_to_the_connection_specs_of_the_platform() throws Exception {
        ArrayNode specs = specs();
        ObjectNode s3 = spec(specs, "amazon-s3");
        ObjectNode accessKey = (ObjectNode) s3.at("/authSpec/0/spec");
        ((ObjectNode) accessKey.path("properties")).remove("folderPath");
        ((ObjectNode) accessKey.path("properties")).putObject("region");
        ((ObjectNode) accessKey.path("properties")).putObject("partition");
        ((ArrayNode) accessKey.path("required")).removeAll().add("s3AccessKey").add("bucketName").add("region");
        ((ObjectNode) s3.at("/authSpec/1")).put("name", "IAM Role");
        ((ObjectNode) spec(specs, "salesforce").path("exploreSpec")).put("type", "FileSystem");
        spec(specs, "sftp").put("id", "00000000-0000-4000-8000-000000000000").put("name", "sftp-2");
        platformHas(specs);

        assertThat(terminal.type("connectors", "--refresh")).isEqualTo(AepDataflows.DIFFERENCES);

        List<String> lines = new ArrayList<>(terminal.out().lines().toList());
        assertThat(lines.remove(lines.size() - 1)).isEqualTo(table().size() + " connectors compared, differences: 10");
        assertThat(lines).containsExactlyInAnyOrder(
                "amazon-s3: a param of auth spec Access Key is not required any more: s3SecretKey",
                "amazon-s3: a param of auth spec Access Key is required now: bucketName",
                "amazon-s3: a param of auth spec Access Key is not there any more: folderPath",
                "amazon-s3: a param of auth spec Access Key is new, and required: region",
                "amazon-s3: a param of auth spec Access Key is new: partition",
                "amazon-s3: auth spec IAMRole Based is not there any more",
                "amazon-s3: auth spec IAM Role is new; it needs bucketName",
                "salesforce: it holds files, by its exploreSpec",
                "sftp: the Platform has no such connection spec",
                "00000000-0000-4000-8000-000000000000: sftp-2 is not listed");
    }
}
