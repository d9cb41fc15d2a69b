package io.github.aepdataflows.definition;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BooleanSupplier;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * What the Platform demands of a definition beyond its shape. Each rule looks at the raw tree and keeps quiet where the
 * shape is already wrong, so that one pass finds everything.
 *
 * <p>The rules and their codes are those of Flow Service (sources errors) and of the CRMToAEP flow spec's schedule.
 */
final class Rules {

    private static final Set<String> OWN_PARAMS = Set.of("tableName", "path", "columns", "filters", "cdcEnabled", "recursive", "type",
            "encryption");

    private static final Set<String> TABLE_FORMATS = Set.of("tabular", "parquet_xdm");
    private static final Set<String> FILE_FORMATS = Set.of("delimited", "json", "parquet");

    /** Beyond these, a guess for each unknown name costs more than it helps. */
    private static final int MAX_SUGGESTIONS = 20;

    /** Of a name or a path; expressions may be longer. */
    static final int MAX_LABEL = 255;

    /** Pattern letters, the T between date and time, what stands between them, and quoted text. */
    /** What somebody may call a streaming source, of which connectors.yaml lists none. */
    private static final Pattern STREAMING = Pattern.compile("(?i).*(kinesis|event-?hub|pub-?sub|http-?api|streaming).*");
    private static final Pattern EPOCH_SECONDS = Pattern.compile("[0-9]{1,12}");
    private static final Pattern DATE_FORMAT =
            Pattern.compile("(?=.*[yYuMdDHhmsST].*)(?:[GyYuMLdDEeaHhKkmsSAnNVzOXxZT]|[^\\p{L}'%]|'[^']*')+");

    private static final Duration LATEST_START = Duration.ofDays(36_525);

    private final Connectors connectors;
    private final String sandbox;
    private final Clock clock;
    private final BooleanSupplier running;
    private final Document document;
    private final List<Fault> faults = new ArrayList<>();

    private Rules(Connectors connectors, String sandbox, Clock clock, BooleanSupplier running, Document document) {
        this.connectors = connectors;
        this.sandbox = sandbox;
        this.clock = clock;
        this.running = running;
        this.document = document;
    }

    /** @param running whether the dataflow exists already: asked when its start lies in the past, or it is to be paused as it is */
    static List<Fault> faults(Document document, Connectors connectors, String sandbox, Clock clock, BooleanSupplier running) {
        Rules rules = new Rules(connectors, sandbox, clock, running, document);
        JsonNode root = document.root();
        Optional<Connector> connector = rules.connector(root.path("source"));
        rules.sandbox(root.path("sandbox"));
        rules.retire(root);
        rules.source(root.path("source"), connector);
        rules.target(root.path("target"));
        rules.titles(root, connector);
        rules.mapping(root.path("mapping"), root.at("/source/columns"));
        rules.unmapped(root.path("mapping"), connector);
        rules.schedule(root.path("schedule"));
        rules.copy(root, connector);
        return rules.faults;
    }

    private void sandbox(JsonNode given) {
        if (given.isTextual() && !given.asText().equals(sandbox)) {
            fault("sandbox", "is %s, but this application works in sandbox \"%s\"; drop the file where that sandbox is served"
                    .formatted(Excerpt.of(given), sandbox));
        }
    }

    private void retire(JsonNode root) {
        if (root.has("retire") && !isAbsent()) {
            fault("retire", "belongs to state absent; leave it out, or add state: absent");
        } else if (root.at("/retire/schema").asBoolean() && !root.at("/retire/dataset").asBoolean()
                && root.at("/target/schema").has("class")) {
            fault("retire.schema", "a schema goes only together with its dataset; add dataset: true, or leave schema out");
        }
    }

    private boolean isAbsent() {
        return isAbsent(document);
    }

    /** Whether a definition wants its dataflow to be absent, right or wrong otherwise. */
    static boolean isAbsent(Document definition) {
        return definition.root().path("state").asText().equals("absent");
    }

    private Optional<Connector> connector(JsonNode source) {
        JsonNode key = source.path("connector");
        boolean byIds = source.has("connectionSpecId") && source.has("flowSpec");
        if (!source.isObject()) {
            return Optional.empty();
        }
        if (key.isMissingNode() && !byIds) {
            fault("source", "name a connector, or connectionSpecId together with flowSpec");
        } else if (!key.isMissingNode() && (source.has("connectionSpecId") || source.has("flowSpec"))) {
            fault("source.connector", "give either connector, or connectionSpecId with flowSpec, not both");
        } else if (key.isTextual() && connectors.of(source).isEmpty() && STREAMING.matcher(key.asText()).matches()) {
            fault("source.connector", "%s streams, and a definition describes dataflows that run on a schedule".formatted(Excerpt.of(key)));
        } else if (key.isTextual() && connectors.of(source).isEmpty()) {
            faults.add(at("source.connector", "no connector is called %s".formatted(Excerpt.of(key)))
                    .withSuggestion(connectors.suggestion(key.asText())));
        }
        for (String id : List.of("connectionSpecId", "flowSpec")) {
            WrongIds.fault(source.path(id).asText()).ifPresent(message -> fault("source." + id, message));
        }
        return connectors.of(source);
    }

    private void source(JsonNode source, Optional<Connector> connector) {
        if (!source.isObject()) {
            return;
        }
        boolean isOpen = isFlowSpecOpen(source, connector);
        String wanted = isOpen ? "tableName or path"
                : connector.filter(known -> !known.isSelfServe()).map(Connector::params).orElse("tableName");
        boolean files = connector.filter(known -> !known.readsTables() && !known.isSelfServe()).isPresent();
        boolean namesNothing = !source.has("tableName") && !source.has("path");
        boolean isSelfServe = connector.filter(Connector::isSelfServe).isPresent()
                || !source.has("connector") && source.has("params") && namesNothing;
        if (source.has("connector") && isSelfServe && !namesNothing) {
            fault("source." + (source.has("path") ? "path" : "tableName"),
                    "this source has parameters of its own, and neither table nor path; write source.params");
        } else if (source.has("tableName") == source.has("path") && !(namesNothing && isSelfServe)) {
            fault("source", "give %s, and only one of tableName and path".formatted(wanted));
        } else if (connector.isPresent() && source.has("path") && wanted.equals("tableName")) {
            fault("source.path", "this connector names its table by tableName");
        } else if (source.has("tableName") && files && !isOpen) {
            fault("source.tableName", "this source names its files by path");
        }
        source.path("params").fieldNames().forEachRemaining(name -> {
            if (OWN_PARAMS.contains(name) && !isSelfServe) {
                fault("source.params." + name, "has a key of its own: source." + name);
            }
        });
        String format = format(source, connector);
        connector.filter(known -> !isOpen).ifPresent(known -> {
            Set<String> formats = known.readsTables() ? TABLE_FORMATS : FILE_FORMATS;
            if (!formats.contains(format) && (TABLE_FORMATS.contains(format) || FILE_FORMATS.contains(format))) {
                fault("source.format", "%s is not a format of flow spec %s; use one of %s"
                        .formatted(format, known.flowSpec(), String.join(", ", formats.stream().sorted().toList())), "1327-400");
            }
        });
        if (!source.has("columns") && format.equals("parquet_xdm")) {
            fault("source", "format parquet_xdm needs columns: the ad-hoc class is made of them");
        }
        unique("source.columns", source.path("columns"), "name", "column");
        if (source.path("filters").isTextual()) {
            try {
                RowFilter.parsed(source.path("filters").asText());
            } catch (IllegalArgumentException e) {
                fault("source.filters", "is no condition such as city = 'Paris' and age >= 18: " + e.getMessage(), "1389-400");
            }
        }
        if (connector.isPresent() && !isOpen) {
            files(source, files, format);
        }
        if (connector.isPresent()) {
            new BaseConnectionRules(document, faults).check(source.path("baseConnection"));
        }
        boolean named = source.has("baseConnectionId") || source.has("baseConnection");
        if (connector.filter(known -> !known.baseConnection()).isPresent()) {
            if (named) {
                fault("source.baseConnection" + (source.has("baseConnection") ? "" : "Id"),
                        "this source is reached without a base connection; leave it out", "1332-400");
            }
        } else if (!named) {
            fault("source.baseConnectionId", "is missing; give it, or baseConnection with a name");
        } else if (source.has("baseConnectionId") && source.has("baseConnection")) {
            fault("source.baseConnection", "give either baseConnectionId or baseConnection");
        }
    }

    /** Whether it is for the Platform to say what the flow spec reads, and whether there is one of that name at all. */
    private static boolean isFlowSpecOpen(JsonNode source, Optional<Connector> connector) {
        return source.has("flowSpec") && connector.filter(known -> known.readsTables() || known.readsFiles() || known.isSelfServe())
                .isEmpty();
    }

    private void files(JsonNode source, boolean files, String format) {
        for (String key : List.of("recursive", "columnDelimiter", "compressionType", "encoding", "type", "encryption")) {
            if (source.has(key) && !files) {
                fault("source." + key, "belongs to sources of files; leave it out");
            }
        }
        if (files) {
            formOfFiles(source, format);
        }
        JsonNode delimiter = source.path("columnDelimiter");
        if (files && !delimiter.isMissingNode() && !format.equals("delimited")) {
            fault("source.columnDelimiter", "belongs to format delimited; leave it out");
        } else if (files && delimiter.isTextual() && delimiter.asText().codePointCount(0, delimiter.asText().length()) != 1) {
            fault("source.columnDelimiter", "%s is not one character".formatted(Excerpt.of(delimiter)), "1331-400");
        }
    }

    /** The Platform documents an encoding and a delimiter of delimited files, and a compression of those and of JSON. */
    private void formOfFiles(JsonNode source, String format) {
        if (source.has("encoding") && !format.equals("delimited")) {
            fault("source.encoding", "belongs to format delimited, the others are UTF-8; leave it out");
        }
        if (source.has("filters")) {
            fault("source.filters", "belongs to sources of tables; leave it out");
        }
    }

    private void target(JsonNode target) {
        JsonNode schema = target.path("schema");
        JsonNode dataset = target.path("dataset");
        if (schema.isObject() && schema.has("id") == schema.has("title")) {
            fault("target.schema", "give either the id of an existing schema, or the title of a new one");
        } else if (schema.has("identities") && !schema.has("class") && !schema.has("fieldGroups")) {
            fault("target.schema.identities",
                    "belong to a new schema, which has a class, too; an existing one is only named here and keeps "
                    + "the identities that it has: leave them out");
        } else if (schema.has("labels") && !schema.has("class") && !schema.has("fieldGroups")) {
            fault("target.schema.labels", "belong to a new schema, which has a class, too; label the fields of an existing one at the "
                    + "Platform, or the whole dataset by target.dataset.labels");
        } else if (schema.has("title") && !schema.has("class") && schema.size() > 1) {
            fault("target.schema", "a new schema needs a class, as in https://ns.adobe.com/xdm/context/profile; "
                    + "an existing one is named by its title alone");
        } else if (schema.has("id") && (schema.has("class") || schema.has("fieldGroups") || schema.has("description"))) {
            fault("target.schema",
                    "class, fieldGroups, labels, identities and description belong to a new schema; leave them out beside an id");
        }
        identities(target);
        new FieldGroupRules(document, faults).check(schema.path("fieldGroups"));
        if (dataset.isObject() && dataset.has("id") == dataset.has("name")) {
            fault("target.dataset", "give either the id of an existing dataset, or the name of a new one");
        } else if (dataset.has("id") && dataset.has("existing")) {
            fault("target.dataset.existing", "belongs to a name; leave it out beside an id");
        } else if ((dataset.has("id") || dataset.path("existing").asBoolean()) && schema.has("class")) {
            fault("target.dataset." + (dataset.has("id") ? "id" : "existing"),
                    "an existing dataset cannot have a schema that is still to be made; "
                    + "name the dataset's own schema by id, or let a new dataset be made");
        }
    }

    /** What is to be deleted, or exists and is to be paused, need not be what Profile wants. */
    private void identities(JsonNode target) {
        IdentityRules rules = new IdentityRules(document, faults);
        rules.check(target.at("/schema/identities"));
        rules.labels(target.at("/schema/labels"));
        boolean paused = document.root().path("state").asText().equals("paused");
        rules.profile(target, () -> isAbsent() || paused && running.getAsBoolean());
    }

    /** Titles are unique over classes and schemas of a sandbox, and the 2020 form makes two of its own. */
    private void titles(JsonNode root, Optional<Connector> connector) {
        String title = root.at("/target/schema/title").asText();
        String name = root.path("name").asText();
        boolean adHoc = format(root.path("source"), connector).equals("parquet_xdm");
        if (adHoc && (title.equals(Definition.sourceClassTitle(name)) || title.equals(Definition.sourceSchemaTitle(name)))) {
            fault("target.schema.title", "\"%s\" is the title of the source's ad-hoc class or schema; choose another"
                    .formatted(title), "XDM-1521-400");
        }
    }

    private void mapping(JsonNode mapping, JsonNode columns) {
        Set<String> names = columns.valueStream()
                .map(column -> column.path("name").asText()).collect(Collectors.toCollection(TreeSet::new));
        int strangers = 0;
        boolean computes = mapping.valueStream().anyMatch(rule -> !isAttribute(rule) || rule.has("name") || rule.has("description"));
        for (int i = 0; i < mapping.size(); i++) {
            JsonNode rule = mapping.path(i);
            JsonNode source = rule.path("source");
            if (isAttribute(rule) && source.isTextual() && columns.isArray() && !isAmong(source.asText(), names)) {
                Fault stranger = at("mapping[%d].source".formatted(i), "%s is not among the columns".formatted(Excerpt.of(source)));
                faults.add(++strangers > MAX_SUGGESTIONS ? stranger : stranger.withSuggestion(Nearest.to(source.asText(), names)));
            }
            boolean isConstant = Definition.Mapping.type(rule.path("sourceType").asText()).equals("STATIC");
            if (source.isTextual() && source.asText().isEmpty() && !isConstant) {
                fault("mapping[%d].source".formatted(i), "must not be empty");
            } else if (isAttribute(rule) && source.asText().matches("(?s).*[\\n\\r\\t].*")) {
                fault("mapping[%d].source".formatted(i), "no line breaks or control characters here");
            }
            if (isAttribute(rule) && source.asText().length() > MAX_LABEL) {
                fault("mapping[%d].source".formatted(i), "is longer than %d characters".formatted(MAX_LABEL));
            }
            if (computes && (rule.path("identity").asBoolean() || rule.hasNonNull("identityGroup") || rule.hasNonNull("namespaceCode"))) {
                fault("mapping[%d]".formatted(i), "a mapping with expressions, constants, names or descriptions "
                        + "names no identities; mark them in the schema");
            }
        }
        unique("mapping", mapping, "destination", "destination");
    }

    /** Adobe documents a dataflow without a mapping for a self-serve source alone, and refuses one of a table or of files. */
    private void unmapped(JsonNode mapping, Optional<Connector> connector) {
        boolean isNeeded = connector.filter(known -> known.readsTables() || known.readsFiles()).isPresent();
        if (isNeeded && mapping.asText().equals(Definition.NO_MAPPING)) {
            fault("mapping", "must be a list of rules: what is read from tables and files is mapped; none is for self-serve sources whose "
                    + "records are in the form of the target schema", "1370-400");
        }
    }

    /** A column, something in one, or one whose name is written in a special way. */
    private static boolean isAmong(String source, Set<String> columns) {
        return columns.contains(source) || columns.contains(SourceName.unwrapped(source)) || columns.contains(SourceName.column(source));
    }

    private static boolean isAttribute(JsonNode rule) {
        return Definition.Mapping.type(rule.path("sourceType").asText()).equals("ATTRIBUTE");
    }

    private void unique(String path, JsonNode list, String key, String what) {
        Map<String, Integer> first = new HashMap<>();
        for (int i = 0; i < list.size(); i++) {
            JsonNode value = list.path(i).path(key);
            Integer earlier = value.isTextual() ? first.putIfAbsent(value.asText(), i) : null;
            if (earlier != null) {
                fault("%s[%d].%s".formatted(path, i, key), "%s %s is already given on line %d; keep one"
                        .formatted(what, Excerpt.of(value), document.line("%s[%d].%s".formatted(path, earlier, key))));
            }
        }
    }

    private void schedule(JsonNode schedule) {
        if (!schedule.isObject()) {
            return;
        }
        String frequency = schedule.path("frequency").asText();
        JsonNode interval = schedule.path("interval");
        int minimum = frequency.equals("minute") ? 15 : 1;
        if (frequency.equals("once")) {
            forbid("schedule", "interval", "a dataflow that runs once has no interval; leave it out", "1361-400");
            forbid("schedule", "backfill", "a dataflow that runs once has no backfill; leave it out", "1364-400");
            if (schedule.has("endTime")) {
                fault("schedule.endTime", "a dataflow that runs once has no end; leave it out");
            }
        } else if (interval.isMissingNode() && schedule.has("frequency")) {
            fault("schedule", "frequency %s needs an interval of %d or more".formatted(frequency, minimum), "1363-400");
        } else if (interval.canConvertToExactIntegral() && interval.asLong() < minimum) {
            fault("schedule.interval", "%s is below the minimum of %d for frequency %s"
                    .formatted(interval, minimum, frequency), interval.asLong() < 1 ? "1394-400" : "1362-400");
        }
        Optional<Instant> start = instant(schedule, "startTime");
        Optional<Instant> end = instant(schedule, "endTime");
        if (start.isPresent() && start.get().isBefore(clock.instant()) && !isAbsent() && !running.getAsBoolean()) {
            fault("schedule.startTime", "%s lies in the past; choose a later start or leave it out"
                    .formatted(Excerpt.of(schedule.path("startTime"))), "1360-400");
        }
        if (end.isPresent() && start.isPresent() && !end.get().isAfter(start.get())) {
            fault("schedule.endTime", "%s is no later than the start".formatted(Excerpt.of(schedule.path("endTime"))));
        } else if (end.isPresent() && end.get().isBefore(clock.instant()) && !isAbsent() && !running.getAsBoolean()) {
            fault("schedule.endTime", "%s lies in the past; choose a later end or leave it out"
                    .formatted(Excerpt.of(schedule.path("endTime"))));
        }
    }

    /** Empty where there is none, or none that can be read. */
    private Optional<Instant> instant(JsonNode schedule, String key) {
        JsonNode time = schedule.path(key);
        if (!time.isTextual() && !time.canConvertToExactIntegral()) {
            return Optional.empty();
        }
        try {
            if (start(time).isAfter(clock.instant().plus(LATEST_START))) {
                fault("schedule." + key, "%s is too far ahead%s".formatted(Excerpt.of(time),
                        time.isTextual() ? "" : "; epoch seconds are wanted, not milliseconds"));
            }
            return Optional.of(start(time));
        } catch (DateTimeException e) {
            fault("schedule." + key, "%s is no instant; write it as 2030-01-01T00:00:00Z or as epoch seconds%s".formatted(Excerpt.of(time),
                    time.isTextual() && EPOCH_SECONDS.matcher(time.asText()).matches() ? ", without quotes" : ""));
            return Optional.empty();
        }
    }

    private void copy(JsonNode root, Optional<Connector> connector) {
        String frequency = root.has("schedule") ? root.at("/schedule/frequency").asText() : Definition.DEFAULT_FREQUENCY;
        JsonNode copy = root.path("copy");
        boolean adHoc = format(root.path("source"), connector).equals("parquet_xdm");
        boolean table = connector.map(Connector::readsTables).orElse(false);
        if (frequency.equals("once")) {
            if (adHoc) {
                fault("schedule.frequency", "the 2020 form knows no frequency once; use format tabular", "1397-400");
            }
            forbid("copy", "deltaColumn", "a dataflow that runs once has no delta column; leave copy out", "1369-400");
        } else if (table && !adHoc && (copy.isMissingNode() || copy.has("mode") && !copy.has("deltaColumn"))) {
            fault("copy", "a recurring dataflow needs copy.deltaColumn, the column that tells new data from old", "1367-400");
        }
        if (adHoc && copy.has("mode") && copy.has("deltaColumn")) {
            fault("copy.mode", "mode and deltaColumn exclude each other; leave mode out", "1368-400");
        }
        if (!adHoc) {
            forbid("copy", "mode", "mode belongs to the 2020 form (format parquet_xdm); leave it out", "1368-400");
        }
        if (!isAbsent()) {
            deltaColumn(copy.path("deltaColumn"));
        }
        if (connector.isPresent() && table && root.has("encryption")) {
            fault("encryption", "belongs to sources of files; leave it out");
        }
        if (connector.isPresent() && !table && root.has("copy") && !isFlowSpecOpen(root.path("source"), connector)) {
            fault("copy", "flow spec %s has no Copy transformation; leave it out".formatted(connector.get().flowSpec()));
        }
    }

    private void deltaColumn(JsonNode column) {
        JsonNode zone = column.path("timezone");
        try {
            ZoneId.of(zone.asText("UTC"), ZoneId.SHORT_IDS);
        } catch (DateTimeException e) {
            fault("copy.deltaColumn.timezone", "%s is no time zone of IANA; write UTC".formatted(Excerpt.of(zone)));
        }
        JsonNode format = column.path("dateFormat");
        if (format.isTextual() && !DATE_FORMAT.matcher(format.asText()).matches()) {
            fault("copy.deltaColumn.dateFormat", "%s is no format of dates; write it as yyyy-MM-dd HH:mm:ss".formatted(Excerpt.of(format)));
        }
    }

    private static String format(JsonNode source, Optional<Connector> connector) {
        return source.path("format").asText(connector.map(Connector::format).orElse(""));
    }

    /** @throws DateTimeException when the text is no instant or the number is out of range */
    static Instant start(JsonNode startTime) {
        if (startTime.isTextual()) {
            return OffsetDateTime.parse(startTime.asText()).toInstant();
        } else if (!startTime.canConvertToLong()) {
            throw new DateTimeException("out of range");
        }
        return Instant.ofEpochSecond(startTime.asLong());   // of a whole number, be it written as 2e9
    }

    private void forbid(String path, String key, String message, String code) {
        if (document.root().path(path).has(key)) {
            fault(path + "." + key, message, code);
        }
    }

    private void fault(String path, String message) {
        faults.add(at(path, message));
    }

    private void fault(String path, String message, String code) {
        faults.add(at(path, message).withCode(code));
    }

    private Fault at(String path, String message) {
        return new Fault(path, document.line(path), message);
    }
}
