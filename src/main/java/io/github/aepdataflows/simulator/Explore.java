package io.github.aepdataflows.simulator;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.DoubleNode;
import com.fasterxml.jackson.databind.node.IntNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.io.IOException;
import java.util.Base64;
import java.util.Collection;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;

/**
 * {@code GET /connections/{id}/explore}: the tables, folders and files behind a base connection, and their columns, in the
 * current form. Documented in "Explore a data source".
 */
final class Explore {

    private static final Set<String> FILE_TYPES = Set.of("delimited", "json", "parquet");
    private static final int PREVIEW_ROWS = 3;

    private final Connections connections;
    private final ConnectionSpecs specs;
    private final SourceObjects objects;

    Explore(Connections connections, ConnectionSpecs specs, SourceObjects objects) {
        this.connections = connections;
        this.specs = specs;
        this.objects = objects;
    }

    void register(Router router, String base) {
        router.on("GET", base + "/connections/{id}/explore", this::explore);
        router.on("GET", base + "/connectionSpecs/{id}/explore", this::exploreSpec);
    }

    /** Of a landing zone, which no base connection leads to. */
    private Answer exploreSpec(Call call) {
        if (!specs.hasNoBaseConnection(call.id())) {
            throw Refusal.flow("1336-400", "The connection spec " + call.id() + " cannot be explored");
        }
        ObjectNode zone = Json.object().put("id", call.id()).put("sandboxName", call.sandbox());
        zone.putObject("connectionSpec").put("id", call.id());
        return explore(call, zone);
    }

    private Answer explore(Call call) {
        ObjectNode connection = connections.named(call);
        if (Json.text(connection, "connectionSpec.id").equals(ConnectionSpecs.DATASET)) {
            throw Refusal.flow("1336-400", "The connection " + call.id() + " cannot be explored");
        }
        if (!connections.works(connection)) {
            throw Refusal.flow("1600-400", "The source behind the connection " + call.id() + " cannot be reached");
        }
        return explore(call, connection);
    }

    private Answer explore(Call call, ObjectNode connection) {
        String specId = Json.text(connection, "connectionSpec.id");
        String objectType = call.query().first("objectType").filter(text -> !text.isEmpty())
            .orElseThrow(() -> Refusal.flow("1359-400", "objectType is missing")).toLowerCase(Locale.ROOT);
        if (objectType.equals("rest") != specs.isRest(specId)) {
            throw Refusal.flow("1358-400", "objectType " + objectType + " is not one of this source");
        }
        Collection<SourceObject> found = objects.of(connection);
        return switch (objectType) {
            case "root" -> !specs.holdsFiles(specId) ? tables(found)
                : folder(found, specs.hasNoBaseConnection(specId) ? SourceObjects.LANDING_ZONE : "");
            case "folder" -> folder(found, required(call, "object").replaceFirst("/+$", ""));
            case "table", "view" -> columns(call, found, objectType);
            case "rest" -> {
                checkRest(call, specs.ownParams(specId));
                yield columns(call, found, "rest");
            }
            case "file" -> {
                checkFileType(call);
                yield columns(call, found, "file");
            }
            default -> throw Refusal.flow("1358-400", "objectType is root, table, view, folder, file or rest, not " + objectType);
        };
    }

    private static String required(Call call, String name) {
        return call.query().first(name).filter(text -> !text.isEmpty())
            .orElseThrow(() -> Refusal.flow("1337-400", name + " is missing"));
    }

    /** The API's reference writes {@code Delimited}, its tutorials {@code delimited}. */
    private static void checkFileType(Call call) {
        String fileType = required(call, "fileType");
        if (!FILE_TYPES.contains(fileType.toLowerCase(Locale.ROOT))) {
            throw Refusal.flow("1337-400", "fileType is delimited, json or parquet, not " + fileType);
        }
        call.query().first("compressionType").filter(type -> !SourceConnections.COMPRESSIONS.contains(type)).ifPresent(type -> {
            throw Refusal.flow("1337-400", "compressionType is none of " + SourceConnections.COMPRESSIONS + ": " + type);
        });
    }

    /** What a self-serve source is asked for: its own parameters, as Base64 of JSON. */
    private static void checkRest(Call call, JsonNode own) {
        if (!required(call, "fileType").equalsIgnoreCase("json")) {
            throw Refusal.flow("1337-400", "fileType of a self-serve source is json");
        }
        JsonNode params;
        try {
            params = Json.MAPPER.readTree(Base64.getDecoder().decode(required(call, "sourceParams")));
        } catch (IOException | IllegalArgumentException e) {
            throw Refusal.flow("1337-400", "sourceParams is not Base64 of JSON");
        }
        own.path("required").forEach(name -> {
            if (!params.hasNonNull(name.asText())) {
                throw Refusal.flow("1318-400", "sourceParams lacks " + name.asText());
            }
        });
    }

    private static Answer tables(Collection<SourceObject> found) {
        ArrayNode list = Json.array();
        found.stream().filter(object -> object.type().matches("table|view")).forEach(object -> list.add(object.listed()));
        return Answer.json(200, list);
    }

    /** What is right in a folder: first its folders, then its files. */
    private static Answer folder(Collection<SourceObject> found, String path) {
        Set<String> folders = new TreeSet<>();
        ArrayNode files = Json.array();
        for (SourceObject object : found) {
            if (object.type().equals("file") && object.path().startsWith(path + "/")) {
                int slash = object.path().indexOf('/', path.length() + 1);
                if (slash < 0) {
                    files.add(object.listed());
                } else {
                    folders.add(object.path().substring(0, slash));
                }
            }
        }
        if (folders.isEmpty() && files.isEmpty() && !path.isEmpty()) {
            throw Refusal.notFound("folder", path);
        }
        ArrayNode list = Json.array();
        boolean landingZone = path.startsWith(SourceObjects.LANDING_ZONE);   // the document has a slash at the end there
        folders.forEach(folder -> list.add(landingZone ? SourceObject.folder(folder).put("path", folder + "/")
            : SourceObject.folder(folder)));
        return Answer.json(200, list.addAll(files));
    }

    private static Answer columns(Call call, Collection<SourceObject> found, String type) {
        String path = required(call, "object");
        SourceObject object = found.stream().filter(each -> each.type().equals(type) && each.path().equals(path)).findFirst()
            .orElseThrow(() -> Refusal.notFound(type, path));
        if (object.isEmpty()) {
            throw Refusal.flow("1330-400", "The " + type + " " + path + " has no columns");
        }
        ObjectNode answer = Json.object().put("format", object.format());
        answer.set("schema", object.schema());
        if (preview(call)) {
            ArrayNode data = answer.putArray("data");
            for (int row = 1; row <= PREVIEW_ROWS; row++) {
                data.add(object.schema().has("columns") ? row(object.schema().path("columns"), row) : value(object.schema(), "", row));
            }
        }
        return Answer.json(200, answer);
    }

    private static boolean preview(Call call) {
        call.query().first("filters").ifPresent(Explore::checkFilters);
        String preview = call.query().first("preview").orElse("false").toLowerCase(Locale.ROOT);
        if (!Set.of("true", "false").contains(preview)) {
            throw Refusal.flow("1337-400", "preview is true or false, not " + preview);
        }
        return preview.equals("true");
    }

    /** A row filter is Base64 of PQL in JSON; only its form is looked at. */
    private static void checkFilters(String filters) {
        try {
            if (Json.MAPPER.readTree(Base64.getDecoder().decode(filters)).isObject()) {
                return;
            }
        } catch (IOException | IllegalArgumentException e) {
            // refused below, whatever is wrong with it
        }
        throw Refusal.flow("1389-400", "filters is not Base64 of a PQL expression in JSON");
    }

    private static ObjectNode row(JsonNode columns, int number) {
        ObjectNode row = Json.object();
        for (JsonNode column : columns) {
            String name = column.path("name").asText();
            row.set(name, scalar(column.path("meta:xdmType").asText(column.path("type").asText()), name, number));
        }
        return row;
    }

    /** A value of what a JSON Schema describes. */
    private static JsonNode value(JsonNode schema, String name, int number) {
        if (schema.has("items")) {
            return Json.array().add(value(schema.path("items"), name, number));
        } else if (!schema.has("properties")) {
            return scalar(schema.path("format").asText(schema.path("type").asText()), name, number);
        }
        ObjectNode object = Json.object();
        schema.path("properties").properties().forEach(field ->
            object.set(field.getKey(), value(field.getValue(), field.getKey(), number)));
        return object;
    }

    private static JsonNode scalar(String type, String name, int number) {
        return switch (type) {
            case "date" -> TextNode.valueOf("2026-11-0" + number);
            case "date-time" -> TextNode.valueOf("2026-11-0" + number + "T08:00:00Z");
            case "boolean" -> BooleanNode.valueOf(number % 2 == 1);
            case "integer" -> IntNode.valueOf(number);
            case "double", "number" -> DoubleNode.valueOf(number + 0.5);
            default -> TextNode.valueOf(name + " " + number);
        };
    }
}
