package io.github.aepdataflows.platform;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.camel.Variable;

/**
 * Takes what the chain needs out of the Platform's answers. An id in any other form than the documented one is no id:
 * the resource may exist, but nothing is built on a guess.
 */
public final class Answers {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Pattern UUID =
            Pattern.compile("[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}");
    private static final Pattern XDM_ID = Pattern.compile("https://ns\\.adobe\\.com/[!-~]{1,400}");
    private static final Pattern DATASET_ID = Pattern.compile("[0-9a-f]{24}");
    private static final Pattern DATASET = Pattern.compile("@/datasets/([0-9a-f]{24})", Pattern.CASE_INSENSITIVE);
    private static final Pattern MAPPING_SET_ID = Pattern.compile("[0-9a-fA-F]{32}|" + UUID.pattern());

    /** The one thing that a look-up by id shows, whether the service lists it, keys it by its id or shows it bare. */
    public static JsonNode single(JsonNode answer, String id) {
        return answer.has("items") ? answer.at("/items/0") : answer.has(id) ? answer.path(id) : answer;
    }

    /** Whether a text has the form of Flow Service's ids. */
    public static boolean isUuid(String text) {
        return UUID.matcher(text).matches();
    }

    /** {@code id} of a connection or flow (Flow Service). */
    public String id(@Variable("aepResponse") byte[] response) throws IOException {
        return text(response, "/id", UUID);
    }

    /** {@code $id} of a class or schema (Schema Registry). */
    public String xdmId(@Variable("aepResponse") byte[] response) throws IOException {
        return text(response, "/$id", XDM_ID);
    }

    /** Id of a dataset (Catalog), which answers {@code ["@/dataSets/<id>"]}. */
    public String dataSetId(@Variable("aepResponse") byte[] response) throws IOException {
        Matcher matcher = DATASET.matcher(text(response, "/0", DATASET));
        return matcher.matches() ? matcher.group(1) : "";
    }

    /** {@code id} of a mapping set (Data Prep). */
    public String mappingSetId(@Variable("aepResponse") byte[] response) throws IOException {
        return text(response, "/id", MAPPING_SET_ID);
    }

    /** {@code version} of a mapping set (Data Prep). */
    public int mappingSetVersion(@Variable("aepResponse") byte[] response) throws IOException {
        JsonNode version = json("POST", response).path("version");
        if (!version.canConvertToInt() || !version.isIntegralNumber()) {
            throw PlatformException.unusable("POST", "no integer version in the answer");
        }
        return version.asInt();
    }

    /** {@code etag} of what was created (Flow Service); empty when the answer has none. */
    public String etag(@Variable("aepResponse") byte[] response) throws IOException {
        return json("POST", response).path("etag").asText("");
    }

    /**
     * An answer to a change tells of the resource that was to be changed.
     *
     * @throws PlatformException UNKNOWN, when it is another call's, or no document of the Platform: then nobody knows what became of it
     */
    public void confirm(String method, byte[] response, String id) throws PlatformException {
        if (!names(json(method, response), id)) {
            throw PlatformException.unusable(method, "the answer is not about " + id);
        }
    }

    /** As {@link #confirm}, of a deletion, whose answer may say nothing. */
    public void confirmDeleted(byte[] response, String id) throws PlatformException {
        if (response != null && response.length > 0) {
            JsonNode answer = json("DELETE", response);
            if (!answer.isEmpty() && !names(answer, id)) {
                throw PlatformException.unusable("DELETE", "the answer is not about " + id);
            }
        }
    }

    private static boolean names(JsonNode answer, String id) {
        return Stream.of(answer.path("$id"), answer.path("id"), answer.path(0)).map(JsonNode::asText)
                .anyMatch(named -> named.equals(id) || named.endsWith("/" + id));
    }

    /** The id, if it has the form that ids of this step have. */
    static String valid(String step, String id) throws PlatformException {
        Pattern form = switch (step) {
            case "source-class", "source-schema", "target-schema" -> XDM_ID;
            case "target-dataset" -> DATASET_ID;
            case "mapping-set" -> MAPPING_SET_ID;
            default -> UUID;
        };
        if (!form.matcher(id).matches()) {
            throw PlatformException.unusable("GET", "a %s in the answer has no valid id".formatted(step.replace('-', ' ')));
        }
        return id;
    }

    /** The whole document, as it came. */
    public JsonNode document(@Variable("aepResponse") byte[] response) throws IOException {
        return json("GET", response);
    }

    private static String text(byte[] response, String pointer, Pattern form) throws IOException {
        JsonNode value = json("POST", response).at(pointer);
        if (!value.isTextual() || !form.matcher(value.asText()).matches()) {
            throw PlatformException.unusable("POST", "no valid id at " + pointer + " of the answer");
        }
        return value.asText();
    }

    private static JsonNode json(String method, byte[] response) throws PlatformException {
        try {
            JsonNode json = response == null ? null : JSON.readTree(response);
            if (json != null && json.isContainerNode()) {
                return json;
            }
        } catch (IOException e) {
            // no JSON at all: the same as too little of it
        }
        throw PlatformException.unusable(method, "the answer is not a JSON document");
    }
}
