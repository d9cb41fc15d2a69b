package io.github.aepdataflows.simulator;

import static io.github.aepdataflows.simulator.Client.CATALOG;
import static io.github.aepdataflows.simulator.Client.CONVERSION;
import static io.github.aepdataflows.simulator.Client.FLOW_SERVICE;
import static io.github.aepdataflows.simulator.Client.REGISTRY;
import static org.assertj.core.api.Assertions.assertThat;

/** Everything that a flow of the current form refers to, made call by call as the customer success tutorial does. */
record Chain(Client client, String schemaId, String dataSetId, String sourceId, String targetId, String mappingSetId) {

    static final String SERVICE_CLOUD = "cb66ab34-8619-49cb-96d1-39b37ede86ea";
    static final String SERVICE_CLOUD_BASE = "f1da3694-38a9-403d-9a36-9438a9203d42";
    static final String DATA_LAKE = "c604ff05-7f1a-43c0-8e18-33bf874cb11c";
    static final String TABLES = "14518937-270c-4525-bdec-c2ba7cce3860";

    static Chain create(Client client) {
        String schemaId = schema(client, "Customers");
        String dataSetId = dataSet(client, schemaId);
        return new Chain(client, schemaId, dataSetId, source(client), target(client, schemaId, dataSetId),
            mappingSet(client, schemaId));
    }

    static String schema(Client client, String title) {
        Client.Reply reply = client.post(REGISTRY + "/tenant/schemas", """
            {"type": "object", "title": "%s", "allOf": [{"$ref": "https://ns.adobe.com/xdm/context/profile"},
             {"$ref": "https://ns.adobe.com/xdm/context/profile-person-details"}]}""".formatted(title));
        assertThat(reply.status()).as(reply.text()).isEqualTo(201);
        return reply.json().path("$id").asText();
    }

    static String dataSet(Client client, String schemaId) {
        Client.Reply reply = client.post(CATALOG + "/dataSets?requestDataSource=true", """
            {"name": "Customers", "schemaRef": {"id": "%s",
             "contentType": "application/vnd.adobe.xed-full-notext+json; version=1"}}""".formatted(schemaId));
        assertThat(reply.status()).as(reply.text()).isEqualTo(201);
        assertThat(reply.json().path(0).asText()).matches("@/dataSets/[0-9a-f]{24}");
        return reply.json().path(0).asText().substring("@/dataSets/".length());
    }

    static String source(Client client) {
        return id(client.post(FLOW_SERVICE + "/sourceConnections", sourceBody()));
    }

    static String sourceBody() {
        return """
            {"name": "Customer source", "baseConnectionId": "%s", "data": {"format": "tabular"},
             "params": {"tableName": "Account", "columns": [
               {"name": "Id", "type": "string", "xdm": {"type": "string"}},
               {"name": "CreatedDate", "type": "string", "meta:xdmType": "date-time",
                "xdm": {"type": "string", "format": "date-time"}}]},
             "connectionSpec": {"id": "%s", "version": "1.0"}}""".formatted(SERVICE_CLOUD_BASE, SERVICE_CLOUD);
    }

    static String target(Client client, String schemaId, String dataSetId) {
        return id(client.post(FLOW_SERVICE + "/targetConnections", targetBody(schemaId, dataSetId)));
    }

    static String targetBody(String schemaId, String dataSetId) {
        return """
            {"name": "Customer target", "params": {"dataSetId": "%s"},
             "data": {"format": "parquet_xdm",
                      "schema": {"id": "%s", "version": "application/vnd.adobe.xed-full+json;version=1"}},
             "connectionSpec": {"id": "%s", "version": "1.0"}}""".formatted(dataSetId, schemaId, DATA_LAKE);
    }

    static String mappingSet(Client client, String schemaId) {
        Client.Reply reply = client.post(CONVERSION + "/mappingSets", """
            {"version": 0, "xdmSchema": "%s", "xdmVersion": "1.0", "id": null, "mappings": [
              {"destinationXdmPath": "person.name.fullName", "sourceAttribute": "Name", "identity": false,
               "identityGroup": null, "namespaceCode": null, "version": 0}]}""".formatted(schemaId));
        assertThat(reply.status()).as(reply.text()).isEqualTo(200);
        return reply.id();
    }

    static String id(Client.Reply reply) {
        assertThat(reply.status()).as(reply.text()).isEqualTo(201);
        assertThat(reply.json().path("etag").asText()).startsWith("\"").endsWith("\"");
        return reply.id();
    }

    /** A valid recurring flow; tests break it with {@code replace}. Starts at the next full minute but one. */
    String flowBody() {
        long start = client.simulator().clock().instant().getEpochSecond() / 60 * 60 + 120;
        return """
            {"name": "Customers", "description": "All of them", "flowSpec": {"id": "%s", "version": "1.0"},
             "sourceConnectionIds": ["%s"], "targetConnectionIds": ["%s"],
             "transformations": [
               {"name": "Copy", "params": {"deltaColumn": {"name": "CreatedDate", "dateFormat": "YYYY-MM-DD"}}},
               {"name": "Mapping", "params": {"mappingId": "%s", "mappingVersion": 0}}],
             "scheduleParams": {"startTime": "%d", "frequency": "minute", "interval": "15", "backfill": "true"}}"""
            .formatted(TABLES, sourceId, targetId, mappingSetId, start);
    }

    String onceFlowBody() {
        return flowBody().replaceFirst("\\{\"name\": \"Copy\".*\\n", "")
            .replaceFirst("\"frequency\": \"minute\".*", "\"frequency\": \"once\"}}");
    }

    Client.Reply postFlow(String body) {
        return client.post(FLOW_SERVICE + "/flows", body);
    }

    String flow() {
        return id(postFlow(flowBody()));
    }
}
