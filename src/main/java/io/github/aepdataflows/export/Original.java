package io.github.aepdataflows.export;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.github.aepdataflows.definition.VisibleText;
import io.github.aepdataflows.platform.Answers;
import io.github.aepdataflows.platform.Paging;
import io.github.aepdataflows.platform.PlatformException;
import io.github.aepdataflows.platform.Queries;
import io.github.aepdataflows.platform.Search;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.StreamSupport;

/**
 * A flow and all that it is made of, as far as it was read. Lives in the exchange variable {@code aepOriginal}; what was read is
 * not asked for again when a later call has to be repeated.
 */
public final class Original {

    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9 ._-]{0,99}");
    private static final int MAX_SHOWN = 100;

    private final String wanted;
    private final boolean byIds;
    private final Map<Part, JsonNode> parts = new EnumMap<>(Part.class);
    private final Map<Part, List<Search.Hit>> namesakes = new HashMap<>();
    private final List<String> users = new ArrayList<>();
    private final Paging usersPaging = new Paging();
    private String flowId;

    /**
     * @param wanted id or name of a flow
     * @param byIds  whether the definition is to name base connection, schema and dataset by their ids, even where names would do
     */
    Original(String wanted, boolean byIds) {
        this.wanted = wanted;
        this.byIds = byIds;
        this.flowId = Answers.isUuid(wanted) ? wanted : "";
    }

    /** Whether the flow has to be looked for by its name first. */
    public boolean isNameOnly() {
        return flowId.isEmpty();
    }

    String wanted() {
        return wanted;
    }

    static boolean isName(String text) {
        return NAME.matcher(text).matches();
    }

    /** @throws ExportException when none or several are called so */
    void found(List<Search.Hit> hits) throws ExportException {
        if (hits.isEmpty()) {
            throw refused(List.of("the Platform has no flow of that name in this sandbox"));
        } else if (hits.size() > 1) {
            throw refused(List.of("%d flows have that name, name one by its id: %s".formatted(hits.size(), Search.ids(hits))));
        }
        flowId = hits.get(0).id();
    }

    /** Where a part is to be read; empty when there is none, or it was read. */
    Optional<Place> place(Part part) throws ExportException {
        String id = id(part);
        if (parts.containsKey(part) || id.isEmpty() && isOptional(part)) {
            return Optional.empty();
        } else if (id.isEmpty()) {
            throw refused(List.of("the flow has no " + part.words()));
        }
        String query = part == Part.MAPPING_SET ? "version=" + Queries.encode(String.valueOf(mappingVersion())) : "";
        return Optional.of(new Place(part.path(id), query, part.accept()));
    }

    private boolean isOptional(Part part) {
        return !isAdHoc() && Set.of(Part.SOURCE_SCHEMA, Part.SOURCE_CLASS, Part.DATASET_CONNECTION).contains(part);
    }

    /** @throws ExportException when no definition can describe such a flow */
    void read(Part part, JsonNode answer) throws ExportException {
        parts.put(part, Answers.single(answer, id(part)));
        if (part == Part.FLOW) {
            List<String> reasons = FlowText.obstacles(get(Part.FLOW));
            if (!isName(name())) {
                reasons.add("its name cannot be that of a definition, which has letters, digits, blanks and . _ - only, and at most 100"
                        + " characters; rename the flow at the Platform");
            }
            if (!reasons.isEmpty()) {
                throw refused(reasons);
            }
        }
    }

    ExportException missing(Part part) {
        return refused(List.of(part == Part.FLOW ? "the Platform has no flow of that id in this sandbox"
                : "its %s %s does not exist at the Platform".formatted(part.words(), id(part))));
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

    JsonNode get(Part part) {
        return parts.getOrDefault(part, MissingNode.getInstance());
    }

    String name() {
        return get(Part.FLOW).path("name").asText();
    }

    /** The 2020 form. */
    boolean isAdHoc() {
        return get(Part.SOURCE_CONNECTION).at("/data/format").asText().equals("parquet_xdm");
    }

    JsonNode transformation(String name) {
        return StreamSupport.stream(get(Part.FLOW).path("transformations").spliterator(), false)
                .filter(each -> each.path("name").asText().equals(name)).findFirst().orElse(MissingNode.getInstance());
    }

    /** The version of the mapping set that the flow names; the first where it names none. */
    int mappingVersion() {
        return transformation("Mapping").at("/params/mappingVersion").asInt(0);
    }

    /** The id of a part as another one names it; empty when none does. */
    String id(Part part) {
        JsonNode flow = get(Part.FLOW);
        return switch (part) {
            case FLOW -> flowId;
            case FLOW_SPEC -> flow.at("/flowSpec/id").asText();
            case SOURCE_CONNECTION -> flow.at("/sourceConnectionIds/0").asText();
            case BASE_CONNECTION -> get(Part.SOURCE_CONNECTION).path("baseConnectionId").asText();
            case SOURCE_SCHEMA -> isAdHoc() ? get(Part.SOURCE_CONNECTION).at("/data/schema/id").asText() : "";
            case SOURCE_CLASS -> isAdHoc() ? classId() : "";
            case TARGET_CONNECTION -> flow.at("/targetConnectionIds/0").asText();
            case DATASET_CONNECTION -> isAdHoc() ? get(Part.TARGET_CONNECTION).path("baseConnectionId").asText() : "";
            case TARGET_DATASET -> get(Part.TARGET_CONNECTION).at("/params/dataSetId").asText();
            case TARGET_SCHEMA -> {
                String named = get(Part.TARGET_CONNECTION).at("/data/schema/id").asText();
                yield named.isEmpty() ? get(Part.TARGET_DATASET).at("/schemaRef/id").asText() : named;
            }
            case MAPPING_SET -> transformation("Mapping").at("/params/mappingId").asText();
        };
    }

    private String classId() {
        JsonNode schema = get(Part.SOURCE_SCHEMA);
        String named = schema.path("meta:class").asText();
        return named.isEmpty() ? schema.at("/allOf/0/$ref").asText() : named;
    }

    /** Whether it has to be found out how many have the name of a part. */
    boolean asksForNamesakes(Part part) {
        return !namesakes.containsKey(part) && !(byIds && part != Part.FLOW) && !get(part).isMissingNode();
    }

    void namesakes(Part part, List<Search.Hit> hits) {
        namesakes.put(part, hits);
    }

    /** Whether the name of a part means it and nothing else. */
    boolean isUnique(Part part) {
        List<Search.Hit> hits = namesakes.getOrDefault(part, List.of());
        return hits.size() == 1 && hits.get(0).id().equals(id(part));
    }

    /** Other flows of the same name. */
    List<String> otherFlows() {
        return namesakes.getOrDefault(Part.FLOW, List.of()).stream().map(Search.Hit::id).filter(id -> !id.equals(flowId)).toList();
    }

    /** Whether there is more to read of the source connections that use the ad-hoc schema (2020 form). */
    public boolean isUsersOpen() {
        return isAdHoc() && (usersPaging.isMore() || usersPaging.problem().isPresent());   // a part of them says nothing
    }

    Place usersPlace() {
        String token = usersPaging.getToken();
        return new Place("flowservice/sourceConnections", Queries.property("data.schema.id==" + id(Part.SOURCE_SCHEMA)) + "&limit=100"
                + (token == null ? "" : "&continuationToken=" + Queries.encode(token)), "application/json");
    }

    void addUsers(JsonNode page) throws PlatformException {
        for (JsonNode connection : usersPaging.accept(page)) {   // the filter is a hint only
            if (connection.at("/data/schema/id").asText().equals(id(Part.SOURCE_SCHEMA))
                    && !connection.path("id").asText().equals(id(Part.SOURCE_CONNECTION))) {
                users.add(connection.path("id").asText());
            }
        }
        if (usersPaging.problem().isPresent()) {
            throw PlatformException.unusable("GET", usersPaging.problem().get());
        }
    }

    /** Whether another source connection uses the ad-hoc class and schema, too. */
    boolean isAdHocShared() {
        return !users.isEmpty();
    }
}
