package io.github.aepdataflows.operate;

import io.github.aepdataflows.files.FolderView;
import io.github.aepdataflows.files.Reports;
import io.github.aepdataflows.ledger.Ledger;
import io.github.aepdataflows.platform.PlatformClient;
import io.github.aepdataflows.settings.Settings;
import java.text.ParseException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Date;
import java.util.Map;
import java.util.Optional;
import java.util.TimeZone;
import org.apache.camel.health.HealthCheckResultBuilder;
import org.apache.camel.impl.health.AbstractHealthCheck;
import org.quartz.CronExpression;

/** A readiness check of Camel's: down, with the reason, while there is one. None of them asks the Platform anything. */
public final class Check extends AbstractHealthCheck {

    private static final long FEWEST_FREE_BYTES = 100L << 20;

    /** Empty while all is well. */
    private interface Reason {
        Optional<String> now() throws Exception;
    }

    private final Reason reason;

    private Check(String id, Reason reason) {
        super("aep", id);
        this.reason = reason;
    }

    /** {@code aep-ledger}: nothing can be recorded. */
    public static Check ledger(Ledger ledger) {
        return new Check("aep-ledger", ledger::trouble);
    }

    /** {@code aep-platform}: the last calls had no usable answer, or our credentials were refused. */
    public static Check platform(PlatformClient platform) {
        return new Check("aep-platform", platform::trouble);
    }

    /** {@code aep-disk}: hardly any room is left where the folders are. */
    public static Check disk(FolderView folders) {
        return new Check("aep-disk", () -> Optional.of(folders.free()).filter(free -> free < FEWEST_FREE_BYTES)
                .map(free -> "only %d MiB are free where aep.data-dir is".formatted(free >> 20)));
    }

    /** {@code aep-inbox-age}: a file has waited for longer than {@code aep.ops.inbox-age}. */
    public static Check inboxAge(FolderView folders, Settings settings) {
        Duration most = settings.duration("aep.ops.inbox-age");
        boolean isUsed = settings.text("aep.inbox.enabled").equals("true");
        return new Check("aep-inbox-age", () -> !isUsed ? Optional.empty() : folders.inbox().oldest()
                .filter(oldest -> oldest.isBefore(Instant.now().minus(most)))
                .map(oldest -> "a file waits in inbox/ since " + oldest.truncatedTo(ChronoUnit.SECONDS)));
    }

    /** {@code aep-audit}: two audits that were due since the last one, or since the start, did not come. */
    public static Check audit(Reports reports, Settings settings, Clock clock) throws ParseException {
        CronExpression cron = new CronExpression(settings.text("aep.audit.cron"));
        cron.setTimeZone(TimeZone.getTimeZone("UTC"));
        boolean isUsed = settings.text("aep.audit.enabled").equals("true");
        Instant start = clock.instant();
        return new Check("aep-audit", () -> {
            Instant last = reports.lastAt().filter(start::isBefore).orElse(start);
            Date due = cron.getNextValidTimeAfter(Date.from(last));
            Date second = due == null ? null : cron.getNextValidTimeAfter(due);
            return isUsed && second != null && second.toInstant().isBefore(clock.instant())
                    ? Optional.of("the audit that was due at %s did not come".formatted(due.toInstant())) : Optional.empty();
        });
    }

    @Override
    public boolean isLiveness() {
        return false;
    }

    @Override
    protected void doCall(HealthCheckResultBuilder result, Map<String, Object> options) {
        try {
            reason.now().ifPresentOrElse(why -> result.message(why).down(), result::up);
        } catch (Exception e) {
            result.message(String.valueOf(e.getMessage())).down();
        }
    }
}
