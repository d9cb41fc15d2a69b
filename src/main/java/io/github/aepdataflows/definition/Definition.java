package io.github.aepdataflows.definition;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.stream.Stream;

/**
 * One dataflow as its definition file describes it, checked and with all defaults filled in.
 *
 * @param name    of the dataflow: the key of the ledger
 * @param flowName of its flow; the same, unless the definition says otherwise
 * @param fingerprint by what its content is recognised, whatever its spelling
 * @param copy   params of the Copy transformation as in the API; absent when the definition has none
 * @param encryption params of the Encryption transformation as in the API; absent when the definition has none
 * @param options options of the flow as in the API; absent when the definition has none
 * @param lifecycle what is to become of what exists
 * @param faults  a fault of a path such as {@code source.columns[1].name} and a message, at its place in the file
 */
public record Definition(
        String name,
        String flowName,
        Optional<String> description,
        Fingerprint fingerprint,
        Source source,
        Target target,
        List<Mapping> mapping,
        Optional<ObjectNode> copy,
        Optional<ObjectNode> encryption,
        Schedule schedule,
        Optional<ObjectNode> options,
        Lifecycle lifecycle,
        BiFunction<String, String, Fault> faults) {

    /** Of a definition without a schedule: it needs no delta column. */
    static final String DEFAULT_FREQUENCY = "once";

    /** Title of the ad-hoc class of the dataflow of that name (2020 form). */
    public static String sourceClassTitle(String name) {
        return name + " source class";
    }

    /** Title of the ad-hoc schema of the dataflow of that name (2020 form). */
    public static String sourceSchemaTitle(String name) {
        return name + " source schema";
    }

    /** SHA-256 of the content, the same for every spelling of it. */
    public String digest() {
        return fingerprint.digest();
    }

    /** The 2020 form: ad-hoc class and schema for the source, dataset base connection for the target. */
    public boolean adHoc() {
        return source.format().equals("parquet_xdm");
    }

    /**
     * @param connectionSpecId id of the connector's connection spec
     * @param flowSpec         name of the flow spec to look up
     * @param tables           whether it reads tables, as the CRMToAEP flow spec does, and not files
     * @param pathParameter    {@code tableName} or {@code path}
     * @param path             value of that parameter; empty for a source that has neither
     * @param params           further parameters, as in the API
     * @param columns          as given; empty when the definition lists none
     * @param files            what is said of files beside their path
     * @param filters          which rows are read, as in the API; absent for all
     * @param cdcEnabled       whether the changes of rows are read, where the definition says
     */
    public record Source(
            String name,
            Optional<String> description,
            String connectionSpecId,
            String flowSpec,
            boolean tables,
            BaseConnection baseConnection,
            String format,
            String pathParameter,
            String path,
            Optional<ObjectNode> params,
            ArrayNode columns,
            Files files,
            Optional<ObjectNode> filters,
            Optional<Boolean> cdcEnabled) {
    }

    /**
     * The authenticated base connection of the source: by its id, or by its name, or as one to be made where there is none of
     * that name.
     *
     * @param name empty when the id is given
     * @param auth of one that may have to be made
     */
    public record BaseConnection(Optional<String> id, String name, Optional<String> description, Optional<Auth> auth) {
    }

    /**
     * @param specName name of the auth spec
     * @param type     its type, where the spec needs one
     * @param params   as in the API, each secret one as {@code {"secret": "its name"}}
     * @param doubts   in what it differs from what {@code connectors.yaml} lists, for when the Platform does not say how it is to be
     */
    public record Auth(String specName, Optional<String> type, ObjectNode params, List<String> doubts) {
    }

    /**
     * How files are read, where the definition says more than path and format.
     *
     * @param type       {@code file} or {@code folder}
     * @param encryption params.encryption of the source connection, as earlier documents have it
     */
    public record Files(Optional<Boolean> recursive, Optional<String> columnDelimiter, Optional<String> compressionType,
                        Optional<String> encoding, Optional<String> type, Optional<ObjectNode> encryption) {
    }

    /**
     * @param profile     whether schema and dataset are enabled for Real-Time Customer Profile
     * @param saysProfile whether the definition says so, either way
     */
    public record Target(String name, Optional<String> description, Schema schema, Dataset dataset, boolean profile, boolean saysProfile) {
    }

    /**
     * The id of an existing schema, its title alone, or the title, class and field groups of a new one.
     *
     * @param classId    empty when the schema exists
     * @param identities the fields of a new one that identify a person, of which one at most is primary
     */
    public record Schema(
            Optional<String> id, String title, Optional<String> description, String classId, List<String> fieldGroups,
            List<Identity> identities) {

        /** Whether it exists, by id or by title. */
        public boolean exists() {
            return classId.isEmpty();
        }
    }

    /**
     * A field that identifies a person.
     *
     * @param path      with dots between the names, as in a mapping's destination; a backslash keeps a dot in a name
     * @param namespace code of the identity namespace
     * @param primary   whether it is the one by which Real-Time Customer Profile knows the person
     */
    public record Identity(String path, String namespace, boolean primary) {

        /** The path as an identity descriptor has it ({@code xdm:sourceProperty}), as in {@code /personalEmail/address}. */
        public String sourceProperty() {
            return "/" + path.replaceAll("(?<!\\\\)\\.", "/").replaceAll("\\\\(.)", "$1");
        }
    }

    /** The id or the name of an existing dataset, or the name of a new one. */
    public record Dataset(Optional<String> id, String name, boolean exists) {
    }

    /**
     * A rule of the mapping set: from a source column, an expression or a constant to a path in the target schema.
     *
     * @param sourceType ATTRIBUTE, EXPRESSION or STATIC, as in the API
     */
    public record Mapping(String sourceType, String source, String destination, boolean identity,
                          Optional<String> identityGroup, Optional<String> namespaceCode) {

        public boolean isAttribute() {
            return sourceType.equals(ATTRIBUTE);
        }

        public boolean isExpression() {
            return sourceType.equals("EXPRESSION");
        }

        /** Whether it sets the same value in every record. */
        public boolean isConstant() {
            return sourceType.equals("STATIC");
        }
    }

    static final String ATTRIBUTE = "ATTRIBUTE";

    /** Whether any mapping is more than a column: then the mapping set has the new form, which alone can say it. */
    public boolean computes() {
        return !mapping.stream().allMatch(Mapping::isAttribute);
    }

    /** The columns that the mapping takes from, each once. */
    public Stream<String> attributes() {
        return mapping.stream().filter(Mapping::isAttribute).map(Mapping::source).distinct();
    }

    /** The fields of the target schema that the definition names: where in the file, and the path of the field. */
    public Map<String, String> targetFields() {
        Map<String, String> fields = new LinkedHashMap<>();
        for (int i = 0; i < mapping.size(); i++) {
            fields.put("mapping[%d].destination".formatted(i), mapping.get(i).destination());
        }
        for (int i = 0; i < target.schema().identities().size(); i++) {
            fields.put("target.schema.identities[%d].path".formatted(i), target.schema().identities().get(i).path());
        }
        return fields;
    }

    /** A fault that only the Platform could tell, at its place in the file. */
    public Fault fault(String path, String message) {
        return faults.apply(path, message);
    }

    /**
     * @param startTime epoch seconds; absent: shortly after the flow's creation
     * @param interval  in units of the frequency; absent for {@code once}
     * @param endTime   epoch seconds; absent for no end
     */
    public record Schedule(Optional<Long> startTime, String frequency, Optional<Integer> interval, Optional<Boolean> backfill,
                           Optional<Long> endTime) {
    }

    /** Whether the dataflow is to exist, and to run. */
    public enum State { PRESENT, PAUSED, ABSENT }

    /**
     * What is to become of what exists.
     *
     * @param retiresDataset with state absent only: whether the dataset goes, too
     * @param retiresSchema  with state absent only: whether the schemas go, too
     * @param allowsReplace  whether a new flow may take the place of one that the Platform does not allow to be changed
     */
    public record Lifecycle(State state, boolean retiresDataset, boolean retiresSchema, boolean allowsReplace) {

        public boolean isAbsent() {
            return state == State.ABSENT;
        }
    }
}
