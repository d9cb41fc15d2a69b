package io.github.aepdataflows.export;

import static io.github.aepdataflows.export.ExportRig.text;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.aepdataflows.Rig;
import io.github.aepdataflows.simulator.Request;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The bodies that Adobe's tutorials for sources print ({@code src/test/resources/bodies}): a definition makes each of them, field for
 * field, and a flow that was made of them by hand is exported as a definition that finds nothing to do.
 */
class TutorialBodiesTest {

    private static final JsonNode TUTORIALS = tutorials();
    private static final String FLOW_SERVICE = "/data/foundation/flowservice";
    private static final String DATA_LAKE = "{\"id\": \"c604ff05-7f1a-43c0-8e18-33bf874cb11c\", \"version\": \"1.0\"}";
    private static final String FULL = "application/vnd.adobe.xed-full+json;version=1";

    /** In the tutorials of batch sources; those of the seeds and of self-serve sources name the format, too. */
    private static final String TARGET = "{\"data\": {\"schema\": {\"id\": \"{schema}\", \"version\": \"%s\"}}}".formatted(FULL);

    private static ExportRig export;

    @BeforeAll
    static void start(@TempDir Path data) throws Exception {
        export = ExportRig.start(data);
        TUTORIALS.properties().forEach(tutorial -> {
            if (tutorial.getValue().has("spec")) {
                export.rig().simulator().addBaseConnection(Rig.SANDBOX, base(tutorial.getKey()), "Base of " + tutorial.getKey(),
                        tutorial.getValue().path("spec").asText());
            }
        });
    }

    @AfterAll
    static void stop() throws Exception {
        export.close();
    }

    private static JsonNode tutorials() {
        try (InputStream in = TutorialBodiesTest.class.getResourceAsStream("/bodies/tutorials.yaml")) {
            return Rig.yaml(new String(in.readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static Stream<String> names() {
        return TUTORIALS.properties().stream().map(Map.Entry::getKey);
    }

    private static String base(String name) {
        return UUID.nameUUIDFromBytes(name.getBytes(StandardCharsets.UTF_8)).toString();
    }

    private static ObjectNode filled(String text, String name, Map<String, String> ids) throws IOException {
        String body = text.replace("{base}", base(name));
        for (Map.Entry<String, String> id : ids.entrySet()) {
            body = body.replace("{" + id.getKey() + "}", id.getValue());
        }
        return (ObjectNode) Rig.json(body);
    }

    private static ObjectNode definition(String name) {
        JsonNode tutorial = TUTORIALS.path(name);
        ObjectNode definition = tutorial.path("definition").deepCopy();
        definition.put("apiVersion", "aep-dataflows/v1").put("name", name);
        if (tutorial.has("spec")) {
            ((ObjectNode) definition.path("source")).put("baseConnectionId", base(name));
        }
        ObjectNode target = definition.putObject("target");
        target.putObject("schema").put("title", "Schema of " + name).put("class", "https://ns.adobe.com/xdm/context/profile")
                .putArray("fieldGroups").add("https://ns.adobe.com/xdm/context/profile-person-details");
        target.putObject("dataset").put("name", "Dataset of " + name);
        definition.set("mapping", tutorial.path("mapping"));
        if (tutorial.path("mapping").isObject()) {
            ArrayNode mapping = definition.putArray("mapping");
            tutorial.path("mapping").properties().forEach(rule ->
                    mapping.addObject().put("source", rule.getKey()).put("destination", rule.getValue().asText()));
        }
        return definition;
    }

    private static ObjectNode sent(String collection) throws IOException {
        List<Request> requests = export.rig().requests("POST", collection);
        return (ObjectNode) Rig.json(requests.get(requests.size() - 1).text());
    }

    /** Numbers and booleans, which the tutorials write as texts. */
    private static void typed(ObjectNode schedule) {
        for (String field : List.of("startTime", "interval")) {
            if (schedule.has(field)) {
                schedule.put(field, schedule.path(field).asInt());
            }
        }
        if (schedule.has("backfill")) {
            schedule.put("backfill", schedule.path("backfill").asBoolean());
        }
    }

    @ParameterizedTest
    @MethodSource("names")
    void should_send_the_bodies_of_the_tutorial(String name) throws Exception {
        JsonNode tutorial = TUTORIALS.path(name);
        JsonNode receipt = export.rig().apply(definition(name).toString());
        Map<String, String> ids = Map.of("schema", receipt.at("/resources/targetSchema").asText(),
                "mapping", receipt.at("/resources/mappingSet").asText());

        ObjectNode source = filled((tutorial.has("sent") ? tutorial.path("sent") : tutorial.path("source")).toString(), name, ids);
        assertThat(sent("/sourceConnections")).isEqualTo(source.put("name", name + " source"));

        ObjectNode target = filled(TARGET, name, ids).put("name", name + " target");
        ((ObjectNode) target.path("data")).put("format", "parquet_xdm");
        target.putObject("params").put("dataSetId", receipt.at("/resources/targetDataset").asText());
        target.set("connectionSpec", Rig.json(DATA_LAKE));
        assertThat(sent("/targetConnections")).isEqualTo(target);

        ObjectNode flow = filled(tutorial.path("flow").toString(), name, ids).put("name", name);
        flow.putArray("sourceConnectionIds").add(receipt.at("/resources/sourceConnection").asText());
        flow.putArray("targetConnectionIds").add(receipt.at("/resources/targetConnection").asText());
        typed((ObjectNode) flow.path("scheduleParams"));
        assertThat(Rig.json(sent("/flows").toString())).isEqualTo(Rig.json(flow.toString()));
    }

    /** Makes the flow of a tutorial, with names of its own; returns its id. */
    private static String byHand(String name, String flowName, String target) throws IOException {
        return byHand(TUTORIALS.path(name), name, flowName, target);
    }

    private static String byHand(JsonNode tutorial, String name, String flowName, String target) throws IOException {
        ByHand hand = export.hand();
        String schema = hand.schema();
        String dataset = hand.dataset(schema, "Dataset of " + flowName);
        ObjectNode source = filled(tutorial.path("source").toString(), name, Map.of()).put("name", "Source of " + flowName);
        ObjectNode end = filled(target, name, Map.of("schema", schema)).put("name", "Target of " + flowName);
        end.putObject("params").put("dataSetId", dataset);
        end.set("connectionSpec", Rig.json(DATA_LAKE));
        List<String> pairs = new ArrayList<>();
        tutorial.path("mapping").properties().forEach(rule -> pairs.addAll(List.of(rule.getKey(), rule.getValue().asText())));
        ObjectNode flow = filled(tutorial.path("flow").toString(), name, pairs.isEmpty() ? Map.of()
                : Map.of("mapping", hand.mapping(schema, pairs.toArray(String[]::new)))).put("name", flowName);
        flow.putArray("sourceConnectionIds").add(hand.postJson(FLOW_SERVICE + "/sourceConnections", source.toString()).path("id").asText());
        flow.putArray("targetConnectionIds").add(hand.postJson(FLOW_SERVICE + "/targetConnections", end.toString()).path("id").asText());
        return hand.postJson(FLOW_SERVICE + "/flows", flow.toString()).path("id").asText();
    }

    private static void assertNothingToDo(String flow, String name) throws Exception {
        int before = export.asked();
        String exported = text(export.export(flow));
        JsonNode plan = export.plan(exported);

        assertThat(plan.path("empty").asBoolean()).as("%s%n%s", exported, plan.toPrettyString()).isTrue();
        assertThat(export.writesSince(before)).isEmpty();
        JsonNode source = Rig.yaml(exported).path("source");
        JsonNode expected = TUTORIALS.path(name).at("/definition/source");
        for (String field : List.of("connector", "connectionSpecId", "tableName", "path", "params", "format", "type", "recursive",
                "columnDelimiter", "encoding", "compressionType", "cdcEnabled")) {
            assertThat(source.path(field)).as("%s of%n%s", field, exported).isEqualTo(expected.path(field));
        }
        assertThat(source.has("filters")).as(exported).isEqualTo(expected.has("filters"));
    }

    @ParameterizedTest
    @MethodSource("names")
    void should_export_a_flow_of_the_tutorial_that_was_made_by_hand(String name) throws Exception {
        JsonNode target = TUTORIALS.path(name).path("target");
        String flow = byHand(name, name + " by hand", target.isMissingNode() ? TARGET : target.toString());

        assertNothingToDo(flow, name);
    }

    @Test
    void should_leave_out_the_headers_by_which_a_rest_api_knows_its_caller() throws Exception {
        export.rig().simulator().addBaseConnection(Rig.SANDBOX, base("generic"), "Base of generic", "4e98f16f-87d6-4ef0-bdc6-7a2b0fe76e62");
        ObjectNode tutorial = TUTORIALS.path("zendesk").deepCopy();
        ObjectNode source = (ObjectNode) tutorial.path("source");
        source.put("baseConnectionId", base("generic")).set("params", Rig.yaml("{ urlParams: { path: /a }, contentPath: { path: items },"
                + " paginationParams: { type: NONE }, scheduleParams: {}, headerParams: { Authorization: c4nary-of-a-header } }"));
        ((ObjectNode) source.path("connectionSpec")).put("id", "4e98f16f-87d6-4ef0-bdc6-7a2b0fe76e62");
        tutorial.set("mapping", Rig.json("{\"Id\": \"_id\"}"));
        String flow = byHand(tutorial, "zendesk", "Generic by hand", tutorial.path("target").toString());

        String exported = text(export.export(flow));

        assertThat(exported).contains("source connection params.headerParams").doesNotContain("c4nary-of-a-header");
        assertThat(Rig.yaml(exported).at("/source/params/urlParams/path").asText()).isEqualTo("/a");
        assertThat(export.plan(exported).path("empty").asBoolean()).isTrue();
    }

    /** What pages, partners and Adobe's own client write for one and the same target connection. */
    @ParameterizedTest
    @ValueSource(strings = {
        "{\"data\": {\"schema\": {\"id\": \"{schema}\", \"version\": \"application/vnd.adobe.xed-full+json;version=1\"}}}",
        "{\"data\": {\"schema\": {\"id\": \"{schema}\", \"version\": \"application/vnd.adobe.xed-full+json;version=1.0\"}}}",
        "{\"data\": {\"schema\": {\"id\": \"{schema}\", \"version\": \"application/vnd.adobe.xed-full-notext+json; version=1\"}}}",
        "{\"data\": {\"format\": \"parquet_xdm\", \"schema\": {\"id\": \"{schema}\", \"version\": \"1.0\"}}}",
        "{\"data\": {\"format\": \"json\", \"schema\": {\"id\": \"{schema}\", \"version\": \"application/vnd.adobe.xed+json;version=1\"}}}",
        "{\"data\": {\"format\": \"json\"}}",
        "{\"data\": {\"format\": \"parquet_xdm\"}}",
        "{\"data\": {\"format\": \"parquet_xdm\", \"schema\": null}}"})
    void should_find_no_difference_to_any_form_of_a_target_connection(String target) throws Exception {
        String flow = byHand("zendesk", "Target " + Math.abs(target.hashCode()), target);

        assertNothingToDo(flow, "zendesk");
    }
}
