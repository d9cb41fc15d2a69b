package io.github.aepdataflows.export;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.aepdataflows.definition.Definition;
import io.github.aepdataflows.definition.Fingerprint;
import io.github.aepdataflows.ledger.Beginning;
import io.github.aepdataflows.ledger.Dataflow;
import io.github.aepdataflows.ledger.Lease;
import io.github.aepdataflows.ledger.Ledger;
import io.github.aepdataflows.ledger.LedgerException;
import io.github.aepdataflows.ledger.RecordedStep;
import io.github.aepdataflows.ledger.Result;
import io.github.aepdataflows.ledger.StepKey;
import io.github.aepdataflows.ledger.UsedIdException;
import io.github.aepdataflows.provision.Bodies;
import io.github.aepdataflows.provision.Comparisons;
import io.github.aepdataflows.provision.ConflictException;
import io.github.aepdataflows.provision.Plan;
import io.github.aepdataflows.provision.Provisioning;
import io.github.aepdataflows.resource.Action;
import io.github.aepdataflows.resource.Kind;
import io.github.aepdataflows.resource.Kinds;
import io.github.aepdataflows.resource.StepId;
import io.github.aepdataflows.settings.Settings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.apache.camel.Exchange;
import org.apache.camel.Variable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Enters an existing flow into the ledger, as if its definition had been provisioned: what it is made of belongs to its
 * dataflow from now on. Nothing is written at the Platform. Killed in between, it is done again with the same result.
 */
public final class Adopter {

    private static final Logger LOG = LoggerFactory.getLogger("aep.provision");
    private static final String ADVICE = "Nothing was changed.";

    private final Ledger ledger;
    private final Bodies bodies;
    private final Comparisons comparisons;
    private final Duration callTimeout;
    private final String sandbox;

    public Adopter(Settings settings, Ledger ledger, Bodies bodies, Comparisons comparisons) {
        this.ledger = ledger;
        this.comparisons = comparisons;
        this.bodies = bodies;
        this.callTimeout = settings.duration("aep.call-timeout");
        this.sandbox = settings.sandbox();
    }

    /** Tells whether the flow is a finished dataflow's of the ledger. Out: variable {@code aepAdopted}; and the report, when it is. */
    public void begin(Exchange exchange, @Variable(Exporter.EXPORTED) Exported exported) throws LedgerException {
        Optional<String> dataflow = Optional.ofNullable(ledger.resources(Kinds.FLOW.key()).get(exported.flow().flowId()));
        exchange.setVariable("aepAdopted", dataflow.isPresent());
        if (dataflow.isPresent()) {
            Dataflow known = ledger.dataflow(dataflow.get()).orElseThrow();
            ObjectNode report = exported.report(sandbox).put("outcome", "unchanged").put("dataflow", known.name());
            report.put("sameDefinition", known.digest().equals(exported.definition().digest())).put("file", known.file());
            exchange.setVariable(Exporter.REPORT, report.toPrettyString());
        }
    }

    /**
     * Makes the entries. Out: the report.
     *
     * @throws ConflictException when anything of it belongs to another dataflow, or the name does
     */
    public void adopt(Exchange exchange, @Variable(Exporter.EXPORTED) Exported exported) throws LedgerException, ConflictException {
        Definition definition = exported.definition();
        Entries entries = new Entries(exported.flow(), definition, exported.match());
        refuse(entries);
        Lease lease = ledger.take(definition.name(), definition.digest(), definition.fingerprint().fields(), "");
        try {
            if (lease.done()) {   // finished by another run a moment ago
                throw new ConflictException("the dataflow %s is in the ledger already".formatted(definition.name()), ADVICE);
            }
            enter(entries, lease);
            finish(entries, lease);
        } finally {
            release(lease);
        }
        ObjectNode report = exported.report(sandbox).put("outcome", "adopted").put("sameDefinition", true);
        ObjectNode resources = report.putObject("resources");
        entries.keys.keySet().forEach(step -> resources.put(step.kind().key(), entries.id(step)));
        exchange.setVariable(Exporter.REPORT, report.toPrettyString());
    }

    /**
     * Takes over a flow that the definition describes, while the dataflow is provisioned: from now on it is as if it had been made here.
     * One that the ledger has already is its predecessor, and is disabled with the dataflow's last steps.
     * In: variables {@code aepSnapshot} and {@code aepPlan}, which is then a plan of the dataflow's own resources.
     *
     * @throws ConflictException when anything of it belongs to another dataflow
     */
    public void takeOver(Exchange exchange, @Variable(Exporter.SNAPSHOT) FlowSnapshot flow, @Variable("aepPlan") Plan plan,
                         @Variable("aepProvisioning") Provisioning provisioning) throws LedgerException, ConflictException {
        Definition definition = provisioning.definition().orElseThrow();
        Lease lease = provisioning.lease().orElseThrow();
        Entries entries = new Entries(flow, definition, new DefinitionMatch(flow, definition, bodies));
        refuseOthers(entries);
        enter(entries, lease);
        if (plan.isWithoutFlow()) {
            finish(entries, lease.describing(definition.digest(), definition.fingerprint().fields(),
                    exchange.getVariable("aepFile", "", String.class)));
        }
        for (Map.Entry<StepId, StepKey> entry : entries.keys.entrySet()) {
            plan.recordedAs(entry.getKey(), ledger.made(entry.getValue()).orElseThrow());
            Plan.Planned planned = plan.of(entry.getKey()).orElseThrow();
            if (planned.action() == Action.NONE) {
                comparisons.learn(planned.step().kind(), planned.changes());
            }
        }
        provisioning.adopted(Set.copyOf(entries.keys.values()));
    }

    /** What is entered: a step per part that the definition makes, under the key under which provisioning it would record that. */
    private final class Entries {

        private final FlowSnapshot flow;
        private final Definition definition;
        private final DefinitionMatch match;
        private final Map<StepId, StepKey> keys = new TreeMap<>();

        Entries(FlowSnapshot flow, Definition definition, DefinitionMatch match) throws LedgerException {
            this.flow = flow;
            this.definition = definition;
            this.match = match;
            for (Map.Entry<StepId, ObjectNode> made : match.requests().entrySet()) {
                if (made.getKey().kind().partOf().isEmpty()) {
                    keys.put(made.getKey(), key(made.getKey(), made.getValue()));
                }
            }
        }

        String id(StepId step) {
            return match.id(step);
        }

        private StepKey key(StepId step, ObjectNode request) throws LedgerException {
            Kind kind = step.kind();
            StepKey own = new StepKey(kind.isShared() ? "" : definition.name(), kind.key(), kind.digest(request));
            Optional<RecordedStep> known = kind.isShared() && kind.hasSeveral() ? ledger.recorded(kind.key(), id(step)) : Optional.empty();
            if (known.isPresent()) {   // another definition describes it, too
                return known.get().key();
            }
            boolean othersUseIt = kind.isShared() ? !isTheSandboxes(step, own, request)
                    : flow.isAdHocShared() && (kind == Kinds.SOURCE_CLASS || kind == Kinds.SOURCE_SCHEMA);
            // of what several use, and none has made by its definition
            return othersUseIt ? new StepKey("", kind.key(), Fingerprint.of(JsonNodeFactory.instance.objectNode().put("id", id(step)))
                    .digest()) : own;
        }

        /** Whether it is the sandbox's one, and none that somebody has made beside it. */
        private boolean isTheSandboxes(StepId step, StepKey own, ObjectNode request) throws LedgerException {
            Optional<RecordedStep> made = ledger.made(own);
            return made.isPresent() ? made.get().result().id().equals(id(step)) : !step.kind().isPartOf(flow)
                    || step.kind().naturalKey(flow.get(step.kind())).equals(step.kind().naturalKey(request));
        }
    }

    private void enter(Entries entries, Lease lease) throws LedgerException, ConflictException {
        try {
            for (Map.Entry<StepId, StepKey> entry : entries.keys.entrySet()) {
                enter(entries, lease, entry.getKey(), entry.getValue());
            }
        } catch (UsedIdException e) {
            throw new ConflictException(e.getMessage(), ADVICE);
        }
    }

    private void finish(Entries entries, Lease lease) throws LedgerException {
        ledger.finish(lease, entries.keys.values());
        LOG.info("the flow {} is the dataflow {} of the ledger now", entries.flow.flowId(), entries.definition.name());
    }

    private void enter(Entries entries, Lease lease, StepId step, StepKey key) throws LedgerException, ConflictException {
        String id = entries.id(step);
        String name = step.kind().naturalKey(entries.match.requests().get(step));
        String version = entries.match.version(step);
        Optional<RecordedStep> earlier = ledger.recorded(step.kind().key(), id).filter(row -> !key.shared() && !row.key().equals(key));
        if (earlier.isPresent()) {   // made for an earlier content of the same dataflow
            ledger.describe(lease, earlier.get().key(), key, name, version);
            return;
        } else if (!key.shared() && ledger.made(key).filter(row -> !row.result().id().equals(id)).isPresent()) {
            ledger.replace(lease, key);   // made for the same content, and the flow uses another one
        }
        Beginning beginning = ledger.begin(lease, key, name, callTimeout);
        if (beginning.state() != Beginning.State.DONE) {
            ledger.complete(lease, key, beginning.attempt(), new Result(id, version, "", key.shared() ? "reused" : "adopted"));
        } else if (!beginning.result().id().equals(id)) {
            throw new ConflictException("%s: the ledger has %s in place of %s".formatted(step.kind().words(), beginning.result().id(), id),
                    ADVICE);
        }
    }

    private void refuse(Entries entries) throws LedgerException, ConflictException {
        List<String> reasons = othersReasons(entries);
        String name = entries.definition.name();
        Optional<Dataflow> known = ledger.dataflow(name);
        if (known.isPresent() && known.get().done()) {
            reasons.add("another flow is the dataflow %s of the ledger".formatted(name));
        }
        for (RecordedStep step : ledger.steps(name)) {
            boolean mayBeMade = step.state() != RecordedStep.State.FREE;
            if (mayBeMade && !entries.keys.containsValue(step.key()) && !step.key().shared()) {
                reasons.add("the dataflow %s is being made from another definition%s, and has a %s".formatted(name,
                        known.filter(dataflow -> !dataflow.file().isEmpty()).map(dataflow -> ", " + dataflow.file()).orElse(""),
                        Kinds.of(step.key().step()).words()));
            }
        }
        refuse(entries, reasons);
    }

    private void refuseOthers(Entries entries) throws LedgerException, ConflictException {
        refuse(entries, othersReasons(entries));
    }

    private static void refuse(Entries entries, List<String> reasons) throws ConflictException {
        if (!reasons.isEmpty()) {
            throw new ConflictException("%s cannot be adopted: %s".formatted(entries.flow.label(), String.join("; ", reasons)), ADVICE);
        }
    }

    /** What of it belongs to others; a list of the caller's own. */
    private List<String> othersReasons(Entries entries) throws LedgerException {
        List<String> reasons = new ArrayList<>();
        String name = entries.definition.name();
        for (Map.Entry<StepId, StepKey> entry : entries.keys.entrySet()) {
            Kind kind = entry.getKey().kind();
            String id = entries.id(entry.getKey());
            Optional<String> owner = ledger.owner(kind.key(), id);
            boolean asHere = ledger.made(entry.getValue()).filter(made -> made.result().id().equals(id)).isPresent();
            if (owner.isPresent() && !asHere && !owner.get().equals(name)) {
                reasons.add("its %s %s %s".formatted(kind.words(), id, owner.get().isEmpty() ? "is shared in another way"
                        : "belongs to the dataflow " + owner.get()));
            }
        }
        return reasons;
    }

    private void release(Lease lease) {
        try {
            ledger.release(lease);
        } catch (LedgerException e) {
            LOG.warn("the dataflow {} could not be released in the ledger; it is free again when its lease is over: {}",
                    lease.dataflow(), e.getMessage());
        }
    }
}
