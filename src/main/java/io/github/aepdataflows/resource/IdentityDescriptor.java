package io.github.aepdataflows.resource;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.aepdataflows.definition.Definition;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;

/**
 * An identity of the target schema: a field whose values identify a person, and the namespace they belong to. At most one of a schema is
 * primary, and the schema needs it before it is enabled for Profile. Its field and namespace are what it is; whether it is primary can be
 * changed.
 */
final class IdentityDescriptor implements Descriptor {

    @Override
    public String key() {
        return "identity-descriptor";
    }

    @Override
    public String type() {
        return "xdm:descriptorIdentity";
    }

    @Override
    public boolean isDescribedBy(Definition definition) {
        return !definition.target().schema().identities().isEmpty();
    }

    /** The primary one last: the Platform refuses a second primary one, so another has to stop being it first. */
    @Override
    public List<ObjectNode> requests(Inputs inputs) {
        return inputs.definition().target().schema().identities().stream()
                .sorted(Comparator.comparing(Definition.Identity::primary)).map(identity -> request(inputs, identity.sourceProperty())
                .put("xdm:namespace", identity.namespace())
                .put("xdm:property", "xdm:code")
                .put("xdm:isPrimary", identity.primary())).toList();
    }

    /** Its field and namespace, within its schema. */
    @Override
    public String naturalKey(JsonNode resource) {
        String property = resource.path("xdm:sourceProperty").asText();
        return property.isEmpty() || !resource.path("@type").asText(type()).equals(type()) ? ""
                : "%s %s of %s".formatted(property, resource.path("xdm:namespace").asText(), resource.path("xdm:sourceSchema").asText());
    }

    @Override
    public JsonNode normalForm(JsonNode document) {
        return Json.object().put("schema", document.path("xdm:sourceSchema").asText())
                .put("property", document.path("xdm:sourceProperty").asText())
                .put("namespace", document.path("xdm:namespace").asText()).put("primary", document.path("xdm:isPrimary").asBoolean());
    }

    @Override
    public Verdict verdict(Difference difference, JsonNode actual, Instant now) {
        return difference.path().equals("primary") ? Verdict.UPDATE : Verdict.impossible("an identity keeps its field and its namespace");
    }

    @Override
    public JsonNode patch(List<Difference> differences, JsonNode request, JsonNode actual) {
        return CarryOver.of(this, (ObjectNode) request, actual).request();
    }
}
