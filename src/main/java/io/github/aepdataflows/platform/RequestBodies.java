package io.github.aepdataflows.platform;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.aepdataflows.definition.Definition;
import io.github.aepdataflows.settings.Settings;
import java.time.Clock;
import java.time.Duration;
import java.util.Locale;
import org.apache.camel.Header;
import org.apache.camel.Variable;

/**
 * The body of each creating call, field for field as the tutorials send it. One method per step; the ids come from the
 * headers that earlier steps have set.
 */
public final class RequestBodies {

    /** Name of the one dataset base connection that all dataflows of the 2020 form share in a sandbox. */
    static final String DATASET_CONNECTION_NAME = "Dataset base connection";

    /** Connection spec of the data lake. */
    static final String DATA_LAKE_SPEC_ID = "c604ff05-7f1a-43c0-8e18-33bf874cb11c";

    /** The columns that the mapping takes from, where all that the source has are read: never sent, but part of what is looked for. */
    static final String NEEDED_COLUMNS = "aep:neededColumns";

    private static final String NOTEXT = "application/vnd.adobe.xed-full-notext+json; version=1";
    private static final String FULL = "application/vnd.adobe.xed-full+json;version=1";

    private final Clock clock;
    private final Duration startDelay;

    public RequestBodies(Settings settings, Clock clock) {
        this.clock = clock;
        this.startDelay = settings.duration("aep.start-delay");
    }

    /** The base connection that the definition describes. Its secrets are named only; the client puts them in. */
    public JsonNode baseConnection(@Variable("aepDefinition") Definition definition) {
        Definition.BaseConnection connection = definition.source().baseConnection();
        ObjectNode body = object().put("name", connection.name());
        connection.description().ifPresent(text -> body.put("description", text));
        connection.auth().ifPresent(auth -> {
            ObjectNode sent = body.putObject("auth").put("specName", auth.specName());
            auth.type().ifPresent(type -> sent.put("type", type));
            sent.set("params", auth.params());
        });
        body.set("connectionSpec", spec(definition.source().connectionSpecId()));
        return body;
    }

    /** Ad-hoc class with a property per source column (Schema Registry, ad-hoc schema tutorial). */
    public JsonNode sourceClass(@Variable("aepDefinition") Definition definition) {
        ObjectNode body = object().put("type", "object").put("title", Definition.sourceClassTitle(definition.name()));
        ArrayNode allOf = body.putArray("allOf");
        allOf.addObject().put("$ref", "https://ns.adobe.com/xdm/data/adhoc");
        ObjectNode adHoc = allOf.addObject().putObject("properties").putObject("_adhoc").put("type", "object");
        ObjectNode properties = adHoc.putObject("properties");
        for (JsonNode column : definition.source().columns()) {
            properties.set(column.path("name").asText(), xdmType(column));
        }
        return body;
    }

    /** Ad-hoc schema of the ad-hoc class. */
    public JsonNode sourceSchema(@Variable("aepDefinition") Definition definition,
                                 @Header(AepHeaders.SOURCE_CLASS_ID) String classId) {
        ObjectNode body = object().put("type", "object").put("title", Definition.sourceSchemaTitle(definition.name()));
        body.putArray("allOf").addObject().put("$ref", classId);
        return body;
    }

    public JsonNode sourceConnection(@Variable("aepDefinition") Definition definition,
                                     @Header(AepHeaders.BASE_CONNECTION_ID) String baseConnectionId,
                                     @Header(AepHeaders.SOURCE_SCHEMA_ID) String schemaId) {
        Definition.Source source = definition.source();
        ObjectNode body = object().put("name", source.name()).put("baseConnectionId", baseConnectionId);
        source.description().ifPresent(text -> body.put("description", text));
        ObjectNode data = body.putObject("data").put("format", source.format());
        if (definition.adHoc()) {
            data.putObject("schema").put("id", schemaId).put("version", NOTEXT);
        }
        source.files().columnDelimiter().ifPresent(delimiter -> data.put("columnDelimiter", delimiter));
        source.files().compressionType().ifPresent(type -> data.putObject("properties").put("compressionType", type));
        ObjectNode params = body.putObject("params").put(source.pathParameter(), source.path());
        source.files().recursive().ifPresent(recursive -> params.put("recursive", String.valueOf(recursive)));
        boolean described = definition.adHoc() && source.pathParameter().equals("path");
        if (source.tables() && !source.columns().isEmpty() && !described) {
            ArrayNode columns = params.putArray("columns");
            source.columns().forEach(column -> columns.add(definition.adHoc() ? legacyColumn(column) : column(column)));
        }
        if (source.tables() && source.columns().isEmpty()) {
            ArrayNode needed = body.putArray(NEEDED_COLUMNS);
            definition.attributes().sorted().forEach(needed::add);
        }
        body.set("connectionSpec", spec(source.connectionSpecId()));
        return body;
    }

    /**
     * With the columns that explore has found, where the definition lists none: they are sent, and only those that the mapping
     * takes from are compared.
     */
    public JsonNode withColumns(@Variable("aepRequest") JsonNode sourceConnection, @Variable("aepColumns") JsonNode explored) {
        ObjectNode body = sourceConnection.deepCopy();
        body.remove(NEEDED_COLUMNS);
        if (explored == null) {
            return body;
        }
        ((ObjectNode) body.path("params")).set("columns", explored);
        return body;
    }

    public JsonNode targetSchema(@Variable("aepDefinition") Definition definition) {
        Definition.Schema schema = definition.target().schema();
        ObjectNode body = object().put("type", "object").put("title", schema.title());
        schema.description().ifPresent(text -> body.put("description", text));
        ArrayNode allOf = body.putArray("allOf");
        allOf.addObject().put("$ref", schema.classId());
        schema.fieldGroups().stream().distinct().forEach(group -> allOf.addObject().put("$ref", group));
        if (definition.target().profile()) {
            body.putArray("meta:immutableTags").add("union");
        }
        return body.put("meta:containerId", "tenant").put("meta:resourceType", "schemas")
                .put("meta:xdmType", "object").put("meta:class", schema.classId());
    }

    public JsonNode targetDataset(@Variable("aepDefinition") Definition definition,
                                  @Header(AepHeaders.TARGET_SCHEMA_ID) String schemaId) {
        ObjectNode body = object().put("name", definition.target().dataset().name());
        body.putObject("schemaRef").put("id", schemaId).put("contentType", NOTEXT);
        if (definition.target().profile()) {
            ObjectNode tags = body.putObject("tags");
            tags.putArray("unifiedProfile").add("enabled:true");
            tags.putArray("unifiedIdentity").add("enabled:true");
        }
        return body;
    }

    public JsonNode datasetConnection() {
        ObjectNode body = object().put("name", DATASET_CONNECTION_NAME);
        body.set("connectionSpec", spec(DATA_LAKE_SPEC_ID));
        return body;
    }

    public JsonNode targetConnection(@Variable("aepDefinition") Definition definition,
                                     @Header(AepHeaders.TARGET_SCHEMA_ID) String schemaId,
                                     @Header(AepHeaders.TARGET_DATASET_ID) String dataSetId,
                                     @Header(AepHeaders.DATASET_CONNECTION_ID) String datasetConnectionId) {
        Definition.Target target = definition.target();
        ObjectNode body = object();
        if (definition.adHoc()) {
            body.put("baseConnectionId", datasetConnectionId);
        }
        body.put("name", target.name());
        target.description().ifPresent(text -> body.put("description", text));
        ObjectNode data = body.putObject("data").put("format", "parquet_xdm");
        data.putObject("schema").put("id", schemaId).put("version", FULL);
        body.putObject("params").put("dataSetId", dataSetId);
        body.set("connectionSpec", spec(definition.adHoc() ? definition.source().connectionSpecId() : DATA_LAKE_SPEC_ID));
        return body;
    }

    public JsonNode mappingSet(@Variable("aepDefinition") Definition definition,
                               @Header(AepHeaders.TARGET_SCHEMA_ID) String schemaId) {
        return definition.computes() ? computingMappingSet(definition, schemaId) : plainMappingSet(definition, schemaId);
    }

    /** The new form, which alone has expressions and constants. */
    private static JsonNode computingMappingSet(Definition definition, String schemaId) {
        ObjectNode body = object().put("name", definition.name() + " mapping");
        body.putObject("outputSchema").putObject("schemaRef").put("id", schemaId).put("contentType", FULL);
        ArrayNode mappings = body.putArray("mappings");
        definition.mapping().forEach(rule -> mappings.addObject()
                .put("sourceType", rule.sourceType()).put("source", rule.source()).put("destination", rule.destination()));
        return body;
    }

    /** The form of the tutorials. */
    private static JsonNode plainMappingSet(Definition definition, String schemaId) {
        ObjectNode body = object().put("version", 0).put("xdmSchema", schemaId).put("xdmVersion", "1.0").putNull("id");
        ArrayNode mappings = body.putArray("mappings");
        for (Definition.Mapping rule : definition.mapping()) {
            mappings.addObject()
                    .put("destinationXdmPath", rule.destination())
                    .put("sourceAttribute", rule.source())
                    .put("identity", rule.identity())
                    .put("identityGroup", rule.identityGroup().orElse(null))
                    .put("namespaceCode", rule.namespaceCode().orElse(null))
                    .put("version", 0);
        }
        return body;
    }

    /** The flow spec is the one that the look-up has returned, never one by heart. */
    public JsonNode flow(@Variable("aepDefinition") Definition definition,
                         @Variable("aepFlowSpec") JsonNode flowSpec,
                         @Header(AepHeaders.SOURCE_CONNECTION_ID) String sourceConnectionId,
                         @Header(AepHeaders.TARGET_CONNECTION_ID) String targetConnectionId,
                         @Header(AepHeaders.MAPPING_SET_ID) String mappingSetId,
                         @Header(AepHeaders.MAPPING_SET_VERSION) Integer mappingSetVersion) {
        ObjectNode body = object().put("name", definition.name());
        definition.description().ifPresent(text -> body.put("description", text));
        body.putObject("flowSpec")
                .put("id", flowSpec.path("id").asText())
                .put("version", flowSpec.path("version").asText("1.0"));
        body.putArray("sourceConnectionIds").add(sourceConnectionId);
        body.putArray("targetConnectionIds").add(targetConnectionId);
        ArrayNode transformations = body.putArray("transformations");
        definition.copy().ifPresent(params -> transformations.addObject().put("name", "Copy").set("params", params));
        transformations.addObject().put("name", "Mapping").putObject("params")
                .put("mappingId", mappingSetId).put("mappingVersion", mappingSetVersion);
        body.set("scheduleParams", scheduleParams(definition));
        definition.options().ifPresent(options -> body.set("options", options));
        return body;
    }

    /** What flows of the definition's name are looked for by, whatever else they are. */
    public JsonNode flowName(@Variable("aepDefinition") Definition definition) {
        return object().put("name", definition.name());
    }

    /** {@code scheduleParams} of the flow (CRMToAEP flow spec, PeriodicSchedule). */
    public ObjectNode scheduleParams(Definition definition) {
        Definition.Schedule schedule = definition.schedule();
        long startTime = schedule.startTime().orElseGet(() -> clock.instant().plus(startDelay).getEpochSecond() + 1);
        ObjectNode params = object().put("startTime", startTime).put("frequency", schedule.frequency());
        schedule.interval().ifPresent(interval -> params.put("interval", interval));
        schedule.backfill().ifPresent(backfill -> params.put("backfill", backfill));
        return params;
    }

    private static ObjectNode legacyColumn(JsonNode column) {
        String type = column.path("type").asText();
        ObjectNode body = object().put("name", column.path("name").asText()).put("type", type);
        if (column.has("meta")) {
            body.set("meta", column.get("meta"));
        } else {
            body.putObject("meta").put("originalType", type.substring(0, 1).toUpperCase(Locale.ROOT) + type.substring(1));
        }
        return body;
    }

    private static ObjectNode column(JsonNode column) {
        ObjectNode body = object().put("name", column.path("name").asText()).put("type", column.path("type").asText());
        boolean dateTime = column.path("format").asText().equals("date-time");
        if (column.has("meta:xdmType") || dateTime) {
            body.put("meta:xdmType", column.path("meta:xdmType").asText("date-time"));
        }
        body.set("xdm", column.has("xdm") ? column.get("xdm") : xdmType(column));
        return body;
    }

    /** XDM calls every whole number integer and every other number number. */
    private static ObjectNode xdmType(JsonNode column) {
        ObjectNode type = object().put("type", switch (column.path("type").asText()) {
            case "long" -> "integer";
            case "double" -> "number";
            default -> column.path("type").asText();
        });
        if (column.has("format")) {
            type.put("format", column.path("format").asText());
        }
        return type;
    }

    private static ObjectNode spec(String id) {
        return object().put("id", id).put("version", "1.0");
    }

    private static ObjectNode object() {
        return JsonNodeFactory.instance.objectNode();
    }
}
