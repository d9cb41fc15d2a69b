package io.github.aepdataflows.provision;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.aepdataflows.Rig;
import java.nio.file.Path;
import org.apache.camel.Exchange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ChainTest {

    @TempDir
    Path data;

    @Test
    void should_make_a_dataflow() throws Exception {
        try (Rig rig = Rig.start(data)) {
            for (String name : new String[] {"customer-success", "crm", "marketing-automation"}) {
                Exchange exchange = rig.provision(Rig.example(name));
                if (exchange.getException() != null) exchange.getException().printStackTrace();

                System.out.println(exchange.getVariable("aepError"));
                assertThat(exchange.getException()).isNull();
            }
            System.out.println(rig.audit().getMessage().getBody());
        }
    }
}
