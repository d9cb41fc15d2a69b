package io.github.aepdataflows.simulator;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Clock;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** IMS: OAuth Server-to-Server tokens. A new token does not revoke the earlier ones. Lifetime in seconds on the wire. */
final class Tokens {

    static final String PATH = "/ims/token/v3";

    private record Token(Instant expires, int requestsLeft) {
    }

    private final Options options;
    private final Clock clock;
    private final Map<String, Token> live = new HashMap<>();
    private int requests;

    Tokens(Options options, Clock clock) {
        this.options = options;
        this.clock = clock;
    }

    synchronized Answer answer(Request request) {
        requests++;
        String mediaType = request.header("content-type").orElse("").split(";")[0].trim();
        if (!request.method().equals("POST") || !mediaType.equals("application/x-www-form-urlencoded")) {
            return error("invalid_request", "POST a form");
        }
        // IMS takes the parameters from the query as well as from the body
        Query form = Query.parse(request.query() + "&" + request.text());
        if (!form.first("grant_type").orElse("").equals("client_credentials")) {
            return error("unsupported_grant_type", "unsupported grant_type");
        }
        if (!form.first("client_id").orElse("").equals(options.clientId())) {
            return error("invalid_client", "invalid client_id parameter");
        }
        if (!form.first("client_secret").orElse("").equals(options.clientSecret())) {
            return error("invalid_client", "invalid client_secret parameter");
        }
        if (!granted(form.first("scope").orElse(""))) {
            return error("invalid_scope", "the scope is empty or not granted to this client");
        }
        String token = "sim." + UUID.randomUUID() + "." + UUID.randomUUID();
        int uses = options.tokenRequests() > 0 ? options.tokenRequests() : Integer.MAX_VALUE;
        live.put(token, new Token(clock.instant().plus(options.tokenLifetime()), uses));
        ObjectNode body = Json.object().put("access_token", token).put("token_type", "bearer");
        return Answer.json(200, body.put("expires_in", options.tokenLifetime().toSeconds()));
    }

    /** Counts one use of a token; false if it is unknown, expired, revoked or used up. */
    synchronized boolean use(String token) {
        Token known = live.get(token);
        if (known == null || known.requestsLeft() == 0 || !clock.instant().isBefore(known.expires())) {
            return false;
        }
        live.put(token, new Token(known.expires(), known.requestsLeft() - 1));
        return true;
    }

    synchronized void revokeAll() {
        live.clear();
    }

    synchronized int requests() {
        return requests;
    }

    private boolean granted(String scope) {
        List<String> asked = scopes(scope);
        return !asked.isEmpty() && scopes(options.scope()).containsAll(asked);
    }

    private static List<String> scopes(String scope) {
        return Arrays.stream(scope.split("[,\\s]+")).filter(name -> !name.isEmpty()).toList();
    }

    private static Answer error(String error, String description) {
        return Answer.json(400, Json.object().put("error", error).put("error_description", description));
    }
}
