package io.github.aepdataflows.export;

import static io.github.aepdataflows.export.ExportRig.report;
import static io.github.aepdataflows.export.ExportRig.text;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.aepdataflows.Rig;
import io.github.aepdataflows.Rigs;
import io.github.aepdataflows.platform.PlatformException;
import io.github.aepdataflows.simulator.Fault;
import java.util.List;
import java.util.UUID;
import org.apache.camel.Exchange;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The definition of a flow: names where they mean something, all that cannot be said is told or refused, nothing but reads. */
class ExportTest {

    @RegisterExtension
    static final Rigs RIGS = new Rigs();

    private ExportRig export;

    @BeforeEach
    void start() throws Exception {
        export = ExportRig.oneOf(RIGS);
    }

    @AfterEach
    void stop() throws Exception {
        export.close();
    }

    @Test
    void should_name_what_has_a_name_of_its_own_and_say_where_all_that_comes_from() throws Exception {
        String flow = HandMade.RECURRING.by(export.hand());
        int before = export.asked();

        Exchange exported = export.export("RECURRING");

        assertThat(text(exported)).startsWith("# Exported from flow " + flow
                + " of sandbox dev.\napiVersion: aep-dataflows/v1\nname: RECURRING\n")
                .contains("description: \"By hand\\nin two lines\"", "connector: salesforce", "baseConnection: {name: Salesforce}",
                        "schema: {title: Schema 1}", "dataset: {name: Recurring, existing: true}", "interval: 15\n", "backfill: true\n");
        assertThat(report(exported).path("flow").asText()).isEqualTo(flow);
        assertThat(report(exported).at("/definition/source/tableName").asText()).isEqualTo("Account");
        assertThat(export.rig().requests().stream().skip(before))
                .allMatch(request -> request.method().equals("GET") || request.path().contains("/ims/"));
        assertThat(export.rig().ledger().dataflows()).isEmpty();
    }

    @Test
    void should_name_by_id_what_shares_its_name() throws Exception {
        HandMade.ONCE.by(export.hand());
        export.hand().dataset(export.hand().schema(), "Once");
        export.rig().simulator().addBaseConnection(Rig.SANDBOX, UUID.randomUUID().toString(), "Salesforce", ByHand.SALESFORCE);

        JsonNode definition = report(export.export("ONCE")).path("definition");

        assertThat(definition.at("/source/baseConnectionId").asText()).isEqualTo(ByHand.SALESFORCE_BASE);
        assertThat(definition.at("/target/dataset").toString()).isEqualTo("{\"id\":\"" + export.rig().resources("targetConnections").get(0)
                .at("/params/dataSetId").asText() + "\"}");
        assertThat(definition.at("/target/schema").toString()).isEqualTo("{\"title\":\"Schema 1\"}");
    }

    @Test
    void should_name_everything_by_id_where_that_is_wanted() throws Exception {
        HandMade.ONCE.by(export.hand());

        Exchange exported = export.rig().main().getCamelContext().createFluentProducerTemplate().to("direct:aep-export")
                .withProcessor(exchange -> {
            exchange.setVariable("aepExportByIds", true);
            exchange.getMessage().setBody("ONCE");
        }).request(Exchange.class);

        JsonNode definition = report(exported).path("definition");
        assertThat(definition.at("/source/baseConnectionId").asText()).isEqualTo(ByHand.SALESFORCE_BASE);
        assertThat(definition.at("/target/schema/id").asText()).startsWith("https://ns.adobe.com/");
        assertThat(definition.at("/target/dataset/id").asText()).hasSize(24);
    }

    @Test
    void should_name_all_flows_of_a_name_that_means_several() {
        List<String> flows = List.of(HandMade.ONCE.by(export.hand()), HandMade.ONCE.by(export.hand()));

        assertThat(export.export("ONCE").getException()).isInstanceOf(ExportException.class)
                .hasMessageContaining("2 flows have that name").hasMessageContainingAll(flows.toArray(String[]::new));
        assertThat(text(export.export(flows.get(0)))).contains("# Other flows have the same name: " + flows.get(1));
    }

    @Test
    void should_tell_what_stays_outside_of_the_definition_and_find_nothing_to_do_all_the_same() throws Exception {
        String flow = HandMade.RECURRING.by(export.hand());
        export.alter("flows", flow, altered -> {
            ((ObjectNode) altered.path("scheduleParams")).put("pauseTime", "1925078400");
            ((ObjectNode) altered.path("options")).put("newOption", "x\n- y");
        });
        export.alter("sourceConnections", export.rig().resources("sourceConnections").get(0).path("id").asText(), altered -> {
            altered.withObject("/params").putObject("filters").put("type", "PQL").put("value", Rig.MARKER);
            ((ObjectNode) altered.at("/params/columns/0")).put("primary", true);
        });

        Exchange adopted = export.adopt(flow);

        assertThat(text(adopted)).contains("# It has besides, which no definition says and which stays as it is:\n",
                "#   flow scheduleParams.pauseTime: \"1925078400\"\n", "#   flow options.newOption: \"x\\n- y\"\n",
                "#   source connection params.columns[Id].primary\n", "#   source connection params.filters\n")
                .doesNotContain(Rig.MARKER);
        assertThat(report(adopted).path("notes")).hasSize(5);
        assertThat(export.plan(text(adopted)).path("empty").asBoolean()).isTrue();
    }

    @Test
    void should_keep_the_secrets_of_a_base_connection_where_they_are() throws Exception {
        HandMade.ONCE.by(export.hand());
        export.alter("connections", ByHand.SALESFORCE_BASE, connection -> connection.putObject("auth")
                .put("specName", "Basic Authentication")
                .putObject("params").put("username", "me").put("password", Rig.MARKER));

        Exchange exported = export.export("ONCE");

        assertThat(text(exported) + exported.getVariable("aepExport")).doesNotContain(Rig.MARKER, "password");
    }

    @Test
    void should_read_what_newer_documents_leave_out() throws Exception {
        String schema = export.hand().schema();
        String dataset = export.hand().dataset(schema, "New");
        String target = export.hand().target("""
                {'name': 'New', 'data': {'schema': {'id': '%s', 'version': 'application/vnd.adobe.xed-full+json;version=1'}},
                 'params': {'dataSetId': '%s'}, 'connectionSpec': {'id': '%s', 'version': '1.0'}}""".formatted(schema, dataset,
                ByHand.DATA_LAKE));
        export.hand().flow("NEW", ByHand.TABLES, export.hand().table(""), target, "",
                "'mappingId': '%s', 'mappingVersion': 0".formatted(export.hand().mapping(schema, "Id", "_id")),
                ", 'scheduleParams': {'startTime': 1893456000, 'frequency': 'once'}");

        String definition = text(export.adopt("NEW"));

        assertThat(export.plan(definition).path("empty").asBoolean()).isTrue();
    }

    @Test
    void should_read_the_mapping_set_at_the_version_that_the_flow_names() throws Exception {
        HandMade.RECURRING.by(export.hand());

        text(export.export("RECURRING"));

        assertThat(export.rig().requests()).filteredOn(request -> request.path().contains("/mappingSets/"))
                .extracting(request -> request.query()).containsExactly("version=0");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/flows/", "/sourceConnections/", "/mappingSets/", "/dataSets", "/connections"})
    void should_ask_again_where_the_platform_falters(String path) throws Exception {
        String flow = HandMade.ONCE.by(export.hand());
        export.rig().simulator().faults().when(request -> request.path().contains(path), 1, Fault.status(503));

        assertThat(text(export.adopt(flow))).contains("name: ONCE");
        assertThat(export.rig().ledger().dataflow("ONCE").orElseThrow().done()).isTrue();
    }

    @Test
    void should_give_up_where_the_platform_stays_away() {
        String flow = HandMade.ONCE.by(export.hand());
        export.rig().simulator().faults().when(request -> request.path().contains("/mappingSets/"), Fault.status(503));

        assertThat(export.export(flow).getException()).isInstanceOf(PlatformException.class);
    }

    @Test
    void should_list_all_flows_of_the_sandbox() throws Exception {
        List<String> flows = List.of(HandMade.ONCE.by(export.hand()), HandMade.DELIMITED.by(export.hand()));

        JsonNode list = Rig.json(text(ExportRig.request(export.rig(), "direct:aep-export-list", "")));

        assertThat(list.findValuesAsText("id")).containsExactlyElementsOf(flows);
        assertThat(list.findValuesAsText("name")).containsExactly("ONCE", "DELIMITED");
    }

    @Test
    void should_write_every_text_so_that_it_is_read_as_what_it_is() throws Exception {
        String flow = HandMade.ONCE.by(export.hand());
        for (String text : List.of("yes", "null", "~", "12", "1e3", "0x1f", "true", "- x", "# c", "a: b # c", " before", "after ", "@x",
                "%x", "'", "\"",
                "{a: 1}", "[", "&a", "*a", "!t", "|", ">", "a\n\n b\n", "\t", "\\n", "---", "...", "Größe", "\ud83d\ude80", "2030-01-01",
                "x\u0085y")) {
            export.rig().simulator().faults().clear();
            export.alter("flows", flow, altered -> altered.put("description", text));

            Exchange exported = export.export(flow);

            assertThat(report(exported).at("/definition/description").asText()).isEqualTo(text);
            assertThat(Rig.json(text(ExportRig.request(export.rig(), "direct:aep-check", text(exported)))).path("ok").asBoolean()).as(text)
                    .isTrue();
        }
    }

    @Test
    void should_write_in_ascii_what_a_terminal_would_not_show() throws Exception {
        String flow = HandMade.ONCE.by(export.hand());
        export.alter("flows", flow, altered -> altered.put("description", "a\u202eb \u00e9 #: 'x' \"y\" {z} & * ! % @"));

        Exchange exported = export.export(flow);

        assertThat(text(exported)).isASCII();
        assertThat(report(exported).at("/definition/description").asText()).startsWith("a\u202eb \u00e9");
    }
}
