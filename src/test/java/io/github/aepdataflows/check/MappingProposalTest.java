package io.github.aepdataflows.check;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.List;
import java.util.Set;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;

class MappingProposalTest {

    private static final ObjectMapper JSON = new ObjectMapper();

    private static final String SCHEMA = """
            {"properties": {
              "_id": {"type": "string"},
              "_acme": {"type": "object", "properties": {"level": {"type": "string", "enum": ["a", "b"]},
                "joined on": {"type": "string", "format": "date"}, "score": {"type": "number"}, "visits": {"type": "integer"}}},
              "person": {"type": "object", "properties": {"name": {"type": "object", "properties": {
                "firstName": {"type": "string"}, "lastName": {"type": "string"}}}}},
              "homeAddress": {"type": "object", "properties": {"city": {"type": "string"}, "street1": {"type": "string"}}},
              "workAddress": {"type": "object", "properties": {"city": {"type": "string"}}},
              "orders": {"type": "array", "items": {"type": "object", "properties": {"sku": {"type": "string"}}}},
              "labels": {"type": "object", "additionalProperties": {"type": "string"}}},
             "required": ["_id"]}""";

    @Test
    void should_pair_what_is_called_alike_whatever_the_capital_letters_and_separators() throws Exception {
        assertThat(rules("FIRST_NAME:string", "last-name:string", "Joined-On:date")).containsExactly(
                "FIRST_NAME > person.name.firstName", "${last-name} > person.name.lastName", "${Joined-On} > _acme.joined on");
    }

    @Test
    void should_put_required_fields_first() throws Exception {
        assertThat(rules("firstName:string", "Id:string")).containsExactly("Id > _id", "firstName > person.name.firstName");
    }

    @Test
    void should_put_identities_before_those_and_leave_out_what_is_not_read() throws Exception {
        var list = JSON.createArrayNode();
        List.of("firstName", "Id", "street1").forEach(name -> list.addObject().put("name", name).put("type", "string"));

        ObjectNode report = MappingProposal.of(SourceColumns.of(list), Set.of("Id", "street1"), fields(), List.of("homeAddress.street1"))
                .report();

        assertThat(report.path("mapping").findValuesAsText("source")).containsExactly("street1", "Id");
    }

    @Test
    void should_propose_nothing_that_may_mean_several() throws Exception {
        assertThat(rules("city:string")).isEmpty();
        assertThat(open("city:string")).contains("city may go to several fields: homeAddress.city, workAddress.city",
                "no column for _id, which records need");
        assertThat(rules("first_name:string", "FirstName:string")).isEmpty();
        assertThat(open("first_name:string", "FirstName:string"))
                .contains("several columns are called as person.name.firstName: first_name, FirstName");
    }

    @Test
    void should_tell_fields_of_one_name_apart_by_what_they_are_in() throws Exception {
        assertThat(rules("home_address_city:string", "WorkAddressCity:string"))
                .containsExactly("home_address_city > homeAddress.city", "WorkAddressCity > workAddress.city");
    }

    @Test
    void should_propose_nothing_whose_type_does_not_fit() throws Exception {
        assertThat(rules("score:string", "visits:number", "joined_on:string", "level:string")).isEmpty();
        assertThat(rules("score:integer", "visits:integer", "Id:integer")).containsExactly("Id > _id", "score > _acme.score",
                "visits > _acme.visits");
    }

    @Test
    void should_leave_lists_and_maps_alone() throws Exception {
        assertThat(rules("sku:string", "labels:string")).isEmpty();
        assertThat(open("sku:string", "labels:string")).contains("no field for: sku, labels");
    }

    @Test
    void should_find_what_is_in_a_hierarchy() throws Exception {
        SourceColumns nested = SourceColumns.of(JSON.readTree("""
                {"schema": {"type": "object", "properties": {"who": {"type": "object", "properties": {
                  "first_name": {"type": "string"}}}, "tags": {"type": "array", "items": {"type": "string"}}}}}"""));

        ObjectNode report = MappingProposal.of(nested, Set.of(), fields(), List.of()).report();

        assertThat(report.path("mapping")).isEmpty();   // whoFirstName is another name
        SourceColumns same = SourceColumns.of(JSON.readTree("""
                {"schema": {"type": "object", "properties": {"name": {"type": "object", "properties": {
                  "first_name": {"type": "string"}}}}}}"""));
        assertThat(MappingProposal.of(same, Set.of(), fields(), List.of()).report().at("/mapping/0").toString())
                .isEqualTo("{\"source\":\"name.first_name\",\"destination\":\"person.name.firstName\"}");
    }

    private static List<String> rules(String... columns) throws IOException {
        return StreamSupport.stream(report(columns).path("mapping").spliterator(), false)
                .map(rule -> rule.path("source").asText() + " > " + rule.path("destination").asText()).toList();
    }

    private static List<String> open(String... columns) throws IOException {
        return StreamSupport.stream(report(columns).path("open").spliterator(), false).map(JsonNode::asText).toList();
    }

    /** @param columns as in {@code Id:string} */
    private static ObjectNode report(String... columns) throws IOException {
        var list = JSON.createArrayNode();
        for (String column : columns) {
            String[] parts = column.split(":");
            list.addObject().put("name", parts[0]).put("type", parts[1].equals("date") ? "string" : parts[1])
                    .put("meta:xdmType", parts[1].equals("date") ? "date-time" : parts[1]);
        }
        return MappingProposal.of(SourceColumns.of(list), Set.of(), fields(), List.of()).report();
    }

    private static Fields fields() throws IOException {
        Fields fields = new Fields();
        fields.add(JSON.readTree(SCHEMA));
        return fields;
    }
}
