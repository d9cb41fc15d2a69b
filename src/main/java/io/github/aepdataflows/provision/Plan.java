package io.github.aepdataflows.provision;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.aepdataflows.definition.Fault;
import io.github.aepdataflows.ledger.RecordedStep;
import io.github.aepdataflows.ledger.Result;
import io.github.aepdataflows.resource.Action;
import io.github.aepdataflows.resource.CarryOver;
import io.github.aepdataflows.resource.Difference;
import io.github.aepdataflows.resource.Flow;
import io.github.aepdataflows.resource.FlowDocuments;
import io.github.aepdataflows.resource.Kind;
import io.github.aepdataflows.resource.Kinds;
import io.github.aepdataflows.resource.StepId;
import io.github.aepdataflows.resource.Verdict;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/** What lies between a definition and what the Platform has of it now. Lives in the exchange variable {@code aepPlan}. */
public final class Plan {

    /**
     * @param id       of the resource; empty when there is none
     * @param recorded what the ledger has of it; empty when nothing, or when the definition only names it
     * @param reason   why it is this action, in words; empty where that goes without saying
     * @param rest     what it has beside what the definition says, for what takes its place
     */
    public record Planned(StepId step, String id, Optional<RecordedStep> recorded, Action action, List<Difference> changes, String reason,
                          CarryOver rest) {

        /** Of a resource that has nothing which could be lost. */
        public Planned(StepId step, String id, Optional<RecordedStep> recorded, Action action, List<Difference> changes, String reason) {
            this(step, id, recorded, action, changes, reason, CarryOver.nothing(step.kind()));
        }

        /** Of a resource that no document has to be compared for. */
        public static Planned of(StepId step, String id, Action action, String reason) {
            return new Planned(step, id, Optional.empty(), action, List.of(), reason);
        }

        Planned as(Action other, String why) {
            return new Planned(step, id, recorded, other, changes, why, rest);
        }

        Planned recordedAs(RecordedStep row) {
            return new Planned(step, id, Optional.of(row), action, changes, reason, rest);
        }

        /** Whether the whole of it is sent again, so that what the definition does not say has to be sent, too. */
        boolean isSentAsAWhole() {
            return action == Action.REPLACE
                    || action == Action.UPDATE && step.kind().isUpdatedAsAWhole();
        }

        /** As in {@code flow (scheduleParams.interval): reason}. */
        public String words() {
            String fields = String.join(", ", changes.stream().map(Difference::path).toList());
            return step.kind().key() + (fields.isEmpty() ? "" : " (" + fields + ")") + (reason.isEmpty() ? "" : ": " + reason);
        }
    }

    /** What to do about a flow that this ledger should know. */
    public static final String OLDER_LEDGER = "the ledger may be older than the Platform: restore a newer one, rebuild it, adopt that flow,"
            + " or provision the definition that it was made from";

    private static final ObjectMapper JSON = new ObjectMapper();

    private final String dataflow;
    private final Map<Kind, List<RecordedStep>> recorded;
    private final Map<StepId, Planned> steps = new TreeMap<>();
    private final Map<StepId, Integer> misses = new HashMap<>();
    private final List<Planned> deletions = new ArrayList<>();   // of one step there can be several
    private final List<Fault> notes = new ArrayList<>();
    private String foreignFlow;
    private JsonNode flow;
    private boolean concluded;
    private boolean pauses;

    /** @param recorded what the ledger has of each kind, the earliest first */
    public Plan(String dataflow, Map<Kind, List<RecordedStep>> recorded) {
        this.dataflow = dataflow;
        this.recorded = recorded;
    }

    public List<RecordedStep> recorded(Kind kind) {
        return recorded.getOrDefault(kind, List.of());
    }

    public void add(Planned step) {
        if (step.action() == Action.DELETE) {
            deletions.add(step);
        } else {
            steps.put(step.step(), step);
        }
    }

    /** Worth knowing, and nothing that is to be done. */
    public void note(Fault note) {
        notes.add(note);
    }

    public List<Fault> notes() {
        return notes;
    }

    /** The ledger has this of a step now. */
    public void recordedAs(StepId step, RecordedStep row) {
        of(step).ifPresent(planned -> add(planned.recordedAs(row)));
    }

    /** What is planned for a step; empty for one that the dataflow does not have. */
    public Optional<Planned> of(StepId step) {
        return Optional.ofNullable(steps.get(step));
    }

    public Optional<Planned> flowStep() {
        return of(new StepId(Kinds.FLOW, 0));
    }

    /** What follows for those that are built on others, and for a flow that has to be made anew. Once: a repetition changes nothing. */
    public void conclude(boolean isStartPast) {
        if (concluded) {
            return;
        }
        concluded = true;
        for (Planned planned : List.copyOf(steps.values())) {
            if (planned.action() == Action.NONE || planned.action() == Action.UPDATE) {
                follow(planned);
            }
        }
        flowStep().filter(made -> made.action() == Action.REPLACE).ifPresent(made -> add(made.as(Action.REPLACE,
                made.reason() + "; a new flow reads again what there is, unless schedule.backfill is false")));
        flowStep().filter(made -> made.action().makesNew() && isStartPast).ifPresent(made -> add(made.as(Action.IMPOSSIBLE,
                made.reason()
                + "; and a new flow cannot start in the past (1360-400): give schedule.startTime a time to come, or leave it out")));
    }

    private void follow(Planned planned) {
        Kind kind = planned.step().kind();
        kind.builtOn().stream()
                .flatMap(base -> steps.values().stream().filter(other -> other.step().kind() == base))
                .map(other -> kind.follows(other.step().kind(), other.action()))
                .flatMap(Optional::stream)
                .filter(verdict -> verdict.action().compareTo(planned.action()) > 0)
                .max(Comparator.comparing(Verdict::action))
                .ifPresent(verdict -> add(planned.as(verdict.action(), verdict.reason())));
    }

    /** Whether a flow is to be made, or what it reads with. */
    public boolean makesFlow() {
        return steps.values().stream().anyMatch(planned -> planned.action().makesNew()
                && (planned.step().kind() == Kinds.FLOW || planned.step().kind() == Kinds.SOURCE_CONNECTION));
    }

    /** Whether it changes what is mapped, what it is mapped to, or how the flow takes it. */
    public boolean maps() {
        return steps.values().stream().anyMatch(planned -> planned.action() != Action.NONE
                && (planned.step().kind() == Kinds.MAPPING_SET || planned.step().kind() == Kinds.TARGET_SCHEMA)
                || planned.step().kind() == Kinds.FLOW
                && planned.changes().stream().anyMatch(change -> change.path().startsWith("transformations")));
    }

    /** Whether the ledger has no flow of the dataflow any more, or not yet. */
    public boolean isWithoutFlow() {
        return recorded(Kinds.FLOW).isEmpty();
    }

    /**
     * Whether it is still to be found out whether there is a flow of that name which the ledger does not have: where it has none, and
     * before one is made, enabled, paused or deleted, as the ledger may be older than the Platform.
     */
    public boolean isForeignFlowUnchecked() {
        return foreignFlow == null && (isWithoutFlow() || startsFlow() || pauses || isDeletion());
    }

    /** The dataflow is to be paused. */
    public void pauses() {
        pauses = true;
    }

    private boolean startsFlow() {
        return flowStep().filter(planned -> planned.action().makesNew() || planned.changes().stream().anyMatch(Flow::isStart)).isPresent();
    }

    /** Whether the dataflow is to be absent. */
    public boolean isDeletion() {
        return !deletions.isEmpty();
    }

    /** There is such a flow, which takes the place of what the ledger has; or there is none, or several of which none can be taken. */
    public void foundForeignFlow(Optional<String> flowId) {
        foreignFlow = flowId.orElse("");
        flowId.ifPresent(id -> steps.remove(new StepId(Kinds.FLOW, 0)));
    }

    /** Whether there is one, and it is still to be compared. */
    public boolean isForeignFlowOpen() {
        return isForeignFlowFound() && flowStep().isEmpty();
    }

    public boolean isForeignFlowFound() {
        return foreignFlow != null && !foreignFlow.isEmpty();
    }

    /** Its id. */
    public String foreignFlow() {
        return foreignFlow;
    }

    /** Whether the flow that the ledger has is still to be looked at. */
    public boolean isFlowUnseen() {
        return !isWithoutFlow() && flow == null;
    }

    /** @param document a missing node when nothing is there */
    public void sawFlow(JsonNode document) {
        flow = document;
    }

    /** The flow that the ledger has; a missing node when there is none. */
    public JsonNode flow() {
        return flow == null ? MissingNode.getInstance() : flow;
    }

    /** Id of what the flow is made of; empty for what it does not name itself. */
    public String namedByFlow(Kind kind) {
        return kind.idIn(documents());
    }

    /** In the version that the flow uses, where the ledger has only an earlier one. */
    public RecordedStep asUsed(RecordedStep row) {
        Kind kind = Kinds.of(row.key().step());
        Result made = row.result();
        if (kind.versionHeader().isEmpty() || !namedByFlow(kind).equals(made.id())
                || Integer.parseInt(kind.versionIn(documents())) <= Integer.parseInt(made.version())) {
            return row;
        }
        return new RecordedStep(row.key(), row.name(), row.state(), row.attempt(), row.repeated(), row.deadline(), row.begun(),
                new Result(made.id(), kind.versionIn(documents()), made.requestId(), made.outcome()));
    }

    private FlowDocuments documents() {
        return new FlowDocuments() {
            @Override
            public JsonNode get(Kind other) {
                return other == Kinds.FLOW ? flow() : MissingNode.getInstance();
            }

            @Override
            public String flowId() {
                return flow().path("id").asText();
            }
        };
    }

    /** How often the resource of a step was not found, this time included. */
    public int miss(StepId step) {
        return misses.merge(step, 1, Integer::sum);
    }

    /** Whether there is nothing to do. */
    public boolean isEmpty() {
        return deletions.isEmpty() && steps.values().stream().allMatch(step -> step.action() == Action.NONE);
    }

    /** The steps with this action, in words with their reasons. */
    public List<String> words(Action action) {
        return steps.values().stream().filter(step -> step.action() == action).map(Planned::words).toList();
    }

    /** What to do about that which is impossible with a resource that other dataflows use, too; empty when there is none. */
    public Optional<String> adviceOnShared() {
        return steps.values().stream().filter(step -> step.action() == Action.IMPOSSIBLE).map(step -> step.step().kind())
                .filter(Kind::isShared).findFirst().map(Kind::adviceOnConflict);
    }

    /**
     * As JSON: {@code dataflow, sandbox, empty, steps [{step, id, action, reason, carriesOver, loses, changes [{path, is, wanted}]}],
     * notes}.
     *
     * @param ofCheck what the check has found that is worth knowing, and nothing to be done about the dataflow
     */
    public String report(String sandbox, List<Fault> ofCheck) {
        ObjectNode report = JSON.createObjectNode().put("dataflow", dataflow).put("sandbox", sandbox).put("empty", isEmpty());
        ArrayNode list = report.putArray("steps");
        List<Planned> all = new ArrayList<>(steps.values());
        all.addAll(deletions);
        for (Planned step : all) {
            ObjectNode entry = list.addObject().put("step", step.step().kind().key());
            if (!step.id().isEmpty()) {
                entry.put("id", step.id());
            }
            entry.put("action", step.action().word());
            if (!step.reason().isEmpty()) {
                entry.put("reason", step.reason());
            }
            if (step.isSentAsAWhole()) {
                names(entry, "carriesOver", step.rest().told().keySet());
                names(entry, "loses", step.rest().lost());
            }
            ArrayNode changes = entry.putArray("changes");
            step.changes().forEach(change -> {
                ObjectNode field = changes.addObject().put("path", change.path());
                if (!change.is().isMissingNode()) {
                    field.set("is", change.is());
                }
                field.set("wanted", change.wanted());
            });
        }
        if (!notes.isEmpty() || !ofCheck.isEmpty()) {
            ArrayNode noteList = report.putArray("notes");
            Stream.concat(notes.stream(), ofCheck.stream()).sorted(Fault.IN_FILE_ORDER).forEach(note -> note.addTo(noteList));
        }
        return report.toPrettyString();
    }

    private static void names(ObjectNode entry, String field, Collection<String> names) {
        if (!names.isEmpty()) {
            ArrayNode list = entry.putArray(field);
            names.forEach(list::add);
        }
    }
}
