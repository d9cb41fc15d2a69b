package io.github.aepdataflows.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.aepdataflows.simulator.Fault;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.apache.camel.main.Main;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Two definitions at once, and of one step each gets the answer that was meant for the other. */
class SwappedAnswersTest {

    @TempDir
    Path folder;

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "DATASET_CONNECTION")   // the two share it
    void should_never_build_on_the_answer_to_another_call(Step step) throws Exception {
        shouldNeverBuildOnTheAnswerToAnotherCall(step, Definitions::crm);
    }

    /** Of the current form, where the target connection is made while its dataset is looked at. */
    @ParameterizedTest
    @EnumSource(names = {"TARGET_DATASET", "TARGET_CONNECTION"})
    void should_make_no_flow_of_what_was_built_on_the_answer_to_another_call(Step step) throws Exception {
        shouldNeverBuildOnTheAnswerToAnotherCall(step, Definitions::customerSuccess);
    }

    private interface Form {
        String of(String dataflow) throws IOException;
    }

    private void shouldNeverBuildOnTheAnswerToAnotherCall(Step step, Form form) throws Exception {
        List<String> dataflows = List.of("First", "Second");
        try (Bench bench = new Bench(folder.resolve("data"))) {
            bench.set("aep.response-timeout", "5s").set("aep.call-timeout", "6s");
            for (String dataflow : dataflows) {
                bench.simulator().faults().when(request -> step.isPost(request, dataflow), 1, Fault.swap());
                bench.drop(dataflow + ".yaml", form.of(dataflow));
            }
            Main main = bench.start();
            try {
                await().atMost(Bench.PATIENCE).until(() -> bench.idle());
                for (String dataflow : dataflows) {
                    if (bench.names("failed").contains(dataflow + ".yaml")) {
                        bench.drop(dataflow + " again.yaml", form.of(dataflow));
                    }
                }
                bench.awaitIdle();
            } finally {
                main.stop();
            }

            assertThat(bench.oracle().violations()).isEmpty();
            assertThat(dataflows).allSatisfy(dataflow -> assertThat(bench.platform().resources(Step.FLOW, dataflow)).hasSize(1));
        }
    }
}
