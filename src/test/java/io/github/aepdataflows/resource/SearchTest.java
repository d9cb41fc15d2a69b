package io.github.aepdataflows.resource;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.aepdataflows.Rig;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A look for everything of a kind. */
class SearchTest {

    static List<Kind> kinds() {
        return Kinds.ALL;
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void should_ask_for_everything_without_a_filter(Kind kind) {
        Search search = Search.everything(kind);

        assertThat(search.isMore()).isTrue();
        assertThat(search.getPage().path()).isEqualTo(kind.collection());
        assertThat(search.getPage().query()).contains("limit=").doesNotContain("property=").doesNotStartWith("&");
    }

    @Test
    void should_find_everything_by_its_name_but_what_is_being_deleted() throws Exception {
        Search search = Search.everything(Kinds.SOURCE_CONNECTION);
        assertThat(search.accept(Rig.json("""
            {"items": [{"id": "4cb0c374-d3bb-4557-b139-5712880adc55", "name": "A", "state": "enabled"},
                       {"id": "no id of that form", "name": "B"},
                       {"id": "5cb0c374-d3bb-4557-b139-5712880adc55", "name": "C", "state": "deleted"}]}"""))).isEmpty();

        assertThat(search.hits()).extracting(Search.Hit::name).containsExactly("A", "B");
    }

    @Test
    void should_take_no_odd_id_for_a_resource_that_is_sought_by_its_name() throws Exception {
        Search search = Search.of(Kinds.SOURCE_CONNECTION, Rig.json("{\"name\": \"B\"}"));

        assertThat(search.accept(Rig.json("{\"items\": [{\"id\": \"no id of that form\", \"name\": \"B\"}]}")).orElseThrow())
                .contains("has no valid id");
    }

    @Test
    void should_name_a_mapping_set_by_its_schema() throws Exception {
        Search search = Search.everything(Kinds.MAPPING_SET);
        search.accept(Rig.json("""
            {"data": [{"id": "a", "xdmSchema": "https://ns.adobe.com/x"}, {"id": "b", "outputSchema": {"schemaRef": {"id": \
            "https://ns.adobe.com/y"}}}]}"""));

        assertThat(search.hits()).extracting(Search.Hit::name).containsExactly("https://ns.adobe.com/x", "https://ns.adobe.com/y");
    }

    @Test
    void should_not_take_a_mapping_set_of_another_name_for_the_one_that_is_sought() throws Exception {
        JsonNode sought =
                Rig.json("{'name': 'ours', 'outputSchema': {'schemaRef': {'id': 'https://ns.adobe.com/x'}}, 'mappings': []}".replace('\'',
                '"'));
        Search search = Search.of(Kinds.MAPPING_SET, sought);
        search.accept(Rig.json("{'data': [{'id': '%1$s', 'name': 'theirs', 'xdmSchema': 'https://ns.adobe.com/x', 'mappings': []}]}"
                .formatted("0".repeat(32)).replace('\'', '"')));

        assertThat(search.hits()).singleElement().matches(hit -> !hit.equal());
    }
}
