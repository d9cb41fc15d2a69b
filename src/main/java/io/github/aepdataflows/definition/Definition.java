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
 * @param unmapped whether the source's records are in the form of the target schema, so that there is no mapping ({@code mapping: none})
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
        boolean unmapped,
        Optional<ObjectNode> copy,
        Optional<ObjectNode> encryption,
        Schedule schedule,
        Optional<ObjectNode> options,
        Lifecycle lifecycle,
        BiFunction<String, String, Fault> faults) {

    /** In place of the rules of a mapping, where the dataflow has none. */
    public static final String NO_MAPPING = "none";

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

        /** Whether it is read through a REST API, by parameters of its own in place of a table or a path. */
        public boolean isSelfServe() {
            return !tables && !readsFiles() && path.isEmpty();
        }

        /** Whether it reads files, as the CloudStorageToAEP flow spec does. */
        public boolean readsFiles() {
            return flowSpec.equals("CloudStorageToAEP");
        }
    }

    /**
     * The authenticated base connection of the source: by its id, or by its name, or as one to be made where there is none of
     * that name.
     *
     * @param name empty when the id is given
     * @param auth of one that may have to be made
     */
    public record BaseConnection(Optional<String> id, String name, Optional<String> description, Optional<Auth> auth) {

        /** Whether the source is reached without one, as the landing zone is. */
        public boolean isNone() {
            return id.isEmpty() && name.isEmpty();
        }
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
     * @param className  {@code $id} or title of its class; empty when the schema exists
     * @param isPartUnread whether it has further field groups, whose files were not read: it is to be paused or deleted
     * @param identities the fields of a new one that identify a person, of which one at most is primary
     * @param labels     data usage labels of its fields
     */
    public record Schema(
            Optional<String> id, String title, Optional<String> description, String className, List<FieldGroup> fieldGroups,
            boolean isPartUnread, List<Identity> identities, List<FieldLabels> labels) {

        /** Whether it exists, by id or by title. */
        public boolean exists() {
            return className.isEmpty();
        }

        /** The field groups that are made unless they exist. */
        public List<FieldGroup> describedGroups() {
            return fieldGroups.stream().filter(FieldGroup::isDescribed).toList();
        }
    }

    /**
     * A field group of a schema.
     *
     * @param name   {@code $id} or title of an existing one; title of one that is described
     * @param fields of one that is made unless it exists: names to types, without the namespace of the tenant
     */
    public record FieldGroup(String name, Optional<String> description, Optional<ObjectNode> fields) {

        public boolean isDescribed() {
            return fields.isPresent();
        }
    }

    /** Whether a class or field group is named by its {@code $id}, and not by its title. */
    public static boolean isXdmId(String name) {
        return name.startsWith("https://");
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
            return Definition.sourceProperty(path);
        }
    }

    /** Data usage labels of a field of the schema, as in {@code I1}; path as in {@link Identity}. */
    public record FieldLabels(String path, List<String> labels) {
    }

    /** The path of a field as a descriptor has it ({@code xdm:sourceProperty}), as in {@code /personalEmail/address}. */
    public static String sourceProperty(String path) {
        return "/" + path.replaceAll("(?<!\\\\)\\.", "/").replaceAll("\\\\(.)", "$1");
    }

    /**
     * The id or the name of an existing dataset, or the name of a new one.
     *
     * @param labels data usage labels of the whole of it
     */
    public record Dataset(Optional<String> id, String name, boolean exists, List<String> labels) {
    }

    /**
     * A rule of the mapping set: from a source column, an expression or a constant to a path in the target schema.
     *
     * @param sourceType ATTRIBUTE, EXPRESSION or STATIC, as in the API
     * @param name       as Data Prep shows it; absent where the definition says nothing of it
     */
    public record Mapping(String sourceType, String source, String destination, boolean identity,
                          Optional<String> identityGroup, Optional<String> namespaceCode, Optional<String> name,
                          Optional<String> description) {

        /** Of the two spellings that the API has of a type, the one of requests; another word as it is. */
        public static String type(String spelling) {
            return switch (spelling) {
                case "", "text/x.schema-path" -> ATTRIBUTE;
                case "text/x.aep-xl" -> EXPRESSION;
                case "text/plain" -> "STATIC";
                default -> spelling;
            };
        }

        public boolean isAttribute() {
            return sourceType.equals(ATTRIBUTE);
        }

        public boolean isExpression() {
            return sourceType.equals(EXPRESSION);
        }

        /** Whether it sets the same value in every record. */
        public boolean isConstant() {
            return sourceType.equals("STATIC");
        }
    }

    private static final String ATTRIBUTE = "ATTRIBUTE";
    private static final String EXPRESSION = "EXPRESSION";

    /** Whether any mapping is more than a column, or has a name: then the mapping set has the new form, which alone can say it. */
    public boolean computes() {
        return mapping.stream().anyMatch(rule -> !rule.isAttribute() || rule.name().isPresent() || rule.description().isPresent());
    }

    /** Whether the definition asks for a mapping ({@code mapping: auto}), which nobody applies. */
    public boolean isMappingOpen() {
        return mapping.isEmpty() && !unmapped;
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
        for (int i = 0; i < target.schema().labels().size(); i++) {
            fields.put("target.schema.labels[%d].path".formatted(i), target.schema().labels().get(i).path());
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

    /** Whether the dataflow is to exist, and to run; a draft was never published, and has no runs. */
    public enum State { PRESENT, DRAFT, PAUSED, ABSENT }

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
