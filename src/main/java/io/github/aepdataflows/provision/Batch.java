package io.github.aepdataflows.provision;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.aepdataflows.definition.DefinitionPart;
import io.github.aepdataflows.provision.Failure.TryAgain;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.camel.Exchange;

/** The definitions of one file, and what has become of them so far, one after the other. */
public final class Batch {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String FAILED = "failed";
    private static final String NOT_TRIED = "not tried";

    private final List<DefinitionPart> parts;
    private final String file;
    private final String sandbox;
    private final List<JsonNode> documents = new ArrayList<>();
    private Failure firstFailure;
    private TryAgain tryAgain = TryAgain.NO;
    private String why = "";
    private long lastSaid = System.nanoTime();

    /** @param file its name; null where it has none */
    Batch(List<DefinitionPart> parts, String file, String sandbox) {
        this.parts = parts;
        this.file = file;
        this.sandbox = sandbox;
    }

    public List<DefinitionPart> getParts() {
        return parts;
    }

    void done(JsonNode receipt) {
        documents.add(receipt);
    }

    void failed(Failure failure) {
        documents.add(failure.document());
        firstFailure = firstFailure == null ? failure : firstFailure;
        if (failure.tryAgain() != TryAgain.NO && !isHalted()) {
            tryAgain = failure.tryAgain();
            why = failure.summary();
        }
    }

    /** The rest is not tried now, for this reason. */
    void halt(String reason) {
        tryAgain = TryAgain.PAUSE;
        why = reason;
    }

    boolean isHalted() {
        return tryAgain == TryAgain.PAUSE;
    }

    /** How many have come to what. */
    private Map<String, Long> outcomes() {
        return documents.stream().collect(Collectors.groupingBy(
                document -> document.has("category") ? FAILED : document.path("outcome").asText(), TreeMap::new, Collectors.counting()));
    }

    private long failures() {
        return outcomes().getOrDefault(FAILED, 0L);
    }

    /** How far it is, in words; empty when that was said less than so many nanoseconds ago. */
    String progress(long every) {
        if (documents.size() == parts.size() || System.nanoTime() - lastSaid < every) {
            return "";
        }
        lastSaid = System.nanoTime();
        return "%d of %d done, %d failed".formatted(documents.size() - failures(), parts.size(), failures());
    }

    /**
     * The document of the whole file, with one for every definition of it, becomes the body. Out, for the inbox: variables
     * {@code aepReceipt} and {@code aepSummary} when all is done; else {@link Failure}.
     */
    void conclude(Exchange exchange) {
        for (DefinitionPart part : parts.subList(documents.size(), parts.size())) {
            documents.add(JSON.createObjectNode().put("dataflow", part.name().orElse(null)).put("sandbox", sandbox).put("file", file)
                    .put("line", part.line()).put("outcome", NOT_TRIED));
        }
        String all = document(JSON.createObjectNode()).toPrettyString();
        String summary = "%d dataflows: %s.".formatted(parts.size(),
                outcomes().entrySet().stream().map(each -> each.getValue() + " " + each.getKey()).collect(Collectors.joining(", ")));
        exchange.getMessage().setBody(all);
        if (failures() == 0 && !outcomes().containsKey(NOT_TRIED)) {
            exchange.setVariable(Failure.RECEIPT, all);
            exchange.setVariable("aepSummary", summary);
            return;
        }
        ObjectNode words = JSON.createObjectNode()
                .put("category", firstFailure == null ? "unavailable" : firstFailure.document().path("category").asText())
                .put("message", "%d of %d dataflows failed".formatted(failures(), parts.size()))
                .put("advice",
                "What is wrong with each is told in dataflows. Mend it and drop the whole file again: what is done stays as it is.");
        new Failure(document(words), "%s %s".formatted(summary, why.isEmpty() ? "The first failure: " + firstFailure.summary() : why),
                tryAgain)
                .setOn(exchange);
    }

    private ObjectNode document(ObjectNode words) {
        ObjectNode document = JSON.createObjectNode();
        if (file != null) {
            document.put("file", file);
        }
        document.put("sandbox", sandbox).put("definitions", parts.size()).setAll(words);
        ObjectNode outcomes = document.putObject("outcomes");
        outcomes().forEach(outcomes::put);
        document.putArray("dataflows").addAll(documents);
        return document;
    }
}
