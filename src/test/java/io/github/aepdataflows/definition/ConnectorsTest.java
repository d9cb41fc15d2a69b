package io.github.aepdataflows.definition;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.io.ByteArrayInputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ConnectorsTest {

    private static final String GOOD = "good: { connectionSpecId: cfc0fee1-7dc0-40ef-b73e-d8b134c436f5, category: crm, "
            + "flowSpec: CRMToAEP, params: tableName, format: tabular }\n";

    private static Connectors published() throws IOException {
        try (InputStream yaml = Files.newInputStream(Sample.CONNECTORS)) {
            return Connectors.read(yaml);
        }
    }

    private static Connectors read(String yaml) throws IOException {
        return Connectors.read(new ByteArrayInputStream(yaml.getBytes(UTF_8)));
    }

    @ParameterizedTest
    @CsvSource({
        "salesforce,               cfc0fee1-7dc0-40ef-b73e-d8b134c436f5, crm,                 tableName",
        "microsoft-dynamics,       38ad80fe-8b06-4938-94f4-d4ee80266b07, crm,                 tableName",
        "hubspot,                  cc6a4487-9e91-433e-a3a3-9cf6626c1806, marketingAutomation, path",
        "salesforce-service-cloud, cb66ab34-8619-49cb-96d1-39b37ede86ea, customerSuccess,     tableName",
        "servicenow,               eb13cb25-47ab-407f-ba89-c0125281c563, customerSuccess,     tableName"})
    void should_know_the_systems_of_the_tutorials(String key, String connectionSpecId, String category, String params) throws IOException {
        assertThat(published().of(JsonNodeFactory.instance.objectNode().put("connector", key)).orElseThrow())
                .extracting(Connector::connectionSpecId, Connector::category, Connector::flowSpec, Connector::params, Connector::format)
                .containsExactly(connectionSpecId, category, "CRMToAEP", params, "tabular");
    }

    @Test
    void should_read_a_file_once_and_when_the_first_connector_is_needed() {
        AtomicInteger reads = new AtomicInteger();
        Connectors connectors = Connectors.in(() -> {
            reads.incrementAndGet();
            return new ByteArrayInputStream(GOOD.getBytes(UTF_8));
        });
        assertThat(reads).hasValue(0);

        assertThat(connectors.keys()).containsExactly("good");
        assertThat(connectors.all()).hasSize(1);
        assertThat(reads).hasValue(1);
        assertThatIllegalArgumentException().isThrownBy(() -> Connectors.in(() -> {
            throw new FileNotFoundException("gone");
        }).keys()).withMessage("connectors.yaml cannot be read: gone");
    }

    @Test
    void should_take_a_new_connector_without_code() throws IOException {
        assertThat(read(GOOD).keys()).containsExactly("good");
    }

    @ParameterizedTest
    @ValueSource(strings = {"connectionSpecId", "flowSpec", "params", "format"})
    void should_refuse_an_entry_that_lacks(String key) {
        assertThatIllegalArgumentException().isThrownBy(() -> read(GOOD.replaceAll(key + ": [^,}]+(, )?", "")))
                .withMessageContainingAll("connectors.yaml", "good", key);
    }

    @ParameterizedTest
    @ValueSource(strings = {"bad:", "bad: salesforce", "bad: [a, b]", "bad: {}", "bad: 5", "bad: true",
        "bad: { connectionSpecId: cfc0fee1 }",
        "bad: { connectionSpecId: CFC0FEE1-7DC0-40EF-B73E-D8B134C436F5, flowSpec: CRMToAEP, params: path, format: tabular }",
        "bad: { connectionSpecId: \"cfc0fee1-7dc0-40ef-b73e-d8b134c436f5\\n\", flowSpec: CRMToAEP, params: path, format: tabular }",
        "bad: { connectionSpecId: cfc0fee1-7dc0-40ef-b73e-d8b134c436f5, flowSpec: CRMToAEP, params: table, format: tabular }",
        "bad: { connectionSpecId: cfc0fee1-7dc0-40ef-b73e-d8b134c436f5, flowSpec: [CRMToAEP], params: path, format: tabular }",
        "bad: { connectionSpecId: cfc0fee1-7dc0-40ef-b73e-d8b134c436f5, flowSpec: CRMToAEP, params: path, format: tabular, more: x }"})
    void should_refuse_a_malformed_entry_and_name_it(String entry) {
        assertThatIllegalArgumentException().isThrownBy(() -> read(GOOD + entry)).withMessageStartingWith("connectors.yaml: bad: ");
    }

    @Test
    void should_name_all_malformed_entries_at_once() {
        assertThatIllegalArgumentException().isThrownBy(() -> read("one: { connectionSpecId: x }\n" + GOOD + "two:\nthree: [3]\n"))
                .withMessageContainingAll("one: ", "two: ", "three: ")
                .withMessageNotContaining("good");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "# nothing\n", "- a\n", "a: [", "a: !!java.net.URL [x]\n"})
    void should_refuse_a_file_that_is_no_list_of_connectors(String yaml) {
        assertThatIllegalArgumentException().isThrownBy(() -> read(yaml)).withMessageStartingWith("connectors.yaml: ");
    }

    @ParameterizedTest
    @CsvSource({
        "ccfc0fee1-7dc0-40ef-b73e-d8b134c436f5, cfc0fee1-7dc0-40ef-b73e-d8b134c436f5",
        "b66ab34-8619-49cb-96d1-39b37ede86ea,   cb66ab34-8619-49cb-96d1-39b37ede86ea",
        "000eb99-cd47-43f3-827c-43caf170f015,   3000eb99-cd47-43f3-827c-43caf170f015",
        "bf367b0d-3d9b-4060-b67b-0d3d9bd06094,  b7bf2577-4520-42c9-bae9-cad01560f7bc",
        "0ed90a81-07f4-4586-8190-b40eccef1c5a,  b3ba5556-48be-44b7-8b85-ff2b69b46dc4",
        "9753525b-82c7-4dce-8a9b-5ccfce2b9876,  14518937-270c-4525-bdec-c2ba7cce3860",
        "44b1c1e43-a5ee-4d86-9c1e-43a5eebd8601, dataset"})
    void should_refuse_the_ids_that_are_wrong_in_adobes_documents_and_name_the_right_one(String wrong, String right) {
        assertThatIllegalArgumentException().isThrownBy(() -> read("bad: { connectionSpecId: " + wrong
                        + ", category: crm, flowSpec: CRMToAEP, params: tableName, format: tabular }"))
                .withMessageStartingWith("connectors.yaml: bad: connectionSpecId \"" + wrong + "\" is ")
                .withMessageContaining(right);
        assertThat(Sample.faults(Sample.with("connector: salesforce", "connectionSpecId: " + wrong + "\n  flowSpec: CRMToAEP")))
                .anySatisfy(fault -> {
                    assertThat(fault.path()).isEqualTo("source.connectionSpecId");
                    assertThat(fault.line()).isEqualTo(6);
                    assertThat(fault.message()).startsWith("\"" + wrong + "\" is ").contains(right);
                });
    }

    @Test
    void should_refuse_a_flow_spec_that_is_given_by_the_wrong_id() {
        String text = Sample.with("connector: salesforce",
                "connectionSpecId: cfc0fee1-7dc0-40ef-b73e-d8b134c436f5\n  flowSpec: 9753525b-82c7-4dce-8a9b-5ccfce2b9876");

        assertThat(Sample.faults(text)).anySatisfy(fault -> {
            assertThat(fault.path()).isEqualTo("source.flowSpec");
            assertThat(fault.message()).contains("CRMToAEP");
        });
    }

    @Test
    void should_refuse_google_ads_under_the_id_of_paypal() {
        String paypal = GOOD.replace("cfc0fee1-7dc0-40ef-b73e-d8b134c436f5", "221c7626-58f6-4eec-8ee2-042b0226f03b");

        assertThatIllegalArgumentException().isThrownBy(() -> read(paypal.replace("good", "paypal") + paypal.replace("good", "google-ads")))
                .withMessageContaining("google-ads and paypal have the same connectionSpecId 221c7626-58f6-4eec-8ee2-042b0226f03b");
    }

    @Test
    void should_refuse_a_connector_that_is_given_twice() {
        assertThatIllegalArgumentException().isThrownBy(() -> read(GOOD + GOOD))
                .withMessageContainingAll("line 2", "good", "duplicate key");
    }
}
