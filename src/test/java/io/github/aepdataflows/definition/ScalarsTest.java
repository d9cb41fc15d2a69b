package io.github.aepdataflows.definition;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a plain YAML word is read as: what it would be in JSON, so that a reviewer and the program read the same. */
class ScalarsTest {

    @ParameterizedTest
    @ValueSource(strings = {"NO", "no", "yes", "on", "off", "y", "True", "FALSE", "Null", "12:30", "12:30:45", "1:20", "2026-01-01",
        "2026-01-01T00:00:00Z", "1.2.3", "0x1F", "0o17", "017", "1_000", "+1", "1.10.0", "0b1", "=", "1e", ".5"})
    void should_read_a_word_that_only_older_yaml_takes_for_something_else_as_text(String word) throws DefinitionException {
        assertThat(Sample.read(Sample.with("tableName: Account", "tableName: " + word)).source().path()).isEqualTo(word);
        assertThat(Sample.read(Sample.with("name: LastModifiedDate", "name: " + word)).copy().orElseThrow().at("/deltaColumn/name")
                .textValue())
                .isEqualTo(word);
    }

    @ParameterizedTest
    @ValueSource(strings = {"NO", "no", "yes", "on", "off", "y", "n", "True", "TRUE", "0", "1", "'true'", "null", ""})
    void should_not_take_anything_but_true_and_false_for_a_boolean(String word) {
        assertThat(Sample.faults(Sample.with("backfill: true", "backfill: " + word))).singleElement()
                .satisfies(fault -> assertThat(fault.path()).isEqualTo("schedule.backfill"))
                .satisfies(fault -> assertThat(fault.line()).isEqualTo(32))
                .satisfies(fault -> assertThat(fault.message()).contains("must be boolean"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"1.10", "5", "-0", "0.0", "1e3", "true", "false", "null"})
    void should_ask_for_quotes_where_a_word_would_be_a_number_or_boolean_in_json_too(String word) {
        assertThat(Sample.faults(Sample.with("tableName: Account", "tableName: " + word))).extracting(Fault::path, Fault::line)
                .containsExactly(tuple("source.tableName", 10));
    }

    @ParameterizedTest
    @ValueSource(strings = {"1.10", "5", "1e3", "2024", "true"})
    void should_show_the_very_text_that_is_to_be_put_in_quotes(String word) {
        assertThat(Sample.faults(Sample.with("tableName: Account", "tableName: " + word))).singleElement()
                .satisfies(fault -> assertThat(fault.message()).endsWith("must be string; put it in quotes: \"" + word + "\""));
    }

    @Test
    void should_not_repeat_what_may_be_a_secret_in_quotes() {
        assertThat(Sample.faults(Sample.with("baseConnectionId: ", "baseConnection: { name: 4711 }\n  x-unused: ")))
                .extracting(Fault::message)
                .anyMatch(message -> message.endsWith("put it in quotes")).noneMatch(message -> message.contains("4711"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"'1.10'", "\"5\"", "'true'", "'null'", "|-\n    5"})
    void should_read_a_quoted_word_as_text(String quoted) throws DefinitionException {
        assertThat(Sample.read(Sample.with("tableName: Account", "tableName: " + quoted)).source().path())
                .isEqualTo(quoted.replaceAll("['\"|\\s-]", ""));
    }

    @ParameterizedTest
    @ValueSource(strings = {"15 minutes", "0x0F", "1_5", "+15", "015", "12:30", ".inf", "-.inf", ".nan", "fifteen"})
    void should_not_take_a_word_for_a_number(String word) {
        assertThat(Sample.faults(Sample.with("interval: 15", "interval: " + word))).containsExactly(
                new Fault("schedule.interval", 31, "is \"" + word + "\" (string), but must be integer"));
    }

    @ParameterizedTest
    @CsvSource({"2030-01-01T00:00:00Z, 1893456000", "1893456000, 1893456000", "'2030-01-01T01:00:00+01:00', 1893456000",
        "'2030-01-01T00:00:00.5Z', 1893456000", "2026-01-01T00:00:00Z, 1767225600", "1767225600, 1767225600"})
    void should_read_a_start_time_as_instant_or_epoch_seconds(String given, long epochSeconds) throws DefinitionException {
        assertThat(Sample.read(Sample.with("2030-01-01T00:00:00Z", given)).schedule().startTime()).contains(epochSeconds);
    }

    @Test
    void should_read_numbers_as_they_stand() throws DefinitionException {
        assertThat(Sample.read(Sample.with("partialIngestionPercent: 5", "partialIngestionPercent: 0.5"))
                .options().orElseThrow().path("partialIngestionPercent").doubleValue()).isEqualTo(0.5);
        assertThat(Sample.read(Sample.YAML).options().orElseThrow().path("partialIngestionPercent").isIntegralNumber()).isTrue();
    }
}
