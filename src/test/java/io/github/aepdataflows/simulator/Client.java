package io.github.aepdataflows.simulator;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A caller with valid credentials, over real HTTP. Headers can be replaced, or left out by an empty value. */
record Client(Simulator simulator, Map<String, String> headers) {

    static final String FLOW_SERVICE = "/data/foundation/flowservice";
    static final String REGISTRY = "/data/foundation/schemaregistry";
    static final String CATALOG = "/data/foundation/catalog";
    static final String CONVERSION = "/data/foundation/conversion";

    private static final HttpClient HTTP = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    record Reply(int status, String text, Optional<String> requestId, Map<String, List<String>> headers) {

        JsonNode json() {
            try {
                return Json.MAPPER.readTree(text);
            } catch (IOException e) {
                throw new UncheckedIOException(text, e);
            }
        }

        String id() {
            return json().path("id").asText();
        }

        /** The one element of a look-up by id. */
        JsonNode item() {
            return json().path("items").path(0);
        }
    }

    static Client of(Simulator simulator) {
        Client anonymous = new Client(simulator, Map.of("x-api-key", "simulator", "x-sandbox-name", "prod",
            "x-gw-ims-org-id", "SIMULATOR000000000000000@AdobeOrg"));
        return anonymous.with("Authorization", "Bearer " + anonymous.token().json().path("access_token").asText());
    }

    Client with(String header, String value) {
        Map<String, String> changed = new LinkedHashMap<>(headers);
        changed.put(header, value);
        return new Client(simulator, changed);
    }

    Reply token() {
        return new Client(simulator, Map.of("Content-Type", "application/x-www-form-urlencoded")).send("POST", "/ims/token/v3",
            "grant_type=client_credentials&client_id=simulator&client_secret=s3cr%26t%2B100%25&scope=openid,session");
    }

    Reply get(String path) {
        return send("GET", path, "");
    }

    Reply post(String path, String body) {
        return withJson().send("POST", path, body);
    }

    Reply patch(String path, String etag, String body) {
        return withJson().with("If-Match", etag).send("PATCH", path, body);
    }

    Reply delete(String path) {
        return send("DELETE", path, "");
    }

    Client withJson() {
        return headers.containsKey("Content-Type") ? this : with("Content-Type", "application/json");
    }

    Reply send(String method, String path, String body) {
        URI uri = URI.create(simulator.url() + path.replace("\"", "%22").replace("<", "%3C").replace(">", "%3E"));
        HttpRequest.Builder request = HttpRequest.newBuilder(uri).method(method,
            body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body));
        headers.forEach((name, value) -> {
            if (!value.isEmpty()) {
                request.header(name, value);
            }
        });
        try {
            HttpResponse<String> response = HTTP.send(request.build(), BodyHandlers.ofString(StandardCharsets.UTF_8));
            return new Reply(response.statusCode(), response.body(), response.headers().firstValue("x-request-id"),
                response.headers().map());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
