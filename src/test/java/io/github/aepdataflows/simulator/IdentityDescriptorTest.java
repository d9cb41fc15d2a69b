package io.github.aepdataflows.simulator;

import static io.github.aepdataflows.simulator.Client.REGISTRY;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which fields of a schema identify a person, and what that has to do with Profile. */
class IdentityDescriptorTest {

    private static final String PATH = REGISTRY + "/tenant/descriptors";
    private static final String UNION = """
        [{"op": "add", "path": "/meta:immutableTags", "value": ["union"]}]""";

    private Simulator simulator;
    private Client client;
    private String schema;

    @BeforeEach
    void start() throws IOException {
        start(Options.defaults());
    }

    private void start(Options options) throws IOException {
        stop();
        simulator = Simulator.start(options);
        client = Client.of(simulator);
        schema = schema("Customers");
    }

    @AfterEach
    void stop() throws IOException {
        if (simulator != null) {
            simulator.close();
        }
    }

    /** With contact details, and a field of the tenant's own. */
    private String schema(String title, String... fieldGroups) {
        String custom = client.post(REGISTRY + "/tenant/fieldgroups", """
            {"type": "object", "title": "%s fields", "meta:intendedToExtend": ["https://ns.adobe.com/xdm/context/profile"],
             "allOf": [{"properties": {"_acme": {"type": "object", "properties": {"crmId": {"type": "string"}}}}}]}"""
            .formatted(title)).json().path("$id").asText();
        ObjectNode body = Json.object().put("type", "object").put("title", title);
        List<String> refs = new ArrayList<>(List.of(custom, "https://ns.adobe.com/xdm/context/profile",
            "https://ns.adobe.com/xdm/context/profile-personal-details", "https://ns.adobe.com/xdm/context/profile-work-details"));
        refs.addAll(List.of(fieldGroups));
        refs.forEach(ref -> body.withArray("allOf").addObject().put("$ref", ref));
        Client.Reply reply = client.post(REGISTRY + "/tenant/schemas", body.toString());
        assertThat(reply.status()).as(reply.text()).isEqualTo(201);
        return reply.json().path("$id").asText();
    }

    private String email(boolean primary) {
        return """
            {"@type": "xdm:descriptorIdentity", "xdm:sourceSchema": "%s", "xdm:sourceVersion": 1,
             "xdm:sourceProperty": "/personalEmail/address", "xdm:namespace": "Email", "xdm:property": "xdm:code",
             "xdm:isPrimary": %b}""".formatted(schema, primary);
    }

    private String phone(boolean primary) {
        return email(primary).replace("/personalEmail/address", "/mobilePhone/number").replace("Email", "Phone");
    }

    private String name(String title) {
        return """
            {"@type": "xdm:alternateDisplayInfo", "xdm:sourceSchema": "%s", "xdm:sourceVersion": 1,
             "xdm:sourceProperty": "/xdm:personalEmail", "xdm:title": {"en_us": "%s"}}""".formatted(schema, title);
    }

    private String created(String body) {
        Client.Reply reply = client.post(PATH, body);
        assertThat(reply.status()).as(reply.text()).isEqualTo(201);
        return reply.json().path("@id").asText();
    }

    private Client.Reply list(String form, String query) {
        return client.with("Accept", "application/vnd.adobe.xdm" + form + "+json").get(PATH + query);
    }

    private List<ObjectNode> kept() {
        return simulator.store().resources("prod", "descriptors");
    }

    @Test
    void should_answer_a_create_with_what_was_sent_and_an_id_and_show_the_rest_on_look_up() throws IOException {
        JsonNode answer = client.post(PATH, email(true)).json();
        JsonNode found = client.get(PATH + "/" + answer.path("@id").asText()).json();

        assertThat(answer.path("@id").asText()).matches("[0-9a-f]{40}");
        Json.MAPPER.readTree(email(true)).properties().forEach(sent ->
            assertThat(answer.path(sent.getKey())).as(sent.getKey()).isEqualTo(sent.getValue()));
        assertThat(answer.path("meta:containerId").asText()).isEqualTo("tenant");
        assertThat(answer.path("version").asText()).isEqualTo("1");
        assertThat(answer.path("imsOrg").asText()).isEqualTo("SIMULATOR000000000000000@AdobeOrg");
        assertThat(answer.has("created")).isFalse();
        assertThat(found.path("created").asLong()).isEqualTo(found.path("updated").asLong()).isPositive();
        assertThat(found.path("createdUser")).isEqualTo(found.path("updatedUser")).isEqualTo(found.path("createdClient"));
        assertThat(found.path("xdm:sourceSchema").asText()).isEqualTo(schema);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "\"xdm:sourceVersion\": 1 | \"xdm:sourceVersion\": \"1\"",
        "\"Email\", \"xdm:property\": \"xdm:code\" | \"6\", \"xdm:property\": \"xdm:id\"",
        "\"Email\", \"xdm:property\": \"xdm:code\" | 6, \"xdm:property\": \"xdm:id\"",
        "/personalEmail/address | /_acme/crmId",
        "/personalEmail/address | /_id",
        "\"Email\" | \"CRMID\""})
    void should_take_every_documented_form_of_a_field(String old, String changed) {
        assertThat(email(true)).contains(old);

        created(email(true).replace(old, changed));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "\"@type\": \"xdm:descriptorIdentity\", | '' | $.@type: is missing",
        "xdm:descriptorIdentity | xdm:descriptorOfNothing | no type of descriptor",
        "\"xdm:sourceVersion\": 1, | '' | $.xdm:sourceVersion: is missing",
        "\"xdm:sourceVersion\": 1 | \"xdm:sourceVersion\": 2 | major version 1",
        "\"xdm:sourceVersion\": 1 | \"xdm:sourceVersion\": \"1.0\" | major version 1",
        "acme/schemas/ | acme/schemas/0 | not the $id of a schema",
        "\"/personalEmail/address\" | null | $.xdm:sourceProperty: is missing",
        "/personalEmail/address | personalEmail/address | must begin with /",
        "/personalEmail/address | /personalEmail/address/ | not end with it",
        "/personalEmail/address | / | not end with it",
        "/personalEmail/address | /personalEmail/adress | no field of the schema",
        "/personalEmail/address | /personalEmail//address | no field of the schema",
        "/personalEmail/address | /properties/personalEmail/properties/address | no field of the schema",
        "/personalEmail/address | /person/name/firstName | no field of the schema",
        "/personalEmail/address | /_acme | a field below /_acme",
        "/personalEmail/address | /personalEmail | a value of its own",
        "/personalEmail/address | /organizations | a value of its own",
        "\"xdm:namespace\": \"Email\", | '' | $.xdm:namespace: is missing",
        "\"Email\" | \"Nothing\" | not the xdm:code of a namespace: Nothing",
        "\"Email\" | \"6\" | not the xdm:code of a namespace: 6",
        "xdm:code | xdm:id | not the xdm:id of a namespace: Email",
        "xdm:code | code | must be xdm:code or xdm:id",
        "\"xdm:property\": \"xdm:code\", | '' | $.xdm:property: is missing",
        "true} | \"yes\"} | must be true or false"})
    void should_refuse_a_descriptor(String old, String changed, String words) {
        assertThat(email(true)).contains(old);

        Client.Reply reply = client.post(PATH, email(true).replace(old, changed));

        assertThat(reply.status()).as(reply.text()).isEqualTo(400);
        assertThat(reply.json().path("type").asText()).endsWith("XDM-4000-400");
        assertThat(reply.json().path("detail").asText()).contains(words);
        assertThat(kept()).isEmpty();
    }

    @Test
    void should_refuse_the_other_id_of_a_schema_and_a_schema_of_another_sandbox() {
        String altId = schema.replace("https://ns.adobe.com/acme/schemas/", "_acme.schemas.");

        assertThat(client.post(PATH, email(true).replace(schema, altId)).status()).isEqualTo(400);
        assertThat(client.with("x-sandbox-name", "dev").post(PATH, email(true)).status()).isEqualTo(400);
    }

    @Test
    void should_refuse_a_second_primary_identity_of_a_schema_and_take_that_of_another() {
        created(email(true));

        assertThat(client.post(PATH, email(true)).text()).contains("primary identity already: /personalEmail/address");
        assertThat(client.post(PATH, phone(true)).status()).isEqualTo(400);
        created(phone(false));
        schema = schema("Others");
        created(email(true));
        assertThat(kept()).hasSize(3);
    }

    @Test
    void should_take_a_second_primary_identity_when_told_so() throws IOException {
        start(Options.defaults().withSecondPrimary(true));
        created(email(true));

        created(phone(true));
    }

    @Test
    void should_take_what_exists_already_for_a_descriptor_of_its_own() {
        assertThat(created(email(false))).isNotEqualTo(created(email(false)));
    }

    @Test
    void should_refuse_what_exists_already_when_told_so() throws IOException {
        start(Options.defaults().withDuplicateDescriptor(false));
        String id = created(email(false));

        String withoutPrimary = email(false).replaceFirst(",\\s+\"xdm:isPrimary\": false", "");
        assertThat(withoutPrimary).doesNotContain("isPrimary");
        Client.Reply reply = client.post(PATH, withoutPrimary);

        assertThat(reply.status()).isEqualTo(400);
        assertThat(reply.text()).contains("exists already: " + id);
        created(email(true));
        created(phone(false));
    }

    @Test
    void should_list_by_type_in_the_form_that_the_accept_header_names() {
        assertThat(list("", "").text()).isEqualTo("{}");
        String one = created(email(true));
        String two = created(phone(false));
        String three = created(name("Mail"));

        assertThat(list("-id", "").text()).isEqualTo(
            "{\"xdm:descriptorIdentity\":[\"%s\",\"%s\"],\"xdm:alternateDisplayInfo\":[\"%s\"]}".formatted(one, two, three));
        assertThat(list("-link", "").json().at("/xdm:descriptorIdentity/1").asText()).isEqualTo("/tenant/descriptors/" + two);
        assertThat(list("", "").json().at("/xdm:descriptorIdentity/0")).isEqualTo(client.get(PATH + "/" + one).json());
        assertThat(list("-id", "?limit=1&orderby=@id").json().path("xdm:descriptorIdentity")).as("such a list has no pages").hasSize(2);
    }

    @Test
    void should_list_what_all_conditions_of_a_filter_let_pass() {
        String one = created(email(true));
        created(name("Mail"));
        String both = "?property=" + URLEncoder.encode("@type==xdm:descriptorIdentity,xdm:sourceSchema==" + schema, StandardCharsets.UTF_8);
        schema = schema("Others");
        String two = created(email(true));

        assertThat(list("-id", both).text()).isEqualTo("{\"xdm:descriptorIdentity\":[\"" + one + "\"]}");
        assertThat(list("-id", "?property=@type==xdm:descriptorIdentity").json().findValuesAsText("xdm:descriptorIdentity")).hasSize(1);
        assertThat(list("-id", "?property=xdm:sourceSchema==" + schema).text()).contains(two).doesNotContain(one);
        assertThat(list("-id", "?property=@type==xdm:descriptorLabel").text()).isEqualTo("{}");
    }

    @Test
    void should_page_through_the_second_version_of_the_list() {
        List<String> ids = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            ids.add(created(email(false)));
        }
        ids.sort(null);

        JsonNode first = list("-v2", "?limit=2").json();
        JsonNode second = list("-v2", "?limit=2&start=" + first.at("/_page/next").asText()).json();

        assertThat(first.path("results").findValuesAsText("@id")).isEqualTo(ids.subList(0, 2));
        assertThat(second.path("results").findValuesAsText("@id")).isEqualTo(ids.subList(2, 3));
        assertThat(second.path("_page").has("next")).isTrue();
        assertThat(second.at("/_page/next").isNull()).isTrue();
        assertThat(list("-v2-id", "?orderby=-@id&limit=1").json().at("/results/0").asText()).isEqualTo(ids.get(2));
        assertThat(list("-v2-link", "?limit=500").json().path("results")).hasSize(3);
        assertThat(list("-v2", "?limit=501").status()).isEqualTo(400);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "*/*", "application/json", "application/vnd.adobe.xed+json", "application/vnd.adobe.xed-id+json",
        "application/vnd.adobe.xdm+json; version=1", "application/vnd.adobe.xdm-full+json"})
    void should_refuse_to_list_without_the_accept_header_of_descriptors(String accept) {
        Client.Reply reply = client.with("Accept", accept).get(PATH);

        assertThat(reply.status()).isEqualTo(400);
        assertThat(reply.json().path("type").asText()).endsWith("XDM-1008-400");
        assertThat(reply.json().path("title").asText()).isEqualTo("Accept header invalid");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"'' | 200", "*/* | 200", "application/vnd.adobe.xdm+json | 200",
        "application/vnd.adobe.xed+json | 400", "application/vnd.adobe.xdm+json; version=1 | 400"})
    void should_look_up_with_the_right_accept_header_or_none(String accept, int status) {
        Client.Reply reply = client.with("Accept", accept).get(PATH + "/" + created(email(true)));

        assertThat(reply.status()).isEqualTo(status);
        assertThat(reply.text().contains("XDM-1009-400")).isEqualTo(status == 400);
    }

    @Test
    void should_replace_a_descriptor_as_strictly_as_it_is_made() {
        String path = PATH + "/" + created(email(true));
        long created = client.get(path).json().path("created").asLong();
        simulator.clock().advance(Duration.ofHours(1));

        JsonNode replaced = client.withJson().send("PUT", path, phone(true)).json();

        assertThat(replaced).isEqualTo(client.get(path).json());
        assertThat(replaced.path("xdm:sourceProperty").asText()).isEqualTo("/mobilePhone/number");
        assertThat(replaced.path("created").asLong()).isEqualTo(created).isLessThan(replaced.path("updated").asLong());
        assertThat(client.withJson().send("PUT", path, phone(true).replace("number", "nummer")).status()).isEqualTo(400);
        String second = PATH + "/" + created(email(false));
        assertThat(client.withJson().send("PUT", second, email(true)).status()).as("a second primary").isEqualTo(400);
        assertThat(client.withJson().send("PUT", PATH + "/" + "0".repeat(40), email(true)).status()).isEqualTo(404);
        assertThat(client.patch(path, "", "[]").status()).as("there is no PATCH").isEqualTo(405);
    }

    @Test
    void should_not_find_a_descriptor_that_was_deleted() {
        String path = PATH + "/" + created(email(true));

        assertThat(client.delete(path).status()).isEqualTo(204);

        assertThat(client.get(path).status()).isEqualTo(404);
        assertThat(client.delete(path).status()).isEqualTo(404);
        assertThat(list("-id", "").text()).isEqualTo("{}");
        created(phone(true));
    }

    @Test
    void should_hide_a_new_descriptor_for_as_long_as_other_new_things() throws IOException {
        start(Options.defaults().withVisibilityLag(Duration.ofMinutes(5)));
        String id = created(email(true));
        assertThat(list("-id", "").text()).isEqualTo("{}");
        assertThat(client.get(PATH + "/" + id).status()).isEqualTo(404);
        assertThat(client.post(PATH, phone(true)).status()).as("it counts all the same").isEqualTo(400);

        simulator.clock().advance(Duration.ofMinutes(6));

        assertThat(list("-id", "").text()).contains(id);
    }

    @Test
    void should_delete_the_descriptors_of_a_schema_with_it() {
        created(email(true));
        String path = schemaPath();
        schema = schema("Others");
        String other = created(email(true));

        assertThat(client.delete(path).status()).isEqualTo(204);

        assertThat(kept()).singleElement().satisfies(left -> assertThat(left.path("@id").asText()).isEqualTo(other));
    }

    private String schemaPath() {
        return REGISTRY + "/tenant/schemas/" + schema.replace("https://ns.adobe.com/acme/schemas/", "_acme.schemas.");
    }

    @Test
    void should_enable_a_schema_for_profile_only_with_a_primary_identity() {
        created(email(false));
        Client.Reply reply = client.patch(schemaPath(), "", UNION);
        assertThat(reply.status()).isEqualTo(400);
        assertThat(reply.json().path("detail").asText()).contains("needs a primary identity");

        created(phone(true));

        assertThat(client.patch(schemaPath(), "", UNION).json().path("meta:immutableTags").path(0).asText()).isEqualTo("union");
        assertThat(client.patch(schemaPath(), "", UNION).status()).as("a second time").isEqualTo(200);
    }

    @Test
    void should_enable_a_schema_for_profile_that_has_an_identity_map() {
        schema = schema("Mapped", "https://ns.adobe.com/xdm/context/identitymap");

        assertThat(client.patch(schemaPath(), "", UNION).status()).isEqualTo(200);
        JsonNode events = client.post(REGISTRY + "/tenant/schemas", """
            {"title": "Events", "allOf": [{"$ref": "https://ns.adobe.com/xdm/context/experienceevent"}]}""").json();
        schema = events.path("$id").asText();
        assertThat(client.patch(schemaPath(), "", UNION).status()).as("whose class has one").isEqualTo(200);
    }

    @Test
    void should_enable_any_schema_for_profile_when_told_so() throws IOException {
        start(Options.defaults().withUnionWithoutIdentity(true));

        assertThat(client.patch(schemaPath(), "", UNION).status()).isEqualTo(200);
    }

    @Test
    void should_neither_disable_nor_delete_a_schema_that_is_enabled_for_profile() {
        created(email(true));
        client.patch(schemaPath(), "", UNION);

        assertThat(client.patch(schemaPath(), "", "[{\"op\": \"remove\", \"path\": \"/meta:immutableTags\"}]").status()).isEqualTo(400);
        assertThat(client.delete(schemaPath()).status()).isEqualTo(400);
        assertThat(kept()).hasSize(1);
    }
}
