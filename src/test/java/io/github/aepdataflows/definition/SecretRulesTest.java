package io.github.aepdataflows.definition;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SecretRulesTest {

    private static final String SALESFORCE = "cfc0fee1-7dc0-40ef-b73e-d8b134c436f5";
    private static final String OTHER = "11111111-2222-4333-8444-555555555555";
    private static final String RULES = """
            crm: { connectors: [ salesforce ] }
            crm.id: { connectors: [ 11111111-2222-4333-8444-555555555555 ] }
            db: { hosts: [ DB.example.com, "*.internal.example.com" ] }
            both: { connectors: [ salesforce ], hosts: [ db.example.com ] }
            """;

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
        "crm    | " + SALESFORCE + " | {}", "crm.id | " + OTHER + " | {}", "db | " + OTHER + " | {\"host\":\"db.example.com\"}",
        "db | " + OTHER + " | {\"server\":\"tcp:Db.Example.com,1433\"}",
        "db | " + OTHER + " | {\"serviceUrl\":\"https://a.b.internal.example.com:8443/x/y\",\"port\":1}",
        "both | " + SALESFORCE + " | {\"host\":\"db.example.com:5432\"}"})
    void should_allow_what_is_listed(String secret, String connectionSpec, String params) throws Exception {
        assertThat(rules(RULES).objection(secret, connectionSpec, json(params))).isEmpty();
        assertThat(SecretRules.none().objection(secret, connectionSpec, json(params))).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
        "unlisted | " + SALESFORCE + " | {} | the secret unlisted may be sent nowhere: config/secrets.yaml does not list it",
        "crm | " + OTHER + " | {} | the secret crm may be sent to salesforce only", "crm | `` | {} | may be sent to salesforce only",
        "both | " + OTHER + " | {\"host\":\"db.example.com\"} | may be sent to salesforce only",
        "both | " + SALESFORCE + " | {\"host\":\"s3cret.example.com\"} | db.example.com only, and the parameter host is none",
        "db | " + OTHER + " | {\"username\":\"db.example.com\"} | no parameter says where the source is"})
    void should_object_to_all_else(String secret, String connectionSpec, String params, String why) throws Exception {
        assertThat(rules(RULES).objection(secret, connectionSpec, json(params))).get().asString().contains(why).doesNotContain("s3cret");
    }

    /** What one reads as a host that is allowed, another may read as one that is not. */
    @ParameterizedTest
    @ValueSource(strings = {"evil.com", "db.example.com.evil.com", "evil-db.example.com", "xdb.example.com", "internal.example.com",
        "db.example.com@evil.com", "https://db.example.com@evil.com/", "https://db.example.com:x@evil.com", "evil.com#db.example.com",
        "evil.com?db.example.com", "db.example.com;evil.com", "db.example.com, evil.com", "db.example.com\\evil.com",
        "db.example.com evil.com",
        "db.example.com%2eevil.com", "//evil.com/db.example.com", "https://db.example.com/a?u=b@evil.com", "db.example.com.", "", "[::1]",
        "jdbc:x://evil.com/db.example.com", "db.example.com\nevil.com"})
    void should_object_to_a_host_that_is_not_plainly_an_allowed_one(String host) throws Exception {
        JsonNode params = new ObjectMapper().createObjectNode().put("host", host);

        assertThat(rules(RULES).objection("db", OTHER, params)).isPresent();
        assertThat(rules(RULES).objection("db", OTHER, json("{\"host\":\"db.example.com\"}"))).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"host\":\"db.example.com\",\"endpoint\":\"evil.com\"}", "{\"host\":{\"secret\":\"db\"}}",
        "{\"host\":\"db.example.com\",\"connectionString\":{\"secret\":\"db\"}}", "{\"sasUri\":{\"secret\":\"db\"}}", "{\"host\":5}"})
    void should_object_where_one_of_several_places_is_unknown(String params) throws Exception {
        assertThat(rules(RULES).objection("db", OTHER, json(params))).isPresent();
    }

    @Test
    void should_name_every_fault_of_the_file() {
        assertThatThrownBy(() -> rules("""
                crm: { connectors: [ salesfroce ] }
                db: { host: [ a ] }
                web: { hosts: [ "https://x/y" ] }
                none: {}
                ../x: { hosts: [ a ] }
                """)).isInstanceOf(IllegalArgumentException.class).hasMessageContainingAll(
                "line 1: crm.connectors[0]: no connector is called salesfroce; did you mean salesforce?",
                "line 2: db.host: is not a key of secrets.yaml; did you mean hosts?",
                "line 3: web.hosts[0]: write the name of a host", "line 4: none: must not be empty", "line 5: ../x",
                "a secret's name has letters");
        assertThatThrownBy(() -> rules("crm: [")).hasMessageContaining("line 1");
        assertThatThrownBy(() -> rules("crm: open-sesame")).as("a secret in its place").hasMessageNotContaining("sesame")
                .hasMessageContaining("line 1: crm: is a string, but must be a mapping");
    }

    private static JsonNode json(String text) throws IOException {
        return new ObjectMapper().readTree(text);
    }

    private static SecretRules rules(String yaml) throws IOException {
        try (InputStream schema = Files.newInputStream(Path.of("config/secrets.schema.json"));
                InputStream connectors = Files.newInputStream(Path.of("config/connectors.yaml"))) {
            return SecretRules.read("config/secrets.yaml", yaml.getBytes(StandardCharsets.UTF_8), schema, Connectors.read(connectors));
        }
    }
}
