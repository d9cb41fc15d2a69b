package io.github.aepdataflows.export;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.aepdataflows.platform.PlatformException;
import io.github.aepdataflows.resource.Flow;
import io.github.aepdataflows.resource.Kinds;
import io.github.aepdataflows.resource.Lookup;
import io.github.aepdataflows.resource.Paging;
import io.github.aepdataflows.resource.Search;
import io.github.aepdataflows.resource.Service;
import io.github.aepdataflows.resource.Streaming;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** The source dataflows of the sandbox, page by page. Lives in the exchange variable {@code aepFlowList}. */
public final class FlowList {

    private final Paging paging = new Paging(Service.FLOW_SERVICE);
    private final List<Search.Hit> flows = new ArrayList<>();
    private final Map<String, JsonNode> documents = new HashMap<>();
    private final Streaming streaming = new Streaming();

    public boolean isMore() {
        return paging.isMore();
    }

    public Lookup getPage() {
        return Kinds.FLOW.page(paging);
    }

    void add(JsonNode page) throws PlatformException {
        for (JsonNode flow : paging.accept(page)) {
            String state = flow.path("state").asText("");
            if (!state.startsWith("delete")) {
                documents.put(flow.path("id").asText(), flow);
                streaming.add(flow);
                flows.add(new Search.Hit(flow.path("id").asText(), flow.path("name").asText(), "", true, true, state,
                        flow.path("createdAt").asLong()));
            }
        }
        if (paging.problem().isPresent()) {
            throw PlatformException.unusable("GET", paging.problem().get());
        }
    }

    /** Which of them stream. */
    public Streaming getStreaming() {
        return streaming;
    }

    boolean has(String id) {
        return flows.stream().anyMatch(flow -> flow.id().equals(id));
    }

    /** Those of each name. */
    Collection<List<Search.Hit>> byName() {
        return flows.stream().collect(Collectors.groupingBy(Search.Hit::name)).values();
    }

    /**
     * As JSON: {@code [{id, name, state, streaming, replaced}]}, oldest first. The state is the Platform's, or {@code streaming}.
     *
     * @param current those that were not replaced
     */
    String report(Set<Search.Hit> current) {
        ArrayNode report = JsonNodeFactory.instance.arrayNode();
        for (Search.Hit flow : flows) {
            boolean streams = streaming.has(documents.get(flow.id()));
            ObjectNode entry = report.addObject().put("id", flow.id()).put("name", flow.name())
                    .put("state", streams && flow.state().equals(Flow.ENABLED) ? "streaming" : flow.state());
            if (streams) {
                entry.put("streaming", true);
            }
            if (!current.contains(flow)) {
                entry.put("replaced", true);
            }
        }
        return report.toString();
    }
}
