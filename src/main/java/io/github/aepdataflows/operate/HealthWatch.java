package io.github.aepdataflows.operate;

import io.github.aepdataflows.alert.Alerts;
import io.github.aepdataflows.definition.VisibleText;
import io.github.aepdataflows.ledger.Ledger;
import io.github.aepdataflows.ledger.LedgerException;
import io.github.aepdataflows.ledger.Observation;
import io.github.aepdataflows.settings.Settings;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongSupplier;
import org.apache.camel.CamelContext;
import org.apache.camel.health.HealthCheck;
import org.apache.camel.health.HealthCheckRegistry;
import org.apache.camel.util.InetAddressUtil;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Watches our readiness checks. What is down for {@code aep.alerts.health.after} is noted in the ledger, and that it is up again: each is
 * an event, of which somebody is told as of what an audit finds. What is wrong with the ledger itself is kept by the alerts.
 */
public final class HealthWatch {

    private static final Logger LOG = LoggerFactory.getLogger("aep.alerts");
    private static final String LEDGER = "aep-ledger";
    private static final String UP = "up";

    private final CamelContext context;
    private final Ledger ledger;
    private final Alerts alerts;
    private final String prefix;
    private final long patience;
    private final LongSupplier nanos;
    private final Map<String, Long> downSince = new HashMap<>();
    private final Map<String, String> noted = new HashMap<>();
    private int arrivals;

    public HealthWatch(Settings settings, Ledger ledger, Alerts alerts) {
        this(settings, ledger, alerts, System::nanoTime);
    }

    HealthWatch(Settings settings, Ledger ledger, Alerts alerts, LongSupplier nanos) {
        this.context = settings.getCamelContext();
        this.ledger = ledger;
        this.alerts = alerts;
        this.nanos = nanos;
        this.patience = settings.duration("aep.alerts.health.after").toNanos();
        // each instance has checks of its own
        this.prefix = settings.isLedgerShared() ? Observation.checksOf(InetAddressUtil.getLocalHostNameSafe()) : Observation.CHECK;
    }

    /** Asks each check, and notes what is otherwise than before. None of them asks the Platform anything. */
    public synchronized void look() {
        if (ledger.arrivals() != arrivals) {
            arrivals = ledger.arrivals();
            noted.clear();
        }
        List<Observation> changed = new ArrayList<>();
        for (HealthCheck check : ours()) {
            HealthCheck.Result result = check.call();
            boolean isDown = result.getState() == HealthCheck.State.DOWN;
            if (!isDown) {
                downSince.remove(check.getId());
            }
            long now = nanos.getAsLong();
            boolean isCertain = !isDown || now - downSince.computeIfAbsent(check.getId(), id -> now) >= patience;
            String reason = VisibleText.of(result.getMessage().orElse("is down"));
            if (isCertain && check.getId().equals(LEDGER)) {
                alerts.ledgerIs(isDown ? Optional.of(reason) : Optional.empty());
            } else if (isCertain) {
                String state = isDown ? String.valueOf(result.getDetails().getOrDefault(Check.STATE, "down")) : UP;
                if (!state.equals(noted.get(check.getId()))) {
                    changed.add(new Observation(prefix + check.getId(), state, isDown, "", "", isDown ? reason : "it is well again"));
                }
            }
        }
        note(changed);
    }

    private void note(List<Observation> changed) {
        if (changed.isEmpty() || !ledger.isOpen()) {
            return;
        }
        try {
            ledger.observe(changed, Set.of());
            changed.forEach(one -> noted.put(one.subject().substring(prefix.length()), one.state()));
        } catch (LedgerException e) {
            LOG.debug("what has changed of the health is noted later: {}", e.getMessage());   // the check of the ledger says it
        }
    }

    private List<HealthCheck> ours() {
        HealthCheckRegistry registry = HealthCheckRegistry.get(context);
        return registry == null ? List.of() : registry.stream().filter(check -> "aep".equals(check.getGroup())).toList();
    }
}
