package io.github.aepdataflows.bench;

import static org.awaitility.Awaitility.await;

import io.github.aepdataflows.platform.PlatformComponent;
import java.io.IOException;
import java.time.Duration;
import org.apache.camel.AsyncCallback;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.NamedNode;
import org.apache.camel.Processor;
import org.apache.camel.component.http.HttpClientConfigurer;
import org.apache.camel.component.http.HttpComponent;
import org.apache.camel.spi.InterceptStrategy;
import org.apache.camel.support.processor.DelegateAsyncProcessor;
import org.apache.hc.client5.http.classic.ExecChain;
import org.apache.hc.client5.http.impl.ChainElement;
import org.apache.hc.core5.http.ClassicHttpRequest;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.HttpException;

/**
 * What an application in this JVM hangs on: cut, it passes no node of its routes any more and sends no request, as if its process had been
 * killed; held, every thread of it stops at the next node until it is loosened, as if the process was paused. A request that is on its
 * way is carried out in both cases, and a dead application never learns of its answer.
 */
final class Lifeline implements InterceptStrategy {

    /** What happens to the application at a point. */
    enum End { KILLED, ASLEEP }

    private boolean patched;
    private boolean dead;
    private boolean asleep;
    private int onTheirWay;
    private String point = "";
    private End end = End.KILLED;

    /** @param at where it is killed or falls asleep, once: {@code before:} or {@code after:} and the id of a node */
    synchronized void arm(String at, End what) {
        point = at;
        end = what;
    }

    synchronized void disarm() {
        point = "";
    }

    synchronized void cut() {
        dead = true;
        notifyAll();
    }

    synchronized void loosen() {
        asleep = false;
        notifyAll();
    }

    synchronized boolean isDead() {
        return dead;
    }

    synchronized boolean isAsleep() {
        return asleep && !dead;
    }

    void awaitNothingOnItsWay() {
        await().atMost(Bench.PATIENCE).pollInterval(Duration.ofMillis(5)).until(this::isQuiet);
    }

    private synchronized boolean isQuiet() {
        return onTheirWay == 0;
    }

    @Override
    public Processor wrapProcessorInInterceptors(CamelContext context, NamedNode definition, Processor target, Processor next)
            throws Exception {
        guardRequests(context);
        String id = definition.getId();
        return new DelegateAsyncProcessor(target) {
            @Override
            public boolean process(Exchange exchange, AsyncCallback callback) {
                if (!passes("before:" + id, exchange)) {
                    callback.done(true);
                    return true;
                }
                return super.process(exchange, synchronous -> {
                    if (exchange.getException() == null) {
                        passes("after:" + id, exchange);
                    }
                    callback.done(synchronous);
                });
            }
        };
    }

    private synchronized boolean passes(String at, Exchange exchange) {
        if (at.equals(point)) {
            point = "";
            dead |= end == End.KILLED;
            asleep |= end == End.ASLEEP;
        }
        try {
            while (asleep && !dead) {
                wait();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (dead) {
            exchange.setException(new IllegalStateException("killed"));
        }
        return !dead;
    }

    /** Before the first route is built, and with it the first HTTP client. */
    private synchronized void guardRequests(CamelContext context) throws Exception {
        if (!patched) {
            patched = true;
            HttpComponent http = (HttpComponent) context.getComponent("aep-http", PlatformComponent.class).component();
            HttpClientConfigurer product = http.getHttpClientConfigurer();
            http.setHttpClientConfigurer(builder -> {
                product.configureHttpClient(builder);
                builder.addExecInterceptorBefore(ChainElement.MAIN_TRANSPORT.name(), "bench-lifeline", this::send);
            });
        }
    }

    private ClassicHttpResponse send(ClassicHttpRequest request, ExecChain.Scope scope, ExecChain chain) throws IOException, HttpException {
        synchronized (this) {
            if (dead) {
                throw new IOException("killed");
            }
            onTheirWay++;
        }
        try {
            return chain.proceed(request, scope);
        } finally {
            synchronized (this) {
                onTheirWay--;
            }
        }
    }
}
