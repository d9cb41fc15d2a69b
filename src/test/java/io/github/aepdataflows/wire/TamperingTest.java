package io.github.aepdataflows.wire;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.aepdataflows.Rig;
import io.github.aepdataflows.simulator.Options;
import io.github.aepdataflows.simulator.Simulator;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.camel.Exchange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * One field of the Platform's answers is not there, is called otherwise, has another type or another order: a dataflow is made, planned,
 * applied, edited, and deleted. However that ends: nothing is made twice, nothing is mended for ever, nothing is lost without a word.
 * {@code -Dbench.tampered=0} for every field of every answer; {@code -Dtamper=…}, a pattern, for those cases alone.
 */
class TamperingTest {

    private static final int OF_ONE_APPLICATION = 40;
    private static final String DEFINITION = """
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
            """;

    /** Cases that have found something. */
    private static final Set<String> ONCE_RED = Set.of(
            "Case[endpoint=GET schemaregistry/tenant/schemas/{id}, field=meta:immutableTags, change=RENAME]",
            "Case[endpoint=GET catalog/dataSets/{id}, field={id}.tags.unifiedProfile, change=RETYPE]",
            "Case[endpoint=GET flowservice/connections/{id}, field=items, change=REMOVE]",
            "Case[endpoint=GET flowservice/connections/{id}, field=items[].connectionSpec, change=REMOVE]",
            "Case[endpoint=GET flowservice/flowSpecs, field=items[].id, change=NULL]",
            "Case[endpoint=GET flowservice/flows/{id}, field=items[].scheduleParams, change=RENAME]",
            "Case[endpoint=GET schemaregistry/global/fieldgroups/{id}, field=$id, change=REMOVE]");

    @TempDir
    private Path folder;
    private Simulator simulator;
    private TamperingProxy.Case tampered;
    private int lives;

    @Test
    void should_neither_duplicate_nor_lose_nor_mend_for_ever_whatever_field_is_tampered_with() throws Exception {
        List<String> red = new ArrayList<>();
        try (Simulator platform = Simulator.start(Options.defaults()); TamperingProxy proxy = new TamperingProxy(platform.url())) {
            simulator = platform;
            try (Rig rig = application(proxy, "recorded")) {
                assertThat(life(rig, "recorded")).isEmpty();
            }
            List<TamperingProxy.Case> cases = drawn(proxy.cases());
            for (int from = 0; from < cases.size(); from += OF_ONE_APPLICATION) {
                try (Rig rig = application(proxy, "from " + from)) {
                    for (TamperingProxy.Case one : cases.subList(from, Math.min(cases.size(), from + OF_ONE_APPLICATION))) {
                        proxy.tamper(one);
                        tampered = one;
                        life(rig, "case " + ++lives).forEach(violation -> red.add(one + ": " + violation));
                        proxy.leave();
                    }
                }
            }
        }
        assertThat(red).isEmpty();
    }

    private static List<TamperingProxy.Case> drawn(List<TamperingProxy.Case> all) {
        String pattern = System.getProperty("tamper", "");
        if (!pattern.isEmpty()) {
            return all.stream().filter(one -> one.toString().matches(pattern)).toList();
        }
        List<TamperingProxy.Case> drawn = new ArrayList<>(all);
        Collections.shuffle(drawn, new Random(20261126));
        drawn.sort(Comparator.comparing(one -> !ONCE_RED.contains(one.toString())));
        int most = Integer.getInteger("bench.tampered", 120);
        return most == 0 ? all : drawn.subList(0, Math.min(most, drawn.size()));
    }

    private Rig application(TamperingProxy proxy, String data) throws Exception {
        return Rig.against(simulator, folder.resolve(data), Map.of("aep.url", proxy.url(), "aep.redelivery.max", "2", "aep.settle-window",
                "60", "aep.check-lifetime", "0", "aep.flow-spec-lifetime", "0"));
    }

    /** What went wrong. */
    private List<String> life(Rig rig, String name) {
        List<String> violations = new ArrayList<>();
        String definition = DEFINITION.formatted(name);
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
            asDescribed(name, violations);
        }
        provision(rig, definition.replace("first words", "other words").replace("interval: 30", "interval: 45"), violations);
        atMostOne(name, violations);
        provision(rig, definition.replace("description: first words", "state: absent"), violations);
        return violations;
    }

    private boolean provision(Rig rig, String definition, List<String> violations) {
        Exchange applied = rig.provision(definition);
        if (applied.getException() == null) {
            return true;
        }
        try {
            JsonNode error = Rig.json(applied.getVariable("aepError", String.class));
            if (error.path("category").asText().equals("internal") || error.path("message").asText().isBlank()) {
                violations.add("no reason is given: " + error);
            } else if (tampered != null && !namesField(error)) {
                violations.add("the reason does not name the field: " + error);
            }
        } catch (Exception e) {
            violations.add("no error document: " + applied.getException());
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
        for (String collection : List.of("flows", "sourceConnections", "targetConnections", "schemas", "dataSets")) {
            long found = named(collection, name).count();
            if (found > 1) {
                violations.add("%d %s".formatted(found, collection));
            }
        }
    }

    private void asDescribed(String name, List<String> violations) {
        ObjectNode flow = named("flows", name).findFirst().orElse(null);
        if (flow == null) {
            violations.add("it is called done, and there is no flow");
        } else if (!flow.path("description").asText().equals("first words") || flow.at("/scheduleParams/interval").asInt() != 30
                || !flow.at("/options/errorDiagnosticsEnabled").asBoolean() || flow.path("transformations").size() != 2) {
            violations.add("it is called done, and the flow is not as described: " + flow);
        }
    }
}
