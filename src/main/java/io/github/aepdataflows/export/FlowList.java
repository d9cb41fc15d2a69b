package io.github.aepdataflows.export;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.aepdataflows.platform.PlatformException;
import io.github.aepdataflows.platform.Reading;
import io.github.aepdataflows.resource.Flow;
import io.github.aepdataflows.resource.Kinds;
import io.github.aepdataflows.resource.Lookup;
import io.github.aepdataflows.resource.LookupResult;
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

/** The source dataflows of the sandbox, page by page. */
public final class FlowList implements Reading {

    private final Paging paging = new Paging(Service.FLOW_SERVICE);
    private final List<Search.Hit> flows = new ArrayList<>();
    private final Map<String, JsonNode> documents = new HashMap<>();
    private final Streaming streaming = new Streaming();

    private final boolean tellsStreaming;

    /** @param tellsStreaming whether the flow specs are read, too, of those that may stream */
    FlowList(boolean tellsStreaming) {
        this.tellsStreaming = tellsStreaming;
    }

    @Override
    public Lookup next() {
        return paging.isMore() ? Kinds.FLOW.page(paging) : tellsStreaming && streaming.isMore() ? streaming.getLookup() : null;
    }

    @Override
    public void accept(LookupResult result) throws PlatformException {
        if (paging.isMore()) {
            add(result.document());
        } else {
            streaming.accept(result);
        }
    }

    private void add(JsonNode page) throws PlatformException {
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

    boolean has(String id) {
        return flows.stream().anyMatch(flow -> flow.id().equals(id));
    }

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
