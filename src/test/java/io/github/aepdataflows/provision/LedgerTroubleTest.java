package io.github.aepdataflows.provision;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.aepdataflows.Rig;
import io.github.aepdataflows.ledger.LedgerException;
import io.github.aepdataflows.ledger.LedgerRoom;
import io.github.aepdataflows.simulator.Fault;
import io.github.aepdataflows.simulator.Options;
import io.github.aepdataflows.simulator.Request;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.apache.camel.Exchange;
import org.apache.camel.support.DefaultExchange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The ledger fails in the middle of a chain: nothing is sent that is not recorded, and nothing is forgotten that was answered. */
class LedgerTroubleTest {

    @TempDir
    Path data;

    @Test
    void should_keep_what_the_platform_answered_until_it_can_be_recorded() throws Exception {
        try (Rig rig = Rig.start(data, Options.defaults(), Map.of("aep.redelivery.max", "1000"))) {
            rig.simulator().faults().on("POST", "/dataSets", 1, Fault.hang().afterCommit());
            CompletableFuture<Exchange> running = CompletableFuture.supplyAsync(() -> provision(rig));
            await().atMost(20, SECONDS).until(() -> rig.simulator().faults().held() == 1);

            rig.ledger().close();
            rig.simulator().faults().release();
            // the id is looked at, and then cannot be recorded
            await().atMost(20, SECONDS).until(() -> rig.simulator().requests().all().stream()
                    .anyMatch(request -> request.method().equals("GET") && request.path().contains("/dataSets/")));
            int before = rig.simulator().requests().all().size();
            assertThat(running).isNotDone();
            rig.ledger().open();

            Exchange done = running.get(30, SECONDS);
            assertThat(done.getException()).isNull();
            JsonNode dataset = Rig.json(done.getMessage().getBody(String.class)).at("/steps/2");
            assertThat(dataset.path("step").asText()).isEqualTo("target-dataset");
            assertThat(dataset.path("outcome").asText()).isEqualTo("created");
            assertThat(rig.requests("POST", "/dataSets")).hasSize(1);
            assertThat(rig.simulator().requests().all().subList(before, rig.simulator().requests().all().size()))
                    .noneMatch(request -> request.method().equals("GET") && request.path().endsWith("/dataSets"));
            assertThat(rig.resources("flows")).hasSize(1);
        }
    }

    @Test
    void should_send_no_create_that_cannot_be_recorded() throws Exception {
        try (Rig rig = Rig.start(data)) {
            assertThat(rig.provision(Rig.example("customer-success", "first")).getException()).isNull();
            long creates = creates(rig);
            rig.ledger().close();

            Exchange refused = rig.provision(Rig.example("customer-success", "second"));
            rig.drop("third.yaml", Rig.example("customer-success", "third"));

            assertThat(refused.getException()).isInstanceOf(LedgerException.class);
            assertThat(Rig.json(refused.getVariable("aepError", String.class)).path("category").asText()).isEqualTo("unavailable");
            assertThat(creates(rig)).isEqualTo(creates);
            rig.ledger().open();
            await().atMost(20, SECONDS).until(() -> rig.names("done").contains("third.yaml"));
            assertThat(rig.resources("flows")).hasSize(2);
        }
    }

    /** As when the ledger fails after it, within the same step, which is run again as a whole. */
    @Test
    void should_not_wait_for_itself_when_a_dataflow_is_taken_once_more() throws Exception {
        try (Rig rig = Rig.start(data)) {
            Chain chain = rig.main().getCamelContext().getRegistry().lookupByNameAndType("aepChain", Chain.class);
            Exchange exchange = new DefaultExchange(rig.main().getCamelContext());
            exchange.getMessage().setBody(Rig.example("customer-success"));
            chain.read(exchange);

            chain.take(exchange, "cs.yaml", null);
            chain.take(exchange, "cs.yaml", null);

            assertThat(Provisioning.of(exchange).isToApply()).isTrue();
            chain.release(exchange);
            assertThat(rig.provision(Rig.example("customer-success")).getException()).isNull();
        }
    }

    @Test
    void should_send_no_change_whose_intent_does_not_get_to_the_disk() throws Exception {
        try (Rig rig = Rig.start(data, Options.defaults(), Map.of("aep.redelivery.max", "0"))) {
            String changed = Rig.example("customer-success").replaceFirst("interval: \\d+", "interval: 45");
            assertThat(rig.provision(Rig.example("customer-success")).getException()).isNull();
            int before = rig.requests().size();
            LedgerRoom.Unsynced nothing = LedgerRoom.unsynced(rig.ledger());
            Exchange refused = rig.provision(changed);

            assertThat(refused.getException()).isInstanceOf(LedgerException.class).hasMessageContaining("SQLITE_LOCKED");
            assertThat(Rig.json(refused.getVariable("aepError", String.class)).path("category").asText()).isEqualTo("unavailable");
            nothing.close();
            assertThat(rig.requests().subList(before, rig.requests().size())).filteredOn(request -> !request.method().equals("GET"))
                    .extracting(Request::path).as("nothing but a question").allMatch(path -> path.endsWith("/mappingSets/validate"));
            assertThat(rig.resources("flows").get(0).at("/scheduleParams/interval").asText()).isNotEqualTo("45");

            assertThat(rig.provision(changed).getException()).isNull();
            assertThat(rig.resources("flows").get(0).at("/scheduleParams/interval").asText()).isEqualTo("45");
        }
    }

    private static Exchange provision(Rig rig) {
        try {
            return rig.provision(Rig.example("customer-success"));
        } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private static long creates(Rig rig) {
        return rig.simulator().requests().all().stream()
                .filter(Rig::isCreate).count();
    }
}
