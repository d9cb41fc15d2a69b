package io.github.aepdataflows.provision;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.aepdataflows.check.DeltaColumn;
import io.github.aepdataflows.ledger.RecordedRun;
import io.github.aepdataflows.ledger.RunOrder;
import io.github.aepdataflows.platform.PlatformException;
import io.github.aepdataflows.resource.Flow;
import io.github.aepdataflows.resource.Kinds;
import io.github.aepdataflows.resource.Lookup;
import io.github.aepdataflows.resource.LookupResult;
import io.github.aepdataflows.resource.Paging;
import io.github.aepdataflows.resource.Run;
import io.github.aepdataflows.resource.RunStatus;
import io.github.aepdataflows.resource.Service;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Collectors;

/**
 * The runs of one flow that are ordered together: which they are, and what came of each. Lives in the exchange variable {@code
 * aepRunOrders}. It decides, and writes nothing.
 */
public final class FlowOrders {

    private final String dataflow;
    private final String flow;
    private final Optional<RunOrder.Bounds> bounds;
    private final long since;
    private final Paging paging = new Paging(Service.FLOW_SERVICE);
    private final Map<String, Run> runs = new LinkedHashMap<>();
    private final List<OneOrder> open = new ArrayList<>();
    private final ArrayNode reports = JsonNodeFactory.instance.arrayNode();
    private String source = "";
    private String newColumn = "";

    /**
     * @param bounds of their number; absent where somebody has asked for these very runs
     * @param since  of when the failed runs are that are repeated, in epoch milliseconds
     */
    FlowOrders(String dataflow, String flow, Optional<RunOrder.Bounds> bounds, long since) {
        this.dataflow = dataflow;
        this.flow = flow;
        this.bounds = bounds;
        this.since = since;
    }

    String dataflow() {
        return dataflow;
    }

    String flow() {
        return flow;
    }

    Optional<RunOrder.Bounds> bounds() {
        return bounds;
    }

    /** Whether a delta column is named that its flow does not have yet, so that nobody has looked at it. */
    public boolean isColumnNew() {
        return !newColumn.isEmpty();
    }

    /** A look at its source connection. */
    public Lookup getSource() {
        return Kinds.SOURCE_CONNECTION.lookup(source);
    }

    /** Whether there is another page of runs to read. */
    public boolean isMore() {
        return paging.isMore();
    }

    /** The next page of its runs, the oldest first. */
    public Lookup getPage() {
        return Run.page(flow, since, paging);
    }

    void addRuns(LookupResult page) throws PlatformException {
        add(paging, page, runs);
    }

    static void add(Paging paging, LookupResult page, Map<String, Run> runs) throws PlatformException {
        for (JsonNode run : paging.accept(page.document())) {
            if (!Service.FLOW_SERVICE.isId(run.path("id").asText())) {
                throw PlatformException.unusable("GET", "a run in its items has no id");
            }
            runs.put(run.path("id").asText(), Run.of(run));
        }
        if (paging.problem().isPresent()) {
            throw PlatformException.unusable("GET", paging.problem().get());
        }
    }

    /**
     * A run on demand.
     *
     * @param result the flow
     * @param column that tells new rows from old ones; empty where it is left to the flow
     * @throws ConflictException when the Platform runs no such flow on demand
     */
    void addOnDemand(LookupResult result, Optional<Instant> from, Optional<Instant> to, String column) throws ConflictException {
        if (!result.isFound()) {
            throw refused("the Platform has no flow %s any more".formatted(flow));
        }
        JsonNode actual = result.single(flow);
        String state = actual.path(Flow.STATE).asText();
        Optional<String> obstacle = Flow.onDemandObstacle(actual);
        if (obstacle.isPresent() || !Flow.isInState(state, Flow.ENABLED)) {
            throw refused(obstacle.orElse("flow %s is %s".formatted(flow, state)));
        }
        String kept = Flow.transformation(actual, Flow.COPY).at("/params/deltaColumn/name").asText();
        if (!kept.isEmpty() && !column.isEmpty() && !column.equals(kept)) {
            throw refused("its flow tells new rows by column %s, which cannot change to %s (1382-400)".formatted(kept, column));
        }
        source = actual.at("/sourceConnectionIds/0").asText();
        newColumn = kept.isEmpty() ? column : "";
        open.add(OneOrder.onDemand(flow, from, to, kept.isEmpty() ? column : kept,
                Instant.ofEpochSecond(actual.at("/scheduleParams/startTime").asLong())));
    }

    /** A look at the columns of its source, by its source connection; null where that is no table. */
    Lookup columns(LookupResult result) {
        return result.isFound() ? DeltaColumn.columns(result.single(source)).orElse(null) : null;
    }

    /** @throws ConflictException when the source does not have the delta column, or has it as something else */
    void checkColumn(LookupResult explored) throws ConflictException {
        Optional<String> objection = DeltaColumn.objection(explored, newColumn);
        if (objection.isPresent()) {
            throw refused(objection.get());
        }
    }

    ConflictException refused(String why) {
        return new ConflictException("no run of the dataflow %s can be ordered: %s".formatted(dataflow, why), "Nothing was ordered.");
    }

    /**
     * A repetition of each failed run that has none yet, and of whose window no later run shows. Without anybody asking, only of failures
     * that a repetition can mend.
     *
     * @param recorded what was ordered of this flow before
     * @throws ConflictException when somebody has asked for them, and no run shows whether it has failed
     */
    void addFailed(List<RecordedRun> recorded) throws ConflictException {
        if (bounds.isEmpty() && !runs.isEmpty() && runs.values().stream().allMatch(run -> run.statusText().isEmpty())) {
            throw refused("none of its runs shows whether it has failed (metrics.statusSummary.status)");
        }
        Map<String, RecordedRun> known = recorded.stream().filter(row -> !row.order().cause().isEmpty())
                .collect(Collectors.toMap(row -> row.order().cause(), row -> row));
        runs.values().stream().sorted(Comparator.comparingLong(Run::createdAt)).filter(run -> run.status() == RunStatus.FAILED)
                .filter(run -> !known.containsKey(run.id()) || known.get(run.id()).isIntent()
                        || bounds.isEmpty() && known.get(run.id()).state() == RecordedRun.State.REFUSED)
                .filter(run -> known.containsKey(run.id()) || (bounds.isEmpty() || run.isMendable())
                        && runs.values().stream().noneMatch(later -> later.follows(run)))
                .forEach(run -> open.add(OneOrder.repetition(flow, run.id(), run.windowStart())));
        known.values().stream().filter(row -> row.isIntent() && !runs.containsKey(row.order().cause()))
                .forEach(row -> open.add(OneOrder.repetition(flow, row.order().cause(), OptionalLong.empty())));
    }

    /** The next one; null when there is none left. */
    OneOrder next() {
        return open.isEmpty() ? null : open.get(0);
    }

    /** That one is over. */
    void report(OneOrder order, String outcome, String run, String why) {
        open.remove(order);
        ObjectNode report = reports.addObject();
        if (order.isRepetition()) {
            report.put("repeats", order.cause());
        }
        report.put("outcome", outcome);
        if (!run.isEmpty()) {
            report.put("run", run);
        }
        order.window().ifPresent(window -> report.put("from", window.from().toString()).put("to", window.to().toString()));
        if (!why.isEmpty()) {
            report.put("why", why);
        }
    }

    /** {@code {dataflow, sandbox, flow, runs [{repeats, outcome, run, from, to, why}]}} */
    ObjectNode report(String sandbox) {
        ObjectNode report = JsonNodeFactory.instance.objectNode().put("dataflow", dataflow).put("sandbox", sandbox).put("flow", flow);
        return report.set("runs", reports);
    }
}
