package io.github.aepdataflows.definition;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.aepdataflows.definition.Definition.Dataset;
import io.github.aepdataflows.definition.Definition.Mapping;
import io.github.aepdataflows.definition.Definition.Schedule;
import io.github.aepdataflows.definition.Definition.Schema;
import io.github.aepdataflows.definition.Definition.Source;
import io.github.aepdataflows.definition.Definition.Target;
import java.io.InputStream;
import java.time.Clock;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.BiPredicate;
import java.util.function.Function;
import java.util.stream.StreamSupport;

/** Turns the content of a definition file into a {@link Definition}, or names everything that is wrong with it. */
public final class DefinitionReader {

    /** A definition has at most so many bytes. */
    public static final int MAX_BYTES = Document.MAX_BYTES;

    private final SchemaCheck schemaCheck;
    private final Connectors connectors;
    private final String sandbox;
    private final Clock clock;

    /**
     * @param jsonSchema the published {@code dataflow.schema.json}
     * @param sandbox    the only sandbox that a definition may name
     * @param clock      decides whether a start time lies in the past
     */
    public DefinitionReader(InputStream jsonSchema, Connectors connectors, String sandbox, Clock clock) {
        this.schemaCheck = new SchemaCheck(jsonSchema);
        this.connectors = connectors;
        this.sandbox = sandbox;
        this.clock = clock;
    }

    /** @throws DefinitionException with all faults of the file at once */
    public Definition read(byte[] content) throws DefinitionException {
        return read(content, (name, digest) -> false);
    }

    /**
     * @param running whether the dataflow of this name and digest exists at the Platform: its start may lie in the past by now
     * @throws DefinitionException with all faults of the file at once
     */
    public Definition read(byte[] content, BiPredicate<String, String> running) throws DefinitionException {
        Document document = Document.parse(content);
        List<Fault> faults = document.faults();
        if (faults.isEmpty() || !document.root().isEmpty()) {
            faults.addAll(schemaCheck.faults(document));
            faults.addAll(Rules.faults(document, connectors, sandbox, clock,
                    () -> running.test(document.root().path("name").asText(), Fingerprint.of(document.root()).digest())));
        }
        if (!faults.isEmpty()) {
            faults.sort(Comparator.comparingInt(Fault::line).thenComparing(Fault::path));
            throw new DefinitionException(text(document.root(), "name").orElse(null), faults);
        }
        return definition(document.root());
    }

    private Definition definition(ObjectNode root) {
        String name = root.path("name").asText();
        return new Definition(
                name,
                text(root, "description"),
                Fingerprint.of(root),
                source(root.path("source"), name),
                target(root.path("target"), name),
                list(root.path("mapping"), DefinitionReader::mapping),
                object(root, "copy"),
                schedule(root.path("schedule")),
                object(root, "options"));
    }

    private Source source(JsonNode source, String name) {
        Connector connector = connectors.of(source).orElseThrow();
        String pathParameter = source.has("path") ? "path" : "tableName";
        return new Source(
                text(source, "name").orElse(name + " source"),
                text(source, "description"),
                connector.connectionSpecId(),
                connector.flowSpec(),
                source.path("baseConnectionId").asText(),
                text(source, "format").orElse(connector.format()),
                pathParameter,
                source.path(pathParameter).asText(),
                source.has("columns") ? (ArrayNode) source.path("columns") : JsonNodeFactory.instance.arrayNode());
    }

    private static Target target(JsonNode target, String name) {
        JsonNode schema = target.path("schema");
        JsonNode dataset = target.path("dataset");
        return new Target(
                text(target, "name").orElse(name + " target"),
                text(target, "description"),
                new Schema(text(schema, "id"), schema.path("title").asText(), text(schema, "description"),
                        schema.path("class").asText(), list(schema.path("fieldGroups"), JsonNode::asText)),
                new Dataset(text(dataset, "id"), dataset.path("name").asText()));
    }

    private static Mapping mapping(JsonNode rule) {
        return new Mapping(rule.path("source").asText(), rule.path("destination").asText(),
                rule.path("identity").asBoolean(), text(rule, "identityGroup"), text(rule, "namespaceCode"));
    }

    private static Schedule schedule(JsonNode schedule) {
        return new Schedule(
                Optional.of(schedule.path("startTime")).filter(time -> !time.isMissingNode())
                        .map(time -> Rules.start(time).getEpochSecond()),
                schedule.path("frequency").asText(),
                Optional.of(schedule.path("interval")).filter(JsonNode::isNumber).map(JsonNode::asInt),
                Optional.of(schedule.path("backfill")).filter(JsonNode::isBoolean).map(JsonNode::asBoolean));
    }

    private static Optional<String> text(JsonNode parent, String key) {
        return Optional.ofNullable(parent.path(key).textValue());
    }

    private static Optional<ObjectNode> object(JsonNode parent, String key) {
        return parent.get(key) instanceof ObjectNode object ? Optional.of(object) : Optional.empty();
    }

    private static <T> List<T> list(JsonNode array, Function<JsonNode, T> element) {
        return StreamSupport.stream(array.spliterator(), false).map(element).toList();
    }
}
