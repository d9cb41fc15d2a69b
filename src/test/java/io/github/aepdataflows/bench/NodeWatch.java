package io.github.aepdataflows.bench;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.apache.camel.AsyncCallback;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.NamedNode;
import org.apache.camel.Processor;
import org.apache.camel.spi.InterceptStrategy;
import org.apache.camel.support.processor.DelegateAsyncProcessor;

/**
 * Does something right before, or right after, the nth time that a node of the routes is passed. Camel finds it when it is
 * bound in the registry; the routes know nothing of it. What an action throws is the node's failure.
 */
final class NodeWatch implements InterceptStrategy {

    private final String node;
    private final boolean after;
    private final int nth;
    private final Consumer<Exchange> action;
    private final AtomicInteger passed = new AtomicInteger();
    private volatile boolean found;

    /** @param nth 1 for the first time; 0 for every time */
    private NodeWatch(String node, boolean after, int nth, Consumer<Exchange> action) {
        this.node = node;
        this.after = after;
        this.nth = nth;
        this.action = action;
    }

    static NodeWatch before(String node, int nth, Consumer<Exchange> action) {
        return new NodeWatch(node, false, nth, action);
    }

    /** Only when the node has not failed. */
    static NodeWatch after(String node, int nth, Consumer<Exchange> action) {
        return new NodeWatch(node, true, nth, action);
    }

    /** Whether the routes have that node. */
    boolean found() {
        return found;
    }

    @Override
    public Processor wrapProcessorInInterceptors(CamelContext context, NamedNode definition, Processor target, Processor next) {
        if (!node.equals(definition.getId())) {
            return target;
        }
        found = true;
        return new DelegateAsyncProcessor(target) {
            @Override
            public boolean process(Exchange exchange, AsyncCallback callback) {
                if (!after && !acted(exchange)) {
                    callback.done(true);
                    return true;
                }
                return super.process(exchange, synchronous -> {
                    if (after && exchange.getException() == null) {
                        acted(exchange);
                    }
                    callback.done(synchronous);
                });
            }
        };
    }

    private boolean acted(Exchange exchange) {
        int time = passed.incrementAndGet();
        if (nth != 0 && time != nth) {
            return true;
        }
        try {
            action.accept(exchange);
            return true;
        } catch (RuntimeException e) {
            exchange.setException(e);
            return false;
        }
    }
}
