package io.github.aepdataflows.audit;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.aepdataflows.platform.Paging;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The runs of one flow, as they come in page by page. A run that moved between two pages is counted once. */
public final class FlowRuns {

    private final Map<String, JsonNode> inWindow = new LinkedHashMap<>();
    private JsonNode newest;
    private String problem;

    public void addPage(JsonNode page, Paging paging) {
        paging.accept(page).forEach(run -> inWindow.putIfAbsent(run.path("id").asText(), run));
        paging.problem().ifPresent(text -> problem = text);
    }

    /** Adds the answer to the question for the newest run of all. */
    public void addNewest(JsonNode page) {
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
