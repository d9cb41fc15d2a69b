package io.github.aepdataflows.resource;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.aepdataflows.Rig;
import java.io.IOException;
import java.io.UncheckedIOException;
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
        assertThat(paging.problem()).contains("the Platform returned a page without items");
    }
}
