package io.github.aepdataflows.check;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.github.aepdataflows.definition.Definition;
import io.github.aepdataflows.definition.Fault;
import io.github.aepdataflows.resource.XdmNames;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * What has come out about one definition so far. Lives in the exchange variable {@code aepCheck}. Flow spec, source and target are checked
 * at the same time: each has fields of its own, and what is wrong is noted by all.
 */
public final class CheckResult {

    public static final String VARIABLE = "aepCheck";

    /** Each costs a call of its own; those beyond are validated with the whole mapping. */
    private static final int MOST_EXPRESSIONS = 50;

    private final Definition definition;
    private final Set<Fault> faults = Collections.synchronizedSet(new LinkedHashSet<>());
    // those of the faults that matter to what is made only
    private final Set<Fault> brokenSource = Collections.synchronizedSet(new LinkedHashSet<>());
    // those that matter to what is made, or mapped, only
    private final Set<Fault> wrongData = Collections.synchronizedSet(new LinkedHashSet<>());
    // a call that is repeated finds them again
    private final Set<Fault> notes = Collections.synchronizedSet(new LinkedHashSet<>());
    private final Map<String, Fault> knownBetter = new ConcurrentHashMap<>();
    private final Fields fields = new Fields();
    private volatile boolean cached;
    private boolean flowSpecOpen;
    private JsonNode flowSpec = MissingNode.getInstance();
    private JsonNode columns = MissingNode.getInstance();
    private SourceColumns explored;
    private String baseConnectionId;
    private boolean sourceAsked;
    private boolean connected;
    private boolean tableMissing;
    private String inside;
    private String file;
    private final boolean recalled;
    private final Map<String, Boolean> known;
    private boolean made;
    private boolean updating;
    private boolean updated;
    private boolean newSourceChecked;
    private String schemaId;
    private JsonNode schema;
    private String datasetId;
    private XdmNames names = XdmNames.NONE;
    private final XdmTitles titles;
    private int partsSeen;
    private boolean classProven;
    private boolean partMissing;
    private boolean mappingValidated;
    private int expressionsSeen;

    /**
     * @param recalledConnection id of the base connection that was made by the definition's description before; null for none
     * @param isFlowKnown        whether the ledger has a flow of the dataflow: then a pause asks its source for nothing
     * @param knownConnections   ids of the base connections that definitions have made or used, and whether their secrets are others by now
     */
    CheckResult(Definition definition, String recalledConnection, boolean isFlowKnown, Map<String, Boolean> knownConnections) {
        this.definition = definition;
        this.sourceAsked = !isFlowKnown || definition.lifecycle().state() != Definition.State.PAUSED;
        this.known = knownConnections;
        this.recalled = recalledConnection != null;
        this.baseConnectionId = definition.source().baseConnection().id().orElse(recalledConnection);
        this.schemaId = definition.target().schema().id().orElse(null);
        this.datasetId = definition.target().dataset().id().orElse(null);
        this.titles = new XdmTitles(this);
        this.mappingValidated = definition.unmapped();
        this.partMissing = definition.target().schema().isPartUnread();
    }

    void flowSpecIs(JsonNode found) {
        flowSpec = found;
        flowSpecOpen = false;
    }

    /** No flow spec has the name, or runs this self-serve source: one of another name may be meant. */
    void flowSpecOpen() {
        flowSpecOpen = true;
    }

    boolean isFlowSpecOpen() {
        return flowSpecOpen;
    }

    /** As the Platform describes it now; a missing node while none is known. */
    public JsonNode flowSpec() {
        return flowSpec;
    }

    void columnsAre(JsonNode explored) {
        columns = explored;
    }

    /** The columns that a source connection is to read where the definition does not say; a missing node while none are known. */
    public JsonNode columns() {
        return columns;
    }

    void exploredIs(SourceColumns found) {
        explored = found;
    }

    /** What the source has; empty while it is not known. */
    Optional<SourceColumns> explored() {
        return Optional.ofNullable(explored);
    }

    Definition definition() {
        return definition;
    }

    /** @param path of the definition, as in {@code source.path} */
    Fault fault(String path, String message) {
        return definition.fault(path, message);
    }

    void add(Fault fault) {
        faults.add(fault);
    }

    void add(String path, String message) {
        add(fault(path, message));
    }

    /** The source does not work now: a fault for what is to be made with it, a note for a flow that there is. */
    void addOfSource(Fault fault) {
        brokenSource.add(fault);
        add(fault);
    }

    void addOfSource(String path, String message) {
        addOfSource(fault(path, message));
    }

    /** The source, or the schema, does not have what is named: a fault for what is made or mapped, a note for a flow that runs as it is. */
    void addOfData(Fault fault) {
        wrongData.add(fault);
        add(fault);
    }

    void addOfData(String path, String message) {
        addOfData(fault(path, message));
    }

    public void note(Fault note) {
        notes.add(note);
    }

    void note(String path, String message) {
        note(fault(path, message));
    }

    /** What is told of this place, if anything is wrong there by the definition alone. */
    void knownBetter(Fault fault) {
        knownBetter.put(fault.path(), fault);
    }

    /** A fault that the definition alone has shown; in other words, where the source tells more. */
    public Fault inOtherWords(Fault fault) {
        return knownBetter.getOrDefault(fault.path(), fault);
    }

    /** All that is wrong, in the order of the file. */
    public List<Fault> faults() {
        return faults.stream().sorted(Fault.IN_FILE_ORDER).toList();
    }

    /** What is wrong for something that is to be made or mapped: no reason to refuse a definition of which nothing is. */
    public List<Fault> conditional() {
        return Stream.concat(brokenSource.stream(), wrongData.stream()).sorted(Fault.IN_FILE_ORDER).toList();
    }

    /** Whether something is wrong for what is to be mapped. */
    public boolean hasWrongData() {
        return !wrongData.isEmpty();
    }

    /** All that is wrong, if anything is that matters whatever is to be made. */
    public List<Fault> faultsInAnyCase() {
        return conditional().containsAll(faults) && !made ? List.of() : faults();
    }

    /** What a check reports: of a flow that is to be paused, a source that does not work is no fault. */
    public boolean isPauseOfBrokenSource() {
        return brokenSource.containsAll(faults) && definition.lifecycle().state() == Definition.State.PAUSED;
    }

    /** What is not wrong, and yet worth knowing. */
    public List<Fault> notes() {
        return notes.stream().sorted(Fault.IN_FILE_ORDER).toList();
    }

    /** Something of this is remembered from an earlier definition. */
    void cached() {
        cached = true;
    }

    /** Whether faults were found by what was only remembered: it may have been mended meanwhile. */
    public boolean isDoubtful() {
        return cached && !faults.isEmpty();
    }

    /** Whether something that the definition names was not found: there is nothing to build on. */
    public boolean isIncomplete() {
        Definition.BaseConnection base = definition.source().baseConnection();
        return flowSpec.isMissingNode() || baseConnectionId == null && base.auth().isEmpty() && !base.isNone()
                || schemaId == null && definition.target().schema().exists() || titles.isAnyMissing()
                || datasetId == null && definition.target().dataset().exists();
    }

    /** Whether the base connection has to be looked up by its name. */
    public boolean isBaseConnectionNamed() {
        return definition.source().baseConnection().id().isEmpty() && !definition.source().baseConnection().isNone() && !recalled;
    }

    /** Whether the base connection was made by the definition's description before. */
    boolean isRecalled() {
        return recalled;
    }

    /** Whether the base connection was made just now. */
    boolean isMade() {
        return made;
    }

    /** Whether definitions have made or used a base connection, so that they may update it. */
    boolean knows(String connection) {
        return known.containsKey(connection);
    }

    /** Whether the secrets of a base connection are others than those that it was sent last. */
    boolean isRotated(String connection) {
        return known.getOrDefault(connection, false);
    }

    /** The base connection gets other credentials first: what only the source itself can tell is asked once it has them. */
    void updating() {
        updating = true;
        connected = false;
    }

    /** Whether the base connection has got other credentials just now. */
    public boolean isUpdated() {
        return updated;
    }

    /** Whether the base connection does not exist yet, or gets other credentials: what only the source itself can tell is asked then. */
    public boolean isSourceOpen() {
        return (baseConnectionId == null || updating) && definition.source().baseConnection().auth().isPresent();
    }

    /** Whether the base connection was made, or is to be, and what only the source can tell was not asked yet. */
    public boolean isNewSourceOpen() {
        return (isSourceOpen() || made) && !newSourceChecked;
    }

    void newSourceChecked() {
        newSourceChecked = true;
    }

    /** Whether the target schema has to be looked up by its title. */
    public boolean isSchemaNamed() {
        return definition.target().schema().exists() && schemaId == null;
    }

    /** Whether the dataset has to be looked up by its name. */
    public boolean isDatasetNamed() {
        return definition.target().dataset().exists() && datasetId == null;
    }

    /** Whether there is another part of the new schema to look at: its field groups, and its class where those do not tell enough. */
    public boolean isPartOpen() {
        return !definition.target().schema().exists() && partsSeen < parts();
    }

    /** Whether the mapping can be validated now: its schema exists, and nothing else is wrong. */
    public boolean isMappingReady() {
        return schema != null && isMappingOpen() && !definition.isMappingOpen() && brokenSource.containsAll(faults);
    }

    /** Whether there is another expression to validate by itself, because its mapping cannot be validated yet. */
    public boolean isExpressionOpen() {
        return schema == null && expressionsSeen < Math.min(MOST_EXPRESSIONS, expressions().size());
    }

    /** The indexes of the mappings that are expressions. */
    private List<Integer> expressions() {
        return IntStream.range(0, definition.mapping().size())
                .filter(i -> definition.mapping().get(i).isExpression()).boxed().toList();
    }

    /** The index of the mapping whose expression is next. */
    int expression() {
        return expressions().get(expressionsSeen);
    }

    void expressionSeen() {
        expressionsSeen++;
    }

    /** Whether the target schema was there before, and was looked at. */
    boolean isSchemaKnown() {
        return schema != null;
    }

    /** Whether nobody has validated the mapping yet. */
    public boolean isMappingOpen() {
        return !mappingValidated;
    }

    /** The class and field groups that the definition names by their titles, or describes. */
    XdmTitles titles() {
        return titles;
    }

    /** What names of XDM mean, as far as that was looked up. */
    public XdmNames names() {
        return names;
    }

    /** A field group of that title exists, whether a look by its title shows it yet or not. */
    public void groupExists(String title, String id) {
        names = names.with(title, id);
    }

    /**
     * Field groups that exist cannot become what the definition describes.
     *
     * @param why of each that is described, counted from 0, in words; empty where it can
     */
    public void groupsRefused(IntFunction<Optional<String>> why) {
        List<Definition.FieldGroup> all = definition.target().schema().fieldGroups();
        List<Definition.FieldGroup> described = definition.target().schema().describedGroups();
        for (int i = 0; i < described.size(); i++) {
            String path = "target.schema.fieldGroups[%d]".formatted(all.indexOf(described.get(i)));
            why.apply(i).ifPresent(words -> add(path, words));
        }
    }

    /** The schema that is described cannot be made. */
    public void schemaRefused(String why) {
        add("target.schema.title", why);
    }

    void namesAre(XdmNames known) {
        names = known;
    }

    private int parts() {
        boolean classTells = !classProven || definition.isMappingOpen()
                || definition.mapping().stream().anyMatch(rule -> !fields.has(rule.destination()));
        return definition.target().schema().fieldGroups().size() + (classTells ? 1 : 0);
    }

    /** Whether the Platform is asked about the part that is next: it is neither described itself nor without an id. */
    public boolean isPartAsked() {
        return groupPart().filter(Definition.FieldGroup::isDescribed).isEmpty() && Definition.isXdmId(partId());
    }

    /** {@code $id} of the part that is next; empty where nothing has its title. */
    String partId() {
        return groupPart().map(names::idOf).orElseGet(() -> names.classOf(definition.target().schema()));
    }

    /** The field group that is next; empty for the class. */
    Optional<Definition.FieldGroup> groupPart() {
        return definition.target().schema().fieldGroups().stream().skip(partsSeen).findFirst();
    }

    /** The index of the field group that is next, counted from 0; one more than the last for the class. */
    int part() {
        return partsSeen;
    }

    void partSeen() {
        partsSeen++;
    }

    boolean isClassPart() {
        return groupPart().isEmpty();
    }

    void classProven() {
        classProven = true;
    }

    void partMissing() {
        partMissing = true;
    }

    boolean isPartMissing() {
        return partMissing;
    }

    void mappingValidated() {
        mappingValidated = true;
    }

    /** Id of the base connection that the definition names, by id or by name; empty while none is known. */
    public Optional<String> baseConnectionId() {
        return Optional.ofNullable(baseConnectionId);
    }

    void baseConnectionIs(String id) {
        baseConnectionId = id;
    }

    /** The base connection was made just now, or updated. */
    public void baseConnectionMade(String id) {
        baseConnectionId = id;
        made = true;
        updated = updating;
        updating = false;
    }

    /** Whether the source is to be asked whether it works, and what it has. */
    public boolean isSourceAsked() {
        return sourceAsked;
    }

    void askSource() {
        sourceAsked = true;
    }

    /** Whether the base connection is enabled, and its test succeeds; or none is needed. */
    boolean isConnected() {
        return connected || sourceAsked && definition.source().baseConnection().isNone();
    }

    void connected(boolean does) {
        connected = does;
    }

    boolean isTableMissing() {
        return tableMissing;
    }

    void tableMissing() {
        tableMissing = true;
    }

    /** The folder that the path turned out to be. */
    Optional<String> inside() {
        return Optional.ofNullable(inside);
    }

    void insideIs(String folder) {
        inside = folder;
    }

    /** The file whose form stands for all that the path means. */
    Optional<String> file() {
        return Optional.ofNullable(file);
    }

    void fileIs(String path) {
        file = path;
    }

    Fields fields() {
        return fields;
    }

    /** {@code $id} of the existing schema that the definition names; empty while none is known, and for a new one. */
    public Optional<String> schemaId() {
        return Optional.ofNullable(schemaId);
    }

    void schemaIs(String id) {
        schemaId = id;
    }

    void schemaIs(JsonNode full) {
        schema = full;
    }

    /** Id of the existing dataset that the definition names; empty while none is known, and for a new one. */
    public Optional<String> datasetId() {
        return Optional.ofNullable(datasetId);
    }

    void datasetIs(String id) {
        datasetId = id;
    }
}
