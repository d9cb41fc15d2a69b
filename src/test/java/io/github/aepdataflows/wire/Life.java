package io.github.aepdataflows.wire;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.aepdataflows.Rig;
import io.github.aepdataflows.simulator.Fault;
import io.github.aepdataflows.simulator.Simulator;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.camel.Exchange;

/**
 * The life of two dataflows at a Platform that hides nothing from the test: made while every answer to a create is lost, planned, applied
 * again, changed, taken over with an empty ledger, and deleted. After each of them there is one of everything, and nothing is left to do.
 */
final class Life implements AutoCloseable {

    private static final String PROFILE = "https://ns.adobe.com/xdm/context/profile";
    private static final List<String> KINDS = List.of("connections", "sourceConnections", "schemas", "fieldgroups", "descriptors",
            "dataSets", "datasetLabels", "targetConnections", "mappingSets", "flows", "classes");
    private static final Map<String, Integer> ONE = counts(1, 1, 1, 1, 3, 1, 1, 1, 1, 1, 0);
    private static final Map<String, Integer> BOTH = counts(2, 2, 3, 1, 3, 2, 1, 2, 2, 2, 1);

    private static final String CURRENT = """
            apiVersion: aep-dataflows/v1
            name: life of a flow
            description: first words
            source:
              name: life source
              description: of a table
              connector: salesforce
              baseConnection:
                name: life base
                description: with credentials
                auth:
                  specName: Basic Authentication
                  params: { environmentUrl: "https://acme.my.salesforce.com", username: svc, password: { secret: life }, \
            securityToken: { secret: life } }
              tableName: Account
              columns: [ { name: Id, type: string }, { name: Name, type: string }, { name: Phone, type: string } ]
              filters: "Name like 'A_' or Phone is not null"
            target:
              name: life target
              description: of a dataset
              profile: true
              schema:
                title: life schema
                description: of people
                class: %1$s
                fieldGroups: [ %1$s-person-details, Personal Contact Details, { title: life group, fields: { crmId: string, level: { \
            $enum: [ gold ] } } } ]
                identities: [ { path: personalEmail.address, namespace: Email, primary: true } ]
                labels: [ { path: personalEmail.address, labels: [ I1 ] }, { path: _acme.crmId, labels: [ C1 ] } ]
              dataset: { name: life dataset, labels: [ C2 ] }
            mapping:
              - { source: Id, destination: personalEmail.address }
              - { sourceType: EXPRESSION, source: lower(Name), destination: person.name.fullName }
              - { sourceType: STATIC, source: home, destination: mobilePhone.number }
            copy: { deltaColumn: { name: LastModifiedDate } }
            schedule: { startTime: 2035-01-01T00:00:00Z, frequency: minute, interval: 30 }
            options: { errorDiagnosticsEnabled: true, partialIngestionPercent: 10 }
            """.formatted(PROFILE);

    private static final String AD_HOC = """
            apiVersion: aep-dataflows/v1
            name: life of 2020
            description: first words
            source:
              connector: salesforce
              baseConnectionId: 4cb0c374-d3bb-4557-b139-5712880adc55
              format: parquet_xdm
              tableName: Contact
              columns: [ { name: first_name, type: string }, { name: email, type: string } ]
            target:
              schema:
                title: life schema of 2020
                class: %1$s
                fieldGroups: [ %1$s-person-details, %1$s-personal-details ]
              dataset: { name: life dataset of 2020 }
            mapping: [ { source: first_name, destination: person.name.firstName }, { source: email, destination: personalEmail.address } ]
            copy: { mode: append }
            schedule: { startTime: 2035-01-01T00:00:00Z, frequency: minute, interval: 30 }
            """.formatted(PROFILE);

    private final Simulator simulator;
    private final Path folder;
    private final Map<String, String> settings = new HashMap<>();
    private final Map<String, Integer> strangers = new HashMap<>();

    Life(Simulator simulator, Path folder, Map<String, String> settings) throws Exception {
        this.simulator = simulator;
        this.folder = folder;
        this.settings.put("aep.secrets-dir", Files.createDirectories(folder.resolve("secrets")).toString());
        this.settings.putAll(settings);
        Files.writeString(folder.resolve("secrets/life"), "s3cret of life");
        simulator.seedDemo(Rig.SANDBOX);
        ONE.keySet().forEach(collection -> strangers.put(collection, count(collection)));
    }

    private static Map<String, Integer> counts(int... each) {
        Map<String, Integer> counts = new HashMap<>();
        for (int i = 0; i < each.length; i++) {
            counts.put(KINDS.get(i), each[i]);
        }
        return counts;
    }

    private int count(String collection) {
        return simulator.store().resources(Rig.SANDBOX, collection).size();
    }

    /** Lives it, with the answer to the first create of each kind lost. */
    void live() throws Exception {
        loseAnswers();
        try (Rig rig = Rig.against(simulator, folder.resolve("first"), settings)) {
            assertThat(outcome(rig, CURRENT)).isIn("created", "adopted");
            exactly(ONE);
            settled(rig, CURRENT);
            loseAnswers();
            assertThat(outcome(rig, AD_HOC)).isIn("created", "adopted");
            exactly(BOTH);
            settled(rig, AD_HOC);
            String edited = CURRENT.replace("first words", "other words").replace("interval: 30", "interval: 45")
                    .replace("source: lower(Name)", "source: upper(Name)").replace("[ gold ]", "[ gold, silver ]");
            assertThat(outcome(rig, edited)).isEqualTo("updated");
            settled(rig, edited);
            auditedAndExported(rig);
            try (Rig other = Rig.against(simulator, folder.resolve("second"), settings)) {
                outcome(other, edited);
                outcome(other, AD_HOC);
                exactly(BOTH);
                settled(other, edited);
                settled(other, AD_HOC);
            }
            rig.apply(edited.replace("description: other words", "description: other words\nstate: absent"));
            rig.apply(AD_HOC.replace("description: first words", "description: first words\nstate: absent"));
            assertThat(count("flows")).as("flows").isEqualTo(strangers.get("flows"));
            assertThat(count("sourceConnections")).isEqualTo(strangers.get("sourceConnections"));
            assertThat(count("targetConnections")).isEqualTo(strangers.get("targetConnections"));
        }
    }

    private void loseAnswers() {
        simulator.faults().clear();
        ONE.keySet().forEach(collection -> simulator.faults().when(request -> Rig.isCreate(request)
                && request.path().endsWith("/" + collection), 1, Fault.reset().afterCommit()));
    }

    private String outcome(Rig rig, String definition) throws Exception {
        Exchange applied = rig.provision(definition);
        assertThat(applied.getException()).as(() -> String.valueOf(applied.getVariable("aepError"))).isNull();
        return Rig.json(applied.getMessage().getBody(String.class)).path("outcome").asText();
    }

    /** An audit sees all flows and misses nothing of ours; each of ours can be exported. */
    private void auditedAndExported(Rig rig) throws Exception {
        JsonNode report = Rig.json(rig.audit().getMessage().getBody(String.class));
        assertThat(report.path("complete").asBoolean()).as(report.toPrettyString()).isTrue();
        assertThat(report.path("flows")).hasSize(count("flows"));
        assertThat(report.at("/counts/missing").asInt()).as(report.toPrettyString()).isZero();
        for (JsonNode flow : report.path("flows")) {
            Exchange exported = rig.main().getCamelContext().createFluentProducerTemplate().to("direct:aep-export")
                    .withBody(flow.path("id").asText()).request(Exchange.class);
            assertThat(exported.getException()).as(flow.toString()).isNull();
        }
    }

    /** The flow is there once, and neither a plan nor another run finds anything to do. */
    private void settled(Rig rig, String definition) throws Exception {
        JsonNode plan = rig.plan(definition);
        assertThat(plan.path("empty").asBoolean()).as(plan.toPrettyString()).isTrue();
        int writes = writes();
        assertThat(outcome(rig, definition)).isEqualTo("unchanged");
        assertThat(writes()).as("writes without need").isEqualTo(writes);
    }

    private int writes() {
        return simulator.requests().where(request -> !request.method().equals("GET") && request.path().startsWith("/data/")
                && !request.path().endsWith("/validate")).size();
    }

    /** What was made, beside what was there before. */
    private void exactly(Map<String, Integer> made) {
        Map<String, Integer> found = new TreeMap<>();
        made.keySet().forEach(collection -> found.put(collection, count(collection) - strangers.get(collection)));
        assertThat(found).isEqualTo(new TreeMap<>(made));
    }

    @Override
    public void close() throws IOException {
        simulator.close();
    }
}
