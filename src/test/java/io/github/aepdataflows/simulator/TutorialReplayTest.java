package io.github.aepdataflows.simulator;

import static io.github.aepdataflows.simulator.Client.CATALOG;
import static io.github.aepdataflows.simulator.Client.CONVERSION;
import static io.github.aepdataflows.simulator.Client.FLOW_SERVICE;
import static io.github.aepdataflows.simulator.Client.REGISTRY;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The bodies of the tutorials, with the ids of each answer put into the next request. */
class TutorialReplayTest {

    private static final String SALESFORCE = "cfc0fee1-7dc0-40ef-b73e-d8b134c436f5";
    private static final String HUBSPOT = "cc6a4487-9e91-433e-a3a3-9cf6626c1806";

    private Simulator simulator;
    private Client client;

    @BeforeEach
    void start() throws IOException {
        simulator = Simulator.start(Options.defaults());
        client = Client.of(simulator);
    }

    @AfterEach
    void stop() throws IOException {
        simulator.close();
    }

    @Test
    void should_accept_the_customer_success_tutorial() {
        Chain chain = Chain.create(client);

        String flow = chain.flow();

        assertThat(client.get(FLOW_SERVICE + "/flows/" + flow).item().at("/scheduleParams/interval").asText()).isEqualTo("15");
        assertThat(simulator.store().resources("prod", "flows")).hasSize(1);
        assertThat(simulator.store().resources("dev", "flows")).isEmpty();
    }

    @Test
    void should_accept_the_crm_tutorial_of_2020() {
        String sourceSchema = adHocSchema("first_name", "email");
        String source = Chain.id(client.post(FLOW_SERVICE + "/sourceConnections", """
            {"name": "Source Connection for a CRM system", "baseConnectionId": "4cb0c374-d3bb-4557-b139-5712880adc55",
             "description": "Source Connection for a CRM system",
             "data": {"format": "parquet_xdm", "schema": {"id": "%s",
                      "version": "application/vnd.adobe.xed-full-notext+json; version=1"}},
             "params": {"tableName": "Contact", "columns": [
                {"name": "first_name", "type": "string", "meta": {"originalType": "String"}},
                {"name": "email", "type": "string", "meta": {"originalType": "String"}}]}}""".formatted(sourceSchema)));
        Ends ends = ends(SALESFORCE, "parquet_xdm");

        Client.Reply flow = client.post(FLOW_SERVICE + "/flows", """
            {"name": "Dataflow between a CRM system and Platform", "description": "Inbound data to Platform",
             "flowSpec": {"id": "%s", "version": "1.0"}, "sourceConnectionIds": ["%s"], "targetConnectionIds": ["%s"],
             "transformations": [{"name": "Copy", "params": {"mode": "append"}},
                                 {"name": "Mapping", "params": {"mappingId": "%s"}}],
             "scheduleParams": {"startTime": "4102444800", "frequency":"minute", "interval":"30"}}"""
            .formatted(Chain.TABLES, source, ends.target(), ends.mappingSet()));

        assertThat(flow.status()).as(flow.text()).isEqualTo(201);
        assertThat(simulator.store().resource("prod", "sourceConnections", source).orElseThrow()
            .at("/connectionSpec/id").asText()).isEqualTo(SALESFORCE);
    }

    @Test
    void should_accept_the_marketing_automation_tutorial_of_2020() {
        String sourceSchema = adHocSchema("Properties_Firstname_Value");
        String source = Chain.id(client.post(FLOW_SERVICE + "/sourceConnections", """
            {"name": "Marketing automation source connection", "baseConnectionId": "2fce94c1-9a93-4971-8e94-c19a93097129",
             "data": {"format": "parquet_xdm", "schema": {"id": "%s",
                      "version": "application/vnd.adobe.xed-full-notext+json; version=1"}},
             "params": {"path": "Hubspot.Contacts"},
             "connectionSpec": {"id": "%s", "version": "1.0"}}""".formatted(sourceSchema, HUBSPOT)));
        Ends ends = ends(HUBSPOT, "parquet_xdm");

        Client.Reply flow = client.post(FLOW_SERVICE + "/flows", """
            {"name": "Dataflow for marketing automation", "flowSpec": {"id": "%s", "version": "1.0"},
             "sourceConnectionIds": ["%s"], "targetConnectionIds": ["%s"],
             "transformations": [{"name": "Mapping", "params": {"mappingId": "%s", "mappingVersion": "0"}}],
             "scheduleParams": {"startTime": "4102444800", "frequency":"minute", "interval":"30"}}"""
            .formatted(Chain.TABLES, source, ends.target(), ends.mappingSet()));

        assertThat(flow.status()).as(flow.text()).isEqualTo(201);
    }

    private record Ends(String target, String mappingSet) {
    }

    /** The 2020 form: the target connection carries the source's own spec and a dataset base connection. */
    private Ends ends(String connectionSpecId, String format) {
        String schema = client.post(REGISTRY + "/tenant/schemas", """
            {"type": "object", "title": "Target schema", "description": "",
             "allOf": [{"$ref": "https://ns.adobe.com/xdm/context/profile"},
                       {"$ref": "https://ns.adobe.com/xdm/context/profile-personal-details"},
                       {"$ref": "https://ns.adobe.com/xdm/context/profile-personal-details"}],
             "meta:containerId": "tenant", "meta:resourceType": "schemas", "meta:xdmType": "object",
             "meta:class": "https://ns.adobe.com/xdm/context/profile"}""").json().path("$id").asText();
        String dataSet = client.post(CATALOG + "/dataSets?requestDataSource=true", """
            {"name": "Target Dataset for CRM data", "schemaRef": {"id": "%s",
             "contentType": "application/vnd.adobe.xed-full-notext+json; version=1"}}""".formatted(schema))
            .json().path(0).asText().substring("@/dataSets/".length());
        String base = Chain.id(client.post(FLOW_SERVICE + "/connections", """
            {"name": "Base Connection for Dataset", "description": "d",
             "connectionSpec": {"id": "c604ff05-7f1a-43c0-8e18-33bf874cb11c", "version": "1.0"}}"""));
        String target = Chain.id(client.post(FLOW_SERVICE + "/targetConnections", """
            {"baseConnectionId": "%s", "name": "Target Connection", "description": "Target Connection for CRM data",
             "data": {"format": "%s", "schema": {"id": "%s", "version": "application/vnd.adobe.xed-full+json;version=1.0"}},
             "params": {"dataSetId": "%s"}, "connectionSpec": {"id": "%s", "version": "1.0"}}"""
            .formatted(base, format, schema, dataSet, connectionSpecId)));
        return new Ends(target, client.post(CONVERSION + "/mappingSets", """
            {"version": 0, "xdmSchema": "%s", "xdmVersion": "1.0", "id": null, "mappings": [
              {"destinationXdmPath": "personalEmail.address", "sourceAttribute": "email", "identity": false,
               "identityGroup": null, "namespaceCode": null, "version": 0}]}""".formatted(schema)).id());
    }

    private String adHocSchema(String... columns) {
        String properties = String.join(",", Arrays.stream(columns)
            .map(column -> "\"" + column + "\": {\"type\": \"string\"}").toList());
        String classId = client.post(REGISTRY + "/tenant/classes", """
            {"type": "object", "title": "Source class", "allOf": [{"$ref": "https://ns.adobe.com/xdm/data/adhoc"},
             {"properties": {"_adhoc": {"type": "object", "properties": {%s}}}}]}""".formatted(properties))
            .json().path("$id").asText();
        return client.post(REGISTRY + "/tenant/schemas", """
            {"type": "object", "title": "Source schema", "allOf": [{"$ref": "%s"}]}""".formatted(classId))
            .json().path("$id").asText();
    }
}
