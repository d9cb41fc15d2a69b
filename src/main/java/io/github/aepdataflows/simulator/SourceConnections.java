package io.github.aepdataflows.simulator;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Set;

/** Source connections: which table or file of a source, with which columns, in which format. */
final class SourceConnections {

    /** The format that marks the 2020 form; it comes with the ad-hoc schema of the source data. */
    static final String FORMAT_2020 = "parquet_xdm";

    private static final Set<String> FORMATS = Set.of("tabular", "delimited", "json", "parquet", FORMAT_2020);

    static final List<String> COMPRESSIONS = List.of("bzip2", "gzip", "deflate", "zipDeflate", "tarGzip", "tar");

    private final ConnectionSpecs specs;
    private final Connections connections;
    private final Schemas schemas;
    private final Generation generation;
    private final Entities entities;

    SourceConnections(ConnectionSpecs specs, Connections connections, Schemas schemas, Generation generation,
                      Entities entities) {
        this.specs = specs;
        this.connections = connections;
        this.schemas = schemas;
        this.generation = generation;
        this.entities = entities;
    }

    void register(Router router, String base) {
        router.on("POST", base + "/sourceConnections", this::create);
    }

    static boolean is2020(JsonNode sourceConnection) {
        return Json.text(sourceConnection, "data.format").equals(FORMAT_2020);
    }

    private Answer create(Call call) {
        ObjectNode body = call.object();
        boolean landingZone = specs.hasNoBaseConnection(Json.text(body, "connectionSpec.id"));
        for (String field : landingZone ? List.of("name") : List.of("name", "baseConnectionId")) {
            if (Json.text(body, field).isEmpty()) {
                throw Refusal.flow("1304-400", field + " is missing");
            }
        }
        if (landingZone && body.has("baseConnectionId")) {
            throw Refusal.flow("1332-400", "The source takes no base connection");
        }
        if (!specs.streams(Json.text(body, "connectionSpec.id"))) {
            checkFormat(body);
        }
        checkParams(body);
        if (!(is2020(body) && body.path("connectionSpec").isMissingNode())) {
            specs.checkReference(body.path("connectionSpec"));
        }
        if (is2020(body)) {
            schemas.checkReference(call, body.at("/data/schema"));
        }
        if (landingZone) {
            return entities.created(entities.create(call, body, "enabled"));
        }
        ObjectNode base = connections.referenced(call, body.path("baseConnectionId").asText());
        JsonNode baseSpec = base.path("connectionSpec");
        if (body.path("connectionSpec").isMissingNode()) {
            // the CRM tutorial of 2020 leaves it out
            body.set("connectionSpec", baseSpec.deepCopy());
        }
        if (!Json.text(body, "connectionSpec.id").equals(baseSpec.path("id").asText())) {
            throw Refusal.flow("1305-400", "The connection spec differs from that of the base connection");
        }
        body.putObject("inheritedAttributes").putObject("baseConnection").put("id", base.path("id").asText())
            .set("connectionSpec", baseSpec.deepCopy());
        return entities.created(entities.create(call, body, "enabled"));
    }

    private void checkFormat(ObjectNode body) {
        String format = Json.text(body, "data.format");
        boolean ofItsGeneration = switch (generation) {
            case BOTH -> true;
            case CURRENT -> !format.equals(FORMAT_2020);
            case LEGACY -> !format.equals("tabular");
        };
        if (!FORMATS.contains(format) || !ofItsGeneration) {
            throw Refusal.flow("1327-400", "The data format " + format + " is not supported");
        }
        checkFile(body.path("data"), body.path("params"));
    }

    /** How files are written. Newer documents put the delimiter into {@code data.properties}. */
    private static void checkFile(JsonNode data, JsonNode params) {
        for (JsonNode holder : List.of(data, data.path("properties"))) {
            String delimiter = holder.path("columnDelimiter").asText();
            if (holder.has("columnDelimiter") && (delimiter.length() != 1 || !data.path("format").asText().equals("delimited"))) {
                throw Refusal.flow("1331-400", "The column delimiter is one character, of delimited files only: " + delimiter);
            }
        }
        JsonNode compression = data.path("properties").path("compressionType");
        if (!compression.isMissingNode() && !COMPRESSIONS.contains(compression.asText())) {
            throw Refusal.flow("1304-400", "The compression " + compression + " is none of " + COMPRESSIONS);
        }
        String encoding = data.path("properties").path("encoding").asText("UTF-8");
        if (!Set.of("UTF-8", "ISO-8859-1").contains(encoding)
            || data.path("properties").has("encoding") && !data.path("format").asText().equals("delimited")) {
            throw Refusal.flow("1304-400", "The encoding is UTF-8 or ISO-8859-1, of delimited files only: " + encoding);
        }
        if (!Set.of("file", "folder").contains(params.path("type").asText("file"))) {
            throw Refusal.flow("1304-400", "params.type is file or folder, not " + params.path("type"));
        }
        JsonNode recursive = params.path("recursive");
        if (!recursive.isMissingNode() && !Set.of("true", "false").contains(recursive.asText())) {
            throw Refusal.flow("1304-400", "params.recursive is true or false, not " + recursive);
        }
    }

    private void checkParams(ObjectNode body) {
        JsonNode params = body.path("params");
        JsonNode own = specs.ownParams(Json.text(body, "connectionSpec.id"));
        if (!own.isMissingNode()) {
            own.path("required").forEach(name -> {
                if (!params.hasNonNull(name.asText())) {
                    throw Refusal.flow("1318-400", "params." + name.asText() + " is missing");
                }
            });
            return;
        }
        if (specs.streams(Json.text(body, "connectionSpec.id"))) {
            return;   // it needs none
        }
        boolean table = !Json.text(params, "tableName").isEmpty();
        boolean tabular = Set.of("tabular", FORMAT_2020).contains(Json.text(body, "data.format"));
        if (Json.text(params, "path").isEmpty() && !(table && tabular)) {
            throw Refusal.flow("1304-400", tabular ? "params.tableName is missing" : "params.path is missing");
        }
        if (!table) {
            return;
        }
        if (params.has("columns") && params.path("columns").isEmpty()) {
            throw Refusal.flow("1330-400", "params.columns is empty");
        }
        for (JsonNode column : params.path("columns")) {
            boolean described = column.path("meta").isObject() || column.path("xdm").isObject();
            if (Json.text(column, "name").isEmpty() || Json.text(column, "type").isEmpty() || !described) {
                throw Refusal.flow("1304-400", "A column needs name, type and xdm (or meta): " + column);
            }
        }
    }
}
