package io.github.aepdataflows.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.aepdataflows.definition.DefinitionReader;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Map;
import org.apache.camel.Exchange;

/**
 * Sends one file after the other to {@code direct:aep-provision}. A file that fails keeps no other from its turn, but when one
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
    ObjectNode provision(String file) throws IOException {
        ObjectNode document = JSON.createObjectNode().put("file", DefinitionFiles.label(file));
        if (outages == MOST_OUTAGES) {
            return failure(document, "unavailable", "not tried: the %d before it met an outage".formatted(MOST_OUTAGES));
        }
        try (InputStream content = DefinitionFiles.open(file)) {
            document.setAll(sent(content, DefinitionFiles.isStandardInput(file) ? "" : Path.of(file).getFileName().toString()));
        } catch (NoSuchFileException e) {
            failure(document, "unreadable", "there is no such file");
        } catch (IOException e) {
            failure(document, "unreadable", "cannot be read: " + e.getMessage());
        }
        return document.put("file", DefinitionFiles.label(file));
    }

    private ObjectNode sent(InputStream content, String name) throws IOException {
        byte[] definition = content.readNBytes(DefinitionReader.MAX_BYTES + 1);
        Exchange exchange = program.send("direct:aep-provision", definition, name.isEmpty() ? Map.of() : Map.of("aepFile", name));
        String error = exchange.getVariable("aepError", String.class);
        if (exchange.getException() == null) {
            outages = 0;
            return (ObjectNode) JSON.readTree(exchange.getMessage().getBody(String.class));
        }
        outages = "pause".equals(exchange.getVariable("aepTryAgain", String.class)) ? outages + 1 : 0;
        return error == null ? failure(JSON.createObjectNode(), "unavailable", String.valueOf(exchange.getException().getMessage()))
                : (ObjectNode) JSON.readTree(error);
    }

    private static ObjectNode failure(ObjectNode document, String category, String message) {
        return document.put("category", category).put("message", message);
    }
}
