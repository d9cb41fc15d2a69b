package io.github.aepdataflows.plan;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.stream.StreamSupport;

/**
 * How the Platform lets a difference be settled (Flow Service: update dataflows, update connections, sources errors 1366, 1403
 * and 1404; Schema Registry: additive changes only).
 */
final class ChangeRules {

    /** @param reason empty where the action goes without saying */
    record Verdict(Action action, String reason) {
    }

    private static final Verdict UPDATE = new Verdict(Action.UPDATE, "");
    private static final String LABEL = "name|description|title";

    private ChangeRules() {
    }

    /**
     * @param actual the resource as it is
     * @param now    decides whether a flow has started
     */
    static Verdict of(String step, List<Difference.Change> changes, JsonNode actual, Instant now) {
        return changes.stream().map(change -> of(step, change, actual, now)).max(Comparator.comparing(Verdict::action))
                .orElse(new Verdict(Action.NONE, ""));
    }

    private static Verdict of(String step, Difference.Change change, JsonNode actual, Instant now) {
        boolean label = change.path().matches(LABEL);
        return switch (step) {
            case "source-connection", "target-connection" -> label ? UPDATE
                    : new Verdict(Action.REPLACE, "what a connection reads or writes is fixed once a flow uses it");
            case "base-connection" -> label ? UPDATE : new Verdict(Action.IMPOSSIBLE, "a base connection is shared; describe it under another name");
            case "source-class", "source-schema" -> new Verdict(Action.REPLACE, "the ad-hoc schema of a source is made of its columns");
            case "target-schema" -> label ? UPDATE : schema(change);
            case "target-dataset" -> change.path().startsWith("schemaRef")
                    ? new Verdict(Action.IMPOSSIBLE, "a dataset keeps its schema; name another dataset") : UPDATE;
            case "flow" -> flow(change, actual, now);
            default -> UPDATE;   // a mapping set gets another version
        };
    }

    private static Verdict schema(Difference.Change change) {
        boolean onlyMore = change.path().equals("references") && StreamSupport.stream(change.is().spliterator(), false)
                .allMatch(reference -> StreamSupport.stream(change.wanted().spliterator(), false).anyMatch(reference::equals));
        return onlyMore || change.path().equals("tags") ? UPDATE
                : new Verdict(Action.IMPOSSIBLE, "a schema that is in use only grows: neither class nor field groups can go");
    }

    private static Verdict flow(Difference.Change change, JsonNode actual, Instant now) {
        boolean started = actual.at("/scheduleParams/startTime").asLong(Long.MAX_VALUE) <= now.getEpochSecond();
        String field = change.path().replaceFirst("^scheduleParams\\.", "");
        if (change.path().matches("(source|target)ConnectionIds.*|flowSpec.*")) {
            return new Verdict(Action.REPLACE, "a flow keeps its connections and its flow spec");
        } else if (actual.at("/scheduleParams/frequency").asText().equals("once") && change.path().startsWith("scheduleParams")) {
            return new Verdict(Action.REPLACE, "a dataflow that runs once has no schedule to change");
        } else if (started && field.equals("startTime")) {
            return new Verdict(Action.IMPOSSIBLE, "it has started, and a start that has passed cannot change (1366-400)");
        } else if (started && field.equals("frequency") && change.wanted().asText().equals("once")) {
            return new Verdict(Action.IMPOSSIBLE, "it has started, and cannot become one that runs once (1403-400)");
        } else if (started && field.equals("backfill") && !(change.is() instanceof MissingNode && change.wanted().asBoolean())) {
            return new Verdict(Action.IMPOSSIBLE, "it has started, and backfill cannot change any more (1404-400)");
        }
        return UPDATE;
    }
}
