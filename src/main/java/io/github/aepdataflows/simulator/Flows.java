package io.github.aepdataflows.simulator;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** Flows: the dataflows themselves, their states and their changes. */
final class Flows {

    private static final Set<String> STEADY = Set.of("enabled", "disabled", "draft");
    private static final String PATCHABLE = "/(name|description|options|scheduleParams|transformations)(/.*)?";
    private static final String PATCHABLE_DRAFT = PATCHABLE + "|/(sourceConnectionIds|targetConnectionIds)(/.*)?";

    private final FlowSpecs flowSpecs;
    private final FlowRules rules;
    private final Entities flows;
    private final Entities sources;
    private final Entities targets;
    private final Options options;

    Flows(FlowSpecs flowSpecs, FlowRules rules, Entities flows, Entities sources, Entities targets, Options options) {
        this.flowSpecs = flowSpecs;
        this.rules = rules;
        this.flows = flows;
        this.sources = sources;
        this.targets = targets;
        this.options = options;
    }

    void register(Router router, String base) {
        router.on("POST", base + "/flows", this::create);
        router.on("GET", base + "/flows", flows::list);
        router.on("GET", base + "/flows/{id}", flows::get);
        router.on("PATCH", base + "/flows/{id}", this::patch);
        router.on("DELETE", base + "/flows/{id}", flows::delete);
        router.on("POST", base + "/flows/{id}/action", this::act);
    }

    private Answer create(Call call) {
        ObjectNode body = call.object();
        if (body.has("state")) {
            throw Refusal.flow("1410-400", "state is not allowed when a flow is created");
        }
        if (Json.text(body, "name").isEmpty()) {
            throw Refusal.flow("1304-400", "name is missing");
        }
        JsonNode flowSpec = flowSpecs.referenced(Json.text(body, "flowSpec.id"));
        boolean draft = call.query().first("mode").orElse("").equals("draft");
        if (!draft) {
            rules.check(call, body);
            ScheduleRules.checkStart(body.path("scheduleParams"), call.instant());
        }
        String state = draft ? "draft" : Connections.initialState(options);
        body.set("inheritedAttributes", inherited(call, body, flowSpec));
        ObjectNode flow = flows.create(call, body, state);
        flow.put("runs", "/runs?property=flowId==" + flow.path("id").asText());
        operation(call, flow, "create");
        return flows.created(flow);
    }

    private ObjectNode inherited(Call call, JsonNode flow, JsonNode flowSpec) {
        ObjectNode inherited = Json.object();
        inherited.putObject("properties").set("isSourceFlow", flowSpec.at("/attributes/isSourceFlow"));
        inherited.putArray("sourceConnections");
        inherited.putArray("targetConnections");
        for (JsonNode id : flow.path("sourceConnectionIds")) {
            ObjectNode source = sources.referenced(call, id.asText());
            ObjectNode entry = inherited.withArray("sourceConnections").addObject().put("id", id.asText());
            entry.set("connectionSpec", source.path("connectionSpec"));
            if (source.has("baseConnectionId")) {   // a landing zone has none
                entry.set("baseConnection", source.at("/inheritedAttributes/baseConnection"));
            }
        }
        for (JsonNode id : flow.path("targetConnectionIds")) {
            inherited.withArray("targetConnections").addObject().put("id", id.asText())
                .set("connectionSpec", targets.referenced(call, id.asText()).path("connectionSpec"));
        }
        return inherited.deepCopy();
    }

    private static void operation(Call call, ObjectNode flow, String operation) {
        long now = call.instant().toEpochMilli();
        ObjectNode last = flow.putObject("lastOperation").put("started", now).put("updated", now);
        last.put("percentCompleted", 100).put("operation", operation).putObject("status").put("value", "completed")
            .putArray("errors");
    }

    private Answer patch(Call call) {
        ObjectNode flow = flows.named(call);
        boolean draft = flow.path("state").asText().equals("draft");
        return flows.patch(call, (current, change) -> checkPath(current, change, draft), patched -> {
            if (!draft) {
                rules.check(call, patched);
                ScheduleRules.checkChange(flow.path("scheduleParams"), patched.path("scheduleParams"), call.instant());
                checkMovedStart(call, flow, patched);
            }
            patched.set("inheritedAttributes", inherited(call, patched, flowSpecs.referenced(Json.text(patched, "flowSpec.id"))));
            operation(call, patched, "update");
        });
    }

    private static void checkPath(ObjectNode flow, JsonPatch.Operation change, boolean draft) {
        if (!STEADY.contains(flow.path("state").asText())) {
            throw Refusal.flow("1420-400", "The flow is " + flow.path("state").asText());
        }
        if (!change.path().matches(draft ? PATCHABLE_DRAFT : PATCHABLE)) {
            throw Refusal.flow("1365-400", "Cannot be changed: " + change.path());
        }
    }

    private static void checkMovedStart(Call call, ObjectNode before, ObjectNode after) {
        if (!Json.text(before, "scheduleParams.startTime").equals(Json.text(after, "scheduleParams.startTime"))) {
            ScheduleRules.checkStart(after.path("scheduleParams"), call.instant());
        }
    }

    private Answer act(Call call) {
        ObjectNode flow = flows.named(call).deepCopy();
        flows.checkEtag(call, flow);
        String operation = call.query().first("op").orElse("").toLowerCase(Locale.ROOT);
        if (!List.of("enable", "disable", "publish").contains(operation)) {
            throw Refusal.flow("1421-400", "Unknown operation " + operation);
        }
        if (call.query().first("subOp").isPresent()) {
            throw Refusal.flow("1436-400", "subOp cannot be combined with " + operation);
        }
        String state = flow.path("state").asText();
        String from = switch (operation) {
            case "enable" -> "disabled";
            case "disable" -> "enabled";
            default -> "draft";
        };
        if (!state.equals(from)) {
            throw Refusal.flow("1422-400", "A flow that is " + state + " cannot " + operation);
        }
        if (operation.equals("publish")) {
            rules.check(call, flow);
            ScheduleRules.checkStart(flow.path("scheduleParams"), call.instant());
        }
        flow.put("state", operation.equals("disable") ? "disabled" : "enabled");
        operation(call, flow, operation);
        return flows.replace(call, flow);
    }
}
