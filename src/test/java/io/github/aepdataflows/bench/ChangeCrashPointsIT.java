package io.github.aepdataflows.bench;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.aepdataflows.Rig;
import io.github.aepdataflows.ledger.Ledger;
import io.github.aepdataflows.ledger.RecordedChange;
import io.github.aepdataflows.ledger.RecordedStep;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.apache.camel.main.Main;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A child JVM dies at each point at which a crash can leave a change half done; then the application is started again on what is left. */
class ChangeCrashPointsIT {

    private static final String DATAFLOW = "Contacts";

    /** @param halt as in {@link ChildApplication} */
    private record Point(Write write, String halt) {
    }

    private record Case(Point point, List<String> violations) {
    }

    @TempDir
    Path folder;

    @Test
    void should_end_as_the_definition_says_wherever_the_process_dies() throws Exception {
        List<Case> cases = new ArrayList<>();
        ExecutorService two = Executors.newFixedThreadPool(2);
        try {
            int every = Integer.getInteger("bench.every-point", 1);
            List<Callable<Case>> tasks = IntStream.range(0, points().size()).filter(at -> at % every == 0).mapToObj(points()::get)
                    .map(point -> (Callable<Case>) () -> dieAndRecover(point)).toList();
            for (Future<Case> each : two.invokeAll(tasks)) {
                cases.add(each.get());
            }
        } finally {
            two.shutdownNow();
        }
        System.out.printf("%nCrash points of changes: %d, %d with violations (duplicates, lost or half-done changes)%n", cases.size(),
                cases.stream().filter(each -> !each.violations().isEmpty()).count());
        assertThat(cases).allSatisfy(each -> assertThat(each.violations()).as(each.point().toString()).isEmpty());
    }

    /** The intent is committed; the Platform has answered; the result is committed. And between the parts of a replacement. */
    private static List<Point> points() {
        List<Point> points = new ArrayList<>();
        around(points, Write.PATCH_FLOW, "update-flow");
        around(points, Write.DELETE_FLOW, "delete-flow");
        around(points, Write.PUBLISH, "switch-flow");
        points.add(new Point(Write.PUT_MAPPING_SET, "before:aep-complete-update-mapping-set"));
        points.add(new Point(Write.DISABLE, "before:aep-complete-switch-flow"));
        points.add(new Point(Write.DELETE_CLASS, "before:aep-complete-delete-source-class"));
        points.add(new Point(Write.REPLACE_SOURCE_CONNECTION, "after:aep-replace-source-connection"));
        points.add(new Point(Write.REPLACE_SOURCE_CONNECTION, "before:aep-complete-source-connection"));
        points.add(new Point(Write.REPLACE_SOURCE_CONNECTION, "after:aep-complete-source-connection"));
        points.add(new Point(Write.REPLACE_FLOW, "before:aep-complete-flow"));
        points.add(new Point(Write.REPLACE_FLOW, "after:aep-complete-flow"));
        points.add(new Point(Write.DISABLE_REPLACED, "before:aep-complete-switch-flow"));
        points.add(new Point(Write.REPLACE_FLOW, "after:aep-finish-dataflow"));
        return points;
    }

    private static void around(List<Point> points, Write write, String node) {
        points.add(new Point(write, "after:aep-begin-" + node));
        points.add(new Point(write, "before:aep-complete-" + node));
        points.add(new Point(write, "after:aep-complete-" + node));
    }

    private Case dieAndRecover(Point point) throws Exception {
        try (Bench bench = new Bench(folder.resolve((point.write() + "-" + point.halt()).replace(':', '-')))) {
            Write write = point.write();
            bench.drop("before.yaml", write.before(DATAFLOW));
            bench.finish();
            bench.drop("after.yaml", write.after(DATAFLOW));
            try (Child child = Child.start(bench, Map.of("bench.halt", point.halt()))) {
                int exit = child.await();
                assertThat(exit).as(() -> point + " was never reached:\n" + child.log()).isEqualTo(ChildApplication.KILLED);
            }
            List<String> wrong = new ArrayList<>();
            Main main = bench.start();
            try {
                bench.awaitIdle();
                judge(bench, main, write, wrong);
            } finally {
                main.stop();
            }
            wrong.addAll(Strangers.of(bench));
            return new Case(point, wrong);
        }
    }

    private static void judge(Bench bench, Main main, Write write, List<String> wrong) throws Exception {
        if (!bench.names("done").contains("after.yaml")) {
            wrong.add("not in done/");
        }
        Ledger ledger = main.getCamelContext().getRegistry().lookupByNameAndType("aepLedger", Ledger.class);
        ledger.changes(DATAFLOW).stream().filter(change -> change.state() != RecordedChange.State.DONE).map(RecordedChange::toString)
                .forEach(wrong::add);
        ledger.unresolved().stream().map(RecordedStep::toString).forEach(wrong::add);
        for (Step step : Definitions.steps(write.before(DATAFLOW))) {
            List<ObjectNode> there = bench.simulator().store().resources(Rig.SANDBOX, step.collection()).stream()
                    .filter(one -> step.nameOf(one).equals(step.name(DATAFLOW))
                            || step == Step.MAPPING_SET && one.at("/mappings/0/source").asText().equals(step.name(DATAFLOW))).toList();
            if (!step.shared() && there.size() != write.left(step)) {
                wrong.add("%d of %s, not %d".formatted(there.size(), step.key(), write.left(step)));
            }
        }
        long enabled = bench.simulator().store().resources(Rig.SANDBOX, "flows").stream()
                .filter(flow -> flow.path("state").asText().equals("enabled")).count();
        if (enabled != (write.deletes() || write == Write.DISABLE ? 0 : 1)) {
            wrong.add(enabled + " flows are enabled");
        }
        wrong.addAll(Bench.plan(main, write.after(DATAFLOW)));
        // one that was sent before the kill may be sent once more, when nobody knows what became of it
        long writes = bench.simulator().requests().where(request -> write.creates() && write.is(request, DATAFLOW, "")).size();
        if (write.creates() && writes != 2) {
            wrong.add("%d creating calls of %s, not 2".formatted(writes, write.step.key()));
        }
    }
}
