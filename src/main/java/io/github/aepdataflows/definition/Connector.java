package io.github.aepdataflows.definition;

/**
 * One entry of {@code connectors.yaml}: what the Platform calls a kind of source system.
 *
 * @param connectionSpecId id of the connection spec, a UUID
 * @param category         crm, marketingAutomation, customerSuccess…
 * @param flowSpec         name of the flow spec that runs its dataflows, {@code CRMToAEP} for table sources
 * @param params           the parameter that names the table: {@code tableName} or {@code path}
 * @param format           default {@code data.format} of its source connections
 */
public record Connector(String connectionSpecId, String category, String flowSpec, String params, String format) {

    static final String TABLE_FLOW_SPEC = "CRMToAEP";

    /** Whether it reads tables, as the CRMToAEP flow spec does, and not files. */
    boolean readsTables() {
        return flowSpec.equals(TABLE_FLOW_SPEC);
    }
}
