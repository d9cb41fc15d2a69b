package io.github.aepdataflows.audit;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/**
 * A run record of Flow Service, read leniently: numbers that are missing are unknown, not zero.
 *
 * @param createdAt   epoch milliseconds; when the record does not say, those of the start; 0 when unknown too
 * @param startedAt   epoch milliseconds; 0 when unknown
 * @param completedAt epoch milliseconds; 0 when unknown
 * @param statusText  the Platform's own word
 * @param errors      of the run and of its activities, as {@code code: message}
 */
record Run(
        String id,
        long createdAt,
        long startedAt,
        long completedAt,
        String statusText,
        RunStatus status,
        OptionalLong inputRecords,
        OptionalLong outputRecords,
        OptionalLong failedRecords,
        List<String> errors) {

    static Run of(JsonNode run) {
        JsonNode metrics = run.path("metrics");
        String status = metrics.at("/statusSummary/status").asText();
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
                errors);
    }

    boolean isOpen() {
        return status == RunStatus.OPEN;
    }

    Optional<Instant> created() {
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
        JsonNode activities = run.has("activities") ? run.path("activities") : run.path("activites");
        for (JsonNode activity : activities) {
            add(errors, activity.at("/statusSummary/errors"));
            add(errors, activity.at("/statusSummary/extensions/errors"));
        }
        return List.copyOf(errors);
    }

    private static void add(Set<String> errors, JsonNode list) {
        for (JsonNode error : list) {
            errors.add("%s: %s".formatted(error.path("code").asText("?"), error.path("message").asText()));
        }
    }
}
