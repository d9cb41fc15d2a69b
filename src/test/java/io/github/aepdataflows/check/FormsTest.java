package io.github.aepdataflows.check;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.aepdataflows.Rig;
import java.io.IOException;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The forms in which sources describe their columns, schemas their fields, and definitions their files. */
class FormsTest {

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "{'format':'flat','schema':{'columns':[{'name':'Full.Name','type':'string','xdm':{'type':'string','format':'date-time'}}]}}",
        "[{'name':'Full.Name','type':'string','meta':{'originalType':'System.DateTime'}}]",
        "{'schema':{'columns':[{'name':'Full.Name','type':'string','meta:xdmType':'date-time'}]}}"})
    void should_read_columns_of_every_edition(String explored) throws IOException {
        SourceColumns columns = SourceColumns.of(Rig.json(explored.replace('\'', '"')));

        assertThat(columns.names()).containsExactly("Full.Name");
        assertThat(columns.isDate("Full.Name")).isTrue();
        assertThat(columns.hasAttribute("Full.Name")).isTrue();
        assertThat(columns.hasAttribute("Full\\.Name")).isTrue();
        assertThat(columns.hasAttribute("${Full.Name}")).isTrue();
        assertThat(columns.hasAttribute("Full")).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"'type':'timestamp'", "'type':'string','meta':{'originalType':'TIMESTAMP_NTZ'}", "'type':'date'",
        "'type':'string','meta':{'originalType':'DATE'}", "'type':'string','meta:xdmType':'date'",
        "'type':'string','xdm':{'type':'string','format':'time'}"})
    void should_know_a_date_or_a_time_in_every_form(String column) throws IOException {
        assertThat(SourceColumns.of(Rig.json("[{'name':'At',%s}]".formatted(column).replace('\'', '"'))).isDate("At")).isTrue();
    }

    @Test
    void should_look_into_what_a_source_describes_and_nowhere_else() throws IOException {
        SourceColumns file = SourceColumns.of(Rig.json("""
                {"format": "hierarchical", "schema": {"type": "object", "properties": {
                 "person": {"type": "object", "properties": {"name": {"type": "string"}}},
                 "orders": {"type": "array", "items": {"type": "object", "properties": {"sku": {"type": "string"}}}},
                 "any": {"type": "object"}}}}"""));
        SourceColumns table = SourceColumns.of(Rig.json("[{\"name\": \"Name\", \"type\": \"String\"}, {\"name\": \"Struct\", "
                + "\"type\": \"record\"}]"));

        assertThat(new String[] {"person.name", "person", "orders[0].sku", "orders[*].sku", "orders", "any.thing", "${person.name}"})
                .allMatch(file::hasAttribute);
        assertThat(new String[] {"person.nmae", "orders[0].skew", "person.name.first", "nobody"}).noneMatch(file::hasAttribute);
        assertThat(file.nearest("person.nmae").word()).isEqualTo("person.name");
        assertThat(table.hasAttribute("Struct.inner")).isTrue();
        assertThat(table.hasAttribute("Name.first")).isFalse();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "lower(Name) | Name",
        "concat(First Name, ' of ', ${Order #}) | First Name,Order #",
        "iif(a.equals(b) and not Name eq 'x', orders[0].sku, null) | a,b,Name,orders[0].sku",
        "upper(\"(Name\") | ''",
        "date(new, \"yyyy\") | new",
        "date(date, 'yyyy') | ''",
        "person.name.equals(1 + 2024) | person.name",
        "${Name}.get(\"k\") | Name"})
    void should_find_the_columns_in_an_expression(String expression, String names) {
        assertThat(ExpressionNames.of(expression, Set.of("First Name", "Order #", "new", "2024")).stream()
                .map(ExpressionNames.Name::text).collect(Collectors.joining(","))).isEqualTo(names);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "{'format':'hierarchical','schema':{'type':'object','properties':{'customer':{'type':'object'}}}}",
        "{'format':'hierarchical','schema':{'type':'array','items':{'properties':{'customer':{'type':'object'}}}}}"})
    void should_read_hierarchical_files(String explored) throws IOException {
        SourceColumns columns = SourceColumns.of(Rig.json(explored.replace('\'', '"')));

        assertThat(columns.hasAttribute("customer.name")).isTrue();
        assertThat(columns.hasAttribute("customer[0].name")).isTrue();
        assertThat(columns.hasAttribute("custumer.name")).isFalse();
    }

    @Test
    void should_find_fields_in_objects_lists_maps_and_parts() throws IOException {
        Fields fields = new Fields();
        fields.add(Rig.json("""
                {"properties": {"person": {"type": "object", "properties": {"name": {"type": "object", "properties": {"firstName": \
                {"type": "string"}}}}},
                 "orders": {"type": "array", "items": {"type": "object", "properties": {"price": {"type": "number"}}}},
                 "identityMap": {"type": "object", "additionalProperties": {"type": "array", "items": {"properties": {"id": {"type": \
                "string"}}}}},
                 "anything": {"type": "object"}},
                 "allOf": [{"properties": {"_acme": {"type": "object", "properties": {"tier": {"type": "string"}}}}}]}"""));

        assertThat(new String[] {"person.name.firstName", "person.name", "orders[0].price", "orders[*].price", "identityMap.Email[0].id",
                "anything.at.all", "_acme.tier"})
                .allMatch(fields::has);
        assertThat(new String[] {"person.name.first", "firstName", "orders[0].prize", "identityMap.Email[0].idd", "_acme.tears",
                "person.name.firstName.x", ""})
                .noneMatch(fields::has);
        assertThat(fields.leaves()).contains("person.name.firstName", "orders.price", "_acme.tier");
    }

    @ParameterizedTest
    @CsvSource({
        "/landing/accounts.csv, /landing, /landing/accounts.csv, /landing/accounts-2.csv",
        "/landing/*.csv, /landing, /landing/a.csv, /landing/a.json",
        "/landing/20??-*/part-[1].csv, /landing, /x/part-[1].csv, /x/part-1.csv",
        "/landing/*, /landing, /landing/a, /landing/_SUCCESS",
        "/accounts.csv, /, /accounts.csv, /b.csv",
        "/landing/, /, /landing, /other"})
    void should_tell_what_a_path_of_files_means(String path, String folder, String meant, String other) {
        assertThat(new FilePath(path).folder()).isEqualTo(folder);
        assertThat(new FilePath(path).means(meant)).isTrue();
        assertThat(new FilePath(path).means(other)).isFalse();
    }
}
