package io.github.aepdataflows.resource;

import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;

/**
 * How the Platform allows a difference to be removed.
 *
 * @param reason in words; empty where the action goes without saying
 */
public record Verdict(Action action, String reason) {

    static final Verdict UPDATE = new Verdict(Action.UPDATE, "");

    public static Verdict none(String reason) {
        return new Verdict(Action.NONE, reason);
    }

    static Verdict replace(String reason) {
        return new Verdict(Action.REPLACE, reason);
    }

    public static Verdict impossible(String reason) {
        return new Verdict(Action.IMPOSSIBLE, reason);
    }

    /** Of all differences of a resource: the strongest action, with all reasons for it. */
    static Verdict of(List<Verdict> verdicts) {
        Action action = verdicts.stream().map(Verdict::action).max(Comparator.naturalOrder()).orElse(Action.NONE);
        return new Verdict(action, verdicts.stream().filter(verdict -> verdict.action() == action).map(Verdict::reason)
                .filter(reason -> !reason.isEmpty()).distinct().collect(Collectors.joining("; ")));
    }
}
