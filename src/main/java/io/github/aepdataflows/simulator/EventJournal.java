package io.github.aepdataflows.simulator;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The journal of I/O Events for flow runs of all sandboxes, as documented in "Journaling API": a page of events after a position, the way
 * to the next one in the header {@code Link}, and 204 at the end. Has headers of its own: {@code x-ims-org-id} in place of the gateway's.
 */
final class EventJournal {

    /** The journal URL; links to further pages have a segment before it. */
    static final String PATH = "/organizations/1001/integrations/2002/5f8a41be-1b4f-4d2a-9a1f-0c9c6d3be111";
    private static final String LINKED = "/events" + PATH;
    private static final Set<String> PARAMETERS = Set.of("since", "limit", "latest");
    private static final Pattern POSITION = Pattern.compile("penguin:([0-9]{1,9})\\.moose:[0-9a-f]{8}");
    private static final int MOST = 100;
    private static final int PAUSE_SECONDS = 10;

    private final Options options;
    private final Tokens tokens;
    private final RunGenerator runs;
    private final Store store;

    EventJournal(Options options, Tokens tokens, RunGenerator runs, Store store) {
        this.options = options;
        this.tokens = tokens;
        this.runs = runs;
        this.store = store;
    }

    static boolean isAt(String path) {
        return path.equals(PATH) || path.equals(LINKED);
    }

    Answer answer(Request request) {
        checkCaller(request);
        if (!request.method().equals("GET")) {
            throw Refusal.document(405, "Method not allowed");
        }
        Query query = Query.parse(request.query());
        if (!PARAMETERS.containsAll(query.names()) || query.first("latest").isPresent() && query.first("since").isPresent()) {
            throw Refusal.document(400, "Unknown parameter, or latest together with since");
        }
        int limit = query.first("limit").map(EventJournal::limit).orElse(MOST);
        List<RunGenerator.Ended> all = runs.ended();
        int from = query.first("latest").isPresent() ? Math.max(0, all.size() - 1) : query.first("since").map(this::index).orElse(0);
        int to = Math.min(all.size(), from + limit);
        if (from >= to) {
            return new Answer(204, Map.of("Link", link(from), "Retry-After", String.valueOf(PAUSE_SECONDS)), "application/json",
                new byte[0]);
        }
        ObjectNode page = Json.object();
        ArrayNode events = page.putArray("events");
        for (int i = from; i < to; i++) {
            int position = i + 1;
            store.resource(all.get(i).sandbox(), "runs", all.get(i).runId()).ifPresent(run -> events.addObject()
                .put("position", position(position)).set("event", run.at("/metrics/statusSummary/status").asText().equals("failed")
                    ? failure(run) : success(run)));
        }
        page.putObject("_page").put("last", position(to)).put("count", events.size());
        return Answer.json(200, page).with(Map.of("Link", link(to)));
    }

    private void checkCaller(Request request) {
        if (!request.header("x-api-key").equals(Optional.of(options.clientId()))) {
            throw Refusal.gateway("403000", "Api Key is required");
        }
        String authorization = request.header("authorization").orElse("");
        if (!authorization.startsWith("Bearer ") || !tokens.use(authorization.substring("Bearer ".length()))) {
            throw Refusal.gateway("401013", "Oauth token is not valid");
        }
        if (!request.header("x-ims-org-id").equals(Optional.of(options.orgId()))) {
            throw Refusal.gateway("403025", "Profile is not valid");
        }
    }

    private static int limit(String text) {
        if (!text.matches("[1-9][0-9]{0,3}")) {
            throw Refusal.document(400, "limit is no positive number");
        }
        return Math.min(MOST, Integer.parseInt(text));
    }

    private int index(String since) {
        Matcher position = POSITION.matcher(since);
        if (!position.matches() || Integer.parseInt(position.group(1)) > runs.ended().size()) {
            throw Refusal.document(400, "since is no position of this journal");
        }
        return Integer.parseInt(position.group(1));
    }

    /** Nobody is to make something of it. */
    private static String position(int index) {
        return "penguin:%d.moose:%08x".formatted(index, index * 2654435761L & 0xffffffffL);
    }

    private static String link(int index) {
        return "<%s?since=%s&limit=%d>; rel=\"next\"".formatted(LINKED, position(index), MOST);
    }

    private ObjectNode success(ObjectNode run) {
        ObjectNode event = Json.object().put("event_id", "e-" + run.path("id").asText());
        ObjectNode content = event.putObject("event");
        content.setAll(run);
        content.putObject("header").putObject("_adobeio").put("imsOrgId", options.orgId())
            .put("providerMetadata", "aep_observability_catalog_events").put("eventCode", "sources_flow_run_success");
        return event;
    }

    private static ArrayNode failure(ObjectNode run) {
        ArrayNode event = Json.MAPPER.createArrayNode();
        ObjectNode message = event.addObject().putArray("messages").addObject().put("msgType", "eventNotification")
            .put("provider", "FlowService");
        message.putObject("_eventNotificationMeta").put("type", "sources_flow_run_failed");
        message.set("value", run);
        return event;
    }
}
