package io.github.aepdataflows.simulator;

import static io.github.aepdataflows.simulator.Client.CATALOG;
import static io.github.aepdataflows.simulator.Client.CONVERSION;
import static io.github.aepdataflows.simulator.Client.REGISTRY;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RegistryAndCatalogTest {

    private Simulator simulator;
    private Client client;
    private Client lookup;
    private Client ids;

    @BeforeEach
    void start() throws IOException {
        simulator = Simulator.start(Options.defaults());
        client = Client.of(simulator);
        lookup = client.with("Accept", "application/vnd.adobe.xed-full+json;version=1");
        ids = client.with("Accept", "application/vnd.adobe.xed-id+json");
    }

    @AfterEach
    void stop() throws IOException {
        simulator.close();
    }

    private String adHocClass() {
        return client.post(REGISTRY + "/tenant/classes", """
            {"type": "object", "title": "Ad hoc", "allOf": [{"$ref": "https://ns.adobe.com/xdm/data/adhoc"},
             {"properties": {"_adhoc": {"type": "object", "properties": {"email": {"type": "string"}}}}}]}""")
            .json().path("$id").asText();
    }

    @Test
    void should_rename_the_ad_hoc_key_and_show_the_columns_of_the_class_in_full() {
        String classId = adHocClass();
        JsonNode schema = client.post(REGISTRY + "/tenant/schemas", """
            {"type": "object", "title": "Source", "allOf": [{"$ref": "%s"}]}""".formatted(classId)).json();
        String namespace = "_" + classId.substring(classId.lastIndexOf('/') + 1);

        JsonNode full = lookup.get(REGISTRY + "/tenant/schemas/" + schema.path("meta:altId").asText()).json();

        assertThat(classId).matches("https://ns.adobe.com/acme/classes/[0-9a-f]{48}");
        assertThat(schema.path("meta:class").asText()).isEqualTo(classId);
        assertThat(schema.path("meta:datasetNamespace").asText()).isEqualTo(namespace);
        assertThat(schema.path("meta:altId").asText()).startsWith("_acme.schemas.");
        assertThat(full.path("properties").path(namespace).at("/properties/email/meta:xdmType").asText()).isEqualTo("string");
    }

    @Test
    void should_find_a_schema_by_its_encoded_id_and_by_its_title() {
        String id = Chain.schema(client, "Customers & more");
        String encoded = URLEncoder.encode(id, StandardCharsets.UTF_8);

        assertThat(lookup.get(REGISTRY + "/tenant/schemas/" + encoded).json().path("$id").asText()).isEqualTo(id);
        assertThat(ids.get(REGISTRY + "/tenant/schemas?property=title==Customers%20%26%20more").json().path("results"))
            .singleElement().satisfies(found -> assertThat(found.path("$id").asText()).isEqualTo(id));
        assertThat(ids.get(REGISTRY + "/tenant/schemas?property=title==Customers").json().path("results")).isEmpty();
    }

    @Test
    void should_name_the_holder_of_a_title_that_is_taken() {
        String classId = adHocClass();

        Client.Reply reply = client.post(REGISTRY + "/tenant/schemas", """
            {"title": "Ad hoc", "allOf": [{"$ref": "https://ns.adobe.com/xdm/context/profile"}]}""");

        assertThat(reply.json().path("type").asText()).endsWith("XDM-1521-400");
        assertThat(reply.json().path("detail").asText()).contains(classId);
        assertThat(client.with("x-sandbox-name", "dev").post(REGISTRY + "/tenant/schemas", """
            {"title": "Ad hoc", "allOf": [{"$ref": "https://ns.adobe.com/xdm/context/profile"}]}""").status()).isEqualTo(201);
    }

    @Test
    void should_accept_a_field_group_that_is_named_twice() {
        JsonNode schema = client.post(REGISTRY + "/tenant/schemas", """
            {"title": "Twice", "allOf": [{"$ref": "https://ns.adobe.com/xdm/context/profile"},
             {"$ref": "https://ns.adobe.com/xdm/context/profile-personal-details"},
             {"$ref": "https://ns.adobe.com/xdm/context/profile-personal-details"}]}""").json();

        assertThat(schema.path("allOf")).hasSize(3);
        assertThat(schema.path("refs")).hasSize(2);
    }

    @Test
    void should_page_schemas_by_the_last_value_of_the_order() {
        for (String title : new String[] {"b", "c", "a"}) {
            Chain.schema(client, title);
        }

        JsonNode first = ids.get(REGISTRY + "/tenant/schemas?orderby=title&limit=2").json();
        JsonNode second = ids.get(REGISTRY + "/tenant/schemas?orderby=title&limit=2&start="
            + first.at("/_page/next").asText()).json();

        assertThat(first.path("results").findValuesAsText("title")).containsExactly("a", "b");
        assertThat(second.path("results").findValuesAsText("title")).containsExactly("c");
        assertThat(second.at("/_page/next").isNull()).isTrue();
    }

    @Test
    void should_change_replace_and_delete_a_schema() {
        String path = REGISTRY + "/tenant/schemas/" + Chain.schema(client, "Old").replace("https://ns.adobe.com/acme/schemas/",
            "_acme.schemas.");

        JsonNode patched = client.patch(path, "", """
            [{"op": "add", "path": "/description", "value": "Older still"}]""").json();
        JsonNode replaced = client.withJson().send("PUT", path, """
            {"title": "New", "allOf": [{"$ref": "https://ns.adobe.com/xdm/context/profile"}]}""").json();

        assertThat(patched.path("version").asText()).isEqualTo("1.1");
        assertThat(replaced.path("title").asText()).isEqualTo("New");
        assertThat(client.delete(path).status()).isEqualTo(204);
        assertThat(lookup.get(path).status()).isEqualTo(404);
    }

    @Test
    void should_tell_the_tenant_id_and_list_what_adobe_offers() {
        assertThat(client.get(REGISTRY + "/stats").json().path("tenantId").asText()).isEqualTo("acme");
        assertThat(ids.get(REGISTRY + "/global/behaviors").json().path("results")).hasSize(3);
        assertThat(ids.get(REGISTRY + "/global/mixins").json())
            .isEqualTo(ids.get(REGISTRY + "/global/fieldgroups").json());
    }

    @Test
    void should_list_datasets_as_an_object_by_id_and_filter_them() {
        String schema = Chain.schema(client, "Schema");
        String one = Chain.dataSet(client, schema);
        String two = Chain.dataSet(client, schema);

        assertThat(client.get(CATALOG + "/dataSets?name=Customers").json().properties()).extracting(Map.Entry::getKey)
            .containsExactlyInAnyOrder(one, two);
        assertThat(client.get(CATALOG + "/dataSets?name=!Customers").text()).isEqualTo("{}");
        assertThat(client.get(CATALOG + "/dataSets?property=name==Customers&limit=1&start=1").json().has(two)).isTrue();
        assertThat(client.get(CATALOG + "/dataSets?name=Nobody,Customers&properties=name").json().path(one).toString())
            .isEqualTo("{\"name\":\"Customers\"}");
        assertThat(client.get(CATALOG + "/dataSets/" + one).json().path(one).at("/schemaRef/id").asText()).isEqualTo(schema);
    }

    @Test
    void should_change_datasets_by_merge_and_by_patch_and_delete_them_twice() {
        String id = Chain.dataSet(client, Chain.schema(client, "Schema"));
        String path = CATALOG + "/dataSets/" + id;

        assertThat(client.patch(path, "", "{\"tags\": {\"acme\": [\"key:1\"]}}").text())
            .isEqualTo("[\"@/dataSets/" + id + "\"]");
        assertThat(client.with("Content-Type", "application/json-patch+json").patch(path, "",
            "[{\"op\":\"replace\",\"path\":\"/name\",\"value\":\"Renamed\"}]").status()).isEqualTo(200);

        assertThat(client.get(CATALOG + "/dataSets?name=Renamed&tags=acme:key*").json().has(id)).isTrue();
        assertThat(client.delete(path).text()).isEqualTo("[\"@/dataSets/" + id + "\"]");
        assertThat(client.delete(path).text()).isEqualTo("[]");
    }

    @Test
    void should_take_both_forms_of_a_mapping_set_and_show_both() {
        String schema = Chain.schema(client, "Schema");
        String old = Chain.mappingSet(client, schema);
        Client.Reply created = client.post(CONVERSION + "/mappingSets", """
            {"name": "Named", "outputSchema": {"schemaRef": {"id": "%s",
             "contentType": "application/vnd.adobe.xed-full+json;version=1"}},
             "mappings": [{"sourceType": "EXPRESSION", "source": "lower(Email)", "destination": "personalEmail.address"}]}"""
            .formatted(schema));

        JsonNode read = client.get(CONVERSION + "/mappingSets/" + old).json();

        assertThat(created.status()).isEqualTo(200);
        assertThat(created.id()).matches("[0-9a-f]{32}");
        assertThat(read.at("/mappings/0/source").asText()).isEqualTo("Name");
        assertThat(read.at("/mappings/0/destination").asText()).isEqualTo("person.name.fullName");
        assertThat(read.at("/outputSchema/schemaRef/id").asText()).isEqualTo(schema);
        assertThat(client.get(CONVERSION + "/mappingSets?limit=10&start=0&name=Named").json().path("data")).hasSize(1);
        assertThat(client.get(CONVERSION + "/mappingSets?limit=10&start=0").json().path("data")).hasSize(2);
    }

    @Test
    void should_give_an_updated_mapping_set_the_next_version() {
        String schema = Chain.schema(client, "Schema");
        String id = Chain.mappingSet(client, schema);

        JsonNode updated = client.withJson().send("PUT", CONVERSION + "/mappingSets/" + id, """
            {"id": "%s", "xdmSchema": "%s", "xdmVersion": "1.0", "mappings": [{"source": "a", "destination": "b"}]}"""
            .formatted(id, schema)).json();

        assertThat(updated.path("version").asInt()).isEqualTo(1);
        assertThat(client.get(CONVERSION + "/mappingSets/" + id + "?version=2").status()).isEqualTo(404);
    }

    @Test
    void should_list_whole_classes_and_schemas_by_their_title() {
        Client whole = client.with("Accept", "application/vnd.adobe.xed+json");
        String classId = adHocClass();
        String schemaId = Chain.schema(client, "a == b? & <c>");

        JsonNode classes = whole.get(REGISTRY + "/tenant/classes?property=title==Ad%20hoc").json().path("results");
        JsonNode schemas = whole.get(REGISTRY + "/tenant/schemas?property=title=="
            + URLEncoder.encode("a == b? & <c>", StandardCharsets.UTF_8)).json().path("results");

        assertThat(classes).singleElement().satisfies(found -> {
            assertThat(found.path("$id").asText()).isEqualTo(classId);
            assertThat(found.at("/allOf/0/$ref").asText()).isEqualTo("https://ns.adobe.com/xdm/data/adhoc");
            assertThat(found.at("/allOf/1/properties")).hasSize(1);
        });
        assertThat(schemas).singleElement().satisfies(found -> {
            assertThat(found.path("$id").asText()).isEqualTo(schemaId);
            assertThat(found.path("meta:class").asText()).isEqualTo("https://ns.adobe.com/xdm/context/profile");
            assertThat(found.path("allOf")).hasSize(2);
        });
    }

    @Test
    void should_list_datasets_of_one_name_page_by_page() {
        String schema = Chain.schema(client, "Schema");
        Chain.dataSet(client, schema);
        Chain.dataSet(client, schema);

        String path = CATALOG + "/dataSets?property=name==Customers&limit=1&start=";

        assertThat(client.get(path + 0).json()).singleElement()
            .satisfies(found -> assertThat(found.at("/schemaRef/id").asText()).isEqualTo(schema));
        assertThat(client.get(path + 1).json()).hasSize(1).isNotEqualTo(client.get(path + 0).json());
        assertThat(client.get(path + 2).text()).isEqualTo("{}");
        assertThat(client.get(CATALOG + "/dataSets?property=name==customers&limit=100&start=0").text()).isEqualTo("{}");
    }

    @Test
    void should_list_whole_mapping_sets_in_the_order_that_is_asked_for() {
        String schema = Chain.schema(client, "Schema");
        String older = Chain.mappingSet(client, schema);
        simulator.clock().advance(Duration.ofSeconds(1));
        String newer = Chain.mappingSet(client, schema);
        String path = CONVERSION + "/mappingSets?limit=100&start=0&orderBy=";

        JsonNode newestFirst = client.get(path + "-createdDate").json().path("data");

        assertThat(newestFirst.findValuesAsText("createdBy")).hasSize(2);
        assertThat(newestFirst.at("/0/id").asText()).isEqualTo(newer);
        assertThat(newestFirst.at("/0/mappings/0/destinationXdmPath").asText()).isEqualTo("person.name.fullName");
        assertThat(newestFirst.at("/0/xdmSchema").asText()).isEqualTo(schema);
        assertThat(newestFirst.at("/0/outputSchema/schemaRef/id").asText()).isEqualTo(schema);
        assertThat(client.get(path + "%2BcreatedDate").json().at("/data/0/id").asText()).isEqualTo(older);
        assertThat(client.get(path + "-size").status()).isEqualTo(400);
    }

    @Test
    void should_say_where_a_new_dataset_is_and_what_query_service_calls_it() {
        String schema = client.post(REGISTRY + "/tenant/schemas", """
            {"title": "Named", "allOf": [{"$ref": "https://ns.adobe.com/xdm/context/profile"}]}""").json().path("$id").asText();
        Client.Reply made = client.post(CATALOG + "/dataSets", """
            {"name": "Orders of Acme", "schemaRef": {"id": "%s",
             "contentType": "application/vnd.adobe.xed-full-notext+json; version=1"}}""".formatted(schema));
        String id = made.json().path(0).asText().replace("@/dataSets/", "");

        assertThat(made.headers().get("location")).containsExactly("/dataSets/" + id);
        JsonNode tags = client.get(CATALOG + "/dataSets/" + id).json().path(id).path("tags");
        assertThat(tags.path("adobe/pqs/table").path(0).asText()).isEqualTo("orders_of_acme");
    }

    @ParameterizedTest
    @CsvSource({"application/vnd.adobe.xdm+json; version=1,200", "application/vnd.adobe.xdm-full-notext+json;version=1,200",
        "application/vnd.adobe.xed-full+json; version=1.0,200", "application/vnd.adobe.xdm+json,400",
        "application/vnd.adobe.xdm-id+json; version=1,400"})
    void should_take_the_accept_headers_of_both_names(String accept, int status) {
        Client.Reply reply = client.with("Accept", accept)
            .get(REGISTRY + "/global/classes/_xdm.context.profile");

        assertThat(reply.status()).as(reply.text()).isEqualTo(status);
    }
}
