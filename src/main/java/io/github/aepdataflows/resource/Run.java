package io.github.aepdataflows.resource;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * A run record of Flow Service, read leniently: numbers that are missing are unknown, not zero.
 *
 * @param createdAt   epoch milliseconds; when the record does not say, those of the start; 0 when unknown too
 * @param startedAt   epoch milliseconds; 0 when unknown
 * @param completedAt epoch milliseconds; 0 when unknown
 * @param statusText  the Platform's own word
 * @param windowStart of the data that it reads, in epoch milliseconds; absent where the Platform shows none
 * @param errors      of the run and of its activities, as {@code code: message}
 */
public record Run(
        String id,
        long createdAt,
        long startedAt,
        long completedAt,
        String statusText,
        RunStatus status,
        OptionalLong inputRecords,
        OptionalLong outputRecords,
        OptionalLong failedRecords,
        List<String> errors,
        OptionalLong windowStart) {

    private static final String COLLECTION = "flowservice/runs";
    private static final Pattern FAILED_SERVICE = Pattern.compile("CONNECTOR-\\d+-5\\d\\d: .*", Pattern.DOTALL);

    /** The next page of a flow's runs that were made since then, in epoch milliseconds, the oldest first. */
    public static Lookup page(String flowId, long since, Paging paging) {
        return page(flowId, (since == 0 ? "" : Lookup.property("createdAt>=" + since) + "&") + "orderby=createdAt&" + paging.query());
    }

    /** The next page of the runs of all flows that were made since then, in epoch milliseconds, the oldest first. */
    public static Lookup page(long since, Paging paging) {
        return Lookup.page(COLLECTION, Lookup.property("createdAt>=" + since) + "&orderby=createdAt&" + paging.query(), Lookup.JSON);
    }

    /** The newest run of a flow. */
    public static Lookup newest(String flowId) {
        return page(flowId, "orderby=-createdAt&limit=1");
    }

    private static Lookup page(String flowId, String query) {
        return Lookup.page(COLLECTION, Lookup.property("flowId==" + flowId) + "&" + query, Lookup.JSON);
    }

    /** One of which a report says no more than this. */
    public static Run seen(String id, long startedAt, long completedAt, String status) {
        return new Run(id, startedAt, startedAt, completedAt, status, RunStatus.of(status, false), OptionalLong.empty(),
                OptionalLong.empty(), OptionalLong.empty(), List.of(), OptionalLong.empty());
    }

    public static Run of(JsonNode run) {
        JsonNode metrics = run.path("metrics");
        String status = metrics.at("/statusSummary/status").asText(run.path("state").asText(""));   // null is none, too
        JsonNode records = metrics.path("recordSummary");
        List<String> errors = errors(run);
        long startedAt = metrics.at("/durationSummary/startedAtUTC").asLong();
        return new Run(
                run.path("id").asText(),
                run.path("createdAt").asLong(startedAt),
                startedAt,
                metrics.at("/durationSummary/completedAtUTC").asLong(),
                status,
                RunStatus.of(status, !errors.isEmpty() || count(records, "failedRecordCount").orElse(0) > 0),
                count(records, "inputRecordCount"),
                count(records, "outputRecordCount"),
                count(records, "failedRecordCount"),
                errors,
                windowStart(run));
    }

    /** Of the data that its copy activity reads. */
    private static OptionalLong windowStart(JsonNode run) {
        return Json.stream(activities(run)).map(activity -> activity.at("/durationSummary/extensions/windowStart"))
                .filter(JsonNode::isNumber).mapToLong(JsonNode::asLong).findFirst();
    }

    /**
     * Whether it failed for a reason that may have passed: all that it names are failures of the service (CONNECTOR-1001-500, the copy, or
     * CONNECTOR-2001-500, the processing), and none is of the data, the mapping or the source, as MAPPER-3700-400 is.
     */
    public boolean isMendable() {
        return status == RunStatus.FAILED && !errors.isEmpty()
                && errors.stream().allMatch(error -> FAILED_SERVICE.matcher(error).matches());
    }

    /** Whether it came after a failed one and reads the same data, and has not failed itself. */
    public boolean follows(Run failed) {
        return status != RunStatus.FAILED && createdAt >= failed.createdAt && !id.equals(failed.id) && windowStart.isPresent()
                && windowStart.equals(failed.windowStart);
    }

    public boolean isOpen() {
        return status == RunStatus.OPEN;
    }

    public Optional<Instant> created() {
        return createdAt == 0 ? Optional.empty() : Optional.of(Instant.ofEpochMilli(createdAt));
    }

    private static OptionalLong count(JsonNode records, String name) {
        JsonNode value = records.path(name);
        return value.isNumber() ? OptionalLong.of(value.asLong()) : OptionalLong.empty();
    }

    /** Copy errors sit on the run or its copy activity, record errors on its promotion activity. */
    private static List<String> errors(JsonNode run) {
        Set<String> errors = new LinkedHashSet<>();
        add(errors, run.at("/metrics/statusSummary/errors"));
        for (JsonNode activity : activities(run)) {
            add(errors, activity.at("/statusSummary/errors"));
            add(errors, activity.at("/statusSummary/extensions/errors"));
        }
        return List.copyOf(errors);
    }

    private static JsonNode activities(JsonNode run) {
        return run.has("activities") ? run.path("activities") : run.path("activites");
    }

    private static void add(Set<String> errors, JsonNode list) {
        for (JsonNode error : list) {
            errors.add("%s: %s".formatted(error.path("code").asText("?"), error.path("message").asText()));
        }
    }
}
