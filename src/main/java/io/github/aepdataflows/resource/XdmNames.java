package io.github.aepdataflows.resource;

import io.github.aepdataflows.definition.Definition;
import java.util.HashMap;
import java.util.Map;

/**
 * What names of XDM mean in the sandbox.
 *
 * @param groups  titles of field groups to their {@code $id}s, as far as they exist
 * @param classId {@code $id} of the class that the definition names by its title; empty while it is not known
 * @param tenant  the id of the tenant, as in {@code acme}; empty while it is not known
 */
public record XdmNames(Map<String, String> groups, String classId, String tenant) {

    public static final XdmNames NONE = new XdmNames(Map.of(), "", "");

    public XdmNames {
        groups = Map.copyOf(groups);
    }

    public XdmNames with(String title, String id) {
        Map<String, String> more = new HashMap<>(groups);
        more.put(title, id);
        return new XdmNames(more, classId, tenant);
    }

    public XdmNames withClass(String id) {
        return new XdmNames(groups, id, tenant);
    }

    public XdmNames ofTenant(String id) {
        return new XdmNames(groups, classId, id);
    }

    /** Its {@code $id}; the name itself where that is one, or nothing of that title is known. */
    public String idOf(Definition.FieldGroup group) {
        return groups.getOrDefault(group.name(), group.name());
    }

    /** The {@code $id} of the class of a schema; its title where nothing is known of that. */
    public String classOf(Definition.Schema schema) {
        return classId.isEmpty() || Definition.isXdmId(schema.className()) ? schema.className() : classId;
    }
}
