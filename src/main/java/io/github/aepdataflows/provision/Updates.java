package io.github.aepdataflows.provision;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.aepdataflows.definition.Definition;
import io.github.aepdataflows.ledger.Change;
import io.github.aepdataflows.ledger.Ledger;
import io.github.aepdataflows.ledger.LedgerException;
import io.github.aepdataflows.ledger.RecordedStep;
import io.github.aepdataflows.ledger.Result;
import io.github.aepdataflows.ledger.StepKey;
import io.github.aepdataflows.platform.Answers;
import io.github.aepdataflows.platform.PlatformException;
import io.github.aepdataflows.resource.Action;
import io.github.aepdataflows.resource.Difference;
import io.github.aepdataflows.resource.Kind;
import io.github.aepdataflows.resource.Kinds;
import io.github.aepdataflows.resource.Lookup;
import io.github.aepdataflows.resource.LookupResult;
import io.github.aepdataflows.resource.StepId;
import io.github.aepdataflows.resource.Verdict;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.apache.camel.Exchange;
import org.apache.camel.Variable;

/**
 * What the routes call to make a resource that exists what the definition describes: always from a fresh look, always with the intent in
 * the ledger before anything is sent, and never over somebody else's change.
 */
public final class Updates {

    private static final String UPDATE = "update";
    private static final String DEFERRED = "enable";   // a change of its own in the ledger: the one does not tell what became of the other
    private static final String STEP = "aepStep";

    private final Ledger ledger;
    private final GuardedChange guarded;
    private final Bodies bodies;
    private final Comparisons comparisons;
    private final Credentials credentials;

    public Updates(Ledger ledger, GuardedChange guarded, Bodies bodies, Comparisons comparisons, Credentials credentials) {
        this.credentials = credentials;
        this.ledger = ledger;
        this.guarded = guarded;
        this.bodies = bodies;
        this.comparisons = comparisons;
    }

    /** A fresh look at the resource. Out: its id in the header. */
    public Lookup lookup(Exchange exchange, @Variable(STEP) Step step) {
        step.planned().flatMap(Plan.Planned::recorded).ifPresent(recorded -> CreateOnce.show(exchange, step.kind(), recorded.result()));
        if (step.isOfOthers()) {
            exchange.getMessage().setHeader(step.kind().header(), step.planned().orElseThrow().id());
        }
        return lookupMade(exchange, step);
    }

    /**
     * Begins the update of what was looked at just now: it may be sent when the step says so, with the intent in the ledger; else the
     * resource is as it should be by now.
     *
     * @throws ConflictException      when somebody has changed it so that it can no longer be updated
     * @throws NotVisibleYetException when it cannot be changed just now
     * @throws PlatformException      when it does not exist
     */
    public void begin(Exchange exchange, @Variable(STEP) Step step, @Variable("aepResult") LookupResult result,
                      @Variable("aepDefinition") Definition definition)
            throws LedgerException, ConflictException, NotVisibleYetException, PlatformException {
        String id = exchange.getMessage().getHeader(step.kind().header(), String.class);
        JsonNode actual = step.kind().partOf().isPresent() ? part(exchange, id, result) : existing(step.kind(), id, result);
        step.kind().versionHeader().ifPresent(header ->   // whoever has made this version: it is the one that is wanted, or the next is
                exchange.getMessage().setHeader(header, Integer.valueOf(step.kind().versionOf(actual))));
        send(exchange, step, id, actual, definition, false);
    }

    /**
     * The target schema, once more: what was left of it for later is done now. Out: variable {@code aepStep}, null when the definition does
     * not enable a schema of its own for Profile.
     */
    public void deferred(Exchange exchange, @Variable("aepDefinition") Definition definition) {
        Kind kind = Kinds.TARGET_SCHEMA;
        boolean wanted = kind.isDescribedBy(definition) && definition.target().profile() && !CreateOnce.adoptsOnly(exchange);
        if (wanted) {
            Provisioning.of(exchange).begin(kind);
        }
        exchange.setVariable(STEP, wanted ? new Step(new StepId(kind, 0), bodies.requests(exchange, kind).get(0), definition.name(),
                Optional.empty(), false) : null);
    }

    public Lookup lookupMade(Exchange exchange, @Variable(STEP) Step step) {
        return step.kind().lookup(exchange.getMessage().getHeader(step.kind().header(), String.class));
    }

    /** As {@link #begin}, of what was left for later. */
    public void beginDeferred(Exchange exchange, @Variable(STEP) Step step, @Variable("aepResult") LookupResult result,
                              @Variable("aepDefinition") Definition definition)
            throws LedgerException, ConflictException, NotVisibleYetException, PlatformException {
        String id = exchange.getMessage().getHeader(step.kind().header(), String.class);
        send(exchange, step, id, existing(step.kind(), id, result), definition, true);
    }

    public void keepDeferred(Exchange exchange, @Variable(STEP) Step step) throws LedgerException {
        String id = exchange.getMessage().getHeader(step.kind().header(), String.class);
        Provisioning.of(exchange).completeDeferred(step.id(), step.isUpdated() || guarded.resolves(exchange, step.kind(), id, DEFERRED));
    }

    /** What a resource says in a document beside its own; nothing where there is none yet. Its etag is in a header of the answer. */
    private static JsonNode part(Exchange exchange, String id, LookupResult result) {
        return result.isFound() && result.single(id) instanceof ObjectNode document
                ? document.put("etag", exchange.getVariable("header:aepResponse.etag", "", String.class))
                : JsonNodeFactory.instance.objectNode();
    }

    private static JsonNode existing(Kind kind, String id, LookupResult result) throws PlatformException {
        if (!result.isFound()) {
            throw PlatformException.notReady("%s %s does not show".formatted(kind.words(), id));
        }
        return result.single(id);
    }

    /** @param deferred whether the differences are meant that have a step of their own, or the others */
    private void send(Exchange exchange, Step step, String id, JsonNode actual, Definition definition, boolean deferred)
            throws LedgerException, ConflictException, NotVisibleYetException, PlatformException {
        Kind.Comparison comparison = comparisons.compare(step.kind(), definition, step.getRequest(), actual,
                difference -> step.kind().isDeferred(difference) == deferred);
        List<Difference> differences = comparison.differences();
        Verdict verdict = comparison.verdict();
        step.nothing();
        if (verdict.action() == Action.NONE) {
            return;
        } else if (verdict.action() != Action.UPDATE) {
            throw new ConflictException("%s: %s was changed by somebody else meanwhile: %s"
                    .formatted(step.kind().words(), id, verdict.reason()), "What can be done about it, a plan tells.");
        }
        guarded.refuseWhileTransient(exchange, actual, id);
        step.marks(credentials.marks(step.kind(), step.getRequest()));
        JsonNode patch = step.kind().patch(differences, step.getRequest(), actual);
        Change change = Comparisons.update(step.kind(), id, deferred ? DEFERRED : UPDATE, patch);
        boolean isRepeated = guarded.begin(exchange, change, step.kind().etagOf(actual)) > 1;
        boolean isPart = step.kind().partOf().isPresent();   // the answer to its update need not show it
        boolean isNew = !deferred && differences.stream().anyMatch(Difference::isMissing);   // what was deferred was never there
        if (isRepeated || isPart || isNew) {
            step.confirm(isRepeated);
        }
        step.send(step.kind().idPath(id), patch);
    }

    /** A look at what was updated, where it is not sure that the update has any effect. In: variable {@code aepResult}. */
    public void confirm(Exchange exchange, @Variable(STEP) Step step, @Variable("aepResult") LookupResult result,
                        @Variable("aepDefinition") Definition definition) throws LedgerException {
        if (result.isFound()) {
            JsonNode actual = result.single(exchange.getMessage().getHeader(step.kind().header(), String.class));
            comparisons.learn(step.kind(), step.getRequest(), actual);
            confirm(exchange, step, actual, definition, false);
        }
    }

    /** As {@link #confirm}, of what was left for later. */
    public void confirmDeferred(Exchange exchange, @Variable(STEP) Step step, @Variable("aepResult") LookupResult result,
                                @Variable("aepDefinition") Definition definition) throws LedgerException {
        if (result.isFound()) {
            confirm(exchange, step, result.single(exchange.getMessage().getHeader(step.kind().header(), String.class)), definition, true);
        }
    }

    private void confirm(Exchange exchange, Step step, JsonNode actual, Definition definition, boolean deferred) throws LedgerException {
        Kind.Comparison left = comparisons.compare(step.kind(), definition, step.getRequest(), actual,
                difference -> step.kind().isDeferred(difference) == deferred && difference.wanted() != Difference.ROTATED);
        if (left.verdict().action() != Action.NONE && step.isRepeated()) {
            guarded.futile(exchange, left.differences());
        }
    }

    /** It was updated. In: variable {@code aepResponse}, the answer. */
    public void updated(Exchange exchange, @Variable(STEP) Step step) throws LedgerException, PlatformException {
        Kind kind = step.kind();
        String method = kind.update().orElseThrow().method();
        byte[] response = exchange.getVariable("aepResponse", byte[].class);
        JsonNode answer = kind.partOf().isPresent() ? JsonNodeFactory.instance.objectNode()   // which need not name it; it is looked at
                : Answers.about(GuardedChange.change(exchange).resourceId(), method, response);
        String version = kind.createdVersion(answer)
                .orElseThrow(() -> PlatformException.unusable(method, "no integer version in the answer"));
        kind.versionHeader().ifPresent(header -> exchange.getMessage().setHeader(header, Integer.valueOf(version)));
        guarded.done(exchange, kind.versionHeader().isPresent() ? "" : version);
        step.updated();
        step.requestId(CreateOnce.requestId(exchange));
    }

    /** An update has failed: says in the ledger what that means, and passes the failure on. */
    public void failed(Exchange exchange) throws Exception {
        guarded.failed(exchange);
    }

    /** It is as the definition describes. */
    public void keep(Exchange exchange, @Variable(STEP) Step step) throws LedgerException {
        Provisioning provisioning = Provisioning.of(exchange);
        Kind kind = step.kind();
        String id = step.planned().map(Plan.Planned::id).filter(known -> !known.isEmpty())
                .orElseGet(() -> exchange.getMessage().getHeader(kind.header(), String.class));
        boolean updated = step.isUpdated() || guarded.resolves(exchange, kind, id, UPDATE);
        if (updated) {
            step.updated();
        }
        int attempts = 0;
        String unchanged = "unchanged";
        Optional<RecordedStep> recorded = step.planned().flatMap(Plan.Planned::recorded);
        if (step.isOfOthers()) {
            attempts = ledger.begin(provisioning.heldLease(), step.key(), step.name(), Duration.ZERO).attempt();
            unchanged = "adopted";
            ledger.complete(provisioning.heldLease(), step.key(), attempts, new Result(id, "", "", unchanged));
            provisioning.uses(step.key());
        } else if (recorded.isPresent() && recorded.get().key().shared()) {
            CreateOnce.show(exchange, kind, recorded.get().result());
            provisioning.uses(updated ? describe(exchange, step, recorded.get()) : recorded.get().key());
            keepCredentials(provisioning, step, recorded.get().result().id());
        } else if (recorded.isPresent()) {
            provisioning.uses(describe(exchange, step, recorded.get()));
            attempts = recorded.get().attempt();
        }
        if (recorded.isPresent() && provisioning.isAdopted(recorded.get().key()) && !recorded.get().result().outcome().equals("created")) {
            unchanged = recorded.get().result().outcome();
        }
        provisioning.complete(step.id(), new Provisioning.StepReport(kind.key(), updated ? "updated" : unchanged, id, attempts,
                step.millis(), step.requestId()));
    }

    private void keepCredentials(Provisioning provisioning, Step step, String id) throws LedgerException {
        String dataflow = provisioning.heldLease().dataflow();
        if (step.isUpdated()) {
            credentials.sent(dataflow, step.kind(), step.getRequest(), id, step.marks());
        }
        credentials.used(dataflow, step.kind(), step.getRequest(), id);
    }

    /** The ledger has it for the content that it has now. */
    private StepKey describe(Exchange exchange, Step step, RecordedStep recorded) throws LedgerException {
        Kind kind = step.kind();
        Result before = recorded.result();
        if (step.planned().orElseThrow().action() == Action.NONE) {
            CreateOnce.show(exchange, kind, before);
        }
        String version = kind.versionHeader().map(header -> String.valueOf(exchange.getMessage().getHeader(header)))
                .orElse(before.version());
        StepKey wanted = new StepKey(recorded.key().dataflow(), kind.key(), step.key().content());
        if (!wanted.equals(recorded.key()) || !version.equals(before.version())) {
            ledger.describe(Provisioning.of(exchange).heldLease(), recorded.key(), wanted, step.name(), version);
        }
        return wanted;
    }
}
