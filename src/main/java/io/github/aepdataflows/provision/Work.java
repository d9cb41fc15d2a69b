package io.github.aepdataflows.provision;

import org.apache.camel.Exchange;

/**
 * What is done about a file of the inbox just now, for whoever watches that it gets on. Lives in the exchange variable {@code aepWork},
 * which all definitions of the file share.
 */
public final class Work {

    public static final String VARIABLE = "aepWork";

    private final String file;
    private volatile String step = "";
    private volatile long since = System.nanoTime();

    public Work(String file) {
        this.file = file;
    }

    /** One that nobody watches, where there is no file. */
    static Work of(Exchange exchange) {
        Work work = exchange.getVariable(VARIABLE, Work.class);
        return work == null ? new Work("") : work;
    }

    /** It has got to this step, as in {@code target-dataset}. */
    public void at(String what) {
        step = what;
        since = System.nanoTime();
    }

    /** It is at the same step, and gets on. */
    void stillAlive() {
        since = System.nanoTime();
    }

    public String file() {
        return file;
    }

    public String step() {
        return step;
    }

    /** How long it has not got on, in nanoseconds. */
    public long idle() {
        return System.nanoTime() - since;
    }
}
