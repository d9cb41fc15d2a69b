package io.github.aepdataflows.provision;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.aepdataflows.Rig;
import io.github.aepdataflows.simulator.Options;
import io.github.aepdataflows.simulator.Simulator;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.Map;
import java.util.stream.Collectors;

/** Somebody else who works at the Platform, with a token of his own. */
public record Somebody(Simulator simulator) {

    /** @param path below {@code /data/foundation/} */
    public JsonNode sends(String method, String path, String body) throws Exception {
        return sends(method, path, body, "");
    }

    /** @param etag becomes {@code If-Match}; empty for none */
    public JsonNode sends(String method, String path, String body, String etag) throws Exception {
        HttpResponse<String> response = send(method, path, body, etag);
        assertThat(response.statusCode()).as(response::body).isBetween(200, 299);
        return response.body().isEmpty() ? Rig.JSON.createObjectNode() : Rig.json(response.body());
    }

    public HttpResponse<String> send(String method, String path, String body, String etag) throws Exception {
        Options options = simulator.options();
        HttpClient client = HttpClient.newHttpClient();
        String form = Map.of("grant_type", "client_credentials", "client_id", options.clientId(), "client_secret", options.clientSecret(),
                "scope",
                options.scope()).entrySet().stream().map(each -> each.getKey() + "=" + URLEncoder.encode(each.getValue(), UTF_8))
                .collect(Collectors.joining("&"));
        String token = Rig.json(client.send(HttpRequest.newBuilder(simulator.tokenUrl())
                .header("Content-Type", "application/x-www-form-urlencoded").POST(BodyPublishers.ofString(form)).build(),
                BodyHandlers.ofString())
                .body()).path("access_token").asText();
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(simulator.url() + "/data/foundation/" + path))
                .header("Authorization", "Bearer " + token).header("x-api-key", options.clientId())
                .header("x-gw-ims-org-id", options.orgId())
                .header("x-sandbox-name", Rig.SANDBOX).header("Content-Type", "application/json")
                .method(method, BodyPublishers.ofString(body));
        if (!etag.isEmpty()) {
            request.header("If-Match", etag);
        }
        return client.send(request.build(), BodyHandlers.ofString());
    }
}
