package io.github.aepdataflows.check;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.aepdataflows.definition.Definition;
import io.github.aepdataflows.definition.Fault;
import io.github.aepdataflows.definition.Nearest;
import io.github.aepdataflows.definition.SecretRules;
import io.github.aepdataflows.platform.AepHeaders;
import io.github.aepdataflows.platform.Answers;
import io.github.aepdataflows.platform.PlatformException;
import io.github.aepdataflows.resource.Flow;
import io.github.aepdataflows.resource.LookupResult;
import io.github.aepdataflows.resource.Streaming;
import io.github.aepdataflows.settings.Settings;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.camel.Exchange;
import org.apache.camel.Variable;

/**
 * Judges a definition by what the Platform replies, beginning with the flow spec and ending with the mapping; in between,
 * {@link SourceChecker} and {@link TargetChecker}. One method per lookup of {@link Lookups}, called in the order of the route
 * {@code aep-examine}. Rules and codes are those of Flow Service (sources errors).
 */
public final class Checker {

    /** Beyond these, a guess for each unknown field costs more than it helps. */
    private static final int MAX_SUGGESTIONS = 20;

    private static final int MOST_LISTED = 10;

    /** Those that Adobe's guides name ("Identity namespaces", "Standard identity namespaces"). */
    private static final Set<String> STANDARD_NAMESPACES = Set.of("AdCloud", "CORE", "ECID", "Email", "Email_LC_SHA256", "FPID", "GAID",
            "IDFA", "Phone", "Phone_SHA256", "TNTID", "WAID");
    /** Its identities come with the data. */
    private static final String EXPERIENCE_EVENT = "https://ns.adobe.com/xdm/context/experienceevent";

    private static final Pattern UTC = Pattern.compile("(?i)(Etc/)?(UTC|UCT|GMT|Zulu|Universal|Greenwich)|Z");

    private final String sandbox;
    private final SecretRules secretRules;
    private final Clock clock;
    private final Duration startDelay;

    public Checker(Settings settings, SecretRules secretRules, Clock clock) {
        this.secretRules = secretRules;
        this.sandbox = settings.sandbox();
        this.clock = clock;
        this.startDelay = settings.duration("aep.start-delay");
    }

    public CheckResult begin(@Variable("aepDefinition") Definition definition, @Variable("aepRecalledConnection") String recalled,
            @Variable("aepFlowKnown") boolean isFlowKnown, @Variable("aepKnownConnections") Map<String, Boolean> known) {
        CheckResult check = new CheckResult(definition, recalled, isFlowKnown, known);
        String path = "/deltaColumn/timezone";
        definition.copy().map(copy -> copy.at(path).asText()).filter(zone -> !zone.isEmpty() && !UTC.matcher(zone).matches())
                .ifPresent(zone -> check.note("copy.deltaColumn.timezone",
                        "Adobe documents delta columns whose values are in UTC only; whether %s is heeded is not known".formatted(zone)));
        definition.source().baseConnection().auth().ifPresent(auth -> auth.params().properties().forEach(param ->
                secretRules.objection(param.getValue().path("secret").asText(), definition.source().connectionSpecId(), auth.params())
                        .filter(objection -> param.getValue().path("secret").isTextual())
                        .ifPresent(objection -> check.add(check.fault("source.baseConnection.auth.params." + param.getKey(), objection)
                                .withCode(SecretRules.CODE)))));
        return check;
    }

    /** Those of an answer, which is a list of them or one. */
    static Stream<JsonNode> flowSpecs(JsonNode answer) {
        return answer.has("items") ? answer.path("items").valueStream() : Stream.of(answer);
    }

    /** Out: header {@code AepFlowSpecId}. */
    public void flowSpec(Exchange exchange, @Variable(CheckResult.VARIABLE) CheckResult check, @Variable("aepResult") LookupResult result) {
        Definition definition = check.definition();
        String name = definition.source().flowSpec();
        List<JsonNode> named = flowSpecs(result.document()).filter(spec -> spec.path("name").asText().equals(name)).toList();
        Optional<JsonNode> running = named.stream().filter(spec -> runs(spec, definition)).findFirst();
        if (named.isEmpty() || running.isEmpty() && definition.source().isSelfServe()) {
            check.flowSpecOpen();
        } else {
            flowSpecIs(exchange, check, running.orElse(named.get(0)));
        }
    }

    /**
     * All flow specs, of which one may run a self-serve source that the one of its name does not run: the documents disagree. Or there is
     * none of that name, and another was meant.
     */
    public void flowSpecs(Exchange exchange, @Variable(CheckResult.VARIABLE) CheckResult check,
            @Variable("aepResult") LookupResult result) {
        Definition definition = check.definition();
        List<JsonNode> all = flowSpecs(result.document()).toList();
        String name = definition.source().flowSpec();
        Optional<JsonNode> running = all.stream().filter(spec -> definition.source().isSelfServe()
                && spec.path("sourceConnectionSpecIds").isArray() && runs(spec, definition)).findFirst();
        Optional<JsonNode> named = all.stream().filter(spec -> spec.path("name").asText().equals(name)).findFirst();
        running.ifPresent(spec -> check.note("source", "the Platform runs this source by flow spec %s (%s)"
                .formatted(spec.path("name").asText(), spec.path("id").asText())));
        running.or(() -> named).ifPresentOrElse(spec -> flowSpecIs(exchange, check, spec), () -> {
            Fault fault = check.fault("source.flowSpec", "the Platform has no flow spec named " + name);
            Nearest nearest = Nearest.to(name, all.stream().map(spec -> spec.path("name").asText()).toList());
            check.add((nearest.word().isEmpty() ? fault : fault.withSuggestion(nearest)).withCode("1413-400"));
        });
    }

    private static boolean runs(JsonNode flowSpec, Definition definition) {
        JsonNode sources = flowSpec.path("sourceConnectionSpecIds");
        String spec = definition.source().connectionSpecId();
        return !sources.isArray() || sources.valueStream().anyMatch(id -> id.asText().equals(spec));
    }

    private void flowSpecIs(Exchange exchange, CheckResult check, JsonNode flowSpec) {
        Definition definition = check.definition();
        if (Streaming.isFlowSpec(flowSpec)) {
            check.add("source.flowSpec", "flow spec %s has no schedule: %s".formatted(flowSpec.path("name").asText(),
                    Streaming.UNDESCRIBED));
            return;
        }
        check.flowSpecIs(flowSpec);
        exchange.getMessage().setHeader(AepHeaders.FLOW_SPEC_ID, flowSpec.path("id").asText());
        if (!runs(flowSpec, definition)) {
            check.add(check.fault("source.connector", "flow spec %s does not run sources of connection spec %s"
                    .formatted(flowSpec.path("name").asText(), definition.source().connectionSpecId())).withCode("1305-400"));
        }
        new FlowSpecRules(flowSpec, check).check(Flow.scheduleParams(definition, Flow.earliestStart(clock, startDelay)));
    }

    /** Compares the fields that the definition names with the target schema, once all that can be known of that is known. */
    public void destinations(@Variable(CheckResult.VARIABLE) CheckResult check) {
        if (!check.fields().isKnown() || check.isPartMissing()) {
            return;
        }
        identified(check);
        namespaces(check);
        Map<String, String> strangers = new LinkedHashMap<>(check.definition().targetFields());
        strangers.forEach((at, path) -> described(check, at, path));
        strangers.values().removeIf(check.fields()::has);
        Set<String> leaves = strangers.isEmpty() ? Set.of() : check.fields().leaves();
        int named = 0;
        for (Map.Entry<String, String> stranger : strangers.entrySet()) {
            Fault fault = check.fault(stranger.getKey(), "%s is no field of the target schema".formatted(stranger.getValue()));
            check.addOfData(++named > MAX_SUGGESTIONS ? fault : fault.withSuggestion(Nearest.to(stranger.getValue(), leaves)));
        }
        objects(check);
    }

    /** Identities and labels of a new schema are descriptors of fields; mappings can lead into a list. */
    private static void described(CheckResult check, String at, String path) {
        if (at.startsWith("target.schema.")) {
            check.fields().listAround(path).ifPresent(list -> check.note(at, ("%s is in the list %s: Adobe's "
                    + "documents have no descriptor of a field in a list, so that the Platform may refuse it").formatted(path, list)));
        }
    }

    /** The organisation may have any other; one that is nearly Adobe's own is a slip, most likely, and only making it would tell. */
    private static void namespaces(CheckResult check) {
        List<Definition.Identity> identities = check.definition().target().schema().identities();
        for (int i = 0; i < identities.size(); i++) {
            String namespace = identities.get(i).namespace();
            Nearest standard = Nearest.to(namespace, STANDARD_NAMESPACES);
            if (!STANDARD_NAMESPACES.contains(namespace) && !standard.word().isEmpty()) {
                check.note("target.schema.identities[%d].namespace".formatted(i), ("%s is none of the standard "
                        + "namespaces; %s Otherwise the organisation has to have it").formatted(namespace, standard));
            }
        }
    }

    /** What Profile needs of a new schema, which its description alone does not tell where it names things by their titles. */
    private static void identified(CheckResult check) {
        Definition.Target target = check.definition().target();
        boolean isNew = target.profile() && !target.schema().exists() && check.definition().lifecycle().state() == Definition.State.PRESENT;
        if (isNew && target.schema().identities().stream().noneMatch(Definition.Identity::primary) && !check.fields().has("identityMap")
                && !check.names().classOf(target.schema()).equals(EXPERIENCE_EVENT)) {
            check.add("target.profile", "Profile needs a primary identity, and this schema has none: give one in "
                    + "target.schema.identities with primary: true, or add the field group IdentityMap");
        }
    }

    /** A single value has no place where the schema has an object; Data Prep copies an object to an object. */
    private static void objects(CheckResult check) {
        List<Definition.Mapping> mapping = check.definition().mapping();
        for (int i = 0; i < mapping.size(); i++) {
            Definition.Mapping rule = mapping.get(i);
            boolean value = rule.isConstant()
                    || rule.isAttribute() && check.explored().filter(columns -> columns.isSingleValue(rule.source())).isPresent();
            if (value && check.fields().isObject(rule.destination())) {
                String inside = check.fields().leaves().stream().filter(leaf -> leaf.startsWith(rule.destination() + "."))
                        .limit(MOST_LISTED).collect(Collectors.joining(", "));
                check.addOfData("mapping[%d].destination".formatted(i),
                        "%s is an object, and takes no single value; name a field of it: %s".formatted(rule.destination(), inside));
            }
        }
    }

    /** The plan of a definition that asks for a mapping, as JSON text. */
    public String proposal(@Variable(CheckResult.VARIABLE) CheckResult check) {
        ObjectNode plan = JsonNodeFactory.instance.objectNode().put("dataflow", check.definition().name()).put("sandbox", sandbox)
                .put("empty", false);
        plan.putArray("steps");
        plan.set("proposal", MappingProposal.of(check.explored().orElseGet(() -> SourceColumns.of(check.definition().source().columns())),
                check.fields(), check.definition()).report());
        return plan.toPrettyString();
    }

    /** The next expression, as {@code POST /languages/el/validate} takes it. */
    public JsonNode expression(@Variable(CheckResult.VARIABLE) CheckResult check) {
        String expression = check.definition().mapping().get(check.expression()).source();
        return JsonNodeFactory.instance.objectNode().put("expression", expression);
    }

    /** {@code POST /languages/el/validate} has answered a bare true or false. */
    public void expressionValidated(@Variable(CheckResult.VARIABLE) CheckResult check, @Variable("aepResponse") byte[] response) {
        if (response != null && new String(response, StandardCharsets.UTF_8).strip().equals("false")) {
            int index = check.expression();
            check.add("mapping[%d].source".formatted(index), "is no valid expression of Data Prep");
        }
        check.expressionSeen();
        if (!check.isExpressionOpen()) {
            check.note("mapping", "Data Prep validates it as a whole once the target schema exists; until then its expressions one by one");
        }
    }

    /**
     * {@code POST /languages/el/validate} was refused: by a 400 it may mean the expression, or just the way in which it was asked, of which
     * Adobe's documents show two.
     */
    public void expressionUnvalidated(Exchange exchange, @Variable(CheckResult.VARIABLE) CheckResult check) {
        PlatformException refusal = exchange.getProperty(Exchange.EXCEPTION_CAUGHT, PlatformException.class);
        if (refusal.getStatus() == 400) {
            check.note("mapping[%d].source".formatted(check.expression()),
                    "Data Prep does not validate this expression, which may be wrong: " + refusal.getText());
        }
    }

    /** The validation was refused as a whole: the mapping is no good, or its schema was made a moment ago and does not show yet. */
    public void unvalidated(Exchange exchange, @Variable(CheckResult.VARIABLE) CheckResult check) {
        PlatformException refusal = exchange.getProperty(Exchange.EXCEPTION_CAUGHT, PlatformException.class);
        if (check.isSchemaKnown() && refusal.getStatus() == 400) {
            check.add("mapping", "Data Prep refuses it: " + refusal.getText());
        }
        check.mappingValidated();
    }

    /** {@code POST /mappingSets/validate} has answered: one result per mapping, in their order. */
    public void validated(@Variable(CheckResult.VARIABLE) CheckResult check, @Variable("aepResponse") byte[] response)
            throws PlatformException {
        int i = 0;
        for (JsonNode result : Answers.document("POST", response).path("validationResponse")) {
            if (result.path("status").asText().equals("FAILED")) {
                String why = result.path("errors").valueStream()
                        .map(error -> error.path("exception").asText()).collect(Collectors.joining("; "));
                check.add("mapping[%d]".formatted(i), "Data Prep refuses it: " + why);
            }
            i++;
        }
        check.mappingValidated();
    }
}
