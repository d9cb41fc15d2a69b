package io.github.aepdataflows.export;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.aepdataflows.Rig;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * Dataflows with random options, made by hand: field groups of one's own with nested fields, identities, Profile, shared schemas and
 * datasets, schedules, and mappings of up to 400 rules. The same for the same seed.
 */
final class RandomFlows {

    private static final String REGISTRY = "/data/foundation/schemaregistry/tenant";
    private static final String PROFILE = "https://ns.adobe.com/xdm/context/profile";
    private static final String DETAILS = "https://ns.adobe.com/xdm/context/profile-person-details";
    private static final String CONTACT = "https://ns.adobe.com/xdm/context/profile-personal-details";
    private static final List<String> TYPES = List.of("string", "integer", "number", "boolean", "date", "date-time", "long", "enum");
    private static final List<String> COLUMNS = List.of("Id", "Name", "Phone", "Type", "Industry", "Website", "CreatedDate",
            "LastModifiedDate");
    private static final String TEXT_COLUMN = "{'name': '%s', 'type': 'string', 'xdm': {'type': 'string'}}";
    private static final String TIME_COLUMN = "{'name': '%s', 'type': 'string', 'meta:xdmType': 'date-time', 'xdm': {'type': 'string', "
            + "'format': 'date-time'}}";
    private static final int MOST_RULES = 400;

    private final ByHand hand;
    private final Random random;
    private final Instant now;
    private final List<String> connections = new ArrayList<>();
    private final List<Group> groups = new ArrayList<>();
    private final List<Target> targets = new ArrayList<>();
    private int made;

    /** A field group, and the paths of its fields that are a text each. */
    private record Group(String id, List<String> texts) {
    }

    private record Target(String schema, String dataset, List<String> texts) {
    }

    RandomFlows(ByHand hand, long seed, Instant now) {
        this.hand = hand;
        this.random = new Random(seed);
        this.now = now;
    }

    /** Returns the name of the flow. */
    String next() {
        String name = "Flow %d of %d".formatted(++made, random.nextInt(1000));
        Target target = targets.isEmpty() || random.nextInt(3) > 0 ? target(name) : targets.get(random.nextInt(targets.size()));
        if (!targets.contains(target)) {
            targets.add(target);
        }
        boolean recurs = random.nextBoolean();
        long start = now.getEpochSecond() + (random.nextBoolean() ? 86_400L * 365 : 60);
        String copy = recurs ? "{'name': 'Copy', 'params': {'deltaColumn': {'name': 'LastModifiedDate', 'dateFormat': 'yyyy-MM-dd', "
                + "'timezone': 'UTC'}}}," : "";
        String schedule = recurs ? "'frequency': 'hour', 'interval': '%d', 'backfill': '%b'".formatted(1 + random.nextInt(12),
                random.nextBoolean()) : "'frequency': 'once'";
        String options = random.nextBoolean() ? ", 'options': {'errorDiagnosticsEnabled': true, 'partialIngestionPercent': 5}" : "";
        String flow = hand.flow(name, ByHand.TABLES, source(name), hand.target("""
            {'name': '%s target', 'data': {'format': 'parquet_xdm', 'schema': {'id': '%s', 'version': \
            'application/vnd.adobe.xed-full+json;version=1'}}, 'params': {'dataSetId': '%s'},
             'connectionSpec': {'id': '%s', 'version': '1.0'}}""".formatted(name, target.schema(), target.dataset(), ByHand.DATA_LAKE)),
                copy, "'mappingId': '%s', 'mappingVersion': 0".formatted(mapping(target)),
                ", 'description': 'Made by hand', 'scheduleParams': {'startTime': %d, %s}%s".formatted(start, schedule, options));
        if (random.nextInt(4) == 0) {
            hand.disable(flow);
        }
        return name;
    }

    private String source(String name) {
        if (connections.isEmpty() || connections.size() < 2 && random.nextBoolean()) {
            connections.add(hand.post("/data/foundation/flowservice/connections", """
                {'name': 'CRM %d', 'description': 'By hand', 'auth': {'specName': 'Basic Authentication', 'params': {'environmentUrl':
                 'https://acme.example.com', 'username': 'somebody', 'password': '%s', 'securityToken': '%s'}},
                 'connectionSpec': {'id': '%s', 'version': '1.0'}}""".formatted(connections.size() + 1, Rig.MARKER + "1", Rig.MARKER + "2",
                    ByHand.SALESFORCE)).path("id").asText());
        }
        StringBuilder columns = new StringBuilder();
        COLUMNS.forEach(column -> columns.append(columns.isEmpty() ? "" : ",")
                .append((column.endsWith("Date") ? TIME_COLUMN : TEXT_COLUMN).formatted(column)));
        return hand.source("""
            {'name': '%s source', 'baseConnectionId': '%s', 'data': {'format': 'tabular'}, 'params': {'tableName': 'Account',
             'columns': [%s]}, 'connectionSpec': {'id': '%s', 'version': '1.0'}}""".formatted(name,
                connections.get(random.nextInt(connections.size())), columns, ByHand.SALESFORCE));
    }

    private Target target(String name) {
        List<String> references = new ArrayList<>(List.of(PROFILE, DETAILS, CONTACT));
        List<String> texts = new ArrayList<>(List.of("person.name.firstName", "person.name.lastName", "personalEmail.address"));
        for (int i = groups.isEmpty() ? 1 : random.nextInt(3); i > 0; i--) {
            Group group = groups.isEmpty() || random.nextBoolean() ? group() : groups.get(random.nextInt(groups.size()));
            if (!references.contains(group.id())) {
                references.add(group.id());
                texts.addAll(group.texts());
            }
        }
        String schema = hand.schema(name + " schema", references.toArray(String[]::new));
        boolean identifies = random.nextBoolean();
        if (identifies) {
            identity(schema, "personalEmail.address", "Email", true);
            if (texts.size() > 3) {
                identity(schema, texts.get(texts.size() - 1), "Phone", false);
            }
        }
        boolean profile = identifies && random.nextBoolean();
        if (profile) {
            hand.patch(REGISTRY + "/schemas/" + ByHand.altId(schema), "[{'op': 'add', 'path': '/meta:immutableTags', 'value': ['union']}]");
        }
        String dataset = hand.post("/data/foundation/catalog/dataSets?requestDataSource=true", """
            {'name': '%s dataset', 'schemaRef': {'id': '%s', 'contentType': 'application/vnd.adobe.xed-full-notext+json; version=1'}%s}"""
            .formatted(name, schema, profile ? ", 'tags': {'unifiedProfile': ['enabled:true'], 'unifiedIdentity': ['enabled:true']}" : ""))
            .path(0).asText().substring("@/dataSets/".length());
        if (random.nextBoolean() || groups.size() == 1) {
            hand.post("/data/foundation/dataset/datasets/" + dataset + "/labels", "{'labels': ['C2', 'I1'], 'optionalLabels': []}");
            hand.post(REGISTRY + "/descriptors", """
                {'@type': 'xdm:descriptorLabel', 'xdm:sourceSchema': '%s', 'xdm:sourceVersion': 1, 'xdm:sourceProperty': '/%s',
                 'xdm:labels': ['S1', 'C1']}""".formatted(schema, texts.get(random.nextInt(texts.size())).replace('.', '/')));
        }
        return new Target(schema, dataset, texts);
    }

    private void identity(String schema, String path, String namespace, boolean primary) {
        hand.post(REGISTRY + "/descriptors", """
            {'@type': 'xdm:descriptorIdentity', 'xdm:sourceSchema': '%s', 'xdm:sourceVersion': 1, 'xdm:sourceProperty': '/%s',
             'xdm:namespace': '%s', 'xdm:property': 'xdm:code', 'xdm:isPrimary': %b}"""
            .formatted(schema, path.replace('.', '/'), namespace, primary));
    }

    private Group group() {
        String key = "g" + groups.size();
        List<String> texts = new ArrayList<>();
        ObjectNode fields = Rig.JSON.createObjectNode();
        ObjectNode own = fields.putObject(key).put("type", "object");
        ObjectNode properties = own.putObject("properties");
        fields(properties, "_acme." + key, 2, texts);
        for (int i = groups.isEmpty() ? MOST_RULES : 0; i > 0; i--) {
            properties.putObject("t" + i).put("type", "string");
            texts.add("_acme.%s.t%d".formatted(key, i));
        }
        Group group = new Group(hand.fieldGroup("Group %d by hand".formatted(groups.size()), PROFILE, fields.toString()), texts);
        groups.add(group);
        return group;
    }

    private void fields(ObjectNode into, String path, int depth, List<String> texts) {
        into.putObject("text").put("type", "string").put("title", "A text");
        texts.add(path + ".text");
        for (int i = random.nextInt(6); i >= 0; i--) {
            String name = "f" + i;
            switch (depth > 0 ? random.nextInt(4) : 0) {
                case 1 -> fields(into.putObject(name).put("type", "object").putObject("properties"), path + "." + name, depth - 1, texts);
                case 2 -> type(into.putObject(name).put("type", "array").putObject("items"));
                default -> type(into.putObject(name));
            }
        }
    }

    private void type(ObjectNode field) {
        String type = TYPES.get(random.nextInt(TYPES.size()));
        switch (type) {
            case "date", "date-time" -> field.put("type", "string").put("format", type);
            case "long" -> field.put("type", "integer").put("minimum", -9007199254740991L).put("maximum", 9007199254740991L);
            case "enum" -> {
                ArrayNode values = field.put("type", "string").putArray("enum");
                values.add("one").add("two");
            }
            default -> field.put("type", type);
        }
        if (random.nextInt(3) == 0) {
            field.put("description", "Of type " + type);
        }
    }

    /** The first dataflow has as many rules as there can be; others a few, some of them computed. */
    private String mapping(Target target) {
        List<String> destinations = target.texts();
        int rules = Math.min(made == 1 ? MOST_RULES : 1 + random.nextInt(5), destinations.size());
        boolean computes = random.nextBoolean();
        StringBuilder all = new StringBuilder();
        for (int i = 0; i < rules; i++) {
            String column = COLUMNS.get(random.nextInt(6));
            boolean expression = computes && (i == 0 || random.nextBoolean());
            all.append(i == 0 ? "" : ",").append("{'sourceType': '%s', 'source': '%s', 'destination': '%s'}".formatted(
                    expression ? "EXPRESSION" : "ATTRIBUTE", expression ? "upper(" + column + ")" : column, destinations.get(i)));
        }
        return hand.mapping("""
            {'name': 'Mapping %d', 'mappings': [%s], 'outputSchema': {'schemaRef': {'id': '%s', 'contentType':
             'application/vnd.adobe.xed-full+json;version=1'}}}""".formatted(made, all, target.schema()));
    }
}
