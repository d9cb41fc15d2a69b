package io.github.aepdataflows.operate;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.github.aepdataflows.ledger.Event;
import io.github.aepdataflows.plan.PlanText;
import io.github.aepdataflows.resource.Kinds;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.apache.commons.lang3.StringUtils;

/** How the page says times, numbers and states. */
final class Wording {

    /** Those of the audit, the most urgent first. */
    static final List<String> STATES = List.of("failed", "missing", "drift", "duplicate", "late", "partial", "unknown", "never ran",
            "draft", "disabled", "streaming", "healthy");

    private static final Set<String> BAD = Set.of("failed", "missing", "refused", "down");
    private static final Set<String> DOUBTFUL = Set.of("late", "partial", "unknown", "drift", "duplicate", "waiting",
            "left", "unfinished");
    private static final Set<String> GOOD = Set.of("healthy", "done", "created", "updated", "replaced", "adopted", "unchanged", "recovered",
            "resumed", "up", "succeeded");
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int MOST_REASON = 160;
    private static final int MINUTE = 60;
    private static final int HOUR = 60 * MINUTE;
    private static final int DAY = 24 * HOUR;

    private Wording() {
    }

    /** Class of the style sheet for a state or outcome. */
    static String tone(String state) {
        return BAD.contains(state) ? "bad" : DOUBTFUL.contains(state) ? "doubtful" : GOOD.contains(state) ? "good"
                : state.equals("in work") ? "busy" : "quiet";
    }

    /** Less for what is more urgent; what the audit does not say comes first. */
    static int urgency(String state) {
        return STATES.indexOf(state);
    }

    /** As in {@code 3 min}. */
    static String length(Duration time) {
        long seconds = Math.max(0, time.toSeconds());
        if (seconds < 1) {
            return Math.max(0, time.toMillis()) + "\u00a0ms";
        } else if (seconds < 2 * MINUTE) {
            return seconds + "\u00a0s";
        } else if (seconds < 2 * HOUR) {
            return seconds / MINUTE + "\u00a0min";
        }
        return seconds < 2 * DAY ? seconds / HOUR + "\u00a0h" : seconds / DAY + "\u00a0days";
    }

    /** As in {@code 3 min ago}. */
    static String ago(Instant time) {
        Duration since = Duration.between(time, Instant.now());
        return since.isNegative() || since.toSeconds() < 1 ? "just now" : length(since) + " ago";
    }

    /**
     * As in {@code crm.yaml, 128 ms}, or {@code asked on the page by ann}, or why something has failed; each part may be missing.
     *
     * @param isFileSaid whether its file is named already
     */
    static String about(Event event, boolean isFileSaid) {
        List<String> words = new ArrayList<>();
        if (!event.file().isEmpty() && !isFileSaid) {
            words.add(event.file());
        }
        if (event.durationMs() > 0) {
            words.add(length(Duration.ofMillis(event.durationMs())));
        }
        JsonNode detail = detail(event);
        String reason = detail.path("message").asText(detail.path("reason").asText());
        if (event.type().equals(Event.ASKED) && !detail.has("failed")) {
            String by = detail.path("by").asText();
            words.add("asked on the page" + (by.isEmpty() ? "" : " by " + by));
        } else if (!reason.isEmpty() && !GOOD.contains(event.outcome())) {
            words.add(StringUtils.abbreviate(reason, "…", MOST_REASON));
        }
        return String.join(", ", words);
    }

    private static JsonNode detail(Event event) {
        try {
            return event.detail().isEmpty() ? MissingNode.getInstance() : JSON.readTree(event.detail());
        } catch (JsonProcessingException e) {
            return MissingNode.getInstance();
        }
    }

    /** Class of the style sheet for the first words of a line. */
    static String tone(PlanText.Tone tone) {
        return tone.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** Words for the category of an error document; the category itself where it is none of ours. */
    static String category(String category) {
        return switch (category) {
            case "definition" -> "faults";
            case "rejected" -> "refused by the Platform";
            case "unauthorized" -> "credentials";
            case "unavailable" -> "outage";
            case "internal" -> "fault of the program";
            default -> category;
        };
    }

    /** To the second, in UTC. */
    static String time(Instant time) {
        return time.truncatedTo(ChronoUnit.SECONDS).toString();
    }

    /** As in {@code 10,000}. */
    static String number(long number) {
        return String.format(Locale.ROOT, "%,d", number);
    }

    /** To one digit behind the point where it is below ten. */
    static String rate(double number) {
        return number < 10 ? String.format(Locale.ROOT, "%.1f", number) : number((long) number);
    }

    /** Class of the style sheet for what a call came to. */
    static String statusTone(String status) {
        return status.startsWith("2") || status.equals("404") ? "good" : status.matches("[45].*|none") ? "doubtful" : "quiet";
    }

    /** As in {@code 1 file} or {@code 3 files}. */
    static String number(long number, String one) {
        return number(number) + " " + one + (number == 1 ? "" : "s");
    }

    /** Words for a step, as in {@code target dataset}; the step itself where it is none of ours. */
    static String kind(String step) {
        return Kinds.ALL.stream().filter(kind -> kind.key().equals(step)).findFirst().map(kind -> kind.words()).orElse(step);
    }

    /** What to do while a readiness check is down. */
    static String advice(String check) {
        return switch (check) {
            case "aep-platform" -> "See whether aep.client-id, aep.client-secret, aep.org-id and aep.sandbox are those of the project in"
                    + " Developer Console, and whether this machine reaches aep.url and aep.token-url. It is tried again by itself.";
            case "aep-ledger" -> "Nothing is sent until the ledger can be written. Make room, or restore it from a backup.";
            case "aep-folders" -> "Make the folders writable for the user of the program.";
            case "aep-disk" -> "Make room: old reports, receipts and failed definitions may be moved away.";
            case "aep-inbox" -> "Restart the program to work on the file again.";
            case "aep-inbox-age" -> "The log says why the file stays in the inbox.";
            case "aep-kafka" -> "The log of aep.publish says why the broker does not take them. They are kept until it does.";
            case "aep-audit" -> "See the log of aep.audit for why no audit ended.";
            default -> "";
        };
    }

    /** What to do about what the audit has found. */
    static String advice(String state, boolean isOurs, String dataflow) {
        return switch (state) {
            case "failed" -> isOurs ? "Correct the cause, then repeat its failed runs: aep-dataflows retry \"%s\"".formatted(dataflow)
                    : "Correct the cause, and repeat its runs in the Platform's UI: the flow is not ours.";
            case "missing" -> "Somebody deleted it at the Platform. Apply the definition again to create it.";
            case "late" -> "See whether the flow is enabled and its source can be reached.";
            case "partial" -> "Read the errors of its last run at the Platform: records were not ingested.";
            case "unknown" -> "Its runs could not be read; the next audit tries again.";
            case "drift" -> "Apply the definition, or export the flow to keep it as it is.";
            case "duplicate" -> "Nothing was touched. Delete at the Platform what nobody uses.";
            case "left" -> "Delete what earlier versions have left: aep-dataflows prune \"%s\"".formatted(dataflow);
            default -> "";
        };
    }
}
