package io.github.aepdataflows.bench;

import io.github.aepdataflows.simulator.Request;
import java.io.IOException;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The writing requests of a change: which edit of a definition takes them, and by what the Platform shows afterwards that it was made.
 * Definitions are those of {@link Definitions}.
 */
enum Write {

    PATCH_FLOW(Step.FLOW, "PATCH", "interval: 15>interval: 45", "/scheduleParams/interval", "45"),
    PATCH_SOURCE_CONNECTION(Step.SOURCE_CONNECTION, "PATCH", "description: Source connection for>description: Edited for", "/description",
            "Edited for a Customer Success connector"),
    PATCH_TARGET_CONNECTION(Step.TARGET_CONNECTION, "PATCH", "description: Target Connection>description: Edited", "/description",
            "Edited for a customer success connector"),
    PATCH_SCHEMA(Step.TARGET_SCHEMA, "PATCH",
    "person-details\n>person-details\n      - https://ns.adobe.com/xdm/context/profile-work-details\n",
            "/allOf/2/$ref", "https://ns.adobe.com/xdm/context/profile-work-details"),
    PATCH_DATASET(Step.TARGET_DATASET, "PATCH", " dataset\nmapping> edited\nmapping", "/name", "* edited"),
    PUT_MAPPING_SET(Step.MAPPING_SET, "PUT", "person.name.fullName>person.name.lastName", "/mappings/2/destination",
    "person.name.lastName"),
    DISABLE(Step.FLOW, "POST action", "target:\n>state: paused\ntarget:\n", "/state", "disabled"),
    ENABLE(Step.FLOW, "POST action", "state: paused\n>", "/state", "enabled"),
    PUBLISH(Step.FLOW, "POST action", "state: draft\n>", "/state", "enabled"),
    REPLACE_SOURCE_CONNECTION(Step.SOURCE_CONNECTION, "POST", "tableName: >allowReplace: true|tableName: other_", "/params/tableName",
    "other_*"),
    REPLACE_FLOW(Step.FLOW, "POST", "tableName: >allowReplace: true|tableName: other_", "/state", "enabled"),
    DISABLE_REPLACED(Step.FLOW, "POST action", "tableName: >allowReplace: true|tableName: other_", "/state", "enabled"),
    DELETE_FLOW(Step.FLOW),
    DELETE_SOURCE_CONNECTION(Step.SOURCE_CONNECTION),
    DELETE_TARGET_CONNECTION(Step.TARGET_CONNECTION),
    DELETE_MAPPING_SET(Step.MAPPING_SET),
    DELETE_DATASET(Step.TARGET_DATASET),
    DELETE_SCHEMA(Step.TARGET_SCHEMA),
    DELETE_SOURCE_SCHEMA(Step.SOURCE_SCHEMA),
    DELETE_CLASS(Step.SOURCE_CLASS);

    private static final Set<String> REPLACING = Set.of("sourceConnections", "flows");

    final Step step;
    final String pointer;
    final String value;
    private final String method;
    private final String edit;

    Write(Step step) {
        this(step, "DELETE", "target:\n>state: absent\nretire: { schema: true, dataset: true }\ntarget:\n", "", "");
    }

    Write(Step step, String method, String edit, String pointer, String value) {
        this.step = step;
        this.method = method;
        this.edit = edit;
        this.pointer = pointer;
        this.value = value;
    }

    boolean deletes() {
        return method.equals("DELETE");
    }

    boolean creates() {
        return method.equals("POST");
    }

    private boolean replaces() {
        return name().contains("REPLACE");
    }

    String before(String dataflow) throws IOException {
        if (deletes()) {
            return Definitions.crm(dataflow);
        }
        String definition = Definitions.customerSuccess(dataflow);
        return this == ENABLE ? DISABLE.edited(definition)
                : this == PUBLISH ? definition.replaceFirst("target:\n", "state: draft\n$0") : definition;
    }

    String after(String dataflow) throws IOException {
        return edited(before(dataflow));
    }

    private String edited(String definition) {
        String[] sides = edit.split(">", -1);
        if (!definition.contains(sides[0])) {
            throw new IllegalArgumentException("no '%s' in %s".formatted(sides[0], definition));
        }
        if (replaces()) {   // the switch is a key of the whole
            return "allowReplace: true\n" + definition.replace(sides[0], sides[1].substring(sides[1].indexOf('|') + 1));
        }
        return definition.replaceFirst(Pattern.quote(sides[0]), sides[1]);
    }

    /** @param id of the dataflow's resource of this step before the change */
    boolean is(Request request, String dataflow, String id) {
        if (creates()) {
            return step.isPost(request, dataflow);
        }
        String[] words = method.split(" ");
        return request.method().equals(words[0]) && (words.length > 1 ? request.path().endsWith(id + "/" + words[1]) : request.path()
                .endsWith(id));
    }

    /** How many resources of a step the dataflow has at the Platform in the end. */
    int left(Step of) {
        return deletes() ? 0 : replaces() && REPLACING.contains(of.collection()) ? 2 : 1;
    }
}
