package io.github.aepdataflows.provision;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.aepdataflows.definition.DefinitionPart;
import io.github.aepdataflows.provision.Failure.TryAgain;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The definitions of one file, and what has become of them so far, one after the other. */
public final class Batch {

    private final List<DefinitionPart> parts;
    private final List<JsonNode> documents = new ArrayList<>();
    private final Map<String, Integer> outcomes = new TreeMap<>();
    private Failure firstFailure;
    private TryAgain tryAgain = TryAgain.NO;
    private String why = "";
    private long lastSaid = System.nanoTime();

    Batch(List<DefinitionPart> parts) {
        this.parts = parts;
    }

    public List<DefinitionPart> getParts() {
        return parts;
    }

    void done(ObjectNode receipt) {
        documents.add(receipt);
        count(receipt.path("outcome").asText(), 1);
    }

    void failed(Failure failure) {
        documents.add(failure.document());
        count("failed", 1);
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

    /** Adds the rest, which was not tried, so that every definition of the file has its document. */
    void close(ObjectNode model) {
        count("not tried", parts.size() - documents.size());
        for (DefinitionPart part : parts.subList(documents.size(), parts.size())) {
            documents.add(model.deepCopy().put("dataflow", part.name().orElse(null)).put("line", part.line()).put("outcome", "not tried"));
        }
    }

    private void count(String outcome, int number) {
        if (number > 0) {
            outcomes.merge(outcome, number, Integer::sum);
        }
    }

    int failures() {
        return outcomes.getOrDefault("failed", 0);
    }

    /** How many are there as their definitions say. */
    int finished() {
        return outcomes.values().stream().mapToInt(Integer::intValue).sum() - failures() - outcomes.getOrDefault("not tried", 0);
    }

    boolean isAllDone() {
        return finished() == parts.size();
    }

    List<JsonNode> documents() {
        return documents;
    }

    Map<String, Integer> outcomes() {
        return outcomes;
    }

    /** What is wrong with the first that failed. */
    String category() {
        return firstFailure == null ? "unavailable" : firstFailure.document().path("category").asText();
    }

    /** What becomes of the file when not all is done. */
    TryAgain tryAgain() {
        return tryAgain;
    }

    /** Why it is to be tried again, or else what the first failure was. */
    String why() {
        return why.isEmpty() ? "The first failure: " + firstFailure.summary() : why;
    }

    /** Whether something more is to be said of how far it is, once in so many nanoseconds. */
    boolean isTimeToSay(long every) {
        boolean isTime = documents.size() < parts.size() && System.nanoTime() - lastSaid >= every;
        lastSaid = isTime ? System.nanoTime() : lastSaid;
        return isTime;
    }
}
