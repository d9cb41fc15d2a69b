package io.github.aepdataflows.resource;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/**
 * Tells streaming dataflows (HTTP API, Event Hubs, Kinesis, Pub/Sub) from those that run on a schedule: the flow has no schedule, and its
 * flow spec, which is read once, describes none. The ids of Adobe's documents serve only where the Platform does not show the spec.
 */
public final class Streaming {

    /** Why no definition describes such a dataflow. */
    public static final String UNDESCRIBED = "it streams, and a definition describes dataflows that run on a schedule";

    private static final Set<String> DOCUMENTED = Set.of("d69717ba-71b4-4313-b654-49f9cf126d7a", "c1a19761-d2c7-4702-b9fa-fe91f0613e81",
            "d8a6f005-7eaf-4153-983e-e8574508b877");

    private final Map<String, Boolean> specs = new HashMap<>();
    private final Set<String> unread = new LinkedHashSet<>();

    /** A flow whose spec is to be read, unless it has a schedule. */
    public void add(JsonNode flow) {
        if (mayStream(flow) && !specs.containsKey(specId(flow))) {
            unread.add(specId(flow));
        }
    }

    /** Whether there is another flow spec to read. */
    public boolean isMore() {
        return !unread.isEmpty();
    }

    public Lookup getLookup() {
        return new Lookup("flowservice/flowSpecs/" + Lookup.encode(unread.iterator().next()), "", Lookup.JSON);
    }

    /** What the look-up of that spec has found. */
    public void accept(LookupResult result) {
        String id = unread.iterator().next();
        unread.remove(id);
        if (result.isFound()) {
            specs.put(id, isWithoutSchedule(result.single(id)));
        }
    }

    public boolean has(JsonNode flow) {
        return mayStream(flow) && specs.getOrDefault(specId(flow), DOCUMENTED.contains(specId(flow)));
    }

    /** Whether only its flow spec tells: it has no schedule, as a draft may have none, too. */
    public static boolean mayStream(JsonNode flow) {
        return flow.path("scheduleParams").isEmpty() && !specId(flow).isEmpty();
    }

    /** Whether flows of this spec have no schedule. */
    public static boolean isWithoutSchedule(JsonNode flowSpec) {
        return flowSpec.path("scheduleSpec").isEmpty();
    }

    /** Whether it is certain that flows of this spec stream: a spec that is only shown in part says nothing. */
    public static boolean isFlowSpec(JsonNode flowSpec) {
        return isWithoutSchedule(flowSpec) && DOCUMENTED.contains(flowSpec.path("id").asText());
    }

    /** Whether sources of this connection spec stream. */
    public static boolean isConnectionSpec(JsonNode connectionSpec) {
        JsonNode supported = connectionSpec.at("/attributes/uiAttributes/apiFeatures/flowRunsSupported");
        return supported.isBoolean() && !supported.asBoolean();
    }

    private static String specId(JsonNode flow) {
        return flow.at("/flowSpec/id").asText();
    }
}
