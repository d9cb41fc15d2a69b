package io.github.aepdataflows.audit;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.github.aepdataflows.definition.Definition;
import io.github.aepdataflows.files.Reports;
import io.github.aepdataflows.ledger.Dataflow;
import io.github.aepdataflows.ledger.Ledger;
import io.github.aepdataflows.ledger.LedgerException;
import io.github.aepdataflows.ledger.Publication;
import io.github.aepdataflows.ledger.Turn;
import io.github.aepdataflows.provision.Diagnosis;
import io.github.aepdataflows.provision.Failure;
import io.github.aepdataflows.resource.Kinds;
import io.github.aepdataflows.resource.Lookup;
import io.github.aepdataflows.resource.LookupResult;
import io.github.aepdataflows.resource.Search;
import io.github.aepdataflows.settings.Settings;
import java.io.IOException;
import java.text.ParseException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Date;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TimeZone;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import org.apache.camel.Body;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangeProperty;
import org.apache.camel.Variable;
import org.quartz.CronExpression;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What the audit's routes call: begins audits, one at a time, and hands each the documents that the routes have read. */
public final class Auditor {

    private static final ObjectMapper JSON = new ObjectMapper();
    /** Of what an observation can be. */
    private static final Set<String> SUBJECTS = Set.of("flow/", "missing/", "duplicate/");
    private static final Set<String> SUBJECTS_WITH_DRIFT = Set.of("flow/", "missing/", "duplicate/", Audit.DRIFT);
    private static final Logger LOG = LoggerFactory.getLogger("aep.audit");
    private static final String WORK = "audit";
    private static final String WITHOUT_LEDGER = "what is ours: ";

    private final Duration grace;
    private final Duration lookback;
    private final String sandbox;
    private final boolean retries;
    private final int compared;
    private final boolean publishes;
    private final boolean isShared;
    private final Instant start;
    private final long startNanos = System.nanoTime();
    private final Ledger ledger;
    private final Reports reports;
    private final Clock clock;
    private final CronExpression schedule;
    private final AtomicBoolean busy = new AtomicBoolean();
    private volatile Instant lastTurn = Instant.EPOCH;

    public Auditor(Settings settings, Ledger ledger, Reports reports, Clock clock) throws ParseException {
        this.grace = settings.duration("aep.audit.grace");
        this.lookback = settings.duration("aep.audit.lookback");
        this.sandbox = settings.sandbox();
        this.retries = settings.text("aep.audit.retry").equals("true");
        this.compared = settings.integer("aep.audit.drift");
        this.publishes = settings.text("aep.kafka.enabled").equals("true");
        this.isShared = settings.isLedgerShared();
        this.start = clock.instant();
        this.ledger = ledger;
        this.reports = reports;
        this.clock = clock;
        this.schedule = new CronExpression(settings.text("aep.audit.cron"));
        schedule.setTimeZone(TimeZone.getTimeZone("UTC"));
    }

    /**
     * The turn to audit by schedule among the instances that share the ledger; null while it is not time by the ledger's clock, or another
     * instance has it, or the ledger cannot tell.
     */
    public Turn turn() {
        try {
            Turn turn = ledger.turn(WORK, this::next);
            lastTurn = turn.begun();
            return turn.taken() ? turn : null;
        } catch (LedgerException e) {
            LOG.debug("whose turn it is to audit: {}", e.getMessage());
            return null;
        }
    }

    private long next(long millis) {
        Date next = schedule.getNextValidTimeAfter(new Date(millis));
        return next == null ? Long.MAX_VALUE : next.getTime();
    }

    /** When an audit was begun last by schedule, by whatever instance; long ago where nobody shares the ledger. */
    public Instant lastTurn() {
        return lastTurn;
    }

    /** When this program was started, and now; by the clock that the schedule goes by. */
    public record Uptime(Instant start, Instant now) {
    }

    /** Where instances share the ledger, by the clock of the ledger; empty while that cannot tell. */
    public Optional<Uptime> uptime() {
        try {
            if (!isShared) {
                return Optional.of(new Uptime(start, clock.instant()));
            }
            Instant now = ledger.now();
            return Optional.of(new Uptime(now.minusNanos(System.nanoTime() - startNanos), now));
        } catch (LedgerException e) {
            return Optional.empty();
        }
    }

    /** It is over, whether the audit was made or left out. */
    public void endTurn(@Variable("aepTurn") Turn turn) {
        try {
            ledger.end(turn);
        } catch (LedgerException e) {
            LOG.debug("ended as soon as the ledger can be written: {}", e.getMessage());
        }
    }

    /** What was seen could not be recorded, so that nobody is told of it: whoever can audits once more. */
    public void releaseTurn(@Variable("aepTurn") Turn turn) {
        try {
            ledger.release(turn);
        } catch (LedgerException e) {
            LOG.debug("released as soon as the ledger can be written: {}", e.getMessage());
        }
    }

    /** False when an audit of this instance is going on. */
    public boolean begin() {
        return busy.compareAndSet(false, true);
    }

    public void end() {
        busy.set(false);
    }

    /** Begins an audit by reading the ledger. One that cannot be read is a problem of the audit, and no reason not to look. */
    public Audit audit(@Variable("aepTurn") Turn turn) throws IOException {
        Instant now = turn == null ? clock.instant() : turn.begun();   // the instances' own clocks may differ
        LastReport last = LastReport.newest(reports.files(), sandbox, now.plus(RunWalk.CLOCK_SKEW));
        try {
            Map<String, String> flows = new HashMap<>();
            ledger.resources(Kinds.FLOW.key()).forEach((id, dataflow) -> flows.put(dataflow, id));
            return new Audit(now, grace, lookback, last, Inventory.of(ledger),
                    new Drift(now, compared, compared == 0 ? List.of() : ledger.dataflows(), flows, last), ledger.alarms());
        } catch (LedgerException e) {
            Audit audit = new Audit(now, grace, lookback, last, Inventory.unread(), Drift.none(), Set.of());
            audit.problem(WITHOUT_LEDGER + e.getMessage());
            return audit;
        }
    }

    /** The list of flows could not be read to its end. */
    public void incomplete(@Variable("aepAudit") Audit audit, @ExchangeProperty(Exchange.EXCEPTION_CAUGHT) Exception why) {
        audit.incomplete("the list of flows: " + why.getMessage());
    }

    /** The walk through a collection of the Platform. */
    public Search search(@Body Listing listing) {
        return listing.search();
    }

    public void compareFlows(@Variable("aepAudit") Audit audit) {
        audit.judgeStreaming();
        try {
            audit.compareFlows();
        } catch (LedgerException e) {
            audit.problem(WITHOUT_LEDGER + e.getMessage());
        }
    }

    /** The Platform does not list the runs of all flows: those of each flow have to be read. */
    public void notWalked(@Variable("aepAudit") Audit audit) {
        audit.runWalk().failed();
    }

    public void judgeWalked(@Variable("aepAudit") Audit audit) {
        audit.judgeWalked();
    }

    public void judge(@Variable("aepAudit") Audit audit, @Variable("aepRuns") FlowRuns runs) {
        audit.judge(runs);
    }

    public void unread(@Variable("aepAudit") Audit audit, @Variable("aepRuns") FlowRuns runs,
            @ExchangeProperty(Exchange.EXCEPTION_CAUGHT) Exception why) {
        audit.unread(runs, String.valueOf(why.getMessage()));
    }

    public void compare(@Variable("aepAudit") Audit audit, @Body Listing listing, @Variable("aepSearch") Search search)
            throws LedgerException {
        audit.compare(listing, search);
    }

    public Lookup flow(@Body String id) {
        return Kinds.FLOW.lookup(id);
    }

    /** Its runs, which are to be read; null where there is no such flow any more, which an audit tells, or it has none as it streams. */
    public FlowRuns runsOf(@Variable("aepAudit") Audit audit, @Variable("aepResult") LookupResult result, @Body String id) {
        JsonNode flow = result.isFound() ? result.single(id) : MissingNode.getInstance();
        return flow.has("scheduleParams") && flow.path("id").asText().equals(id) ? audit.runsOf(flow) : null;
    }

    /** Notes what is otherwise than before of the flows that were looked at. */
    public void observed(@Variable("aepAudit") Audit audit) throws LedgerException {
        ledger.observe(audit.observations(), Set.of(), Set.of(), audit.alarms(), Optional.empty(), Optional.empty());
    }

    /** What there is of a kind could not be listed or compared. */
    public void uncompared(@Variable("aepAudit") Audit audit, @Body Listing listing,
            @ExchangeProperty(Exchange.EXCEPTION_CAUGHT) Exception why) {
        audit.problem("%s: %s".formatted(listing.words(), why.getMessage()));
    }

    /** Our dataflows that may be compared with their definitions, in the order of their turns. */
    public List<Dataflow> toCompare(@Variable("aepAudit") Audit audit) {
        try {
            return audit.drift().isOn() ? audit.drift().order(audit.missingDataflows(), ledger.now()) : List.of();
        } catch (LedgerException e) {
            audit.problem(WITHOUT_LEDGER + e.getMessage());
            return List.of();
        }
    }

    /** Whether another one may be compared in this audit. */
    public boolean mayCompare(@Variable("aepAudit") Audit audit) {
        return audit.drift().isOpen();
    }

    /** The definition that it was made from is not at hand. */
    public void withoutDefinition(@Variable("aepAudit") Audit audit, @Variable("aepCompared") Dataflow row) {
        audit.drift().withoutDefinition(row, "its definition is not in done/");
    }

    /** In: the body, the plan for the definition in the variable. What somebody works on meanwhile says nothing. */
    public void planned(@Variable("aepAudit") Audit audit, @Variable("aepCompared") Dataflow row,
            @Variable("aepDefinition") Definition definition, @Body String plan) throws JsonProcessingException, LedgerException {
        boolean isAsBefore = ledger.dataflow(row.name()).filter(now -> now.token() == row.token()).isPresent();
        if (isAsBefore) {
            List<String> changed = definition.digest().equals(row.digest()) ? List.of()
                    : definition.fingerprint().changesSince(row.fields());
            audit.drift().compared(row, changed, JSON.readTree(plan));
        } else {
            audit.drift().notCompared(row, "somebody worked on it");
        }
    }

    /**
     * It could not be compared. That it has to wait is a problem of the audit. Where the Platform cannot be asked, no other one is asked
     * about, either.
     */
    public void uncomparable(Exchange exchange, @Variable("aepAudit") Audit audit, @Variable("aepCompared") Dataflow row) {
        Diagnosis why = Diagnosis.of(exchange);
        if (why.tryAgain() == Failure.TryAgain.PAUSE) {
            audit.drift().halt();
        } else {
            audit.drift().notCompared(row, why.message() + why.firstFault().map(". "::concat).orElse(""));
        }
        if (why.tryAgain() != Failure.TryAgain.NO) {
            audit.problem("dataflow %s and its definition: %s".formatted(row.name(), why.message()));
        }
    }

    /** The dataflows whose failed runs are to be repeated; none unless {@code aep.audit.retry} says so. */
    public Collection<String> toRetry(@Variable("aepAudit") Audit audit) {
        try {
            return retries ? audit.failedDataflows(ledger.openRunOrders()) : List.of();
        } catch (LedgerException e) {
            audit.problem(WITHOUT_LEDGER + e.getMessage());
            return List.of();
        }
    }

    /** In: the body, what has come of the failed runs of a dataflow. */
    public void retried(@Variable("aepAudit") Audit audit, @Body String report) throws JsonProcessingException {
        audit.retried(JSON.readTree(report));
    }

    /** The failed runs of a dataflow could not be repeated now; the next audit tries again. */
    public void unretried(@Variable("aepAudit") Audit audit, @Variable("aepRetried") String dataflow,
            @ExchangeProperty(Exchange.EXCEPTION_CAUGHT) Exception why) {
        audit.problem("failed runs of dataflow %s were not repeated: %s".formatted(dataflow, why.getMessage()));
    }

    /**
     * Notes in the ledger what is otherwise than in the audit before; whoever is to be told of that, is, by and by. With it the turn ends.
     * Then writes the report.
     *
     * @return the name of its file
     * @throws LedgerException when another instance has taken over the turn, or nobody can know: then this audit is nobody's
     */
    public String report(@Variable("aepAudit") Audit audit, @Variable("aepTurn") Turn turn) throws LedgerException, IOException {
        Set<String> all = audit.drift().isOn() ? SUBJECTS_WITH_DRIFT : SUBJECTS;
        Set<String> complete = audit.isComplete() ? all : Set.of();
        Set<String> unseen = audit.drift().notCompared().stream().map(Audit.DRIFT::concat).collect(Collectors.toSet());
        Optional<Publication> publication = publishes ? Optional.of(Publication.of(Publication.AUDIT, sandbox,
                audit.report(sandbox))) : Optional.empty();
        audit.setRecorded(turn != null || ledger.isOpen());
        if (turn != null) {
            ledger.observe(audit.observations(), complete, unseen, audit.alarms(), Optional.of(turn), publication);
        } else if (audit.isRecorded()) {
            try {
                ledger.observe(audit.observations(), complete, unseen, audit.alarms(), Optional.empty(), publication);
            } catch (LedgerException e) {
                audit.setRecorded(false);
                audit.problem("what has changed could not be recorded: " + e.getMessage());
            }
        }
        String file = reports.write(audit.time(), to -> audit.report(sandbox, to));
        if (publishes && !audit.isRecorded()) {
            ledger.publishLater(() -> publication(file));
        }
        return file;
    }

    /** That of a report which the ledger could not take, once it can be written, from the file: it may be very long. */
    private Optional<Publication> publication(String file) {
        try {
            return Optional.of(Publication.of(Publication.AUDIT, sandbox, reports.text(file)));
        } catch (IOException e) {
            LOG.warn("reports/{} is not published, it cannot be read: {}", file, e.toString());
            return Optional.empty();
        }
    }
}
