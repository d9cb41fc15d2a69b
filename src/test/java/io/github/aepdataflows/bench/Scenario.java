package io.github.aepdataflows.bench;

import io.github.aepdataflows.ledger.Wire;
import io.github.aepdataflows.simulator.Fault;
import io.github.aepdataflows.simulator.Options;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;

/**
 * What is to happen, drawn by a seed: to one node with its ledger in a file, or to several with one in PostgreSQL.
 *
 * @param options of the Platform
 */
record Scenario(int nodes, int dataflows, Options options, List<Moment> moments) {

    /** @param requests how many more requests the Platform sees before it happens, if there is work for so many */
    record Moment(int requests, Event event) {
    }

    /** Kinds of events. Several that are alike make one more likely. */
    enum Kind {
        DROP, DROP_2, DROP_3, DROP_4, DROP_5, OLDER, KILL, KILL_2, KILL_AT, KILL_AT_2, STOP, START, START_2, FAULT, FAULT_2, FAULT_3,
        FAULT_4, OUTAGE, REVOKE, CLOCK, FOREIGN, FOREIGN_2,
        /** Only of several nodes. */
        SLEEP, SLEEP_2, SLEEP_3, CUT, CUT_2, DATABASE_STOP, DATABASE_START,
        /** Only of a single one. */
        COPY, COPY_2, RESTORE, RESTORE_2, RESTORE_3;

        private boolean isFor(int nodes) {
            return compareTo(SLEEP) < 0 || nodes > 1 == compareTo(COPY) < 0;
        }

        /** Without its number. */
        String kind() {
            return name().replaceFirst("_\\d$", "");
        }
    }

    /** The first draws of neighbouring seeds would all be the same. */
    private static final long SCRAMBLE = 0x9E3779B97F4A7C15L;
    /** Less than half of the settle window: what becomes visible later than that is not prevented, as the guide says. */
    private static final Duration LATE = Duration.ofMillis(120);
    private static final List<String> POINTS = List.of("after:aep-claim-file", "after:aep-read-definition", "after:aep-take-dataflow",
            "before:aep-finish-dataflow", "after:aep-finish-dataflow", "before:aep-finish-deletion", "after:aep-write-receipt",
            "after:aep-move-file", "before:aep-begin-switch-flow", "before:aep-post-switch-flow", "before:aep-complete-switch-flow",
            "after:aep-complete-switch-flow", "after:aep-begin-update-flow", "before:aep-complete-update-flow");
    private static final List<String> CREATES = List.of("before:aep-begin-%s", "after:aep-begin-%s", "before:aep-complete-%s",
            "after:aep-complete-%s", "after:aep-replace-%s");
    private static final List<String> CHANGES = List.of("after:aep-begin-%s", "before:aep-complete-%s", "after:aep-complete-%s");
    private static final List<Step> CURRENT = List.of(Step.SOURCE_CONNECTION, Step.TARGET_SCHEMA, Step.TARGET_DATASET,
            Step.TARGET_CONNECTION, Step.MAPPING_SET, Step.FLOW);
    private static final List<Step> STRUCK = List.of(Step.TARGET_SCHEMA, Step.TARGET_DATASET, Step.FLOW);
    /** Not those that say what is wrong for every definition, take their time, or are for a create alone. */
    private static final Set<String> LEFT_OUT = Set.of("403", "oversized 2xx", "id-less 2xx", FaultKind.ANOTHER_OF_OURS, FaultKind.FOREIGN);

    /**
     * @param without kinds that are drawn and then left out: the others stay the same
     * @param faults  of which some are drawn
     */
    static Scenario draw(long seed, Set<String> without, List<FaultKind> faults) {
        Random random = new Random(seed * SCRAMBLE);
        int nodes = random.nextBoolean() ? 1 : 2 + random.nextInt(2);
        int dataflows = 2 + random.nextInt(2);
        Options options = switch (random.nextInt(6)) {
            case 0 -> Options.defaults().withListLag(LATE);
            case 1 -> Options.defaults().withLookUpLag(LATE);
            case 2 -> Options.defaults().withReferenceLag(LATE);
            case 3 -> Options.defaults().withListLag(LATE).withLookUpLag(LATE).withReferenceLag(LATE);
            default -> Options.defaults();
        };
        List<Kind> kinds = List.of(Kind.values()).stream().filter(kind -> kind.isFor(nodes)).toList();
        List<Moment> moments = new ArrayList<>();
        int events = 10 + random.nextInt(8);
        for (int n = 0; n < events; n++) {
            Kind kind = kinds.get(random.nextInt(kinds.size()));
            for (Event event : events(kind.kind(), random, nodes, dataflows, faults)) {
                Moment moment = new Moment(random.nextInt(30), event);
                if (!without.contains(kind.kind())) {
                    moments.add(moment);
                }
            }
        }
        return new Scenario(nodes, dataflows, options, moments);
    }

    /** What makes sense only together comes together: a point is reached when there is something to do. */
    private static List<Event> events(String kind, Random random, int nodes, int dataflows, List<FaultKind> faults) {
        int node = random.nextInt(nodes);
        return switch (kind) {
            case "KILL_AT" -> List.of(new Event.ToBeKilled(node, point(random)), drop(random, dataflows));
            case "SLEEP" -> List.of(new Event.FallsAsleep(node, point(random)), drop(random, dataflows), new Event.Woken(node));
            default -> List.of(event(kind, random, node, dataflows, faults));
        };
    }

    private static Event drop(Random random, int dataflows) {
        return new Event.Dropped(random.nextInt(dataflows),
                random.nextInt(3) == 0 ? Life.Edit.TABLE : any(random, List.of(Life.Edit.values())));
    }

    private static Event event(String kind, Random random, int node, int dataflows, List<FaultKind> faults) {
        int dataflow = random.nextInt(dataflows);
        return switch (kind) {
            case "DROP" -> drop(random, dataflows);
            case "OLDER" -> new Event.DroppedOlder(dataflow, 1 + random.nextInt(3));
            case "KILL" -> new Event.Killed(node);
            case "STOP" -> new Event.Stopped(node);
            case "START" -> new Event.Started(node);
            case "FAULT" -> fault(random, faults);
            case "OUTAGE" -> new Event.Outage();
            case "REVOKE" -> new Event.TokensRevoked();
            case "CLOCK" -> new Event.ClockSet(node, any(random, List.of(Duration.ofSeconds(-100), Duration.ofSeconds(100),
                    Duration.ofHours(-3), Duration.ofDays(1))));
            case "FOREIGN" -> new Event.ForeignChange(dataflow, any(random, STRUCK));
            case "CUT" -> new Event.LedgerCut(node, any(random, List.of(Wire.Cut.BEFORE_COMMIT, Wire.Cut.BEHIND_COMMIT)));
            case "DATABASE_STOP" -> new Event.DatabaseStopped();
            case "DATABASE_START" -> new Event.DatabaseStarted();
            case "COPY" -> new Event.LedgerCopied(node);
            case "RESTORE" -> new Event.LedgerRestored(node, 1 + random.nextInt(2));
            default -> throw new IllegalArgumentException(kind);
        };
    }

    private static Event fault(Random random, List<FaultKind> faults) {
        if (random.nextInt(8) == 0) {   // it repeats what was sent, token and all
            return new Event.CallBroken("echo", Fault.echo(random.nextBoolean() ? 422 : 503), false, 1 + random.nextInt(6));
        }
        FaultKind kind = any(random, faults.stream().filter(each -> !LEFT_OUT.contains(each.name())).toList());
        return new Event.CallBroken(kind.name(), kind.fault(), kind.after() && random.nextBoolean(), 1 + random.nextInt(6));
    }

    private static String point(Random random) {
        String step = any(random, CURRENT).key();
        return switch (random.nextInt(4)) {
            case 0 -> any(random, CHANGES).formatted((random.nextBoolean() ? "update-" : "delete-") + step);
            case 1 -> any(random, CREATES).formatted(step);
            default -> any(random, POINTS);
        };
    }

    private static <T> T any(Random random, List<T> of) {
        return of.get(random.nextInt(of.size()));
    }
}
