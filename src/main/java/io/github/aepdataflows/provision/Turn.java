package io.github.aepdataflows.provision;

import io.github.aepdataflows.settings.Settings;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.apache.camel.CamelContext;

/** One at a time. Nobody waits for ever: a stop of the context ends the waiting. */
public final class Turn {

    private final Semaphore free = new Semaphore(1);
    private final CamelContext context;

    public Turn(Settings settings) {
        this.context = settings.getCamelContext();
    }

    /** @throws RejectedExecutionException when the context is stopped before it is our turn */
    public void take() throws InterruptedException {
        while (!free.tryAcquire(1, TimeUnit.SECONDS)) {
            if (context.isStopped() || context.isStopping() && context.getShutdownStrategy().isForceShutdown()) {
                throw new RejectedExecutionException("stopped while waiting for another definition's dataset base connection");
            }
        }
    }

    public void give() {
        free.release();
    }
}
