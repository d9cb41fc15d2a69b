package io.github.aepdataflows.simulator;

import java.util.List;

/**
 * A question that Adobe's documents leave open, or answer in several ways, with the readings of it that the simulator can play. The
 * first reading is the default.
 */
public enum Dialect {

    QUOTED_NAMES("quoted-names", "double quotes around the value of a Flow Service filter, but for specs: read as quotes, taken"
        + " as part of the value, or refused", "read", "literal", "refused"),
    BARE_NAMES("bare-names", "the value of a Flow Service filter that has blanks and no quotes", "matched", "unmatched"),
    FLOW_FILTER("flow-filter", "filters of Flow Service lists other than specs and runs", "applied", "ignored"),
    RUNS_LIST("runs-list", "the list of the runs of all flows, without a flow in its filter: shown, refused, or empty", "shown", "refused",
        "empty"),
    TITLE_FILTER("title-filter", "a title with blanks in a filter of the Schema Registry", "matched", "unmatched", "ignored"),
    DATASET_FILTER("dataset-filter", "a name with blanks in a filter of Catalog", "matched", "unmatched", "ignored"),
    DESCRIPTOR_FILTER("descriptor-filter", "filters of the list of descriptors", "applied", "ignored"),
    FLOW_NEXT("flow-next", "the next page of a Flow Service list: _links.next.href, _links.next, or _page.next", "object", "text", "page"),
    REGISTRY_NEXT("registry-next", "_page.next of the Schema Registry: the value for start, or an address that has it", "value", "uri"),
    MAPPING_START("mapping-start", "start of the list of mapping sets: counts sets, or pages", "sets", "pages"),
    UNKNOWN_REFERENCE("unknown-reference", "the refusal of a reference to something that is not there: as the documents show it, a 404,"
        + " or a 400 that does not name it", "documented", "404", "nameless"),
    CONTENT_TYPE("content-type", "schemaRef.contentType of a dataset, as read: as it was sent, without a blank, without a version,"
        + " in short, or not at all", "sent", "no-blank", "no-version", "short", "none"),
    SOURCE_TYPE("source-type", "sourceType of a mapping, as read: a media type, or as it was sent", "media-type", "sent"),
    STATIC_TYPE("static-type", "sourceType of a constant, as read", "STATIC", "text/plain"),
    ECHOED_OPTIONS("echoed-options", "options of a flow, as read", "shown", "hidden"),
    ECHOED_DESCRIPTION("echoed-description", "description of connections and flows, as read", "shown", "hidden"),
    ECHOED_COLUMNS("echoed-columns", "params.columns of a source connection, as read", "shown", "hidden"),
    ECHOED_AUTH("echoed-auth", "auth of a base connection, as read", "shown", "hidden"),
    NUMBERS("numbers", "numbers in the schedule of a flow, as read", "sent", "text", "number"),
    TEST_RESULT("test-result", "result of the test of a connection", "boolean", "text"),
    IN_USE("in-use", "status of the refusal to delete what is in use", "400", "409"),
    DESCRIBED_SCHEMA("described-schema", "the deletion of a schema that has descriptors: they go with it, or it is refused", "deleted",
        "refused"),
    SECOND_PRIMARY("second-primary", "a second primary identity of a schema", "refuse", "accept"),
    DUPLICATE_DESCRIPTOR("duplicate-descriptor", "an identity descriptor that exists already", "accept", "refuse"),
    DATASET_LABELS("dataset-labels", "labels of a dataset, as read: by themselves, or under AEP:dataset:<id>", "bare", "keyed"),
    FIELD_LABELS("field-labels", "labels of a field in a descriptor, as read", "xdm:labels", "xdm:label"),
    UNION_WITHOUT_IDENTITY("union-without-identity", "Profile for a schema without a primary identity or an identityMap", "refuse",
        "accept");

    private final String key;
    private final String question;
    private final List<String> readings;

    Dialect(String key, String question, String... readings) {
        this.key = key;
        this.question = question;
        this.readings = List.of(readings);
    }

    /** As in {@code --dialect quoted-names=literal}. */
    public String key() {
        return key;
    }

    /** What is open, in words. */
    public String question() {
        return question;
    }

    /** The default first. */
    public List<String> readings() {
        return readings;
    }
}
