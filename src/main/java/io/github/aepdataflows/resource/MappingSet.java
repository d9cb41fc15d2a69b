package io.github.aepdataflows.resource;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.aepdataflows.definition.Definition;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The mapping set (Data Prep, {@code /mappingSets}). It has no unique name: of those for the same schema the content tells. An update is a
 * PUT of the whole set, which makes a new version.
 */
final class MappingSet implements Kind {

    /** What the service writes itself, and what the definition says of a mapping, in either form. */
    private static final String OWN = "id|version|status|(created|modified)(Date|By|At)|xdm(Schema|Version)|(outputSchema|schemaRef"
            + "|outputSchemaRef)(\\..*)?";
    private static final String OWN_OF_A_MAPPING = "id|version|(created|modified)(Date|By|At)|source(Type|Attribute)?"
            + "|destination(XdmPath)?";

    /** What describes a rule, and what it is called where rules are compared: there only its destination is its name. */
    private static final Map<String, String> LABELS = Map.of("name", "label", "description", "text");

    private static final List<String> IDENTITY = List.of("identity", "identityGroup", "namespaceCode");
    private static final List<String> NOTHING_BY_DEFAULT = List.of("kind", "identityGroup", "namespaceCode");

    @Override
    public String key() {
        return "mapping-set";
    }

    @Override
    public Service service() {
        return Service.DATA_PREP;
    }

    @Override
    public String collection() {
        return "conversion/mappingSets";
    }

    @Override
    public String versionOf(JsonNode resource) {
        return resource.path("version").asText("0");
    }

    /** An integer. */
    @Override
    public Optional<String> createdVersion(JsonNode answer) {
        JsonNode version = answer.path("version");
        return version.canConvertToInt() && version.isIntegralNumber() ? Optional.of(version.asText()) : Optional.empty();
    }

    @Override
    public Optional<String> versionHeader() {
        return Optional.of("AepMappingSetVersion");
    }

    @Override
    public Lookup lookup(String id, String version) {
        return new Lookup(path(id), "version=" + Lookup.encode(version), Lookup.JSON);
    }

    @Override
    public List<Kind> builtOn() {
        return List.of(Kinds.TARGET_SCHEMA);
    }

    @Override
    public boolean isDescribedBy(Definition definition) {
        return !definition.unmapped();
    }

    /** A source whose records are in the form of the target schema needs none. */
    @Override
    public boolean isPartOf(FlowDocuments flow) {
        return !Flow.transformation(flow.get(Kinds.FLOW), Flow.MAPPING).isMissingNode();
    }

    @Override
    public String idIn(FlowDocuments flow) {
        return Flow.transformation(flow.get(Kinds.FLOW), Flow.MAPPING).at("/params/mappingId").asText();
    }

    /** The first where the flow names none. */
    @Override
    public String versionIn(FlowDocuments flow) {
        return String.valueOf(Flow.transformation(flow.get(Kinds.FLOW), Flow.MAPPING).at("/params/mappingVersion").asInt(0));
    }

    @Override
    public List<ObjectNode> requests(Inputs inputs) {
        return List.of(inputs.definition().computes() ? computing(inputs) : plain(inputs));
    }

    /** The new form, which alone has expressions and constants. */
    private static ObjectNode computing(Inputs inputs) {
        ObjectNode body = Json.object().put("name", inputs.definition().name() + " mapping");
        body.putObject("outputSchema").putObject("schemaRef").put("id", inputs.id(Kinds.TARGET_SCHEMA)).put("contentType", Xdm.FULL);
        ArrayNode mappings = body.putArray("mappings");
        inputs.definition().mapping().forEach(rule -> {
            ObjectNode mapping = mappings.addObject()
                    .put("sourceType", rule.sourceType()).put("source", rule.source()).put("destination", rule.destination());
            rule.name().ifPresent(name -> mapping.put("name", name));
            rule.description().ifPresent(text -> mapping.put("description", text));
        });
        return body;
    }

    /** The form of the tutorials. */
    private static ObjectNode plain(Inputs inputs) {
        ObjectNode body = Json.object().put("version", 0).put("xdmSchema", inputs.id(Kinds.TARGET_SCHEMA)).put("xdmVersion", "1.0")
                .putNull("id");
        ArrayNode mappings = body.putArray("mappings");
        for (Definition.Mapping rule : inputs.definition().mapping()) {
            mappings.addObject()
                    .put("destinationXdmPath", rule.destination())
                    .put("sourceAttribute", rule.source())
                    .put("identity", rule.identity())
                    .put("identityGroup", rule.identityGroup().orElse(null))
                    .put("namespaceCode", rule.namespaceCode().orElse(null))
                    .put("version", 0);
        }
        return body;
    }

    @Override
    public String naturalKey(JsonNode resource) {
        return resource.path("xdmSchema").asText(resource.at("/outputSchema/schemaRef/id").asText());
    }

    @Override
    public boolean isKnownByName() {
        return false;
    }

    @Override
    public List<Filter> filters(JsonNode resource) {
        return List.of();
    }

    /** Old form and new form say the same in other words. */
    @Override
    public JsonNode normalForm(JsonNode document) {
        ObjectNode form = Json.object().put("schema", naturalKey(document));
        if (document.hasNonNull("name")) {   // in the new form only
            form.put("name", document.path("name").asText());
        }
        ArrayNode rules = form.putArray("mappings");
        document.path("mappings").forEach(rule -> {
            ObjectNode same = rules.addObject()
                    .put("source", source(rule))
                    .put("destination", destination(rule))
                    .put("identity", rule.path("identity").asBoolean());
            String kind = kind(rule.path("sourceType").asText());
            if (!kind.isEmpty()) {
                same.put("kind", kind);
            }
            if (kind.equals("expression")) {
                same.put("source", source(rule).replace("\r\n", "\n").strip());
            }
            LABELS.forEach((field, ours) -> {
                if (rule.hasNonNull(field)) {
                    same.put(ours, rule.path(field).asText());
                }
            });
            for (String optional : List.of("identityGroup", "namespaceCode")) {
                if (rule.hasNonNull(optional)) {
                    same.put(optional, rule.path(optional).asText());
                }
            }
        });
        return form;
    }

    private static String source(JsonNode rule) {
        return rule.path("sourceAttribute").asText(rule.path("source").asText());
    }

    private static String destination(JsonNode rule) {
        return rule.path("destinationXdmPath").asText(rule.path("destination").asText());
    }

    /** A plain column has none, however the service calls it. */
    private static String kind(String sourceType) {
        return switch (Definition.Mapping.type(sourceType)) {
            case "EXPRESSION" -> "expression";
            case "STATIC" -> "constant";
            default -> "";
        };
    }

    /**
     * A rule is said as a whole: what it leaves out is to be nothing; but of identities the new form says nothing. The name of a set that a
     * flow uses does not matter.
     */
    @Override
    public List<Difference> differences(JsonNode request, JsonNode actual) {
        JsonNode wanted = normalForm(request);
        boolean isOldForm = request.path("mappings").findValue("identity") != null;
        wanted.path("mappings").forEach(rule -> {
            NOTHING_BY_DEFAULT.stream().filter(field -> !rule.has(field)).forEach(((ObjectNode) rule)::putNull);
            if (!isOldForm) {
                ((ObjectNode) rule).remove(IDENTITY);
            }
        });
        JsonNode is = normalForm(actual);
        Json.ignore("name", wanted, is);
        return Difference.between(wanted, is).stream().map(MappingSet::inTheWordsOfTheApi).toList();
    }

    private static Difference inTheWordsOfTheApi(Difference difference) {
        String path = difference.path();
        for (Map.Entry<String, String> label : LABELS.entrySet()) {
            path = path.endsWith("." + label.getValue()) ? path.replaceFirst("\\w+$", label.getKey()) : path;
        }
        return new Difference(path, difference.is(), difference.wanted());
    }

    @Override
    public Verdict verdict(Difference difference, JsonNode actual, Instant now) {
        if (difference.path().equals("schema")) {
            return Verdict.replace("a mapping set keeps its schema");
        }
        return difference.path().startsWith("mappings") ? Verdict.UPDATE
                : Verdict.impossible("the Platform documents no change of this field");
    }

    @Override
    public Optional<Update> update() {
        return Optional.of(new Update("PUT", Lookup.JSON));
    }

    /** The whole of it, as a new version: its own rules and schema, and whatever else it has. */
    @Override
    public JsonNode patch(List<Difference> differences, JsonNode request, JsonNode actual) {
        ObjectNode body = request.deepCopy();
        body.set("id", actual.path("id"));
        if (body.has("version")) {
            body.set("version", actual.path("version"));
        }
        if (actual.hasNonNull("name")) {
            body.set("name", actual.path("name"));
        }
        return CarryOver.of(this, body, actual).request();
    }

    /** A mapping is the same where it has the same destination, or else the same source. */
    @Override
    public List<String> namesOf(JsonNode element) {
        return element.has("destination") || element.has("destinationXdmPath") ? List.of(destination(element), source(element))
                : Kind.super.namesOf(element);
    }

    /** The attributes of an expression are found out by the service. */
    @Override
    public CarryOver.Fate fate(String path, JsonNode request, JsonNode actual) {
        if (!path.startsWith("mappings[")) {
            return path.matches(OWN) || path.equals("inputSchemaRef") && actual.hasNonNull("inputSchema")
                    ? CarryOver.Fate.GOVERNED : CarryOver.Fate.CARRIED;
        } else if (path.endsWith("]") || path.matches("mappings\\[.*]\\.(%s)".formatted(OWN_OF_A_MAPPING))) {
            return CarryOver.Fate.GOVERNED;
        }
        return path.endsWith("].expressionAttributes") ? CarryOver.Fate.LOST : CarryOver.Fate.CARRIED;
    }

    @Override
    public Optional<Kind> usedBy() {
        return Optional.of(Kinds.FLOW);
    }

    @Override
    public boolean isDeletedWith(Definition.Lifecycle lifecycle) {
        return true;
    }

    @Override
    public boolean mayBeUndeletable() {
        return true;
    }
}
