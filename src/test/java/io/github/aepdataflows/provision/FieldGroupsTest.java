package io.github.aepdataflows.provision;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.aepdataflows.LogLines;
import io.github.aepdataflows.Rig;
import io.github.aepdataflows.Rigs;
import io.github.aepdataflows.definition.DefinitionException;
import io.github.aepdataflows.export.ByHand;
import io.github.aepdataflows.simulator.Dialect;
import io.github.aepdataflows.simulator.Fault;
import io.github.aepdataflows.simulator.Options;
import io.github.aepdataflows.simulator.Request;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.camel.Exchange;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Field groups of a new schema: named by their titles, or described with their fields and made with the dataflow. */
class FieldGroupsTest {

    @RegisterExtension
    static final Rigs RIGS = new Rigs();

    private static final String PROFILE = "https://ns.adobe.com/xdm/context/profile";
    private static final String DETAILS = "https://ns.adobe.com/xdm/context/profile-person-details";

    private static final String NAMED = """
            apiVersion: aep-dataflows/v1
            name: Members
            source:
              connector: salesforce
              baseConnectionId: 4cb0c374-d3bb-4557-b139-5712880adc55
              tableName: Account
              columns: [ { name: Id, type: string }, { name: Name, type: string }, { name: Phone, type: string } ]
            target:
              schema:
                title: Members
                class: XDM Individual Profile
                fieldGroups:
                  - Demographic Details
              dataset: { name: Members }
            mapping:
              - { source: Name, destination: person.name.fullName }
            schedule: { startTime: 2035-01-01T00:00:00Z, frequency: once }
            """;

    private static final String LOYALTY = """
                  - title: Loyalty of members
                    description: What a member has earned
                    fields:
                      loyaltyId: { $type: string, $title: Loyalty number }
                      joined: date-time
                      points: long
                      level: { $enum: [ bronze, silver ] }
                      address: { city: string, lines: [ string ] }
                      cards: [ { number: string, valid: date } ]
            """;

    private static final String DESCRIBED = NAMED.replace("      - Demographic Details\n", "      - Demographic Details\n" + LOYALTY)
            .replace("  dataset: {", "    identities: [ { path: _acme.loyaltyId, namespace: Phone, primary: true } ]\n  dataset: {")
            .replace("mapping:\n", "mapping:\n  - { source: Id, destination: _acme.loyaltyId }\n"
                    + "  - { source: Phone, destination: _acme.address.city }\n");

    private static final String LABELLED = DESCRIBED.replace("  dataset: {", """
                labels:
                  - { path: _acme.loyaltyId, labels: [ I1 ] }
                  - { path: _acme.address, labels: [ I2, C2 ] }
                  - { path: _acme.address.city, labels: [ S1 ] }
                  - { path: _acme.cards, labels: [ C1 ] }
            """ + "  dataset: {");

    /** What {@link #DESCRIBED} says, with its field group in a file. */
    private static final String IN_A_FILE = DESCRIBED.replace(LOYALTY, "      - { file: loyalty.yaml }\n");

    private Rig rig;

    @BeforeEach
    void start() throws Exception {
        rig = RIGS.start();
    }

    @AfterEach
    void stop() throws Exception {
        rig.close();
    }

    private static Path loyaltyIn(Path groups) throws IOException {
        return Files.writeString(groups.resolve("loyalty.yaml"), LOYALTY.replaceFirst("- ", "  ").indent(-8));
    }

    private static Stream<Options> readingsOfTitles() {
        return Dialect.TITLE_FILTER.readings().stream().map(reading -> Options.defaults().withDialect(Dialect.TITLE_FILTER, reading));
    }

    @ParameterizedTest
    @MethodSource("readingsOfTitles")
    void should_find_class_and_field_groups_by_their_titles_however_the_registry_reads_a_filter(Options options) throws Exception {
        try (Rig other = RIGS.start(options, Map.of("aep.settle-window", "200"))) {
            ByHand platform = new ByHand(other.simulator());
            for (int i = 0; i < 30; i++) {   // so many that the whole list is not read for nothing
                platform.fieldGroup("Group number " + i, PROFILE, "{'f%d':{'type':'string'}}".formatted(i));
            }
            String wanted = platform.fieldGroup("Loyalty of members", PROFILE, "{'loyaltyId':{'type':'string'}}");
            other.apply(NAMED.replace("Details\n", "Details\n      - Loyalty of members\n"));

            assertThat(references(other)).containsExactly(PROFILE, DETAILS, wanted);
            assertThat(other.plan(NAMED.replace("Details\n", "Details\n      - " + wanted + "\n")).path("empty").asBoolean())
                    .as("the same by its id").isTrue();
            assertThat(other.plan(NAMED.replace("XDM Individual Profile", PROFILE).replace("Details\n", "Details\n      - "
                    + wanted.replace("https://ns.adobe.com/", "_").replace('/', '.') + "\n")).path("empty").asBoolean())
                    .as("the same by its alternative id").isTrue();
        }
    }

    @Test
    void should_name_the_nearest_title_where_none_is_as_written() throws Exception {
        assertThat(faults(NAMED.replace("Demographic", "Demografic").replace("Individual", "Indivdual")))
                .contains("no field group has the title Demografic Details; did you mean Demographic Details?",
                "no class has the title XDM Indivdual Profile; did you mean XDM Individual Profile?");
        assertThat(writes()).isEmpty();
    }

    @Test
    void should_name_the_ids_where_a_title_means_several() throws Exception {
        String other = new ByHand(rig.simulator()).fieldGroup("Demographic Details", PROFILE,
                "{'a':{'type':'string'}}");

        assertThat(faults(NAMED)).contains("2 field groups have the title Demographic Details; name one by its $id").contains(other)
                .contains(DETAILS);
    }

    @Test
    void should_refuse_to_describe_one_of_the_title_of_adobes_own() throws Exception {
        Exchange refused = rig.provision(DESCRIBED.replace("title: Loyalty of members", "title: Demographic Details"));

        assertThat(refused.getException()).isInstanceOf(DefinitionException.class)
                .hasMessageContaining("Adobe has a field group of this title: name that by its $id, " + DETAILS);
        assertThat(rig.requests()).noneMatch(Rig::isCreate);
    }

    @Test
    void should_know_by_what_the_titles_mean_whether_profile_has_an_identity() throws Exception {
        String profile = NAMED.replace("target:\n", "target:\n  profile: true\n");

        assertThat(faults(profile)).contains("target.profile: Profile needs a primary identity");
        rig.apply(profile.replace("Details\n", "Details\n      - IdentityMap\n"));

        assertThat(rig.resources("schemas").get(0).path("meta:immutableTags").toString()).contains("union");
    }

    @Test
    void should_make_a_field_group_in_the_namespace_of_the_tenant_before_the_schema() throws Exception {
        JsonNode receipt = rig.apply(DESCRIBED);

        assertThat(writes()).containsSubsequence("POST fieldgroups", "POST schemas", "POST descriptors");
        JsonNode group = rig.resources("fieldgroups").get(0);
        assertThat(references(rig)).containsExactly(PROFILE, DETAILS, group.path("$id").asText());
        assertThat(group.path("meta:intendedToExtend")).hasToString("[\"" + PROFILE + "\"]");
        JsonNode fields = group.at("/definitions/customFields/properties/_acme/properties");
        assertThat(fields.at("/loyaltyId/title").asText()).isEqualTo("Loyalty number");
        assertThat(types(fields)).isEqualTo("loyaltyId string, joined date-time, points long, level string, address object, cards array");
        assertThat(fields.at("/cards/items/properties/valid/format").asText()).isEqualTo("date");
        assertThat(receipt.path("steps").findValuesAsText("step")).containsSubsequence("field-group", "target-schema");
        assertThat(receipt.at("/resources/fieldGroup").asText()).isEqualTo(group.path("$id").asText());
        assertThat(rig.plan(DESCRIBED).path("empty").asBoolean()).as(rig.plan(DESCRIBED)::toPrettyString).isTrue();
        assertThat(rig.apply(DESCRIBED).path("outcome").asText()).isEqualTo("unchanged");
    }

    @Test
    void should_check_the_mapping_and_the_identities_against_fields_that_are_still_to_be_made() throws Exception {
        assertThat(faults(DESCRIBED.replace("destination: _acme.address.city", "destination: _acme.address.ctiy")
                .replace("path: _acme.loyaltyId", "path: _acme.loyaltyIdd")))
                .contains("_acme.address.ctiy is no field of the target schema; did you mean _acme.address.city?",
                "_acme.loyaltyIdd is no field of the target schema; did you mean _acme.loyaltyId?");
        assertThat(writes()).isEmpty();
    }

    private static Stream<Fault> troubles() {
        return Stream.of(Fault.reset(), Fault.reset().afterCommit(), Fault.status(503), Fault.status(500).afterCommit(), Fault.body("{}"));
    }

    @ParameterizedTest
    @MethodSource("troubles")
    void should_make_it_once_whatever_the_answer(Fault fault) throws Exception {
        rig.simulator().faults().on("POST", "/tenant/fieldgroups", 1, fault);

        rig.apply(DESCRIBED);

        assertThat(rig.resources("fieldgroups")).hasSize(1);
        assertThat(rig.plan(DESCRIBED).path("empty").asBoolean()).isTrue();
        rig.apply(DESCRIBED + "state: absent\nretire: { dataset: true, schema: true }\n");
        assertThat(rig.resources("fieldgroups")).as("it was made for the dataflow").isEmpty();
    }

    @ParameterizedTest
    @MethodSource("troubles")
    void should_add_a_field_once_whatever_the_answer(Fault fault) throws Exception {
        rig.apply(DESCRIBED);
        String grown = DESCRIBED.replace("          joined:", "          tier: integer\n          joined:");
        rig.simulator().faults().on("PATCH", "/tenant/fieldgroups/[^/]+", 1, fault);

        rig.apply(grown);

        assertThat(rig.resources("fieldgroups").get(0).path("version").asText()).isEqualTo("1.1");
        assertThat(rig.plan(grown).path("empty").asBoolean()).isTrue();
    }

    @Test
    void should_go_on_with_a_field_group_that_an_earlier_run_has_made() throws Exception {
        rig.simulator().faults().on("POST", "/tenant/schemas", 1, Fault.status(422));
        assertThat(rig.provision(DESCRIBED).getException()).isNotNull();
        assertThat(rig.resources("fieldgroups")).hasSize(1);

        assertThat(rig.apply(DESCRIBED).path("outcome").asText()).isEqualTo("created");

        assertThat(rig.resources("fieldgroups")).hasSize(1);
        assertThat(references(rig)).contains(rig.resources("fieldgroups").get(0).path("$id").asText());
    }

    @Test
    void should_call_one_missing_that_somebody_has_deleted() throws Exception {
        rig.apply(DESCRIBED);
        rig.simulator().faults().always("GET", "/tenant/fieldgroups", Fault.body("{\"results\":[],\"_page\":{\"next\":null}}"));

        JsonNode report = Rig.json(rig.audit().getMessage().getBody(String.class));

        assertThat(report.path("missing").findValuesAsText("step")).containsExactly("field-group");
    }

    @Test
    void should_add_fields_and_nothing_else_to_a_field_group_that_exists() throws Exception {
        rig.apply(DESCRIBED);
        String grown = DESCRIBED.replace("          joined:", "          tier: integer\n          joined:")
                .replace("{ city: string,", "{ city: string, zip: string,").replace("silver ]", "silver, gold ]")
                .replace("number: string", "number: string, holder: string");
        int before = rig.requests().size();

        JsonNode plan = rig.plan(grown);
        JsonNode receipt = rig.apply(grown);

        assertThat(changes(plan)).containsExactly("fields.tier", "fields.level.$enum", "fields.address.zip", "fields.cards[].holder");
        assertThat(outcome(receipt, "field-group")).isEqualTo("updated");
        assertThat(writesSince(before)).containsExactly("PATCH fieldgroups");
        JsonNode fields = rig.resources("fieldgroups").get(0).at("/definitions/customFields/properties/_acme/properties");
        assertThat(fields.at("/cards/items/properties").properties()).hasSize(3);
        assertThat(fields.at("/level/enum")).hasSize(3);
        assertThat(rig.plan(grown).path("empty").asBoolean()).isTrue();
        assertThat(rig.apply(grown).path("outcome").asText()).isEqualTo("unchanged");
    }

    @Test
    void should_refuse_to_take_a_field_away_or_to_give_it_another_type() throws Exception {
        rig.apply(DESCRIBED);
        String other = DESCRIBED.replace("          joined: date-time\n", "").replace("points: long", "points: string");

        JsonNode plan = rig.plan(other);
        Exchange refused = rig.provision(other);

        assertThat(changes(plan)).containsExactly("fields.points", "fields.joined");
        assertThat(plan.findValuesAsText("action")).contains("impossible");
        assertThat(refused.getException()).hasMessageContaining("a field group only grows")
                .hasMessageContaining("joined, which the definition has to list").hasMessageContaining("another type")
                .isInstanceOfSatisfying(ConflictException.class, conflict -> assertThat(conflict.advice())
                        .as("another name of the definition does not help").contains("choose another title"));
        assertThat(rig.plan(DESCRIBED).path("empty").asBoolean()).isTrue();
    }

    @Test
    void should_say_in_a_check_what_a_plan_refuses_and_ask_for_it_only_where_one_is_described() throws Exception {
        rig.apply(DESCRIBED);
        String other = DESCRIBED.replace("          joined: date-time\n", "").replace("points: long", "points: string");
        String refusal = rig.provision(other).getException().getMessage();

        JsonNode report = check(other);

        assertThat(report.path("ok").asBoolean()).isFalse();
        assertThat(report.path("faults")).hasSize(1);
        assertThat(report.at("/faults/0/path").asText()).isEqualTo("target.schema.fieldGroups[1]");
        assertThat(report.at("/faults/0/line").asInt()).isEqualTo(14);
        assertThat(refusal).endsWith(report.at("/faults/0/message").asText()).contains("field-group (fields.points, fields.joined)");
        assertThat(check(DESCRIBED).path("ok").asBoolean()).isTrue();
        assertThat(check(DESCRIBED.replace("points: long", "points: long\n          more: date")).path("ok").asBoolean()).isTrue();
        assertThat(check(second(DESCRIBED).replace("points: long", "points: long\n          more: date")).path("faults").toString())
                .contains("another definition describes it otherwise (Members)");
        int before = rig.requests().size();
        check(NAMED);
        assertThat(rig.requests().subList(before, rig.requests().size()))
                .noneMatch(request -> request.path().contains("/tenant/fieldgroups/"));
        check(DESCRIBED);
        assertThat(rig.requests().subList(before, rig.requests().size())).filteredOn(request -> request.path()
                .contains("/tenant/fieldgroups/")).hasSize(1);
    }

    private JsonNode check(String definition) throws Exception {
        return Rig.json(rig.main().getCamelContext().createProducerTemplate().requestBody("direct:aep-check", definition, String.class));
    }

    /** An update by such a document would take or add what nobody meant. */
    @ParameterizedTest
    @CsvSource({"allOf, {}", "meta:intendedToExtend, \"x\"", "definitions, []"})
    void should_update_none_whose_fields_do_not_show(String field, String shown) throws Exception {
        rig.apply(DESCRIBED);
        ObjectNode document = rig.resources("fieldgroups").get(0);
        document.set(field, Rig.json(shown));
        rig.simulator().faults().when(request -> request.method().equals("GET") && request.path().matches(".*/tenant/fieldgroups/[^/]+"),
                Fault.body(document.toString()));

        Exchange refused = rig.provision(DESCRIBED.replace("          joined:", "          tier: integer\n          joined:"));

        assertThat(refused.getException()).hasMessageContaining("the Platform does not show its").hasMessageContaining(field);
        assertThat(rig.requests("PATCH", "/fieldgroups/.*")).isEmpty();
    }

    @Test
    void should_share_a_field_group_that_two_definitions_describe_the_same_way() throws Exception {
        rig.apply(DESCRIBED);
        String second = second(DESCRIBED);

        assertThat(outcome(rig.apply(second), "field-group")).isEqualTo("created");   // by the first of them

        assertThat(rig.resources("fieldgroups")).hasSize(1);
        assertThat(rig.resources("schemas")).hasSize(2);
        assertThat(rig.plan(second).path("empty").asBoolean()).isTrue();
        assertThat(rig.plan(DESCRIBED).path("empty").asBoolean()).isTrue();
    }

    @Test
    void should_refuse_another_description_of_it_before_anything_is_made() throws Exception {
        rig.apply(DESCRIBED);
        int before = rig.requests().size();

        Exchange refused = rig.provision(second(DESCRIBED).replace("          points: long\n",
                "          points: long\n          more: date\n"));

        assertThat(refused.getException()).isInstanceOf(ConflictException.class).hasMessageContaining("field-group (fields.more)")
                .hasMessageContaining("another definition describes it otherwise (Members)");
        assertThat(writesSince(before)).isEmpty();
    }

    @Test
    void should_use_one_that_was_made_by_hand_just_as_it_is_described() throws Exception {
        String id = new ByHand(rig.simulator()).fieldGroup("Loyalty of members", PROFILE,
                "{'loyaltyId':{'type':'string','title':'Number'},'tags':{'type':'array','items':{'type':'string'}}}");
        String described = NAMED.replace("      - Demographic Details\n", """
                  - Demographic Details
                  - title: Loyalty of members
                    fields: { loyaltyId: string, tags: [ string ] }
            """);

        assertThat(outcome(rig.apply(described), "field-group")).isEqualTo("reused");

        assertThat(references(rig)).contains(id);
        assertThat(rig.resources("fieldgroups")).hasSize(1);
        rig.apply(described + "state: absent\nretire: { dataset: true, schema: true }\n");
        assertThat(rig.resources("schemas")).isEmpty();
        assertThat(rig.resources("fieldgroups")).as("it was not made for the dataflow").hasSize(1);
    }

    @Test
    void should_delete_it_with_the_last_schema_that_uses_it() throws Exception {
        String second = second(DESCRIBED);
        String absent = "state: absent\nretire: { dataset: true, schema: true }\n";
        rig.apply(DESCRIBED);
        rig.apply(second);

        JsonNode first = rig.apply(DESCRIBED + absent);
        assertThat(first.path("outcome").asText()).isEqualTo("deleted");
        assertThat(rig.resources("fieldgroups")).as("the other one uses it").hasSize(1);
        JsonNode plan = rig.plan(second + absent);
        JsonNode last = rig.apply(second + absent);

        assertThat(plan.path("steps").findValuesAsText("step")).contains("field-group");
        assertThat(outcome(last, "field-group")).isEqualTo("deleted");
        assertThat(rig.resources("schemas")).isEmpty();
        assertThat(rig.resources("fieldgroups")).isEmpty();
    }

    @Test
    void should_make_it_again_after_it_was_deleted_with_its_dataflow() throws Exception {
        try (Rig other = RIGS.start(Map.of("aep.check-lifetime", "1h"))) {
            other.apply(DESCRIBED);
            String first = other.resources("fieldgroups").get(0).path("$id").asText();
            other.apply(DESCRIBED + "state: absent\nretire: { dataset: true, schema: true }\n");

            other.apply(DESCRIBED);

            assertThat(other.resources("fieldgroups")).singleElement()
                    .satisfies(group -> assertThat(group.path("$id").asText()).isNotEqualTo(first));
            assertThat(other.plan(DESCRIBED).path("empty").asBoolean()).isTrue();
        }
    }

    @Test
    void should_leave_one_that_a_schema_of_somebody_else_uses() throws Exception {
        rig.apply(DESCRIBED);
        ByHand platform = new ByHand(rig.simulator());
        platform.schema("Of somebody else", PROFILE, rig.resources("fieldgroups").get(0).path("$id").asText());

        JsonNode receipt = rig.apply(DESCRIBED + "state: absent\nretire: { dataset: true, schema: true }\n");

        assertThat(outcome(receipt, "field-group")).isEqualTo("used");
        assertThat(rig.resources("schemas")).hasSize(1);
        assertThat(rig.resources("fieldgroups")).hasSize(1);
    }

    @Test
    void should_add_a_field_group_to_a_dataflow_that_exists() throws Exception {
        String before = NAMED.replace("  dataset: {", "    identities: [ { path: person.name.fullName, namespace: Phone } ]\n  dataset: {");
        rig.apply(before);
        String after = before.replace("      - Demographic Details\n", "      - Demographic Details\n" + LOYALTY);

        JsonNode plan = rig.plan(after);
        rig.apply(after);

        assertThat(plan.path("steps").findValuesAsText("action")).containsSubsequence("create", "update");
        assertThat(references(rig)).contains(rig.resources("fieldgroups").get(0).path("$id").asText());
        assertThat(rig.plan(after).path("empty").asBoolean()).isTrue();
    }

    @Test
    void should_describe_one_in_a_file_of_its_own(@TempDir Path groups) throws Exception {
        Path file = loyaltyIn(groups);
        try (Rig other = RIGS.start(Map.of("aep.field-groups-dir", groups.toString()))) {
            other.drop("members.yaml", IN_A_FILE);
            await().atMost(30, SECONDS).until(() -> other.names("done").contains("members.yaml.receipt.json"));
            JsonNode receipt = other.json("done", "members.yaml.receipt.json");

            assertThat(outcome(receipt, "field-group")).isEqualTo("created");
            assertThat(other.plan(DESCRIBED).path("empty").asBoolean()).as("the same where the definition says it itself").isTrue();
            JsonNode same = other.apply(DESCRIBED);
            assertThat(same.path("outcome").asText()).isEqualTo("unchanged");
            assertThat(same.path("digest")).isEqualTo(receipt.path("digest"));

            Files.writeString(file, Files.readString(file).replace("points: long", "points: long\n  tier: integer"));
            assertThat(changes(other.plan(IN_A_FILE))).containsExactly("fields.tier");
            JsonNode changed = other.apply(IN_A_FILE);
            assertThat(changed.path("outcome").asText()).isEqualTo("updated");
            assertThat(changed.path("digest").asText()).isNotEqualTo(receipt.path("digest").asText());
            assertThat(other.plan(IN_A_FILE).path("empty").asBoolean()).isTrue();
        }
    }

    @Test
    void should_keep_a_definition_while_the_folder_of_its_file_is_away_and_take_it_up_again(@TempDir Path root) throws Exception {
        Path groups = Files.createDirectory(root.resolve("groups"));
        loyaltyIn(groups);
        Path away = Files.move(groups, root.resolve("away"));
        try (Rig other = RIGS.start(Map.of("aep.field-groups-dir", groups.toString())); LogLines log = LogLines.of("aep.inbox")) {
            Exchange refused = other.provision(IN_A_FILE);
            assertThat(refused.getVariable("aepTryAgain")).as("a message of a queue stays, too").isEqualTo("postpone");
            JsonNode error = Rig.json(refused.getVariable("aepError", String.class));
            assertThat(error.path("category").asText() + " " + error.path("dataflow").asText()).isEqualTo("unavailable Members");

            other.drop("members.yaml", IN_A_FILE);
            other.drop("several.yaml", second(IN_A_FILE) + "---\n" + second(NAMED).replace("Guests", "Others"));
            await().atMost(30, SECONDS).until(() -> log.contain("members.yaml: stays in the inbox and is tried again")
                    && log.contain("several.yaml: stays in the inbox and is tried again"));
            other.drop("named.yaml", NAMED.replace("Members", "Named"));
            await().atMost(30, SECONDS).until(() -> other.names("done").contains("named.yaml.receipt.json"));
            assertThat(other.names("failed")).isEmpty();

            Files.move(away, groups);
            await().atMost(30, SECONDS).until(() -> other.names("done").contains("members.yaml.receipt.json")
                    && other.names("done").contains("several.yaml.receipt.json"));
            assertThat(other.resources("fieldgroups")).hasSize(1);
            assertThat(other.names("failed")).isEmpty();
        }
    }

    @Test
    void should_delete_a_dataflow_whose_file_is_gone_and_its_field_group_with_it(@TempDir Path groups) throws Exception {
        Path file = loyaltyIn(groups);
        try (Rig other = RIGS.start(Map.of("aep.field-groups-dir", groups.toString()))) {
            other.apply(IN_A_FILE);
            Files.delete(file);
            String absent = IN_A_FILE + "state: absent\nretire: { dataset: true, schema: true }\n";

            assertThat(other.plan(absent).path("steps").findValuesAsText("action")).containsOnly("delete");
            assertThat(other.apply(absent).path("outcome").asText()).isEqualTo("deleted");

            assertThat(other.resources("flows")).isEmpty();
            assertThat(other.resources("fieldgroups")).isEmpty();
            assertThat(other.apply(absent).path("outcome").asText()).isEqualTo("unchanged");
        }
    }

    @Test
    void should_pause_a_dataflow_whose_file_is_gone_and_resume_it_with_the_file(@TempDir Path groups) throws Exception {
        Path file = loyaltyIn(groups);
        String content = Files.readString(file);
        try (Rig other = RIGS.start(Map.of("aep.field-groups-dir", groups.toString()))) {
            assertThat(other.provision(second(IN_A_FILE) + "state: paused\n").getException()).isNull();
            other.apply(IN_A_FILE);
            Files.delete(file);
            assertThat(other.provision(IN_A_FILE.replace("name: Members", "name: Others") + "state: paused\n").getException())
                    .as("what does not exist is made with all of it").isInstanceOf(DefinitionException.class);

            assertThat(changes(other.plan(IN_A_FILE + "state: paused\n"))).contains("state");
            int before = other.requests().size();
            assertThat(other.apply(IN_A_FILE + "state: paused\n").path("outcome").asText()).isEqualTo("updated");
            assertThat(other.requests().stream().skip(before).filter(request -> !request.method().equals("GET")
                    && request.path().startsWith("/data/") && !request.path().endsWith("/validate")).map(FieldGroupsTest::words))
                    .containsExactly("POST flows");
            assertThat(flow(other, "Members").path("state").asText()).isEqualTo("disabled");
            assertThat(other.apply(IN_A_FILE + "state: paused\n").path("outcome").asText()).isEqualTo("unchanged");
            assertThat(other.ledger().steps("Members")).as("it is still the dataflow's").extracting(step -> step.key().step())
                    .contains("field-group");
            assertThat(other.provision(IN_A_FILE).getException()).as("it is to run again").isInstanceOf(DefinitionException.class)
                    .hasMessageContaining("there is no file " + file);

            Files.writeString(file, content);
            assertThat(other.apply(IN_A_FILE).path("outcome").asText()).isEqualTo("updated");
            assertThat(flow(other, "Members").path("state").asText()).isEqualTo("enabled");
            assertThat(other.plan(IN_A_FILE).path("empty").asBoolean()).isTrue();
            assertThat(other.resources("fieldgroups")).hasSize(1);
        }
    }

    private static JsonNode flow(Rig rig, String name) {
        return rig.resources("flows").stream().filter(flow -> flow.path("name").asText().equals(name)).findFirst().orElseThrow();
    }

    @Test
    void should_rebuild_a_lost_ledger_with_the_file_and_name_it_where_it_is_not_there(@TempDir Path groups, @TempDir Path data)
            throws Exception {
        Path file = loyaltyIn(groups);
        Map<String, String> settings = Map.of("aep.field-groups-dir", groups.toString(), "aep.ledger.anew", "true", "aep.inbox.enabled",
                "false");
        rig.apply(DESCRIBED);
        Files.createDirectories(data.resolve("done"));
        Files.writeString(data.resolve("done/members.yaml"), IN_A_FILE);
        try (Rig lost = Rig.against(rig.simulator(), data, settings)) {
            Files.move(file, groups.resolve("elsewhere"));
            assertThat(rebuilt(lost)).contains("there is no file " + file);

            Files.move(groups.resolve("elsewhere"), file);
            assertThat(rebuilt(lost)).contains("adopted");
        }
    }

    @Test
    void should_let_a_file_grow_that_several_definitions_name(@TempDir Path groups) throws Exception {
        Path file = loyaltyIn(groups);
        String first = IN_A_FILE;
        try (Rig other = RIGS.start(Map.of("aep.field-groups-dir", groups.toString()))) {
            other.apply(first);
            other.apply(second(first));
            Files.writeString(file, Files.readString(file).replace("points: long", "points: long\n  tier: integer"));

            assertThat(other.apply(first).path("outcome").asText()).isEqualTo("updated");
            assertThat(other.plan(second(first)).path("empty").asBoolean()).isTrue();
            assertThat(other.apply(second(first)).path("outcome").asText()).isEqualTo("unchanged");
            assertThat(other.resources("fieldgroups")).hasSize(1);
        }
    }

    @Test
    void should_label_the_fields_that_it_describes_and_then_find_nothing_to_do() throws Exception {
        JsonNode plan = rig.plan(LABELLED);
        rig.apply(LABELLED);

        assertThat(plan.path("steps").findValuesAsText("step")).filteredOn("label-descriptor"::equals).hasSize(4);
        assertThat(labels()).containsExactlyInAnyOrder("/_acme/loyaltyId [\"I1\"]", "/_acme/address [\"C2\",\"I2\"]",
                "/_acme/address/city [\"S1\"]", "/_acme/cards [\"C1\"]");
        assertThat(rig.plan(LABELLED).path("empty").asBoolean()).isTrue();
        assertThat(rig.apply(LABELLED).path("outcome").asText()).isEqualTo("unchanged");
    }

    @Test
    void should_compare_the_paths_of_labels_with_the_described_fields_before_anything_is_sent() throws Exception {
        assertThat(faults(LABELLED.replace("loyaltyId, labels", "loyaltyIt, labels").replace("address.city, l", "address.town, l")))
                .contains("target.schema.labels[0].path: _acme.loyaltyIt is no field of the target schema; did you mean _acme.loyaltyId?")
                .contains("target.schema.labels[2].path: _acme.address.town is no field of the target schema; did you mean "
                        + "_acme.address.city?");
        assertThat(writes()).isEmpty();
    }

    @Test
    void should_note_that_a_field_in_a_list_may_be_refused_a_label() throws Exception {
        JsonNode report = Rig.json(rig.main().getCamelContext().createProducerTemplate().requestBody("direct:aep-check",
                LABELLED.replace("_acme.cards, l", "_acme.cards.number, l"), String.class));

        assertThat(report.path("ok").asBoolean()).isTrue();
        assertThat(report.path("notes").toString()).contains("target.schema.labels[3].path")
                .contains("_acme.cards.number is in the list _acme.cards");
    }

    @Test
    void should_add_a_field_and_label_it_at_the_same_time() throws Exception {
        rig.apply(LABELLED);
        String more = LABELLED.replace("points: long", "points: long\n          tier: integer")
                .replace("{ path: _acme.cards, labels: [ C1 ] }", "{ path: _acme.cards, labels: [ C1, C3 ] }\n"
                        + "      - { path: _acme.tier, labels: [ C4 ] }")
                .replace("primary: true }", "primary: true }, { path: _acme.address.city, namespace: Email }");

        JsonNode plan = rig.plan(more);
        rig.apply(more);

        assertThat(plan.path("steps").findValuesAsText("action")).filteredOn(action -> !action.equals("none"))
                .containsExactly("update", "create", "update", "create");
        assertThat(labels()).contains("/_acme/tier [\"C4\"]", "/_acme/cards [\"C1\",\"C3\"]").hasSize(5);
        assertThat(rig.plan(more).path("empty").asBoolean()).isTrue();
    }

    @Test
    void should_export_the_labels_of_described_fields_for_another_sandbox_and_delete_them_with_the_schema() throws Exception {
        rig.apply(LABELLED);
        Exchange exported = rig.main().getCamelContext().createFluentProducerTemplate().to("direct:aep-export").withBody("Members")
                .withVariable("aepExportPortable", "true").request(Exchange.class);
        assertThat(exported.getException()).isNull();
        JsonNode schema = Rig.yaml(exported.getMessage().getBody(String.class)).at("/target/schema");
        assertThat(schema.at("/fieldGroups/1/title").asText()).isEqualTo("Loyalty of members");
        assertThat(schema.path("labels")).extracting(field -> field.path("path").asText() + " " + field.path("labels")).containsExactly(
                "_acme.address [\"C2\",\"I2\"]", "_acme.address.city [\"S1\"]", "_acme.cards [\"C1\"]", "_acme.loyaltyId [\"I1\"]");

        rig.apply(LABELLED + "state: absent\nretire: { dataset: true, schema: true }\n");

        assertThat(rig.resources("descriptors")).isEmpty();
        assertThat(rig.resources("fieldgroups")).isEmpty();
    }

    private List<String> labels() {
        return rig.resources("descriptors").stream().filter(one -> one.path("@type").asText().equals("xdm:descriptorLabel"))
                .map(one -> one.path("xdm:sourceProperty").asText() + " " + one.path("xdm:labels")).toList();
    }

    private static String rebuilt(Rig lost) {
        return lost.main().getCamelContext().createProducerTemplate().requestBody("direct:aep-rebuild", null, String.class);
    }

    private static String second(String definition) {
        return definition.replace("name: Members", "name: Guests").replace("title: Members", "title: Guests");
    }

    private String faults(String definition) {
        Exchange refused = rig.provision(definition);
        assertThat(refused.getException()).isInstanceOf(DefinitionException.class);
        return refused.getException().getMessage();
    }

    private static String outcome(JsonNode receipt, String step) {
        return receipt.path("steps").findParents("step").stream().filter(one -> one.path("step").asText().equals(step)).findFirst()
                .orElseThrow().path("outcome").asText();
    }

    private static List<String> changes(JsonNode plan) {
        return plan.path("steps").findValues("path").stream().map(JsonNode::asText).toList();
    }

    private static String types(JsonNode fields) {
        return String.join(", ", fields.properties().stream().map(field -> field.getKey() + " " + field.getValue().path("meta:xdmType")
                .asText()).toList());
    }

    private static List<String> references(Rig rig) {
        return rig.resources("schemas").get(0).path("allOf").findValuesAsText("$ref");
    }

    private List<String> writes() {
        return writesSince(0);
    }

    private List<String> writesSince(int before) {
        return rig.requests().stream().skip(before).filter(request -> !request.method().equals("GET") && request.path().startsWith("/data/")
                && !request.path().endsWith("/validate")).map(FieldGroupsTest::words).toList();
    }

    private static String words(Request request) {
        return request.method() + " " + request.path().replaceFirst("^/data/foundation/[a-z]+/(tenant/)?", "").replaceFirst("/.*", "");
    }
}
