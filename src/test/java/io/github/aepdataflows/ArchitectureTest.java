package io.github.aepdataflows;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaMethod;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import io.github.aepdataflows.resource.Kind;
import io.github.aepdataflows.resource.Kinds;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The rules of the house. */
@AnalyzeClasses(packages = "io.github.aepdataflows", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {

    private static final String ROOT = "io.github.aepdataflows";
    private static final List<String> PACKAGES = List.of("alert", "audit", "check", "cli", "definition", "export", "files", "intake",
            "ledger", "operate", "plan", "platform", "provision", "publish", "resource", "settings", "simulator");

    /** All packages of ours but one, and the root. */
    private static String[] othersThan(String own) {
        return Stream.concat(Stream.of(ROOT), PACKAGES.stream().filter(name -> !name.equals(own)).map(name -> ROOT + "." + name + ".."))
                .toArray(String[]::new);
    }

    @Test
    void should_know_every_package() throws IOException {
        try (Stream<Path> folders = Files.list(Path.of("src/main/java/io/github/aepdataflows"))) {
            assertThat(folders.filter(Files::isDirectory).map(folder -> folder.getFileName().toString()))
                    .containsExactlyInAnyOrderElementsOf(PACKAGES);
        }
    }

    @ArchTest
    static final ArchRule definition_knows_no_other_package = noClasses().that().resideInAPackage(ROOT + ".definition..")
            .should().dependOnClassesThat().resideInAnyPackage(othersThan("definition"));

    @ArchTest
    static final ArchRule resource_knows_the_definition_only = noClasses().that().resideInAPackage(ROOT + ".resource..")
            .should().dependOnClassesThat().resideInAnyPackage(Stream.of(othersThan("resource"))
                    .filter(name -> !name.equals(ROOT + ".definition..")).toArray(String[]::new))
            .orShould().dependOnClassesThat().resideInAPackage("org.apache.camel..");

    /** Who asks what the program knows about a kind of resource looks into its class, and nowhere else. */
    @Test
    void should_name_a_kind_in_its_room_and_in_the_chain_only() throws IOException {
        List<String> keys = Kinds.ALL.stream().map(Kind::key).filter(key -> key.contains("-")).toList();   // "flow" is also a plain word
        assertThat(keys).hasSizeGreaterThan(8);
        try (Stream<Path> sources = Files.walk(Path.of("src/main/java")); Stream<Path> routes = Files.list(Path.of("routes"))) {
            List<Path> files = Stream.concat(sources.filter(file -> file.toString().endsWith(".java"))
                    .filter(file -> !file.toString().matches(".*/(resource|simulator)/.*")),
                    routes.filter(file -> !file.endsWith("provision.camel.yaml"))).toList();
            for (Path file : files) {
                String code = Files.readString(file).replaceAll("(?m)^\\s*(\\*|/\\*\\*|//|#).*$", "");
                assertThat(keys).as(file.toString()).noneMatch(key -> Pattern.compile("(?<![a-z-])" + key + "(?![a-z-])").matcher(code)
                        .find());
            }
        }
    }

    @ArchTest
    static final ArchRule the_ledger_knows_no_other_package = noClasses().that().resideInAPackage(ROOT + ".ledger..")
            .should().dependOnClassesThat().resideInAnyPackage(othersThan("ledger"));

    @ArchTest
    static final ArchRule the_ledger_does_not_use_camel = noClasses().that().resideInAPackage(ROOT + ".ledger..")
            .should().dependOnClassesThat().resideInAPackage("org.apache.camel..");

    @ArchTest
    static final ArchRule the_simulator_knows_nothing_of_the_application = noClasses().that().resideInAPackage(ROOT + ".simulator..")
            .should().dependOnClassesThat().resideInAnyPackage(othersThan("simulator"));

    @ArchTest
    static final ArchRule the_simulator_does_not_use_camel = noClasses().that().resideInAPackage(ROOT + ".simulator..")
            .should().dependOnClassesThat().resideInAPackage("org.apache.camel..");

    @ArchTest
    static final ArchRule only_the_demo_knows_the_simulator = noClasses().that().resideOutsideOfPackage(ROOT + ".simulator..")
            .and().doNotHaveFullyQualifiedName(ROOT + ".Demo").and().haveNameNotMatching(".*\\.Demo\\$.*")
            .should().dependOnClassesThat().resideInAPackage(ROOT + ".simulator..");

    @ArchTest
    static final ArchRule there_are_no_cycles = slices().matching(ROOT + ".(*)..").should().beFreeOfCycles();

    @ArchTest
    static final ArchRule nothing_is_deserialised_or_evaluated = noClasses().should()
            .dependOnClassesThat().haveFullyQualifiedName("java.io.ObjectInputStream")
            .orShould().dependOnClassesThat().resideInAPackage("javax.script..");

    @ArchTest
    static final ArchRule names_say_what_a_class_is_for = noClasses().should()
            .haveSimpleNameEndingWith("Util").orShould().haveSimpleNameEndingWith("Utils").orShould()
            .haveSimpleNameEndingWith("Helper").orShould().haveSimpleNameEndingWith("Manager").orShould()
            .haveSimpleNameEndingWith("Impl");

    /** What a route names by a property would be either, as the JVM happens to list them. */
    @ArchTest
    static void should_have_one_method_for_a_property(JavaClasses classes) {
        for (JavaClass each : classes) {
            List<String> names = each.getMethods().stream().filter(method -> method.getRawParameterTypes().isEmpty()
                    && method.getModifiers().contains(JavaModifier.PUBLIC)
                    && !method.getRawReturnType().getName().equals("void")).map(JavaMethod::getName).toList();
            assertThat(names).as(each.getName()).noneMatch(name -> List.of("get", "is").stream()
                    .anyMatch(prefix -> names.contains(prefix + name.substring(0, 1).toUpperCase(Locale.ROOT) + name.substring(1))));
        }
    }
}
