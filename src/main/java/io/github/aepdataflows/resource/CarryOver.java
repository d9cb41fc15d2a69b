package io.github.aepdataflows.resource;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * What a resource has that its definition says nothing of. A resource that takes its place, or a PUT of the whole of it, gets that as well:
 * a definition that is silent about a field is no reason to lose it. Which fields are the definition's own or the service's, the kind says
 * ({@link Kind#fate}).
 */
public final class CarryOver {

    /** What becomes of a field that the resource has, and the request for another one has not. */
    public enum Fate {

        /** It is carried over. */
        CARRIED,
        /** The service writes it itself, or the definition says what is to be in its place: nothing has to be told. */
        GOVERNED,
        /** It does not fit to what the definition says now, or the service has to find it out anew: it is told as lost. */
        LOST
    }

    /** Objects that only hold fields of several purposes: each of those is judged by itself. */
    private static final Pattern PLACES = Pattern.compile("(data|data\\.properties|params|options|scheduleParams)");

    private final Kind kind;
    private final JsonNode actual;
    private final ObjectNode request;
    private final Map<String, JsonNode> carried = new LinkedHashMap<>();
    private final List<String> lost = new ArrayList<>();

    private CarryOver(Kind kind, ObjectNode request, JsonNode actual) {
        this.kind = kind;
        this.actual = actual;
        this.request = request.deepCopy();
        walk("", this.request, actual);
    }

    /** @param request what a create would send */
    public static CarryOver of(Kind kind, ObjectNode request, JsonNode actual) {
        return new CarryOver(kind, request, actual);
    }

    /** For a resource of which nothing is there. */
    public static CarryOver nothing(Kind kind) {
        return new CarryOver(kind, Json.object(), MissingNode.getInstance());
    }

    /** A request together with all that is carried over. */
    public ObjectNode into(ObjectNode body) {
        return new CarryOver(kind, body, actual).request;
    }

    ObjectNode request() {
        return request;
    }

    /**
     * The fields that are carried over, each with its value; paths as in {@code params.filters} and {@code mappings[_id].name}. Of what is
     * false or 0, which Data Prep writes into every mapping, nobody has to read.
     */
    public Map<String, JsonNode> told() {
        Map<String, JsonNode> told = new LinkedHashMap<>(carried);
        told.values().removeIf(value -> kind.service() == Service.DATA_PREP && value.isValueNode() && value.asText().matches("false|0"));
        return told;
    }

    /** The paths of fields that are neither carried over nor written anew. */
    public List<String> lost() {
        return List.copyOf(lost);
    }

    private void walk(String path, ObjectNode wanted, JsonNode is) {
        boolean otherType = wanted.has("type") && is.has("type") && !wanted.path("type").asText().equals(is.path("type").asText());
        is.properties().forEach(field -> {
            String below = path.isEmpty() ? field.getKey() : path + "." + field.getKey();
            JsonNode said = wanted.path(field.getKey());
            if (said.isMissingNode() && field.getValue().isObject() && PLACES.matcher(below).matches()) {
                ObjectNode place = Json.object();
                walk(below, place, field.getValue());
                if (!place.isEmpty()) {
                    wanted.set(field.getKey(), place);
                }
            } else if (said.isMissingNode()) {
                if (!saysNothing(field.getValue()) && carries(below, field.getValue(), otherType)) {
                    wanted.set(field.getKey(), field.getValue().deepCopy());
                }
            } else if (said instanceof ObjectNode object && field.getValue().isObject()) {
                walk(below, object, field.getValue());
            } else if (said instanceof ArrayNode array && field.getValue().isArray()) {
                walk(below, array, field.getValue());
            }
        });
    }

    /** Elements that are one and the same by their names are completed; others are carried over where the kind says so. */
    private void walk(String path, ArrayNode wanted, JsonNode is) {
        List<JsonNode> left = new ArrayList<>();
        is.forEach(left::add);
        List<ObjectNode> open = new ArrayList<>();
        wanted.forEach(element -> {
            if (element instanceof ObjectNode object) {
                open.add(object);
            }
        });
        int names = Json.stream(is).mapToInt(element -> kind.namesOf(element).size()).max().orElse(0);
        for (int i = 0; i < names; i++) {
            int position = i;
            open.removeIf(object -> left.stream().filter(element -> sameName(object, element, position)).findFirst().map(element -> {
                left.remove(element);
                walk(element(path, element), object, element);
                return true;
            }).orElse(false));
        }
        left.stream().filter(element -> !kind.namesOf(element).isEmpty())
                .filter(element -> carries(element(path, element), element, false)).forEach(element -> wanted.add(element.deepCopy()));
    }

    private boolean sameName(JsonNode one, JsonNode other, int position) {
        List<String> names = kind.namesOf(one);
        List<String> others = kind.namesOf(other);
        return names.size() > position && others.size() > position && names.get(position).equals(others.get(position));
    }

    private String element(String path, JsonNode element) {
        return "%s[%s]".formatted(path, kind.namesOf(element).get(0));
    }

    private boolean carries(String path, JsonNode value, boolean otherType) {
        Fate fate = kind.fate(path, request, actual);
        if (fate == Fate.LOST || fate == Fate.CARRIED && otherType) {
            lost.add(path);
            return false;
        } else if (fate == Fate.CARRIED) {
            carried.put(path, value);
            return true;
        }
        return false;
    }

    private static boolean saysNothing(JsonNode value) {
        return value.isNull() || value.isContainerNode() && value.isEmpty() || value.isTextual() && value.asText().isEmpty();
    }
}
