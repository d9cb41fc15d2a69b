package io.github.aepdataflows;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.aepdataflows.guide.Page;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.jar.JarFile;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The bill of materials in the jar against the libraries that lie beside it. */
class SupplyChainIT {

    private static List<JsonNode> components;

    @BeforeAll
    static void read() throws Exception {
        try (JarFile jar = new JarFile("target/aep-dataflows.jar");
                InputStream json = jar.getInputStream(jar.getEntry("META-INF/sbom/aep-dataflows.cdx.json"))) {
            components = StreamSupport.stream(Rig.JSON.readTree(json).path("components").spliterator(), false).toList();
        }
    }

    @Test
    void should_list_exactly_the_libraries_of_the_distribution_with_their_checksums() throws Exception {
        Map<String, String> delivered = new TreeMap<>();
        try (Stream<Path> files = Files.list(Path.of("target/lib"))) {
            for (Path file : files.toList()) {
                delivered.put(file.getFileName().toString(),
                        HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file))));
            }
        }
        Map<String, String> listed = new TreeMap<>();
        for (JsonNode component : components) {
            String sha256 = "none";
            for (JsonNode hash : component.path("hashes")) {
                sha256 = hash.path("alg").asText().equals("SHA-256") ? hash.path("content").asText() : sha256;
            }
            listed.put("%s-%s.jar".formatted(component.path("name").asText(), component.path("version").asText()), sha256);
        }

        assertThat(listed).isEqualTo(delivered).isNotEmpty();
    }

    @Test
    void should_have_a_license_of_the_guides_list_for_each_library() {
        String page = Page.guide("supply-chain").text();
        Map<String, String> rows = new TreeMap<>();
        Pattern.compile("(?m)^\\| ([A-Za-z0-9.-]+) \\| ((?:all others|`).*) \\|$").matcher(page.substring(page.indexOf("## Licenses")))
                .results().forEach(row -> rows.put(row.group(1), row.group(2)));
        assertThat(rows).containsKeys("Apache-2.0", "MIT");
        for (JsonNode component : components) {
            List<String> licenses = new ArrayList<>();
            component.path("licenses").forEach(each -> licenses.add(each.path("license").path("id").asText()));

            assertThat(licenses).as(component.path("name").asText()).anyMatch(license -> rows.containsKey(license)
                    && (license.equals("Apache-2.0") || rows.get(license).contains("`" + component.path("name").asText() + "`")));
        }
    }
}
