package io.github.aepdataflows.provision;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.aepdataflows.Rig;
import io.github.aepdataflows.Rigs;
import io.github.aepdataflows.definition.DefinitionException;
import io.github.aepdataflows.platform.AepHeaders;
import io.github.aepdataflows.platform.PlatformException;
import io.github.aepdataflows.simulator.Fault;
import io.github.aepdataflows.simulator.Generation;
import io.github.aepdataflows.simulator.Options;
import io.github.aepdataflows.simulator.Request;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.apache.camel.Exchange;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The whole chain over HTTP, judged by what the Platform ends up with. */
class ChainTest {

    @RegisterExtension
    static final Rigs RIGS = new Rigs();

    @TempDir
    Path data;

    private Rig rig;

    @BeforeEach
    void start() throws Exception {
        rig = RIGS.start();
    }

    @AfterEach
    void stop() throws Exception {
        rig.close();
    }

    @Test
    void should_make_one_of_each_resource_in_the_current_form_and_chain_their_ids() throws Exception {
        Exchange done = rig.provision(Rig.example("customer-success"));

        assertThat(done.getException()).isNull();
        assertThat(rig.resources("classes")).isEmpty();
        ObjectNode schema = only("schemas");
        ObjectNode dataset = only("dataSets");
        ObjectNode source = only("sourceConnections");
        ObjectNode target = only("targetConnections");
        ObjectNode mappingSet = only("mappingSets");
        ObjectNode flow = only("flows");
        assertThat(dataset.at("/schemaRef/id")).isEqualTo(schema.path("$id"));
        assertThat(target.at("/data/schema/id")).isEqualTo(schema.path("$id"));
        assertThat(target.at("/params/dataSetId").asText()).isEqualTo(done.getMessage().getHeader(AepHeaders.TARGET_DATASET_ID));
        assertThat(target.has("baseConnectionId")).isFalse();
        assertThat(target.at("/connectionSpec/id").asText()).isEqualTo("c604ff05-7f1a-43c0-8e18-33bf874cb11c");
        assertThat(flow.at("/sourceConnectionIds/0")).isEqualTo(source.path("id"));
        assertThat(flow.at("/targetConnectionIds/0")).isEqualTo(target.path("id"));
        assertThat(flow.at("/transformations/1/params/mappingId")).isEqualTo(mappingSet.path("id"));
        assertThat(flow.path("state").asText()).isEqualTo("enabled");
        assertThat(done.getMessage().getHeader(AepHeaders.FLOW_ID)).isEqualTo(flow.path("id").asText());
    }

    @Test
    void should_make_ad_hoc_class_and_schema_and_a_dataset_base_connection_in_the_2020_form() throws Exception {
        Exchange done = rig.provision(Rig.example("crm"));

        assertThat(done.getException()).isNull();
        ObjectNode adHocClass = only("classes");
        assertThat(adHocClass.toString()).contains("first_name", "last_name", "email");
        assertThat(rig.resources("schemas")).hasSize(2);
        ObjectNode source = only("sourceConnections");
        assertThat(source.at("/data/schema/id").asText()).isEqualTo(done.getMessage().getHeader(AepHeaders.SOURCE_SCHEMA_ID));
        ObjectNode target = only("targetConnections");
        assertThat(target.path("baseConnectionId").asText()).isEqualTo(done.getMessage().getHeader(AepHeaders.DATASET_CONNECTION_ID));
        assertThat(target.path("connectionSpec")).isEqualTo(source.path("connectionSpec"));
        assertThat(only("flows").at("/transformations/0/params/mode").asText()).isEqualTo("append");
    }

    @Test
    void should_write_a_receipt_that_names_every_step_and_resource() throws Exception {
        Exchange done = rig.provision(Rig.example("crm"));

        JsonNode receipt = Rig.json(done.getMessage().getBody(String.class));
        assertThat(receipt.path("dataflow").asText()).isEqualTo("Dataflow between a CRM system and Platform");
        assertThat(receipt.path("sandbox").asText()).isEqualTo("dev");
        assertThat(receipt.path("outcome").asText()).isEqualTo("created");
        assertThat(receipt.path("digest").asText()).matches("[0-9a-f]{64}");
        assertThat(receipt.path("steps").findValuesAsText("step")).containsExactly("source-class", "source-schema",
                "source-connection", "target-schema", "target-dataset", "dataset-connection", "target-connection", "mapping-set", "flow");
        assertThat(receipt.at("/resources/baseConnection").asText()).isEqualTo("4cb0c374-d3bb-4557-b139-5712880adc55");
        assertThat(receipt.path("steps")).allSatisfy(step -> {
            assertThat(step.path("outcome").asText()).isEqualTo("created");
            assertThat(step.path("attempts").asInt()).isEqualTo(1);
            assertThat(step.path("requestId").asText()).isNotBlank();
        });
        assertThat(receipt.at("/resources/flow")).isEqualTo(only("flows").path("id"));
        assertThat(receipt.at("/resources/flowSpec").asText()).isEqualTo("14518937-270c-4525-bdec-c2ba7cce3860");
    }

    @Test
    void should_use_the_schema_and_the_dataset_that_the_definition_names() throws Exception {
        Exchange first = rig.provision(Rig.example("customer-success"));
        String schemaId = first.getMessage().getHeader(AepHeaders.TARGET_SCHEMA_ID, String.class);
        String dataSetId = first.getMessage().getHeader(AepHeaders.TARGET_DATASET_ID, String.class);
        String second = Rig.example("customer-success")
                .replace("name: Creating a dataflow", "name: Another dataflow")
                .replaceAll("(?s)  schema:\n.*?\nmapping:",
                "  schema: { id: \"" + schemaId + "\" }\n  dataset: { id: " + dataSetId + " }\nmapping:");

        Exchange done = rig.provision(second);

        assertThat(done.getException()).isNull();
        assertThat(rig.resources("schemas")).hasSize(1);
        assertThat(rig.resources("dataSets")).hasSize(1);
        assertThat(rig.resources("flows")).hasSize(2);
        JsonNode steps = Rig.json(done.getMessage().getBody(String.class)).path("steps");
        assertThat(steps.findValuesAsText("outcome")).containsExactly("created", "given", "given", "created", "created", "created");
    }

    @Test
    void should_use_the_flow_spec_id_that_the_look_up_returned() throws Exception {
        String other = "99999999-270c-4525-bdec-c2ba7cce3860";
        rig.simulator().faults().always("GET", "/flowSpecs",
                Fault.body("{\"id\":\"" + other + "\",\"name\":\"CRMToAEP\",\"version\":\"1.0\"}"));   // the bare form, too

        Exchange done = rig.provision(Rig.example("customer-success"));

        assertThat(done.getException()).isInstanceOf(PlatformException.class);   // the Platform itself has no such flow spec
        assertThat(rig.requests("POST", "/flows").get(0).text()).contains(other);
    }

    @Test
    void should_look_up_a_flow_spec_once_for_many_dataflows() throws Exception {
        try (Rig rig = Rig.start(data)) {
            rig.provision(Rig.example("customer-success"));
            rig.provision(Rig.example("crm"));

            assertThat(rig.resources("flows")).hasSize(2);
            assertThat(rig.requests("GET", "/flowSpecs")).hasSize(1);
            assertThat(rig.requests("GET", "/flowSpecs").get(0).query()).isEqualTo("property=name%3D%3D%22CRMToAEP%22");
        }
    }

    @Test
    void should_share_one_dataset_base_connection_among_dataflows_made_at_the_same_time() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(8);
        List<Future<Exchange>> all = IntStream.range(0, 8)
                .mapToObj(n -> threads.submit(() -> rig.provision(Rig.example("crm", n)))).toList();
        for (Future<Exchange> each : all) {
            assertThat(each.get().getException()).isNull();
        }
        threads.shutdown();

        assertThat(rig.resources("flows")).hasSize(8);
        assertThat(rig.requests("POST", "/flowservice/connections")).hasSize(1);
    }

    @Test
    void should_try_each_call_as_often_as_any_whatever_the_ones_before_it_have_used_up() throws Exception {
        try (Rig rig = Rig.start(data)) {
            Set<String> throttled = ConcurrentHashMap.newKeySet();
            // a look at what was made is not repeated: what cannot be looked at is believed
            rig.simulator().faults().when(request -> request.path().startsWith("/data/")
                    && !request.path().matches(".*[/.][0-9a-f-]{24,48}")
                    && throttled.add(request.method() + request.path() + request.text().contains("Target schema")), Fault.status(429));

            Exchange done = rig.provision(Rig.example("crm"));   // twelve calls, each throttled once; the policy allows five for each

            assertThat(done.getException()).isNull();
            assertThat(Rig.json(done.getMessage().getBody(String.class)).path("steps").findValuesAsText("attempts"))
                    .hasSize(9).isSubsetOf("2", "3", "4", "5", "6");   // more than two where the pace is so slow that it was held back
            assertThat(rig.resources("flows")).hasSize(1);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}", "[]", "{\"status\":\"ok\"}", "{\"items\":null}", "{\"items\":{\"a\":1}}"})
    void should_not_make_a_second_dataset_base_connection_because_of_a_strange_answer(String strange) throws Exception {
        rig.provision(Rig.example("crm"));
        try (Rig other = Rig.against(rig.simulator(), data.resolve("other"), Map.of())) {
            rig.simulator().faults().on("GET", "/flowservice/connections", 1, Fault.body(strange));

            Exchange done = other.provision(Rig.example("marketing-automation"));

            assertThat(done.getException()).isNull();
            assertThat(rig.requests("POST", "/flowservice/connections")).hasSize(1);
        }
    }

    @Test
    void should_not_make_a_second_dataset_base_connection_while_the_first_is_being_made() throws Exception {
        try (Rig slow = Rig.start(data.resolve("slow"), Options.defaults().withAsyncDelay(Duration.ofHours(1)), Map.of());
                Rig other = Rig.against(slow.simulator(), data.resolve("other"), Map.of())) {
            slow.provision(Rig.example("crm"));

            Exchange failed = other.provision(Rig.example("marketing-automation"));

            assertThat(failed.getException()).hasMessageContaining("is initializing");
            assertThat(slow.requests("POST", "/flowservice/connections")).hasSize(1);
        }
    }

    @Test
    void should_make_nothing_for_a_flow_spec_that_does_not_exist_or_does_not_run_the_source() throws Exception {
        try (Rig rig = Rig.start(data)) {
            String byIds = Rig.example("customer-success").replace("name: Creating", "name: Not creating")
                    .replace("connector: salesforce-service-cloud",
                    "connectionSpecId: ecadc60c-7455-4d87-84dc-2a0e293d997b\n  flowSpec: CRMToAEP").replace("tableName", "path");

            assertThat(rig.provision(Rig.example("customer-success")).getException()).isNull();   // the flow spec is cached now
            int before = rig.requests().size();

            Exchange wrongSource = rig.provision(byIds);
            Exchange noSuch = rig.provision(byIds.replace("CRMToAEP", "CRMToAPE").replace("copy:\n", "")
                    .replaceAll("  deltaColumn: .*\n", "").replace("path:", "format: delimited\n  path:"));

            assertThat(wrongSource.getException()).hasMessageContaining("does not run sources of connection spec ecadc60c");
            assertThat(noSuch.getException()).hasMessageContaining("has no flow spec named CRMToAPE");
            assertThat(rig.requests().subList(before, rig.requests().size()))
                    .noneMatch(request -> request.method().equals("POST"));
        }
    }

    @Test
    void should_leave_nothing_of_a_failure_on_an_exchange_that_is_used_again() throws Exception {
        Exchange exchange = rig.provision("not: a definition");
        assertThat(exchange.getVariable("aepError")).isNotNull();
        exchange.setException(null);
        exchange.getMessage().setBody(Rig.example("customer-success"));

        rig.main().getCamelContext().createProducerTemplate().send("direct:aep-provision", exchange);

        assertThat(exchange.getVariable("aepError")).isNull();
        assertThat(exchange.getVariable("aepTryAgain")).isNull();
    }

    @Test
    void should_try_again_with_the_delays_as_they_are_shipped() throws Exception {
        try (Rig shipped = Rig.start(data.resolve("shipped"), Options.defaults(),
                Map.of("aep.redelivery.delay", "1s", "aep.redelivery.max-delay", "60s"))) {
            shipped.simulator().faults().on("POST", "/flows", 1, Fault.status(429));

            assertThat(shipped.provision(Rig.example("customer-success")).getException()).isNull();
            List<Request> calls = shipped.requests("POST", "/flows");
            assertThat(calls.get(1).instant()).isAfter(calls.get(0).instant().plusMillis(500));
        }
    }

    @Test
    void should_read_a_dataset_id_in_any_case() throws Exception {
        try (Rig believing = RIGS.start(Map.of("aep.verify", "false"))) {
            believing.simulator().faults().on("POST", "/dataSets", 1, Fault.body("[\"@/datasets/5c8c3c555033b814b69f947f\"]")
                    .afterCommit());

            Exchange done = believing.provision(Rig.example("customer-success"));

            assertThat(done.getMessage().getHeader(AepHeaders.TARGET_DATASET_ID)).isEqualTo("5c8c3c555033b814b69f947f");
        }
    }

    @Test
    void should_start_shortly_after_creation_when_no_start_is_given() throws Exception {
        long before = System.currentTimeMillis() / 1000;

        rig.provision(Rig.example("customer-success"));

        assertThat(only("flows").at("/scheduleParams/startTime").asLong()).isBetween(before + 120, before + 180);
    }

    @Test
    void should_send_the_given_start_in_epoch_seconds_and_the_options_as_they_are() throws Exception {
        String definition = Rig.example("customer-success").replace("schedule:\n",
                "options: { errorDiagnosticsEnabled: true, partialIngestionPercent: 5 }\nschedule:\n  startTime: 2035-01-01T00:00:00Z\n");

        rig.provision(definition);

        ObjectNode flow = only("flows");
        assertThat(flow.at("/scheduleParams/startTime").asLong()).isEqualTo(2051222400L);
        assertThat(flow.at("/options/partialIngestionPercent").asInt()).isEqualTo(5);
        assertThat(flow.at("/options/errorDiagnosticsEnabled").asBoolean()).isTrue();
    }

    @Test
    void should_send_nothing_for_a_definition_with_faults() throws Exception {
        Exchange refused = rig.provision(Rig.example("crm").replace("interval: 30", "interval: 5").replace("sandbox", "x"));

        assertThat(refused.getException()).isInstanceOf(DefinitionException.class);
        assertThat(rig.requests()).isEmpty();
        JsonNode error = Rig.json(refused.getVariable("aepError", String.class));
        assertThat(error.path("category").asText()).isEqualTo("definition");
        assertThat(error.at("/faults/0/path").asText()).isEqualTo("schedule.interval");
    }

    @Test
    void should_not_take_ids_or_directions_from_the_headers_of_a_caller() throws Exception {
        Exchange done = rig.main().getCamelContext().createFluentProducerTemplate().to("direct:aep-provision")
                .withBody(Rig.example("customer-success"))
                .withHeader(AepHeaders.FLOW_ID, "not-ours")
                .withHeader(AepHeaders.TARGET_SCHEMA_ID, "https://ns.adobe.com/not/ours")
                .withHeader("CamelHttpUri", "http://127.0.0.1:1/evil")
                .withHeader("CamelHttpPath", "evil").withHeader("CamelHttpQuery", "evil=1").withHeader("CamelHttpMethod", "DELETE")
                .request(Exchange.class);

        assertThat(done.getException()).isNull();
        assertThat(done.getMessage().getHeader(AepHeaders.FLOW_ID)).isEqualTo(only("flows").path("id").asText());
        assertThat(rig.requests()).allSatisfy(request -> {
            assertThat(request.method()).isIn("GET", "POST");
            assertThat(request.query()).doesNotContain("evil");
        });
    }

    @Test
    void should_work_against_a_platform_that_takes_the_current_form_only() throws Exception {
        try (Rig strict = Rig.start(data.resolve("strict"), Options.defaults().withGeneration(Generation.CURRENT), Map.of())) {
            assertThat(strict.provision(Rig.example("customer-success")).getException()).isNull();
            assertThat(strict.provision(Rig.example("crm")).getException()).isNotNull();
            assertThat(strict.resources("flows")).hasSize(1);
        }
    }

    private ObjectNode only(String collection) {
        assertThat(rig.resources(collection)).hasSize(1);
        return rig.resources(collection).get(0);
    }
}
