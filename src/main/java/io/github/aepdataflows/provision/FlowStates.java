package io.github.aepdataflows.provision;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.aepdataflows.definition.Definition;
import io.github.aepdataflows.definition.Definition.State;
import io.github.aepdataflows.ledger.Change;
import io.github.aepdataflows.ledger.Ledger;
import io.github.aepdataflows.ledger.LedgerException;
import io.github.aepdataflows.ledger.RecordedStep;
import io.github.aepdataflows.platform.Answers;
import io.github.aepdataflows.platform.PlatformException;
import io.github.aepdataflows.resource.Flow;
import io.github.aepdataflows.resource.Kinds;
import io.github.aepdataflows.resource.Lookup;
import io.github.aepdataflows.resource.LookupResult;
import java.util.List;
import org.apache.camel.Exchange;
import org.apache.camel.Variable;

/** Enables and disables flows (Flow Service, {@code POST /flows/{id}/action}): the dataflow's own, and those that it has replaced. */
public final class FlowStates {

    private static final String SWITCH = "aepSwitch";
    private static final String PUBLISH = "publish";

    private final Ledger ledger;
    private final GuardedChange guarded;

    public FlowStates(Ledger ledger, GuardedChange guarded) {
        this.ledger = ledger;
        this.guarded = guarded;
    }

    /** A flow to be switched, if it is not in that state already. Lives in the exchange variable {@code aepSwitch}. */
    public static final class Switch {

        private final String id;
        private final boolean own;
        private final String state;
        private String operation = "";
        private boolean toSend;

        private Switch(String id, boolean own, String state) {
            this.id = id;
            this.own = own;
            this.state = state;
        }

        /** Whether the action may be sent: its intent is in the ledger. */
        public boolean isToSend() {
            return toSend;
        }

        /** Path of the action below the collection of flows. */
        public String getPath() {
            return "/" + id + "/action";
        }

        /** {@code enable}, {@code disable} or {@code publish}. */
        public String getOperation() {
            return operation;
        }

        /** What becomes of the flow by it: {@code enabled}, {@code disabled} or {@code published}. */
        private String outcome() {
            return operation.equals(PUBLISH) ? "published" : state;
        }
    }

    /**
     * The next flow to be switched: first those that were replaced, then the dataflow's own. In: variable {@code aepPlan}, if the dataflow
     * existed before. Out: variable {@code aepSwitch}, null when there is none left.
     */
    public void next(Exchange exchange, @Variable("aepDefinition") Definition definition, @Variable("aepPlan") Plan plan)
            throws LedgerException {
        Provisioning provisioning = Provisioning.of(exchange);
        String flowId = exchange.getMessage().getHeader(Kinds.FLOW.header(), String.class);
        Switch next = provisioning.isSwitched(flowId) || !isOpen(provisioning, definition, plan) ? null
                : new Switch(flowId, true, Flow.wantedState(definition));
        for (RecordedStep made : ledger.steps(definition.name())) {
            String id = made.result().id();
            if (made.key().step().equals(Kinds.FLOW.key()) && !id.isEmpty() && !id.equals(flowId) && !provisioning.isSwitched(id)) {
                next = new Switch(id, false, Flow.DISABLED);
            }
        }
        exchange.setVariable(SWITCH, CreateOnce.adoptsOnly(exchange) ? null : next);   // who only adopts switches nothing
        if (next != null) {
            provisioning.begin(Kinds.FLOW);
        }
    }

    /** Whether the dataflow's own flow may have another state than it should: one that was made just now is enabled, or a draft. */
    private static boolean isOpen(Provisioning provisioning, Definition definition, Plan plan) {
        return definition.lifecycle().state() != State.PRESENT || provisioning.isFlowFoundAsDraft()
                || plan != null && plan.flowStep().stream()
                .flatMap(flow -> flow.changes().stream()).anyMatch(change -> change.path().equals(Flow.STATE));
    }

    public Lookup lookup(@Variable(SWITCH) Switch flow) {
        return Kinds.FLOW.lookup(flow.id);
    }

    /**
     * Judges the flow as it is: the action may be sent when the switch says so, with the intent in the ledger; else there is nothing to do.
     *
     * @throws NotVisibleYetException when the flow is in a transient state
     * @throws ConflictException      when it was published and is to be a draft
     * @throws PlatformException      when the dataflow's own flow does not show
     */
    public void begin(Exchange exchange, @Variable(SWITCH) Switch flow, @Variable("aepResult") LookupResult result)
            throws LedgerException, NotVisibleYetException, PlatformException, ConflictException {
        Provisioning provisioning = Provisioning.of(exchange);
        flow.toSend = false;
        if (!result.isFound() && flow.own) {
            throw PlatformException.notReady("flow %s does not show".formatted(flow.id));
        } else if (!result.isFound()) {   // it was replaced, and somebody has deleted it since: there is nothing to disable
            provisioning.switched(flow.id);
            return;
        }
        JsonNode actual = result.single(flow.id);
        String state = actual.path(Flow.STATE).asText();
        if (state.equals(flow.state) || !flow.own && Flow.isDraft(actual)) {
            provisioning.switched(flow.id);
            for (String operation : List.of(Flow.operation(actual, flow.state), PUBLISH)) {
                flow.operation = operation;
                if (guarded.resolves(exchange, Kinds.FLOW, flow.id, operation)) {
                    provisioning.also(Kinds.FLOW, flow.outcome(), flow.id, "");
                }
            }
            return;
        }
        guarded.refuseWhileTransient(exchange, actual, flow.id);
        if (flow.state.equals(Flow.DRAFT)) {
            throw new ConflictException("flow %s: %s".formatted(flow.id, Flow.NO_DRAFT_AGAIN), "Its state was not changed.");
        }
        flow.operation = Flow.operation(actual, flow.state);
        guarded.begin(exchange, new Change(Kinds.FLOW.key(), flow.id, flow.getOperation(), ""), Kinds.FLOW.etagOf(actual));
        flow.toSend = true;
    }

    /** The flow was switched. In: variable {@code aepResponse}, the answer. */
    public void switched(Exchange exchange, @Variable(SWITCH) Switch flow) throws LedgerException, PlatformException {
        JsonNode answer = Answers.about(flow.id, "POST", exchange.getVariable("aepResponse", byte[].class));
        guarded.done(exchange, answer.path("etag").asText(""));
        Provisioning.of(exchange).switched(flow.id);
        Provisioning.of(exchange).also(Kinds.FLOW, flow.outcome(), flow.id, CreateOnce.requestId(exchange));
    }

    /** A switch has failed: says in the ledger what that means, and passes the failure on. */
    public void failed(Exchange exchange) throws Exception {
        guarded.failed(exchange);
    }
}
