package io.github.aepdataflows.definition;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What a definition may say of its base connection, by what {@code connectors.yaml} knows of the ways to authenticate it (Flow
 * Service, {@code POST /connections}). No message repeats a value: it may be a secret in the wrong place.
 */
final class BaseConnectionRules {

    private static final String AUTH = "source.baseConnection.auth";

    private final Document document;
    private final Connector connector;
    private final List<Fault> faults;

    /** @param faults to which those that are found are added */
    BaseConnectionRules(Document document, Connector connector, List<Fault> faults) {
        this.document = document;
        this.connector = connector;
        this.faults = faults;
    }

    void check(JsonNode connection) {
        if (!connection.isObject()) {
            return;
        }
        JsonNode auth = connection.path("auth");
        if (connection.has("id") && connection.size() > 1) {
            add("source.baseConnection", "an existing base connection is named by its id alone, or by its name alone");
        } else if (!connection.has("id") && !connection.has("name")) {
            add("source.baseConnection", "give its id, or its name; a new one has a name and auth");
        } else if (connection.has("description") && !connection.has("auth")) {
            add("source.baseConnection.description", "belongs to a new base connection, which has auth, too; leave it out");
        }
        literalSecrets(auth.path("params"));
        if (!connector.auth().isEmpty() && auth.path("specName").isTextual()) {
            known(auth.path("specName").asText(), auth.path("params"));
        }
    }

    private void literalSecrets(JsonNode params) {
        params.properties().forEach(param -> {
            if (AuthParams.isSecret(param.getKey()) && !param.getValue().isObject()) {
                add(AUTH + ".params." + param.getKey(),
                        "is a secret, which has no place in a definition; write { secret: its-name } "
                                + "and give it that name where secrets are kept");
            }
        });
    }

    private void known(String specName, JsonNode params) {
        List<String> specNames = connector.auth().stream().map(Connector.Auth::specName).toList();
        Optional<Connector.Auth> spec = connector.auth().stream().filter(known -> known.specName().equals(specName)).findFirst();
        if (spec.isEmpty()) {
            faults.add(at(AUTH + ".specName", "this connector has no such auth spec")
                    .withSuggestion(Nearest.to(specName, specNames)).withCode("1415-400"));
        } else if (params.isObject()) {
            List<String> names = Stream.concat(spec.get().required().stream(), spec.get().optional().stream()).toList();
            spec.get().required().stream().filter(name -> !params.has(name)).forEach(missing ->
                    faults.add(at(AUTH + ".params", "auth spec %s needs %s".formatted(specName, missing)).withCode("1304-400")));
            params.properties().stream().map(param -> param.getKey()).filter(name -> !names.contains(name)).forEach(stranger ->
                    faults.add(at(AUTH + ".params." + stranger, "auth spec %s has no such parameter".formatted(specName))
                            .withSuggestion(Nearest.to(stranger, names))));
        }
    }

    private void add(String path, String message) {
        faults.add(at(path, message));
    }

    private Fault at(String path, String message) {
        return new Fault(path, document.line(path), message);
    }
}
