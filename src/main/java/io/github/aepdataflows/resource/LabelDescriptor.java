package io.github.aepdataflows.resource;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.aepdataflows.definition.Definition;
import java.time.Instant;
import java.util.List;

/**
 * The data usage labels of a field of the target schema. Adobe's guide of descriptors does not list this one: its form is that of the
 * public XDM and of Adobe's Python client, which writes {@code xdm:label} as well as {@code xdm:labels}. What others have labelled gets
 * the labels that it lacks.
 */
final class LabelDescriptor implements Descriptor {

    private static final String LABELS = "xdm:labels";
    private static final String LABEL = "xdm:label";

    @Override
    public String key() {
        return "label-descriptor";
    }

    @Override
    public String type() {
        return "xdm:descriptorLabel";
    }

    @Override
    public boolean isDescribedBy(Definition definition) {
        return !definition.target().schema().labels().isEmpty();
    }

    @Override
    public List<ObjectNode> requests(Inputs inputs) {
        return inputs.definition().target().schema().labels().stream().map(field -> {
            ObjectNode request = request(inputs, Definition.sourceProperty(field.path()));
            request.set(LABELS, Labels.sorted(field.labels()));
            return request;
        }).toList();
    }

    /** Its field, within its schema. */
    @Override
    public String naturalKey(JsonNode resource) {
        String property = resource.path("xdm:sourceProperty").asText();
        return property.isEmpty() || !resource.path("@type").asText(type()).equals(type()) ? ""
                : "labels of %s of %s".formatted(property, resource.path("xdm:sourceSchema").asText());
    }

    @Override
    public JsonNode normalForm(JsonNode document) {
        return Json.object().put("schema", document.path("xdm:sourceSchema").asText())
                .put("property", document.path("xdm:sourceProperty").asText()).set(Labels.FIELD, labels(document));
    }

    private static JsonNode labels(JsonNode document) {
        return Labels.all(document.path(LABELS), document.path(LABEL));
    }

    @Override
    public List<Difference> differences(JsonNode request, JsonNode actual) {
        return Labels.missing(labels(request), labels(actual));
    }

    @Override
    public boolean mayBeOthers() {
        return true;
    }

    @Override
    public Verdict verdict(Difference difference, JsonNode actual, Instant now) {
        return Labels.update(actual, actual.has(LABELS) ? LABELS : LABEL);
    }

    /** In the spelling that it has. */
    @Override
    public JsonNode patch(List<Difference> differences, JsonNode request, JsonNode actual) {
        ObjectNode body = CarryOver.of(this, (ObjectNode) request, actual).request();
        body.remove(List.of(LABELS, LABEL));
        body.set(actual.has(LABEL) && !actual.has(LABELS) ? LABEL : LABELS, Labels.all(labels(actual), labels(request)));
        return body;
    }
}
