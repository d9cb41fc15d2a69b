package io.github.aepdataflows.export;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.aepdataflows.definition.Definition;
import io.github.aepdataflows.resource.Flow;
import io.github.aepdataflows.resource.Kinds;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** What a definition says of a flow itself, and of its mapping: copy, schedule, options and mapping. */
final class FlowText {

    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    private FlowText() {
    }

    /** Why no definition can describe such a flow; a list of the caller's own, empty when nothing stands against it. */
    static List<String> obstacles(JsonNode flow) {
        List<String> reasons = new ArrayList<>();
        for (String end : List.of("source", "target")) {
            int size = flow.path(end + "ConnectionIds").size();
            if (size != 1) {
                reasons.add("it has %d %s connections, and a definition has one".formatted(size, end));
            }
        }
        List<String> names = flow.path("transformations").valueStream().map(each -> each.path("name").asText()).toList();
        boolean isUnmapped = !names.contains(Flow.MAPPING);
        if (Collections.frequency(names, Flow.MAPPING) > 1 || Collections.frequency(names, Flow.COPY) > 1
                || isUnmapped && !Set.of(Flow.COPY, Flow.ENCRYPTION).containsAll(names)) {
            reasons.add("it has the transformations %s, and a definition has at most one Mapping and one Copy".formatted(names));
        }
        String state = flow.path("state").asText("enabled");
        if (!Set.of(Flow.ENABLED, Flow.DISABLED, Flow.DRAFT).contains(state)) {
            reasons.add("it is %s; wait until it is enabled or disabled".formatted(state));
        }
        if (flow.path("scheduleParams").isEmpty()) {
            reasons.add("it has no schedule, and a definition has one");
        }
        return reasons;
    }

    /** {@code copy}, as far as a definition knows its params. */
    static Optional<JsonNode> copy(FlowSnapshot snapshot) {
        JsonNode params = Flow.transformation(snapshot.get(Kinds.FLOW), Flow.COPY).path("params");
        ObjectNode copy = NODES.objectNode();
        boolean once = snapshot.get(Kinds.FLOW).at("/scheduleParams/frequency").asText().equals("once");   // of its runs on demand
        if (!once && params.path("deltaColumn").deepCopy() instanceof ObjectNode column) {
            copy.set("deltaColumn", column.retain("name", "dateFormat", "timezone"));
        }
        Texts.copy(params, "mode", copy);
        return Optional.<JsonNode>of(copy).filter(known -> !known.isEmpty());
    }

    /** {@code encryption}, as far as a definition knows it. */
    static Optional<JsonNode> encryption(FlowSnapshot snapshot) {
        return SourceText.encryption(Flow.transformation(snapshot.get(Kinds.FLOW), Flow.ENCRYPTION).path("params"));
    }

    /** {@code schedule}, its values in their own types: the Platform gives back 15 as "15" where it was sent so. */
    static ObjectNode schedule(FlowSnapshot snapshot) {
        JsonNode params = snapshot.get(Kinds.FLOW).path("scheduleParams");
        ObjectNode schedule = NODES.objectNode();
        if (!params.path("startTime").asText("").isEmpty()) {
            schedule.set("startTime", start(params.path("startTime")));
        }
        schedule.put("frequency", params.path("frequency").asText());
        if (!schedule.path("frequency").asText().equals("once")) {   // those of one that runs once say nothing
            typed(params, "interval").ifPresent(interval -> schedule.set("interval", interval));
            typed(params, "backfill").ifPresent(backfill -> schedule.set("backfill", backfill));
            if (!params.path("endTime").asText("").isEmpty()) {
                schedule.set("endTime", start(params.path("endTime")));
            }
        }
        return schedule;
    }

    private static JsonNode start(JsonNode startTime) {
        return startTime.asText().matches("\\d{1,11}") ? NODES.textNode(Instant.ofEpochSecond(startTime.asLong()).toString()) : startTime;
    }

    /** {@code options}, as far as a definition knows them. */
    static Optional<ObjectNode> options(FlowSnapshot snapshot) {
        JsonNode given = snapshot.get(Kinds.FLOW).path("options");
        ObjectNode options = NODES.objectNode();
        for (String known : List.of("errorDiagnosticsEnabled", "partialIngestionPercent")) {
            typed(given, known).ifPresent(value -> options.set(known, value));
        }
        return Optional.of(options).filter(all -> !all.isEmpty());
    }

    /** {@code mapping}: its rules, or that there is none. */
    static JsonNode mapping(FlowSnapshot snapshot) {
        return Kinds.MAPPING_SET.isPartOf(snapshot) ? rules(snapshot) : NODES.textNode(Definition.NO_MAPPING);
    }

    private static ArrayNode rules(FlowSnapshot snapshot) {
        ArrayNode mapping = NODES.arrayNode();
        boolean isPlain = true;
        for (JsonNode rule : snapshot.get(Kinds.MAPPING_SET).path("mappings")) {
            ObjectNode entry = mapping.addObject();
            String type = rule.path("sourceType").asText("ATTRIBUTE");
            if (!Definition.Mapping.type(type).equals("ATTRIBUTE")) {
                entry.put("sourceType", Definition.Mapping.type(type));   // an unknown one is refused as what it is
            }
            entry.put("source", rule.path("sourceAttribute").asText(rule.path("source").asText()));
            entry.put("destination", rule.path("destinationXdmPath").asText(rule.path("destination").asText()));
            isPlain &= !entry.has("sourceType");
        }
        for (int i = 0; isPlain && i < mapping.size(); i++) {   // the new form says nothing of identities, which stay as they are
            JsonNode rule = snapshot.get(Kinds.MAPPING_SET).path("mappings").path(i);
            ObjectNode entry = (ObjectNode) mapping.get(i);
            if (rule.path("identity").asBoolean()) {
                entry.put("identity", true);
            }
            for (String name : List.of("identityGroup", "namespaceCode")) {
                if (rule.hasNonNull(name)) {
                    entry.set(name, rule.path(name));
                }
            }
        }
        boolean namesIdentities = mapping.valueStream()
                .anyMatch(entry -> entry.has("identity") || entry.has("identityGroup") || entry.has("namespaceCode"));
        for (int i = 0; !namesIdentities && i < mapping.size(); i++) {   // else they stay as they are, unsaid
            JsonNode rule = snapshot.get(Kinds.MAPPING_SET).path("mappings").path(i);
            if (Texts.isLabel(rule.path("name").asText())) {
                Texts.copy(rule, "name", (ObjectNode) mapping.get(i));
            }
            Texts.copy(rule, "description", (ObjectNode) mapping.get(i));
        }
        return mapping;
    }

    /** "true" is true, and "15" is 15; what is neither stays what it is, for the reader to refuse. */
    static Optional<JsonNode> typed(JsonNode parent, String field) {
        JsonNode value = parent.path(field);
        if (value.isMissingNode() || value.isNull()) {
            return Optional.empty();
        } else if (value.isTextual() && value.asText().matches("true|false")) {
            return Optional.of(NODES.booleanNode(value.asText().equals("true")));
        } else if (value.isTextual() && value.asText().matches("-?\\d{1,9}")) {
            return Optional.of(NODES.numberNode(Integer.parseInt(value.asText())));
        } else if (value.isTextual() && value.asText().matches("-?\\d{1,9}\\.\\d{1,9}")) {
            return Optional.of(NODES.numberNode(Double.parseDouble(value.asText())));
        }
        return Optional.of(value);
    }
}
