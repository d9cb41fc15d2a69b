package io.github.aepdataflows.check;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.aepdataflows.definition.Definition;
import io.github.aepdataflows.platform.AepHeaders;
import io.github.aepdataflows.resource.FieldGroup;
import io.github.aepdataflows.resource.Kinds;
import io.github.aepdataflows.resource.LookupResult;
import io.github.aepdataflows.resource.Search;
import java.util.List;
import java.util.Optional;
import org.apache.camel.Exchange;
import org.apache.camel.Variable;

/** Judges the target schema, or what a new one is made of, and the dataset (Schema Registry, Catalog). */
public final class TargetChecker {

    /** A look for the target schema by its title. */
    public Search schemaSearch(@Variable("aepDefinition") Definition definition) {
        return Search.named(Kinds.TARGET_SCHEMA, named("title", definition.target().schema().title()));
    }

    public void schemaFound(@Variable(CheckResult.VARIABLE) CheckResult check, @Variable("aepSearch") Search search) {
        if (search.hits().isEmpty()) {
            check.add("target.schema.title", "no schema has the title %s; a new one needs a class, too"
                    .formatted(check.definition().target().schema().title()));
        } else {
            check.schemaIs(search.hits().get(0).id());   // titles are unique
        }
    }

    public void targetSchema(Exchange exchange, @Variable(CheckResult.VARIABLE) CheckResult check,
            @Variable("aepResult") LookupResult result) {
        if (!result.isFound()) {
            check.add("target.schema.id", "no schema has the id %s in this sandbox".formatted(check.schemaId().orElseThrow()));
            return;
        }
        check.schemaIs(result.document());
        exchange.getMessage().setHeader(AepHeaders.TARGET_SCHEMA_ID, check.schemaId().orElseThrow());
        addFields(check, "target.schema", result.document());
        boolean enabled = result.document().path("meta:immutableTags").valueStream().anyMatch(tag -> tag.asText().equals("union"));
        if (check.definition().target().profile() && !enabled) {
            check.add("target.profile", "the schema is not enabled for Profile; enable it at the Platform first, which cannot be undone");
        }
    }

    /** The next look for something that is named by its title; null when there is none left. */
    public Search titleSearch(@Variable(CheckResult.VARIABLE) CheckResult check) {
        return check.titles().next();
    }

    public void titleFound(@Variable(CheckResult.VARIABLE) CheckResult check, @Variable("aepSearch") Search search) {
        check.titles().found(search);
    }

    public void tenant(@Variable(CheckResult.VARIABLE) CheckResult check, @Variable("aepResult") LookupResult result) {
        if (result.isFound()) {
            check.namesAre(check.names().ofTenant(result.document().path("tenantId").asText().replaceFirst("^_", "")));
        } else {
            check.add("target.schema.fieldGroups",
                    "the Schema Registry does not tell the tenant, in whose namespace the fields are; name a field group that exists");
        }
    }

    public void schemaPart(@Variable(CheckResult.VARIABLE) CheckResult check, @Variable("aepResult") LookupResult result) {
        boolean isClass = check.isClassPart();
        String path = isClass ? "target.schema.class" : "target.schema.fieldGroups[%d]".formatted(check.part());
        if (!result.isFound()) {
            check.add(check.fault(path, "no %s has this $id".formatted(isClass ? "class" : "field group")).withCode("XDM-1010-404"));
            check.partMissing();
        } else {
            addFields(check, path, result.document());
            List<String> extended = result.document().path("meta:intendedToExtend").valueStream().map(JsonNode::asText).toList();
            if (extended.contains(check.names().classOf(check.definition().target().schema()))) {
                check.classProven();
            } else if (!isClass && !extended.isEmpty()) {
                check.note(path, "is meant for other classes: " + String.join(", ", extended));
            }
        }
        check.partSeen();
    }

    /** A part of the new schema that is described itself; or nothing has its title, which is told already. */
    public void partUnasked(@Variable(CheckResult.VARIABLE) CheckResult check) {
        Optional<Definition.FieldGroup> described = check.groupPart().filter(Definition.FieldGroup::isDescribed);
        described.ifPresentOrElse(group -> check.fields().add(FieldGroup.namespace(group, check.names().tenant())), check::partMissing);
        check.partSeen();
    }

    /** What shows no fields may have any: then nothing is known to be wrong. */
    private static void addFields(CheckResult check, String path, JsonNode full) {
        if (Fields.areShownBy(full)) {
            check.fields().add(full);
        } else {
            check.note(path, "the Schema Registry shows no fields (properties) of it in a form that is understood:"
                    + " the fields that the definition names are not checked");
            check.partMissing();
        }
    }

    /** A look for the dataset by its name. */
    public Search datasetSearch(@Variable("aepDefinition") Definition definition) {
        return Search.named(Kinds.TARGET_DATASET, named("name", definition.target().dataset().name()));
    }

    public void datasetFound(@Variable(CheckResult.VARIABLE) CheckResult check, @Variable("aepSearch") Search search) {
        String name = check.definition().target().dataset().name();
        if (search.hits().size() == 1) {
            check.datasetIs(search.hits().get(0).id());
        } else if (search.hits().isEmpty()) {
            check.add("target.dataset.name", "no dataset is called %s; leave existing out for a new one".formatted(name));
        } else {
            check.add("target.dataset.name", "%d datasets are called %s: %s; name one by its id"
                    .formatted(search.hits().size(), name, Search.ids(search.hits())));
        }
    }

    public void dataset(@Variable(CheckResult.VARIABLE) CheckResult check, @Variable("aepResult") LookupResult result) {
        Definition definition = check.definition();
        String id = check.datasetId().orElseThrow();
        String path = definition.target().dataset().id().isPresent() ? "target.dataset.id" : "target.dataset.name";
        if (!result.isFound()) {
            check.add(path, "no dataset has the id %s in this sandbox".formatted(id));
            return;
        }
        JsonNode dataset = result.single(id);
        String schema = dataset.at("/schemaRef/id").asText();
        check.schemaId().filter(wanted -> !wanted.equals(schema)).ifPresent(wanted -> check.add(
                check.fault(path, "dataset %s has another schema than the target: %s".formatted(id, schema))
                        .withNearest(schema).withCode("1425-400")));
        if (definition.target().profile() && !dataset.at("/tags/unifiedProfile").toString().contains("enabled:true")) {
            check.add("target.profile", "the dataset is not enabled for Profile; enable it at the Platform first");
        }
    }

    private static ObjectNode named(String key, String name) {
        return JsonNodeFactory.instance.objectNode().put(key, name);
    }
}
