package io.github.aepdataflows.check;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.aepdataflows.Rig;
import io.github.aepdataflows.definition.DefinitionException;
import io.github.aepdataflows.definition.Fault;
import io.github.aepdataflows.simulator.Request;
import java.io.IOException;
import java.util.List;
import org.apache.camel.Exchange;

/** The least that a definition can say, and what a rig makes of it when it is wrong. */
final class Minimal {

    /** Of Salesforce. */
    static final String BASE = "4cb0c374-d3bb-4557-b139-5712880adc55";
    static final String HUBSPOT = "2fce94c1-9a93-4971-8e94-c19a93097129";

    static final String MINIMAL = """
            apiVersion: aep-dataflows/v1
            name: Minimal
            source:
              connector: salesforce
              baseConnectionId: 4cb0c374-d3bb-4557-b139-5712880adc55
              tableName: Account
            target:
              schema:
                title: Minimal
                class: https://ns.adobe.com/xdm/context/profile
                fieldGroups: [ https://ns.adobe.com/xdm/context/profile-person-details ]
              dataset: { name: Minimal }
            mapping:
              - { source: Id, destination: _id }
              - { source: Name, destination: person.name.fullName }
            """;

    private final Rig rig;

    Minimal(Rig rig) {
        this.rig = rig;
    }

    static String with(String passage, String replacement) {
        assertThat(MINIMAL).contains(passage);
        return MINIMAL.replace(passage, replacement);
    }

    JsonNode check(String definition) throws IOException {
        Exchange checked = rig.main().getCamelContext().createFluentProducerTemplate()
                .to("direct:aep-check").withBody(definition).request(Exchange.class);
        assertThat(checked.getException()).isNull();
        return Rig.json(checked.getMessage().getBody(String.class));
    }

    /** Everything but reads, tokens and validations. */
    List<Request> writes() {
        return rig.simulator().requests().all().stream().filter(request -> !request.method().equals("GET")
                && !request.path().contains("/ims/") && !request.path().endsWith("/validate")).toList();
    }

    /** By the chain, which creates nothing, and by the check, in the same words. */
    List<Fault> refused(String definition) throws IOException {
        int before = writes().size();
        Exchange refused = rig.provision(definition);
        assertThat(refused.getException()).isInstanceOf(DefinitionException.class);
        List<Fault> faults = ((DefinitionException) refused.getException()).faults();

        JsonNode report = check(definition);

        assertThat(report.path("ok").asBoolean()).isFalse();
        assertThat(report.path("faults").findValuesAsText("message")).isEqualTo(faults.stream().map(Fault::message).toList());
        assertThat(writes()).hasSize(before);
        return faults;
    }
}
