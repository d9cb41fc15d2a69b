package io.github.aepdataflows.export;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.aepdataflows.Rig;
import io.github.aepdataflows.simulator.Simulator;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Makes dataflows as people do, call by call over HTTP, with nothing of the product. */
public final class ByHand {

    static final String SALESFORCE = "cfc0fee1-7dc0-40ef-b73e-d8b134c436f5";
    static final String SALESFORCE_BASE = "4cb0c374-d3bb-4557-b139-5712880adc55";
    static final String HUBSPOT = "cc6a4487-9e91-433e-a3a3-9cf6626c1806";
    static final String HUBSPOT_BASE = "2fce94c1-9a93-4971-8e94-c19a93097129";
    static final String S3 = "ecadc60c-7455-4d87-84dc-2a0e293d997b";
    static final String S3_BASE = "11111111-2222-4333-8444-555555555555";
    static final String DATA_LAKE = "c604ff05-7f1a-43c0-8e18-33bf874cb11c";
    static final String TABLES = "CRMToAEP";
    static final String FILES = "CloudStorageToAEP";

    private static final HttpClient HTTP = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private static final String FLOW_SERVICE = "/data/foundation/flowservice";

    private final Simulator simulator;
    private final String token;
    private int made;
    private String lastSchema;

    public ByHand(Simulator simulator) throws Exception {
        this.simulator = simulator;
        String form = "grant_type=client_credentials&client_id=%s&client_secret=%s&scope=%s".formatted(simulator.options().clientId(),
                encode(simulator.options().clientSecret()), encode(simulator.options().scope()));
        HttpResponse<String> reply = HTTP.send(HttpRequest.newBuilder(simulator.tokenUrl())
                .header("Content-Type", "application/x-www-form-urlencoded").POST(BodyPublishers.ofString(form)).build(),
                BodyHandlers.ofString());
        this.token = Rig.json(reply.body()).path("access_token").asText();
    }

    private static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    private JsonNode send(String method, String path, String body, String etag) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(simulator.url() + path))
                .header("Authorization", "Bearer " + token).header("x-api-key", simulator.options().clientId())
                .header("x-gw-ims-org-id", simulator.options().orgId()).header("x-sandbox-name", Rig.SANDBOX)
                .header("Content-Type", "application/json").method(method, BodyPublishers.ofString(body));
        if (!etag.isEmpty()) {
            request.header("If-Match", etag);
        }
        try {
            HttpResponse<String> reply = HTTP.send(request.build(), BodyHandlers.ofString());
            assertThat(reply.statusCode()).as(path + " " + reply.body()).isBetween(200, 299);
            return Rig.json(reply.body());
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    JsonNode post(String path, String body) {
        return send("POST", path, body.replace('\'', '"'), "");
    }

    /** As it is written: with apostrophes that are ones. */
    public JsonNode postJson(String path, String body) {
        return send("POST", path, body, "");
    }

    JsonNode put(String path, String body) {
        return send("PUT", path, body.replace('\'', '"'), "");
    }

    JsonNode patch(String path, String body) {
        return send("PATCH", path, body.replace('\'', '"'), "");
    }

    /** By which a path names a resource of the registry. */
    static String altId(String id) {
        return "_" + id.substring("https://ns.adobe.com/".length()).replace('/', '.');
    }

    private String flowSpec(String name) {
        return send("GET", FLOW_SERVICE + "/flowSpecs?property=" + encode("name==\"" + name + "\""), "", "").at("/items/0/id").asText();
    }

    String schema() {
        lastSchema = post("/data/foundation/schemaregistry/tenant/schemas", """
            {'type': 'object', 'title': 'Schema %d', 'allOf': [{'$ref': 'https://ns.adobe.com/xdm/context/profile'},
             {'$ref': 'https://ns.adobe.com/xdm/context/profile-person-details'},
             {'$ref': 'https://ns.adobe.com/xdm/context/profile-personal-details'}]}""".formatted(++made)).path("$id").asText();
        return lastSchema;
    }

    /** Of any class, with these field groups. */
    public String schema(String title, String... references) {
        String all = Stream.of(references).map("{'$ref': '%s'}"::formatted).collect(Collectors.joining(", "));
        lastSchema = post("/data/foundation/schemaregistry/tenant/schemas",
                "{'type': 'object', 'title': '%s', 'allOf': [%s]}".formatted(title, all)).path("$id").asText();
        return lastSchema;
    }

    /**
     * One of the tenant's own.
     *
     * @param properties as JSON Schema
     */
    public String fieldGroup(String title, String classId, String properties) {
        return post("/data/foundation/schemaregistry/tenant/fieldgroups", """
            {'type': 'object', 'title': '%s', 'meta:intendedToExtend': ['%s'], 'definitions': {'mine': {'properties': {'_%s':
             {'type': 'object', 'properties': %s}}}}, 'allOf': [{'$ref': '#/definitions/mine'}]}"""
            .formatted(title, classId, simulator.options().tenantId(), properties)).path("$id").asText();
    }

    /** The schema that was made last, for the mapping of what was made with it. */
    String lastSchema() {
        return lastSchema;
    }

    String dataset(String schema, String name) {
        return post("/data/foundation/catalog/dataSets?requestDataSource=true", """
            {'name': '%s', 'schemaRef': {'id': '%s', 'contentType': 'application/vnd.adobe.xed-full-notext+json; version=1'}}"""
            .formatted(name, schema)).path(0).asText().substring("@/dataSets/".length());
    }

    String source(String body) {
        return post(FLOW_SERVICE + "/sourceConnections", body).path("id").asText();
    }

    /** A table of Salesforce, in the current form. */
    String table(String more) {
        return source("""
            {'name': 'Accounts'%s, 'baseConnectionId': '%s', 'data': {'format': 'tabular'}, 'params': {'tableName': 'Account', 'columns': [
               {'name': 'Id', 'type': 'string', 'xdm': {'type': 'string'}},
               {'name': 'Name', 'type': 'string', 'xdm': {'type': 'string', 'title': 'Name'}},
               {'name': 'AnnualRevenue', 'type': 'double', 'xdm': {'type': 'number'}},
               {'name': 'LastModifiedDate', 'type': 'string', 'meta:xdmType': 'date-time', 'xdm': {'type': 'string', 'format': \
            'date-time'}}]},
             'connectionSpec': {'id': '%s', 'version': '1.0'}}""".formatted(more, SALESFORCE_BASE, SALESFORCE));
    }

    /** Files of Amazon S3. */
    String files(String data, String path, String more) {
        return source("""
            {'name': 'Files', 'baseConnectionId': '%s', 'data': {%s}, 'params': {'path': '%s'%s}, 'connectionSpec': {'id': '%s', \
            'version': '1.0'}}"""
            .formatted(S3_BASE, data, path, more, S3));
    }

    String adHocSchema(String properties) {
        String classId = post("/data/foundation/schemaregistry/tenant/classes", """
            {'type': 'object', 'title': 'Class %d of mine', 'allOf': [{'$ref': 'https://ns.adobe.com/xdm/data/adhoc'},
             {'properties': {'_adhoc': {'type': 'object', 'properties': {%s}}}}]}""".formatted(++made, properties)).path("$id").asText();
        return post("/data/foundation/schemaregistry/tenant/schemas", """
            {'type': 'object', 'title': 'Ad-hoc schema %d', 'allOf': [{'$ref': '%s'}]}""".formatted(++made, classId)).path("$id").asText();
    }

    /** A table of Salesforce, in the form of 2020; without its connection spec, as in the tutorial. */
    String contacts2020(String adHocSchema) {
        return source("""
            {'name': 'Source Connection for a CRM system', 'baseConnectionId': '%s', 'data': {'format': 'parquet_xdm', 'schema': {'id': \
            '%s',
             'version': 'application/vnd.adobe.xed-full-notext+json; version=1'}}, 'params': {'tableName': 'Contact', 'columns': [
                {'name': 'first_name', 'type': 'string', 'meta': {'originalType': 'String'}},
                {'name': 'email', 'type': 'string', 'meta': {'originalType': 'Email'}}]}}""".formatted(SALESFORCE_BASE, adHocSchema));
    }

    String target(String schema, String dataset) {
        return target("""
            {'name': 'Profiles', 'description': 'Where they land', 'params': {'dataSetId': '%s'}, 'data': {'format': 'parquet_xdm',
             'schema': {'id': '%s', 'version': 'application/vnd.adobe.xed-full+json;version=1'}}, 'connectionSpec': {'id': '%s', \
            'version': '1.0'}}"""
            .formatted(dataset, schema, DATA_LAKE));
    }

    String target2020(String spec, String schema, String dataset) {
        String base = post(FLOW_SERVICE + "/connections", """
            {'name': 'Base Connection for Dataset %d', 'connectionSpec': {'id': '%s', 'version': '1.0'}}"""
            .formatted(++made, DATA_LAKE)).path("id").asText();
        return target("""
            {'baseConnectionId': '%s', 'name': 'Target Connection', 'params': {'dataSetId': '%s'}, 'data': {'format': 'parquet_xdm',
             'schema': {'id': '%s', 'version': 'application/vnd.adobe.xed-full+json;version=1.0'}},
             'connectionSpec': {'id': '%s', 'version': '1.0'}}"""
            .formatted(base, dataset, schema, spec));
    }

    String target(String body) {
        return post(FLOW_SERVICE + "/targetConnections", body).path("id").asText();
    }

    /** Pairs of source and destination. */
    String mapping(String schema, String... pairs) {
        StringBuilder rules = new StringBuilder();
        for (int i = 0; i < pairs.length; i += 2) {
            rules.append(i == 0 ? "" : ",").append("""
                {'destinationXdmPath': '%s', 'sourceAttribute': '%s', 'identity': %b, 'identityGroup': null, 'namespaceCode': null, \
                'version': 0}"""
                .formatted(pairs[i + 1], pairs[i], pairs[i + 1].equals("_id")));
        }
        return mapping("{'version': 0, 'xdmSchema': '%s', 'xdmVersion': '1.0', 'id': null, 'mappings': [%s]}".formatted(schema, rules));
    }

    String mapping(String body) {
        return post("/data/foundation/conversion/mappingSets", body).path("id").asText();
    }

    /** @param more of the flow, with a comma before it */
    String flow(String name, String flowSpec, String source, String target, String copy, String mapping, String more) {
        return flow("", name, flowSpec, source, target, copy, mapping, more);
    }

    String draft(String name, String flowSpec, String source, String target, String copy, String mapping, String more) {
        return flow("?mode=draft", name, flowSpec, source, target, copy, mapping, more);
    }

    private String flow(String query, String name, String flowSpec, String source, String target, String copy, String mapping,
            String more) {
        return post(FLOW_SERVICE + "/flows" + query, """
            {'name': '%s', 'flowSpec': {'id': '%s', 'version': '1.0'}, 'sourceConnectionIds': ['%s'], 'targetConnectionIds': ['%s'],
             'transformations': [%s{'name': 'Mapping', 'params': {%s}}]%s}"""
            .formatted(name, flowSpec(flowSpec), source, target, copy, mapping, more)).path("id").asText();
    }

    void disable(String flow) {
        String etag = send("GET", FLOW_SERVICE + "/flows/" + flow, "", "").at("/items/0/etag").asText();
        send("POST", FLOW_SERVICE + "/flows/" + flow + "/action?op=disable", "", etag);
    }
}
