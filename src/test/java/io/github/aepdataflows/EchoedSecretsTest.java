package io.github.aepdataflows;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.github.aepdataflows.platform.Spelling;
import io.github.aepdataflows.simulator.Fault;
import io.github.aepdataflows.simulator.Options;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.camel.Exchange;
import org.apache.logging.log4j.core.LoggerContext;
import org.apache.logging.log4j.core.config.Configurator;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * A Platform that repeats the secrets in every spelling, wherever an answer has room for it; and a log configuration that wants to show
 * everything. After each test nothing of it is in what was written.
 */
class EchoedSecretsTest {

    private static final String OF_THE_CLIENT = "c4nary&cl1ent/secret+100%";
    private static final String OF_THE_SOURCE = "c4nary \"p4ss\\word\" <&> ü+%41";

    /** All in one text, so that one answer tells of all. */
    private static final String EVERYTHING = Stream.of(Spelling.values())
            .flatMap(spelling -> Stream.of(OF_THE_CLIENT, OF_THE_SOURCE).map(spelling::of)).collect(Collectors.joining(" | "));

    private static final List<Exchange> EXCHANGES = new ArrayList<>();

    @TempDir
    static Path folder;

    private static Path log;
    private static URI usual;
    private static Rig rig;

    @BeforeAll
    static void startWithALogThatShowsEverything() throws Exception {
        log = folder.resolve("all.log");
        Path hostile = Files.writeString(folder.resolve("hostile.properties"), """
                appender.file.type = File
                appender.file.name = file
                appender.file.fileName = %s
                appender.file.layout.type = PatternLayout
                appender.file.layout.pattern = %%c %%m%%n%%throwable
                rootLogger.level = debug
                rootLogger.appenderRef.file.ref = file
                """.formatted(log) + Stream.of("aep", "org.apache.hc.client5.http.wire", "org.apache.hc.client5.http.headers",
                "org.apache.hc.core5", "org.apache.camel.main", "org.apache.camel.component.properties",
                "org.apache.camel.component.properties.DefaultPropertiesLookup").map(name -> """
                logger.%1$s.name = %2$s
                logger.%1$s.level = trace
                """.formatted("l" + Math.abs(name.hashCode()), name)).collect(Collectors.joining()));
        usual = LoggerContext.getContext(false).getConfiguration().getConfigurationSource().getURI();
        Configurator.reconfigure(hostile.toUri());
        Path secrets = Files.createDirectories(folder.resolve("secrets"));
        Files.writeString(secrets.resolve("password"), OF_THE_SOURCE);
        rig = Rig.start(folder.resolve("data"), Options.defaults().withClientSecret(OF_THE_CLIENT),
                Map.of("aep.redelivery.max", "0", "aep.secrets-dir", secrets.toString(), "aep.check-lifetime", "0",
                        "aep.settle-window", "0"));
        EXCHANGES.add(rig.provision(described("good")));
        assertThat(EXCHANGES.get(0).getException()).isNull();
    }

    @AfterAll
    static void stop() throws Exception {
        rig.close();
        Configurator.reconfigure(usual);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "/flowservice/connections | errorMessage", "/flowservice/sourceConnections | errorMessage", "/tenant/schemas | title",
        "/catalog/dataSets | detail", "/flowservice/targetConnections | message", "/conversion/mappingSets | errorDetails",
        "/flowservice/flows | error_code"})
    void should_tell_none_that_an_error_document_repeats(String call, String field) throws Exception {
        refuse(call, Fault.answer(422, "application/json", everythingIn(field)), call.replace('/', '-'));
    }

    @Test
    void should_tell_none_that_an_error_repeats_outside_of_json() throws Exception {
        refuse("/flowservice/sourceConnections", Fault.answer(400, "text/html", "<html>" + EVERYTHING), "html");
    }

    @ParameterizedTest
    @CsvSource({"BASE64_URL", "HEXADECIMAL", "HEXADECIMAL_UPPER"})   // of which a request id can consist
    void should_tell_none_that_a_request_id_repeats(Spelling spelling) throws Exception {
        refuse("/flowservice/sourceConnections", Fault.status(400).header("X-request-id", spelling.of(OF_THE_SOURCE)), spelling.name());
        refuse("/flowservice/sourceConnections", Fault.status(400).header("X-request-id", spelling.of(OF_THE_CLIENT)), spelling + "2");
    }

    @ParameterizedTest
    @CsvSource({"/flowservice/connections", "/flowservice/sourceConnections", "/conversion/mappingSets", "/flowservice/flows"})
    void should_tell_none_that_a_success_repeats_as_an_id(String call) throws Exception {
        refuse(call, Fault.answer(201, "application/json", everythingIn("id")), "id" + call.replace('/', '-'));
    }

    @Test
    void should_tell_none_that_a_source_repeats() throws Exception {
        rig.simulator().faults().always("GET", "/connections/[^/]+/test", Fault.body(everythingIn("result")));
        check("test");
        rig.simulator().faults().always("GET", "/connections/[^/]+/explore", Fault.body("{\"format\":\"flat\",\"schema\":{\"columns\":["
                + "{\"name\":%s,\"type\":\"string\"}]}}".formatted(JsonNodeFactory.instance.textNode(EVERYTHING))));
        check("explore");
    }

    private static void check(String name) throws Exception {
        EXCHANGES.add(rig.main().getCamelContext().createFluentProducerTemplate().to("direct:aep-check").withBody(described(name)
                .replaceFirst("name: " + name, "name: good")).request(Exchange.class));
        rig.simulator().faults().clear();
        assertNothingIsWritten();
    }

    @ParameterizedTest
    @CsvSource({"400, error_description", "500, error_description", "401, error"})
    void should_tell_none_that_the_token_service_repeats(int status, String field) throws Exception {
        rig.simulator().faults().always("POST", "/ims/token/v3", Fault.answer(status, "application/json",
                "{\"error\":\"invalid_client\",%s".formatted(everythingIn(field).substring(1))));
        rig.simulator().revokeTokens();
        EXCHANGES.add(rig.provision(described("token" + status)));
        assertThat(EXCHANGES.get(EXCHANGES.size() - 1).getException()).isNotNull();
        rig.simulator().faults().clear();
        assertNothingIsWritten();
    }

    @Test
    void should_write_none_into_the_files_of_the_inbox() throws Exception {
        rig.simulator().faults().always("POST", "/flowservice/flows", Fault.answer(422, "application/json", everythingIn("errorMessage")));
        rig.drop("refused.yaml", described("file"));
        await().atMost(30, SECONDS).until(() -> rig.names("failed").contains("refused.yaml.error.json"));
        rig.simulator().faults().clear();
        rig.drop("done.yaml", described("done"));
        await().atMost(30, SECONDS).until(() -> rig.names("done").contains("done.yaml.receipt.json"));
        assertNothingIsWritten();
    }

    private static String everythingIn(String field) {
        return JsonNodeFactory.instance.objectNode().put(field, EVERYTHING).toString();
    }

    private static void refuse(String call, Fault fault, String name) throws Exception {
        rig.simulator().faults().always("POST", call, fault);
        Exchange refused = rig.provision(described(name));
        rig.simulator().faults().clear();
        assertThat(refused.getException()).as(call).isNotNull();
        EXCHANGES.add(refused);
        assertNothingIsWritten();
    }

    private static String described(String name) throws IOException {
        return Rig.example("customer-success", name).replaceFirst("(?m)^  baseConnectionId: .*$", """
                  baseConnection:
                    name: %s
                    auth:
                      specName: Basic Authentication
                      params: { username: me@example.com, password: { secret: password }, securityToken: { secret: password } }"""
                .formatted(name).indent(2).stripTrailing());
    }

    private static void assertNothingIsWritten() throws IOException {
        StringBuilder written = new StringBuilder();
        for (Exchange exchange : EXCHANGES) {
            StringWriter text = new StringWriter();
            if (exchange.getException() != null) {
                exchange.getException().printStackTrace(new PrintWriter(text));
            }
            exchange.getVariables().forEach((name, value) -> text.append(name).append(value instanceof byte[] bytes
                    ? new String(bytes, StandardCharsets.UTF_8) : String.valueOf(value)).append('\n'));
            written.append(text).append(exchange.getMessage().getHeaders()).append(exchange.getMessage().getBody(String.class));
        }
        try (Stream<Path> files = Files.walk(folder.resolve("data"))) {
            for (Path file : Stream.concat(Stream.of(log), files.filter(Files::isRegularFile)).toList()) {
                written.append(Files.readString(file, StandardCharsets.ISO_8859_1)).append('\n');
            }
        }
        assertThat(written).as("the log really talks").contains("org.apache.hc.client5");
        for (Spelling spelling : Spelling.values()) {
            for (String secret : List.of(OF_THE_CLIENT, OF_THE_SOURCE)) {
                String spelled = spelling.of(secret);
                String part = spelled.substring(spelled.length() / 2 - 8, spelled.length() / 2 + 8);
                for (String text : List.of(spelled, part, quoted(spelled), quoted(part))) {
                    int at = written.indexOf(text);
                    assertThat(at).as(() -> spelling + " " + text + " in: " + written.substring(Math.max(0, at - 300), at)).isNegative();
                }
            }
        }
    }

    private static String quoted(String text) {
        return new String(JsonStringEncoder.getInstance().quoteAsString(text));
    }
}
