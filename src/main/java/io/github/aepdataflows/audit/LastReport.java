package io.github.aepdataflows.audit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.github.aepdataflows.files.Reports;
import io.github.aepdataflows.resource.Run;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What an audit needs to know of the one before, from its report, which may be of very many flows. */
final class LastReport {

    private static final Set<String> FLOWS = Set.of("flows", "notSeen");
    /** States of which nothing is to be asked as long as the last run is the same. */
    private static final Set<String> QUIET = Set.of(FlowHealth.State.HEALTHY.toString(), FlowHealth.State.DISABLED.toString(),
            FlowHealth.State.DRAFT.toString());

    /** There was no audit before. */
    static final LastReport NONE = new LastReport();

    /**
     * What it says of a flow, as short as can be.
     *
     * @param nextSince null when it does not say
     * @param run       id of the last run of a flow that was in order then; else null, and so is what became of it
     */
    private record Seen(Instant nextSince, String run, long startedAt, long completedAt, String status) {
    }

    private JsonNode rest = MissingNode.getInstance();
    private final Map<String, Seen> flows = new HashMap<>();
    private final Map<String, String> words = new HashMap<>();   // one string for what is said of very many flows

    private LastReport() {
    }

    /**
     * The first of these files that is a report, if it is of that sandbox: that one was cut or edited, or is from a time to come, as of a
     * clock that was wrong, must not keep an audit from looking.
     */
    static LastReport newest(List<Path> files, String sandbox, Instant latest) {
        for (Path file : files) {
            try (Reader content = Files.newBufferedReader(file)) {
                LastReport report = read(content);
                if (instant(report.rest.path("time")).filter(latest::isBefore).isEmpty()) {
                    return report.rest.path("sandbox").asText().equals(sandbox) ? report : NONE;
                }
            } catch (IOException e) {
                continue;   // the one before
            }
        }
        return NONE;
    }

    /** @throws IOException when it is no report as a whole */
    static LastReport read(Reader content) throws IOException {
        LastReport report = new LastReport();
        report.rest = Reports.read(content, FLOWS, report::add);
        return report;
    }

    private void add(JsonNode flow) {
        JsonNode run = flow.path("lastRun");
        Instant next = instant(flow.path("nextSince")).orElse(null);
        Optional<Instant> started = instant(run.path("startedAt")).filter(time -> QUIET.contains(flow.path("state").asText()));
        flows.put(flow.path("id").asText(), started.isEmpty() ? new Seen(next, null, 0, 0, null)
                : new Seen(next, run.path("id").asText(), started.get().toEpochMilli(),
                        instant(run.path("completedAt")).map(Instant::toEpochMilli).orElse(0L),
                        words.computeIfAbsent(run.path("status").asText(), word -> word)));
    }

    /** From when on the runs of a flow are to be read. */
    Optional<Instant> nextSince(String flow) {
        return Optional.ofNullable(flows.get(flow)).map(Seen::nextSince);
    }

    /** The last run of a flow that was in order: as long as it has no other, nothing is to be asked. */
    Optional<Run> lastRun(String flow) {
        return Optional.ofNullable(flows.get(flow)).filter(seen -> seen.run != null)
                .map(seen -> Run.seen(seen.run, seen.startedAt, seen.completedAt, seen.status));
    }

    /** Ids of the flows that it speaks of. */
    Set<String> flows() {
        return flows.keySet();
    }

    /** Until when the runs of all flows were read. */
    Optional<Instant> runsReadTo() {
        return instant(rest.path("runsReadTo"));
    }

    /** One of its other lists; empty when it has none of that name. */
    JsonNode list(String name) {
        return rest.path(name);
    }

    /** Absent when somebody edited the report. */
    private static Optional<Instant> instant(JsonNode text) {
        try {
            return Optional.of(Instant.parse(text.asText()));
        } catch (DateTimeParseException e) {
            return Optional.empty();
        }
    }
}
