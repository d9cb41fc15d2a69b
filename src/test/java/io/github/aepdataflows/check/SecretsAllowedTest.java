package io.github.aepdataflows.check;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.aepdataflows.Rig;
import io.github.aepdataflows.definition.DefinitionException;
import io.github.aepdataflows.definition.Fault;
import io.github.aepdataflows.definition.SecretRules;
import io.github.aepdataflows.platform.HeaderFilter;
import io.github.aepdataflows.platform.PlatformException;
import io.github.aepdataflows.settings.SettingsException;
import io.github.aepdataflows.simulator.Options;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.camel.Exchange;
import org.apache.commons.lang3.exception.ExceptionUtils;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which secret may be sent to which connector and host: a definition that names another is refused, and nothing leads around that. */
class SecretsAllowedTest {

    private static final String SERVICE_CLOUD = "cb66ab34-8619-49cb-96d1-39b37ede86ea";
    private static final String RULES = """
            cloud: { connectors: [ salesforce-service-cloud ] }
            elsewhere: { connectors: [ hubspot ] }
            hosted: { hosts: [ "*.example.com" ] }
            """;

    @TempDir
    static Path folder;

    private static Rig rig;

    @BeforeAll
    static void start() throws Exception {
        Path secrets = Files.createDirectories(folder.resolve("secrets"));
        for (String name : List.of("cloud", "elsewhere", "hosted", "unlisted")) {
            Files.writeString(secrets.resolve(name), "c4nary-" + name);
        }
        rig = Rig.start(folder.resolve("data"), Options.defaults(), Map.of("aep.secrets-dir", secrets.toString(),
                "aep.redelivery.max", "0", "aep.check-lifetime", "0", "aep.secrets-allow", file("rules.yaml", RULES)));
    }

    private static String file(String name, String rules) throws IOException {
        return Files.writeString(folder.resolve(name), rules).toString();
    }

    @AfterAll
    static void stop() throws Exception {
        rig.close();
    }

    private static String described(String secret, String more) throws IOException {
        return described(secret, secret, more);
    }

    private static String described(String name, String secret, String more) throws IOException {
        return Rig.example("customer-success", name).replaceFirst("(?m)^  baseConnectionId: .*$", """
                  baseConnection:
                    name: of %s
                    auth:
                      specName: Basic Authentication
                      params: { username: me, password: { secret: cloud }, securityToken: { secret: %s }%s }"""
                .formatted(name, secret, more).indent(2).stripTrailing());
    }

    @Test
    void should_send_a_secret_to_where_it_may_go() throws Exception {
        rig.apply(described("cloud", ""));

        assertThat(rig.resources("connections")).anyMatch(connection -> connection.at("/auth/params/securityToken").asText()
                .equals("c4nary-cloud"));
    }

    @ParameterizedTest
    @CsvSource({"elsewhere,may be sent to hubspot only", "unlisted,may be sent nowhere", "hosted,no parameter says where the source is"})
    void should_refuse_a_definition_that_names_it_for_another_source(String secret, String why) throws Exception {
        int before = rig.requests("POST", "/flowservice/connections").size();

        Exchange refused = rig.provision(described(secret, ""));

        assertThat(refused.getException()).isInstanceOfSatisfying(DefinitionException.class,
                e -> assertThat(e.faults()).filteredOn(fault -> fault.code().equals(SecretRules.CODE)).singleElement()
                        .satisfies(fault -> assertThat(fault.path()).isEqualTo("source.baseConnection.auth.params.securityToken"))
                        .extracting(Fault::message).asString().contains("the secret " + secret, why));
        assertThat(rig.requests("POST", "/flowservice/connections")).hasSize(before);
    }

    @ParameterizedTest
    @CsvSource({"sf.example.com,true", "evil.com,false", "sf.example.com@evil.com,false"})
    void should_refuse_one_for_another_host(String host, boolean allowed) throws Exception {
        Exchange checked = rig.main().getCamelContext().createFluentProducerTemplate().to("direct:aep-check")
                .withBody(described("hosted", ", environmentUrl: \"" + host + "\"")).request(Exchange.class);

        JsonNode report = Rig.json(checked.getMessage().getBody(String.class));
        assertThat(report.path("faults").findValuesAsText("code").contains(SecretRules.CODE)).isEqualTo(!allowed);
    }

    /** As a route of somebody else's could do it, or a way that no check has thought of. */
    @ParameterizedTest
    @ValueSource(strings = {"elsewhere", "unlisted", "hosted"})
    void should_not_put_it_into_a_request_either(String secret) throws Exception {
        int before = rig.requests().size();

        Exchange failed = rig.main().getCamelContext().createFluentProducerTemplate().to("direct:aep-create-base-connection")
                .withVariable("aepRequest", Rig.json("{\"name\":\"n\",\"auth\":{\"specName\":\"s\",\"params\":{\"p\":{\"secret\":\"%s\"}}},"
                        .formatted(secret) + "\"connectionSpec\":{\"id\":\"%s\",\"version\":\"1.0\"}}".formatted(SERVICE_CLOUD)))
                .withHeader(HeaderFilter.SEND_BEFORE, System.nanoTime() + TimeUnit.MINUTES.toNanos(1)).request(Exchange.class);

        assertThat(failed.getException()).isInstanceOf(PlatformException.class).hasMessageContaining("not sent: the secret " + secret);
        assertThat(rig.requests().subList(before, rig.requests().size())).noneMatch(Rig::isCreate);
    }

    @Test
    void should_send_a_rotated_secret_to_where_it_may_go_only() throws Exception {
        rig.apply(described("rotating", "cloud", ""));
        Files.writeString(folder.resolve("secrets/cloud"), "c4nary-rotated");
        rig.apply(described("rotating", "cloud", ""));

        assertThat(rig.resources("connections")).anyMatch(connection -> connection.at("/auth/params/password").asText()
                .equals("c4nary-rotated"));
        assertThat(rig.requests(request -> request.method().equals("PATCH") && request.path().contains("/connections/"))).isNotEmpty()
                .allSatisfy(request -> assertThat(request.text()).doesNotContain("connectionSpecId"));
    }

    @Test
    void should_not_start_with_a_file_that_has_faults() throws Exception {
        String faulty = file("faulty.yaml", RULES.replace("hubspot", "hubsopt") + "x: { host: [ a ] }\n");

        assertThatThrownBy(() -> Rig.start(folder.resolve("other"), Options.defaults(), Map.of("aep.secrets-allow", faulty)))
                .satisfies(e -> assertThat(ExceptionUtils.getThrowableList(e)).filteredOn(SettingsException.class::isInstance)
                        .singleElement().satisfies(cause -> assertThat(cause).hasMessageContainingAll(
                                "faulty.yaml (aep.secrets-allow) has faults",
                                "line 2: elsewhere.connectors[0]: no connector is called hubsopt; did you mean hubspot?",
                                "line 4: x.host: is not a key of secrets.yaml; did you mean hosts?")));
        assertThatThrownBy(() -> Rig.start(folder.resolve("other"), Options.defaults(), Map.of("aep.secrets-allow", faulty + "x")))
                .satisfies(e -> assertThat(ExceptionUtils.getStackTrace(e)).contains("aep.secrets-allow", "is no file"));
    }
}
