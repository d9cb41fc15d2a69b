package io.github.aepdataflows.provision;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.aepdataflows.definition.DefinitionFile;
import io.github.aepdataflows.definition.DefinitionPart;
import io.github.aepdataflows.ledger.FileClaim;
import io.github.aepdataflows.ledger.Ledger;
import io.github.aepdataflows.ledger.LedgerException;
import io.github.aepdataflows.settings.Settings;
import java.io.IOException;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.camel.Exchange;
import org.apache.camel.Variable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What the route of a file with several definitions does beside provisioning each: whether to go on, and what has become of all. */
public final class Batches {

    private static final Logger LOG = LoggerFactory.getLogger("aep.provision");
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String BATCH = "aepBatch";
    private static final String FILE = "aepFile";

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
        return exchange.getMessage().getBody() instanceof DefinitionPart part ? List.of(part)
                : DefinitionFile.parts(Chain.content(exchange));
    }

    /** Whether the message body is a file with several definitions. */
    public boolean areSeveral(Exchange exchange) throws IOException {
        return parts(exchange).size() > 1;
    }

    /**
     * Out: variable {@code aepBatch}. Nothing of what was provisioned before on this exchange is left. Of a file, all is read
     * before the first is provisioned: from then on the ledger holds that the file can be read.
     */
    public void begin(Exchange exchange, @Variable(FILE) String file, @Variable("aepClaim") FileClaim claim) throws IOException {
        exchange.removeVariable(Provisioning.VARIABLE);
        Failure.clear(exchange);
        Batch batch = new Batch(parts(exchange), file, settings.sandbox());
        if (claim != null) {
            batch.getParts().forEach(chain::tryToRead);
        }
        exchange.setVariable(BATCH, batch);
    }

    /** As many as are worked on at the same time. */
    public List<Integer> lanes(@Variable(BATCH) Batch batch) {
        return IntStream.range(0, Math.min(settings.integer("aep.inbox.concurrency"), batch.getParts().size())).boxed().toList();
    }

    /** All are done. Those that may have depended on others, which were not, are tried once more. */
    public void putBack(@Variable(BATCH) Batch batch) {
        batch.putBack();
    }

    /**
     * The next definition; null when there is none, or it is not to be tried: during a stop, or when the file is not ours any more. Keeps
     * the claim on the file alive.
     */
    public Batch.Part next(Exchange exchange, @Variable(BATCH) Batch batch, @Variable("aepClaim") FileClaim claim) {
        return shouldContinue(exchange, batch, claim) ? batch.next().orElse(null) : null;
    }

    private boolean shouldContinue(Exchange exchange, Batch batch, FileClaim claim) {
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
    public void note(@Variable(BATCH) Batch batch, @Variable("aepPart") Batch.Part part, @Variable(FILE) String file,
                     @Variable(Failure.RECEIPT) String receipt, @Variable(Failure.NAME) Failure failure,
                     @Variable(Ending.VARIABLE) Ending ending) throws JsonProcessingException {
        if (receipt != null) {
            batch.done(part, JSON.readTree(receipt));
        } else if (failure != null) {
            boolean isFinal = batch.failed(part, failure);
            if (isFinal && file != null && !batch.isHalted()) {   // else the route that reports failures says it, or the inbox does
                LOG.warn("{}: {}", file, ending == null ? failure.summary() : ending.getWords());
            }
        } else {
            batch.halt("it could not be told what became of the one before");
        }
        String progress = batch.progress(settings.duration("aep.progress").toNanos());
        if (!progress.isEmpty()) {
            LOG.info("{}: {}", file == null ? "the definitions" : file, progress);
        }
    }

    /** Out: what has become of all, in {@link Batch#conclude}. */
    public void conclude(Exchange exchange, @Variable(BATCH) Batch batch) {
        batch.conclude(exchange);
    }
}
