package io.github.aepdataflows.export;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.github.aepdataflows.platform.Paging;
import io.github.aepdataflows.platform.PlatformException;

/** The source dataflows of the sandbox, page by page. Lives in the exchange variable {@code aepFlowsFound}. */
public final class FlowList {

    private final Paging paging;
    private final ArrayNode flows = JsonNodeFactory.instance.arrayNode();

    FlowList(Paging paging) {
        this.paging = paging;
    }

    public boolean isMore() {
        return paging.isMore();
    }

    /** Null for the first page. */
    public String getToken() {
        return paging.getToken();
    }

    void add(JsonNode page) throws PlatformException {
        for (JsonNode flow : paging.accept(page)) {
            if (!flow.path("state").asText().startsWith("delete")) {
                flows.addObject().put("id", flow.path("id").asText()).put("name", flow.path("name").asText());
            }
        }
        if (paging.problem().isPresent()) {
            throw PlatformException.unusable("GET", paging.problem().get());
        }
    }

    /** As JSON: {@code [{id, name}]}, oldest first. */
    String report() {
        return flows.toString();
    }
}
