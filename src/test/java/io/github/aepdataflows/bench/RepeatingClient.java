package io.github.aepdataflows.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.github.aepdataflows.Rig;
import io.github.aepdataflows.definition.Connectors;
import io.github.aepdataflows.definition.Definition;
import io.github.aepdataflows.definition.DefinitionReader;
import io.github.aepdataflows.resource.Inputs;
import io.github.aepdataflows.resource.Kind;
import io.github.aepdataflows.resource.Kinds;
import io.github.aepdataflows.resource.XdmNames;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.hc.client5.http.classic.methods.HttpGet;
import org.apache.hc.client5.http.classic.methods.HttpPost;
import org.apache.hc.client5.http.classic.methods.HttpUriRequestBase;
import org.apache.hc.client5.http.entity.UrlEncodedFormEntity;
import org.apache.hc.client5.http.impl.DefaultHttpRequestRetryStrategy;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClients;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.io.entity.EntityUtils;
import org.apache.hc.core5.http.io.entity.StringEntity;
import org.apache.hc.core5.http.message.BasicNameValuePair;
import org.apache.hc.core5.util.TimeValue;

/**
 * The tutorial's chain (current form) as it is often written: call by call, with the HTTP library's own retries switched on
 * for the usual statuses, whatever the method. It sends the same bodies as the product.
 */
final class RepeatingClient implements AutoCloseable {

    private final Rig rig;
    private final DefinitionReader reader;
    private final CloseableHttpClient http = HttpClients.custom().setRetryStrategy(new Repeat()).build();
    private final String token;

    /** The library's own strategy, for the statuses that retry adapters are usually given. */
    private static final class Repeat extends DefaultHttpRequestRetryStrategy {
        Repeat() {
            super(3, TimeValue.ofMilliseconds(5), List.of(), List.of(429, 500, 502, 503, 504));
        }
    }

    RepeatingClient(Rig rig) throws IOException {
        this.rig = rig;
        try (InputStream schema = Files.newInputStream(Path.of("config/dataflow.schema.json"));
                InputStream connectors = Files.newInputStream(Path.of("config/connectors.yaml"))) {
            this.reader = new DefinitionReader(schema, Connectors.read(connectors), Rig.SANDBOX, Clock.systemUTC());
        }
        HttpPost request = new HttpPost(rig.simulator().tokenUrl());
        request.setEntity(new UrlEncodedFormEntity(List.of(
                new BasicNameValuePair("grant_type", "client_credentials"),
                new BasicNameValuePair("client_id", rig.settings().clientId()),
                new BasicNameValuePair("client_secret", rig.settings().clientSecret()),
                new BasicNameValuePair("scope", rig.settings().scope()))));
        this.token = Rig.json(http.execute(request, answer -> EntityUtils.toString(answer.getEntity()))).path("access_token").asText();
    }

    /** Whether the chain came to its end. */
    boolean provision(String text) {
        try {
            Definition definition = reader.read(text.getBytes(StandardCharsets.UTF_8), (name, digest) -> false);
            Map<Kind, String> ids = new HashMap<>(Map.of(Kinds.BASE_CONNECTION, definition.source().baseConnection().id().orElseThrow()));
            JsonNode flowSpec = send(new HttpGet(url("flowservice/flowSpecs?property=name==%22" + definition.source().flowSpec() + "%22")))
                    .at("/items/0");
            int version = 0;
            for (Kind kind : Kinds.ALL) {
                if (kind.isDescribedBy(definition)) {
                    JsonNode answer = post(kind.collection(), kind.requests(new Inputs(definition, ids, Optional.of(version), flowSpec,
                            MissingNode.getInstance(), XdmNames.NONE, Instant.now().getEpochSecond() + 60)).get(0));
                    ids.put(kind, kind.createdId(answer).orElseThrow());
                    version = kind == Kinds.MAPPING_SET ? answer.path("version").asInt() : version;
                }
            }
            return true;
        } catch (IOException e) {
            return false;
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private JsonNode post(String path, JsonNode body) throws IOException {
        HttpPost request = new HttpPost(url(path));
        request.setEntity(new StringEntity(body.toString(), ContentType.APPLICATION_JSON));
        return send(request);
    }

    private JsonNode send(HttpUriRequestBase request) throws IOException {
        request.setHeader("Authorization", "Bearer " + token);
        request.setHeader("x-api-key", rig.settings().clientId());
        request.setHeader("x-gw-ims-org-id", rig.settings().orgId());
        request.setHeader("x-sandbox-name", Rig.SANDBOX);
        return http.execute(request, answer -> {
            String body = EntityUtils.toString(answer.getEntity());
            if (answer.getCode() >= 300) {
                throw new IOException(answer.getCode() + " " + body);
            }
            return Rig.json(body);
        });
    }

    private String url(String path) {
        return rig.simulator().url() + "/data/foundation/" + path;
    }

    @Override
    public void close() throws IOException {
        http.close();
    }
}
