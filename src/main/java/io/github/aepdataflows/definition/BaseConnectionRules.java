package io.github.aepdataflows.definition;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;

/**
 * What a definition may say of its base connection (Flow Service, {@code POST /connections}). Which auth specs and params there are
 * is the Platform's to say, in the connection spec. No message repeats a value: it may be a secret in the wrong place.
 */
final class BaseConnectionRules {

    private static final String AUTH = "source.baseConnection.auth";

    private final Document document;
    private final List<Fault> faults;

    /** @param faults to which those that are found are added */
    BaseConnectionRules(Document document, List<Fault> faults) {
        this.document = document;
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

    private void add(String path, String message) {
        faults.add(new Fault(path, document.line(path), message));
    }
}
