package io.github.aepdataflows.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class IdentityNamespaceTest {

    private static final String PATH = "/data/core/idnamespace/identities";
    private static final String LOYALTY = """
        {"name": "Loyalty card", "code": "Loyalty", "idType": "Cross_device", "description": "Of the card"}""";

    private Simulator simulator;
    private Client client;

    @BeforeEach
    void start() throws IOException {
        simulator = Simulator.start(Options.defaults());
        client = Client.of(simulator);
    }

    @AfterEach
    void stop() throws IOException {
        simulator.close();
    }

    @Test
    void should_list_all_namespaces_and_show_each_by_its_id() {
        JsonNode all = client.get(PATH).json();

        assertThat(all.isArray()).isTrue();
        assertThat(all.findValuesAsText("code")).contains("ECID", "Email", "Phone", "CRMID");
        assertThat(all).allSatisfy(each -> assertThat(client.get(PATH + "/" + each.path("id").asInt()).json()).isEqualTo(each));
        assertThat(client.get(PATH + "/6").json().path("code").asText()).isEqualTo("Email");
        assertThat(client.get(PATH + "/5").status()).isEqualTo(404);
    }

    @Test
    void should_make_a_namespace_for_all_sandboxes() {
        Client.Reply reply = client.post(PATH, LOYALTY);

        assertThat(reply.status()).isEqualTo(200);
        assertThat(reply.json().path("custom").asBoolean()).isTrue();
        assertThat(reply.json().path("idType").asText()).isEqualTo("CROSS_DEVICE");
        assertThat(reply.json().path("status").asText()).isEqualTo("ACTIVE");
        assertThat(client.with("x-sandbox-name", "dev").get(PATH + "/" + reply.id()).json()).isEqualTo(reply.json());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "\"name\": \"Loyalty card\" | \"nam\": \"x\" | 400 | valid value of name",
        "\"Loyalty\" | \"Loyalty card\" | 400 | valid value of code",
        "Cross_device | Person | 400 | valid value of idType",
        "\"Loyalty\" | \"Email\" | 409 | INTEGRATION_CODE_EXISTS",
        "\"Loyalty\" | \"CRMID\" | 409 | NAMESPACE_CODE_CONFLICT"})
    void should_refuse_a_namespace(String old, String changed, int status, String words) {
        Client.Reply reply = client.post(PATH, LOYALTY.replace(old, changed));

        assertThat(reply.status()).as(reply.text()).isEqualTo(status);
        assertThat(reply.text()).contains(words, "http://ns.adobe.com/adobecloud/problem/namespacevalidation");
    }
}
