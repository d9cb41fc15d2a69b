package io.github.aepdataflows.ledger;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * Something that has happened: a row of aep_event. Nothing is decided by one.
 *
 * @param id         goes up with time; 0 of one that is not recorded yet
 * @param at         by the ledger's clock, whatever it is before it is recorded
 * @param dataflow   its name; empty when it is of none
 * @param type       {@link #PROVISIONED}, {@link #AUDIT} …
 * @param outcome    in one word, as in {@code created}
 * @param file       the definition's; may be empty
 * @param flowId     may be empty
 * @param detail     a JSON object, of at most {@link #MOST_DETAIL} bytes; may be empty
 * @param durationMs how long it took, in milliseconds; 0 where it has no duration
 * @param untold     of an alert: who is still to be told, with blanks between them
 */
public record Event(long id, Instant at, String dataflow, String type, String outcome, String file, String flowId, String detail,
        long durationMs, String untold) {

    /** A definition came to an end: created, updated, replaced, adopted, unchanged, deleted, failed, or waiting where it is tried again. */
    public static final String PROVISIONED = "provisioned";
    /** The state of a flow in the audit is another one than before. */
    public static final String AUDIT = "audit";
    /** A failed run was ordered once more, by the audit or by somebody. */
    public static final String RETRIGGERED = "retriggered";
    public static final String ORDERED_RUN = "ordered-run";
    /** A readiness check of the program is down, in another way than before, or up again. */
    public static final String HEALTH = "health";
    /** Somebody has asked for it on the page: plan, apply, pause, resume, run, retry. */
    public static final String ASKED = "asked";
    /** Something that somebody is told of. */
    public static final String ALERT = "alert";

    /** The outcome of what is tried again later. */
    public static final String WAITING = "waiting";

    /** The outcome of an alert when what it was about is no alarm any more. */
    public static final String RECOVERED = "recovered";

    public static final int MOST_DETAIL = 8 << 10;

    static final Table<Event> TABLE = new Table<>("aep_event", 1,
            List.of("id", "at", "dataflow", "type", "outcome", "file", "flow_id", "detail", "duration_ms", "untold"),
            row -> new Event(row.number(0), row.time(1), row.text(2), row.text(3), row.text(4), row.text(5), row.text(6), row.text(7),
                    row.number(8), row.text(9)),
            row -> List.of(row.id, row.at.toEpochMilli(), row.dataflow, row.type, row.outcome, row.file, row.flowId, row.detail,
                    row.durationMs, row.untold));

    /** @throws IllegalArgumentException when the detail is too long */
    public Event {
        if (detail.getBytes(StandardCharsets.UTF_8).length > MOST_DETAIL) {
            throw new IllegalArgumentException("the detail of an event has at most %d bytes".formatted(MOST_DETAIL));
        }
    }

    /** One that is not recorded yet. */
    public static Event of(String type, String dataflow, String outcome) {
        return new Event(0, Instant.EPOCH, dataflow, type, outcome, "", "", "", 0, "");
    }

    /** The same of a flow and the file of its definition; each may be empty. */
    public Event about(String newFlowId, String newFile) {
        return new Event(id, at, dataflow, type, outcome, newFile, newFlowId, detail, durationMs, untold);
    }

    public Event with(String newDetail) {
        return new Event(id, at, dataflow, type, outcome, file, flowId, newDetail, durationMs, untold);
    }

    public Event took(Duration duration) {
        return new Event(id, at, dataflow, type, outcome, file, flowId, detail, duration.toMillis(), untold);
    }

    /** The same, to be told to these, each of whose names is one word. */
    public Event toTell(List<String> names) {
        return new Event(id, at, dataflow, type, outcome, file, flowId, detail, durationMs, String.join(" ", names));
    }

    /** Who is still to be told. */
    public List<String> untoldNames() {
        return untold.isEmpty() ? List.of() : List.of(untold.split(" "));
    }

    Event told(String name) {
        return toTell(untoldNames().stream().filter(one -> !one.equals(name)).toList());
    }

    Event recordedAs(long newId, long now) {
        return new Event(newId, Instant.ofEpochMilli(now), dataflow, type, outcome, file, flowId, detail, durationMs, untold);
    }

    boolean isWaiting() {
        return outcome.equals(WAITING);
    }

    /** Whether another one has said the same of the same file. */
    boolean repeats(Event other) {
        return type.equals(other.type) && outcome.equals(other.outcome) && file.equals(other.file);
    }
}
