package io.github.aepdataflows.publish;

import io.github.aepdataflows.ledger.Ledger;
import io.github.aepdataflows.ledger.LedgerException;
import io.github.aepdataflows.ledger.Publication;
import io.github.aepdataflows.ledger.Turn;
import java.util.ArrayList;
import java.util.List;
import org.apache.camel.Body;
import org.apache.camel.CamelExchangeException;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangeException;
import org.apache.camel.ExchangeProperty;
import org.apache.camel.Variable;
import org.apache.commons.lang3.exception.ExceptionUtils;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hands out what is to be published, the oldest first, and takes out of the ledger what was. A document is there until then, so that it may
 * be published twice, but none is lost.
 */
public final class Publisher {

    private static final Logger LOG = LoggerFactory.getLogger("aep.publish");
    private static final String WORK = "publish";
    private static final int AT_A_TIME = 100;
    /** Of Kafka's client, which is not on the class path of whoever does without. */
    private static final String TOO_LARGE = "RecordTooLargeException";

    private final Ledger ledger;
    private final List<Long> published = new ArrayList<>();
    private Turn turn;
    private boolean failing;
    private long told;

    public Publisher(Ledger ledger) {
        this.ledger = ledger;
    }

    /** Ids of what is to be published now; nothing where another instance that shares the ledger is at it. */
    public List<Long> begin() throws LedgerException {
        if (!ledger.isOpen()) {
            return List.of();
        }
        takeOut();   // what could not be taken out when it was published
        if (ledger.unpublished(1).isEmpty()) {
            return List.of();
        }
        Turn asked = ledger.turn(WORK, last -> last);
        turn = asked.taken() ? asked : null;
        return turn == null ? List.of() : ledger.unpublished(AT_A_TIME);
    }

    /** Null when it was published meanwhile, or another instance is at it by now: this one was silent for too long. */
    public Publication read(@Body long id) throws LedgerException {
        return ledger.publication(id, turn).orElse(null);
    }

    /**
     * The document in a form that the broker takes, where it has refused the whole because of its size: it would do so for ever, and for
     * as long nothing else would be published.
     *
     * @throws Exception why it has refused it, where that is anything else
     */
    public String shortForm(@Variable("aepPublication") Publication publication, @ExchangeException Exception why) throws Exception {
        if (ExceptionUtils.getThrowableList(why).stream().noneMatch(cause -> cause.getClass().getSimpleName().equals(TOO_LARGE))) {
            throw why;
        }
        ShortForm form = ShortForm.of(publication);
        if (publication.id() != told) {
            told = publication.id();
            LOG.warn("the {} of {} is published in short, the broker does not take the whole ({}): {}", publication.subject(),
                    publication.name(), form.words(), why.getMessage());
        }
        return form.document().toString();
    }

    /** Whoever receives documents has this one. */
    public void published(@Variable("aepPublication") Publication publication) {
        published.add(publication.id());
        if (failing) {
            LOG.info("outcomes are published again");
            failing = false;
        }
    }

    /** It was not published: said once, until something is. */
    public void failed(@ExchangeProperty(Exchange.EXCEPTION_CAUGHT) Exception why) {
        if (!failing) {
            LOG.warn("outcomes are published later: {}", (why instanceof CamelExchangeException ? why.getCause() : why).getMessage());
            failing = true;
        }
    }

    /** What was published is published for good. */
    public void end() throws LedgerException {
        try {
            takeOut();
        } finally {
            if (turn != null) {
                Turn ours = turn;
                turn = null;
                ledger.end(ours);
            }
        }
    }

    private void takeOut() throws LedgerException {
        if (!published.isEmpty()) {
            ledger.published(published);
            published.clear();
        }
    }
}
