package io.github.aepdataflows.simulator;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The {@code full} form of a resource: every {@code $ref} and {@code allOf} is resolved into one tree of {@code properties}.
 * Objects of one name are merged, so that the custom fields of several field groups stand side by side.
 */
final class XdmExpansion {

    private final Schemas schemas;

    XdmExpansion(Schemas schemas) {
        this.schemas = schemas;
    }

    ObjectNode expanded(Call call, ObjectNode resource) {
        ObjectNode properties = properties(call, resource);
        ObjectNode copy = resource.deepCopy();
        copy.remove("allOf");
        copy.remove("definitions");
        return copy.set("properties", properties);
    }

    /** What the resource and all that it refers to declare. */
    ObjectNode properties(Call call, JsonNode resource) {
        ObjectNode properties = Json.object();
        add(call, resource, resource, properties, Collections.newSetFromMap(new IdentityHashMap<>()));
        return properties;
    }

    /** @param root the resource that a {@code #/definitions/…} is looked for in */
    private void add(Call call, JsonNode part, JsonNode root, ObjectNode properties, Set<JsonNode> seen) {
        if (!seen.add(part)) {
            return;
        }
        if (part.path("properties") instanceof ObjectNode own) {
            merge(properties, resolved(call, own, root, seen));
        }
        String ref = part.path("$ref").asText();
        if (ref.startsWith("#/")) {
            add(call, root.at(ref.substring(1)), root, properties, seen);
        } else {
            found(call, ref).ifPresent(other -> add(call, other, other, properties, seen));
        }
        part.path("allOf").forEach(each -> add(call, each, root, properties, seen));
        seen.remove(part);
    }

    /** Fields may refer to data types themselves. */
    private ObjectNode resolved(Call call, ObjectNode fields, JsonNode root, Set<JsonNode> seen) {
        ObjectNode resolved = Json.object();
        fields.properties().forEach(field -> resolved.set(field.getKey(), resolvedField(call, field.getValue(), root, seen)));
        return resolved;
    }

    private JsonNode resolvedField(Call call, JsonNode field, JsonNode root, Set<JsonNode> seen) {
        if (!(field instanceof ObjectNode object)) {
            return field;
        }
        ObjectNode copy = object.deepCopy();
        for (String nested : new String[] {"items", "additionalProperties"}) {
            if (field.has(nested)) {
                copy.set(nested, resolvedField(call, field.path(nested), root, seen));
            }
        }
        ObjectNode properties = Json.object();
        add(call, field, root, properties, seen);
        if (!properties.isEmpty()) {
            copy.put("type", "object").set("properties", properties);
            copy.remove("allOf");
            copy.remove("$ref");
        }
        if (copy.has("type") && !copy.has("meta:xdmType")) {
            copy.put("meta:xdmType", copy.path("type").asText());
        }
        return copy;
    }

    private Optional<ObjectNode> found(Call call, String ref) {
        return ref.isEmpty() ? Optional.empty() : Stream.of("classes", "fieldgroups", "datatypes", "behaviors")
            .flatMap(type -> schemas.find(call, type, ref).stream()).findFirst();
    }

    private static void merge(ObjectNode into, ObjectNode other) {
        other.properties().forEach(field -> {
            boolean both = into.path(field.getKey()) instanceof ObjectNode && field.getValue() instanceof ObjectNode;
            if (both) {
                merge((ObjectNode) into.path(field.getKey()), (ObjectNode) field.getValue());
            } else {
                into.set(field.getKey(), field.getValue());
            }
        });
    }
}
