package io.github.aepdataflows.alert;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.aepdataflows.ledger.Event;
import io.github.aepdataflows.ledger.Ledger;
import io.github.aepdataflows.ledger.LedgerException;
import io.github.aepdataflows.ledger.Observation;
import io.github.aepdataflows.settings.Settings;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.LongSupplier;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells of alerts. Each is an event of the ledger that names who is still to be told; the name goes when that was done. So an alert is
 * never lost, and told again, with the same id, where nobody knows whether it was told. Only one that somebody does not take who takes
 * others is given up.
 */
public final class Alerts {

    private static final Logger LOG = LoggerFactory.getLogger("aep.alerts");
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int AT_A_TIME = 100;
    private static final Duration FIRST_PAUSE = Duration.ofSeconds(10);
    private static final Duration LONGEST_PAUSE = Duration.ofMinutes(5);
    private static final int MOST_FAILURES = 2;

    private final Ledger ledger;
    private final String sandbox;
    private final List<Line> lines;
    private final LongSupplier nanos;
    private final LedgerAlert ofLedger;
    private final boolean isEnabled;
    private boolean othersForgotten;

    /**
     * What could not be told of a subject.
     *
     * @param times   how often, each time after others could be told since the time before
     * @param told    how many alerts were told until then
     * @param attempt goes up with each
     */
    private record Failure(int times, long told, long attempt) {
    }

    /** To one who is told, and since when nobody could be. */
    private final class Line {

        private final Sink sink;
        private final Map<String, Failure> failures = new HashMap<>();
        private Duration pause = Duration.ZERO;
        private long until = nanos.getAsLong();
        private long told;
        private long attempt;

        private Line(Sink sink) {
            this.sink = sink;
        }

        private boolean isOpen() {
            return until - nanos.getAsLong() <= 0;
        }

        /** The oldest first, but what failed last comes last, with all else that there is to tell of its subject. */
        private List<Event> untold() throws LedgerException {
            List<Event> alerts = ledger.untold(sink.name(), AT_A_TIME + failures.size());
            failures.keySet().retainAll(alerts.stream().map(Alerts::subject).toList());
            return alerts.stream().sorted(Comparator.comparingLong(alert -> attempt(subject(alert)))).toList();
        }

        private long attempt(String subject) {
            return failures.containsKey(subject) ? failures.get(subject).attempt : 0;
        }

        /** Whether it is this one alert that cannot be told. */
        private boolean failed(String subject, boolean refused) {
            Failure last = failures.getOrDefault(subject, new Failure(0, told, 0));
            Failure next = new Failure(told > last.told ? last.times + 1 : last.times, told, ++attempt);
            failures.put(subject, next);
            return next.times >= (refused ? 1 : MOST_FAILURES);
        }

        private void rest() {
            Duration twice = pause.multipliedBy(2);
            pause = twice.isZero() ? FIRST_PAUSE : twice.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : twice;
            until = nanos.getAsLong() + pause.toNanos();
        }
    }

    /** @throws IOException when the template cannot be read */
    public Alerts(Settings settings, Ledger ledger) throws IOException {
        this(ledger, settings.sandbox(), Stream.of(Webhook.of(settings), AlertCommand.of(settings), Mail.of(settings))
                .flatMap(Optional::stream).toList(), System::nanoTime, Path.of(settings.dataDir(), "ledger-alerts.json"),
                settings.text("aep.alerts.enabled").equals("true"));
    }

    /** @param file for what the ledger cannot keep */
    Alerts(Ledger ledger, String sandbox, List<Sink> sinks, LongSupplier nanos, Path file, boolean isEnabled) {
        this.ofLedger = new LedgerAlert(file);
        this.isEnabled = isEnabled;
        this.ledger = ledger;
        this.sandbox = sandbox;
        this.nanos = nanos;
        this.lines = sinks.stream().map(Line::new).toList();
        ledger.tells(lines.stream().map(line -> line.sink.name()).toList());
    }

    /** Tells of what is not told yet, the oldest first; who cannot be told now is left alone for a while. */
    public synchronized void tell() throws LedgerException {
        for (Line line : lines) {
            tell(line, ofLedger.untold(line.sink.name()));
        }
        if (lines.isEmpty() || !ledger.isOpen()) {
            return;
        }
        if (!othersForgotten) {
            ledger.forgetOtherSinks();
            othersForgotten = true;
        }
        for (Line line : lines) {
            tell(line, line.isOpen() ? line.untold() : List.of());
        }
    }

    private void tell(Line line, List<Event> alerts) throws LedgerException {
        for (Event alert : alerts) {
            if (line.isOpen()) {
                tell(line, alert);
            }
        }
    }

    /**
     * What the ledger cannot note of itself; it is told as any alert.
     *
     * @param trouble why it cannot be used; empty while it can
     */
    public synchronized void ledgerIs(Optional<String> trouble) {
        if (lines.isEmpty() || !isEnabled) {
            return;
        }
        ofLedger.observe(trouble, lines.stream().map(line -> line.sink.name()).toList()).ifPresent(over -> {
            try {
                ledger.record(Event.of(Event.HEALTH, "", Event.RECOVERED).with(over.detail()));
            } catch (LedgerException e) {
                LOG.debug("that the ledger could not be used is not noted in it: {}", e.getMessage());
            }
        });
    }

    private void told(Line line, Event alert) throws LedgerException {
        if (ofLedger.has(alert)) {
            ofLedger.told(alert, line.sink.name());
        } else {
            ledger.told(alert, line.sink.name());
        }
    }

    private void tell(Line line, Event alert) throws LedgerException {
        try {
            line.sink.tell(alert.id(), values(alert, sandbox));
        } catch (IOException e) {
            String why = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
            if (!line.failed(subject(alert), e instanceof Sink.RefusedException)) {
                LOG.warn("the {} could not be told of alert {}, and is told again later: {}", line.sink.name(), alert.id(), why);
                line.rest();
                return;
            }
            LOG.error("the {} takes other alerts, but not alert {}, and is not told any more of it: {}", line.sink.name(),
                    alert.id(), why);
            line.failures.remove(subject(alert));
            told(line, alert);
            return;
        }
        line.told++;
        line.pause = Duration.ZERO;
        line.failures.remove(subject(alert));
        told(line, alert);
    }

    private static String subject(Event alert) {
        return detail(alert).path("subject").asText();
    }

    /** What an alert says, by the names that templates have for it. */
    static Map<String, String> values(Event alert, String sandbox) {
        Map<String, String> values = new TreeMap<>(Map.of("id", String.valueOf(alert.id()), "at", alert.at().toString(),
                "sandbox", sandbox, "outcome", alert.outcome(), "dataflow", alert.dataflow(), "flow", alert.flowId(),
                "action", alert.outcome().equals(Event.RECOVERED) ? "resolve" : "trigger"));
        JsonNode detail = detail(alert);
        Stream.of("subject", "state", "before", "reason").forEach(name -> values.put(name, detail.path(name).asText()));
        String subject = values.get("subject");
        String who = subject.startsWith(Observation.CHECK) ? "aep-dataflows, " + subject.substring(Observation.CHECK.length())
                : alert.dataflow().isEmpty() ? subject : "dataflow " + alert.dataflow();
        values.put("text", "%s: %s (sandbox %s): %s".formatted(alert.outcome(), who, sandbox, values.get("reason")));
        return values;
    }

    private static JsonNode detail(Event alert) {
        try {
            return JSON.readTree(alert.detail().isEmpty() ? "{}" : alert.detail());
        } catch (IOException e) {
            throw new IllegalStateException("events hold JSON", e);
        }
    }
}
