package io.github.aepdataflows.simulator;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * {@code /data/core/idnamespace/identities}: what kinds of identity there are. Adobe's own, and those of the organisation, which
 * all of its sandboxes share; {@code CRMID} stands for one that somebody has made. Documented in the OpenAPI file of the Identity
 * Service; the ids of the standard ones are those of the Privacy Service's guide.
 */
final class IdentityNamespaces {

    private static final String PATH = "/data/core/idnamespace/identities";
    private static final Set<String> TYPES =
        Set.of("COOKIE", "CROSS_DEVICE", "DEVICE", "EMAIL", "MOBILE", "NON_PEOPLE", "PHONE");
    private static final long LONG_AGO = 1_495_153_678_000L;
    private static final int FIRST_CUSTOM = 10_000_001;

    private final Map<Integer, ObjectNode> namespaces = new LinkedHashMap<>();

    IdentityNamespaces() {
        standard(0, "CORE", "COOKIE");
        standard(4, "ECID", "COOKIE");
        standard(6, "Email", "EMAIL");
        standard(7, "Phone", "PHONE");
        standard(8, "WAID", "DEVICE");
        standard(9, "TNTID", "COOKIE");
        standard(11, "Email_LC_SHA256", "EMAIL");
        standard(411, "AdCloud", "COOKIE");
        standard(20914, "GAID", "DEVICE");
        standard(20915, "IDFA", "DEVICE");
        add(FIRST_CUSTOM, "CRMID", "CROSS_DEVICE", true, LONG_AGO).put("name", "CRM id");
    }

    private void standard(int id, String code, String idType) {
        add(id, code, idType, false, LONG_AGO).put("name", code).put("description", code + " Namespace");
    }

    private ObjectNode add(int id, String code, String idType, boolean custom, long created) {
        ObjectNode namespace = Json.object().put("id", id).put("code", code).put("idType", idType).put("custom", custom)
            .put("status", "ACTIVE").put("createTime", created).put("updateTime", created);
        namespaces.put(id, namespace);
        return namespace;
    }

    void register(Router router) {
        router.on("GET", PATH, call -> Answer.json(200, list()));
        router.on("GET", PATH + "/{id}", call -> Answer.json(200, withId(call.id()).orElseThrow(() -> Refusal.namespace(404,
            "Namespace validation", "NAMESPACE_NOT_FOUND", "Namespace id not found: " + call.id()))));
        router.on("POST", PATH, this::create);
    }

    boolean hasCode(String code) {
        return namespaces.values().stream().anyMatch(each -> each.path("code").asText().equals(code));
    }

    Optional<ObjectNode> withId(String id) {
        return namespaces.values().stream().filter(each -> each.path("id").asText().equals(id)).findFirst();
    }

    private ArrayNode list() {
        return Json.array().addAll(namespaces.values());
    }

    private Answer create(Call call) {
        ObjectNode body = call.object();
        String code = Json.text(body, "code");
        String idType = Json.text(body, "idType").toUpperCase(Locale.ROOT);
        if (Json.text(body, "name").isBlank()) {
            throw invalid("name");
        }
        if (!code.matches("[A-Za-z0-9]+")) {
            throw invalid("code");
        }
        if (!TYPES.contains(idType)) {
            throw invalid("idType");
        }
        if (hasCode(code)) {
            throw Refusal.namespace(409, "NAMESPACE_CODE_CONFLICT", "INTEGRATION_CODE_EXISTS",
                "Namespace code already exists. Please use a different code");
        }
        int id = FIRST_CUSTOM + (int) namespaces.values().stream().filter(each -> each.path("custom").asBoolean()).count();
        ObjectNode namespace = add(id, code, idType, true, call.instant().toEpochMilli());
        namespace.put("name", Json.text(body, "name"));
        if (body.has("description")) {
            namespace.set("description", body.path("description"));
        }
        return Answer.json(200, namespace);
    }

    private static Refusal invalid(String field) {
        return Refusal.namespace(400, "Namespace validation", "INVALID_REQUEST_PARAMS",
            "Please provide a valid value of " + field);
    }
}
