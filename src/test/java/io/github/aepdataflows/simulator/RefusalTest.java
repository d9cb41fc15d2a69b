package io.github.aepdataflows.simulator;

import static io.github.aepdataflows.simulator.Client.CATALOG;
import static io.github.aepdataflows.simulator.Client.CONVERSION;
import static io.github.aepdataflows.simulator.Client.FLOW_SERVICE;
import static io.github.aepdataflows.simulator.Client.REGISTRY;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.io.IOException;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The validation matrix: what is refused, with which status, and a word that the answer must contain (mostly the code). */
class RefusalTest {

    private static final String NOBODY = "00000000-1111-2222-3333-444444444444";
    private static final String SALESFORCE =
        "\"connectionSpec\":{\"id\":\"cfc0fee1-7dc0-40ef-b73e-d8b134c436f5\",\"version\":\"1.0\"}";

    private static Simulator simulator;
    private static Client client;
    private static Chain chain;
    private static String flow;
    private static String etag;

    @BeforeAll
    static void start() throws IOException {
        simulator = Simulator.start(Options.defaults());
        client = Client.of(simulator);
        chain = Chain.create(client);
        flow = chain.flow();
        etag = client.get(FLOW_SERVICE + "/flows/" + flow).item().path("etag").asText();
    }

    @AfterAll
    static void stop() throws IOException {
        simulator.close();
    }

    private interface Attempt extends Function<Client, Client.Reply> {
    }

    private static Arguments row(String what, int status, String word, Attempt attempt) {
        return arguments(what, status, word, attempt);
    }

    private static Attempt flow(String old, String changed) {
        return flow(() -> chain.flowBody(), old, changed);
    }

    private static Attempt once(String old, String changed) {
        return flow(() -> chain.onceFlowBody(), old, changed);
    }

    private static Attempt flow(Supplier<String> body, String old, String changed) {
        return caller -> {
            String broken = body.get().replaceAll(old, changed);
            assertThat(broken).isNotEqualTo(body.get());
            return caller.post(FLOW_SERVICE + "/flows", broken);
        };
    }

    private static Attempt source(String old, String changed) {
        return caller -> caller.post(FLOW_SERVICE + "/sourceConnections", Chain.sourceBody().replaceAll(old, changed));
    }

    private static Attempt target(String old, String changed) {
        return caller -> caller.post(FLOW_SERVICE + "/targetConnections",
            Chain.targetBody(chain.schemaId(), chain.dataSetId()).replaceAll(old, changed));
    }

    private static Attempt get(String path) {
        return caller -> caller.get(path);
    }

    private static Attempt flows(String query) {
        return get(FLOW_SERVICE + "/flows?" + query);
    }

    private static Attempt patch(String operation, String path, String value) {
        return caller -> caller.patch(FLOW_SERVICE + "/flows/" + flow, etag,
            "[{\"op\":\"" + operation + "\",\"path\":\"" + path + "\",\"value\":" + value + "}]");
    }

    private static Attempt connection(String body) {
        return caller -> caller.post(FLOW_SERVICE + "/connections", body);
    }

    static Stream<Arguments> bodies() {
        return Stream.of(
            row("no content type", 400, "A valid content-type", caller ->
                caller.with("Content-Type", "").send("POST", FLOW_SERVICE + "/flows", "{}")),
            row("other content type", 400, "A valid content-type", caller ->
                caller.with("Content-Type", "text/plain").send("POST", CATALOG + "/dataSets", "{}")),
            row("empty body", 400, "1405-400", caller -> caller.post(FLOW_SERVICE + "/flows", "")),
            row("malformed JSON", 400, "/placeholder/type/uri", caller -> caller.post(FLOW_SERVICE + "/flows", "{\"a\":1,}")),
            row("trailing text", 400, "/placeholder/type/uri", caller -> caller.post(FLOW_SERVICE + "/flows", "{} x")),
            row("array body", 400, "/placeholder/type/uri", caller -> caller.post(FLOW_SERVICE + "/flows", "[]")));
    }

    static Stream<Arguments> connections() {
        return Stream.of(
            row("no name", 400, "1304-400", connection("{" + SALESFORCE + "}")),
            row("unknown spec", 400, "1413-400",
                connection("{\"name\":\"x\",\"connectionSpec\":{\"id\":\"x\",\"version\":\"1\"}}")),
            row("no spec version", 422, "'version' is required",
                connection("{\"name\":\"x\",\"connectionSpec\":{\"id\":\"cfc0fee1-7dc0-40ef-b73e-d8b134c436f5\"}}")),
            row("no auth", 400, "1415-400", connection("{\"name\":\"x\"," + SALESFORCE + "}")),
            row("auth field missing", 400, "1304-400", connection("{\"name\":\"x\"," + SALESFORCE
                + ",\"auth\":{\"specName\":\"Basic Authentication\",\"params\":{\"username\":\"u\"}}}")),
            row("in use", 400, "1418-400", caller -> caller.delete(FLOW_SERVICE + "/connections/" + Chain.SERVICE_CLOUD_BASE)),
            row("source in use", 400, "1447-400", caller ->
                caller.delete(FLOW_SERVICE + "/sourceConnections/" + chain.sourceId())),
            row("target in use", 400, "1447-400", caller ->
                caller.delete(FLOW_SERVICE + "/targetConnections/" + chain.targetId())),
            row("unknown id", 404, "connections not found with id = [" + NOBODY + "]",
                get(FLOW_SERVICE + "/connections/" + NOBODY)),
            row("source without name", 400, "1304-400", source("\"name\": \"Customer source\", ", "")),
            row("source without base", 400, "1304-400", source("\"baseConnectionId\": \"[^\"]*\", ", "")),
            row("source with unknown base", 404, "connections not found", source(Chain.SERVICE_CLOUD_BASE, NOBODY)),
            row("source without spec", 422, "'id' is required", source(",\\s*\"connectionSpec\".*}", "}")),
            row("source with another spec than its base", 400, "1305-400",
                source(Chain.SERVICE_CLOUD, "eb13cb25-47ab-407f-ba89-c0125281c563")),
            row("source format unknown", 400, "1327-400", source("tabular", "xml")),
            row("source format absent", 400, "1327-400", source("\"format\": \"tabular\"", "")),
            row("source of 2020 without its schema", 400, "schema not found", source("tabular", "parquet_xdm")),
            row("delimiter of two characters", 400, "1331-400",
                source("\"format\": \"tabular\"", "\"format\": \"delimited\", \"columnDelimiter\": \"||\"")),
            row("source without table", 400, "1304-400", source("\"tableName\": \"Account\", ", "")),
            row("file source without path", 400, "1304-400", source("tabular", "delimited")),
            row("source with an empty list of columns", 400, "1330-400", source("\"columns\": \\[", "\"columns\": [], \"others\": [")),
            row("column without type", 400, "1304-400", source("\"name\": \"Id\", \"type\": \"string\"", "\"name\": \"Id\"")),
            row("target without data", 400, "1304-400", target("\"data\"", "\"dat\"")),
            row("target with the source's spec", 400, "1307-400", target(Chain.DATA_LAKE, Chain.SERVICE_CLOUD)),
            row("target with an unknown spec", 400, "1413-400", target(Chain.DATA_LAKE, NOBODY)),
            row("target without dataset", 400, "1325-400", target("\"dataSetId\"", "\"datasetId\"")),
            row("target with unknown dataset", 400, "invalid dataset id",
                target("\"dataSetId\": \"[^\"]*\"", "\"dataSetId\": \"x\"")),
            row("target with unknown schema", 400, "schema not found", target("/schemas/", "/schemes/")),
            row("target with schema version 2", 400, "version 1 only", target("version=1", "version=2")),
            row("target with unknown base", 404, "connections not found",
                target("\"name\"", "\"baseConnectionId\": \"" + NOBODY + "\", \"name\"")));
    }

    static Stream<Arguments> flows() {
        return Stream.of(
            row("state", 400, "1410-400", flow("\"name\": \"Customers\"", "\"name\": \"Customers\", \"state\": \"enabled\"")),
            row("no name", 400, "1304-400", flow("\"name\": \"Customers\", ", "")),
            row("unknown flow spec", 400, "1413-400", flow(Chain.TABLES, NOBODY)),
            row("flow spec for files", 400, "1305-400", flow(Chain.TABLES, "9753525b-82c7-4dce-8a9b-5ccfce2b9876")),
            row("no source", 400, "1320-400", flow("\"sourceConnectionIds\": \\[[^]]*]", "\"sourceConnectionIds\": []")),
            row("no target", 400, "1320-400", flow("\"targetConnectionIds\": \\[[^]]*],", "")),
            row("id of nothing", 400, "1338-400", flow("\"sourceConnectionIds\": \\[[^]]*]", "\"sourceConnectionIds\": [null]")),
            row("two sources", 400, "1321-400",
                flow("\"sourceConnectionIds\": \\[", "\"sourceConnectionIds\": [\"" + NOBODY + "\", ")),
            row("unknown source", 404, "sourceConnections not found",
                flow("\"sourceConnectionIds\": \\[[^]]*]", "\"sourceConnectionIds\": [\"" + NOBODY + "\"]")),
            row("unknown target", 404, "targetConnections not found",
                flow("\"targetConnectionIds\": \\[[^]]*]", "\"targetConnectionIds\": [\"" + NOBODY + "\"]")),
            row("no mapping", 400, "1370-400", flow("\"Mapping\"", "\"Copy\"")),
            row("mapping params null", 400, "1328-400", flow("\"params\": \\{\"mappingId\".*?}", "\"params\": null")),
            row("mapping id null", 400, "1329-400", flow("\"mappingId\": \"[^\"]*\"", "\"mappingId\": null")),
            row("unknown mapping", 400, "1419-400", flow("\"mappingId\": \"[^\"]*\"", "\"mappingId\": \"x\"")),
            row("unknown mapping version", 400, "1412-400", flow("\"mappingVersion\": 0", "\"mappingVersion\": 1")),
            row("mapping of another schema", 400, "1425-400", caller -> {
                String other = Chain.mappingSet(caller, Chain.schema(caller, "Another schema"));
                return flow("\"mappingId\": \"[^\"]*\"", "\"mappingId\": \"" + other + "\"").apply(caller);
            }),
            row("unknown transformation", 400, "no transformation", flow("\"Copy\"", "\"Move\"")),
            row("no schedule", 400, "1317-400", flow("\"scheduleParams\": \\{[^}]*}", "\"scheduleParams\": {}")),
            row("start in the past", 400, "1360-400", flow("\"startTime\": \"\\d*\"", "\"startTime\": \"1590792316\"")),
            row("start missing", 400, "1318-400", flow("\"startTime\": \"\\d*\", ", "")),
            row("start as a date", 400, "1318-400", flow("\"startTime\": \"\\d*\"", "\"startTime\": \"2030-01-01\"")),
            row("frequency unknown", 400, "1397-400", flow("\"minute\"", "\"month\"")),
            row("14 minutes", 400, "1362-400", flow("\"15\"", "\"14\"")),
            row("interval missing", 400, "1363-400", flow("\"interval\": \"15\", ", "")),
            row("interval of half an hour", 400, "1363-400", flow("\"15\"", "0.5")),
            row("interval zero", 400, "1394-400", flow("\"15\"", "0")),
            row("backfill no boolean", 400, "1318-400", flow("\"true\"", "\"yes\"")),
            row("once with interval", 400, "1361-400", once("\"once\"", "\"once\", \"interval\": 15")),
            row("once with backfill", 400, "1364-400", once("\"once\"", "\"once\", \"backfill\": true")),
            row("once with deltaColumn", 400, "1369-400", once("\"transformations\": \\[", """
                "transformations": [{"name": "Copy", "params": {"deltaColumn": {"name": "x"}}},""")),
            row("recurring without deltaColumn", 400, "1367-400", flow("\\{\"name\": \"Copy\".*\\n", "")),
            row("deltaColumn without name", 400, "1318-400", flow("\"name\": \"CreatedDate\", ", "")),
            row("copy mode", 400, "1368-400", flow("\"deltaColumn\": \\{[^}]*}", "\"mode\": \"append\"")),
            row("options of a wrong type", 400, "1318-400",
                flow("\"description\"", "\"options\": {\"partialIngestionPercent\": 0}, \"description\"")));
    }

    static Stream<Arguments> changes() {
        return Stream.of(
            row("no etag", 400, "1403-400", caller -> caller.patch(FLOW_SERVICE + "/flows/" + flow, "",
                "[{\"op\":\"replace\",\"path\":\"/name\",\"value\":\"x\"}]")),
            row("stale etag", 412, "Supplied version=[\\\"stale\\\"]", caller -> caller.patch(FLOW_SERVICE + "/flows/" + flow,
                "\"stale\"", "[{\"op\":\"replace\",\"path\":\"/name\",\"value\":\"x\"}]")),
            row("etag without quotes", 412, "does not match", caller -> caller.patch(FLOW_SERVICE + "/flows/" + flow,
                etag.replace("\"", ""), "[{\"op\":\"replace\",\"path\":\"/name\",\"value\":\"x\"}]")),
            row("op move", 400, "1434-400", patch("move", "/name", "\"x\"")),
            row("no array", 400, "1434-400", caller -> caller.patch(FLOW_SERVICE + "/flows/" + flow, etag, "{}")),
            row("unknown path", 400, "1365-400", patch("replace", "/state", "\"disabled\"")),
            row("nothing there", 400, "1455-400", patch("replace", "/transformations/7", "{}")),
            row("break a rule", 400, "1362-400", patch("replace", "/scheduleParams/interval", "3")),
            row("connection spec", 400, "1414-400", caller -> {
                String target = FLOW_SERVICE + "/targetConnections/" + chain.targetId();
                return caller.patch(target, caller.get(target).item().path("etag").asText(),
                    "[{\"op\":\"replace\",\"path\":\"/connectionSpec/id\",\"value\":\"x\"}]");
            }),
            row("enable what is enabled", 400, "1422-400", caller ->
                caller.send("POST", FLOW_SERVICE + "/flows/" + flow + "/action?op=enable", "")),
            row("unknown action", 400, "1421-400", caller ->
                caller.send("POST", FLOW_SERVICE + "/flows/" + flow + "/action?op=explode", "")),
            row("subOp", 400, "1436-400", caller ->
                caller.send("POST", FLOW_SERVICE + "/flows/" + flow + "/action?op=disable&subOp=APPLY", "")),
            row("delete unknown flow", 404, "flows not found", caller -> caller.delete(FLOW_SERVICE + "/flows/" + NOBODY)));
    }

    static Stream<Arguments> lists() {
        return Stream.of(
            row("tilde", 400, "1440-400", flows("property=name~x")),
            row("unknown operator", 400, "1450-400", flows("property=name!>x")),
            row("no operator", 400, "1450-400", flows("property=name")),
            row("list with an order", 400, "1443-400", flows("property=createdAt>1,2")),
            row("order of ids", 400, "1448-400", flows("property=id>1")),
            row("no value", 400, "1453-400", flows("property=name==")),
            row("no number", 400, "1452-400", flows("property=createdAt>yesterday")),
            row("unknown field", 400, "1449-400", flows("property=colour==red")),
            row("unknown parameter", 400, "1451-400", flows("page=2")),
            row("unknown parameter of specs", 400, "1451-400", get(FLOW_SERVICE + "/flowSpecs?limit=1")),
            row("sort prefix", 400, "1432-400", flows("orderby=!name")),
            row("sort field", 400, "1433-400", flows("orderby=colour")),
            row("count with limit", 400, "1401-400", flows("count=true&limit=1")),
            row("limit zero", 400, "1452-400", flows("limit=0")),
            row("no token of ours", 400, "1452-400", flows("continuationToken=zzz")));
    }

    static Stream<Arguments> others() {
        return Stream.of(
            row("schema title taken", 400, "XDM-1521-400", caller -> caller.post(REGISTRY + "/tenant/classes", """
                {"title": "Customers", "allOf": [{"$ref": "https://ns.adobe.com/xdm/data/record"}]}""")),
            row("unknown $ref", 404, "XDM-1010-404", caller -> caller.post(REGISTRY + "/tenant/schemas", """
                {"title": "x", "allOf": [{"$ref": "https://ns.adobe.com/xdm/context/nothing"}]}""")),
            row("two classes", 400, "exactly one class", caller -> caller.post(REGISTRY + "/tenant/schemas", """
                {"title": "x", "allOf": [{"$ref": "https://ns.adobe.com/xdm/context/profile"},
                                         {"$ref": "https://ns.adobe.com/xdm/context/experienceevent"}]}""")),
            row("schema without title", 400, "title and allOf", caller -> caller.post(REGISTRY + "/tenant/schemas", """
                {"allOf": [{"$ref": "https://ns.adobe.com/xdm/context/profile"}]}""")),
            row("list without Accept", 400, "XDM-1006-400", get(REGISTRY + "/tenant/schemas")),
            row("list with a version", 400, "XDM-1006-400", caller ->
                caller.with("Accept", "application/vnd.adobe.xed+json; version=1").get(REGISTRY + "/tenant/schemas")),
            row("look-up without version", 400, "XDM-1007-400", caller -> caller
                .with("Accept", "application/vnd.adobe.xed+json").get(REGISTRY + "/tenant/schemas/" + altId())),
            row("schema in use", 400, "in use", caller -> caller.delete(REGISTRY + "/tenant/schemas/" + altId())),
            row("dataset without name", 400, "name is required", caller -> caller.post(CATALOG + "/dataSets", "{}")),
            row("dataset of no schema", 400, "/placeholder/type/uri", caller -> caller.post(CATALOG + "/dataSets",
                "{\"name\":\"x\",\"schemaRef\":{\"id\":\"x\",\"contentType\":\"application/vnd.adobe.xed+json;version=1\"}}")),
            row("profile dataset, plain schema", 400, "schema should be valid", caller -> caller.post(CATALOG + "/dataSets", """
                {"name": "x", "tags": {"unifiedProfile": ["enabled:true"]}, "schemaRef": {"id": "%s",
                 "contentType": "application/vnd.adobe.xed+json;version=1"}}""".formatted(chain.schemaId()))),
            row("catalog limit", 400, "between 1 and 100", get(CATALOG + "/dataSets?limit=0")),
            row("unknown dataset", 404, "no dataset", get(CATALOG + "/dataSets/000000000000000000000000")),
            row("mapping to no schema", 400, "DATAPREP-1000-400", caller -> caller.post(CONVERSION + "/mappingSets",
                "{\"xdmSchema\":\"x\",\"xdmVersion\":\"1.0\",\"mappings\":[{\"source\":\"a\",\"destination\":\"b\"}]}")),
            row("mapping without source", 400, "DATAPREP-1000-400", caller -> caller.post(CONVERSION + "/mappingSets",
                "{\"xdmSchema\":\"" + chain.schemaId() + "\",\"xdmVersion\":\"1.0\",\"mappings\":[{\"destination\":\"b\"}]}")),
            row("mapping list without start", 400, "start is required", get(CONVERSION + "/mappingSets?limit=10")),
            row("unknown mapping set", 404, "mappingSets not found", get(CONVERSION + "/mappingSets/x")));
    }

    private static String altId() {
        return chain.schemaId().replace("https://ns.adobe.com/", "_").replace('/', '.');
    }

    @ParameterizedTest(name = "{0}: {2}")
    @MethodSource({"bodies", "connections", "flows", "changes", "lists", "others"})
    void should_refuse(String what, int status, String word, Attempt attempt) {
        Client.Reply reply = attempt.apply(client);

        assertThat(reply.text()).contains(word);
        assertThat(reply.status()).isEqualTo(status);
    }
}
