package io.github.aepdataflows.resource;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.aepdataflows.Rig;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.HashSet;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PagingTest {

    private static JsonNode json(String text) {
        try {
            return Rig.json(text.replace('\'', '"'));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static JsonNode page(String next) {
        return json("{'items': [], '_links': {'next': {'href': '?continuationToken=%s'}}}".formatted(next));
    }

    private final Paging paging = new Paging(Service.FLOW_SERVICE);

    @Test
    void should_ask_for_the_first_page_without_a_token() {
        assertThat(paging.isMore()).isTrue();
        assertThat(paging.query()).isEqualTo("limit=100");
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "{'items': []}", "{'items': [], '_links': {}}", "{'items': [], '_links': {'next': null}}",
        "{'items': [], '_links': {'next': {'href': ''}}}", "{'items': [], '_links': null}"})
    void should_end_at_a_page_without_a_next_link(String lastPage) {
        paging.accept(json(lastPage));

        assertThat(paging.isMore()).isFalse();
        assertThat(paging.problem()).isEmpty();
    }

    @Test
    void should_take_nothing_but_the_decoded_token_from_the_next_link() {
        paging.accept(json("""
            {"items": [], "_links": {"next": {"href": "https://evil.example/flows?limit=9&continuationToken=a%2Bb%3D%3D&x=y"}}}"""));

        assertThat(paging.isMore()).isTrue();
        assertThat(paging.query()).endsWith("&continuationToken=a%2Bb%3D%3D");
    }

    @Test
    void should_stop_when_a_token_comes_back() {
        paging.accept(page("a"));
        paging.accept(page("b"));
        paging.accept(page("a"));

        assertThat(paging.isMore()).isFalse();
        assertThat(paging.problem()).contains("the Platform keeps returning the same page");
    }

    @Test
    void should_stop_after_a_thousand_pages() {
        int pages = 0;
        while (paging.isMore() && pages < 5000) {
            paging.accept(page("token" + pages++));
        }

        assertThat(pages).isEqualTo(1000);
        assertThat(paging.problem()).contains("the listing has more than 1000 pages");
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "{}", "[]", "{'items': null}", "{'count': 3}", "{'items': {}, '_links': {'next': {'href': '?continuationToken=a'}}}"})
    void should_call_a_page_without_items_a_problem_and_not_an_end(String page) {
        assertThat(paging.accept(json(page))).isEmpty();

        assertThat(paging.isMore()).isFalse();
        assertThat(paging.problem()).contains("the Platform returned a page without items or results");
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "{'items': [], '_links': {'next': '/flows?continuationToken=a%2Bb'}}", "{'items': [], '_page': {'next': 'a+b'}}",
        "{'items': [], '_links': {'next': 'a+b'}}", "{'items': [], '_page': {'next': '/flows?limit=3&continuationToken=a%2Bb'}}"})
    void should_read_the_next_position_in_every_documented_form(String page) {
        paging.accept(json(page));

        assertThat(paging.query()).endsWith("&continuationToken=a%2Bb");
    }

    @Test
    void should_not_take_a_next_page_that_it_cannot_read_for_the_end() {
        paging.accept(json("{'items': [], '_links': {'next': {'href': '/flows?cursor=a'}}}"));

        assertThat(paging.problem().orElseThrow()).contains("what cannot be read: /flows?cursor=a");
    }

    @ParameterizedTest
    @ValueSource(strings = {"Some / title", "https://platform.adobe.io/schemas?limit=3&start=Some%20%2F%20title&orderby=title"})
    void should_read_where_the_next_page_of_the_registry_starts(String next) {
        Paging registry = new Paging(Service.SCHEMA_REGISTRY);
        registry.accept(json("{'results': [], '_page': {'next': '%s'}}".formatted(next)));

        assertThat(registry.query()).endsWith("&start=Some%20%2F%20title");
    }

    /** Ids of mapping sets that a walk has read of so many, where the start counts sets or pages of which the first is 0 or 1. */
    private static Set<String> walk(int all, int step, int first) {
        Paging sets = new Paging(Service.DATA_PREP);
        Set<String> read = new HashSet<>();
        while (sets.isMore()) {
            int start = Integer.parseInt(sets.query().replaceFirst("^.*start=", ""));
            int from = Math.max(0, start - first) * step;
            sets.accept(json("{'data': [%s]}".formatted(IntStream.range(from, Math.max(from, Math.min(all, from + 100)))
                    .mapToObj(i -> "{'id': '" + i + "'}").collect(Collectors.joining(",")))))
                    .forEach(set -> read.add(set.path("id").asText()));
        }
        assertThat(sets.problem()).isEmpty();
        return read;
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 99, 100, 101, 200, 250, 305})
    void should_read_all_mapping_sets_whether_the_start_counts_sets_or_pages(int all) {
        assertThat(walk(all, 1, 0)).hasSize(all);
        assertThat(walk(all, 100, 0)).hasSize(all);
        assertThat(walk(all, 100, 1)).hasSize(all);
    }
}
