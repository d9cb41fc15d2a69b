package io.github.aepdataflows.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.aepdataflows.provision.Failure;
import java.io.IOException;
import java.util.Map;
import org.apache.camel.Exchange;

/**
 * Sends one definition after the other to {@code direct:aep-provision}. One that fails keeps no other from its turn, but when one
 * after the other meets an outage, the rest is left alone: each would wait as long, for nothing.
 */
final class Provisioner {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int MOST_OUTAGES = 3;

    private final OneShot program;
    private int outages;

    Provisioner(OneShot program) {
        this.program = program;
    }

    /** The receipt, or the error document: {@code category, message, advice, faults…}; with the file as it was named. */
    ObjectNode provision(DefinitionSource definition) throws IOException {
        ObjectNode document = definition.document();
        if (definition.unreadable().isPresent()) {
            return failure(document, "unreadable", definition.unreadable().get());
        } else if (outages == MOST_OUTAGES) {
            return failure(document, "unavailable", "not tried: the %d before it met an outage".formatted(MOST_OUTAGES));
        }
        document.setAll(sent(definition.part(), definition.fileName()));
        return document.put("file", definition.file());
    }

    private ObjectNode sent(Object definition, String name) throws IOException {
        Exchange exchange = program.send("direct:aep-provision", definition, name.isEmpty() ? Map.of() : Map.of("aepFile", name));
        if (exchange.getException() == null) {
            outages = 0;
            return (ObjectNode) OneShot.json(exchange);
        }
        Failure failure = exchange.getVariable(Failure.NAME, Failure.class);
        outages = failure != null && failure.isPause() ? outages + 1 : 0;
        return failure == null ? failure(JSON.createObjectNode(), "unavailable", String.valueOf(exchange.getException().getMessage())) : failure.document();
    }

    private static ObjectNode failure(ObjectNode document, String category, String message) {
        return document.put("category", category).put("message", message);
    }
}
