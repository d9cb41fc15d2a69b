package io.github.aepdataflows.check;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.aepdataflows.definition.Definition;
import io.github.aepdataflows.platform.Answers;
import io.github.aepdataflows.platform.Queries;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.apache.camel.Variable;

/** What is asked of the Platform about a definition, one method per question; null where there is nothing to ask. */
public final class Questions {

    private static final String SPECS = "aep.flow-spec-lifetime";
    private static final String CHECKS = "aep.check-lifetime";
    private static final Set<String> FILE_TYPES = Set.of("delimited", "json", "parquet");

    /** What is in the container {@code global}: no tenant is called so. */
    private static final Pattern ADOBES_OWN = Pattern.compile("https://ns.adobe.com/(xdm|experience)/");

    private final Queries queries = new Queries();

    /** {@code GET /flowSpecs?property=name==…} */
    public Question flowSpec(@Variable("aepDefinition") Definition definition) {
        return new Question("flowservice/flowSpecs", queries.flowSpec(definition), Question.JSON, SPECS,
                answer -> answer.path("items").isArray() || Answers.isUuid(answer.path("id").asText()));
    }

    /** {@code GET /connectionSpecs/{id}}, for a base connection that is to be made. */
    public Question connectionSpec(@Variable("aepExamination") Examination examination) {
        String id = examination.definition().source().connectionSpecId();
        return examination.isSourceOpen() ? new Question("flowservice/connectionSpecs/" + id, "", Question.JSON, SPECS,
                answer -> Reply.of(answer).single(id).path("id").asText().equals(id)) : null;
    }

    /** {@code GET /connections/{id}}, asked anew for each definition: it can be disabled at any time. */
    public Question baseConnection(@Variable("aepExamination") Examination examination) {
        String id = connection(examination);
        return new Question("flowservice/connections/" + id, "", Question.JSON, "", answer -> Reply.of(answer).single(id).path("id").asText().equals(id));
    }

    /** {@code GET /connections/{id}/test} */
    public Question connectionTest(@Variable("aepExamination") Examination examination) {
        return examination.isConnected() ? new Question("flowservice/connections/" + connection(examination) + "/test", "", Question.JSON, CHECKS,
                answer -> answer.path("result").isBoolean()) : null;
    }

    /** {@code GET /connections/{id}/explore?objectType=table&object=…} */
    public Question table(@Variable("aepExamination") Examination examination) {
        Definition.Source source = examination.definition().source();
        return examination.isConnected() && source.tables()
                ? explore(examination, "objectType=table&object=" + Queries.encode(source.path()), Questions::describes) : null;
    }

    /** {@code GET /connections/{id}/explore?objectType=root}, where a table was not found. */
    public Question tables(@Variable("aepExamination") Examination examination) {
        return examination.isTableMissing() ? explore(examination, "objectType=root", JsonNode::isArray) : null;
    }

    /** {@code GET /connections/{id}/explore?objectType=folder&object=…}, of the folder that the path, or its last part, is in. */
    public Question folder(@Variable("aepExamination") Examination examination) {
        Definition.Source source = examination.definition().source();
        boolean files = source.flowSpec().equals("CloudStorageToAEP");   // other flow specs have sources of their own kind
        return examination.isConnected() && files ? folder(examination, new FilePath(source.path()).folder()) : null;
    }

    /** The same of the folder that the path is. */
    public Question inside(@Variable("aepExamination") Examination examination) {
        return examination.inside().map(folder -> folder(examination, folder)).orElse(null);
    }

    private static Question folder(Examination examination, String folder) {
        return explore(examination, "objectType=folder&object=" + Queries.encode(folder), JsonNode::isArray);
    }

    /** {@code GET /connections/{id}/explore?objectType=file&object=…}; not in a format that no file has, which is a fault already. */
    public Question file(@Variable("aepExamination") Examination examination) {
        Definition.Source source = examination.definition().source();
        return examination.isConnected() && FILE_TYPES.contains(source.format()) ? examination.file().map(file -> {
            String delimiter = source.files().columnDelimiter().map(one -> "&columnDelimiter=" + Queries.encode(one)).orElse("");
            return explore(examination, "objectType=file&object=" + Queries.encode(file) + "&fileType=" + source.format() + delimiter,
                    Questions::describes);
        }).orElse(null) : null;
    }

    private static Question explore(Examination examination, String query, Predicate<JsonNode> fits) {
        return new Question("flowservice/connections/" + connection(examination) + "/explore", query, Question.JSON, CHECKS, fits);
    }

    private static boolean describes(JsonNode answer) {
        return answer.isArray() || answer.path("schema").isObject();
    }

    private static String connection(Examination examination) {
        return examination.baseConnectionId().orElseThrow();
    }

    /** {@code GET /tenant/schemas/{id}} in full, of an existing target schema. */
    public Question targetSchema(@Variable("aepExamination") Examination examination) {
        return examination.schemaId().map(id -> xdm("schemas", id, CHECKS)).orElse(null);
    }

    /** {@code GET /global|tenant/fieldgroups|classes/{id}} in full: what a new target schema will be made of. */
    public Question schemaPart(@Variable("aepExamination") Examination examination) {
        Definition.Schema schema = examination.definition().target().schema();
        return examination.isClassPart() ? xdm("classes", schema.classId(), SPECS)
                : xdm("fieldgroups", schema.fieldGroups().get(examination.part()), ADOBES_OWN.matcher(id(examination)).lookingAt() ? SPECS : CHECKS);
    }

    private static String id(Examination examination) {
        return examination.definition().target().schema().fieldGroups().get(examination.part());
    }

    /** By {@code meta:altId}, whose slashes are none. */
    private static Question xdm(String type, String id, String lifetime) {
        String container = ADOBES_OWN.matcher(id).lookingAt() ? "global" : "tenant";
        String kind = id.contains("/mixins/") && container.equals("tenant") ? "mixins" : type;
        return new Question("schemaregistry/%s/%s/%s".formatted(container, kind, Queries.encode(Queries.altId(id))), "", Question.FULL_XDM, lifetime,
                answer -> answer.path("$id").asText().equals(id));
    }

    /** {@code GET /dataSets/{id}} of an existing dataset. */
    public Question dataset(@Variable("aepExamination") Examination examination) {
        return examination.datasetId().map(id -> new Question("catalog/dataSets/" + id, "", Question.JSON, CHECKS,
                answer -> answer.path(id).isObject())).orElse(null);
    }
}
