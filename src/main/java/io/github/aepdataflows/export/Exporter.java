package io.github.aepdataflows.export;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.aepdataflows.check.CheckResult;
import io.github.aepdataflows.definition.Connectors;
import io.github.aepdataflows.definition.Definition;
import io.github.aepdataflows.definition.DefinitionException;
import io.github.aepdataflows.definition.DefinitionReader;
import io.github.aepdataflows.definition.Fingerprint;
import io.github.aepdataflows.definition.UnreadableFileException;
import io.github.aepdataflows.definition.YamlText;
import io.github.aepdataflows.ledger.Ledger;
import io.github.aepdataflows.ledger.LedgerException;
import io.github.aepdataflows.platform.Reading;
import io.github.aepdataflows.provision.Bodies;
import io.github.aepdataflows.provision.Comparisons;
import io.github.aepdataflows.provision.Plan;
import io.github.aepdataflows.resource.Flow;
import io.github.aepdataflows.resource.Kind;
import io.github.aepdataflows.resource.Kinds;
import io.github.aepdataflows.resource.Search;
import io.github.aepdataflows.resource.Service;
import io.github.aepdataflows.resource.StepId;
import io.github.aepdataflows.resource.XdmNames;
import io.github.aepdataflows.settings.Settings;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.camel.Exchange;
import org.apache.camel.Variable;
import org.apache.camel.support.ResourceHelper;

/** What the routes of {@code direct:aep-export} call: from the name of a flow to its definition. */
public final class Exporter {

    static final String SNAPSHOT = "aepSnapshot";
    static final String EXPORTED = "aepExported";

    /** The variable that holds the outcome as JSON text. */
    static final String REPORT = "aepExport";

    private static final String SCHEMA = "classpath:aep-dataflows/dataflow.schema.json";
    private static final String DEFINITION = "aepDefinition";

    /** What a definition can name by its name, where nothing else has it. */
    private static final List<Kind> NAMED = List.of(Kinds.FLOW, Kinds.BASE_CONNECTION, Kinds.TARGET_SCHEMA, Kinds.TARGET_DATASET);

    private final DefinitionReader reader;
    private final Connectors connectors;
    private final Bodies bodies;
    private final Comparisons comparisons;
    private final Ledger ledger;
    private final String sandbox;
    private final Clock clock;

    /**
     * @param ledger knows what its flows are called as dataflows, and which were replaced; it need not be open
     */
    public Exporter(Settings settings, Connectors connectors, Bodies bodies, Comparisons comparisons, Clock clock, Ledger ledger)
            throws IOException {
        this.connectors = connectors;
        try (InputStream schema = ResourceHelper.resolveMandatoryResourceAsInputStream(settings.getCamelContext(), SCHEMA)) {
            this.reader = new DefinitionReader(schema, connectors, settings.sandbox(), clock);
        }
        this.clock = clock;
        this.bodies = bodies;
        this.comparisons = comparisons;
        this.ledger = ledger;
        this.sandbox = settings.sandbox();
    }

    /** Begins with the message body, the id or the name of a flow. Out: variable {@code aepSnapshot}. */
    public void begin(Exchange exchange, @Variable("aepExportByIds") Boolean byIds, @Variable("aepExportPortable") Boolean portable)
            throws ExportException {
        for (String ofAnEarlierOne : List.of(SNAPSHOT, EXPORTED, REPORT, "aepProvisioning")) {
            exchange.removeVariable(ofAnEarlierOne);
        }
        String body = exchange.getMessage().getBody(String.class);
        String wanted = body == null || body.isBlank() ? "" : Service.FLOW_SERVICE.isId(body.strip()) ? body.strip()
                : body.replaceFirst("[\\r\\n]+\\z", "");
        FlowSnapshot flow = new FlowSnapshot(wanted, byIds != null && byIds, portable != null && portable);
        if (wanted.isEmpty()) {
            throw flow.refused(List.of("name a flow by its id or its name"));
        }
        exchange.setVariable(SNAPSHOT, flow);
    }

    /** A look for flows of the name that was given. */
    public Search flowSearch(@Variable(SNAPSHOT) FlowSnapshot flow) {
        return Search.named(Kinds.FLOW, JsonNodeFactory.instance.objectNode().put("name", flow.wanted()));
    }

    /** Of several of one name, one that replaced the others is meant. What only the ledger calls so is its dataflow. */
    public void flowFound(@Variable(SNAPSHOT) FlowSnapshot flow, @Variable("aepSearch") Search search) throws ExportException,
            LedgerException {
        Optional<String> dataflow = ours().entrySet().stream().filter(one -> one.getValue().equals(flow.wanted())).map(Map.Entry::getKey)
                .findFirst();
        if (search.hits().isEmpty() && dataflow.isPresent()) {
            flow.foundIn(dataflow.get());
        } else {
            flow.found(current(search.hits()));
        }
    }

    /** Ids of the flows that the ledger's dataflows have now, and what they are called there. */
    private Map<String, String> ours() throws LedgerException {
        return ledger.isOpen() ? ledger.resources(Kinds.FLOW.key()) : Map.of();
    }

    /** Flows of one name, those not among them that were replaced. */
    private List<Search.Hit> current(List<Search.Hit> ofOneName) throws LedgerException {
        Map<String, String> ours = ours();
        List<Search.Hit> current = new ArrayList<>();
        for (Search.Hit flow : ofOneName) {
            boolean replacedByUs = ledger.isOpen()
                    && ledger.owner(Kinds.FLOW.key(), flow.id()).filter(ours::containsValue).isPresent();
            if (ours.containsKey(flow.id()) || !replacedByUs && !Flow.isReplaced(flow, ofOneName)) {
                current.add(flow);
            }
        }
        return current;
    }

    /**
     * The next look for what has the name of a part; null when there is none left. A name means something only where nothing else has it.
     */
    public Search namesakes(@Variable(SNAPSHOT) FlowSnapshot flow) {
        return NAMED.stream().filter(flow::asksForNamesakes).findFirst().map(kind -> Search.named(kind, flow.get(kind))).orElse(null);
    }

    public void namesakesFound(@Variable(SNAPSHOT) FlowSnapshot flow, @Variable("aepSearch") Search search) throws LedgerException {
        flow.namesakes(search.kind(), search.kind() == Kinds.FLOW ? current(search.hits()) : search.hits());
    }

    /** A look for source connections that use the ad-hoc schema. */
    public Search schemaUsers(@Variable(SNAPSHOT) FlowSnapshot flow) {
        return flow.schemaUsersSearch();
    }

    public void schemaUsersFound(@Variable(SNAPSHOT) FlowSnapshot flow, @Variable("aepSearch") Search search) {
        flow.schemaUsers(search.hits());
    }

    /**
     * Begins with a flow of the definition's name that was not made here. Out: variable {@code aepSnapshot}; one that is there already goes
     * on.
     */
    public void beginForeign(Exchange exchange, @Variable("aepPlan") Plan plan, @Variable(CheckResult.VARIABLE) CheckResult check) {
        FlowSnapshot begun = exchange.getVariable(SNAPSHOT, FlowSnapshot.class);
        if (begun == null || !begun.wanted().equals(plan.foreignFlow())) {
            FlowSnapshot flow = new FlowSnapshot(plan.foreignFlow(), true);
            flow.namesAre(check == null ? XdmNames.NONE : check.names());
            exchange.setVariable(SNAPSHOT, flow);
        }
    }

    /**
     * The next look for what the definition describes, and the flow's documents do not name, or for others like what they name and which
     * differs; null when there is none left.
     */
    public Search foreignPart(@Variable(SNAPSHOT) FlowSnapshot flow, @Variable("aepDefinition") Definition definition)
            throws LedgerException {
        DefinitionMatch match = new DefinitionMatch(flow, definition, bodies);
        Optional<StepId> step = match.unsearched(comparisons);
        return step.isEmpty() ? null : match.search(step.get(), comparisons);
    }

    public void foreignPartFound(@Variable(SNAPSHOT) FlowSnapshot flow, @Variable("aepDefinition") Definition definition,
                                 @Variable("aepSearch") Search search) throws LedgerException {
        flow.found(new DefinitionMatch(flow, definition, bodies).unsearched(comparisons).orElseThrow(), search);
    }

    /** Adds to the plan how the definition and the flow differ. */
    public void compareForeign(@Variable(SNAPSHOT) FlowSnapshot flow, @Variable("aepDefinition") Definition definition,
            @Variable("aepPlan") Plan plan,
            @Variable("aepAdoptOnly") Boolean adoptOnly) throws LedgerException {
        new DefinitionMatch(flow, definition, bodies).plan(plan, comparisons, adoptOnly != null && adoptOnly);
    }

    /** Adds to the plan that no definition can describe the flow. In: the exception. */
    public void refuseForeign(Exchange exchange, @Variable("aepPlan") Plan plan) {
        DefinitionMatch.refuse(plan, exchange.getProperty(Exchange.EXCEPTION_CAUGHT, ExportException.class).getMessage());
    }

    /** The next look for what another sandbox needs; null when there is none left. */
    public Search portableLook(@Variable(SNAPSHOT) FlowSnapshot flow) {
        return flow.portableSchema().nextLook();
    }

    public void portableFound(@Variable(SNAPSHOT) FlowSnapshot flow, @Variable("aepSearch") Search search) {
        flow.portableSchema().found(search);
    }

    /** The documents of what another sandbox needs. */
    public Reading portableParts(@Variable(SNAPSHOT) FlowSnapshot flow) {
        return flow.portableSchema();
    }

    /**
     * Writes the definition of what was read. Out: variables {@code aepDefinition} and {@code aepExported}.
     *
     * @throws ExportException when it cannot be read again
     */
    public void write(Exchange exchange, @Variable(SNAPSHOT) FlowSnapshot flow) throws ExportException, LedgerException {
        Map<String, String> ours = ours();
        boolean isNameFree = flow.otherFlows().isEmpty() && !ours.containsValue(flow.name());
        flow.isDataflow(ours.getOrDefault(flow.flowId(), DataflowName.of(flow.name(), flow.flowId(), isNameFree)));
        if (flow.isPortable()) {
            flow.namesAre(flow.portableSchema().names());
        }
        List<String> notes = new ArrayList<>();
        ObjectNode document = DefinitionText.of(flow, connectors, clock.instant(), notes);
        Definition definition = definition(flow, document);
        exchange.setVariable(DEFINITION, definition);
        exchange.setVariable(EXPORTED, new Exported(flow, document, definition, new DefinitionMatch(flow, definition, bodies), notes));
    }

    /**
     * Compares the definition that was written with the flow. Out: variable {@code aepExported}, with all notes.
     *
     * @throws ExportException with everything about the flow that no definition can say
     */
    public void describe(Exchange exchange, @Variable(EXPORTED) Exported written) throws ExportException, LedgerException {
        List<String> differences = written.match().differencesInWords(comparisons);
        if (!differences.isEmpty()) {
            throw written.flow().refused(differences);
        }
        Exported exported = written.with(notes(written.flow(), written.definition(), written.match()));
        exchange.setVariable(EXPORTED, exported);
        exchange.setVariable(REPORT, exported.report(sandbox).toPrettyString());
    }

    private Definition definition(FlowSnapshot flow, ObjectNode document) throws ExportException {
        String yaml = YamlText.of(document);
        try {
            Definition definition = reader.read(yaml.getBytes(StandardCharsets.UTF_8), (name, digest) -> true);
            if (!definition.digest().equals(Fingerprint.of(document).digest())) {
                throw flow.refused(List.of("a value of it cannot be written so that it is read as what it is"));
            }
            return definition;
        } catch (UnreadableFileException e) {   // it names no file
            throw new IllegalStateException(e);
        } catch (DefinitionException e) {
            throw flow.refused(e.faults().stream()
                    .map(fault -> ("as a definition, its " + fault.path()).strip() + " " + fault.message()).toList());
        }
    }

    private static List<String> notes(FlowSnapshot flow, Definition definition, DefinitionMatch match) {
        List<String> notes = new ArrayList<>();
        List<String> unsaid = match.unsaid();
        if (!unsaid.isEmpty()) {
            notes.add("It has besides, which no definition says and which stays as it is:");
            unsaid.forEach(field -> notes.add("  " + field));
        }
        if (definition.adHoc() && !flow.get(Kinds.SOURCE_CLASS).path("title").asText()
                .equals(Definition.sourceClassTitle(definition.name()))) {
            notes.add("The titles of its ad-hoc class and schema are others than a new dataflow's would be.");
        }
        if (!flow.otherFlows().isEmpty()) {
            notes.add("Other flows have the same name: " + String.join(", ", flow.otherFlows()));
        }
        return notes;
    }

    /** The definition as YAML, with comments above it. */
    public String text(@Variable(EXPORTED) Exported exported) {
        return exported.yaml(sandbox);
    }

    /** A walk through all flows that is about to begin. */
    public FlowList flows() {
        return new FlowList(true);
    }

    /** All flows as JSON text. */
    public String flowList(@Variable("aepReading") FlowList flows) throws LedgerException {
        Set<Search.Hit> current = new HashSet<>();
        for (List<Search.Hit> ofOneName : flows.byName()) {
            current.addAll(current(ofOneName));
        }
        return flows.report(current);
    }
}
