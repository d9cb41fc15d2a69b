package io.github.aepdataflows;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.aepdataflows.platform.TestSecrets;
import io.github.aepdataflows.simulator.Fault;
import io.github.aepdataflows.simulator.Options;
import io.github.aepdataflows.simulator.Request;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.management.MBeanAttributeInfo;
import javax.management.MBeanServer;
import javax.management.ObjectName;
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

/** A canary for each secret, every log at its most talkative, and a Platform that repeats what it is sent in its errors. */
class SecretsTest {

    private static final String CANARY = "c4nary&secret+100%";
    private static final String OF_THE_FOLDER = "c4nary \"fo/der\" \\ & ü";
    private static final String OF_THE_ENVIRONMENT = "c4nary\tenvironm3nt+?";
    private static final String BASE_CONNECTION = """
              baseConnection:
                name: %s
                auth:
                  specName: Basic Authentication
                  params:
                    username: me@example.com
                    password: { secret: of-the-folder }
                    securityToken: { secret: of.the-environment }""";

    @TempDir
    Path data;

    @TempDir
    Path folder;

    private final StringWriter logged = new StringWriter();
    private WriterAppender appender;
    private Appender console;

    @BeforeEach
    void logEverything() {
        LoggerContext context = (LoggerContext) LogManager.getContext(false);
        appender = WriterAppender.createAppender(PatternLayout.newBuilder().setPattern("%c %m%n%throwable").build(), null, logged,
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
        Files.writeString(folder.resolve("of-the-folder"), OF_THE_FOLDER + "\n");
        try (Rig rig = Rig.start(data, Options.defaults().withClientSecret(CANARY),
                Map.of("aep.redelivery.max", "1", "aep.secrets-dir", folder.toString(), "aep.secrets", "#bean:testSecrets"),
                Map.of("testSecrets", TestSecrets.of(folder, Map.of("AEP_SECRET_OF_THE_ENVIRONMENT", OF_THE_ENVIRONMENT))))) {
            rig.drop("good.yaml", described("good"));
            await().atMost(30, SECONDS).until(() -> rig.names("done").contains("good.yaml"));
            for (String call : new String[] {"/mappingSets", "/flowservice/connections"}) {
                for (int status : new int[] {400, 401, 403, 422, 429, 503}) {
                    dropWhileEchoing(rig, call, Fault.echo(status), call.replaceAll(".*/", "") + status);
                }
            }
            dropWhileEchoing(rig, "/flowservice/connections", Fault.echo(201), "connections201");
            assertThat(rig.names("failed")).filteredOn(name -> name.endsWith(".yaml")).containsExactly("connections400.yaml",
                    "connections403.yaml", "connections422.yaml", "mappingSets400.yaml", "mappingSets403.yaml", "mappingSets422.yaml");
            rig.simulator().faults().always("POST", "/flowservice/connections", Fault.echo(422));
            Exchange refused = rig.provision(described("refused"));
            rig.simulator().faults().always("POST", "/flowservice/connections", Fault.echo(201));
            Exchange unusable = rig.provision(described("unusable"));
            rig.simulator().faults().clear();
            Exchange done = rig.provision(described("refused"));
            rig.simulator().faults().always("POST", "/ims/token/v3", Fault.echo(400));
            rig.simulator().revokeTokens();
            Exchange failed = rig.provision(Rig.example("marketing-automation"));
            rig.audit();

            assertThat(refused.getException()).isNotNull();
            assertThat(unusable.getException()).isNotNull();
            assertThat(done.getException()).isNull();
            assertThat(failed.getException()).isNotNull();
            assertThat(rig.resources("connections")).as("the Platform has them")
                    .anyMatch(connection -> connection.at("/auth/params/password").asText().equals(OF_THE_FOLDER)
                            && connection.at("/auth/params/securityToken").asText().equals(OF_THE_ENVIRONMENT));
            Set<String> tokens = rig.simulator().requests().all().stream()
                    .flatMap((Request request) -> request.header("authorization").stream())
                    .map(header -> header.replace("Bearer ", "")).collect(Collectors.toSet());
            assertThat(tokens).isNotEmpty();
            StringBuilder written = new StringBuilder(logged.toString()).append(printed.toString(StandardCharsets.UTF_8))
                    .append(text(refused)).append(text(unusable)).append(text(done)).append(text(failed)).append(managementBeans());
            try (Stream<Path> files = Files.walk(data)) {
                for (Path file : files.filter(Files::isRegularFile).toList()) {
                    written.append(Files.readString(file, StandardCharsets.ISO_8859_1));   // the ledger is no text
                }
            }
            assertThat(logged.toString()).containsOnlyOnce("every definition can send every secret to every source");
            assertThat(logged.toString()).as("the logs really talk").contains("org.apache.camel");
            tokens.add("c4nary");   // with which each secret begins, in every form
            tokens.addAll(Set.of("secret+100", "secret%2B100", "fo/der", "fo%2Fder", "environm3nt"));   // and what is in them
            for (String secret : tokens) {
                int at = written.indexOf(secret);
                assertThat(at).as(() -> secret + " in: " + written.substring(Math.max(0, at - 300), at)).isNegative();
            }
        } finally {
            System.setOut(out);
        }
    }

    /** What is refused lies in failed/ at the end, all else in done/. */
    private void dropWhileEchoing(Rig rig, String call, Fault echo, String name) throws Exception {
        rig.simulator().faults().always("POST", call, echo);
        rig.drop(name + ".yaml", described(name));
        await().atMost(30, SECONDS).until(() -> rig.names("failed").contains(name + ".yaml")
                || logged.toString().contains(name + ".yaml: stays in the inbox"));
        rig.simulator().faults().clear();
        await().atMost(60, SECONDS).until(() -> rig.names("inbox").isEmpty());
    }

    private static String described(String name) throws IOException {
        return Rig.example("customer-success", name).replaceFirst("(?m)^  baseConnectionId: .*$",
                BASE_CONNECTION.formatted(name).indent(2).stripTrailing());
    }

    private static String text(Exchange exchange) {
        StringWriter text = new StringWriter();
        if (exchange.getException() != null) {
            exchange.getException().printStackTrace(new PrintWriter(text));
        }
        for (Map<String, Object> values : List.of(exchange.getMessage().getHeaders(), exchange.getProperties(), exchange.getVariables())) {
            values.forEach((name, value) -> text.append(name).append('=')
                    .append(value instanceof byte[] bytes ? new String(bytes, StandardCharsets.UTF_8) : String.valueOf(value))
                    .append('\n'));
        }
        return text.append(exchange.getMessage().getBody(String.class)).toString();
    }

    private static String managementBeans() throws Exception {
        MBeanServer server = ManagementFactory.getPlatformMBeanServer();
        StringBuilder text = new StringBuilder();
        for (ObjectName bean : server.queryNames(null, null)) {
            MBeanAttributeInfo[] attributes = server.getMBeanInfo(bean).getAttributes();
            text.append(server.getAttributes(bean, Stream.of(attributes).map(MBeanAttributeInfo::getName).toArray(String[]::new)));
        }
        return text.toString();
    }
}
