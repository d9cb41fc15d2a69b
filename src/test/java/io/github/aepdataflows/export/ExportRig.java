package io.github.aepdataflows.export;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.aepdataflows.Rig;
import io.github.aepdataflows.Rigs;
import io.github.aepdataflows.simulator.Fault;
import io.github.aepdataflows.simulator.Options;
import io.github.aepdataflows.simulator.Request;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.camel.Exchange;

/** A rig beside somebody who makes dataflows by hand. */
record ExportRig(Rig rig, ByHand hand) implements AutoCloseable {

    private static final Map<String, String> PROPERTIES = Map.of("aep.clock", "#bean:simulatorClock", "aep.check-lifetime", "0");

    static ExportRig start(Path data) throws Exception {
        return of(Rig.start(data, Options.defaults(), PROPERTIES));
    }

    static ExportRig oneOf(Rigs rigs) throws Exception {
        return of(rigs.start(PROPERTIES));
    }

    private static ExportRig of(Rig rig) throws Exception {
        rig.simulator().addBaseConnection(Rig.SANDBOX, ByHand.S3_BASE, "Files of ours", ByHand.S3);
        return new ExportRig(rig, new ByHand(rig.simulator()));
    }

    /** The same Platform, and another ledger. */
    Rig another(Path data) throws Exception {
        return Rig.against(rig.simulator(), data, PROPERTIES);
    }

    Exchange export(String flow) {
        return request(rig, "direct:aep-export", flow);
    }

    Exchange adopt(String flow) {
        return request(rig, "direct:aep-adopt", flow);
    }

    static Exchange request(Rig rig, String endpoint, String body) {
        return rig.main().getCamelContext().createFluentProducerTemplate().to(endpoint).withBody(body).request(Exchange.class);
    }

    static String text(Exchange exchange) {
        assertThat(exchange.getException()).isNull();
        return exchange.getMessage().getBody(String.class);
    }

    static JsonNode report(Exchange exchange) throws IOException {
        assertThat(exchange.getException()).isNull();
        return Rig.json(exchange.getVariable("aepExport", String.class));
    }

    JsonNode plan(String definition) throws IOException {
        return Rig.json(text(request(rig, "direct:aep-plan", definition)));
    }

    /** Neither for a plan nor for the chain. */
    void assertNothingToDo(String definition, String flow) throws Exception {
        JsonNode plan = plan(definition);
        assertThat(plan.path("empty").asBoolean()).as(plan::toPrettyString).isTrue();
        JsonNode receipt = Rig.json(text(rig.provision(definition)));
        assertThat(receipt.path("outcome").asText()).isEqualTo("unchanged");
        assertThat(receipt.at("/resources/flow").asText()).isEqualTo(flow);
    }

    /** From now on the Platform shows it otherwise. */
    void alter(String collection, String id, Consumer<ObjectNode> change) {
        ObjectNode altered = rig.resources(collection).stream().filter(each -> each.path("id").asText().equals(id))
                .findFirst().orElseThrow().deepCopy();
        change.accept(altered);
        boolean bare = collection.equals("mappingSets");
        rig.simulator().faults().always("GET", "/" + collection + "/" + id,
                Fault.body(bare ? altered.toString() : "{\"items\":[" + altered + "]}"));
    }

    int asked() {
        return rig.requests().size();
    }

    /** What was written at the Platform since so many requests. */
    List<Request> writesSince(int before) {
        return rig.requests().stream().skip(before).filter(request -> !request.method().equals("GET")
                && !request.path().contains("/ims/") && !request.path().endsWith("/validate")).toList();
    }

    @Override
    public void close() throws IOException {
        rig.close();
    }
}
