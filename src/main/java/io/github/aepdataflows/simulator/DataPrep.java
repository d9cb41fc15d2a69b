package io.github.aepdataflows.simulator;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * {@code /data/foundation/conversion}: mapping sets, in the old body form ({@code xdmSchema}) and the new one
 * ({@code outputSchema}).
 */
final class DataPrep {

    private static final String BASE = "/data/foundation/conversion/mappingSets";
    private static final String COLLECTION = "mappingSets";
    /** What a mapping set was before it was updated. */
    private static final String VERSIONS = "mappingSetVersions";

    private final Schemas schemas;
    private final Store store;
    private final Options options;
    private final MappingValidation validation;

    DataPrep(Schemas schemas, Store store, Options options, MappingValidation validation) {
        this.schemas = schemas;
        this.validation = validation;
        this.store = store;
        this.options = options;
    }

    void register(Router router) {
        router.on("POST", BASE, this::create);
        router.on("GET", BASE, this::list);
        router.on("POST", BASE + "/validate", this::validate);
        router.on("GET", BASE + "/{id}", this::get);
        router.on("PUT", BASE + "/{id}", this::update);
        router.on("DELETE", BASE + "/{id}", this::delete);
    }

    /** 200, not 201: the Platform's own choice. */
    private Answer create(Call call) {
        ObjectNode mappingSet = composed(call, UUID.randomUUID().toString().replace("-", ""), 0);
        store.put(call, COLLECTION, mappingSet.path("id").asText(), mappingSet, call.instant());
        return Answer.json(200, mappingSet.deepCopy()
            .retain("id", "version", "createdDate", "modifiedDate", "createdBy", "modifiedBy"));
    }

    /** Each update makes a new version; flows keep the one that they name. */
    private Answer update(Call call) {
        ObjectNode current = named(call);
        ObjectNode updated = composed(call, call.id(), current.path("version").asInt() + 1);
        updated.set("createdDate", current.path("createdDate"));
        store.put(call, VERSIONS, versioned(call.id(), current.path("version").asInt()), current, call.instant());
        store.replace(call.sandbox(), COLLECTION, call.id(), updated);
        return Answer.json(200, updated);
    }

    private static String versioned(String id, int version) {
        return id + " " + version;
    }

    /** Not in the published description of the service, but offered by it. */
    private Answer delete(Call call) {
        named(call);
        store.remove(call.sandbox(), COLLECTION, call.id());
        return Answer.noContent();
    }

    private ObjectNode composed(Call call, String id, int version) {
        ObjectNode body = call.object();
        SchemaReference schema = outputSchema(body);
        existing(call, schema);
        Optional<String> fault = Json.stream(body.path("mappings")).flatMap(mapping -> Mapping.of(mapping).fault().stream())
            .findFirst();
        if (fault.isPresent() || !body.path("mappings").isArray() || body.path("mappings").isEmpty()) {
            throw refused(fault.orElse("mappings is missing or empty"));
        }
        long now = call.instant().toEpochMilli();
        ObjectNode mappingSet = body.deepCopy().put("id", id).put("version", version).put("createdDate", now)
            .put("modifiedDate", now).put("createdBy", options.clientId()).put("modifiedBy", options.clientId())
            .put("status", "PUBLISHED").put("xdmSchema", schema.id()).put("xdmVersion", "1.0");
        mappingSet.putObject("outputSchema").putObject("schemaRef").put("id", schema.id())
            .put("contentType", "application/vnd.adobe.xed-full+json;version=1");
        mappingSet.path("mappings").forEach(mapping -> Mapping.of(mapping).showIn((ObjectNode) mapping));
        return mappingSet;
    }

    private ObjectNode existing(Call call, SchemaReference schema) {
        Refusal documented = refused("The output schema does not exist: " + schema.id());
        if (schema.version() != 1) {
            throw documented;
        }
        return schemas.referenced(call, schema.id(), documented);
    }

    private static SchemaReference outputSchema(JsonNode body) {
        if (body.has("outputSchema") || body.has("schemaRef")) {
            JsonNode reference = body.has("outputSchema") ? body.at("/outputSchema/schemaRef") : body.path("schemaRef");
            return SchemaReference.of(reference, "contentType");
        }
        return SchemaReference.of(Json.object().put("id", Json.text(body, "xdmSchema"))
                .put("version", Json.text(body, "xdmVersion")), "version");
    }

    private Answer list(Call call) {
        int limit = number(call, "limit");
        int start = number(call, "start");
        List<ObjectNode> found = store.listed(call.sandbox(), COLLECTION);
        Collections.reverse(found);
        call.query().first("orderBy").ifPresent(order -> found.sort(order(order)));
        call.query().first("name").ifPresent(name -> found.removeIf(each -> !each.path("name").asText().equals(name)));
        ObjectNode body = Json.object();
        ArrayNode data = body.putArray("data");
        int passed = options.dialects().is(Dialect.MAPPING_START, "pages") ? Math.multiplyExact(start, limit) : start;
        found.stream().skip(passed).limit(limit).forEach(data::add);
        body.putObject("_page").put("count", data.size()).put("limit", limit);
        body.putObject("_links");
        return Answer.json(200, body);
    }

    /** Newest first is {@code -createdDate}; an unencoded + arrives as a blank. */
    private static Comparator<ObjectNode> order(String orderBy) {
        String field = switch (orderBy.replaceFirst("^[-+ ]", "")) {
            case "createdDate" -> "createdDate";
            case "updatedDate" -> "modifiedDate";
            default -> throw refused("orderBy is createdDate or updatedDate, with + or -: " + orderBy);
        };
        Comparator<ObjectNode> order = Comparator.comparing(each -> each.path(field).asLong());
        return orderBy.startsWith("-") ? order.reversed() : order;
    }

    private static int number(Call call, String name) {
        String text = call.query().first(name).orElse("");
        if (!text.matches("\\d{1,6}")) {
            throw refused(name + " is required and a whole number");
        }
        return Integer.parseInt(text);
    }

    private Answer get(Call call) {
        ObjectNode mappingSet = named(call);
        String version = call.query().first("version").orElse(mappingSet.path("version").asText());
        if (version.equals(mappingSet.path("version").asText())) {
            return Answer.json(200, mappingSet);
        }
        if (!version.matches("\\d{1,6}")) {
            throw Refusal.notFound(COLLECTION, call.id() + " version " + version);
        }
        return Answer.json(200, store.find(call.sandbox(), VERSIONS, versioned(call.id(), Integer.parseInt(version)))
            .orElseThrow(() -> Refusal.notFound(COLLECTION, call.id() + " version " + version)));
    }

    private ObjectNode named(Call call) {
        return store.lookUp(call.sandbox(), COLLECTION, call.id())
            .orElseThrow(() -> Refusal.notFound(COLLECTION, call.id()));
    }

    private Answer validate(Call call) {
        ObjectNode body = call.object();
        ObjectNode schema = existing(call, outputSchema(body));
        if (!body.path("mappings").isArray() || body.path("mappings").isEmpty()) {
            throw refused("mappings is missing or empty");
        }
        return Answer.json(200, validation.validate(call, schema, body.path("mappings")));
    }

    static Refusal refused(String detail) {
        return Refusal.coded("DATAPREP-1000-400", "Mapping set refused", detail);
    }
}
