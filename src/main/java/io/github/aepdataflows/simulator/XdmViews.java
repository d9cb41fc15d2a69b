package io.github.aepdataflows.simulator;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a Schema Registry GET shows, which its mandatory Accept header decides. Documented in "Schema Registry: getting
 * started".
 */
final class XdmViews {

    private static final Pattern LOOKUP = Pattern.compile(
        "application/vnd\\.adobe\\.(?:xed|xdm)(-full|-notext|-full-notext|-full-desc|-deprecatefield)?\\+json; ?version=(\\d{1,4})(\\.0)?");

    private final XdmExpansion expansion;

    XdmViews(XdmExpansion expansion) {
        this.expansion = expansion;
    }

    /** Whether a list shows ids only; refuses any Accept header that is not meant for lists. */
    static boolean idsOnly(Call call) {
        return switch (call.header("accept").orElse("")) {
            case "application/vnd.adobe.xed-id+json", "application/vnd.adobe.xdm-id+json" -> true;
            case "application/vnd.adobe.xed+json", "application/vnd.adobe.xdm+json" -> false;
            default -> throw Refusal.coded("XDM-1006-400", "Accept header invalid",
                "A list needs application/vnd.adobe.xed-id+json or application/vnd.adobe.xed+json, without a version");
        };
    }

    static ObjectNode ids(ObjectNode resource) {
        return resource.deepCopy().retain("$id", "meta:altId", "title", "version");
    }

    ObjectNode single(Call call, ObjectNode resource) {
        Matcher accept = LOOKUP.matcher(call.header("accept").orElse(""));
        if (!accept.matches()) {
            throw Refusal.coded("XDM-1007-400", "Accept header invalid",
                "A valid Accept value should look like application/vnd.adobe.{xed|xdm}+json; version=1 (Version should be specified)");
        }
        if (!accept.group(2).equals("1")) {
            throw Refusal.coded("XDM-1010-404", "Resource not found", "There is no version " + accept.group(2));
        }
        boolean full = String.valueOf(accept.group(1)).startsWith("-full");
        return full ? expansion.expanded(call, resource) : resource;
    }
}
