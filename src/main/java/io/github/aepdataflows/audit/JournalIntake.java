package io.github.aepdataflows.audit;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.aepdataflows.ledger.Ledger;
import io.github.aepdataflows.ledger.LedgerException;
import io.github.aepdataflows.platform.Journal;
import io.github.aepdataflows.platform.Outcome;
import io.github.aepdataflows.platform.PlatformClient;
import io.github.aepdataflows.platform.PlatformException;
import io.github.aepdataflows.settings.Settings;
import java.io.IOException;
import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.function.LongSupplier;
import java.util.regex.Pattern;
import org.apache.camel.Body;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangeException;
import org.apache.camel.ExchangeProperty;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads events of flow runs from the journal: whose runs have ended is looked at at once. An event is taken for a hint and nothing more;
 * what it says of a run is not believed. How far the journal was read is in the ledger once those flows were looked at, so that an event
 * may be read twice, but none is lost.
 */
public final class JournalIntake {

    private static final Logger LOG = LoggerFactory.getLogger("aep.audit");
    /** In one turn. */
    private static final int MOST_PAGES = 20;
    private static final Pattern ID = Pattern.compile("[A-Za-z0-9-]{1,64}");

    private final Journal journal;
    private final Ledger ledger;
    private final String url;
    private final String sandbox;
    private final LongSupplier nanos;
    private long notBefore;
    private String read = "";
    private boolean failing;

    public JournalIntake(Settings settings, PlatformClient platform, Ledger ledger) {
        this(settings, platform.journal(), ledger, System::nanoTime);
    }

    JournalIntake(Settings settings, Journal journal, Ledger ledger, LongSupplier nanos) {
        this.journal = journal;
        this.ledger = ledger;
        this.url = settings.text("aep.journal.url");
        this.sandbox = settings.sandbox();
        this.nanos = nanos;
        this.notBefore = nanos.getAsLong();
    }

    /** Whether it is time to read on: the journal may want to be left alone, and the ledger has to be open. */
    public boolean isDue() {
        return ledger.isOpen() && nanos.getAsLong() - notBefore >= 0;
    }

    /** Reads on. Ids of the flows of this sandbox of whose runs the journal tells, each once. */
    public Collection<String> flows() throws IOException, LedgerException {
        Set<String> flows = new LinkedHashSet<>();
        String begin = ledger.position(url).orElse("");
        String position = begin;
        try {
            boolean more = true;
            for (int pages = 0; more && pages < MOST_PAGES; pages++) {
                Journal.Page page = journal.read(position);
                page.events().forEach(event -> collect(event, flows));
                more = !page.events().isEmpty() && !page.position().equals(position);
                position = page.position();
                page.pause().ifPresent(this::pause);
            }
        } catch (Journal.LostPositionException e) {
            LOG.warn("events of runs may have been missed, the next audit sees what they were about: {}", e.getMessage());
            position = "";
        } catch (IOException e) {
            if (e instanceof Journal.BusyException busy) {
                pause(busy.pause());
            }
            if (position.equals(begin)) {
                throw e;
            }   // else what was read until then is not read again
        }
        read = position;
        return flows;
    }

    private void pause(Duration wait) {
        notBefore = nanos.getAsLong() + wait.toNanos();
    }

    /** A run is an object with the id of its flow and metrics, wherever in the event it is. */
    private void collect(JsonNode node, Set<String> flows) {
        if (node.path("flowId").isTextual() && node.has("metrics")) {
            String flow = node.path("flowId").asText();
            if (ID.matcher(flow).matches() && node.path("sandboxName").asText(sandbox).equals(sandbox)) {
                flows.add(flow);
            }
            return;
        }
        node.forEach(child -> collect(child, flows));
    }

    /**
     * The Platform refuses a look at a flow for good: that of the others, and what the journal tells after it, does not wait for it.
     *
     * @throws PlatformException the refusal itself, when it says anything else
     */
    public void refused(@Body String flow, @ExchangeException PlatformException why) throws PlatformException {
        if (why.getOutcome() != Outcome.REJECTED) {
            throw why;
        }
        LOG.warn("flow {}, of which the journal tells, cannot be looked at: {}", flow, why.getMessage());
    }

    /** The flows were looked at: they are not, because of the same events, once more. */
    public void keep() throws LedgerException {
        if (!read.equals(ledger.position(url).orElse(""))) {
            ledger.reached(url, read);
        }
        if (failing) {
            LOG.info("the journal of events is read again");
            failing = false;
        }
    }

    /** It could not be read, or what it told of not be looked at: said once, until it can. */
    public void failed(@ExchangeProperty(Exchange.EXCEPTION_CAUGHT) Exception why) {
        if (!failing) {
            LOG.warn("the journal of events is read later: {}", why.getMessage());
            failing = true;
        }
    }
}
