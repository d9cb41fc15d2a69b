package io.github.aepdataflows;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.aepdataflows.simulator.Fault;
import io.github.aepdataflows.simulator.Options;
import io.github.aepdataflows.simulator.Request;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.io.StringWriter;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.camel.Exchange;
import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.core.Appender;
import org.apache.logging.log4j.core.LoggerContext;
import org.apache.logging.log4j.core.appender.WriterAppender;
import org.apache.logging.log4j.core.config.Configurator;
import org.apache.logging.log4j.core.layout.PatternLayout;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A canary for a secret, every log at its most talkative, and a Platform that repeats our headers in its errors. */
class SecretsTest {

    private static final String CANARY = "c4nary&secret+100%";

    @TempDir
    Path data;

    private final StringWriter logged = new StringWriter();
    private WriterAppender appender;
    private Appender console;

    @BeforeEach
    void logEverything() {
        LoggerContext context = (LoggerContext) LogManager.getContext(false);
        appender = WriterAppender.createAppender(PatternLayout.newBuilder().withPattern("%c %m%n%throwable").build(), null, logged,
                "canary", false, true);
        appender.start();
        console = context.getConfiguration().getRootLogger().getAppenders().get("console");
        context.getConfiguration().getRootLogger().removeAppender("console");
        context.getConfiguration().getRootLogger().addAppender(appender, Level.ALL, null);
        for (String name : new String[] {LogManager.ROOT_LOGGER_NAME, "org.apache.camel", "aep"}) {
            Configurator.setLevel(name, Level.TRACE);
        }
    }

    @AfterEach
    void logAsUsual() {
        LoggerContext context = (LoggerContext) LogManager.getContext(false);
        context.getConfiguration().getRootLogger().removeAppender("canary");
        context.getConfiguration().getRootLogger().addAppender(console, null, null);
        appender.stop();
        Configurator.setLevel(LogManager.ROOT_LOGGER_NAME, Level.INFO);
        Configurator.setLevel("org.apache.camel", Level.WARN);
        Configurator.setLevel("aep", Level.INFO);
    }

    @Test
    void should_leave_no_trace_of_secret_or_token_in_logs_files_exchanges_or_exceptions() throws Exception {
        PrintStream out = System.out;
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        System.setOut(new PrintStream(printed, true, StandardCharsets.UTF_8));
        try (Rig rig = Rig.start(data, Options.defaults().withClientSecret(CANARY), Map.of("aep.redelivery.max", "1"))) {
            rig.drop("good.yaml", Rig.example("crm"));
            await().atMost(30, SECONDS).until(() -> rig.names("done").contains("good.yaml"));
            for (int status : new int[] {400, 401, 403, 422, 429, 503}) {
                rig.simulator().faults().always("POST", "/mappingSets", Fault.echo(status));
                rig.drop(status + ".yaml", Rig.example("customer-success", status));
                await().atMost(30, SECONDS).until(() -> rig.names("failed").contains(status + ".yaml")
                        || logged.toString().contains(status + ".yaml: stays in the inbox"));
                rig.simulator().faults().clear();
                await().atMost(60, SECONDS).until(() -> rig.names("inbox").isEmpty());
            }
            assertThat(rig.names("failed")).filteredOn(name -> name.endsWith(".yaml")).containsExactly("400.yaml", "403.yaml", "422.yaml");
            rig.simulator().faults().always("POST", "/ims/token/v3", Fault.echo(400));
            rig.simulator().revokeTokens();
            Exchange failed = rig.provision(Rig.example("marketing-automation"));
            rig.audit();

            assertThat(failed.getException()).isNotNull();
            Set<String> tokens = rig.simulator().requests().all().stream()
                    .flatMap((Request request) -> request.header("authorization").stream())
                    .map(header -> header.replace("Bearer ", "")).collect(Collectors.toSet());
            assertThat(tokens).isNotEmpty();
            StringBuilder written = new StringBuilder(logged.toString()).append(printed.toString(StandardCharsets.UTF_8))
                    .append(failed.getException()).append(failed.getMessage().getHeaders()).append(failed.getProperties())
                    .append(failed.getVariables());
            try (Stream<Path> files = Files.walk(data)) {
                for (Path file : files.filter(Files::isRegularFile).toList()) {
                    written.append(Files.readString(file, StandardCharsets.ISO_8859_1));   // the ledger is no text
                }
            }
            assertThat(logged.toString()).as("the logs really talk").contains("org.apache.camel");
            tokens.add(CANARY);
            tokens.add(URLEncoder.encode(CANARY, StandardCharsets.UTF_8));
            for (String secret : tokens) {
                int at = written.indexOf(secret);
                assertThat(at).as(() -> "secret in: " + written.substring(Math.max(0, at - 300), at)).isNegative();
            }
        } finally {
            System.setOut(out);
        }
    }
}
