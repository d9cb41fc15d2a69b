package io.github.aepdataflows.check;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.aepdataflows.Rig;
import io.github.aepdataflows.simulator.Options;
import io.github.aepdataflows.simulator.Request;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.camel.Exchange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How many reads a check costs, when nothing is known and when all is. */
class ReadsTest {

    /** A look at the title of the new schema, and one at the name of the new dataset. */
    private static final int NAMES = 2;

    @TempDir
    Path data;

    private static List<Request> requestsOf(Rig rig, String definition) {
        int before = rig.simulator().requests().all().size();
        Exchange checked = rig.main().getCamelContext().createFluentProducerTemplate()
                .to("direct:aep-check").withBody(definition).request(Exchange.class);
        assertThat(checked.getException()).isNull();
        assertThat(checked.getMessage().getBody(String.class)).contains("\"ok\" : true");
        List<Request> all = rig.simulator().requests().all();
        return all.subList(before, all.size()).stream().filter(request -> request.path().startsWith("/data/")).toList();
    }

    private static List<String> gets(List<Request> requests) {
        assertThat(requests).allMatch(request -> request.method().equals("GET") || request.path().endsWith("/mappingSets/validate"));
        return requests.stream().filter(request -> request.method().equals("GET")).map(Request::path).toList();
    }

    @ParameterizedTest
    @ValueSource(strings = {"crm", "customer-success"})
    void should_read_six_things_cold_and_the_state_of_the_connection_warm_and_always_the_names_of_what_is_new(String example)
            throws Exception {
        try (Rig rig = Rig.start(data)) {
            assertThat(gets(requestsOf(rig, Rig.example(example)))).hasSize(6 + NAMES);

            assertThat(gets(requestsOf(rig, Rig.example(example)))).hasSize(1 + NAMES)
                    .filteredOn(path -> path.contains("/flowservice/connections/")).hasSize(1);
            // another dataflow of the same source and the same kind of schema
            assertThat(gets(requestsOf(rig, Rig.example(example, "another")))).hasSize(1 + NAMES);
        }
    }

    @Test
    void should_read_six_things_for_a_target_that_exists() throws Exception {
        try (Rig rig = Rig.start(data)) {
            String made = rig.provision(Rig.example("customer-success")).getMessage().getBody(String.class);
            String existing = Rig.example("customer-success", "second")
                    .replaceAll("(?s)  schema:\n.*?\nmapping:", "  schema: { id: \"%s\" }\n  dataset: { id: %s }\nmapping:"
                    .formatted(Rig.json(made).at("/resources/targetSchema").asText(), Rig.json(made).at("/resources/targetDataset")
                    .asText()));

            try (Rig cold = Rig.against(rig.simulator(), data.resolve("cold"), Map.of())) {
                assertThat(gets(requestsOf(cold, existing))).hasSize(6);
                assertThat(gets(requestsOf(cold, existing))).hasSize(1);
            }
        }
    }

    @Test
    void should_read_two_things_more_for_a_target_by_names_and_remember_what_they_mean() throws Exception {
        try (Rig rig = Rig.start(data)) {
            rig.provision(Rig.example("customer-success"));
            String named = Rig.example("customer-success", "second").replaceAll("(?s)  schema:\n.*?\nmapping:",
                    "  schema: { title: Target schema for customer success }\n  dataset: { name: Target dataset for customer success, "
                    + "existing: true }\nmapping:")
                    .replaceFirst("baseConnectionId: .*", "baseConnection: { name: Salesforce Service Cloud }");

            try (Rig cold = Rig.against(rig.simulator(), data.resolve("cold"), Map.of())) {
                assertThat(gets(requestsOf(cold, named))).hasSize(8);
                assertThat(gets(requestsOf(cold, named))).hasSize(1);
            }
        }
    }

    /** The class is read only where the field groups leave something open, and each field group once for all definitions. */
    @Test
    void should_read_one_thing_more_for_each_further_part_of_a_new_schema() throws Exception {
        try (Rig rig = Rig.start(data)) {
            assertThat(gets(requestsOf(rig, Rig.example("marketing-automation")))).hasSize(7 + NAMES);
        }
    }

    @Test
    void should_read_the_connection_spec_of_a_described_connection_once_for_all_definitions() throws Exception {
        Files.writeString(Files.createDirectories(data.resolve("secrets")).resolve("crm"), "any");
        try (Rig rig = Rig.start(data, Options.defaults(), Map.of("aep.secrets-dir", data.resolve("secrets").toString()))) {
            String described = Minimal.with("baseConnectionId: " + Minimal.BASE,
                    "baseConnection: { name: Mine, auth: { specName: Basic Authentication, params: { environmentUrl: x, username: y, "
                    + "password: { secret: crm }, securityToken: { secret: crm } } } }");

            assertThat(gets(requestsOf(rig, described))).filteredOn(path -> path.contains("/connectionSpecs/")).hasSize(1);
            assertThat(gets(requestsOf(rig, described.replace("name: Mine", "name: Another")))).noneMatch(path ->
                    path.contains("/connectionSpecs/"));
        }
    }

    @Test
    void should_ask_again_when_the_lifetime_is_over() throws Exception {
        try (Rig rig = Rig.start(data, Options.defaults(), Map.of("aep.check-lifetime", "0", "aep.flow-spec-lifetime", "0"))) {
            requestsOf(rig, Rig.example("crm"));
            assertThat(gets(requestsOf(rig, Rig.example("crm")))).hasSize(6 + NAMES);
        }
    }
}
