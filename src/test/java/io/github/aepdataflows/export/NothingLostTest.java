package io.github.aepdataflows.export;

import static io.github.aepdataflows.export.ExportRig.text;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.aepdataflows.Rig;
import io.github.aepdataflows.Rigs;
import io.github.aepdataflows.plan.PlanText;
import io.github.aepdataflows.resource.Kinds;
import io.github.aepdataflows.simulator.Fault;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.StreamSupport;
import org.apache.camel.Exchange;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a flow has that its definition does not say is still there when the flow is changed or made again, or the plan names it. */
class NothingLostTest {

    private static final String FILTERED = "bq filtered 2";

    @RegisterExtension
    static final Rigs RIGS = new Rigs();

    private ExportRig export;

    @BeforeEach
    void start() throws Exception {
        export = ExportRig.oneOf(RIGS);
    }

    @AfterEach
    void stop() throws Exception {
        export.close();
    }

    /** The definition of case 03 without what it could say of filters and of an end. */
    private String filtered() throws Exception {
        CaseFlows.make(export, "03-replace-loses");
        return withAnotherColumn(text(export.adopt(FILTERED)));
    }

    private static String withAnotherColumn(String definition) throws IOException {
        ObjectNode edited = (ObjectNode) Rig.yaml(definition);
        ((ObjectNode) edited.path("source")).remove("filters");
        ((ObjectNode) edited.path("schedule")).remove("endTime");
        ((ArrayNode) edited.at("/source/columns")).addObject().put("name", "Phone").put("type", "string");
        return edited.put("allowReplace", true).toString();
    }

    private ObjectNode newest(String collection) {
        List<ObjectNode> all = export.rig().resources(collection);
        return all.get(all.size() - 1);
    }

    @Test
    void should_carry_over_filters_and_end_to_what_takes_the_place_of_a_source_connection_and_a_flow() throws Exception {
        String definition = filtered();
        ObjectNode source = newest("sourceConnections");
        ObjectNode flow = newest("flows");

        JsonNode plan = export.plan(definition);
        export.rig().apply(definition);

        assertThat(PlanText.text("f", plan)).contains("replace source-connection", "    carries over: params.filters\n",
                "replace flow", "    carries over: scheduleParams.endTime\n");
        assertThat(newest("sourceConnections").path("id")).isNotEqualTo(source.path("id"));
        assertThat(newest("sourceConnections").at("/params/columns")).hasSize(3);
        assertThat(newest("sourceConnections").at("/params/filters")).isNotEmpty().isEqualTo(source.at("/params/filters"));
        assertThat(newest("flows").path("id")).isNotEqualTo(flow.path("id"));
        assertThat(newest("flows").at("/scheduleParams/endTime")).isEqualTo(flow.at("/scheduleParams/endTime"));
        assertThat(export.plan(definition).path("empty").asBoolean()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"sourceConnections", "flows"})
    void should_find_what_was_made_with_that_when_its_answer_was_lost(String collection) throws Exception {
        String definition = filtered();
        int before = export.rig().resources(collection).size();
        export.rig().simulator().faults().on("POST", "/flowservice/" + collection, 1, Fault.reset().afterCommit());

        export.rig().apply(definition);

        assertThat(export.rig().resources(collection)).hasSize(before + 1);
        assertThat(newest("sourceConnections").at("/params/filters")).isNotEmpty();
        assertThat(newest("flows").at("/scheduleParams/endTime").asText()).isNotEmpty();
        assertThat(export.plan(definition).path("empty").asBoolean()).isTrue();
    }

    @Test
    void should_name_what_cannot_be_carried_over() throws Exception {
        String flow = HandMade.DELIMITED.by(export.hand());
        ObjectNode edited = (ObjectNode) Rig.yaml(text(export.adopt(flow)));
        ObjectNode source = (ObjectNode) edited.path("source");
        source.remove(List.of("columnDelimiter", "properties", "compressionType"));
        source.put("format", "json").put("path", "/landing/accounts.json");

        JsonNode plan = export.plan(edited.put("allowReplace", true).toString());

        JsonNode replaced = step(plan, "source-connection");
        assertThat(replaced.path("carriesOver").toString()).isEqualTo("[\"data.properties.compressionType\"]");
        assertThat(replaced.path("loses").toString()).isEqualTo("[\"data.columnDelimiter\"]");
        assertThat(PlanText.text("f", plan)).contains("    loses: data.columnDelimiter\n");
    }

    private static JsonNode step(JsonNode plan, String step) {
        return StreamSupport.stream(plan.path("steps").spliterator(), false).filter(one -> one.path("step").asText().equals(step))
                .findFirst().orElseThrow();
    }

    static IntStream seeds() {
        return IntStream.range(0, Integer.getInteger("bench.changes", 3) + 2);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void should_keep_or_name_every_field_whatever_is_changed(int seed) throws Exception {
        Random random = new Random(seed);
        Map<String, Map<String, JsonNode>> extras = new LinkedHashMap<>();
        String flow = strange(random, extras);
        Exchange adopted = export.adopt(flow);
        String definition = text(adopted);
        for (Map.Entry<String, Map<String, JsonNode>> kind : extras.entrySet()) {
            kind.getValue().forEach((path, value) -> assertThat(definition.contains("#   %s %s".formatted(kind.getKey(), path)))
                    .isEqualTo(!kind.getKey().equals("mapping set") || !value.isBoolean() || value.asBoolean()));
        }
        ObjectNode edited = (ObjectNode) Rig.yaml(definition);
        for (int round = 0; round < 2; round++) {
            edit(edited, random, round);
            String wanted = edited.put("allowReplace", true).toString();
            JsonNode plan = export.plan(wanted);
            export.rig().apply(wanted);

            for (Map.Entry<String, Map<String, JsonNode>> kind : extras.entrySet()) {
                String step = kind.getKey().replace(' ', '-');
                kind.getValue().forEach((path, value) -> {
                    boolean named = step(plan, step).path("loses").toString().contains("\"" + path + "\"");
                    assertThat(named || value.equals(at(used(step), path))).as("%s %s of %s, plan %s", kind.getKey(), path, used(step),
                            plan.toPrettyString()).isTrue();
                });
            }
            assertThat(export.plan(wanted).path("empty").asBoolean()).isTrue();
        }
    }

    /** One of the changes that need an update, a PUT, or another source connection, target connection or flow. */
    private static void edit(ObjectNode definition, Random random, int round) {
        switch (random.nextInt(5)) {
            case 0 -> definition.put("description", "Changed " + round);
            case 1 -> ((ObjectNode) definition.at("/mapping/1")).put("source", round == 0 ? "Phone" : "Id");
            case 2 -> ((ArrayNode) definition.at("/source/columns")).addObject().put("name", round == 0 ? "Industry" : "CreatedDate")
                    .put("type", "string");
            case 3 -> ((ObjectNode) definition.path("schedule")).put("interval", 30 + round);
            default -> ((ObjectNode) definition.path("target")).put("name", "Other target " + round);
        }
    }

    /** The resource that the newest flow uses. */
    private ObjectNode used(String step) {
        ObjectNode flow = newest("flows");
        String id = switch (step) {
            case "source-connection" -> flow.at("/sourceConnectionIds/0").asText();
            case "target-connection" -> flow.at("/targetConnectionIds/0").asText();
            case "mapping-set" -> flow.at("/transformations/1/params/mappingId").asText();
            default -> flow.path("id").asText();
        };
        String collection = Kinds.of(step).collection().replaceFirst(".*/", "");
        return export.rig().resources(collection).stream().filter(one -> one.path("id").asText().equals(id)).findFirst().orElseThrow();
    }

    /** Of a path as a plan names it: elements of lists are named. */
    private static JsonNode at(JsonNode document, String path) {
        JsonNode here = document;
        for (String part : path.split("\\.(?![^\\[]*])")) {
            String[] names = part.replace("]", "").split("\\[", 2);
            here = here.path(names[0]);
            if (names.length == 2) {
                here = StreamSupport.stream(here.spliterator(), false).filter(element -> element.path("destination").asText()
                        .equals(names[1]) || element.path("name").asText().equals(names[1])).findFirst().orElseThrow();
            }
        }
        return here;
    }

    /** A flow with fields of tomorrow at some levels; those are told, with their values, by kind and path. */
    private String strange(Random random, Map<String, Map<String, JsonNode>> extras) throws Exception {
        String schema = export.hand().schema();
        ObjectNode source = (ObjectNode) Rig.json("""
                {"name": "Strange", "baseConnectionId": "%s", "data": {"format": "tabular", "properties": {}},
                 "params": {"tableName": "Account", "columns": [
                  {"name": "Id", "type": "string", "xdm": {"type": "string"}},
                  {"name": "Name", "type": "string", "xdm": {"type": "string"}},
                  {"name": "Phone", "type": "string", "xdm": {"type": "string"}}]},
                 "connectionSpec": {"id": "%s", "version": "1.0"}}""".formatted(ByHand.SALESFORCE_BASE, ByHand.SALESFORCE));
        add(random, extras, "source connection", source, "", "data", "data.properties", "params", "params.columns[Name]",
                "params.columns[Phone]");
        ObjectNode target = (ObjectNode) Rig.json("""
                {"name": "Strange", "params": {"dataSetId": "%s"}, "data": {"format": "parquet_xdm", "schema": {"id": "%s",
                 "version": "application/vnd.adobe.xed-full+json;version=1"}}, "connectionSpec": {"id": "%s", "version": "1.0"}}"""
                .formatted(export.hand().dataset(schema, "Strange"), schema, ByHand.DATA_LAKE));
        add(random, extras, "target connection", target, "", "data", "params", "data.schema");
        ObjectNode mapping = (ObjectNode) Rig.json("""
                {"version": 0, "xdmSchema": "%s", "xdmVersion": "1.0", "id": null, "mappings": [
                 {"destination": "_id", "destinationXdmPath": "_id", "sourceAttribute": "Id", "identity": false},
                 {"destination": "person.name.fullName", "destinationXdmPath": "person.name.fullName", "sourceAttribute": "Name",
                  "identity": false}]}""".formatted(schema));
        add(random, extras, "mapping set", mapping, "", "mappings[_id]", "mappings[person.name.fullName]");
        ObjectNode flow = (ObjectNode) Rig.json("""
                {"name": "STRANGE", "flowSpec": {"id": "14518937-270c-4525-bdec-c2ba7cce3860", "version": "1.0"}, "transformations": [
                 {"name": "Copy", "params": {"deltaColumn": {"name": "LastModifiedDate"}}}, {"name": "Mapping", "params": {}}],
                 "options": {"errorDiagnosticsEnabled": true}, "scheduleParams": {"startTime": 1893456000, "frequency": "minute",
                 "interval": 15}}""");
        add(random, extras, "flow", flow, "", "options", "scheduleParams", "transformations[Copy].params",
                "transformations[Mapping].params", "transformations[Copy].params.deltaColumn");
        flow.putArray("sourceConnectionIds").add(export.hand().postJson(path("sourceConnections"), source.toString()).path("id").asText());
        flow.putArray("targetConnectionIds").add(export.hand().postJson(path("targetConnections"), target.toString()).path("id").asText());
        ((ObjectNode) flow.at("/transformations/1/params")).put("mappingId", export.hand()
                .postJson("/data/foundation/conversion/mappingSets", mapping.toString()).path("id").asText()).put("mappingVersion", 0);
        return export.hand().postJson(path("flows"), flow.toString()).path("id").asText();
    }

    private static String path(String collection) {
        return "/data/foundation/flowservice/" + collection;
    }

    private static void add(Random random, Map<String, Map<String, JsonNode>> extras, String kind, ObjectNode body, String... places)
            throws IOException {
        List<String> values = new ArrayList<>(List.of("\"x\"", "7", "true", "false", "{\"type\": \"PQL\", \"value\": [1, {\"a\": null}]}",
                "[\"one\", {\"b\": 2}]", "{\"name\": \"n\"}"));
        for (String place : places) {
            if (random.nextInt(3) > 0) {
                JsonNode value = Rig.json(values.get(random.nextInt(values.size())));
                String name = List.of("ofTomorrow", "labels", "filters2", "description2").get(random.nextInt(4));
                ((ObjectNode) (place.isEmpty() ? body : at(body, place))).set(name, value);
                extras.computeIfAbsent(kind, key -> new LinkedHashMap<>()).put(place.isEmpty() ? name : place + "." + name, value);
            }
        }
    }
}
