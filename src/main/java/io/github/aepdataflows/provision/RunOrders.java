package io.github.aepdataflows.provision;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
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
import io.github.aepdataflows.resource.Paging;
import io.github.aepdataflows.resource.Run;
import io.github.aepdataflows.resource.RunStatus;
import io.github.aepdataflows.resource.Service;
import io.github.aepdataflows.settings.Settings;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.camel.Body;
import org.apache.camel.Exchange;
import org.apache.camel.Variable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Orders runs of flows (Flow Service, {@code POST /runs} and {@code /runs/{id}/action?op=re-trigger}): each has an intent in the ledger
 * before it is sent, and one without a clear outcome is looked for among the runs of the flow before it is sent again.
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

    /** The runs of one flow that are ordered together. Lives in the exchange variable {@code aepRunOrders}. */
    public static final class Orders {

        private final String dataflow;
        private final String flow;
        private final Optional<RunOrder.Bounds> bounds;
        private final long since;
        private final Paging paging = new Paging(Service.FLOW_SERVICE);
        private final Map<String, Run> runs = new LinkedHashMap<>();
        private final List<Order> open = new ArrayList<>();
        private final ArrayNode reports = JsonNodeFactory.instance.arrayNode();

        private Orders(String dataflow, String flow, Optional<RunOrder.Bounds> bounds, long since) {
            this.dataflow = dataflow;
            this.flow = flow;
            this.bounds = bounds;
            this.since = since;
        }

        /** Whether there is another page of runs to read. */
        public boolean isMore() {
            return paging.isMore();
        }

        /** The next page of its runs, the oldest first. */
        public Lookup getPage() {
            return Run.page(flow, since, paging);
        }

        private void report(Order order, String outcome, String run, String why) {
            open.remove(order);
            ObjectNode report = reports.addObject();
            if (!order.cause.isEmpty()) {
                report.put("repeats", order.cause);
            }
            report.put("outcome", outcome);
            if (!run.isEmpty()) {
                report.put("run", run);
            }
            if (!order.content.isEmpty()) {
                String[] window = order.content.split(" ");
                report.put("from", second(window[0]).toString()).put("to", second(window[1]).toString());
            }
            if (!why.isEmpty()) {
                report.put("why", why);
            }
        }
    }

    /** One of them. Lives in the exchange variable {@code aepRunOrder}. */
    public static final class Order {

        private enum Next { NOTHING, LOOK_UP, SEND }

        private final String flow;
        private final String cause;
        private final OptionalLong windowStart;
        private Optional<Instant> from = Optional.empty();
        private Optional<Instant> to = Optional.empty();
        private String deltaColumn = "";
        private long firstStart;
        private String content = "";
        private int attempt;
        private Next next = Next.NOTHING;
        private VisibilityWait visibility;
        private Paging paging;
        private long lookedAt;
        private final Map<String, Run> looked = new LinkedHashMap<>();

        /** @param windowStart of the failed run that is repeated, in epoch milliseconds; absent where it is not known */
        private Order(String flow, String cause, OptionalLong windowStart) {
            this.flow = flow;
            this.cause = cause;
            this.windowStart = windowStart;
        }

        private RunOrder key() {
            return new RunOrder(flow, cause, content);
        }

        /** Whether it is looked for among the runs before it may be sent again. */
        public boolean isToLookUp() {
            return next == Next.LOOK_UP;
        }

        /** Whether it may be sent: its intent is in the ledger. */
        public boolean isToSend() {
            return next == Next.SEND;
        }

        /** Whether there is another page of runs to look at. */
        public boolean isMore() {
            return paging.isMore();
        }

        /** Path below the collection of runs; empty for a run on demand. */
        public String getPath() {
            return cause.isEmpty() ? "" : "/" + cause + "/action";
        }

        public String getQuery() {
            return cause.isEmpty() ? "" : "op=re-trigger";
        }

        /**
         * Whether a run that came later may be the one that was ordered: a repetition reads the same window as the failed run, where the
         * Platform shows one. What runs once has no other runs than those that are ordered.
         */
        private boolean fits(Run run) {
            return windowStart.isEmpty() || run.windowStart().isEmpty() || windowStart.equals(run.windowStart());
        }
    }

    private static Instant second(String seconds) {
        return Instant.ofEpochSecond(Long.parseLong(seconds));
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
        exchange.setVariable(ORDERS, new Orders(name, flow, bounds, clock.instant().minus(lookback).toEpochMilli()));
    }

    public Lookup flow(@Variable(ORDERS) Orders orders) {
        return Kinds.FLOW.lookup(orders.flow);
    }

    /**
     * Orders a run of the flow on demand. In: variables {@code aepRunFrom} and {@code aepRunTo}, instants, and {@code aepDeltaColumn}, each
     * of which may be absent; {@code aepResult}, the flow.
     *
     * @throws ConflictException when the Platform runs no such flow on demand
     */
    public void onDemand(Exchange exchange, @Variable(ORDERS) Orders orders, @Variable("aepResult") LookupResult result)
            throws ConflictException {
        if (!result.isFound()) {
            throw refused(orders, "the Platform has no flow %s any more".formatted(orders.flow));
        }
        JsonNode flow = result.single(orders.flow);
        String state = flow.path(Flow.STATE).asText();
        Optional<String> obstacle = Flow.onDemandObstacle(flow);
        if (obstacle.isPresent() || !Flow.isInState(state, Flow.ENABLED)) {
            throw refused(orders, obstacle.orElse("flow %s is %s".formatted(orders.flow, state)));
        }
        Order order = new Order(orders.flow, "", OptionalLong.empty());
        order.from = instant(orders, exchange, "aepRunFrom");
        order.to = instant(orders, exchange, "aepRunTo");
        order.firstStart = flow.at("/scheduleParams/startTime").asLong();
        order.deltaColumn = Optional.of(Flow.transformation(flow, Flow.COPY).at("/params/deltaColumn/name").asText())
                .filter(name -> !name.isEmpty()).orElse(exchange.getVariable("aepDeltaColumn", "", String.class));
        orders.open.add(order);
    }

    private static Optional<Instant> instant(Orders orders, Exchange exchange, String variable) throws ConflictException {
        Object value = exchange.getVariable(variable);
        try {
            return value == null ? Optional.empty() : Optional.of(Instant.parse(value.toString()));
        } catch (DateTimeParseException e) {
            throw refused(orders, "%s is no instant: one is 2026-01-31T00:00:00Z".formatted(value));
        }
    }

    private static ConflictException refused(Orders orders, String why) {
        return new ConflictException("no run of the dataflow %s can be ordered: %s".formatted(orders.dataflow, why),
                "Nothing was ordered.");
    }

    public void addRuns(@Variable(ORDERS) Orders orders, @Variable("aepResult") LookupResult page) throws PlatformException {
        add(orders.paging, page, orders.runs);
    }

    private static void add(Paging paging, LookupResult page, Map<String, Run> runs) throws PlatformException {
        paging.accept(page.document()).forEach(run -> runs.put(run.path("id").asText(), Run.of(run)));
        if (paging.problem().isPresent()) {
            throw PlatformException.unusable("GET", paging.problem().get());
        }
    }

    /**
     * Orders a repetition of each failed run that has none yet, and of whose window no later run shows. Without anybody asking, only of
     * failures that a repetition can mend.
     */
    public void failedRuns(@Variable(ORDERS) Orders orders) throws LedgerException {
        Map<String, RecordedRun> known = ledger.orderedRuns(orders.flow).stream().filter(row -> !row.order().cause().isEmpty())
                .collect(Collectors.toMap(row -> row.order().cause(), row -> row));
        orders.runs.values().stream().sorted(Comparator.comparingLong(Run::createdAt)).filter(run -> run.status() == RunStatus.FAILED)
                .filter(run -> !known.containsKey(run.id()) || known.get(run.id()).isIntent()
                        || orders.bounds.isEmpty() && known.get(run.id()).state() == RecordedRun.State.REFUSED)
                .filter(run -> known.containsKey(run.id()) || (orders.bounds.isEmpty() || run.isMendable())
                        && orders.runs.values().stream().noneMatch(later -> later.follows(run)))
                .forEach(run -> orders.open.add(new Order(orders.flow, run.id(), run.windowStart())));
        known.values().stream().filter(row -> row.isIntent() && !orders.runs.containsKey(row.order().cause()))
                .forEach(row -> orders.open.add(new Order(orders.flow, row.order().cause(), OptionalLong.empty())));
    }

    /** The next run to be ordered. Out: variable {@code aepRunOrder}, null when there is none left. */
    public void next(Exchange exchange, @Variable(ORDERS) Orders orders) {
        exchange.setVariable(ORDER, orders.open.isEmpty() ? null : orders.open.get(0));
    }

    /** A look at the newest run of the flow: what is ordered now comes after it. */
    public Lookup newest(@Variable(ORDER) Order order) {
        return Run.newest(order.flow);
    }

    /** Begins the order, or tells by its getters that it is looked for first. In: variable {@code aepResult}, the newest run. */
    public void begin(Exchange exchange, @Variable(ORDERS) Orders orders, @Variable(ORDER) Order order,
            @Variable("aepResult") LookupResult result) throws LedgerException, ConflictException {
        Lease lease = Provisioning.of(exchange).heldLease();
        long sendBefore = System.nanoTime() + callTimeout.toNanos();
        Optional<Run> newest = Optional.of(result.document().at("/items/0")).filter(JsonNode::isObject).map(Run::of);
        if (order.cause.isEmpty() && order.content.isEmpty()) {
            order.content = content(orders, order, newest);
        }
        Optional<Beginning> begun = ledger.orderRun(lease, order.key(), newest.map(Run::id).orElse(""),
                newest.map(Run::createdAt).orElse(0L), clock.millis(), orders.bounds, callTimeout);
        order.next = Order.Next.NOTHING;
        if (begun.isEmpty()) {
            orders.report(order, "left", "", "as many runs were repeated as aep.audit.retry allows");
            return;
        }
        order.attempt = begun.get().attempt();
        switch (begun.get().state()) {
            case DONE -> orders.report(order, "unchanged", begun.get().result().id(), "");
            case NEW -> send(exchange, order, sendBefore);
            case UNRESOLVED -> {
                order.visibility = order.visibility == null ? visibility(begun.get().untilDeadline()) : order.visibility;
                order.paging = new Paging(Service.FLOW_SERVICE);
                order.looked.clear();
                order.lookedAt = System.nanoTime();
                order.next = Order.Next.LOOK_UP;
            }
        }
    }

    private static void send(Exchange exchange, Order order, long sendBefore) {
        exchange.getMessage().setHeader(HeaderFilter.SEND_BEFORE, String.valueOf(sendBefore));
        order.next = Order.Next.SEND;
    }

    private VisibilityWait visibility(Duration untilDeadline) {
        return new VisibilityWait(settleWindow, firstPause, untilDeadline, System::nanoTime);
    }

    /** The window: that of an order without a clear outcome, or the one that was asked for; else all since the newest run was made. */
    private String content(Orders orders, Order order, Optional<Run> newest) throws LedgerException, ConflictException {
        Instant to = order.to.orElseGet(clock::instant);
        Instant from = order.from.orElseGet(() -> newest.flatMap(Run::created).orElseGet(() -> Instant.ofEpochSecond(order.firstStart)));
        Optional<RecordedRun> open = recorded(order).filter(RecordedRun::isIntent);
        if (open.isPresent()) {
            String[] window = open.get().order().content().split(" ");
            boolean isOther = order.from.filter(wanted -> wanted.getEpochSecond() != Long.parseLong(window[0])).isPresent()
                    || order.to.filter(wanted -> wanted.getEpochSecond() != Long.parseLong(window[1])).isPresent();
            if (isOther) {
                throw new ConflictException("a run of the dataflow %s from %s to %s was ordered, and its outcome is not known".formatted(
                        orders.dataflow, second(window[0]), second(window[1])),
                        "Nothing was ordered. Order that one once more, so that it is found; then this one.");
            }
            return open.get().order().content();
        }
        if (order.from.isEmpty() && newest.isEmpty() && from.isAfter(to)) {
            throw refused(orders, "its flow has no run yet, and its schedule begins at %s; say from when on it is to read (1381-400)"
                    .formatted(from));
        }
        if (from.getEpochSecond() >= to.getEpochSecond()) {
            throw refused(orders, "its window would end before it begins, from %s to %s (1381-400)".formatted(from, to));
        }
        return (from.getEpochSecond() + " " + to.getEpochSecond() + " " + order.deltaColumn).strip();
    }

    private Optional<RecordedRun> recorded(Order order) throws LedgerException {
        return ledger.orderedRuns(order.flow).stream().filter(row -> row.order().cause().equals(order.cause)).findFirst();
    }

    /** The next page of the runs that came after what was the newest one when the run was ordered. */
    public Lookup page(@Variable(ORDER) Order order) throws LedgerException {
        return Run.page(order.flow, recorded(order).map(RecordedRun::seenAt).orElse(0L), order.paging);
    }

    public void accept(@Variable(ORDER) Order order, @Variable("aepResult") LookupResult page) throws PlatformException {
        add(order.paging, page, order.looked);
    }

    /**
     * Judges a complete look for the run: it was made; or it was not, and the order may be sent again.
     *
     * @throws NotVisibleYetException when it is too early to tell
     * @throws PlatformException      when the look does not even find what was there before
     */
    public void found(Exchange exchange, @Variable(ORDERS) Orders orders, @Variable(ORDER) Order order) throws LedgerException,
            NotVisibleYetException, PlatformException {
        Lease lease = Provisioning.of(exchange).heldLease();
        RecordedRun row = recorded(order).orElseThrow();
        Set<String> others = ids(order);
        Optional<Run> made = order.looked.values().stream().filter(run -> run.createdAt() >= row.seenAt() && !run.id().equals(row.seen())
                && !run.id().equals(order.cause) && !others.contains(run.id()) && order.fits(run))
                .min(Comparator.comparingLong(Run::createdAt));
        order.next = Order.Next.NOTHING;
        if (made.isPresent()) {
            ledger.runOrdered(lease, order.key(), made.get().id(), "");
            orders.report(order, "found", made.get().id(), "");
            return;
        }
        Optional<Duration> wait = order.visibility.missed(order.lookedAt);
        if (wait.isPresent()) {
            throw new NotVisibleYetException("a run of flow %s was ordered without a clear outcome, and is looked for"
                    .formatted(order.flow), wait.get());
        } else if (!row.seen().isEmpty() && !order.looked.containsKey(row.seen())) {
            throw PlatformException.notReady("run %s of flow %s, which was there before, does not show".formatted(row.seen(), order.flow));
        }
        long sendBefore = System.nanoTime() + callTimeout.toNanos();
        order.attempt = ledger.orderRunAgain(lease, order.key(), order.attempt, clock.millis(), callTimeout).attempt();
        send(exchange, order, sendBefore);
    }

    /** The runs that came of other orders. */
    private Set<String> ids(Order order) throws LedgerException {
        return ledger.orderedRuns(order.flow).stream().filter(row -> !row.order().cause().equals(order.cause)).map(RecordedRun::runId)
                .collect(Collectors.toSet());
    }

    /** What is sent; empty for a repetition. */
    public String body(@Variable(ORDER) Order order) {
        if (!order.cause.isEmpty()) {
            return "";
        }
        String[] window = order.content.split(" ", 3);
        ObjectNode body = JsonNodeFactory.instance.objectNode().put("flowId", order.flow);
        ObjectNode params = body.putObject("params").put("startTime", Flow.earliestStart(clock, startDelay))
                .put("windowStartTime", Long.parseLong(window[0])).put("windowEndTime", Long.parseLong(window[1]));
        if (window.length > 2) {
            params.putObject("deltaColumn").put("name", window[2]);
        }
        return body.toString();
    }

    /** It was ordered. In: variable {@code aepResponse}, whose documents show the run alone or in a list. */
    public void ordered(Exchange exchange, @Variable(ORDERS) Orders orders, @Variable(ORDER) Order order)
            throws LedgerException, PlatformException {
        JsonNode answer = Answers.document("POST", exchange.getVariable("aepResponse", byte[].class));
        String id = answer.at("/items/0/id").asText(answer.path("id").asText());
        if (!Service.FLOW_SERVICE.isId(id) || id.equals(order.cause) || ids(order).contains(id)) {
            throw PlatformException.unusable("POST", "no id of a new run in the answer");
        }
        ledger.runOrdered(Provisioning.of(exchange).heldLease(), order.key(), id, CreateOnce.requestId(exchange));
        LOG.info("ordered run {} of dataflow {}{}", id, orders.dataflow, order.cause.isEmpty() ? "" : ": it repeats run " + order.cause);
        orders.report(order, "ordered", id, "");
    }

    /** An order has failed: says in the ledger what that means, and passes the failure on, unless other runs may still be repeated. */
    public void failed(Exchange exchange, @Variable(ORDERS) Orders orders, @Variable(ORDER) Order order)
            throws LedgerException, PlatformException {
        PlatformException failure = exchange.getProperty(Exchange.EXCEPTION_CAUGHT, PlatformException.class);
        Lease lease = Provisioning.of(exchange).heldLease();
        boolean isFinal = failure.getOutcome() == Outcome.REJECTED && !order.cause.isEmpty();
        if (failure.getOutcome() == Outcome.UNKNOWN || failure.getOutcome() == Outcome.CONFLICT) {
            ledger.runOrderEnded(lease, order.key());
            order.visibility = visibility(Duration.ZERO);
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
    public String report(@Variable(ORDERS) Orders orders) {
        ObjectNode report = JsonNodeFactory.instance.objectNode().put("dataflow", orders.dataflow).put("sandbox", sandbox)
                .put("flow", orders.flow);
        report.set("runs", orders.reports);
        return report.toPrettyString();
    }
}
