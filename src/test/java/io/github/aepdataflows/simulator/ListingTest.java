package io.github.aepdataflows.simulator;

import static io.github.aepdataflows.simulator.Client.FLOW_SERVICE;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Filters, order, paging and counting of Flow Service lists, on flows named A to E made in that order. */
class ListingTest {

    private static Simulator simulator;
    private static Client client;
    private static Chain chain;

    @BeforeAll
    static void start() throws IOException {
        simulator = Simulator.start(Options.defaults().withPageSize(4));
        client = Client.of(simulator);
        chain = Chain.create(client);
        for (String name : List.of("A", "B", "C", "D", "E, \\\"the last\\\" & 100%+")) {
            chain.postFlow(chain.flowBody().replace("\"name\": \"Customers\"", "\"name\": \"" + name + "\""));
        }
    }

    @AfterAll
    static void stop() throws IOException {
        simulator.close();
    }

    private static List<String> names(String query) {
        List<String> names = new ArrayList<>();
        JsonNode answer = client.get(FLOW_SERVICE + "/flows?" + query).json();
        assertThat(answer.has("items")).as(answer.toString()).isTrue();
        answer.path("items").forEach(item -> names.add(item.path("name").asText().substring(0, 1)));
        return names;
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '\'', value = {
        "property=name==B                                       | B",
        "property=name==\"B\"                                   | B",
        "property=name==%22B%22                                 | B",
        "property=name==D,B                                     | DB",
        "property=name==b                                       | ''",
        "property=name!=A&property=name!=E                      | EDCB",
        "property=name>=B&property=name<D                       | CB",
        "property=createdAt>5                                   | EDCB",
        "property=createdAt<5                                   | ''",
        "property=flowSpec.id==14518937-270c-4525-bdec-c2ba7cce3860 | EDCB",
        "property=transformations[].params.deltaColumn.name==CreatedDate&property=name==A | A",
        "property=inheritedAttributes.properties.isSourceFlow==true | EDCB",
        "property=inheritedAttributes.targetConnections[].connectionSpec.id==c604ff05-7f1a-43c0-8e18-33bf874cb11c | EDCB",
        "property=nothing.of.the.kind==1&property=name==A       | refused",
        "orderby=name                                           | ABCD",
        "orderby=-name                                          | EDCB",
        "orderby=+name                                          | ABCD",
        "orderby=%2Bname&limit=2                                | AB",
        "orderby=flowSpec.id,-name                              | EDCB"})
    void should_filter_and_order(String query, String expected) {
        String raw = query.replace("[", "%5B").replace("]", "%5D");
        if (expected.equals("refused")) {
            assertThat(client.get(FLOW_SERVICE + "/flows?" + raw).text()).contains("1449-400");
        } else {
            assertThat(String.join("", names(raw))).isEqualTo(expected);
        }
    }

    @Test
    void should_find_a_name_of_awkward_characters_by_its_encoded_form() {
        // a comma is only part of a name within quotes, which leaves no way to name the quotes themselves
        assertThat(names("property=name%3E%3DE%2C&property=sourceConnectionIds%5B%5D==" + chain.sourceId())).containsExactly("E");
    }

    @Test
    void should_page_by_a_token_in_a_relative_link() {
        JsonNode first = client.get(FLOW_SERVICE + "/flows").json();
        String href = first.at("/_links/next/href").asText();

        JsonNode second = client.get(FLOW_SERVICE + href).json();

        assertThat(first.path("items")).hasSize(4);
        assertThat(href).startsWith("/flows?continuationToken=");
        assertThat(second.path("items")).singleElement().satisfies(item -> assertThat(item.path("name").asText()).isEqualTo("A"));
        assertThat(second.path("_links").isEmpty()).isTrue();
    }

    @Test
    void should_never_list_more_than_a_page() {
        assertThat(names("limit=5000")).hasSize(4);
    }

    @Test
    void should_count_all_pages() {
        assertThat(client.get(FLOW_SERVICE + "/flows?count=true").text()).isEqualTo("{\"count\":5}");
        assertThat(names("count=false&limit=1")).hasSize(1);
    }

    @Test
    void should_look_specs_up_by_property_and_id() {
        JsonNode flowSpec = client.get(FLOW_SERVICE + "/flowSpecs?property=name==%22CRMToAEP%22").item();
        JsonNode connector = client.get(FLOW_SERVICE + "/connectionSpecs?property=name==\"google-big-query\"").item();

        assertThat(flowSpec.path("id").asText()).isEqualTo(Chain.TABLES);
        assertThat(flowSpec.path("sourceConnectionSpecIds")).hasSize(37);
        assertThat(connector.path("id").asText()).isEqualTo("3c9b37f8-13a6-43d8-bad3-b863b941fedd");
        assertThat(client.get(FLOW_SERVICE + "/connectionSpecs").json().path("items")).hasSize(58);
        assertThat(client.get(FLOW_SERVICE + "/flowSpecs/" + Chain.TABLES).item()).isEqualTo(flowSpec);
    }
}
