package io.github.aepdataflows.definition;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/** Anchors, aliases, merge keys and the author's own keys at the top: for what a definition says more than once. */
class YamlReuseTest {

    @Test
    void should_let_a_mapping_take_over_another_whose_keys_it_may_give_anew() throws DefinitionException {
        Definition definition = Sample.read(Sample.with("""
                  - { source: Id, destination: _id }
                  - { source: Name, destination: person.name.fullName }
                """, """
                  - &id { source: Id, destination: _id }
                  - &name { sourceType: EXPRESSION, source: lower(Name), destination: person.name.fullName }
                  - { destination: person.name.lastName, <<: *name }
                  - { <<: [ *id, *name ], destination: person.name.firstName }
                """));

        assertThat(definition.mapping()).extracting(Definition.Mapping::source).containsExactly("Id", "lower(Name)", "lower(Name)", "Id");
        assertThat(definition.mapping()).extracting(Definition.Mapping::destination).containsExactly("_id", "person.name.fullName",
                "person.name.lastName", "person.name.firstName");
        assertThat(definition.mapping().get(3).isExpression()).as("of the second in the list").isTrue();
    }

    @Test
    void should_name_the_line_of_the_merge_key_for_what_came_by_it() {
        List<Fault> faults = Sample.faults(Sample.with("destination: person.name.fullName }",
                "destination: person.name.fullName, <<: { identiy: true } }"));

        assertThat(faults).singleElement().satisfies(fault -> {
            assertThat(fault.path()).isEqualTo("mapping[1].identiy");
            assertThat(fault.line()).isEqualTo(25);
            assertThat(fault.nearest()).isEqualTo("identity");
        });
    }

    @Test
    void should_ignore_the_authors_own_keys_at_the_top_and_there_only() throws DefinitionException {
        String own = "x-rules: &rule { source: Name, destination: person.name.fullName }\n"
                + Sample.with("- { source: Name, destination: person.name.fullName }", "- *rule");

        assertThat(Sample.read(own).fingerprint()).isEqualTo(Sample.read(Sample.YAML).fingerprint());
        assertThat(Sample.faults(Sample.with("  name: CRM source\n", "  x-name: CRM source\n"))).singleElement()
                .extracting(Fault::path).isEqualTo("source.x-name");
    }

    @Test
    void should_ignore_them_beside_a_list_of_dataflows_too() {
        List<DefinitionPart> parts = DefinitionFile.parts("""
                apiVersion: aep-dataflows/v1
                x-source: &source { connector: salesforce, tableName: Account }
                dataflows:
                  - { name: one, source: { <<: *source } }
                """.getBytes(java.nio.charset.StandardCharsets.UTF_8));

        assertThat(parts).singleElement().satisfies(part ->
                assertThat(part.document().root().at("/source/tableName").asText()).isEqualTo("Account"));
    }
}
