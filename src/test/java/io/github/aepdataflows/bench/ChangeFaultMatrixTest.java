package io.github.aepdataflows.bench;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.aepdataflows.Rig;
import io.github.aepdataflows.ledger.Ledger;
import io.github.aepdataflows.ledger.RecordedChange;
import io.github.aepdataflows.ledger.RecordedStep;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.camel.main.Main;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every writing request of a change meets every kind of fault once, before and after the Platform committed. */
class ChangeFaultMatrixTest {

    /** What the matrix of the creates has tells no more here: another number, or another way to end early. */
    private static final Set<String> LEFT_OUT = Set.of("closed without answer", "truncated chunked", "oversized 2xx", "502", "504", "422",
            "409", "total deadline", "id-less 2xx", "3xx", "403", FaultKind.ANOTHER_OF_OURS);
    /** What a service may say of a deletion that it has carried out. */
    private static final Set<String> GOOD_FOR_A_DELETION = Set.of("empty 2xx", "404");
    /** One of each method: every call that is throttled halves the pace of all. */
    private static final Set<Write> THROTTLED = EnumSet.of(Write.PATCH_FLOW, Write.PUT_MAPPING_SET, Write.DISABLE,
            Write.REPLACE_FLOW, Write.DELETE_FLOW);

    private record Case(Write write, FaultKind kind, boolean afterCommit) {

        String dataflow() {
            return "Case %s %s %s".formatted(write, kind.name().replace(' ', '-'), afterCommit ? "after" : "before");
        }

        /** Somebody has to drop it once more: the Platform refused it, or said that somebody else is at work on it. */
        boolean mayFail() {
            return kind.rejected() || kind.conflict();
        }
    }

    private record Verdict(Case of, long sent, List<String> violations) {
    }

    @TempDir
    Path folder;

    @Test
    void should_end_as_the_definition_says_whatever_request_of_a_change_goes_wrong() throws Exception {
        List<Case> cases = new ArrayList<>();
        List<Verdict> verdicts = new ArrayList<>();
        try (Trap elsewhere = new Trap(); Bench bench = new Bench(folder.resolve("all"))) {
            for (Write write : Write.values()) {
                for (FaultKind kind : FaultKind.all(elsewhere.url())) {
                    if (!LEFT_OUT.contains(kind.name()) && (!kind.name().equals("429") || THROTTLED.contains(write))) {
                        if (!write.deletes() || !GOOD_FOR_A_DELETION.contains(kind.name())) {
                            cases.add(new Case(write, kind, false));
                        }
                        if (kind.after()) {
                            cases.add(new Case(write, kind, true));
                        }
                    }
                }
            }
            cases.removeIf(each -> !Bench.isIncluded(each.dataflow()));
            bench.set("aep.inbox.concurrency", 24).set("aep.response-timeout", 400).set("aep.call-timeout", 1200);
            Main main = bench.start();
            try {
                Map<Case, String> ids = change(bench, cases);
                for (Case each : cases) {
                    verdicts.add(judge(bench, main, each, ids.get(each)));
                }
            } finally {
                main.stop();
            }
            print(verdicts);
            assertThat(elsewhere.visits()).as("connections to where redirects lead").isZero();
            assertThat(Strangers.of(bench)).isEmpty();
        }
        assertThat(verdicts.stream().filter(each -> !each.violations().isEmpty())
                .map(each -> each.of().dataflow() + " -> " + each.violations()))
                .isEmpty();
    }

    /** @return what each case's write is about: the last part of the id of a resource */
    private static Map<Case, String> change(Bench bench, List<Case> cases) throws IOException {
        for (Case each : cases) {
            bench.drop(each.dataflow() + ".yaml", each.write().before(each.dataflow()));
        }
        bench.awaitIdle();
        assertThat(bench.names("failed")).isEmpty();
        Platform before = bench.platform();
        Map<Case, String> ids = new HashMap<>();
        for (Case each : cases) {
            ObjectNode resource = before.resources(each.write().step, each.dataflow()).get(0);
            String id = each.write().step.idOf(resource).replaceFirst(".*/", "");
            ids.put(each, id);
            String other = each.write().step.answer("4cb0c374-d3bb-4557-b139-5712880adc55");
            bench.simulator().faults().when(request -> each.write().is(request, each.dataflow(), id), 1,
                    each.kind().at(each.afterCommit(), other));
        }
        for (Case each : cases) {
            bench.drop(each.dataflow() + " edited.yaml", each.write().after(each.dataflow()));
        }
        bench.awaitIdle();
        bench.simulator().faults().clear();
        for (Case each : cases) {
            if (bench.names("failed").contains(each.dataflow() + " edited.yaml")) {
                bench.drop(each.dataflow() + " again.yaml", each.write().after(each.dataflow()));
            }
        }
        bench.awaitIdle();
        return ids;
    }

    private static Verdict judge(Bench bench, Main main, Case each, String id) throws Exception {
        Ledger ledger = main.getCamelContext().getRegistry().lookupByNameAndType("aepLedger", Ledger.class);
        String dataflow = each.dataflow();
        List<String> wrong = new ArrayList<>();
        boolean again = bench.dropped().containsKey(dataflow + " again.yaml");
        if (!bench.names("done").contains(dataflow + (again ? " again.yaml" : " edited.yaml")) || again && !each.mayFail()) {
            wrong.add("it failed");
        }
        Map<Step, List<JsonNode>> made = new LinkedHashMap<>();
        for (RecordedStep step : ledger.madeFor(dataflow)) {
            Step of = Step.of(step.key().step());
            bench.simulator().store().resource(Rig.SANDBOX, of.collection(), step.result().id())
                    .ifPresentOrElse(resource -> made.computeIfAbsent(of, key -> new ArrayList<>()).add(resource),
                            () -> wrong.add("the ledger has %s %s, the Platform does not".formatted(of.key(), step.result().id())));
        }
        for (Step step : Definitions.steps(each.write().before(dataflow))) {
            int there = made.getOrDefault(step, List.of()).size();
            if (!step.shared() && there != each.write().left(step)) {
                wrong.add("%d of %s, not %d".formatted(there, step.key(), each.write().left(step)));
            }
        }
        long enabled = made.getOrDefault(Step.FLOW, List.of()).stream().filter(flow -> flow.path("state").asText().equals("enabled"))
                .count();
        if (enabled != (each.write().deletes() || each.write() == Write.DISABLE ? 0 : 1)) {
            wrong.add(enabled + " flows are enabled");
        }
        if (!each.write().deletes() && made.getOrDefault(each.write().step, List.of()).stream()
                .noneMatch(one -> one.at(each.write().pointer).asText().matches(each.write().value.replace("*", ".*")))) {
            wrong.add("no %s with %s = %s among %s".formatted(each.write().step.key(), each.write().pointer, each.write().value,
                    made.get(each.write().step)));
        }
        List<RecordedChange> open = ledger.changes(dataflow).stream().filter(change -> change.state() != RecordedChange.State.DONE)
                .toList();
        if (!open.isEmpty()) {
            wrong.add("open changes " + open);
        }
        ledger.unresolved().stream().filter(step -> step.key().dataflow().equals(dataflow))
                .forEach(step -> wrong.add("unresolved " + step));
        wrong.addAll(Bench.plan(main, each.write().after(dataflow)));
        long sent = bench.simulator().requests().where(request -> each.write().is(request, dataflow, id)).size();
        return new Verdict(each, sent, wrong);
    }

    /** Writes down, kinds across; in a cell how often the Platform saw the request, for a fault before and after the commit. */
    private static void print(List<Verdict> verdicts) {
        Map<Write, Map<String, String>> rows = new EnumMap<>(Write.class);
        Set<String> kinds = new LinkedHashSet<>();
        for (Verdict each : verdicts) {
            String text = each.sent() + (each.violations().isEmpty() ? "" : "!");
            kinds.add(each.of().kind().name());
            rows.computeIfAbsent(each.of().write(), write -> new HashMap<>())
                    .merge(each.of().kind().name(), text, (before, after) -> before + " " + after);
        }
        StringBuilder table =
                new StringBuilder("%nHow often the Platform saw a request: fault before, after the commit%n%-26s".formatted(""));
        kinds.forEach(kind -> table.append("%-11.10s".formatted(kind)));
        rows.forEach((write, cells) -> {
            table.append("%n%-26s".formatted(write));
            kinds.forEach(kind -> table.append("%-11s".formatted(cells.getOrDefault(kind, ""))));
        });
        long red = verdicts.stream().filter(each -> !each.violations().isEmpty()).count();
        System.out.println(table.append("%n%d changes, %d with violations (duplicates, lost or half-done changes)%n"
                .formatted(verdicts.size(), red)));
    }
}
