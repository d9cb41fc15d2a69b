package io.github.aepdataflows.ledger;

import static io.github.aepdataflows.ledger.Event.TABLE;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What can be done with events within a transaction. */
record Events(Transaction tx) {

    private static final int AT_A_TIME = 100;
    private static final int MOST_REMOVED = 5_000;

    /** Whoever waits says so once. */
    void add(Event event, Retention kept) {
        if (event.isWaiting() && newest(Optional.of(event.dataflow()), Long.MAX_VALUE, 1).stream().anyMatch(event::repeats)) {
            return;
        }
        long now = tx.now();
        long last = newest(Optional.empty(), Long.MAX_VALUE, 1).stream().mapToLong(Event::id).findFirst().orElse(0);
        TABLE.insert(tx, event.recordedAs(Ids.after(last, now), now));
        if (kept.isDue(Ids.millis(last), now)) {
            remove(kept, now);
        }
    }

    private void remove(Retention kept, long now) {
        long tooMany = TABLE.select(tx, "order by id desc limit 1 offset " + kept.events()).stream().mapToLong(Event::id).findFirst()
                .orElse(0);
        long tooOld = Ids.of(now - kept.age().toMillis());
        for (int removed = 0, found = AT_A_TIME; found == AT_A_TIME && removed < MOST_REMOVED; removed += found) {
            List<Event> rows = TABLE.select(tx, "where untold = '' and id <= ? order by id limit " + AT_A_TIME,
                    Math.max(tooMany, tooOld));
            rows.forEach(row -> TABLE.delete(tx, row.id()));
            found = rows.size();
        }
    }

    List<Event> newest(Optional<String> dataflow, long beforeId, int limit) {
        String condition = "id < ? order by id desc limit " + limit;
        return dataflow.isEmpty() ? TABLE.select(tx, "where " + condition, beforeId)
                : TABLE.select(tx, "where dataflow = ? and " + condition, dataflow.get(), beforeId);
    }

    List<Event> untold(String name, int limit) {
        return TABLE.select(tx, "where untold <> '' and ' ' || untold || ' ' like ? order by id limit " + limit, "% " + name + " %");
    }

    /** Nobody else is to be told of anything. */
    void tellOnly(List<String> names) {
        long last = 0;
        for (List<Event> page = untoldAfter(last); !page.isEmpty(); page = untoldAfter(last)) {
            for (Event row : page) {
                row.untoldNames().stream().filter(name -> !names.contains(name)).forEach(name -> told(row.id(), name));
            }
            last = page.get(page.size() - 1).id();
        }
    }

    private List<Event> untoldAfter(long id) {
        return TABLE.select(tx, "where untold <> '' and id > ? order by id limit " + AT_A_TIME, id);
    }

    void told(long id, String name) {
        TABLE.lock(tx, id).ifPresent(row -> TABLE.update(tx, row.told(name)));
    }

    /**
     * Adds an event for each thing that is in another state than was observed last, and an alert where that alarms, or alarms no longer.
     * What nobody has seen before and is no alarm is only noted.
     *
     * @param complete kinds of which all was observed: any other thing of them is gone
     * @param unseen   but not these
     * @param alarms   that may end; any may where it is empty
     * @param sinks    who is to be told of alerts
     */
    void observe(Collection<Observation> all, Set<String> complete, Set<String> unseen, Optional<Set<Condition>> alarms,
            List<String> sinks, Retention kept) {
        Binding.lock(tx);   // two that observe at the same time do so one after the other
        Map<String, Condition> known = new HashMap<>();
        Condition.TABLE.select(tx, "").forEach(row -> known.put(row.subject(), row));
        for (Observation now : all) {
            Condition last = known.remove(now.subject());
            boolean wasAlarming = last != null && last.alarming();
            boolean isOld = wasAlarming && !now.alarming() && !mayEnd(last, alarms);
            if (isOld || last != null && last.state().equals(now.state())) {
                continue;
            }
            Condition.TABLE.save(tx, new Condition(now.subject(), now.state(), now.alarming(), now.dataflow(), now.flowId(),
                    Instant.ofEpochMilli(tx.now())), last == null);
            if (last != null || now.alarming()) {
                changed(now, last == null ? "" : last.state(), now.alarming(), wasAlarming, sinks, kept);
            }
        }
        for (Condition gone : known.values()) {
            if (complete.stream().anyMatch(gone.subject()::startsWith) && !unseen.contains(gone.subject())
                    && mayEnd(gone, alarms)) {
                Condition.TABLE.delete(tx, gone.subject());
                if (gone.alarming()) {
                    changed(new Observation(gone.subject(), "gone", false, gone.dataflow(), gone.flowId(), "it is not so any more"),
                            gone.state(), false, true, sinks, kept);
                }
            }
        }
    }

    /**
     * What was said of the health of hosts on which no instance is known any more ends, and is forgotten: there is nobody who would say
     * that it is well again. Instances of an older version do not tell their host; nothing ends while there is one.
     */
    void endOfOthers(List<Instance> known, List<String> sinks, Retention kept) {
        if (!known.stream().allMatch(Instance::hasHost) || ofOthers(known).isEmpty()) {
            return;
        }
        Binding.lock(tx);
        for (Condition gone : ofOthers(known)) {
            Condition.TABLE.delete(tx, gone.subject());
            if (gone.alarming()) {
                changed(new Observation(gone.subject(), "gone", false, gone.dataflow(), gone.flowId(),
                        "no instance on this host was heard of for a quarter of an hour"), gone.state(), false, true, sinks, kept);
            }
        }
    }

    private List<Condition> ofOthers(List<Instance> known) {
        return Condition.TABLE.select(tx, "where subject like ?", Observation.CHECK + "%/%").stream()
                .filter(row -> known.stream().noneMatch(one -> one.isOn(Observation.host(row.subject())))).toList();
    }

    private static boolean mayEnd(Condition last, Optional<Set<Condition>> alarms) {
        return !last.alarming() || alarms.isEmpty() || alarms.get().contains(last);
    }

    private void changed(Observation now, String before, boolean alarming, boolean wasAlarming, List<String> sinks, Retention kept) {
        String detail = JsonNodeFactory.instance.objectNode().put("subject", now.subject()).put("state", now.state())
                .put("before", before).put("reason", now.reason()).toString();
        String type = now.subject().startsWith(Observation.CHECK) ? Event.HEALTH : Event.AUDIT;
        add(Event.of(type, now.dataflow(), now.state()).about(now.flowId(), "").with(detail), kept);
        if ((alarming || wasAlarming) && !sinks.isEmpty()) {
            add(Event.of(Event.ALERT, now.dataflow(), alarming ? now.state() : Event.RECOVERED).about(now.flowId(), "").with(detail)
                    .toTell(sinks), kept);
        }
    }
}
