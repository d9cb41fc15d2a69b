package io.github.aepdataflows.audit;

import io.github.aepdataflows.audit.FlowHealth.Counts;
import io.github.aepdataflows.resource.Run;
import io.github.aepdataflows.resource.RunStatus;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;

/** What the runs of a flow come to. They are added one by one, in any order; only those that are open are kept. */
final class RunTally {

    private final Map<RunStatus, Integer> counts = new EnumMap<>(RunStatus.class);
    private final Map<RunStatus, Run> newest = new EnumMap<>(RunStatus.class);
    private final List<Run> open = new ArrayList<>(0);
    private Long input;
    private Long output;
    private Long failed;

    void add(Run run) {
        counts.merge(run.status(), 1, Integer::sum);
        newest.merge(run.status(), run, RunTally::newer);
        if (run.isOpen()) {
            open.add(run);
        }
        input = sum(input, run.inputRecords());
        output = sum(output, run.outputRecords());
        failed = sum(failed, run.failedRecords());
    }

    private static Run newer(Run one, Run next) {
        return next.createdAt() >= one.createdAt() ? next : one;
    }

    private static Long sum(Long known, OptionalLong count) {
        return count.isEmpty() ? known : Long.valueOf(count.getAsLong() + (known == null ? 0 : known));
    }

    int total() {
        return counts.values().stream().mapToInt(Integer::intValue).sum();
    }

    int count(RunStatus status) {
        return counts.getOrDefault(status, 0);
    }

    Optional<Run> newest() {
        return newest.values().stream().reduce(RunTally::newer);
    }

    Optional<Run> newest(RunStatus status) {
        return Optional.ofNullable(newest.get(status));
    }

    /** Those that have not ended. */
    Stream<Run> open() {
        return open.stream();
    }

    Counts counts() {
        return new Counts(total(), count(RunStatus.SUCCEEDED), count(RunStatus.PARTIAL), count(RunStatus.FAILED), count(RunStatus.OPEN),
                count(RunStatus.UNRECOGNISED), input, output, failed);
    }
}
