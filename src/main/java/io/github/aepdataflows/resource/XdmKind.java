package io.github.aepdataflows.resource;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.TreeSet;

/** What classes and schemas of the Schema Registry have in common: a title that is unique in the sandbox, and what they refer to. */
interface XdmKind extends Kind {

    @Override
    default Service service() {
        return Service.SCHEMA_REGISTRY;
    }

    @Override
    default String naturalKey(JsonNode resource) {
        return resource.path("title").asText();
    }

    @Override
    default List<Filter> filters(JsonNode resource) {
        String title = naturalKey(resource);
        return Lookup.isPlain(title) ? List.of(Filter.bare("title", title)) : List.of();
    }

    /** The registry renames {@code _adhoc} after the class, sorts and repeats references, and adds a type of its own to each property. */
    @Override
    default JsonNode normalForm(JsonNode document) {
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
}
