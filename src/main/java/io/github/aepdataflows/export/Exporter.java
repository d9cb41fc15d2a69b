package io.github.aepdataflows.export;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.aepdataflows.definition.Connectors;
import io.github.aepdataflows.definition.Definition;
import io.github.aepdataflows.definition.DefinitionException;
import io.github.aepdataflows.definition.DefinitionReader;
import io.github.aepdataflows.definition.Fingerprint;
import io.github.aepdataflows.plan.Action;
import io.github.aepdataflows.plan.Plan;
import io.github.aepdataflows.platform.Answers;
import io.github.aepdataflows.platform.Paging;
import io.github.aepdataflows.platform.PlatformException;
import io.github.aepdataflows.platform.RequestBodies;
import io.github.aepdataflows.platform.Search;
import io.github.aepdataflows.provision.Step;
import io.github.aepdataflows.settings.Settings;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.Variable;
import org.apache.camel.support.ResourceHelper;

/** What the routes of {@code direct:aep-export} call: from the name of a flow to its definition. */
public final class Exporter {

    static final String ORIGINAL = "aepOriginal";
    static final String EXPORTED = "aepExported";

    /** The variable that holds the outcome as JSON text. */
    static final String REPORT = "aepExport";

    private static final String SCHEMA = "classpath:aep-dataflows/dataflow.schema.json";
    private static final String PAGE = "aepFlowsFound";

    private final DefinitionReader reader;
    private final Connectors connectors;
    private final RequestBodies bodies;
    private final Answers answers;
    private final String sandbox;

    /** @param connectors where connectors.yaml is, as in {@code classpath:aep-dataflows/connectors.yaml} */
    public Exporter(Settings settings, String connectors, RequestBodies bodies, Answers answers, Clock clock) throws IOException {
        CamelContext context = settings.getCamelContext();
        try (InputStream schema = ResourceHelper.resolveMandatoryResourceAsInputStream(context, SCHEMA);
                InputStream yaml = ResourceHelper.resolveMandatoryResourceAsInputStream(context, connectors)) {
            this.connectors = Connectors.read(yaml);
            this.reader = new DefinitionReader(schema, this.connectors, settings.sandbox(), clock);
        }
        this.bodies = bodies;
        this.answers = answers;
        this.sandbox = settings.sandbox();
    }

    /** Begins with the message body, the id or the name of a flow. Out: variable {@code aepOriginal}. */
    public void begin(Exchange exchange, @Variable("aepExportByIds") Boolean byIds) throws ExportException {
        for (String ofAnEarlierOne : List.of(ORIGINAL, EXPORTED, REPORT, "aepProvisioning")) {
            exchange.removeVariable(ofAnEarlierOne);
        }
        String body = exchange.getMessage().getBody(String.class);
        String wanted = body == null ? "" : body.strip();
        Original original = new Original(wanted, byIds != null && byIds);
        if (wanted.isEmpty()) {
            throw original.refused(List.of("name a flow by its id or its name"));
        } else if (original.isNameOnly() && !Original.isName(wanted)) {
            throw original.refused(List.of("this is neither an id nor a name that a definition can have, which has letters, digits, blanks and"
                    + " . _ - only, and at most 100 characters"));
        }
        exchange.setVariable(ORIGINAL, original);
    }

    /** Begins with the flow that a plan has met. Out: variable {@code aepOriginal}; one that is there already goes on. */
    public void beginExisting(Exchange exchange, @Variable("aepPlan") Plan plan) {
        Original begun = exchange.getVariable(ORIGINAL, Original.class);
        if (begun == null || !begun.wanted().equals(plan.getExisting())) {
            exchange.setVariable(ORIGINAL, new Original(plan.getExisting(), true));
        }
    }

    /** Adds to the plan how the definition and the flow that exists differ. */
    public void compareExisting(@Variable(ORIGINAL) Original original, @Variable("aepDefinition") Definition definition, @Variable("aepPlan") Plan plan) {
        new Proof(original, definition, bodies).plan(plan);
    }

    /** Adds to the plan that no definition can describe the flow that exists. In: the exception. */
    public void incomparable(Exchange exchange, @Variable("aepPlan") Plan plan) {
        String why = exchange.getProperty(Exchange.EXCEPTION_CAUGHT, ExportException.class).getMessage();
        plan.add(new Plan.Planned(Step.FLOW, plan.getExisting(), Optional.empty(), Action.IMPOSSIBLE, List.of(),
                Proof.NOT_OURS.formatted(plan.getExisting()) + "; " + why));
    }

    /** For {@code aepRequest}: flows of the name that was given. */
    public JsonNode flowSought(@Variable(ORIGINAL) Original original) {
        return JsonNodeFactory.instance.objectNode().put("name", original.wanted());
    }

    public void flowFound(@Variable(ORIGINAL) Original original, @Variable("aepSearch") Search search) throws ExportException {
        original.found(search.hits());
    }

    /** Where a part of the flow is to be read; null when there is nothing to read. */
    public Place place(Exchange exchange, String part) throws ExportException {
        return original(exchange).place(Part.of(part)).orElse(null);
    }

    /** In: variable {@code aepResponse}, the answer. */
    public void read(Exchange exchange, String part) throws ExportException, IOException {
        original(exchange).read(Part.of(part), document(exchange));
    }

    /** @throws ExportException always: the flow names what is not there */
    public void missing(Exchange exchange, String part) throws ExportException {
        throw original(exchange).missing(Part.of(part));
    }

    /** For {@code aepRequest}: what is called as a part of the flow is; null when nobody has to know. */
    public JsonNode namesakesSought(Exchange exchange, String part) {
        Original original = original(exchange);
        JsonNode named = original.get(Part.of(part));
        if (!original.asksForNamesakes(Part.of(part))) {
            return null;
        }
        String key = named.has("title") ? "title" : "name";
        ObjectNode sought = JsonNodeFactory.instance.objectNode().put(key, named.path(key).asText());
        if (Part.of(part) == Part.BASE_CONNECTION) {   // by which an odd name is looked for
            sought.putObject("connectionSpec").set("id", named.at("/connectionSpec/id"));
        }
        return sought.path(key).asText().isEmpty() ? null : sought;
    }

    public void namesakesFound(Exchange exchange, String part) {
        original(exchange).namesakes(Part.of(part), exchange.getVariable("aepSearch", Search.class).hits());
    }

    /** Where the next page of the source connections is that use the ad-hoc schema. */
    public Place usersPlace(@Variable(ORIGINAL) Original original) {
        return original.usersPlace();
    }

    public void usersRead(Exchange exchange) throws IOException {
        original(exchange).addUsers(document(exchange));
    }

    /**
     * Writes the definition of what was read, and proves it. Out: variable {@code aepExported}.
     *
     * @throws ExportException with everything about the flow that no definition can say
     */
    public void describe(Exchange exchange) throws ExportException {
        Original original = original(exchange);
        ObjectNode document = DefinitionText.of(original, connectors);
        Definition definition = definition(original, document);
        Proof proof = new Proof(original, definition, bodies);
        List<String> differences = proof.differences();
        if (!differences.isEmpty()) {
            throw original.refused(differences);
        }
        Exported exported = new Exported(original, document, definition, proof.bodies(), notes(original, definition, proof));
        exchange.setVariable(EXPORTED, exported);
        exchange.setVariable(REPORT, exported.report(sandbox).toPrettyString());
    }

    private Definition definition(Original original, ObjectNode document) throws ExportException {
        String yaml = YamlText.of(document);
        try {
            Definition definition = reader.read(yaml.getBytes(StandardCharsets.UTF_8), (name, digest) -> true);
            if (!definition.digest().equals(Fingerprint.of(document).digest())) {
                throw original.refused(List.of("a value of it cannot be written so that it is read as what it is"));
            }
            return definition;
        } catch (DefinitionException e) {
            throw original.refused(e.faults().stream()
                    .map(fault -> ("as a definition, its " + fault.path()).strip() + " " + fault.message()).toList());
        }
    }

    private static List<String> notes(Original original, Definition definition, Proof proof) {
        List<String> notes = new ArrayList<>();
        List<String> unsaid = proof.unsaid();
        if (!unsaid.isEmpty()) {
            notes.add("It has besides, which no definition says and which stays as it is:");
            unsaid.forEach(field -> notes.add("  " + field));
        }
        if (definition.adHoc() && !original.get(Part.SOURCE_CLASS).path("title").asText().equals(Definition.sourceClassTitle(definition.name()))) {
            notes.add("The titles of its ad-hoc class and schema are others than a new dataflow's would be.");
        }
        if (!original.otherFlows().isEmpty()) {
            notes.add("Other flows have the same name: " + String.join(", ", original.otherFlows()));
        }
        return notes;
    }

    /** The definition as YAML, with comments above it. */
    public String text(@Variable(EXPORTED) Exported exported) {
        return exported.yaml(sandbox);
    }

    /** A walk through all flows that is about to begin: for variable {@code aepFlowsFound}. */
    public FlowList flows() {
        return new FlowList(new Paging());
    }

    public void addFlows(@Variable(PAGE) FlowList flows, @Variable("aepPage") JsonNode page) throws PlatformException {
        flows.add(page);
    }

    /** All flows as JSON text. */
    public String flowList(@Variable(PAGE) FlowList flows) {
        return flows.report();
    }

    private JsonNode document(Exchange exchange) throws IOException {
        return answers.document(exchange.getVariable("aepResponse", byte[].class));
    }

    private static Original original(Exchange exchange) {
        return exchange.getVariable(ORIGINAL, Original.class);
    }
}
