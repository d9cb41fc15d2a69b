package io.github.aepdataflows.platform;

import io.github.aepdataflows.definition.Definition;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.apache.camel.Variable;

/** The query strings of the listing calls, encoded (Flow Service, sort and filter). */
public final class Queries {

    private static final int PAGE = 100;
    private static final String ADOBE = "https://ns.adobe.com/";

    public String flowSpec(@Variable("aepDefinition") Definition definition) {
        return property("name==\"" + definition.source().flowSpec() + "\"");
    }

    /** One page of all source dataflows; destination dataflows share the collection. */
    public String sourceFlows(@Variable("aepContinuationToken") String token) {
        return page(List.of(property("inheritedAttributes.properties.isSourceFlow==true"), "orderby=createdAt"), token);
    }

    /** One page of a flow's runs, oldest first. {@code since} is in epoch milliseconds. */
    public String runs(@Variable("aepFlowId") String flowId, @Variable("aepRunsSince") long since,
                       @Variable("aepContinuationToken") String token) {
        return page(List.of(property("flowId==" + flowId), property("createdAt>=" + since), "orderby=createdAt"), token);
    }

    /** The newest run of a flow. */
    public String lastRun(@Variable("aepFlowId") String flowId) {
        return property("flowId==" + flowId) + "&orderby=-createdAt&limit=1";
    }

    private static String page(List<String> filters, String token) {
        List<String> query = new ArrayList<>(filters);
        query.add("limit=" + PAGE);
        if (token != null) {
            query.add("continuationToken=" + encode(token));
        }
        return String.join("&", query);
    }

    /** Of a resource of the registry, by its {@code $id}: {@code meta:altId}, which has no slashes. Other ids are given back. */
    public static String altId(String id) {
        return id.startsWith(ADOBE) ? "_" + id.substring(ADOBE.length()).replace('/', '.') : id;
    }

    /** A filter, encoded. */
    public static String property(String filter) {
        return "property=" + encode(filter);
    }

    /** Percent-encodes a value. */
    public static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }
}
