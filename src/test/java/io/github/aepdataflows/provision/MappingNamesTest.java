package io.github.aepdataflows.provision;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.aepdataflows.Rig;
import io.github.aepdataflows.Rigs;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.apache.camel.Exchange;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Names and descriptions of mappings, expressions of several lines, and each spelling of a source type: there and back. */
class MappingNamesTest {

    @RegisterExtension
    static final Rigs RIGS = new Rigs();

    private static final String NAMED = """
            apiVersion: aep-dataflows/v1
            name: Named
            source:
              connector: salesforce
              baseConnectionId: 4cb0c374-d3bb-4557-b139-5712880adc55
              tableName: Account
              columns: [ { name: Id, type: string }, { name: Name, type: string } ]
            target:
              schema:
                title: Named
                class: https://ns.adobe.com/xdm/context/profile
                fieldGroups: [ https://ns.adobe.com/xdm/context/profile-person-details ]
              dataset: { name: Named }
            mapping:
              - { sourceType: text/x.schema-path, source: Id, destination: _id, name: Key, description: Of the CRM }
              - sourceType: text/x.aep-xl
                source: |
                  concat(Name,
                    " ",
                    Id)
                destination: person.name.fullName
              - { sourceType: text/plain, source: Herr, destination: person.name.courtesyTitle }
            schedule: { startTime: 2035-01-01T00:00:00Z, frequency: once }
            """;

    private Rig rig;

    @BeforeEach
    void start() throws Exception {
        rig = RIGS.start(Map.of());
    }

    @AfterEach
    void stop() throws Exception {
        rig.close();
    }

    @Test
    void should_send_names_and_descriptions_and_find_nothing_to_do_afterwards() throws Exception {
        rig.apply(NAMED);

        JsonNode sent = Rig.json(new String(rig.requests("POST", "/mappingSets").get(0).body(), StandardCharsets.UTF_8));
        assertThat(sent.path("mappings").toString()).isEqualTo(
                "[{\"sourceType\":\"ATTRIBUTE\",\"source\":\"Id\",\"destination\":\"_id\",\"name\":\"Key\",\"description\":\"Of the CRM\"},"
                + "{\"sourceType\":\"EXPRESSION\",\"source\":\"concat(Name,\\n  \\\" \\\",\\n  Id)\","
                + "\"destination\":\"person.name.fullName\"},"
                + "{\"sourceType\":\"STATIC\",\"source\":\"Herr\",\"destination\":\"person.name.courtesyTitle\"}]");
        assertThat(rig.plan(NAMED).path("empty").asBoolean()).isTrue();
        String plain = NAMED.replace("text/x.schema-path", "ATTRIBUTE").replace("text/x.aep-xl", "EXPRESSION")
                .replace("text/plain", "STATIC");
        assertThat(rig.plan(plain).path("empty").asBoolean()).as("the same in other words").isTrue();
    }

    @Test
    void should_change_a_name_and_keep_what_is_no_longer_said() throws Exception {
        rig.apply(NAMED);
        String other = NAMED.replace("name: Key, description: Of the CRM", "name: Number");

        JsonNode plan = rig.plan(other);
        rig.apply(other);

        assertThat(plan.findValuesAsText("path")).contains("mappings[0].name").noneMatch(path -> path.contains("description"));
        assertThat(rig.resources("mappingSets").get(0).path("mappings").toString()).contains("\"name\":\"Number\"", "Of the CRM");
        assertThat(rig.plan(other).path("empty").asBoolean()).isTrue();
        assertThat(rig.plan(other.replace(", name: Number", "")).path("empty").asBoolean()).as("said of nothing").isTrue();
    }

    @Test
    void should_export_what_it_has_made() throws Exception {
        rig.apply(NAMED);

        Exchange exported = rig.main().getCamelContext().createFluentProducerTemplate().to("direct:aep-export").withBody("Named")
                .request(Exchange.class);

        assertThat(exported.getException()).isNull();
        JsonNode definition = Rig.yaml(exported.getMessage().getBody(String.class));
        assertThat(definition.at("/mapping/0/name").asText()).isEqualTo("Key");
        assertThat(definition.at("/mapping/0/description").asText()).isEqualTo("Of the CRM");
        assertThat(definition.at("/mapping/1/source").asText()).isEqualTo("concat(Name,\n  \" \",\n  Id)");
        assertThat(definition.at("/mapping/2/sourceType").asText()).isEqualTo("STATIC");
    }

    @Test
    void should_refuse_a_name_beside_an_identity() throws Exception {
        assertThat(rig.provision(NAMED.replace("name: Key,", "name: Key, identity: true,")).getException())
                .hasMessageContaining("a mapping with expressions, constants, names or descriptions names no identities");
    }
}
