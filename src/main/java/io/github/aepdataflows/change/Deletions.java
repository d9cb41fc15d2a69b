package io.github.aepdataflows.change;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.aepdataflows.definition.Definition;
import io.github.aepdataflows.ledger.Change;
import io.github.aepdataflows.ledger.Ledger;
import io.github.aepdataflows.ledger.LedgerException;
import io.github.aepdataflows.ledger.RecordedStep;
import io.github.aepdataflows.plan.Removal;
import io.github.aepdataflows.platform.Answers;
import io.github.aepdataflows.platform.Outcome;
import io.github.aepdataflows.platform.PlatformException;
import io.github.aepdataflows.platform.Queries;
import io.github.aepdataflows.provision.ConflictException;
import io.github.aepdataflows.provision.Provisioning;
import io.github.aepdataflows.provision.Step;
import io.github.aepdataflows.provision.UnsettledException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.camel.Exchange;
import org.apache.camel.Variable;

/** Deletes what was made for a dataflow, and nothing else: the ledger alone says what that is. */
public final class Deletions {

    private static final String DELETION = "aepDeletion";
    /** How a service says that it does not offer this. */
    private static final Set<Integer> NOT_OFFERED = Set.of(405, 501);

    private final Ledger ledger;
    private final Answers answers;
    private final Sending sending;

    public Deletions(Ledger ledger, Answers answers, Sending sending) {
        this.ledger = ledger;
        this.answers = answers;
        this.sending = sending;
    }

    /**
     * The next resource of a step to be deleted. Out: variable {@code aepDeletion}, what the ledger has of it, null when there is none left, and
     * CamelHttpPath.
     */
    public void next(Exchange exchange, String key, @Variable("aepDefinition") Definition definition) throws LedgerException {
        Step step = Step.of(key);
        Optional<RecordedStep> next = Removal.includes(definition.lifecycle(), step)
                ? ledger.madeFor(definition.name()).stream().filter(made -> made.key().step().equals(key)).findFirst() : Optional.empty();
        exchange.setVariable(DELETION, next.orElse(null));
        next.ifPresent(made -> {
            Sending.provisioning(exchange).begin(step);
            exchange.getMessage().setHeader(Exchange.HTTP_PATH, "/" + Queries.altId(made.result().id()));
        });
    }

    /** What looks for others that use a dataset. Out: CamelHttpQuery. */
    public String users(@Variable(DELETION) RecordedStep dataset) {
        return Queries.property("params.dataSetId==" + dataset.result().id());
    }

    /**
     * Refuses to delete a dataset into which other dataflows write. In: variable {@code aepPage}, the target connections that name it.
     *
     * @throws ConflictException with their ids
     */
    public void refuseUsed(@Variable(DELETION) RecordedStep dataset, @Variable("aepPage") JsonNode users)
            throws ConflictException, LedgerException {
        List<String> others = new ArrayList<>();
        for (JsonNode user : users.path("items")) {   // a filter is a hint, and what we have deleted may still show
            boolean ours = ledger.owner(Step.TARGET_CONNECTION.key(), user.path("id").asText()).filter(dataset.key().dataflow()::equals).isPresent();
            if (!ours && user.at("/params/dataSetId").asText().equals(dataset.result().id())) {
                others.add(user.path("id").asText());
            }
        }
        if (!others.isEmpty()) {
            throw new ConflictException("the dataset %s is written to by other target connections, too: %s"
                    .formatted(dataset.result().id(), String.join(", ", others)),
                    "The dataset was not deleted. Retire those that use it first, or leave out retire.dataset.");
        }
    }

    /** The deletion may be sent when this returns: its intent is in the ledger. */
    public void begin(Exchange exchange, @Variable(DELETION) RecordedStep made) throws LedgerException, UnsettledException {
        sending.begin(exchange, new Change(made.key().step(), made.result().id(), "delete", ""), "");
    }

    /** It was deleted. */
    public void deleted(Exchange exchange, @Variable(DELETION) RecordedStep made) throws LedgerException, PlatformException {
        answers.confirmDeleted(exchange.getVariable("aepResponse", byte[].class), made.result().id());
        gone(exchange, made, Sending.requestId(exchange));
    }

    private void gone(Exchange exchange, RecordedStep made, String requestId) throws LedgerException {
        sending.done(exchange, "");
        ledger.deleted(Sending.lease(exchange), made.key());
        report(exchange, made, "deleted", requestId);
    }

    /** A deletion has failed: it may be gone already, or not be offered; else the failure is passed on. */
    public void failed(Exchange exchange, @Variable(DELETION) RecordedStep made) throws Exception {
        PlatformException failure = exchange.getProperty(Exchange.EXCEPTION_CAUGHT, PlatformException.class);
        Step step = Step.of(made.key().step());
        boolean rejected = failure.getOutcome() == Outcome.REJECTED;
        if (rejected && failure.getStatus() == 404) {
            gone(exchange, made, failure.getRequestId());
        } else if (step == Step.MAPPING_SET && NOT_OFFERED.contains(failure.getStatus())) {
            ledger.changeRefused(Sending.lease(exchange), Sending.change(exchange));
            ledger.leave(Sending.lease(exchange), made.key());
            report(exchange, made, "left", failure.getRequestId());
        } else if (rejected && failure.getStatus() == 400 && sending.isRecent(exchange, made.result().id())) {
            ledger.changeRefused(Sending.lease(exchange), Sending.change(exchange));
            // what used it was deleted a moment ago, and may still show
            throw new UnsettledException("%s: %s".formatted(step.words(), failure.getMessage()), sending.firstPause(), failure);
        } else {
            sending.failed(exchange, step);
        }
    }

    private static void report(Exchange exchange, RecordedStep made, String outcome, String requestId) {
        Provisioning provisioning = Sending.provisioning(exchange);
        provisioning.also(Step.of(made.key().step()), outcome, made.result().id(), requestId);
    }

    /** What was made for the dataflow, and stays: the rest of it belongs to the ledger's dataflow still. */
    public void keepTheRest(Exchange exchange, @Variable("aepDefinition") Definition definition) throws LedgerException {
        Provisioning provisioning = Sending.provisioning(exchange);
        for (RecordedStep made : ledger.steps(definition.name())) {
            if (!made.result().id().isEmpty()) {
                provisioning.uses(made.key());
                provisioning.also(Step.of(made.key().step()), "unchanged", made.result().id(), "");
            }
        }
    }
}
