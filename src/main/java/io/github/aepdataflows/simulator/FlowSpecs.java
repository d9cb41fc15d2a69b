package io.github.aepdataflows.simulator;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.Error;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** The flow specs {@code CRMToAEP} (tables) and {@code CloudStorageToAEP} (files), and checks against their JSON Schemas. */
final class FlowSpecs {

    /** {@code CRMToAEP}, for every table source whatever its category. */
    static final String TABLES = "14518937-270c-4525-bdec-c2ba7cce3860";
    private static final String SELF_SERVE = "6499120c-0b15-42dc-936e-847ea3c24d72";

    private static final SchemaRegistry SCHEMAS = SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_7);

    private final Map<String, JsonNode> specs = new LinkedHashMap<>();
    private final JsonNode schedule2020;

    FlowSpecs(ConnectionSpecs connectionSpecs, Generation generation) {
        JsonNode data = Json.resource("flow-specs.json");
        schedule2020 = data.path("legacyScheduleSpec");
        for (JsonNode item : withSelfServe((ArrayNode) data.path("items"))) {
            ObjectNode spec = (ObjectNode) item;
            connectionSpecs.sourcesOf(spec.path("name").asText()).forEach(spec.withArray("sourceConnectionSpecIds")::add);
            if (generation == Generation.LEGACY) {
                spec.set("scheduleSpec", schedule2020);
            }
            specs.put(spec.path("id").asText(), spec);
        }
        for (JsonNode item : Json.resource("streaming.json").path("flowSpecs")) {
            ObjectNode spec = item.deepCopy();
            ArrayNode transformations = spec.putArray("transformationSpecs");
            Json.stream(specs.get(TABLES).path("transformationSpecs"))
                .filter(each -> item.path("mapping").asBoolean() && each.path("name").asText().equals("Mapping"))
                .forEach(transformations::add);
            spec.remove("mapping");
            spec.putArray("targetConnectionSpecIds").add(ConnectionSpecs.DATASET);
            spec.putObject("attributes").put("isSourceFlow", true);
            spec.putObject("permissionsInfo").putArray("manage").addObject().put("name", "StreamingSource");
            specs.put(spec.path("id").asText(), spec);
        }
    }

    /** Whether its flows may do without a mapping, as that of "Create a dataflow for Mailchimp Campaign" does. */
    static boolean mayBeUnmapped(JsonNode flowSpec) {
        return flowSpec.path("id").asText().equals(SELF_SERVE);
    }

    /** Whether its flows stream: they have no schedule and no runs. */
    static boolean streams(JsonNode flowSpec) {
        return !flowSpec.has("scheduleSpec");
    }

    /** Self-serve sources have a flow spec of their own, with the same transformations and schedule as that of files. */
    private static ArrayNode withSelfServe(ArrayNode items) {
        ObjectNode files = (ObjectNode) Json.stream(items).filter(spec -> spec.path("name").asText().equals("CloudStorageToAEP"))
            .findFirst().orElseThrow().deepCopy();
        return items.add(files.put("id", SELF_SERVE).put("name", "RestStorageToAEP"));
    }

    JsonNode referenced(String id) {
        JsonNode spec = specs.get(id);
        if (spec == null) {
            throw Refusal.flow("1413-400", "There is no flow spec " + id);
        }
        return spec;
    }

    /** Files come with any of three formats, tables as {@code tabular}; both came as {@code parquet_xdm} in 2020. */
    static boolean supports(JsonNode flowSpec, String format) {
        if (streams(flowSpec)) {
            return Set.of("", "json", "parquet_xdm", "delimited").contains(format);
        }
        boolean files = !flowSpec.path("id").asText().equals(TABLES);
        return format.equals("parquet_xdm")
            || (files ? Set.of("delimited", "json", "parquet") : Set.of("tabular")).contains(format);
    }

    void checkSchedule(JsonNode flowSpec, JsonNode schedule, boolean form2020) {
        check(form2020 ? schedule2020.path("spec") : Json.at(flowSpec, "scheduleSpec.spec"), schedule, "scheduleParams");
    }

    void checkOptions(JsonNode flowSpec, JsonNode options) {
        check(Json.at(flowSpec, "optionSpec.spec"), options, "options");
    }

    void checkTransformation(JsonNode flowSpec, String name, JsonNode params) {
        JsonNode spec = Json.stream(flowSpec.path("transformationSpecs"))
            .filter(candidate -> candidate.path("name").asText().equals(name)).findFirst()
            .orElseThrow(() -> Refusal.message(400, "The flow spec has no transformation " + name));
        check(spec.path("spec"), params, name);
    }

    private static void check(JsonNode schema, JsonNode value, String what) {
        List<Error> faults = SCHEMAS.getSchema(schema).validate(typed(value, schema));
        if (!faults.isEmpty()) {
            throw Refusal.flow("1318-400", what + ": "
                + faults.stream().map(Error::toString).sorted().collect(Collectors.joining("; ")));
        }
    }

    /** The Platform takes numbers and booleans written as strings, and ids written as numbers: give them the schema's type. */
    private static JsonNode typed(JsonNode value, JsonNode schema) {
        if (!value.isObject()) {
            return value;
        }
        ObjectNode typed = value.deepCopy();
        schema.path("properties").properties().forEach(property -> {
            JsonNode field = typed.path(property.getKey());
            String text = field.asText();
            switch (property.getValue().path("type").asText()) {
                case "integer", "number" -> {
                    if (field.isTextual() && text.matches("-?\\d{1,18}")) {
                        typed.put(property.getKey(), Long.parseLong(text));
                    }
                }
                case "boolean" -> {
                    if (field.isTextual() && text.matches("true|false")) {
                        typed.put(property.getKey(), Boolean.parseBoolean(text));
                    }
                }
                case "string" -> {
                    if (field.isNumber()) {
                        typed.put(property.getKey(), text);
                    }
                }
                default -> { }
            }
        });
        return typed;
    }

    void register(Router router, String base) {
        router.on("GET", base + "/flowSpecs", call ->
            new Listing(specs.size(), Dialects.DEFAULT).specs(call.query(), specs.values()));
        router.on("GET", base + "/flowSpecs/{id}", call -> {
            if (!specs.containsKey(call.id())) {
                throw Refusal.notFound("flowSpecs", call.id());
            }
            return Listing.single(specs.get(call.id()));
        });
    }
}
