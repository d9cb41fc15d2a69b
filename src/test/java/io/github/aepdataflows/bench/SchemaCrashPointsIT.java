package io.github.aepdataflows.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.aepdataflows.Rig;
import io.github.aepdataflows.simulator.Fault;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A child JVM dies at each point at which a crash can leave a field group, an identity, a label of a field or those of a dataset half done.
 * Then the application is started again on what is left.
 */
class SchemaCrashPointsIT {

    private static final String FILE = "members.yaml";
    private static final List<String> CREATED = List.of("field-group", "identity-descriptor", "label-descriptor");
    private static final String GROUPS = "/data/foundation/schemaregistry/tenant/fieldgroups";
    private static final String DESCRIPTORS = "/data/foundation/schemaregistry/tenant/descriptors";
    private static final String LABELS = "/data/foundation/dataset/datasets/";

    private static final String DEFINITION = """
            apiVersion: aep-dataflows/v1
            name: Members
            source:
              connector: salesforce
              baseConnectionId: 4cb0c374-d3bb-4557-b139-5712880adc55
              tableName: Account
              columns:
                - { name: Id, type: string }
                - { name: Name, type: string }
            target:
              schema:
                title: Members
                class: https://ns.adobe.com/xdm/context/profile
                fieldGroups:
                  - https://ns.adobe.com/xdm/context/profile-person-details
                  - title: Loyalty of members
                    fields: { loyaltyId: string, level: string }
                identities: [ { path: _acme.loyaltyId, namespace: Phone, primary: true } ]
                labels: [ { path: _acme.level, labels: [ C2 ] } ]
              dataset: { name: Members, labels: [ C1, I1 ] }
            mapping:
              - { source: Id, destination: _acme.loyaltyId }
              - { source: Name, destination: person.name.fullName }
            schedule: { startTime: 2035-01-01T00:00:00Z, frequency: once }
            """;

    @TempDir
    Path folder;

    /** {@code -Dbench.every-point=1} for all of them. */
    @Test
    void should_end_with_exactly_one_of_each_wherever_the_process_dies() throws Exception {
        List<String> all = points();
        assertThat(all).hasSize(20);
        int every = Integer.getInteger("bench.every-point", 1);
        List<String> points = IntStream.range(0, all.size()).filter(at -> at % every == 0).mapToObj(all::get).toList();
        ExecutorService two = Executors.newFixedThreadPool(2);   // each is a JVM
        try {
            List<Future<?>> cases = new ArrayList<>();
            for (String point : points) {
                cases.add(two.submit(() -> {
                    dieAndRecover(point);
                    return null;
                }));
            }
            for (Future<?> each : cases) {
                each.get();
            }
        } finally {
            two.shutdownNow();
        }
    }

    private static List<String> points() {
        List<String> points = new ArrayList<>();
        for (String kind : CREATED) {
            points.addAll(List.of("before:aep-begin-" + kind, "after:aep-begin-" + kind, "committed POST " + kind,
                    "before:aep-complete-" + kind, "after:aep-complete-" + kind));
        }
        String labels = "update-dataset-labels";
        points.addAll(List.of("before:aep-begin-" + labels, "after:aep-begin-" + labels, "committed PUT " + labels,
                "before:aep-complete-" + labels, "after:aep-complete-" + labels));
        return points;
    }

    private void dieAndRecover(String point) throws Exception {
        try (Bench bench = new Bench(folder.resolve(point.replaceAll("[^a-z-]", "-")))) {
            bench.drop(FILE, DEFINITION);
            if (point.startsWith("committed")) {
                dieAtThePlatform(bench, point);
            } else {
                try (Child child = Child.start(bench, Map.of("bench.halt", point))) {
                    int exit = child.await();
                    assertThat(exit).as(() -> point + " was never reached:\n" + child.log()).isEqualTo(ChildApplication.KILLED);
                }
            }
            bench.finish();

            assertThat(bench.names("done")).as(point).contains(FILE);
            for (String collection : List.of("schemas", "sourceConnections", "dataSets", "targetConnections", "mappingSets", "flows")) {
                assertThat(bench.simulator().store().resources(Rig.SANDBOX, collection)).as(point + " " + collection).hasSize(1);
            }
            assertThat(bench.simulator().store().resources(Rig.SANDBOX, "fieldgroups")).as(point)
                    .filteredOn(group -> group.path("title").asText().equals("Loyalty of members")).hasSize(1);
            assertThat(bench.simulator().store().resources(Rig.SANDBOX, "descriptors")).as(point)
                    .extracting(descriptor -> descriptor.path("@type").asText() + " " + descriptor.path("xdm:sourceProperty").asText())
                    .containsExactlyInAnyOrder("xdm:descriptorIdentity /_acme/loyaltyId", "xdm:descriptorLabel /_acme/level");
            List<ObjectNode> labels = bench.simulator().store().resources(Rig.SANDBOX, "datasetLabels");
            assertThat(labels).as(point).hasSize(1);
            assertThat(labels.get(0).path("labels")).as(point).extracting(JsonNode::asText).containsExactlyInAnyOrder("C1", "I1");
            assertThat(bench.ledger().unresolved()).as(point).isEmpty();
        }
    }

    private static void dieAtThePlatform(Bench bench, String point) throws Exception {
        String method = point.split(" ")[1];
        String path = point.endsWith("labels") ? LABELS : point.endsWith("group") ? GROUPS : DESCRIPTORS;
        String type = point.endsWith("label-descriptor") ? "descriptorLabel" : "";
        bench.simulator().faults().when(request -> request.method().equals(method) && request.path().startsWith(path)
                && request.text().contains(type), 1, Fault.hang().afterCommit());
        try (Child child = Child.start(bench, Map.of("aep.response-timeout", "30s", "aep.call-timeout", "30s"))) {
            await().atMost(Bench.PATIENCE).until(() -> bench.simulator().faults().held() > 0 || !child.isAlive());
            assertThat(bench.simulator().faults().held()).as(() -> point + ":\n" + child.log()).isEqualTo(1);
            child.kill();
        }
        bench.simulator().faults().clear();
    }
}
