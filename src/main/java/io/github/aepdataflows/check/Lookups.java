package io.github.aepdataflows.check;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.aepdataflows.definition.Definition;
import io.github.aepdataflows.resource.FieldGroup;
import io.github.aepdataflows.resource.Kinds;
import io.github.aepdataflows.resource.Lookup;
import io.github.aepdataflows.resource.LookupResult;
import io.github.aepdataflows.resource.Service;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.apache.camel.Variable;

/** What is asked of the Platform about a definition, one method per lookup; null where there is nothing to ask. */
public final class Lookups {

    private static final String SPECS = "aep.flow-spec-lifetime";
    private static final String CHECKS = "aep.check-lifetime";
    private static final String FULL_XDM = "application/vnd.adobe.xed-full+json; version=1";
    private static final Set<String> FILE_TYPES = Set.of("delimited", "json", "parquet");


    private static final Pattern TENANT = Pattern.compile("[A-Za-z0-9_]{1,100}");

    /** {@code GET /flowSpecs?property=name==…} */
    public CachedLookup flowSpec(@Variable("aepDefinition") Definition definition) {
        return new CachedLookup(new Lookup("flowservice/flowSpecs", Lookup.named(definition.source().flowSpec()), Lookup.JSON), SPECS,
                Map.of("items[].name", answer -> Checker.flowSpecs(answer).allMatch(spec -> spec.hasNonNull("name")),
                "items[].id", answer -> Checker.flowSpecs(answer).allMatch(spec -> Service.FLOW_SERVICE.isId(spec.path("id").asText()))));
    }

    /** {@code GET /flowSpecs}, all of them, where none has that name, or none of it runs a self-serve source: partners may have others. */
    public CachedLookup flowSpecs(@Variable(CheckResult.VARIABLE) CheckResult check) {
        return check.isFlowSpecOpen() ? new CachedLookup(new Lookup("flowservice/flowSpecs", "", Lookup.JSON), SPECS, Map.of()) : null;
    }

    /** {@code GET /connectionSpecs/{id}}, for what only it can tell: of auth, of parameters of the source's own, of filters. */
    public CachedLookup connectionSpec(@Variable(CheckResult.VARIABLE) CheckResult check) {
        String id = check.definition().source().connectionSpecId();
        Definition.Source source = check.definition().source();
        return source.baseConnection().auth().isPresent() || source.params().isPresent() || source.isSelfServe()
                || source.filters().isPresent() ? CachedLookup.ofSource("flowservice/connectionSpecs/" + id, "", SPECS) : null;
    }

    /** {@code GET /connections/{id}}, asked anew for each definition: it can be disabled at any time. */
    public CachedLookup baseConnection(@Variable(CheckResult.VARIABLE) CheckResult check) {
        if (check.definition().source().baseConnection().isNone()) {
            return null;
        }
        String id = connection(check);
        return new CachedLookup(Kinds.BASE_CONNECTION.lookup(id), "",
                Map.of("items[].id", answer -> LookupResult.of(answer).single(id).path("id").asText().equals(id),
                "items[].connectionSpec.id", answer -> Service.FLOW_SERVICE.isId(LookupResult.of(answer).single(id).at("/connectionSpec/id")
                .asText())));
    }

    /** {@code GET /connections/{id}/test} */
    public CachedLookup connectionTest(@Variable(CheckResult.VARIABLE) CheckResult check) {
        return check.isConnected() && check.baseConnectionId().isPresent()
                ? CachedLookup.ofSource(explored(check) + "/test", "", check.isMade() ? "" : CHECKS) : null;
    }

    /**
     * The first that is asked of the source itself, while its base connection is still looked at. Only of one that the definition names by
     * its id, so that it most likely exists.
     */
    public CachedLookup ahead(@Variable(CheckResult.VARIABLE) CheckResult check) {
        Definition.Source source = check.definition().source();
        if (!check.isSourceAsked() || source.baseConnection().id().isEmpty()) {
            return null;
        }
        return source.tables() ? tableOf(check) : source.readsFiles() ? folderOf(check) : source.isSelfServe() ? restOf(check) : null;
    }

    /** {@code GET /connections/{id}/explore?objectType=table&object=…}; Dynamics tells views from tables. */
    public CachedLookup table(@Variable(CheckResult.VARIABLE) CheckResult check) {
        return check.isConnected() && check.definition().source().tables() ? tableOf(check) : null;
    }

    private static CachedLookup tableOf(CheckResult check) {
        Definition.Source source = check.definition().source();
        return table(explored(check), source.params().map(JsonNode.class::cast).orElseGet(MissingNode::getInstance), source.path());
    }

    /**
     * The same.
     *
     * @param explored path of what gives access to it
     * @param params   of the source connection
     */
    static CachedLookup table(String explored, JsonNode params, String table) {
        boolean view = params.path("entityType").asText().equals("view");
        return CachedLookup.ofSource(explored + "/explore", "objectType=" + (view ? "view" : "table") + "&object=" + Lookup.encode(table),
                CHECKS);
    }

    /** {@code GET /connections/{id}/explore?objectType=rest&…&sourceParams=…}: what a self-serve source answers. */
    public CachedLookup rest(@Variable(CheckResult.VARIABLE) CheckResult check) {
        return check.isConnected() && check.definition().source().isSelfServe() ? restOf(check) : null;
    }

    private static CachedLookup restOf(CheckResult check) {
        String params = check.definition().source().params().map(ObjectNode::toString).orElse("{}");
        return explore(check, "objectType=rest&object=json&fileType=json&preview=true&sourceParams="
                + Lookup.encode(Base64.getEncoder().encodeToString(params.getBytes(StandardCharsets.UTF_8))));
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
        return check.isConnected() && check.definition().source().readsFiles() ? folderOf(check) : null;
    }

    private static CachedLookup folderOf(CheckResult check) {
        Definition.Source source = check.definition().source();
        String folder = new FilePath(source.path()).folder();
        boolean landingZone = source.baseConnection().isNone() && !folder.contains("/");   // whose container is the root of its paths
        return folder(check, landingZone ? FilePath.ROOT : folder);
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
        return check.isConnected() && source.readsFiles() && FILE_TYPES.contains(source.format()) ? check.file().map(file -> {
            String delimiter = source.files().columnDelimiter().map(one -> "&columnDelimiter=" + Lookup.encode(one)).orElse("");
            String compression = source.files().compressionType().map(type -> "&compressionType=" + type).orElse("");
            return explore(check, "objectType=file&object=%s&fileType=%s%s%s".formatted(Lookup.encode(file), source.format(), delimiter,
                    compression));
        }).orElse(null) : null;
    }

    /** What form it has, and whether that is understood, is for the checker to say. */
    private static CachedLookup explore(CheckResult check, String query) {
        return CachedLookup.ofSource(explored(check) + "/explore", query, CHECKS);
    }

    private static String connection(CheckResult check) {
        return check.baseConnectionId().orElseThrow();
    }

    /** The base connection, or the connection spec of a source that has none. */
    private static String explored(CheckResult check) {
        return check.baseConnectionId().map(Kinds.BASE_CONNECTION::path)
                .orElseGet(() -> "flowservice/connectionSpecs/" + check.definition().source().connectionSpecId());
    }

    /** {@code GET /tenant/schemas/{id}} in full, of an existing target schema. */
    public CachedLookup targetSchema(@Variable(CheckResult.VARIABLE) CheckResult check) {
        return check.schemaId().map(id -> xdm("schemas", id, CHECKS)).orElse(null);
    }

    /** {@code GET /stats}: whose namespace the fields of new field groups are in. */
    public CachedLookup tenant(@Variable(CheckResult.VARIABLE) CheckResult check) {
        return check.definition().target().schema().describedGroups().isEmpty() ? null
                : CachedLookup.of(new Lookup("schemaregistry/stats", "", Lookup.JSON), SPECS, "tenantId",
                        answer -> TENANT.matcher(answer.path("tenantId").asText()).matches());
    }

    /** {@code GET /global|tenant/fieldgroups|classes/{id}} in full: what a new target schema will be made of. */
    public CachedLookup schemaPart(@Variable(CheckResult.VARIABLE) CheckResult check) {
        String id = check.partId();
        return check.isClassPart() ? xdm("classes", id, SPECS) : xdm("fieldgroups", id, FieldGroup.isAdobes(id) ? SPECS : CHECKS);
    }

    /** By {@code meta:altId}, whose slashes are none. */
    private static CachedLookup xdm(String type, String id, String lifetime) {
        String container = FieldGroup.isAdobes(id) ? "global" : "tenant";
        String kind = id.contains("/mixins/") && container.equals("tenant") ? "mixins" : type;
        return CachedLookup.of(new Lookup("schemaregistry/%s/%s/%s".formatted(container, kind, Lookup.encode(Lookup.altId(id))), "",
                FULL_XDM), lifetime, "$id",
                answer -> answer.path("$id").asText().equals(id));
    }

    /** {@code GET /dataSets/{id}} of an existing dataset. */
    public CachedLookup dataset(@Variable(CheckResult.VARIABLE) CheckResult check) {
        return check.datasetId().map(id -> CachedLookup.of(Kinds.TARGET_DATASET.lookup(id), CHECKS, id,
                answer -> answer.path(id).isObject())).orElse(null);
    }
}
