package io.github.aepdataflows.simulator;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * A table or a file that a source holds.
 *
 * @param type    {@code table} or {@code file}
 * @param name    what people call it
 * @param path    what calls name it by; tables may have another path than name
 * @param columns as explore shows them
 */
record SourceObject(String type, String name, String path, ArrayNode columns) {

    static SourceObject table(String path, ArrayNode columns) {
        return new SourceObject("table", path, path, columns);
    }

    static SourceObject file(String path, ArrayNode columns) {
        return new SourceObject("file", path.substring(path.lastIndexOf('/') + 1), path, columns);
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
