package io.github.aepdataflows.audit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.ser.std.ToStringSerializer;
import io.github.aepdataflows.audit.FlowHealth.State;
import io.github.aepdataflows.definition.VisibleText;
import io.github.aepdataflows.ledger.LedgerException;
import io.github.aepdataflows.resource.Kinds;
import io.github.aepdataflows.resource.Lookup;
import io.github.aepdataflows.resource.Paging;
import io.github.aepdataflows.resource.Search;
import io.github.aepdataflows.resource.Service;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.commons.lang3.StringUtils;

/** One pass over all source dataflows of the sandbox: collects, lets {@link FlowJudge} judge, and reports. */
public final class Audit {

    private static final ObjectMapper JSON = JsonMapper.builder()
            .addModule(new SimpleModule().addSerializer(Instant.class, ToStringSerializer.instance))
            .build();

    private static final Set<State> ALARMING = EnumSet.of(State.FAILED, State.MISSING, State.LATE, State.PARTIAL, State.UNKNOWN);

    private final Instant now;
    private final Paging paging = new Paging(Service.FLOW_SERVICE);
    private final FlowJudge judge;
    private final Instant lookback;
    private final Map<String, Instant> since;
    private final Inventory inventory;
    private final Map<String, JsonNode> flows = new LinkedHashMap<>();
    private final Map<String, FlowHealth> judged = new ConcurrentHashMap<>();
    private final Queue<String> problems = new ConcurrentLinkedQueue<>();
    private boolean allListed = true;

    /**
     * @param lookback   how far back to read the runs of a flow that no earlier report speaks of, and to follow a run that never ends
     * @param lastReport the report of the audit before; absent for the first
     * @param inventory  what the ledger says that we have
     */
    public Audit(Instant now, Duration grace, Duration lookback, Optional<JsonNode> lastReport, Inventory inventory) {
        this.now = now;
        this.lookback = now.minus(lookback);
        this.judge = new FlowJudge(now, grace, this.lookback);
        this.inventory = inventory;
        this.since = new LinkedHashMap<>();
        lastReport.ifPresent(report -> Stream.of("flows", "notSeen").forEach(list -> report.path(list).forEach(flow ->
                instant(flow.path("nextSince")).ifPresent(next -> since.put(flow.path("id").asText(), next)))));
    }

    /** Absent when somebody edited the report. */
    private static Optional<Instant> instant(JsonNode text) {
        try {
            return Optional.of(Instant.parse(text.asText()));
        } catch (DateTimeParseException e) {
            return Optional.empty();
        }
    }

    /** Whether there is another page of flows to read. */
    public boolean isMore() {
        return paging.isMore();
    }

    /** The next page of flows. */
    public Lookup getPage() {
        return Kinds.FLOW.page(paging);
    }

    /** Adds a page of flows. A flow that changed its place between two pages is counted once. */
    void addFlows(JsonNode page) {
        paging.accept(page).forEach(flow -> flows.putIfAbsent(flow.path("id").asText(), flow));
        paging.problem().ifPresent(this::incomplete);
    }

    /** Once all flows are listed: a list that was not read to its end shows duplicates, but not that something is missing. */
    void compareFlows() throws LedgerException {
        Map<String, String> listed = new LinkedHashMap<>();
        flows.forEach((id, flow) -> listed.put(id, flow.path("name").asText()));
        if (allListed) {
            inventory.missing(Kinds.FLOW.key(), listed.keySet())
                    .forEach(flow -> add(FlowJudge.missing(flow.id(), flow.dataflow(), sinceOf(flow.id()))));
        }
        inventory.compareFlows(listed);
    }

    /** What else has to be listed to the end and compared. */
    public List<Listing> getListings() {
        return inventory.listings();
    }

    /** @param search everything of that kind */
    void compare(Listing listing, Search search) throws LedgerException {
        Map<String, String> listed = new LinkedHashMap<>();
        search.hits().forEach(hit -> listed.put(hit.id(), hit.name()));
        inventory.compare(listing, listed);
    }

    /** Something could not be read or compared: the audit is not complete. */
    void problem(String what) {
        problems.add(what);
    }

    public List<FlowRuns> getFlows() {
        return flows.values().stream().map(this::runsOf).toList();
    }

    FlowRuns runsOf(JsonNode flow) {
        return new FlowRuns(flow, sinceOf(flow.path("id").asText()));
    }

    /** Runs of which only a part could be read say nothing: the next audit has to read them all again. */
    void judge(FlowRuns runs) {
        runs.problem().ifPresentOrElse(problem -> unread(runs, problem), () -> add(runs.judge(judge, isOurs(runs))));
    }

    /** The runs of this flow could not be read. */
    void unread(FlowRuns runs, String why) {
        problems.add("runs of flow %s: %s".formatted(runs.flowId(), why));
        add(runs.unread(isOurs(runs), why));
    }

    /** The list of flows could not be read to its end. */
    void incomplete(String problem) {
        allListed = false;
        problems.add(problem);
    }

    private void add(FlowHealth health) {
        judged.put(health.id(), health);
    }

    private Instant sinceOf(String flowId) {
        return since.getOrDefault(flowId, lookback);
    }

    private Boolean isOurs(FlowRuns runs) {
        return inventory.hasFlow(runs.flowId());
    }

    /** The most urgent first. */
    List<FlowHealth> judgements() {
        return judged.values().stream()
                .sorted(Comparator.comparing(FlowHealth::state).thenComparing(FlowHealth::name).thenComparing(FlowHealth::id))
                .toList();
    }

    ObjectNode report(String sandbox) {
        ObjectNode report = JSON.createObjectNode()
                .put("time", now.toString())
                .put("sandbox", sandbox)
                .put("complete", problems.isEmpty());
        report.set("problems", JSON.valueToTree(problems));
        ObjectNode counts = report.putObject("counts");
        for (State state : State.values()) {
            counts.put(state.toString(), count(state));
        }
        report.set("flows", JSON.valueToTree(judgements()));
        report.set("missing", JSON.valueToTree(inventory.missing()));
        report.set("twins", JSON.valueToTree(inventory.duplicates()));
        if (!problems.isEmpty()) {
            // the next audit must know from where to read the runs of flows that this one could not even list
            ArrayNode notSeen = report.putArray("notSeen");
            since.forEach((id, next) -> {
                if (!judged.containsKey(id)) {
                    notSeen.addObject().put("id", id).put("nextSince", next.toString());
                }
            });
        }
        return report;
    }

    /** The report as a few lines of text, one per flow. */
    public List<String> getTable() {
        List<String> lines = new ArrayList<>();
        lines.add("%-10s %-5s %-50s %5s %6s  %s".formatted("STATE", "OURS", "DATAFLOW", "RUNS", "FAILED", "REASON"));
        for (FlowHealth health : judgements()) {
            lines.add("%-10s %-5s %-50s %5d %6d  %s".formatted(health.state(), health.ours() == null ? "?" : health.ours() ? "yes" : "no",
                    cut(health.name(), 50), health.runs().total(), health.runs().failed(), cut(health.reason(), 160)));
        }
        return lines;
    }

    /** What is missing beside flows, and what is there twice, a line each. */
    public List<String> getWarnings() {
        return Stream.concat(inventory.missing().stream().map(Inventory.Missing::words), inventory.duplicates().stream()
                .map(Inventory.Duplicates::words))
                .map(line -> cut(line, 500)).toList();
    }

    /** The report in a line. */
    public String summary() {
        String states = Stream.of(State.values()).filter(state -> count(state) > 0)
                .map(state -> count(state) + " " + state).collect(Collectors.joining(", "));
        String stocked = (inventory.missing().isEmpty() ? "" : "; " + inventory.missing().size() + " resources missing")
                + (inventory.duplicates().isEmpty() ? "" : "; " + inventory.duplicates().size() + " resources with a duplicate");
        return "%d dataflows%s%s; %s".formatted(judged.size(), states.isEmpty() ? "" : ": " + states, stocked,
                problems.isEmpty() ? "complete" : "INCOMPLETE: " + String.join("; ", problems));
    }

    /** Whether somebody should look: something failed, is missing, late or there twice, lost records, or could not be read. */
    public boolean isAlarming() {
        return !problems.isEmpty() || !inventory.missing().isEmpty() || !inventory.duplicates().isEmpty()
                || judged.values().stream().anyMatch(health -> ALARMING.contains(health.state()));
    }

    private int count(State state) {
        return (int) judged.values().stream().filter(health -> health.state() == state).count();
    }

    private static String cut(String text, int length) {
        return StringUtils.abbreviate(VisibleText.of(text), "…", length);
    }
}
