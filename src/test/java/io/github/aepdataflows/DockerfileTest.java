package io.github.aepdataflows;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The image cannot be built where the tests run, so at least everything that the Dockerfile names must be there. */
class DockerfileTest {

    private final List<String> lines;

    DockerfileTest() throws Exception {
        lines = Files.readAllLines(Path.of("Dockerfile"));
    }

    @Test
    void should_copy_only_what_exists_or_what_the_build_makes() throws Exception {
        String pom = Files.readString(Path.of("pom.xml"));
        for (String line : lines.stream().filter(line -> line.startsWith("COPY ")).toList()) {
            Matcher built = Pattern.compile("COPY --from=build /build/target/(\\S+) .*").matcher(line);
            if (built.matches()) {
                String name = built.group(1).replace(".jar", "");
                assertThat(pom).as(line).containsAnyOf("<finalName>" + name + "</finalName>", "${project.build.directory}/" + name + "<");
            } else {
                assertThat(Path.of(line.split(" ")[1])).as(line).exists();
            }
        }
        assertThat(lines).anyMatch(line -> line.startsWith("COPY config ")).anyMatch(line -> line.startsWith("COPY routes "));
    }

    @Test
    void should_build_with_a_command_of_the_readme_and_run_the_jar_as_a_numeric_user() throws Exception {
        assertThat(lines).contains("RUN mvn -q -B package -DskipTests", "USER 10001:10001", "STOPSIGNAL SIGTERM");
        assertThat(lines).anyMatch(line -> line.startsWith("FROM ") && line.endsWith("-jre"));
        assertThat(lines.get(lines.size() - 1)).isEqualTo("CMD [\"run\"]");
        assertThat(lines.get(lines.size() - 2)).startsWith("ENTRYPOINT [\"java\"")
                .endsWith("\"-cp\", \"bin/aep-dataflows.jar:bin/ext/*\", \"" + Application.class.getName() + "\"]");
        assertThat(lines).anyMatch(line -> line.startsWith("RUN mkdir bin/ext "));
    }

    @Test
    void should_set_only_variables_that_the_application_reads() throws Exception {
        String settings = Files.readString(Path.of("config/application.properties"));
        Matcher variable = Pattern.compile("(AEP_[A-Z_]+)=").matcher(String.join("\n", lines));
        int found = 0;
        while (variable.find()) {
            found++;
            String name = variable.group(1).toLowerCase(java.util.Locale.ROOT).replace('_', '.');
            assertThat(settings.replace('-', '.')).contains(name);
        }
        assertThat(found).isEqualTo(3);
    }
}
