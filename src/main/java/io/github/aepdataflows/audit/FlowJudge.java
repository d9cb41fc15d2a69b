package io.github.aepdataflows.audit;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.aepdataflows.audit.FlowHealth.Counts;
import io.github.aepdataflows.audit.FlowHealth.LastRun;
import io.github.aepdataflows.audit.FlowHealth.State;
import io.github.aepdataflows.resource.Flow;
import io.github.aepdataflows.resource.Run;
import io.github.aepdataflows.resource.RunStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** Compares what a dataflow should have done with what its runs say. Knows no clock but the one instant it is given. */
final class FlowJudge {

    private static final Set<String> RESTING = Set.of("disabled", "disabling", "delete-finalizing");
    private static final Set<String> WORKING = Set.of("enabled", "initializing", "enabling", "updating", "enabled-finalizing");

    private static final Counts NO_RUNS = new RunTally().counts();

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
        RunTally window = new RunTally();
        runs.stream().map(Run::of).forEach(window::add);
        return judge(flow, window, newest.map(Run::of), since, ours);
    }

    /** @param window its runs since {@code since} */
    FlowHealth judge(JsonNode flow, RunTally window, Optional<Run> newest, Instant since, Boolean ours) {
        RunTally judged = window;
        if (window.total() == 0) {
            judged = new RunTally();
            newest.ifPresent(judged::add);
        }
        Optional<Run> last = judged.newest();
        Verdict verdict = verdict(flow, judged);
        return new FlowHealth(flow.path("id").asText(), flow.path("name").asText(), ours, verdict.state, verdict.reason,
                last.map(FlowJudge::lastRun).orElse(null), window.counts(), since, nextSince(window, since));
    }

    /**
     * Where the next audit begins to read: at the oldest run that is still open, else just after the newest run that was
     * seen. By the Platform's times, whatever our clock says, unless such a time is yet to come.
     */
    private Instant nextSince(RunTally window, Instant since) {
        Instant latest = now.plus(RunWalk.CLOCK_SKEW);
        Optional<Instant> open = window.open().map(run -> run.created().orElse(since))
                .filter(came -> !came.isBefore(earliest) && !came.isAfter(latest)).min(Comparator.naturalOrder());
        return open.or(() -> window.newest().flatMap(Run::created).map(created ->
                created.isAfter(latest) ? now : created.plusMillis(1))).orElse(since);
    }

    /** A flow whose runs could not be read: nothing is known, and the next audit reads from the same point. */
    static FlowHealth unread(JsonNode flow, Instant since, Boolean ours, String why) {
        return new FlowHealth(flow.path("id").asText(), flow.path("name").asText(), ours, State.UNKNOWN,
                "its runs could not be read: " + why, null, NO_RUNS, since, since);
    }

    /** A flow of ours that the Platform does not have. */
    static FlowHealth missing(String id, String name, Instant since) {
        return new FlowHealth(id, name, true, State.MISSING,
                "the Platform does not list it any more; its definition with allowReplace: true makes it again",
                null, NO_RUNS, since, since);
    }

    private record Verdict(State state, String reason) {
    }

    private Verdict verdict(JsonNode flow, RunTally judged) {
        Optional<Verdict> idle = idle(flow);
        if (idle.isPresent()) {
            return idle.get();
        }
        return failed(judged).or(() -> late(flow, judged)).or(() -> partial(judged)).or(() -> unrecognised(judged))
                .orElseGet(() -> judged.newest().map(last -> new Verdict(State.HEALTHY, healthy(last))).orElseGet(() -> waiting(flow)));
    }

    /** What its state alone tells. */
    private static Optional<Verdict> idle(JsonNode flow) {
        String state = flow.path("state").asText("");
        if (Flow.isDraft(flow)) {
            return Optional.of(new Verdict(State.DRAFT, "it is a draft, and runs nothing until it is published"));
        } else if (RESTING.contains(state)) {
            return Optional.of(new Verdict(State.DISABLED, "its state is " + state));
        }
        return WORKING.contains(state) ? Optional.empty()
                : Optional.of(new Verdict(State.UNKNOWN, "its state \"%s\" is not recognised".formatted(state)));
    }

    /** A flow that streams, of which the Platform keeps no runs: its state and the last thing that was done to it tell. */
    static FlowHealth streaming(JsonNode flow, Instant since, Boolean ours) {
        JsonNode last = flow.at("/lastOperation/status");
        boolean failed = Stream.of(flow.path("state"), last.path("value")).anyMatch(one -> one.asText().equalsIgnoreCase("failed"));
        Verdict verdict = failed
                ? new Verdict(State.FAILED, ("it streams, and its last operation failed: " + last.path("errors")).replace(": []", ""))
                : idle(flow).orElse(new Verdict(State.STREAMING, "it is enabled and streams; the Platform keeps no runs of it"));
        return new FlowHealth(flow.path("id").asText(), flow.path("name").asText(), ours, verdict.state, verdict.reason, null,
                NO_RUNS, since, since);
    }

    private static Optional<Verdict> failed(RunTally runs) {
        String words = runs.total() == 1 ? "its last run failed at %s%s"
                : runs.count(RunStatus.FAILED) + " of " + runs.total() + " runs failed, the last at %s%s";
        return runs.newest(RunStatus.FAILED).map(run -> new Verdict(State.FAILED, words.formatted(
                run.created().map(Instant::toString).orElse("an unknown time"), firstError(run))));
    }

    private static Optional<Verdict> partial(RunTally runs) {
        String words = runs.total() == 1 ? "its last run %s%s%s"
                : runs.count(RunStatus.PARTIAL) + " of " + runs.total() + " runs %s%s%s";
        String inLast = runs.total() == 1 ? "" : " in the last";
        return runs.newest(RunStatus.PARTIAL).map(run -> new Verdict(State.PARTIAL, run.failedRecords().orElse(-1) == 0
                ? words.formatted("succeeded in part, without failed records", inLast, firstError(run))
                : words.formatted("lost records (" + (run.failedRecords().isPresent() ? run.failedRecords().getAsLong()
                : "unknown how many"), inLast + ")", firstError(run))));
    }

    private static Optional<Verdict> unrecognised(RunTally runs) {
        return runs.newest(RunStatus.UNRECOGNISED)
                .map(run -> new Verdict(State.UNKNOWN, "run %s has the unrecognised status \"%s\"".formatted(run.id(), run.statusText())));
    }

    /** Late: a run has come and never ends; or one was due, the grace time has passed, and none has come since. */
    private Optional<Verdict> late(JsonNode flow, RunTally runs) {
        Optional<RunSchedule> schedule = RunSchedule.of(flow.path("scheduleParams"));
        Duration patience = schedule.flatMap(RunSchedule::period).orElse(Duration.ofDays(1)).plus(grace);
        Optional<Run> endless = runs.open()
                .filter(run -> run.created().filter(came -> came.plus(patience).isBefore(now)).isPresent())
                .min(Comparator.comparingLong(Run::createdAt));
        if (endless.isPresent()) {
            return endless.map(run -> new Verdict(State.LATE, "its run of %s is still %s"
                    .formatted(run.created().orElseThrow(), run.statusText())));
        }
        Optional<Instant> due = schedule.flatMap(plan -> plan.lastDue(now.minus(grace)));
        return runs.newest().flatMap(Run::created).filter(came -> due.filter(came::isBefore).isPresent())
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

    private static LastRun lastRun(Run run) {
        return new LastRun(run.id(), run.statusText(), instant(run.startedAt()), instant(run.completedAt()));
    }

    private static Instant instant(long millis) {
        return millis == 0 ? null : Instant.ofEpochMilli(millis);
    }
}
