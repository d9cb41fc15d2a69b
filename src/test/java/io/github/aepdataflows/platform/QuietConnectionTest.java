package io.github.aepdataflows.platform;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.aepdataflows.Rig;
import java.io.StringWriter;
import java.util.Map;
import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.core.LoggerContext;
import org.apache.logging.log4j.core.appender.WriterAppender;
import org.apache.logging.log4j.core.config.Configurator;
import org.apache.logging.log4j.core.layout.PatternLayout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class QuietConnectionTest {

    private static final String WIRE = "org.apache.hc.client5.http.wire";
    private static final String HEADERS = "org.apache.hc.client5.http.headers";

    @ParameterizedTest
    @CsvSource({"false, false", "true, true"})
    void should_show_to_the_log_what_is_sent_only_where_that_is_allowed(String allowed, boolean shown) throws Exception {
        StringWriter logged = new StringWriter();
        LoggerContext context = (LoggerContext) LogManager.getContext(false);
        WriterAppender appender = WriterAppender.createAppender(PatternLayout.newBuilder().setPattern("%c %m%n").build(), null, logged,
                "wire", false, true);
        appender.start();
        context.getConfiguration().getRootLogger().addAppender(appender, Level.ALL, null);
        Configurator.setLevel(Map.of(WIRE, Level.TRACE, HEADERS, Level.TRACE));
        try (TimedClient client = TimedClient.start(Map.of("aep.log.wire", allowed))) {
            assertThat(client.get()).isEmpty();
        } finally {
            Configurator.setLevel(Map.of(WIRE, Level.OFF, HEADERS, Level.OFF));
            context.getConfiguration().getRootLogger().removeAppender("wire");
            appender.stop();
        }

        assertThat(logged.toString().contains(Rig.SANDBOX)).isEqualTo(shown);
        assertThat(logged.toString().contains("Authorization: Bearer")).isEqualTo(shown);
        assertThat(logged.toString().contains("aep.log.wire=true: logs can show the client secret")).isEqualTo(shown);
    }
}
