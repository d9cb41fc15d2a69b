package io.github.aepdataflows.plan;

import io.github.aepdataflows.definition.Definition;
import io.github.aepdataflows.provision.Step;

/** What of a dataflow goes with it. */
public final class Removal {

    private Removal() {
    }

    /** Whether what this step has made is deleted when the dataflow is. What dataflows share never is. */
    public static boolean includes(Definition.Lifecycle lifecycle, Step step) {
        return switch (step) {
            case FLOW, SOURCE_CONNECTION, TARGET_CONNECTION, MAPPING_SET -> true;
            case TARGET_DATASET -> lifecycle.retiresDataset();
            case TARGET_SCHEMA, SOURCE_SCHEMA, SOURCE_CLASS -> lifecycle.retiresSchema();
            case BASE_CONNECTION, DATASET_CONNECTION -> false;
        };
    }
}
