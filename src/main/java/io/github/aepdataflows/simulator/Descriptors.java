package io.github.aepdataflows.simulator;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.util.List;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * {@code /data/foundation/schemaregistry/tenant/descriptors}: what the tenant says of the fields of its schemas, above all which
 * of them identify a person. Documented in "Descriptors endpoint" of the Schema Registry's guide.
 */
final class Descriptors {

    private static final String PATH = "/data/foundation/schemaregistry/tenant/descriptors";
    private static final String COLLECTION = "descriptors";
    static final String LABEL = "xdm:descriptorLabel";
    private static final Pattern LIST = Pattern.compile("application/vnd\\.adobe\\.xdm(-v2)?(-id|-link)?\\+json");

    /** No header is needed, as descriptors have no versions; what HTTP clients send by themselves is none that is meant. */
    private static final List<String> LOOK_UPS = List.of("", "*/*", "application/json", "application/vnd.adobe.xdm+json");

    private final Store store;
    private final Options options;
    private final DescriptorRules rules;

    Descriptors(Schemas schemas, IdentityNamespaces namespaces, Store store, Options options) {
        this.store = store;
        this.options = options;
        this.rules = new DescriptorRules(schemas, namespaces, options);
    }

    void register(Router router) {
        router.on("POST", PATH, this::create);
        router.on("GET", PATH, this::list);
        router.on("GET", PATH + "/{id}", this::get);
        router.on("PUT", PATH + "/{id}", this::replace);
        router.on("DELETE", PATH + "/{id}", this::delete);
    }

    static boolean isIdentity(ObjectNode descriptor) {
        return descriptor.path("@type").asText().equals("xdm:descriptorIdentity");
    }

    static boolean isPrimary(ObjectNode descriptor) {
        return isIdentity(descriptor) && descriptor.path("xdm:isPrimary").asBoolean();
    }

    /** All that are said of a schema. */
    List<ObjectNode> of(Call call, String schemaId) {
        return store.all(call.sandbox(), COLLECTION).stream()
            .filter(each -> each.path("xdm:sourceSchema").asText().equals(schemaId)).toList();
    }

    /** They go with their schema; what Adobe does is not documented. */
    void removeOf(Call call, String schemaId) {
        of(call, schemaId).forEach(each -> store.remove(call.sandbox(), COLLECTION, each.path("@id").asText()));
    }

    /** The answer lacks who made it and when, which a look-up shows. */
    private Answer create(Call call) {
        ObjectNode body = call.object();
        rules.check(call, body, store.all(call.sandbox(), COLLECTION));
        long now = call.instant().toEpochMilli();
        ObjectNode descriptor = composed(call, XdmComposer.newHash().substring(0, 40), body);
        ObjectNode answer = descriptor.deepCopy();
        descriptor.put("created", now).put("updated", now).put("createdUser", options.clientId())
            .put("updatedUser", options.clientId()).put("createdClient", options.clientId());
        store.put(call, COLLECTION, descriptor.path("@id").asText(), descriptor, call.instant());
        return Answer.json(201, answer);
    }

    private ObjectNode composed(Call call, String id, ObjectNode body) {
        ObjectNode descriptor = body.deepCopy().put("@id", id).put("meta:containerId", "tenant").put("imsOrg", options.orgId());
        return descriptor.put("version", "1").put("meta:sandboxId", call.sandbox()).put("meta:sandboxType", "production");
    }

    private Answer list(Call call) {
        Matcher accept = LIST.matcher(call.header("accept").orElse(""));
        if (!accept.matches()) {
            throw Refusal.coded("XDM-1008-400", "Accept header invalid", "A list of descriptors needs"
                + " application/vnd.adobe.xdm+json, or with -id, -link or -v2 before the +, without a version");
        }
        Function<ObjectNode, JsonNode> view = switch (String.valueOf(accept.group(2))) {
            case "-id" -> descriptor -> descriptor.path("@id");
            case "-link" -> descriptor -> TextNode.valueOf("/tenant/descriptors/" + descriptor.path("@id").asText());
            default -> this::shown;
        };
        List<ObjectNode> found = store.listed(call.sandbox(), COLLECTION);
        boolean ignored = options.dialects().is(Dialect.DESCRIPTOR_FILTER, "ignored");
        for (String conditions : ignored ? List.<String>of() : call.query().all("property")) {
            for (String condition : conditions.split(",")) {
                found.removeIf(descriptor -> !XdmListing.matches(descriptor, condition));
            }
        }
        return Answer.json(200, accept.group(1) == null ? byType(found, view) : paged(call, found, view));
    }

    /** All at once, whatever limit and start may say; a type of which there are none does not show. */
    private static ObjectNode byType(List<ObjectNode> found, Function<ObjectNode, JsonNode> view) {
        ObjectNode body = Json.object();
        found.forEach(descriptor -> body.withArray("/" + descriptor.path("@type").asText()).add(view.apply(descriptor)));
        return body;
    }

    private static ObjectNode paged(Call call, List<ObjectNode> found, Function<ObjectNode, JsonNode> view) {
        ObjectNode body = XdmListing.page(call, found, call.query().first("orderby").orElse("@id"), view);
        body.remove("_links");
        if (!body.path("_page").has("next")) {
            ((ObjectNode) body.path("_page")).putNull("next");
        }
        return body;
    }

    private ObjectNode shown(ObjectNode descriptor) {
        ObjectNode shown = descriptor.deepCopy();
        if (descriptor.path("@type").asText().equals(LABEL)) {
            JsonNode labels = descriptor.path(descriptor.has("xdm:labels") ? "xdm:labels" : "xdm:label");
            shown.remove(List.of("xdm:labels", "xdm:label"));
            shown.set(options.dialects().reading(Dialect.FIELD_LABELS), labels);
        }
        return shown;
    }

    private Answer get(Call call) {
        if (!LOOK_UPS.contains(call.header("accept").orElse(""))) {
            throw Refusal.coded("XDM-1009-400", "Accept header invalid",
                "A look-up of a descriptor needs application/vnd.adobe.xdm+json, without a version, or none at all");
        }
        return Answer.json(200, shown(named(call)));
    }

    /** The guide has a 201 with nothing but the id, the OpenAPI file a 200 with everything; the latter here. */
    private Answer replace(Call call) {
        ObjectNode current = named(call);
        ObjectNode body = call.object();
        rules.check(call, body, store.all(call.sandbox(), COLLECTION).stream().filter(each -> each != current).toList());
        ObjectNode replaced = composed(call, call.id(), body);
        for (String kept : List.of("created", "createdUser", "createdClient")) {
            replaced.set(kept, current.path(kept));
        }
        replaced.put("updated", call.instant().toEpochMilli()).put("updatedUser", options.clientId());
        store.replace(call.sandbox(), COLLECTION, call.id(), replaced);
        return Answer.json(200, replaced);
    }

    private Answer delete(Call call) {
        store.remove(call.sandbox(), COLLECTION, named(call).path("@id").asText());
        return Answer.noContent();
    }

    private ObjectNode named(Call call) {
        return store.lookUp(call.sandbox(), COLLECTION, call.id()).orElseThrow(() ->
            Refusal.coded("XDM-1010-404", "Resource not found", "There is no descriptor " + call.id()));
    }
}
