package io.github.aepdataflows.audit;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.aepdataflows.audit.FlowHealth.Counts;
import io.github.aepdataflows.audit.FlowHealth.LastRun;
import io.github.aepdataflows.audit.FlowHealth.State;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Function;

/** Compares what a dataflow should have done with what its runs say. Knows no clock but the one instant it is given. */
final class FlowJudge {

    private static final Set<String> RESTING = Set.of("disabled", "disabling", "draft", "delete-finalizing");
    private static final Set<String> WORKING = Set.of("enabled", "initializing", "enabling", "updating", "enabled-finalizing");

    private final Instant now;
    private final Duration grace;
    private final Instant earliest;

    /**
     * @param grace    how late a run may be before its flow is called late
     * @param earliest how far back an open run is followed; one that never ends must not make the window grow for ever
     */
    FlowJudge(Instant now, Duration grace, Instant earliest) {
        this.now = now;
        this.grace = grace;
        this.earliest = earliest;
    }

    /**
     * @param flow  the flow as Flow Service lists it
     * @param runs  its runs since {@code since}, in any order
     * @param newest its newest run, asked for when there are none since
     */
    FlowHealth judge(JsonNode flow, List<JsonNode> runs, Optional<JsonNode> newest, Instant since, Boolean ours) {
        List<Run> window = runs.stream().map(Run::of).sorted(Comparator.comparingLong(Run::createdAt)).toList();
        Optional<Run> last = window.isEmpty() ? newest.map(Run::of) : Optional.of(window.get(window.size() - 1));
        Verdict verdict = verdict(flow, window, last);
        return new FlowHealth(flow.path("id").asText(), flow.path("name").asText(), ours, verdict.state, verdict.reason,
                last.map(FlowJudge::lastRun).orElse(null), counts(window), since, nextSince(window, since));
    }

    /**
     * Where the next audit begins to read: at the oldest run that is still open, else just after the newest run that was
     * seen. By the Platform's times alone, whatever our clock says.
     */
    private Instant nextSince(List<Run> window, Instant since) {
        Optional<Instant> open = window.stream().filter(Run::isOpen).map(run -> run.created().orElse(since))
                .filter(created -> !created.isBefore(earliest)).min(Comparator.naturalOrder());
        return open.or(() -> newest(window).flatMap(Run::created).map(created -> created.plusMillis(1))).orElse(since);
    }

    /** A flow whose runs could not be read: nothing is known, and the next audit reads from the same point. */
    static FlowHealth unread(JsonNode flow, Instant since, Boolean ours, String why) {
        return new FlowHealth(flow.path("id").asText(), flow.path("name").asText(), ours, State.UNKNOWN,
                "its runs could not be read: " + why, null, counts(List.of()), since, since);
    }

    /** A flow of ours that the Platform does not have. */
    static FlowHealth missing(String id, String name, Instant since) {
        return new FlowHealth(id, name, true, State.MISSING,
                "the Platform does not list it any more; its definition with allowReplace: true makes it again",
                null, counts(List.of()), since, since);
    }

    private record Verdict(State state, String reason) {
    }

    private Verdict verdict(JsonNode flow, List<Run> window, Optional<Run> last) {
        String state = flow.path("state").asText();
        if (RESTING.contains(state)) {
            return new Verdict(State.DISABLED, "its state is " + state);
        } else if (!WORKING.contains(state)) {
            return new Verdict(State.UNKNOWN, "its state \"%s\" is not recognised".formatted(state));
        }
        List<Run> judged = window.isEmpty() ? last.stream().toList() : window;
        return failed(judged).or(() -> late(flow, judged)).or(() -> partial(judged)).or(() -> unrecognised(judged))
                .orElseGet(() -> last.isEmpty() ? waiting(flow) : new Verdict(State.HEALTHY, healthy(last.get())));
    }

    private Optional<Verdict> failed(List<Run> runs) {
        List<Run> failed = of(runs, RunStatus.FAILED);
        String words = runs.size() == 1 ? "its last run failed at %s%s"
                : failed.size() + " of " + runs.size() + " runs failed, the last at %s%s";
        return newest(failed).map(run -> new Verdict(State.FAILED, words.formatted(
                run.created().map(Instant::toString).orElse("an unknown time"), firstError(run))));
    }

    private Optional<Verdict> partial(List<Run> runs) {
        List<Run> partial = of(runs, RunStatus.PARTIAL);
        String words = runs.size() == 1 ? "its last run lost records (%s)%s"
                : partial.size() + " of " + runs.size() + " runs lost records (%s in the last)%s";
        return newest(partial).map(run -> new Verdict(State.PARTIAL, words.formatted(
                run.failedRecords().isPresent() ? run.failedRecords().getAsLong() : "unknown how many", firstError(run))));
    }

    private Optional<Verdict> unrecognised(List<Run> runs) {
        return newest(of(runs, RunStatus.UNRECOGNISED))
                .map(run -> new Verdict(State.UNKNOWN, "run %s has the unrecognised status \"%s\"".formatted(run.id(), run.statusText())));
    }

    /** Late: a run has come and never ends; or one was due, the grace time has passed, and none has come since. */
    private Optional<Verdict> late(JsonNode flow, List<Run> runs) {
        Optional<RunSchedule> schedule = RunSchedule.of(flow.path("scheduleParams"));
        Duration patience = schedule.flatMap(RunSchedule::period).orElse(Duration.ofDays(1)).plus(grace);
        Optional<Run> endless = runs.stream().filter(Run::isOpen)
                .filter(run -> run.created().filter(came -> came.plus(patience).isBefore(now)).isPresent()).findFirst();
        if (endless.isPresent()) {
            return endless.map(run -> new Verdict(State.LATE, "its run of %s is still %s"
                    .formatted(run.created().orElseThrow(), run.statusText())));
        }
        Optional<Instant> due = schedule.flatMap(plan -> plan.lastDue(now.minus(grace)));
        return newest(runs).flatMap(Run::created).filter(came -> due.filter(came::isBefore).isPresent())
                .map(came -> new Verdict(State.LATE, "a run was due at %s, but the last one came at %s".formatted(due.get(), came)));
    }

    private Verdict waiting(JsonNode flow) {
        Optional<RunSchedule> schedule = RunSchedule.of(flow.path("scheduleParams"));
        String reason = schedule.map(plan -> plan.start().plus(grace).isBefore(now)
                        ? "its first run was due at " + plan.start() + " and never came"
                        : "its first run is due at " + plan.start())
                .orElse("it has no schedule that is understood");
        return new Verdict(State.NEVER_RAN, reason);
    }

    private static String healthy(Run last) {
        return last.isOpen() ? "its last run is " + last.statusText() : "its last run succeeded";
    }

    private static String firstError(Run run) {
        return run.errors().isEmpty() ? "" : ": " + run.errors().get(0);
    }

    private static Optional<Run> newest(List<Run> runs) {
        return runs.isEmpty() ? Optional.empty() : Optional.of(runs.get(runs.size() - 1));
    }

    private static LastRun lastRun(Run run) {
        return new LastRun(run.id(), run.statusText(), instant(run.startedAt()), instant(run.completedAt()));
    }

    private static Instant instant(long millis) {
        return millis == 0 ? null : Instant.ofEpochMilli(millis);
    }

    private static Counts counts(List<Run> runs) {
        return new Counts(runs.size(), of(runs, RunStatus.SUCCEEDED).size(), of(runs, RunStatus.PARTIAL).size(), of(runs, RunStatus.FAILED)
                .size(),
                of(runs, RunStatus.OPEN).size(), of(runs, RunStatus.UNRECOGNISED).size(),
                sum(runs, Run::inputRecords), sum(runs, Run::outputRecords), sum(runs, Run::failedRecords));
    }

    private static List<Run> of(List<Run> runs, RunStatus status) {
        return runs.stream().filter(run -> run.status() == status).toList();
    }

    private static Long sum(List<Run> runs, Function<Run, OptionalLong> count) {
        List<Long> known = runs.stream().map(count).filter(OptionalLong::isPresent).map(OptionalLong::getAsLong).toList();
        return known.isEmpty() ? null : known.stream().mapToLong(Long::longValue).sum();
    }
}
