package io.github.aepdataflows.provision;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.aepdataflows.definition.DefinitionPart;
import io.github.aepdataflows.provision.Failure.TryAgain;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.camel.Exchange;

/**
 * The definitions of one file, and what has become of them so far. Several are worked on at the same time. One that is refused while others
 * before it were not done, on which it may depend, is tried once more after them.
 */
public final class Batch {

    /** A definition that somebody works on. {@code index} counts from 0, {@code begun} those that were done when it was begun. */
    public record Part(int index, DefinitionPart definition, int begun) {
    }

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String FAILED = "failed";
    private static final String NOT_TRIED = "not tried";
    private static final Set<String> DEPENDENT = Set.of("definition", "conflict");

    private final List<DefinitionPart> parts;
    private final String file;
    private final String sandbox;
    private final Map<Integer, JsonNode> documents = new TreeMap<>();
    private final Map<Integer, Failure> failures = new TreeMap<>();
    private final Queue<Integer> waiting = new ArrayDeque<>();
    private final Set<Integer> again = new TreeSet<>();
    private String halted = "";
    private long lastSaid = System.nanoTime();

    /** @param file its name; null where it has none */
    Batch(List<DefinitionPart> parts, String file, String sandbox) {
        this.parts = parts;
        this.file = file;
        this.sandbox = sandbox;
        IntStream.range(0, parts.size()).forEach(waiting::add);
    }

    public List<DefinitionPart> getParts() {
        return parts;
    }

    /** The next one that nobody works on; empty when there is none. */
    synchronized Optional<Part> next() {
        return Optional.ofNullable(waiting.poll()).map(index -> new Part(index, parts.get(index), documents.size()));
    }

    /** All are done, and those that were put back can be tried once more. */
    synchronized void putBack() {
        waiting.addAll(again);
    }

    synchronized void done(Part part, JsonNode receipt) {
        documents.put(part.index(), receipt);
    }

    /** Whether it stays at that; else it is put back. */
    synchronized boolean failed(Part part, Failure failure) {
        boolean mayDepend = part.begun() < part.index() && (failure.tryAgain() == TryAgain.POSTPONE
                || DEPENDENT.contains(failure.document().path("category").asText()));
        if (mayDepend && again.add(part.index())) {
            return false;
        }
        documents.put(part.index(), failure.document());
        failures.put(part.index(), failure);
        if (failure.isPause() && !isHalted()) {
            halted = failure.summary();
        }
        return true;
    }

    /** The rest is not tried now, for this reason. */
    synchronized void halt(String reason) {
        halted = reason;
    }

    synchronized boolean isHalted() {
        return !halted.isEmpty();
    }

    /** How many have come to what. */
    private Map<String, Long> outcomes() {
        return documents.values().stream().collect(Collectors.groupingBy(
                document -> document.has("category") ? FAILED : document.path("outcome").asText(), TreeMap::new, Collectors.counting()));
    }


    /** How far it is, in words; empty when that was said less than so many nanoseconds ago. */
    synchronized String progress(long every) {
        if (documents.size() == parts.size() || System.nanoTime() - lastSaid < every) {
            return "";
        }
        lastSaid = System.nanoTime();
        return "%d of %d done, %d failed".formatted(documents.size() - failures.size(), parts.size(), failures.size());
    }

    /**
     * The document of the whole file, with one for every definition of it, becomes the body. Out, for the inbox: variables
     * {@code aepReceipt} and {@code aepSummary} when all is done; else {@link Failure}.
     */
    synchronized void conclude(Exchange exchange) {
        for (int index = 0; index < parts.size(); index++) {
            DefinitionPart part = parts.get(index);
            documents.putIfAbsent(index, JSON.createObjectNode().put("dataflow", part.name().orElse(null)).put("sandbox", sandbox)
                    .put("file", file).put("line", part.line()).put("outcome", NOT_TRIED));
        }
        String all = document(JSON.createObjectNode()).toPrettyString();
        String summary = "%d dataflows: %s.".formatted(parts.size(),
                outcomes().entrySet().stream().map(each -> each.getValue() + " " + each.getKey()).collect(Collectors.joining(", ")));
        exchange.getMessage().setBody(all);
        if (failures.isEmpty() && !outcomes().containsKey(NOT_TRIED)) {
            exchange.setVariable(Failure.RECEIPT, all);
            exchange.setVariable("aepSummary", summary);
            return;
        }
        Optional<Failure> first = failures.values().stream().findFirst();
        Optional<Failure> postponed = failures.values().stream().filter(failure -> failure.tryAgain() == TryAgain.POSTPONE)
                .reduce((one, other) -> other);
        ObjectNode words = JSON.createObjectNode()
                .put("category", first.map(failure -> failure.document().path("category").asText()).orElse("unavailable"))
                .put("message", "%d of %d dataflows failed".formatted(failures.size(), parts.size()))
                .put("advice",
                "What is wrong with each is told in dataflows. Mend it and apply the whole file again: what is done stays as it is.");
        String why = isHalted() ? halted : postponed.map(Failure::summary).orElseGet(() -> "The first failure: " + first.orElseThrow()
                .summary());
        new Failure(document(words), "%s %s".formatted(summary, why), isHalted() ? TryAgain.PAUSE : postponed.map(Failure::tryAgain)
                .orElse(TryAgain.NO)).setOn(exchange);
    }

    private ObjectNode document(ObjectNode words) {
        ObjectNode document = JSON.createObjectNode();
        if (file != null) {
            document.put("file", file);
        }
        document.put("sandbox", sandbox).put("definitions", parts.size()).setAll(words);
        ObjectNode outcomes = document.putObject("outcomes");
        outcomes().forEach(outcomes::put);
        document.putArray("dataflows").addAll(documents.values());
        return document;
    }
}
