package io.github.aepdataflows.export;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.aepdataflows.Rig;
import io.github.aepdataflows.simulator.Dialect;
import io.github.aepdataflows.simulator.Options;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a portable definition says of what no definition can describe, and what it leaves out. */
class PortableExportTest {

    private static final String PROFILE = "https://ns.adobe.com/xdm/context/profile";
    private static final String DETAILS = "https://ns.adobe.com/xdm/context/profile-person-details";

    @TempDir
    private Path data;

    private static String flow(ByHand hand, String name, String schema) {
        return hand.flow(name, ByHand.TABLES, hand.table(""), hand.target(schema, hand.dataset(schema, name + " dataset")), "",
                "'mappingId': '%s', 'mappingVersion': 0".formatted(hand.mapping(schema, "Name", "person.name.fullName")),
                ", 'scheduleParams': {'startTime': 1893456000, 'frequency': 'once'}");
    }

    private static String exported(Rig rig, String name) {
        return ExportRig.text(PromotionTest.portable(rig, "direct:aep-export", name));
    }

    @Test
    void should_name_by_its_title_what_it_cannot_describe_and_say_so() throws Exception {
        try (Rig rig = Rig.start(data, Options.defaults(), Map.of("aep.check-lifetime", "0"))) {
            ByHand hand = new ByHand(rig.simulator());
            String plain = hand.fieldGroup("Plain", PROFILE, "{'a':{'type':'string'}}");
            String odd = hand.fieldGroup("Odd", PROFILE, "{'b':{'type':'string','pattern':'x+'}}");
            String shared = hand.fieldGroup("Typed", PROFILE, "{'c':{'$ref':'https://ns.adobe.com/xdm/common/address'}}");
            flow(hand, "Members", hand.schema("Members", PROFILE, DETAILS, plain, odd, shared));
            int before = rig.requests().size();

            String definition = exported(rig, "Members");

            assertThat(definition).contains("      - {title: Plain, fields: {a: string}}\n      - Odd\n      - Typed\n")
                    .contains("# No definition can describe the field group Odd: it has to exist where this is applied.\n")
                    .contains("# No definition can describe the field group Typed: it has to exist where this is applied.\n")
                    .doesNotContain("mixins").doesNotContain("/schemas/");
            assertThat(rig.plan(definition).path("empty").asBoolean()).as("the same here").isTrue();
            assertThat(rig.requests().stream().skip(before).filter(request -> Rig.isCreate(request))).isEmpty();
        }
    }

    @Test
    void should_not_lose_labels_of_a_field_group_without_a_word() throws Exception {
        try (Rig rig = Rig.start(data, Options.defaults(), Map.of("aep.check-lifetime", "0"))) {
            ByHand hand = new ByHand(rig.simulator());
            String plain = hand.fieldGroup("Plain", PROFILE, "{'a':{'type':'string'}}");
            hand.post("/data/foundation/schemaregistry/tenant/descriptors", """
                {'@type': 'xdm:descriptorLabel', 'xdm:sourceSchema': '%s', 'xdm:sourceVersion': 1, 'xdm:sourceProperty': '/_acme/a',
                 'xdm:labels': ['I1']}""".formatted(plain));
            flow(hand, "Members", hand.schema("Members", PROFILE, DETAILS, plain));

            assertThat(exported(rig, "Members")).contains("# Its class or field groups have 1 descriptors of their own (labels of fields, "
                    + "say), which no definition says: xdm:descriptorLabel of /_acme/a.\n").doesNotContain("I1");
        }
    }

    @Test
    void should_leave_out_a_start_that_is_over_and_keep_one_to_come() throws Exception {
        try (Rig rig = Rig.start(data, Options.defaults(), Map.of("aep.check-lifetime", "0", "aep.clock", "#bean:simulatorClock"))) {
            ByHand hand = new ByHand(rig.simulator());
            flow(hand, "Members", hand.schema("Members", PROFILE, DETAILS));

            assertThat(exported(rig, "Members")).contains("startTime: 2030-01-01T00:00:00Z");
            rig.simulator().clock().set(Instant.parse("2031-01-01T00:00:00Z"));
            assertThat(exported(rig, "Members")).doesNotContain("startTime").contains("frequency: once");
        }
    }

    @Test
    void should_name_the_base_connection_alone_where_its_credentials_are_not_shown() throws Exception {
        Options hidden = Options.defaults().withDialect(Dialect.ECHOED_AUTH, "hidden");
        try (Rig rig = Rig.start(data, hidden, Map.of("aep.check-lifetime", "0"))) {
            ByHand hand = new ByHand(rig.simulator());
            flow(hand, "Members", hand.schema("Members", PROFILE, DETAILS));

            assertThat(exported(rig, "Members")).contains("baseConnection: {name: Salesforce}")
                    .contains("# The Platform does not show how the base connection Salesforce authenticates itself");
        }
    }

    @Test
    void should_write_secrets_as_references_and_never_what_the_platform_shows_of_them() throws Exception {
        try (Rig rig = Rig.start(data, Options.defaults(), Map.of("aep.check-lifetime", "0"))) {
            ByHand hand = new ByHand(rig.simulator());
            flow(hand, "Members", hand.schema("Members", PROFILE, DETAILS));

            String definition = exported(rig, "Members");

            assertThat(definition).contains("password: {secret: salesforce-password}").doesNotContain("*");
            assertThat(definition).contains("# Secrets that have to be there where this is applied: ");
        }
    }
}
