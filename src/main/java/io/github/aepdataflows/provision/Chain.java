package io.github.aepdataflows.provision;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.aepdataflows.check.CheckResult;
import io.github.aepdataflows.check.ReplyCache;
import io.github.aepdataflows.definition.Connectors;
import io.github.aepdataflows.definition.Definition;
import io.github.aepdataflows.definition.DefinitionException;
import io.github.aepdataflows.definition.DefinitionPart;
import io.github.aepdataflows.definition.DefinitionReader;
import io.github.aepdataflows.definition.Fault;
import io.github.aepdataflows.definition.FieldGroupFiles;
import io.github.aepdataflows.definition.Overlays;
import io.github.aepdataflows.definition.UnreadableFileException;
import io.github.aepdataflows.ledger.Event;
import io.github.aepdataflows.ledger.FileClaim;
import io.github.aepdataflows.ledger.Lease;
import io.github.aepdataflows.ledger.Ledger;
import io.github.aepdataflows.ledger.LedgerException;
import io.github.aepdataflows.ledger.Publication;
import io.github.aepdataflows.ledger.RecordedStep;
import io.github.aepdataflows.ledger.StepKey;
import io.github.aepdataflows.platform.AepHeaders;
import io.github.aepdataflows.resource.Kind;
import io.github.aepdataflows.resource.Kinds;
import io.github.aepdataflows.settings.Settings;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BiPredicate;
import java.util.stream.Collectors;
import org.apache.camel.Body;
import org.apache.camel.Exchange;
import org.apache.camel.Header;
import org.apache.camel.Variable;
import org.apache.camel.support.ResourceHelper;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What the route of the chain does with a definition as a whole, from reading it to the ledger's last word. */
public final class Chain {

    private static final Logger LOG = LoggerFactory.getLogger("aep.provision");
    private static final String SCHEMA = "classpath:aep-dataflows/dataflow.schema.json";

    public static final String DEFINITION = "aepDefinition";

    /** What an earlier definition may have left on the exchange. */
    private static final List<String> OF_ONE_DEFINITION = List.of(DEFINITION, CheckResult.VARIABLE, "aepChecked", "aepDraft", "aepPlan",
            "aepStep", "aepSnapshot", Ending.VARIABLE);

    private final DefinitionReader reader;
    private final Ledger ledger;
    private final Bodies bodies;
    private final Credentials credentials;
    private final Clock clock;
    private final Receipts receipts;

    /** @param clock decides whether a start time lies in the past */
    public Chain(Settings settings, Connectors connectors, Ledger ledger, Bodies bodies, Credentials credentials, Clock clock,
            Receipts receipts) throws IOException {
        this.receipts = receipts;
        this.credentials = credentials;
        try (InputStream schema = ResourceHelper.resolveMandatoryResourceAsInputStream(settings.getCamelContext(), SCHEMA)) {
            this.reader = new DefinitionReader(schema, connectors, settings.sandbox(),
                    Overlays.in(settings.text("aep.overlays-dir"), settings.sandbox()),
                    FieldGroupFiles.in(settings.text("aep.field-groups-dir")), clock);
        }
        this.ledger = ledger;
        this.bodies = bodies;
        this.clock = clock;
    }

    /** Reads the message body, a definition's bytes or text or a {@link DefinitionPart}, into the variable {@code aepDefinition}. */
    public void read(Exchange exchange) throws DefinitionException, LedgerException, IOException {
        Work work = Work.of(exchange);
        work.at("read the definition");
        Ending.begin();
        Provisioning provisioning = new Provisioning(clock.instant(), work);
        provisioning.toTell();
        exchange.setVariable(Provisioning.VARIABLE, provisioning);
        boolean adoptsOnly = exchange.getVariable("aepAdoptOnly", false, Boolean.class);   // what exists may have started
        Definition definition = parsed(exchange, name -> adoptsOnly || isBegun(name)).flawless();
        provisioning.describedBy(definition);
        exchange.setVariable(DEFINITION, definition);
    }

    /** As {@link #read}, of a definition that is only checked: faults are kept for the report. Out: variable {@code aepDraft}, too. */
    public void draft(Exchange exchange) throws LedgerException, IOException {
        exchange.removeVariable(Provisioning.VARIABLE);
        DefinitionReader.Draft draft = parsed(exchange, name -> ledger.isOpen() && isBegun(name));   // a check needs none
        exchange.setVariable("aepDraft", draft);
        exchange.setVariable(DEFINITION, draft.definition().orElse(null));
    }

    /** As {@link #read}, of a definition that is to be compared with what is there, which may have started, whoever has made it. */
    public void toPlan(Exchange exchange) throws DefinitionException, LedgerException, IOException {
        exchange.removeVariable(Provisioning.VARIABLE);
        exchange.setVariable(DEFINITION, parsed(exchange, name -> true).toPlan());
    }

    /** @throws DefinitionException with all faults that the Platform could tell, if they matter whatever is to be made */
    public void toPlanChecked(@Variable(DEFINITION) Definition definition, @Variable(CheckResult.VARIABLE) CheckResult check)
            throws DefinitionException {
        List<Fault> faults = definition.isMappingOpen() ? check.faults() : check.faultsInAnyCase();
        if (!faults.isEmpty()) {
            throw new DefinitionException(definition.name(), faults);
        }
    }

    /** What tells whether the dataflow of this name may have started already. */
    private interface Running {

        boolean test(String name) throws LedgerException;
    }

    /** @throws LedgerException when it had to be asked, and could not be */
    private DefinitionReader.Draft parsed(Exchange exchange, Running running) throws LedgerException, IOException {
        forgetEarlierOnes(exchange);
        AtomicReference<LedgerException> trouble = new AtomicReference<>();
        BiPredicate<String, String> asked = (name, digest) -> {
            try {
                return running.test(name);
            } catch (LedgerException e) {
                trouble.set(e);
                return true;
            }
        };
        boolean adoptsOnly = exchange.getVariable("aepAdoptOnly", false, Boolean.class);
        DefinitionReader.Draft draft = exchange.getMessage().getBody() instanceof DefinitionPart part
                ? reader.draft(part, asked, adoptsOnly) : reader.draft(content(exchange), asked, adoptsOnly);
        if (trouble.get() != null) {
            throw trouble.get();
        }
        return draft;
    }

    /** Reads a definition and forgets it: a program that this kills has not begun with any other of the same file. */
    void tryToRead(DefinitionPart part) {
        try {
            reader.draft(part, (name, digest) -> true);
        } catch (UnreadableFileException e) {
            LOG.debug("told once it is provisioned: {}", e.getMessage());
        }
    }

    /** Whether the definition in the message body wants its dataflow to be absent. */
    public boolean isAbsent(@Body DefinitionPart part) {
        try {
            return reader.isAbsent(part);
        } catch (UnreadableFileException e) {
            return false;   // told once it is provisioned
        }
    }

    private static void forgetEarlierOnes(Exchange exchange) {
        OF_ONE_DEFINITION.forEach(exchange::removeVariable);
        Failure.clear(exchange);
        ReplyCache.begin(exchange);
    }

    /** Whether a flow of the definition's dataflow is known, or may be: begun here, or taken over. */
    public boolean isFlowKnown(@Variable(DEFINITION) Definition definition) throws LedgerException {
        return ledger.isOpen() && isBegun(definition.name());
    }

    /** Id of the base connection that the definition's description has made before; null when it has made none. */
    public String recalledConnection(Exchange exchange, @Variable(DEFINITION) Definition definition) throws LedgerException {
        Kind kind = Kinds.BASE_CONNECTION;
        if (!kind.isDescribedBy(definition) || !ledger.isOpen()) {
            return null;
        }
        StepKey key = new StepKey("", kind.key(), kind.digest(bodies.requests(exchange, kind).get(0)));
        return ledger.made(key).map(step -> step.result().id()).orElse(null);
    }

    /** The base connections that definitions have made or used: their ids, and whether their secrets are others by now. */
    public Map<String, Boolean> knownConnections(Exchange exchange, @Variable(DEFINITION) Definition definition) throws LedgerException {
        Kind kind = Kinds.BASE_CONNECTION;
        Map<String, Boolean> known = new HashMap<>();
        if (kind.isDescribedBy(definition) && ledger.isOpen()) {
            JsonNode request = bodies.requests(exchange, kind).get(0);
            for (RecordedStep step : ledger.shared(kind.key())) {
                if (step.name().equals(kind.naturalKey(request))) {
                    String id = step.result().id();
                    known.put(id, !credentials.rotated(kind, request, id).isEmpty());
                }
            }
        }
        return known;
    }

    /**
     * Takes over what the check has found out.
     *
     * @throws DefinitionException with all faults; not when the flow of this very definition was begun, which is past judging
     */
    public void checked(Exchange exchange, @Variable(CheckResult.VARIABLE) CheckResult check) throws DefinitionException, LedgerException {
        Provisioning provisioning = Provisioning.of(exchange);
        Definition definition = provisioning.definition().orElseThrow();
        List<Fault> faults = check.faultsInAnyCase();
        boolean adoptsOnly = exchange.getVariable("aepAdoptOnly", false, Boolean.class);
        boolean changed = provisioning.lease().filter(lease -> !lease.digest().equals(definition.digest())).isPresent();
        if (!faults.isEmpty() && (check.isIncomplete() || check.isUpdated() || !adoptsOnly && (changed || !isBegun(definition.name())))) {
            throw new DefinitionException(definition.name(), faults);
        }
        if (!Kinds.BASE_CONNECTION.isDescribedBy(definition)) {   // a source's own, and no step where it exists
            check.baseConnectionId().ifPresent(id -> exchange.getMessage().setHeader(Kinds.BASE_CONNECTION.header(), id));
        }
        check.schemaId().ifPresent(id -> provisioning.lookedUp(Kinds.TARGET_SCHEMA, id));
        check.datasetId().ifPresent(id -> provisioning.lookedUp(Kinds.TARGET_DATASET, id));
    }

    /** The base connection was made, and its id is in the header. */
    public void connected(@Variable(CheckResult.VARIABLE) CheckResult check, @Header(AepHeaders.BASE_CONNECTION_ID) String id) {
        check.baseConnectionMade(id);
    }

    /** What a text says does not depend on the exchange's charset. What a stream had is the body from then on, as it comes but once. */
    static byte[] content(Exchange exchange) throws IOException {
        Object body = exchange.getMessage().getBody();
        if (body instanceof String text) {
            return text.getBytes(StandardCharsets.UTF_8);
        }
        try (InputStream in = exchange.getMessage().getBody(InputStream.class)) {
            byte[] content = in == null ? new byte[0] : in.readNBytes(DefinitionReader.MAX_BYTES + 1);
            if (body instanceof InputStream) {
                exchange.getMessage().setBody(content);
            }
            return content;
        }
    }

    /** Whether a flow was begun for the dataflow: then its start may lie in the past. */
    private boolean isBegun(String name) throws LedgerException {
        return CreateOnce.begun(ledger, name).anyMatch(step -> step.key().step().equals(Kinds.FLOW.key()));
    }

    /**
     * Takes the dataflow in the ledger, and decides what is to be done about it: it is to be made; or it exists, and is to be compared with
     * the definition; or it is to be deleted; or it is only to be adopted, and was.
     */
    public void take(Exchange exchange, @Variable("aepFile") String file, @Variable("aepClaim") FileClaim claim)
            throws LedgerException, ConflictException {
        Provisioning provisioning = Provisioning.of(exchange);
        Definition definition = provisioning.definition().orElseThrow();
        if (claim != null) {
            ledger.parsed(claim);
        }
        Work.of(exchange).at("check");
        Lease lease = provisioning.lease().isPresent() ? provisioning.heldLease()   // the ledger has failed since
                : ledger.take(definition.name(), definition.digest(), definition.fingerprint().fields(), file == null ? "" : file);
        provisioning.leased(lease, Provisioning.Task.NOTHING);
        provisioning.leased(lease, CreateOnce.adoptsOnly(exchange) ? toAdopt(definition, lease) : toApply(definition, lease));
        if (!provisioning.isToApply() && !provisioning.isToDelete()) {
            reportAll(exchange, provisioning);
            provisioning.became("unchanged");
        }
    }

    /**
     * @throws ConflictException when a dataflow that is only to be adopted was provisioned with another definition, and is not as this one
     *                           describes; with all differences
     */
    public void refuseOther(Exchange exchange, @Variable("aepPlan") Plan plan) throws ConflictException {
        Provisioning provisioning = Provisioning.of(exchange);
        Definition definition = provisioning.definition().orElseThrow();
        Lease lease = provisioning.heldLease();
        if (CreateOnce.adoptsOnly(exchange) && lease.done() && !plan.isEmpty()) {
            throw new ConflictException("the dataflow %s was provisioned%s with another definition, digest %s; it differs in: %s"
                    .formatted(definition.name(), lease.file().isEmpty() ? "" : " from " + lease.file(), lease.digest(),
                            String.join(", ", definition.fingerprint().changesSince(lease.fields()))),
                    "Nothing was changed. Apply the definition, if the dataflow is to be changed to it.");
        }
    }

    private static Provisioning.Task toAdopt(Definition definition, Lease lease) {
        if (lease.done() && !lease.digest().equals(definition.digest())) {
            return Provisioning.Task.COMPARE;
        }
        return lease.done() || definition.lifecycle().isAbsent() ? Provisioning.Task.NOTHING : Provisioning.Task.PROVISION;
    }

    private Provisioning.Task toApply(Definition definition, Lease lease) throws LedgerException, ConflictException {
        if (definition.lifecycle().isAbsent()) {
            refuseUnresolved(definition.name());
            return Provisioning.Task.DELETE;
        }
        boolean exists = lease.done() || !lease.digest().equals(definition.digest()) || hasFlow(definition.name());
        return exists ? Provisioning.Task.COMPARE : Provisioning.Task.PROVISION;
    }

    private void reportAll(Exchange exchange, Provisioning provisioning) throws LedgerException {
        Definition definition = provisioning.definition().orElseThrow();
        for (RecordedStep step : ledger.steps(definition.name())) {
            CreateOnce.reportRecorded(exchange, provisioning, step);
        }
        Kinds.ALL.stream().filter(kind -> kind.isNamedBy(definition) && provisioning.namedId(kind).isPresent())
                .forEach(kind -> CreateOnce.reportNamed(exchange, provisioning, kind));
    }

    private boolean hasFlow(String dataflow) throws LedgerException {
        return ledger.steps(dataflow).stream().anyMatch(step -> step.key().step().equals(Kinds.FLOW.key()) && !step.result().id()
                .isEmpty());
    }

    /** What may have been made, and nobody knows its id, could not be deleted. */
    private void refuseUnresolved(String dataflow) throws LedgerException, ConflictException {
        Optional<RecordedStep> unresolved = ledger.unresolved(dataflow).stream().findFirst();
        if (unresolved.isPresent()) {
            throw new ConflictException("the outcome of step %s of the dataflow %s is not known yet".formatted(unresolved.get().key()
                    .step(), dataflow),
                    "Nothing was deleted. Provision the definition that it was begun with once more, so that it is found; then this one.");
        }
    }

    /** Whether no flow of this definition was begun by us, so that others of its name are to be looked for. */
    public boolean isFlowNew(Exchange exchange) throws LedgerException {
        Provisioning provisioning = Provisioning.of(exchange);
        return !provisioning.isToCompare() && !isBegun(provisioning.definition().orElseThrow().name());
    }

    /** All steps are done: the ledger's last word, and the dataflow is let go. */
    public void finish(Exchange exchange) throws LedgerException {
        Provisioning provisioning = Provisioning.of(exchange);
        Definition definition = provisioning.definition().orElseThrow();
        String file = exchange.getVariable("aepFile", "", String.class);
        Lease lease = provisioning.lease().orElseThrow();
        boolean same = lease.done() && lease.digest().equals(definition.digest());
        boolean isGone = provisioning.hasDeleted() || lease.done() && !same || lease.resumed();   // else there never was any
        String outcome = definition.lifecycle().isAbsent() ? isGone ? "deleted" : "unchanged"
                : outcome(provisioning, exchange.getVariable("aepPlan") != null);
        FileClaim claim = exchange.getVariable("aepClaim", FileClaim.class);
        // finished for this file, which got no receipt
        boolean untold = same && lease.file().equals(file) && claim != null && claim.token() > 1;
        provisioning.became(untold && outcome.equals("unchanged") ? untold(definition) : outcome);
        List<StepKey> used = new ArrayList<>(provisioning.used());
        if (definition.target().schema().isPartUnread() && !definition.lifecycle().isAbsent()) {
            ledger.steps(definition.name()).stream().map(RecordedStep::key)
                    .filter(key -> key.step().equals(Kinds.FIELD_GROUP.key()) && !used.contains(key)).forEach(used::add);
        }
        ledger.finish(lease.describing(definition.digest(), definition.fingerprint().fields(), file), used,
                Ending.done(exchange, provisioning).event(), receipts.publication(exchange));
    }

    /** @param compared whether the dataflow existed, and was compared with the definition */
    private static String outcome(Provisioning provisioning, boolean compared) {
        Set<String> outcomes = provisioning.reports().stream().map(Provisioning.StepReport::outcome).collect(Collectors.toSet());
        if (!compared) {
            return outcomes.contains("created") ? "created" : "adopted";
        } else if (provisioning.isReplaced(Kinds.FLOW)) {
            return "replaced";
        } else if (provisioning.reports().stream().anyMatch(report -> report.step().equals(Kinds.FLOW.key()) && report.outcome()
                .equals("created"))) {
            return "created";
        }
        if (outcomes.stream().anyMatch(outcome -> outcome.matches("created|updated|enabled|disabled|published"))) {
            return "updated";
        }
        return outcomes.contains("adopted") ? provisioning.isAdopted() ? "adopted" : "updated" : "unchanged";
    }

    /** What the run has done that was killed before it could say so. */
    private String untold(Definition definition) throws LedgerException {
        return definition.lifecycle().isAbsent() ? "deleted" : ledger.changes(definition.name()).isEmpty() ? "created" : "updated";
    }

    /** The definition came to its end: releases the dataflow, and says what has become of it. */
    public void end(Exchange exchange) throws LedgerException {
        Provisioning provisioning = Provisioning.of(exchange);
        Ending ending = Ending.done(exchange, provisioning);
        if (provisioning.outcome().equals("unchanged") && !provisioning.isToApply() && !provisioning.isToDelete()) {
            release(provisioning, Optional.of(ending.event()), receipts.publication(exchange));
        } else {   // that was recorded when it was finished
            release(provisioning, Optional.empty(), Optional.empty());
        }
        LOG.info("{}", ending.getWords());
        Ending.end();
    }

    /** It failed: releases the dataflow, and says why where nobody else does. In: variable {@code aepFailure}. */
    public void fail(Exchange exchange, @Variable(Failure.NAME) Failure failure) {
        Provisioning provisioning = Provisioning.of(exchange);
        boolean inInbox = exchange.getVariable(Work.VARIABLE) != null;
        Optional<Ending> ending = provisioning.isToTell() ? Optional.of(Ending.failed(exchange, provisioning, failure,
                inInbox && failure.tryAgain() != Failure.TryAgain.NO)) : Optional.empty();
        exchange.setVariable(Ending.VARIABLE, ending.orElse(null));
        release(provisioning, ending.map(Ending::event), ending.flatMap(each -> receipts.publication(failure)));
        if (exchange.getVariable("aepFile") == null) {        // the inbox says it with the file's place
            LOG.warn("{}", ending.map(Ending::getWords).orElse(failure.summary()));
        }
        if (!inInbox) {
            Ending.end();
        }
    }

    /** Releases the dataflow, whatever has become of it. */
    public void release(Exchange exchange) {
        release(Provisioning.of(exchange), Optional.empty(), Optional.empty());
    }

    private void release(Provisioning provisioning, Optional<Event> event, Optional<Publication> publication) {
        try {
            if (provisioning.lease().isPresent() && event.isPresent()) {
                ledger.release(provisioning.lease().get(), event.get(), publication);
            } else if (provisioning.lease().isPresent()) {
                ledger.release(provisioning.lease().get());
            } else if (event.isPresent()) {
                ledger.record(event.get(), publication);
            }
            provisioning.released();
        } catch (LedgerException e) {
            LOG.warn("the dataflow {} could not be released in the ledger; it is as soon as that can be written: {}",
                    provisioning.lease().map(Lease::dataflow).orElse(""), e.getMessage());
        }
        provisioning.told();
    }

}
