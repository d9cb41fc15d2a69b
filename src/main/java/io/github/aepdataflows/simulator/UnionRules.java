package io.github.aepdataflows.simulator;

import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * What becomes of a schema that joins the union of its class by the tag {@code union}, as Real-Time Customer Profile wants it:
 * it needs an identity first, and there is no way back. Documented in "Unions endpoint" and the troubleshooting guide of XDM.
 *
 * <p>A schema that is created with the tag is not looked at: its descriptors can only come later. No document shows this form.
 */
final class UnionRules {

    private final XdmExpansion expansion;
    private final Descriptors descriptors;
    private final Options options;

    UnionRules(Schemas schemas, Descriptors descriptors, Options options) {
        this.expansion = new XdmExpansion(schemas);
        this.descriptors = descriptors;
        this.options = options;
    }

    void checkUpdate(Call call, ObjectNode current, ObjectNode updated) {
        if (isTagged(current) && !isTagged(updated)) {
            throw Refusal.document(400, "meta:immutableTags cannot be removed");
        }
        boolean joins = isTagged(updated) && !isTagged(current);
        if (joins && options.dialects().is(Dialect.UNION_WITHOUT_IDENTITY, "refuse") && !identifies(call, updated)) {
            throw Refusal.document(400, "The schema " + updated.path("$id").asText()
                + " needs a primary identity or an identityMap to be enabled for Profile");
        }
    }

    void checkDelete(ObjectNode schema) {
        if (isTagged(schema)) {
            throw Refusal.document(400, "A schema that is enabled for Profile cannot be deleted: " + schema.path("$id").asText());
        }
    }

    private boolean identifies(Call call, ObjectNode schema) {
        return expansion.properties(call, schema).has("identityMap")
            || descriptors.of(call, schema.path("$id").asText()).stream().anyMatch(Descriptors::isPrimary);
    }

    private static boolean isTagged(ObjectNode schema) {
        return Json.stream(schema.path("meta:immutableTags")).anyMatch(tag -> tag.asText().equals("union"));
    }
}
