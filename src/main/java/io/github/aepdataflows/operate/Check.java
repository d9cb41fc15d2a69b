package io.github.aepdataflows.operate;

import io.github.aepdataflows.audit.Auditor;
import io.github.aepdataflows.files.FolderView;
import io.github.aepdataflows.files.Reports;
import io.github.aepdataflows.ledger.Ledger;
import io.github.aepdataflows.platform.PlatformClient;
import io.github.aepdataflows.platform.Trouble;
import io.github.aepdataflows.settings.Settings;
import java.nio.file.Path;
import java.text.ParseException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TimeZone;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.apache.camel.health.HealthCheckResultBuilder;
import org.apache.camel.impl.health.AbstractHealthCheck;
import org.apache.commons.lang3.StringUtils;
import org.quartz.CronExpression;

/** A readiness check of Camel's: down, with the reason, while there is one. None of them asks the Platform anything. */
public final class Check extends AbstractHealthCheck {

    /** Detail of a result that is down: why, in a word. */
    static final String STATE = "state";

    private static final long FEWEST_FREE_BYTES = 100L << 20;

    /** Empty while all is well. */
    private interface Reason {
        Optional<String> now() throws Exception;
    }

    /** The same. */
    private interface Problem {
        Optional<Trouble> now() throws Exception;
    }

    private final Problem problem;
    private final String state;

    private static Check of(String id, String state, Reason reason) {
        return new Check(id, state, () -> reason.now().map(why -> new Trouble(state, why)));
    }

    /** @param state where the problem could not be found out */
    private Check(String id, String state, Problem problem) {
        super("aep", id);
        this.state = state;
        this.problem = problem;
    }

    /** {@code aep-ledger}: nothing can be recorded. */
    public static Check ledger(Ledger ledger) {
        return of("aep-ledger", "ledger-unusable", ledger::trouble);
    }

    /** {@code aep-platform}: the last calls had no usable answer, or our credentials were refused. */
    public static Check platform(PlatformClient platform) {
        return new Check("aep-platform", "platform-down", platform::problem);
    }

    /** {@code aep-folders}: files cannot be moved in one of them. */
    public static Check folders(FolderView folders, Settings settings) {
        boolean isUsed = settings.text("aep.inbox.enabled").equals("true");
        return of("aep-folders", "folders-unwritable", () -> Optional.of(isUsed ? folders.unwritable() : List.<Path>of())
                .filter(unwritable -> !unwritable.isEmpty())
                .map(unwritable -> "cannot be written to: " + StringUtils.join(unwritable, ", ")));
    }

    /** {@code aep-disk}: hardly any room is left where the folders are. */
    public static Check disk(FolderView folders) {
        return disk(folders::free);
    }

    /** @param room bytes that are free there */
    static Check disk(Callable<Long> room) {
        return of("aep-disk", "disk-full", () -> Optional.of(room.call()).filter(free -> free < FEWEST_FREE_BYTES)
                .map(free -> "only %d MiB are free where aep.data-dir is".formatted(free >> 20)));
    }

    /** {@code aep-inbox-age}: a file has waited for longer than {@code aep.ops.inbox-age}. */
    public static Check inboxAge(FolderView folders, Settings settings) {
        Duration most = settings.duration("aep.ops.inbox-age");
        boolean isUsed = settings.text("aep.inbox.enabled").equals("true");
        return of("aep-inbox-age", "inbox-stuck", () -> !isUsed ? Optional.empty() : folders.inbox().oldest()
                .filter(oldest -> oldest.isBefore(Instant.now().minus(most)))
                .map(oldest -> "a file waits in inbox/ since " + oldest.truncatedTo(ChronoUnit.SECONDS)));
    }

    /** {@code aep-kafka}: an outcome waits for longer than {@code aep.kafka.behind} to be published. */
    public static Check publications(Ledger ledger, Settings settings) {
        Duration most = settings.duration("aep.kafka.behind");
        boolean isUsed = settings.text("aep.kafka.enabled").equals("true");
        return of("aep-kafka", "outcomes-unpublished", () -> !isUsed || !ledger.isOpen() ? Optional.empty()
                : ledger.unpublishedFor().filter(waited -> waited.compareTo(most) > 0).map(waited -> "outcomes since "
                        + Instant.now().minus(waited).truncatedTo(ChronoUnit.SECONDS) + " are not published yet"));
    }

    /** {@code aep-audit}: two audits that were due since the last one, or since the start, did not come. */
    public static Check audit(Reports reports, Settings settings, Auditor auditor) throws ParseException {
        CronExpression cron = new CronExpression(settings.text("aep.audit.cron"));
        cron.setTimeZone(TimeZone.getTimeZone("UTC"));
        boolean isUsed = settings.text("aep.audit.enabled").equals("true");
        return of("aep-audit", "audit-missed", () -> {
            Optional<Auditor.Uptime> up = isUsed ? auditor.uptime() : Optional.empty();
            if (up.isEmpty()) {   // the check of the ledger says why
                return Optional.empty();
            }
            Instant start = up.get().start();
            Instant last = Stream.of(start, reports.lastAt().orElse(start), auditor.lastTurn()).max(Comparator.naturalOrder())
                    .orElse(start);
            Date due = cron.getNextValidTimeAfter(Date.from(last));
            Date second = due == null ? null : cron.getNextValidTimeAfter(due);
            return second != null && second.toInstant().isBefore(up.get().now())
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
            problem.now().ifPresentOrElse(why -> result.message(why.reason()).detail(STATE, why.state()).down(), result::up);
        } catch (Exception e) {
            result.message(String.valueOf(e.getMessage())).detail(STATE, state).down();
        }
    }
}
