package io.github.aepdataflows.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.core.config.Configurator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SettingsTest {

    private static final Map<String, String> REQUIRED = Map.of("aep.client-id", "id", "aep.client-secret", "s3cr&t+%",
            "aep.org-id", "ABCDEFGHIJKLMNOPQRSTUVWX@AdobeOrg", "aep.sandbox", "dev");

    @Test
    void should_need_four_settings_and_have_a_default_for_every_other() throws Exception {
        Settings settings = settings(REQUIRED);

        assertThat(settings.url()).hasToString("https://platform.adobe.io");
        assertThat(settings.duration("aep.call-timeout")).isEqualTo(Duration.ofSeconds(60));
        assertThat(settings.duration("aep.inbox.delay")).isEqualTo(Duration.ofMillis(500));
    }

    @ParameterizedTest
    @CsvSource({"500, 500", "200ms, 200", "30s, 30000", "1m5s200ms, 65200", "5m, 300000", "2h, 7200000"})
    void should_read_a_duration(String value, long millis) throws Exception {
        assertThat(settings(with("aep.redelivery.delay", value)).duration("aep.redelivery.delay")).hasMillis(millis);
        assertThat(new MillisFunction().apply(value)).isEqualTo(String.valueOf(millis));
    }

    @Test
    void should_let_nobody_act_on_the_page_without_a_token() throws Exception {
        Map<String, String> acts = new HashMap<>(with("aep.page.actions", "true"));
        assertThat(settings(acts).text("aep.page.actions")).as("without a page").isEqualTo("true");
        acts.put("aep.ops.port", "8077");
        assertThatThrownBy(() -> settings(acts)).hasMessageContainingAll("aep.page.actions", "aep.ops.token");
        acts.put("aep.ops.token", "0123456789abcdef");
        assertThat(settings(acts).text("aep.page.actions")).isEqualTo("true");
    }

    @Test
    void should_name_everything_that_is_missing_at_once() {
        assertThatThrownBy(() -> settings(Map.of()))
                .isInstanceOf(SettingsException.class)
                .hasMessageContainingAll("aep.client-id (environment: AEP_CLIENT_ID) is not set",
                        "aep.client-secret (environment: AEP_CLIENT_SECRET)", "aep.org-id (environment: AEP_ORG_ID)",
                        "aep.sandbox (environment: AEP_SANDBOX)");
    }

    @ParameterizedTest
    @ValueSource(strings = {"http://platform.adobe.io", "http://169.254.169.254", "ftp://platform.adobe.io", "https://user:x@host",
        "https://host?a=b", "platform.adobe.io", "https://", "http://localhost.evil.com", "http://127.0.0.1.evil.com", "::",
        "https://platform.adobe.io/"})
    void should_refuse_an_unsafe_url(String url) {
        assertThatThrownBy(() -> settings(with("aep.url", url))).hasMessageContaining("aep.url");
        assertThatThrownBy(() -> settings(with("aep.token-url", url))).hasMessageContaining("aep.token-url");
    }

    @ParameterizedTest
    @ValueSource(strings = {"http://localhost:8080", "http://127.0.0.1:8080", "http://[::1]:8080", "https://platform-stage.adobe.io"})
    void should_accept_https_and_plain_http_to_this_machine(String url) throws Exception {
        assertThat(settings(with("aep.url", url)).url().toString()).isEqualTo(url);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
        "aep.org-id | acme", "aep.org-id | ABCDEFGHIJKLMNOPQRSTUVWX@AdobeOrg\\r\\nX-Evil: 1", "aep.sandbox | Prod", "aep.sandbox | a b",
        "aep.sandbox | *", "aep.client-id | a b", "aep.client-id | idé", "aep.call-timeout | soon", "aep.inbox.delay | 30s1m",
        "aep.inbox.delay | 1w", "aep.call-timeout | -5",
        "aep.inbox.concurrency | four", "aep.max-connections | -1", "aep.max-connections | 0", "aep.ops.port | 70000",
        "aep.audit.cron | nonsense", "aep.inbox.enabled | yes", "aep.redelivery.multiplier | x", "aep.call-timeout | 0",
        "aep.data-dir | a?b", "aep.alerts.webhook.url | http://example.com/hook", "aep.alerts.webhook.url | https://u:p@example.com",
        "aep.alerts.webhook.template | none.json", "aep.alerts.command | none", "aep.alerts.mail.to | ops",
        "aep.alerts.mail.to | a@example.com\\nBcc: b@example.com", "aep.history.max | 0", "aep.history.keep | soon"})
    void should_refuse_a_malformed_value(String name, String value) {
        assertThatThrownBy(() -> settings(with(name, value.translateEscapes()))).hasMessageContaining(name);
    }

    @Test
    void should_refuse_a_secrets_folder_that_is_none(@TempDir Path folder) throws Exception {
        assertThat(settings(REQUIRED).text("aep.secrets-dir")).isEmpty();
        assertThat(settings(with("aep.secrets-dir", folder.toString())).text("aep.secrets-dir")).isEqualTo(folder.toString());
        assertThatThrownBy(() -> settings(with("aep.secrets-dir", folder.resolve("x").toString())))
                .hasMessageContaining("aep.secrets-dir (environment: AEP_SECRETS_DIR) is no folder");
    }

    @Test
    void should_mention_variables_that_are_no_settings_but_not_the_secrets() throws Exception {
        Settings settings = settings(REQUIRED);
        Set<String> variables = Set.of("AEP_SECRET_CRM_PASSWORD", "AEP_SECRETS_DIR", "AEP_CLIENT_ID", "PATH", "AEP_CLIENT_SECRT");

        assertThat(settings.unknown(variables)).containsExactly("AEP_CLIENT_SECRT");
    }

    @Test
    void should_name_the_variable_of_a_secret_in_upper_case_and_with_underscores() {
        assertThat(Settings.secretVariable("crm.api-key_2")).isEqualTo("AEP_SECRET_CRM_API_KEY_2");
    }

    @Test
    void should_never_print_a_secret() throws Exception {
        Settings settings = settings(REQUIRED);

        assertThat(settings.toString()).doesNotContain("s3cr");
        assertThatThrownBy(() -> settings(with("aep.url", "nonsense"))).message().doesNotContain("s3cr");
    }

    @ParameterizedTest
    @ValueSource(strings = {"org.apache.camel.component.properties", "org.apache.camel.component.properties.DefaultPropertiesLookup"})
    void should_read_no_secret_while_a_log_would_show_it(String logger) throws Exception {
        Configurator.setLevel(logger, Level.DEBUG);
        try {
            assertThatThrownBy(() -> settings(with("aep.sandbox", "A B"))).isInstanceOf(SettingsException.class)
                    .hasMessageContainingAll("the logger org.apache.camel.component.properties.DefaultPropertiesLookup is at debug",
                            "aep.log.wire=true", "aep.sandbox").message().doesNotContain("aep.client-secret (environment");
            assertThat(settings(with("aep.log.wire", "true")).clientSecret()).isEqualTo("s3cr&t+%");
        } finally {
            Configurator.setLevel(logger, Level.INFO);
        }
        assertThat(settings(REQUIRED).clientSecret()).isEqualTo("s3cr&t+%");
    }

    private static Map<String, String> with(String name, String value) {
        Map<String, String> all = new HashMap<>(REQUIRED);
        all.put(name, value);
        return all;
    }

    private static Settings settings(Map<String, String> properties) throws Exception {
        try (DefaultCamelContext context = new DefaultCamelContext()) {
            Properties given = new Properties();
            given.putAll(properties);
            context.getPropertiesComponent().setOverrideProperties(given);
            Defaults.addresses().forEach(context.getPropertiesComponent()::addInitialProperty);   // as the program does
            Settings settings = new Settings();
            settings.setCamelContext(context);
            return settings;
        }
    }
}
