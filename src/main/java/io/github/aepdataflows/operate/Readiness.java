package io.github.aepdataflows.operate;

import io.github.aepdataflows.definition.VisibleText;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.apache.camel.CamelContext;
import org.apache.camel.health.HealthCheck;
import org.apache.camel.health.HealthCheckHelper;

/** Whether work can be done, by all health checks of the Camel context; they are asked at most once a second. */
final class Readiness {

    /**
     * One check.
     *
     * @param reason empty while it is up; a host's check may say anything, and is not quoted
     */
    record Finding(String check, Optional<String> reason) {

        boolean isUp() {
            return reason.isEmpty();
        }
    }

    private static final long FRESH_NANOS = Duration.ofSeconds(1).toNanos();

    private final CamelContext context;
    private List<Finding> findings = List.of();
    private long askedAt;

    Readiness(CamelContext context) {
        this.context = context;
    }

    /** Why the application does not run; empty when it does. */
    Optional<String> stopped() {
        return context.isStarted() ? Optional.empty() : Optional.of("the application is not started");
    }

    /** All checks, those that are down first. */
    synchronized List<Finding> findings() {
        if (askedAt == 0 || System.nanoTime() - askedAt > FRESH_NANOS) {
            findings = stopped().map(reason -> List.of(new Finding("context", Optional.of(reason)))).orElseGet(this::ask);
            askedAt = System.nanoTime();
        }
        return findings;
    }

    /** Those that are down. */
    List<Finding> troubles() {
        return findings().stream().filter(finding -> !finding.isUp()).toList();
    }

    private List<Finding> ask() {
        return HealthCheckHelper.invoke(context, "full").stream()   // else what is up is left out, that of each route, too
                .filter(result -> isOurs(result) || result.getState() == HealthCheck.State.DOWN)
                .map(result -> new Finding(result.getCheck().getId(), reason(result)))
                .sorted(Comparator.comparing(Finding::isUp).thenComparing(Finding::check)).toList();
    }

    private static boolean isOurs(HealthCheck.Result result) {
        return "aep".equals(result.getCheck().getGroup());
    }

    private static Optional<String> reason(HealthCheck.Result result) {
        if (result.getState() != HealthCheck.State.DOWN) {
            return Optional.empty();
        }
        String ours = isOurs(result) ? result.getMessage().orElse("") : "";
        return Optional.of(ours.isEmpty() ? "is down" : VisibleText.of(ours));
    }
}
