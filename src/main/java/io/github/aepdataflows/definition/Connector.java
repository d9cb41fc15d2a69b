package io.github.aepdataflows.definition;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * One entry of {@code connectors.yaml}: what the Platform calls a kind of source system. What an entry leaves out is empty.
 *
 * @param name             what the product is called
 * @param connectionSpecId id of the connection spec, a UUID
 * @param category         crm, marketingAutomation, customerSuccess…
 * @param flowSpec         name of the flow spec that runs its dataflows, {@code CRMToAEP} for table sources
 * @param params           the parameter that names the table or file: {@code tableName} or {@code path}; empty for a self-serve source,
 *                         whose connection spec describes parameters of its own
 * @param format           default {@code data.format} of its source connections
 * @param deltaDateFormat  how the values of a delta column are written, in UTC; empty for sources of files
 * @param baseConnection   whether it is reached through a base connection, as all but the landing zone are
 * @param auth             the ways to authenticate a base connection; empty where none is known
 */
public record Connector(String name, String connectionSpecId, String category, String flowSpec, String params, String format,
                        String deltaDateFormat, Boolean baseConnection, List<Auth> auth) {

    static final String TABLE_FLOW_SPEC = "CRMToAEP";

    /** Of the self-serve sources, which call a REST API. */
    static final String REST_FLOW_SPEC = "RestStorageToAEP";

    public Connector {
        name = orEmpty(name);
        category = orEmpty(category);
        params = params == null && REST_FLOW_SPEC.equals(flowSpec) ? "" : params;
        baseConnection = baseConnection == null || baseConnection;
        deltaDateFormat = orEmpty(deltaDateFormat);
        auth = auth == null ? List.of() : List.copyOf(auth);
    }

    /** A source that {@code connectors.yaml} does not list. Of a flow spec that is not known here, the Platform tells what it reads. */
    static Connector unlisted(String connectionSpecId, String flowSpec) {
        boolean rest = flowSpec.equals(REST_FLOW_SPEC);
        String format = flowSpec.equals(TABLE_FLOW_SPEC) ? "tabular" : rest ? "json" : "delimited";
        return new Connector("", connectionSpecId, "", flowSpec, rest ? "" : "path", format, "", true, List.of());
    }

    /** Whether it reads tables, as the CRMToAEP flow spec does, and not files. */
    public boolean readsTables() {
        return flowSpec.equals(TABLE_FLOW_SPEC);
    }

    /** Whether it reads files, as the CloudStorageToAEP flow spec does. */
    public boolean readsFiles() {
        return flowSpec.equals("CloudStorageToAEP");
    }

    /** Whether it has parameters of its own in place of a table or a path. */
    public boolean isSelfServe() {
        return params.isEmpty();
    }

    /** In what an {@code auth} differs from what is listed here, which is no fault: the Platform may know more. */
    List<String> doubts(String specName, JsonNode params) {
        List<String> names = auth.stream().map(Auth::specName).toList();
        Optional<Auth> listed = auth.stream().filter(known -> known.specName().equals(specName)).findFirst();
        if (listed.isEmpty()) {
            return auth.isEmpty() ? List.of()
                    : List.of("connectors.yaml lists no auth spec %s; %s".formatted(specName, Nearest.to(specName, names)));
        }
        List<String> all = Stream.concat(listed.get().required().stream(), listed.get().optional().stream()).toList();
        return Stream.concat(
                listed.get().required().stream().filter(name -> !params.has(name)).map("by connectors.yaml it needs %s"::formatted),
                params.properties().stream().map(Map.Entry::getKey).filter(name -> !all.contains(name))
                        .map(name -> "connectors.yaml lists no parameter %s; %s".formatted(name, Nearest.to(name, all)))).toList();
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
