package io.github.aepdataflows.export;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.github.aepdataflows.definition.VisibleText;
import io.github.aepdataflows.platform.Reading;
import io.github.aepdataflows.resource.Difference;
import io.github.aepdataflows.resource.FlowDocuments;
import io.github.aepdataflows.resource.Kind;
import io.github.aepdataflows.resource.Kinds;
import io.github.aepdataflows.resource.Lookup;
import io.github.aepdataflows.resource.LookupResult;
import io.github.aepdataflows.resource.Search;
import io.github.aepdataflows.resource.Service;
import io.github.aepdataflows.resource.StepId;
import io.github.aepdataflows.resource.Streaming;
import io.github.aepdataflows.resource.XdmNames;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A flow and all that it is made of, as far as it was read. Lives in the exchange variable {@code aepSnapshot}; what was read is
 * not asked for again when a later call has to be repeated.
 */
public final class FlowSnapshot implements FlowDocuments, Reading {

    private static final int MAX_SHOWN = 100;
    private static final List<Kind> FROM_THE_FLOW_ON = reversed();

    private final String wanted;
    private final boolean byIds;
    private final boolean portable;
    private PortableSchema portableSchema;
    private final Map<Kind, JsonNode> documents = new HashMap<>();
    private final Map<Kind, List<Search.Hit>> namesakes = new HashMap<>();
    private final Map<StepId, Search> found = new HashMap<>();
    private XdmNames names = XdmNames.NONE;
    private JsonNode flowSpec;
    private List<String> schemaUsers;
    private String flowId;
    private String dataflow;
    private Kind reading;

    /**
     * @param wanted id or name of a flow
     * @param byIds  whether the definition is to name base connection, schema and dataset by their ids, even where names would do
     */
    FlowSnapshot(String wanted, boolean byIds) {
        this(wanted, byIds, false);
    }

    /** @param portable whether the definition is to describe all that another sandbox needs */
    FlowSnapshot(String wanted, boolean byIds, boolean portable) {
        this.wanted = wanted;
        this.byIds = byIds;
        this.portable = portable;
        this.flowId = Service.FLOW_SERVICE.isId(wanted) ? wanted : "";
    }

    private static List<Kind> reversed() {
        List<Kind> kinds = new ArrayList<>(Kinds.ALL);
        Collections.reverse(kinds);
        return kinds;
    }

    /** Whether the definition is to describe all that another sandbox needs. */
    public boolean isPortable() {
        return portable;
    }

    /** What that is of the schema and the dataset, once the flow was read. */
    PortableSchema portableSchema() {
        portableSchema = portableSchema == null ? new PortableSchema(this) : portableSchema;
        return portableSchema;
    }

    /** Whether the flow has to be looked for by its name first. */
    public boolean isNameOnly() {
        return flowId.isEmpty();
    }

    String wanted() {
        return wanted;
    }

    /** @throws ExportException when none or several are called so */
    void found(List<Search.Hit> hits) throws ExportException {
        if (hits.isEmpty()) {
            throw refused(List.of("the Platform has no flow of that name in this sandbox"));
        } else if (hits.size() > 1) {
            throw refused(List.of("%d flows have that name, name one by its id: %s".formatted(hits.size(), Search.ids(hits))));
        }
        foundIn(hits.get(0).id());
    }

    /** It is this flow that is wanted. */
    void foundIn(String id) {
        flowId = id;
    }

    /**
     * What is to be read next: the flow and its spec first, then what they name; null when all was read.
     *
     * @throws ExportException when the flow lacks something that every flow has
     */
    @Override
    public Lookup next() throws ExportException {
        reading = null;
        if (flowSpec == null && documents.containsKey(Kinds.FLOW)) {
            return new Lookup("flowservice/flowSpecs/" + Lookup.encode(get(Kinds.FLOW).at("/flowSpec/id").asText()), "", Lookup.JSON);
        }
        List<String> missing = new ArrayList<>();
        for (Kind kind : FROM_THE_FLOW_ON) {
            if (kind.isPartOf(this) && !documents.containsKey(kind)) {
                String id = id(kind);
                if (!id.isEmpty()) {
                    reading = kind;
                    return kind.lookupOfFlow(id, kind.versionIn(this));
                }
                missing.add("the flow has no " + kind.words());
            }
        }
        if (!missing.isEmpty()) {
            throw refused(missing);
        }
        return null;
    }

    /** @throws ExportException when it is not there, or no definition can describe such a flow */
    @Override
    public void accept(LookupResult result) throws ExportException {
        if (!result.isFound() && reading != null && reading.partOf().isPresent()) {
            documents.put(reading, JsonNodeFactory.instance.objectNode());
            return;
        } else if (!result.isFound()) {
            throw refused(List.of(reading == Kinds.FLOW ? "the Platform has no flow of that id in this sandbox"
                    : "its %s %s does not exist at the Platform".formatted(reading == null ? "flow spec" : reading.words(),
                            reading == null ? get(Kinds.FLOW).at("/flowSpec/id").asText() : id(reading))));
        } else if (reading == null) {
            flowSpec = result.single("");
        } else {
            documents.put(reading, result.single(id(reading)));
        }
        JsonNode flow = get(Kinds.FLOW);
        boolean tells = reading == (Streaming.mayStream(flow) ? null : Kinds.FLOW);
        List<String> reasons = !tells ? List.of() : Streaming.mayStream(flow) && Streaming.isWithoutSchedule(flowSpec)
                ? List.of(Streaming.UNDESCRIBED) : FlowText.obstacles(flow);
        if (!reasons.isEmpty()) {
            throw refused(reasons);
        }
    }

    ExportException refused(List<String> reasons) {
        return new ExportException(label(), reasons);
    }

    /** As in {@code flow 1234 (CRM contacts)}. */
    String label() {
        return flowId.isEmpty() ? "flow " + shown(wanted) : "flow " + flowId + (name().isEmpty() ? "" : " (" + shown(name()) + ")");
    }

    private static String shown(String text) {
        return VisibleText.of(text.length() > MAX_SHOWN ? text.substring(0, MAX_SHOWN) + "…" : text);
    }

    @Override
    public JsonNode get(Kind kind) {
        return documents.getOrDefault(kind, MissingNode.getInstance());
    }

    @Override
    public String flowId() {
        return flowId;
    }

    /** What names of XDM mean, as far as it is known. */
    XdmNames names() {
        return names;
    }

    void namesAre(XdmNames known) {
        names = known;
    }

    JsonNode flowSpec() {
        return flowSpec == null ? MissingNode.getInstance() : flowSpec;
    }

    String name() {
        return get(Kinds.FLOW).path("name").asText();
    }

    /** What it is called as a dataflow. */
    String dataflow() {
        return dataflow;
    }

    void isDataflow(String name) {
        dataflow = name;
    }

    /** As another document names it; empty when none does. */
    String id(Kind kind) {
        return kind.isPartOf(this) ? kind.idIn(this) : "";
    }

    Map<Kind, String> ids() {
        Map<Kind, String> ids = new HashMap<>();
        Kinds.ALL.stream().filter(kind -> !id(kind).isEmpty()).forEach(kind -> ids.put(kind, id(kind)));
        return ids;
    }

    /** Whether it has to be found out how many have the name of a part. Not for a flow that needs another name anyway. */
    boolean asksForNamesakes(Kind kind) {
        boolean isWanted = kind == Kinds.FLOW ? DataflowName.isOne(name()) : !byIds && !portable;
        return isWanted && !namesakes.containsKey(kind) && !get(kind).isMissingNode() && !kind.naturalKey(get(kind)).isEmpty();
    }

    void namesakes(Kind kind, List<Search.Hit> hits) {
        namesakes.put(kind, hits);
    }

    /** Whether the name of a part means it and nothing else. */
    boolean isUnique(Kind kind) {
        List<Search.Hit> hits = namesakes.getOrDefault(kind, List.of());
        return hits.size() == 1 && hits.get(0).id().equals(id(kind));
    }

    List<String> otherFlows() {
        return namesakes.getOrDefault(Kinds.FLOW, List.of()).stream().map(Search.Hit::id).filter(id -> !id.equals(flowId)).toList();
    }

    /** Whether there was no look yet for a part that the documents of a flow do not name, or for others like one that they do. */
    boolean isOpen(StepId step) {
        return !found.containsKey(step);
    }

    void found(StepId step, Search search) {
        found.put(step, search);
    }

    /** What was found of a part that the documents of a flow do not name; what is as described first. */
    List<Search.Hit> hits(StepId step) {
        return isOpen(step) ? List.of()
                : found.get(step).hits().stream().sorted(Comparator.comparing((Search.Hit hit) -> !hit.equal())).toList();
    }

    /** Whether a field that a part lacks is shown by any other of its kind, as far as there was a look. */
    boolean isShown(StepId step, Difference missing) {
        return isOpen(step) || found.get(step).shows(missing);
    }

    /** Whether it is not known yet whether other source connections use the ad-hoc schema (2020 form). */
    public boolean isSchemaUsersOpen() {
        return isAdHoc() && schemaUsers == null;
    }

    Search schemaUsersSearch() {
        return Kinds.SOURCE_SCHEMA.users(id(Kinds.SOURCE_SCHEMA)).orElseThrow();
    }

    void schemaUsers(List<Search.Hit> users) {
        schemaUsers = users.stream().map(Search.Hit::id).filter(id -> !id.equals(id(Kinds.SOURCE_CONNECTION))).toList();
    }

    /** Whether another source connection uses the ad-hoc class and schema, too. */
    boolean isAdHocShared() {
        return schemaUsers != null && !schemaUsers.isEmpty();
    }

    Optional<Integer> mappingSetVersion() {
        return Optional.of(Integer.valueOf(Kinds.MAPPING_SET.versionIn(this)));
    }
}
