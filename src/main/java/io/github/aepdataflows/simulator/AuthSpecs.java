package io.github.aepdataflows.simulator;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The ways to sign in to a source: how they are described, and what passes for credentials. */
final class AuthSpecs {

    private static final Pattern SECRET =
        Pattern.compile("(?i).*(password|passphrase|secret|token|key|connectionString|sasUri).*");

    private AuthSpecs() {
    }

    /** @param connectorAuth the ways as {@code connectors.json} lists them; a param that is no text has its type after a colon */
    static ArrayNode of(JsonNode connectorAuth) {
        ArrayNode authSpecs = Json.array();
        for (JsonNode auth : connectorAuth) {
            ObjectNode authSpec = authSpecs.addObject().put("name", auth.path("name").asText());
            ObjectNode schema = authSpec.putObject("spec").put("$schema", "http://json-schema.org/draft-07/schema#")
                .put("type", "object");
            ObjectNode properties = schema.putObject("properties");
            Stream.of("required", "optional").flatMap(list -> Json.stream(auth.path(list)))
                .forEach(param -> properties.set(name(param), param(param.asText())));
            ArrayNode required = schema.putArray("required");
            auth.path("required").forEach(param -> required.add(name(param)));
        }
        return authSpecs;
    }

    private static String name(JsonNode param) {
        return param.asText().replaceFirst(":.*", "");
    }

    private static ObjectNode param(String nameAndType) {
        int colon = nameAndType.indexOf(':');
        ObjectNode param = Json.object().put("type", colon < 0 ? "string" : nameAndType.substring(colon + 1));
        return isSecret(nameAndType) ? param.put("format", "password") : param;
    }

    /** Whether an auth parameter is not for everybody's eyes. */
    static boolean isSecret(String authParam) {
        return SECRET.matcher(authParam).matches();
    }

    /** Checks the credentials of a base connection. */
    static void check(JsonNode authSpecs, JsonNode auth) {
        if (authSpecs.isEmpty()) {
            return;
        }
        String specName = auth.path("specName").asText();
        JsonNode authSpec = Json.stream(authSpecs).filter(spec -> spec.path("name").asText().equals(specName)).findFirst()
            .orElseThrow(() -> Refusal.flow("1415-400", "Unknown auth spec name: " + specName));
        JsonNode params = auth.path("params");
        checkTypes(params);
        for (JsonNode required : Json.at(authSpec, "spec.required")) {
            if (Json.text(params, required.asText()).isEmpty()) {
                throw Refusal.flow("1304-400", "auth.params." + required.asText() + " is missing");
            }
        }
        // the source itself is asked at this point, and it knows nobody of that name, password or key
        if (Json.stream(params).anyMatch(value -> value.asText().equals("wrong"))) {
            throw Refusal.flow("1308-400", "The source refuses the credentials");
        }
    }

    static void checkTypes(JsonNode params) {
        params.properties().forEach(param -> {
            if (!param.getValue().isValueNode() || param.getValue().isNull()) {
                throw Refusal.flow("1304-400", "auth.params." + param.getKey() + " is not a text, a number or a boolean");
            }
        });
    }

    /** Whether the source would accept them. */
    static boolean pass(JsonNode authSpecs, JsonNode auth) {
        try {
            check(authSpecs, auth);
            return true;
        } catch (Refusal e) {
            return false;
        }
    }

    /** Credentials that pass for good, by the first way, if there is one. */
    static Optional<ObjectNode> sample(JsonNode authSpecs) {
        return Json.stream(authSpecs).findFirst().map(authSpec -> {
            ObjectNode auth = Json.object().put("specName", authSpec.path("name").asText());
            ObjectNode params = auth.putObject("params");
            Json.at(authSpec, "spec.required").forEach(param -> params.put(param.asText(), "simulator"));
            return auth;
        });
    }
}
