package io.github.aepdataflows.provision;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.aepdataflows.Rig;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.camel.builder.AdviceWith;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** By which the Platform's support finds a call. */
class RequestIdTest {

    @TempDir
    Path data;

    @Test
    void should_name_the_create_in_the_receipt_and_not_the_look_after_it() throws Exception {
        Map<String, String> creates = new ConcurrentSkipListMap<>();
        Map<String, String> told = new TreeMap<>();
        try (Rig rig = Rig.start(data)) {
            for (String kind : new String[] {"source-connection", "target-schema", "target-dataset", "target-connection", "mapping-set",
                "flow"}) {
                AdviceWith.adviceWith(rig.main().getCamelContext(), "aep-create-" + kind, route -> route.weaveById("aep-post-" + kind)
                        .after().process(exchange -> creates.put(kind, CreateOnce.requestId(exchange))));
            }

            JsonNode receipt = rig.apply(Rig.example("customer-success"));

            receipt.path("steps").forEach(step -> told.put(step.path("step").asText(), step.path("requestId").asText()));
            assertThat(told).isEqualTo(creates).hasSize(6);
        }
    }

    @Test
    void should_name_the_update_and_not_the_look_after_it() throws Exception {
        List<String> updates = new CopyOnWriteArrayList<>();
        try (Rig rig = Rig.start(data)) {
            rig.apply(Rig.example("customer-success").replaceFirst("(?m)^description: .*$", ""));
            AdviceWith.adviceWith(rig.main().getCamelContext(), "aep-update-flow", route -> route.weaveById("aep-send-update-flow")
                    .after().process(exchange -> updates.add(CreateOnce.requestId(exchange))));

            JsonNode receipt = rig.apply(Rig.example("customer-success"));

            assertThat(receipt.path("steps")).filteredOn(step -> step.path("outcome").asText().equals("updated")).singleElement()
                    .satisfies(step -> assertThat(updates).containsExactly(step.path("requestId").asText()));
        }
    }
}
