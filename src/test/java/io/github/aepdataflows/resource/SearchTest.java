package io.github.aepdataflows.resource;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.aepdataflows.Rig;
import java.io.IOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A look for everything of a kind. */
class SearchTest {

    private static final ProvenFilters FILTERS = new ProvenFilters(true);

    private static Optional<String> accept(Search search, String page) throws IOException {
        search.page(FILTERS);
        return search.accept(LookupResult.of(Rig.json(page)), FILTERS);
    }

    static List<Kind> kinds() {
        return Kinds.ALL;
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void should_ask_for_everything_without_a_filter(Kind kind) {
        Search search = Search.everything(kind);

        assertThat(search.isMore()).isTrue();
        assertThat(search.page(FILTERS).path()).isEqualTo(kind.collection());
        assertThat(search.page(FILTERS).query()).contains("limit=").doesNotContain("property=").doesNotStartWith("&");
    }

    @Test
    void should_find_everything_by_its_name_but_what_is_being_deleted() throws Exception {
        Search search = Search.everything(Kinds.SOURCE_CONNECTION);
        assertThat(accept(search, ("""
            {"items": [{"id": "4cb0c374-d3bb-4557-b139-5712880adc55", "name": "A", "state": "enabled"},
                       {"id": "no id of that form", "name": "B"},
                       {"id": "5cb0c374-d3bb-4557-b139-5712880adc55", "name": "C", "state": "deleted"}]}"""))).isEmpty();

        assertThat(search.hits()).extracting(Search.Hit::name).containsExactly("A", "B");
    }

    @Test
    void should_take_no_odd_id_for_a_resource_that_is_sought_by_its_name() throws Exception {
        Search search = Search.of(Kinds.SOURCE_CONNECTION, Rig.json("{\"name\": \"B\"}"), difference -> false);

        assertThat(accept(search, ("{\"items\": [{\"id\": \"no id of that form\", \"name\": \"B\"}]}")).orElseThrow())
                .contains("has no valid id");
    }

    @Test
    void should_name_a_mapping_set_by_its_schema() throws Exception {
        Search search = Search.everything(Kinds.MAPPING_SET);
        accept(search, ("""
            {"data": [{"id": "a", "xdmSchema": "https://ns.adobe.com/x"}, {"id": "b", "outputSchema": {"schemaRef": {"id": \
            "https://ns.adobe.com/y"}}}]}"""));

        assertThat(search.hits()).extracting(Search.Hit::name).containsExactly("https://ns.adobe.com/x", "https://ns.adobe.com/y");
    }

    @Test
    void should_not_take_a_mapping_set_of_another_name_for_the_one_that_is_sought() throws Exception {
        JsonNode sought =
                Rig.json("{'name': 'ours', 'outputSchema': {'schemaRef': {'id': 'https://ns.adobe.com/x'}}, 'mappings': []}".replace('\'',
                '"'));
        Search search = Search.of(Kinds.MAPPING_SET, sought, difference -> false);
        accept(search, ("{'data': [{'id': '%1$s', 'name': 'theirs', 'xdmSchema': 'https://ns.adobe.com/x', 'mappings': []}]}"
                .formatted("0".repeat(32)).replace('\'', '"')));

        assertThat(search.hits()).singleElement().matches(hit -> !hit.equal());
    }

    /** A list of more than one page, which a service of one dialect is asked for. */
    private static final class Listed {

        private static final String FIRST_PAGE = "{'items': [%s], '_links': {'next': {'href': '?continuationToken=2'}}}";
        private static final String LAST_PAGE = "{'items': [%s]}";

        private final ProvenFilters filters;
        private final Predicate<String> understood;
        private final List<String> names;
        private final List<String> asked = new ArrayList<>();

        private Listed(ProvenFilters filters, List<String> names, Predicate<String> understood) {
            this.filters = filters;
            this.names = names;
            this.understood = understood;
        }

        private List<String> find(String name) throws IOException {
            Search search = Search.of(Kinds.SOURCE_CONNECTION, Rig.json("{\"name\": \"%s\"}".formatted(name)), difference -> false);
            while (search.isMore()) {
                String query = URLDecoder.decode(search.page(filters).query(), StandardCharsets.UTF_8);
                asked.add(query);
                assertThat(search.accept(LookupResult.of(Rig.json(answer(query).replace('\'', '"'))), filters)).isEmpty();
            }
            return search.hits().stream().map(Search.Hit::name).toList();
        }

        private String answer(String query) {
            if (query.contains("property=")) {
                return LAST_PAGE.formatted(items(names.stream().filter(name -> understood.test(query)
                        && query.matches(".*name==\"?" + Pattern.quote(name) + "[\"&].*")).toList()));
            }
            return query.contains("continuationToken") ? LAST_PAGE.formatted(items(names.subList(1, names.size())))
                    : FIRST_PAGE.formatted(items(names.subList(0, 1)));
        }

        private String items(List<String> some) {
            return some.stream().map(name -> "{'id': '4cb0c374-d3bb-4557-b139-5712880adc5%d', 'name': '%s'}"
                    .formatted(names.indexOf(name), name)).collect(Collectors.joining(","));
        }
    }

    @Test
    void should_believe_a_filter_that_finds_something_else_that_exists() throws Exception {
        Listed listed = new Listed(new ProvenFilters(true), List.of("some one", "another"), query -> !query.contains("\""));

        assertThat(listed.find("not there")).isEmpty();
        assertThat(listed.asked).hasSize(3).element(1).asString().contains("name==some one");
        assertThat(listed.find("not there either")).isEmpty();
        assertThat(listed.asked).as("proven once for all").hasSize(4);
    }

    @Test
    void should_ask_with_quotes_where_a_filter_without_them_does_not_find_what_is_there() throws Exception {
        Listed listed = new Listed(new ProvenFilters(true), List.of("some one", "the last"), query -> query.contains("\""));

        assertThat(listed.find("the last")).containsExactly("the last");
        assertThat(listed.find("not there")).isEmpty();
        assertThat(listed.asked.subList(listed.asked.size() - 1, listed.asked.size())).singleElement().asString()
                .contains("name==\"not there\"");
    }

    @Test
    void should_go_through_the_whole_list_where_no_filter_finds_what_is_there() throws Exception {
        Listed listed = new Listed(new ProvenFilters(true), List.of("some one", "the last"), query -> false);

        assertThat(listed.find("the last")).containsExactly("the last");
        assertThat(listed.find("not there")).isEmpty();
    }

    @Test
    void should_go_through_the_whole_list_where_nothing_is_known_by_which_the_filter_could_be_proven() throws Exception {
        Listed listed = new Listed(new ProvenFilters(true), List.of("one", "the last"), query -> !query.contains(" "));

        assertThat(listed.find("the last")).containsExactly("the last");
    }

    @Test
    void should_miss_what_is_there_without_that_control() throws Exception {
        Listed listed = new Listed(new ProvenFilters(false), List.of("some one", "the last"), query -> false);

        assertThat(listed.find("the last")).isEmpty();
    }

    @Test
    void should_read_a_short_list_rather_than_prove_a_filter() throws Exception {
        Search search = Search.of(Kinds.SOURCE_CONNECTION, Rig.json("{\"name\": \"not there\"}"), difference -> false);
        assertThat(search.page(FILTERS).query()).isEqualTo("limit=100");
        accept(search, "{\"items\": [{\"id\": \"4cb0c374-d3bb-4557-b139-5712880adc55\", \"name\": \"A\"}]}");

        assertThat(search.isMore()).isFalse();
    }
}
