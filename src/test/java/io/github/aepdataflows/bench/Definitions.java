package io.github.aepdataflows.bench;

import io.github.aepdataflows.Rig;
import java.io.IOException;
import java.util.List;

/**
 * Definitions made of the examples, in which every name says to which dataflow it belongs. So does a mapping set, which has
 * no name: by a column that only this dataflow reads.
 */
final class Definitions {

    private Definitions() {
    }

    static String column(String dataflow) {
        return "only_" + dataflow.replaceAll("[^A-Za-z0-9]", "_");
    }

    /** All nine steps. */
    static String crm(String dataflow) throws IOException {
        return withOwnColumn(dataflow, Rig.example("crm")
                .replace("name: Dataflow between a CRM system and Platform", "name: " + dataflow)
                .replace("name: Source Connection for a CRM system", "name: " + dataflow + " source")
                .replace("name: Target Connection\n", "name: " + dataflow + " target\n")
                .replace("title: Target schema for CRM source connector", "title: " + dataflow + " schema")
                .replace("name: Target Dataset for CRM data", "name: " + dataflow + " dataset"));
    }

    /** The six steps of the current form. */
    static String customerSuccess(String dataflow) throws IOException {
        return withOwnColumn(dataflow, Rig.example("customer-success")
                .replace("name: Creating a dataflow for a Customer Success connector", "name: " + dataflow)
                .replace("name: Source connection for Customer Success", "name: " + dataflow + " source")
                .replace("name: Target Connection for a customer success connector", "name: " + dataflow + " target")
                .replace("title: Target schema for customer success", "title: " + dataflow + " schema")
                .replace("name: Target dataset for customer success", "name: " + dataflow + " dataset"));
    }

    private static String withOwnColumn(String dataflow, String definition) {
        return definition
                .replace("  columns:\n", "  columns:\n    - { name: " + column(dataflow) + ", type: string }\n")
                .replace("mapping:\n", "mapping:\n  - { source: " + column(dataflow) + ", destination: person.name.middleName }\n");
    }

    /** The steps that a definition takes. */
    static List<Step> steps(String definition) {
        return definition.contains("format: parquet_xdm") ? List.of(Step.values())
                : List.of(Step.SOURCE_CONNECTION, Step.TARGET_SCHEMA, Step.TARGET_DATASET, Step.TARGET_CONNECTION,
                        Step.MAPPING_SET, Step.FLOW);
    }
}
