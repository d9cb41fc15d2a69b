package io.github.aepdataflows.provision;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.aepdataflows.ledger.Beginning;
import io.github.aepdataflows.ledger.Dataflow;
import io.github.aepdataflows.ledger.Lease;
import io.github.aepdataflows.ledger.Ledger;
import io.github.aepdataflows.ledger.LedgerException;
import io.github.aepdataflows.ledger.RecordedRun;
import io.github.aepdataflows.ledger.RunOrder;
import io.github.aepdataflows.platform.Answers;
import io.github.aepdataflows.platform.HeaderFilter;
import io.github.aepdataflows.platform.Outcome;
import io.github.aepdataflows.platform.PlatformException;
import io.github.aepdataflows.resource.Flow;
import io.github.aepdataflows.resource.Kinds;
import io.github.aepdataflows.resource.Lookup;
import io.github.aepdataflows.resource.LookupResult;
import io.github.aepdataflows.resource.Run;
import io.github.aepdataflows.resource.Service;
import io.github.aepdataflows.settings.Settings;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.camel.Body;
import org.apache.camel.Exchange;
import org.apache.camel.Variable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Orders runs of flows (Flow Service, {@code POST /runs} and {@code /runs/{id}/action?op=re-trigger}): each has an intent in the ledger
 * before it is sent, and one without a clear outcome is looked for among the runs of the flow before it is sent again. Which runs, and of
 * which windows, {@link FlowOrders} and {@link OneOrder} decide.
 */
public final class RunOrders {

    private static final Logger LOG = LoggerFactory.getLogger("aep.provision");
    private static final String ORDERS = "aepRunOrders";
    private static final String ORDER = "aepRunOrder";
    private static final Duration DAY = Duration.ofDays(1);

    private final Ledger ledger;
    private final Clock clock;
    private final String sandbox;
    private final Duration callTimeout;
    private final Duration settleWindow;
    private final Duration firstPause;
    private final Duration startDelay;
    private final Duration lookback;
    private final int perRun;
    private final int perFlow;
    private final int perDay;

    public RunOrders(Settings settings, Ledger ledger, Clock clock) {
        this.ledger = ledger;
        this.clock = clock;
        this.sandbox = settings.sandbox();
        this.callTimeout = settings.duration("aep.call-timeout");
        this.settleWindow = settings.duration("aep.settle-window");
        this.firstPause = settings.duration("aep.redelivery.delay");
        this.startDelay = settings.duration("aep.start-delay");
        this.lookback = settings.duration("aep.audit.lookback");
        this.perRun = settings.integer("aep.audit.retry.per-run");
        this.perFlow = settings.integer("aep.audit.retry.per-flow");
        this.perDay = settings.integer("aep.audit.retry.per-day");
    }

    /**
     * Takes a dataflow, to order runs of its flow. Out: variable {@code aepRunOrders}.
     *
     * @param bounded whether nobody has asked for these runs, so that their number is bounded
     * @throws ConflictException when the ledger does not have it, or no flow of it
     */
    public void take(Exchange exchange, @Body String name, @Variable("aepRetryBounded") Boolean bounded)
            throws LedgerException, ConflictException {
        for (String ofAnEarlierOne : List.of(ORDERS, ORDER)) {
            exchange.removeVariable(ofAnEarlierOne);
        }
        Dataflow dataflow = ledger.dataflow(name).orElseThrow(() -> new ConflictException("the ledger has no dataflow %s".formatted(name),
                "The command status lists those that it has; the command adopt enters others."));
        String flow = ledger.resources(Kinds.FLOW.key()).entrySet().stream().filter(one -> one.getValue().equals(name))
                .map(Map.Entry::getKey).findFirst().orElseThrow(() -> new ConflictException("the dataflow %s has no flow yet"
                        .formatted(name), "Apply its definition first."));
        Provisioning provisioning = new Provisioning(clock.instant(), Work.of(exchange));
        exchange.setVariable(Provisioning.VARIABLE, provisioning);
        provisioning.leased(ledger.take(name, dataflow.digest(), dataflow.fields(), dataflow.file()), Provisioning.Task.NOTHING);
        provisioning.begin(Kinds.FLOW);
        Optional<RunOrder.Bounds> bounds = bounded == null || !bounded ? Optional.empty()
                : Optional.of(new RunOrder.Bounds(perRun, perFlow, perDay, clock.instant().minus(DAY).toEpochMilli()));
        exchange.setVariable(ORDERS, new FlowOrders(name, flow, bounds, clock.instant().minus(lookback).toEpochMilli()));
    }

    public Lookup flow(@Variable(ORDERS) FlowOrders orders) {
        return Kinds.FLOW.lookup(orders.flow());
    }

    /**
     * Orders a run of the flow on demand. In: variables {@code aepRunFrom} and {@code aepRunTo}, instants, and {@code aepDeltaColumn}, each
     * of which may be absent; {@code aepResult}, the flow.
     *
     * @throws ConflictException when the Platform runs no such flow on demand
     */
    public void onDemand(Exchange exchange, @Variable(ORDERS) FlowOrders orders, @Variable("aepResult") LookupResult result)
            throws ConflictException {
        orders.addOnDemand(result, instant(orders, exchange, "aepRunFrom"), instant(orders, exchange, "aepRunTo"),
                exchange.getVariable("aepDeltaColumn", "", String.class));
    }

    private static Optional<Instant> instant(FlowOrders orders, Exchange exchange, String variable) throws ConflictException {
        Object value = exchange.getVariable(variable);
        try {
            return value == null ? Optional.empty() : Optional.of(Instant.parse(value.toString()));
        } catch (DateTimeParseException e) {
            throw orders.refused("%s is no instant: one is 2026-01-31T00:00:00Z".formatted(value));
        }
    }

    /** A look at the columns of its source; null where that is no table. In: variable {@code aepResult}, the source connection. */
    public Lookup columns(@Variable(ORDERS) FlowOrders orders, @Variable("aepResult") LookupResult result) {
        return orders.columns(result);
    }

    /** In: variable {@code aepResult}, what the source says of its columns. */
    public void columnChecked(@Variable(ORDERS) FlowOrders orders, @Variable("aepResult") LookupResult result) throws ConflictException {
        orders.checkColumn(result);
    }

    public void addRuns(@Variable(ORDERS) FlowOrders orders, @Variable("aepResult") LookupResult page) throws PlatformException {
        orders.addRuns(page);
    }

    /** Orders a repetition of each failed run that is to have one. */
    public void failedRuns(@Variable(ORDERS) FlowOrders orders) throws LedgerException, ConflictException {
        orders.addFailed(ledger.orderedRuns(orders.flow()));
    }

    /** The next run to be ordered. Out: variable {@code aepRunOrder}, null when there is none left. */
    public void next(Exchange exchange, @Variable(ORDERS) FlowOrders orders) {
        exchange.setVariable(ORDER, orders.next());
    }

    /** A look at the newest run of the flow: what is ordered now comes after it. */
    public Lookup newest(@Variable(ORDER) OneOrder order) {
        return Run.newest(order.flow());
    }

    /** Begins the order, or tells by its getters that it is looked for first. In: variable {@code aepResult}, the newest run. */
    public void begin(Exchange exchange, @Variable(ORDERS) FlowOrders orders, @Variable(ORDER) OneOrder order,
            @Variable("aepResult") LookupResult result) throws LedgerException, ConflictException {
        Lease lease = Provisioning.of(exchange).heldLease();
        long sendBefore = System.nanoTime() + callTimeout.toNanos();
        Optional<Run> newest = Optional.of(result.document().at("/items/0")).filter(JsonNode::isObject).map(Run::of);
        order.choose(orders, newest, recorded(order).filter(RecordedRun::isIntent), clock.instant());
        Optional<Beginning> begun = ledger.orderRun(lease, order.key(), newest.map(Run::id).orElse(""),
                newest.map(Run::createdAt).orElse(0L), clock.millis(), orders.bounds(), callTimeout);
        order.rest();
        if (begun.isEmpty()) {
            orders.report(order, "left", "", "as many runs were repeated as aep.audit.retry allows");
            return;
        }
        order.begun(begun.get(), visibility(begun.get().untilDeadline()));
        if (begun.get().state() == Beginning.State.DONE) {
            orders.report(order, "unchanged", begun.get().result().id(), "");
        } else if (order.isToSend()) {
            sendBefore(exchange, sendBefore);
        }
    }

    private static void sendBefore(Exchange exchange, long deadline) {
        exchange.getMessage().setHeader(HeaderFilter.SEND_BEFORE, String.valueOf(deadline));
    }

    private VisibilityWait visibility(Duration untilDeadline) {
        return new VisibilityWait(settleWindow, firstPause, untilDeadline, System::nanoTime);
    }

    private Optional<RecordedRun> recorded(OneOrder order) throws LedgerException {
        return ledger.orderedRuns(order.flow()).stream().filter(row -> row.order().cause().equals(order.cause())).findFirst();
    }

    /** The next page of the runs that came after what was the newest one when the run was ordered. */
    public Lookup page(@Variable(ORDER) OneOrder order) throws LedgerException {
        return Run.page(order.flow(), recorded(order).map(RecordedRun::seenAt).orElse(0L), order.paging());
    }

    public void accept(@Variable(ORDER) OneOrder order, @Variable("aepResult") LookupResult page) throws PlatformException {
        order.accept(page);
    }

    /**
     * Judges a complete look for the run: it was made; or it was not, and the order may be sent again.
     *
     * @throws NotVisibleYetException when it is too early to tell
     * @throws PlatformException      when the look does not even find what was there before
     */
    public void found(Exchange exchange, @Variable(ORDERS) FlowOrders orders, @Variable(ORDER) OneOrder order) throws LedgerException,
            NotVisibleYetException, PlatformException {
        Lease lease = Provisioning.of(exchange).heldLease();
        RecordedRun row = recorded(order).orElseThrow();
        Optional<String> made = order.made(row, ids(order));
        order.rest();
        if (made.isPresent()) {
            ledger.runOrdered(lease, order.key(), made.get(), "");
            orders.report(order, "found", made.get(), "");
            return;
        }
        Optional<Duration> wait = order.missed();
        if (wait.isPresent()) {
            throw new NotVisibleYetException("a run of flow %s was ordered without a clear outcome, and is looked for"
                    .formatted(order.flow()), wait.get());
        } else if (!row.seen().isEmpty() && !order.hasSeen(row.seen())) {
            throw PlatformException.notReady("run %s of flow %s, which was there before, does not show".formatted(row.seen(),
                    order.flow()));
        }
        long sendBefore = System.nanoTime() + callTimeout.toNanos();
        order.again(ledger.orderRunAgain(lease, order.key(), order.attempt(), clock.millis(), callTimeout).attempt());
        sendBefore(exchange, sendBefore);
    }

    /** The runs that came of other orders. */
    private Set<String> ids(OneOrder order) throws LedgerException {
        return ledger.orderedRuns(order.flow()).stream().filter(row -> !row.order().cause().equals(order.cause())).map(RecordedRun::runId)
                .collect(Collectors.toSet());
    }

    /** What is sent; empty for a repetition. */
    public String body(@Variable(ORDER) OneOrder order) {
        return order.body(Flow.earliestStart(clock, startDelay));
    }

    /** It was ordered. In: variable {@code aepResponse}, whose documents show the run alone or in a list. */
    public void ordered(Exchange exchange, @Variable(ORDERS) FlowOrders orders, @Variable(ORDER) OneOrder order)
            throws LedgerException, PlatformException {
        JsonNode answer = Answers.document("POST", exchange.getVariable("aepResponse", byte[].class));
        String id = answer.at("/items/0/id").asText(answer.path("id").asText());
        if (!Service.FLOW_SERVICE.isId(id) || id.equals(order.cause()) || ids(order).contains(id)) {
            throw PlatformException.unusable("POST", "no id of a new run in the answer");
        }
        ledger.runOrdered(Provisioning.of(exchange).heldLease(), order.key(), id, CreateOnce.requestId(exchange));
        LOG.info("ordered run {} of dataflow {}{}", id, orders.dataflow(), order.isRepetition() ? ": it repeats run " + order.cause() : "");
        orders.report(order, "ordered", id, "");
    }

    /** An order has failed: says in the ledger what that means, and passes the failure on, unless other runs may still be repeated. */
    public void failed(Exchange exchange, @Variable(ORDERS) FlowOrders orders, @Variable(ORDER) OneOrder order)
            throws LedgerException, PlatformException {
        PlatformException failure = exchange.getProperty(Exchange.EXCEPTION_CAUGHT, PlatformException.class);
        Lease lease = Provisioning.of(exchange).heldLease();
        boolean isFinal = failure.getOutcome() == Outcome.REJECTED && order.isRepetition();
        if (failure.getOutcome() == Outcome.UNKNOWN || failure.getOutcome() == Outcome.CONFLICT) {
            ledger.runOrderEnded(lease, order.key());
            order.lost(visibility(Duration.ZERO));
        } else if (isFinal) {
            ledger.runOrderRefused(lease, order.key());
            orders.report(order, "refused", "", failure.getMessage());
            return;
        } else {
            ledger.forgetRunOrder(lease, order.key());
        }
        throw failure;
    }

    /** What was ordered, as JSON text: {@code dataflow, sandbox, flow, runs [{repeats, outcome, run, from, to, why}]}. */
    public String report(@Variable(ORDERS) FlowOrders orders) {
        return orders.report(sandbox).toPrettyString();
    }
}
