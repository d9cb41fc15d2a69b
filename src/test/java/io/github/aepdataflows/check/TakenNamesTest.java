package io.github.aepdataflows.check;

import static io.github.aepdataflows.check.Minimal.MINIMAL;
import static io.github.aepdataflows.check.Minimal.with;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.aepdataflows.Rig;
import io.github.aepdataflows.provision.ConflictException;
import io.github.aepdataflows.simulator.Request;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.camel.Exchange;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The names of what is new: those that are taken already are told before anything is made. */
class TakenNamesTest {

    private static final String OTHER = with("name: Minimal\n", "name: Other\n").replace("dataset: { name: Minimal }",
            "dataset: { name: Other }");
    private static final String OTHER_CONTENT = MINIMAL.replace("name: Minimal", "name: Own")
            .replace("profile-person-details ]", "profile-person-details, https://ns.adobe.com/xdm/context/profile-personal-details ]");
    private static final String OTHER_CLASS = with("context/profile\n", "context/experienceevent\n")
            .replace("name: Minimal", "name: Own").replace("profile-person-details", "experienceevent-web")
            .replace("destination: person.name.fullName", "destination: web.webPageDetails.name");

    private Rig rig;

    @BeforeEach
    void start(@TempDir Path data) throws Exception {
        rig = Rig.start(data);
    }

    @AfterEach
    void stop() throws Exception {
        rig.close();
    }

    private JsonNode check(String definition) throws IOException {
        return new Minimal(rig).check(definition);
    }

    private static JsonNode step(JsonNode plan, String name) {
        return plan.path("steps").findParents("step").stream().filter(step -> step.path("step").asText().equals(name)).findFirst()
                .orElseThrow();
    }

    private String schemaId() {
        return rig.resources("schemas").get(0).path("$id").asText();
    }

    /** In the words of the conflict that the definition meets when it is applied. */
    private void refused(String definition) throws Exception {
        JsonNode plan = rig.plan(definition);
        JsonNode report = check(definition);
        Exchange applied = rig.provision(definition);

        assertThat(report.path("ok").asBoolean()).as(report::toPrettyString).isFalse();
        assertThat(report.path("faults")).hasSize(1);
        JsonNode fault = report.at("/faults/0");
        assertThat(fault.path("path").asText()).isEqualTo("target.schema.title");
        assertThat(step(plan, "target-schema").path("action").asText()).isEqualTo("impossible");
        assertThat(step(plan, "target-schema").path("reason")).isEqualTo(fault.path("message"));
        assertThat(fault.path("message").asText()).contains(schemaId());
        assertThat(applied.getException()).isInstanceOfSatisfying(ConflictException.class, conflict ->
                assertThat(fault.path("message").asText()).endsWith(conflict.advice())
                        .startsWith("its name exists with other content or for another dataflow: "));
        assertThat(applied.getException()).hasMessageContaining("its name exists with other content or for another dataflow");
    }

    @Test
    void should_refuse_the_title_of_a_schema_that_another_dataflow_has_made() throws Exception {
        rig.apply(MINIMAL);

        refused(OTHER);
    }

    @Test
    void should_refuse_the_title_of_a_schema_with_other_content() throws Exception {
        rig.apply(MINIMAL);

        refused(OTHER_CONTENT);
    }

    @Test
    void should_refuse_the_title_of_a_schema_of_another_class_without_a_ledger_that_knows_it(@TempDir Path empty) throws Exception {
        rig.apply(MINIMAL);
        try (Rig own = Rig.against(rig.simulator(), empty, Map.of())) {
            JsonNode report = new Minimal(own).check(OTHER_CLASS);
            JsonNode plan = own.plan(OTHER_CLASS);

            assertThat(report.at("/faults/0/message").asText()).as(report::toPrettyString).contains("its name exists", schemaId());
            assertThat(step(plan, "target-schema").path("action").asText()).isEqualTo("impossible");
        }
    }

    /** A check may be made where nobody has the ledger; then its own schema of an earlier content is in no dataflow's way. */
    @Test
    void should_only_note_a_title_without_a_ledger_that_tells_whose_it_is(@TempDir Path empty) throws Exception {
        rig.apply(MINIMAL);
        try (Rig own = Rig.against(rig.simulator(), empty, Map.of())) {
            JsonNode grown = new Minimal(own).check(OTHER_CONTENT);

            assertThat(grown.path("ok").asBoolean()).as(grown::toPrettyString).isTrue();
            assertThat(grown.at("/notes").toString()).contains("unless this definition has made it, its name exists", schemaId());
            assertThat(step(own.plan(OTHER_CONTENT), "target-schema").path("action").asText()).isEqualTo("impossible");
            assertThat(new Minimal(own).check(MINIMAL).path("notes").toString()).doesNotContain("its name exists");
        }
    }

    @Test
    void should_say_that_a_second_dataset_of_a_name_will_be_made() throws Exception {
        rig.apply(MINIMAL);
        String id = rig.resources("dataSets").get(0).path("id").asText();
        String second = OTHER.replace("title: Minimal", "title: Other").replace("dataset: { name: Other }", "dataset: { name: Minimal }");

        JsonNode report = check(second);
        JsonNode plan = rig.plan(second);

        assertThat(report.path("ok").asBoolean()).as(report::toPrettyString).isTrue();
        JsonNode note = report.at("/notes/0");
        assertThat(note.path("path").asText()).isEqualTo("target.dataset.name");
        assertThat(note.path("line").asInt()).isEqualTo(12);
        assertThat(note.path("message").asText()).contains("a dataset of this name exists, " + id, "a second one", "existing: true");
        assertThat(plan.path("notes")).containsExactly(note);
        assertThat(step(plan, "target-dataset").path("action").asText()).isEqualTo("create");
        rig.apply(second);
        assertThat(check(second.replace("name: Other\n", "name: Third\n").replace("title: Other", "title: Third")).path("notes").toString())
                .contains("datasets of this name exist", id, "by its id");
    }

    /** Neither of what is new, nor of what was made: only where it is told. */
    @Test
    void should_look_for_the_names_of_new_resources_alone_and_only_before_anything_is_made() throws Exception {
        List<Request> ofCheck = lists(() -> check(MINIMAL));
        List<Request> ofApply = lists(() -> rig.apply(MINIMAL));
        List<Request> after = lists(() -> {
            assertThat(check(MINIMAL).path("notes").toString()).doesNotContain("of this name");
            assertThat(rig.plan(MINIMAL).path("empty").asBoolean()).isTrue();
        });

        assertThat(ofCheck).hasSize(2);
        assertThat(ofApply).isEmpty();
        assertThat(after).isEmpty();
    }

    private interface Action {
        void run() throws Exception;
    }

    private List<Request> lists(Action action) throws Exception {
        int before = rig.requests().size();
        action.run();
        return rig.requests().stream().skip(before).filter(request -> request.method().equals("GET")
                && request.path().matches(".*/(tenant/schemas|dataSets)")).toList();
    }
}
