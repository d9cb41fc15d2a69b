package io.github.aepdataflows.export;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.github.aepdataflows.platform.PlatformException;
import io.github.aepdataflows.resource.Kinds;
import io.github.aepdataflows.resource.Lookup;
import io.github.aepdataflows.resource.Paging;
import io.github.aepdataflows.resource.Service;

/** The source dataflows of the sandbox, page by page. Lives in the exchange variable {@code aepFlowList}. */
public final class FlowList {

    private final Paging paging = new Paging(Service.FLOW_SERVICE);
    private final ArrayNode flows = JsonNodeFactory.instance.arrayNode();

    public boolean isMore() {
        return paging.isMore();
    }

    public Lookup getPage() {
        return Kinds.FLOW.page(paging);
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
