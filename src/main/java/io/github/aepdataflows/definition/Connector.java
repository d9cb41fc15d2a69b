package io.github.aepdataflows.definition;

import java.util.List;

/**
 * One entry of {@code connectors.yaml}: what the Platform calls a kind of source system. What an entry leaves out is empty.
 *
 * @param name             what the product is called
 * @param connectionSpecId id of the connection spec, a UUID
 * @param category         crm, marketingAutomation, customerSuccess…
 * @param flowSpec         name of the flow spec that runs its dataflows, {@code CRMToAEP} for table sources
 * @param params           the parameter that names the table or file: {@code tableName} or {@code path}
 * @param format           default {@code data.format} of its source connections
 * @param deltaDateFormat  how the values of a delta column are written, in UTC; empty for sources of files
 * @param auth             the ways to authenticate a base connection; empty where none is known
 */
public record Connector(String name, String connectionSpecId, String category, String flowSpec, String params, String format,
                        String deltaDateFormat, List<Auth> auth) {

    static final String TABLE_FLOW_SPEC = "CRMToAEP";

    public Connector {
        name = orEmpty(name);
        category = orEmpty(category);
        deltaDateFormat = orEmpty(deltaDateFormat);
        auth = auth == null ? List.of() : List.copyOf(auth);
    }

    /** A source that {@code connectors.yaml} does not list. */
    static Connector unlisted(String connectionSpecId, String flowSpec) {
        String format = flowSpec.equals(TABLE_FLOW_SPEC) ? "tabular" : "delimited";
        return new Connector("", connectionSpecId, "", flowSpec, "path", format, "", List.of());
    }

    /** Whether it reads tables, as the CRMToAEP flow spec does, and not files. */
    boolean readsTables() {
        return flowSpec.equals(TABLE_FLOW_SPEC);
    }

    private static String orEmpty(String text) {
        return text == null ? "" : text;
    }

    /**
     * A way to authenticate a base connection.
     *
     * @param specName its {@code auth.specName}
     * @param type     its {@code auth.type}; empty where the spec needs none
     * @param required names of the {@code auth.params} that must be given
     * @param optional names of those that may be given
     */
    public record Auth(String specName, String type, List<String> required, List<String> optional) {

        public Auth {
            specName = orEmpty(specName);
            type = orEmpty(type);
            required = required == null ? List.of() : List.copyOf(required);
            optional = optional == null ? List.of() : List.copyOf(optional);
        }
    }
}
