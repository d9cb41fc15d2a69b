package io.github.aepdataflows.provision;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.aepdataflows.check.CheckResult;
import io.github.aepdataflows.definition.Definition;
import io.github.aepdataflows.definition.DefinitionException;
import io.github.aepdataflows.definition.DefinitionReader;
import io.github.aepdataflows.definition.Fault;
import io.github.aepdataflows.platform.AepHeaders;
import io.github.aepdataflows.resource.Kind;
import io.github.aepdataflows.resource.Kinds;
import io.github.aepdataflows.settings.Settings;
import java.io.IOException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.camel.Exchange;
import org.apache.camel.Variable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Writes the two documents in which a definition ends: the receipt, and the error. */
public final class Receipts {

    /** The variable that holds the error document of a failed exchange, as text. */
    static final String ERROR = "aepError";

    private static final Logger LOG = LoggerFactory.getLogger("aep.provision");
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Settings settings;
    private final Clock clock;

    public Receipts(Settings settings, Clock clock) {
        this.settings = settings;
        this.clock = clock;
    }

    /** The receipt of a finished chain, as JSON text. */
    public String receipt(Exchange exchange) {
        Provisioning provisioning = Provisioning.of(exchange);
        Definition definition = provisioning.definition().orElseThrow();
        ObjectNode receipt = JSON.createObjectNode()
                .put("dataflow", definition.name())
                .put("sandbox", settings.sandbox())
                .put("file", exchange.getVariable("aepFile", String.class))
                .put("outcome", provisioning.outcome())
                .put("digest", definition.digest())
                .put("startedAt", provisioning.startedAt().toString())
                .put("finishedAt", clock.instant().toString());
        addProgress(receipt, exchange, provisioning);
        return receipt.toPrettyString();
    }

    /**
     * Describes the failure of a chain in variables of the exchange: {@code aepError} (the error document), {@code aepSummary}
     * (the same in a line) and {@code aepTryAgain} (no, pause or postpone).
     */
    public void error(Exchange exchange) {
        Exception cause = exchange.getProperty(Exchange.EXCEPTION_CAUGHT, Exception.class);
        Provisioning provisioning = Provisioning.of(exchange);
        Failure failure = new Failure(cause, provisioning, exchange.getContext().isStopping());
        if (failure.isInternal()) {
            LOG.error("a fault of this program", cause);
        }
        ObjectNode error = JSON.createObjectNode()
                .put("dataflow", provisioning.definition().map(Definition::name)
                        .or(() -> failure.faults().flatMap(DefinitionException::dataflow)).orElse(null))
                .put("sandbox", settings.sandbox())
                .put("file", exchange.getVariable("aepFile", String.class))
                .put("category", failure.category())
                .put("step", provisioning.current().map(Kind::key).orElse(null));
        failure.refusal().ifPresent(refusal -> error
                .put("status", refusal.getStatus() == 0 ? null : refusal.getStatus())
                .put("code", refusal.getCode().isEmpty() ? null : refusal.getCode())
                .put("requestId", refusal.getRequestId().isEmpty() ? null : refusal.getRequestId()));
        error.put("message", failure.message()).put("advice", failure.advice());
        failure.faults().ifPresent(refused -> refused.faults().forEach(fault -> fault.addTo(error.withArray("faults"))));
        addProgress(error, exchange, provisioning);
        exchange.setVariable(ERROR, error.toPrettyString());
        exchange.setVariable("aepSummary", failure.summary());
        exchange.setVariable("aepTryAgain", failure.tryAgain());
    }

    /** What a check has found, as JSON text: the faults of the file and those that only the Platform could tell. */
    public String report(@Variable("aepDraft") DefinitionReader.Draft draft, @Variable(CheckResult.VARIABLE) CheckResult check) {
        ObjectNode report = JSON.createObjectNode().put("dataflow", draft.dataflow()).put("sandbox", settings.sandbox());
        draft.definition().ifPresent(definition -> report.put("digest", definition.digest()));
        List<Fault> faults = new ArrayList<>(draft.faults());
        if (check != null) {
            Set<String> known = draft.faults().stream().map(Fault::path).collect(Collectors.toSet());
            check.faults().stream().filter(fault -> known.stream().noneMatch(path -> concerns(path, fault.path()))).forEach(faults::add);
            faults.sort(Fault.IN_FILE_ORDER);
        }
        report.put("ok", faults.isEmpty());
        ArrayNode faultList = report.putArray("faults");
        faults.forEach(fault -> fault.addTo(faultList));
        ArrayNode noteList = report.putArray("notes");
        if (check != null) {
            check.notes().forEach(note -> note.addTo(noteList));
        }
        return report.toPrettyString();
    }

    /** Whether two paths are of the same thing, or of one and what it is part of. */
    private static boolean concerns(String one, String other) {
        return one.equals(other) || one.startsWith(other + ".") || other.startsWith(one + ".");
    }

    public ArrayNode list() {
        return JSON.createArrayNode();
    }

    /** Adds to a list in the variable {@code aepRebuilt} what has become of a definition. */
    public void addTo(Exchange exchange, @Variable("aepRebuilt") ArrayNode rebuilt) throws IOException {
        String error = exchange.getVariable(ERROR, String.class);
        JsonNode document = JSON.readTree(error == null ? exchange.getMessage().getBody(String.class) : error);
        rebuilt.addObject()
                .put("dataflow", document.path("dataflow").asText())
                .put("file", document.path("file").asText())
                .put("outcome", error == null ? document.path("outcome").asText() : document.path("category").asText())
                .put("message", error == null ? document.at("/resources/flow").asText() : exchange.getVariable("aepSummary", String.class));
    }

    private static void addProgress(ObjectNode document, Exchange exchange, Provisioning provisioning) {
        ObjectNode resources = document.putObject("resources");
        for (Kind kind : Kinds.ALL) {
            String id = exchange.getMessage().getHeader(kind.header(), String.class);
            if (id != null) {
                resources.put(kind.field(), id);
            }
        }
        String flowSpecId = exchange.getMessage().getHeader(AepHeaders.FLOW_SPEC_ID, String.class);
        if (flowSpecId != null) {
            resources.put("flowSpec", flowSpecId);
        }
        document.set("steps", JSON.valueToTree(provisioning.reports()));
    }
}
