package io.github.aepdataflows.provision;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.aepdataflows.ledger.Ledger;
import io.github.aepdataflows.ledger.LedgerException;
import io.github.aepdataflows.ledger.RecordedStep;
import io.github.aepdataflows.ledger.Retention;
import io.github.aepdataflows.ledger.UnusableLedgerException;
import io.github.aepdataflows.settings.Settings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.apache.camel.CamelContext;
import org.apache.camel.StartupListener;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * Opens the ledger that the settings name. One that must not be used keeps the application from starting. One that cannot be
 * reached just now is tried again in the background; until then nothing is taken and nothing is sent.
 */
public final class OpenLedger {

    private static final Logger LOG = LoggerFactory.getLogger("aep.ledger");
    private static final Duration PAUSE = Duration.ofSeconds(2);
    private static final Duration SILENCE = Duration.ofMinutes(1);

    private OpenLedger() {
    }

    /**
     * A ledger that is opened as soon as the context starts, or at once where it runs already.
     *
     * @param readOnly the program only reads it: whoever works with the ledger at the time is not to notice
     * @param anew     whether it may be made also where one was lost
     */
    public static Ledger of(Settings settings, boolean readOnly, boolean anew) throws Exception {
        Ledger ledger = closed(settings, readOnly);
        Path done = Path.of(settings.dataDir(), "done");
        boolean fillsDone = settings.text("aep.inbox.enabled").equals("true");   // a command has its ledger, and no receipts
        settings.getCamelContext().addStartupListener(new Opener(ledger, readOnly, remains -> readOnly
                ? isTold(remains || hasReceipt(done, settings.sandbox()))
                : anew || !remains && !(fillsDone && hasReceipt(done, settings.sandbox()))));
        return ledger;
    }

    /** The ledger that the settings name, which nobody opens. */
    public static Ledger closed(Settings settings, boolean readOnly) {
        Path file = Path.of(settings.dataDir(), "ledger", "ledger.db").toAbsolutePath();
        String named = settings.text("aep.ledger.url");
        String url = named.isEmpty() ? "jdbc:sqlite:" + file : named;
        String user = settings.text("aep.ledger.user");
        String password = settings.text("aep.ledger.password");
        Ledger ledger = readOnly ? Ledger.readOnly(url, user, password, settings.orgId(), settings.sandbox())
                : new Ledger(url, user, password, settings.orgId(), settings.sandbox(), lease(settings));
        ledger.keeps(new Retention(settings.duration("aep.history.keep"), settings.integer("aep.history.max")));
        return ledger;
    }

    /** What is only read may be missing, but not in silence. */
    private static boolean isTold(boolean lost) {
        if (lost) {
            LOG.warn("the ledger is missing, but there was one: what it knew is not shown. Either restore a backup of its folder, or call "
                    + "aep-dataflows rebuild");
        }
        return true;
    }

    private static Duration lease(Settings settings) {
        // a lease outlives any call, so that whoever takes over finds no call of the one before still on its way for long
        // and any pause between two looks
        Duration pause = Collections.max(List.of(settings.duration("aep.settle-window").dividedBy(4),
                settings.duration("aep.redelivery.max-delay")));
        return settings.duration("aep.call-timeout").multipliedBy(2).plus(pause).plusSeconds(1);
    }

    /** Camel Main makes the beans of a YAML file twice before it starts: only those that it keeps may be opened. */
    private record Opener(Ledger ledger, boolean readOnly, Predicate<Boolean> mayBegin) implements StartupListener {

        @Override
        public void onCamelContextStarting(CamelContext context, boolean alreadyStarted) throws Exception {
            openIfKept(context);
        }

        @Override
        public void onCamelContextStarted(CamelContext context, boolean alreadyStarted) throws Exception {
            if (alreadyStarted) {
                openIfKept(context);
            }
        }

        private void openIfKept(CamelContext context) throws LedgerException {
            Set<Ledger> kept = context.getRegistry().findByType(Ledger.class);
            if (!ledger.isOpen() && (kept.isEmpty() || kept.contains(ledger))) {   // none: it is being made just now
                if (readOnly) {
                    ledger.open(mayBegin);   // nobody waits for an answer that comes some time
                } else if (!OpenLedger.open(ledger, mayBegin, Level.ERROR)) {
                    Thread opener = new Thread(() -> openSomeTime(ledger, mayBegin, context), "aep-ledger-opener");
                    opener.setDaemon(true);
                    opener.start();
                }
            }
        }
    }

    /** Whether something was done in this sandbox, so that a ledger has to know of it. */
    private static boolean hasReceipt(Path done, String sandbox) {
        try (Stream<Path> files = Files.list(done)) {
            return files.filter(file -> file.toString().endsWith(".receipt.json")).anyMatch(file -> sandbox.equals(sandboxOf(file)));
        } catch (IOException e) {
            return false;   // there is no such folder
        }
    }

    private static String sandboxOf(Path receipt) {
        try {
            return new ObjectMapper().readTree(receipt.toFile()).path("sandbox").asText();
        } catch (IOException e) {
            return "";
        }
    }

    private static boolean open(Ledger ledger, Predicate<Boolean> mayBegin, Level told) throws UnusableLedgerException {
        try {
            ledger.open(mayBegin);
            for (RecordedStep step : ledger.unresolved()) {
                LOG.warn("the {} {} may or may not have been made: it is looked for when the definition is provisioned again",
                        step.key().step(), step.key().shared() ? step.name() : "of dataflow " + step.key().dataflow());
            }
            return true;
        } catch (UnusableLedgerException e) {
            throw e;
        } catch (LedgerException e) {
            LOG.atLevel(told).log("the ledger cannot be opened now, nothing is worked on until it can: {}", e.getMessage());
            return false;
        }
    }

    private static boolean isWanted(Ledger ledger, CamelContext context) {
        return !context.isStopping() && !context.isStopped() && context.getRegistry().findByType(Ledger.class).contains(ledger);
    }

    private static void openSomeTime(Ledger ledger, Predicate<Boolean> mayBegin, CamelContext context) {
        try {
            long toldAt = System.nanoTime();
            boolean isOpen = false;
            while (!isOpen && isWanted(ledger, context)) {
                Thread.sleep(PAUSE.toMillis());
                boolean isSilent = System.nanoTime() - toldAt < SILENCE.toNanos();
                isOpen = open(ledger, mayBegin, isSilent ? Level.DEBUG : Level.ERROR);
                toldAt = isSilent ? toldAt : System.nanoTime();
            }
            if (!isWanted(ledger, context)) {
                ledger.close();   // the stop, which has closed it, came before it was open
            } else if (isOpen) {
                LOG.info("the ledger is open now");
            }
        } catch (UnusableLedgerException e) {
            LOG.error("the ledger cannot be used, nothing is worked on: {}", e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
