package io.github.aepdataflows.bench;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.aepdataflows.definition.Definition;
import io.github.aepdataflows.simulator.Options;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.apache.camel.Exchange;
import org.apache.camel.main.Main;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every step meets every kind of fault once, before and after the Platform committed. */
class FaultMatrixTest {

    private static final String OURS = "Ours";
    private static final String FOREIGN = "Foreign";

    /**
     * @param how   the kind's name
     * @param posts how often the Platform may see the creating call, from the first try to the end
     */
    private record Case(String how, Step step, boolean afterCommit, String dataflow, int posts) {
    }

    private record Verdict(Case of, int posts, List<String> violations) {
    }

    @TempDir
    Path folder;

    @Test
    void should_end_with_exactly_one_of_each_whatever_call_goes_wrong() throws Exception {
        List<Verdict> verdicts = new ArrayList<>();
        try (Trap elsewhere = new Trap(); Wires wires = new Wires()) {
            List<FaultKind> kinds = FaultKind.all(elsewhere.url());
            try (Bench bench = new Bench(folder.resolve("all"))) {
                verdicts.addAll(many(bench, cases(kinds, step -> !step.shared()), kinds, wires));
            }
            verdicts.addAll(oneByOne(cases(kinds, Step::shared), kinds, wires));
            assertThat(elsewhere.visits()).as("connections to where redirects lead").isZero();
        }
        print(verdicts);
        assertThat(verdicts.stream().filter(each -> !each.violations().isEmpty())
                .map(each -> each.of() + " -> " + each.violations())).isEmpty();
    }

    /** TLS fails before anything of any step is sent: one case stands for all. */
    @Test
    void should_send_nothing_as_long_as_the_platform_does_not_speak_tls() throws Exception {
        try (Bench bench = new Bench(folder.resolve("tls"))) {
            String plain = bench.settings().get("aep.url");
            bench.set("aep.url", plain.replace("http://", "https://"));
            bench.drop("contacts.yaml", Definitions.crm("Contacts"));
            CountDownLatch tried = new CountDownLatch(3);
            Main main = bench.start(NodeWatch.after("aep-claim-file", 0, exchange -> tried.countDown()));
            assertThat(tried.await(Bench.PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
            main.stop();
            assertThat(bench.simulator().requests().where(request -> request.path().startsWith("/data/"))).isEmpty();
            assertThat(bench.names("inbox")).containsExactly("contacts.yaml");

            bench.set("aep.url", plain).finish();

            bench.oracle().check();
        }
    }

    private static List<Case> cases(List<FaultKind> kinds, Predicate<Step> steps) {
        List<Case> cases = new ArrayList<>();
        for (Step step : Step.values()) {
            if (!steps.test(step)) {
                continue;
            }
            for (FaultKind kind : kinds) {
                cases.add(new Case(kind.name(), step, false, "Case " + step.key() + " " + kind.name().replace(' ', '-') + " before", 2));
                if (kind.after()) {
                    cases.add(new Case(kind.name(), step, true, "Case " + step.key() + " " + kind.name().replace(' ', '-') + " after", 1));
                }
            }
            for (Wires.Break how : Wires.Break.values()) {
                cases.add(new Case(how.name(), step, false, "Case " + step.key() + " " + how.name() + " before", 1));
            }
        }
        return cases.stream().filter(each -> Bench.isIncluded(each.dataflow())).toList();
    }

    /** All at once, by one application: each fault is for one dataflow only. */
    private static List<Verdict> many(Bench bench, List<Case> cases, List<FaultKind> kinds, Wires wires) throws Exception {
        bench.set("aep.inbox.concurrency", 24).set("aep.response-timeout", 400).set("aep.call-timeout", 1200);
        bench.foreign(Definitions.crm(FOREIGN));
        bench.drop("ours.yaml", Definitions.crm(OURS));
        Map<String, Wires.Break> breaks = new ConcurrentHashMap<>();
        List<Object> watches = new ArrayList<>();
        for (Step step : Step.values()) {
            watches.add(NodeWatch.before("aep-post-" + step.key(), 0, exchange -> {
                Wires.Break how = breaks.remove(step.key() + " " + dataflow(exchange));
                if (how != null) {
                    wires.breakNext(how);
                }
            }));
        }
        Main main = bench.start(watches.toArray());
        List<String> failed;
        try {
            bench.awaitIdle();
            Platform other = bench.platform();
            for (Case each : cases) {
                inject(bench, each, kinds, other, breaks);
                bench.drop(each.dataflow() + ".yaml", Definitions.crm(each.dataflow()));
            }
            bench.awaitIdle();
            bench.simulator().faults().clear();
            failed = dropAgain(bench, cases);
            bench.awaitIdle();
        } finally {
            main.stop();
        }
        assertThat(breaks).as("calls that were to be broken").isEmpty();
        Oracle oracle = bench.oracle().foreign(FOREIGN);
        failed.forEach(oracle::droppedAgain);
        List<String> violations = oracle.violations();
        Platform end = bench.platform();
        List<Verdict> verdicts = new ArrayList<>();
        for (Case each : cases) {
            verdicts.add(verdict(each, end, violations, kinds, failed));
        }
        violations.stream().filter(text -> cases.stream().noneMatch(each -> isAbout(text, each)))
                .forEach(text -> verdicts.add(new Verdict(cases.get(0), 0, List.of(text))));
        return verdicts;
    }

    private static String dataflow(Exchange exchange) {
        return exchange.getVariable("aepDefinition", Definition.class).name();
    }

    private static void inject(Bench bench, Case each, List<FaultKind> kinds, Platform other, Map<String, Wires.Break> breaks) {
        FaultKind kind = kinds.stream().filter(one -> one.name().equals(each.how())).findFirst().orElse(null);
        if (kind == null) {
            breaks.put(each.step().key() + " " + each.dataflow(), Wires.Break.valueOf(each.how()));
            return;
        }
        List<ObjectNode> others = other.resources(each.step(), kind.name().equals(FaultKind.FOREIGN) ? FOREIGN : OURS);
        // where there is none yet, a base connection of another kind
        String answer = others.isEmpty() ? "{\"id\":\"4cb0c374-d3bb-4557-b139-5712880adc55\",\"etag\":\"x\"}"
                : each.step().answer(each.step().idOf(others.get(0)));
        bench.simulator().faults().when(request -> each.step().isPost(request, each.dataflow()), 1,
                kind.at(each.afterCommit(), answer));
    }

    /** What was rejected lies in failed/ by now. The same again: its earlier steps exist, and the failed one goes well. */
    private static List<String> dropAgain(Bench bench, List<Case> cases) throws IOException {
        List<String> failed = new ArrayList<>();
        for (Case each : cases) {
            if (bench.names("failed").contains(each.dataflow() + ".yaml")) {
                failed.add(each.dataflow());
                bench.drop(each.dataflow() + " again.yaml", Definitions.crm(each.dataflow()));
            }
        }
        return failed;
    }

    private static boolean isAbout(String violation, Case one) {
        return violation.contains(one.dataflow()) || violation.contains(Definitions.column(one.dataflow()));
    }

    private static Verdict verdict(Case each, Platform end, List<String> violations, List<FaultKind> kinds, List<String> failed) {
        List<String> own = new ArrayList<>(violations.stream().filter(text -> isAbout(text, each)).toList());
        int posts = end.posts(each.step(), each.dataflow()).size();
        if (posts != each.posts()) {
            own.add("%d creating calls, not %d: %s".formatted(posts, each.posts(), end.story(each.step(), each.dataflow())));
        }
        boolean mayFail = kinds.stream().anyMatch(kind -> kind.name().equals(each.how()) && (kind.rejected()
                || kind.conflict() && !each.afterCommit()));
        if (failed.contains(each.dataflow()) && !mayFail) {
            own.add("it failed");
        }
        return new Verdict(each, posts, own);
    }

    /** The dataset base connection is made once in a sandbox: each case has a Platform of its own. */
    private List<Verdict> oneByOne(List<Case> cases, List<FaultKind> kinds, Wires wires) throws Exception {
        ExecutorService four = Executors.newFixedThreadPool(4);
        try {
            List<Callable<Verdict>> tasks = cases.stream().map(each -> (Callable<Verdict>) () -> {
                try (Bench bench = new Bench(folder.resolve(each.dataflow()), Options.defaults())) {
                    return alone(bench, each, kinds, wires);
                }
            }).toList();
            List<Verdict> verdicts = new ArrayList<>();
            for (Future<Verdict> each : four.invokeAll(tasks)) {
                verdicts.add(each.get());
            }
            return verdicts;
        } finally {
            four.shutdownNow();
        }
    }

    private static Verdict alone(Bench bench, Case each, List<FaultKind> kinds, Wires wires) throws Exception {
        bench.set("aep.response-timeout", 400).set("aep.call-timeout", 1200);
        Map<String, Wires.Break> breaks = new ConcurrentHashMap<>();
        inject(bench, each, kinds, bench.platform(), breaks);
        bench.drop(each.dataflow() + ".yaml", Definitions.crm(each.dataflow()));
        Main main = bench.start(NodeWatch.before("aep-post-" + each.step().key(), 1, exchange -> breaks.values()
                .forEach(wires::breakNext)));
        List<String> failed;
        try {
            bench.awaitIdle();
            failed = dropAgain(bench, List.of(each));
            bench.awaitIdle();
        } finally {
            main.stop();
        }
        Oracle oracle = bench.oracle();
        failed.forEach(oracle::droppedAgain);
        Platform end = bench.platform();
        Verdict verdict = verdict(each, end, List.of(), kinds, failed);
        List<String> violations = new ArrayList<>(oracle.violations());
        violations.addAll(verdict.violations());
        return new Verdict(each, verdict.posts(), violations);
    }

    /** Kinds down, steps across; in a cell the creating calls that the Platform saw, for a fault before and after the commit. */
    private static void print(List<Verdict> verdicts) {
        Map<String, Map<Step, String>> rows = new LinkedHashMap<>();
        for (Verdict each : verdicts) {
            String text = each.posts() + (each.violations().isEmpty() ? "" : "!");
            rows.computeIfAbsent(each.of().how(), how -> new EnumMap<>(Step.class))
                    .merge(each.of().step(), text, (before, after) -> before + " " + after);
        }
        StringBuilder table =
                new StringBuilder("%nCreating calls that the Platform saw: fault before, after the commit%n%-22s".formatted(""));
        for (Step step : Step.values()) {
            table.append("%-19s".formatted(step.key()));
        }
        rows.forEach((how, cells) -> {
            table.append("%n%-22s".formatted(how));
            for (Step step : Step.values()) {
                table.append("%-19s".formatted(cells.getOrDefault(step, "")));
            }
        });
        long red = verdicts.stream().filter(each -> !each.violations().isEmpty()).count();
        System.out.println(table.append("%n%d cases, %d with violations%n".formatted(verdicts.size(), red)));
    }
}
