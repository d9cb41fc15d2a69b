package io.github.aepdataflows.definition;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;

/** {@code connectors.yaml} as it is published, for tests that go through all of it. */
final class PublishedConnectors {

    private PublishedConnectors() {
    }

    static Map<String, Connector> byKey() {
        try (InputStream yaml = Files.newInputStream(Sample.CONNECTORS)) {
            Connectors read = Connectors.read(yaml);
            Map<String, Connector> connectors = new TreeMap<>();
            for (String key : read.keys()) {
                connectors.put(key, read.of(JsonNodeFactory.instance.objectNode().put("connector", key)).orElseThrow());
            }
            return connectors;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Of a base connection of that name, always the same. */
    static String baseConnectionId(String name) {
        return UUID.nameUUIDFromBytes(name.getBytes(UTF_8)).toString();
    }
}
