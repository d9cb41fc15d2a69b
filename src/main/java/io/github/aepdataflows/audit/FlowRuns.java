package io.github.aepdataflows.audit;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.aepdataflows.resource.Lookup;
import io.github.aepdataflows.resource.Paging;
import io.github.aepdataflows.resource.Service;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A flow and its runs, as they come in page by page. A run that moved between two pages is counted once. */
public final class FlowRuns {

    private final JsonNode flow;
    private final Instant since;
    private final Paging paging = new Paging(Service.FLOW_SERVICE);
    private final Map<String, JsonNode> inWindow = new LinkedHashMap<>();
    private JsonNode newest;

    /** @param since from when on its runs are to be read */
    FlowRuns(JsonNode flow, Instant since) {
        this.flow = flow;
        this.since = since;
    }

    String flowId() {
        return flow.path("id").asText();
    }

    /** From when on its runs are read. */
    Instant since() {
        return since;
    }

    /** Why only a part of the runs could be read; absent when all were. */
    Optional<String> problem() {
        return paging.problem();
    }

    /** Whether there is another page to read. */
    public boolean isMore() {
        return paging.isMore();
    }

    /** The next page, the oldest runs first. */
    public Lookup getPage() {
        return page(Lookup.property("createdAt>=" + since.toEpochMilli()) + "&orderby=createdAt&" + paging.query());
    }

    /** The newest run of all. */
    public Lookup getNewestPage() {
        return page("orderby=-createdAt&limit=1");
    }

    private Lookup page(String query) {
        return Lookup.page("flowservice/runs", Lookup.property("flowId==" + flowId()) + "&" + query, Lookup.JSON);
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
