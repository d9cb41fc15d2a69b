package io.github.aepdataflows.change;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.github.aepdataflows.definition.Definition;
import io.github.aepdataflows.definition.Fingerprint;
import io.github.aepdataflows.ledger.Change;
import io.github.aepdataflows.ledger.Lease;
import io.github.aepdataflows.ledger.Ledger;
import io.github.aepdataflows.ledger.LedgerException;
import io.github.aepdataflows.ledger.RecordedStep;
import io.github.aepdataflows.ledger.Result;
import io.github.aepdataflows.ledger.StepKey;
import io.github.aepdataflows.plan.Action;
import io.github.aepdataflows.plan.Comparison;
import io.github.aepdataflows.plan.Difference;
import io.github.aepdataflows.plan.Plan;
import io.github.aepdataflows.platform.AepHeaders;
import io.github.aepdataflows.platform.Answers;
import io.github.aepdataflows.platform.Queries;
import io.github.aepdataflows.platform.Searches;
import io.github.aepdataflows.provision.ConflictException;
import io.github.aepdataflows.provision.Provisioning;
import io.github.aepdataflows.provision.Step;
import io.github.aepdataflows.provision.Steps;
import io.github.aepdataflows.provision.UnsettledException;
import java.io.IOException;
import java.time.Clock;
import java.util.List;
import org.apache.camel.Exchange;
import org.apache.camel.Variable;

/**
 * What the routes of {@code change.camel.yaml} call to make a resource that exists what the definition describes: always from a
 * fresh look, always with the intent in the ledger before anything is sent, and never over somebody else's change.
 */
public final class Changes {

    private final Ledger ledger;
    private final Answers answers;
    private final Sending sending;
    private final Clock clock;

    /** @param clock decides whether a flow has started */
    public Changes(Ledger ledger, Answers answers, Sending sending, Clock clock) {
        this.ledger = ledger;
        this.answers = answers;
        this.sending = sending;
        this.clock = clock;
    }

    /**
     * What is to be done about a step. In: variable {@code aepPlan}, if there is one. Out: variable {@code aepAction}: {@code ensure} that
     * it was made, {@code keep} what is there, {@code update} or {@code replace} it.
     */
    public void choose(Exchange exchange, String key, @Variable("aepPlan") Plan plan) {
        Step step = Step.of(key);
        Plan.Planned planned = plan == null ? null : plan.of(step).orElse(null);
        String action = "ensure";
        if (planned != null && planned.action() == Action.REPLACE) {
            action = "replace";
        } else if (planned != null && planned.action() == Action.UPDATE) {
            action = "update";
        } else if (planned != null && planned.action() == Action.NONE && planned.recorded().isPresent()) {
            action = "keep";
        }
        exchange.setVariable("aepAction", action);
    }

    /** What was made is to be replaced: the next thing made for this content is another one. Does so once in a run. */
    public void replace(Exchange exchange, String key, @Variable("aepPlan") Plan plan) throws LedgerException {
        Provisioning provisioning = Sending.provisioning(exchange);
        Step step = Step.of(key);
        RecordedStep recorded = plan.of(step).orElseThrow().recorded().orElse(null);
        boolean ours = recorded != null && (!recorded.key().shared() || step == Step.DATASET_CONNECTION);
        if (ours && !provisioning.happened(step, "replaced")) {
            ledger.replace(Sending.lease(exchange), recorded.key());
            provisioning.count(step, "replaced");
        }
    }

    /** Where to look at the resource of a step. Out: its id in the header, CamelHttpPath. */
    public void look(Exchange exchange, String key, @Variable("aepPlan") Plan plan) {
        Step step = Step.of(key);
        Plan.Planned planned = plan.of(step).orElseThrow();
        Sending.provisioning(exchange).begin(step);
        planned.recorded().ifPresent(recorded -> Steps.show(exchange, step, recorded.result()));
        exchange.getMessage().setHeader(Exchange.HTTP_PATH, "/" + Queries.altId(planned.id()));
    }

    /**
     * Begins the change of what was looked at just now. In: variables {@code aepResponse} (the resource) and {@code aepRequest} (what a create
     * would send). Out: variable {@code aepAction}: {@code send}, with the intent in the ledger and the change in variable {@code aepPatch}, or
     * {@code keep}, because it is as it should be by now.
     *
     * @throws ConflictException  when somebody has changed it so that it can no longer be updated
     * @throws UnsettledException when it cannot be changed just now
     */
    public void begin(Exchange exchange, String key, @Variable("aepDefinition") Definition definition, @Variable("aepRequest") JsonNode request)
            throws IOException, LedgerException, ConflictException, UnsettledException {
        Step step = Step.of(key);
        String id = exchange.getMessage().getHeader(step.header(), String.class);
        JsonNode actual = Answers.single(answers.document(exchange.getVariable("aepResponse", byte[].class)), id);
        Comparison comparison = Comparison.of(step, definition, request, actual, clock.instant());
        List<Difference.Change> changes = comparison.changes().stream().filter(change -> !change.path().equals("state")).toList();
        if (step == Step.MAPPING_SET) {   // whoever has made this version: it is the one that is wanted, or the next is
            exchange.getMessage().setHeader(AepHeaders.MAPPING_SET_VERSION, actual.path("version").asInt());
        }
        exchange.setVariable("aepAction", "keep");
        if (changes.isEmpty() || comparison.verdict().action() == Action.NONE) {
            return;
        } else if (comparison.verdict().action() != Action.UPDATE) {
            throw new ConflictException("%s: %s was changed by somebody else meanwhile: %s".formatted(step.words(), id, comparison.verdict().reason()),
                    "What can be done about it, a plan tells.");
        }
        sending.refuseWhileTransient(exchange, actual, id);
        JsonNode patch = Patches.of(step, changes, request, actual);
        String digest = Fingerprint.of(JsonNodeFactory.instance.objectNode().set("patch", patch)).digest();
        sending.begin(exchange, new Change(key, id, "update", digest), actual.path("etag").asText());
        exchange.setVariable("aepPatch", patch);
        exchange.setVariable("aepAction", "send");
    }

    /** It was changed. In: variable {@code aepResponse}, the answer. */
    public void updated(Exchange exchange, String key) throws IOException, LedgerException {
        Step step = Step.of(key);
        answers.confirm(step == Step.MAPPING_SET ? "PUT" : "PATCH", exchange.getVariable("aepResponse", byte[].class), Sending.change(exchange).resourceId());
        String version = answers.etag(exchange.getVariable("aepResponse", byte[].class));
        if (step == Step.MAPPING_SET) {
            int made = answers.mappingSetVersion(exchange.getVariable("aepResponse", byte[].class));
            exchange.getMessage().setHeader(AepHeaders.MAPPING_SET_VERSION, made);
        }
        sending.done(exchange, version);
        exchange.setVariable("aepUpdated", key);
    }

    /** A change has failed: says in the ledger what that means, and passes the failure on. */
    public void failed(Exchange exchange, String key) throws Exception {
        sending.failed(exchange, Step.of(key));
    }

    /** It is as the definition describes. In: variable {@code aepRequest}. */
    public void keep(Exchange exchange, String key, @Variable("aepPlan") Plan plan, @Variable("aepRequest") JsonNode request) throws LedgerException {
        Step step = Step.of(key);
        Provisioning provisioning = Sending.provisioning(exchange);
        Plan.Planned planned = plan.of(step).orElseThrow();
        boolean updated = key.equals(exchange.removeVariable("aepUpdated")) || sending.answers(exchange, key, planned.id(), "update");
        int attempts = 0;
        if (planned.recorded().isPresent() && planned.recorded().get().key().shared()) {
            Steps.show(exchange, step, planned.recorded().get().result());
            provisioning.uses(planned.recorded().get().key());
        } else if (planned.recorded().isPresent()) {
            RecordedStep recorded = planned.recorded().get();
            Result before = recorded.result();
            if (planned.action() == Action.NONE) {
                Steps.show(exchange, step, before);
            }
            String version = step == Step.MAPPING_SET
                    ? String.valueOf(exchange.getMessage().getHeader(AepHeaders.MAPPING_SET_VERSION)) : before.version();
            StepKey wanted = new StepKey(recorded.key().dataflow(), key, Searches.digest(key, request));
            Lease lease = Sending.lease(exchange);
            if (!wanted.equals(recorded.key()) || !version.equals(before.version())) {
                ledger.describe(lease, recorded.key(), wanted, Searches.name(key, request), version);
            }
            provisioning.uses(wanted);
            attempts = recorded.attempt();
        }
        String requestId = updated ? Sending.requestId(exchange) : "";
        provisioning.complete(step, new Provisioning.StepReport(key, updated ? "updated" : "unchanged", planned.id(), attempts,
                provisioning.millis(step), requestId));
    }
}
