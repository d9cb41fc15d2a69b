package io.github.aepdataflows.simulator;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.Optional;

/** Flow runs: reading them, ordering one on demand, and re-triggering one that failed. */
final class Runs {

    private final Entities runs;
    private final Store store;
    private final RunGenerator generator;
    private final Dialects dialects;

    Runs(Entities runs, Store store, RunGenerator generator, Dialects dialects) {
        this.dialects = dialects;
        this.runs = runs;
        this.store = store;
        this.generator = generator;
    }

    void register(Router router, String base) {
        router.on("POST", base + "/runs", this::order);
        router.on("GET", base + "/runs", this::list);
        router.on("GET", base + "/runs/{id}", runs::get);
        router.on("POST", base + "/runs/{id}/action", this::retrigger);
    }

    private Answer list(Call call) {
        boolean ofOne = call.query().all("property").stream().anyMatch(filter -> filter.startsWith("flowId=="));
        if (!ofOne && dialects.is(Dialect.RUNS_LIST, "refused")) {
            throw Refusal.flow("1423-400", "The runs of one flow are listed only: flowId is missing");
        }
        ObjectNode none = Json.object();
        none.putArray("items");
        return !ofOne && dialects.is(Dialect.RUNS_LIST, "empty") ? Answer.json(200, none) : runs.list(call);
    }

    private Answer order(Call call) {
        ObjectNode body = call.object();
        ObjectNode flow = store.find(call.sandbox(), "flows", Json.text(body, "flowId"))
            .orElseThrow(() -> Refusal.flow("1430-400", "There is no flow " + body.path("flowId")));
        JsonNode params = body.path("params");
        if (!flow.has("scheduleParams")) {
            throw Refusal.flow("1385-400", "Only batch sources can be run on demand");
        }
        if (params.isEmpty()) {
            throw Refusal.flow("1384-400", "params is missing or empty");
        }
        if (!Json.text(flow, "scheduleParams.frequency").equals("once")) {
            throw Refusal.flow("1386-400", "Only flows that run once can be run on demand");
        }
        long windowStart = seconds(params, "windowStartTime");
        long windowEnd = seconds(params, "windowEndTime");
        if (windowEnd < windowStart) {
            throw Refusal.flow("1381-400", "windowEndTime is before windowStartTime");
        }
        seconds(params, "startTime");
        if (Json.text(flow, "flowSpec.id").equals(FlowSpecs.TABLES)) {
            keepDeltaColumn(flow, params.path("deltaColumn"));
        }
        FlowRun run = generator.start(call.sandbox(), flow, call.instant(), Instant.ofEpochSecond(windowStart),
            Instant.ofEpochSecond(windowEnd));
        ObjectNode answer = Json.object();
        answer.putArray("items").add(brief(run, call.instant()));
        return Answer.json(201, answer);
    }

    private static long seconds(JsonNode params, String field) {
        String text = Json.text(params, field);
        if (!text.matches("\\d{10,12}")) {
            throw Refusal.flow("1380-400", field + " must be epoch seconds, not '" + text + "'");
        }
        return Long.parseLong(text);
    }

    /** The first run's column goes into the flow and cannot change any more. */
    private static void keepDeltaColumn(ObjectNode flow, JsonNode deltaColumn) {
        Optional<JsonNode> copy = FlowRules.transformation(flow, "Copy");
        String kept = copy.map(each -> Json.text(each, "params.deltaColumn.name")).orElse("");
        String given = Json.text(deltaColumn, "name");
        if (kept.isEmpty() && given.isEmpty()) {
            throw Refusal.flow("1383-400", "The first run of a table needs params.deltaColumn");
        }
        if (!kept.isEmpty() && !given.isEmpty() && !given.equals(kept)) {
            throw Refusal.flow("1382-400", "The deltaColumn of this flow is " + kept);
        }
        if (kept.isEmpty()) {
            ObjectNode transformation = Json.object().put("name", "Copy");
            transformation.putObject("params").set("deltaColumn", deltaColumn);
            flow.withArray("transformations").insert(0, transformation);
        }
    }

    private Answer retrigger(Call call) {
        ObjectNode run = runs.named(call);
        String operation = call.query().first("op").orElse("").replace('_', '-');
        if (!operation.equalsIgnoreCase("re-trigger")) {
            throw Refusal.flow("1421-400", "Unknown operation " + operation);
        }
        String status = Json.text(run, "metrics.statusSummary.status");
        boolean empty = status.equals("success") && Json.at(run, "metrics.recordSummary.inputRecordCount").asInt(-1) == 0;
        if (!status.equals("failed") && !empty) {
            throw Refusal.flow("1387-400", "Only failed and empty runs can be run again");
        }
        ObjectNode flow = store.find(call.sandbox(), "flows", run.path("flowId").asText())
            .orElseThrow(() -> Refusal.flow("1430-400", "The flow of the run is gone"));
        if (!flow.path("state").asText().equals("enabled")) {
            throw Refusal.flow("1388-400", "The flow is not enabled");
        }
        JsonNode window = run.at("/activities/0/durationSummary/extensions");
        return Answer.json(200, brief(generator.start(call.sandbox(), flow, call.instant(),
            Instant.ofEpochMilli(window.path("windowStart").asLong()), Instant.ofEpochMilli(window.path("windowEnd").asLong())),
            call.instant()));
    }

    private static ObjectNode brief(FlowRun run, Instant now) {
        return run.record(now).retain("id", "etag");
    }
}
