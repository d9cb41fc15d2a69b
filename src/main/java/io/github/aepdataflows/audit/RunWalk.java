package io.github.aepdataflows.audit;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.aepdataflows.resource.Lookup;
import io.github.aepdataflows.resource.Paging;
import io.github.aepdataflows.resource.Run;
import io.github.aepdataflows.resource.Service;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * One walk through the runs of all flows since the last audit, the oldest first, which spares a look at each flow. A run is added to its
 * flow and forgotten. What the walk does not show says something only of a flow whose last run, as the list of flows has it, is no other.
 */
final class RunWalk {

    /** A run may show later than one that was made after it. */
    private static final Duration LATE_TO_SHOW = Duration.ofMinutes(10);
    /** How far the Platform's clock may be before ours. A run from later than that has a wrong time, which no audit goes by. */
    static final Duration CLOCK_SKEW = Duration.ofMinutes(5);

    private static final int MOST_PAGES = 100_000;
    /** A run that moves between two pages comes again soon. */
    private static final int REMEMBERED = 5_000;

    private final Instant from;
    private final Instant latest;
    private final Paging paging = new Paging(Service.FLOW_SERVICE, MOST_PAGES);
    private final Set<String> seen = Collections.newSetFromMap(new LinkedHashMap<>() {

        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Boolean> eldest) {
            return size() > REMEMBERED;
        }
    });
    private long newest;
    private boolean failed;

    /** @param from how far back, by the Platform's clock */
    RunWalk(Instant from, Instant now) {
        this.from = from;
        this.latest = now.plus(CLOCK_SKEW);
    }

    /** The next page; null when there is none left. */
    Lookup next() {
        return paging.isMore() ? Run.page(from.toEpochMilli(), paging) : null;
    }

    /** @param flows by their ids */
    void accept(JsonNode page, Map<String, FlowRuns> flows) {
        for (JsonNode item : paging.accept(page)) {
            Run run = Run.of(item);
            newest = run.createdAt() > latest.toEpochMilli() ? newest : Math.max(newest, run.createdAt());
            FlowRuns flow = flows.get(item.path("flowId").asText());
            if (seen.add(run.id()) && flow != null) {
                flow.add(run);
            }
        }
    }

    /** The Platform does not list the runs of all flows, or not now. */
    void failed() {
        failed = true;
    }

    boolean isComplete() {
        return !failed && !paging.isMore() && paging.problem().isEmpty();
    }

    /** Whether it has passed all runs of a flow from then on. */
    boolean covers(Instant since) {
        return isComplete() && !since.isBefore(from);
    }

    /** From where the next walk begins; from where this one has, unless it came to its end. */
    Instant readTo() {
        Instant to = Instant.ofEpochMilli(newest).minus(LATE_TO_SHOW);
        return isComplete() && to.isAfter(from) ? to : from;
    }
}
