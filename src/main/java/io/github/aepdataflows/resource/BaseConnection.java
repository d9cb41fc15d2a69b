package io.github.aepdataflows.resource;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.aepdataflows.definition.AuthParams;
import io.github.aepdataflows.definition.Definition;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The authenticated base connection of the source (Flow Service, {@code /connections}). One that the definition describes is made where
 * there is none of that name, and serves all definitions that describe it the same way. One that the definition only names is no step of
 * the dataflow. The service hides secrets, so that two are told apart by what it shows.
 */
final class BaseConnection implements Kind {

    private static final String PARAMS = "auth.params.";

    @Override
    public String key() {
        return "base-connection";
    }

    @Override
    public Service service() {
        return Service.FLOW_SERVICE;
    }

    @Override
    public String collection() {
        return "flowservice/connections";
    }

    @Override
    public boolean isShared() {
        return true;
    }

    @Override
    public List<Kind> builtOn() {
        return List.of();
    }

    @Override
    public boolean isDescribedBy(Definition definition) {
        return definition.source().baseConnection().auth().isPresent();
    }

    /** A landing zone has none. */
    @Override
    public boolean isPartOf(FlowDocuments flow) {
        return !flow.get(Kinds.SOURCE_CONNECTION).path("baseConnectionId").asText().isEmpty();
    }

    @Override
    public String idIn(FlowDocuments flow) {
        return flow.get(Kinds.SOURCE_CONNECTION).path("baseConnectionId").asText();
    }

    /** Its secrets are named only; the HTTP client replaces the names. */
    @Override
    public List<ObjectNode> requests(Inputs inputs) {
        Definition.BaseConnection connection = inputs.definition().source().baseConnection();
        ObjectNode body = Json.object().put("name", connection.name());
        connection.description().ifPresent(text -> body.put("description", text));
        connection.auth().ifPresent(auth -> {
            ObjectNode sent = body.putObject("auth").put("specName", auth.specName());
            auth.type().ifPresent(type -> sent.put("type", type));
            sent.set("params", auth.params());
        });
        body.set("connectionSpec", Json.spec(inputs.definition().source().connectionSpecId()));
        return List.of(body);
    }

    @Override
    public String adviceOnConflict() {
        return "Nothing was touched. Name the right one by source.baseConnection.id, or by its name alone, without auth; or choose "
                + "another name. What was made from a definition is updated by it.";
    }

    @Override
    public List<Filter> filters(JsonNode resource) {
        return Filter.named(naturalKey(resource), "connectionSpec.id", resource.at("/connectionSpec/id").asText());
    }

    /** The service hides what is secret; and what the body only names may be anything. The description is nobody's concern. */
    @Override
    public JsonNode normalForm(JsonNode document) {
        ObjectNode form = Json.object().put("name", document.path("name").asText());
        form.putObject("connectionSpec").set("id", document.at("/connectionSpec/id"));
        if (document.path("auth").isObject()) {
            ObjectNode auth = form.putObject("auth");
            auth.set("specName", document.at("/auth/specName"));
            ObjectNode params = auth.putObject("params");
            document.at("/auth/params").properties().stream()
                    .filter(param -> param.getValue().isValueNode() && !AuthParams.isSecret(param.getKey()))
                    .forEach(param -> params.set(param.getKey(), param.getValue()));
        }
        return form;
    }

    /** A service that shows no parameters at all says nothing about them. */
    @Override
    public List<Difference> differences(JsonNode request, JsonNode actual) {
        return Kind.super.differences(request, actual).stream()
                .filter(difference -> !difference.path().startsWith(PARAMS) || !actual.at("/auth/params").isEmpty()).toList();
    }

    @Override
    public boolean isMeantBy(JsonNode request, JsonNode actual) {
        return differences(request, actual).stream().allMatch(difference -> difference.path().startsWith(PARAMS));
    }

    @Override
    public Map<String, String> secrets(JsonNode request) {
        Map<String, String> secrets = new TreeMap<>();
        request.at("/auth/params").properties().stream().filter(param -> param.getValue().path("secret").isTextual())
                .forEach(param -> secrets.put(PARAMS + param.getKey(), param.getValue().path("secret").asText()));
        return secrets;
    }

    @Override
    public Verdict verdict(Difference difference, JsonNode actual, Instant now) {
        if (difference.path().startsWith(PARAMS)) {
            return Verdict.UPDATE;
        }
        return Verdict.impossible(difference.path().equals("auth.specName")
                ? "the auth spec of a base connection is fixed (source pages of the Platform); describe a new one under another name"
                : "this of a base connection cannot be changed; describe a new one under another name");
    }

    @Override
    public Optional<Update> update() {
        return Optional.of(Update.PATCH);
    }

    /** All parameters, secrets too: the Platform replaces them, and merges nothing. With the name of a secret goes where it is sent. */
    @Override
    public JsonNode patch(List<Difference> differences, JsonNode request, JsonNode actual) {
        JsonNode params = CarryOver.of(this, (ObjectNode) request, actual).request().at("/auth/params");
        params.forEach(param -> {
            if (param instanceof ObjectNode reference && reference.path("secret").isTextual()) {
                reference.set("connectionSpecId", actual.at("/connectionSpec/id"));
            }
        });
        return JsonNodeFactory.instance.arrayNode().add(Patch.operation("replace", "/auth/params", params));
    }

    @Override
    public boolean isUpdatedAsAWhole() {
        return true;
    }

    @Override
    public boolean refusesLoss() {
        return true;
    }

    /** What is hidden cannot be sent again. */
    @Override
    public CarryOver.Fate fate(String path, JsonNode request, JsonNode actual) {
        return !path.startsWith(PARAMS) ? CarryOver.Fate.GOVERNED
                : AuthParams.isSecret(path.substring(PARAMS.length())) ? CarryOver.Fate.LOST : CarryOver.Fate.CARRIED;
    }

    @Override
    public boolean isDeletedWith(Definition.Lifecycle lifecycle) {
        return false;
    }
}
