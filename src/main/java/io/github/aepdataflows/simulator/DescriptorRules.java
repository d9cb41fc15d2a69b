package io.github.aepdataflows.simulator;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Set;

/**
 * What a descriptor must say. Adobe documents the rules, but of the answers to their breach only that they are 400. Fields are
 * looked for in the schemas that identities belong to; other descriptors may name them with a prefix, as in
 * {@code /xdm:eventType}.
 */
final class DescriptorRules {

    private static final Set<String> OTHER_TYPES = Set.of("xdm:alternateDisplayInfo", "xdm:descriptorOneToOne",
        "xdm:descriptorRelationship", "xdm:descriptorReferenceIdentity", Descriptors.LABEL);
    private static final List<String> REQUIRED = List.of("@type", "xdm:sourceSchema", "xdm:sourceVersion", "xdm:sourceProperty");
    private static final List<String> REQUIRED_OF_IDENTITIES = List.of("xdm:namespace", "xdm:property");

    private final Schemas schemas;
    private final XdmExpansion expansion;
    private final IdentityNamespaces namespaces;
    private final Options options;

    DescriptorRules(Schemas schemas, IdentityNamespaces namespaces, Options options) {
        this.schemas = schemas;
        this.expansion = new XdmExpansion(schemas);
        this.namespaces = namespaces;
        this.options = options;
    }

    /** @param others all that there are but the one that this takes the place of */
    void check(Call call, ObjectNode descriptor, List<ObjectNode> others) {
        require(descriptor, REQUIRED);
        boolean identity = Descriptors.isIdentity(descriptor);
        if (!identity && !OTHER_TYPES.contains(descriptor.path("@type").asText())) {
            throw Refusal.invalid("@type is no type of descriptor: " + descriptor.path("@type"));
        }
        if (identity) {
            require(descriptor, REQUIRED_OF_IDENTITIES);
        }
        ObjectNode schema = schema(call, descriptor);
        checkProperty(descriptor.path("xdm:sourceProperty").asText());
        if (descriptor.path("@type").asText().equals(Descriptors.LABEL)) {
            checkLabels(call, schema, descriptor);
        }
        if (identity) {
            checkField(call, schema, descriptor.path("xdm:sourceProperty").asText());
            checkNamespace(descriptor);
            checkAgainst(others.stream().filter(Descriptors::isIdentity)
                .filter(other -> other.path("xdm:sourceSchema").equals(schema.path("$id"))).toList(), descriptor);
        }
    }

    private static void require(ObjectNode descriptor, List<String> fields) {
        for (String field : fields) {
            if (!descriptor.hasNonNull(field)) {
                throw Refusal.invalid("$." + field + ": is missing but it is required");
            }
        }
    }

    private ObjectNode schema(Call call, ObjectNode descriptor) {
        String id = descriptor.path("xdm:sourceSchema").asText();
        Refusal documented = Refusal.invalid("xdm:sourceSchema is not the $id of a schema: " + id);
        boolean isLabel = descriptor.path("@type").asText().equals(Descriptors.LABEL);   // whose source is a field group as well
        ObjectNode schema = schemas.find(call, "fieldgroups", id).filter(group -> isLabel)
            .orElseGet(() -> schemas.referenced(call, id, documented));
        if (!schema.path("$id").asText().equals(id)) {
            throw documented;
        }
        if (!descriptor.path("xdm:sourceVersion").asText().equals("1")) {
            throw Refusal.invalid("xdm:sourceVersion must be the major version 1, not " + descriptor.path("xdm:sourceVersion"));
        }
        return schema;
    }

    private void checkProperty(String property) {
        if (!property.startsWith("/") || property.endsWith("/")) {
            throw Refusal.invalid("xdm:sourceProperty must begin with / and not end with it: " + property);
        }
        if (property.equals("/_" + options.tenantId())) {
            throw Refusal.invalid("xdm:sourceProperty must be a field below " + property + ", not all of them");
        }
    }

    private JsonNode field(Call call, ObjectNode schema, String property) {
        JsonNode field = MissingNode.getInstance();
        JsonNode fields = expansion.properties(call, schema);
        for (String name : property.substring(1).split("/")) {
            field = fields.path(name);
            fields = field.path("properties");
        }
        return field;
    }

    /** A value, that is: what would an identity be that is an object, a map or a list? */
    private void checkField(Call call, ObjectNode schema, String property) {
        JsonNode field = field(call, schema, property);
        if (!field.isObject()) {
            throw Refusal.invalid("xdm:sourceProperty is no field of the schema: " + property);
        }
        if (Set.of("object", "array").contains(field.path("type").asText())) {
            throw Refusal.invalid("xdm:sourceProperty must be a field with a value of its own: " + property);
        }
    }

    /** No page of Adobe's says what it may have; in the schema that descriptors of labels have in the public XDM it is a list of texts. */
    private void checkLabels(Call call, ObjectNode schema, ObjectNode descriptor) {
        JsonNode labels = descriptor.path(descriptor.has("xdm:labels") ? "xdm:labels" : "xdm:label");
        if (!labels.isArray() || labels.isEmpty() || Json.stream(labels).anyMatch(label -> !label.isTextual())) {
            throw Refusal.invalid("xdm:labels must be a list of labels, not " + labels);
        }
        if (field(call, schema, descriptor.path("xdm:sourceProperty").asText()).isMissingNode()) {
            throw Refusal.invalid("xdm:sourceProperty is no field of the schema: " + descriptor.path("xdm:sourceProperty").asText());
        }
    }

    private void checkNamespace(ObjectNode descriptor) {
        String namespace = descriptor.path("xdm:namespace").asText();
        boolean known = switch (descriptor.path("xdm:property").asText()) {
            case "xdm:code" -> namespaces.hasCode(namespace);
            case "xdm:id" -> namespaces.withId(namespace).isPresent();
            default -> throw Refusal.invalid("xdm:property must be xdm:code or xdm:id, not " + descriptor.path("xdm:property"));
        };
        if (!known) {
            throw Refusal.invalid("xdm:namespace is not the " + descriptor.path("xdm:property").asText() + " of a namespace: "
                + namespace);
        }
        if (descriptor.has("xdm:isPrimary") && !descriptor.path("xdm:isPrimary").isBoolean()) {
            throw Refusal.invalid("xdm:isPrimary must be true or false, not " + descriptor.path("xdm:isPrimary"));
        }
    }

    /** @param others the other identities of the schema */
    private void checkAgainst(List<ObjectNode> others, ObjectNode descriptor) {
        for (ObjectNode other : others) {
            boolean bothPrimary = Descriptors.isPrimary(other) && Descriptors.isPrimary(descriptor);
            if (bothPrimary && options.dialects().is(Dialect.SECOND_PRIMARY, "refuse")) {
                throw Refusal.invalid("The schema has a primary identity already: " + other.path("xdm:sourceProperty").asText());
            }
            if (saysTheSame(other, descriptor) && options.dialects().is(Dialect.DUPLICATE_DESCRIPTOR, "refuse")) {
                throw Refusal.invalid("The descriptor exists already: " + other.path("@id").asText());
            }
        }
    }

    private static boolean saysTheSame(ObjectNode one, ObjectNode other) {
        return List.of("xdm:sourceProperty", "xdm:namespace", "xdm:property").stream()
            .allMatch(field -> one.path(field).asText().equals(other.path(field).asText()))
            && Descriptors.isPrimary(one) == Descriptors.isPrimary(other);
    }
}
