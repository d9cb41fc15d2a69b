package io.github.aepdataflows.definition;

import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;

/** A definition without faults, for tests to change, and a reader for sandbox {@code prod} at the start of 2026. */
final class Sample {

    static final Path SCHEMA = Path.of("config/dataflow.schema.json");
    static final Path CONNECTORS = Path.of("config/connectors.yaml");

    static final String YAML = """
            apiVersion: aep-dataflows/v1
            name: CRM accounts
            description: Accounts of the CRM
            sandbox: prod
            source:
              connector: salesforce
              name: CRM source
              baseConnectionId: 4cb0c374-d3bb-4557-b139-5712880adc55
              format: tabular
              tableName: Account
              columns:
                - { name: Id, type: string }
                - { name: Name, type: string }
            target:
              name: CRM target
              schema:
                title: CRM schema
                class: https://ns.adobe.com/xdm/context/profile
                fieldGroups:
                  - https://ns.adobe.com/xdm/context/profile-person-details
              dataset:
                name: CRM dataset
            mapping:
              - { source: Id, destination: _id }
              - { source: Name, destination: person.name.fullName }
            copy:
              deltaColumn: { name: LastModifiedDate, dateFormat: YYYY-MM-DD, timezone: UTC }
            schedule:
              startTime: 2030-01-01T00:00:00Z
              frequency: minute
              interval: 15
              backfill: true
            options: { errorDiagnosticsEnabled: true, partialIngestionPercent: 5 }
            """;

    private static final DefinitionReader READER = reader(Overlays.NONE);

    private Sample() {
    }

    static DefinitionReader reader(Overlays overlays) {
        return reader(overlays, FieldGroupFiles.NONE);
    }

    static DefinitionReader reader(Overlays overlays, FieldGroupFiles fieldGroups) {
        try (InputStream schema = Files.newInputStream(SCHEMA); InputStream connectors = Files.newInputStream(CONNECTORS)) {
            Clock clock = Clock.fixed(Instant.parse("2026-01-01T00:00:00Z"), ZoneOffset.UTC);
            return new DefinitionReader(schema, Connectors.read(connectors), "prod", overlays, fieldGroups, clock);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The sample with one passage replaced; fails when the passage is not there, so that no test changes nothing. */
    static String with(String passage, String replacement) {
        if (!YAML.contains(passage)) {
            throw new IllegalArgumentException("not in the sample: " + passage);
        }
        return YAML.replace(passage, replacement);
    }

    static Definition read(byte[] content) throws DefinitionException {
        try {
            return READER.read(content, (name, digest) -> false);
        } catch (UnreadableFileException e) {
            throw new UncheckedIOException(e);
        }
    }

    static Definition read(String text) throws DefinitionException {
        return read(text.getBytes(StandardCharsets.UTF_8));
    }

    static DefinitionReader.Draft draft(DefinitionPart part) {
        try {
            return READER.draft(part, (name, digest) -> false);
        } catch (UnreadableFileException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The faults of a text that must be refused. */
    static List<Fault> faults(String text) {
        return faults(text.getBytes(StandardCharsets.UTF_8));
    }

    static List<Fault> faults(byte[] content) {
        DefinitionException refused = catchThrowableOfType(DefinitionException.class, () -> READER.read(content, (name, digest) -> false));
        if (refused == null) {
            throw new AssertionError("read without a fault");
        }
        return refused.faults();
    }
}
