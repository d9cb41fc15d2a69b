package io.github.aepdataflows.bench.figures;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/** Sends calls that the application has sent once more, for a dataflow of another name, one after the other: no ledger, no checks. */
final class RawClient {

    private static final Set<String> HOP = Set.of("host", "content-length", "connection", "user-agent", "authorization", "accept-encoding",
            "transfer-encoding", "upgrade", "http2-settings");

    /** A flow may not start in the past. */
    private static final Pattern START = Pattern.compile("\"startTime\":\\d+");
    private static final long LATER = Instant.now().plus(Duration.ofDays(1)).getEpochSecond();

    private final HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final String url;
    private final String token;
    private final List<JsonNode> calls;
    private final String name;

    /** @param name what stands in those calls for the name of the dataflow */
    RawClient(String url, String token, List<JsonNode> calls, String name) {
        this.url = url;
        this.token = token;
        this.calls = calls;
        this.name = name;
    }

    /** @throws IllegalStateException when the Platform refuses one: then nothing was measured */
    void send(String otherName) throws IOException, InterruptedException {
        for (JsonNode call : calls) {
            String query = call.path("query").asText();
            HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(
                    (url + call.path("path").asText() + (query.isEmpty() ? "" : "?" + query)).replace(name, otherName)));
            for (Map.Entry<String, JsonNode> header : call.path("headers").properties()) {
                if (!HOP.contains(header.getKey())) {
                    request.header(header.getKey(), header.getValue().asText());
                }
            }
            String body = START.matcher(call.path("body").asText().replace(name, otherName)).replaceAll("\"startTime\":" + LATER);
            HttpResponse<String> answer = client.send(request.header("Authorization", "Bearer " + token)
                    .method(call.path("method").asText(), body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body)).build(),
                    BodyHandlers.ofString());
            if (answer.statusCode() != call.path("status").asInt()) {
                throw new IllegalStateException(request.build() + ": " + answer.statusCode() + " " + answer.body());
            }
        }
    }
}
