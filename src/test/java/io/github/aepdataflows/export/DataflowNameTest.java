package io.github.aepdataflows.export;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DataflowNameTest {

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "CRM contacts | true | CRM contacts", "CRM contacts | false | CRM contacts 12345678", "Größe ß | true | Grosse ss 12345678",
        "[PROD] Loyalty -- Members! | true | PROD-Loyalty-Members 12345678", "Мир | true | flow 12345678", "_x | true | x 12345678"})
    void should_call_a_dataflow_as_its_flow_where_it_can(String flow, boolean unique, String dataflow) {
        assertThat(DataflowName.of(flow, "12345678-aaaa", unique)).isEqualTo(dataflow);
    }
}
