package io.github.aepdataflows.definition;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.aepdataflows.definition.Definition.Auth;
import io.github.aepdataflows.definition.Definition.BaseConnection;
import io.github.aepdataflows.definition.Definition.Dataset;
import io.github.aepdataflows.definition.Definition.FieldGroup;
import io.github.aepdataflows.definition.Definition.Files;
import io.github.aepdataflows.definition.Definition.Identity;
import io.github.aepdataflows.definition.Definition.Lifecycle;
import io.github.aepdataflows.definition.Definition.Mapping;
import io.github.aepdataflows.definition.Definition.Schedule;
import io.github.aepdataflows.definition.Definition.Schema;
import io.github.aepdataflows.definition.Definition.Source;
import io.github.aepdataflows.definition.Definition.State;
import io.github.aepdataflows.definition.Definition.Target;
import java.io.InputStream;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiPredicate;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Turns the content of a definition file into a {@link Definition}, or names everything that is wrong with it. */
public final class DefinitionReader {

    /** A definition has at most so many bytes. */
    public static final int MAX_BYTES = Document.MAX_BYTES;

    private static final String AUTO = "auto is never applied: let the command plan (or the folder plan/) propose rules, and put "
            + "those that you want in place of auto";

    /** Without these there is nothing that the Platform could be asked about. */
    private static final Pattern UNDESCRIBED =
            Pattern.compile("sandbox|source|source\\.(connector|connectionSpecId|flowSpec|path|tableName|filters|baseConnection.*)"
                    + "|target\\.(schema(?!\\.(identities|labels))|dataset(?!\\.labels)).*|schedule\\.(startTime|endTime)");

    /** As in {@code _acme.mixins.…} and {@code _xdm.context.profile}. */
    private static final Pattern ALT_ID = Pattern.compile("_[a-z0-9]+(\\.[A-Za-z0-9_-]+){2,}");

    private final SchemaCheck schemaCheck;
    private final Connectors connectors;
    private final String sandbox;
    private final Overlays overlays;
    private final FieldGroupFiles fieldGroups;
    private final Clock clock;

    /** One whose definitions have no overlays, and name no files. */
    public DefinitionReader(InputStream jsonSchema, Connectors connectors, String sandbox, Clock clock) {
        this(jsonSchema, connectors, sandbox, Overlays.NONE, FieldGroupFiles.NONE, clock);
    }

    /**
     * @param jsonSchema  the published {@code dataflow.schema.json}
     * @param sandbox     the only sandbox that a definition may name
     * @param overlays    what is laid over each definition before it is checked
     * @param fieldGroups those that have files of their own
     * @param clock       decides whether a start time lies in the past
     */
    public DefinitionReader(InputStream jsonSchema, Connectors connectors, String sandbox, Overlays overlays, FieldGroupFiles fieldGroups,
            Clock clock) {
        this.schemaCheck = new SchemaCheck(jsonSchema, "a definition");
        this.connectors = connectors;
        this.sandbox = sandbox;
        this.overlays = overlays;
        this.fieldGroups = fieldGroups;
        this.clock = clock;
    }

    /**
     * @param running whether the dataflow of this name and digest exists at the Platform: its start may lie in the past by now
     * @throws DefinitionException with all faults of the file at once
     */
    public Definition read(byte[] content, BiPredicate<String, String> running) throws DefinitionException, UnreadableFileException {
        return draft(content, running, true).flawless();
    }

    /**
     * A definition, right or wrong.
     *
     * @param dataflow   the name that it gives; null when it gives none
     * @param definition what it describes; empty when it has not even the form of a definition
     * @param faults     all that is wrong with it, in file order
     */
    public record Draft(String dataflow, Optional<Definition> definition, List<Fault> faults) {

        /** As {@link #flawless}, of one that may ask for a mapping. */
        public Definition toPlan() throws DefinitionException {
            return new Draft(dataflow, definition, faults.stream().filter(fault -> !fault.message().equals(AUTO)).toList()).flawless();
        }

        /** @throws DefinitionException with all faults, if there are any */
        public Definition flawless() throws DefinitionException {
            if (!faults.isEmpty()) {
                throw new DefinitionException(dataflow, faults);
            }
            return definition.orElseThrow();
        }
    }

    /**
     * As {@link #read}, for those who want to go on in spite of faults, with {@code needsAll} as in
     * {@link #draft(DefinitionPart, BiPredicate, boolean)}.
     */
    public Draft draft(byte[] content, BiPredicate<String, String> running, boolean needsAll) throws UnreadableFileException {
        List<DefinitionPart> parts = DefinitionFile.parts(content);
        if (parts.size() > 1) {
            return new Draft(null, Optional.empty(), List.of(new Fault("", parts.get(1).line(),
                    "the file holds %d definitions; send it to direct:aep-provision-all, or each of them by itself"
                            .formatted(parts.size()))));
        }
        return draft(parts.get(0), running, needsAll);
    }

    /** The same of one definition of a file that may hold several. */
    public Draft draft(DefinitionPart part, BiPredicate<String, String> running) throws UnreadableFileException {
        return draft(part, running, true);
    }

    /**
     * The same.
     *
     * @param needsAll whether a dataflow that exists and is to be paused needs what files of field groups say, too; a deletion never does
     */
    public Draft draft(DefinitionPart part, BiPredicate<String, String> running, boolean needsAll) throws UnreadableFileException {
        Document laid = overlays.over(part.document());
        JsonNode root = laid.root();
        Document document = Rules.isAbsent(laid) ? laid : fieldGroups.into(laid, () -> needsAll
                || !root.path("state").asText().equals("paused")
                || !running.test(root.path("name").asText(), Fingerprint.digestOf(root)));
        List<Fault> faults = new ArrayList<>(document.faults());
        faults.addAll(part.faults());
        boolean described = false;
        if (!document.root().isEmpty() || document.faults().isEmpty()) {
            List<Fault> shape = schemaCheck.faults(document);
            List<Fault> rules = Rules.faults(document, connectors, sandbox, clock,
                    () -> running.test(document.root().path("name").asText(), Fingerprint.digestOf(document.root())));
            described = faults.isEmpty() && shape.isEmpty()
                    && rules.stream().noneMatch(fault -> UNDESCRIBED.matcher(fault.path()).matches());
            Set<String> tooLarge = faults.stream().filter(fault -> fault.message().equals(TreeBuilder.TOO_LARGE)).map(Fault::path)
                    .collect(Collectors.toSet());
            Stream.concat(shape.stream(), rules.stream()).map(document::told).filter(fault -> !tooLarge.contains(fault.path()))
                    .forEach(faults::add);
            if (document.root().path("mapping").asText().equals("auto")) {
                faults.add(document.fault("mapping", AUTO));
            }
        }
        for (DefinitionPart inside : part.inside()) {
            draft(inside, running, needsAll).faults().stream().filter(fault -> !faults.contains(fault)).forEach(faults::add);
        }
        faults.sort(Fault.IN_FILE_ORDER);
        return new Draft(text(document.root(), "name").orElse(null),
                described ? Optional.of(definition(document)) : Optional.empty(), faults);
    }

    /** Whether it wants its dataflow to be absent, right or wrong otherwise. */
    public boolean isAbsent(DefinitionPart part) throws UnreadableFileException {
        return Rules.isAbsent(overlays.over(part.document()));
    }

    private Definition definition(Document document) {
        ObjectNode root = document.root();
        Connector connector = connectors.of(root.path("source")).orElseThrow();
        String name = root.path("name").asText();
        return new Definition(
                name,
                text(root, "flowName").orElse(name),
                text(root, "description"),
                Fingerprint.of(root),
                source(root.path("source"), connector, name),
                target(root.path("target"), name),
                list(root.path("mapping"), DefinitionReader::mapping),
                root.path("mapping").asText().equals(Definition.NO_MAPPING),
                object(root, "copy").map(copy -> withDateFormat(copy, connector)),
                object(root, "encryption"),
                schedule(root.path("schedule")),
                object(root, "options"),
                lifecycle(root),
                document::fault);
    }

    private static Lifecycle lifecycle(JsonNode root) {
        return new Lifecycle(State.valueOf(root.path("state").asText(State.PRESENT.name()).toUpperCase(Locale.ROOT)),
                root.at("/retire/dataset").asBoolean(), root.at("/retire/schema").asBoolean(), root.path("allowReplace").asBoolean());
    }

    /** As the source writes the values of its delta columns, where the definition leaves that open. */
    private static ObjectNode withDateFormat(ObjectNode copy, Connector connector) {
        if (copy.path("deltaColumn") instanceof ObjectNode column && !column.has("dateFormat") && !connector.deltaDateFormat().isEmpty()) {
            ObjectNode complete = copy.deepCopy();
            ((ObjectNode) complete.path("deltaColumn")).put("dateFormat", connector.deltaDateFormat());
            return complete;
        }
        return copy;
    }

    private static Source source(JsonNode source, Connector connector, String name) {
        String pathParameter = source.has("path") ? "path" : "tableName";
        return new Source(
                text(source, "name").orElse(name + " source"),
                text(source, "description"),
                connector.connectionSpecId(),
                connector.flowSpec(),
                connector.readsTables(),
                baseConnection(source, connector),
                text(source, "format").orElse(connector.format()),
                pathParameter,
                source.path(pathParameter).asText(),
                object(source, "params"),
                source.has("columns") ? (ArrayNode) source.path("columns") : JsonNodeFactory.instance.arrayNode(),
                new Files(bool(source, "recursive"), text(source, "columnDelimiter"), text(source, "compressionType"),
                        text(source, "encoding"), text(source, "type"), object(source, "encryption")),
                text(source, "filters").map(RowFilter::parsed).or(() -> object(source, "filters")), bool(source, "cdcEnabled"));
    }

    private static BaseConnection baseConnection(JsonNode source, Connector connector) {
        JsonNode connection = source.path("baseConnection");
        Optional<Auth> auth = object(connection, "auth").map(given -> new Auth(
                given.path("specName").asText(),
                connector.auth().stream().filter(known -> known.specName().equals(given.path("specName").asText()))
                        .map(Connector.Auth::type).filter(type -> !type.isEmpty()).findFirst(),
                (ObjectNode) given.path("params"), connector.doubts(given.path("specName").asText(), given.path("params"))));
        return new BaseConnection(text(source, "baseConnectionId").or(() -> text(connection, "id")), connection.path("name").asText(),
                text(connection, "description"), auth);
    }

    private static Target target(JsonNode target, String name) {
        JsonNode schema = target.path("schema");
        JsonNode dataset = target.path("dataset");
        Predicate<JsonNode> isUnread = group -> group.has("file");
        List<JsonNode> groups = list(schema.path("fieldGroups"), Function.identity());
        return new Target(
                text(target, "name").orElse(name + " target"),
                text(target, "description"),
                new Schema(text(schema, "id"), schema.path("title").asText(), text(schema, "description"),
                        xdmName(schema.path("class").asText()),
                        groups.stream().filter(isUnread.negate()).map(DefinitionReader::fieldGroup).toList(),
                        groups.stream().anyMatch(isUnread),
                        list(schema.path("identities"), identity -> new Identity(identity.path("path").asText(),
                                identity.path("namespace").asText(), identity.path("primary").asBoolean())),
                        list(schema.path("labels"), field -> new Definition.FieldLabels(field.path("path").asText(),
                                list(field.path("labels"), JsonNode::asText)))),
                new Dataset(text(dataset, "id"), dataset.path("name").asText(), dataset.has("id") || dataset.path("existing").asBoolean(),
                        list(dataset.path("labels"), JsonNode::asText)),
                target.path("profile").asBoolean(), target.has("profile"));
    }

    private static FieldGroup fieldGroup(JsonNode group) {
        return group.isObject() ? new FieldGroup(group.path("title").asText(), text(group, "description"), object(group, "fields"))
                : new FieldGroup(xdmName(group.asText()), Optional.empty(), Optional.empty());
    }

    /** Of a {@code meta:altId} the {@code $id}. */
    private static String xdmName(String name) {
        return ALT_ID.matcher(name).matches() ? "https://ns.adobe.com/" + name.substring(1).replace('.', '/') : name;
    }

    private static Mapping mapping(JsonNode rule) {
        String type = Mapping.type(rule.path("sourceType").asText());
        String source = rule.path("source").asText();
        return new Mapping(type, type.equals("EXPRESSION") ? source.strip() : source,   // a block of YAML ends with a line break
                rule.path("destination").asText(),
                rule.path("identity").asBoolean(), text(rule, "identityGroup"), text(rule, "namespaceCode"), text(rule, "name"),
                text(rule, "description"));
    }

    private static Schedule schedule(JsonNode schedule) {
        return new Schedule(
                seconds(schedule.path("startTime")),
                schedule.path("frequency").asText(Definition.DEFAULT_FREQUENCY),
                Optional.of(schedule.path("interval")).filter(JsonNode::isNumber).map(JsonNode::asInt),
                bool(schedule, "backfill"),
                seconds(schedule.path("endTime")));
    }

    private static Optional<Long> seconds(JsonNode instant) {
        return Optional.of(instant).filter(time -> !time.isMissingNode()).map(time -> Rules.start(time).getEpochSecond());
    }

    private static Optional<Boolean> bool(JsonNode parent, String key) {
        return Optional.of(parent.path(key)).filter(JsonNode::isBoolean).map(JsonNode::asBoolean);
    }

    private static Optional<String> text(JsonNode parent, String key) {
        return Optional.ofNullable(parent.path(key).textValue());
    }

    private static Optional<ObjectNode> object(JsonNode parent, String key) {
        return parent.get(key) instanceof ObjectNode object ? Optional.of(object) : Optional.empty();
    }

    private static <T> List<T> list(JsonNode array, Function<JsonNode, T> element) {
        return array.valueStream().map(element).toList();
    }
}
