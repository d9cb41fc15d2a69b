package io.github.aepdataflows.bench;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.aepdataflows.Rig;
import io.github.aepdataflows.simulator.Simulator;
import java.io.IOException;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Definitions made of the examples, in which every name says to which dataflow it belongs. So does a mapping set, which has
 * no name: by a column that only this dataflow reads, of a table that only it reads.
 */
final class Definitions {

    private static final Pattern COLUMN = Pattern.compile("(?m)^    - \\{ name: (\\w+), type: string(?:, format: ([a-z-]+))? }");

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
                .replaceFirst("tableName: .*", "tableName: " + column(dataflow))
                .replace("  columns:\n", "  columns:\n    - { name: " + column(dataflow) + ", type: string }\n")
                .replace("mapping:\n", "mapping:\n  - { source: " + column(dataflow) + ", destination: person.name.middleName }\n");
    }

    /** Gives the source the table that a definition of these reads. */
    static void addTable(Simulator simulator, String definition) {
        ArrayNode columns = Rig.JSON.createArrayNode();
        Matcher column = COLUMN.matcher(definition);
        while (column.find()) {
            add(columns, column.group(1), column.group(2) == null ? "" : column.group(2));
        }
        add(columns, "updatedAt", "date-time");   // the delta column of one of them
        simulator.addTable(Rig.SANDBOX, value(definition, "baseConnectionId"), value(definition, "tableName"), columns);
    }

    private static void add(ArrayNode columns, String name, String format) {
        ObjectNode type = columns.addObject().put("name", name).put("type", "string").putObject("xdm").put("type", "string");
        if (!format.isEmpty()) {
            type.put("format", format);
        }
    }

    private static String value(String definition, String key) {
        Matcher value = Pattern.compile("(?m)^  " + key + ": (.*)$").matcher(definition);
        if (!value.find()) {
            throw new IllegalArgumentException("no " + key + " in " + definition);
        }
        return value.group(1);
    }

    /** The steps that a definition takes. */
    static List<Step> steps(String definition) {
        return definition.contains("format: parquet_xdm") ? List.of(Step.values())
                : List.of(Step.SOURCE_CONNECTION, Step.TARGET_SCHEMA, Step.TARGET_DATASET, Step.TARGET_CONNECTION,
                        Step.MAPPING_SET, Step.FLOW);
    }
}
