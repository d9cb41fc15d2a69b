package io.github.aepdataflows.operate;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.github.aepdataflows.ledger.Dataflow;
import io.github.aepdataflows.ledger.Ledger;
import io.github.aepdataflows.ledger.LedgerException;
import io.github.aepdataflows.resource.Kinds;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** All dataflows that the ledger or the last audit knows, put together at most every few seconds, and only while somebody looks. */
final class DataflowList {

    /**
     * @param state  what the audit says of it, or the ledger: in work, unfinished, done, deleted
     * @param isOurs whether the ledger has it, or has left it behind
     * @param at     when it was finished first; empty when it is not, or not ours
     */
    record Row(String name, String state, String reason, String flowId, boolean isOurs, String file, Optional<Instant> at) {

        private boolean matches(String text) {
            return (name + "\n" + flowId + "\n" + file).toLowerCase(Locale.ROOT).contains(text);
        }
    }

    /**
     * One page of those that were asked for.
     *
     * @param states how many there are of each state, among those with the text that was searched for
     */
    record Page(List<Row> rows, String text, String state, int number, int last, long found, long all, Map<String, Long> states) {

        String address(int page, String ofState) {
            return "/dataflows?q=%s&state=%s&page=%d".formatted(Query.encoded(text), Query.encoded(ofState), page);
        }
    }

    static final int ROWS = 50;

    private static final String DELETED = "deleted";

    private static final long FRESH_NANOS = Duration.ofSeconds(3).toNanos();

    private final Ledger ledger;
    private final AuditReport audit;
    private List<Row> rows = List.of();
    private long readAt;

    DataflowList(Ledger ledger, AuditReport audit) {
        this.ledger = ledger;
        this.audit = audit;
    }

    /**
     * @param now    by the ledger's clock
     * @param flow   id of its flow; empty when it has none
     * @param health what the last audit says of that flow; a missing node when it says nothing
     */
    static String state(Dataflow dataflow, Instant now, String flow, JsonNode health) {
        return dataflow.isHeldAt(now) ? "in work" : !dataflow.done() ? "unfinished" : flow.isEmpty() ? DELETED
                : health.path("state").asText("done");
    }

    Page page(Query query) throws LedgerException, IOException {
        String text = query.text("q").strip();
        List<Row> found = all().stream().filter(row -> row.matches(text.toLowerCase(Locale.ROOT))).toList();
        Map<String, Long> states = new TreeMap<>(Comparator.comparing(Wording::urgency).thenComparing(Comparator.naturalOrder()));
        found.forEach(row -> states.merge(row.state(), 1L, Long::sum));
        String state = query.text("state");
        List<Row> shown = state.isEmpty() ? found : found.stream().filter(row -> row.state().equals(state)).toList();
        int last = Math.max(1, (shown.size() + ROWS - 1) / ROWS);
        int number = Math.min(query.page(), last);
        return new Page(shown.stream().skip((number - 1L) * ROWS).limit(ROWS).toList(), text, state, number, last, shown.size(),
                rows.size(), states);
    }

    private synchronized List<Row> all() throws LedgerException, IOException {
        if (readAt == 0 || System.nanoTime() - readAt > FRESH_NANOS) {
            rows = read();
            readAt = System.nanoTime();
        }
        return rows;
    }

    private List<Row> read() throws LedgerException, IOException {
        Map<String, JsonNode> judged = new HashMap<>();
        audit.content().path("flows").forEach(flow -> judged.put(flow.path("id").asText(), flow));
        Map<String, String> flows = new HashMap<>();
        ledger.resources(Kinds.FLOW.key()).forEach((id, dataflow) -> flows.put(dataflow, id));
        List<Row> all = new ArrayList<>();
        Instant now = ledger.now();
        for (Dataflow dataflow : ledger.dataflows()) {
            String flow = flows.getOrDefault(dataflow.name(), "");
            JsonNode health = Objects.requireNonNullElse(judged.remove(flow), MissingNode.getInstance());
            all.add(new Row(dataflow.name(), state(dataflow, now, flow, health), health.path("reason").asText(), flow, true,
                    dataflow.file(), Optional.of(dataflow.finishedAt()).filter(at -> dataflow.done())));
        }
        Set<String> deleted = all.stream().filter(row -> row.state().equals(DELETED)).map(Row::name).collect(Collectors.toSet());
        // since the audit
        judged.values().removeIf(health -> health.path("ours").asBoolean() && deleted.contains(health.path("name").asText()));
        judged.forEach((id, health) -> all.add(new Row(health.path("name").asText(), health.path("state").asText(),
                health.path("reason").asText(), id, health.path("ours").asBoolean(), "", Optional.empty())));
        all.sort(Comparator.comparing((Row row) -> row.name().toLowerCase(Locale.ROOT)).thenComparing(Row::flowId));
        return List.copyOf(all);
    }
}
