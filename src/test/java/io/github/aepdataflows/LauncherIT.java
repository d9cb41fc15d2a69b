package io.github.aepdataflows;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.aepdataflows.simulator.Options;
import io.github.aepdataflows.simulator.Simulator;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** {@code target/bin/aep-dataflows}, called from another folder. */
class LauncherIT {

    private static final Path LAUNCHER = Path.of("target/bin/aep-dataflows").toAbsolutePath();

    @TempDir
    Path elsewhere;

    @Test
    void should_run_the_packaged_program_from_any_folder() throws Exception {
        assertThat(output(0, LAUNCHER, "--version")).matches("aep-dataflows \\d.*\\R");
        assertThat(output(0, LAUNCHER, "status", "--help")).startsWith("Usage: aep-dataflows status ");
    }

    @Test
    void should_find_the_program_through_a_link() throws Exception {
        Path link = Files.createSymbolicLink(elsewhere.resolve("aep"), LAUNCHER);

        assertThat(output(0, link, "--version")).matches("aep-dataflows \\d.*\\R");
    }

    @Test
    void should_pass_on_arguments_with_blanks_and_the_exit_code() throws Exception {
        assertThat(output(64, LAUNCHER, "no such command")).contains("'no such command'");
        assertThat(output(64, LAUNCHER, "simulator", "--prot=1")).contains("cannot read --prot=1; try --help");
    }

    @Test
    void should_leave_no_copy_of_the_ledger_that_it_has_read() throws Exception {
        Path temporary = Files.createDirectories(elsewhere.resolve("temporary"));
        Map<String, String> settings = Map.of("AEP_TYPO", "1", "JAVA_OPTS", "-Djava.io.tmpdir=" + temporary, "AEP_CLIENT_ID", "id",
                "AEP_CLIENT_SECRET", "secret", "AEP_ORG_ID", "0123456789ABCDEF01234567@AdobeOrg", "AEP_SANDBOX", "dev", "AEP_DATA_DIR",
                elsewhere.resolve("data").toString());

        assertThat(output(0, settings, LAUNCHER, "status")).contains("sandbox dev: 0 dataflows").containsOnlyOnce("AEP_TYPO");
        assertThat(temporary).isEmptyDirectory();
    }

    /** Of {@code src/build/archive.sh}. */
    @Test
    @EnabledOnOs({OS.LINUX, OS.MAC})
    void should_take_its_classes_from_the_archive_of_the_build_and_do_without_one() throws Exception {
        Path bin = Files.createDirectories(elsewhere.resolve("bin"));
        Files.copy(LAUNCHER, bin.resolve("aep-dataflows"), StandardCopyOption.COPY_ATTRIBUTES);
        Files.createSymbolicLink(elsewhere.resolve("aep-dataflows.jar"), Path.of("target/aep-dataflows.jar").toAbsolutePath());
        String ours = "io\\.github\\.aepdataflows\\.cli\\.AepDataflows source: shared objects file \\(top\\)";

        assertThat(output(0, Map.of("JAVA_OPTS", "-Xlog:class+load"), LAUNCHER, "--version")).containsPattern(ours);
        assertThat(output(0, Map.of("JAVA_OPTS", "-Xlog:class+load"), bin.resolve("aep-dataflows"), "--version"))
                .doesNotContainPattern(ours).contains("aep-dataflows 1");
        Files.copy(LAUNCHER.resolveSibling("aep-dataflows.jsa"), bin.resolve("aep-dataflows.jsa"));   // of another place
        assertThat(output(0, bin.resolve("aep-dataflows"), "--version")).matches("aep-dataflows \\d.*\\R");
    }

    /** As the guide tells. */
    @Test
    void should_start_a_trigger_of_ones_own_from_routes_with_a_class_from_ext() throws Exception {
        Path bin = Files.createDirectories(elsewhere.resolve("app/bin"));
        Files.copy(LAUNCHER, bin.resolve("aep-dataflows"), StandardCopyOption.COPY_ATTRIBUTES);
        Files.copy(Path.of("target/aep-dataflows.jar"), bin.resolve("aep-dataflows.jar"));
        Files.createSymbolicLink(bin.resolve("lib"), Path.of("target/lib").toAbsolutePath());
        Path routes = Files.createDirectories(elsewhere.resolve("app/routes"));
        Files.copy(Path.of("src/it/triggers/nightly.camel.yaml"), routes.resolve("nightly.camel.yaml"));
        definitionsJar(Files.createDirectories(bin.resolve("ext")).resolve("definitions.jar"));
        Path log = elsewhere.resolve("output.log");
        try (Simulator simulator = Simulator.start(Options.defaults().withClientSecret(Rig.MARKER))) {
            ProcessBuilder builder = new ProcessBuilder(bin.resolve("aep-dataflows").toString()).directory(elsewhere.toFile())
                    .redirectErrorStream(true).redirectOutput(log.toFile());
            Rig.settings(simulator, elsewhere.resolve("data"))
                    .forEach((name, value) -> builder.environment().put(name.toUpperCase(Locale.ROOT).replaceAll("[.-]", "_"), value));
            builder.environment().put("CRM", Path.of("config/examples/crm.yaml").toAbsolutePath().toString());
            Process process = builder.start();
            try {
                await().atMost(120, SECONDS).until(() -> !process.isAlive()
                        || !simulator.store().resources(Rig.SANDBOX, "flows").isEmpty());
                assertThat(simulator.store().resources(Rig.SANDBOX, "flows")).as(Files.readString(log)).hasSize(1);
            } finally {
                process.destroy();
                assertThat(process.waitFor(60, SECONDS)).isTrue();
            }
        }
    }

    /** That of the Dockerfile, in the folders that the image has. */
    @Test
    @EnabledOnOs({OS.LINUX, OS.MAC})
    void should_have_the_jars_of_ext_with_the_entry_point_of_the_image() throws Exception {
        Path bin = Files.createDirectories(elsewhere.resolve("bin"));
        Files.copy(Path.of("target/aep-dataflows.jar"), bin.resolve("aep-dataflows.jar"));
        Files.createSymbolicLink(bin.resolve("lib"), Path.of("target/lib").toAbsolutePath());
        definitionsJar(Files.createDirectories(bin.resolve("ext")).resolve("definitions.jar"));
        String line = Files.readAllLines(Path.of("Dockerfile")).stream().filter(each -> each.startsWith("ENTRYPOINT ")).findFirst()
                .orElseThrow();
        List<String> command = new ArrayList<>();
        Rig.json(line.substring("ENTRYPOINT ".length())).forEach(word -> command.add(word.asText()));
        command.set(0, Path.of(System.getProperty("java.home"), "bin", "java").toString());

        assertThat(output(0, Map.of("JDK_JAVA_OPTIONS", "-XshowSettings:properties"), Path.of(command.get(0)),
                Stream.concat(command.stream().skip(1), Stream.of("--version")).toArray(String[]::new)))
                .contains("bin/ext/definitions.jar").containsPattern("(?m)^aep-dataflows \\d");
    }

    private void definitionsJar(Path jar) throws IOException {
        Path source = Files.createDirectories(elsewhere.resolve("com/example")).resolve("Definitions.java");
        Files.writeString(source, """
                package com.example;
                public class Definitions {
                    public String crm() throws java.io.IOException {
                        return java.nio.file.Files.readString(java.nio.file.Path.of(System.getenv("CRM")));
                    }
                }
                """);
        assertThat(ToolProvider.getSystemJavaCompiler().run(null, null, null, "--release", "17", source.toString())).isZero();
        try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar))) {
            out.putNextEntry(new JarEntry("com/example/Definitions.class"));
            out.write(Files.readAllBytes(source.resolveSibling("Definitions.class")));
        }
    }

    private String output(int exitCode, Path command, String... arguments) throws IOException, InterruptedException {
        return output(exitCode, Map.of(), command, arguments);
    }

    private String output(int exitCode, Map<String, String> environment, Path command, String... arguments)
            throws IOException, InterruptedException {
        List<String> line = new ArrayList<>(List.of(command.toString()));
        line.addAll(List.of(arguments));
        Path output = elsewhere.resolve("output.log");
        ProcessBuilder builder = new ProcessBuilder(line).directory(elsewhere.toFile())
                .redirectErrorStream(true).redirectOutput(output.toFile());
        builder.environment().putAll(environment);
        Process process = builder.start();
        assertThat(process.waitFor(60, SECONDS)).isTrue();
        assertThat(process.exitValue()).as(Files.readString(output)).isEqualTo(exitCode);
        return Files.readString(output);
    }
}
