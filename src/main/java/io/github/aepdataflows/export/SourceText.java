package io.github.aepdataflows.export;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.aepdataflows.definition.Connector;
import io.github.aepdataflows.definition.Connectors;
import io.github.aepdataflows.resource.Flow;
import io.github.aepdataflows.resource.Kinds;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** What a definition says of the source of a flow. */
final class SourceText {

    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    /** The further params of tables that are documented (Dynamics); others stay where they are, whatever they hold. */
    private static final Set<String> OF_TABLES = Set.of("entityType", "primaryKey");

    private static final Pattern SECRET = Pattern.compile("(?i).*(password|passphrase|secret|authorization|api-?key|access-?token).*");

    private final FlowSnapshot flow;
    private final JsonNode connection;
    private final JsonNode params;
    private final boolean adHoc;

    SourceText(FlowSnapshot flow) {
        this.flow = flow;
        this.connection = flow.get(Kinds.SOURCE_CONNECTION);
        this.params = connection.path("params");
        this.adHoc = flow.isAdHoc();
    }

    /** @param notes to which what has to be known is added */
    ObjectNode write(Connectors connectors, List<String> notes) {
        ObjectNode source = NODES.objectNode();
        String format = connection.at("/data/format").asText();
        Optional<Connectors.Listed> listed = connectors.ofSpec(connection.at("/connectionSpec/id").asText()).filter(this::saysTheSame);
        listed.ifPresentOrElse(known -> source.put("connector", known.key()),
                () -> source.put("connectionSpecId", connection.at("/connectionSpec/id").asText()).put("flowSpec", flowSpec()));
        String name = connection.path("name").asText();
        if (!name.equals(flow.dataflow() + " source")) {
            source.put("name", name);
        }
        Texts.copy(connection, "description", source);
        String baseName = flow.get(Kinds.BASE_CONNECTION).path("name").asText();
        if (!Kinds.BASE_CONNECTION.isPartOf(flow)) {
            // the landing zone has none
        } else if (flow.isPortable()) {
            source.set("baseConnection", PortableConnection.of(flow.get(Kinds.BASE_CONNECTION), listed, notes));
        } else if (flow.isUnique(Kinds.BASE_CONNECTION) && Texts.isLabel(baseName)) {
            source.putObject("baseConnection").put("name", baseName);
        } else {
            source.put("baseConnectionId", flow.id(Kinds.BASE_CONNECTION));
        }
        if (listed.isEmpty() || !listed.get().connector().format().equals(format)) {
            source.put("format", format);
        }
        boolean selfServe = !readsTables() && !readsFiles();
        if (params.has(pathParameter()) && !selfServe) {
            source.put(pathParameter(), params.path(pathParameter()).asText());
        }
        ObjectNode own = NODES.objectNode();
        params.properties().stream().filter(param -> !param.getValue().isNull())
                .filter(param -> selfServe ? !holdsSecret(param.getKey(), param.getValue()) : OF_TABLES.contains(param.getKey()))
                .forEach(param -> own.set(param.getKey(), param.getValue()));
        if (!own.isEmpty()) {
            source.set("params", own);
        }
        FlowText.typed(params, "cdcEnabled").filter(enabled -> enabled.isBoolean() && !selfServe)
                .ifPresent(enabled -> source.set("cdcEnabled", enabled));
        if (readsTables()) {
            if (isFilter(params.path("filters"))) {
                source.set("filters", params.path("filters"));
            }
            ArrayNode columns = columns();
            if (!columns.isEmpty()) {
                source.set("columns", columns);
            }
        } else if (readsFiles()) {
            files(source);
        }
        return source;
    }

    /** A header of a REST API may give access to it: that stays where it is. */
    private static boolean holdsSecret(String name, JsonNode value) {
        return SECRET.matcher(name).matches()
                || value.properties().stream().anyMatch(field -> holdsSecret(field.getKey(), field.getValue()));
    }

    private void files(ObjectNode source) {
        FlowText.typed(params, "recursive").ifPresent(recursive -> source.set("recursive", recursive));
        if (params.path("type").asText().matches("file|folder")) {
            Texts.copy(params, "type", source);
        }
        Texts.copy(connection.path("data"), "columnDelimiter", source);
        for (String property : List.of("columnDelimiter", "encoding", "compressionType")) {
            Texts.copy(connection.at("/data/properties"), property, source);
        }
        encryption(params.path("encryption")).ifPresent(encryption -> source.set("encryption", encryption));
    }

    /** As far as a definition knows it. */
    static Optional<JsonNode> encryption(JsonNode params) {
        ObjectNode known = params.deepCopy() instanceof ObjectNode given ? given.retain("publicKeyId", "signVerificationKeyId")
                : NODES.objectNode();
        return Optional.<JsonNode>of(known).filter(encryption -> encryption.path("publicKeyId").isTextual());
    }

    /** Whether it is of the documented form; any other one is left where it is. */
    private static boolean isFilter(JsonNode filters) {
        return filters.size() == 3 && filters.path("type").asText().equals("PQL") && filters.path("format").asText().equals("pql/json")
                && filters.path("value").path("nodeType").isTextual();
    }

    private String pathParameter() {
        return params.has("tableName") ? "tableName" : "path";
    }

    private String flowSpec() {
        return flow.flowSpec().path("name").asText();
    }

    private boolean readsTables() {
        return flowSpec().equals("CRMToAEP");
    }

    private boolean readsFiles() {
        return flowSpec().equals("CloudStorageToAEP");
    }

    /** Whether the key of a connector adds nothing to what the flow has, and forbids nothing that it has. */
    private boolean saysTheSame(Connectors.Listed listed) {
        Connector connector = listed.connector();
        JsonNode delta = Flow.transformation(flow.get(Kinds.FLOW), Flow.COPY).at("/params/deltaColumn");
        boolean addsDateFormat = delta.isObject() && !delta.has("dateFormat") && !connector.deltaDateFormat().isEmpty();
        boolean forbidsPath = connector.params().equals("tableName") && pathParameter().equals("path");
        return connector.flowSpec().equals(flowSpec()) && !addsDateFormat && !forbidsPath;
    }

    private ArrayNode columns() {
        ArrayNode columns = NODES.arrayNode();
        JsonNode properties = classProperties();
        if (params.path("columns").isEmpty()) {   // read by path, in the 2020 form: the class alone has them
            properties.properties()
            .forEach(property -> columns.add(described(property.getKey(), property.getValue(), property.getValue())));
        }
        for (JsonNode column : params.path("columns")) {
            columns.add(adHoc ? legacy(column, properties.path(column.path("name").asText())) : current(column));
        }
        return columns;
    }

    /** Of the ad-hoc class: what stands below {@code _adhoc}, which the registry renames after the class. */
    private JsonNode classProperties() {
        for (JsonNode part : flow.get(Kinds.SOURCE_CLASS).path("allOf")) {
            for (JsonNode namespace : part.path("properties")) {
                return namespace.path("properties");
            }
        }
        return NODES.objectNode();
    }

    private static ObjectNode described(String name, JsonNode type, JsonNode property) {
        ObjectNode column = NODES.objectNode().put("name", name).put("type", type.path("type").asText());
        Texts.copy(property, "format", column);
        return column;
    }

    private static ObjectNode legacy(JsonNode column, JsonNode property) {
        ObjectNode legacy = described(column.path("name").asText(), column, property);
        String type = column.path("type").asText();
        String originalType = type.isEmpty() ? "" : type.substring(0, 1).toUpperCase(Locale.ROOT) + type.substring(1);
        if (!column.path("meta").equals(NODES.objectNode().put("originalType", originalType))) {
            legacy.set("meta", column.path("meta").isObject() ? column.path("meta") : NODES.objectNode());
        }
        return legacy;
    }

    private static ObjectNode current(JsonNode column) {
        ObjectNode current = NODES.objectNode().put("name", column.path("name").asText()).put("type", column.path("type").asText());
        JsonNode xdm = column.path("xdm");
        ObjectNode plain = NODES.objectNode().put("type", xdmType(column.path("type").asText()));
        if (xdm.equals(plain) && !column.has("meta:xdmType")) {
            return current;
        } else if (xdm.equals(plain.deepCopy().put("format", "date-time")) && column.path("meta:xdmType").asText().equals("date-time")) {
            return current.put("format", "date-time");
        }
        Texts.copy(column, "meta:xdmType", current);
        current.set("xdm", xdm.isObject() ? xdm : NODES.objectNode());
        return current;
    }

    private static String xdmType(String type) {
        return List.of("long", "integer").contains(type) ? "integer" : List.of("double", "number").contains(type) ? "number" : type;
    }
}
