package io.github.aepdataflows.provision;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.aepdataflows.check.CheckResult;
import io.github.aepdataflows.definition.Definition;
import io.github.aepdataflows.definition.DefinitionReader;
import io.github.aepdataflows.definition.Fault;
import io.github.aepdataflows.ledger.Ledger;
import io.github.aepdataflows.ledger.LedgerException;
import io.github.aepdataflows.ledger.Publication;
import io.github.aepdataflows.platform.AepHeaders;
import io.github.aepdataflows.provision.Failure.TryAgain;
import io.github.aepdataflows.resource.Kind;
import io.github.aepdataflows.resource.Kinds;
import io.github.aepdataflows.settings.Settings;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.camel.Exchange;
import org.apache.camel.Variable;

/** Writes the two documents in which a definition ends: the receipt, and the error. */
public final class Receipts {

    private static final ObjectMapper JSON = new ObjectMapper();

    private final Settings settings;
    private final Clock clock;
    private final Ledger ledger;
    private final Activity activity;
    private final boolean publishes;

    public Receipts(Settings settings, Clock clock, Ledger ledger, Activity activity) {
        this.settings = settings;
        this.clock = clock;
        this.ledger = ledger;
        this.activity = activity;
        this.publishes = settings.text("aep.kafka.enabled").equals("true");
    }

    /** The receipt of a finished chain, as JSON text. */
    public String receipt(Exchange exchange) {
        Provisioning provisioning = Provisioning.of(exchange);
        ended(provisioning.outcome(), provisioning);
        ObjectNode receipt = document(exchange, provisioning);
        addLeft(receipt, provisioning.definition().orElseThrow().name(), provisioning);
        addNotes(receipt, exchange);
        return receipt.toPrettyString();
    }

    /** The same as it is published, of a chain that is about to be finished; empty where nothing is published. */
    Optional<Publication> publication(Exchange exchange) throws LedgerException {
        if (!publishes) {
            return Optional.empty();
        }
        Provisioning provisioning = Provisioning.of(exchange);
        String dataflow = provisioning.definition().orElseThrow().name();
        ObjectNode receipt = document(exchange, provisioning);
        List<Leftover> left = Stream.concat(ledger.left(dataflow).stream(), provisioning.isToApply() || provisioning.isToDelete()
                ? ledger.steps(dataflow).stream().filter(step -> !step.key().shared() && !provisioning.used().contains(step.key()))
                : Stream.empty()).map(Leftover::of).toList();
        if (!left.isEmpty()) {
            receipt.set("left", JSON.valueToTree(left));
        }
        addNotes(receipt, exchange);
        return Optional.of(Publication.of(Publication.OUTCOME, dataflow, receipt.toString()));
    }

    /** An error document as it is published; empty where nothing is, or where the definition is worth another try as it is. */
    Optional<Publication> publication(Failure failure) {
        return publishes && failure.tryAgain() == TryAgain.NO ? Optional.of(Publication.of(Publication.OUTCOME,
                failure.dataflow(), failure.document().toString())) : Optional.empty();
    }

    private ObjectNode document(Exchange exchange, Provisioning provisioning) {
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
        return receipt;
    }

    private static void addNotes(ObjectNode receipt, Exchange exchange) {
        CheckResult check = exchange.getVariable(CheckResult.VARIABLE, CheckResult.class);
        if (check != null && !check.conditional().isEmpty()) {
            ArrayNode notes = receipt.putArray("notes");
            check.conditional().forEach(note -> note.addTo(notes));
        }
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
        diagnosis.dataflow().ifPresent(dataflow -> addLeft(error, dataflow, Provisioning.of(exchange)));
        new Failure(error, diagnosis.summary(), diagnosis.tryAgain()).setOn(exchange);
        ended(diagnosis.tryAgain() == TryAgain.NO ? "refused" : "postponed", Provisioning.of(exchange));
    }

    private void ended(String outcome, Provisioning provisioning) {
        activity.ended(outcome, provisioning.duration(), provisioning.reports());
    }

    /** What a check has found, as JSON text: the faults of the file and those that only the Platform could tell. */
    public String report(@Variable("aepDraft") DefinitionReader.Draft draft, @Variable(CheckResult.VARIABLE) CheckResult check) {
        ObjectNode report = JSON.createObjectNode().put("dataflow", draft.dataflow()).put("sandbox", settings.sandbox());
        draft.definition().ifPresent(definition -> report.put("digest", definition.digest()));
        List<Fault> faults = new ArrayList<>(draft.faults());
        if (check != null) {
            Set<String> known = draft.faults().stream().map(Fault::path).collect(Collectors.toSet());
            List<Fault> found = check.isPauseOfBrokenSource() ? List.of() : check.faults();
            faults.replaceAll(check::inOtherWords);
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

    /** What was deleted of a dataflow, as JSON text: {@code dataflow, sandbox, steps, left}. */
    public String pruned(Exchange exchange, @Variable("aepDataflow") String dataflow) {
        ObjectNode pruned = JSON.createObjectNode().put("dataflow", dataflow).put("sandbox", settings.sandbox());
        pruned.set("steps", JSON.valueToTree(Provisioning.of(exchange).reports()));
        addLeft(pruned, dataflow, Provisioning.of(exchange));
        return pruned.toPrettyString();
    }

    /** Names what was made for the dataflow and is not used any more: of earlier versions, and what has another in its place by now. */
    private void addLeft(ObjectNode document, String dataflow, Provisioning provisioning) {
        Map<String, Set<String>> used = provisioning.reports().stream()
                .filter(report -> !report.outcome().matches("deleted|left|used|enabled|disabled|published"))
                .collect(Collectors.groupingBy(Provisioning.StepReport::step,
                        Collectors.mapping(Provisioning.StepReport::id, Collectors.toSet())));
        try {
            List<Leftover> left = new ArrayList<>(ledger.left(dataflow).stream().map(Leftover::of).toList());
            ledger.steps(dataflow).stream().filter(step -> step.made() && !step.key().shared()
                    && !Kinds.of(step.key().step()).hasSeveral() && used.containsKey(step.key().step())
                    && !used.get(step.key().step()).contains(step.result().id()))
                    .forEach(step -> left.add(Leftover.of(step, Leftover.EARLIER)));
            if (!left.isEmpty()) {
                document.set("left", JSON.valueToTree(left));
            }
        } catch (LedgerException e) {
            document.put("leftUnknown", e.getMessage());
        }
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
