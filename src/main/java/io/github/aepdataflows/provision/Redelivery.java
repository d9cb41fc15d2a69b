package io.github.aepdataflows.provision;

import io.github.aepdataflows.ledger.BusyException;
import io.github.aepdataflows.ledger.FileClaim;
import io.github.aepdataflows.ledger.Lease;
import io.github.aepdataflows.ledger.LeaseLostException;
import io.github.aepdataflows.ledger.Ledger;
import io.github.aepdataflows.ledger.LedgerException;
import io.github.aepdataflows.ledger.UnusableLedgerException;
import io.github.aepdataflows.platform.Outcome;
import io.github.aepdataflows.platform.PlatformException;
import io.github.aepdataflows.settings.Settings;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Stream;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * Runs after each failed attempt, before the error handler decides whether there is another, and decides that. It counts
 * by itself, per call: Camel's own counter would also count the looks for what a create may have made.
 */
public final class Redelivery implements Processor {

    private static final Logger LOG = LoggerFactory.getLogger("aep.provision");
    private static final String FAILURES = "aepFailedAttempts";
    private static final String REFUSED = "aepRefusedCall";
    private static final String REFUSED_SINCE = "aepRefusedSince";
    private static final String FAILED_AT = "aepFailedAtProgress";
    /** The variable with what has succeeded, which the copies of an exchange share. */
    private static final String PROGRESS = "aepProgress";
    private static final List<String> CALL_HEADERS = List.of(Exchange.REDELIVERED, Exchange.REDELIVERY_COUNTER,
            Exchange.REDELIVERY_MAX_COUNTER, Exchange.REDELIVERY_DELAY, "AepIfMatch", "AepSendBefore");

    /** @param reads each once, however often it is repeated: else a failure beside it would be repeated for ever */
    private record Progress(Set<String> reads) {
    }

    /** A lease outlives that in any case. */
    private static final Duration SHORT = Duration.ofSeconds(1);

    private final Ledger ledger;
    private final int most;
    private final long window;
    private final LongAdder failedAttempts = new LongAdder();

    public Redelivery(Settings settings, Ledger ledger) {
        this.ledger = ledger;
        this.most = settings.integer("aep.redelivery.max");
        this.window = settings.duration("aep.settle-window").toNanos();
    }

    @Override
    public void process(Exchange exchange) {
        Work.of(exchange).stillAlive();
        resetAfterProgress(exchange);
        failedAttempts.increment();
        Exception failure = exchange.getProperty(Exchange.EXCEPTION_CAUGHT, Exception.class);
        if (failure instanceof PlatformException refusal) {
            refusal.retryAfter().ifPresent(wait -> keep(exchange, wait));
        }
        // in place of the policy's own delay
        // not too early
        wait(failure).ifPresent(wait -> exchange.getMessage().setHeader(Exchange.REDELIVERY_DELAY, wait.plusNanos(999_999).toMillis()));
        if (failure instanceof PlatformException refusal && refusal.getOutcome() == Outcome.UNAUTHORIZED) {
            refused(exchange, exchange.getProperty(Exchange.TO_ENDPOINT, "", String.class));
        } else if (!(failure instanceof NotVisibleYetException) && !isKeptWaiting(failure)) {
            exchange.setProperty(FAILURES, failures(exchange) + 1);
        }
        String file = exchange.getVariable("aepFile", String.class);
        // why calls are not even sent was said once, by what keeps them back
        boolean isKeptBack = failure instanceof PlatformException refusal && refusal.isWithheld() && refusal.getCode().isEmpty();
        LOG.atLevel(isKeptBack ? Level.DEBUG : Level.INFO).log("{}{}{}", file == null ? "" : file + ": ", failure.getMessage(),
                failure instanceof PlatformException refusal ? refusal.requestWords() : "");
    }

    /** Nobody takes over what is only waited for as the Platform has asked: he would be asked to wait, too. */
    private void keep(Exchange exchange, Duration wait) {
        Provisioning provisioning = Provisioning.of(exchange);
        Optional<Lease> lease = provisioning == null ? Optional.empty() : provisioning.lease();
        Optional<FileClaim> claim = Optional.ofNullable(exchange.getVariable("aepClaim", FileClaim.class));
        if (wait.compareTo(SHORT) > 0 && (lease.isPresent() || claim.isPresent())) {
            try {
                ledger.keep(lease, claim, wait);
            } catch (LedgerException e) {
                LOG.debug("what happens next tells whether it is still ours: {}", e.getMessage());
            }
        }
    }

    /** A definition is begun: what was counted for another one is not shared with it. */
    public void begin(Exchange exchange) {
        exchange.setVariable(PROGRESS, new Progress(ConcurrentHashMap.newKeySet()));
        Fork.forget(exchange);
        reset(exchange);
    }

    /** Between two calls: each may be retried as often as any other, whatever the ones before it have used up. */
    public void reset(Exchange exchange) {
        CALL_HEADERS.forEach(exchange.getMessage()::removeHeader);
        Stream.of(FAILURES, REFUSED, REFUSED_SINCE).forEach(exchange::removeProperty);
        if (exchange.getVariable(PROGRESS) instanceof Progress progress && exchange.getVariable("aepLookup") != null) {
            progress.reads.add(exchange.getVariable("aepLookup").toString());
        }
    }

    /** What has succeeded on a copy of the exchange was not seen to be reset here. */
    private static void resetAfterProgress(Exchange exchange) {
        int reads = exchange.getVariable(PROGRESS) instanceof Progress progress ? progress.reads.size() : 0;
        int steps = Provisioning.of(exchange) == null ? 0 : Provisioning.of(exchange).reports().size();
        if (exchange.getProperty(FAILED_AT, -1, Integer.class) != reads + steps) {
            Stream.of(FAILURES, REFUSED, REFUSED_SINCE).forEach(exchange::removeProperty);
            exchange.setProperty(FAILED_AT, reads + steps);
        }
    }

    /** The first time the call is repeated at once: most often its token was just revoked, and a new one serves. */
    private static void refused(Exchange exchange, String call) {
        if (call.equals(exchange.getProperty(REFUSED))) {
            exchange.getMessage().removeHeader(Exchange.REDELIVERY_DELAY);   // that of the policy
        } else {
            exchange.setProperty(REFUSED, call);
            exchange.setProperty(REFUSED_SINCE, System.nanoTime());
            exchange.getMessage().setHeader(Exchange.REDELIVERY_DELAY, 0);
        }
    }

    /** Another call was asked to wait, and this one was not even sent: how often that happens says nothing of it. */
    private static boolean isKeptWaiting(Exception failure) {
        return failure instanceof PlatformException refusal && refusal.getOutcome() == Outcome.THROTTLED && refusal.getStatus() == 0;
    }

    /** As long as the Platform, or what we wait for, asks for. */
    private static Optional<Duration> wait(Exception failure) {
        if (failure instanceof PlatformException refusal) {
            return refusal.retryAfter();
        }
        return failure instanceof NotVisibleYetException unsettled ? Optional.of(unsettled.untilNextLook()) : Optional.empty();
    }

    /**
     * Whether the call whose token was refused just now may be repeated, with a new one: as long as the settle window lasts, for the
     * gateway may not know a new token, or not know it everywhere, for a moment.
     */
    public boolean isTokenToSettle(Exchange exchange) {
        return System.nanoTime() - exchange.getProperty(REFUSED_SINCE, Long.class) < window;
    }

    /**
     * Whether what has failed just now may be tried again: {@code aep.redelivery.max} times. Not when another instance has taken
     * the dataflow over, or the ledger is lost; and not when another run has it in hand, if there is a file, which waits better than a
     * thread does. It is worth the while of a thread where the dataflow is ours, and only a step of the same content is just being made
     * for another one.
     */
    public boolean shouldRetry(Exchange exchange) {
        Object failure = exchange.getProperty(Exchange.EXCEPTION_CAUGHT);
        boolean isOurs = Provisioning.of(exchange) != null && Provisioning.of(exchange).lease().isPresent();
        boolean waitsAsAFile = failure instanceof BusyException && !isOurs && exchange.getVariable("aepFile") != null;
        boolean isFinal = failure instanceof LeaseLostException || failure instanceof UnusableLedgerException;
        return failures(exchange) <= most && !waitsAsAFile && !isFinal;
    }

    /** Attempts that have failed since the start, and were repeated or given up. */
    public long failedAttempts() {
        return failedAttempts.sum();
    }

    private static int failures(Exchange exchange) {
        return exchange.getProperty(FAILURES, 0, Integer.class);
    }
}
