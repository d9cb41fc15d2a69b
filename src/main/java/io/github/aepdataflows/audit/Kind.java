package io.github.aepdataflows.audit;

import java.util.List;
import java.util.Locale;

/** A collection of the Platform that one walk can list, by the steps that make what lies in it. Flows are listed with their runs. */
public enum Kind {

    CLASSES("source-class"),
    SCHEMAS("source-schema", "target-schema"),
    SOURCE_CONNECTIONS("source-connection"),
    DATASETS("target-dataset"),
    CONNECTIONS("base-connection", "dataset-connection"),
    TARGET_CONNECTIONS("target-connection"),
    MAPPING_SETS("mapping-set");

    private final List<String> steps;

    Kind(String... steps) {
        this.steps = List.of(steps);
    }

    List<String> steps() {
        return steps;
    }

    /** As in {@code source connections}. */
    String words() {
        return name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }
}
