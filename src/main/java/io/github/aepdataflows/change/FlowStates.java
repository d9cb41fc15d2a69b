package io.github.aepdataflows.change;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.aepdataflows.definition.Definition;
import io.github.aepdataflows.definition.Definition.State;
import io.github.aepdataflows.ledger.Change;
import io.github.aepdataflows.ledger.Ledger;
import io.github.aepdataflows.ledger.LedgerException;
import io.github.aepdataflows.ledger.RecordedStep;
import io.github.aepdataflows.plan.Plan;
import io.github.aepdataflows.platform.AepHeaders;
import io.github.aepdataflows.platform.Answers;
import io.github.aepdataflows.platform.PlatformException;
import io.github.aepdataflows.provision.Provisioning;
import io.github.aepdataflows.provision.Step;
import io.github.aepdataflows.provision.UnsettledException;
import java.io.IOException;
import org.apache.camel.Exchange;
import org.apache.camel.Header;
import org.apache.camel.Variable;

/** Enables and disables flows (Flow Service, {@code POST /flows/{id}/action}): the dataflow's own, and those that it has replaced. */
public final class FlowStates {

    private static final String ID = "aepSwitchId";
    private static final String DISABLED = "disabled";

    private final Ledger ledger;
    private final Answers answers;
    private final Sending sending;

    public FlowStates(Ledger ledger, Answers answers, Sending sending) {
        this.ledger = ledger;
        this.answers = answers;
        this.sending = sending;
    }

    /**
     * The next flow to be switched: first those that were replaced, then the dataflow's own. In: variable {@code aepPlan}, if the dataflow
     * existed before. Out: variable {@code aepSwitchId}, null when there is none left, and CamelHttpPath.
     */
    public void next(Exchange exchange, @Variable("aepDefinition") Definition definition, @Variable("aepPlan") Plan plan,
                     @Header(AepHeaders.FLOW_ID) String flowId) throws LedgerException {
        Provisioning provisioning = Sending.provisioning(exchange);
        String next = provisioning.isSettled(flowId) || !isOpen(definition, plan) ? null : flowId;
        for (RecordedStep made : ledger.steps(definition.name())) {
            String id = made.result().id();
            if (made.key().step().equals(Step.FLOW.key()) && !id.isEmpty() && !id.equals(flowId) && !provisioning.isSettled(id)) {
                next = id;
            }
        }
        exchange.setVariable(ID, next);
        if (next != null) {
            provisioning.begin(Step.FLOW);
            exchange.getMessage().setHeader(Exchange.HTTP_PATH, "/" + next);
        }
    }

    /** Whether the dataflow's own flow may have another state than it should: one that was made just now is enabled. */
    private static boolean isOpen(Definition definition, Plan plan) {
        return definition.lifecycle().state() == State.PAUSED || plan != null && plan.of(Step.FLOW).stream()
                .flatMap(flow -> flow.changes().stream()).anyMatch(change -> change.path().equals("state"));
    }

    private static String wanted(Definition definition, String id, String flowId) {
        return !id.equals(flowId) || definition.lifecycle().state() == State.PAUSED ? DISABLED : "enabled";
    }

    /**
     * In: variable {@code aepResponse}, the flow as it is. Out: variable {@code aepAction}: {@code send}, with the intent in the ledger and the
     * operation in CamelHttpQuery and CamelHttpPath, or {@code keep}.
     *
     * @throws UnsettledException when the flow is in a transient state
     */
    public void begin(Exchange exchange, @Variable("aepDefinition") Definition definition, @Header(AepHeaders.FLOW_ID) String flowId)
            throws IOException, LedgerException, UnsettledException {
        String id = exchange.getVariable(ID, String.class);
        JsonNode flow = Answers.single(answers.document(exchange.getVariable("aepResponse", byte[].class)), id);
        String wanted = wanted(definition, id, flowId);
        String operation = wanted.replaceFirst("d$", "");
        String state = flow.path("state").asText();
        if (state.equals(wanted) || !id.equals(flowId) && state.equals("draft")) {
            Provisioning provisioning = Sending.provisioning(exchange);
            provisioning.settled(id);
            if (sending.answers(exchange, Step.FLOW.key(), id, operation)) {
                provisioning.also(Step.FLOW, wanted, id, "");
            }
            exchange.setVariable("aepAction", "keep");
            return;
        }
        sending.refuseWhileTransient(exchange, flow, id);
        sending.begin(exchange, new Change(Step.FLOW.key(), id, operation, ""), flow.path("etag").asText());
        exchange.getMessage().setHeader(Exchange.HTTP_PATH, "/" + id + "/action");
        exchange.getMessage().setHeader(Exchange.HTTP_QUERY, "op=" + operation);
        exchange.setVariable("aepAction", "send");
    }

    /** The flow was switched. In: variable {@code aepResponse}, the answer. */
    public void switched(Exchange exchange) throws IOException, LedgerException {
        Change change = Sending.change(exchange);
        answers.confirm("POST", exchange.getVariable("aepResponse", byte[].class), change.resourceId());
        sending.done(exchange, answers.etag(exchange.getVariable("aepResponse", byte[].class)));
        Provisioning provisioning = Sending.provisioning(exchange);
        provisioning.settled(change.resourceId());
        provisioning.also(Step.FLOW, change.action() + "d", change.resourceId(), Sending.requestId(exchange));
    }

    /** A switch has failed: says in the ledger what that means, and passes the failure on. */
    public void failed(Exchange exchange) throws Exception {
        sending.failed(exchange, Step.FLOW);
    }

    /** A flow that was replaced, and that somebody has deleted since: there is nothing to disable. */
    public void gone(Exchange exchange, @Header(AepHeaders.FLOW_ID) String flowId) throws PlatformException {
        String id = exchange.getVariable(ID, String.class);
        if (id.equals(flowId)) {
            throw exchange.getProperty(Exchange.EXCEPTION_CAUGHT, PlatformException.class);
        }
        Sending.provisioning(exchange).settled(id);
    }
}
