package io.github.aepdataflows.platform;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.aepdataflows.resource.Service;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.hc.core5.http.ClassicHttpRequest;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.HttpEntity;
import org.apache.hc.core5.http.io.entity.ByteArrayEntity;
import org.apache.hc.core5.http.io.entity.EntityUtils;

/**
 * The secrets of one create or update of a base connection: put into its body when that is sent, taken out of whatever is answered.
 * Lives as long as the call.
 */
final class SecretsInBody {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String CONNECTIONS = "/data/foundation/flowservice/connections";

    private final List<String> forms;

    private SecretsInBody(List<String> values) {
        this.forms = values.stream().flatMap(SecretsInBody::forms).distinct()
                .sorted(Comparator.comparingInt(String::length).reversed()).toList();   // one may begin as another does
    }

    /**
     * Puts a secret in the place of each {@code {"secret": "its-name"}} among the {@code auth.params} of a create of a base
     * connection, or of an update that replaces them. Changes no other request.
     *
     * @throws PlatformException NOT_SENT when there is no secret of a name
     */
    static SecretsInBody inject(ClassicHttpRequest request, String call, Secrets secrets) throws IOException {
        HttpEntity entity = request.getEntity();
        boolean creates = request.getMethod().equals("POST") && request.getPath().endsWith(CONNECTIONS);
        boolean updates = request.getMethod().equals("PATCH") && request.getPath().matches(".*" + CONNECTIONS + "/[^/?]+");
        if (!creates && !updates || entity == null) {
            return new SecretsInBody(List.of());
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
                    values.put(param.getKey(), value(name.asText(), call, secrets));
                }
            }
            values.forEach(params::put);
        }
        request.setEntity(new ByteArrayEntity(values.isEmpty() ? sent : JSON.writeValueAsBytes(body),
                ContentType.parseLenient(entity.getContentType())));
        return new SecretsInBody(List.copyOf(values.values()));
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

    /** The text without them, as they are and as URLs and JSON, once or in a text within JSON, write them. */
    String redact(String text) {
        String rest = text;
        for (String form : forms) {
            rest = rest.replace(form, "***");
        }
        return rest;
    }

    /** Of the answer to a create with secrets only its id and etag stay: it may repeat all that was sent. */
    void redact(ClassicHttpResponse answer) throws IOException {
        if (forms.isEmpty()) {
            return;
        }
        JsonNode made = json(EntityUtils.toByteArray(answer.getEntity()));
        ObjectNode rest = JsonNodeFactory.instance.objectNode();
        if (Service.FLOW_SERVICE.isId(made.path("id").asText())) {
            rest.set("id", made.path("id"));   // as it is: a short secret can be a part of it by chance
        }
        rest.put("etag", redact(made.path("etag").asText()));
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

    private static Stream<String> forms(String secret) {
        String url = URLEncoder.encode(secret, StandardCharsets.UTF_8);
        String json = quoted(secret);
        return Stream.of(secret, url, url.replace("+", "%20"), json, quoted(json));
    }

    private static String quoted(String text) {
        return new String(JsonStringEncoder.getInstance().quoteAsString(text));
    }
}
