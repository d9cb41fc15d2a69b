package io.github.aepdataflows.resource;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.aepdataflows.definition.Definition;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** What of the source is read (Flow Service, {@code /sourceConnections}). */
final class SourceConnection implements Kind {

    /** Format of the 2020 form. */
    static final String AD_HOC_FORMAT = "parquet_xdm";

    static final String FIXED = "what a connection reads or writes is fixed once a flow uses it";

    private static final String COLUMNS = "columns";
    private static final String DELIMITER = "columnDelimiter";

    /** The columns that the mapping takes from, where all that the source has are read: never sent, but part of what is compared. */
    private static final String NEEDED_COLUMNS = "aep:neededColumns";

    @Override
    public String key() {
        return "source-connection";
    }

    @Override
    public Service service() {
        return Service.FLOW_SERVICE;
    }

    @Override
    public String collection() {
        return "flowservice/sourceConnections";
    }

    @Override
    public List<Kind> builtOn() {
        return List.of(Kinds.BASE_CONNECTION, Kinds.SOURCE_SCHEMA);
    }

    @Override
    public boolean isDescribedBy(Definition definition) {
        return true;
    }

    @Override
    public String idIn(FlowDocuments flow) {
        return flow.get(Kinds.FLOW).at("/sourceConnectionIds/0").asText();
    }

    @Override
    public List<ObjectNode> requests(Inputs inputs) {
        Definition definition = inputs.definition();
        Definition.Source source = definition.source();
        ObjectNode body = Json.object().put("name", source.name());
        if (!source.baseConnection().isNone()) {
            body.put("baseConnectionId", inputs.id(Kinds.BASE_CONNECTION));
        }
        source.description().ifPresent(text -> body.put("description", text));
        ObjectNode data = body.putObject("data").put("format", source.format());
        if (definition.adHoc()) {
            data.putObject("schema").put("id", inputs.id(Kinds.SOURCE_SCHEMA)).put("version", Xdm.NOTEXT);
        }
        source.files().columnDelimiter().ifPresent(delimiter -> data.withObject("/properties").put(DELIMITER, delimiter));
        source.files().encoding().ifPresent(encoding -> data.withObject("/properties").put("encoding", encoding));
        source.files().compressionType().ifPresent(type -> data.withObject("/properties").put("compressionType", type));
        ObjectNode params = body.putObject("params");
        if (!source.path().isEmpty()) {
            params.put(source.pathParameter(), source.path());
        }
        source.params().ifPresent(params::setAll);
        source.files().type().ifPresent(type -> params.put("type", type));
        source.files().recursive().ifPresent(recursive -> params.put("recursive", recursive));
        source.files().encryption().ifPresent(encryption -> params.set("encryption", encryption));
        source.cdcEnabled().ifPresent(enabled -> params.put("cdcEnabled", enabled));
        source.filters().ifPresent(filters -> params.set("filters", filters));
        boolean described = definition.adHoc() && source.pathParameter().equals("path");
        if (source.tables() && !source.columns().isEmpty() && !described) {
            ArrayNode columns = params.putArray(COLUMNS);
            source.columns().forEach(column -> columns.add(definition.adHoc() ? legacyColumn(column) : column(column)));
        }
        if (source.tables() && source.columns().isEmpty()) {
            ArrayNode needed = body.putArray(NEEDED_COLUMNS);
            definition.attributes().sorted().forEach(needed::add);
        }
        body.set("connectionSpec", Json.spec(source.connectionSpecId()));
        return List.of(body);
    }

    private static ObjectNode legacyColumn(JsonNode column) {
        String type = column.path("type").asText();
        ObjectNode body = Json.object().put("name", column.path("name").asText()).put("type", type);
        if (column.has("meta")) {
            body.set("meta", column.get("meta"));
        } else {
            body.putObject("meta").put("originalType", type.substring(0, 1).toUpperCase(Locale.ROOT) + type.substring(1));
        }
        return body;
    }

    private static ObjectNode column(JsonNode column) {
        ObjectNode body = Json.object().put("name", column.path("name").asText()).put("type", column.path("type").asText());
        boolean dateTime = column.path("format").asText().equals("date-time");
        if (column.has("meta:xdmType") || dateTime) {
            body.put("meta:xdmType", column.path("meta:xdmType").asText("date-time"));
        }
        body.set("xdm", column.has("xdm") ? column.get("xdm") : Xdm.type(column));
        return body;
    }

    /** With the columns that explore has found, where the definition lists none; only those that the mapping takes from are compared. */
    @Override
    public ObjectNode sent(ObjectNode request, Inputs inputs) {
        ObjectNode body = request.deepCopy();
        if (body.remove(NEEDED_COLUMNS) != null && !inputs.columns().isMissingNode()) {
            ((ObjectNode) body.path("params")).set(COLUMNS, inputs.columns());
        }
        return body;
    }

    @Override
    public List<Filter> filters(JsonNode resource) {
        return resource.has("baseConnectionId")
                ? Filter.named(naturalKey(resource), "baseConnectionId", resource.path("baseConnectionId").asText())
                : Filter.named(naturalKey(resource), "connectionSpec.id", resource.at("/connectionSpec/id").asText());
    }

    /** Where the columns were left to the source, it has those at least that the mapping takes from. */
    @Override
    public JsonNode normalForm(JsonNode document) {
        ObjectNode form = document.deepCopy();
        if (form.remove(NEEDED_COLUMNS) instanceof ArrayNode needed) {
            ObjectNode columns = form.putObject(COLUMNS);
            needed.forEach(name -> columns.put(name.asText(), true));
        }
        oldSpelling(form);
        return form;
    }

    /** As earlier documents have it: the delimiter beside the format, and whether subfolders are read as a text. */
    private static void oldSpelling(ObjectNode form) {
        if (form.at("/data/properties") instanceof ObjectNode properties && properties.has(DELIMITER)) {
            ObjectNode data = (ObjectNode) form.path("data");
            data.set(DELIMITER, properties.remove(DELIMITER));
            if (properties.isEmpty()) {
                data.remove("properties");
            }
        }
        if (form.path("params") instanceof ObjectNode params && params.path("recursive").isBoolean()) {
            params.put("recursive", params.path("recursive").asText());
        }
    }

    @Override
    public List<Difference> differences(JsonNode request, JsonNode actual) {
        JsonNode wanted = normalForm(request);
        ObjectNode is = actual.deepCopy();
        oldSpelling(is);
        if (wanted.has(COLUMNS) && is.at("/params").has(COLUMNS)) {
            ObjectNode columns = is.putObject(COLUMNS);
            is.at("/params/columns").forEach(column -> columns.put(column.path("name").asText(), true));
        } else if (wanted.has(COLUMNS)) {   // it reads all that the source has
            Json.ignore(COLUMNS, wanted, is);
        }
        ignoreSpelling(wanted, is);
        return Difference.between(wanted, is);
    }

    /** A connection may leave out the version of its spec, and write that of its schema in other words. */
    static void ignoreSpelling(JsonNode wanted, ObjectNode actual) {
        if (actual.path("connectionSpec").isObject() && !actual.path("connectionSpec").has("version")) {
            Json.ignore("version", wanted.path("connectionSpec"), actual.path("connectionSpec"));
        }
        Xdm.ignoreSpelling(wanted.at("/data/schema"), actual.at("/data/schema"), "version");
    }

    /** What is said of another table, or of another form of its files, says nothing of those that are there now. */
    @Override
    public CarryOver.Fate fate(String path, JsonNode request, JsonNode actual) {
        String format = request.at("/data/format").asText();
        boolean otherForm = format.equals(AD_HOC_FORMAT) != actual.at("/data/format").asText().equals(AD_HOC_FORMAT);
        boolean saysDelimiter = request.path("data").has(DELIMITER) || request.at("/data/properties").has(DELIMITER);
        if (service().writes(path)
                || path.matches("(connectionSpec|params\\.filters|params\\.encryption)\\..*|params\\.(tableName|path|columns(\\[[^]]*])?)")
                || path.endsWith(DELIMITER) && saysDelimiter) {
            return CarryOver.Fate.GOVERNED;
        } else if (otherForm && path.matches("data\\.schema|params\\.columns.*")
                || !format.equals("delimited") && path.matches("data\\.(properties\\.)?columnDelimiter|data\\.properties\\.encoding")
                || !format.matches("delimited|json") && path.equals("data.properties.compressionType")) {
            return CarryOver.Fate.LOST;
        }
        return CarryOver.Fate.CARRIED;
    }

    @Override
    public Verdict verdict(Difference difference, JsonNode actual, Instant now) {
        return difference.isLabel() ? Verdict.UPDATE : Verdict.replace(FIXED);
    }

    @Override
    public Optional<Update> update() {
        return Optional.of(Update.PATCH);
    }

    @Override
    public Optional<Kind> usedBy() {
        return Optional.of(Kinds.FLOW);
    }

    @Override
    public boolean isDeletedWith(Definition.Lifecycle lifecycle) {
        return true;
    }
}
