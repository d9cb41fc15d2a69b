package io.github.aepdataflows.check;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.aepdataflows.definition.Definition;
import io.github.aepdataflows.platform.AepHeaders;
import io.github.aepdataflows.platform.Search;
import java.util.List;
import java.util.stream.StreamSupport;
import org.apache.camel.Exchange;
import org.apache.camel.Variable;

/** Judges the target schema, or what a new one is made of, and the dataset (Schema Registry, Catalog). */
public final class TargetExaminer {

    /** What a look-up of the target schema by its title seeks. */
    public JsonNode schemaSought(@Variable("aepDefinition") Definition definition) {
        return named("title", definition.target().schema().title());
    }

    public void schemaFound(@Variable("aepExamination") Examination examination, @Variable("aepSearch") Search search) {
        Definition definition = examination.definition();
        if (search.hits().isEmpty()) {
            examination.add(definition.fault("target.schema.title", "no schema has the title %s; a new one needs a class, too"
                    .formatted(definition.target().schema().title())));
        } else {
            examination.schemaIs(search.hits().get(0).id());   // titles are unique
        }
    }

    public void targetSchema(Exchange exchange, @Variable("aepExamination") Examination examination, @Variable("aepReply") Reply reply) {
        if (reply == null) {
            return;
        }
        Definition definition = examination.definition();
        if (!reply.isFound()) {
            examination.add(definition.fault("target.schema.id",
                    "no schema has the id %s in this sandbox".formatted(examination.schemaId().orElseThrow())));
            return;
        }
        examination.schemaIs(reply.document());
        exchange.getMessage().setHeader(AepHeaders.TARGET_SCHEMA_ID, examination.schemaId().orElseThrow());
        examination.fields().add(reply.document());
        boolean enabled = StreamSupport.stream(reply.document().path("meta:immutableTags").spliterator(), false)
                .anyMatch(tag -> tag.asText().equals("union"));
        if (definition.target().profile() && !enabled) {
            examination.add(definition.fault("target.profile",
                    "the schema is not enabled for Profile; enable it at the Platform first, which cannot be undone"));
        }
    }

    public void schemaPart(@Variable("aepExamination") Examination examination, @Variable("aepReply") Reply reply) {
        Definition definition = examination.definition();
        Definition.Schema schema = definition.target().schema();
        boolean isClass = examination.isClassPart();
        String path = isClass ? "target.schema.class" : "target.schema.fieldGroups[%d]".formatted(examination.part());
        if (!reply.isFound()) {
            examination.add(definition.fault(path, "no %s has this $id".formatted(isClass ? "class" : "field group")).withCode("XDM-1010-404"));
            examination.partMissing();
        } else {
            examination.fields().add(reply.document());
            List<String> extended = StreamSupport.stream(reply.document().path("meta:intendedToExtend").spliterator(), false)
                    .map(JsonNode::asText).toList();
            if (extended.contains(schema.classId())) {
                examination.classProven();
            } else if (!isClass && !extended.isEmpty()) {
                examination.note(definition.fault(path, "is meant for other classes: " + String.join(", ", extended)));
            }
        }
        examination.partSeen();
    }

    /** What a look-up of the dataset by its name seeks. */
    public JsonNode datasetSought(@Variable("aepDefinition") Definition definition) {
        return named("name", definition.target().dataset().name());
    }

    public void datasetFound(@Variable("aepExamination") Examination examination, @Variable("aepSearch") Search search) {
        Definition definition = examination.definition();
        String name = definition.target().dataset().name();
        if (search.hits().size() == 1) {
            examination.datasetIs(search.hits().get(0).id());
        } else if (search.hits().isEmpty()) {
            examination.add(definition.fault("target.dataset.name", "no dataset is called %s; leave existing out for a new one".formatted(name)));
        } else {
            examination.add(definition.fault("target.dataset.name", "%d datasets are called %s: %s; name one by its id"
                    .formatted(search.hits().size(), name, Search.ids(search.hits()))));
        }
    }

    public void dataset(@Variable("aepExamination") Examination examination, @Variable("aepReply") Reply reply) {
        if (reply == null) {
            return;
        }
        Definition definition = examination.definition();
        String id = examination.datasetId().orElseThrow();
        String path = definition.target().dataset().id().isPresent() ? "target.dataset.id" : "target.dataset.name";
        if (!reply.isFound()) {
            examination.add(definition.fault(path, "no dataset has the id %s in this sandbox".formatted(id)));
            return;
        }
        JsonNode dataset = reply.single(id);
        String schema = dataset.at("/schemaRef/id").asText();
        examination.schemaId().filter(wanted -> !wanted.equals(schema)).ifPresent(wanted -> examination.add(
                definition.fault(path, "dataset %s has another schema than the target: %s".formatted(id, schema))
                        .withNearest(schema).withCode("1425-400")));
        if (definition.target().profile() && !dataset.at("/tags/unifiedProfile").toString().contains("enabled:true")) {
            examination.add(definition.fault("target.profile", "the dataset is not enabled for Profile; enable it at the Platform first"));
        }
    }

    private static ObjectNode named(String key, String name) {
        return JsonNodeFactory.instance.objectNode().put(key, name);
    }
}
