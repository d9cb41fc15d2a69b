package io.github.aepdataflows.wire;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.aepdataflows.Rig;
import io.github.aepdataflows.provision.Somebody;
import io.github.aepdataflows.simulator.Options;
import io.github.aepdataflows.simulator.RunKind;
import io.github.aepdataflows.simulator.Simulator;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.camel.Exchange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * One field of the Platform's answers is not there, is called otherwise, has another type or another order: a dataflow is made, planned,
 * applied, edited, run, and deleted. However that ends: nothing is made twice, nothing is mended for ever, nothing is lost without a word.
 * {@code -Dbench.tampered=0} for every field of every answer; {@code -Dtamper=…}, a pattern, for those cases alone, as in
 * {@code RUNS .*flowservice/runs.*}.
 */
class TamperingTest {

    private static final int OF_ONE_APPLICATION = 40;

    /** What is made; each has answers, or fields of answers, that those before it have not. */
    private enum Scene {

        USUAL("(?!)", Map.of("first words", "other words", "interval: 30", "interval: 45"), """
            apiVersion: aep-dataflows/v1
            name: %s
            description: first words
            source:
              name: %1$s source
              description: of a table
              connector: salesforce
              baseConnectionId: 4cb0c374-d3bb-4557-b139-5712880adc55
              tableName: Account
              columns: [ { name: Id, type: string }, { name: Name, type: string } ]
            target:
              name: %1$s target
              profile: true
              schema:
                title: %1$s schema
                description: of people
                class: https://ns.adobe.com/xdm/context/profile
                fieldGroups: [ https://ns.adobe.com/xdm/context/profile-person-details, \
            https://ns.adobe.com/xdm/context/profile-personal-details ]
                identities: [ { path: personalEmail.address, namespace: Email, primary: true } ]
              dataset: { name: %1$s dataset }
            mapping:
              - { source: Id, destination: personalEmail.address }
              - { sourceType: EXPRESSION, source: lower(Name), destination: person.name.fullName }
            copy: { deltaColumn: { name: LastModifiedDate } }
            schedule: { startTime: 2035-01-01T00:00:00Z, frequency: minute, interval: 30 }
            options: { errorDiagnosticsEnabled: true }
            """),

        /** Field groups, labels and identities of one's own, and a condition on rows. */
        CATALOGUE(".*/descriptors.*", Map.of("first words", "other words", "silver ]", "silver, gold ]", "city: string",
                "town: string, city: string", "[ C2 ]", "[ C2, C3 ]", "[ I1 ]", "[ I1, I2 ]"), """
            apiVersion: aep-dataflows/v1
            name: %s
            description: first words
            source:
              connector: salesforce
              baseConnectionId: 4cb0c374-d3bb-4557-b139-5712880adc55
              tableName: Account
              columns: [ { name: Id, type: string }, { name: Name, type: string } ]
              filters: "Name like 'A_' or Id is not null"
            target:
              schema:
                title: %1$s schema
                class: XDM Individual Profile
                fieldGroups:
                  - Demographic Details
                  - title: %1$s group
                    description: what is earned
                    fields:
                      loyaltyId: { $type: string, $title: Number }
                      level: { $enum: [ bronze, silver ] }
                      address: { city: string, lines: [ string ] }
                identities: [ { path: _acme.loyaltyId, namespace: Phone } ]
                labels: [ { path: _acme.address, labels: [ I1 ] }, { path: person.name, labels: [ S1 ] } ]
              dataset: { name: %1$s dataset, labels: [ C2 ] }
            mapping:
              - { source: Id, destination: _acme.loyaltyId, name: Number, description: of a member }
              - { sourceType: EXPRESSION, source: lower(Name), destination: person.name.fullName }
            copy: { deltaColumn: { name: LastModifiedDate } }
            schedule: { startTime: 2035-01-01T00:00:00Z, frequency: minute, interval: 30 }
            options: { errorDiagnosticsEnabled: true }
            """),

        /** A draft, published, run on demand, and run once more where a run has failed. */
        RUNS("(?!)", Map.of("state: draft", "state: present"), """
            apiVersion: aep-dataflows/v1
            name: %s
            description: first words
            state: draft
            source:
              connector: salesforce
              baseConnectionId: 4cb0c374-d3bb-4557-b139-5712880adc55
              tableName: Account
              columns: [ { name: Id, type: string }, { name: Name, type: string } ]
            target:
              schema:
                title: %1$s schema
                class: https://ns.adobe.com/xdm/context/profile
                fieldGroups: [ https://ns.adobe.com/xdm/context/profile-person-details ]
              dataset: { name: %1$s dataset }
            mapping: [ { source: Name, destination: person.name.fullName } ]
            """);

        /** Endpoints of which all cases are its own, also those that an earlier one has. */
        private final String again;
        private final Map<String, String> edits;
        private final String definition;

        Scene(String again, Map<String, String> edits, String definition) {
            this.again = again;
            this.edits = edits;
            this.definition = definition;
        }

        String edited(String named) {
            String edited = named;
            for (Map.Entry<String, String> edit : edits.entrySet()) {
                edited = edited.replace(edit.getKey(), edit.getValue());
            }
            return edited;
        }

        String absent(String named) {
            return named.replaceAll("(?m)^(state|description): .*\n", "") + "state: absent\n"
                    + (this == CATALOGUE ? "retire: { dataset: true, schema: true }\n" : "");
        }
    }

    /** A case, and where it is played. */
    private record Tampered(Scene scene, TamperingProxy.Case field) {
        @Override
        public String toString() {
            return scene + " " + field;
        }
    }

    /** Cases that have found something. */
    private static final Set<String> ONCE_RED = Set.of(
            "Case[endpoint=GET schemaregistry/tenant/schemas/{id}, field=meta:immutableTags, change=RENAME]",
            "Case[endpoint=GET catalog/dataSets/{id}, field={id}.tags.unifiedProfile, change=RETYPE]",
            "Case[endpoint=GET flowservice/connections/{id}, field=items, change=REMOVE]",
            "Case[endpoint=GET flowservice/connections/{id}, field=items[].connectionSpec, change=REMOVE]",
            "Case[endpoint=GET flowservice/connections/{id}, field=items[].state, change=NULL]",
            "Case[endpoint=GET flowservice/flows/{id}, field=items[].state, change=NULL]",
            "Case[endpoint=GET flowservice/flowSpecs, field=items[].id, change=NULL]",
            "Case[endpoint=GET flowservice/flows/{id}, field=items[].scheduleParams, change=RENAME]",
            "Case[endpoint=GET schemaregistry/global/fieldgroups/{id}, field=$id, change=REMOVE]",
            "Case[endpoint=GET schemaregistry/global/fieldgroups/{id}, field=properties, change=RETYPE]");

    @TempDir
    private Path folder;
    private Simulator simulator;
    private TamperingProxy.Case tampered;
    private boolean named;
    private int lives;

    @Test
    void should_neither_duplicate_nor_lose_nor_mend_for_ever_whatever_field_is_tampered_with() throws Exception {
        List<String> red = new ArrayList<>();
        try (Simulator platform = Simulator.start(Options.defaults()); TamperingProxy proxy = new TamperingProxy(platform.url())) {
            simulator = platform;
            List<Tampered> cases = drawn(recorded(proxy));
            for (int from = 0; from < cases.size(); from += OF_ONE_APPLICATION) {
                List<Tampered> some = cases.subList(from, Math.min(cases.size(), from + OF_ONE_APPLICATION));
                try (Rig rig = application(proxy, "from " + from)) {
                    for (Tampered one : some) {
                        proxy.tamper(one.field());
                        tampered = one.field();
                        named = false;
                        life(rig, one.scene(), "case " + ++lives).forEach(violation -> violated(red, one + ": " + violation));
                        proxy.leave();
                    }
                } catch (AssertionError undocumented) {   // of a request
                    violated(red, "%s to %s: %s".formatted(some.get(0), some.get(some.size() - 1), undocumented.getMessage()));
                }
            }
        }
        assertThat(red).isEmpty();
    }

    /** Told at once, too: all of them may take an hour. */
    private void violated(List<String> red, String violation) {
        red.add(violation);
        System.out.printf("after %d: %s%n", lives, violation);
    }

    private List<Tampered> recorded(TamperingProxy proxy) throws Exception {
        List<Tampered> cases = new ArrayList<>();
        Set<TamperingProxy.Case> seen = new HashSet<>();
        try (Rig rig = application(proxy, "recorded")) {
            for (Scene scene : Scene.values()) {
                assertThat(life(rig, scene, "recorded " + scene)).as(scene.toString()).isEmpty();
                proxy.cases().stream().filter(one -> seen.add(one) || one.endpoint().matches(scene.again))
                        .forEach(one -> cases.add(new Tampered(scene, one)));
            }
        }
        return cases;
    }

    private static List<Tampered> drawn(List<Tampered> all) {
        String pattern = System.getProperty("tamper", "");
        if (!pattern.isEmpty()) {
            return all.stream().filter(one -> one.toString().matches(pattern)).toList();
        }
        List<Tampered> drawn = new ArrayList<>(all);
        Collections.shuffle(drawn, new Random(20261126));
        drawn.sort(Comparator.comparing(one -> !ONCE_RED.contains(one.field().toString())));
        int most = Integer.getInteger("bench.tampered", 120);
        return most == 0 ? all : drawn.subList(0, Math.min(most, drawn.size()));
    }

    private Rig application(TamperingProxy proxy, String data) throws Exception {
        return Rig.against(simulator, folder.resolve(data), Map.of("aep.url", proxy.url(), "aep.redelivery.max", "2", "aep.settle-window",
                "60", "aep.check-lifetime", "0", "aep.flow-spec-lifetime", "0", "aep.clock", "#bean:simulatorClock"));
    }

    /** What went wrong. */
    private List<String> life(Rig rig, Scene scene, String name) throws Exception {
        List<String> violations = new ArrayList<>();
        String definition = scene.definition.formatted(name);
        provision(rig, definition, violations);
        provision(rig, definition, violations);
        atMostOne(name, violations);
        int writes = writes();
        boolean applied = provision(rig, definition, violations);
        if (applied && writes() != writes) {
            provision(rig, definition, violations);
            writes = writes();
            if (provision(rig, definition, violations) && writes() != writes) {
                violations.add("the same is sent again and again");
            }
        }
        if (applied) {
            asDescribed(scene, name, violations);
        }
        boolean labelled = labelByHand(name);
        boolean fieldLabelled = labelFieldByHand(name);
        provision(rig, scene.edited(definition), violations);
        atMostOne(name, violations);
        if (labelled && !texts(labelsOf(name).path("labels")).contains("C9")) {
            violations.add("a label that somebody has given the dataset is lost");
        }
        if (fieldLabelled && descriptors(name).noneMatch(each -> texts(each.path("xdm:labels")).contains("C9"))) {
            violations.add("a label that somebody has given a field is lost");
        }
        if (scene == Scene.RUNS) {
            runs(rig, name, violations);
        }
        provision(rig, scene.absent(definition), violations);
        return violations;
    }

    private boolean provision(Rig rig, String definition, List<String> violations) {
        return reasoned(rig.provision(definition), violations);
    }

    /** Whether it is done; if not, there has to be a reason. */
    private boolean reasoned(Exchange done, List<String> violations) {
        if (done.getException() == null) {
            return true;
        }
        try {
            JsonNode error = Rig.json(done.getVariable("aepError", String.class));
            if (tampered == null) {
                violations.add("refused though nothing is tampered with: " + error);
            } else if (error.path("category").asText().equals("internal") || error.path("message").asText().isBlank()) {
                violations.add("no reason is given: " + error);
            }
            named |= tampered != null && namesField(error);   // once: what comes of it later is told in other words
            if (tampered != null && !named) {
                violations.add("the reason does not name the field: " + error);
            }
        } catch (Exception e) {
            violations.add("no error document: " + done.getException());
        }
        return false;
    }

    /** The field itself, or what it is part of. */
    private boolean namesField(JsonNode error) {
        String reason = error.path("message").asText() + error.path("faults");
        return Pattern.compile("\\W+|(?<=[a-z])(?=[A-Z])|s\\b").splitAsStream(tampered.field().replaceFirst("^items\\W+", ""))
                .filter(part -> !part.isEmpty())
                .anyMatch(part -> Pattern.compile("\\b" + Pattern.quote(part), Pattern.CASE_INSENSITIVE).matcher(reason).find());
    }

    private int writes() {
        return simulator.requests().where(request -> !request.method().equals("GET") && request.path().startsWith("/data/")
                && !request.path().endsWith("/validate")).size();
    }

    private Stream<ObjectNode> named(String collection, String name) {
        return simulator.store().resources(Rig.SANDBOX, collection).stream()
                .filter(each -> (each.path("name").asText(each.path("title").asText()) + " ").startsWith(name + " "));
    }

    private void atMostOne(String name, List<String> violations) {
        for (String collection : List.of("flows", "sourceConnections", "targetConnections", "schemas", "dataSets", "fieldgroups")) {
            long found = named(collection, name).count();
            if (found > 1) {
                violations.add("%d %s".formatted(found, collection));
            }
        }
        List<String> descriptors = descriptors(name).map(each -> each.path("@type").asText() + " of "
                + each.path("xdm:sourceProperty").asText()).toList();
        if (new HashSet<>(descriptors).size() < descriptors.size()) {
            violations.add("several descriptors of one field: " + descriptors);
        }
    }

    private Stream<ObjectNode> descriptors(String name) {
        List<String> schemas = named("schemas", name).map(schema -> schema.path("$id").asText()).toList();
        return simulator.store().resources(Rig.SANDBOX, "descriptors").stream()
                .filter(each -> schemas.contains(each.path("xdm:sourceSchema").asText()));
    }

    private void asDescribed(Scene scene, String name, List<String> violations) {
        ObjectNode flow = named("flows", name).findFirst().orElse(null);
        boolean scheduled = flow != null && flow.at("/scheduleParams/interval").asInt() == 30
                && flow.at("/options/errorDiagnosticsEnabled").asBoolean() && flow.path("transformations").size() == 2;
        boolean draft = flow != null && flow.path("state").asText().equals("draft");
        if (flow == null) {
            violations.add("it is called done, and there is no flow");
        } else if (!flow.path("description").asText().equals("first words") || !(scene == Scene.RUNS ? draft : scheduled)) {
            violations.add("it is called done, and the flow is not as described: " + flow);
        }
        if (scene == Scene.CATALOGUE && (named("fieldgroups", name).count() != 1 || descriptors(name).count() != 3
                || !texts(labelsOf(name).path("labels")).contains("C2"))) {
            violations.add("it is called done, and its field group, descriptors or labels are not there: "
                    + descriptors(name).toList() + labelsOf(name));
        }
    }

    private Optional<String> dataset(String name) {
        return named("targetConnections", name).findFirst().map(target -> target.at("/params/dataSetId").asText());
    }

    private JsonNode labelsOf(String name) {
        return dataset(name).flatMap(id -> simulator.store().resource(Rig.SANDBOX, "datasetLabels", id))
                .orElseGet(Rig.JSON::createObjectNode);
    }

    /** Whether there are labels, which have one more then. */
    private boolean labelByHand(String name) throws Exception {
        JsonNode labels = labelsOf(name);
        if (labels.path("labels") instanceof ArrayNode list) {
            ObjectNode body = Rig.JSON.createObjectNode();
            body.set("labels", list.add("C9"));
            new Somebody(simulator).sends("PUT", "dataset/datasets/" + dataset(name).orElseThrow() + "/labels", body.toString(),
                    labels.path("etag").asText());
            return true;
        }
        return false;
    }

    /** The same of a field. */
    private boolean labelFieldByHand(String name) throws Exception {
        Optional<ObjectNode> label = descriptors(name).filter(each -> each.path("xdm:labels").toString().contains("I1")).findFirst();
        if (label.isPresent()) {
            label.get().withArray("xdm:labels").add("C9");
            new Somebody(simulator).sends("PUT", "schemaregistry/tenant/descriptors/" + label.get().path("@id").asText(),
                    label.get().retain("@type", "xdm:sourceSchema", "xdm:sourceVersion", "xdm:sourceProperty", "xdm:labels").toString());
        }
        return label.isPresent();
    }

    private static List<String> texts(JsonNode list) {
        List<String> texts = new ArrayList<>();
        list.forEach(text -> texts.add(text.asText()));
        return texts;
    }

    /** A run that the schedule has begun fails; a window is run on demand; the failed one is repeated. What was refused is asked again. */
    private void runs(Rig rig, String name, List<String> violations) {
        ObjectNode flow = named("flows", name).findFirst().orElse(null);
        if (flow == null || !flow.path("state").asText().equals("enabled")) {
            return;
        }
        String id = flow.path("id").asText();
        Instant from = simulator.clock().instant().minus(Duration.ofDays(40));
        simulator.runs().script(id, RunKind.COPY_FAILED, RunKind.SUCCESS);
        simulator.clock().advance(Duration.ofHours(1));
        Map<String, Object> window = Map.of("aepRunFrom", from.toString(), "aepRunTo", from.plusSeconds(600).toString(), "aepDeltaColumn",
                "LastModifiedDate");
        boolean ordered = order(rig, "direct:aep-run-flow", name, window, violations)
                || order(rig, "direct:aep-run-flow", name, window, violations);
        long found = runs(id).filter(run -> windowStart(run) == from.getEpochSecond() * 1_000).count();
        if (found > 1 || ordered && found == 0) {
            violations.add("%d runs of one order".formatted(found));
        }
        boolean repeated = order(rig, "direct:aep-retry-flow", name, Map.of(), violations)
                || order(rig, "direct:aep-retry-flow", name, Map.of(), violations);
        long repetitions = runs(id).filter(run -> windowStart(run) != from.getEpochSecond() * 1_000).count() - 1;
        if (repetitions > 1 || repeated && repetitions == 0) {
            violations.add("%d repetitions of one failed run".formatted(repetitions));
        }
    }

    private Stream<ObjectNode> runs(String flow) {
        return simulator.store().resources(Rig.SANDBOX, "runs").stream().filter(run -> run.path("flowId").asText().equals(flow));
    }

    private static long windowStart(JsonNode run) {
        return run.at("/activities/0/durationSummary/extensions/windowStart").asLong();
    }

    private boolean order(Rig rig, String endpoint, String name, Map<String, Object> variables, List<String> violations) {
        return reasoned(rig.main().getCamelContext().createFluentProducerTemplate().to(endpoint).withProcessor(exchange -> {
            exchange.getMessage().setBody(name);
            variables.forEach(exchange::setVariable);
        }).request(Exchange.class), violations);
    }
}
