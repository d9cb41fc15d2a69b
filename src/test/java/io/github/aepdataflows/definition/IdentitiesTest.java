package io.github.aepdataflows.definition;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.github.aepdataflows.definition.Definition.Identity;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The identities of a new schema: how they are written, and that Profile needs one. */
class IdentitiesTest {

    private static final String TITLE = "    title: CRM schema\n";
    private static final String EMAIL = "{ path: personalEmail.address, namespace: Email, primary: true }";
    private static final String PHONE = "{ path: mobilePhone.number, namespace: Phone }";
    private static final String PROFILE = "  profile: true\n";
    private static final String GROUP = "      - https://ns.adobe.com/xdm/context/profile-person-details\n";
    private static final String CLASS = "    class: https://ns.adobe.com/xdm/context/profile\n";

    /** The sample whose schema has these identities, the first of them on line 19. */
    private static String with(String... identities) {
        return Sample.with(TITLE, TITLE + "    identities:\n" + Stream.of(identities).map("      - %s\n"::formatted)
                .reduce("", String::concat));
    }

    private static String profiled(String text) {
        return text.replace("  name: CRM target\n", "  name: CRM target\n" + PROFILE);
    }

    @Test
    void should_read_identities_in_their_order_which_are_not_primary_unless_they_say_so() throws DefinitionException {
        assertThat(Sample.read(with(PHONE, EMAIL)).target().schema().identities()).containsExactly(
                new Identity("mobilePhone.number", "Phone", false), new Identity("personalEmail.address", "Email", true));
        assertThat(Sample.read(Sample.YAML).target().schema().identities()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"_id, /_id", "personalEmail.address, /personalEmail/address", "_acme.crm.id, /_acme/crm/id", "a\\.b.c, /a.b/c"})
    void should_tell_the_path_of_an_identity_as_a_descriptor_has_it(String path, String sourceProperty) throws DefinitionException {
        String text = with(EMAIL.replace("personalEmail.address", path));

        assertThat(Sample.read(text).target().schema().identities()).singleElement().extracting(Identity::sourceProperty)
                .isEqualTo(sourceProperty);
    }

    @Test
    void should_give_other_identities_another_digest() throws DefinitionException {
        String digest = Sample.read(with(EMAIL, PHONE)).digest();

        assertThat(List.of(Sample.YAML, with(EMAIL), with(EMAIL, PHONE.replace("Phone", "CRMID")),
                with(EMAIL.replace("true", "false"), PHONE)))
                .allSatisfy(other -> assertThat(Sample.read(other).digest()).isNotEqualTo(digest));
        assertThat(Sample.read(with(EMAIL)).fingerprint().changesSince(Sample.read(Sample.YAML).fingerprint().fields())).containsExactly(
                "target.schema.identities[0].namespace added", "target.schema.identities[0].path added",
                "target.schema.identities[0].primary added");
    }

    static Stream<Arguments> faults() {
        return Stream.of(
                arguments("personalEmail.address", "/personalEmail/address", "path", List.of("with dots", "personalEmail.address")),
                arguments("personalEmail.address", "personalEmail/address", "path", List.of("with dots", "personalEmail.address")),
                arguments("personalEmail.address", "personalEmail..address", "path", List.of("no path")),
                arguments("personalEmail.address", "personalEmail.", "path", List.of("no path")),
                arguments("personalEmail.address", ".personalEmail", "path", List.of("no path")),
                arguments("personalEmail.address", "'a\\'", "path", List.of("no path")),
                arguments("personalEmail.address", "/", "path", List.of("no path")),
                arguments("personalEmail.address", "'emails[0].address'", "path", List.of("list or a map")),
                arguments("personalEmail.address", "identityMap", "path", List.of("list or a map")),
                arguments("personalEmail.address", "identityMap.Email", "path", List.of("list or a map")),
                arguments("personalEmail.address", "''", "path", List.of("must not be empty")),
                arguments("personalEmail.address", "7", "path", List.of("must be string")),
                arguments("path: personalEmail.address, ", "", "path", List.of("is missing")),
                arguments(", namespace: Email", "", "namespace", List.of("is missing")),
                arguments("namespace: Email", "namespace: 6", "namespace", List.of("must be string")),
                arguments("namespace: Email", "namespace: E-mail address", "namespace", List.of("code", "Email")),
                arguments("primary: true", "primary: 'true'", "primary", List.of("must be boolean")),
                arguments("primary: true", "primery: true", "primery", List.of("did you mean primary?")));
    }

    @ParameterizedTest(name = "{0} -> {1}")
    @MethodSource("faults")
    void should_name_the_fault_of_an_identity(String passage, String replacement, String key, List<String> words) {
        assertThat(EMAIL).contains(passage);

        assertThat(Sample.faults(with(EMAIL.replace(passage, replacement)))).singleElement().satisfies(fault -> {
            assertThat(fault.path()).isEqualTo("target.schema.identities[0]." + key);
            assertThat(fault.line()).isEqualTo(19);
            assertThat(fault.message()).contains(words);
        });
    }

    @Test
    void should_offer_the_path_that_is_meant_by_one_with_slashes() {
        assertThat(Sample.faults(with(EMAIL.replace("personalEmail.address", "/_acme/crmId"))))
                .singleElement().extracting(Fault::nearest).isEqualTo("_acme.crmId");
    }

    @ParameterizedTest
    @ValueSource(strings = {"a", "a.", "/", "a/", ".", "[", "\\", "é"})
    void should_refuse_a_path_that_is_too_long_without_repeating_it(String piece) {
        String path = piece.repeat(900_000 / piece.getBytes(StandardCharsets.UTF_8).length);

        assertThat(Sample.faults(with(EMAIL.replace("personalEmail.address", "'" + path + "'")))).singleElement()
                .extracting(Fault::message).isEqualTo("is longer than 255 characters");
    }

    @Test
    void should_refuse_a_second_primary_identity_and_one_that_is_given_twice() throws DefinitionException {
        assertThat(Sample.faults(with(EMAIL, PHONE.replace(" }", ", primary: true }"), PHONE, EMAIL.replace(", primary: true", ""))))
                .extracting(Fault::toString).containsExactly(
                        "line 20: target.schema.identities[1].primary: a schema has one primary identity at most, and line 19 gives it "
                        + "already; leave primary out here",
                        "line 21: target.schema.identities[2].path: identity \"mobilePhone.number\" in namespace \"Phone\" is already "
                        + "given on line 20; keep one",
                        "line 22: target.schema.identities[3].path: identity \"personalEmail.address\" in namespace \"Email\" is "
                        + "already given on line 19; keep one");
        assertThat(Sample.read(with(EMAIL, EMAIL.replace("Email,", "CRMID,").replace("true", "false"))).target().schema().identities())
                .hasSize(2);
    }

    @Test
    void should_refuse_an_empty_list_and_what_is_no_list() {
        assertThat(Sample.faults(Sample.with(TITLE, TITLE + "    identities: []\n"))).singleElement()
                .extracting(Fault::message).isEqualTo("must not be empty");
        assertThat(Sample.faults(profiled(Sample.with(TITLE, TITLE + "    identities: " + EMAIL + "\n")))).singleElement()
                .extracting(Fault::path).isEqualTo("target.schema.identities");
    }

    @Test
    void should_refuse_identities_of_a_schema_that_exists() {
        String named = with(EMAIL).replace(CLASS, "").replaceFirst("    fieldGroups:\n.*\n", "");

        for (String text : List.of(named, named.replace("title: CRM schema", "id: https://ns.adobe.com/acme/schemas/1"))) {
            assertThat(Sample.faults(text)).singleElement().satisfies(fault -> {
                assertThat(fault.path()).isEqualTo("target.schema.identities");
                assertThat(fault.message()).contains("belong to a new schema", "class", "leave them out");
            });
        }
        assertThat(Sample.faults(with(EMAIL).replace(CLASS, ""))).singleElement().extracting(Fault::message).asString()
                .contains("needs a class");
        assertThat(Sample.faults(with(EMAIL).replace("title: CRM schema", "id: https://ns.adobe.com/acme/schemas/1"))).singleElement()
                .extracting(Fault::message).asString().contains("identities and description belong to a new schema");
    }

    @Test
    void should_refuse_profile_for_a_new_schema_that_has_neither_a_primary_identity_nor_an_identity_map() {
        for (String text : List.of(Sample.YAML, with(PHONE),
                Sample.with("destination: _id }", "destination: _id, identity: true, namespaceCode: CRMID }"))) {
            assertThat(Sample.faults(profiled(text))).singleElement().satisfies(fault -> {
                assertThat(fault.path()).isEqualTo("target.profile");
                assertThat(fault.line()).isEqualTo(16);
                assertThat(fault.message()).contains("needs a primary identity", "target.schema.identities",
                        "https://ns.adobe.com/xdm/context/identitymap", "identity: true in the mapping makes none");
            });
        }
    }

    static Stream<Arguments> whatProfileWants() {
        return Stream.of(
                arguments("a primary identity", with(PHONE, EMAIL)),
                arguments("a field group with an identityMap",
                Sample.with(GROUP, GROUP + "      - https://ns.adobe.com/xdm/context/identitymap\n")),
                arguments("a class with an identityMap", Sample.with("context/profile\n", "context/experienceevent\n")),
                arguments("a schema that exists", Sample.with(CLASS, "").replaceFirst("    fieldGroups:\n.*\n", "")));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("whatProfileWants")
    void should_read_profile_with(String what, String text) throws DefinitionException {
        assertThat(Sample.read(profiled(text)).target().profile()).isTrue();
    }

    @Test
    void should_not_need_an_identity_to_delete_a_dataflow() throws DefinitionException {
        assertThat(Sample.read(profiled(Sample.YAML) + "state: absent\n").lifecycle().isAbsent()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void should_need_an_identity_to_make_a_paused_dataflow_but_not_to_pause_one(boolean exists) throws Exception {
        byte[] text = (profiled(Sample.YAML) + "state: paused\n").getBytes(StandardCharsets.UTF_8);

        List<Fault> faults = Sample.reader(Overlays.NONE).draft(text, (name, digest) -> exists, true).faults();

        assertThat(faults).hasSize(exists ? 0 : 1);
    }
}
