package io.github.aepdataflows.audit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.aepdataflows.resource.Streaming;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Set;

/** A flow as Flow Service lists it, with what it is judged by, as short as can be: there may be very many. */
final class ListedFlow {

    static final String LAST_RUN = "lastRunDetails";

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Set<String> JUDGED_BY = Set.of("id", "name", "state", "createdAt", "scheduleParams", LAST_RUN);
    private static final Set<String> STREAMING_JUDGED_BY = Set.of("id", "name", "state", "createdAt", "flowSpec", "scheduleParams",
            "lastOperation", LAST_RUN);

    private final String id;
    private final String name;
    private final byte[] json;

    private ListedFlow(String id, String name, byte[] json) {
        this.id = id;
        this.name = name;
        this.json = json;
    }

    static ListedFlow of(JsonNode flow) {
        ObjectNode kept = JSON.createObjectNode();
        (Streaming.mayStream(flow) ? STREAMING_JUDGED_BY : JUDGED_BY).stream().filter(flow::has)
                .forEach(field -> kept.set(field, flow.get(field)));
        try {
            return new ListedFlow(flow.path("id").asText(), flow.path("name").asText(), JSON.writeValueAsBytes(kept));
        } catch (IOException e) {
            throw new UncheckedIOException(e);   // a tree can be written
        }
    }

    String id() {
        return id;
    }

    String name() {
        return name;
    }

    JsonNode document() {
        try {
            return JSON.readTree(json);
        } catch (IOException e) {
            throw new UncheckedIOException(e);   // what was written above can be read
        }
    }
}
