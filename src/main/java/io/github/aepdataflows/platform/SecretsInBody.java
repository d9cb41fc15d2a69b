package io.github.aepdataflows.platform;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.aepdataflows.definition.AuthParams;
import io.github.aepdataflows.definition.SecretRules;
import io.github.aepdataflows.resource.Service;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.hc.core5.http.ClassicHttpRequest;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.HttpEntity;
import org.apache.hc.core5.http.io.entity.ByteArrayEntity;
import org.apache.hc.core5.http.io.entity.EntityUtils;

/** The secrets of one create or update of a base connection: put into its body when that is sent, taken out of whatever is answered. */
final class SecretsInBody {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String CONNECTIONS = "/data/foundation/flowservice/connections";

    private final Redaction redaction;
    private final boolean hasSecrets;

    private SecretsInBody(Redaction redaction, boolean hasSecrets) {
        this.redaction = redaction;
        this.hasSecrets = hasSecrets;
    }

    /**
     * Puts a secret in the place of each {@code {"secret": "its-name"}} among the {@code auth.params} of a create of a base
     * connection, or of an update that replaces them. Changes no other request.
     *
     * @throws PlatformException NOT_SENT when there is no secret of a name, or it must not be sent there
     */
    static SecretsInBody inject(ClassicHttpRequest request, String call, Secrets secrets, SecretRules rules, Redaction redaction)
            throws IOException {
        HttpEntity entity = request.getEntity();
        boolean creates = request.getMethod().equals("POST") && request.getPath().endsWith(CONNECTIONS);
        boolean updates = request.getMethod().equals("PATCH") && request.getPath().matches(".*" + CONNECTIONS + "/[^/?]+");
        if (!creates && !updates || entity == null) {
            return new SecretsInBody(redaction, false);
        }
        byte[] sent = EntityUtils.toByteArray(entity);
        JsonNode body = json(sent);
        Map<String, String> values = new TreeMap<>();
        JsonNode place = creates ? body.at("/auth/params")
                : body.path(0).path("path").asText().equals("/auth/params") ? body.path(0).path("value") : MissingNode.getInstance();
        if (place instanceof ObjectNode params) {
            for (Map.Entry<String, JsonNode> param : params.properties()) {
                JsonNode name = param.getValue().path("secret");
                if (name.isTextual()) {
                    // an update has no other word of it
                    String spec = creates ? body.at("/connectionSpec/id").asText() : param.getValue().path("connectionSpecId").asText();
                    Optional<String> objection = rules.objection(name.asText(), spec, params);
                    if (objection.isPresent()) {
                        throw PlatformException.withoutSecret(call, "not sent: " + objection.get());
                    }
                    values.put(param.getKey(), value(name.asText(), call, secrets));
                }
            }
            values.forEach((param, value) -> redaction.learn(value, AuthParams.isSecret(param)));
            values.forEach(params::put);
        }
        request.setEntity(new ByteArrayEntity(values.isEmpty() ? sent : JSON.writeValueAsBytes(body),
                ContentType.parseLenient(entity.getContentType())));
        return new SecretsInBody(redaction, !values.isEmpty());
    }

    private static String value(String name, String call, Secrets secrets) throws PlatformException {
        Optional<String> secret;
        try {
            secret = secrets.find(name);
        } catch (RuntimeException e) {   // a keeper of a host's own; its words may say too much
            throw PlatformException.withoutSecret(call, "not sent: the secret %s cannot be had (%s)".formatted(name, e.getClass()
            .getName()));
        }
        return secret.filter(value -> !value.isEmpty()).orElseThrow(() -> PlatformException.withoutSecret(call,
                "not sent: there is no secret %s; it is looked for as %s".formatted(name, secrets.places(name))));
    }

    /** Of the answer to a create with secrets only its id and etag stay: it may repeat all that was sent. */
    void redact(ClassicHttpResponse answer) throws IOException {
        byte[] body = EntityUtils.toByteArray(answer.getEntity());
        if (!hasSecrets) {
            answer.setEntity(new ByteArrayEntity(redaction.inSuccess(body), ContentType.APPLICATION_JSON));
            return;
        }
        JsonNode made = json(body);
        ObjectNode rest = JsonNodeFactory.instance.objectNode();
        if (Service.FLOW_SERVICE.isId(made.path("id").asText())) {
            rest.set("id", made.path("id"));   // as it is: a short secret can be a part of it by chance
        }
        rest.put("etag", redaction.in(made.path("etag").asText()));
        answer.setEntity(new ByteArrayEntity(JSON.writeValueAsBytes(rest), ContentType.APPLICATION_JSON));
    }

    /** What is no JSON has no field, either. */
    private static JsonNode json(byte[] text) {
        try {
            return JSON.readTree(text);
        } catch (IOException e) {
            return MissingNode.getInstance();
        }
    }
}
