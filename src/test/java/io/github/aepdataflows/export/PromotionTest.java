package io.github.aepdataflows.export;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.aepdataflows.Rig;
import io.github.aepdataflows.simulator.Dialect;
import io.github.aepdataflows.simulator.Options;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.LongStream;
import org.apache.camel.Exchange;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Dataflows that were made by hand in one sandbox become the same dataflows in an empty one, by nothing but their portable definitions.
 * More seeds: {@code -Dbench.promotion=N}; one of them: {@code -Dseed=…}.
 */
class PromotionTest {

    private static final int FLOWS = 4;

    static LongStream seeds() {
        Long one = Long.getLong("seed");
        return one == null ? LongStream.range(0, Integer.getInteger("bench.promotion", 1)) : LongStream.of(one);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void should_make_the_same_dataflows_in_another_sandbox(long seed, @TempDir Path folder) throws Exception {
        Map<String, String> properties = new HashMap<>(Map.of("aep.clock", "#bean:simulatorClock", "aep.check-lifetime", "0",
                "aep.secrets-dir", secrets(folder).toString()));
        try (Rig dev = Rig.start(folder.resolve("dev"), options(seed), properties)) {
            RandomFlows flows = new RandomFlows(new ByHand(dev.simulator()), seed, dev.simulator().clock().instant());
            List<String> names = new ArrayList<>();
            for (int i = 0; i < FLOWS; i++) {
                names.add(flows.next());
            }
            dev.simulator().clock().advance(Duration.ofHours(1));
            List<String> definitions = exported(dev, names);
            assertThat(definitions.get(0).split("destination: ")).hasSize(401);
            assertThat(definitions.get(0)).contains("labels: [C1, S1]").containsPattern("labels:\\s+(- |\\[)C2");

            properties.put("aep.sandbox", "prod");
            try (Rig prod = Rig.against(dev.simulator(), folder.resolve("prod"), properties)) {
                for (String definition : definitions) {
                    assertThat(prod.apply(definition).path("outcome").asText()).as(definition).isEqualTo("created");
                    assertNothingToDo(prod, definition);
                }
                dev.simulator().clock().advance(Duration.ofHours(1));
                assertThat(exported(prod, names)).isEqualTo(definitions);
            }
            for (int i = 0; i < FLOWS; i++) {
                int before = dev.requests().size();
                Exchange adopted = portable(dev, "direct:aep-adopt", names.get(i));
                assertThat(ExportRig.report(adopted).path("outcome").asText()).isEqualTo("adopted");
                assertNothingToDo(dev, definitions.get(i));
                assertThat(dev.requests().stream().skip(before).filter(request -> Rig.isCreate(request)
                        || List.of("PATCH", "PUT", "DELETE").contains(request.method()))).isEmpty();
            }
        }
    }

    /** The first seed has the readings of what the documents leave open that the simulator has; others have any. */
    private static Options options(long seed) {
        Random random = new Random(seed * 0x9E3779B97F4A7C15L);
        Options options = Options.defaults();
        for (Dialect dialect : Dialect.values()) {
            String reading = dialect.readings().get(random.nextInt(dialect.readings().size()));
            if (seed > 0 && !dialect.key().startsWith("echoed-")) {   // what is not shown cannot be promoted
                options = options.withDialect(dialect, reading);
            }
        }
        return options;
    }

    private static void assertNothingToDo(Rig rig, String definition) throws IOException {
        JsonNode plan = rig.plan(definition);
        assertThat(plan.path("empty").asBoolean()).as(() -> definition + plan.toPrettyString()).isTrue();
        assertThat(rig.apply(definition).path("outcome").asText()).isEqualTo("unchanged");
    }

    private static List<String> exported(Rig rig, List<String> names) {
        return names.stream().map(name -> ExportRig.text(portable(rig, "direct:aep-export", name))).toList();
    }

    static Exchange portable(Rig rig, String endpoint, String flow) {
        return rig.main().getCamelContext().createFluentProducerTemplate().to(endpoint).withBody(flow)
                .withVariable("aepExportPortable", true).request(Exchange.class);
    }

    /** Of all connections that flows by hand have. */
    private static Path secrets(Path folder) throws IOException {
        Path secrets = Files.createDirectories(folder.resolve("secrets"));
        for (String connection : List.of("crm-1", "crm-2")) {
            Files.writeString(secrets.resolve(connection + "-password"), Rig.MARKER + "1");
            Files.writeString(secrets.resolve(connection + "-securityToken"), Rig.MARKER + "2");
        }
        return secrets;
    }
}
