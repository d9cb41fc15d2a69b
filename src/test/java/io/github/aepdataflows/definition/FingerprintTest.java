package io.github.aepdataflows.definition;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** By what a definition is recognised, and what two have that differs. */
class FingerprintTest {

    private static final String SAMPLE = Sample.with("interval: 15", "interval: 15");

    @Test
    void should_name_each_field_that_was_changed_added_or_removed() throws Exception {
        Definition earlier = Sample.read(SAMPLE);
        Definition now = Sample.read(SAMPLE.replace("interval: 15", "interval: 30").replace("name: CRM source", "description: new"));

        assertThat(now.fingerprint().changesSince(earlier.fingerprint().fields())).containsExactly(
                "schedule.interval changed", "source.description added", "source.name removed");
    }

    @Test
    void should_find_no_change_in_another_spelling() throws Exception {
        Definition earlier = Sample.read(SAMPLE);
        Definition now = Sample.read("# a comment\n" + SAMPLE.replace("interval: 15", "interval:   15"));

        assertThat(now.digest()).isEqualTo(earlier.digest());
        assertThat(now.fingerprint().changesSince(earlier.fingerprint().fields())).isEmpty();
    }

    @Test
    void should_hold_no_value_of_the_definition() throws Exception {
        Definition definition = Sample.read(SAMPLE);

        assertThat(definition.fingerprint().fields().values()).allMatch(value -> value.matches("[0-9a-f]{12}"));
        assertThat(definition.fingerprint().fields()).containsKeys("source.tableName", "mapping[0].source");
    }
}
