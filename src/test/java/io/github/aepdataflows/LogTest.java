package io.github.aepdataflows;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.InputStream;
import java.util.Properties;
import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.core.impl.Log4jLogEvent;
import org.apache.logging.log4j.core.layout.PatternLayout;
import org.apache.logging.log4j.message.SimpleMessage;
import org.junit.jupiter.api.Test;

class LogTest {

    @Test
    void should_write_one_line_per_event_whatever_a_name_contains() throws Exception {
        Properties config = new Properties();
        try (InputStream in = LogTest.class.getResourceAsStream("/log4j2.properties")) {
            config.load(in);
        }
        PatternLayout layout = PatternLayout.newBuilder()
                .setPattern(config.getProperty("appender.console.layout.pattern")).build();

        String line = layout.toSerializable(Log4jLogEvent.newBuilder().setLoggerName("aep.inbox").setLevel(Level.INFO)
                .setMessage(new SimpleMessage("done: a\nb\r\u001b[31mc\u202ed\u0000.yaml ${env:HOME} %m ü")).build());

        assertThat(line.lines()).hasSize(1);
        assertThat(line).contains("done: a?b??[31mc?d?.yaml ${env:HOME} %m ü");
    }
}
