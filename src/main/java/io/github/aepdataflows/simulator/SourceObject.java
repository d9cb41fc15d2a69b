package io.github.aepdataflows.simulator;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * A table or a file that a source holds.
 *
 * @param type   {@code table}, {@code view}, {@code file}, or {@code rest} for what a REST API answers
 * @param name   what people call it
 * @param path   what calls name it by; tables may have another path than name
 * @param schema as explore shows it: the columns of the form {@code flat}, or a JSON Schema, of the form {@code hierarchical}
 */
record SourceObject(String type, String name, String path, ObjectNode schema) {

    static SourceObject table(String path, ArrayNode columns) {
        return table(path, path, columns);
    }

    static SourceObject table(String name, String path, ArrayNode columns) {
        return new SourceObject("table", name, path, flat(columns));
    }

    static SourceObject file(String path, ArrayNode columns) {
        return file(path, flat(columns));
    }

    static SourceObject file(String path, ObjectNode schema) {
        return new SourceObject("file", path.substring(path.lastIndexOf('/') + 1), path, schema);
    }

    private static ObjectNode flat(ArrayNode columns) {
        return Json.object().set("columns", columns);
    }

    /** {@code flat} or {@code hierarchical}. */
    String format() {
        return schema.has("columns") ? "flat" : "hierarchical";
    }

    /** Whether it describes nothing. */
    boolean isEmpty() {
        return schema.path(schema.has("columns") ? "columns" : "properties").isEmpty();
    }

    /** Its line in a list. */
    ObjectNode listed() {
        return line(type, name, path, true);
    }

    static ObjectNode folder(String path) {
        return line("folder", path.substring(path.lastIndexOf('/') + 1), path, false);
    }

    private static ObjectNode line(String type, String name, String path, boolean readable) {
        return Json.object().put("type", type).put("name", name).put("path", path).put("canPreview", readable)
            .put("canFetchSchema", readable);
    }
}
