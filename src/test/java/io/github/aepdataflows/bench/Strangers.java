package io.github.aepdataflows.bench;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.aepdataflows.Rig;
import io.github.aepdataflows.ledger.Ledger;
import io.github.aepdataflows.simulator.Request;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Whether anything was touched that is not the application's own, and whether anything exists of which it does not know. */
final class Strangers {

    /** {@code …/flows/{id}}, {@code …/flows/{id}/action} */
    private static final Pattern NAMED = Pattern.compile("/data/foundation/.*/(\\w+)/([^/]+)(/action)?");

    private Strangers() {
    }

    /**
     * To be asked with the bench's application stopped or idle.
     *
     * @return violations: requests that write to a resource that the ledger does not have, resources that nobody knows
     */
    static Set<String> of(Bench bench, String... foreignIds) throws Exception {
        Set<String> found = new LinkedHashSet<>();
        Set<String> known = new HashSet<>();
        Set<String> foreign = Set.of(foreignIds);
        try (Ledger ledger = bench.ledger()) {
            for (Step step : Step.values()) {
                for (ObjectNode resource : bench.simulator().store().resources(Rig.SANDBOX, step.collection())) {
                    String id = step.idOf(resource);
                    if (Set.of(Step.values()).stream().anyMatch(each -> each.collection().equals(step.collection())
                            && isOurs(ledger, each, id))) {
                        known.add(id.replaceFirst(".*/", ""));
                    } else if (!foreign.contains(id) && !step.shared()) {
                        found.add("the ledger does not know %s %s".formatted(step.collection(), id));
                    }
                }
            }
            for (Request request : bench.simulator().requests().all()) {
                Matcher named = NAMED.matcher(URLDecoder.decode(request.path(), StandardCharsets.UTF_8));
                if (changes(request) && named.matches() && request.header(Foreigner.HEADER).isEmpty()) {
                    String id = named.group(2).replaceFirst(".*[./]", "");
                    if (!known.contains(id) && !wasOurs(ledger, named.group(1), named.group(2))) {
                        found.add("%s %s was sent, which is not ours".formatted(request.method(), request.path()));
                    }
                }
            }
        }
        return found;
    }

    private static boolean changes(Request request) {
        return Set.of("PATCH", "PUT", "DELETE").contains(request.method()) || request.path().endsWith("/action");
    }

    private static boolean isOurs(Ledger ledger, Step step, String id) {
        try {
            return ledger.owner(step.key(), id).isPresent();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    /** Deleted by now: the store does not have it, the ledger does. */
    private static boolean wasOurs(Ledger ledger, String collection, String named) {
        String id = named.startsWith("https:") || !named.startsWith("_") ? named
                : "https://ns.adobe.com/" + named.substring(1).replaceFirst("\\.", "/").replaceFirst("\\.", "/");
        return Set.of(Step.values()).stream().anyMatch(step -> step.collection().equals(collection) && isOurs(ledger, step, id));
    }
}
