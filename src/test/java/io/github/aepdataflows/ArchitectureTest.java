package io.github.aepdataflows;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The rules of the house. */
@AnalyzeClasses(packages = "io.github.aepdataflows", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {

    private static final String ROOT = "io.github.aepdataflows";
    private static final List<String> PACKAGES = List.of("audit", "change", "check", "cli", "definition", "export", "files", "health",
            "ledger", "plan", "platform", "provision", "settings", "simulator");

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
}
