package io.github.aepdataflows.simulator;

import static io.github.aepdataflows.simulator.Client.REGISTRY;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The full views of schemas, classes and field groups, and the field groups of the tenant. */
class XdmTest {

    private static final String PROFILE = "https://ns.adobe.com/xdm/context/profile";
    private static final String EVENT = "https://ns.adobe.com/xdm/context/experienceevent";
    private static final String CONTEXT = "https://ns.adobe.com/xdm/context/";

    private Simulator simulator;
    private Client client;
    private Client full;
    private Client whole;

    @BeforeEach
    void start() throws IOException {
        simulator = Simulator.start(Options.defaults());
        client = Client.of(simulator);
        full = client.with("Accept", "application/vnd.adobe.xed-full+json;version=1");
        whole = client.with("Accept", "application/vnd.adobe.xed+json");
    }

    @AfterEach
    void stop() throws IOException {
        simulator.close();
    }

    private static String encoded(String id) {
        return URLEncoder.encode(id, StandardCharsets.UTF_8);
    }

    private String schema(String title, String... refs) {
        Client.Reply reply = client.post(REGISTRY + "/tenant/schemas", """
            {"type": "object", "title": "%s", "allOf": [{"$ref": "%s"}]}"""
            .formatted(title, String.join("\"}, {\"$ref\": \"", refs)));
        assertThat(reply.status()).as(reply.text()).isEqualTo(201);
        return reply.json().path("$id").asText();
    }

    private JsonNode properties(String schemaId) {
        JsonNode found = full.get(REGISTRY + "/tenant/schemas/" + encoded(schemaId)).json();
        assertThat(found.has("allOf")).isFalse();
        return found.path("properties");
    }

    private static String fieldGroup(String title, String field) {
        return """
            {"type": "object", "title": "%s", "meta:intendedToExtend": ["%s"],
             "definitions": {"customFields": {"properties": {"_acme": {"type": "object", "properties": {
               "%s": {"type": "object", "properties": {"points": {"type": "integer"}}}}}}}},
             "allOf": [{"$ref": "#/definitions/customFields"}]}""".formatted(title, PROFILE, field);
    }

    private JsonNode created(String path, String body) {
        Client.Reply reply = client.post(REGISTRY + path, body);
        assertThat(reply.status()).as(reply.text()).isEqualTo(201);
        return reply.json();
    }

    @Test
    void should_show_the_fields_of_the_class_its_behavior_and_the_field_groups_of_a_schema() {
        JsonNode properties = properties(schema("Customers", PROFILE, CONTEXT + "profile-person-details",
            CONTEXT + "profile-personal-details", CONTEXT + "profile-work-details", CONTEXT + "identitymap"));

        assertThat(properties.at("/_id/type").asText()).isEqualTo("string");
        assertThat(properties.at("/repositoryCreatedBy/type").asText()).isEqualTo("string");
        assertThat(properties.at("/_repo/properties/createDate/format").asText()).isEqualTo("date-time");
        assertThat(properties.at("/person/properties/name/properties/fullName/type").asText()).isEqualTo("string");
        assertThat(properties.at("/person/properties/birthDate/meta:xdmType").asText()).isEqualTo("date");
        assertThat(properties.at("/personalEmail/properties/address/type").asText()).isEqualTo("string");
        assertThat(properties.at("/homeAddress/properties/postalCode/title").asText()).isEqualTo("Postal code");
        assertThat(properties.at("/organizations/items/type").asText()).isEqualTo("string");
        assertThat(properties.at("/identityMap/additionalProperties/items/properties/primary/type").asText()).isEqualTo("boolean");
        assertThat(properties.has("timestamp")).isFalse();
    }

    @Test
    void should_show_the_fields_of_an_event() {
        JsonNode properties = properties(schema("Visits", EVENT, CONTEXT + "experienceevent-commerce",
            CONTEXT + "experienceevent-web"));

        assertThat(properties.at("/timestamp/format").asText()).isEqualTo("date-time");
        assertThat(properties.at("/eventType/type").asText()).isEqualTo("string");
        assertThat(properties.at("/commerce/properties/order/properties/priceTotal/type").asText()).isEqualTo("number");
        assertThat(properties.at("/productListItems/items/properties/quantity/type").asText()).isEqualTo("integer");
        assertThat(properties.at("/web/properties/webPageDetails/properties/URL/type").asText()).isEqualTo("string");
    }

    @ParameterizedTest
    @ValueSource(strings = {"https%3A%2F%2Fns.adobe.com%2Fxdm%2Fcontext%2Fprofile", "_xdm.context.profile"})
    void should_show_a_class_in_full_by_either_of_its_ids(String id) {
        JsonNode found = full.get(REGISTRY + "/global/classes/" + id).json();

        assertThat(found.path("$id").asText()).isEqualTo(PROFILE);
        assertThat(found.path("properties").has("personID")).isTrue();
        assertThat(found.path("properties").has("_id")).isTrue();
    }

    @Test
    void should_show_a_field_group_in_full() {
        JsonNode found = full.get(REGISTRY + "/global/fieldgroups/_xdm.context.profile-person-details").json();

        assertThat(found.at("/properties/person/properties/name/properties/lastName/type").asText()).isEqualTo("string");
        assertThat(found.path("meta:intendedToExtend").path(0).asText()).isEqualTo(PROFILE);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/global/behaviors", "/global/datatypes", "/global/classes", "/global/fieldgroups"})
    void should_be_able_to_show_everything_of_adobe_in_full(String path) {
        JsonNode all = whole.get(REGISTRY + path).json().path("results");

        assertThat(all).isNotEmpty().allSatisfy(each -> assertThat(full.get(REGISTRY + path + "/"
            + encoded(each.path("$id").asText())).json().path("properties").isObject()).isTrue());
    }

    @Test
    void should_list_the_field_groups_that_are_for_a_class() {
        created("/tenant/fieldgroups", fieldGroup("Loyalty", "loyalty"));
        String filter = "?property=meta:intendedToExtend==";

        JsonNode global = whole.get(REGISTRY + "/global/fieldgroups" + filter + encoded(EVENT)).json().path("results");
        JsonNode tenant = whole.get(REGISTRY + "/tenant/fieldgroups" + filter + encoded(PROFILE)).json().path("results");

        assertThat(global.findValuesAsText("title")).contains("Commerce Details", "Web Details", "IdentityMap")
            .doesNotContain("Demographic Details");
        assertThat(tenant.findValuesAsText("title")).contains("Loyalty");
        assertThat(whole.get(REGISTRY + "/tenant/fieldgroups" + filter + encoded(EVENT)).json().path("results")).isEmpty();
    }

    @Test
    void should_merge_the_custom_fields_of_two_field_groups() {
        String loyalty = created("/tenant/fieldgroups", fieldGroup("Loyalty", "loyalty")).path("$id").asText();
        String rewards = created("/tenant/mixins", fieldGroup("Rewards", "rewards")).path("$id").asText();

        JsonNode custom = properties(schema("Members", PROFILE, loyalty, rewards)).at("/_acme/properties");

        assertThat(custom.at("/loyalty/properties/points/meta:xdmType").asText()).isEqualTo("int");
        assertThat(custom.at("/rewards/properties/points/type").asText()).isEqualTo("integer");
        assertThat(loyalty).as("the older name, in both").startsWith("https://ns.adobe.com/acme/mixins/");
        assertThat(rewards).startsWith("https://ns.adobe.com/acme/mixins/");
        assertThat(whole.get(REGISTRY + "/tenant/mixins").json()).isEqualTo(whole.get(REGISTRY + "/tenant/fieldgroups").json());
    }

    @Test
    void should_resolve_a_field_that_refers_to_a_data_type() {
        String group = created("/tenant/fieldgroups", fieldGroup("Branches", "branch").replace("{\"type\": \"integer\"}",
            "{\"type\": \"array\", \"items\": {\"$ref\": \"https://ns.adobe.com/xdm/common/address\"}}")).path("meta:altId").asText();

        JsonNode found = full.get(REGISTRY + "/tenant/fieldgroups/" + group).json();

        assertThat(found.at("/properties/_acme/properties/branch/properties/points/items/properties/city/type").asText())
            .isEqualTo("string");
    }

    @Test
    void should_change_and_delete_a_field_group_that_no_schema_uses() {
        JsonNode group = created("/tenant/fieldgroups", fieldGroup("Loyalty", "loyalty"));
        String path = REGISTRY + "/tenant/fieldgroups/" + group.path("meta:altId").asText();

        JsonNode patched = client.patch(path, "", """
            [{"op": "add", "path": "/definitions/customFields/properties/_acme/properties/tier",
              "value": {"type": "string"}}]""").json();
        JsonNode put = client.withJson().send("PUT", path, fieldGroup("Points", "points")).json();

        assertThat(patched.path("version").asText()).isEqualTo("1.1");
        assertThat(put.path("$id")).isEqualTo(group.path("$id"));
        assertThat(full.get(path).json().at("/properties/_acme/properties").has("points")).isTrue();
        assertThat(client.delete(path).status()).isEqualTo(204);
        assertThat(full.get(path).status()).isEqualTo(404);
    }

    @Test
    void should_not_delete_a_field_group_that_a_schema_uses() {
        JsonNode group = created("/tenant/fieldgroups", fieldGroup("Loyalty", "loyalty"));
        schema("Members", PROFILE, group.path("$id").asText());

        Client.Reply reply = client.delete(REGISTRY + "/tenant/fieldgroups/" + group.path("meta:altId").asText());

        assertThat(reply.status()).isEqualTo(400);
        assertThat(reply.text()).contains("in use");
    }

    @Test
    void should_let_a_schema_and_a_field_group_have_one_title_but_not_two_field_groups() {
        schema("Taken", PROFILE);

        assertThat(client.post(REGISTRY + "/tenant/fieldgroups", fieldGroup("Taken", "loyalty")).status()).isEqualTo(201);
        assertThat(client.post(REGISTRY + "/tenant/fieldgroups", fieldGroup("Taken", "points")).text()).contains("XDM-1521-400");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "_acme | loyalty | XDM-1020-400",
        "_acme | person | XDM-1020-400",
        "\"meta:intendedToExtend\" | \"x\" | meta:intendedToExtend is required",
        "context/profile | context/nothing | does not resolve",
        "#/definitions/customFields | #/definitions/nothing | does not resolve",
        "\"title\" | \"name\" | title and allOf"})
    void should_refuse_a_field_group(String old, String changed, String word) {
        Client.Reply reply = client.post(REGISTRY + "/tenant/fieldgroups", fieldGroup("Loyalty", "loyalty").replace(old, changed));

        assertThat(reply.status()).as(reply.text()).isBetween(400, 404);
        assertThat(reply.text()).contains(word);
        assertThat(whole.get(REGISTRY + "/tenant/fieldgroups").json().path("results")).isEmpty();
    }

    @Test
    void should_take_the_union_tag_with_a_schema_and_no_other() {
        String body = """
            {"title": "Union", "allOf": [{"$ref": "%s"}], "meta:immutableTags": ["union"]}""".formatted(PROFILE);

        JsonNode tagged = created("/tenant/schemas", body);

        assertThat(tagged.path("meta:immutableTags").path(0).asText()).isEqualTo("union");
        assertThat(client.post(REGISTRY + "/tenant/schemas", body.replace("Union", "Other").replace("union", "onion")).status())
            .isEqualTo(400);
        assertThat(client.patch(REGISTRY + "/tenant/schemas/" + tagged.path("meta:altId").asText(), "", """
            [{"op": "replace", "path": "/meta:immutableTags", "value": "union"}]""").status()).isEqualTo(400);
    }
}
