package io.github.aepdataflows.resource;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.aepdataflows.definition.Definition;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The data usage labels of the dataset (Dataset Service, {@code /datasets/{id}/labels}). A dataset without labels has no such document; the
 * first PUT makes it, and each PUT replaces all of it. It has no id but the dataset's, and goes with the dataset.
 */
final class DatasetLabels implements Kind {

    private static final int NOT_FOUND = 404;
    private static final int FORBIDDEN = 403;
    private static final String OF_FIELDS = "optionalLabels";

    @Override
    public String key() {
        return "dataset-labels";
    }

    @Override
    public Service service() {
        return Service.CATALOG;
    }

    @Override
    public String collection() {
        return "dataset/datasets";
    }

    @Override
    public String idPath(String id) {
        return Kind.super.idPath(id) + "/labels";
    }

    @Override
    public Optional<Kind> partOf() {
        return Optional.of(Kinds.TARGET_DATASET);
    }

    @Override
    public List<Kind> builtOn() {
        return List.of(Kinds.TARGET_DATASET);
    }

    @Override
    public boolean isDescribedBy(Definition definition) {
        return !definition.target().dataset().labels().isEmpty();
    }

    @Override
    public String idIn(FlowDocuments flow) {
        return Kinds.TARGET_DATASET.idIn(flow);
    }

    /** Whoever may read the flow need not be allowed to read labels. */
    @Override
    public Lookup lookupOfFlow(String id, String version) {
        return new Lookup(path(id), "", Lookup.JSON, Set.of(NOT_FOUND, FORBIDDEN));
    }

    @Override
    public List<ObjectNode> requests(Inputs inputs) {
        ObjectNode request = Json.object();
        request.set(Labels.FIELD, Labels.sorted(inputs.definition().target().dataset().labels()));
        return List.of(request);
    }

    @Override
    public List<Filter> filters(JsonNode resource) {
        return List.of();
    }

    /** Earlier documents put all of it under {@code AEP:dataset:<id>}. */
    @Override
    public JsonNode normalForm(JsonNode document) {
        JsonNode bare = bare(document);
        ObjectNode form = Json.object();
        form.set(Labels.FIELD, Labels.all(bare.path(Labels.FIELD), Json.object()));
        if (bare.hasNonNull(OF_FIELDS)) {
            form.set(OF_FIELDS, bare.path(OF_FIELDS));
        }
        return form;
    }

    private static JsonNode bare(JsonNode document) {
        return document.properties().stream().filter(field -> field.getKey().startsWith("AEP:dataset:")).findFirst()
                .map(field -> field.getValue()).orElse(document);
    }

    @Override
    public List<Difference> differences(JsonNode request, JsonNode actual) {
        return Labels.missing(normalForm(request).path(Labels.FIELD), normalForm(actual).path(Labels.FIELD));
    }

    @Override
    public Verdict verdict(Difference difference, JsonNode actual, Instant now) {
        JsonNode ofFields = bare(actual).path(OF_FIELDS);
        return ofFields.isMissingNode() || ofFields.isNull() || ofFields.isArray() ? Labels.update(bare(actual), Labels.FIELD)
                : Verdict.impossible("the Platform does not show its optionalLabels as a list, and an update would replace them, too");
    }

    /** The labels of another dataset are compared with what is there. */
    @Override
    public Optional<Verdict> follows(Kind base, Action action) {
        return Optional.empty();
    }

    @Override
    public Optional<Update> update() {
        return Optional.of(new Update("PUT", Lookup.JSON));
    }

    @Override
    public JsonNode patch(List<Difference> differences, JsonNode request, JsonNode actual) {
        ObjectNode body = (ObjectNode) normalForm(actual);
        body.set(Labels.FIELD, Labels.all(body.path(Labels.FIELD), request.path(Labels.FIELD)));
        return body;
    }

    @Override
    public boolean isDeletedWith(Definition.Lifecycle lifecycle) {
        return false;
    }
}
