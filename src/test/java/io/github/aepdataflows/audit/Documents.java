package io.github.aepdataflows.audit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;

/** Flows, runs and pages as Flow Service lists them, in short form. */
final class Documents {

    static final Instant NOON = Instant.parse("2026-03-02T12:00:00Z");

    private static final ObjectMapper JSON = new ObjectMapper();

    private Documents() {
    }

    /** JSON in which single quotes may stand for double ones. */
    static JsonNode json(String text) {
        try {
            return JSON.readTree(text.replace('\'', '"'));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static ObjectNode object(String text) {
        return (ObjectNode) json(text);
    }

    /** An enabled flow that is to run every hour, on the hour, since midnight. */
    static ObjectNode hourly(String id) {
        return flow(id, "{'startTime': '%d', 'frequency': 'hour', 'interval': '1'}"
                .formatted(Instant.parse("2026-03-02T00:00:00Z").getEpochSecond()));
    }

    static ObjectNode flow(String id, String scheduleParams) {
        return object("{'id': '%s', 'name': 'Flow %s', 'state': 'enabled', 'scheduleParams': %s}".formatted(id, id, scheduleParams));
    }

    static ObjectNode run(String id, String createdAt, String status) {
        return run(id, createdAt, status, "{}");
    }

    /** @param createdAt an instant, in the record as epoch milliseconds */
    static ObjectNode run(String id, String createdAt, String status, String recordSummary) {
        return object("{'id': '%s', 'createdAt': %d, 'metrics': {'statusSummary': {'status': '%s'}, 'recordSummary': %s}}"
                .formatted(id, Instant.parse(createdAt).toEpochMilli(), status, recordSummary));
    }

    /** @param nextToken the continuation token in the link to the next page; empty on the last one */
    static JsonNode page(String nextToken, JsonNode... items) {
        ObjectNode page = JSON.createObjectNode();
        for (JsonNode item : items) {
            page.withArray("items").add(item);
        }
        page.withArray("items");
        ObjectNode links = page.putObject("_links");
        if (!nextToken.isEmpty()) {
            links.putObject("next").put("href", "/flows?continuationToken=" + nextToken);
        }
        return page;
    }
}
