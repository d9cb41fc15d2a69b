package io.github.aepdataflows.resource;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.aepdataflows.Rig;
import java.io.IOException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DifferenceTest {

    @ParameterizedTest(name = "{0} | {1}")
    @CsvSource(delimiter = '|', quoteCharacter = '"', nullValues = "-", value = {
        "{'a': 15}                      | {'a': '15', 'more': 1}        | -",
        "{'a': true}                    | {'a': 'true'}                 | -",
        "{'a': null}                    | {}                            | -",
        "{'a': ''}                      | {}                            | -",
        "{'a': {}}                      | {}                            | -",
        "{'a': 15}                      | {'a': 16}                     | a",
        "{'a': {'b': 1, 'c': 2}}        | {'a': {'b': 1, 'c': 3}}       | a.c",
        "{'a': {'b': 1, 'c': 2}}        | {}                            | a.b a.c",
        "{'a': [1, 2]}                  | {'a': [1, 3]}                 | a[1]",
        "{'a': [1, 2]}                  | {'a': [1, 2, 3]}              | a",
        "{'a': [1]}                     | {'a': null}                   | a",
        "{'a': [{'name': 'x', 'v': 1}, {'name': 'y', 'v': 2}]} | {'a': [{'name': 'y', 'v': 2}, {'name': 'x', 'v': 1}]} | -",
        "{'a': [{'name': 'x', 'v': 1}, {'name': 'y', 'v': 2}]} | {'a': [{'name': 'y', 'v': 9}, {'name': 'x', 'v': 1}]} | a[1].v",
        "{'a': [{'name': 'x'}, {'name': 'z'}]}                 | {'a': [{'name': 'x'}, {'name': 'y'}]}                 | a[1].name"})
    void should_name_each_declared_field_that_differs(String wanted, String is, String paths) throws IOException {
        assertThat(String.join(" ", Difference.between(Rig.json(wanted.replace('\'', '"')), Rig.json(is.replace('\'', '"'))).stream()
                .map(Difference::path).toList())).isEqualTo(paths == null ? "" : paths);
    }
}
