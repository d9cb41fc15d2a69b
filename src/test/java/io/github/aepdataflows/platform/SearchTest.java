package io.github.aepdataflows.platform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.aepdataflows.Rig;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A look for everything of a kind. */
class SearchTest {

    @ParameterizedTest
    @ValueSource(strings = {"source-class", "source-schema", "source-connection", "target-schema", "target-dataset", "dataset-connection",
        "target-connection", "mapping-set", "flow"})
    void should_ask_for_everything_without_a_filter(String step) {
        Search search = new Search(step, new Searches().everything());

        assertThat(search.isMore()).isTrue();
        assertThat(search.getQuery()).contains("limit=").doesNotContain("property=").doesNotStartWith("&");
    }

    @Test
    void should_find_everything_by_its_name_but_what_is_being_deleted() throws Exception {
        Search search = new Search("source-connection", new Searches().everything());
        search.accept(Rig.json("""
            {"items": [{"id": "4cb0c374-d3bb-4557-b139-5712880adc55", "name": "A", "state": "enabled"},
                       {"id": "no id of that form", "name": "B"},
                       {"id": "5cb0c374-d3bb-4557-b139-5712880adc55", "name": "C", "state": "deleted"}]}"""));

        assertThat(search.hits()).extracting(Search.Hit::name).containsExactly("A", "B");
    }

    @Test
    void should_take_no_odd_id_for_a_resource_that_is_sought_by_its_name() throws Exception {
        Search search = new Search("source-connection", Rig.json("{\"name\": \"B\"}"));

        assertThatThrownBy(() -> search.accept(Rig.json("{\"items\": [{\"id\": \"no id of that form\", \"name\": \"B\"}]}")))
                .hasMessageContaining("has no valid id");
    }

    @Test
    void should_name_a_mapping_set_by_its_schema() throws Exception {
        Search search = new Search("mapping-set", new Searches().everything());
        search.accept(Rig.json("""
            {"data": [{"id": "a", "xdmSchema": "https://ns.adobe.com/x"}, {"id": "b", "outputSchema": {"schemaRef": {"id": "https://ns.adobe.com/y"}}}]}"""));

        assertThat(search.hits()).extracting(Search.Hit::name).containsExactly("https://ns.adobe.com/x", "https://ns.adobe.com/y");
    }
}
