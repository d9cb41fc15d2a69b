package io.github.aepdataflows.audit;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.ser.std.ToStringSerializer;
import io.github.aepdataflows.audit.FlowHealth.State;
import io.github.aepdataflows.definition.VisibleText;
import io.github.aepdataflows.ledger.Condition;
import io.github.aepdataflows.ledger.LedgerException;
import io.github.aepdataflows.ledger.Observation;
import io.github.aepdataflows.ledger.RecordedRun;
import io.github.aepdataflows.platform.Reading;
import io.github.aepdataflows.resource.Kinds;
import io.github.aepdataflows.resource.Lookup;
import io.github.aepdataflows.resource.LookupResult;
import io.github.aepdataflows.resource.Paging;
import io.github.aepdataflows.resource.Run;
import io.github.aepdataflows.resource.Search;
import io.github.aepdataflows.resource.Service;
import io.github.aepdataflows.resource.Streaming;
import java.io.IOException;
import java.io.OutputStream;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.commons.lang3.StringUtils;

/** One pass over all source dataflows of the sandbox: collects, lets {@link FlowJudge} judge, and reports. */
public final class Audit {

    private static final ObjectMapper JSON = JsonMapper.builder()
            .addModule(new SimpleModule().addSerializer(Instant.class, ToStringSerializer.instance))
            .build();

    /** Before the name of a dataflow. */
    static final String DRIFT = "drift/";

    /** A sandbox may have a hundred thousand flows, which are listed by a hundred. */
    private static final int MOST_PAGES = 10_000;
    private static final int MOST_REASON = 1_000;
    private static final Set<State> ALARMING = EnumSet.of(State.FAILED, State.MISSING, State.LATE, State.PARTIAL, State.UNKNOWN);

    private final Instant now;
    private final Paging paging = new Paging(Service.FLOW_SERVICE, MOST_PAGES);
    private final FlowJudge judge;
    private final Instant lookback;
    private final LastReport last;
    private final Optional<Instant> lastReadTo;
    private final RunWalk walk;
    private final Map<String, FlowRuns> walked = new LinkedHashMap<>();
    private final Inventory inventory;
    private final Set<Condition> alarms;
    private final Drift drift;
    private final Map<String, ListedFlow> flows = new LinkedHashMap<>();
    private final Set<String> streams = new HashSet<>();
    private final Streaming streaming = new Streaming();
    private final Map<String, FlowHealth> judged = new ConcurrentHashMap<>();
    private final Queue<String> problems = new ConcurrentLinkedQueue<>();
    private final List<JsonNode> retries = new ArrayList<>();
    private final Set<String> unread = ConcurrentHashMap.newKeySet();
    private final Set<String> told = new HashSet<>();
    private boolean allListed = true;
    private boolean listsLastRuns;
    private boolean isRecorded;

    /**
     * @param lookback   how far back to read the runs of a flow that no earlier report speaks of, and to follow a run that never ends
     * @param last       the report of the audit before
     * @param inventory  what the ledger says that we have
     * @param drift      what is compared with definitions
     * @param alarms     what the ledger says that alarms
     */
    Audit(Instant now, Duration grace, Duration lookback, LastReport last, Inventory inventory, Drift drift, Set<Condition> alarms) {
        this.now = now;
        this.alarms = alarms;
        this.drift = drift;
        this.lookback = now.minus(lookback);
        this.judge = new FlowJudge(now, grace, this.lookback);
        this.inventory = inventory;
        this.last = last;
        this.lastReadTo = last.runsReadTo().filter(this::isPast);
        this.walk = new RunWalk(lastReadTo.orElse(this.lookback), now);
        Stream.of("missing", "twins", "left").forEach(list -> last.list(list).forEach(one -> told.add(one.path("id").asText())));
        last.list("drift").forEach(one -> told.add(DRIFT + one.path("dataflow").asText()));
    }

    /** One that is to come says nothing: what was read until then is not known. */
    private boolean isPast(Instant time) {
        return !time.isAfter(now.plus(RunWalk.CLOCK_SKEW));
    }

    /** Every page of the flows, and the flow specs of those that may stream. */
    public Reading getFlowList() {
        return new Reading() {

            @Override
            public Lookup next() {
                return paging.isMore() ? Kinds.FLOW.page(paging) : streaming.isMore() ? streaming.getLookup() : null;
            }

            @Override
            public void accept(LookupResult result) {
                if (paging.isMore()) {
                    addFlows(result.document());
                } else {
                    streaming.accept(result);
                }
            }
        };
    }

    /** Adds a page of flows. A flow that changed its place between two pages is counted once. */
    void addFlows(JsonNode page) {
        paging.accept(page).forEach(flow -> {
            ListedFlow listed = ListedFlow.of(flow);
            flows.putIfAbsent(listed.id(), listed);
            listsLastRuns |= flow.has(ListedFlow.LAST_RUN);
            if (Streaming.mayStream(flow)) {
                streams.add(listed.id());
                streaming.add(flow);
            }
        });
        paging.problem().ifPresent(this::incomplete);
    }

    /** Once all flows are listed: a list that was not read to its end shows duplicates, but not that something is missing. */
    void compareFlows() throws LedgerException {
        Map<String, String> listed = new LinkedHashMap<>();
        flows.forEach((id, flow) -> listed.put(id, flow.name()));
        if (allListed) {
            inventory.missing(Kinds.FLOW.key(), listed.keySet())
                    .forEach(flow -> add(FlowJudge.missing(flow.id(), flow.dataflow(), sinceOf(flow.id()))));
            inventory.forgetLeft(Kinds.FLOW.key()::equals, listed.keySet());
        }
        inventory.compareFlows(listed);
    }

    /** Those that stream: there are no runs to read. */
    void judgeStreaming() {
        for (String id : streams) {
            JsonNode flow = flows.get(id).document();
            if (streaming.has(flow)) {
                add(FlowJudge.streaming(flow, sinceOf(id), inventory.hasFlow(id)));
            }
        }
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

    /** The dataflows of ours that have failed, or whose runs were ordered without a clear outcome: names, each once. */
    Set<String> failedDataflows(List<RecordedRun> openOrders) {
        Set<String> names = new TreeSet<>(openOrders.stream().filter(row -> !row.order().cause().isEmpty()).map(RecordedRun::dataflow)
                .toList());
        judged.values().stream().filter(health -> health.state() == State.FAILED)
                .forEach(health -> inventory.dataflowOf(health.id()).ifPresent(names::add));
        return names;
    }

    /** What is compared with definitions. */
    Drift drift() {
        return drift;
    }

    /** The dataflows of ours of which the Platform does not list something any more: names. */
    Set<String> missingDataflows() {
        Set<String> names = inventory.missing().stream().map(Inventory.Missing::dataflow).collect(Collectors.toSet());
        judged.values().stream().filter(health -> health.state() == State.MISSING)
                .forEach(health -> inventory.dataflowOf(health.id()).ifPresent(names::add));
        return names;
    }

    /** What has come of runs that were repeated. */
    void retried(JsonNode report) {
        for (JsonNode run : report.path("runs")) {
            retries.add(((ObjectNode) run.deepCopy()).put("dataflow", report.path("dataflow").asText()));
        }
    }

    /** Something could not be read or compared: the audit is not complete. */
    void problem(String what) {
        problems.add(what);
    }

    /** Every page of the runs of all flows. */
    public Reading getRunList() {
        return new Reading() {

            @Override
            public Lookup next() {
                return walk.next();
            }

            @Override
            public void accept(LookupResult page) {
                addRuns(page.document());
            }
        };
    }

    RunWalk runWalk() {
        return walk;
    }

    void addRuns(JsonNode page) {
        if (walked.isEmpty()) {
            getFlows().forEach(flow -> walked.put(flow.flowId(), flow));
        }
        walk.accept(page, walked);
    }

    /** Judges the flows of which that walk has shown enough; the runs of the others have to be read. */
    void judgeWalked() {
        walked.values().removeIf(runs -> {
            JsonNode flow = runs.flow();
            Optional<FlowHealth> health = walk.covers(beginningOf(flow, runs.since())) ? judgeWalked(flow, runs) : Optional.empty();
            health.ifPresent(this::addRead);
            return health.isPresent();
        });
    }

    /** A flow has no runs from before it was made. */
    private static Instant beginningOf(JsonNode flow, Instant since) {
        Instant made = Instant.ofEpochMilli(flow.path("createdAt").asLong());
        return made.isAfter(since) ? made : since;
    }

    /** What the walk tells of a flow; empty where it has not shown enough. */
    private Optional<FlowHealth> judgeWalked(JsonNode flow, FlowRuns runs) {
        JsonNode shown = flow.path(ListedFlow.LAST_RUN);
        long started = shown.path("startedAtUTC").asLong();
        Optional<Run> newest = runs.newest();
        if (newest.isPresent()) {
            boolean isNewest = shown.path("id").asText().equals(newest.get().id()) || started <= newest.get().startedAt();
            return isNewest ? Optional.of(runs.judge(judge, flow, isOurs(runs))) : Optional.empty();
        } else if (started >= runs.since().toEpochMilli()) {
            return Optional.empty();
        } else if (started > 0) {
            runs.askNewestOnly();   // else nothing but its own runs tells that it has none since then
        }
        Optional<Run> before = last.lastRun(runs.flowId());
        if (before.isPresent() && shown.path("id").asText().equals(before.get().id())) {
            runs.remember(before.get());
        } else if (!listsLastRuns || shown.isObject()) {
            return Optional.empty();
        }
        FlowHealth health = runs.judge(judge, flow, isOurs(runs));
        return Optional.of(health).filter(one -> switch (one.state()) {
            case HEALTHY, DISABLED, DRAFT -> true;
            case NEVER_RAN -> RunSchedule.of(flow.path("scheduleParams")).filter(plan -> plan.start().isAfter(now)).isPresent();
            default -> false;
        });
    }

    /** Those that have runs to read. */
    public List<FlowRuns> getFlows() {
        return flows.values().stream().filter(flow -> !judged.containsKey(flow.id())).map(this::runsOf).toList();
    }

    FlowRuns runsOf(JsonNode flow) {
        return runsOf(ListedFlow.of(flow));
    }

    private FlowRuns runsOf(ListedFlow flow) {
        return Optional.ofNullable(walked.get(flow.id())).orElseGet(() -> new FlowRuns(flow, sinceOf(flow.id())));
    }

    /** Runs of which only a part could be read say nothing: the next audit has to read them all again. */
    void judge(FlowRuns runs) {
        runs.problem().ifPresentOrElse(problem -> unread(runs, problem), () -> addRead(runs.judge(judge, runs.flow(), isOurs(runs))));
    }

    void unread(FlowRuns runs, String why) {
        unread.add(runs.flowId());
        problems.add("runs of flow %s: %s".formatted(runs.flowId(), why));
        add(runs.unread(isOurs(runs), why));
    }

    /** The list of flows could not be read to its end. */
    void incomplete(String problem) {
        allListed = false;
        problems.add(problem);
    }

    private void addRead(FlowHealth health) {
        add(health.readTo(walk.readTo()));
    }

    private void add(FlowHealth health) {
        judged.put(health.id(), inventory.leftOf(health.id()).map(health::leftOf).orElse(health));
    }

    private Instant sinceOf(String flowId) {
        return last.nextSince(flowId).filter(this::isPast).orElse(lookback);
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

    /** Writes the report, as JSON, and forgets what only the audit itself needed. */
    void report(String sandbox, OutputStream to) throws IOException {
        report(sandbox, JSON.writerWithDefaultPrettyPrinter().createGenerator(to));
    }

    /** The same, as text in one line. */
    String report(String sandbox) {
        StringWriter text = new StringWriter();
        try {
            report(sandbox, JSON.createGenerator(text));
        } catch (IOException e) {
            throw new UncheckedIOException(e);   // nothing fails in memory
        }
        return text.toString();
    }

    private void report(String sandbox, JsonGenerator to) throws IOException {
        flows.clear();
        walked.clear();
        try (JsonGenerator json = to) {
            json.writeStartObject();
            json.writeStringField("time", now.toString());
            json.writeStringField("sandbox", sandbox);
            json.writeBooleanField("complete", problems.isEmpty());
            json.writePOJOField("problems", problems);
            Optional<Instant> readTo = walk.isComplete() ? Optional.of(walk.readTo()) : lastReadTo;
            if (readTo.isPresent()) {
                json.writeStringField("runsReadTo", readTo.get().toString());
            }
            json.writeObjectFieldStart("counts");
            for (State state : State.values()) {
                json.writeNumberField(state.toString(), count(state));
            }
            json.writeEndObject();
            write(json, "flows", judgements());
            write(json, "retries", retries);
            write(json, "missing", inventory.missing());
            write(json, "twins", inventory.duplicates());
            write(json, "left", inventory.left());
            write(json, "drift", drift.findings());
            write(json, "compared", drift.turns());
            if (!problems.isEmpty()) {
                // the next audit must know from where to read the runs of flows that this one could not even list
                json.writeArrayFieldStart("notSeen");
                for (String id : last.flows()) {
                    Optional<Instant> next = last.nextSince(id).filter(this::isPast);
                    if (next.isPresent() && !judged.containsKey(id)) {
                        json.writeStartObject();
                        json.writeStringField("id", id);
                        json.writeStringField("nextSince", next.get().toString());
                        json.writeEndObject();
                    }
                }
                json.writeEndArray();
            }
            json.writeEndObject();
        }
    }

    private static void write(JsonGenerator json, String name, Collection<?> list) throws IOException {
        json.writeArrayFieldStart(name);
        for (Object each : list) {
            json.writePOJO(each);
        }
        json.writeEndArray();
    }

    Instant time() {
        return now;
    }

    /** Whether the ledger has what was seen, and the report where it is to be published. */
    boolean isRecorded() {
        return isRecorded;
    }

    void setRecorded(boolean recorded) {
        isRecorded = recorded;
    }

    /** The report as a few lines of text, one per flow. */
    public List<String> getTable() {
        return table(judgements());
    }

    private static List<String> table(List<FlowHealth> flows) {
        List<String> lines = new ArrayList<>();
        lines.add("%-10s %-5s %-50s %5s %6s  %s".formatted("STATE", "OURS", "DATAFLOW", "RUNS", "FAILED", "REASON"));
        for (FlowHealth health : flows) {
            lines.add("%-10s %-5s %-50s %5d %6d  %s".formatted(health.state(), health.ours() == null ? "?" : health.ours() ? "yes" : "no",
                    cut(health.name(), 50), health.runs().total(), health.runs().failed(), cut(health.reason(), 160)));
        }
        return lines;
    }

    /** The lines of the table that are worth a look, with its head; the others are {@link #getCalmTable}. */
    public List<String> getUrgentTable() {
        List<String> lines = table(judgements().stream().filter(health -> health.state() != State.HEALTHY).toList());
        return lines.size() == 1 ? List.of() : lines;
    }

    /** The lines of healthy flows. */
    public List<String> getCalmTable() {
        List<String> lines = table(judgements().stream().filter(health -> health.state() == State.HEALTHY).toList());
        return lines.subList(1, lines.size());
    }

    /** What is missing beside flows, what is there twice, what differs from its definition, and what is left, in lines. */
    public List<String> getWarnings() {
        return warnings(id -> true);
    }

    /** Those of what the last report did not speak of. */
    public List<String> getNews() {
        return warnings(id -> !told.contains(id));
    }

    private List<String> warnings(Predicate<String> isTold) {
        Map<String, List<Inventory.Missing>> missing = inventory.missing().stream().filter(one -> isTold.test(one.id()))
                .collect(Collectors.groupingBy(Inventory.Missing::dataflow, LinkedHashMap::new, Collectors.toList()));
        return Stream.of(missing.values().stream().map(Inventory.Missing::words),
                inventory.duplicates().stream().filter(one -> isTold.test(one.id())).map(Inventory.Duplicates::words),
                drift.told().stream().filter(one -> isTold.test(DRIFT + one.dataflow())).map(Drift.Told::words),
                inventory.left().stream().filter(one -> isTold.test(one.id())).map(left -> "left: " + left.words()))
                .flatMap(lines -> lines).map(line -> cut(line, 500)).toList();
    }

    /** What there is to say of each thing, so that the ledger can tell what has changed. */
    List<Observation> observations() {
        Stream<Observation> flows = judged.values().stream().filter(health -> !unread.contains(health.id())).map(health ->
                new Observation("flow/" + health.id(), health.state().toString().replace(' ', '-'), ALARMING.contains(health.state()),
                        inventory.dataflowOf(health.id()).orElse(health.name()), health.id(), cut(health.reason(), MOST_REASON)));
        Stream<Observation> missing = inventory.missing().stream().map(one ->
                new Observation("missing/" + one.id(), "missing", true, one.dataflow(), "", cut(one.words(), MOST_REASON)));
        Stream<Observation> duplicates = inventory.duplicates().stream().map(one ->
                new Observation("duplicate/" + one.id(), "duplicate", true, one.dataflow(), "", cut(one.words(), MOST_REASON)));
        Stream<Observation> drifted = drift.told().stream().filter(Drift.Told::isNew).map(one ->
                new Observation(DRIFT + one.dataflow(), "drift", true, one.dataflow(), one.flow(), cut(one.words(), MOST_REASON)));
        return Stream.of(flows, missing, duplicates, drifted).flatMap(all -> all).toList();
    }

    /** What alarmed when it began. */
    Optional<Set<Condition>> alarms() {
        return Optional.of(alarms);
    }

    /** Whether all was read, so that what was not seen is not there. */
    boolean isComplete() {
        return problems.isEmpty();
    }

    /** The report in a line. */
    public String summary() {
        String states = Stream.of(State.values()).filter(state -> count(state) > 0)
                .map(state -> count(state) + " " + state).collect(Collectors.joining(", "));
        String stocked = (inventory.missing().isEmpty() ? "" : "; " + inventory.missing().size() + " resources missing")
                + (inventory.duplicates().isEmpty() ? "" : "; " + inventory.duplicates().size() + " resources with a duplicate")
                + (drift.told().isEmpty() ? "" : "; " + drift.told().size() + " dataflows differ from their definitions");
        return "%d dataflows%s%s; %s".formatted(judged.size(), states.isEmpty() ? "" : ": " + states, stocked,
                problems.isEmpty() ? "complete" : "INCOMPLETE: " + String.join("; ", problems));
    }

    /** Whether somebody should look: something failed, is missing, late or there twice, lost records, differs, or could not be read. */
    public boolean isAlarming() {
        return !problems.isEmpty() || !inventory.missing().isEmpty() || !inventory.duplicates().isEmpty() || !drift.told().isEmpty()
                || judged.values().stream().anyMatch(health -> ALARMING.contains(health.state()));
    }

    private int count(State state) {
        return (int) judged.values().stream().filter(health -> health.state() == state).count();
    }

    private static String cut(String text, int length) {
        return StringUtils.abbreviate(VisibleText.of(text), "…", length);
    }
}
