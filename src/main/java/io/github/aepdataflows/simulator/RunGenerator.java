package io.github.aepdataflows.simulator;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * Runs the enabled flows by the simulator's clock. Nothing happens by itself: whoever reads or changes the Platform first has
 * everything generated that is due, so the outcome depends on the clock alone. What a run becomes is scripted; unscripted
 * flows succeed. The lock is the store's, as for every call.
 */
public final class RunGenerator {

    /** Of a longer backlog, only the newest slots are made up. */
    private static final int MAX_BACKLOG = 1000;

    private final Store store;
    private final Options options;
    private final Map<String, List<RunKind>> scripts = new HashMap<>();
    /** Per flow, how many runs its script has already decided. */
    private final Map<String, Integer> played = new HashMap<>();
    private final Map<String, Instant> consideredUntil = new HashMap<>();
    /** Until then no flow runs, unless flows change. */
    private Instant nextRun = Instant.MIN;
    /** How far the flows were passed without a look at them, since the last look. */
    private Instant passedUntil = Instant.MIN;
    private int changesSeen;
    private final List<FlowRun> unfinished = new ArrayList<>();
    private final List<Ended> ended = new ArrayList<>();

    /** A run that has ended. */
    record Ended(String sandbox, String runId) {
    }

    RunGenerator(Store store, Options options) {
        this.store = store;
        this.options = options;
    }

    /** What the coming runs of a flow, named by id or name, become: one kind after the other, then from the start again. */
    public void script(String flowIdOrName, RunKind... kinds) {
        script(flowIdOrName, List.of(kinds));
    }

    public void script(String flowIdOrName, List<RunKind> kinds) {
        if (kinds.isEmpty()) {
            throw new IllegalArgumentException("a script needs at least one kind of run");
        }
        synchronized (store) {
            scripts.put(flowIdOrName, List.copyOf(kinds));
            played.remove(flowIdOrName);
        }
    }

    void catchUp(Instant now) {
        synchronized (store) {
            int changes = store.changes("flows");
            if (changes != changesSeen || !now.isBefore(nextRun)) {
                changesSeen = changes;
                nextRun = Instant.MAX;
                for (String sandbox : store.sandboxes()) {
                    store.all(sandbox, "flows").forEach(flow -> catchUp(sandbox, flow, now));
                }
                passedUntil = Instant.MIN;
            } else if (now.isAfter(passedUntil)) {
                passedUntil = now;
            }
            finish(now);
        }
    }

    private void catchUp(String sandbox, ObjectNode flow, Instant now) {
        String id = flow.path("id").asText();
        Instant considered = consideredUntil.getOrDefault(id, Instant.MIN);
        Instant after = considered.equals(Instant.MIN) || considered.isAfter(passedUntil) ? considered : passedUntil;
        Instant until = now.isAfter(after) ? now : after;
        consideredUntil.put(id, until);
        // slots of a disabled flow pass without a run, and one that streams has none
        String state = flow.path("state").asText();
        if ((state.equals("enabled") || state.equals("initializing")) && flow.has("scheduleParams")) {
            Schedule schedule = Schedule.of(flow.path("scheduleParams"));
            if (state.equals("enabled")) {
                schedule.slots(after, until, MAX_BACKLOG).forEach(slot -> {
                    Instant start = schedule.at(slot);
                    start(sandbox, flow, start, start.minus(schedule.period()), start);
                });
            }
            schedule.next(until).filter(next -> next.isBefore(nextRun)).ifPresent(next -> nextRun = next);
        }
    }

    /** Starts a run; a {@code MISSED} one leaves no trace but is handed back all the same. */
    FlowRun start(String sandbox, ObjectNode flow, Instant start, Instant windowStart, Instant windowEnd) {
        FlowRun run = new FlowRun(UUID.randomUUID().toString(), sandbox, flow.deepCopy(), nextKind(flow), start,
            options.runDuration(), windowStart, windowEnd);
        if (run.kind() != RunKind.MISSED) {
            store.put(sandbox, "runs", run.id(), run.record(start), start);
            flow.set("lastRunDetails", run.lastRunDetails(start));
            unfinished.add(run);
        }
        return run;
    }

    private RunKind nextKind(ObjectNode flow) {
        String id = flow.path("id").asText();
        String key = scripts.containsKey(id) ? id : flow.path("name").asText();
        List<RunKind> script = scripts.getOrDefault(key, List.of(RunKind.SUCCESS));
        return script.get((played.merge(key, 1, Integer::sum) - 1) % script.size());
    }

    /** All that have ended, in the order in which that was noticed. */
    List<Ended> ended() {
        synchronized (store) {
            return List.copyOf(ended);
        }
    }

    private void finish(Instant now) {
        unfinished.removeIf(run -> {
            if (!run.ended(now)) {
                return false;
            }
            store.replace(run.sandbox(), "runs", run.id(), run.record(now));
            ended.add(new Ended(run.sandbox(), run.id()));
            store.find(run.sandbox(), "flows", run.flow().path("id").asText())
                .filter(flow -> Json.text(flow, "lastRunDetails.id").equals(run.id()))
                .ifPresent(flow -> flow.set("lastRunDetails", run.lastRunDetails(now)));
            return true;
        });
    }
}
