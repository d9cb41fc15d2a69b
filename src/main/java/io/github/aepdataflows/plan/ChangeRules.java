package io.github.aepdataflows.plan;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;

/**
 * How the Platform lets a difference be settled (Flow Service: update dataflows, update connections, sources errors 1366, 1403
 * and 1404; Schema Registry: additive changes only).
 */
public final class ChangeRules {

    /** @param reason empty where the action goes without saying */
    public record Verdict(Action action, String reason) {
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
        List<Verdict> verdicts = changes.stream().map(change -> of(step, change, actual, now)).toList();
        Action action = verdicts.stream().map(Verdict::action).max(Comparator.naturalOrder()).orElse(Action.NONE);
        return new Verdict(action, verdicts.stream().filter(verdict -> verdict.action() == action).map(Verdict::reason)
                .filter(reason -> !reason.isEmpty()).distinct().collect(Collectors.joining("; ")));
    }

    private static Verdict of(String step, Difference.Change change, JsonNode actual, Instant now) {
        boolean label = change.path().matches(LABEL);
        return switch (step) {
            case "source-connection", "target-connection" -> label ? UPDATE
                    : new Verdict(Action.REPLACE, "what a connection reads or writes is fixed once a flow uses it");
            case "base-connection" -> new Verdict(Action.IMPOSSIBLE, "a base connection is shared; describe it under another name");
            case "source-class", "source-schema" -> new Verdict(Action.IMPOSSIBLE, "the ad-hoc class and schema of a source are made of its columns,"
                    + " and no others can have their titles, which come from the dataflow's name");
            case "target-schema" -> label ? UPDATE : schema(change, actual);
            case "target-dataset" -> dataset(change);
            case "mapping-set" -> change.path().equals("schema") ? new Verdict(Action.REPLACE, "a mapping set keeps its schema") : UPDATE;
            case "flow" -> flow(change, actual, now);
            default -> UPDATE;
        };
    }

    private static Verdict dataset(Difference.Change change) {
        if (change.path().startsWith("schemaRef")) {
            return new Verdict(Action.IMPOSSIBLE, "a dataset keeps its schema; name another dataset");
        }
        return change.wanted().isNull() ? new Verdict(Action.IMPOSSIBLE, "a dataset that is enabled for Profile stays so") : UPDATE;
    }

    private static Verdict schema(Difference.Change change, JsonNode actual) {
        boolean tags = change.path().equals("tags");
        boolean references = change.path().equals("references");
        if (change.wanted().isNull()) {
            return new Verdict(Action.IMPOSSIBLE, "a schema that is enabled for Profile stays so");
        }
        if ((tags || references) && isIn(change.wanted(), change.is())) {
            return new Verdict(Action.NONE, tags ? "it has more tags than the definition asks for, which stay"
                    : "it has more field groups than the definition lists; a schema that is in use only grows, so they stay");
        }
        return tags || references && isOfTheSameClass(change, actual) ? UPDATE
                : new Verdict(Action.IMPOSSIBLE, "a schema that is in use only grows: its class cannot become another");
    }

    /** Whatever other field groups it has, somebody's or those of an earlier definition, stay beside those that are added. */
    private static boolean isOfTheSameClass(Difference.Change change, JsonNode actual) {
        return actual.hasNonNull("meta:class") ? isIn(JsonNodeFactory.instance.arrayNode().add(actual.path("meta:class")), change.wanted())
                : isIn(change.is(), change.wanted());
    }

    private static boolean isIn(JsonNode some, JsonNode all) {
        return StreamSupport.stream(some.spliterator(), false).allMatch(one -> StreamSupport.stream(all.spliterator(), false).anyMatch(one::equals));
    }

    private static Verdict flow(Difference.Change change, JsonNode actual, Instant now) {
        boolean started = actual.at("/scheduleParams/startTime").asLong(Long.MAX_VALUE) <= now.getEpochSecond();
        String field = change.path().replaceFirst("^scheduleParams\\.", "");
        if (change.path().matches("(source|target)ConnectionIds.*|flowSpec.*")) {
            return new Verdict(Action.REPLACE, "a flow keeps its connections and its flow spec");
        } else if (actual.at("/scheduleParams/frequency").asText().equals("once") && change.path().startsWith("scheduleParams")) {
            return new Verdict(Action.REPLACE, "a dataflow that runs once has no schedule to change");
        } else if (!started && field.equals("startTime") && change.wanted().asLong() <= now.getEpochSecond()) {
            return new Verdict(Action.IMPOSSIBLE, "it would have to start in the past (1360-400)");
        } else if (started && field.equals("startTime")) {
            return new Verdict(Action.REPLACE, "it has started, and a start that has passed cannot change (1366-400)");
        } else if (started && field.equals("frequency") && change.wanted().asText().equals("once")) {
            return new Verdict(Action.REPLACE, "it has started, and cannot become one that runs once (1403-400)");
        } else if (started && field.equals("backfill") && !(change.is() instanceof MissingNode && change.wanted().asBoolean())) {
            return new Verdict(Action.REPLACE, "it has started, and backfill cannot change any more (1404-400)");
        }
        return change.path().equals("state") && actual.path("state").asText().equals("draft")
                ? new Verdict(Action.IMPOSSIBLE, "it is a draft; publish it first") : UPDATE;
    }
}
