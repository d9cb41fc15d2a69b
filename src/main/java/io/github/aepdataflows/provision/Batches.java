package io.github.aepdataflows.provision;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.aepdataflows.definition.DefinitionFile;
import io.github.aepdataflows.definition.DefinitionPart;
import io.github.aepdataflows.ledger.FileClaim;
import io.github.aepdataflows.ledger.Ledger;
import io.github.aepdataflows.ledger.LedgerException;
import io.github.aepdataflows.settings.Settings;
import java.io.IOException;
import java.util.List;
import java.util.stream.Collectors;
import org.apache.camel.Exchange;
import org.apache.camel.Variable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What the route of a file with several definitions does beside provisioning each: whether to go on, and what has become of all. */
public final class Batches {

    private static final Logger LOG = LoggerFactory.getLogger("aep.provision");
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String BATCH = "aepBatch";

    private final Settings settings;
    private final Ledger ledger;
    private final Chain chain;

    public Batches(Settings settings, Ledger ledger, Chain chain) {
        this.settings = settings;
        this.ledger = ledger;
        this.chain = chain;
    }

    /** The definitions in the message body: bytes, text, a stream or a file. */
    public List<DefinitionPart> parts(Exchange exchange) throws IOException {
        return exchange.getMessage().getBody() instanceof DefinitionPart part ? List.of(part) : DefinitionFile.parts(Chain.content(exchange));
    }

    /** Whether the message body is a file with several definitions. */
    public boolean areSeveral(Exchange exchange) throws IOException {
        return parts(exchange).size() > 1;
    }

    /**
     * Out: variable {@code aepBatch}. Nothing of what was provisioned before on this exchange is left. Of a file, all is read
     * before the first is provisioned: from then on the ledger holds that the file can be read.
     */
    public void begin(Exchange exchange, @Variable("aepClaim") FileClaim claim) throws IOException {
        exchange.removeVariable(Provisioning.VARIABLE);
        Failure.clear(exchange);
        Batch batch = new Batch(parts(exchange));
        if (claim != null) {
            batch.getParts().forEach(chain::tryToRead);
        }
        exchange.setVariable(BATCH, batch);
    }

    /** Whether the next definition is to be tried: not during a stop, or when the file is not ours any more. Keeps the claim on the file alive. */
    public boolean shouldContinue(Exchange exchange, @Variable(BATCH) Batch batch, @Variable("aepClaim") FileClaim claim) {
        if (batch.isHalted()) {
            return false;
        } else if (exchange.getContext().isStopping()) {
            batch.halt("the application was stopped");
            return false;
        }
        try {
            if (claim != null && !ledger.holds(claim)) {
                batch.halt("another instance has taken the file over");
            }
        } catch (LedgerException e) {
            batch.halt("unavailable: " + e.getMessage());
        }
        return !batch.isHalted();
    }

    /** Notes what has become of a definition. In: variable {@code aepReceipt} or {@code aepFailure}. */
    public void note(Exchange exchange, @Variable(BATCH) Batch batch, @Variable(Failure.RECEIPT) String receipt, @Variable(Failure.NAME) Failure failure)
            throws JsonProcessingException {
        if (receipt != null) {
            batch.done((ObjectNode) JSON.readTree(receipt));
        } else if (failure != null) {
            batch.failed(failure);
            if (exchange.getVariable("aepFile") != null && !batch.isHalted()) {   // else the route that reports failures says it, or the inbox does
                LOG.warn("{}: {}: {}", name(exchange), failure.document().path("dataflow").asText("?"), failure.summary());
            }
        } else {
            batch.halt("it could not be told what became of the one before");
        }
        if (batch.isTimeToSay(settings.duration("aep.progress").toNanos())) {
            LOG.info("{}: {} of {} done, {} failed", name(exchange), batch.finished(), batch.getParts().size(), batch.failures());
        }
    }

    /**
     * The document of the whole file becomes the body. Out, for the inbox: variables {@code aepReceipt} and {@code aepSummary} when
     * all is done; else {@link Failure}.
     */
    public void conclude(Exchange exchange, @Variable(BATCH) Batch batch, @Variable("aepFile") String file) {
        batch.close(JSON.createObjectNode().put("dataflow", (String) null).put("sandbox", settings.sandbox()).put("file", file));
        String all = document(batch, file, JSON.createObjectNode()).toPrettyString();
        String counts = batch.outcomes().entrySet().stream().map(each -> each.getValue() + " " + each.getKey()).collect(Collectors.joining(", "));
        String summary = "%d dataflows: %s.".formatted(batch.getParts().size(), counts);
        exchange.getMessage().setBody(all);
        if (batch.isAllDone()) {
            exchange.setVariable(Failure.RECEIPT, all);
            exchange.setVariable("aepSummary", summary);
        } else {
            new Failure(document(batch, file, JSON.createObjectNode()
                    .put("category", batch.category())
                    .put("message", "%d of %d dataflows failed".formatted(batch.failures(), batch.getParts().size()))
                    .put("advice", "What is wrong with each is told in dataflows. Mend it and drop the whole file again: what is done stays as it is.")),
                    summary + " " + batch.why(), batch.tryAgain()).setOn(exchange);
        }
    }

    private ObjectNode document(Batch batch, String file, ObjectNode words) {
        ObjectNode document = JSON.createObjectNode();
        if (file != null) {
            document.put("file", file);
        }
        document.put("sandbox", settings.sandbox()).put("definitions", batch.getParts().size()).setAll(words);
        ObjectNode outcomes = document.putObject("outcomes");
        batch.outcomes().forEach(outcomes::put);
        document.putArray("dataflows").addAll(batch.documents());
        return document;
    }

    private static String name(Exchange exchange) {
        return exchange.getVariable("aepFile", "the definitions", String.class);
    }
}
