package io.github.aepdataflows.platform;

import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Runs after each failed attempt of a call, before the error handler decides whether there is another. */
public final class Redelivery implements Processor {

    private static final Logger LOG = LoggerFactory.getLogger("aep.provision");
    private static final String REFUSED = "aepRefusedCall";
    private static final String TWICE = "aepRefusedTwice";

    @Override
    public void process(Exchange exchange) {
        PlatformException failure = exchange.getProperty(Exchange.EXCEPTION_CAUGHT, PlatformException.class);
        // as long as the Platform asked for, in place of the policy's own delay
        failure.retryAfter().ifPresent(wait -> exchange.getMessage().setHeader(Exchange.REDELIVERY_DELAY, wait.toMillis()));
        if (failure.getOutcome() == Outcome.UNAUTHORIZED) {
            Object call = exchange.getProperty(Exchange.TO_ENDPOINT);
            exchange.setProperty(TWICE, call != null && call.equals(exchange.getProperty(REFUSED)));
            exchange.setProperty(REFUSED, call);
        }
        String file = exchange.getVariable("aepFile", String.class);
        int attempt = exchange.getMessage().getHeader(Exchange.REDELIVERY_COUNTER, 1, Integer.class);
        LOG.info("{}attempt {}: {}", file == null ? "" : file + ": ", attempt, failure.getMessage());
    }

    /** Whether the call whose token was refused just now may be repeated: once, with a new token. */
    public boolean isFirstRefusal(Exchange exchange) {
        return !exchange.getProperty(TWICE, false, Boolean.class);
    }
}
