package io.github.aepdataflows.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.aepdataflows.simulator.Fault;
import io.github.aepdataflows.simulator.Request;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A child JVM dies at each of the 63 points at which a crash can leave something half done: six of each step, nine of each
 * file. Then the application is started again on what is left.
 */
class CrashPointsIT {

    private static final String DATAFLOW = "Contacts";
    private static final String FILE = "contacts.yaml";

    /** @param halt as in {@link ChildApplication}; or the two that only the Platform can see, for which the parent kills */
    private record Point(String name, String step, String halt, int posts) {

        boolean isAtThePlatform() {
            return halt.equals("request-sent") || halt.equals("server-committed");
        }
    }

    private record Case(Point point, int duplicates, int losses, List<String> violations) {
    }

    @TempDir
    Path folder;

    /** {@code -Dbench.every-point=1} for all of them. */
    @Test
    void should_end_with_exactly_one_of_each_wherever_the_process_dies() throws Exception {
        List<Point> all = points();
        assertThat(all).hasSize(63);
        int every = Integer.getInteger("bench.every-point", 1);
        List<Point> points = IntStream.range(0, all.size()).filter(at -> at % every == 0).mapToObj(all::get).toList();

        List<Case> cases = inPairs(points, point -> dieAndRecover(point, List.of(), false));

        print(cases);
        assertThat(cases).allSatisfy(each -> assertThat(each.violations()).as(each.point().toString()).isEmpty());
    }

    /** The source side and the target side are both at the Platform, which has carried out both creates, or none, or only one of them. */
    @Test
    void should_end_with_exactly_one_of_each_when_it_dies_with_two_steps_in_flight() throws Exception {
        List<List<Fault>> all = List.of(List.of(Fault.hang(), Fault.hang()), List.of(Fault.hang(), Fault.hang().afterCommit()));

        for (List<Fault> faults : all) {
            try (Bench bench = new Bench(folder.resolve("two-" + all.indexOf(faults)))) {
                bench.drop(FILE, Definitions.crm(DATAFLOW));
                killAtThePlatform(bench, Map.of(Step.SOURCE_CLASS, faults.get(0), Step.TARGET_SCHEMA, faults.get(1)), "two in flight");

                bench.finish();

                assertThat(bench.oracle().violations()).isEmpty();
                assertThat(bench.names("done")).contains(FILE);
                assertThat(bench.platform().posts(Step.SOURCE_CLASS, DATAFLOW)).hasSize(2);
                assertThat(bench.platform().posts(Step.TARGET_SCHEMA, DATAFLOW)).hasSize(faults.equals(all.get(0)) ? 2 : 1);
            }
        }
    }

    /** Of the current form, where the dataset is looked at while the target connection is made on it. */
    @Test
    void should_end_with_exactly_one_of_each_when_it_dies_before_it_has_looked_at_what_it_made() throws Exception {
        List<Point> points = Stream.of(Step.TARGET_DATASET, Step.TARGET_CONNECTION).map(Step::key).flatMap(key -> Stream.of(
                new Point("intent-ahead", key, "after:aep-begin-" + key + "-ahead", 1),
                new Point("answer-ahead", key, "after:aep-answered-" + key, 1),
                new Point("looked-at", key, "before:aep-complete-" + key, 1))).toList();

        List<Case> cases = inPairs(points, point -> dieAndRecover(point, List.of(), true));

        print(cases);
        assertThat(cases).allSatisfy(each -> assertThat(each.violations()).as(each.point().toString()).isEmpty());
    }

    /** {@code -Dbench.pairs=…} for more of them, {@code -Dseed=…} for others. */
    @Test
    void should_end_with_exactly_one_of_each_when_it_dies_again_while_it_recovers() throws Exception {
        Random random = new Random(Long.getLong("seed", 20261122));
        List<Point> points = points().stream().filter(point -> !point.isAtThePlatform()).toList();
        List<Point> first = new ArrayList<>();
        Map<Point, Point> second = new ConcurrentHashMap<>();
        int moved = points.size() - 2;   // nothing comes after it: the file is in its place
        while (first.size() < Math.min(Integer.getInteger("bench.pairs", 6), moved)) {
            int at = random.nextInt(moved);
            if (second.putIfAbsent(points.get(at), points.get(at + 1 + random.nextInt(points.size() - at - 1))) == null) {
                first.add(points.get(at));
            }
        }

        List<Case> cases = inPairs(first, point -> dieAndRecover(point, List.of(second.get(point)), false));

        print(cases);
        assertThat(cases).allSatisfy(each ->
                assertThat(each.violations()).as(each.point() + ", then " + second.get(each.point())).isEmpty());
    }

    private static List<Point> points() {
        List<Point> points = new ArrayList<>();
        for (Step step : Step.values()) {
            String key = step.key();
            String begin = "aep-begin-" + key + (step == Step.TARGET_DATASET ? "-ahead" : "");
            points.add(new Point("before-intent", key, "before:" + begin, 1));
            points.add(new Point("intent-committed", key, "after:" + begin, 1));
            points.add(new Point("request-sent", key, "request-sent", 2));
            points.add(new Point("server-committed", key, "server-committed", 1));
            points.add(new Point("response-read", key, "before:aep-complete-" + key, 1));
            points.add(new Point("result-committed", key, "after:aep-complete-" + key, 1));
        }
        points.add(new Point("seen", "file", "before:aep-claim-file", 1));
        points.add(new Point("claimed", "file", "after:aep-claim-file", 1));
        points.add(new Point("taken", "file", "after:aep-take-file", 1));
        points.add(new Point("parsed", "file", "after:aep-read-definition", 1));
        points.add(new Point("ledger-row", "file", "after:aep-take-dataflow", 1));
        points.add(new Point("last-step-done", "file", "before:aep-finish-dataflow", 1));
        points.add(new Point("receipt-written", "file", "after:aep-write-receipt", 1));
        points.add(new Point("moved", "file", "after:aep-move-file", 1));
        points.add(new Point("ledger-closed", "file", "after:aep-release-file", 1));
        return points;
    }

    private interface Trial {
        Case run(Point point) throws Exception;
    }

    /** Two at a time: each is a JVM. */
    private static List<Case> inPairs(List<Point> points, Trial trial) throws Exception {
        ExecutorService two = Executors.newFixedThreadPool(2);
        try {
            List<Callable<Case>> tasks = points.stream().map(point -> (Callable<Case>) () -> trial.run(point)).toList();
            List<Case> cases = new ArrayList<>();
            for (Future<Case> each : two.invokeAll(tasks)) {
                cases.add(each.get());
            }
            return cases;
        } finally {
            two.shutdownNow();
        }
    }

    /** @param more where it dies again after the restart, each once and if it gets there at all */
    private Case dieAndRecover(Point point, List<Point> more, boolean current) throws Exception {
        try (Bench bench = new Bench(folder.resolve(point.step() + "-" + point.name()))) {
            bench.drop(FILE, current ? Definitions.customerSuccess(DATAFLOW) : Definitions.crm(DATAFLOW));
            die(bench, point);
            for (Point next : more) {
                die(bench, next);
            }
            try {
                bench.finish();
            } catch (RuntimeException e) {
                return new Case(point, 0, 1, List.of("not finished after the restart: " + e.getMessage()
                        + " inbox " + bench.names("inbox") + " failed " + bench.names("failed")));
            }
            Oracle oracle = bench.oracle();
            List<String> violations = new ArrayList<>(oracle.violations());
            if (!bench.names("done").contains(FILE)) {
                violations.add("not in done/");
            }
            for (Step step : Step.values()) {
                List<Request> posts = bench.platform().posts(step, DATAFLOW);
                int expected = current && !step.isCurrent() ? 0 : step.key().equals(point.step()) ? point.posts() : 1;
                if (posts.size() != expected) {
                    violations.add("%s was posted %d times, not %d".formatted(step.key(), posts.size(), expected));
                }
            }
            return new Case(point, oracle.duplicates(), oracle.losses(), violations);
        }
    }

    private void die(Bench bench, Point point) throws Exception {
        if (!point.isAtThePlatform()) {
            try (Child child = Child.start(bench, Map.of("bench.halt", point.halt()))) {
                int exit = child.await();
                assertThat(exit).as(() -> point + " was never reached:\n" + child.log()).isEqualTo(ChildApplication.KILLED);
            }
            return;
        }
        Fault hang = point.halt().equals("server-committed") ? Fault.hang().afterCommit() : Fault.hang();
        killAtThePlatform(bench, Map.of(Step.of(point.step()), hang), point.toString());
    }

    /** When all of these calls are held. */
    private static void killAtThePlatform(Bench bench, Map<Step, Fault> held, String what) throws Exception {
        held.forEach((step, hang) -> bench.simulator().faults().when(request -> step.isPost(request, DATAFLOW), 1, hang));
        try (Child child = Child.start(bench, Map.of("aep.response-timeout", "30s", "aep.call-timeout", "30s"))) {
            await().atMost(Bench.PATIENCE).until(() -> bench.simulator().faults().held() >= held.size() || !child.isAlive());
            assertThat(bench.simulator().faults().held()).as(() -> what + ":\n" + child.log()).isEqualTo(held.size());
            child.kill();
        }
        bench.simulator().faults().clear();
    }

    private static void print(List<Case> cases) {
        StringBuilder table = new StringBuilder("\nCrash points                              duplicates  losses  violations\n");
        for (Case each : cases) {
            table.append("%-20s %-20s %10d %7d  %s%n".formatted(each.point().step(), each.point().name(), each.duplicates(),
                    each.losses(), each.violations().isEmpty() ? "-" : each.violations()));
        }
        System.out.println(table.append("%d crash points, %d duplicates, %d losses%n".formatted(cases.size(),
                cases.stream().mapToInt(Case::duplicates).sum(), cases.stream().mapToInt(Case::losses).sum())));
    }
}
