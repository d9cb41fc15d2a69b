package io.github.aepdataflows.platform;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * One complete look for a resource by its natural key ({@code platform-api} section "Look-up"): every page of what the
 * service's filter lets through, compared on our side by exact name and by content. A filter is a hint, never a proof.
 */
public final class Search {

    private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9 ._-]{1,100}");

    /**
     * A resource of the name that was sought.
     *
     * @param name    its natural key, by which it was compared
     * @param version of a mapping set, else its etag; may be empty
     * @param equal   whether it has the content that was sought, too
     * @param state   as the service says; empty when it says none
     * @param createdAt in epoch milliseconds; 0 when the service does not say
     */
    public record Hit(String id, String name, String version, boolean equal, String state, long createdAt) {
    }

    /** Their ids, to name them in a sentence. */
    public static String ids(List<Hit> hits) {
        return hits.stream().map(Hit::id).collect(Collectors.joining(", "));
    }

    private final String step;
    private final boolean everything;
    private final Content sought;
    private final String name;
    private final ListForm form;
    private final String filter;
    private final Paging paging;
    private final Map<String, Hit> hits = new LinkedHashMap<>();
    private final long startedAt = System.nanoTime();

    /**
     * @param step as in {@code source-connection}
     * @param body what a create of it would send; empty to seek everything of the kind, whatever its name and content
     */
    Search(String step, JsonNode body) {
        this.step = step;
        this.everything = body.isEmpty();
        this.sought = Content.of(step, body);
        this.name = name(step, body);
        this.form = form(step);
        this.filter = everything ? "" : filter(body);
        this.paging = new Paging(form);
    }

    /** How the service that has the resources of a step lists them. */
    static ListForm form(String step) {
        return switch (step) {
            case "source-class", "source-schema", "target-schema" -> ListForm.SCHEMA_REGISTRY;
            case "target-dataset" -> ListForm.CATALOG;
            case "mapping-set" -> ListForm.DATA_PREP;
            default -> ListForm.FLOW_SERVICE;
        };
    }

    /** The natural key: title, name, or for a mapping set, which has none, its schema. */
    static String name(String step, JsonNode body) {
        return switch (step) {
            case "source-class", "source-schema", "target-schema" -> body.path("title").asText();
            case "mapping-set" -> body.path("xdmSchema").asText(body.at("/outputSchema/schemaRef/id").asText());
            default -> body.path("name").asText();
        };
    }

    /** What the service is asked to leave out; nothing where a name could be taken for syntax of the filter. */
    private String filter(JsonNode body) {
        boolean plain = PLAIN.matcher(name).matches();
        return switch (step) {
            case "source-class", "source-schema", "target-schema" -> plain ? Queries.property("title==" + name) : "";
            case "target-dataset" -> plain ? Queries.property("name==" + name) : "";
            case "mapping-set" -> "";
            case "base-connection" -> plain ? Queries.property("name==\"" + name + "\"")
                    : Queries.property("connectionSpec.id==" + body.at("/connectionSpec/id").asText());
            case "source-connection" -> plain ? Queries.property("name==\"" + name + "\"")
                    : Queries.property("baseConnectionId==" + body.path("baseConnectionId").asText());
            case "target-connection" -> plain ? Queries.property("name==\"" + name + "\"")
                    : Queries.property("params.dataSetId==" + body.at("/params/dataSetId").asText());
            default -> Queries.property("name==\"" + name + "\"");
        };
    }

    /** When the look began, by {@link System#nanoTime}. */
    public long startedAt() {
        return startedAt;
    }

    /** Whether there is another page to read. */
    public boolean isMore() {
        return paging.isMore();
    }

    /** The query string of the next page, encoded. */
    public String getQuery() {
        return filter + (filter.isEmpty() ? "" : "&") + form.query(paging.getToken());
    }

    void accept(JsonNode page) throws PlatformException {
        for (JsonNode item : paging.accept(page)) {
            String found = name(step, item);
            if ((everything || found.equals(name)) && !item.path("state").asText().startsWith("delete")) {
                String id = form == ListForm.SCHEMA_REGISTRY ? item.path("$id").asText() : item.path("id").asText();
                if (!everything) {
                    Answers.valid(step, id);   // of what is nobody's business here, an odd id is no reason to see nothing at all
                }
                String version = step.equals("mapping-set") ? item.path("version").asText("0") : item.path("etag").asText("");
                hits.put(id, new Hit(id, found, version, everything || sought.isIn(Content.of(step, item)),
                        item.path("state").asText(""), item.path("createdAt").asLong()));
            }
        }
        if (paging.problem().isPresent()) {
            throw PlatformException.unusable("GET", paging.problem().get());
        }
    }

    /** All that was found; complete once there are no more pages. */
    public List<Hit> hits() {
        return List.copyOf(hits.values());
    }
}
