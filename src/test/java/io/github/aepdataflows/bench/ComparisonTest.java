package io.github.aepdataflows.bench;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.aepdataflows.Rig;
import io.github.aepdataflows.simulator.Fault;
import io.github.aepdataflows.simulator.Options;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.camel.Exchange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What is left at the Platform after a hundred 5xx answers: by a client that repeats a POST, as the retry adapters of common
 * HTTP libraries do, and by this product. Both make the same dataflows and meet the same faults.
 */
class ComparisonTest {

    private static final List<String> STEPS = List.of(
            "/sourceConnections", "/tenant/schemas", "/dataSets", "/targetConnections", "/mappingSets", "/flows");
    private static final int[] STATUSES = {500, 502, 503, 504};
    private static final int FAULTS = 96;

    @TempDir
    Path data;

    private record Outcome(int dataflows, int duplicates) {
    }

    @Test
    void should_leave_no_duplicate_where_a_client_that_repeats_posts_leaves_many() throws Exception {
        try (Rig rig = Rig.start(data, Options.defaults(), Map.of("aep.settle-window", "60"))) {
            Outcome ours = run(rig, "ours", definition -> {
                Exchange done = rig.provision(definition);
                return done.getException() == null;
            });
            Outcome theirs;
            try (RepeatingClient client = new RepeatingClient(rig)) {
                theirs = run(rig, "theirs", client::provision);
            }
            System.out.printf("%n%-42s %10s %10s %22s%n%-42s %10d %10d %22.0f%n%-42s %10d %10d %22.0f%n%n",
                    "after " + FAULTS + " answers of 5xx", "dataflows", "duplicates", "duplicates/100 faults",
                    "a client that repeats POSTs on 5xx", theirs.dataflows, theirs.duplicates, 100.0 * theirs.duplicates / FAULTS,
                    "aep-dataflows", ours.dataflows, ours.duplicates, 100.0 * ours.duplicates / FAULTS);

            assertThat(ours).isEqualTo(new Outcome(FAULTS, 0));
            assertThat(theirs.duplicates).isGreaterThan(FAULTS / 4);
        }
    }

    /** One dataflow per fault: each step, with each status, before and after the commit. */
    private static Outcome run(Rig rig, String who, Function<String, Boolean> provision) throws Exception {
        int complete = 0;
        for (int n = 0; n < FAULTS; n++) {
            String name = "%s %02d".formatted(who, n);
            String path = STEPS.get(n % STEPS.size());
            Fault fault = Fault.status(STATUSES[n / STEPS.size() % STATUSES.length]);
            boolean committed = n / (STEPS.size() * STATUSES.length) % 2 == 1;
            rig.simulator().faults().clear();
            rig.simulator().faults().on("POST", path, 1, committed ? fault.afterCommit() : fault);
            complete += provision.apply(definition(name)) ? 1 : 0;
        }
        rig.simulator().faults().clear();
        return new Outcome(complete, duplicates(rig, who));
    }

    /** How many resources there are beyond one of each name; a mapping set goes by its schema, of which each dataflow has its own. */
    private static int duplicates(Rig rig, String who) {
        Map<String, Function<ObjectNode, JsonNode>> keys = Map.of(
                "sourceConnections", each -> each.path("name"), "schemas", each -> each.path("title"), "dataSets",
                each -> each.path("name"),
                "targetConnections", each -> each.path("name"), "flows", each -> each.path("name"), "mappingSets",
                each -> each.path("xdmSchema"));
        List<String> schemas = rig.resources("schemas").stream().filter(schema -> schema.path("title").asText().startsWith(who))
                .map(schema -> schema.path("$id").asText()).toList();
        int duplicates = 0;
        for (Map.Entry<String, Function<ObjectNode, JsonNode>> kind : keys.entrySet()) {
            List<String> names = rig.resources(kind.getKey()).stream().map(each -> kind.getValue().apply(each).asText())
                    .filter(name -> name.startsWith(who) || schemas.contains(name)).toList();
            duplicates += names.size() - names.stream().collect(Collectors.toSet()).size();
        }
        return duplicates;
    }

    private static String definition(String name) {
        try {
            return Rig.example("customer-success")
                    .replaceFirst("(?m)^name: .*$", "name: " + name)
                    .replace("name: Source connection for Customer Success", "name: " + name + " source")
                    .replace("name: Target Connection for a customer success connector", "name: " + name + " target")
                    .replace("title: Target schema for customer success", "title: " + name + " schema")
                    .replace("name: Target dataset for customer success", "name: " + name + " dataset");
        } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
