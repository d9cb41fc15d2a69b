package io.github.aepdataflows.definition;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What can be wrong with the description of a field group, told before the Platform is asked anything. */
class FieldGroupFaultsTest {

    private static final String DETAILS = "      - https://ns.adobe.com/xdm/context/profile-person-details\n";

    private static String with(String fields) {
        return Sample.with(DETAILS, DETAILS + "      - { title: Loyalty, fields: %s }\n".formatted(fields));
    }

    @Test
    void should_read_all_types_and_what_is_said_of_a_field() throws Exception {
        Definition definition = Sample.read(with("{ a: string, b: integer, c: long, d: short, e: byte, f: number, g: boolean, h: date, "
                + "i: date-time, j: [ string ], k: { l: { m: string } }, n: [ { o: string } ], p: { $enum: [ x, y ] }, "
                + "q: { $type: [ long ], $title: Q }, r: { $title: R, $description: of R, s: string } }"));

        assertThat(definition.target().schema().describedGroups()).singleElement()
                .satisfies(group -> assertThat(group.name()).isEqualTo("Loyalty"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "{ a: strin }                        | .a             | did you mean string?",
        "{ a: 7 }                            | .a             | must be a type",
        "{ a: [ string, long ] }             | .a             | as in [string]",
        "{ a: [ [ string ] ] }               | .a             | as in [string]",
        "{ 1a: string }                      | .1a            | begins with a letter",
        "{ a: { $titel: x, $type: string } } | .a.$titel      | did you mean $title?",
        "{ a: { $title: 7, $type: string } } | .a.$title      | must be a text",
        "{ a: { $title: x } }                | .a             | says no type",
        "{ a: { $type: string, b: string } } | .a             | an object has fields alone",
        "{ a: { $type: date, $enum: [ x ] } }| .a             | either $type or $enum",
        "{ a: { $enum: [ 7 ] } }             | .a.$enum       | must be a list of texts",
        "{ a: { b: { c: wrong } } }          | .a.b.c         | no type of XDM",
        "{ a: [ { b: wrong } ] }             | .a[0].b        | no type of XDM",
        "{ $ref: x, a: string }              | .$ref          | is said of a field",
        "{ _acme: string }                   | ._acme         | the tenant's namespace"})
    void should_name_the_field_and_the_correction(String fields, String path, String words) {
        assertThat(Sample.faults(with(fields))).singleElement().satisfies(fault -> {
            assertThat(fault.path()).isEqualTo("target.schema.fieldGroups[1].fields" + path);
            assertThat(fault.message()).contains(words);
        });
    }

    @Test
    void should_refuse_a_title_that_is_described_twice() {
        assertThat(Sample.faults(with("{ a: string }").replace(DETAILS, DETAILS + "      - { title: Loyalty, fields: { a: string } }\n")))
                .singleElement().satisfies(fault -> assertThat(fault.path()).isEqualTo("target.schema.fieldGroups[2].title"));
    }

    @Test
    void should_refuse_two_field_groups_that_give_a_field_two_types() {
        String two = with("{ id: string, address: { city: string } }").replace(DETAILS, DETAILS
                + "      - { title: Other, fields: { id: { $type: string, $title: Id }, address: { city: long, zip: string } } }\n");

        assertThat(Sample.faults(two)).singleElement().satisfies(fault -> {
            assertThat(fault.path()).isEqualTo("target.schema.fieldGroups[2].fields.address.city");
            assertThat(fault.message()).contains("another field group of this schema describes it as");
        });
    }

    @Test
    void should_refuse_too_many_levels_and_too_many_fields() {
        String deep = "{ a: ".repeat(12) + "string" + " }".repeat(12);
        StringBuilder wide = new StringBuilder("{ z: string");
        for (int i = 0; i < 1000; i++) {
            wide.append(", f").append(i).append(": string");
        }

        assertThat(Sample.faults(with(deep))).extracting(Fault::message).containsExactly("is nested deeper than 10 levels");
        assertThat(Sample.faults(with(wide + " }"))).extracting(Fault::message).containsExactly("a field group has 1000 fields at most");
    }

    @Test
    void should_refuse_two_descriptions_of_one_title_in_a_file() {
        String first = with("{ a: string }");
        String same = first.replace("name: CRM accounts", "name: Second");
        String other = with("{ a: long }").replace("name: CRM accounts", "name: Third");

        List<DefinitionPart> parts = DefinitionFile.parts((first + "---\n" + same + "---\n" + other).getBytes());

        assertThat(parts.get(0).faults()).isEmpty();
        assertThat(parts.get(1).faults()).isEmpty();
        assertThat(parts.get(2).faults()).singleElement().satisfies(fault -> {
            assertThat(fault.path()).isEqualTo("target.schema.fieldGroups[1]");
            assertThat(fault.message()).contains("described otherwise on line 21");
        });
    }
}
