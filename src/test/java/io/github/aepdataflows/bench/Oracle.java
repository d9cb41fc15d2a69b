package io.github.aepdataflows.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.aepdataflows.Rig;
import io.github.aepdataflows.ledger.Dataflow;
import io.github.aepdataflows.ledger.Ledger;
import io.github.aepdataflows.ledger.LedgerException;
import io.github.aepdataflows.ledger.RecordedChange;
import io.github.aepdataflows.ledger.RecordedStep;
import io.github.aepdataflows.platform.Spelling;
import io.github.aepdataflows.simulator.Request;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Judges what is left when the faults are over and the application has ended idle: at the Platform, in the ledger, in the
 * folders and in the request log. Knows none of the product's classes but the ledger, which it asks as anybody could.
 */
final class Oracle {

    /** Answers after which a creating call must never be sent again by itself; a 404 may be about what it refers to, made a moment ago. */
    private static final Set<Integer> REJECTED = Set.of(400, 403, 405, 413, 415, 422);
    /** Answers of the gateway, before a service saw the call: it may be sent again without a look. */
    private static final Set<Integer> NOT_CARRIED_OUT = Set.of(401, 429);
    private static final int NOT_FOUND = 404;
    private static final int LOOKS_BEFORE_A_REPEAT = 3;
    private static final Pattern NAME = Pattern.compile("(?m)^name: (.+)$");

    private final Bench bench;
    private final Set<String> violations = new LinkedHashSet<>();
    private final Set<String> droppedAgain = new HashSet<>();
    private final List<String> logs = new ArrayList<>();
    private final Set<String> foreign = new HashSet<>();
    private final Set<String> foreignIds = new HashSet<>();
    private final List<Life> lives = new ArrayList<>();
    private final Set<String> refused = new HashSet<>();
    private final Map<String, Integer> namedByDocumentOnly = new TreeMap<>();
    private int mostPosts = 8;
    private int duplicates;
    private int losses;
    private Platform platform;

    Oracle(Bench bench) {
        this.bench = bench;
    }

    /** What the application has printed. */
    Oracle logs(String text) {
        logs.add(text);
        return this;
    }

    /** A definition that failed and was dropped again: a rejected call may be sent again then. */
    Oracle droppedAgain(String dataflow) {
        droppedAgain.add(dataflow);
        return this;
    }

    /** A dataflow that somebody else has made: the ledger knows nothing of it. */
    Oracle foreign(String dataflow) {
        foreign.add(dataflow);
        return this;
    }

    /** Resources that somebody else has made. */
    Oracle foreignIds(String... ids) {
        foreignIds.addAll(List.of(ids));
        return this;
    }

    /** All dataflows of the bench, as their last definitions say: judged is what runs in the end, not the receipt of each file. */
    Oracle lives(List<Life> all) {
        lives.addAll(all);
        return this;
    }

    /** A dataflow whose last definition may rightly be refused, with a reason: something earlier runs, if at all. */
    Oracle refused(String dataflow) {
        refused.add(dataflow);
        return this;
    }

    /** The largest number of creating calls of one step of one dataflow. */
    Oracle mostPosts(int bound) {
        mostPosts = bound;
        return this;
    }

    /** @throws AssertionError with every violation, a line each */
    void check() throws Exception {
        List<String> found = violations();
        if (!found.isEmpty()) {
            throw new AssertionError(found.size() + " violations in " + bench.data() + "\n  " + String.join("\n  ", found));
        }
    }

    /** How many resources exist beyond the one of a step, all dataflows taken together; after {@link #violations()}. */
    int duplicates() {
        return duplicates;
    }

    /** How many resources and files are missing; after {@link #violations()}. */
    int losses() {
        return losses;
    }

    /** How many resources of each kind only a receipt or an error document names, not the ledger; after {@link #violations()}. */
    Map<String, Integer> namedByDocumentOnly() {
        return namedByDocumentOnly;
    }

    List<String> violations() throws Exception {
        platform = bench.platform();
        violations.clear();
        namedByDocumentOnly.clear();
        duplicates = 0;
        losses = 0;
        files();
        try (Ledger ledger = bench.ledger()) {
            List<RecordedStep> open = ledger.unresolved().stream().filter(step -> !refused.contains(step.key().dataflow()))
                    .filter(step -> !step.key().shared() || refused.isEmpty())   // begun for one that is refused, perhaps
                    .toList();
            if (!open.isEmpty()) {
                violate("I3 open intents: " + open);
            }
            for (Life life : lives) {
                life(ledger, life);
            }
            for (Map.Entry<String, byte[]> file : bench.dropped().entrySet()) {
                String definition = new String(file.getValue(), StandardCharsets.UTF_8);
                Matcher name = NAME.matcher(definition);
                if (lives.isEmpty() && name.find()) {
                    dataflow(ledger, file.getKey(), name.group(1), Definitions.steps(definition));
                }
            }
            owners(ledger);
        }
        secrets();
        return List.copyOf(violations);
    }

    private void dataflow(Ledger ledger, String file, String dataflow, List<Step> steps) throws IOException, LedgerException {
        boolean done = bench.names("done").contains(file + ".receipt.json");
        if (done) {
            JsonNode receipt = Rig.JSON.readTree(bench.data().resolve("done").resolve(file + ".receipt.json").toFile());
            receipt(ledger, receipt, dataflow, steps);
        }
        for (Step step : steps) {
            List<ObjectNode> made = platform.resources(step, dataflow);
            if (made.size() > 1) {
                duplicates += step.shared() ? 0 : made.size() - 1;
                violate("I1 %s of %s: %d resources %s after %s".formatted(step.key(), dataflow, made.size(),
                        made.stream().map(step::idOf).toList(), platform.story(step, dataflow)));
            } else if (done && made.isEmpty()) {
                losses++;
                violate("I1 %s of %s: none at the Platform".formatted(step.key(), dataflow));
            }
            calls(step, dataflow);
        }
        long running = platform.resources(Step.FLOW, dataflow).stream().filter(flow -> flow.path("state").asText().equals("enabled"))
                .count();
        if (running > 1) {
            violate("I1 %d flows of %s run".formatted(running, dataflow));
        }
    }

    /** What the Platform ended up with: what the last definition says runs, once, and the ledger says the same. */
    private void life(Ledger ledger, Life life) throws LedgerException {
        String name = life.name();
        List<ObjectNode> flows = platform.resources(Step.FLOW, name);
        List<ObjectNode> enabled = flows.stream().filter(flow -> flow.path("state").asText().equals("enabled")).toList();
        if (enabled.size() > 1) {
            duplicates += enabled.size() - 1;
        }
        if (enabled.size() > 1 || !refused.contains(name) && enabled.size() != (life.isActive() ? 1 : 0)) {
            violate("I1 %d of %d flows of %s are enabled".formatted(enabled.size(), flows.size(), life));
        }
        for (Step step : List.of(Step.TARGET_SCHEMA, Step.TARGET_DATASET)) {   // which are never replaced
            List<String> there = platform.all(step).stream().filter(one -> step.nameOf(one).startsWith(step.name(name)))
                    .map(step::idOf).toList();
            if (there.size() > 1) {
                duplicates += there.size() - 1;
            }
            if (there.size() > 1 || there.isEmpty() && !life.isAbsent() && !refused.contains(name)) {
                violate("I1 %d of %s of %s: %s".formatted(there.size(), step.key(), name, there));
            }
        }
        if (refused.contains(name)) {
            return;
        }
        // one that was certainly not applied may stay so: the next definition need not want it
        Set<RecordedChange.State> known = Set.of(RecordedChange.State.DONE, RecordedChange.State.FREE);
        ledger.changes(name).stream().filter(change -> !known.contains(change.state()))
                .forEach(change -> violate("I3 an open change: " + change));
        if (life.isAbsent() && !flows.isEmpty()) {
            violate("I2 flows of what is absent: " + flows);
        }
        if (!life.isAbsent() && flows.isEmpty()) {
            losses++;
        }
        for (ObjectNode flow : enabled) {
            List<String> noted = ledger.steps(name).stream().filter(step -> step.made() && step.key().step().equals(Step.FLOW.key()))
                    .map(step -> step.result().id()).toList();
            String told = life.told(bench.simulator().store(), flow);
            if (life.isActive() && !told.equals(life.wanted())) {
                losses++;
                violate("I2 the flow is '%s', not '%s'".formatted(told, life.wanted()));
            }
            if (!noted.equals(List.of(Step.FLOW.idOf(flow)))) {
                violate("I2 of %s runs %s, the ledger has %s".formatted(name, Step.FLOW.idOf(flow), noted));
            }
        }
    }

    private void receipt(Ledger ledger, JsonNode receipt, String dataflow, List<Step> steps) throws LedgerException {
        Optional<Dataflow> row = ledger.dataflow(dataflow);
        if (row.isEmpty() || !row.get().done()) {
            violate("I3 %s is done, the ledger says %s".formatted(dataflow, row));
        }
        for (Step step : steps) {
            String id = receipt.path("resources").path(step.resource()).asText();
            List<String> there = platform.resources(step, dataflow).stream().map(step::idOf).toList();
            if (!there.contains(id)) {
                losses++;
                violate("I2 the receipt of %s has %s %s, at the Platform are %s".formatted(dataflow, step.resource(), id, there));
            }
            List<String> noted = ledger.steps(dataflow).stream().filter(each -> each.key().step().equals(step.key()))
                    .map(each -> each.result().id()).toList();
            if (!noted.equals(List.of(id))) {
                violate("I2 the receipt of %s has %s %s, the ledger %s".formatted(dataflow, step.resource(), id, noted));
            }
            long entries = stream(receipt.path("steps"))
                    .filter(each -> each.path("step").asText().equals(step.key()) && each.path("id").asText().equals(id)).count();
            if (entries != 1) {
                violate("the receipt of %s has %d entries of %s".formatted(dataflow, entries, step.key()));
            }
        }
        references(receipt.path("resources"), dataflow, steps.contains(Step.SOURCE_CLASS));
    }

    private void references(JsonNode ids, String dataflow, boolean adHoc) {
        refers(Step.FLOW, ids, dataflow, "/sourceConnectionIds/0", Step.SOURCE_CONNECTION);
        refers(Step.FLOW, ids, dataflow, "/targetConnectionIds/0", Step.TARGET_CONNECTION);
        refers(Step.MAPPING_SET, ids, dataflow, "/xdmSchema", Step.TARGET_SCHEMA);
        refers(Step.TARGET_CONNECTION, ids, dataflow, "/params/dataSetId", Step.TARGET_DATASET);
        refers(Step.TARGET_CONNECTION, ids, dataflow, "/data/schema/id", Step.TARGET_SCHEMA);
        refers(Step.TARGET_DATASET, ids, dataflow, "/schemaRef/id", Step.TARGET_SCHEMA);
        if (adHoc) {
            refers(Step.SOURCE_SCHEMA, ids, dataflow, "/allOf/0/$ref", Step.SOURCE_CLASS);
            refers(Step.SOURCE_CONNECTION, ids, dataflow, "/data/schema/id", Step.SOURCE_SCHEMA);
            refers(Step.TARGET_CONNECTION, ids, dataflow, "/baseConnectionId", Step.DATASET_CONNECTION);
        }
        String mapping = find(Step.FLOW, ids).path("transformations").findValuesAsText("mappingId").toString();
        if (!mapping.equals("[" + ids.path(Step.MAPPING_SET.resource()).asText() + "]")) {
            violate("I2 the flow of %s maps by %s, not by its own mapping set".formatted(dataflow, mapping));
        }
    }

    private void refers(Step from, JsonNode ids, String dataflow, String pointer, Step to) {
        String actual = find(from, ids).at(pointer).asText();
        String expected = ids.path(to.resource()).asText();
        if (!actual.equals(expected)) {
            violate("I2 the %s of %s refers to %s %s, not to its own %s".formatted(from.key(), dataflow, to.key(), actual, expected));
        }
    }

    private JsonNode find(Step step, JsonNode ids) {
        return platform.all(step).stream()
                .filter(each -> step.idOf(each).equals(ids.path(step.resource()).asText()))
                .findFirst().map(JsonNode.class::cast).orElseGet(Rig.JSON::createObjectNode);
    }

    private void calls(Step step, String dataflow) {
        List<Request> posts = platform.posts(step, dataflow);
        if (posts.size() > mostPosts && !step.shared()) {
            violate("I6 %d creating calls: %s".formatted(posts.size(), platform.story(step, dataflow)));
        }
        for (int n = 1; n < posts.size(); n++) {
            Request one = posts.get(n - 1);
            Request next = posts.get(n);
            boolean again = droppedAgain.contains(dataflow) || step.shared()   // by another dataflow
                    || bench.simulator().refusedConnections() > 0;   // an outage may have cut off the refusal
            if (REJECTED.contains(one.status()) && !again) {
                violate("I6 sent again after a refusal: " + platform.story(step, dataflow));
            }
            boolean mayExist = !NOT_CARRIED_OUT.contains(one.status()) && !REJECTED.contains(one.status()) && one.status() != NOT_FOUND;
            if (mayExist && platform.looks(step, dataflow, one, next) < LOOKS_BEFORE_A_REPEAT && !platform.isDeleted(step, one, next)) {
                violate("blind repeat, %d looks between: %s".formatted(platform.looks(step, dataflow, one, next),
                        platform.story(step, dataflow)));
            }
        }
    }

    /**
     * Nothing exists that nobody names, but the base connections that are there from the start. Where the ledger is an older one, a
     * document is good enough.
     */
    private void owners(Ledger ledger) throws LedgerException, IOException {
        Set<String> seen = new HashSet<>();
        String documents = lives.isEmpty() ? "" : documents();
        for (Step step : Step.values()) {
            for (ObjectNode resource : platform.all(step)) {
                String id = step.idOf(resource);
                boolean seeded = step.shared() && !step.nameOf(resource).equals(Step.DATASET_CONNECTION_NAME);
                if (!seeded && !isForeign(step, resource) && seen.add(step.collection() + id) && ownerOf(ledger, step.collection(), id)
                        .isEmpty()) {
                    if (documents.contains(id)) {
                        namedByDocumentOnly.merge(step.key(), 1, Integer::sum);
                        continue;
                    }
                    violate("I1 the ledger does not know %s %s %s".formatted(step.collection(), id, step.nameOf(resource)));
                }
            }
        }
    }

    /** All receipts and error documents. */
    private String documents() throws IOException {
        StringBuilder all = new StringBuilder();
        for (String folder : List.of("done", "failed")) {
            for (String name : bench.names(folder)) {
                if (name.endsWith(".json")) {
                    all.append(Files.readString(bench.data().resolve(folder).resolve(name)));
                }
            }
        }
        return all.toString();
    }

    private boolean isForeign(Step step, ObjectNode resource) {
        return foreignIds.contains(step.idOf(resource))
                || !step.shared() && foreign.stream().anyMatch(dataflow -> Stream.of(Step.values()).anyMatch(each ->
                each.collection().equals(step.collection()) && each.name(dataflow).equals(step.nameOf(resource))));
    }

    private static Optional<String> ownerOf(Ledger ledger, String collection, String id) throws LedgerException {
        for (Step step : Step.values()) {
            if (step.collection().equals(collection) && ledger.owner(step.key(), id).isPresent()) {
                return ledger.owner(step.key(), id);
            }
        }
        return Optional.empty();
    }

    private void files() throws IOException {
        List<String> left = bench.names("inbox");
        if (!left.isEmpty()) {
            violate("I4 left in the inbox: " + left);
        }
        for (Map.Entry<String, byte[]> file : bench.dropped().entrySet()) {
            List<Path> places = Stream.of("done", "failed").map(folder -> bench.data().resolve(folder).resolve(file.getKey()))
                    .filter(Files::exists).toList();
            if (places.size() != 1) {
                losses += places.isEmpty() ? 1 : 0;
                violate("I4 %s is in %s".formatted(file.getKey(), places));
            }
            for (Path place : places) {
                if (!Arrays.equals(Files.readAllBytes(place), file.getValue())) {
                    violate("I4 %s is not what was dropped".formatted(place));
                }
                String document = place.getParent().endsWith("done") ? ".receipt.json" : ".error.json";
                if (!Files.exists(place.resolveSibling(place.getFileName() + document))) {
                    violate("I4 %s has no document".formatted(place));
                } else if (document.startsWith(".error")) {
                    reason(place.resolveSibling(place.getFileName() + document));
                }
            }
        }
        for (String folder : List.of("done", "failed")) {
            for (String name : bench.names(folder)) {
                String file = name.replaceFirst("\\.(receipt|error)\\.json$", "");
                if (!bench.dropped().containsKey(file)) {
                    violate("I4 nobody dropped %s/%s".formatted(folder, name));
                }
            }
        }
    }

    /** A fault of the program is no reason, unless it was killed again and again while it read the file. */
    private void reason(Path document) throws IOException {
        JsonNode error = Rig.JSON.readTree(document.toFile());
        String message = error.path("message").asText();
        if (message.isEmpty() || error.path("category").asText().equals("internal") && !message.startsWith("the program died")) {
            violate("I4 %s gives no reason: %s".formatted(document.getFileName(), error));
        }
    }

    private void secrets() throws IOException {
        Set<String> secrets = Stream.of(Spelling.values()).map(spelling -> spelling.of(Bench.CANARY)).collect(Collectors.toSet());
        bench.simulator().requests().all().stream().flatMap(request -> request.header("authorization").stream())
                .forEach(header -> secrets.add(header.replace("Bearer ", "")));
        List<String> places = new ArrayList<>();
        try (Stream<Path> files = Files.walk(bench.data())) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                String bytes = Files.readString(file, StandardCharsets.ISO_8859_1);
                secrets.stream().filter(bytes::contains).forEach(secret -> places.add(file.toString()));
            }
        }
        secrets.stream().filter(secret -> logs.stream().anyMatch(log -> log.contains(secret))).forEach(secret -> places.add("the log"));
        if (!places.isEmpty()) {
            violate("I5 secrets in " + places);
        }
    }

    private static Stream<JsonNode> stream(JsonNode array) {
        List<JsonNode> elements = new ArrayList<>();
        array.forEach(elements::add);
        return elements.stream();
    }

    private void violate(String violation) {
        violations.add(violation);
    }
}
