package io.github.aepdataflows.export;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.aepdataflows.definition.AuthParams;
import io.github.aepdataflows.definition.Connector;
import io.github.aepdataflows.definition.Connectors;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/** A base connection as a definition describes it for another sandbox: its secrets by names, which nobody can read here. */
final class PortableConnection {

    private static final int LONGEST = 60;

    private PortableConnection() {
    }

    /**
     * {@code source.baseConnection}; its name alone where the Platform does not show how it authenticates itself.
     *
     * @param listed what connectors.yaml says of the connector
     * @param notes  to which what has to be known is added
     */
    static ObjectNode of(JsonNode connection, Optional<Connectors.Listed> listed, List<String> notes) {
        String name = connection.path("name").asText();
        ObjectNode text = JsonNodeFactory.instance.objectNode().put("name", name);
        JsonNode auth = connection.path("auth");
        if (!auth.path("specName").isTextual()) {
            notes.add("The Platform does not show how the base connection %s authenticates itself: it has to exist where this is applied."
                    .formatted(name));
            return text;
        }
        Texts.copy(connection, "description", text);
        ObjectNode params = text.putObject("auth").put("specName", auth.path("specName").asText()).putObject("params");
        auth.path("params").properties().stream().filter(param -> param.getValue().isValueNode() && !param.getValue().isNull())
                .forEach(param -> params.set(param.getKey(), isHidden(param.getKey(), param.getValue()) ? secret(name, param.getKey())
                        : param.getValue()));
        listed.stream().flatMap(one -> needed(one.connector(), auth.path("specName").asText()))
                .filter(param -> !params.has(param)).forEach(param -> params.set(param, secret(name, param)));
        List<String> names = params.findValuesAsText("secret");
        if (!names.isEmpty()) {
            notes.add("Secrets that have to be there where this is applied: %s.".formatted(String.join(", ", names)));
        }
        return text;
    }

    private static Stream<String> needed(Connector connector, String specName) {
        return connector.auth().stream().filter(known -> known.specName().equals(specName)).flatMap(known -> known.required().stream())
                .filter(AuthParams::isSecret);
    }

    /** Masked by the service, or a password, be it in an address. */
    private static boolean isHidden(String param, JsonNode value) {
        return AuthParams.isSecret(param) || value.asText().matches("\\*+|(?s).*://[^/]*:[^/]*@.*");
    }

    /** By the names of the connection and of the parameter, the same at each export. */
    private static ObjectNode secret(String connection, String param) {
        String word = connection.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "-").replaceAll("^-|-$", "");
        String start = word.isEmpty() ? "connection" : word.substring(0, Math.min(LONGEST, word.length()));
        return JsonNodeFactory.instance.objectNode().put("secret", start + "-" + param.replaceAll("[^A-Za-z0-9._-]+", "-"));
    }
}
