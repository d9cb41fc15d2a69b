package io.github.aepdataflows.check;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.aepdataflows.Rig;
import io.github.aepdataflows.definition.DefinitionException;
import io.github.aepdataflows.definition.Fault;
import io.github.aepdataflows.platform.AepHeaders;
import io.github.aepdataflows.simulator.Request;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.apache.camel.Exchange;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every rule by which the Platform refuses a dataflow, by its code ("Sources errors" and "Flow Service errors"): a definition that
 * violates it is refused before anything is written, and the Platform refuses the same where no check has come first.
 */
class RuleCodesTest {

    /** Of flows. */
    private static final List<String> FLOW_CODES = List.of(
            "1305-400", "1306-400", "1307-400", "1317-400", "1320-400", "1321-400", "1325-400", "1327-400", "1328-400", "1329-400",
            "1338-400", "1360-400", "1361-400", "1362-400", "1363-400", "1364-400", "1367-400", "1368-400", "1369-400", "1370-400",
            "1394-400", "1396-400", "1397-400", "1405-400", "1410-400", "1412-400", "1413-400", "1419-400", "1425-400");

    /** Of what a flow is made of, as far as a definition can be to blame. */
    private static final List<String> OTHER_CODES = List.of(
            "1304-400", "1308-400", "1330-400", "1331-400", "1336-400", "1101-404", "1415-400", "1416-400", "XDM-1010-404", "XDM-1521-400");

    private static final String SALESFORCE = "4cb0c374-d3bb-4557-b139-5712880adc55";
    private static final String HUBSPOT = "2fce94c1-9a93-4971-8e94-c19a93097129";
    private static final String SALESFORCE_SPEC = "cfc0fee1-7dc0-40ef-b73e-d8b134c436f5";
    private static final String HUBSPOT_SPEC = "cc6a4487-9e91-433e-a3a3-9cf6626c1806";
    private static final String DATA_LAKE_SPEC = "c604ff05-7f1a-43c0-8e18-33bf874cb11c";
    private static final String NOBODY = "00000000-1111-4222-8333-444444444444";
    private static final String LOCKED_OUT = "11111111-1111-4222-8333-444444444444";
    private static final String GOING = "22222222-1111-4222-8333-444444444444";
    private static final String BARE = "33333333-1111-4222-8333-444444444444";
    private static final String DATA_LAKE = "44444444-1111-4222-8333-444444444444";

    private static final String ONCE = """
            apiVersion: aep-dataflows/v1
            name: Once
            source:
              connector: salesforce
              baseConnectionId: 4cb0c374-d3bb-4557-b139-5712880adc55
              tableName: Account
            target:
              schema:
                title: Schema of Once
                class: https://ns.adobe.com/xdm/context/profile
                fieldGroups: [ https://ns.adobe.com/xdm/context/profile-person-details ]
              dataset:
                name: Dataset of Once
            mapping:
              - { source: Id, destination: _id }
              - { source: Name, destination: person.name.fullName }
            """;

    private static final String RECURRING = ONCE.replace("Once", "Recurring") + """
            copy: { deltaColumn: { name: LastModifiedDate } }
            schedule: { frequency: hour, interval: 1 }
            """;

    private static final String FORM_2020 = RECURRING.replace("Recurring", "Of 2020").replace("target:", """
              format: parquet_xdm
              columns: [ { name: Id, type: string }, { name: Name, type: string }, { name: LastModifiedDate, type: string, format: \
            date-time } ]
            target:""");

    private static final String FILES = ONCE.replace("Once", "Files").replace("salesforce", "sftp")
            .replace("tableName: Account", "path: /landing/accounts.csv");

    private static Rig rig;
    private static RawRequests raw;
    private static String schemaOfOnce;
    private static String datasetOfRecurring;

    @BeforeAll
    static void start(@TempDir Path data) throws Exception {
        rig = Rig.start(data);
        raw = new RawRequests(rig);
        Map.of(LOCKED_OUT, SALESFORCE_SPEC, GOING, SALESFORCE_SPEC, BARE, SALESFORCE_SPEC, DATA_LAKE, DATA_LAKE_SPEC)
                .forEach((id, spec) -> rig.simulator().addBaseConnection(Rig.SANDBOX, id, id, spec));
        rig.simulator().breakCredentials(Rig.SANDBOX, LOCKED_OUT);
        rig.simulator().setConnectionState(Rig.SANDBOX, GOING, "delete-finalizing");
        rig.simulator().faults().always("GET", "/connections/" + BARE + "/explore",
                io.github.aepdataflows.simulator.Fault.body("{\"format\": \"flat\", \"schema\": {\"columns\": []}}"));
        schemaOfOnce = provisioned(ONCE).getMessage().getHeader(AepHeaders.TARGET_SCHEMA_ID, String.class);
        datasetOfRecurring = provisioned(RECURRING).getMessage().getHeader(AepHeaders.TARGET_DATASET_ID, String.class);
    }

    private static Exchange provisioned(String definition) {
        Exchange done = rig.provision(definition);
        assertThat(done.getException()).isNull();
        return done;
    }

    @AfterAll
    static void stop() throws Exception {
        rig.close();
    }

    /**
     * @param violation a definition against the rule; null where none can be
     * @param reason    why none can be; else empty
     * @param request   against the rule, past all checks
     * @param word      by which the Platform refuses it: the code, unless the documents show a refusal without one
     */
    record Rule(String code, Supplier<String> violation, String reason, Supplier<HttpResponse<String>> request, String word) {
    }

    private static Rule rule(String code, Supplier<String> violation, Supplier<HttpResponse<String>> request) {
        return new Rule(code, violation, "", request, code);
    }

    private static Rule ours(String code, String reason, Supplier<HttpResponse<String>> request) {
        return new Rule(code, null, reason, request, code);
    }

    /** The definition with that passage replaced. */
    private static Supplier<String> in(String definition, String passage, String replacement) {
        return () -> {
            assertThat(definition).contains(passage);
            return definition.replace(passage, replacement);
        };
    }

    private static Supplier<HttpResponse<String>> flow(Consumer<ObjectNode> mistake) {
        return changed("/flowservice/flows", "Recurring", mistake);
    }

    private static Supplier<HttpResponse<String>> onceFlow(Consumer<ObjectNode> mistake) {
        return changed("/flowservice/flows", "Once", mistake);
    }

    private static Supplier<HttpResponse<String>> schedule(Consumer<ObjectNode> mistake) {
        return flow(flow -> mistake.accept((ObjectNode) flow.path("scheduleParams")));
    }

    private static Supplier<HttpResponse<String>> onceSchedule(Consumer<ObjectNode> mistake) {
        return onceFlow(flow -> mistake.accept((ObjectNode) flow.path("scheduleParams")));
    }

    private static Supplier<HttpResponse<String>> source(Consumer<ObjectNode> mistake) {
        return changed("/flowservice/sourceConnections", "Recurring", mistake);
    }

    private static Supplier<HttpResponse<String>> target(Consumer<ObjectNode> mistake) {
        return changed("/flowservice/targetConnections", "Recurring", mistake);
    }

    private static Supplier<HttpResponse<String>> schema(Consumer<ObjectNode> mistake) {
        return changed("/schemaregistry/tenant/schemas", "Recurring", mistake);
    }

    private static Supplier<HttpResponse<String>> changed(String path, String word, Consumer<ObjectNode> mistake) {
        return () -> raw.changed(path, word, mistake);
    }

    private static Supplier<HttpResponse<String>> connection(String specName, String params) {
        return () -> raw.send("POST", "/flowservice/connections", """
            {"name": "New", "auth": {"specName": "%s", "params": %s}, "connectionSpec": {"id": "%s", "version": "1.0"}}"""
                .formatted(specName, params, SALESFORCE_SPEC));
    }

    private static ObjectNode transformation(ObjectNode flow, String name) {
        for (JsonNode each : flow.path("transformations")) {
            if (each.path("name").asText().equals(name)) {
                return (ObjectNode) each;
            }
        }
        throw new AssertionError("no transformation " + name);
    }

    private static void remove(ObjectNode flow, String name) {
        ArrayNode all = flow.withArray("transformations");
        for (int i = 0; i < all.size(); i++) {
            if (all.path(i).path("name").asText().equals(name)) {
                all.remove(i);
                return;
            }
        }
        throw new AssertionError("no transformation " + name);
    }

    private static String auth(String specName, String params) {
        return ONCE.replace("baseConnectionId: " + SALESFORCE,
                "baseConnection: { name: New, auth: { specName: %s, params: %s } }".formatted(specName, params));
    }

    private static Supplier<String> ids(String connectionSpecId, String flowSpec) {
        return in(ONCE, "connector: salesforce", "connectionSpecId: %s\n  flowSpec: %s".formatted(connectionSpecId, flowSpec));
    }

    /** The dataset, under a schema that exists. */
    private static String existing(String dataset) {
        return ONCE.replaceAll("(?s)  schema:.*mapping:",
                "  schema: { id: \"%s\" }\n  dataset: { id: %s }\nmapping:".formatted(schemaOfOnce, dataset));
    }

    private static final List<Rule> RULES = List.of(
            // the schedule
            rule("1360-400", in(RECURRING, "interval: 1", "interval: 1, startTime: 2020-01-01T00:00:00Z"),
                    schedule(params -> params.put("startTime", 1577836800))),
            rule("1361-400", () -> ONCE + "schedule: { frequency: once, interval: 1 }\n",
            onceSchedule(params -> params.put("interval", 1))),
            rule("1362-400", in(RECURRING, "hour, interval: 1", "minute, interval: 14"),
            schedule(params -> params.put("frequency", "minute").put("interval", 14))),
            rule("1363-400", in(RECURRING, ", interval: 1", ""), schedule(params -> params.remove("interval"))),
            rule("1364-400", () -> ONCE + "schedule: { frequency: once, backfill: true }\n",
            onceSchedule(params -> params.put("backfill", true))),
            rule("1394-400", in(RECURRING, "interval: 1", "interval: 0"), schedule(params -> params.put("interval", 0))),
            rule("1397-400", in(FORM_2020, "hour, interval: 1", "once"), schedule(params -> params.put("frequency", "fortnight"))),
            ours("1317-400", "without a schedule the flow runs once, and a schedule has a frequency",
            flow(flow -> flow.putObject("scheduleParams"))),

            // the transformations
            rule("1367-400", in(RECURRING, "copy: { deltaColumn: { name: LastModifiedDate } }\n", ""), flow(flow -> remove(flow, "Copy"))),
            rule("1368-400", in(RECURRING, "} }\nschedule", "}, mode: append }\nschedule"),
                    flow(flow -> ((ObjectNode) transformation(flow, "Copy").path("params")).put("mode", "append"))),
            rule("1369-400", in(RECURRING, "hour, interval: 1", "once"),
            onceFlow(flow -> flow.withArray("transformations").addObject().put("name", "Copy")
                    .putObject("params").putObject("deltaColumn").put("name", "LastModifiedDate"))),
            ours("1328-400", "the chain writes the params of Mapping", flow(flow -> transformation(flow, "Mapping").putNull("params"))),
            ours("1329-400", "the mapping set is the one just made",
                    flow(flow -> ((ObjectNode) transformation(flow, "Mapping").path("params")).putNull("mappingId"))),
            rule("1370-400", () -> ONCE.replaceAll("(?s)mapping:.*", "mapping: none\n"), flow(flow -> remove(flow, "Mapping"))),
            ours("1412-400", "the mapping's version is the one just made",
                    flow(flow -> ((ObjectNode) transformation(flow, "Mapping").path("params")).put("mappingVersion", 7))),
            ours("1419-400", "the mapping set is the one just made",
                    flow(flow -> ((ObjectNode) transformation(flow, "Mapping").path("params")).put("mappingId", "nobody's"))),

            // the source
            rule("1304-400", () -> auth("Basic Authentication", "{ username: svc }"),
                    connection("Basic Authentication", "{\"username\": \"svc\"}")),
            rule("1305-400", in(ONCE, SALESFORCE, HUBSPOT),
            source(body -> ((ObjectNode) body.path("connectionSpec")).put("id", HUBSPOT_SPEC))),
            rule("1308-400", in(ONCE, SALESFORCE, LOCKED_OUT), connection("Basic Authentication",
                    "{\"environmentUrl\": \"x\", \"username\": \"wrong\", \"password\": \"wrong\", \"securityToken\": \"wrong\"}")),
            rule("1327-400", in(ONCE, "  tableName", "  format: json\n  tableName"),
            source(body -> body.putObject("data").put("format", "xml"))),
            rule("1330-400", in(ONCE, SALESFORCE, BARE), source(body -> ((ObjectNode) body.path("params")).putArray("columns"))),
            rule("1331-400", in(FILES, "  path:", "  columnDelimiter: \"||\"\n  path:"),
                    source(body -> body.putObject("data").put("format", "delimited").put("columnDelimiter", "||"))),
            rule("1336-400", () -> ids(DATA_LAKE_SPEC, "CRMToAEP").get().replace(SALESFORCE, DATA_LAKE),
                    () -> raw.send("GET", "/flowservice/connections/" + DATA_LAKE + "/explore?objectType=root", "")),
            // the simulator says it as the destinations' documents do, without a code
            new Rule("1101-404", in(ONCE, SALESFORCE, NOBODY), "", source(body -> body.put("baseConnectionId", NOBODY)),
                    "connections not found with id"),
            rule("1413-400", () -> ids(SALESFORCE_SPEC, "CRMToNowhere").get().replace("tableName: Account", "path: /landing"),
                    flow(flow -> ((ObjectNode) flow.path("flowSpec")).put("id", NOBODY))),
            rule("1415-400", () -> auth("Basic Authentification", "{ username: svc }"),
            connection("Basic Authentification", "{\"username\": \"svc\"}")),
            ours("1416-400",
            "it is about changing and deleting a connection; a definition that needs a disabled one is refused without a code",
            () -> raw.send("DELETE", "/flowservice/connections/" + GOING, "")),
            ours("1396-400", "a format that the source does not have is refused as 1327-400 before", RuleCodesTest::flowOfAnotherFormat),

            // the target
            ours("1306-400", "the chain writes the target; a dataset that does not exist is refused without a code",
                    RuleCodesTest::flowIntoADeletedDataset),
            rule("1425-400", () -> existing(datasetOfRecurring), flow(flow -> ((ObjectNode) transformation(flow, "Mapping").path("params"))
                    .set("mappingId", transformation(raw.sent("/flowservice/flows", "Once"), "Mapping").at("/params/mappingId")))),
            rule("XDM-1010-404", in(ONCE, "profile-person-details", "profile-nobodys-details"),
                    schema(body -> body.put("title", "Another").withArray("allOf").addObject()
                    .put("$ref", "https://ns.adobe.com/xdm/context/nobodys"))),
            rule("XDM-1521-400", in(FORM_2020, "title: Schema of Of 2020", "title: Of 2020 source schema"), schema(body -> { })),
            ours("1307-400", "the chain writes the target's connection spec",
            target(body -> ((ObjectNode) body.path("connectionSpec")).put("id", SALESFORCE_SPEC))),
            ours("1325-400", "the chain writes the dataset's id", target(body -> body.putObject("params"))),

            // the flow
            ours("1320-400", "a chain has a source and a target", flow(flow -> flow.putArray("sourceConnectionIds"))),
            ours("1321-400", "a chain has one source and one target", flow(flow -> flow.withArray("targetConnectionIds").add(NOBODY))),
            ours("1338-400", "the ids are those just made", flow(flow -> flow.putArray("sourceConnectionIds").addNull())),
            ours("1405-400", "a flow has a body", () -> raw.send("POST", "/flowservice/flows", "")),
            ours("1410-400", "a definition has no state", flow(flow -> flow.put("state", "enabled"))));

    private static HttpResponse<String> flowOfAnotherFormat() {
        HttpResponse<String> made = source(body -> {
            body.putObject("data").put("format", "delimited");
            body.putObject("params").put("path", "/landing/accounts.csv");
        }).get();
        return flow(flow -> flow.putArray("sourceConnectionIds").add(id(made))).get();
    }

    private static HttpResponse<String> flowIntoADeletedDataset() {
        Exchange done = provisioned(ONCE.replace("Once", "Doomed"));
        raw.send("DELETE", "/catalog/dataSets/" + done.getMessage().getHeader(AepHeaders.TARGET_DATASET_ID), "");
        return changed("/flowservice/flows", "Doomed", flow -> { }).get();
    }

    private static String id(HttpResponse<String> made) {
        assertThat(made.statusCode()).isEqualTo(201);
        try {
            return Rig.json(made.body()).path("id").asText();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    static Stream<Arguments> violations() {
        return RULES.stream().filter(rule -> rule.violation() != null).map(rule -> arguments(rule.code(), rule));
    }

    static Stream<Arguments> requests() {
        return RULES.stream().map(rule -> arguments(rule.code(), rule));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("violations")
    void should_refuse_a_definition_by_the_code_of_the_rule_without_a_write(String code, Rule rule) throws IOException {
        String definition = rule.violation().get().replaceAll("Once|Recurring", "Wrong");   // those of these names exist
        int before = rig.simulator().requests().all().size();

        Exchange refused = rig.provision(definition);

        assertThat(refused.getException()).isInstanceOfSatisfying(DefinitionException.class,
                e -> assertThat(e.faults()).extracting(Fault::code).contains(code));
        assertThat(checked(definition).path("faults").findValuesAsText("code")).contains(code);
        List<Request> all = rig.simulator().requests().all();
        assertThat(all.subList(before, all.size())).filteredOn(request -> !request.method().equals("GET"))
                .extracting(Request::path).allMatch(path -> path.endsWith("/mappingSets/validate"));
    }

    private static JsonNode checked(String definition) throws IOException {
        Exchange checked = rig.main().getCamelContext().createFluentProducerTemplate()
                .to("direct:aep-check").withBody(definition).request(Exchange.class);
        return Rig.json(checked.getMessage().getBody(String.class));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("requests")
    void should_be_refused_by_the_platform_where_no_check_came_first(String code, Rule rule) {
        HttpResponse<String> refused = rule.request().get();

        assertThat(refused.statusCode()).isBetween(400, 499);
        assertThat(refused.body()).contains(rule.word());
    }

    @Test
    void should_know_every_rule_or_why_no_definition_violates_it() {
        assertThat(RULES).extracting(Rule::code)
                .containsExactlyInAnyOrderElementsOf(Stream.concat(FLOW_CODES.stream(), OTHER_CODES.stream()).toList());
        assertThat(RULES).allMatch(rule -> rule.violation() == null != rule.reason().isEmpty());
    }
}
