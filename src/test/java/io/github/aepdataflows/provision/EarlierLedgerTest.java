package io.github.aepdataflows.provision;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.aepdataflows.Rig;
import io.github.aepdataflows.ledger.Ledger;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.camel.Exchange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Ledgers as earlier versions left them, in the middle of a chain, are gone on with. One is kept per version of the tables,
 * in {@code src/test/resources/ledgers}, with the definition that was in work: a create of its source connection had no clear answer.
 */
class EarlierLedgerTest {

    @TempDir
    Path data;

    @Test
    void should_go_on_with_a_ledger_of_the_first_version() throws Exception {
        Path file = Files.createDirectories(data.resolve("ledger")).resolve("ledger.db");
        String definition;
        try (InputStream ledger = getClass().getResourceAsStream("/ledgers/v1/ledger.db");
                InputStream text = getClass().getResourceAsStream("/ledgers/v1/definition.yaml")) {
            Files.copy(ledger, file);
            definition = new String(text.readAllBytes(), StandardCharsets.UTF_8);
        }
        try (Rig rig = Rig.start(data)) {
            Ledger ledger = rig.main().getCamelContext().getRegistry().lookupByNameAndType("aepLedger", Ledger.class);
            assertThat(ledger.unresolved()).singleElement().satisfies(step -> {
                assertThat(step.key().step()).isEqualTo("source-connection");
                assertThat(step.attempt()).isEqualTo(1);
            });

            Exchange done = rig.provision(definition);

            assertThat(done.getException()).isNull();
            assertThat(Rig.json(done.getMessage().getBody(String.class)).at("/steps/0/attempts").asInt()).isEqualTo(2);
            assertThat(rig.requests("GET", "/sourceConnections")).hasSizeGreaterThanOrEqualTo(3);
            assertThat(rig.resources("sourceConnections")).hasSize(1);
            assertThat(rig.resources("flows")).hasSize(1);
            assertThat(ledger.unresolved()).isEmpty();
        }
    }
}
