package io.github.aepdataflows.definition;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The short form of a filter becomes what Adobe's tutorial "Filter row-level data" has for the same rows. */
class RowFilterTest {

    private static final ObjectMapper JSON = new ObjectMapper();

    /** A node in short: {@code [function, param…]}; a text is a column, and a list of one is a literal. */
    private static ObjectNode node(ArrayNode written) {
        ObjectNode node = JSON.createObjectNode().put("nodeType", "fnApply").put("fnName", written.get(0).asText());
        ArrayNode params = node.putArray("params");
        for (int i = 1; i < written.size(); i++) {
            if (written.get(i).isTextual()) {
                params.addObject().put("nodeType", "fieldLookup").put("fieldName", written.get(i).asText());
            } else if (written.get(i).size() == 1) {
                params.addObject().put("nodeType", "literal").set("value", written.get(i).get(0));
            } else {
                params.add(node((ArrayNode) written.get(i)));
            }
        }
        return node;
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', value = {
        "city = 'DDN'                          | ['=', 'city', ['DDN']]",
        "firstname like '%s'                   | ['like', 'firstname', ['%s']]",
        "firstname in ('Ramen', 'John')        | ['in', 'firstname', [['Ramen', 'John']]]",
        "complaint_type is null                | ['isNull', 'complaint_type']",
        "complaint_type is not null            | ['NOT', ['isNull', 'complaint_type']]",
        "age >= 20 and age <= 30 and (city != 'PUD' or joinedDate = '2020-04-22') | ['and', ['>=', 'age', [20]], ['<=', 'age', [30]],"
            + " ['or', ['!=', 'city', ['PUD']], ['=', 'joinedDate', ['2020-04-22']]]]",
        "a < 1 or b > 2 and c <> 'x'           | ['or', ['<', 'a', [1]], ['and', ['>', 'b', [2]], ['!=', 'c', ['x']]]]",
        "NOT a == 1 AND b NOT IN (1, 2)        | ['and', ['NOT', ['=', 'a', [1]]], ['NOT', ['in', 'b', [[1, 2]]]]]",
        "not (a = 1 or a = 2)                  | ['NOT', ['or', ['=', 'a', [1]], ['=', 'a', [2]]]]",
        "a = 'O\"Neil' and b not like 'x%'     | ['and', ['=', 'a', ['O\\\"Neil']], ['NOT', ['like', 'b', ['x%']]]]",
        "`Order #` = -12.50                    | ['=', 'Order #', [-12.50]]",
        "`is` is null                          | ['isNull', 'is']",
        "crm.Größe>=1                          | ['>=', 'crm.Größe', [1]]"})
    void should_become_the_documented_condition(String condition, String expected) throws Exception {
        ObjectNode parsed = RowFilter.parsed(condition);

        assertThat(parsed.path("type").asText()).isEqualTo("PQL");
        assertThat(parsed.path("format").asText()).isEqualTo("pql/json");
        assertThat(JSON.readTree(parsed.path("value").toString())).isEqualTo(JSON.readTree(
                node((ArrayNode) JSON.readTree(expected.replace('\'', '"'))).toString()));
    }

    @Test
    void should_keep_an_apostrophe_that_is_written_twice() {
        assertThat(RowFilter.parsed("a = 'O''Neil'").at("/value/params/1/value").asText()).isEqualTo("O'Neil");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', value = {
        "city                   | at character 5 there has to be one of = != < <= > >= like in is, and not the end",
        "city = Paris           | at character 8 there has to be a value: a text in single quotes or a number, and not ~Paris~",
        "city = 'Paris          | at character 8 there has to be a value",
        "city = 'Paris' age > 5 | at character 16 there has to be and, or, or the end, and not ~age~",
        "(city = 'Paris'        | at character 16 there has to be a closing bracket",
        "city in 'Paris'        | at character 9 there has to be a list of values in brackets",
        "city is 5              | at character 9 there has to be null",
        "city not = 5           | at character 10 there has to be like or in",
        "= 5                    | at character 1 there has to be a column",
        "city = 5 and           | there has to be a column",
        "city = 5; drop         | at character 9 there has to be and, or, or the end"})
    void should_say_where_it_cannot_be_understood(String condition, String message) {
        assertThatIllegalArgumentException().isThrownBy(() -> RowFilter.parsed(condition)).withMessageContaining(message.replace('~', '"'));
    }

    @Test
    void should_refuse_what_is_nested_too_deep() {
        assertThatIllegalArgumentException().isThrownBy(() -> RowFilter.parsed("(".repeat(4000) + "a = 1"))
                .withMessageContaining("nested deeper than 50");
        assertThat(Sample.faults(Sample.with("tableName: Account", "tableName: Account\n  filters: city = Paris")))
                .anySatisfy(fault -> assertThat(fault.path()).isEqualTo("source.filters"));
    }
}
