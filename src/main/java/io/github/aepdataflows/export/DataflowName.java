package io.github.aepdataflows.export;

import java.text.Normalizer;
import java.util.regex.Pattern;

/** What an existing flow is called as a dataflow, whose names are restricted, while the Platform's are not. */
final class DataflowName {

    /** As in {@code dataflow.schema.json}. */
    private static final Pattern VALID = Pattern.compile("[A-Za-z0-9][A-Za-z0-9 ._-]{0,99}");
    private static final int LONGEST = 90;
    private static final int OF_THE_ID = 8;

    private DataflowName() {
    }

    static boolean isOne(String name) {
        return VALID.matcher(name).matches();
    }

    /**
     * The flow's own name where it is valid and nothing else has it; else what can be read of it, and the beginning of its id, so that
     * no two flows share it, and it is the same each time.
     */
    static String of(String flowName, String flowId, boolean isUnique) {
        if (isUnique && isOne(flowName)) {
            return flowName;
        }
        String readable = Normalizer.normalize(flowName.replace("ß", "ss"), Normalizer.Form.NFD).replaceAll("\\p{M}", "")
                .replaceAll("[^A-Za-z0-9 ._-]+", "-").replaceAll("[ -]*-[ -]*", "-").replaceAll("^[ ._-]+", "");
        String start = readable.substring(0, Math.min(LONGEST, readable.length())).replaceAll("[ ._-]+$", "");
        return (start.isEmpty() ? "flow" : start) + " " + flowId.substring(0, Math.min(OF_THE_ID, flowId.length()));
    }
}
