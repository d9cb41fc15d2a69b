package io.github.aepdataflows.export;

import static io.github.aepdataflows.export.ExportRig.report;
import static io.github.aepdataflows.export.ExportRig.text;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.aepdataflows.Rig;
import io.github.aepdataflows.provision.ConflictException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.camel.Exchange;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A flow that was made by hand, in every form, and a definition of its name that is dropped beside it: where a plan has no differences,
 * provisioning takes the flow over and writes nothing; where provisioning refuses, the plan says why.
 */
class PlanAndApplyAgreeTest {

    /** Definitions that are not quite the flow's. */
    private static final Map<String, Consumer<ObjectNode>> OTHERS = Map.of(
            "the name of its source connection", definition -> ((ObjectNode) definition.path("source")).put("name", "Another source"),
            "the name of its target connection", definition -> ((ObjectNode) definition.path("target")).put("name", "Another target"),
            "its state", definition -> {
                if (definition.has("state")) {
                    definition.remove("state");
                } else {
                    definition.put("state", "paused");
                }
            },
            "its start", definition -> ((ObjectNode) definition.path("schedule")).put("startTime", "2031-01-01T00:00:00Z"),
            "a rule of its mapping", definition -> ((ObjectNode) definition.at("/mapping/0")).put("destination", "person.name.suffix"),
            "another rule", definition -> definition.withArray("mapping").add(((ObjectNode) definition.at("/mapping/0").deepCopy())
                    .put("destination", "person.name.middleName")));

    private static ExportRig export;

    @BeforeAll
    static void start(@TempDir Path data) throws Exception {
        export = ExportRig.start(data);
    }

    @AfterAll
    static void stop() throws Exception {
        export.close();
    }

    @ParameterizedTest
    @EnumSource
    void should_agree_on_a_flow_that_was_made_by_hand(HandMade form) throws Exception {
        String flow = form.by(export.hand());
        Exchange exported = export.export(form.name());
        String definition = text(exported);
        int before = export.asked();

        List<String> refused = new ArrayList<>();
        for (Map.Entry<String, Consumer<ObjectNode>> other : OTHERS.entrySet()) {
            ObjectNode changed = report(exported).path("definition").deepCopy();
            other.getValue().accept(changed);
            refused.add(assertAgreed(other.getKey(), changed.toString()));
        }
        assertThat(refused).as("each of these is another definition").containsOnly("refused");
        assertThat(export.writesSince(before)).isEmpty();
        spellOtherwise(flow);
        twin(flow);
        before = export.asked();

        assertThat(assertAgreed("the flow's own definition", definition)).isEqualTo("adopted");
        assertThat(export.writesSince(before)).isEmpty();
        export.assertNothingToDo(definition, flow);
    }

    private static String assertAgreed(String what, String definition) throws Exception {
        JsonNode plan = export.plan(definition);
        Exchange applied = export.rig().provision(definition);
        if (plan.path("empty").asBoolean()) {
            assertThat(applied.getException()).as(what).isNull();
            return Rig.json(applied.getMessage().getBody(String.class)).path("outcome").asText();
        }
        assertThat(applied.getException()).as(() -> what + plan.toPrettyString()).isInstanceOf(ConflictException.class);
        List<String> reasons = plan.path("steps").findValuesAsText("reason").stream().distinct()
                .filter(reason -> !reason.equals("it exists, and is taken over") && !reason.equals("the definition names it")).toList();
        assertThat(reasons).as(what).isNotEmpty().allSatisfy(reason -> assertThat(applied.getException().getMessage()).contains(reason));
        plan.path("steps").findValues("changes").forEach(changes -> changes.findValuesAsText("path")
                .forEach(path -> assertThat(applied.getException().getMessage()).contains(path)));
        return "refused";
    }

    /** As other documents of Adobe's show the same: without the format that goes without saying, and with a minor version. */
    private static void spellOtherwise(String flow) {
        export.alter("targetConnections", part(flow, "targetConnectionIds"), connection -> {
            ((ObjectNode) connection.path("data")).remove("format");
            ((ObjectNode) connection.at("/data/schema")).put("version", "application/vnd.adobe.xed-full+json; version=1.0");
        });
    }

    /** Another source connection of the same name and content, which the flow does not use. */
    private static void twin(String flow) {
        ObjectNode source = export.rig().resources("sourceConnections").stream()
                .filter(connection -> connection.path("id").asText().equals(part(flow, "sourceConnectionIds"))).findFirst().orElseThrow()
                .deepCopy();
        export.hand().source(source.retain("name", "description", "baseConnectionId", "data", "params", "connectionSpec").toString()
                .replace('"', '\''));
    }

    private static String part(String flow, String field) {
        return export.rig().resources("flows").stream().filter(each -> each.path("id").asText().equals(flow)).findFirst().orElseThrow()
                .path(field).path(0).asText();
    }
}
