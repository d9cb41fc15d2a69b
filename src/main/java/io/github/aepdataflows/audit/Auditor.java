package io.github.aepdataflows.audit;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.aepdataflows.ledger.Ledger;
import io.github.aepdataflows.ledger.LedgerException;
import io.github.aepdataflows.resource.LookupResult;
import io.github.aepdataflows.resource.Search;
import io.github.aepdataflows.settings.Settings;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.camel.ExchangeException;
import org.apache.camel.Variable;

/** What the audit's routes call: begins audits, one at a time, and hands each the documents that the routes have read. */
public final class Auditor {

    private static final String WITHOUT_LEDGER = "what is ours: ";

    private final Duration grace;
    private final Duration lookback;
    private final String sandbox;
    private final Ledger ledger;
    private final Clock clock;
    private final AtomicBoolean busy = new AtomicBoolean();

    public Auditor(Settings settings, Ledger ledger, Clock clock) {
        this.grace = settings.duration("aep.audit.grace");
        this.lookback = settings.duration("aep.audit.lookback");
        this.sandbox = settings.sandbox();
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

    /** The list of flows could not be read to its end. */
    public void incomplete(@Variable("aepAudit") Audit audit, @ExchangeException Exception why) {
        audit.incomplete("the list of flows: " + why.getMessage());
    }

    /** The walk through a collection of the Platform. */
    public Search search(@Variable("aepListing") Listing listing) {
        return listing.search();
    }

    public void compareFlows(@Variable("aepAudit") Audit audit) {
        try {
            audit.compareFlows();
        } catch (LedgerException e) {
            audit.problem(WITHOUT_LEDGER + e.getMessage());
        }
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

    public JsonNode report(@Variable("aepAudit") Audit audit) {
        return audit.report(sandbox);
    }
}
