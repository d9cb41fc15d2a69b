package io.github.aepdataflows.audit;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.aepdataflows.ledger.Ledger;
import io.github.aepdataflows.ledger.LedgerException;
import io.github.aepdataflows.resource.LookupResult;
import io.github.aepdataflows.resource.Search;
import io.github.aepdataflows.settings.Settings;
import java.time.Clock;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.camel.Body;
import org.apache.camel.ExchangeException;
import org.apache.camel.Variable;

/** What the audit's routes call: begins audits, one at a time, and hands each the documents that the routes have read. */
public final class Auditor {

    private static final ObjectMapper JSON = new ObjectMapper();
    /** Of what an observation can be. */
    private static final Set<String> SUBJECTS = Set.of("flow/", "missing/", "duplicate/");
    private static final String WITHOUT_LEDGER = "what is ours: ";

    private final Duration grace;
    private final Duration lookback;
    private final String sandbox;
    private final boolean retries;
    private final Ledger ledger;
    private final Clock clock;
    private final AtomicBoolean busy = new AtomicBoolean();

    public Auditor(Settings settings, Ledger ledger, Clock clock) {
        this.grace = settings.duration("aep.audit.grace");
        this.lookback = settings.duration("aep.audit.lookback");
        this.sandbox = settings.sandbox();
        this.retries = settings.text("aep.audit.retry").equals("true");
        this.ledger = ledger;
        this.clock = clock;
    }

    /** Takes the turn to audit; false when an audit is going on. */
    public boolean begin() {
        return busy.compareAndSet(false, true);
    }

    public void end() {
        busy.set(false);
    }

    /** Begins an audit by reading the ledger. One that cannot be read is a problem of the audit, and no reason not to look. */
    public Audit audit(@Variable("aepLastReport") JsonNode lastReport) {
        Optional<JsonNode> last = Optional.ofNullable(lastReport).filter(report -> report.path("sandbox").asText().equals(sandbox));
        try {
            return new Audit(clock.instant(), grace, lookback, last, Inventory.of(ledger));
        } catch (LedgerException e) {
            Audit audit = new Audit(clock.instant(), grace, lookback, last, Inventory.unread());
            audit.problem(WITHOUT_LEDGER + e.getMessage());
            return audit;
        }
    }

    public void addFlows(@Variable("aepAudit") Audit audit, @Variable("aepResult") LookupResult page) {
        audit.addFlows(page.document());
    }

    /** The flow spec of some that may stream was read. */
    public void addFlowSpec(@Variable("aepAudit") Audit audit, @Variable("aepResult") LookupResult result) {
        audit.getStreaming().accept(result);
    }

    /** The list of flows could not be read to its end. */
    public void incomplete(@Variable("aepAudit") Audit audit, @ExchangeException Exception why) {
        audit.incomplete("the list of flows: " + why.getMessage());
    }

    /** The walk through a collection of the Platform. */
    public Search search(@Variable("aepListing") Listing listing) {
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

    /** A page of the runs of all flows. */
    public void addAllRuns(@Variable("aepAudit") Audit audit, @Variable("aepResult") LookupResult page) {
        audit.addRuns(page.document());
    }

    /** The Platform does not list the runs of all flows: those of each flow have to be read. */
    public void notWalked(@Variable("aepAudit") Audit audit) {
        audit.getRunWalk().failed();
    }

    public void judgeWalked(@Variable("aepAudit") Audit audit) {
        audit.judgeWalked();
    }

    public void addRuns(@Variable("aepRuns") FlowRuns runs, @Variable("aepResult") LookupResult page) {
        runs.addPage(page.document());
    }

    public void addNewest(@Variable("aepRuns") FlowRuns runs, @Variable("aepResult") LookupResult page) {
        runs.addNewest(page.document());
    }

    public void judge(@Variable("aepAudit") Audit audit, @Variable("aepRuns") FlowRuns runs) {
        audit.judge(runs);
    }

    /** The runs of a flow could not be read. */
    public void unread(@Variable("aepAudit") Audit audit, @Variable("aepRuns") FlowRuns runs, @ExchangeException Exception why) {
        audit.unread(runs, String.valueOf(why.getMessage()));
    }

    public void compare(@Variable("aepAudit") Audit audit, @Variable("aepListing") Listing listing, @Variable("aepSearch") Search search)
            throws LedgerException {
        audit.compare(listing, search);
    }

    /** What there is of a kind could not be listed or compared. */
    public void uncompared(@Variable("aepAudit") Audit audit, @Variable("aepListing") Listing listing, @ExchangeException Exception why) {
        audit.problem("%s: %s".formatted(listing.words(), why.getMessage()));
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
    public void unretried(@Variable("aepAudit") Audit audit, @Variable("aepRetried") String dataflow, @ExchangeException Exception why) {
        audit.problem("failed runs of dataflow %s were not repeated: %s".formatted(dataflow, why.getMessage()));
    }

    /** Notes in the ledger what is otherwise than in the audit before; whoever is to be told of that, is, by and by. */
    public JsonNode report(@Variable("aepAudit") Audit audit) {
        if (ledger.isOpen()) {
            try {
                ledger.observe(audit.observations(), audit.isComplete() ? SUBJECTS : Set.of());
            } catch (LedgerException e) {
                audit.problem("what has changed could not be recorded: " + e.getMessage());
            }
        }
        return audit.report(sandbox);
    }
}
