package io.github.aepdataflows.audit;

import io.github.aepdataflows.audit.FlowHealth.Counts;
import io.github.aepdataflows.resource.Run;
import io.github.aepdataflows.resource.RunStatus;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** What the runs of a flow come to. They are added one by one, in any order; only those that are open are kept. */
final class RunTally {

    private static final int STATES = RunStatus.values().length;

    private final int[] counts = new int[STATES];
    private final Run[] newest = new Run[STATES];
    private List<Run> open = List.of();
    private Long input;
    private Long output;
    private Long failed;

    void add(Run run) {
        int status = run.status().ordinal();
        counts[status]++;
        newest[status] = newest[status] == null ? run : newer(newest[status], run);
        if (run.isOpen()) {
            open = open.isEmpty() ? new ArrayList<>(1) : open;
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
        return IntStream.of(counts).sum();
    }

    int count(RunStatus status) {
        return counts[status.ordinal()];
    }

    Optional<Run> newest() {
        return Stream.of(newest).filter(Objects::nonNull).reduce(RunTally::newer);
    }

    Optional<Run> newest(RunStatus status) {
        return Optional.ofNullable(newest[status.ordinal()]);
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
