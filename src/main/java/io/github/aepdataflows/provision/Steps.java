package io.github.aepdataflows.provision;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.aepdataflows.ledger.Beginning;
import io.github.aepdataflows.ledger.Lease;
import io.github.aepdataflows.ledger.Ledger;
import io.github.aepdataflows.ledger.LedgerException;
import io.github.aepdataflows.ledger.RecordedStep;
import io.github.aepdataflows.ledger.Result;
import io.github.aepdataflows.ledger.StepKey;
import io.github.aepdataflows.ledger.UsedIdException;
import io.github.aepdataflows.platform.AepHeaders;
import io.github.aepdataflows.platform.Answers;
import io.github.aepdataflows.platform.HeaderFilter;
import io.github.aepdataflows.platform.PlatformException;
import io.github.aepdataflows.platform.Search;
import io.github.aepdataflows.platform.Searches;
import io.github.aepdataflows.settings.Settings;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.camel.Exchange;
import org.apache.camel.Variable;

/**
 * The one mechanism by which every resource comes into being exactly once, be it at the first attempt, after a lost answer,
 * after a kill, or when a definition is dropped again: an intent in the ledger before a create is sent, a look-up wherever
 * an intent has no result, and nothing created twice. The route template {@code aep-ensure} calls these methods in order.
 */
public final class Steps {

    private final Ledger ledger;
    private final Answers answers;
    private final Duration callTimeout;
    private final Duration settleWindow;
    private final Duration firstPause;

    public Steps(Settings settings, Ledger ledger, Answers answers) {
        this.ledger = ledger;
        this.answers = answers;
        this.callTimeout = settings.duration("aep.call-timeout");
        this.settleWindow = settings.duration("aep.settle-window");
        this.firstPause = settings.duration("aep.redelivery.delay");
    }

    /**
     * Begins a step. In: variable {@code aepRequest}, what a create would send.
     *
     * @return {@code given}: the definition names the resource. {@code done}: it was made before. Both with its id in the
     *     header. {@code create}: the intent is in the ledger, and a create may be sent. {@code look}: it may exist.
     *     {@code verify}: it was created, and only has to be looked at
     */
    public String begin(Exchange exchange, String key) throws LedgerException, PlatformException, ConflictException {
        Provisioning provisioning = Chain.of(exchange);
        Step step = Step.of(key);
        if (provisioning.given(step).isPresent()) {
            reportGiven(exchange, provisioning, step);
            return "given";
        }
        provisioning.begin(step);
        long sendBefore = System.nanoTime() + callTimeout.toNanos();
        JsonNode request = exchange.getVariable("aepRequest", JsonNode.class);
        String owner = step.isShared() ? "" : provisioning.definition().orElseThrow().name();
        StepKey content = new StepKey(owner, key, Searches.digest(key, request));
        String name = Searches.name(key, request);
        if (step == Step.FLOW) {
            refuseSecondFlow(content);
        }
        Beginning beginning = ledger.begin(lease(provisioning), content, name, callTimeout);
        return switch (beginning.state()) {
            case DONE -> {
                report(exchange, provisioning, step, content, beginning.attempt(), beginning.result());
                yield "done";
            }
            case NEW -> {
                OpenStep open = OpenStep.ofOurs(content, name, beginning.attempt(), sendBefore, settling(beginning.untilDeadline()));
                provisioning.open(step, open);
                yield step.isShared() || onlyAdopts(exchange) ? "look" : create(exchange, open);
            }
            case UNRESOLVED -> {
                Optional<OpenStep> known = provisioning.open(step).filter(open -> open.key().equals(content)
                        && open.attempt() == beginning.attempt());
                if (known.isEmpty()) {
                    provisioning.open(step, OpenStep.ofBefore(content, name, beginning.attempt(), settling(beginning.untilDeadline())));
                } else if (known.get().verifiedResult().isPresent()) {
                    record(exchange, provisioning, step, known.get(), known.get().verifiedResult().get());
                    yield "done";
                } else if (known.get().unverifiedResult().isPresent()) {
                    show(exchange, step, known.get().unverifiedResult().get());
                    yield "verify";
                }
                yield "look";
            }
        };
    }

    /** The steps of a dataflow that have made something, or may have. */
    static Stream<RecordedStep> begun(Ledger ledger, String dataflow) throws LedgerException {
        return Stream.concat(
                ledger.steps(dataflow).stream().filter(step -> !step.result().id().isEmpty()),
                ledger.unresolved().stream().filter(step -> step.key().dataflow().equals(dataflow)));
    }

    /** What was found that the ledger does not have, for whatever dataflow. */
    public static List<Search.Hit> unknown(Ledger ledger, Step step, Search search) throws LedgerException {
        List<Search.Hit> unknown = new ArrayList<>();
        for (Search.Hit hit : search.hits()) {
            if (ledger.owner(step.key(), hit.id()).isEmpty()) {
                unknown.add(hit);
            }
        }
        return unknown;
    }

    /** A flow that runs, or may run, is not joined by a second one of the same definition's name. */
    private void refuseSecondFlow(StepKey flow) throws LedgerException, ConflictException {
        Optional<RecordedStep> other = begun(ledger, flow.dataflow())
                .filter(step -> step.key().step().equals(flow.step()) && !step.key().equals(flow) && !step.isReplaced()).findFirst();
        if (other.isPresent()) {
            String id = other.get().result().id();
            throw new ConflictException("a flow of this dataflow was begun with another definition%s".formatted(id.isEmpty() ? "" : ": " + id),
                    "Drop that definition again, so that it is finished; or give this one another name.");
        }
    }

    /**
     * Judges a complete look for the resource of a step.
     *
     * @return {@code done}: it was found, and its id is in the header. {@code create}: it does not exist, and a create may be sent
     * @throws UnsettledException when it is too early to tell
     * @throws ConflictException  when what exists is not what the definition describes, or exists more than once
     */
    public String found(Exchange exchange, String key, @Variable("aepSearch") Search search)
            throws LedgerException, PlatformException, UnsettledException, ConflictException {
        Provisioning provisioning = Chain.of(exchange);
        Step step = Step.of(key);
        OpenStep open = provisioning.open(step).orElseThrow();
        List<Search.Hit> hits = step == Step.BASE_CONNECTION ? search.hits()   // whose it is matters not: its name is taken
                : unknown(ledger, step, search);
        List<Search.Hit> equal = hits.stream().filter(Search.Hit::equal).toList();
        if (step == Step.MAPPING_SET) {
            hits.retainAll(equal);   // it has no name: others for the same schema say nothing
        }
        if (step == Step.DATASET_CONNECTION && !equal.isEmpty()) {
            return adopt(exchange, provisioning, step, open, oldest(step, equal), "reused");
        } else if (step == Step.BASE_CONNECTION && !hits.isEmpty() && (open.isUnsent() || !equal.isEmpty())) {
            return share(exchange, provisioning, open, hits, equal);
        } else if (equal.size() == 1) {
            return adopt(exchange, provisioning, step, open, equal.get(0), "adopted");
        } else if (equal.size() > 1) {
            throw conflict(step, open, "there are %d at the Platform that are as this definition describes".formatted(equal.size()), equal);
        } else if (onlyAdopts(exchange)) {
            if (open.isUnsent()) {
                letGo(provisioning, step, open);
            }
            throw conflict(step, open, "a dataflow of this name exists at the Platform (%s), but none of this step that is as the definition describes"
                    .formatted(provisioning.existingFlows().isEmpty() ? "by its receipt" : "flow " + String.join(", ", provisioning.existingFlows())), hits);
        } else if (open.isUnsent()) {
            return create(exchange, open);
        } else if (open.conflict().isPresent() && !search.hits().isEmpty()) {
            letGo(provisioning, step, open);
            throw conflict(step, open, "its name exists with other content or for another dataflow (%s)"
                    .formatted(open.conflict().get().getText()), search.hits());
        }
        Optional<Duration> wait = open.settling().missed(search.startedAt());
        if (wait.isPresent()) {
            int looks = open.settling().looks();
            throw new UnsettledException(step.words() + (looks == 0 ? ": a create of it may still be on its way; it is waited for"
                    : ": a create of it has no clear outcome, and it was not found in %d looks so far".formatted(looks)), wait.get(), null);
        } else if (!hits.isEmpty()) {
            throw conflict(step, open, "a create of it has no clear outcome, and what has its name has other content", hits);
        } else if (open.conflict().isPresent()) {
            letGo(provisioning, step, open);
            throw open.conflict().get();
        }
        long sendBefore = System.nanoTime() + callTimeout.toNanos();
        Beginning again = ledger.again(lease(provisioning), open.key(), open.attempt(), callTimeout);
        OpenStep next = OpenStep.ofOurs(open.key(), open.name(), again.attempt(), sendBefore, settling(again.untilDeadline()));
        provisioning.open(step, next);
        return create(exchange, next);
    }

    /**
     * Looks at what lies at the Platform under the id that a create has answered. In: variable {@code aepVerified}.
     *
     * @throws PlatformException UNKNOWN, of the create, when that is called otherwise: then the answer was another call's
     */
    public void verify(Exchange exchange, String key) throws IOException {
        verify(exchange, Step.of(key), answers.document(exchange.getVariable("aepVerified", byte[].class)));
    }

    /**
     * Nothing shows under the id that a create has answered.
     *
     * @throws UnsettledException as long as the settle window is not over
     * @throws PlatformException  UNKNOWN, of the create, once it is: then the answer was none of its own
     */
    public void unseen(Exchange exchange, String key) throws IOException, UnsettledException {
        Step step = Step.of(key);
        OpenStep open = Chain.of(exchange).open(step).orElseThrow();
        keepUnverified(exchange, step, open);
        Optional<Duration> wait = open.settling().missed(System.nanoTime());
        if (wait.isPresent()) {
            throw new UnsettledException("%s: %s does not show yet".formatted(step.words(), exchange.getMessage().getHeader(step.header())),
                    wait.get(), null);
        }
        throw PlatformException.unusable("POST", "nothing shows under the id of its answer");
    }

    private void keepUnverified(Exchange exchange, Step step, OpenStep open) throws IOException {
        if (open.unverifiedResult().isEmpty()) {
            open.answered(answer(exchange, step), false);
            open.isOver(settling(Duration.ZERO));
        }
    }

    private static void verify(Exchange exchange, Step step, JsonNode document) throws PlatformException {
        OpenStep open = Chain.of(exchange).open(step).orElseThrow();
        String name = Searches.nameIn(step.key(), document);
        if (!name.isEmpty() && !name.equals(open.name())) {
            throw PlatformException.unusable("POST", "the answer is another call's: %s is %s"
                    .formatted(exchange.getMessage().getHeader(step.header()), name));
        }
    }

    /** A create has succeeded, and its id is in the header: the result is in the ledger when this returns. */
    public void complete(Exchange exchange, String key) throws LedgerException, IOException {
        Provisioning provisioning = Chain.of(exchange);
        Step step = Step.of(key);
        OpenStep open = provisioning.open(step).orElseThrow();
        if (step.isVerifiedByAnswer()) {
            JsonNode answer = answers.document(exchange.getVariable("aepResponse", byte[].class));
            verify(exchange, step, answer);
            if (Searches.nameIn(key, answer).isEmpty()) {
                throw PlatformException.unusable("POST", "the answer does not say what it is of");
            }
        }
        Result result = open.unverifiedResult().isPresent() ? open.unverifiedResult().get() : answer(exchange, step);
        open.answered(result, true);
        record(exchange, provisioning, step, open, result);
    }

    private Result answer(Exchange exchange, Step step) throws IOException {
        String version = step == Step.MAPPING_SET ? exchange.getMessage().getHeader(AepHeaders.MAPPING_SET_VERSION, String.class)
                : answers.etag(exchange.getVariable("aepResponse", byte[].class));
        String requestId = exchange.getVariable("header:aepResponse.x-request-id", "", String.class);
        return new Result(exchange.getMessage().getHeader(step.header(), String.class), version, requestId, "created");
    }

    private void record(Exchange exchange, Provisioning provisioning, Step step, OpenStep open, Result result)
            throws LedgerException, PlatformException {
        try {
            ledger.complete(lease(provisioning), open.key(), open.attempt(), result);
        } catch (UsedIdException e) {
            open.answered(null, false);
            throw PlatformException.unusable("POST", "the answer is another's: " + e.getMessage());
        }
        report(exchange, provisioning, step, open.key(), open.attempt(), result);
    }

    /**
     * A create has failed: says in the ledger what that means, and passes the failure on.
     *
     * @throws UnsettledException when the step has to be looked at again before it can be called a failure
     */
    public void failed(Exchange exchange, String key) throws Exception {
        Provisioning provisioning = Chain.of(exchange);
        Step step = Step.of(key);
        OpenStep open = provisioning.open(step).orElseThrow();
        PlatformException failure = exchange.getProperty(Exchange.EXCEPTION_CAUGHT, PlatformException.class);
        if (failure.getMethod().equals("GET")) {   // the look at what was made: it is looked at again
            keepUnverified(exchange, step, open);
            ledger.ended(lease(provisioning), open.key(), open.attempt());
            throw failure;
        }
        switch (failure.getOutcome()) {
            case UNKNOWN -> {
                open.answered(null, false);
                open.isOver(settling(Duration.ZERO));
                ledger.ended(lease(provisioning), open.key(), open.attempt());
            }
            case CONFLICT -> {
                open.isOver(settling(Duration.ZERO));
                open.conflictsBy(failure);
                ledger.ended(lease(provisioning), open.key(), open.attempt());
                throw new UnsettledException("%s: %s".formatted(step.words(), failure.getMessage()), Duration.ZERO, failure);
            }
            default -> {
                letGo(provisioning, step, open);
                Optional<Duration> wait = untilParentShows(exchange, provisioning, step, failure);
                if (wait.isPresent()) {
                    throw new UnsettledException("%s: %s".formatted(step.words(), failure.getMessage()), wait.get(), failure);
                }
            }
        }
        throw failure;
    }

    /** What we have made a moment ago may not be visible everywhere yet. Empty when this is not, or no longer, the case. */
    private Optional<Duration> untilParentShows(Exchange exchange, Provisioning provisioning, Step step, PlatformException failure) {
        boolean missing = failure.getStatus() == 404 || failure.getCode().endsWith("1412-400");
        boolean ours = provisioning.reports().stream()
                .anyMatch(report -> !report.outcome().equals("given") && failure.getText().contains(report.id()));
        long waited = System.nanoTime() - provisioning.parentMissingSince(step, System.nanoTime());
        Duration pause = firstPause.plusNanos(waited / 2);   // longer and longer
        return missing && ours && waited < settleWindow.toNanos() ? Optional.of(pause) : Optional.empty();
    }

    /**
     * The base connections of the name that is sought: the one that is as the definition describes serves all that describe it
     * so. Which credentials the others have, nobody can see; so none of them is chosen, and none is put beside them.
     */
    private String share(Exchange exchange, Provisioning provisioning, OpenStep open, List<Search.Hit> named, List<Search.Hit> equal)
            throws LedgerException, ConflictException {
        Step step = Step.BASE_CONNECTION;
        String problem;
        if (equal.isEmpty()) {
            problem = "a base connection of that name exists with other content";
        } else if (equal.size() > 1) {
            problem = "there are %d at the Platform that are as this definition describes".formatted(equal.size());
        } else if (equal.get(0).state().equals("disabled")) {
            problem = "it exists, but is disabled, which the Platform can change";
        } else {
            try {
                return adopt(exchange, provisioning, step, open, equal.get(0), "reused");
            } catch (UsedIdException e) {
                problem = "another definition describes it otherwise";
            }
        }
        if (open.isUnsent()) {
            letGo(provisioning, step, open);
        }
        throw conflict(step, open, problem, equal.isEmpty() ? named : equal);
    }

    private String adopt(Exchange exchange, Provisioning provisioning, Step step, OpenStep open, Search.Hit hit, String outcome)
            throws LedgerException {
        Result result = new Result(hit.id(), hit.version(), "", outcome);
        ledger.complete(lease(provisioning), open.key(), open.attempt(), result);
        report(exchange, provisioning, step, open.key(), open.attempt(), result);
        return "done";
    }

    /** As good as any other, and the same for everyone; one that is not enabled yet is worth waiting for. */
    private static Search.Hit oldest(Step step, List<Search.Hit> hits) throws PlatformException {
        boolean anyEnabled = hits.stream().anyMatch(Steps::isEnabled);
        Search.Hit oldest = hits.stream().filter(hit -> isEnabled(hit) || !anyEnabled)
                .min(Comparator.comparingLong(Search.Hit::createdAt).thenComparing(Search.Hit::id)).orElseThrow();
        if (!anyEnabled) {
            throw PlatformException.unusable("GET", "the %s %s is %s".formatted(step.words(), oldest.id(), oldest.state()));
        }
        return oldest;
    }

    private static boolean isEnabled(Search.Hit hit) {
        return hit.state().isEmpty() || hit.state().equals("enabled");
    }

    private static String create(Exchange exchange, OpenStep open) {
        exchange.getMessage().setHeader(HeaderFilter.SEND_BEFORE, String.valueOf(open.send()));
        return "create";
    }

    private void letGo(Provisioning provisioning, Step step, OpenStep open) throws LedgerException {
        ledger.clear(lease(provisioning), open.key(), open.attempt());
        provisioning.close(step);
    }

    private Settling settling(Duration untilDeadline) {
        return new Settling(settleWindow, firstPause, untilDeadline, System::nanoTime);
    }

    /** The dataflow exists at the Platform, for all we know: what it is made of is taken over, nothing is created. */
    private static boolean onlyAdopts(Exchange exchange) {
        return !Chain.of(exchange).existingFlows().isEmpty() || exchange.getVariable("aepAdoptOnly", false, Boolean.class);
    }

    private static Lease lease(Provisioning provisioning) {
        return provisioning.lease().orElseThrow();
    }

    private static ConflictException conflict(Step step, OpenStep open, String what, List<Search.Hit> hits) {
        String ids = Search.ids(hits);
        return new ConflictException("%s: %s%s".formatted(step.words(), what, ids.isEmpty() ? "" : ": " + ids), switch (step) {
            case BASE_CONNECTION -> "Nothing was touched. Name the right one by source.baseConnection.id, or by its name alone, without auth; or choose another name.";
            case TARGET_SCHEMA -> "Choose another target.schema.title, or name the existing schema by target.schema.id.";
            case TARGET_DATASET -> "Choose another target.dataset.name, or name the existing dataset by target.dataset.id.";
            default -> "Nothing was touched. Remove what is not wanted at the Platform, or choose another name, and drop the file again.";
        }, open.conflict().orElse(null));
    }

    private static void reportGiven(Exchange exchange, Provisioning provisioning, Step step) {
        String id = provisioning.given(step).orElseThrow();
        exchange.getMessage().setHeader(step.header(), id);
        if (step != Step.BASE_CONNECTION) {   // which is a source's own, and no step where it exists
            provisioning.complete(step, new Provisioning.StepReport(step.key(), "given", id, 0, 0, ""));
        }
    }

    /** Reports what the definition names itself. */
    static void reportGiven(Exchange exchange, Provisioning provisioning) {
        Stream.of(Step.values()).filter(step -> provisioning.given(step).isPresent())
                .forEach(step -> reportGiven(exchange, provisioning, step));
    }

    /** Reports a step as the ledger knows it. */
    static void report(Exchange exchange, Provisioning provisioning, RecordedStep row) {
        report(exchange, provisioning, Step.of(row.key().step()), row.key(), row.attempt(), row.result());
    }

    /** Puts the id of what a step has made, and the version of a mapping set, into the headers of the chain. */
    public static void show(Exchange exchange, Step step, Result result) {
        exchange.getMessage().setHeader(step.header(), result.id());
        if (step == Step.MAPPING_SET) {
            exchange.getMessage().setHeader(AepHeaders.MAPPING_SET_VERSION, Integer.valueOf(result.version()));
        }
    }

    private static void report(Exchange exchange, Provisioning provisioning, Step step, StepKey key, int attempt, Result result) {
        show(exchange, step, result);
        provisioning.uses(key);
        provisioning.complete(step, new Provisioning.StepReport(step.key(), result.outcome(), result.id(), attempt,
                provisioning.millis(step), result.requestId()));
    }
}
