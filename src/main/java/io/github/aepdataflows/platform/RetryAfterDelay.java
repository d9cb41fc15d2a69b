package io.github.aepdataflows.platform;

import org.apache.camel.Exchange;
import org.apache.camel.Processor;

/** Tells the error handler to wait as long as the Platform asked for, in place of the policy's own delay. */
public final class RetryAfterDelay implements Processor {

    @Override
    public void process(Exchange exchange) {
        PlatformException failure = exchange.getProperty(Exchange.EXCEPTION_CAUGHT, PlatformException.class);
        if (failure != null) {
            failure.retryAfter().ifPresent(wait ->
                    exchange.getMessage().setHeader(Exchange.REDELIVERY_DELAY, wait.toMillis()));
        }
    }
}
