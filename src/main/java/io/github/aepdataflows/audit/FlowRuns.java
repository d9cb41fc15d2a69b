package io.github.aepdataflows.audit;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.aepdataflows.platform.Paging;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A flow and its runs, as they come in page by page. A run that moved between two pages is counted once. */
public final class FlowRuns {

    private final JsonNode flow;
    private final Instant since;
    private final Paging paging = new Paging();
    private final Map<String, JsonNode> inWindow = new LinkedHashMap<>();
    private JsonNode newest;

    /** @param since from when on its runs are to be read */
    FlowRuns(JsonNode flow, Instant since) {
        this.flow = flow;
        this.since = since;
    }

    public String getFlowId() {
        return flow.path("id").asText();
    }

    /** In epoch milliseconds. */
    public long getSince() {
        return since.toEpochMilli();
    }

    public Paging getPaging() {
        return paging;
    }

    public boolean isEmpty() {
        return inWindow.isEmpty();
    }

    void addPage(JsonNode page) {
        paging.accept(page).forEach(run -> inWindow.putIfAbsent(run.path("id").asText(), run));
    }

    /** Adds the answer to the question for the newest run of all. */
    void addNewest(JsonNode page) {
        newest = page.path("items").path(0);
    }

    FlowHealth judge(FlowJudge judge, Boolean ours) {
        return judge.judge(flow, List.copyOf(inWindow.values()), Optional.ofNullable(newest).filter(JsonNode::isObject), since, ours);
    }

    FlowHealth unread(Boolean ours, String why) {
        return FlowJudge.unread(flow, since, ours, why);
    }
}
