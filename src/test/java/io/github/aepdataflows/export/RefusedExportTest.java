package io.github.aepdataflows.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.aepdataflows.Rig;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.apache.camel.Exchange;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A flow that no definition describes is refused with every reason, and so is one that does not exist. */
class RefusedExportTest {

    private static ExportRig export;
    private static String flow;

    @BeforeAll
    static void start(@TempDir Path data) throws Exception {
        export = ExportRig.start(data);
        flow = HandMade.ONCE.by(export.hand());
    }

    @AfterAll
    static void stop() throws Exception {
        export.close();
    }

    @BeforeEach
    void show_all_as_it_is() {
        export.rig().simulator().faults().clear();
    }

    @ParameterizedTest
    @ValueSource(strings = {"nobody", "00000000-1111-4222-8333-444444444444", "", "a \"b\"", "../../x"})
    void should_say_that_there_is_no_such_flow(String wanted) {
        assertThat(export.export(wanted).getException()).isInstanceOf(ExportException.class).hasMessageStartingWith("flow " + wanted);
    }

    private static Arguments flow(String field, String json, String... told) {
        return arguments("flows", (Consumer<ObjectNode>) flow -> {
            try {
                flow.set(field, Rig.json(json.replace('\'', '"')));
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        }, told);
    }

    static Stream<Arguments> inexpressible() {
        String id = "aaaaaaaa-bbbb-4ccc-8ddd-eeeeeeeeeeee";
        return Stream.of(
                flow("sourceConnectionIds", "['%s', '%s']".formatted(id, id), "has 2 source connections"),
                flow("targetConnectionIds", "[]", "has 0 target connections"),
                flow("sourceConnectionIds", "['%s']".formatted(id), "its source connection " + id + " does not exist"),
                flow("transformations", "[{'name': 'Filter', 'params': {}}]", "[Filter]", "one Mapping"),
                flow("transformations", "[]", "its mapping must be a list of rules", "from tables and files is mapped", "1370-400"),
                flow("state", "'updating'", "it is updating"),
                flow("scheduleParams", "{}", "it has no schedule"),
                flow("scheduleParams", "{'frequency': 'month', 'interval': 1}", "schedule.frequency"),
                flow("scheduleParams", "{'frequency': 'minute', 'interval': '5'}", "schedule.interval", "5 is below the minimum of 15"),
                flow("scheduleParams", "{'startTime': 'tomorrow', 'frequency': 'once'}", "startTime", "no instant"),
                flow("options", "{'partialIngestionPercent': 'many'}", "partialIngestionPercent"),
                flow("flowSpec", "{'id': '%s'}".formatted(id), "its flow spec " + id + " does not exist"),
                arguments("sourceConnections", (Consumer<ObjectNode>) source -> ((ObjectNode) source.at("/params/columns/2"))
                .put("type", "decimal"),
                        new String[] {"source.columns[2].type"}),
                arguments("sourceConnections", (Consumer<ObjectNode>) source -> ((ArrayNode) source.at("/params/columns")).remove(1),
                        new String[] {"mapping[1].source", "not among the columns"}),
                arguments("targetConnections", (Consumer<ObjectNode>) target -> ((ObjectNode) target.path("data"))
                .put("format", "delimited"),
                        new String[] {"target connection", "data.format", "\"delimited\"", "\"parquet_xdm\""}),
                arguments("mappingSets", (Consumer<ObjectNode>) set -> ((ObjectNode) set.at("/mappings/0")).put("sourceType", "LOOKUP"),
                        new String[] {"mapping[0].sourceType"}),
                arguments("mappingSets", (Consumer<ObjectNode>) set -> set.put("xdmSchema", "https://ns.adobe.com/other/schemas/1"),
                        new String[] {"mapping set", "https://ns.adobe.com/other/schemas/1"}));
    }

    @ParameterizedTest
    @MethodSource("inexpressible")
    void should_refuse_what_no_definition_says(String collection, Consumer<ObjectNode> change, String... told) throws Exception {
        export.alter(collection, export.rig().resources(collection).get(0).path("id").asText(), change);

        for (Exchange refused : List.of(export.export(flow), export.adopt(flow))) {
            assertThat(refused.getException()).isInstanceOf(ExportException.class).hasMessageContaining(flow).hasMessageContainingAll(told);
        }
        assertThat(export.rig().ledger().dataflows()).isEmpty();
    }
}
