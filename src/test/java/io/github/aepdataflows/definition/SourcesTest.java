package io.github.aepdataflows.definition;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.aepdataflows.Rig;
import io.github.aepdataflows.platform.AepHeaders;
import io.github.aepdataflows.simulator.Options;
import io.github.aepdataflows.simulator.Request;
import io.github.aepdataflows.simulator.Simulator;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.apache.camel.Exchange;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A definition for each source in {@code connectors.yaml}, generated from its entry: provisioned as it is, refused with a mistake. */
class SourcesTest {

    private static final Map<String, Connector> CONNECTORS = PublishedConnectors.byKey();

    /** As a source may describe them: more than anybody needs, and to be sent back as it is. */
    private static final String COLUMNS = """
        [{"name": "Id", "type": "string", "xdm": {"type": "string"}},
         {"name": "Name", "type": "string", "meta": {"originalType": "String", "nullable": true}, "xdm": {"type": "string"}},
         {"name": "Employees", "type": "integer", "xdm": {"type": "integer"}},
         {"name": "LastModifiedDate", "type": "string", "meta:xdmType": "date-time",
          "xdm": {"type": "string", "format": "date-time"}}]""";

    /** What the connection specs of self-serve sources ask for. */
    private static final Map<String, String> OWN_PARAMS = Map.of("mailchimp-campaign", "{ campaignId: c66a200cda }",
            "mailchimp-members", "{ listId: 10c097ca71 }", "generic-rest", "{ urlParams: { path: /people }, contentPath: { path: items }, "
            + "paginationParams: { type: NONE }, scheduleParams: {} }");

    private static final Map<String, String> OWN_COLUMNS = Map.of("mailchimp-campaign", "\"emails[0].email_id\"",
            "mailchimp-members", "list_id", "zendesk", "result.name");

    private static Rig rig;

    @BeforeAll
    static void start(@TempDir Path data) throws Exception {
        rig = Rig.start(data, Options.defaults(), Map.of("aep.clock", "#bean:simulatorClock"));
        ArrayNode columns = (ArrayNode) Rig.json(COLUMNS);
        CONNECTORS.forEach((key, connector) -> {
            seed(key, connector);
            if (connector.readsTables()) {
                rig.simulator().addTable(Rig.SANDBOX, baseConnectionId(key), "Account", columns);
            }
        });
        for (String key : examples().values()) {
            seed(key + " disabled", CONNECTORS.get(key));
            rig.simulator().setConnectionState(Rig.SANDBOX, baseConnectionId(key + " disabled"), "disabled");
            seed(key + " locked out", CONNECTORS.get(key));
            rig.simulator().breakCredentials(Rig.SANDBOX, baseConnectionId(key + " locked out"));
            seed(key + " of another", CONNECTORS.get(key.equals("salesforce") ? "mysql" : "salesforce"));
        }
    }

    private static void seed(String name, Connector connector) {
        if (!connector.baseConnection()) {
            return;
        }
        rig.simulator().addBaseConnection(Rig.SANDBOX, baseConnectionId(name), name, connector.connectionSpecId());
    }

    @AfterAll
    static void stop() throws Exception {
        rig.close();
    }

    private static String baseConnectionId(String name) {
        return PublishedConnectors.baseConnectionId(name);
    }

    /** No more than a definition needs. */
    private static String minimal(String name, String key) {
        return minimal(name, key, CONNECTORS.get(key).params());
    }

    private static String minimal(String name, String key, String parameter) {
        return """
            apiVersion: aep-dataflows/v1
            name: %1$s
            source:
              connector: %2$s
            %3$s%4$s
            target:
              schema:
                title: Schema of %1$s
                class: https://ns.adobe.com/xdm/context/profile
                fieldGroups: [ https://ns.adobe.com/xdm/context/profile-person-details ]
              dataset:
                name: Dataset of %1$s
            mapping:
              - { source: %5$s, destination: _id }
              - { source: %6$s, destination: person.name.fullName }
            """.formatted(name, key, CONNECTORS.get(key).baseConnection() ? "  baseConnectionId: " + baseConnectionId(key) + "\n" : "",
                parameter.isEmpty() ? "  params: " + OWN_PARAMS.getOrDefault(key, "") : "  " + parameter + ": " + object(key),
                OWN_COLUMNS.getOrDefault(key, "Id"), OWN_COLUMNS.getOrDefault(key, "Name")).replace("  params: \n", "");
    }

    private static String object(String key) {
        Connector connector = CONNECTORS.get(key);
        return connector.readsTables() ? "Account" : connector.baseConnection() ? "/landing/accounts.csv"
                : "dlz-user-container/accounts.csv";
    }

    private static String full(String name, String key) {
        return full(name, key, CONNECTORS.get(key).params());
    }

    /** Nothing is left to a default. */
    private static String full(String name, String key, String parameter) {
        boolean tables = CONNECTORS.get(key).readsTables();
        String more = tables ? """
              columns:
                - { name: Id, type: string }
                - { name: Name, type: string }
                - { name: LastModifiedDate, type: string, format: date-time }
            """ : """
              format: delimited
              columnDelimiter: ";"
              compressionType: gzip
              recursive: true
            """;
        String copy = """
            copy:
              deltaColumn: { name: LastModifiedDate, dateFormat: "%s", timezone: UTC }
            """.formatted(CONNECTORS.get(key).deltaDateFormat());
        return minimal(name, key, parameter).replace("target:", more + "target:") + (tables ? copy : "")
                + "schedule: { frequency: hour, interval: 1, backfill: false }\n";
    }

    private static ObjectNode sourceConnectionOf(JsonNode flow) {
        return only("sourceConnections", flow.at("/sourceConnectionIds/0").asText());
    }

    private static ObjectNode only(String collection, String id) {
        List<ObjectNode> found = rig.resources(collection).stream().filter(each -> each.path("id").asText().equals(id)).toList();
        assertThat(found).hasSize(1);
        return found.get(0);
    }

    private static ObjectNode flowOf(Exchange done) {
        assertThat(done.getException()).isNull();
        return only("flows", done.getMessage().getHeader(AepHeaders.FLOW_ID, String.class));
    }

    private static long runsOf(JsonNode flow) {
        return rig.resources("runs").stream().filter(run -> run.path("flowId").equals(flow.path("id"))).count();
    }

    static Set<String> keys() {
        return CONNECTORS.keySet();
    }

    @ParameterizedTest
    @MethodSource("keys")
    void should_provision_a_minimal_definition_of_each_source(String key) throws IOException {
        Connector connector = CONNECTORS.get(key);

        ObjectNode flow = flowOf(rig.provision(minimal("Minimal " + key, key)));

        ObjectNode source = sourceConnectionOf(flow);
        assertThat(source.at("/connectionSpec/id").asText()).isEqualTo(connector.connectionSpecId());
        assertThat(source.path("baseConnectionId").asText()).isEqualTo(connector.baseConnection() ? baseConnectionId(key) : "");
        assertThat(source.at("/data/format").asText()).isEqualTo(connector.format());
        assertThat(source.path("params")).isEqualTo(connector.isSelfServe() ? Rig.yaml(OWN_PARAMS.getOrDefault(key, "{}"))
                : Rig.json(connector.readsTables()
                ? "{\"%s\": \"Account\", \"columns\": %s}".formatted(connector.params(), COLUMNS)
                : "{\"path\": \"%s\"}".formatted(object(key))));
        assertThat(flow.at("/scheduleParams/frequency").asText()).isEqualTo("once");
        assertThat(flow.path("transformations").findValuesAsText("name")).containsExactly("Mapping");
        assertThat(runsOf(flow)).isZero();
        rig.simulator().clock().advance(Duration.ofHours(2));
        assertThat(runsOf(flow)).isEqualTo(1);
    }

    /** Each source by each parameter that it takes. */
    static Stream<Arguments> parameters() {
        return CONNECTORS.entrySet().stream().flatMap(entry -> Stream.of("path", "tableName")
                .filter(parameter -> parameter.equals(entry.getValue().params())
                        || entry.getValue().readsTables() && entry.getValue().params().equals("path"))
                .map(parameter -> arguments(entry.getKey(), parameter)));
    }

    @ParameterizedTest(name = "{0} by {1}")
    @MethodSource("parameters")
    void should_provision_a_full_definition_of_each_source(String key, String parameter) {
        Connector connector = CONNECTORS.get(key);

        ObjectNode flow = flowOf(rig.provision(full("Accounts of %s by %s".formatted(key, parameter), key, parameter)));

        ObjectNode source = sourceConnectionOf(flow);
        assertThat(source.at("/connectionSpec/id").asText()).isEqualTo(connector.connectionSpecId());
        assertThat(source.path("baseConnectionId").asText()).isEqualTo(connector.baseConnection() ? baseConnectionId(key) : "");
        assertThat(source.at("/data/format").asText()).isEqualTo(connector.format());
        assertThat(flow.at("/scheduleParams/frequency").asText()).isEqualTo("hour");
        if (connector.readsTables()) {
            assertThat(source.at("/params/" + parameter).asText()).isEqualTo("Account");
            assertThat(source.at("/params/columns").findValuesAsText("name")).containsExactly("Id", "Name", "LastModifiedDate");
            assertThat(flow.at("/flowSpec/id").asText()).isEqualTo("14518937-270c-4525-bdec-c2ba7cce3860");
            assertThat(flow.path("transformations").findValuesAsText("name")).containsExactly("Copy", "LastModifiedDate", "Mapping");
        } else {
            assertThat(source.path("data")).hasToString(
                    "{\"format\":\"delimited\",\"properties\":{\"columnDelimiter\":\";\",\"compressionType\":\"gzip\"}}");
            assertThat(source.path("params")).hasToString("{\"path\":\"%s\",\"recursive\":true}".formatted(object(key)));
            assertThat(flow.at("/flowSpec/id").asText()).isEqualTo("9753525b-82c7-4dce-8a9b-5ccfce2b9876");
            assertThat(flow.path("transformations").findValuesAsText("name")).containsExactly("Mapping");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"delimited", "json", "parquet"})
    void should_provision_a_dataflow_from_files_of_each_format(String format) {
        String definition = minimal("Files as " + format, "amazon-s3").replace("  path:", "  format: " + format + "\n  path:");

        ObjectNode flow = flowOf(rig.provision(definition));

        assertThat(sourceConnectionOf(flow).at("/data/format").asText()).isEqualTo(format);
    }

    /** The first source of each category that names its table or file by that parameter. */
    private static Map<String, String> examples() {
        Map<String, String> examples = new TreeMap<>();
        CONNECTORS.entrySet().stream().filter(entry -> !entry.getValue().isSelfServe() && entry.getValue().baseConnection())
                .forEach(entry -> examples.putIfAbsent(entry.getValue().category() + " " + entry.getValue().params(), entry.getKey()));
        return examples;
    }

    private interface Mistakes {
        Stream<Mistake> of(String key, Connector connector);
    }

    private static Stream<Arguments> argumentsOf(Mistakes mistakes) {
        return examples().entrySet().stream().flatMap(example -> mistakes.of(example.getValue(), CONNECTORS.get(example.getValue()))
                .map(mistake -> arguments(example.getKey(), mistake.what, mistake)));
    }

    /** What can be told from the definition alone. */
    static Stream<Arguments> mistakes() {
        return argumentsOf((key, connector) -> connector.readsTables() ? mistakesOfTables(key, connector) : mistakesOfFiles(key));
    }

    private static Stream<Mistake> mistakesOfFiles(String key) {
        UnaryOperator<String> minimal = name -> minimal(name, key);
        UnaryOperator<String> full = name -> full(name, key);
        return Stream.of(
                new Mistake("tableName for files", minimal, "  path: .*", "  tableName: Account", "source.tableName", "by path"),
                new Mistake("both", minimal, "  path:", "  tableName: Account\n  path:", "source", "give path"),
                new Mistake("neither", minimal, "  path: .*\n", "", "source", "give path"),
                new Mistake("unknown connector", minimal, "connector: .*", "connector: nobody", "source.connector",
                        "no connector is called"),
                new Mistake("tables' format", minimal, "  path:", "  format: tabular\n  path:", "source.format",
                        "delimited, json, parquet"),
                new Mistake("2020 format", minimal, "  path:", "  format: parquet_xdm\n  columns: [{ name: Id, type: string },"
                        + " { name: Name, type: string }]\n  path:", "source.format", "delimited, json, parquet")
                        .and("\\z", "schedule: { frequency: hour, interval: 1 }\n"),
                new Mistake("delta column", full, "schedule:", "copy: { deltaColumn: { name: LastModifiedDate } }\nschedule:", "copy",
                        "no Copy transformation"),
                new Mistake("unknown compression", full, "gzip", "zip", "source.compressionType", "is none of bzip2, gzip"),
                new Mistake("delimiter of two characters", full, "\";\"", "\"||\"", "source.columnDelimiter", "1331-400"),
                new Mistake("delimiter of JSON", full, "format: delimited", "format: json", "source.columnDelimiter", "format delimited"));
    }

    private static Stream<Mistake> mistakesOfTables(String key, Connector connector) {
        UnaryOperator<String> minimal = name -> minimal(name, key);
        UnaryOperator<String> full = name -> full(name, key);
        Stream<Mistake> common = Stream.of(
                new Mistake("neither", minimal, "  (path|tableName): Account\n", "", "source", "give " + connector.params()),
                new Mistake("both", minimal, "  (path|tableName): Account", "  path: Account\n  tableName: Account", "source", "only one"),
                new Mistake("files' format", full, "  columns:", "  format: delimited\n  columns:", "source.format",
                        "parquet_xdm, tabular"),
                new Mistake("no columns for the 2020 form", minimal, "target:", "  format: parquet_xdm\ntarget:", "source", "needs columns")
                        .and("\\z", "schedule: { frequency: hour, interval: 1 }\n"),
                new Mistake("unknown connector", minimal, "connector: .*", "connector: nobody", "source.connector",
                        "no connector is called"),
                new Mistake("compression", minimal, "target:", "  compressionType: gzip\ntarget:", "source.compressionType",
                        "sources of files"),
                new Mistake("no delta column", full, "copy:\n.*\n", "", "copy", "1367-400"),
                new Mistake("delta column of one run", full, "\\{ frequency.*", "{ frequency: once }", "copy.deltaColumn", "1369-400"),
                new Mistake("recurring without an interval", full, ", interval: 1", "", "schedule", "1363-400"),
                new Mistake("backfill of one run", minimal, "\\z", "schedule: { frequency: once, backfill: true }\n", "schedule.backfill",
                        "1364-400"),
                new Mistake("a quarter of the shortest interval", full, "frequency: hour", "frequency: minute", "schedule.interval",
                        "1362-400"));
        return connector.params().equals("path") ? common : Stream.concat(common, Stream.of(
                new Mistake("path for a table", minimal, "tableName", "path", "source.path", "by tableName")));
    }

    /** What only the Platform and the source can tell. */
    static Stream<Arguments> liveMistakes() {
        return argumentsOf((key, connector) -> Stream.concat(liveMistakesOfAll(key),
                connector.readsTables() ? liveMistakesOfTables(key, connector) : liveMistakesOfFiles(key)));
    }

    private static Stream<Mistake> liveMistakesOfAll(String key) {
        UnaryOperator<String> minimal = name -> minimal(name, key);
        String id = "baseConnectionId: .*";
        return Stream.of(
                new Mistake("no such column to map", minimal, "source: Name", "source: Nmae", "mapping[1].source", "no column Nmae")
                        .meaning("Name"),
                new Mistake("no such field", minimal, "fullName", "fulName", "mapping[1].destination", "no field")
                        .meaning("person.name.fullName"),
                new Mistake("base connection of another source", minimal, id, "baseConnectionId: " + baseConnectionId(key + " of another"),
                        "source.baseConnectionId", "is of another source"),
                new Mistake("disabled base connection", minimal, id, "baseConnectionId: " + baseConnectionId(key + " disabled"),
                        "source.baseConnectionId", "is disabled"),
                new Mistake("credentials refused", minimal, id, "baseConnectionId: " + baseConnectionId(key + " locked out"),
                        "source.baseConnectionId", "1308-400"),
                new Mistake("unknown base connection", minimal, id, "baseConnectionId: " + baseConnectionId("nobody"),
                        "source.baseConnectionId", "no base connection has the id"));
    }

    private static Stream<Mistake> liveMistakesOfTables(String key, Connector connector) {
        UnaryOperator<String> minimal = name -> minimal(name, key);
        UnaryOperator<String> full = name -> full(name, key);
        String delta = "deltaColumn: \\{ name: LastModifiedDate";
        return Stream.of(
                new Mistake("no such table", minimal, ": Account", ": Acount", "source." + connector.params(), "no table Acount")
                        .meaning("Account"),
                new Mistake("no such column", full, "Name,", "Nmae,", "source.columns[1].name", "no column Nmae").meaning("Name"),
                new Mistake("column of another type", full, "name: Name, type: string", "name: Name, type: integer",
                        "source.columns[1].type", "of another type: string"),
                new Mistake("text as date-time", full, "name: Name, type: string", "name: Name, type: string, format: date-time",
                        "source.columns[1].type", "of another type: string"),
                new Mistake("delta column that is not there", full, delta, "deltaColumn: { name: LastModfiedDate",
                        "copy.deltaColumn.name", "no column LastModfiedDate").meaning("LastModifiedDate"),
                new Mistake("delta column that is no date-time", full, delta, "deltaColumn: { name: Name",
                        "copy.deltaColumn.name", "known are LastModifiedDate"));
    }

    private static Stream<Mistake> liveMistakesOfFiles(String key) {
        UnaryOperator<String> minimal = name -> minimal(name, key);
        return Stream.of(
                new Mistake("no such folder", minimal, "/landing/accounts.csv", "/landnig", "source.path", "no folder /landnig"),
                new Mistake("no such folder of a pattern", minimal, "/landing/accounts.csv", "/landnig/*.csv", "source.path",
                        "no folder /landnig"));
    }

    /**
     * One mistake in a definition that is right otherwise.
     *
     * @param right   the definition of a name
     * @param changes of the right definition to the wrong one
     * @param path    of the fault
     * @param word    what its message says
     * @param nearest what is suggested; empty where nothing is
     */
    record Mistake(String what, UnaryOperator<String> right, UnaryOperator<String> changes, String path, String word, String nearest) {

        /** @param passage a regular expression, whose every find is replaced */
        Mistake(String what, UnaryOperator<String> right, String passage, String replacement, String path, String word) {
            this(what, right, text -> text.replaceAll(passage, Matcher.quoteReplacement(replacement)), path, word, "");
        }

        Mistake and(String passage, String replacement) {
            return new Mistake(what, right, text -> changes.apply(text).replaceAll(passage, replacement), path, word, nearest);
        }

        Mistake meaning(String suggestion) {
            return new Mistake(what, right, changes, path, word, suggestion);
        }

        String definition() {
            String text = right.apply("Mistake");
            String wrong = changes.apply(text);
            assertThat(wrong).isNotEqualTo(text);
            return wrong;
        }

        /** Provisioning and checking find this one fault. */
        void assertRefused() throws IOException {
            String definition = definition();
            Exchange refused = rig.provision(definition);

            assertThat(refused.getException()).isInstanceOfSatisfying(DefinitionException.class, e ->
                    assertThat(e.faults()).singleElement().satisfies(fault -> {
                        assertThat(fault.path()).isEqualTo(path);
                        assertThat(fault.message()).contains(word);
                        assertThat(fault.nearest()).isEqualTo(nearest);
                    }));
            assertThat(checked(definition)).containsExactly(((DefinitionException) refused.getException()).faults().get(0));
        }
    }

    /** The faults that a check reports. */
    private static List<Fault> checked(String definition) throws IOException {
        Exchange checked = rig.main().getCamelContext().createFluentProducerTemplate()
                .to("direct:aep-check").withBody(definition).request(Exchange.class);
        assertThat(checked.getException()).isNull();
        JsonNode report = Rig.json(checked.getMessage().getBody(String.class));
        List<Fault> faults = StreamSupport.stream(report.path("faults").spliterator(), false)
                .map(each -> new Fault(each.path("path").asText(), each.path("line").asInt(), each.path("message").asText(),
                        each.path("code").asText(), each.path("nearest").asText())).toList();
        assertThat(report.path("ok").asBoolean()).isEqualTo(faults.isEmpty());
        return faults;
    }

    @ParameterizedTest(name = "{0}: {1}")
    @MethodSource("mistakes")
    void should_refuse_the_typical_mistakes_of_each_category_without_a_call(String category, String what, Mistake mistake)
            throws IOException {
        Simulator platform = rig.simulator();
        int before = platform.requests().all().size();
        rig.provision(mistake.definition());
        assertThat(platform.requests().all()).hasSize(before);

        mistake.assertRefused();

        assertThat(writesSince(before)).isEmpty();
    }

    @ParameterizedTest(name = "{0}: {1}")
    @MethodSource("liveMistakes")
    void should_refuse_what_the_source_and_the_platform_do_not_have_without_a_write(String category, String what, Mistake mistake)
            throws IOException {
        int before = rig.simulator().requests().all().size();

        mistake.assertRefused();

        assertThat(writesSince(before)).isEmpty();
    }

    /** All that is not a look, neither for a token nor at a mapping. */
    private static List<String> writesSince(int before) {
        List<Request> all = rig.simulator().requests().all();
        return all.subList(before, all.size()).stream().filter(request -> !request.method().equals("GET"))
                .map(Request::path).filter(path -> !path.endsWith("/token/v3") && !path.endsWith("/mappingSets/validate")).toList();
    }

    @Test
    void should_only_note_that_a_file_is_not_there_yet() throws IOException {
        assertThat(checked(minimal("Files to come", "sftp").replace("accounts.csv", "tomorrow.csv"))).isEmpty();
    }

    @Test
    void should_try_the_mistakes_of_every_category() {
        List<String> categories = CONNECTORS.values().stream().map(Connector::category).distinct().toList();
        for (Stream<Arguments> each : List.of(mistakes(), liveMistakes())) {
            assertThat(each.map(mistake -> mistake.get()[0].toString().split(" ")[0]).distinct())
                    .containsExactlyInAnyOrderElementsOf(categories);
        }
    }
}
