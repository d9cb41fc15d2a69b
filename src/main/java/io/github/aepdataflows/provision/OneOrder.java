package io.github.aepdataflows.provision;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.aepdataflows.ledger.Beginning;
import io.github.aepdataflows.ledger.RecordedRun;
import io.github.aepdataflows.ledger.RunOrder;
import io.github.aepdataflows.platform.PlatformException;
import io.github.aepdataflows.resource.LookupResult;
import io.github.aepdataflows.resource.Paging;
import io.github.aepdataflows.resource.Run;
import io.github.aepdataflows.resource.Service;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/**
 * One run that is ordered: what it reads, whether it may be sent or is looked for first, and which run it has become. Lives in the exchange
 * variable {@code aepRunOrder}. It decides, and writes nothing.
 */
public final class OneOrder {

    private enum Next { NOTHING, LOOK_UP, SEND }

    /** What a run on demand reads. */
    record Window(Instant from, Instant to) {
    }

    private final String flow;
    private final String cause;
    private final OptionalLong windowStart;
    private final Optional<Instant> from;
    private final Optional<Instant> to;
    private final String deltaColumn;
    private final Instant firstStart;
    private String content = "";
    private int attempt;
    private Next next = Next.NOTHING;
    private VisibilityWait visibility;
    private Paging paging;
    private long lookedAt;
    private final Map<String, Run> looked = new LinkedHashMap<>();

    private OneOrder(String flow, String cause, OptionalLong windowStart, Optional<Instant> from, Optional<Instant> to, String deltaColumn,
            Instant firstStart) {
        this.flow = flow;
        this.cause = cause;
        this.windowStart = windowStart;
        this.from = from;
        this.to = to;
        this.deltaColumn = deltaColumn;
        this.firstStart = firstStart;
    }

    /**
     * @param from       absent: where the newest run was made, or else at the first start of the flow
     * @param to         absent: now
     * @param firstStart of the flow
     */
    static OneOrder onDemand(String flow, Optional<Instant> from, Optional<Instant> to, String deltaColumn, Instant firstStart) {
        return new OneOrder(flow, "", OptionalLong.empty(), from, to, deltaColumn, firstStart);
    }

    /**
     * @param cause       the failed run that is repeated
     * @param windowStart of that run, in epoch milliseconds; absent where it is not known
     */
    static OneOrder repetition(String flow, String cause, OptionalLong windowStart) {
        return new OneOrder(flow, cause, windowStart, Optional.empty(), Optional.empty(), "", Instant.EPOCH);
    }

    String flow() {
        return flow;
    }

    String cause() {
        return cause;
    }

    boolean isRepetition() {
        return !cause.isEmpty();
    }

    /** By which the ledger knows it. */
    RunOrder key() {
        return new RunOrder(flow, cause, content);
    }

    Optional<Window> window() {
        if (content.isEmpty()) {
            return Optional.empty();
        }
        String[] seconds = content.split(" ");
        return Optional.of(new Window(second(seconds[0]), second(seconds[1])));
    }

    private static Instant second(String seconds) {
        return Instant.ofEpochSecond(Long.parseLong(seconds));
    }

    /**
     * What it reads, once: the window of an order of the same kind without a clear outcome, or the one that was asked for; else all since
     * the newest run was made.
     *
     * @param recorded that order; absent for none
     * @throws ConflictException when it reads nothing, or another window than one that is still to be found
     */
    void choose(FlowOrders orders, Optional<Run> newest, Optional<RecordedRun> recorded, Instant now) throws ConflictException {
        if (isRepetition() || !content.isEmpty()) {
            return;
        }
        if (recorded.isPresent()) {
            content = recorded.get().order().content();
            Window window = window().orElseThrow();
            boolean isOther = from.filter(wanted -> wanted.getEpochSecond() != window.from().getEpochSecond()).isPresent()
                    || to.filter(wanted -> wanted.getEpochSecond() != window.to().getEpochSecond()).isPresent();
            if (isOther) {
                throw new ConflictException("a run of the dataflow %s from %s to %s was ordered, and its outcome is not known".formatted(
                        orders.dataflow(), window.from(), window.to()),
                        "Nothing was ordered. Order that one once more, so that it is found; then this one.");
            }
            return;
        }
        Instant end = to.orElse(now);
        Instant begin = from.or(() -> newest.flatMap(Run::created)).orElse(firstStart);
        if (from.isEmpty() && newest.isEmpty() && begin.isAfter(end)) {
            throw orders.refused("its flow has no run yet, and its schedule begins at %s; say from when on it is to read (1381-400)"
                    .formatted(begin));
        }
        if (begin.getEpochSecond() >= end.getEpochSecond()) {
            throw orders.refused("its window would end before it begins, from %s to %s (1381-400)".formatted(begin, end));
        }
        content = (begin.getEpochSecond() + " " + end.getEpochSecond() + " " + deltaColumn).strip();
    }

    /** What the ledger says of it was done. */
    void begun(Beginning beginning, VisibilityWait wait) {
        attempt = beginning.attempt();
        switch (beginning.state()) {
            case DONE -> next = Next.NOTHING;
            case NEW -> send();
            case UNRESOLVED -> {
                visibility = visibility == null ? wait : visibility;
                paging = new Paging(Service.FLOW_SERVICE);
                looked.clear();
                lookedAt = System.nanoTime();
                next = Next.LOOK_UP;
            }
        }
    }

    /** Nothing more is done with it for the moment. */
    void rest() {
        next = Next.NOTHING;
    }

    /** It was not found, and may be sent once more. */
    void again(int number) {
        attempt = number;
        send();
    }

    /** What was waited for before says nothing of what is sent now. */
    private void send() {
        visibility = null;
        next = Next.SEND;
    }

    int attempt() {
        return attempt;
    }

    /** It was sent without a clear outcome. */
    void lost(VisibilityWait wait) {
        visibility = wait;
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

    Paging paging() {
        return paging;
    }

    void accept(LookupResult page) throws PlatformException {
        FlowOrders.add(paging, page, looked);
    }

    /**
     * The run that it has become, of those that were looked at: one that came after it, is of no other order, and reads the same window as
     * the failed run, where the Platform shows one. What runs once has no other runs than those that are ordered.
     *
     * @param others the runs that came of other orders
     */
    Optional<String> made(RecordedRun recorded, Set<String> others) {
        return looked.values().stream().filter(run -> run.createdAt() >= recorded.seenAt() && !run.id().equals(recorded.seen())
                && !run.id().equals(cause) && !others.contains(run.id()) && fits(run))
                .min(Comparator.comparingLong(Run::createdAt)).map(Run::id);
    }

    private boolean fits(Run run) {
        return windowStart.isEmpty() || run.windowStart().isEmpty() || windowStart.equals(run.windowStart());
    }

    /** How long a complete look that has not found it is to be repeated; empty when it was not made. */
    Optional<Duration> missed() {
        return visibility.missed(lookedAt);
    }

    boolean hasSeen(String run) {
        return looked.containsKey(run);
    }

    /** Path below the collection of runs; empty for a run on demand. */
    public String getPath() {
        return isRepetition() ? "/" + cause + "/action" : "";
    }

    public String getQuery() {
        return isRepetition() ? "op=re-trigger" : "";
    }

    /**
     * What is sent; empty for a repetition.
     *
     * @param start of the run, in epoch seconds
     */
    String body(long start) {
        if (isRepetition()) {
            return "";
        }
        String[] window = content.split(" ", 3);
        ObjectNode body = JsonNodeFactory.instance.objectNode().put("flowId", flow);
        ObjectNode params = body.putObject("params").put("startTime", start).put("windowStartTime", Long.parseLong(window[0]))
                .put("windowEndTime", Long.parseLong(window[1]));
        if (window.length > 2) {
            params.putObject("deltaColumn").put("name", window[2]);
        }
        return body.toString();
    }
}
