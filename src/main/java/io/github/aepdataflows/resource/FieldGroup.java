package io.github.aepdataflows.resource;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.github.aepdataflows.definition.Definition;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * A field group of the tenant (Schema Registry, {@code /tenant/fieldgroups}): fields of one's own in a schema. One that the definition
 * describes is made unless it exists, and serves all definitions that describe it the same way. All its fields are in the namespace of the
 * tenant. It only grows: a field can be added, and no field can go or get another type.
 */
public final class FieldGroup implements XdmKind {

    private static final Pattern ADOBES_OWN = Pattern.compile("https://ns\\.adobe\\.com/(xdm|experience)/");
    private static final String TITLE = "title";
    private static final String DESCRIPTION = "description";
    private static final String CLASS = "class";
    private static final String FIELDS = "fields";
    private static final String EXTENDS = "meta:intendedToExtend";
    private static final String PART = "customFields";
    private static final String PROPERTIES = "properties";

    private final String collection;

    FieldGroup() {
        this("fieldgroups");
    }

    /** For looks alone: at all that has titles, in another collection of another container. */
    private FieldGroup(String collection) {
        this.collection = "schemaregistry/" + (collection.contains("/") ? collection : "tenant/" + collection);
    }

    /** Whether this {@code $id} is one of Adobe's own, of a class, field group or schema: no tenant is called so. */
    public static boolean isAdobes(String id) {
        return ADOBES_OWN.matcher(id).lookingAt();
    }

    /** Where something of a title is: Adobe's own, and the tenant's. */
    public static List<Kind> containers(boolean classes) {
        String type = classes ? "classes" : "fieldgroups";
        return List.of(new FieldGroup(type), new FieldGroup("global/" + type));
    }

    @Override
    public String key() {
        return "field-group";
    }

    @Override
    public String collection() {
        return collection;
    }

    @Override
    public boolean isShared() {
        return true;
    }

    @Override
    public boolean hasSeveral() {
        return true;
    }

    @Override
    public List<Kind> builtOn() {
        return List.of();
    }

    @Override
    public boolean isDescribedBy(Definition definition) {
        return !definition.target().schema().describedGroups().isEmpty();
    }

    /** No document of a flow names it; its schema does. */
    @Override
    public boolean isPartOf(FlowDocuments flow) {
        return false;
    }

    @Override
    public String idIn(FlowDocuments flow) {
        return "";
    }

    @Override
    public List<ObjectNode> requests(Inputs inputs) {
        Definition.Schema schema = inputs.definition().target().schema();
        String classId = inputs.names().classOf(schema);
        return schema.describedGroups().stream().map(group -> request(group, classId, inputs.names().tenant())).toList();
    }

    private static ObjectNode request(Definition.FieldGroup group, String classId, String tenant) {
        ObjectNode body = Json.object().put("type", "object").put(TITLE, group.name());
        group.description().ifPresent(text -> body.put(DESCRIPTION, text));
        body.putArray(EXTENDS).add(classId);
        body.putObject("definitions").set(PART, namespace(group, tenant));
        body.putArray("allOf").addObject().put("$ref", "#/definitions/" + PART);
        return body;
    }

    /** The fields of a field group that is described, as a schema that has it shows them. */
    public static ObjectNode namespace(Definition.FieldGroup group, String tenant) {
        ObjectNode part = Json.object();
        part.putObject(PROPERTIES).putObject("_" + tenant).put("type", "object").set(PROPERTIES, XdmFields.schema(group.fields()
                .orElseThrow()));
        return part;
    }

    @Override
    public String adviceOnConflict() {
        return "Nothing was touched. A field group only grows, and belongs to all that use it: describe it as it is, name it by its title "
                + "alone, or choose another title.";
    }

    @Override
    public JsonNode normalForm(JsonNode document) {
        ObjectNode form = Json.object().put(TITLE, document.path(TITLE).asText());
        if (document.hasNonNull(DESCRIPTION)) {
            form.set(DESCRIPTION, document.path(DESCRIPTION));
        }
        form.set(CLASS, document.path(EXTENDS));
        form.set(FIELDS, XdmFields.normalForm(own(document)));
        return form;
    }

    /** The properties in the namespace of the tenant, wherever the document has them, by pointers into it. */
    private static List<String> places(JsonNode document) {
        List<String> parts = new ArrayList<>(List.of(""));
        for (int i = 0; i < document.path("allOf").size(); i++) {
            String ref = document.path("allOf").path(i).path("$ref").asText();
            parts.add(ref.startsWith("#/") ? ref.substring(1) : "/allOf/" + i);
        }
        return parts.stream().flatMap(part -> document.at(part + "/" + PROPERTIES).properties().stream()
                .filter(namespace -> namespace.getKey().startsWith("_") && namespace.getValue().path(PROPERTIES).isObject())
                .map(namespace -> "%s/%s/%s/%s".formatted(part, PROPERTIES, namespace.getKey(), PROPERTIES))).distinct().toList();
    }

    private static ObjectNode own(JsonNode document) {
        ObjectNode own = Json.object();
        places(document).forEach(place -> own.setAll((ObjectNode) document.at(place)));
        return own;
    }

    /**
     * How a definition describes an actual field group of one class; empty where it cannot say all of it.
     *
     * @return {@code title, description, fields}
     */
    public static Optional<ObjectNode> described(JsonNode actual, String classId) {
        boolean isOfTheClass = actual.path(EXTENDS).size() == 1 && actual.path(EXTENDS).path(0).asText().equals(classId);
        boolean isWhole = Json.stream(actual.path("allOf")).allMatch(part -> part.path("$ref").asText("#").startsWith("#"))
                && places(actual).size() == 1;
        return isOfTheClass && isWhole ? XdmFields.said(own(actual)).map(fields -> {
            ObjectNode described = Json.object().put(TITLE, actual.path(TITLE).asText());
            if (!actual.path(DESCRIPTION).asText("").isEmpty()) {
                described.set(DESCRIPTION, actual.path(DESCRIPTION));
            }
            return described.set(FIELDS, fields);
        }) : Optional.empty();
    }

    /** One for each field: one that is missing there, that has another type, or that the definition does not describe. */
    @Override
    public List<Difference> differences(JsonNode request, JsonNode actual) {
        JsonNode wanted = normalForm(request);
        JsonNode is = normalForm(actual);
        List<Difference> differences = new ArrayList<>();
        labels("", wanted, is, differences);
        if (actual.has(EXTENDS) && !Json.isSubset(wanted.path(CLASS), is.path(CLASS))) {
            differences.add(new Difference(CLASS, is.path(CLASS), wanted.path(CLASS)));
        }
        fields(FIELDS, wanted.path(FIELDS), is.path(FIELDS), differences);
        return differences;
    }

    private static void labels(String path, JsonNode wanted, JsonNode is, List<Difference> differences) {
        for (String label : List.of(TITLE, DESCRIPTION)) {
            if (wanted.has(label) && !wanted.path(label).asText().equals(is.path(label).asText(""))) {
                differences.add(new Difference(path + label, is.path(label), wanted.path(label)));
            }
        }
    }

    private static void fields(String path, JsonNode wanted, JsonNode is, List<Difference> differences) {
        Set<String> names = new LinkedHashSet<>();
        wanted.fieldNames().forEachRemaining(names::add);
        is.fieldNames().forEachRemaining(names::add);
        names.forEach(name -> field(path + "." + name, wanted.path(name), is.path(name), differences));
    }

    private static void field(String path, JsonNode wanted, JsonNode is, List<Difference> differences) {
        boolean isObject = wanted.path("type").asText().equals("object");
        if (wanted.isMissingNode()) {
            differences.add(new Difference(path, word(is), NullNode.getInstance()));
        } else if (is.isMissingNode() && !isObject) {
            differences.add(new Difference(path, MissingNode.getInstance(), word(wanted)));
        } else if (!is.isMissingNode() && !word(wanted).equals(word(is))) {
            differences.add(new Difference(path, word(is), word(wanted)));
        } else {
            labels(path + ".$", wanted, is, differences);
            if (!wanted.path("enum").equals(is.path("enum"))) {
                differences.add(new Difference(path + ".$enum", is.path("enum"), wanted.path("enum")));
            }
            fields(path, wanted.path(FIELDS), is.path(FIELDS), differences);
            if (wanted.at("/items/type").asText().equals("object")) {
                field(path + "[]", wanted.path("items"), is.path("items"), differences);
            }
        }
    }

    private static TextNode word(JsonNode field) {
        String type = field.path("type").asText();
        return TextNode.valueOf(type.equals("array") ? "[" + word(field.path("items")).asText() + "]"
                : field.has("enum") ? "enum" : type);
    }

    /** What of it does not show in a form by which its fields can be told; empty where all of it does. */
    private static Optional<String> unreadable(JsonNode actual) {
        JsonNode parts = actual.path("allOf");
        if (parts.isMissingNode() ? !actual.path(PROPERTIES).isObject() : !parts.isArray()) {
            return Optional.of("allOf");
        } else if (actual.has(EXTENDS) && !actual.path(EXTENDS).isArray()) {
            return Optional.of(EXTENDS);
        }
        return Json.stream(parts).map(part -> part.path("$ref").asText())
                .filter(ref -> ref.startsWith("#/") && !actual.at(ref.substring(1)).path(PROPERTIES).isObject()).findFirst();
    }

    @Override
    public Verdict verdict(Difference difference, JsonNode actual, Instant now) {
        Optional<String> unreadable = unreadable(actual);
        if (unreadable.isPresent()) {
            return Verdict.impossible("the Platform does not show its %s in a form that is known, so nobody can tell which fields it has"
                    .formatted(unreadable.get()));
        }
        boolean isLabel = difference.path().matches("(.*\\.\\$)?(title|description)");
        if (difference.wanted().isNull()) {
            return Verdict.impossible("a field group only grows: it has %s, which the definition has to list".formatted(difference.path()
                    .substring(FIELDS.length() + 1)));
        } else if (difference.is().isMissingNode() || isLabel || difference.path().equals(CLASS)
                || difference.path().endsWith(".$enum") && Json.isSubset(difference.is(), difference.wanted())) {
            return Verdict.UPDATE;
        }
        return Verdict.impossible("a field group only grows: no field of it gets another type, or fewer values");
    }

    @Override
    public Optional<Update> update() {
        return Optional.of(Update.PATCH);
    }

    /** Fields are added where the others are; nothing that is there is touched but labels. */
    @Override
    public JsonNode patch(List<Difference> differences, JsonNode request, JsonNode actual) {
        ObjectNode wanted = actual.deepCopy();
        for (String label : List.of(TITLE, DESCRIPTION)) {
            if (request.has(label)) {
                wanted.set(label, request.path(label));
            }
        }
        Optional<String> place = places(wanted).stream().findFirst();
        if (place.isPresent()) {
            merge((ObjectNode) wanted.at(place.get()), own(request), own(actual));
        } else {
            wanted.withArray("allOf").add(request.at("/definitions/" + PART));
        }
        ArrayNode extended = wanted.withArray(EXTENDS);
        request.path(EXTENDS).forEach(one -> {
            if (Json.stream(extended).noneMatch(one::equals)) {
                extended.add(one);
            }
        });
        return Patch.between(actual, wanted);
    }

    /** @param all what there is of that level, also elsewhere in the document */
    private static void merge(ObjectNode into, JsonNode fields, JsonNode all) {
        fields.properties().forEach(field -> {
            if (!all.has(field.getKey())) {
                into.set(field.getKey(), field.getValue());
            } else if (into.path(field.getKey()) instanceof ObjectNode is) {
                complete(is, field.getValue());
            }
        });
    }

    private static void complete(ObjectNode is, JsonNode said) {
        for (String key : List.of(TITLE, DESCRIPTION, "enum")) {
            if (said.has(key)) {
                is.set(key, said.path(key));
            }
        }
        if (is.path(PROPERTIES) instanceof ObjectNode below) {
            merge(below, said.path(PROPERTIES), below.deepCopy());
        }
        if (is.path("items") instanceof ObjectNode items) {
            complete(items, said.path("items"));
        }
    }

    @Override
    public Optional<Search> users(String id) {
        return Optional.of(Search.naming(Kinds.TARGET_SCHEMA, id));
    }

    @Override
    public boolean isDeletedWith(Definition.Lifecycle lifecycle) {
        return lifecycle.retiresSchema();
    }
}
