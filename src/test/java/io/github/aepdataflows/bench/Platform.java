package io.github.aepdataflows.bench;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.aepdataflows.Rig;
import io.github.aepdataflows.simulator.Request;
import io.github.aepdataflows.simulator.Simulator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What the Platform holds, and was asked, at one moment, told by dataflow and step. */
final class Platform {

    private final Map<Step, List<ObjectNode>> all;
    private final Map<Step, Map<String, List<ObjectNode>>> named = new EnumMap<>(Step.class);
    private final List<Request> requests;

    Platform(Simulator simulator) {
        all = Stream.of(Step.values()).collect(Collectors.toMap(Function.identity(),
                step -> simulator.store().resources(Rig.SANDBOX, step.collection())));
        all.forEach((step, resources) -> named.put(step, resources.stream().collect(Collectors.groupingBy(step::nameOf))));
        requests = simulator.requests().all();
    }

    /** Everything there that this step of this dataflow can have made. */
    List<ObjectNode> resources(Step step, String dataflow) {
        return named.get(step).getOrDefault(step.name(dataflow), List.of());
    }

    /** The step's whole collection. */
    List<ObjectNode> all(Step step) {
        return all.get(step);
    }

    /** The creating calls of this step of this dataflow, in the order of arrival. */
    List<Request> posts(Step step, String dataflow) {
        return requests.stream().filter(request -> step.isPost(request, dataflow)).toList();
    }

    /** How often the collection was looked into for that resource between two requests. */
    long looks(Step step, String dataflow, Request after, Request before) {
        return requests.subList((int) after.sequence(), (int) before.sequence() - 1).stream()
                .filter(request -> step.isLook(request, dataflow)).count();
    }

    /** Whether one of the kind was deleted between two requests. */
    boolean isDeleted(Step step, Request after, Request before) {
        return requests.subList((int) after.sequence(), (int) before.sequence() - 1).stream()
                .anyMatch(request -> request.method().equals("DELETE") && request.path().startsWith(step.path() + "/"));
    }

    /** What happened to the calls of a step, for the reader of a violation. */
    String story(Step step, String dataflow) {
        return step.key() + " of " + dataflow + ": " + requests.stream()
                .filter(request -> step.isPost(request, dataflow) || step.isLook(request, dataflow))
                .map(request -> "#%d %s %s".formatted(request.sequence(), request.method(),
                        request.status() == 0 ? "unanswered" : request.status())).toList();
    }
}
