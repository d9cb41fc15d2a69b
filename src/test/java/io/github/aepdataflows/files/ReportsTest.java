package io.github.aepdataflows.files;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.aepdataflows.Rig;
import io.github.aepdataflows.settings.Defaults;
import io.github.aepdataflows.settings.Settings;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.Properties;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReportsTest {

    @TempDir
    Path data;

    private Reports reports;

    @BeforeEach
    void setUp() throws Exception {
        Properties properties = new Properties();
        properties.putAll(Map.of("aep.client-id", "id", "aep.client-secret", "secret", "aep.sandbox", "dev",
                "aep.org-id", "SIMULATOR000000000000000@AdobeOrg", "aep.data-dir", data.toString()));
        try (DefaultCamelContext context = new DefaultCamelContext()) {
            Defaults.addresses().forEach(context.getPropertiesComponent()::addInitialProperty);
            context.getPropertiesComponent().setOverrideProperties(properties);
            Settings settings = new Settings();
            settings.setCamelContext(context);
            reports = new Reports(new DataFolder(settings), Clock.fixed(Instant.parse("2026-03-02T12:00:00Z"), ZoneOffset.UTC));
        }
    }

    @Test
    void should_find_no_report_before_the_first() throws IOException {
        assertThat(reports.files()).isEmpty();
    }

    @Test
    void should_write_a_report_under_its_time_and_find_the_newest() throws IOException {
        JsonNode older = report("2026-03-02T09:00:00Z");
        JsonNode newest = report("2026-03-02T10:00:00.5Z");

        assertThat(write(newest)).isEqualTo("audit-20260302T100000.500Z.json");
        assertThat(write(older)).isEqualTo("audit-20260302T090000.000Z.json");

        assertThat(Rig.json(Files.readString(reports.files().get(0)))).isEqualTo(newest);
        assertThat(files("reports")).containsExactlyInAnyOrder("audit-20260302T090000.000Z.json", "audit-20260302T100000.500Z.json");
    }

    @Test
    void should_not_take_a_report_from_a_time_to_come_for_the_newest() throws IOException {
        write(report("2026-03-02T09:00:00Z"));
        write(report("2026-03-02T12:10:00Z"));
        write(report("2027-03-02T09:00:00Z"));

        assertThat(reports.past()).extracting(file -> file.getFileName().toString())
                .containsExactly("audit-20260302T121000.000Z.json", "audit-20260302T090000.000Z.json");
        assertThat(reports.lastAt()).contains(Instant.parse("2026-03-02T12:10:00Z"));
    }

    @Test
    void should_take_no_other_file_for_a_report() throws IOException {
        put("reports", ".audit-20260302T100000.000Z.json.part", report("2026-03-02T10:00:00Z").toString());
        put("reports", "notes.json", report("2026-03-02T10:00:00Z").toString());

        assertThat(reports.files()).isEmpty();
    }

    private String write(JsonNode report) throws IOException {
        return reports.write(Instant.parse(report.path("time").asText()),
                file -> file.write(report.toString().getBytes(StandardCharsets.UTF_8)));
    }

    private static JsonNode report(String time) throws IOException {
        return Rig.json("{\"time\": \"" + time + "\", \"flows\": []}");
    }

    private void put(String folder, String name, String content) throws IOException {
        Files.writeString(Files.createDirectories(data.resolve(folder)).resolve(name), content);
    }

    private String[] files(String folder) {
        return data.resolve(folder).toFile().list();
    }
}
