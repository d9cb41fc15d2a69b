package io.github.aepdataflows.platform;

import org.apache.camel.Exchange;
import org.apache.camel.Processor;

/** Remembers which call had its token refused, so that it is repeated once with a new token and not for ever. */
public final class Refusals implements Processor {

    private static final String REFUSED = "aepRefusedCall";
    private static final String TWICE = "aepRefusedTwice";

    /** Runs whenever the gateway has refused a token. */
    @Override
    public void process(Exchange exchange) {
        Object call = exchange.getProperty(Exchange.TO_ENDPOINT);
        exchange.setProperty(TWICE, call != null && call.equals(exchange.getProperty(REFUSED)));
        exchange.setProperty(REFUSED, call);
    }

    /** Whether the call that failed just now may be repeated. */
    public boolean isFirst(Exchange exchange) {
        return !exchange.getProperty(TWICE, false, Boolean.class);
    }
}
