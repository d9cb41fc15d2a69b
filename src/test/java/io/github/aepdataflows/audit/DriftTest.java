package io.github.aepdataflows.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.aepdataflows.LogLines;
import io.github.aepdataflows.Rig;
import io.github.aepdataflows.ledger.Dataflow;
import io.github.aepdataflows.ledger.Event;
import io.github.aepdataflows.provision.Somebody;
import io.github.aepdataflows.simulator.Fault;
import io.github.aepdataflows.simulator.Options;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The audit compares dataflows with the definitions that they were made from. */
class DriftTest {

    private static final Instant NOON = Documents.NOON;
    private static final String CRM = "Dataflow between a CRM system and Platform";
    private static final String SUCCESS = "Creating a dataflow for a Customer Success connector";

    private static final String SHOPS = """
            apiVersion: aep-dataflows/v1
            name: Shops
            source:
              connector: salesforce
              baseConnection: { name: Salesforce }
              tableName: Account
              columns: [ { name: Id, type: string } ]
            target:
              schema:
                title: Shops
                class: XDM Individual Profile
                fieldGroups: [ { file: shops.yaml } ]
              dataset: { name: Shops }
            mapping:
              - { source: Id, destination: _acme.shopId }
            """;

    @TempDir
    Path data;

    @Test
    void should_find_what_somebody_has_changed_once_its_turn_comes_and_that_it_is_as_it_should_be_again() throws Exception {
        try (Rig rig = Rig.start(data, Options.defaults(), Map.of("aep.audit.drift", "2", "aep.audit.cron", "0 0 0 1 1 ?"))) {
            rig.ledger().tells(List.of("webhook"));
            for (String name : List.of("crm", "marketing-automation", "customer-success")) {
                rig.drop(name + ".yaml", Rig.example(name));
            }
            await().atMost(Duration.ofMinutes(1)).until(() -> rig.names("done").size() == 6);
            assertThat(rig.provision(Rig.example("crm", "Elsewhere")).getException()).isNull();   // it leaves no file

            int before = rig.requests().size();
            JsonNode first = AuditRig.audit(rig);
            assertThat(first.path("drift")).isEmpty();
            assertThat(first.path("complete").asBoolean()).as(first.path("problems").toString()).isTrue();
            assertThat(compared(first)).hasSize(2).contains(SUCCESS, CRM);
            assertThat(rig.requests().subList(before, rig.requests().size())).filteredOn(request -> request.path().startsWith("/data/"))
                    .allMatch(request -> request.method().equals("GET") || request.path().endsWith("/validate"))
                    .as("requests for two comparisons and the audit").hasSizeLessThan(70);
            JsonNode second = AuditRig.audit(rig);
            assertThat(compared(second)).hasSize(4);
            assertThat(problem(second, "Elsewhere " + CRM)).isEqualTo("its definition is not in done/");

            Somebody somebody = new Somebody(rig.simulator());
            String flow = AuditRig.idOf(rig, CRM);
            String etag = somebody.sends("GET", "flowservice/flows/" + flow, "").at("/items/0/etag").asText();
            somebody.sends("PATCH", "flowservice/flows/" + flow, """
                [{"op": "replace", "path": "/scheduleParams/interval", "value": "45"}]""", etag);
            JsonNode third = AuditRig.audit(rig);
            assertThat(third.path("drift")).as("the one of before and the one that waits longest").hasSize(1);
            JsonNode found = third.path("drift").get(0);
            assertThat(found.path("dataflow").asText() + " " + found.path("flow").asText() + " " + found.path("file").asText())
                    .isEqualTo(CRM + " " + flow + " crm.yaml");
            assertThat(found.path("steps")).hasSize(1);
            assertThat(found.at("/steps/0/step").asText()).isEqualTo("flow");
            assertThat(found.at("/steps/0/changes/0/path").asText()).isEqualTo("scheduleParams.interval");
            assertThat(found.at("/steps/0/changes/0/is").asText()).isEqualTo("45");
            assertThat(rig.ledger().events(Optional.of(CRM), Long.MAX_VALUE, 2)).extracting(Event::type, Event::outcome)
                    .containsExactly(tuple("alert", "drift"), tuple("audit", "drift"));

            assertThat(AuditRig.audit(rig).path("drift")).as("compared again, or not: it stays").hasSize(1);
            rig.drop("crm.yaml", Rig.example("crm"));
            await().atMost(Duration.ofMinutes(1)).until(() -> rig.names("done").contains("crm.2.yaml"));
            assertThat(AuditRig.audit(rig).path("drift")).as("what differed has its turn at once").isEmpty();
            assertThat(rig.ledger().events(Optional.of(CRM), Long.MAX_VALUE, 1)).extracting(Event::outcome).containsExactly("recovered");

            Files.writeString(rig.folder("done/crm.2.yaml"), Rig.example("crm").replace("interval: 30", "interval: 60"));
            Files.writeString(rig.folder("done/crm.yaml"), Rig.example("crm").replace("interval: 30", "interval: 60"));
            JsonNode edited = AuditRig.audit(rig);
            for (int audits = 0; audits < 2 && edited.path("drift").isEmpty(); audits++) {
                edited = AuditRig.audit(rig);
            }
            assertThat(edited.at("/drift/0/dataflow").asText()).isEqualTo(CRM);
            assertThat(edited.at("/drift/0/changed").toString()).isEqualTo("[\"schedule.interval changed\"]");
        }
    }

    @Test
    void should_find_that_the_file_of_a_field_group_was_changed_and_not_applied_since() throws Exception {
        Path groups = Files.createDirectory(data.resolve("groups"));
        String content = "title: Shops\nfields: { shopId: string }\n";
        Path shops = Files.writeString(groups.resolve("shops.yaml"), content);
        try (Rig rig = Rig.start(data.resolve("data"), Options.defaults(), Map.of("aep.audit.drift", "5",
                "aep.audit.cron", "0 0 0 1 1 ?", "aep.field-groups-dir", groups.toString()))) {
            rig.ledger().tells(List.of("webhook"));
            rig.drop("shops.yaml", SHOPS);
            await().atMost(Duration.ofMinutes(1)).until(() -> rig.names("done").size() == 2);
            assertThat(AuditRig.audit(rig).path("drift")).isEmpty();

            Files.writeString(shops, "title: Shops\nfields: { shopId: string, opened: date }\n");
            JsonNode changed = AuditRig.audit(rig);
            assertThat(changed.path("drift")).hasSize(1);
            assertThat(changed.at("/drift/0/changed").toString())
                    .isEqualTo("[\"target.schema.fieldGroups[0].fields.opened added\"]");
            assertThat(changed.at("/drift/0/steps/0/step").asText()).isEqualTo("field-group");
            assertThat(rig.ledger().events(Optional.of("Shops"), Long.MAX_VALUE, 1)).singleElement()
                    .satisfies(event -> assertThat(event.detail()).contains("the definition shops.yaml of dataflow Shops was changed and "
                            + "not applied since").contains("target.schema.fieldGroups[0].fields.opened added"));
            assertThat(AuditRig.audit(rig).at("/drift/0/changed")).as("as long as it is so").hasSize(1);

            Files.writeString(shops, content);
            assertThat(AuditRig.audit(rig).path("drift")).as("taken back").isEmpty();

            Files.delete(shops);
            assertThat(problem(AuditRig.audit(rig), "Shops")).startsWith("the definition has a fault. line 12: ")
                    .contains("there is no file " + shops);
        }
    }

    @Test
    void should_go_on_with_the_others_while_the_folder_of_field_groups_cannot_be_read() throws Exception {
        Path groups = Files.createDirectory(data.resolve("groups"));
        Files.writeString(groups.resolve("shops.yaml"), "title: Shops\nfields: { shopId: string }\n");
        try (Rig rig = Rig.start(data.resolve("data"), Options.defaults(), Map.of("aep.audit.drift", "1",
                "aep.audit.cron", "0 0 0 1 1 ?", "aep.field-groups-dir", groups.toString()))) {
            rig.drop("shops.yaml", SHOPS.replace("name: Shops", "name: A shop"));
            rig.drop("crm.yaml", Rig.example("crm"));
            await().atMost(Duration.ofMinutes(1)).until(() -> rig.names("done").size() == 4);
            Files.move(groups, data.resolve("elsewhere"));

            JsonNode first = AuditRig.audit(rig);
            assertThat(first.path("problems").toString()).contains("dataflow A shop and its definition: ").contains("there is no folder");
            assertThat(compared(AuditRig.audit(rig))).contains(CRM);
        }
    }

    @Test
    void should_name_the_folder_of_the_definitions_when_it_cannot_be_read() throws Exception {
        try (Rig rig = Rig.start(data, Options.defaults(), Map.of("aep.audit.drift", "1", "aep.audit.cron", "0 0 0 1 1 ?"));
                LogLines log = LogLines.of("aep.provision")) {
            rig.drop("crm.yaml", Rig.example("crm"));
            await().atMost(Duration.ofMinutes(1)).until(() -> rig.names("done").size() == 2);
            Files.move(rig.folder("done"), rig.folder("aside"));
            Files.createFile(rig.folder("done"));

            JsonNode report = AuditRig.audit(rig);

            assertThat(report.path("problems").toString()).contains(rig.folder("done") + " cannot be used");
            assertThat(log.lines()).noneMatch(line -> line.contains("a fault of this program"));
        }
    }

    @Test
    void should_compare_no_more_once_the_platform_does_not_answer_and_keep_what_was_found() throws Exception {
        try (Rig rig = Rig.start(data, Options.defaults(), Map.of("aep.audit.drift", "5", "aep.audit.cron", "0 0 0 1 1 ?",
                "aep.redelivery.max", "1"))) {
            rig.drop("crm.yaml", Rig.example("crm"));
            await().atMost(Duration.ofMinutes(1)).until(() -> rig.names("done").size() == 2);
            rig.simulator().faults().always("GET", "/dataSets/", Fault.status(503));
            rig.simulator().faults().when(request -> request.path().matches(".*/dataSets/[^/]+"), Fault.status(503));

            JsonNode report = AuditRig.audit(rig);

            assertThat(report.path("complete").asBoolean()).isFalse();
            assertThat(report.path("problems").toString()).contains("dataflow " + CRM + " and its definition: ");
            assertThat(report.path("compared")).isEmpty();
        }
    }

    private static List<String> compared(JsonNode report) {
        return StreamSupport.stream(report.path("compared").spliterator(), false).map(one -> one.path("dataflow").asText()).toList();
    }

    /** Why a dataflow could not be compared; empty when it could. */
    private static String problem(JsonNode report, String dataflow) {
        return StreamSupport.stream(report.path("compared").spliterator(), false)
                .filter(one -> one.path("dataflow").asText().equals(dataflow)).map(one -> one.path("problem").asText()).findFirst()
                .orElse("");
    }

    private static Drift drift(int most, JsonNode last, String... names) {
        List<Dataflow> rows = Arrays.stream(names).map(name -> new Dataflow(name, "d1", Map.of(), name + ".yaml", Dataflow.State.DONE, 1,
                "", "", 0, Map.of(), NOON, NOON)).toList();
        return new Drift(NOON, most, rows, Arrays.stream(names).collect(Collectors.toMap(name -> name, name -> "flow-" + name)),
                last == null ? LastReport.NONE : AuditTest.last(last.toString()));
    }

    private static List<String> order(Drift drift) {
        return drift.order(Set.of(), Instant.now()).stream().map(Dataflow::name).toList();
    }

    private static void compare(Drift drift, int most, JsonNode plan) {
        drift.order(Set.of(), Instant.now()).stream().limit(most).forEach(row -> drift.compared(row, List.of(), plan));
    }

    private static JsonNode report(Drift drift) {
        ObjectNode report = Rig.JSON.createObjectNode();
        report.set("drift", Rig.JSON.valueToTree(drift.findings()));
        report.set("compared", Rig.JSON.valueToTree(drift.turns()));
        return report;
    }

    @Test
    void should_compare_the_one_that_waits_longest_and_half_of_the_time_those_that_differed() throws Exception {
        JsonNode differs = Rig.json("""
            {"steps": [{"step": "flow", "action": "update", "changes": [{"path": "name", "is": "x", "wanted": "y"}]}]}""");
        Drift first = drift(2, null, "a", "b", "c", "d");
        assertThat(order(first)).containsExactly("a", "b", "c", "d");
        assertThat(first.isOpen()).isTrue();
        compare(first, 2, differs);
        assertThat(first.isOpen()).isFalse();
        assertThat(first.told()).hasSize(2).allMatch(Drift.Told::isNew);
        assertThat(first.notCompared()).containsExactlyInAnyOrder("c", "d");

        JsonNode last = report(first);
        assertThat(order(drift(2, last, "a", "b", "c", "d"))).as("one that differed, then who waits").startsWith("a", "c", "d");
        assertThat(order(drift(1, last, "a", "b", "c", "d"))).as("none starves").startsWith("c", "d");
        assertThat(drift(2, last, "b", "c").told()).as("what is gone is told no more").extracting(Drift.Told::dataflow)
                .containsExactly("b");
        assertThat(drift(0, last, "a", "b").told()).isEmpty();
        assertThat(drift(2, last, "a", "b").told()).as("somebody else may have compared it since").hasSize(2).noneMatch(Drift.Told::isNew);
        assertThat(drift(2, last, "a").told().get(0).words()).startsWith("dataflow a is not as its definition a.yaml says: flow (name).");
        ObjectNode edited = last.deepCopy();
        edited.withArray("compared").forEach(turn -> ((ObjectNode) turn).put("at", "yesterday"));
        assertThat(order(drift(1, edited, "c", "a"))).containsExactly("a", "c");
        ((ObjectNode) edited.at("/drift/0")).put("digest", "d0");
        assertThat(drift(2, edited, "a", "b").told()).extracting(Drift.Told::dataflow).as("another definition").containsExactly("b");
    }

    @Test
    void should_not_call_a_rotated_secret_drift_nor_lose_what_differs_beside_it() throws Exception {
        String rotated = "{\"path\": \"auth.params.password\", \"wanted\": \"rotated\"}";
        Drift drift = drift(4, null, "a", "b");
        drift.compared(drift.order(Set.of(), Instant.now()).get(0), List.of(), Rig.json("""
            {"steps": [{"step": "base-connection", "action": "update", "changes": [%s]},
              {"step": "flow", "action": "none", "changes": []}]}"""
            .formatted(rotated)));
        drift.compared(drift.order(Set.of("a"), Instant.now()).get(0), List.of(), Rig.json("""
            {"steps": [{"step": "base-connection", "action": "update",
              "changes": [%s, {"path": "name", "is": "rotated", "wanted": "n"}]}]}"""
            .formatted(rotated)));

        assertThat(drift.told()).extracting(Drift.Told::dataflow).containsExactly("b");
        assertThat(report(drift).at("/drift/0/steps/0/changes")).hasSize(1);
    }
}
