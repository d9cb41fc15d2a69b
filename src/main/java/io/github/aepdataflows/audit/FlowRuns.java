package io.github.aepdataflows.audit;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.aepdataflows.resource.Lookup;
import io.github.aepdataflows.resource.Paging;
import io.github.aepdataflows.resource.Service;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The runs of one flow, as they come in page by page. A run that moved between two pages is counted once. */
public final class FlowRuns {

    private static final String RUNS = "flowservice/runs";

    private final String flowId;
    private final long since;
    private final Paging paging = new Paging(Service.FLOW_SERVICE);
    private final Map<String, JsonNode> inWindow = new LinkedHashMap<>();
    private JsonNode newest;
    private String problem;

    /** @param since in epoch milliseconds */
    FlowRuns(String flowId, long since) {
        this.flowId = flowId;
        this.since = since;
    }

    /** Whether there is another page to read. */
    public boolean isMore() {
        return paging.isMore();
    }

    /** The next page, the oldest runs first. */
    public Lookup getPage() {
        return page(Lookup.property("createdAt>=" + since) + "&orderby=createdAt&" + paging.query());
    }

    /** The newest run of all. */
    public Lookup getNewestPage() {
        return page("orderby=-createdAt&limit=1");
    }

    private Lookup page(String query) {
        return Lookup.page(RUNS, Lookup.property("flowId==" + flowId) + "&" + query, Lookup.JSON);
    }

    void addPage(JsonNode page) {
        paging.accept(page).forEach(run -> inWindow.putIfAbsent(run.path("id").asText(), run));
        paging.problem().ifPresent(text -> problem = text);
    }

    /** Adds the answer to the question for the newest run of all. */
    void addNewest(JsonNode page) {
        newest = page.path("items").path(0);
    }

    public boolean isEmpty() {
        return inWindow.isEmpty();
    }

    List<JsonNode> inWindow() {
        return List.copyOf(inWindow.values());
    }

    Optional<JsonNode> newest() {
        return Optional.ofNullable(newest).filter(JsonNode::isObject);
    }

    Optional<String> problem() {
        return Optional.ofNullable(problem);
    }
}
