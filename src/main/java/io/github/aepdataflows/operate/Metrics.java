package io.github.aepdataflows.operate;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.aepdataflows.files.FolderView;
import io.github.aepdataflows.files.Watchdog;
import io.github.aepdataflows.ledger.Counts;
import io.github.aepdataflows.ledger.Ledger;
import io.github.aepdataflows.ledger.LedgerException;
import io.github.aepdataflows.platform.PlatformClient;
import io.github.aepdataflows.platform.Traffic;
import io.github.aepdataflows.provision.Activity;
import io.github.aepdataflows.provision.Redelivery;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.FunctionTimer;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tags;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.ToDoubleFunction;
import java.util.function.ToLongFunction;

/**
 * The meters of the application, in the text form of Prometheus. They are read off what the parts count anyway, when somebody asks; labels
 * have few values, none of them from outside but the HTTP status.
 */
public final class Metrics {

    static final String CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8";

    private final PlatformClient platform;
    private final Ledger ledger;
    private final Activity activity;
    private final FolderView folders;
    private final AuditReport audit;
    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final MultiGauge checks = multi("aep.check.up", "Whether a readiness check is up");
    private final MultiGauge states = multi("aep.audit.dataflows", "Dataflows of the sandbox by state, as the last audit found them");
    private final MultiGauge findings = multi("aep.audit.findings",
            "What the last audit reported: resources that are missing, have a duplicate, were left; dataflows that differ (drift)");
    private double waiting;
    private double oldest;
    private double failed;
    private double ready;
    private Counts counts = new Counts(0, 0, 0);

    public Metrics(PlatformClient platform, Ledger ledger, Activity activity, Redelivery redelivery, FolderView folders, Watchdog watchdog,
            AuditReport audit) {
        this.platform = platform;
        this.ledger = ledger;
        this.activity = activity;
        this.folders = folders;
        this.audit = audit;
        gauge("aep.ready", "Whether all readiness checks are up", it -> it.ready);
        gauge("aep.inbox.files", "Definitions that wait in inbox/", it -> it.waiting);
        seconds("aep.inbox.oldest.age", "Since when the first of them waits", it -> it.oldest);
        gauge("aep.failed.files", "Refused definitions in failed/", it -> it.failed);
        gauge("aep.definitions.in.work", "Files in work in this process", it -> watchdog.inWork().size());
        gauge("aep.dataflows", "Dataflows in the ledger", it -> it.counts.dataflows());
        gauge("aep.dataflows.open", "Dataflows that are begun and not finished", it -> it.counts.dataflows() - it.counts.done());
        gauge("aep.steps.unresolved", "Steps that may or may not have been made", it -> it.counts.unresolved());
        gauge("aep.platform.rate.limit", "Requests per second that are allowed now", it -> platform.rate());
        gauge("aep.platform.breaker.open", "1 while the Platform is left alone, as it does not answer",
                it -> platform.isLeftAlone() ? 1 : 0);
        seconds("aep.audit.last.timestamp", "When the last audit began, in seconds since 1970", it -> audit.time()
                .map(Instant::getEpochSecond).orElse(0L));
        gauge("aep.audit.complete", "Whether the last audit could read everything", it -> audit.isComplete() ? 1 : 0);
        counter("aep.attempts.failed", "Failed attempts of a call, repeated or given up", redelivery, Redelivery::failedAttempts);
        counter("aep.ledger.leases.lost", "How often somebody else had taken over what was in work", ledger,
                it -> it.commits().leasesLost());
        timer("aep.ledger.commit", "Transactions of the ledger", Tags.empty(), ledger, it -> it.commits().count(),
                it -> it.commits().seconds());
    }

    /** @param found what the readiness checks say */
    synchronized String scrape(List<Readiness.Finding> found) throws IOException {
        ready = found.stream().allMatch(Readiness.Finding::isUp) ? 1 : 0;
        checks.register(found.stream().map(finding -> row("check", finding.check(), finding.isUp() ? 1 : 0)).toList(), true);
        FolderView.Waiting inbox = folders.inbox();
        waiting = inbox.files();
        oldest = inbox.oldest().map(since -> Duration.between(since, Instant.now()).toMillis() / 1000.0).orElse(0.0);
        failed = folders.failed();
        try {
            counts = ledger.counts();
        } catch (LedgerException e) {
            counts = new Counts(0, 0, 0);   // aep.check.up says so
        }
        JsonNode report = audit.content();
        List<MultiGauge.Row<?>> rows = new ArrayList<>();
        report.path("counts").properties().forEach(count -> rows.add(row("state", count.getKey(), count.getValue().asDouble())));
        states.register(rows, true);
        findings.register(List.of(row("finding", "missing", report.path("missing").size()),
                row("finding", "duplicate", report.path("twins").size()), row("finding", "left", report.path("left").size()),
                row("finding", "drift", report.path("drift").size())), true);
        platform.traffic().totals().forEach(this::addRequests);
        activity.totals().forEach(this::addEnded);
        return registry.scrape();
    }

    private void addRequests(Traffic.Total total) {
        Traffic.Key key = total.key();
        timer("aep.platform.request.duration", "Calls to the Platform by service and HTTP status",
                Tags.of("service", key.service(), "status", key.status()), platform, it -> requests(key).calls(),
                it -> requests(key).seconds());
    }

    private Traffic.Total requests(Traffic.Key key) {
        return platform.traffic().totals().stream().filter(total -> total.key().equals(key)).findFirst().orElseThrow();
    }

    private void addEnded(Activity.Total total) {
        Activity.Key key = total.key();
        boolean isStep = !key.kind().isEmpty();
        timer(isStep ? "aep.step.duration" : "aep.definition.duration",
                isStep ? "Steps by kind of resource and outcome" : "Definitions by outcome",
                isStep ? Tags.of("kind", key.kind(), "outcome", key.outcome()) : Tags.of("outcome", key.outcome()),
                activity, it -> ended(key).count(), it -> ended(key).seconds());
    }

    private Activity.Total ended(Activity.Key key) {
        return activity.totals().stream().filter(total -> total.key().equals(key)).findFirst().orElseThrow();
    }

    private static MultiGauge.Row<?> row(String label, String value, double number) {
        return MultiGauge.Row.of(Tags.of(label, value), number);
    }

    private MultiGauge multi(String name, String description) {
        return MultiGauge.builder(name).description(description).register(registry);
    }

    private void gauge(String name, String description, ToDoubleFunction<Metrics> value) {
        Gauge.builder(name, this, value).description(description).register(registry);
    }

    private void seconds(String name, String description, ToDoubleFunction<Metrics> value) {
        Gauge.builder(name, this, value).baseUnit("seconds").description(description).register(registry);
    }

    private <T> void counter(String name, String description, T source, ToDoubleFunction<T> value) {
        FunctionCounter.builder(name, source, value).description(description).register(registry);
    }

    private <T> void timer(String name, String description, Tags tags, T source, ToLongFunction<T> count, ToDoubleFunction<T> seconds) {
        if (registry.find(name).tags(tags).functionTimer() == null) {
            FunctionTimer.builder(name, source, count, seconds, TimeUnit.SECONDS).tags(tags).description(description).register(registry);
        }
    }
}
