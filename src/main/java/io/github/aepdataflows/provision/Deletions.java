package io.github.aepdataflows.provision;

import io.github.aepdataflows.definition.Definition;
import io.github.aepdataflows.ledger.Change;
import io.github.aepdataflows.ledger.Dataflow;
import io.github.aepdataflows.ledger.Ledger;
import io.github.aepdataflows.ledger.LedgerException;
import io.github.aepdataflows.ledger.RecordedStep;
import io.github.aepdataflows.platform.Answers;
import io.github.aepdataflows.platform.Outcome;
import io.github.aepdataflows.platform.PlatformException;
import io.github.aepdataflows.resource.Kind;
import io.github.aepdataflows.resource.Kinds;
import io.github.aepdataflows.resource.Search;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.camel.Body;
import org.apache.camel.Exchange;
import org.apache.camel.Variable;

/** Deletes what was made for a dataflow, and nothing else: the ledger alone says what that is. */
public final class Deletions {

    private static final String DELETION = "aepDeletion";
    private static final String RETIRES = "aepRetires";
    /** How a service says that it does not offer this. */
    private static final Set<Integer> NOT_OFFERED = Set.of(405, 501);

    private final Ledger ledger;
    private final GuardedChange guarded;

    public Deletions(Ledger ledger, GuardedChange guarded) {
        this.ledger = ledger;
        this.guarded = guarded;
    }

    /** A resource to be deleted, as the ledger has it. Lives in the exchange variable {@code aepDeletion}. */
    public record Deletion(Kind kind, RecordedStep made, boolean isLeft) {

        String id() {
            return made.result().id();
        }

        /** Path of the resource below its collection. */
        public String getPath() {
            return kind.idPath(id());
        }

        /** Whether somebody else may use it, too. */
        public boolean isUsable() {
            return users().isPresent();
        }

        /** A look for what uses it. Of what was left, nobody knows whether it is of use to something by now. */
        private Optional<Search> users() {
            return kind.users(id()).or(() -> kind.usedBy().filter(above -> isLeft).map(above -> Search.naming(above, id())));
        }
    }

    /**
     * Takes a dataflow, to delete what earlier versions of it have left.
     *
     * @param retires whether datasets and schemas are deleted, too
     * @throws ConflictException when the ledger does not have it
     */
    public void prune(Exchange exchange, @Body String name, @Variable(RETIRES) Boolean retires) throws LedgerException, ConflictException {
        Dataflow dataflow = ledger.dataflow(name).orElseThrow(() -> new ConflictException("the ledger has no dataflow %s".formatted(name),
                "The command status lists those that it has."));
        Provisioning provisioning = new Provisioning(dataflow.startedAt(), Work.of(exchange));
        exchange.setVariable(Provisioning.VARIABLE, provisioning);
        exchange.setVariable(RETIRES, retires != null && retires);
        provisioning.leased(ledger.take(name, dataflow.digest(), dataflow.fields(), dataflow.file()), Provisioning.Task.PRUNE);
    }

    /** The next resource of a kind to be deleted. Out: variable {@code aepDeletion}, null when there is none left. */
    public void next(Exchange exchange, String key, @Variable("aepDefinition") Definition definition, @Variable(RETIRES) Boolean retires)
            throws LedgerException {
        Kind kind = Kinds.of(key);
        Provisioning provisioning = Provisioning.of(exchange);
        boolean prune = provisioning.isToPrune();
        String dataflow = provisioning.heldLease().dataflow();
        Definition.Lifecycle lifecycle = prune ? new Definition.Lifecycle(Definition.State.ABSENT, retires, retires, false)
                : definition.lifecycle();
        Optional<RecordedStep> next = !kind.isDeletedWith(lifecycle) ? Optional.empty()
                : (prune ? ledger.left(dataflow) : deletable(ledger, dataflow)).stream()
                        .filter(step -> step.made() && step.key().step().equals(key) && !provisioning.isUsed(step.result().id()))
                        .findFirst();
        next.ifPresent(made -> provisioning.begin(kind));
        exchange.setVariable(DELETION, next.map(made -> new Deletion(kind, made, prune)).orElse(null));
    }

    /** All that was made for the dataflow, of what others may share what only it uses, in the order of the chain. */
    public static List<RecordedStep> deletable(Ledger ledger, String dataflow) throws LedgerException {
        List<RecordedStep> all = new ArrayList<>(ledger.madeFor(dataflow));
        all.addAll(ledger.sharedOnlyBy(dataflow));
        all.sort(Comparator.comparingInt(step -> Kinds.ALL.indexOf(Kinds.of(step.key().step()))));
        return all;
    }

    /** The look for others that use it. */
    public Search users(@Variable(DELETION) Deletion deletion) {
        return deletion.users().orElseThrow();
    }

    /**
     * Refuses to delete what others use; what was left then stays. In: variable {@code aepSearch}. Out: variable {@code aepDeletion}, null
     * when it stays.
     *
     * @throws ConflictException with their ids
     */
    public void refuseUsed(Exchange exchange, @Variable(DELETION) Deletion deletion, @Variable("aepSearch") Search users)
            throws ConflictException, LedgerException {
        List<Search.Hit> others = new ArrayList<>();
        for (Search.Hit user : users.hits()) {   // what we have deleted may still show
            if (ledger.recorded(users.kind().key(), user.id()).filter(step -> step.state() == RecordedStep.State.GONE
                    || !deletion.isLeft() && step.key().dataflow().equals(deletion.made().key().dataflow())).isEmpty()) {
                others.add(user);
            }
        }
        if (!others.isEmpty() && (deletion.isLeft() || deletion.kind().isShared())) {
            Provisioning.of(exchange).also(deletion.kind(), "used", deletion.id(), "");
            exchange.setVariable(DELETION, null);
        } else if (!others.isEmpty()) {
            throw new ConflictException("the %s %s is used by other %ss, too: %s".formatted(deletion.kind().words(), deletion.id(),
                    users.kind().words(), Search.ids(others)), "It was not deleted. Retire those that use it first, or do not retire it.");
        }
    }

    /** The deletion may be sent when this returns: its intent is in the ledger. */
    public void begin(Exchange exchange, @Variable(DELETION) Deletion deletion) throws LedgerException, NotVisibleYetException {
        guarded.begin(exchange, new Change(deletion.kind().key(), deletion.id(), "delete", ""), "");
    }

    /** It was deleted. */
    public void deleted(Exchange exchange, @Variable(DELETION) Deletion deletion) throws LedgerException, PlatformException {
        Answers.confirmDeleted(deletion.id(), exchange.getVariable("aepResponse", byte[].class));
        gone(exchange, deletion, CreateOnce.requestId(exchange));
    }

    private void gone(Exchange exchange, Deletion deletion, String requestId) throws LedgerException {
        guarded.done(exchange, "");
        ledger.deleted(Provisioning.of(exchange).heldLease(), deletion.made().key());
        Provisioning.of(exchange).also(deletion.kind(), "deleted", deletion.id(), requestId);
    }

    /** A deletion has failed: it may be gone already, or not be offered; else the failure is passed on. */
    public void failed(Exchange exchange, @Variable(DELETION) Deletion deletion) throws Exception {
        PlatformException failure = exchange.getProperty(Exchange.EXCEPTION_CAUGHT, PlatformException.class);
        boolean rejected = failure.getOutcome() == Outcome.REJECTED;
        if (rejected && failure.getStatus() == 404) {
            gone(exchange, deletion, failure.getRequestId());
        } else if (deletion.kind().mayBeUndeletable() && NOT_OFFERED.contains(failure.getStatus())) {
            guarded.refused(exchange);
            ledger.leave(Provisioning.of(exchange).heldLease(), deletion.made().key());
            Provisioning.of(exchange).also(deletion.kind(), "left", deletion.id(), failure.getRequestId());
        } else if (rejected && failure.getStatus() == 400 && guarded.isRecent(exchange, deletion.id())) {
            guarded.refused(exchange);
            // what used it was deleted a moment ago, and may still show
            throw new NotVisibleYetException("%s: %s".formatted(deletion.kind().words(), failure.getMessage()), guarded.firstPause(),
                    failure);
        } else {
            guarded.failed(exchange);
        }
    }

    /** What was made for the dataflow, and stays: the rest of it belongs to the ledger's dataflow still. */
    public void keepTheRest(Exchange exchange, @Variable("aepDefinition") Definition definition) throws LedgerException {
        Provisioning provisioning = Provisioning.of(exchange);
        if (provisioning.isToPrune()) {
            return;
        }
        for (RecordedStep made : ledger.steps(definition.name())) {
            boolean isLeftToOthers = made.key().shared() && Kinds.of(made.key().step()).isDeletedWith(definition.lifecycle());
            if (!made.result().id().isEmpty() && !isLeftToOthers) {
                provisioning.uses(made.key());
                provisioning.also(Kinds.of(made.key().step()), "unchanged", made.result().id(), "");
            }
        }
    }
}
