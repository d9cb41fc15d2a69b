package io.github.aepdataflows.export;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.aepdataflows.platform.Reading;
import io.github.aepdataflows.resource.FieldGroup;
import io.github.aepdataflows.resource.FlowDocuments;
import io.github.aepdataflows.resource.Kind;
import io.github.aepdataflows.resource.Kinds;
import io.github.aepdataflows.resource.Lookup;
import io.github.aepdataflows.resource.LookupResult;
import io.github.aepdataflows.resource.Search;
import io.github.aepdataflows.resource.XdmNames;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What another sandbox needs to have a schema and a dataset like those of a flow: the class, the field groups and the identities of the
 * schema, and which of several flows is to describe what they share: the oldest.
 */
final class PortableSchema implements Reading {

    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
    private static final Pattern TENANT = Pattern.compile("https://ns\\.adobe\\.com/([^/]+)/.*");
    private static final Pattern CODE = Pattern.compile("[A-Za-z][A-Za-z0-9_.-]*");

    private final FlowDocuments flow;
    private final JsonNode schema;
    private final String classId;
    private final String datasetId;
    private final Map<String, JsonNode> read = new LinkedHashMap<>();
    private final Deque<Lookup> open = new ArrayDeque<>();
    private final Deque<String> openIds = new ArrayDeque<>();
    private final Deque<Search> looks = new ArrayDeque<>();
    private final Map<String, String> describer = new HashMap<>();
    private final List<String> notes = new ArrayList<>();
    private String shared;

    PortableSchema(FlowDocuments flow) {
        this.flow = flow;
        this.schema = flow.get(Kinds.TARGET_SCHEMA);
        this.classId = schema.path("meta:class").asText();
        this.datasetId = Kinds.TARGET_DATASET.idIn(flow);
        references().filter(id -> !FieldGroup.isAdobes(id)).forEach(id -> {
            Kind kind = FieldGroup.containers(id.equals(classId)).get(0);
            add(id, kind.lookup(id));
            looks.add(Search.naming(Kinds.IDENTITY, id));
        });
        looks.add(Search.naming(Kinds.IDENTITY, id()));
        looks.add(Search.naming(Kinds.TARGET_CONNECTION, id()));
        looks.add(Search.naming(Kinds.TARGET_CONNECTION, datasetId));
    }

    private String id() {
        return schema.path("$id").asText();
    }

    private Stream<String> references() {
        return schema.path("allOf").valueStream().map(part -> part.path("$ref").asText()).filter(id -> !id.isEmpty()).distinct();
    }

    private void add(String id, Lookup lookup) {
        openIds.add(id);
        open.add(lookup);
    }

    Search nextLook() {
        return looks.peek();
    }

    void found(Search search) {
        looks.remove();
        if (search.kind() == Kinds.IDENTITY) {
            search.hits().forEach(hit -> add(hit.id(), Kinds.IDENTITY.lookup(hit.id())));
        } else if (search.kind() == Kinds.TARGET_CONNECTION) {
            shared = shared == null ? id() : datasetId;
            Set<String> connections = search.hits().stream().map(Search.Hit::id).collect(Collectors.toSet());
            if (connections.size() > 1) {
                looks.addFirst(Search.namedOrNaming(Kinds.FLOW, "", connections));
            }
        } else {
            search.hits().stream().min(Comparator.comparingLong(Search.Hit::createdAt).thenComparing(Search.Hit::id))
                    .ifPresent(oldest -> describer.put(shared, oldest.name()));
        }
    }

    @Override
    public Lookup next() {
        return open.peek();
    }

    @Override
    public void accept(LookupResult result) {
        open.remove();
        read.put(openIds.remove(), result.document());
    }

    /** What the names of the definition mean here. */
    XdmNames names() {
        XdmNames names = XdmNames.NONE.ofTenant(TENANT.matcher(id()).replaceFirst("$1"));
        for (Map.Entry<String, JsonNode> one : read.entrySet()) {
            String title = one.getValue().path("title").asText();
            names = one.getKey().equals(classId) ? names.withClass(classId) : title.isEmpty() ? names : names.with(title, one.getKey());
        }
        return names;
    }

    List<String> notes() {
        return notes;
    }

    private Optional<String> describedBy(String id) {
        return Optional.ofNullable(describer.get(id)).filter(name -> !name.equals(flow.get(Kinds.FLOW).path("name").asText()));
    }

    /** {@code target.schema}: described where this flow is the one to do so, else named by its title. */
    ObjectNode schemaText() {
        ObjectNode text = NODES.objectNode().put("title", schema.path("title").asText());
        Optional<String> other = describedBy(id());
        boolean isComposed = references().count() > 0 && references().anyMatch(classId::equals)
                && schema.path("allOf").findParents("$ref").size() == schema.path("allOf").size();
        if (other.isPresent()) {
            notes.add("Its schema is described with the dataflow %s, which has to be applied first.".formatted(other.get()));
            return text;
        } else if (!isComposed) {
            notes.add("Its schema has fields of its own, which no definition can say: it has to exist where this is applied.");
            return text;
        }
        Texts.copy(schema, "description", text);
        text.put("class", FieldGroup.isAdobes(classId) ? classId : byTitle(classId, "class"));
        ArrayNode groups = text.putArray("fieldGroups");
        references().filter(id -> !id.equals(classId)).forEach(id -> groups.add(group(id)));
        ArrayNode identities = identities();
        if (!identities.isEmpty()) {
            text.set("identities", identities);
        }
        ArrayNode labels = labels();
        if (!labels.isEmpty()) {
            text.set("labels", labels);
        }
        return groups.isEmpty() ? text.without("fieldGroups") : text;
    }

    private String byTitle(String id, String words) {
        String title = read.get(id).path("title").asText();
        notes.add("No definition can describe the %s %s: it has to exist where this is applied.".formatted(words, title));
        return title;
    }

    private JsonNode group(String id) {
        if (FieldGroup.isAdobes(id)) {
            return NODES.textNode(id);
        }
        return FieldGroup.described(read.get(id), classId).map(JsonNode.class::cast)
                .orElseGet(() -> NODES.textNode(byTitle(id, "field group")));
    }

    private List<JsonNode> descriptors(Kind kind) {
        return read.values().stream().filter(one -> one.has("@type") && one.path("xdm:sourceSchema").asText().equals(id()))
                .filter(one -> !kind.naturalKey(one).isEmpty())
                .sorted(Comparator.comparing(one -> one.path("xdm:sourceProperty").asText() + " " + one.path("xdm:namespace").asText()))
                .toList();
    }

    private static String path(JsonNode descriptor) {
        return descriptor.path("xdm:sourceProperty").asText().substring(1).replace(".", "\\.").replace('/', '.');
    }

    private ArrayNode labels() {
        ArrayNode labels = NODES.arrayNode();
        descriptors(Kinds.LABEL).forEach(one -> labels.addObject().put("path", path(one))
                .set("labels", Kinds.LABEL.normalForm(one).path("labels")));
        return labels;
    }

    private ArrayNode identities() {
        ArrayNode identities = NODES.arrayNode();
        for (JsonNode one : descriptors(Kinds.IDENTITY)) {
            String path = path(one);
            if (CODE.matcher(one.path("xdm:namespace").asText()).matches()) {
                ObjectNode identity = identities.addObject().put("path", path).put("namespace", one.path("xdm:namespace").asText());
                if (one.path("xdm:isPrimary").asBoolean()) {
                    identity.put("primary", true);
                }
            } else {
                notes.add("The identity %s is left out: its namespace is named by its number, which holds here alone.".formatted(path));
            }
        }
        Map<Boolean, List<JsonNode>> descriptors = read.values().stream().filter(one -> one.has("@type"))
                .collect(Collectors.partitioningBy(one -> one.path("xdm:sourceSchema").asText().equals(id())));
        if (!descriptors.get(false).isEmpty()) {
            notes.add("Its class or field groups have %d descriptors of their own (labels of fields, say), which no definition says: %s."
                    .formatted(descriptors.get(false).size(), descriptors.get(false).stream()
                    .map(one -> "%s of %s".formatted(one.path("@type").asText(), one.path("xdm:sourceProperty").asText())).sorted()
                    .collect(Collectors.joining(", "))));
        }
        long others = descriptors.get(true).stream().filter(one -> Kinds.IDENTITY.naturalKey(one).isEmpty()
                && Kinds.LABEL.naturalKey(one).isEmpty()).count();
        if (others > 0) {
            notes.add("Its schema has %d descriptors that are neither identities nor labels, which no definition says.".formatted(others));
        }
        return identities;
    }

    /** Whether schema and dataset are enabled for Profile, as far as the definition describes them. */
    boolean isForProfile(boolean described) {
        boolean schemaIs = schema.path("meta:immutableTags").toString().contains("union");
        boolean datasetIs = flow.get(Kinds.TARGET_DATASET).at("/tags/unifiedProfile").toString().replace(" ", "").contains("enabled:true");
        if (described && schemaIs != datasetIs) {
            notes.add("Of schema and dataset only the %s is enabled for Profile, which no definition says.".formatted(schemaIs ? "schema"
                    : "dataset"));
        }
        return described && schemaIs && datasetIs;
    }

    /** {@code target.dataset}: a new one where this flow is the one to describe it. */
    ObjectNode datasetText() {
        ObjectNode text = NODES.objectNode().put("name", flow.get(Kinds.TARGET_DATASET).path("name").asText());
        Optional<String> other = describedBy(datasetId);
        other.ifPresent(name -> {
            notes.add("Its dataset is described with the dataflow %s, which has to be applied first.".formatted(name));
            text.put("existing", true);
        });
        return text;
    }
}
