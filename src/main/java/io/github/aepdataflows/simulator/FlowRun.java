package io.github.aepdataflows.simulator;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.UUID;

/**
 * One run of a flow and the record that the Platform shows of it, as documented in "Monitor dataflows using the Flow Service
 * API". All times in records are epoch milliseconds.
 *
 * @param flow        the flow as it was when the run started
 * @param windowStart the data from here to {@code windowEnd} is read
 */
record FlowRun(String id, String sandbox, ObjectNode flow, RunKind kind, Instant start, Duration duration, Instant windowStart,
               Instant windowEnd) {

    private static final int RECORDS = 100;
    private static final int LOST = 7;
    private static final int BYTES_PER_RECORD = 240;

    boolean ended(Instant now) {
        return kind != RunKind.RUNNING && !now.isBefore(start.plus(duration));
    }

    String status(Instant now) {
        if (!ended(now)) {
            return "inProgress";
        }
        return hasNoCopy() || kind == RunKind.PROMOTION_FAILED ? "failed" : "success";
    }

    /** Whether it failed before anything was copied. */
    private boolean hasNoCopy() {
        return kind == RunKind.COPY_FAILED || kind == RunKind.SOURCE_MISSING;
    }

    /** The record as it reads at a moment. */
    ObjectNode record(Instant now) {
        long started = start.toEpochMilli();
        long ended = start.plus(duration).toEpochMilli();
        boolean over = ended(now);
        ObjectNode run = Json.object().put("id", id).put("createdAt", started).put("updatedAt", over ? ended : started)
            .put("sandboxName", sandbox).put("imsOrgId", flow.path("imsOrgId").asText()).put("flowId", flow.path("id").asText());
        run.set("flowSpec", flow.path("flowSpec"));
        run.put("providerRefId", "M-" + flow.path("id").asText() + "-incremental-0:" + id);
        run.put("etag", "\"%s-0000-0200-0000-%08x0000\"".formatted(id.substring(0, 8), (over ? ended : started) / 1000));
        addMetrics(run.putObject("metrics"), now);
        ObjectNode copy = activity(run, "copyActivity", now);
        copy.withObject("/durationSummary").putObject("extensions").put("windowStart", windowStart.toEpochMilli())
            .put("windowEnd", windowEnd.toEpochMilli());
        reference(copy, "sourceInfo", "SourceConnection", flow.at("/sourceConnectionIds/0").asText(), "AdfRunId");
        ObjectNode promotion = activity(run, "promotionActivity", now);
        promotion.set("recordSummary", records(now));
        reference(promotion, "targetInfo", "TargetConnection", flow.at("/targetConnectionIds/0").asText(), "Batch");
        return run;
    }

    /** What the flow says about its newest run. */
    ObjectNode lastRunDetails(Instant now) {
        ObjectNode details = Json.object().put("id", id).put("state", status(now)).put("startedAtUTC", start.toEpochMilli());
        return ended(now) ? details.put("completedAtUTC", start.plus(duration).toEpochMilli()) : details;
    }

    private void addMetrics(ObjectNode metrics, Instant now) {
        metrics.set("durationSummary", durationSummary(now));
        metrics.set("recordSummary", records(now));
        if (ended(now)) {
            metrics.putObject("sizeSummary").put("inputBytes", read() * BYTES_PER_RECORD)
                .put("outputBytes", written() * BYTES_PER_RECORD);
            int files = read() == 0 ? 0 : 1;
            metrics.putObject("fileSummary").put("inputFileCount", files).put("outputFileCount", files)
                .putArray("activityRefs").add("promotionActivity");
        }
        ObjectNode summary = metrics.putObject("statusSummary").put("status", status(now));
        summary.putArray("activityRefs").add(hasNoCopy() ? "copyActivity" : "promotionActivity");
        if (ended(now) && hasErrors()) {
            String where = hasNoCopy() ? "copy" : "promotion";
            summary.putArray("errors").addObject().put("code", "CONNECTOR-2001-500")
                .put("message", "Error occurred at " + where + " activity.");
        }
    }

    private ObjectNode activity(ObjectNode run, String name, Instant now) {
        ObjectNode activity = run.withArray("/activities").addObject().put("id", name)
            .put("updatedAtUTC", (ended(now) ? start.plus(duration) : start).toEpochMilli());
        activity.set("durationSummary", durationSummary(now));
        activity.putObject("recordSummary");
        boolean copy = name.equals("copyActivity");
        boolean here = copy == hasNoCopy();
        ObjectNode summary = activity.putObject("statusSummary");
        // a failed copy leaves nothing to promote; a failed promotion was copied well
        summary.put("status", ended(now) && copy && !here ? "success" : status(now));
        if (here && ended(now) && hasErrors()) {
            ObjectNode error = summary.putObject("extensions").putArray("errors").addObject();
            if (kind == RunKind.COPY_FAILED) {
                error.put("code", "CONNECTOR-3001-500").put("message", "The source could not be read.");
            } else if (kind == RunKind.SOURCE_MISSING) {
                error.put("code", "CONNECTOR-3001-404").put("message", "The source does not exist.");
            } else {
                error.put("code", "MAPPER-3700-400").put("recordCount", LOST).put("message", "A mapping could not be applied.");
            }
        }
        return activity;
    }

    private void reference(ObjectNode activity, String field, String type, String id, String referenceType) {
        String reference = UUID.nameUUIDFromBytes((this.id + type).getBytes(StandardCharsets.UTF_8)).toString();
        String batch = reference.replace("-", "").substring(0, 26).toUpperCase(Locale.ROOT);
        activity.putArray(field).addObject().put("id", id).put("type", type).putObject("reference").put("type", referenceType)
            .putArray("ids").add(referenceType.equals("Batch") ? batch : reference);
    }

    private ObjectNode durationSummary(Instant now) {
        ObjectNode summary = Json.object().put("startedAtUTC", start.toEpochMilli());
        return ended(now) ? summary.put("completedAtUTC", start.plus(duration).toEpochMilli()) : summary;
    }

    private ObjectNode records(Instant now) {
        return ended(now) ? Json.object().put("inputRecordCount", read()).put("outputRecordCount", written())
            .put("failedRecordCount", read() - written()) : Json.object();
    }

    private boolean hasErrors() {
        return kind == RunKind.PARTIAL || hasNoCopy() || kind == RunKind.PROMOTION_FAILED;
    }

    private int read() {
        return kind == RunKind.EMPTY || hasNoCopy() ? 0 : RECORDS;
    }

    private int written() {
        return switch (kind) {
            case SUCCESS -> RECORDS;
            case PARTIAL -> RECORDS - LOST;
            default -> 0;
        };
    }
}
