package io.github.aepdataflows.change;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.aepdataflows.LogLines;
import io.github.aepdataflows.Rig;
import io.github.aepdataflows.Rigs;
import io.github.aepdataflows.provision.ConflictException;
import io.github.aepdataflows.resource.Kind;
import io.github.aepdataflows.resource.Kinds;
import io.github.aepdataflows.simulator.Fault;
import io.github.aepdataflows.simulator.Request;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.camel.Exchange;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * A ledger that was restored from a backup, while the Platform went on: whatever definition is provisioned again, and however often, no
 * second flow runs beside the one that runs, and there is nothing that neither the ledger nor a refusal names.
 */
class OlderLedgerTest {

    private static final String CONNECTION = "4cb0c374-d3bb-4557-b139-5712880adc55";
    private static final String FIRST = ChangeTest.DEFINITION + "allowReplace: true\n";
    private static final Map<String, String> OTHERS = Map.of(
            "identical", FIRST,
            "update", FIRST.replace("fullName", "lastName").replace("interval: 2", "interval: 3"),
            "replace", FIRST.replace("tableName: Account", "tableName: Other"),
            "replace and update", FIRST.replace("tableName: Account", "tableName: Other").replace("fullName", "lastName")
                    .replace("Changed target", "Other target"),
            "pause", FIRST + "state: paused\n",
            "absent", FIRST + "state: absent\n");

    @RegisterExtension
    static final Rigs RIGS = new Rigs();

    private final Map<String, byte[]> backup = new HashMap<>();
    private final List<String> told = new ArrayList<>();
    private Rig rig;

    @BeforeEach
    void start() throws Exception {
        rig = RIGS.start(Map.of("aep.clock", "#bean:simulatorClock"));
        ArrayNode columns = Rig.JSON.createArrayNode();
        for (String column : List.of("Id", "Name", "Phone", "LastModifiedDate")) {
            ObjectNode type = columns.addObject().put("name", column).put("type", "string").putObject("xdm").put("type", "string");
            if (column.equals("LastModifiedDate")) {
                type.put("format", "date-time");
            }
        }
        rig.simulator().addTable(Rig.SANDBOX, CONNECTION, "Other", columns);
        rig.simulator().addTable(Rig.SANDBOX, CONNECTION, "Third", columns);
    }

    @AfterEach
    void stop() throws Exception {
        rig.close();
    }

    private Stream<Path> ledgerFiles() throws IOException {
        Path folder = rig.folder("ledger");
        return Files.exists(folder) ? Files.list(folder).filter(Files::isRegularFile) : Stream.empty();
    }

    private void backUp() throws Exception {
        rig.ledger().close();
        backup.clear();
        for (Path file : ledgerFiles().toList()) {
            backup.put(file.getFileName().toString(), Files.readAllBytes(file));
        }
        rig.ledger().open();
    }

    private void restore() throws Exception {
        rig.ledger().close();
        for (Path file : ledgerFiles().toList()) {
            Files.delete(file);
        }
        for (Map.Entry<String, byte[]> file : backup.entrySet()) {
            Files.write(rig.folder("ledger").resolve(file.getKey()), file.getValue());
        }
        rig.ledger().open();
    }

    /** As somebody else who has the credentials. */
    private void byHand(String method, String path) throws Exception {
        Request last = rig.requests("GET", "").get(rig.requests("GET", "").size() - 1);
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(rig.simulator().url() + "/data/foundation/flowservice/" + path))
                .method(method, HttpRequest.BodyPublishers.noBody());
        for (String header : List.of("authorization", "x-api-key", "x-gw-ims-org-id", "x-sandbox-name")) {
            request.header(header, last.header(header).orElseThrow());
        }
        HttpResponse<String> reply = HttpClient.newHttpClient().send(request.build(), HttpResponse.BodyHandlers.ofString());
        assertThat(reply.statusCode()).as(reply.body()).isBetween(200, 299);
    }

    /** The ledger knows of the first definition alone; the flow of this one runs. */
    private String runningBesideOlderLedger(String later) throws Exception {
        rig.apply(FIRST);
        backUp();
        rig.apply(later);
        String flow = running().get(0);
        restore();
        return flow;
    }

    private List<String> running() {
        return rig.resources("flows").stream().filter(flow -> flow.path("state").asText().equals("enabled"))
                .map(flow -> flow.path("id").asText()).toList();
    }

    /** The plan says what provisioning does: nothing, something, or why not. */
    private Exchange provision(String definition) throws Exception {
        JsonNode plan = rig.plan(definition);
        Exchange done = rig.provision(definition);
        List<String> impossible = new ArrayList<>();
        plan.path("steps").forEach(step -> {
            if (step.path("action").asText().equals("impossible")) {
                impossible.add(step.path("reason").asText());
            }
        });
        if (done.getException() != null) {
            told.add(done.getVariable("aepError", String.class));
            assertThat(done.getException()).as(plan.toPrettyString()).isInstanceOf(ConflictException.class);
            assertThat(impossible).as("reasons of the plan").isNotEmpty().allSatisfy(
                    reason -> assertThat(done.getException().getMessage()).contains(reason));
        } else {
            String outcome = Rig.json(done.getMessage().getBody(String.class)).path("outcome").asText();
            assertThat(outcome.matches("unchanged|adopted")).as(outcome + plan.toPrettyString()).isEqualTo(plan.path("empty").asBoolean());
        }
        return done;
    }

    private void assertAllNamed() throws Exception {
        for (Kind kind : Kinds.ALL) {
            if (!kind.isShared() && kind != Kinds.SOURCE_CLASS && kind != Kinds.SOURCE_SCHEMA) {
                for (ObjectNode resource : rig.resources(kind.collection().replaceFirst(".*/", ""))) {
                    String id = resource.path(resource.has("$id") ? "$id" : resource.has("viewId") ? "viewId" : "id").asText();
                    boolean known = rig.ledger().owner(kind.key(), id).isPresent();
                    boolean partOfNamed = rig.resources("flows").stream().filter(flow -> told.toString().contains(flow.path("id").asText()))
                            .anyMatch(flow -> isPartOf(flow, id));
                    assertThat(known || told.toString().contains(id) || partOfNamed)
                            .as("%s %s is named by the ledger or a refusal", kind.key(), id).isTrue();
                }
            }
        }
    }

    private boolean isPartOf(ObjectNode flow, String id) {
        String all = flow.toString() + Stream.of("sourceConnections", "targetConnections", "mappingSets", "dataSets")
                .flatMap(collection -> rig.resources(collection).stream())
                .filter(part -> flow.toString().contains(part.path("id").asText()) || part.toString().contains("dataSets"))
                .toList();
        return all.contains(id);
    }

    @ParameterizedTest
    @CsvSource({
        "identical, older, unchanged", "identical, newer, unchanged", "update, older, updated", "update, newer, unchanged",
        "replace, older, conflict", "replace, newer, adopted", "replace and update, older, conflict", "replace and update, newer, adopted",
        "pause, older, updated", "pause, newer, unchanged", "absent, older, replaced", "absent, newer, deleted"})
    void should_never_run_a_second_flow_for_a_definition_that_is_provisioned_again(String change, String which, String outcome)
            throws Exception {
        rig.apply(FIRST);
        backUp();
        rig.apply(OTHERS.get(change));
        restore();
        List<String> before = running();

        for (int time = 0; time < 3; time++) {
            Exchange done = provision(which.equals("older") ? FIRST : OTHERS.get(change));
            String is = done.getException() != null ? "conflict"
                    : Rig.json(done.getMessage().getBody(String.class)).path("outcome").asText();
            assertThat(is).as(String.valueOf(told)).isEqualTo(time == 0 || outcome.equals("conflict") ? outcome : "unchanged");
        }
        assertThat(running()).hasSizeLessThanOrEqualTo(1);
        if (outcome.matches("adopted|conflict")) {
            assertThat(running()).as("it runs on").isEqualTo(before);
        }
        assertAllNamed();
    }

    @ParameterizedTest
    @CsvSource({"''", "state: paused", "state: absent"})
    void should_see_a_flow_of_another_name_that_was_made_of_the_same_dataflow(String state) throws Exception {
        String running = runningBesideOlderLedger(OTHERS.get("replace") + "flowName: renamed\n");

        Exchange refused = provision(FIRST + state + "\n");

        assertThat(refused.getException()).isInstanceOf(ConflictException.class).hasMessageContaining(running);
        assertThat(running()).containsExactly(running);
        assertThat(provision(OTHERS.get("replace") + "flowName: renamed\n").getException()).isNull();
        assertThat(running()).containsExactly(running);
    }

    @Test
    void should_not_call_paused_what_runs_as_a_flow_that_the_ledger_does_not_know() throws Exception {
        String running = runningBesideOlderLedger(OTHERS.get("replace"));

        assertThat(provision(FIRST + "state: paused\n").getException()).isInstanceOf(ConflictException.class)
                .hasMessageContaining(running);
    }

    @Test
    void should_plan_that_the_flow_is_disabled_that_runs_beside_the_one_taken_over() throws Exception {
        rig.apply(FIRST);
        backUp();
        String first = running().get(0);
        rig.apply(OTHERS.get("replace"));
        restore();
        byHand("POST", "flows/" + first + "/action?op=enable");

        assertThat(rig.plan(OTHERS.get("replace")).toString()).contains("the flow " + first + ", which the ledger has, is disabled");
        provision(OTHERS.get("replace"));

        assertThat(running()).hasSize(1).doesNotContain(first);
    }

    @Test
    void should_find_what_was_made_of_a_dataflow_that_was_not_finished_then() throws Exception {
        rig.simulator().faults().when(request -> Rig.isCreate(request) && request.path().endsWith("/dataSets"), 1, refusal());
        assertThat(rig.provision(FIRST).getException()).isNotNull();
        backUp();
        rig.simulator().faults().when(request -> Rig.isCreate(request) && request.path().endsWith("/flows"), 1, refusal());
        assertThat(rig.provision(FIRST).getException()).isNotNull();
        restore();

        assertThat(rig.apply(FIRST).path("outcome").asText()).isEqualTo("created");

        for (String collection : List.of("sourceConnections", "dataSets", "targetConnections", "mappingSets", "flows")) {
            assertThat(rig.resources(collection)).as(collection).hasSize(1);
        }
    }

    private static Fault refusal() {
        return Fault.answer(422, "application/json", "{\"title\": \"refused\"}");
    }

    @Test
    void should_unpause_and_retire_nothing_beside_a_flow_that_has_replaced_it_since() throws Exception {
        rig.apply(OTHERS.get("pause"));
        backUp();
        rig.apply(OTHERS.get("replace"));
        restore();
        List<String> before = running();

        assertThat(provision(FIRST).getException()).hasMessageContaining(before.get(0));
        assertThat(provision(OTHERS.get("absent")).getException()).hasMessageContaining(before.get(0));
        assertThat(told).allSatisfy(error -> assertThat(error).contains("restore a newer").contains("rebuild").contains("adopt"));
        assertThat(running()).isEqualTo(before);
        assertThat(rig.resources("flows")).hasSize(2);
    }

    @Test
    void should_disable_the_predecessor_that_still_runs_beside_the_flow_which_is_adopted() throws Exception {
        rig.apply(FIRST);
        backUp();
        String first = running().get(0);
        rig.apply(OTHERS.get("replace"));
        String second = running().get(0);
        restore();
        byHand("POST", "flows/" + first + "/action?op=enable");

        JsonNode receipt = rig.apply(OTHERS.get("replace"));

        assertThat(receipt.path("outcome").asText()).as("one was disabled").isEqualTo("updated");
        assertThat(receipt.at("/resources/flow").asText()).isEqualTo(second);
        assertThat(running()).containsExactly(second);
        assertThat(rig.ledger().resources("flow")).containsOnlyKeys(second);
        assertThat(rig.apply(OTHERS.get("absent")).path("outcome").asText()).isEqualTo("deleted");
        assertThat(rig.resources("flows")).as("the predecessor goes, too").isEmpty();
    }

    @Test
    void should_rebuild_what_a_newer_definition_has_replaced() throws Exception {
        drop("first.yaml", FIRST);
        backUp();
        drop("second.yaml", OTHERS.get("replace and update"));
        List<String> before = running();
        restore();

        Exchange rebuilt = rig.main().getCamelContext().createFluentProducerTemplate().to("direct:aep-rebuild").request(Exchange.class);

        String report = rebuilt.getMessage().getBody(String.class);
        assertThat(Rig.json(report).findValuesAsText("outcome")).as(report).contains("adopted");
        assertThat(rig.ledger().resources("flow")).containsOnlyKeys(before.get(0));
        assertThat(rig.plan(OTHERS.get("replace and update")).path("empty").asBoolean()).isTrue();
    }

    private void drop(String name, String definition) throws IOException {
        rig.apply(definition);
        Path done = Files.createDirectories(rig.folder("done"));
        Files.writeString(done.resolve(name), definition);
        Files.writeString(done.resolve(name + ".receipt.json"), "{\"finishedAt\":\"" + rig.simulator().clock().instant() + "\"}");
        rig.simulator().clock().advance(Duration.ofSeconds(1));
    }

    /** What the lost ledger had made of a replacement that it did not finish is used, and not made once more. */
    @Test
    void should_use_what_was_made_for_a_replacement_that_the_ledger_does_not_know_of() throws Exception {
        String flow = runningBesideOlderLedger(OTHERS.get("replace"));
        byHand("DELETE", "flows/" + flow);

        JsonNode receipt = rig.apply(OTHERS.get("replace"));

        assertThat(receipt.path("outcome").asText()).isEqualTo("replaced");
        assertThat(rig.resources("sourceConnections")).as("the first, and one for the replacement").hasSize(2);
        assertThat(running()).hasSize(1);
        assertAllNamed();
    }

    @Test
    void should_name_what_was_made_for_a_definition_that_was_not_finished_when_it_is_refused() throws Exception {
        rig.apply(FIRST);
        backUp();
        rig.apply(OTHERS.get("replace"));
        rig.simulator().faults().when(request -> Rig.isCreate(request) && request.path().endsWith("/flows"), 1, refusal());
        String third = OTHERS.get("replace").replace("tableName: Other", "tableName: Third");
        assertThat(rig.provision(third).getException()).isNotNull();
        String unfinished = rig.resources("sourceConnections").get(2).path("id").asText();
        restore();

        Exchange refused = rig.provision(third);

        assertThat(refused.getException()).isInstanceOf(ConflictException.class).hasMessageContaining(running().get(0))
                .hasMessageContaining("nor does it know others of its name: " + unfinished);
        assertThat(rig.resources("sourceConnections")).hasSize(3);
    }

    private List<String> compared() {
        try (LogLines lines = LogLines.of("aep.ledger")) {
            assertThat(rig.main().getCamelContext().createFluentProducerTemplate().to("direct:aep-compare-ledger").request(Exchange.class)
                    .getException()).isNull();
            return List.copyOf(lines.lines());
        }
    }

    @Test
    void should_warn_where_an_empty_ledger_meets_flows_of_the_names_that_it_provisions() throws Exception {
        backUp();
        rig.apply(FIRST);
        String first = running().get(0);
        restore();

        try (LogLines lines = LogLines.of("aep.ledger")) {
            assertThat(rig.apply(FIRST).path("outcome").asText()).isEqualTo("adopted");
            assertThat(lines.lines()).filteredOn(line -> line.contains("another ledger may exist")).singleElement().asString()
                    .contains(first);
        }
    }

    @Test
    void should_be_told_after_the_start_what_the_ledger_does_not_know_and_what_is_gone() throws Exception {
        assertThat(compared()).isEmpty();
        assertThat(rig.requests("GET", "/flows")).as("an empty ledger asks nothing").isEmpty();
        rig.apply(FIRST);
        assertThat(compared()).isEmpty();
        backUp();
        String first = running().get(0);
        rig.apply(OTHERS.get("replace"));
        assertThat(compared()).as("what it has replaced itself").isEmpty();
        String second = running().get(0);
        restore();

        assertThat(compared()).singleElement().asString().contains("does not know: " + second + " (Changed). Restore a newer");

        byHand("DELETE", "flows/" + second);
        byHand("DELETE", "flows/" + first);
        assertThat(compared()).singleElement().asString().contains("do not exist any more: " + first + " (Changed)");
    }

    @Test
    void should_be_told_as_soon_as_the_platform_answers() throws Exception {
        runningBesideOlderLedger(OTHERS.get("replace"));
        rig.simulator().faults().on("GET", "/flows", 1, Fault.status(500));
        try (LogLines lines = LogLines.of("aep.ledger")) {
            rig.main().getCamelContext().getRouteController().startRoute("aep-compare-ledger-once");

            await().until(() -> lines.contain("there are flows of the names of its dataflows that it does not know"));
            assertThat(lines.count("could not be found out, that is tried again")).isEqualTo(1);
        }
    }

    @Test
    void should_ask_nothing_more_for_a_definition_that_replaces_and_enables_nothing() throws Exception {
        rig.apply(FIRST);
        int before = rig.simulator().requests().all().size();

        rig.apply(FIRST);

        assertThat(rig.simulator().requests().all().subList(before, rig.simulator().requests().all().size()))
                .noneMatch(request -> request.method().equals("GET") && request.path().endsWith("/flows"));
    }
}
