package io.github.aepdataflows.provision;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.aepdataflows.definition.DefinitionPart;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** The definitions of one file, and what has become of them so far, one after the other. */
public final class Batch {

    private final List<DefinitionPart> parts;
    private final List<JsonNode> documents = new ArrayList<>();
    private final Map<String, Integer> outcomes = new TreeMap<>();
    private JsonNode firstFailure;
    private String firstSummary = "";
    private String tryAgain = "no";
    private String halt = "";
    private boolean halted;
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

    /** @param again no; pause: nothing else can go on either; postpone: this one can later */
    void failed(ObjectNode error, String summary, String again) {
        documents.add(error);
        count("failed", 1);
        if (firstFailure == null) {
            firstFailure = error;
            firstSummary = summary;
        }
        if (again.equals("pause")) {
            halt(summary);
        } else if (again.equals("postpone") && !halted) {
            tryAgain = again;
            halt = summary;
        }
    }

    /** The rest is not tried now, for this reason. */
    void halt(String why) {
        halted = true;
        tryAgain = "pause";
        halt = why;
    }

    boolean isHalted() {
        return halted;
    }

    /** Adds the rest, which was not tried, so that every definition of the file has its document. */
    void close(ObjectNode model) {
        int rest = parts.size() - documents.size();
        for (DefinitionPart part : parts.subList(documents.size(), parts.size())) {
            documents.add(model.deepCopy().put("dataflow", part.name().orElse(null)).put("line", part.line()).put("outcome", "not tried"));
        }
        count("not tried", rest);
    }

    private void count(String outcome, int number) {
        if (number > 0) {
            outcomes.merge(outcome, number, Integer::sum);
        }
    }

    int size() {
        return parts.size();
    }

    int failures() {
        return outcomes.getOrDefault("failed", 0);
    }

    /** How many are there as their definitions say. */
    int finished() {
        return outcomes.values().stream().mapToInt(Integer::intValue).sum() - failures() - outcomes.getOrDefault("not tried", 0);
    }

    boolean isAllDone() {
        return finished() == size();
    }

    List<JsonNode> documents() {
        return documents;
    }

    Map<String, Integer> outcomes() {
        return outcomes;
    }

    /** The error document of the first that failed. */
    Optional<JsonNode> firstFailure() {
        return Optional.ofNullable(firstFailure);
    }

    /** The same in a line. */
    String firstSummary() {
        return firstSummary;
    }

    /** What becomes of the file when not all is done: no, pause or postpone, as of a single definition. */
    String tryAgain() {
        return tryAgain;
    }

    /** Why it is to be tried again. */
    String why() {
        return halt;
    }

    /** Whether something more is to be said of how far it is, once in so many nanoseconds. */
    boolean isTimeToSay(long every) {
        boolean isTime = documents.size() < size() && System.nanoTime() - lastSaid >= every;
        lastSaid = isTime ? System.nanoTime() : lastSaid;
        return isTime;
    }
}
