package io.github.aepdataflows.resource;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.LongNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.github.aepdataflows.definition.Definition;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The flow that moves the data on schedule (Flow Service, {@code /flows}; update dataflows; sources errors 1360, 1366, 1403 and 1404). It
 * is switched on and off by an action of its own, after everything else.
 */
public final class Flow implements Kind {

    /** Names of the transformations that a definition can say. */
    public static final String COPY = "Copy";
    public static final String MAPPING = "Mapping";
    public static final String ENCRYPTION = "Encryption";

    public static final String ENABLED = "enabled";
    public static final String DISABLED = "disabled";
    public static final String DRAFT = "draft";
    public static final String STATE = "state";

    /** Why a flow that is no draft stays none. */
    public static final String NO_DRAFT_AGAIN =
            "it is published, and a published flow cannot become a draft again; state: paused stops it";

    private static final Set<String> GOVERNED = Set.of(COPY, MAPPING);
    private static final Pattern IN_TRANSFORMATION = Pattern.compile("/transformations/(\\d+)(/.*)?");
    private static final String SOURCE_FLOWS = "inheritedAttributes.properties.isSourceFlow==true";
    private static final String SCHEDULE = "scheduleParams";
    private static final String TRANSFORMATIONS = "transformations";

    @Override
    public String key() {
        return "flow";
    }

    @Override
    public Service service() {
        return Service.FLOW_SERVICE;
    }

    @Override
    public String collection() {
        return "flowservice/flows";
    }

    @Override
    public String createQuery(Definition definition) {
        return definition.lifecycle().state() == Definition.State.DRAFT ? "mode=draft" : "";
    }

    @Override
    public List<Kind> builtOn() {
        return List.of(Kinds.SOURCE_CONNECTION, Kinds.TARGET_CONNECTION, Kinds.MAPPING_SET);
    }

    @Override
    public boolean isDescribedBy(Definition definition) {
        return true;
    }

    @Override
    public String idIn(FlowDocuments flow) {
        return flow.flowId();
    }

    /** One without a mapping is created without transformations, not with an empty list of them. */
    @Override
    public ObjectNode sent(ObjectNode request, Inputs inputs) {
        return request.path(TRANSFORMATIONS).isEmpty() ? request.deepCopy().without(List.of(TRANSFORMATIONS)) : request;
    }

    @Override
    public List<ObjectNode> requests(Inputs inputs) {
        Definition definition = inputs.definition();
        ObjectNode body = Json.object().put("name", definition.flowName());
        definition.description().ifPresent(text -> body.put("description", text));
        body.putObject("flowSpec")
                .put("id", inputs.flowSpec().path("id").asText())
                .put("version", inputs.flowSpec().path("version").asText("1.0"));
        body.putArray("sourceConnectionIds").add(inputs.id(Kinds.SOURCE_CONNECTION));
        body.putArray("targetConnectionIds").add(inputs.id(Kinds.TARGET_CONNECTION));
        ArrayNode transformations = body.putArray(TRANSFORMATIONS);
        definition.copy().ifPresent(params -> transformations.addObject().put("name", COPY).set("params", params));
        if (!definition.unmapped()) {
            transformations.addObject().put("name", MAPPING).putObject("params")
                    .put("mappingId", inputs.id(Kinds.MAPPING_SET)).put("mappingVersion", inputs.mappingSetVersion().orElse(null));
        }
        definition.encryption().ifPresent(params -> transformations.addObject().put("name", ENCRYPTION).set("params", params));
        body.set(SCHEDULE, scheduleParams(definition, inputs.earliestStart()));
        definition.options().ifPresent(options -> body.set("options", options));
        return List.of(body);
    }

    /** Of a flow whose definition names no start, in epoch seconds. */
    public static long earliestStart(Clock clock, Duration delay) {
        return clock.instant().plus(delay).getEpochSecond() + 1;
    }

    /**
     * {@code scheduleParams} of the flow (CRMToAEP flow spec, PeriodicSchedule).
     *
     * @param earliestStart in epoch seconds, where the definition names no start
     */
    public static ObjectNode scheduleParams(Definition definition, long earliestStart) {
        Definition.Schedule schedule = definition.schedule();
        ObjectNode params = Json.object().put("startTime", schedule.startTime().orElse(earliestStart))
                .put("frequency", schedule.frequency());
        schedule.interval().ifPresent(interval -> params.put("interval", interval));
        schedule.backfill().ifPresent(backfill -> params.put("backfill", backfill));
        schedule.endTime().ifPresent(end -> params.put("endTime", end));
        return params;
    }

    /** A missing node where the flow has none of that name. */
    public static JsonNode transformation(JsonNode flow, String name) {
        return named(flow.path(TRANSFORMATIONS), name);
    }

    /** Where no filter can have the name, all source dataflows are looked through. */
    @Override
    public List<Filter> filters(JsonNode resource) {
        return Filter.named(naturalKey(resource), "inheritedAttributes.properties.isSourceFlow", "true");
    }

    /** Whether a flow has been replaced, as far as flows of one name tell: it is disabled, and a newer one is enabled. */
    public static boolean isReplaced(Search.Hit flow, List<Search.Hit> ofOneName) {
        return flow.state().equals(DISABLED) && ofOneName.stream()
                .anyMatch(other -> other.state().equals(ENABLED) && other.createdAt() > flow.createdAt());
    }

    /**
     * Of flows of one name, those that neither the ledger knows nor anything has replaced.
     *
     * @param unknown those of them that the ledger does not know
     */
    public static List<Search.Hit> rivals(List<Search.Hit> unknown, List<Search.Hit> ofOneName) {
        return unknown.stream().filter(flow -> !isReplaced(flow, ofOneName))
                .filter(flow -> !flow.state().equals(DISABLED) || ofOneName.stream()
                        .noneMatch(known -> !unknown.contains(known) && known.createdAt() > flow.createdAt())).toList();
    }

    /** Whether a difference is that the flow does not run, and is to. */
    public static boolean isStart(Difference difference) {
        return difference.path().equals(STATE) && difference.wanted().asText().equals(ENABLED);
    }

    /** The next page of all source dataflows of the sandbox, the oldest first; destination dataflows share the collection. */
    public Lookup page(Paging paging) {
        return Lookup.page(collection(), Lookup.property(SOURCE_FLOWS) + "&orderby=createdAt&"
                + paging.query(), listAccept());
    }

    /** A start that the definition leaves open is another at each attempt; the flow's connections tell it from any other. */
    @Override
    public JsonNode normalForm(JsonNode document) {
        ObjectNode form = document.deepCopy();
        if (form.path(SCHEDULE) instanceof ObjectNode schedule) {
            schedule.remove("startTime");
        }
        return form;
    }

    /**
     * The version of the flow spec is the Platform's own affair. A flow that is to run once from now on has neither interval nor backfill.
     * One that names no version of its mapping set means the first, and one that shows no transformations may have none. A mapping set
     * that does not exist yet has no id, and is told in words.
     */
    @Override
    public List<Difference> differences(JsonNode request, JsonNode actual) {
        JsonNode wanted = normalForm(request);
        JsonNode is = normalForm(actual);
        if (wanted.path("flowSpec") instanceof ObjectNode flowSpec) {
            flowSpec.remove("version");
        }
        if (wanted.path(SCHEDULE) instanceof ObjectNode schedule && isOnce(schedule) && !isOnce(is.path(SCHEDULE))) {
            schedule.putNull("interval").putNull("backfill").putNull("endTime");
        }
        if (wanted instanceof ObjectNode completed && is.has(TRANSFORMATIONS)) {
            completed.set(TRANSFORMATIONS, withThoseOfOthers(request.path(TRANSFORMATIONS), is));
        } else if (wanted instanceof ObjectNode completed && wanted.path(TRANSFORMATIONS).isEmpty()) {
            completed.remove(TRANSFORMATIONS);
        }
        is.path(TRANSFORMATIONS).forEach(transformation -> {
            if (transformation.path("params") instanceof ObjectNode params && params.has("mappingId") && !params.has("mappingVersion")) {
                params.put("mappingVersion", 0);
            }
        });
        wanted.path(TRANSFORMATIONS).forEach(transformation -> {
            if (transformation.path("params") instanceof ObjectNode params && params.path("mappingId").asText("?").isEmpty()) {
                params.put("mappingId", "of the new mapping set").remove("mappingVersion");
            }
        });
        return Difference.between(wanted, is);
    }

    /**
     * The declared transformations, and those of the flow that no definition has anything to do with. The Copy of a flow that runs once is
     * one of these: the Platform keeps the delta column of its first run on demand there.
     */
    private static ArrayNode withThoseOfOthers(JsonNode declared, JsonNode flow) {
        ArrayNode all = declared.deepCopy();
        boolean keepsCopy = isOnce(flow.path(SCHEDULE));
        flow.path(TRANSFORMATIONS).forEach(one -> {
            String name = one.path("name").asText();
            if ((!GOVERNED.contains(name) || keepsCopy && name.equals(COPY)) && named(declared, name).isMissingNode()) {
                all.add(one.deepCopy());
            }
        });
        return all;
    }

    /** A flow that runs once has neither interval nor end; one that is sent without transformations has none but ours. */
    @Override
    public CarryOver.Fate fate(String path, JsonNode request, JsonNode actual) {
        if (path.equals(TRANSFORMATIONS)) {
            return GOVERNED.containsAll(names(actual.path(TRANSFORMATIONS))) ? CarryOver.Fate.GOVERNED : CarryOver.Fate.LOST;
        }
        boolean becomesOnce = isOnce(request.path(SCHEDULE)) && !isOnce(actual.path(SCHEDULE));
        return service().writes(path) || path.startsWith("flowSpec") || path.matches("transformations\\[(Copy|Mapping)]")
                || becomesOnce && path.matches("scheduleParams\\.(interval|backfill|endTime)")
                ? CarryOver.Fate.GOVERNED : CarryOver.Fate.CARRIED;
    }

    private static boolean isOnce(JsonNode schedule) {
        return schedule.path("frequency").asText().equals("once");
    }

    /** Another start than the definition names, where it names one; and whether the flow has to be enabled or disabled. */
    @Override
    public List<Difference> furtherDifferences(Definition definition, JsonNode actual) {
        List<Difference> differences = new ArrayList<>();
        JsonNode start = actual.path(SCHEDULE).path("startTime");
        definition.schedule().startTime().filter(wanted -> !start.asText().equals(String.valueOf(wanted)))
                .ifPresent(wanted -> differences.add(new Difference(SCHEDULE + ".startTime", start, LongNode.valueOf(wanted))));
        if (!isInState(actual.path(STATE).asText(""), wantedState(definition))) {
            differences.add(new Difference(STATE, actual.path(STATE), TextNode.valueOf(wantedState(definition))));
        }
        return differences;
    }

    public static String wantedState(Definition definition) {
        return switch (definition.lifecycle().state()) {
            case PAUSED -> DISABLED;
            case DRAFT -> DRAFT;
            default -> ENABLED;
        };
    }

    /** A transient state counts as the one that it leads to. */
    public static boolean isInState(String state, String wanted) {
        return state.matches(switch (wanted) {
            case DISABLED -> "disabled|disabling";
            case DRAFT -> DRAFT;
            default -> "|enabled|initializing|enabling|updating|enabled-finalizing";
        });
    }

    /** Whether it was never published: the Platform lets all of it be changed, and runs nothing. */
    public static boolean isDraft(JsonNode flow) {
        return flow.path(STATE).asText("").equals(DRAFT);
    }

    /** Why the Platform runs no such flow on demand; empty where it does. */
    public static Optional<String> onDemandObstacle(JsonNode flow) {
        if (isDraft(flow)) {
            return Optional.of("it is a draft; publish it with state: present");
        } else if (flow.path(SCHEDULE).isEmpty()) {
            return Optional.of("it streams, and only batch dataflows can be run on demand (1385-400)");
        }
        return isOnce(flow.path(SCHEDULE)) ? Optional.empty()
                : Optional.of("it runs on a schedule, and only a dataflow with frequency once can be run on demand (1386-400)");
    }

    /** The action that brings a flow into a state, as in {@code publish}. */
    public static String operation(JsonNode flow, String wanted) {
        return isDraft(flow) ? "publish" : wanted.replaceFirst("d$", "");
    }

    /** A start that the definition leaves open, and that has passed for a draft, is moved: it could not be published with it (1360-400). */
    @Override
    public Comparison compare(Definition definition, JsonNode request, JsonNode actual, Instant now) {
        List<Difference> differences = new ArrayList<>(differences(request, actual));
        differences.addAll(furtherDifferences(definition, actual));
        JsonNode start = actual.path(SCHEDULE).path("startTime");
        if (isDraft(actual) && definition.schedule().startTime().isEmpty() && wantedState(definition).equals(ENABLED)
                && start.asLong(Long.MAX_VALUE) <= now.getEpochSecond()) {
            differences.add(new Difference(SCHEDULE + ".startTime", start, request.path(SCHEDULE).path("startTime")));
        }
        return new Comparison(differences, verdict(differences, actual, now));
    }

    /** A state in which the Platform takes no change of a flow or connection (1416-400, 1420-400, 1421-400, 1422-400). */
    public static boolean isTransient(JsonNode resource) {
        return resource.path(STATE).asText("").matches("initializing|inProgress|enabling|disabling|updating|(enabled|delete)-finalizing");
    }

    /** The flow is enabled and disabled by an action, after every other change. */
    @Override
    public boolean isDeferred(Difference difference) {
        return difference.path().equals(STATE);
    }

    @Override
    public Verdict verdict(Difference difference, JsonNode actual, Instant now) {
        String path = difference.path();
        if (path.matches("(source|target)ConnectionIds.*|flowSpec.*")) {
            return Verdict.replace("a flow keeps its connections and its flow spec");
        } else if (path.startsWith(SCHEDULE)) {
            return schedule(difference, actual, now);
        } else if (path.equals(STATE)) {
            return state(difference.wanted().asText(), actual);
        }
        if (path.equals(TRANSFORMATIONS) && !isDraft(actual) && named(difference.wanted(), MAPPING).isMissingNode()
                && !named(difference.is(), MAPPING).isMissingNode()) {
            return Verdict.replace("the Platform documents no way to take its mapping from a flow");
        }
        return difference.isLabel() || path.startsWith(TRANSFORMATIONS) || path.startsWith("options") ? Verdict.UPDATE
                : Verdict.impossible("the Platform documents no change of this field");
    }

    private static Verdict state(String wanted, JsonNode actual) {
        if (wanted.equals(DRAFT)) {
            return Verdict.impossible(NO_DRAFT_AGAIN);
        }
        return isDraft(actual) && wanted.equals(DISABLED)
                ? Verdict.impossible("it is a draft and does not run; publish it with state: present before it is paused") : Verdict.UPDATE;
    }

    private static Verdict schedule(Difference difference, JsonNode actual, Instant now) {
        String field = difference.path().replaceFirst("^scheduleParams\\.", "");
        boolean draft = isDraft(actual);
        boolean started = !draft && actual.at("/scheduleParams/startTime").asLong(Long.MAX_VALUE) <= now.getEpochSecond();
        if (isOnce(actual.path(SCHEDULE)) && !draft) {
            return Verdict.replace("a dataflow that runs once has no schedule to change");
        } else if (!started && field.equals("startTime") && difference.wanted().asLong() <= now.getEpochSecond()) {
            return Verdict.impossible("it would have to start in the past (1360-400)");
        } else if (started && field.equals("startTime")) {
            return Verdict.replace("it has started, and a start that has passed cannot change (1366-400)");
        } else if (started && field.equals("frequency") && difference.wanted().asText().equals("once")) {
            return Verdict.replace("it has started, and cannot become one that runs once (1403-400)");
        } else if (started && field.equals("backfill") && !(difference.is().isMissingNode() && difference.wanted().asBoolean())) {
            return Verdict.replace("it has started, and backfill cannot change any more (1404-400)");
        }
        return Verdict.UPDATE;
    }

    @Override
    public Optional<Verdict> follows(Kind base, Action action) {
        if (base == Kinds.MAPPING_SET) {
            return action.makesNew() || action == Action.UPDATE
                    ? Optional.of(new Verdict(Action.UPDATE, "it gets the new version of its mapping set")) : Optional.empty();
        }
        return Kind.super.follows(base, action);
    }

    @Override
    public Optional<Update> update() {
        return Optional.of(Update.PATCH);
    }

    /** The Platform documents the change of a whole transformation, of the whole list, and of each field of the schedule. */
    @Override
    public JsonNode patch(List<Difference> differences, JsonNode request, JsonNode actual) {
        ObjectNode wanted = Patch.with(differences.stream().filter(difference -> !difference.path().startsWith(TRANSFORMATIONS)).toList(),
                actual);
        if (wanted.has(SCHEDULE) && !actual.has(SCHEDULE)) {   // not shown, and not to be cut down to what differs
            wanted.set(SCHEDULE, request.path(SCHEDULE));
        }
        wanted.set(TRANSFORMATIONS, transformations(
                withThoseOfOthers(request.path(TRANSFORMATIONS), actual), actual.path(TRANSFORMATIONS)));
        ArrayNode patch = JsonNodeFactory.instance.arrayNode();
        Set<Integer> transformations = new TreeSet<>();
        boolean sameList = wanted.path(TRANSFORMATIONS).size() == actual.path(TRANSFORMATIONS).size();
        for (JsonNode operation : Patch.between(actual, wanted)) {
            Matcher transformation = IN_TRANSFORMATION.matcher(operation.path("path").asText());
            if (!transformation.matches()) {
                patch.add(operation);
            } else {
                transformations.add(sameList ? Integer.parseInt(transformation.group(1)) : -1);
            }
        }
        transformations.forEach(index -> patch.add(index < 0
                ? Patch.operation("replace", "/transformations", wanted.path(TRANSFORMATIONS))
                : Patch.operation("replace", "/transformations/" + index, wanted.path(TRANSFORMATIONS).get(index))));
        return patch;
    }

    /** Those that are as wanted stay as they are written; the order is that of the flow. */
    private static ArrayNode transformations(JsonNode wanted, JsonNode actual) {
        ArrayNode list = JsonNodeFactory.instance.arrayNode();
        boolean sameNames = names(wanted).equals(names(actual));
        for (JsonNode one : sameNames ? actual : wanted) {
            list.add(merged(named(wanted, one.path("name").asText()), named(actual, one.path("name").asText())));
        }
        return list;
    }

    private static Set<String> names(JsonNode list) {
        return Json.stream(list).map(one -> one.path("name").asText()).collect(Collectors.toSet());
    }

    private static JsonNode named(JsonNode list, String name) {
        return Json.stream(list).filter(one -> one.path("name").asText().equals(name)).findFirst().orElse(MissingNode.getInstance());
    }

    /** The declared over what is there; what says the same in another form stays. */
    private static JsonNode merged(JsonNode wanted, JsonNode actual) {
        if (wanted.isObject() && actual.isObject()) {
            ObjectNode merged = actual.deepCopy();
            wanted.properties().forEach(field -> merged.set(field.getKey(), merged(field.getValue(), actual.path(field.getKey()))));
            return merged;
        }
        return !wanted.isContainerNode() && wanted.asText().equals(actual.asText()) ? actual : wanted;
    }

    @Override
    public boolean isDeletedWith(Definition.Lifecycle lifecycle) {
        return true;
    }
}
