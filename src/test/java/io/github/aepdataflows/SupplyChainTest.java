package io.github.aepdataflows;

import static com.tngtech.archunit.core.domain.JavaCall.Predicates.target;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.nameStartingWith;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import io.github.aepdataflows.guide.Page;
import java.io.IOException;
import java.lang.module.ModuleDescriptor.Version;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The advisories of the guide against the libraries that are really there. */
@AnalyzeClasses(packages = "io.github.aepdataflows", importOptions = ImportOption.DoNotIncludeTests.class)
class SupplyChainTest {

    private static final Pattern ROW = Pattern.compile(
            "(?m)^\\| (CVE-\\d+-\\d+) \\| `([a-z0-9-]+)` \\| ([0-9.]*) ?\\| (fixed|absent|not reached) \\| ([^|]*)"
            + "\\|(?: `(\\w+)` )?[^|`]*\\|$");
    private static final Pattern JAR = Pattern.compile(".*/([a-z][a-z0-9-]*?)-(\\d[^/]*)\\.jar");

    private record Advisory(String id, String library, String fixedIn, String state, String reason, String test) {
    }

    static List<Advisory> advisories() {
        return ROW.matcher(Page.guide("supply-chain").text()).results().map(row -> new Advisory(row.group(1), row.group(2), row.group(3),
                row.group(4), row.group(5).strip(), row.group(6))).toList();
    }

    /** Versions by artifact. */
    private static Map<String, String> libraries() {
        Map<String, String> versions = new HashMap<>();
        for (String path : System.getProperty("java.class.path").split(System.getProperty("path.separator"))) {
            Matcher jar = JAR.matcher(path.replace('\\', '/'));
            if (jar.matches()) {
                versions.put(jar.group(1), jar.group(2));
            }
        }
        return versions;
    }

    @Test
    void should_read_every_row_of_the_table() {
        assertThat(advisories()).hasSameSizeAs(Page.guide("supply-chain").text().lines().filter(line -> line.startsWith("| CVE-")).toList())
                .isNotEmpty();
        assertThat(libraries()).containsKeys("camel-http", "httpcore5", "jackson-core", "camel-core-processor");
    }

    @ParameterizedTest
    @MethodSource("advisories")
    void should_say_what_is_true_of_the_libraries_that_are_there(Advisory advisory) {
        String ours = libraries().get(advisory.library());
        boolean corrected = ours != null && !advisory.fixedIn().isEmpty()
                && Version.parse(ours).compareTo(Version.parse(advisory.fixedIn())) >= 0;

        assertThat(advisory.state()).as("%s, of which the build has %s", advisory, ours)
                .isEqualTo(ours == null ? "absent" : corrected ? "fixed" : "not reached");
        if (advisory.state().equals("not reached")) {
            assertThat(advisory.reason()).as(advisory.id()).isNotEmpty();
            assertThat(test(advisory.test())).as("%s: %s", advisory.id(), advisory.test()).isTrue();
        }
    }

    private static boolean test(String name) {
        try (Stream<Path> tests = Files.walk(Path.of("src/test/java"))) {
            return tests.anyMatch(file -> file.endsWith(name + ".java"));
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void should_use_neither_a_saga_nor_the_oauth_of_the_http_component() throws IOException {
        try (Stream<Path> files = Stream.concat(Files.list(Path.of("routes")), Stream.of(Path.of("config/application.properties")))) {
            for (Path file : files.toList()) {
                assertThat(Files.readString(file)).as(file.toString())
                        .doesNotContainPattern("(?i)\\bsaga\\b|oauth2|clientAuth|followRedirects: *true");
            }
        }
    }

    @ArchTest
    static final ArchRule nothing_parses_json_asynchronously = noClasses().should()
            .dependOnClassesThat().resideInAPackage("com.fasterxml.jackson.core.async..")
            .orShould().callMethodWhere(target(nameStartingWith("createNonBlocking")));

    @Test
    void should_fix_every_version_in_the_pom() throws IOException {
        String pom = Files.readString(Path.of("pom.xml"));
        List<String> versions = Pattern.compile("(?s)<(dependency|plugin)>.*?<version>([^<]+)</version>|<[a-z0-9.-]+\\.version>([^<]+)</")
                .matcher(pom).results().map(match -> match.group(2) == null ? match.group(3) : match.group(2)).toList();

        assertThat(versions).hasSizeGreaterThan(20).allMatch(version -> version.matches("\\d[A-Za-z0-9.-]*|\\$\\{[a-z0-9.-]+}"))
                .noneMatch(version -> version.endsWith("SNAPSHOT"));
        assertThat(pom).doesNotContain("<repository>");
    }

    @Test
    void should_have_in_the_pom_what_maven_central_asks_of_a_release() throws IOException {
        String pom = Files.readString(Path.of("pom.xml"));
        String release = pom.substring(pom.indexOf("<id>release</id>"));

        assertThat(pom.substring(0, pom.indexOf("<properties>"))).contains("<name>", "<description>", "<url>", "<license>", "<developer>",
                "<scm>", "<connection>");
        assertThat(release.substring(0, release.indexOf("</profile>"))).contains("maven-source-plugin", "maven-javadoc-plugin",
                "maven-gpg-plugin");
    }

    @Test
    void should_put_the_libraries_of_the_build_into_ext() throws IOException {
        Pattern version = Pattern.compile("<((?:camel|artemis)\\.version)>([^<]+)</");
        Map<String, String> ours = new HashMap<>();
        Map<String, String> forExt = new HashMap<>();
        version.matcher(Files.readString(Path.of("pom.xml"))).results().forEach(each -> ours.put(each.group(1), each.group(2)));
        version.matcher(Files.readString(Path.of("src/build/jms/pom.xml"))).results()
                .forEach(each -> forExt.put(each.group(1), each.group(2)));

        assertThat(forExt).isEqualTo(ours).hasSize(2);
        assertThat(Files.readString(Path.of("src/build/kafka/pom.xml")))
                .contains("<camel.version>" + ours.get("camel.version") + "</camel.version>");
    }
}
