package io.github.aepdataflows.provision;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.aepdataflows.Rig;
import io.github.aepdataflows.Rigs;
import io.github.aepdataflows.definition.DefinitionException;
import io.github.aepdataflows.ledger.RecordedStep;
import io.github.aepdataflows.platform.HeaderFilter;
import io.github.aepdataflows.resource.Kind;
import io.github.aepdataflows.resource.Kinds;
import io.github.aepdataflows.simulator.Fault;
import io.github.aepdataflows.simulator.Options;
import io.github.aepdataflows.simulator.Request;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.apache.camel.Exchange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Whatever happens to the calls of a chain, the Platform ends up with one of each resource, or the definition is refused and
 * nothing was touched. Judged by what the Platform has, what the ledger says and where the files lie.
 */
class ExactlyOneTest {

    /** Step to where the Platform keeps what it makes. */
    private static final Map<String, String> COLLECTIONS = new LinkedHashMap<>();

    static {
        COLLECTIONS.put("source-class", "classes");
        COLLECTIONS.put("source-schema", "schemas");
        COLLECTIONS.put("source-connection", "sourceConnections");
        COLLECTIONS.put("target-schema", "schemas");
        COLLECTIONS.put("target-dataset", "dataSets");
        COLLECTIONS.put("dataset-connection", "connections");
        COLLECTIONS.put("target-connection", "targetConnections");
        COLLECTIONS.put("mapping-set", "mappingSets");
        COLLECTIONS.put("flow", "flows");
    }

    private static final List<String> STEPS = List.copyOf(COLLECTIONS.keySet());
    private static final int SEEDED_CONNECTIONS = 7;

    @RegisterExtension
    static final Rigs RIGS = new Rigs();

    // --- the answer to a create is lost or spoilt ---

    static List<Fault> lostAfterTheCommit() {
        List<Fault> faults = new ArrayList<>(List.of(Fault.reset(), Fault.closeWithoutAnswer(), Fault.hang(), Fault.truncate(1),
                Fault.drip(Duration.ofMillis(100))));
        IntStream.of(409, 412, 500, 502, 503, 504).mapToObj(Fault::status).forEach(faults::add);
        return faults.stream().map(Fault::afterCommit).toList();
    }

    @ParameterizedTest
    @MethodSource("lostAfterTheCommit")
    void should_find_every_resource_whose_create_was_carried_out_though_its_answer_was_lost(Fault fault) throws Exception {
        try (Rig rig = RIGS.start(Map.of("aep.response-timeout", "300", "aep.call-timeout", "500"))) {
            rig.simulator().faults().when(ExactlyOneTest::isCreate, fault);

            Exchange done = rig.provision(Rig.example("crm"));

            assertThat(creates(rig)).as("each sent once").hasSize(9);
            assertOneOfEach(rig, done);
            assertThat(outcomes(done)).as("the shared one is anybody's").containsExactly("adopted", "adopted", "adopted", "adopted",
                    "adopted", "reused", "adopted", "adopted", "adopted");
        }
    }

    /** The answer to the create of each schema is right but for its id: that of nothing, or of another schema. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void should_not_build_on_a_schema_under_an_id_that_leads_elsewhere(boolean ofAnother) throws Exception {
        try (Rig rig = RIGS.start()) {
            rig.provision(Rig.example("customer-success"));
            String id = ofAnother ? rig.resources("schemas").get(0).path("$id").asText()
                    : "https://ns.adobe.com/acme/schemas/" + "0".repeat(48);
            int before = rig.requests("POST", "/tenant/schemas").size();
            for (String title : List.of("Dataflow between a CRM system and Platform source schema",
                    "Target schema for CRM source connector")) {
                rig.simulator().faults().when(request -> Rig.isCreate(request) && request.path().endsWith("/schemas")
                        && request.text().contains("\"" + title + "\""), 1,
                        Fault.body("{\"$id\":\"%s\",\"title\":\"%s\"}".formatted(id, title)).afterCommit());
            }

            Exchange done = rig.provision(Rig.example("crm"));

            assertThat(done.getException()).isNull();
            assertThat(rig.requests("POST", "/tenant/schemas")).as("each sent once").hasSize(before + 2);
            assertThat(outcomes(done).subList(0, 4)).containsExactly("created", "adopted", "created", "adopted");
            assertThat(rig.resources("schemas")).filteredOn(schema -> schema.path("title").asText().startsWith("Target schema for CRM"))
                    .singleElement().satisfies(schema -> assertThat(done.getMessage().getHeader("AepTargetSchemaId"))
                            .isEqualTo(schema.path("$id").asText()));
        }
    }

    @Test
    void should_create_again_what_was_lost_on_its_way() throws Exception {
        try (Rig rig = RIGS.start(Map.of("aep.settle-window", "200"))) {
            rig.simulator().faults().when(firstOfItsKind(), Fault.reset().beforeCommit());

            Exchange done = rig.provision(Rig.example("crm"));

            assertThat(creates(rig)).as("each sent twice").hasSize(18);
            assertOneOfEach(rig, done);
            assertThat(outcomes(done)).containsOnly("created");
        }
    }

    @Test
    void should_wait_for_what_becomes_visible_late() throws Exception {
        try (Rig rig = RIGS.start(Map.of("aep.settle-window", "1s"))) {
            rig.simulator().faults().when(ExactlyOneTest::isCreate, Fault.closeWithoutAnswer().committedLater(Duration.ofMillis(600)));

            Exchange done = rig.provision(Rig.example("crm"));

            assertThat(creates(rig)).hasSize(9);
            assertOneOfEach(rig, done);
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 300, 900})
    void should_not_believe_a_listing_that_lags_behind(long lagMillis) throws Exception {
        Options lagging = Options.defaults().withVisibilityLag(Duration.ofMillis(lagMillis));
        try (Rig rig = RIGS.start(lagging, Map.of("aep.settle-window", "1s"))) {
            rig.simulator().faults().when(ExactlyOneTest::isCreate, Fault.reset().afterCommit());

            Exchange done = rig.provision(Rig.example("customer-success"));

            assertThat(creates(rig)).hasSize(6);
            assertThat(done.getException()).isNull();
            assertThat(rig.resources("flows")).hasSize(1);
            assertThat(rig.requests("GET", "")).as("a listing and a look by id may differ: only listings are asked")
                    // of what was there before
                    .filteredOn(request -> !request.path().matches(".*/(connections/[^/]+(/test|/explore)?|global/.*)"))
                    .allMatch(request -> request.path().matches(".*/(flowSpecs|schemas|dataSets|mappingSets|flows|[a-z]+Connections)"));
        }
    }

    @Test
    void should_look_as_long_as_always_for_what_replaces_something_of_the_same_name() throws Exception {
        String edited = Rig.example("customer-success").replace("    - { name: Phone, type: string }\n", "")
                + "allowReplace: true\n";
        try (Rig rig = RIGS.start(Options.defaults().withVisibilityLag(Duration.ofMillis(300)), Map.of("aep.settle-window", "1s"))) {
            rig.apply(Rig.example("customer-success"));
            rig.simulator().faults().on("POST", "/sourceConnections", 1, Fault.status(409).afterCommit());

            JsonNode receipt = rig.apply(edited);

            assertThat(receipt.path("outcome").asText()).isEqualTo("replaced");
            assertThat(rig.resources("sourceConnections")).as("the old one and its successor").hasSize(2);
        }
    }

    @Test
    void should_name_a_step_whose_create_showed_only_after_the_settle_window_and_touch_neither_twin() throws Exception {
        try (Rig rig = RIGS.start(Map.of("aep.settle-window", "100"))) {
            rig.simulator().faults().on("POST", "/sourceConnections", 1, Fault.status(504).committedLater(Duration.ofHours(1)));

            Exchange done = rig.provision(Rig.example("crm"));
            rig.simulator().clock().advance(Duration.ofHours(2));
            Exchange again = rig.provision(Rig.example("crm"));

            assertThat(done.getException()).isNull();
            assertThat(rig.resources("sourceConnections")).hasSize(2);
            String used = id(rig, "source-connection");
            assertThat(rig.resources("flows")).singleElement()
                    .satisfies(flow -> assertThat(flow.at("/sourceConnectionIds/0").asText()).isEqualTo(used));
            assertThat(rig.ledger().repeated()).singleElement()
                    .satisfies(step -> assertThat(step.result().id()).isEqualTo(used));
            assertThat(document(again).path("outcome").asText()).isEqualTo("unchanged");
            assertThat(document(again).at("/resources/sourceConnection").asText()).isEqualTo(used);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 5})
    void should_look_three_times_over_the_settle_window_before_each_repetition(int times) throws Exception {
        try (Rig rig = RIGS.start(Map.of("aep.settle-window", "200"))) {
            for (int attempt = 1; attempt <= times; attempt++) {
                rig.simulator().faults().on("POST", "/targetConnections", attempt, Fault.status(500 + attempt % 5));
            }

            Exchange done = rig.provision(Rig.example("crm"));

            assertOneOfEach(rig, done);
            List<Request> posts = rig.requests("POST", "/targetConnections");
            assertThat(posts).hasSize(times + 1);
            for (int attempt = 1; attempt <= times; attempt++) {
                Request before = posts.get(attempt - 1);
                Request after = posts.get(attempt);
                assertThat(rig.requests("GET", "/targetConnections"))
                        .filteredOn(look -> look.sequence() > before.sequence() && look.sequence() < after.sequence())
                        .hasSizeGreaterThanOrEqualTo(3);
                assertThat(after.instant()).isAfterOrEqualTo(before.instant().plusMillis(200));
            }
        }
    }

    @Test
    void should_believe_no_answer_that_is_cut_off_anywhere() throws Exception {
        try (Rig rig = RIGS.start(Map.of("aep.settle-window", "100"))) {
            rig.simulator().faults().always("POST", "/flows", Fault.status(422));   // the first create is the one that matters
            int length = "{\"id\":\"%s\",\"etag\":\"\\\"%s\\\"\"}".formatted("0".repeat(36), "0".repeat(36)).length();
            for (int cut = 0; cut < length; cut++) {
                Fault fault = cut % 2 == 0 ? Fault.truncate(cut) : Fault.truncateChunked(cut);
                rig.simulator().faults().on("POST", "/sourceConnections", 1, fault.afterCommit());

                JsonNode steps = error(rig.provision(Rig.example("customer-success", cut))).path("steps");

                assertThat(steps.findValuesAsText("outcome")).as("cut at " + cut).startsWith("adopted").hasSize(5);
                assertThat(rig.requests("POST", "/sourceConnections")).hasSize(cut + 1);
                assertThat(rig.resources("sourceConnections")).hasSize(cut + 1)
                        .last().satisfies(made -> assertThat(made.path("id")).isEqualTo(steps.at("/0/id")));
            }
        }
    }

    static List<Fault> noIds() {
        return List.of(Fault.html(), Fault.oversized(10 * 1024 * 1024), Fault.body(""), Fault.body("[]"), Fault.body("null"),
                Fault.body("{}"),
                Fault.body("[17]"), Fault.body("{\"id\":17,\"$id\":17}"), Fault.body("{\"id\":\"../x\",\"$id\":\"../x\"}"),
                Fault.body("[\"@/dataSets/../x\"]"), Fault.body("\"17faf955-2cf8-4b15-baf9-552cf88b1540\""));
    }

    @ParameterizedTest
    @MethodSource("noIds")
    void should_take_nothing_for_an_id_that_is_none(Fault fault) throws Exception {
        try (Rig rig = RIGS.start()) {
            rig.simulator().faults().when(ExactlyOneTest::isCreate, fault.afterCommit());

            Exchange done = rig.provision(Rig.example("crm"));

            assertThat(creates(rig)).hasSize(9);
            assertOneOfEach(rig, done);   // and the ledger has the very ids of the Platform
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {301, 302, 307, 308})
    void should_not_follow_a_redirect_but_look_for_what_was_made(int status) throws Exception {
        try (Rig rig = RIGS.start(); Rig elsewhere = RIGS.start()) {
            rig.simulator().faults().when(ExactlyOneTest::isCreate,
                    Fault.redirect(status, elsewhere.simulator().url() + "/data/foundation/flowservice/flows").afterCommit());

            Exchange done = rig.provision(Rig.example("crm"));

            assertThat(creates(rig)).hasSize(9);
            assertOneOfEach(rig, done);
            assertThat(elsewhere.requests()).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"a&b==c,d;e~f!=g", "a \"quoted\" name", "50% off + #1? /x", "back\\slash (x) [y] {z} <w> 'v' ^*|`$@:",
            "ünïcödé 漢字"})
    void should_find_its_own_and_no_neighbour_whatever_the_name_is_made_of(String name) throws Exception {
        try (Rig rig = RIGS.start()) {
            assertThat(rig.provision(named("Neighbour", name + " ")).getException()).isNull();
            assertThat(rig.provision(named("Other neighbour", "x" + name)).getException()).isNull();
            rig.simulator().faults().when(ExactlyOneTest::isCreate, Fault.reset().afterCommit());

            Exchange done = rig.provision(named("Sought", name));

            assertThat(done.getException()).isNull();
            assertThat(outcomes(done)).hasSize(6).containsOnly("adopted");
            assertThat(creates(rig)).hasSize(3 * 6);
            assertThat(rig.resources("sourceConnections").get(2).path("id")).isEqualTo(document(done).at("/resources/sourceConnection"));
            assertThat(rig.resources("targetConnections").get(2).path("id")).isEqualTo(document(done).at("/resources/targetConnection"));
            assertThat(rig.resources("schemas").get(2).path("$id")).isEqualTo(document(done).at("/resources/targetSchema"));
        }
    }

    /** A definition of that name whose resources have the other one. */
    private static String named(String dataflow, String resources) throws Exception {
        ObjectNode definition = (ObjectNode) Rig.yaml(Rig.example("customer-success"));
        definition.put("name", dataflow);
        for (String path : List.of("/source", "/target", "/target/dataset")) {
            ((ObjectNode) definition.at(path)).put("name", resources);
        }
        ((ObjectNode) definition.at("/target/schema")).put("title", resources);
        return definition.toString();
    }

    // --- the Platform says no ---

    static List<String> steps() {
        return STEPS;
    }

    @ParameterizedTest
    @MethodSource("steps")
    void should_not_repeat_what_was_refused_and_go_on_from_there_once_it_is_mended(String step) throws Exception {
        try (Rig rig = RIGS.start()) {
            rig.simulator().faults().when(request -> isCreateOf(step, request), 1,
                    Fault.answer(STEPS.indexOf(step) % 2 == 0 ? 400 : 422, "application/json",
                    "{\"errorMessage\":\"the Platform's reason\"}"));
            rig.drop("crm.yaml", Rig.example("crm"));
            await().atMost(20, SECONDS).until(() -> rig.names("failed").contains("crm.yaml"));

            JsonNode error = rig.json("failed", "crm.yaml.error.json");
            assertThat(error.path("category").asText()).isEqualTo("rejected");
            assertThat(error.path("step").asText()).isEqualTo(step);
            assertThat(error.path("message").asText()).contains("the Platform's reason");
            List<String> made = error.path("steps").findValuesAsText("step");
            assertThat(made).as("in the order of the chain").isEqualTo(STEPS.stream().filter(made::contains).toList());
            assertThat(made).as("nothing is built on what is not there").noneMatch(other -> isBuiltOn(Kinds.of(other), Kinds.of(step)));
            List<String> ids = error.path("steps").findValuesAsText("id");
            assertThat(ids).allSatisfy(id -> assertThat(error.path("advice").asText()).contains(id));
            assertThat(creates(rig)).as("no repetition").hasSize(made.size() + 1);

            rig.drop("crm.yaml", Rig.example("crm").replace("interval: 30", "interval: 45"));
            await().atMost(20, SECONDS).until(() -> rig.names("done").contains("crm.yaml"));

            assertThat(creates(rig)).as("none of the earlier ones again").hasSize(10);
            JsonNode receipt = rig.json("done", "crm.yaml.receipt.json");
            assertThat(receipt.path("steps").findValuesAsText("id")).hasSize(9)
                    .containsAll(ids);
            assertThat(rig.resources("flows")).singleElement()
                    .satisfies(flow -> assertThat(flow.at("/scheduleParams/interval").asInt()).isEqualTo(45));
        }
    }

    private static boolean isCreateOf(String step, Request request) {
        boolean isOfTheTarget = request.text().contains("Target schema");
        return isCreate(request) && request.path().endsWith("/" + COLLECTIONS.get(step))
                && (!COLLECTIONS.get(step).equals("schemas") || isOfTheTarget == step.equals("target-schema"));
    }

    private static boolean isBuiltOn(Kind kind, Kind base) {
        return kind == base || kind.builtOn().stream().anyMatch(below -> isBuiltOn(below, base));
    }

    @ParameterizedTest
    @CsvSource({"3, true", "1000, false"})
    void should_give_a_parent_that_we_hold_the_settle_window_to_show_up(int times, boolean shows) throws Exception {
        try (Rig rig = RIGS.start()) {
            rig.simulator().faults().on("POST", "/flows", 1, Fault.status(422));
            String mappingSet = error(rig.provision(Rig.example("crm"))).at("/resources/mappingSet").asText();
            for (int attempt = 1; attempt <= times; attempt++) {
                rig.simulator().faults().on("POST", "/flows", attempt, Fault.answer(404, "application/json",
                        "{\"errorMessage\":\"mapping set %s not found\"}".formatted(mappingSet)));
            }

            Exchange end = rig.provision(Rig.example("crm"));

            assertThat(rig.requests("POST", "/flows")).hasSizeGreaterThan(3);
            if (shows) {
                assertOneOfEach(rig, end);
            } else {
                assertThat(error(end).path("category").asText()).isEqualTo("rejected");
                assertThat(error(end).path("message").asText()).contains(mappingSet);
                assertThat(end.getVariable("aepTryAgain")).isEqualTo("no");
                assertThat(rig.resources("flows")).isEmpty();
            }
        }
    }

    @Test
    void should_adopt_a_schema_of_that_title_when_it_is_just_what_is_wanted() throws Exception {
        try (Rig rig = RIGS.start()) {
            create(rig, "target-schema", body("target-schema", Rig.example("crm")));

            Exchange done = rig.provision(Rig.example("crm"));

            assertOneOfEach(rig, done);
            assertThat(outcomes(done).get(STEPS.indexOf("target-schema"))).isEqualTo("adopted");
        }
    }

    @Test
    void should_refuse_a_title_that_somebody_else_uses_and_leave_theirs_as_it_is() throws Exception {
        try (Rig rig = RIGS.start()) {
            ObjectNode theirs = body("target-schema", Rig.example("crm")
                    .replace("profile-personal-details",
                    "profile-personal-details\n      - https://ns.adobe.com/xdm/context/profile-work-details"));
            create(rig, "target-schema", theirs);
            List<ObjectNode> before = rig.resources("schemas");
            rig.drop("crm.yaml", Rig.example("crm"));
            await().atMost(20, SECONDS).until(() -> rig.names("failed").contains("crm.yaml"));

            JsonNode error = rig.json("failed", "crm.yaml.error.json");
            assertThat(error.path("category").asText()).isEqualTo("conflict");
            assertThat(error.path("message").asText()).contains(before.get(0).path("$id").asText());
            assertThat(error.path("advice").asText()).contains("target.schema.title");
            assertThat(rig.resources("schemas")).contains(before.get(0)).hasSize(2);   // and the source's own
            assertThat(rig.requests("POST", "/dataSets")).isEmpty();
        }
    }

    @Test
    void should_change_what_an_unfinished_run_has_made_for_an_edited_definition() throws Exception {
        try (Rig rig = RIGS.start()) {
            rig.simulator().faults().on("POST", "/dataSets", 1, Fault.status(422));
            String ours = error(rig.provision(Rig.example("crm"))).at("/resources/targetSchema").asText();
            int schemas = rig.resources("schemas").size();

            Exchange refused = rig.provision(Rig.example("crm")
                    .replace("context/profile-personal-details", "context/profile-work-details"));
            assertThat(refused.getException()).as("a schema only grows").isNotNull();
            Exchange edited = rig.provision(Rig.example("crm")
                    .replace("profile-personal-details",
                    "profile-personal-details\n      - https://ns.adobe.com/xdm/context/profile-work-details"));

            assertThat(edited.getException()).isNull();
            assertThat(edited.getMessage().getHeader("AepTargetSchemaId")).isEqualTo(ours);
            assertThat(rig.resources("schemas")).hasSize(schemas);
            assertThat(rig.resources("flows")).hasSize(1);
        }
    }

    @Test
    void should_choose_none_of_two_that_might_be_ours() throws Exception {
        try (Rig rig = RIGS.start()) {
            ObjectNode body = body("source-connection", Rig.example("customer-success"));
            create(rig, "source-connection", body);
            create(rig, "source-connection", body);
            List<ObjectNode> twins = rig.resources("sourceConnections");
            rig.simulator().faults().on("POST", "/sourceConnections", 1, Fault.reset().beforeCommit());
            int before = rig.requests("POST", "/sourceConnections").size();
            rig.drop("cs.yaml", Rig.example("customer-success"));
            await().atMost(20, SECONDS).until(() -> rig.names("failed").contains("cs.yaml"));

            JsonNode error = rig.json("failed", "cs.yaml.error.json");
            assertThat(error.path("category").asText()).isEqualTo("conflict");
            assertThat(error.path("message").asText()).contains(twins.get(0).path("id").asText(), twins.get(1).path("id").asText());
            assertThat(rig.resources("sourceConnections")).isEqualTo(twins);
            assertThat(rig.requests("POST", "/sourceConnections")).hasSize(before + 1);
            assertThat(rig.requests("POST", "/flows")).isEmpty();
        }
    }

    // --- the same definition, or another of the same name ---

    @Test
    void should_make_nothing_for_the_same_file_dropped_again() throws Exception {
        try (Rig rig = RIGS.start()) {
            rig.drop("crm.yaml", Rig.example("crm"));
            await().atMost(20, SECONDS).until(() -> rig.names("done").contains("crm.yaml"));
            int requests = rig.requests().size();
            rig.drop("crm.yaml", Rig.example("crm"));
            await().atMost(20, SECONDS).until(() -> rig.names("done").contains("crm.2.yaml"));

            assertThat(rig.requests().stream().skip(requests)).as("only looks").isNotEmpty()
                    .allMatch(request -> request.method().equals("GET") || request.path().endsWith("/validate"));
            JsonNode first = rig.json("done", "crm.yaml.receipt.json");
            JsonNode second = rig.json("done", "crm.2.yaml.receipt.json");
            assertThat(first.path("outcome").asText()).isEqualTo("created");
            assertThat(second.path("outcome").asText()).isEqualTo("unchanged");
            assertThat(second.path("digest")).isEqualTo(first.path("digest"));
            assertThat(second.path("steps").findValuesAsText("id")).isEqualTo(first.path("steps").findValuesAsText("id"));
            second.path("resources").properties().forEach(resource ->
                    assertThat(resource.getValue()).isEqualTo(first.path("resources").path(resource.getKey())));
        }
    }

    @Test
    void should_make_one_dataflow_of_fifty_copies_dropped_at_once() throws Exception {
        try (Rig rig = RIGS.start(Map.of("aep.inbox.concurrency", "8", "aep.inbox.pause", "1s"))) {
            for (int copy = 0; copy < 50; copy++) {
                rig.drop(copy + ".yaml", Rig.example("crm"));
            }
            await().atMost(180, SECONDS).until(() -> rig.names("inbox").isEmpty());

            assertThat(creates(rig)).hasSize(9);
            assertThat(rig.names("failed")).isEmpty();
            List<String> outcomes = new ArrayList<>();
            for (int copy = 0; copy < 50; copy++) {
                outcomes.add(rig.json("done", copy + ".yaml.receipt.json").path("outcome").asText());
            }
            assertThat(outcomes).containsOnlyOnce("created").containsOnly("created", "unchanged");
        }
    }

    @Test
    void should_know_the_same_definition_in_another_file_layout_order_and_language() throws Exception {
        try (Rig rig = RIGS.start()) {
            JsonNode tree = Rig.yaml(Rig.example("crm"));
            ObjectNode turned = Rig.JSON.createObjectNode();
            List<Map.Entry<String, JsonNode>> fields = new ArrayList<>(tree.properties());
            for (int last = fields.size() - 1; last >= 0; last--) {
                turned.set(fields.get(last).getKey(), fields.get(last).getValue());
            }
            Map<String, String> variants = Map.of("a.yaml", Rig.example("crm"), "b.yml", Rig.example("crm")
                    .replace(", type:", ",   type:") + "\n# the end\n",
                    "c.json", tree.toString(), "d.json", turned.toPrettyString());
            for (Map.Entry<String, String> variant : variants.entrySet()) {
                rig.drop(variant.getKey(), variant.getValue());
            }
            await().atMost(30, SECONDS).until(() -> rig.names("inbox").isEmpty());

            assertThat(rig.names("failed")).isEmpty();
            assertThat(rig.names("done")).hasSize(8);
            assertThat(creates(rig)).hasSize(9);
        }
    }

    @Test
    void should_make_one_dataflow_of_many_different_definitions_of_its_name() throws Exception {
        try (Rig rig = RIGS.start(Map.of("aep.inbox.concurrency", "16"))) {
            for (int n = 0; n < 16; n++) {
                String definition = Rig.example("customer-success");
                rig.drop(n + ".yaml", n % 2 == 0 ? definition : definition.replace("interval: 15", "interval: 30"));
            }
            await().atMost(180, SECONDS).until(() -> rig.names("inbox").isEmpty());

            assertThat(creates(rig)).hasSize(6);
            assertThat(rig.names("done")).hasSize(32);
            assertThat(rig.resources("flows")).hasSize(1);
            int interval = rig.resources("flows").get(0).at("/scheduleParams/interval").asInt();
            String last = rig.ledger().dataflow("Creating a dataflow for a Customer Success connector").orElseThrow().file();
            assertThat(interval).as("as " + last + " says").isEqualTo(Integer.parseInt(last.replace(".yaml", "")) % 2 == 0 ? 15 : 30);
        }
    }

    // --- where it belongs ---

    @Test
    void should_send_nothing_for_a_definition_of_another_sandbox_and_all_else_to_its_own() throws Exception {
        try (Rig rig = RIGS.start()) {
            Exchange refused = rig.provision("sandbox: prod\n" + Rig.example("crm"));
            assertThat(refused.getException()).isInstanceOf(DefinitionException.class);
            assertThat(rig.requests()).isEmpty();

            assertThat(rig.provision("sandbox: dev\n" + Rig.example("crm")).getException()).isNull();

            assertThat(rig.requests(request -> request.path().startsWith("/data/")))
                    .isNotEmpty().allSatisfy(request -> assertThat(request.headers().get("x-sandbox-name")).containsExactly(Rig.SANDBOX));
            for (String collection : List.of("classes", "schemas", "sourceConnections", "dataSets", "targetConnections", "mappingSets",
                    "flows")) {
                assertThat(rig.simulator().store().resources("prod", collection)).as(collection).isEmpty();
            }
        }
    }

    /** The chain has ended well, there is one of each at the Platform, the flow uses them, and the ledger knows them all. */
    private static void assertOneOfEach(Rig rig, Exchange done) throws Exception {
        assertThat(done.getException()).isNull();
        for (String collection : COLLECTIONS.values()) {
            int expected = collection.equals("schemas") ? 2 : collection.equals("connections") ? SEEDED_CONNECTIONS + 1 : 1;
            assertThat(rig.resources(collection)).as(collection).hasSize(expected);
        }
        String dataflow = document(done).path("dataflow").asText();
        assertThat(rig.ledger().dataflow(dataflow).orElseThrow().done()).isTrue();
        assertThat(rig.ledger().unresolved()).isEmpty();
        List<RecordedStep> steps = rig.ledger().steps(dataflow);
        assertThat(steps).extracting(step -> step.key().step()).containsExactlyInAnyOrderElementsOf(STEPS);
        assertThat(steps).allSatisfy(step -> assertThat(rig.simulator().store()
                .resource(Rig.SANDBOX, COLLECTIONS.get(step.key().step()), step.result().id())).as(step.key().step()).isPresent());
        ObjectNode flow = rig.resources("flows").get(0);
        assertThat(flow.at("/sourceConnectionIds/0").asText()).isEqualTo(id(rig, "source-connection"));
        assertThat(flow.at("/targetConnectionIds/0").asText()).isEqualTo(id(rig, "target-connection"));
        assertThat(flow.path("transformations").toString()).contains(id(rig, "mapping-set"));
        ObjectNode target = rig.resources("targetConnections").get(0);
        assertThat(target.path("baseConnectionId").asText()).isEqualTo(id(rig, "dataset-connection"));
        assertThat(target.at("/params/dataSetId").asText()).isEqualTo(id(rig, "target-dataset"));
    }

    /** The id that the ledger has of a step of the CRM example. */
    private static String id(Rig rig, String step) throws Exception {
        return rig.ledger().steps("Dataflow between a CRM system and Platform").stream()
                .filter(recorded -> recorded.key().step().equals(step)).findFirst().orElseThrow().result().id();
    }

    private static boolean isCreate(Request request) {
        return Rig.isCreate(request);
    }

    private static List<Request> creates(Rig rig) {
        return rig.requests(ExactlyOneTest::isCreate);
    }

    /** The first attempt of each create: both schemas go to the same address. */
    private static java.util.function.Predicate<Request> firstOfItsKind() {
        Set<String> seen = ConcurrentHashMap.newKeySet();
        return request -> isCreate(request) && seen.add(request.path() + request.text().contains("Target schema"));
    }

    private static List<String> outcomes(Exchange done) throws Exception {
        return document(done).path("steps").findValuesAsText("outcome");
    }

    private static JsonNode document(Exchange done) throws Exception {
        return Rig.json(done.getMessage().getBody(String.class));
    }

    private static JsonNode error(Exchange failed) throws Exception {
        return Rig.json(failed.getVariable("aepError", String.class));
    }

    /** What the create of a step sends for a definition. */
    private ObjectNode body(String step, String definition) throws Exception {
        try (Rig other = RIGS.start()) {
            assertThat(other.provision(definition).getException()).isNull();
            return (ObjectNode) Rig.json(other.requests(request -> isCreateOf(step, request)).get(0).text());
        }
    }

    /** Somebody creates something at the Platform without the ledger's knowledge. */
    private static void create(Rig rig, String step, ObjectNode body) {
        Exchange done = rig.main().getCamelContext().createFluentProducerTemplate().to("direct:aep-create-" + step)
                .withVariable("aepRequest", body).withHeader(HeaderFilter.SEND_BEFORE, System.nanoTime() + TimeUnit.MINUTES.toNanos(1))
                .request(Exchange.class);
        assertThat(done.getException()).isNull();
    }
}
