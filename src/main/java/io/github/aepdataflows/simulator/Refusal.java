package io.github.aepdataflows.simulator;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.UUID;

/**
 * A call that is answered with an error. The Platform has five error formats; each factory below makes one of them.
 */
final class Refusal extends RuntimeException {

    private static final long serialVersionUID = 1;

    private final transient Answer answer;

    private Refusal(int status, ObjectNode body) {
        super(status + " " + body, null, false, false);
        this.answer = Answer.json(status, body);
    }

    Answer answer() {
        return answer;
    }

    /** Format 1: the gateway, before any service was asked. The status is the first three digits of the code. */
    static Refusal gateway(String code, String message) {
        return new Refusal(Integer.parseInt(code.substring(0, 3)),
            Json.object().put("error_code", code).put("message", message));
    }

    /** Format 2: the Flow Service. */
    static Refusal message(int status, String message) {
        return new Refusal(status, Json.object().put("errorMessage", message).put("errorDetails", message));
    }

    /** Format 2 for an id that the collection does not hold. */
    static Refusal notFound(String collection, String id) {
        return message(404, collection + " not found with id = [" + id + "]");
    }

    /** Format 3 with a code of the Flow Service's and the sources' lists, such as {@code 1360-400}. */
    static Refusal flow(String code, String detail) {
        return coded("FLOW-" + code, "Request refused", detail);
    }

    /** Format 3: the problem document whose type ends in the code; the status is the last three digits of the code. */
    static Refusal coded(String code, String title, String detail) {
        int status = Integer.parseInt(code.substring(code.length() - 3));
        ObjectNode body = Json.object().put("type", "http://ns.adobe.com/aep/errors/" + code).put("title", title)
            .put("status", status);
        body.putObject("report").put("registryRequestId", UUID.randomUUID().toString()).put("detailed-message", detail)
            .putArray("sub-errors");
        return new Refusal(status, body.put("detail", detail));
    }

    /** Format 3 with the code of the registry's validation; such an answer was seen for a descriptor that lacked a field. */
    static Refusal invalid(String detail) {
        return coded("XDM-4000-400", "Validation error", detail);
    }

    /** The refusal to delete what is in use, which the documents show as a 400. */
    static Refusal inUse(Options options, Refusal documented) {
        return options.dialects().is(Dialect.IN_USE, "409") ? message(409, documented.getMessage()) : documented;
    }

    /** Format 4: the legacy problem document, which has no code. */
    static Refusal document(int status, String detail) {
        return new Refusal(status, Json.object().put("type", "/placeholder/type/uri").put("status", status)
            .put("title", status == 404 ? "NotFoundError" : "BadRequestError").put("detail", detail));
    }

    /** The Dataset Service; the status is the last three digits of the code. */
    static Refusal dataset(String code, String message, String path) {
        int status = Integer.parseInt(code.substring(code.length() - 3));
        return new Refusal(status, Json.object().put("timestamp", "2026-01-01T00:00:00.000+00:00")
            .put("status", status == 404 ? "NOT_FOUND" : "BAD_REQUEST").put("code", code).put("message", message).put("path", path));
    }

    /** Format 5: the Identity Service. */
    static Refusal namespace(int status, String title, String code, String description) {
        ObjectNode body = Json.object().put("type", "http://ns.adobe.com/adobecloud/problem/namespacevalidation")
            .put("status", status).put("title", title).put("description", description);
        body.putObject("report").put("code", code);
        return new Refusal(status, body);
    }
}
