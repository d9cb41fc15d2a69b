package io.github.aepdataflows.change;

import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.github.aepdataflows.Rig;
import io.github.aepdataflows.change.Format.Edited;
import io.github.aepdataflows.definition.DefinitionException;
import io.github.aepdataflows.ledger.RecordedChange;
import io.github.aepdataflows.provision.ConflictException;
import io.github.aepdataflows.resource.Kind;
import io.github.aepdataflows.resource.Kinds;
import io.github.aepdataflows.simulator.Options;
import io.github.aepdataflows.simulator.Request;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.apache.camel.Exchange;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/**
 * Each field that the format has, changed by itself in a dataflow that exists, and taken out of its definition: the plan names
 * exactly what that means, applying it sends exactly what the plan has announced, and then there is nothing left to do. The fields
 * come from the JSON Schema; {@code src/test/resources/fields} has definitions that have them, the values that must exist at the
 * Platform, and what is expected. A field of which these say nothing fails.
 */
class EveryFieldTest {

    private static final String SALESFORCE = "4cb0c374-d3bb-4557-b139-5712880adc55";
    private static final String OTHER_SALESFORCE = "11111111-d3bb-4557-b139-5712880adc55";
    private static final String S3 = "22222222-d3bb-4557-b139-5712880adc55";
    private static final String OTHER_S3 = "33333333-d3bb-4557-b139-5712880adc55";
    private static final String OTHER_HUBSPOT = "44444444-d3bb-4557-b139-5712880adc55";

    /** Where what a step makes is kept. */
    private static final Map<String, String> COLLECTIONS = Kinds.ALL.stream()
            .collect(Collectors.toMap(Kind::key, kind -> kind.collection().substring(kind.collection().lastIndexOf('/') + 1)));

    /** What is updated as a whole. */
    private static final Set<String> PUT = Set.of("mapping-set", "identity-descriptor", "label-descriptor", "dataset-labels");

    private static final String ABSENT = "absent";
    private static final String TITLE_TAKEN = " (title taken)";

    private static final Format FORMAT = new Format();
    private static final Map<String, ObjectNode> BASES = new LinkedHashMap<>();
    private static final Map<String, ArrayNode> VALUES = new LinkedHashMap<>();
    private static final List<Expected> EXPECTED = new ArrayList<>();

    static {
        resource("bases.yaml").properties().forEach(base -> BASES.put(base.getKey(), (ObjectNode) base.getValue()));
        resource("values.yaml").properties().forEach(field -> VALUES.put(field.getKey(), (ArrayNode) field.getValue()));
        text("expected.txt").lines().filter(line -> !line.isBlank() && !line.startsWith("#"))
                .forEach(line -> EXPECTED.add(Expected.of(line)));
    }

    /** What the plan says of a change; {@code *} stands for any base or value, and the first line that fits is meant. */
    private record Expected(String base, String field, String change, String plan) {

        static Expected of(String line) {
            String[] parts = line.split("\\|");
            assertThat(parts).as(line).hasSize(4);
            return new Expected(parts[0].strip(), parts[1].strip(), parts[2].strip(), parts[3].strip());
        }

        boolean fits(Case one) {
            boolean any = change.equals("*") && !one.edited().isRemoval();
            return (base.equals("*") || List.of(base.split(",")).contains(one.base())) && field.equals(one.edited().field())
                    && (any || change.equals(one.edited().change()));
        }
    }

    /** One base, edited in one field. */
    private record Case(String base, Edited edited) {

        /** Of what is to be absent, only that: the rest of its definition is not looked at. */
        boolean matters() {
            return !base.equals(ABSENT) || edited.field().matches("(state|retire).*");
        }

        Expected expected() {
            return EXPECTED.stream().filter(line -> line.fits(this)).findFirst()
                    .orElseGet(() -> new Expected(base, edited.field(), edited.change(),
                            edited.isRemoval() ? "nothing" : "nobody has said what"));
        }

        @Override
        public String toString() {
            return "%s %s: %s".formatted(base, edited.field(), edited.change());
        }
    }

    private static Rig rig;
    private static final Map<String, String> PLACEHOLDERS = new LinkedHashMap<>();
    /** Of each base a dataflow that is as it describes it: an earlier case has left it so, or has brought it back. */
    private static final Map<String, String> AS_DESCRIBED = new LinkedHashMap<>();
    private static final AtomicInteger CASES = new AtomicInteger();

    @BeforeAll
    static void start(@TempDir Path data, @TempDir Path secrets, @TempDir Path groups) throws Exception {
        for (String secret : List.of("password", "password2", "token", "token2")) {
            Files.writeString(secrets.resolve(secret), Rig.MARKER + secret);
        }
        for (String group : List.of("filed", "filed2")) {
            Files.writeString(groups.resolve(group + ".yaml"), "title: Group %s\nfields: { %s: string }\n".formatted(group, group));
        }
        rig = Rig.start(data, Options.defaults(), Map.of("aep.secrets-dir", secrets.toString(), "aep.field-groups-dir", groups.toString(),
                "aep.check-lifetime", "1h"));
        String crm = rig.resources("connections").stream().filter(one -> one.path("id").asText().equals(SALESFORCE)).findFirst()
                .orElseThrow()
                .path("name").asText();
        rig.simulator().addBaseConnection(Rig.SANDBOX, OTHER_SALESFORCE, "Other Salesforce", "cfc0fee1-7dc0-40ef-b73e-d8b134c436f5");
        rig.simulator().addBaseConnection(Rig.SANDBOX, OTHER_HUBSPOT, "Other Hubspot", "cc6a4487-9e91-433e-a3a3-9cf6626c1806");
        rig.simulator().addBaseConnection(Rig.SANDBOX, S3, "S3", "ecadc60c-7455-4d87-84dc-2a0e293d997b");
        rig.simulator().addBaseConnection(Rig.SANDBOX, OTHER_S3, "Other S3", "ecadc60c-7455-4d87-84dc-2a0e293d997b");
        PLACEHOLDERS.putAll(Map.of("<salesforce>", SALESFORCE, "<other salesforce>", OTHER_SALESFORCE, "<salesforce name>", crm, "<s3>", S3,
                "<other s3>", OTHER_S3, "<hubspot>", "2fce94c1-9a93-4971-8e94-c19a93097129", "<other hubspot>", OTHER_HUBSPOT));
        existing("", "First");
        existing("other ", "Second");
        ObjectNode third = BASES.get("given").deepCopy();   // another dataset of the first schema
        ((ObjectNode) third.path("target")).putObject("dataset").put("name", "Third dataset");
        provisioned(named(third, "Third"));
        PLACEHOLDERS.put("<third dataset>", last("dataSets").path("viewId").asText());
        PLACEHOLDERS.put("<third dataset name>", "Third dataset");
    }

    /** A schema and a dataset for others to name. */
    private static void existing(String word, String name) throws IOException {
        provisioned(named(BASES.get("short"), name));
        PLACEHOLDERS.put("<%sschema>".formatted(word), last("schemas").path("$id").asText());
        PLACEHOLDERS.put("<%sschema title>".formatted(word), last("schemas").path("title").asText());
        PLACEHOLDERS.put("<%sdataset>".formatted(word), last("dataSets").path("viewId").asText());
        PLACEHOLDERS.put("<%sdataset name>".formatted(word), last("dataSets").path("name").asText());
    }

    private static ObjectNode last(String collection) {
        List<ObjectNode> all = rig.resources(collection);
        return all.get(all.size() - 1);
    }

    @AfterAll
    static void stop() throws Exception {
        rig.close();
    }

    private static JsonNode resource(String name) {
        Object loaded = new Load(LoadSettings.builder().build()).loadFromString(text(name));
        return Rig.JSON.valueToTree(loaded);
    }

    private static String text(String name) {
        try (InputStream in = EveryFieldTest.class.getResourceAsStream("/fields/" + name)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    static Stream<Case> changes() {
        return telling(FORMAT.fields().stream().flatMap(field -> BASES.entrySet().stream().flatMap(base -> {
            List<JsonNode> values = new ArrayList<>();
            Stream.of(base.getKey() + " " + field.path(), field.path()).filter(VALUES::containsKey).findFirst()
                    .ifPresent(key -> VALUES.get(key).forEach(values::add));
            return FORMAT.edits(base.getValue(), field, values).stream().map(edited -> new Case(base.getKey(), edited));
        })));
    }

    static Stream<Case> removals() {
        return telling(BASES.entrySet().stream()
                .flatMap(base -> FORMAT.removals(base.getValue()).stream().map(edited -> new Case(base.getKey(), edited))));
    }

    /** One is enough of those that are refused by the same line of what is expected. */
    private static Stream<Case> telling(Stream<Case> cases) {
        Set<Expected> refused = new LinkedHashSet<>();
        return cases.filter(Case::matters).filter(one -> {
            Expected expected = one.expected();
            return !expected.plan().startsWith("refused") && !expected.plan().endsWith(TITLE_TAKEN) || refused.add(expected);
        });
    }

    @Test
    void should_have_a_definition_and_another_value_for_every_field_of_the_format() {
        Set<String> changed = new LinkedHashSet<>(changes().map(one -> one.edited().field()).toList());

        assertThat(changed).containsExactlyInAnyOrderElementsOf(FORMAT.fields().stream().map(Format.Field::path).toList())
                .hasSizeGreaterThan(50);
    }

    @Test
    void should_expect_nothing_of_what_nobody_changes() {
        Set<Expected> used = new LinkedHashSet<>(Stream.concat(changes(), removals()).map(Case::expected).toList());

        assertThat(used).containsAll(EXPECTED);
    }

    @ParameterizedTest
    @MethodSource("changes")
    void should_plan_and_apply_exactly_the_field_that_was_changed(Case change) throws Exception {
        settle(change);
    }

    @ParameterizedTest
    @MethodSource("removals")
    void should_come_to_rest_when_a_field_is_left_out(Case removal) throws Exception {
        settle(removal);
    }

    /** One in {@code bench.every-addition}; which, its name decides. */
    static Stream<Case> additions() {
        int every = Integer.getInteger("bench.every-addition", 1);
        return removals().filter(one -> Math.floorMod(one.toString().hashCode(), every) == 0)
                .filter(one -> !one.base().equals(ABSENT) && !one.expected().plan().startsWith("refused")
                && !isNeededByANewOne(one));
    }

    /** It would not be made in the first place: without the parameter, or where a mapping writes into a field of that field group. */
    private static boolean isNeededByANewOne(Case removal) {
        return switch (removal.edited().field()) {
            case "source.baseConnection.auth.params.*" -> true;
            case "target.schema.fieldGroups" -> !List.of("path2020", "json").contains(removal.base());
            case "target.schema.fieldGroups[]" -> removal.base().equals("short");
            default -> false;
        };
    }

    /** The reverse of a removal. */
    @ParameterizedTest
    @MethodSource("additions")
    void should_come_to_rest_when_a_field_is_added(Case removal) throws Exception {
        String name = "Case " + CASES.incrementAndGet();
        provisioned(named(removal.edited().definition(), name));
        String whole = named(BASES.get(removal.base()), name);
        JsonNode announced = announced(whole);
        assertThat(announced.isObject()).as(announced::asText).isTrue();
        if (words(announced).contains(" impossible")) {
            assertRefused(allowed(whole), ConflictException.class);
            assertUnchanged(named(removal.edited().definition(), name));
        } else {
            assertAppliedAsAnnounced(name, whole, announced);
            AS_DESCRIBED.putIfAbsent(removal.base(), name);
        }
    }

    /** The dataflow is made as the base describes it, then as the edited definition does. */
    private static void settle(Case one) throws Exception {
        String name = AS_DESCRIBED.containsKey(one.base()) ? AS_DESCRIBED.remove(one.base()) : begun(one.base());
        String before = named(BASES.get(one.base()), name);
        String edited = named(one.edited().definition(), name);
        String expected = one.expected().plan().replace(TITLE_TAKEN, "");
        JsonNode plan = announced(edited);
        String announced = words(plan);

        if (expected.startsWith("refused")) {
            assertThat(announced).startsWith("refused").contains(expected.substring("refused".length()).strip());
        } else {
            assertThat(announced).isEqualTo(expected);
        }
        if (one.expected().plan().endsWith(TITLE_TAKEN)) {
            assertThat(rig.provision(edited).getException()).isInstanceOf(ConflictException.class).hasMessageContaining("schema");
            assertUnchanged(before);
            return;
        }
        if (announced.startsWith("refused") || announced.contains(" impossible")) {
            assertRefused(allowed(edited), announced.startsWith("refused") ? DefinitionException.class : ConflictException.class);
            assertUnchanged(before);
            AS_DESCRIBED.put(one.base(), name);
        } else {
            assertAppliedAsAnnounced(name, edited, plan);
            if (isTakenBack(announced) && !one.base().equals(ABSENT)) {
                provisioned(before);
                AS_DESCRIBED.put(one.base(), name);
            }
        }
    }

    /** By the first definition, with updates alone. What was replaced stays there, schemas only grow, and what runs once has run. */
    private static boolean isTakenBack(String announced) {
        return !announced.matches(".*( create| delete| replace|-class |-schema |-dataset |-group |frequency).*");
    }

    /** Only what the plan announces is sent, and nothing is left to do then. */
    private static void assertAppliedAsAnnounced(String name, String edited, JsonNode plan) throws Exception {
        String announced = words(plan);
        boolean replaces = announced.contains(" replace");
        if (replaces) {
            assertRefused(edited, ConflictException.class);
        }
        String applied = replaces ? allowed(edited) : edited;
        List<String> writes = announcedWrites(replaces ? plan(applied) : plan);
        int since = now();
        provisioned(applied);
        assertThat(writes(since)).as("of " + announced).containsExactlyInAnyOrderElementsOf(writes);
        JsonNode second = plan(applied);
        assertThat(second.path("empty").asBoolean()).as(second::toPrettyString).isTrue();
        assertUnchanged(applied);
        assertThat(rig.ledger().changes(name)).extracting(RecordedChange::state).allMatch(state -> state == RecordedChange.State.DONE);
    }

    /** A dataflow of its own as the base describes it, which has come to rest. */
    private static String begun(String base) throws IOException {
        String name = "Case " + CASES.incrementAndGet();
        if (base.equals(ABSENT)) {
            provisioned(named(BASES.get(base).deepCopy().without(List.of("state", "retire")), name));
        }
        String definition = named(BASES.get(base), name);
        provisioned(definition);
        assertThat(words(plan(definition))).as("plan of what was just provisioned").isEqualTo("nothing");
        assertUnchanged(definition);
        return name;
    }

    /** The plan, or as a text why there is none. */
    private static JsonNode announced(String definition) throws IOException {
        int since = now();
        Exchange planned = planned(definition);
        assertThat(writes(since)).isEmpty();
        if (planned.getException() != null) {
            assertThat(planned.getException()).isInstanceOf(DefinitionException.class);
            return TextNode.valueOf("refused " + planned.getException().getMessage());
        }
        return Rig.json(planned.getMessage().getBody(String.class));
    }

    /** What the plan says in one line. */
    private static String words(JsonNode plan) {
        if (plan.isTextual()) {
            return plan.asText();
        }
        String words = steps(plan).filter(step -> !step.path("action").asText().equals("none") || !step.path("changes").isEmpty())
                .map(step -> Stream.concat(Stream.of(step.path("step").asText(), step.path("action").asText()),
                        step.path("changes").findValuesAsText("path").stream()).collect(joining(" "))).collect(joining("; "));
        assertThat(plan.path("empty").asBoolean()).isEqualTo(steps(plan).allMatch(step -> step.path("action").asText().equals("none")));
        return words.isEmpty() ? "nothing" : words;
    }

    private static Stream<JsonNode> steps(JsonNode plan) {
        return StreamSupport.stream(plan.path("steps").spliterator(), false);
    }

    /** The writes that a plan announces: method and collection. */
    private static List<String> announcedWrites(JsonNode plan) {
        List<String> writes = new ArrayList<>();
        steps(plan).forEach(step -> {
            String name = step.path("step").asText();
            String collection = COLLECTIONS.get(name);
            List<String> paths = step.path("changes").findValuesAsText("path");
            switch (step.path("action").asText()) {
                case "update" -> {
                    if (!paths.equals(List.of("state"))) {
                        writes.add((PUT.contains(name) ? "PUT " : "PATCH ") + collection);
                    }
                    if (paths.contains("state")) {
                        writes.add("POST flows/action");
                    }
                }
                case "replace" -> {
                    writes.add("POST " + collection);
                    if (name.equals("flow")) {
                        writes.add("POST flows/action");   // that disables the old one
                    }
                }
                case "create" -> {
                    if (!name.equals("dataset-connection") || !hasDatasetConnection()) {   // which all share
                        writes.add((name.equals("dataset-labels") ? "PUT " : "POST ") + collection);
                    }
                }
                case "delete" -> writes.add("DELETE " + collection);
                default -> { }
            }
        });
        return writes;
    }

    private static boolean hasDatasetConnection() {
        return rig.resources("connections").stream().anyMatch(one -> one.path("name").asText().equals("Dataset base connection"));
    }

    private static List<String> writes(int since) {
        return rig.simulator().requests().all().stream().skip(since).filter(EveryFieldTest::isWrite).map(request -> {
            String path = request.path().replaceFirst("^/data/foundation/[a-z]+/(tenant/)?", "");
            return request.method() + " " + (path.endsWith("/action") ? "flows/action" : path.replaceFirst("/.*", ""));
        }).toList();
    }

    private static boolean isWrite(Request request) {
        return !request.method().equals("GET") && request.path().startsWith("/data/") && !request.path().endsWith("/validate");
    }

    private static int now() {
        return rig.simulator().requests().all().size();
    }

    private static String named(ObjectNode definition, String name) {
        String text = definition.toString().replace("@", name);
        for (Map.Entry<String, String> placeholder : PLACEHOLDERS.entrySet()) {
            text = text.replace(placeholder.getKey(), placeholder.getValue());
        }
        return text;
    }

    private static String allowed(String definition) throws IOException {
        return ((ObjectNode) Rig.json(definition)).put("allowReplace", true).toString();
    }

    private static JsonNode provisioned(String definition) throws IOException {
        Exchange applied = rig.provision(definition);
        assertThat(applied.getException()).as(() -> String.valueOf(applied.getVariable("aepError"))).isNull();
        return Rig.json(applied.getMessage().getBody(String.class));
    }

    private static void assertUnchanged(String definition) throws IOException {
        int since = now();
        assertThat(provisioned(definition).path("outcome").asText()).isEqualTo("unchanged");
        assertThat(writes(since)).isEmpty();
    }

    private static void assertRefused(String definition, Class<? extends Exception> kind) {
        int since = now();
        assertThat(rig.provision(definition).getException()).isInstanceOf(kind);
        assertThat(writes(since)).isEmpty();
    }

    private static Exchange planned(String definition) {
        return rig.main().getCamelContext().createFluentProducerTemplate().to("direct:aep-plan").withBody(definition)
                .request(Exchange.class);
    }

    private static JsonNode plan(String definition) throws IOException {
        Exchange planned = planned(definition);
        assertThat(planned.getException()).isNull();
        return Rig.json(planned.getMessage().getBody(String.class));
    }
}
