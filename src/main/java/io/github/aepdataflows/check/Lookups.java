package io.github.aepdataflows.check;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.aepdataflows.definition.Definition;
import io.github.aepdataflows.resource.Kinds;
import io.github.aepdataflows.resource.Lookup;
import io.github.aepdataflows.resource.LookupResult;
import io.github.aepdataflows.resource.Service;
import java.util.Set;
import java.util.regex.Pattern;
import org.apache.camel.Variable;

/** What is asked of the Platform about a definition, one method per lookup; null where there is nothing to ask. */
public final class Lookups {

    private static final String SPECS = "aep.flow-spec-lifetime";
    private static final String CHECKS = "aep.check-lifetime";
    private static final String FULL_XDM = "application/vnd.adobe.xed-full+json; version=1";
    private static final Set<String> FILE_TYPES = Set.of("delimited", "json", "parquet");

    /** What is in the container {@code global}: no tenant is called so. */
    private static final Pattern ADOBES_OWN = Pattern.compile("https://ns.adobe.com/(xdm|experience)/");

    /** {@code GET /flowSpecs?property=name==…} */
    public CachedLookup flowSpec(@Variable("aepDefinition") Definition definition) {
        return new CachedLookup(new Lookup("flowservice/flowSpecs", Lookup.named(definition.source().flowSpec()),
                Lookup.JSON), SPECS,
                answer -> answer.path("items").isArray() || Service.FLOW_SERVICE.isId(answer.path("id").asText()));
    }

    /** {@code GET /connectionSpecs/{id}}, for a base connection that is described, and for parameters of the source's own. */
    public CachedLookup connectionSpec(@Variable(CheckResult.VARIABLE) CheckResult check) {
        String id = check.definition().source().connectionSpecId();
        return check.definition().source().baseConnection().auth().isPresent() || check.definition().source().params().isPresent()
                ? CachedLookup.ofSource("flowservice/connectionSpecs/" + id, "", SPECS, JsonNode::isContainerNode) : null;
    }

    /** {@code GET /connections/{id}}, asked anew for each definition: it can be disabled at any time. */
    public CachedLookup baseConnection(@Variable(CheckResult.VARIABLE) CheckResult check) {
        String id = connection(check);
        return new CachedLookup(Kinds.BASE_CONNECTION.lookup(id), "", answer -> LookupResult.of(answer).single(id).path("id").asText()
                .equals(id));
    }

    /** {@code GET /connections/{id}/test} */
    public CachedLookup connectionTest(@Variable(CheckResult.VARIABLE) CheckResult check) {
        return check.isConnected() ? CachedLookup.ofSource(connectionPath(check) + "/test", "", check.isMade() ? "" : CHECKS,
                JsonNode::isContainerNode) : null;
    }

    /** {@code GET /connections/{id}/explore?objectType=table&object=…} */
    public CachedLookup table(@Variable(CheckResult.VARIABLE) CheckResult check) {
        Definition.Source source = check.definition().source();
        return check.isConnected() && source.tables()
                ? explore(check, "objectType=table&object=" + Lookup.encode(source.path())) : null;
    }

    /** {@code GET /connections/{id}/explore?objectType=root}, where a table was not found. */
    public CachedLookup tables(@Variable(CheckResult.VARIABLE) CheckResult check) {
        return check.isTableMissing() ? explore(check, "objectType=root") : null;
    }

    /**
     * {@code GET /connections/{id}/explore?objectType=folder&object=…}, or {@code objectType=root}, of the folder that the path, or its
     * last part, is in.
     */
    public CachedLookup folder(@Variable(CheckResult.VARIABLE) CheckResult check) {
        Definition.Source source = check.definition().source();
        boolean files = source.flowSpec().equals("CloudStorageToAEP");   // other flow specs have sources of their own kind
        return check.isConnected() && files ? folder(check, new FilePath(source.path()).folder()) : null;
    }

    /** The same of the folder that the path is. */
    public CachedLookup inside(@Variable(CheckResult.VARIABLE) CheckResult check) {
        return check.inside().map(folder -> folder(check, folder)).orElse(null);
    }

    private static CachedLookup folder(CheckResult check, String folder) {
        return explore(check, FilePath.isRoot(folder) ? "objectType=root" : "objectType=folder&object=" + Lookup.encode(folder));
    }

    /** {@code GET /connections/{id}/explore?objectType=file&object=…}; not in a format that no file has, which is a fault already. */
    public CachedLookup file(@Variable(CheckResult.VARIABLE) CheckResult check) {
        Definition.Source source = check.definition().source();
        return check.isConnected() && FILE_TYPES.contains(source.format()) ? check.file().map(file -> {
            String delimiter = source.files().columnDelimiter().map(one -> "&columnDelimiter=" + Lookup.encode(one)).orElse("");
            return explore(check, "objectType=file&object=" + Lookup.encode(file) + "&fileType=" + source.format() + delimiter);
        }).orElse(null) : null;
    }

    /** What form it has, and whether that is understood, is for the checker to say. */
    private static CachedLookup explore(CheckResult check, String query) {
        return CachedLookup.ofSource(connectionPath(check) + "/explore", query, CHECKS, JsonNode::isContainerNode);
    }

    private static String connection(CheckResult check) {
        return check.baseConnectionId().orElseThrow();
    }

    private static String connectionPath(CheckResult check) {
        return Kinds.BASE_CONNECTION.path(connection(check));
    }

    /** {@code GET /tenant/schemas/{id}} in full, of an existing target schema. */
    public CachedLookup targetSchema(@Variable(CheckResult.VARIABLE) CheckResult check) {
        return check.schemaId().map(id -> xdm("schemas", id, CHECKS)).orElse(null);
    }

    /** {@code GET /global|tenant/fieldgroups|classes/{id}} in full: what a new target schema will be made of. */
    public CachedLookup schemaPart(@Variable(CheckResult.VARIABLE) CheckResult check) {
        Definition.Schema schema = check.definition().target().schema();
        return check.isClassPart() ? xdm("classes", schema.classId(), SPECS)
                : xdm("fieldgroups", schema.fieldGroups().get(check.part()), ADOBES_OWN.matcher(id(check)).lookingAt() ? SPECS : CHECKS);
    }

    private static String id(CheckResult check) {
        return check.definition().target().schema().fieldGroups().get(check.part());
    }

    /** By {@code meta:altId}, whose slashes are none. */
    private static CachedLookup xdm(String type, String id, String lifetime) {
        String container = ADOBES_OWN.matcher(id).lookingAt() ? "global" : "tenant";
        String kind = id.contains("/mixins/") && container.equals("tenant") ? "mixins" : type;
        return new CachedLookup(new Lookup("schemaregistry/%s/%s/%s".formatted(container, kind, Lookup.encode(Lookup.altId(id))), "",
                FULL_XDM), lifetime,
                answer -> answer.path("$id").asText().equals(id));
    }

    /** {@code GET /dataSets/{id}} of an existing dataset. */
    public CachedLookup dataset(@Variable(CheckResult.VARIABLE) CheckResult check) {
        return check.datasetId().map(id -> new CachedLookup(Kinds.TARGET_DATASET.lookup(id), CHECKS,
                answer -> answer.path(id).isObject())).orElse(null);
    }
}
