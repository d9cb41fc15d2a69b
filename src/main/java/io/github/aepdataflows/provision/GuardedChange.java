package io.github.aepdataflows.provision;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.aepdataflows.ledger.Beginning;
import io.github.aepdataflows.ledger.Change;
import io.github.aepdataflows.ledger.Lease;
import io.github.aepdataflows.ledger.Ledger;
import io.github.aepdataflows.ledger.LedgerException;
import io.github.aepdataflows.ledger.RecordedChange;
import io.github.aepdataflows.platform.HeaderFilter;
import io.github.aepdataflows.platform.PlatformException;
import io.github.aepdataflows.resource.Difference;
import io.github.aepdataflows.resource.Flow;
import io.github.aepdataflows.resource.Kind;
import io.github.aepdataflows.resource.Kinds;
import io.github.aepdataflows.settings.Settings;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.camel.Exchange;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one mechanism by which a resource is updated, switched or deleted: an intent in the ledger before anything is sent, its outcome
 * after it, and after an outcome that nobody knows, another look at the resource. Changes of what Flow Service
 * keeps name the etag that was looked at, so that one that is late, or somebody else's in between, is refused (412) rather than
 * overwritten; schemas, datasets and mapping sets have none.
 */
public final class GuardedChange {

    private static final Logger LOG = LoggerFactory.getLogger("aep.platform");
    private static final String CHANGE = "aepChange";
    private static final int PRECONDITION_FAILED = 412;
    private static final int MOST_CONFLICTS = 3;
    /** The resource is in a state in which it takes no change (Flow Service errors). */
    private static final Set<String> NOT_NOW = Set.of("1416-400", "1417-400", "1420-400", "1421-400", "1422-400", "1457-400", "1458-400");

    private final Ledger ledger;
    private final Duration callTimeout;
    private final Duration settleWindow;
    private final Duration firstPause;

    public GuardedChange(Settings settings, Ledger ledger) {
        this.ledger = ledger;
        this.callTimeout = settings.duration("aep.call-timeout");
        this.settleWindow = settings.duration("aep.settle-window");
        this.firstPause = settings.duration("aep.redelivery.delay");
    }

    private static Lease lease(Exchange exchange) {
        return Provisioning.of(exchange).heldLease();
    }

    /**
     * The next call may be sent when this returns.
     *
     * @param etag that the resource must still have; empty where it has none
     * @return how often the same change was begun by now
     * @throws NotVisibleYetException while another change of the resource may still be under way
     */
    int begin(Exchange exchange, Change change, String etag) throws LedgerException, NotVisibleYetException {
        long sendBefore = System.nanoTime() + callTimeout.toNanos();
        Beginning beginning = ledger.change(lease(exchange), change, callTimeout);
        if (beginning.state() == Beginning.State.UNRESOLVED) {
            throw new NotVisibleYetException("%s %s: another change of it may still be under way; it is waited for"
                    .formatted(Kinds.of(change.step()).words(), change.resourceId()), beginning.untilDeadline());
        }
        exchange.setVariable(CHANGE, change);
        exchange.getMessage().setHeader(HeaderFilter.SEND_BEFORE, String.valueOf(sendBefore));
        if (etag.isEmpty()) {
            exchange.getMessage().removeHeader(HeaderFilter.IF_MATCH);
        } else {
            exchange.getMessage().setHeader(HeaderFilter.IF_MATCH, etag);
        }
        return beginning.attempt();
    }

    static Change change(Exchange exchange) {
        return exchange.getVariable(CHANGE, Change.class);
    }

    /** Whether the resource is as it is by a change of ours whose outcome was not known: then that is known now. */
    boolean resolves(Exchange exchange, Kind kind, String id, String action) throws LedgerException {
        Lease lease = lease(exchange);
        for (RecordedChange open : ledger.changes(lease.dataflow())) {
            Change change = open.change();
            if (open.state() == RecordedChange.State.INTENT && change.step().equals(kind.key()) && change.resourceId().equals(id)
                    && change.action().equals(action)) {
                ledger.changed(lease, change, "", "");
                return true;
            }
        }
        return false;
    }

    /** The change was applied. */
    void done(Exchange exchange, String version) throws LedgerException {
        ledger.changed(lease(exchange), change(exchange), version, CreateOnce.requestId(exchange));
    }

    /** The change was applied again, and had no effect. */
    void futile(Exchange exchange, List<Difference> left) throws LedgerException {
        Change change = change(exchange);
        LOG.warn("The Platform has taken the same change of {} {} twice, and keeps what it has of {}", Kinds.of(change.step()).words(),
                change.resourceId(), left.stream().map(Difference::path).collect(Collectors.joining(", ")));
        ledger.changeFutile(lease(exchange), change);
    }

    /** The change was certainly not applied. */
    void refused(Exchange exchange) throws LedgerException {
        ledger.changeRefused(lease(exchange), change(exchange));
    }

    /**
     * The call has failed: says in the ledger what that means, and passes the failure on.
     *
     * @throws NotVisibleYetException when the resource has to be looked at again before this can be called a failure
     * @throws ConflictException      when somebody else changes it again and again, or its new name is taken
     */
    void failed(Exchange exchange) throws Exception {
        PlatformException failure = exchange.getProperty(Exchange.EXCEPTION_CAUGHT, PlatformException.class);
        Change change = change(exchange);
        Kind kind = Kinds.of(change.step());
        switch (failure.getOutcome()) {
            case UNKNOWN -> ledger.changeEnded(lease(exchange), change);
            case CONFLICT -> {
                ledger.changeEnded(lease(exchange), change);   // a proxy that sends a call twice gets this for one that was applied
                if (failure.getStatus() == PRECONDITION_FAILED && Provisioning.of(exchange).conflict(kind) < MOST_CONFLICTS) {
                    throw new NotVisibleYetException("%s: somebody else has changed %s just now; it is looked at again"
                            .formatted(kind.words(), change.resourceId()), Duration.ZERO, failure);
                }
                throw new ConflictException("%s %s: %s".formatted(kind.words(), change.resourceId(), failure.getText()),
                        failure.getStatus() == PRECONDITION_FAILED
                        ? "Somebody else changes it at the same time. Apply the definition again when that is over."
                                : "It was not changed: its name is taken, something still depends on it, or a policy forbids it.", failure);
            }
            default -> {
                refused(exchange);
                boolean isLate = UnknownReference.isLikely(failure, kind, Provisioning.of(exchange).reports())
                        && isRecent(exchange, change.resourceId());
                if (isLate || NOT_NOW.stream().anyMatch(failure.getCode()::endsWith)) {
                    waitFor(exchange, change.resourceId(), failure.getText());
                }
            }
        }
        throw failure;
    }

    /** @throws NotVisibleYetException while the Platform is still at work on the resource, which takes no change then */
    void refuseWhileTransient(Exchange exchange, JsonNode resource, String id) throws NotVisibleYetException, PlatformException {
        if (Flow.isTransient(resource)) {
            waitFor(exchange, id, "it is " + resource.path(Flow.STATE).asText());
        }
    }

    /** Whether it is not long since this was first asked of the resource in this run: less than the settle window. */
    boolean isRecent(Exchange exchange, String id) {
        return System.nanoTime() - Provisioning.of(exchange).waitingSince(id, System.nanoTime()) < settleWindow.toNanos();
    }

    Duration firstPause() {
        return firstPause;
    }

    private void waitFor(Exchange exchange, String id, String why) throws NotVisibleYetException, PlatformException {
        long waited = System.nanoTime() - Provisioning.of(exchange).waitingSince(id, System.nanoTime());
        if (waited >= settleWindow.toNanos()) {
            throw PlatformException.notReady("%s cannot be changed: %s".formatted(id, why));
        }
        throw new NotVisibleYetException("%s cannot be changed just now: %s".formatted(id, why), firstPause.plusNanos(waited / 2));
    }
}
