package io.github.aepdataflows.simulator;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;

/**
 * {@code /simulator/}: clock, faults and request log for people who drive a stand-alone simulator by curl. No credentials are
 * asked for, and none are shown. Nothing here is logged as a request or goes wrong on purpose.
 */
final class Control implements HttpHandler {

    private final Simulator simulator;

    Control(Simulator simulator) {
        this.simulator = simulator;
    }

    @Override
    public void handle(HttpExchange exchange) throws IOException {
        byte[] body = exchange.getRequestBody().readAllBytes();
        Answer answer;
        try {
            answer = switch (exchange.getRequestMethod() + " " + exchange.getRequestURI().getPath()) {
                case "GET /simulator/requests" -> Answer.json(200, requests());
                case "POST /simulator/clock" -> Answer.json(200, moveClock(Json.MAPPER.readTree(body)));
                case "POST /simulator/faults" -> addFault(Json.MAPPER.readTree(body));
                case "DELETE /simulator/faults" -> {
                    simulator.faults().clear();
                    yield Answer.noContent();
                }
                default -> Refusal.document(404, "GET requests, POST clock, POST faults or DELETE faults").answer();
            };
        } catch (IOException | RuntimeException e) {
            answer = Refusal.document(400, String.valueOf(e.getMessage())).answer();
        }
        Delivery.send(exchange, answer);
    }

    private ArrayNode requests() {
        ArrayNode all = Json.array();
        for (Request request : simulator.requests().all()) {
            boolean secret = request.path().equals(Tokens.PATH);
            ObjectNode entry = all.addObject().put("sequence", request.sequence()).put("instant", request.instant().toString())
                .put("method", request.method()).put("path", request.path()).put("query", secret ? "" : request.query());
            ObjectNode headers = entry.putObject("headers");
            request.headers().forEach((name, values) ->
                headers.put(name, name.equals("authorization") ? "*****" : String.join(", ", values)));
            entry.put("body", secret ? "*****" : request.text()).put("status", request.status());
        }
        return all;
    }

    /** {@code {"advance":"PT1H"}} or {@code {"set":"2030-01-01T00:00:00Z"}}. */
    private ObjectNode moveClock(JsonNode body) {
        if (body.has("set")) {
            simulator.clock().set(Instant.parse(body.path("set").asText()));
        } else {
            simulator.clock().advance(Duration.parse(body.path("advance").asText()));
        }
        return Json.object().put("instant", simulator.clock().instant().toString());
    }

    /** {@code {"method":"POST","path":"/flows","attempt":1,"status":503,"afterCommit":true}}; no status means a reset. */
    private Answer addFault(JsonNode body) {
        Fault fault = body.has("status") ? Fault.status(body.path("status").asInt()) : Fault.reset();
        simulator.faults().on(body.path("method").asText(), body.path("path").asText(), body.path("attempt").asInt(1),
            body.path("afterCommit").asBoolean() ? fault.afterCommit() : fault);
        return Answer.json(201, body);
    }
}
