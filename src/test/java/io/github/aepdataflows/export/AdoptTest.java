package io.github.aepdataflows.export;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.aepdataflows.Rig;
import io.github.aepdataflows.ledger.RecordedStep;
import io.github.aepdataflows.simulator.Options;
import io.github.aepdataflows.simulator.Request;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.camel.Exchange;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A flow that was made by hand, exported and adopted: its definition finds nothing to do, and nothing is written anywhere. */
class AdoptTest {

    private static Rig rig;
    private static ByHand hand;

    @BeforeAll
    static void start(@TempDir Path data) throws Exception {
        rig = Rig.start(data, Options.defaults(), Map.of("aep.clock", "#bean:simulatorClock", "aep.check-lifetime", "0"));
        rig.simulator().addBaseConnection(Rig.SANDBOX, ByHand.S3_BASE, "Files of ours", ByHand.S3);
        hand = new ByHand(rig.simulator());
    }

    @AfterAll
    static void stop() throws Exception {
        rig.close();
    }

    private static Exchange request(String endpoint, String body) {
        return rig.main().getCamelContext().createFluentProducerTemplate().to(endpoint).withBody(body).request(Exchange.class);
    }

    private static String text(Exchange exchange) {
        assertThat(exchange.getException()).isNull();
        return exchange.getMessage().getBody(String.class);
    }

    private static List<Request> writesSince(int before) {
        return rig.simulator().requests().all().stream().skip(before).filter(request -> !request.method().equals("GET")
                && !request.path().contains("/ims/") && !request.path().endsWith("/validate")).toList();
    }

    @ParameterizedTest
    @EnumSource
    void should_find_nothing_to_do_for_an_adopted_flow(HandMade form) throws Exception {
        String flow = form.by(hand);
        int before = rig.simulator().requests().all().size();

        String exported = text(request("direct:aep-export", form.name()));
        Exchange adopted = request("direct:aep-adopt", flow);

        assertThat(text(adopted)).isEqualTo(exported).startsWith("# Exported from flow " + flow + " of sandbox dev.");
        assertThat(Rig.json(adopted.getVariable("aepExport", String.class)).path("outcome").asText()).isEqualTo("adopted");
        JsonNode plan = Rig.json(text(request("direct:aep-plan", exported)));
        assertThat(plan.path("empty").asBoolean()).as(plan::toPrettyString).isTrue();
        JsonNode receipt = Rig.json(text(rig.provision(exported)));
        assertThat(receipt.path("outcome").asText()).isEqualTo("unchanged");
        assertThat(receipt.at("/resources/flow").asText()).isEqualTo(flow);
        assertThat(Rig.json(request("direct:aep-adopt", form.name()).getVariable("aepExport", String.class)).path("outcome").asText()).isEqualTo("unchanged");
        assertThat(rig.ledger().steps(form.name())).extracting(RecordedStep::state).containsOnly("DONE");
        assertThat(rig.ledger().unresolved()).isEmpty();
        assertThat(writesSince(before)).isEmpty();
    }
}
