package io.github.aepdataflows;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.core.LogEvent;
import org.apache.logging.log4j.core.LoggerContext;
import org.apache.logging.log4j.core.config.AbstractConfiguration;
import org.apache.logging.log4j.core.config.Configuration;
import org.apache.logging.log4j.core.config.ConfigurationFactory;
import org.apache.logging.log4j.core.config.composite.CompositeConfiguration;
import org.apache.logging.log4j.core.impl.Log4jLogEvent;
import org.apache.logging.log4j.message.SimpleMessage;
import org.apache.logging.log4j.util.SortedArrayStringMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LogTest {

    private static final String HOSTILE = "done: a\nb\r\u001b[31mc\u202ed\u0000.yaml \"${env:HOME}\" \\ %m ü";

    @TempDir
    Path folder;

    @Test
    void should_write_one_line_per_event_whatever_a_name_contains() {
        String line = line(config("log4j2.properties"), "console", event(null));

        assertThat(line.lines()).hasSize(1);
        assertThat(line).contains("INFO  a.inbox       [3f9a1c2e] done: a?b??[31mc?d?.yaml \"${env:HOME}\" \\ %m ü");
    }

    @Test
    void should_write_one_json_object_per_event() throws Exception {
        String line = line(config("log4j2.properties", "log4j2-json.properties"), "console", event(new IllegalStateException("a\n\"b\"")));

        assertThat(line.lines()).hasSize(1);
        JsonNode json = new ObjectMapper().readTree(line);
        assertThat(json.path("level").asText()).isEqualTo("INFO");
        assertThat(json.path("logger").asText()).isEqualTo("aep.inbox");
        assertThat(json.path("definition").asText()).isEqualTo("3f9a1c2e");
        assertThat(json.path("message").asText()).isEqualTo(HOSTILE);
        assertThat(json.path("exception").asText()).startsWith("java.lang.IllegalStateException: a\n\"b\"");
    }

    @Test
    void should_write_into_a_file_that_is_for_the_owner_alone() throws Exception {
        System.setProperty("aep.log.dir", folder.toString());
        Configuration both = config("log4j2.properties", "log4j2-file.properties");
        try {
            both.start();
            assertThat(both.getRootLogger().getAppenders()).containsOnlyKeys("console", "file");
            both.getAppender("file").append(event(null));
        } finally {
            both.stop();
            System.clearProperty("aep.log.dir");
        }
        Path file = folder.resolve("aep-dataflows.log");
        assertThat(Files.readString(file)).contains("[3f9a1c2e] done: a?b");
        assertThat(Files.getPosixFilePermissions(file)).hasSize(2);
    }

    private static String line(Configuration config, String appender, LogEvent event) {
        return new String(config.getAppender(appender).getLayout().toByteArray(event), StandardCharsets.UTF_8);
    }

    private static LogEvent event(Throwable thrown) {
        SortedArrayStringMap context = new SortedArrayStringMap();
        context.putValue("aep.definition", "3f9a1c2e");
        return Log4jLogEvent.newBuilder().setLoggerName("aep.inbox").setLevel(Level.INFO).setContextData(context).setThrown(thrown)
                .setMessage(new SimpleMessage(HOSTILE)).build();
    }

    /** Files of config/, each laid over those before it. */
    private static Configuration config(String... names) {
        List<AbstractConfiguration> parts = Stream.of(names).map(name -> (AbstractConfiguration) ConfigurationFactory.getInstance()
                .getConfiguration(new LoggerContext(name), name, Path.of("config", name).toUri())).toList();
        Configuration all = new CompositeConfiguration(parts);
        all.initialize();
        return all;
    }
}
