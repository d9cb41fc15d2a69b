package io.github.aepdataflows.provision;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.aepdataflows.check.CheckResult;
import io.github.aepdataflows.definition.Definition;
import io.github.aepdataflows.definition.DefinitionReader;
import io.github.aepdataflows.definition.Fault;
import io.github.aepdataflows.platform.AepHeaders;
import io.github.aepdataflows.resource.Kind;
import io.github.aepdataflows.resource.Kinds;
import io.github.aepdataflows.settings.Settings;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.camel.Exchange;
import org.apache.camel.Variable;

/** Writes the two documents in which a definition ends: the receipt, and the error. */
public final class Receipts {

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
        CheckResult check = exchange.getVariable(CheckResult.VARIABLE, CheckResult.class);
        if (check != null && !check.conditional().isEmpty()) {
            ArrayNode notes = receipt.putArray("notes");
            check.conditional().forEach(note -> note.addTo(notes));
        }
        return receipt.toPrettyString();
    }

    /** Describes the failure of a chain. Out: {@link Failure}. */
    public void error(Exchange exchange) {
        Diagnosis diagnosis = Diagnosis.of(exchange);
        ObjectNode error = JSON.createObjectNode()
                .put("dataflow", diagnosis.dataflow().orElse(null))
                .put("sandbox", settings.sandbox())
                .put("file", exchange.getVariable("aepFile", String.class));
        diagnosis.addTo(error);
        addProgress(error, exchange, Provisioning.of(exchange));
        new Failure(error, diagnosis.summary(), diagnosis.tryAgain()).setOn(exchange);
    }

    /** What a check has found, as JSON text: the faults of the file and those that only the Platform could tell. */
    public String report(@Variable("aepDraft") DefinitionReader.Draft draft, @Variable(CheckResult.VARIABLE) CheckResult check) {
        ObjectNode report = JSON.createObjectNode().put("dataflow", draft.dataflow()).put("sandbox", settings.sandbox());
        draft.definition().ifPresent(definition -> report.put("digest", definition.digest()));
        List<Fault> faults = new ArrayList<>(draft.faults());
        if (check != null) {
            Set<String> known = draft.faults().stream().map(Fault::path).collect(Collectors.toSet());
            List<Fault> found = check.isPauseOfBrokenSource() ? List.of() : check.faults();
            found.stream().filter(fault -> known.stream().noneMatch(path -> concerns(path, fault.path()))).forEach(faults::add);
            faults.sort(Fault.IN_FILE_ORDER);
        }
        report.put("ok", faults.isEmpty());
        ArrayNode faultList = report.putArray("faults");
        faults.forEach(fault -> fault.addTo(faultList));
        ArrayNode noteList = report.putArray("notes");
        if (check != null) {
            check.notes().forEach(note -> note.addTo(noteList));
            if (check.isPauseOfBrokenSource()) {
                check.conditional().forEach(note -> note.addTo(noteList));
            }
        }
        return report.toPrettyString();
    }

    /** Whether two paths are of the same thing, or of one and what it is part of. */
    private static boolean concerns(String one, String other) {
        return one.equals(other) || one.startsWith(other + ".") || other.startsWith(one + ".");
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
