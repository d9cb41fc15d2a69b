package io.github.aepdataflows.simulator;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;

/** Dataflows with a history, for an audit to find something: made through the API's own code by calls in the past. */
final class Demo {

    private static final Duration HISTORY = Duration.ofHours(48);
    private static final String FLOW_SERVICE = "/data/foundation/flowservice";
    private static final String SALESFORCE = "cfc0fee1-7dc0-40ef-b73e-d8b134c436f5";

    private final Simulator simulator;
    private final Router router;
    private final RunGenerator runs;
    private final Instant now;
    private final String sandbox;

    Demo(Simulator simulator, Router router, RunGenerator runs, Instant now, String sandbox) {
        this.simulator = simulator;
        this.router = router;
        this.runs = runs;
        this.now = now;
        this.sandbox = sandbox;
    }

    void seed() {
        flow("Legacy orders import", List.of(RunKind.SUCCESS));
        flow("Legacy leads import", List.of(RunKind.SUCCESS, RunKind.PARTIAL));
        flow("Legacy invoices import", after(45, RunKind.SUCCESS, RunKind.COPY_FAILED));
        flow("Legacy returns import", after(40, RunKind.SUCCESS, RunKind.MISSED));
        String disabled = flow("Legacy coupons import", List.of(RunKind.SUCCESS));
        Instant dayAgo = now.minus(Duration.ofHours(24));
        runs.catchUp(dayAgo);
        call("POST", FLOW_SERVICE + "/flows/" + disabled + "/action", "op=disable", Json.object(), dayAgo);
        runs.catchUp(now);
    }

    /** The first runs are of one kind, all later ones (as good as forever) of another. */
    private static List<RunKind> after(int count, RunKind first, RunKind then) {
        List<RunKind> kinds = new ArrayList<>(Collections.nCopies(count, first));
        kinds.addAll(Collections.nCopies(10_000, then));
        return kinds;
    }

    private String flow(String name, List<RunKind> kinds) {
        String schema = created("/data/foundation/schemaregistry/tenant/schemas", """
            {"type": "object", "title": "%s schema", "allOf": [{"$ref": "https://ns.adobe.com/xdm/context/profile"},
             {"$ref": "https://ns.adobe.com/xdm/context/profile-personal-details"}]}""".formatted(name)).path("$id").asText();
        String dataSet = created("/data/foundation/catalog/dataSets", """
            {"name": "%s dataset", "schemaRef": {"id": "%s", "contentType": "application/vnd.adobe.xed-full+json;version=1"}}"""
            .formatted(name, schema)).path(0).asText().substring("@/dataSets/".length());
        String mappingSet = id("/data/foundation/conversion/mappingSets", """
            {"name": "%s mapping", "outputSchema": {"schemaRef": {"id": "%s",
             "contentType": "application/vnd.adobe.xed-full+json;version=1"}},
             "mappings": [{"sourceType": "ATTRIBUTE", "source": "Email", "destination": "personalEmail.address"}]}"""
            .formatted(name, schema));
        String base = id(FLOW_SERVICE + "/connections", """
            {"name": "%s base", "connectionSpec": {"id": "%s", "version": "1.0"},
             "auth": {"specName": "Basic Authentication", "params": {"environmentUrl": "https://legacy.example",
             "username": "import", "password": "-", "securityToken": "-"}}}"""
            .formatted(name, SALESFORCE));
        String table = name.split(" ")[1];
        simulator.addTable(sandbox, base, table, columns());
        String source = id(FLOW_SERVICE + "/sourceConnections", """
            {"name": "%s source", "baseConnectionId": "%s", "data": {"format": "tabular"},
             "params": {"tableName": "%s", "columns": [{"name": "Email", "type": "string", "xdm": {"type": "string"}}]},
             "connectionSpec": {"id": "%s", "version": "1.0"}}""".formatted(name, base, table, SALESFORCE));
        String target = id(FLOW_SERVICE + "/targetConnections", """
            {"name": "%s target", "data": {"schema": {"id": "%s", "version": "application/vnd.adobe.xed-full+json;version=1"}},
             "params": {"dataSetId": "%s"}, "connectionSpec": {"id": "%s", "version": "1.0"}}"""
            .formatted(name, schema, dataSet, ConnectionSpecs.DATASET));
        String flow = id(FLOW_SERVICE + "/flows", """
            {"name": "%s", "description": "Made by hand", "flowSpec": {"id": "%s", "version": "1.0"},
             "sourceConnectionIds": ["%s"], "targetConnectionIds": ["%s"],
             "transformations": [{"name": "Copy", "params": {"deltaColumn": {"name": "SystemModstamp"}}},
                                 {"name": "Mapping", "params": {"mappingId": "%s", "mappingVersion": 0}}],
             "scheduleParams": {"startTime": "%d", "frequency": "hour", "interval": "1", "backfill": "true"}}"""
            .formatted(name, FlowSpecs.TABLES, source, target, mappingSet, now.minus(HISTORY).getEpochSecond() + 60));
        runs.script(flow, kinds);
        return flow;
    }

    /** What explore shows of each table: the column that the flow reads, and its delta column. */
    private static ArrayNode columns() {
        ArrayNode columns = Json.array();
        columns.addObject().put("name", "Email").put("type", "string").putObject("xdm").put("type", "string");
        columns.addObject().put("name", "SystemModstamp").put("type", "string").put("meta:xdmType", "date-time")
            .putObject("xdm").put("type", "string").put("format", "date-time");
        return columns;
    }

    private String id(String path, String body) {
        return created(path, body).path("id").asText();
    }

    private JsonNode created(String path, String body) {
        try {
            return call("POST", path, "", Json.MAPPER.readTree(body), now.minus(HISTORY));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private JsonNode call(String method, String path, String query, JsonNode body, Instant when) {
        Request request = new Request(0, when, method, path, query, Map.of("content-type", List.of("application/json")),
            body.toString().getBytes(StandardCharsets.UTF_8), 0);
        return router.answer(new Call(request, Query.parse(query), sandbox, when, Lag.NONE, Map.of())).json();
    }
}
