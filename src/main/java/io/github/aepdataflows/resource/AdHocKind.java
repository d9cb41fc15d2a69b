package io.github.aepdataflows.resource;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.aepdataflows.definition.Definition;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** What the ad-hoc class and schema of the 2020 form have in common: both are made of the columns of one source, and never change. */
abstract class AdHocKind implements XdmKind {

    @Override
    public boolean isDescribedBy(Definition definition) {
        return definition.adHoc();
    }

    @Override
    public boolean isPartOf(FlowDocuments flow) {
        return flow.isAdHoc();
    }

    /** Nobody looks for those of an existing flow by their title. */
    @Override
    public List<Difference> differences(JsonNode request, JsonNode actual) {
        JsonNode is = normalForm(actual);
        Json.ignore("title", request, is);
        return Difference.between(normalForm(request), is);
    }

    @Override
    public Verdict verdict(Difference difference, JsonNode actual, Instant now) {
        return Verdict.impossible("the ad-hoc class and schema of a source are made of its columns,"
                + " and no others can have their titles, which come from the dataflow's name");
    }

    @Override
    public Optional<Update> update() {
        return Optional.empty();
    }

    @Override
    public boolean isDeletedWith(Definition.Lifecycle lifecycle) {
        return lifecycle.retiresSchema();
    }
}
