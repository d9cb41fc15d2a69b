package io.github.aepdataflows.provision;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.aepdataflows.definition.Definition;
import io.github.aepdataflows.ledger.Beginning;
import io.github.aepdataflows.ledger.Ledger;
import io.github.aepdataflows.ledger.LedgerException;
import io.github.aepdataflows.ledger.RecordedStep;
import io.github.aepdataflows.ledger.Result;
import io.github.aepdataflows.ledger.UsedIdException;
import io.github.aepdataflows.platform.Answers;
import io.github.aepdataflows.platform.HeaderFilter;
import io.github.aepdataflows.platform.PlatformException;
import io.github.aepdataflows.resource.Flow;
import io.github.aepdataflows.resource.Kind;
import io.github.aepdataflows.resource.Kinds;
import io.github.aepdataflows.resource.Lookup;
import io.github.aepdataflows.resource.LookupResult;
import io.github.aepdataflows.resource.Search;
import io.github.aepdataflows.resource.StepId;
import io.github.aepdataflows.settings.Settings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.camel.Exchange;
import org.apache.camel.Variable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one mechanism by which every resource comes into being exactly once, be it at the first attempt, after a lost answer,
 * after a kill, or when a definition is dropped again: an intent in the ledger before a create is sent, a look-up wherever
 * an intent has no result, and nothing created twice. The route template {@code aep-apply} calls these methods in order.
 */
public final class CreateOnce {

    private static final String STEP = "aepStep";
    private static final Logger LOG = LoggerFactory.getLogger("aep.ledger");
    private static final String ONE_LEDGER = "Somebody provisions this definition with another ledger: use one for a sandbox. Provisioned "
            + "again, the definition takes over that flow, if it is exactly as described.";
    private static final String NAME_TAKEN = "its name exists with other content or for another dataflow";
    private static final String NOT_THERE =
            "a dataflow of this name exists by its receipt, but none of this step that is as the definition describes";

    /** Where nobody looks afterwards, a look before is soon too old. */
    private static final Duration MOMENT = Duration.ofSeconds(1);

    private final Ledger ledger;
    private final Bodies bodies;
    private final Comparisons comparisons;
    private final Credentials credentials;
    private final boolean verifies;
    private final Duration callTimeout;
    private final Duration settleWindow;
    private final Duration firstPause;
    /** How old a look for flows of the dataflow's name may be when its flow is made. */
    private final Duration believed;

    public CreateOnce(Settings settings, Ledger ledger, Bodies bodies, Comparisons comparisons, Credentials credentials) {
        this.ledger = ledger;
        this.credentials = credentials;
        this.bodies = bodies;
        this.comparisons = comparisons;
        this.verifies = settings.text("aep.verify").equals("true");
        this.callTimeout = settings.duration("aep.call-timeout");
        this.settleWindow = settings.duration("aep.settle-window");
        this.firstPause = settings.duration("aep.redelivery.delay");
        this.believed = verifies || settleWindow.compareTo(MOMENT) < 0 ? settleWindow : MOMENT;
    }

    /**
     * The next resource of a kind that is not done in this run. One that the definition names has its id in the header when this returns.
     * In: variable {@code aepPlan}, if the dataflow was compared. Out: variable {@code aepStep}, null when there is none left.
     */
    public void next(Exchange exchange, String key, @Variable("aepDefinition") Definition definition, @Variable("aepPlan") Plan plan) {
        Provisioning provisioning = Provisioning.of(exchange);
        Kind kind = Kinds.of(key);
        exchange.setVariable(STEP, null);
        if (kind.partOf().isPresent() && kind.isDescribedBy(definition)) {
            String id = id(exchange, kind.partOf().get());
            exchange.getMessage().setHeader(kind.header(), id);
        }
        if (kind.isNamedBy(definition)) {
            reportNamed(exchange, provisioning, kind);
        } else if (kind.partOf().isPresent() && adoptsOnly(exchange)) {
            return;
        } else if (kind.isDescribedBy(definition) && (kind.hasSeveral() || !provisioning.isComplete(new StepId(kind, 0)))) {
            List<ObjectNode> requests = bodies.requests(exchange, kind);
            for (int index = 0; index < requests.size(); index++) {
                StepId id = new StepId(kind, index);
                if (!provisioning.isComplete(id)) {
                    provisioning.begin(kind);
                    exchange.setVariable(STEP, provisioning.step(new Step(id, requests.get(index), definition.name(),
                            plan == null ? Optional.empty() : plan.of(id), verifies)));
                    return;
                }
            }
        }
    }

    /**
     * The first half of the step of something new: its create is sent, and it is looked at beside what comes next, by the step itself. Only
     * where nothing but its create is to be done. Out: variable {@code aepStep}; null where the step is to be done as a whole.
     */
    public void ahead(Exchange exchange, String key, @Variable("aepDefinition") Definition definition, @Variable("aepPlan") Plan plan)
            throws LedgerException, PlatformException, ConflictException {
        Provisioning provisioning = Provisioning.of(exchange);
        boolean basesExist = Kinds.of(key).builtOn().stream()
                .allMatch(base -> !base.isDescribedBy(definition) || provisioning.isAnswered(base));
        exchange.setVariable(STEP, null);
        if (verifies && plan == null && basesExist) {
            next(exchange, key, definition, plan);
        }
        Step step = exchange.getVariable(STEP, Step.class);
        if (step != null && !step.isContested(provisioning.heldLease().resumed())) {
            begin(exchange, step);
            step.ahead();
        }
        if (step != null && !step.isInFlight()) {
            exchange.setVariable(STEP, null);
        }
    }

    /** A create was answered, and is looked at later. Its id is in the header. */
    public void answered(@Variable(STEP) Step step) {
        keepUnverified(step);
    }

    /** What was made is to be replaced: the next thing made for this content is another one. Does so once in a run. */
    public void replace(Exchange exchange, @Variable(STEP) Step step) throws LedgerException {
        Provisioning provisioning = Provisioning.of(exchange);
        RecordedStep recorded = step.planned().orElseThrow().recorded().orElse(null);
        boolean ours = recorded != null && (!recorded.key().shared() || step.kind().servesAny() || step.kind().hasSeveral());
        if (ours && !provisioning.isReplaced(step.id())) {
            ledger.replace(provisioning.heldLease(), recorded.key());
            provisioning.replace(step.id());
        }
    }

    /** Begins the step, or tells by its getters what became of it. What was made before has its id in the header when this returns. */
    public void begin(Exchange exchange, @Variable(STEP) Step step) throws LedgerException, PlatformException, ConflictException {
        Provisioning provisioning = Provisioning.of(exchange);
        if (step.isLookedAtNow()) {
            show(exchange, step.kind(), step.openAttempt().unverifiedResult().orElseThrow());
            step.verify();
            return;
        }
        long sendBefore = System.nanoTime() + callTimeout.toNanos();
        if (step.kind() == Kinds.FLOW) {
            refuseSecondFlow(step);
        }
        if (step.isBesideAnother()) {
            step.withdraw();
            return;
        }
        Beginning beginning = ledger.begin(provisioning.heldLease(), step.key(), step.name(), callTimeout);
        switch (beginning.state()) {
            case DONE -> {
                report(exchange, provisioning, step, beginning.attempt(), beginning.result());
                step.nothing();
            }
            case NEW -> {
                step.attempt(Attempt.begun(beginning.attempt(), sendBefore, visibility(beginning.untilDeadline())));
                if (step.kind() == Kinds.FLOW && provisioning.isFlowNameFree(System.nanoTime() - believed.toNanos())) {
                    step.nothingFound();
                }
                if (step.isContested(provisioning.heldLease().resumed())) {   // somebody else may have made it, or we have and do not know
                    step.lookUp();
                } else {
                    create(exchange, step);
                }
            }
            case UNRESOLVED -> goOn(exchange, provisioning, step, beginning);
        }
    }

    /** With an intent that has no result: the answer that we hold is recorded or looked at, else the resource is looked for. */
    private void goOn(Exchange exchange, Provisioning provisioning, Step step, Beginning beginning) throws LedgerException,
            PlatformException {
        Optional<Attempt> known = step.attempt().filter(attempt -> attempt.number() == beginning.attempt());
        if (known.isPresent() && step.rivals().isPresent()) {
            step.withdraw(step.rivals().get());
        } else if (known.isEmpty()) {
            step.attempt(Attempt.earlier(beginning.attempt(), visibility(beginning.untilDeadline())));
            step.lookUp();
        } else if (known.get().verifiedResult().isPresent()) {
            record(exchange, provisioning, step, known.get().verifiedResult().get());
            step.nothing();
        } else if (known.get().unverifiedResult().isPresent()) {
            show(exchange, step.kind(), known.get().unverifiedResult().get());
            step.verify();
        } else {
            step.lookUp();
        }
    }

    /** The steps of a dataflow that have made something, or may have. */
    static Stream<RecordedStep> begun(Ledger ledger, String dataflow) throws LedgerException {
        return ledger.steps(dataflow).stream()
                .filter(step -> step.made() || step.state() == RecordedStep.State.INTENT && !step.key().shared());
    }

    /** What was found that the ledger does not have, for whatever dataflow. */
    public static List<Search.Hit> unknown(Ledger ledger, Kind kind, List<Search.Hit> hits) throws LedgerException {
        List<Search.Hit> unknown = new ArrayList<>();
        for (Search.Hit hit : hits) {
            if (ledger.owner(kind.key(), hit.id()).isEmpty()) {
                unknown.add(hit);
            }
        }
        return unknown;
    }

    /** A flow that runs, or may run, is not joined by a second one of the same definition's name. */
    private void refuseSecondFlow(Step flow) throws LedgerException, ConflictException {
        Optional<RecordedStep> other = begun(ledger, flow.key().dataflow())
                .filter(step -> step.key().step().equals(flow.key().step()) && !step.key().equals(flow.key()) && !step.isReplaced())
                .findFirst();
        if (other.isPresent()) {
            String id = other.get().result().id();
            throw new ConflictException("a flow of this dataflow was begun with another definition%s".formatted(id.isEmpty() ? ""
                    : ": " + id),
                    "Apply that definition again, so that it is finished; or give this one another name.");
        }
    }

    /** The look for what a create of the step makes. */
    public Search search(@Variable(STEP) Step step) throws LedgerException {
        return comparisons.search(step.kind(), step.getRequest());
    }

    /** The look for the base connection that the definition describes or names. */
    public Search baseConnectionSearch(Exchange exchange) throws LedgerException {
        return comparisons.search(Kinds.BASE_CONNECTION, bodies.request(exchange, Kinds.BASE_CONNECTION.key()));
    }

    /**
     * Judges a complete look for the resource of a step: it was found, and its id is in the header; or it does not exist, and a create may
     * be sent.
     *
     * @throws NotVisibleYetException when it is too early to tell
     * @throws ConflictException      when what exists is not what the definition describes, or exists more than once
     */
    public void found(Exchange exchange, @Variable(STEP) Step step, @Variable("aepSearch") Search search)
            throws LedgerException, PlatformException, NotVisibleYetException, ConflictException {
        Kind kind = step.kind();
        Attempt attempt = step.openAttempt();
        boolean isShared = kind.isShared() && !kind.servesAny();
        List<Search.Hit> hits = isShared ? search.hits()   // whose it is does not matter: its name is taken
                : kind == Kinds.FLOW ? new ArrayList<>(rivals(search)) : unknown(ledger, kind, search.hits());
        List<Search.Hit> equal = hits.stream().filter(Search.Hit::equal).toList();
        if (!kind.isKnownByName()) {
            hits.retainAll(equal);   // others of the same natural key say nothing
        }
        if (kind.servesAny() && !equal.isEmpty()) {
            adopt(exchange, step, search, oldest(kind, equal), "reused");
        } else if (isShared && !hits.isEmpty() && (attempt.isUnsent() || !equal.isEmpty())) {
            share(exchange, step, search, hits, equal);
        } else if (equal.size() == 1 && kind == Kinds.FLOW && hits.size() > 1 && !attempt.isSent()) {
            ConflictException conflict = conflict(step, "others of its name exist beside the one that is as described", hits);
            if (attempt.isUnsent()) {
                discard(exchange, step);
            }
            throw conflict;
        } else if (equal.size() == 1 && kind == Kinds.FLOW && yields(step, equal.get(0), hits)) {
            attempt.answered(new Result(equal.get(0).id(), equal.get(0).version(), "", "created"), false);
        } else if (equal.size() == 1) {
            adopt(exchange, step, search, equal.get(0), "adopted");
        } else if (equal.size() > 1) {
            throw conflict(step, "there are %d at the Platform that are as this definition describes".formatted(equal.size()), equal);
        } else if (attempt.isUnsent() && kind == Kinds.FLOW && !hits.isEmpty()) {
            ConflictException conflict = new ConflictException("flow: one of this name was made meanwhile, and not by this ledger: "
                    + Search.ids(hits), ONE_LEDGER);
            discard(exchange, step);
            throw conflict;
        } else if (attempt.isUnsent() && isToUpdate(exchange, kind, hits)) {
            discard(exchange, step);
            step.updateOfOthers(hits.get(0).id());
        } else if (attempt.isUnsent() && kind.hasSeveral() && !hits.isEmpty()) {
            ConflictException conflict = conflict(step, "it exists already, and not as this definition describes", hits);
            discard(exchange, step);
            throw conflict;
        } else if (attempt.isUnsent() && isShared && ledger.knowsOther(step.key(), step.name())) {
            missed(exchange, step, search, hits);   // it may not show yet
        } else if (attempt.isUnsent()) {
            step.nothingFound();
            create(exchange, step);
        } else if (attempt.conflict().isPresent() && isOfOthers(step, search)) {
            ConflictException conflict = conflict(step, NAME_TAKEN + " (%s)".formatted(attempt.conflict().get().getText()), search.hits());
            discard(exchange, step);
            throw conflict;
        } else {
            missed(exchange, step, search, hits);
        }
    }

    private static boolean isToUpdate(Exchange exchange, Kind kind, List<Search.Hit> hits) {
        return kind.mayBeOthers() && hits.size() == 1 && !adoptsOnly(exchange);
    }

    /** Flows of one name that the ledger does not know, and that nothing has replaced. */
    private List<Search.Hit> rivals(Search search) throws LedgerException {
        return Flow.rivals(unknown(ledger, Kinds.FLOW, search.hits()), search.hits());
    }

    /** Whether the flow that was made here has to go, as one of the same name was there before it: the same for whoever made that one. */
    private static boolean yields(Step step, Search.Hit own, List<Search.Hit> rivals) {
        List<Search.Hit> others = rivals.stream().filter(rival -> !rival.id().equals(own.id()))
                .filter(rival -> !rival.equal()).toList();   // what is made of our own resources is ours, too, and shows late
        Comparator<Search.Hit> age = Comparator.comparingLong(Search.Hit::createdAt).thenComparing(Search.Hit::id);
        List<Search.Hit> earlier = others.stream().filter(other -> age.compare(other, own) < 0).toList();
        if (!earlier.isEmpty()) {
            step.withdraw(Search.ids(earlier));
        } else if (!others.isEmpty()) {
            LOG.warn("flows of the name {} were made at the same time, {} with this ledger and {} not: another ledger provisions this "
                    + "sandbox. Use one ledger for a sandbox", own.name(), own.id(), Search.ids(others));
        }
        return !earlier.isEmpty();
    }

    /**
     * Judges a look by name for a flow that was made just now: it is the only one, or the first; or the step says that it is to be
     * withdrawn. In: variable {@code aepSearch}.
     */
    public void listed(Exchange exchange, @Variable(STEP) Step step, @Variable("aepSearch") Search search)
            throws LedgerException, PlatformException {
        String id = id(exchange, step.kind());
        Optional<Search.Hit> own = search.hits().stream().filter(hit -> hit.id().equals(id)).findFirst();
        if (own.isPresent() && yields(step, own.get(), rivals(search))) {
            keepUnverified(step);
        } else if (own.isPresent() && own.get().equal() && search.lacks(own.get()).isEmpty()
                && comparisons.isShown(step.kind(), step.getRequest())) {
            step.seen();
        } else if (own.isEmpty()) {
            step.unlisted();
        }
    }

    /** The deletion of what was made here and is not to be: a flow after another one, or what was built on another's resource. */
    public Deletions.Deletion withdrawal(@Variable(STEP) Step step) {
        Step made = step.withdrawn();
        Attempt attempt = made.openAttempt();
        return new Deletions.Deletion(step.kind(), new RecordedStep(made.key(), made.name(), RecordedStep.State.INTENT, attempt.number(),
                false, 0, 0, attempt.unverifiedResult().orElseThrow()), false);
    }

    /**
     * It is deleted.
     *
     * @throws ConflictException of a flow, with the ids of those that were there before
     */
    public void withdrawn(Exchange exchange, @Variable(STEP) Step step) throws ConflictException {
        exchange.getMessage().removeHeader(step.kind().header());
        if (step.rivals().isEmpty()) {
            step.insteadOf(null);
            step.nothing();
            return;
        }
        throw new ConflictException("flow: one of this name was made at the same time, and not by this ledger: %s; the one that was made "
                .formatted(step.rivals().get()) + "here after it was deleted", ONE_LEDGER);
    }

    /**
     * Why a create of something new, whose name the service takes once, will be refused, and what to do about it: judged by a complete look
     * as {@link #found} judges it after the refusal. Empty where nothing is in its way, or what is there will be adopted.
     */
    public Optional<String> nameTaken(Kind kind, Search search) throws LedgerException {
        List<Search.Hit> equal = (ledger.isOpen() ? unknown(ledger, kind, search.hits()) : search.hits()).stream()
                .filter(Search.Hit::equal).toList();
        return search.hits().isEmpty() || equal.size() == 1 ? Optional.empty()
                : Optional.of("%s: %s. %s".formatted(NAME_TAKEN, Search.ids(search.hits()), kind.adviceOnConflict()));
    }

    /** Whether the name is another's: by what this dataflow had made before, a conflict is not explained. */
    private boolean isOfOthers(Step step, Search search) throws LedgerException {
        for (Search.Hit hit : search.hits()) {
            if (step.key().shared() || !ledger.owner(step.kind().key(), hit.id()).equals(Optional.of(step.key().dataflow()))) {
                return true;
            }
        }
        return false;
    }

    private void missed(Exchange exchange, Step step, Search search, List<Search.Hit> hits)
            throws LedgerException, PlatformException, NotVisibleYetException, ConflictException {
        Attempt attempt = step.openAttempt();
        if (adoptsOnly(exchange)) {
            throw conflict(step, NOT_THERE, hits);
        }
        Optional<Duration> wait = attempt.visibility().missed(search.startedAt());
        if (wait.isPresent()) {
            throw new NotVisibleYetException(step.kind().words() + (attempt.visibility().looks() == 0
                    ? ": a create of it may still be on its way; it is waited for"
                    : ": a create of it has no clear outcome, and it was not found so far"), wait.get());
        } else if (isToUpdate(exchange, step.kind(), hits)) {
            step.updateOfOthers(hits.get(0).id());
            return;
        } else if (!hits.isEmpty()) {
            throw conflict(step, "a create of it has no clear outcome, and what has its name has other content", hits);
        } else if (attempt.conflict().isPresent()) {
            discard(exchange, step);
            throw attempt.conflict().get();
        }
        long sendBefore = System.nanoTime() + callTimeout.toNanos();
        Beginning again = ledger.again(Provisioning.of(exchange).heldLease(), step.key(), attempt.number(), callTimeout);
        step.attempt(Attempt.begun(again.attempt(), sendBefore, visibility(again.untilDeadline())));
        create(exchange, step);
    }

    /**
     * A create was answered: puts the id, and the version of a mapping set, into their headers. In: variable {@code aepResponse}.
     *
     * @throws PlatformException UNKNOWN when the answer has none of the documented form
     */
    public void created(Exchange exchange, String key) throws PlatformException, LedgerException {
        Kind kind = Kinds.of(key);
        JsonNode answer = Answers.document("POST", exchange.getVariable("aepResponse", byte[].class));
        String id = kind.createdId(answer).orElseThrow(() -> PlatformException.unusable("POST", "no valid id in the answer"));
        String version = kind.createdVersion(answer)
                .orElseThrow(() -> PlatformException.unusable("POST", "no integer version in the answer"));
        show(exchange, kind, id, version);
        Step step = exchange.getVariable(STEP, Step.class);
        if (step != null) {
            step.attempt().ifPresent(attempt -> attempt.created(new Result(id, version, requestId(exchange), "created")));
            if (isShownBy(answer, step)) {
                step.seen();
            }
        }
    }

    /** Whether the answer to a create holds all of what was sent, so that it is this one's; and a look would tell nothing new. */
    private boolean isShownBy(JsonNode answer, Step step) throws LedgerException {
        Kind kind = step.kind();
        String id = answer.path("$id").asText();
        boolean agrees = answer.path("meta:altId").asText().endsWith("." + id.substring(id.lastIndexOf('/') + 1));   // twice the same id
        return agrees && !step.name().isEmpty() && kind.naturalKey(answer).equals(step.name())
                && kind.differences(step.getRequest(), answer).isEmpty() && comparisons.isShown(kind, step.getRequest());
    }

    /** A look at what lies at the Platform under the id that a create has answered. */
    public Lookup lookup(Exchange exchange, @Variable(STEP) Step step) {
        return step.kind().lookup(id(exchange, step.kind()));
    }

    /**
     * Judges that look.
     *
     * @throws NotVisibleYetException as long as nothing is there and the settle window is not over
     * @throws PlatformException      UNKNOWN, of the create, once it is over, or when something else is there: then the answer was another
     *          call's
     */
    public void verify(Exchange exchange, @Variable(STEP) Step step, @Variable("aepResult") LookupResult result)
            throws PlatformException, NotVisibleYetException, LedgerException {
        if (result.isFound()) {
            JsonNode actual = result.single(id(exchange, step.kind()));
            refuseOther(exchange, step, actual);
            comparisons.learn(step.kind(), step.getRequest(), actual);
        }
        if (result.isFound() && !step.isUnlisted()) {
            return;
        }
        keepUnverified(step);
        Optional<Duration> wait = step.openAttempt().visibility().missed(System.nanoTime());
        if (wait.isPresent()) {
            throw new NotVisibleYetException("%s: %s does not show yet".formatted(step.kind().words(), id(exchange, step.kind())),
                    wait.get());
        } else if (result.isFound()) {
            return;   // the list of flows shows it later than that
        }
        throw PlatformException.unusable("POST", "nothing shows under the id of its answer");
    }

    private void keepUnverified(Step step) {
        if (step.openAttempt().unverifiedResult().isEmpty()) {
            step.openAttempt().answered(step.openAttempt().created(), false);
            step.openAttempt().isOver(visibility(Duration.ZERO));
        }
    }

    private static void refuseOther(Exchange exchange, Step step, JsonNode document) throws PlatformException {
        String name = step.kind().naturalKey(document);
        if (!name.isEmpty() && !name.equals(step.name())) {
            throw PlatformException.unusable("POST", "the answer is another call's: %s is %s".formatted(id(exchange, step.kind()), name));
        }
    }

    /** A create has succeeded, and its id is in the header: the result is in the ledger when this returns. */
    public void complete(Exchange exchange, @Variable(STEP) Step step) throws LedgerException, PlatformException {
        Attempt attempt = step.openAttempt();
        Result result = attempt.unverifiedResult().isPresent() ? attempt.unverifiedResult().get() : attempt.created();
        attempt.answered(result, true);
        record(exchange, Provisioning.of(exchange), step, result);
    }

    /** The Platform's id of the call that was answered just now; empty when it gave none. */
    static String requestId(Exchange exchange) {
        return exchange.getVariable("header:aepResponse.x-request-id", "", String.class);
    }

    private void record(Exchange exchange, Provisioning provisioning, Step step, Result result) throws LedgerException, PlatformException {
        Attempt attempt = step.openAttempt();
        try {
            ledger.complete(provisioning.heldLease(), step.key(), attempt.number(), result);
        } catch (UsedIdException e) {
            attempt.answered(null, false);
            throw PlatformException.unusable("POST", "the answer is another's: " + e.getMessage());
        }
        credentials.sent(provisioning.heldLease().dataflow(), step.kind(), step.getRequest(), result.id(), step.marks());
        report(exchange, provisioning, step, attempt.number(), result);
    }

    /**
     * A create has failed: says in the ledger what that means, and passes the failure on.
     *
     * @throws NotVisibleYetException when the step has to be looked at again before it can be called a failure
     */
    public void failed(Exchange exchange, @Variable(STEP) Step step) throws Exception {
        Provisioning provisioning = Provisioning.of(exchange);
        Attempt attempt = step.openAttempt();
        PlatformException failure = exchange.getProperty(Exchange.EXCEPTION_CAUGHT, PlatformException.class);
        if (failure.getMethod().equals("GET")) {   // the look at what was made: it is looked at again
            keepUnverified(step);
            ledger.ended(provisioning.heldLease(), step.key(), attempt.number());
            throw failure;
        }
        switch (failure.getOutcome()) {
            case UNKNOWN -> {
                attempt.answered(null, false);
                attempt.isOver(visibility(Duration.ZERO));
                ledger.ended(provisioning.heldLease(), step.key(), attempt.number());
            }
            case CONFLICT -> {
                attempt.isOver(visibility(Duration.ZERO));
                attempt.conflictsBy(failure);
                ledger.ended(provisioning.heldLease(), step.key(), attempt.number());
                throw new NotVisibleYetException("%s: %s".formatted(step.kind().words(), failure.getMessage()), Duration.ZERO, failure);
            }
            default -> {
                discard(exchange, step);
                Optional<Duration> wait = untilReferenceIsKnown(provisioning, step, failure);
                if (wait.isPresent()) {
                    throw new NotVisibleYetException("%s: %s".formatted(step.kind().words(), failure.getMessage()), wait.get(), failure);
                }
            }
        }
        throw failure;
    }

    /** What we have made a moment ago may not be known everywhere yet. Empty when this is not, or no longer, the case. */
    private Optional<Duration> untilReferenceIsKnown(Provisioning provisioning, Step step, PlatformException failure) {
        if (!UnknownReference.isLikely(failure, step.kind(), provisioning.made())) {
            return Optional.empty();
        }
        long waited = System.nanoTime() - provisioning.waitingSince(step.key().toString(), System.nanoTime());
        if (waited >= settleWindow.toNanos()) {
            provisioning.waitedInVain(settleWindow);
            return Optional.empty();
        }
        return Optional.of(firstPause.plusNanos(waited / 2));   // longer and longer
    }

    /**
     * What others share of the name that is sought: the one that is as the definition describes serves all that describe it so. Which
     * credentials other base connections have, nobody can see; so none of them is chosen, and none is put beside them.
     */
    private void share(Exchange exchange, Step step, Search search, List<Search.Hit> named, List<Search.Hit> equal) throws LedgerException,
            ConflictException {
        String problem;
        if (equal.isEmpty()) {
            problem = "a %s of that name exists with other content".formatted(step.kind().words());
        } else if (equal.size() > 1) {
            problem = "there are %d at the Platform that are as this definition describes".formatted(equal.size());
        } else if (equal.get(0).state().equals("disabled")) {
            problem = "it exists, but is disabled, which the Platform can change";
        } else {
            try {
                boolean ours = step.kind().hasSeveral() && !step.openAttempt().isUnsent();   // it is deleted again, then
                adopt(exchange, step, search, equal.get(0), ours ? "adopted" : "reused");
                return;
            } catch (UsedIdException e) {
                problem = "another definition describes it otherwise";
            }
        }
        ConflictException conflict = conflict(step, problem, equal.isEmpty() ? named : equal);
        if (step.openAttempt().isUnsent()) {
            discard(exchange, step);
        }
        throw conflict;
    }

    private void adopt(Exchange exchange, Step step, Search search, Search.Hit hit, String outcome) throws LedgerException {
        comparisons.learn(step.kind(), search.lacks(hit));
        Provisioning provisioning = Provisioning.of(exchange);
        if (step.kind() == Kinds.FLOW && hit.state().equals(Flow.DRAFT)) {
            provisioning.foundFlowAsDraft();
        }
        Result result = new Result(hit.id(), hit.version(), "", outcome);
        ledger.complete(provisioning.heldLease(), step.key(), step.openAttempt().number(), result);
        if (ledger.sentSecrets(step.kind().key(), hit.id()).isEmpty()) {   // it may be ours, its answer lost
            credentials.sent(provisioning.heldLease().dataflow(), step.kind(), step.getRequest(), hit.id(), step.marks());
        }
        credentials.used(provisioning.heldLease().dataflow(), step.kind(), step.getRequest(), hit.id());
        report(exchange, provisioning, step, step.openAttempt().number(), result);
        step.nothing();
    }

    /** As good as any other, and the same for everyone; one that is not enabled yet is worth waiting for. */
    private static Search.Hit oldest(Kind kind, List<Search.Hit> hits) throws PlatformException {
        boolean anyEnabled = hits.stream().anyMatch(CreateOnce::isEnabled);
        Search.Hit oldest = hits.stream().filter(hit -> isEnabled(hit) || !anyEnabled)
                .min(Comparator.comparingLong(Search.Hit::createdAt).thenComparing(Search.Hit::id)).orElseThrow();
        if (!anyEnabled) {
            throw PlatformException.unusable("GET", "the %s %s is %s".formatted(kind.words(), oldest.id(), oldest.state()));
        }
        return oldest;
    }

    private static boolean isEnabled(Search.Hit hit) {
        return hit.state().isEmpty() || hit.state().equals("enabled");
    }

    private void create(Exchange exchange, Step step) throws LedgerException, ConflictException {
        if (adoptsOnly(exchange)) {
            discard(exchange, step);
            throw conflict(step, NOT_THERE, List.of());
        }
        step.marks(credentials.marks(step.kind(), step.getRequest()));
        exchange.getMessage().setHeader(HeaderFilter.SEND_BEFORE, String.valueOf(step.openAttempt().send()));
        step.create();
    }

    /** The dataflow exists, for all we know: nothing is created. */
    public static boolean adoptsOnly(Exchange exchange) {
        return exchange.getVariable("aepAdoptOnly", false, Boolean.class);
    }

    /** Nothing was made: the intent is discarded. */
    private void discard(Exchange exchange, Step step) throws LedgerException {
        ledger.clear(Provisioning.of(exchange).heldLease(), step.key(), step.openAttempt().number());
        step.attempt(null);
    }

    private VisibilityWait visibility(Duration untilDeadline) {
        return new VisibilityWait(settleWindow, firstPause, untilDeadline, System::nanoTime);
    }

    private static ConflictException conflict(Step step, String what, List<Search.Hit> hits) {
        String ids = Search.ids(hits);
        return new ConflictException("%s: %s%s".formatted(step.kind().words(), what, ids.isEmpty() ? "" : ": " + ids),
                step.kind().adviceOnConflict(), step.attempt().flatMap(Attempt::conflict).orElse(null));
    }

    static void reportNamed(Exchange exchange, Provisioning provisioning, Kind kind) {
        String id = provisioning.namedId(kind).orElseThrow();
        exchange.getMessage().setHeader(kind.header(), id);
        provisioning.complete(new StepId(kind, 0), new Provisioning.StepReport(kind.key(), "given", id, 0, 0, ""));
    }

    /** Reports a step as the ledger knows it. */
    static void reportRecorded(Exchange exchange, Provisioning provisioning, RecordedStep row) {
        Kind kind = Kinds.of(row.key().step());
        Result result = row.result();
        int index = 0;
        while (provisioning.isComplete(new StepId(kind, index))) {
            index++;
        }
        show(exchange, kind, result);
        provisioning.uses(row.key());
        provisioning.complete(new StepId(kind, index), new Provisioning.StepReport(kind.key(), result.outcome(), result.id(), row.attempt(),
                0,
                result.requestId()));
    }

    private static String id(Exchange exchange, Kind kind) {
        return exchange.getMessage().getHeader(kind.header(), String.class);
    }

    /** Puts the id of what a step has made, and the version of a mapping set, into the headers of the chain. */
    public static void show(Exchange exchange, Kind kind, Result result) {
        show(exchange, kind, result.id(), result.version());
    }

    static void show(Exchange exchange, Kind kind, String id, String version) {
        exchange.getMessage().setHeader(kind.header(), id);
        kind.versionHeader().ifPresent(header -> exchange.getMessage().setHeader(header, Integer.valueOf(version)));
    }

    private static void report(Exchange exchange, Provisioning provisioning, Step step, int attempt, Result result) {
        show(exchange, step.kind(), result);
        provisioning.uses(step.key());
        provisioning.complete(step.id(), new Provisioning.StepReport(step.kind().key(), result.outcome(), result.id(), attempt,
                step.millis(), result.requestId()));
    }
}
