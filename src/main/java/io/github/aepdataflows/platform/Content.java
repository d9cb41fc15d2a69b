package io.github.aepdataflows.platform;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.aepdataflows.definition.AuthParams;
import io.github.aepdataflows.definition.Fingerprint;
import java.util.TreeSet;
import java.util.stream.StreamSupport;

/**
 * What of a resource tells whether it is the one that a create makes: the fields that the create sends, in one form,
 * whatever the service adds to them or writes differently when it gives them back.
 */
final class Content {

    private static final String COLUMNS = "columns";

    private final JsonNode fields;

    private Content(JsonNode fields) {
        this.fields = fields;
    }

    /** @param document the body of a create of this step, or a resource as the service lists it */
    static Content of(String step, JsonNode document) {
        return new Content(switch (step) {
            case "base-connection" -> baseConnection(document);
            case "source-class", "source-schema", "target-schema" -> xdm(document);
            case "mapping-set" -> mappingSet(document);
            case "flow" -> withoutStart(document);
            case "source-connection" -> sourceConnection(document);
            default -> document;
        });
    }

    JsonNode fields() {
        return fields;
    }

    /** SHA-256 of it. */
    String digest() {
        return Fingerprint.of(fields).digest();
    }

    /** Whether a resource has all that this one has; it may have more. */
    boolean isIn(Content resource) {
        return isIn(fields, seen(resource));
    }

    /** The fields of a resource, in which those of this one can be looked for. */
    JsonNode seen(Content resource) {
        if (!fields.has(COLUMNS) || !(resource.fields instanceof ObjectNode other)) {
            return resource.fields;
        }
        ObjectNode named = other.deepCopy();
        ObjectNode columns = named.putObject(COLUMNS);
        other.at("/params/columns").forEach(column -> columns.put(column.path("name").asText(), true));
        return named;
    }

    /**
     * As {@link #seen}, of the one resource that is meant, whoever made it: other words for the same are no difference, and
     * neither are names by which nobody looks for it.
     */
    JsonNode shown(String step, Content resource) {
        JsonNode seen = seen(resource);
        if (!(seen.deepCopy() instanceof ObjectNode shown)) {
            return seen;
        }
        switch (step) {
            case "source-class", "source-schema" -> as("title", fields, shown);
            case "mapping-set" -> as("name", fields, shown);
            case "flow" -> shown.path("transformations").forEach(Content::withMappingVersion);
            case "source-connection", "target-connection" -> connection(step, shown);
            default -> { }
        }
        return shown;
    }

    private static void as(String field, JsonNode wanted, JsonNode shown) {
        if (wanted.has(field)) {
            ((ObjectNode) shown).set(field, wanted.path(field));
        }
    }

    /** A flow that names no version of its mapping set means the first. */
    private static void withMappingVersion(JsonNode transformation) {
        if (transformation.path("params") instanceof ObjectNode params && params.has("mappingId") && !params.has("mappingVersion")) {
            params.put("mappingVersion", 0);
        }
    }

    private void connection(String step, ObjectNode shown) {
        if (shown.path("connectionSpec").isObject() && !shown.path("connectionSpec").has("version")) {
            as("version", fields.path("connectionSpec"), shown.path("connectionSpec"));
        }
        if (step.equals("target-connection")) {   // newer ones leave out what the dataset says anyway
            ObjectNode data = shown.path("data") instanceof ObjectNode given ? given : shown.putObject("data");
            fields.path("data").properties().stream().filter(field -> !data.has(field.getKey()))
                    .forEach(field -> data.set(field.getKey(), field.getValue().deepCopy()));
        } else if (fields.has(COLUMNS) && !shown.at("/params").has(COLUMNS)) {   // it reads all that the source has
            as(COLUMNS, fields, shown);
        }
        JsonNode wanted = fields.at("/data/schema");
        JsonNode is = shown.at("/data/schema");
        if (is.isObject() && major(wanted.path("version").asText()).equals(major(is.path("version").asText()))) {
            as("version", wanted, is);
        }
    }

    /** {@code 1} of {@code application/vnd.adobe.xed-full+json; version=1.0}. */
    private static String major(String version) {
        return version.replaceFirst("^.*version=(\\d+).*$", "$1");
    }

    private static boolean isIn(JsonNode sought, JsonNode found) {
        if (sought.isNull()) {
            return true;
        } else if (sought.isObject()) {
            return sought.properties().stream().allMatch(field -> isIn(field.getValue(), found.path(field.getKey())));
        } else if (sought.isArray()) {
            return found.isArray() && sought.size() == found.size()
                    && StreamSupport.stream(sought.spliterator(), false).allMatch(new InOrder(found)::nextHas);
        }
        return found.isValueNode() && sought.asText().equals(found.asText());   // "15" is 15
    }

    private static final class InOrder {
        private final JsonNode found;
        private int next;

        InOrder(JsonNode found) {
            this.found = found;
        }

        boolean nextHas(JsonNode sought) {
            return isIn(sought, found.get(next++));
        }
    }

    /** Where the columns were left to the source, it has those at least that the mapping takes from. */
    private static JsonNode sourceConnection(JsonNode document) {
        ObjectNode content = document.deepCopy();
        if (content.remove(RequestBodies.NEEDED_COLUMNS) instanceof ArrayNode needed) {
            ObjectNode columns = content.putObject(COLUMNS);
            needed.forEach(name -> columns.put(name.asText(), true));
        }
        return content;
    }

    /** The service hides what is secret; and what the body only names may be anything. The description is nobody's concern. */
    private static JsonNode baseConnection(JsonNode document) {
        ObjectNode content = object().put("name", document.path("name").asText());
        content.putObject("connectionSpec").set("id", document.at("/connectionSpec/id"));
        if (document.path("auth").isObject()) {
            ObjectNode auth = content.putObject("auth");
            auth.set("specName", document.at("/auth/specName"));
            ObjectNode params = auth.putObject("params");
            document.at("/auth/params").properties().stream()
                    .filter(param -> param.getValue().isValueNode() && !AuthParams.isSecret(param.getKey()))
                    .forEach(param -> params.set(param.getKey(), param.getValue()));
        }
        return content;
    }

    /** The registry renames {@code _adhoc} after the class, sorts and repeats references, and adds a type of its own to each property. */
    private static JsonNode xdm(JsonNode document) {
        ObjectNode content = object().put("title", document.path("title").asText());
        if (document.hasNonNull("description")) {
            content.put("description", document.path("description").asText());
        }
        if (document.hasNonNull("meta:immutableTags")) {
            content.set("tags", document.path("meta:immutableTags"));
        }
        TreeSet<String> references = new TreeSet<>();
        document.path("allOf").forEach(part -> {
            if (part.has("$ref")) {
                references.add(part.path("$ref").asText());
            }
            part.path("properties").forEach(namespace -> content.set("properties", namespace.path("properties")));
        });
        ArrayNode refs = content.putArray("references");
        references.forEach(refs::add);
        return content;
    }

    /** Old form and new form say the same in other words. */
    private static JsonNode mappingSet(JsonNode document) {
        String schema = document.path("xdmSchema").asText(document.at("/outputSchema/schemaRef/id").asText());
        ObjectNode content = object().put("schema", schema);
        if (document.hasNonNull("name")) {   // in the new form only
            content.put("name", document.path("name").asText());
        }
        ArrayNode rules = content.putArray("mappings");
        document.path("mappings").forEach(rule -> {
            ObjectNode same = rules.addObject()
                    .put("source", rule.path("sourceAttribute").asText(rule.path("source").asText()))
                    .put("destination", rule.path("destinationXdmPath").asText(rule.path("destination").asText()))
                    .put("identity", rule.path("identity").asBoolean());
            String kind = kind(rule.path("sourceType").asText());
            if (!kind.isEmpty()) {
                same.put("kind", kind);
            }
            for (String optional : new String[] {"identityGroup", "namespaceCode"}) {
                if (rule.hasNonNull(optional)) {
                    same.put(optional, rule.path(optional).asText());
                }
            }
        });
        return content;
    }

    /** A plain column has none, however the service calls it. */
    private static String kind(String sourceType) {
        return switch (sourceType) {
            case "EXPRESSION", "text/x.aep-xl" -> "expression";
            case "STATIC" -> "constant";
            default -> "";
        };
    }

    /** A start that the definition leaves open is another at each attempt; the flow's connections tell it from any other. */
    private static JsonNode withoutStart(JsonNode document) {
        ObjectNode content = document.deepCopy();
        if (content.path("scheduleParams") instanceof ObjectNode schedule) {
            schedule.remove("startTime");
        }
        return content;
    }

    private static ObjectNode object() {
        return JsonNodeFactory.instance.objectNode();
    }
}
