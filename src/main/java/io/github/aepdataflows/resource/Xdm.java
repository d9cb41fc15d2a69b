package io.github.aepdataflows.resource;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.TreeSet;

/** What classes and schemas of the Schema Registry have in common. */
final class Xdm {

    /** {@code Accept} of a schema reference without its texts. */
    static final String NOTEXT = "application/vnd.adobe.xed-full-notext+json; version=1";

    static final String FULL = "application/vnd.adobe.xed-full+json;version=1";

    private Xdm() {
    }

    static String titleFilter(String title) {
        return Kind.PLAIN.matcher(title).matches() ? Lookup.property("title==" + title) : "";
    }

    /** The registry renames {@code _adhoc} after the class, sorts and repeats references, and adds a type of its own to each property. */
    static ObjectNode normalForm(JsonNode document) {
        ObjectNode form = Json.object().put("title", document.path("title").asText());
        if (document.hasNonNull("description")) {
            form.put("description", document.path("description").asText());
        }
        if (document.hasNonNull("meta:immutableTags")) {
            form.set("tags", document.path("meta:immutableTags"));
        }
        TreeSet<String> references = new TreeSet<>();
        document.path("allOf").forEach(part -> {
            if (part.has("$ref")) {
                references.add(part.path("$ref").asText());
            }
            part.path("properties").forEach(namespace -> form.set("properties", namespace.path("properties")));
        });
        ArrayNode refs = form.putArray("references");
        references.forEach(refs::add);
        return form;
    }

    /** XDM calls every whole number integer and every other number number. */
    static ObjectNode type(JsonNode column) {
        ObjectNode type = Json.object().put("type", switch (column.path("type").asText()) {
            case "long" -> "integer";
            case "double" -> "number";
            default -> column.path("type").asText();
        });
        if (column.has("format")) {
            type.put("format", column.path("format").asText());
        }
        return type;
    }
}
