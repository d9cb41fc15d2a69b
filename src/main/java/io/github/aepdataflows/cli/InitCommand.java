package io.github.aepdataflows.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.aepdataflows.definition.Connector;
import io.github.aepdataflows.definition.Connectors;
import io.github.aepdataflows.definition.DefinitionException;
import io.github.aepdataflows.definition.Fault;
import io.github.aepdataflows.definition.Nearest;
import io.github.aepdataflows.definition.VisibleText;
import io.github.aepdataflows.definition.YamlText;
import io.github.aepdataflows.resource.Kinds;
import io.github.aepdataflows.resource.Lookup;
import io.github.aepdataflows.resource.LookupResult;
import io.github.aepdataflows.resource.Search;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi.Style;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

@Command(name = "init", mixinStandardHelpOptions = true, versionProvider = Version.class,
        description = "Writes a definition for a source that exists: with its columns, the column that tells new rows from old ones, and"
                + " the rules of the mapping that the names of columns and fields suggest. Reads only, and never writes over a file.",
        footer = {"", "What is needed and not given is asked for, where there is a terminal. Exit code 1 when no definition could be"
                + " written, or when the one that was written does not pass the check yet.", "",
                "@|bold Example|@:",
                "  aep-dataflows init --connector=salesforce --base-connection=Salesforce --table=Contact \\",
                "    --schema=Contacts --class=profile --field-groups=profile-person-details --dataset=Contacts"})
final class InitCommand implements Callable<Integer> {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Pattern END = Pattern.compile("[a-z0-9-]+");
    private static final Pattern CHANGED = Pattern.compile("(?i).*(modif|updat|chang).*");

    /** By this code the Schema Registry says that nothing has an id. */
    private static final String UNKNOWN = "XDM-1010-404";

    /** Which option says what lies at a path of the definition. */
    private static final Map<String, String> OPTIONS = Map.of("name", "--name", "source.connector", "--connector",
            "source.baseConnection", "--base-connection", "source.tableName", "--table", "source.path", "--path",
            "source.format", "--format", "target.schema", "--schema", "target.schema.class", "--class",
            "target.schema.fieldGroups", "--field-groups", "target.dataset", "--dataset");

    @Mixin
    private Console console;

    @Option(names = "--connector", paramLabel = "KEY", description = "The source system, a key of connectors.yaml.")
    private String connector;

    @Option(names = "--base-connection", paramLabel = "NAME|ID", description =
            "The base connection to it, which exists. The landing zone has none.")
    private String baseConnection;

    @Option(names = "--table", paramLabel = "NAME", description = "The table to read.")
    private String table;

    @Option(names = "--path", paramLabel = "PATH", description = "The file or folder to read, in place of a table.")
    private String path;

    @Option(names = "--format", description = "The format of the files. By default the connector's.")
    private String format;

    @Option(names = "--schema", paramLabel = "TITLE", description = "Title of the target schema: of a new one, if --class is given.")
    private String schema;

    @Option(names = "--class", paramLabel = "ID|TITLE", description =
            "$id or title of the class of a new schema; of an $id of Adobe's own, the end is enough, as in profile.")
    private String schemaClass;

    @Option(names = "--field-groups", paramLabel = "ID|TITLE", split = ",", description =
            "$ids or titles of the field groups of a new schema, or the ends of $ids, as in profile-person-details.")
    private List<String> fieldGroups = new ArrayList<>();

    @Option(names = "--dataset", paramLabel = "NAME", description = "Name of a new dataset.")
    private String dataset;

    @Option(names = "--existing-dataset", paramLabel = "NAME", description = "Name of a dataset that exists, in place of a new one.")
    private String existingDataset;

    @Option(names = "--name", description = "Name of the dataflow. By default that of the table or file.")
    private String name;

    @Option(names = "--out", paramLabel = "FILE", description =
            "The file to write, or - for standard output. By default the name of the dataflow with .yaml.")
    private Path file;

    /** The entry of connectors.yaml; empty where there is none. */
    private Optional<Connector> described = Optional.empty();

    @Override
    public Integer call() throws Exception {
        refuse(table != null && path != null, "Give either --table or --path");
        refuse(dataset != null && existingDataset != null, "Give either --dataset or --existing-dataset");
        refuse(!fieldGroups.isEmpty() && schemaClass == null, "--field-groups belongs to --class");
        refuse(isPrinted() && console.isJson(), "Give either --out=- or --json");
        ask();
        String source = Optional.ofNullable(table).or(() -> Optional.ofNullable(path)
                .map(text -> text.replaceAll(".*/(?=[^/])|(\\.[^./]*)?/*$", ""))).orElseGet(() -> described.orElseThrow().name());
        name = name == null ? source.replaceAll("[^A-Za-z0-9._-]+", " ").strip() : name;
        file = file == null ? Path.of(name.replaceAll("[^A-Za-z0-9._-]+", "-") + ".yaml") : file;
        refuse(!isPrinted() && Files.exists(file), file + " exists, and init writes over no file; choose another --out");
        Path folder = file.toAbsolutePath().getParent();
        refuse(!isPrinted() && !Files.isDirectory(folder), "the folder %s does not exist".formatted(folder));
        try (OneShot program = console.reading()) {
            try {
                return write(program);
            } catch (DefinitionException e) {
                return nothing(program, e.faults());
            }
        }
    }

    private boolean isPrinted() {
        return file != null && file.toString().equals("-");
    }

    private void refuse(boolean wrong, String why) {
        if (wrong) {
            throw new ParameterException(console.command().commandLine(), why);
        }
    }

    /** For what is needed and not given. What is needed depends on the source. */
    private void ask() throws IOException {
        List<String> missing = new ArrayList<>();
        connector = needed(missing, "--connector", connector);
        described = Optional.ofNullable(connector).map(Connectors.read(console.program().connectors()).all()::get);
        boolean selfServe = described.filter(Connector::isSelfServe).isPresent();
        boolean direct = described.filter(known -> !known.baseConnection()).isPresent();
        refuse(direct && baseConnection != null, connector + " is reached without a base connection; leave out --base-connection");
        refuse(selfServe && (table != null || path != null || format != null),
                connector + " has parameters of its own; leave out --table, --path and --format");
        baseConnection = direct ? null : needed(missing, "--base-connection", baseConnection);
        if (!selfServe && described.filter(known -> !known.readsTables()).isPresent()) {
            path = table == null ? needed(missing, "--path", path) : path;
        } else if (!selfServe && path == null) {
            table = needed(missing, "--table", table);
        }
        schema = needed(missing, "--schema", schema);
        dataset = existingDataset == null ? needed(missing, "--dataset", dataset) : existingDataset;
        refuse(!missing.isEmpty(), (missing.size() == 1 ? "Missing option: " : "Missing options: ") + String.join(", ", missing));
    }

    private String needed(List<String> missing, String option, String value) {
        Optional<String> answer = Optional.ofNullable(value).or(() -> console.program().ask(option.substring(2).replace('-', ' ') + ": "))
                .filter(text -> !text.isBlank());
        if (answer.isEmpty()) {
            missing.add(option.equals("--table") ? "--table or --path" : option);
        }
        return answer.orElse(null);
    }

    private int write(OneShot program) throws Exception {
        ObjectNode definition = definition();
        boolean selfServe = described.filter(Connector::isSelfServe).isPresent();
        JsonNode proposal = selfServe ? params(program, definition) : proposal(program, definition);
        complete(definition, proposal);
        StringBuilder text = new StringBuilder(YamlText.of(definition));
        proposal.path("open").forEach(sentence -> text.append("# ").append(sentence.asText()).append('\n'));
        ObjectNode report = (ObjectNode) program.ask("direct:aep-check", bytes(text.toString()));
        List<Fault> unread = report.path("notes").valueStream().map(Fault::of).filter(note -> note.path().equals("source.path")).toList();
        if (proposal.path("columns").isEmpty() && !unread.isEmpty()) {
            return nothing(program, unread);
        }
        if (isPrinted()) {
            text.toString().lines().forEach(console::line);
        } else {
            Files.write(file, bytes(text.toString()), StandardOpenOption.CREATE_NEW);
        }
        int mapped = proposal.path("mapping").size();
        int columns = proposal.path("columns").size();
        console.json(report.put("file", file.toString()).put("mapped", mapped).put("columns", columns));
        if (!isPrinted()) {
            console.line(Style.fg_green, file + ": written", selfServe ? "" : ", %d of %d columns are mapped".formatted(mapped, columns));
        }
        for (JsonNode fault : report.path("faults")) {
            if (isPrinted()) {
                warn(Fault.of(fault).toString());
            } else {
                console.fault(Style.fg_red, file.toString(), "", fault);
            }
        }
        return report.path("ok").asBoolean() ? AepDataflows.DONE : AepDataflows.FAILURE;
    }

    /** Standard output is the definition's. */
    private void warn(String text) {
        console.err().println(VisibleText.of(text));
        console.err().flush();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** Says why no definition can be written, in the words of the command line. */
    private int nothing(OneShot program, List<Fault> faults) throws IOException {
        ObjectNode report = JSON.createObjectNode().put("ok", false);
        ArrayNode list = report.putArray("faults");
        for (Fault fault : faults) {
            String option = OPTIONS.entrySet().stream().filter(known -> fault.path().startsWith(known.getKey()))
                    .max(Comparator.comparing(known -> known.getKey().length())).map(Map.Entry::getValue).orElse(fault.path());
            option = option.equals("--dataset") && existingDataset != null ? "--existing-dataset" : option;
            String message = option.equals("--base-connection") ? baseConnection(program).orElse(fault.message()) : fault.message();
            new Fault(option, 0, message, fault.code(), fault.nearest()).addTo(list);
            if (isPrinted()) {
                warn("nothing was written: " + option + ": " + message);
            } else {
                console.line(Style.fg_red, "nothing was written: ", option + ": " + message);
            }
        }
        console.json(report);
        return AepDataflows.FAILURE;
    }

    /** What is wrong with its name or id; empty where it is one of the source's, or the Platform does not list them. */
    private Optional<String> baseConnection(OneShot program) {
        Search all = Search.everything(Kinds.BASE_CONNECTION);
        Search own = Search.naming(Kinds.BASE_CONNECTION, described.map(Connector::connectionSpecId).orElse(""));
        for (Search search : List.of(all, own)) {
            if (program.send("direct:aep-find", "", Map.of("aepSearch", search)).getException() != null) {
                return Optional.empty();
            }
        }
        Predicate<Search.Hit> meant = hit -> hit.name().equals(baseConnection) || hit.id().equals(baseConnection);
        if (own.hits().stream().anyMatch(meant)) {
            return Optional.empty();
        }
        Nearest nearest = Nearest.to(baseConnection, own.hits().stream().map(Search.Hit::name).toList());
        return Optional.of(all.hits().stream().filter(meant).findFirst()
                .map(hit -> "%s is a connection to another source than %s".formatted(hit.name(), connector))
                .orElseGet(() -> "%s has no base connection %s".formatted(connector, baseConnection)) + "; " + nearest);
    }

    /** What was asked for, with an open mapping. */
    private ObjectNode definition() {
        ObjectNode definition = JSON.createObjectNode().put("apiVersion", "aep-dataflows/v1").put("name", name);
        ObjectNode source = definition.putObject("source").put("connector", connector);
        if (baseConnection != null) {
            source.putObject("baseConnection").put(Kinds.BASE_CONNECTION.isId(baseConnection) ? "id" : "name", baseConnection);
        }
        if (table != null || path != null) {
            source.put(path == null ? "tableName" : "path", path == null ? table : path);
        }
        if (format != null) {
            source.put("format", format);
        }
        ObjectNode target = definition.putObject("target");
        ObjectNode made = target.putObject("schema").put(schema.startsWith("https://") ? "id" : "title", schema);
        if (schemaClass != null) {
            ArrayNode groups = made.put("class", whole(schemaClass)).putArray("fieldGroups");
            fieldGroups.forEach(group -> groups.add(whole(group)));
        }
        target.putObject("dataset").put("name", dataset);
        if (existingDataset != null) {
            ((ObjectNode) target.path("dataset")).put("existing", true);
        }
        return definition.put("mapping", "auto");
    }

    private static String whole(String id) {
        return END.matcher(id).matches() ? "https://ns.adobe.com/xdm/context/" + id : id;
    }

    /** What the Platform proposes. What is no end of an id may be a title. */
    private JsonNode proposal(OneShot program, ObjectNode definition) throws Exception {
        try {
            return program.ask("direct:aep-plan", bytes(YamlText.of(definition))).path("proposal");
        } catch (DefinitionException e) {
            List<String> unknown = e.faults().stream().filter(fault -> fault.code().equals(UNKNOWN)).map(Fault::path).toList();
            if (unknown.isEmpty()) {
                throw e;
            }
            ObjectNode made = (ObjectNode) definition.at("/target/schema");
            for (String each : unknown) {
                if (each.equals("target.schema.class")) {
                    made.put("class", schemaClass);
                } else {
                    int index = Integer.parseInt(each.replaceAll("\\D", ""));
                    ((ArrayNode) made.path("fieldGroups")).set(index, fieldGroups.get(index));
                }
            }
            return program.ask("direct:aep-plan", bytes(YamlText.of(definition))).path("proposal");
        }
    }

    /** The parameters that a self-serve source needs, with something in their place; the source shows nothing without them. */
    private JsonNode params(OneShot program, ObjectNode definition) throws Exception {
        Lookup lookup = new Lookup("flowservice/connectionSpecs/" + described.orElseThrow().connectionSpecId(), "", Lookup.JSON);
        JsonNode spec = program.request("direct:aep-read", "", Map.of("aepLookup", lookup)).getVariable("aepResult", LookupResult.class)
                .single(described.orElseThrow().connectionSpecId()).at("/sourceSpec/spec");
        ObjectNode params = JSON.createObjectNode();
        spec.path("required").forEach(param -> params.put(param.asText(), "FILL-IN"));
        if (!params.isEmpty()) {
            ((ObjectNode) definition.path("source")).set("params", params);
        }
        ObjectNode proposal = JSON.createObjectNode();
        proposal.putArray("open").add(params.isEmpty() ? "plan proposes rules of the mapping"
                : "write the values of params; then plan proposes rules of the mapping");
        return proposal;
    }

    /** With what the source has, and what the names suggest. */
    private static void complete(ObjectNode definition, JsonNode proposal) {
        if (!proposal.path("columns").isEmpty()) {
            ((ObjectNode) definition.path("source")).set("columns", proposal.path("columns"));
        }
        if (!proposal.path("mapping").isEmpty()) {
            definition.set("mapping", proposal.path("mapping"));
        }
        List<String> dates = proposal.path("dates").valueStream().map(JsonNode::asText).toList();
        Stream.concat(dates.stream().filter(CHANGED.asMatchPredicate()), dates.stream()).findFirst()
                .filter(delta -> definition.path("source").has("tableName")).ifPresent(delta -> {
                    definition.putObject("copy").putObject("deltaColumn").put("name", delta);
                    definition.putObject("schedule").put("frequency", "day").put("interval", 1).put("backfill", true);
                });
    }
}
