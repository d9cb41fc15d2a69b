package io.github.aepdataflows.operate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.aepdataflows.LogLines;
import io.github.aepdataflows.Rig;
import io.github.aepdataflows.platform.PlatformClient;
import io.github.aepdataflows.platform.Traffic;
import io.github.aepdataflows.simulator.Fault;
import io.github.aepdataflows.simulator.Options;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.camel.health.HealthCheck;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Broken states are named by readiness, move the metrics, and pass by themselves. */
class ReadinessTest {

    @TempDir
    Path data;

    private final Visitor visitor = Visitor.onFreePort();

    ReadinessTest() throws Exception {
    }

    /** What a check says; empty while it is up. */
    private String reason(String check) throws Exception {
        for (JsonNode one : Rig.JSON.readTree(visitor.get("/observe/health/ready").body()).path("checks")) {
            if (one.path("name").asText().equals(check)) {
                return one.path("reason").asText();
            }
        }
        return "no check " + check;
    }

    /** The value of a metric with its labels; NaN when it is not there. */
    private double metric(String name) throws Exception {
        return visitor.get("/observe/metrics").body().lines().filter(line -> line.startsWith(name + " "))
                .mapToDouble(line -> Double.parseDouble(line.substring(name.length()))).findFirst().orElse(Double.NaN);
    }

    private void says(String check, String words, String metric) throws Exception {
        await().atMost(Duration.ofMinutes(1)).until(() -> reason(check).contains(words));
        assertThat(visitor.get("/observe/health").statusCode()).isEqualTo(503);
        assertThat(visitor.get("/health").body()).startsWith("DOWN\n");
        assertThat(visitor.get("/observe/health/live").statusCode()).isEqualTo(200);
        assertThat(visitor.get("/").body()).contains("Not ready", words);
        assertThat(metric("aep_ready")).isZero();
        assertThat(metric("aep_check_up{check=\"%s\"}".formatted(check))).isZero();
        assertThat(metric(metric)).as(metric).isPositive();
    }

    @Test
    void should_name_what_is_broken_and_recover_by_itself() throws Exception {
        try (Rig rig = Rig.start(data, Options.defaults(), Map.of("aep.ops.port", String.valueOf(visitor.port()),
                "aep.ops.inbox-age", "1ms", "aep.inbox.settle", "1h", "aep.audit.enabled", "true", "aep.audit.cron", "0 0 0 1 1 ?",
                "aep.clock", "#bean:simulatorClock"))) {
            await().atMost(Duration.ofMinutes(1)).until(() -> visitor.get("/observe/health").statusCode() == 200);
            rig.apply(Rig.example("crm"));
            rig.apply(Rig.example("marketing-automation"));
            assertThat(rig.provision(Rig.example("crm", "Other").replace("interval: 30", "interval: 5")).getException()).isNotNull();
            rig.audit();
            try (LogLines log = LogLines.of("io.micrometer.core.instrument.MeterRegistry")) {
                assertThat(metric("aep_definition_duration_seconds_count{outcome=\"created\"}")).isEqualTo(2);
                assertThat(metric("aep_definition_duration_seconds_count{outcome=\"refused\"}")).isEqualTo(1);
                assertThat(metric("aep_dataflows")).isEqualTo(2);
                everyMetricOfTheRulesIsThere();
                assertThat(log.lines()).as("of what was registered before").isEmpty();
            }

            rig.simulator().faults().when(request -> request.path().startsWith("/data/"),
                    Fault.gateway("401013", "Oauth token is not valid"));
            rig.provision(Rig.example("customer-success"));
            says("aep-platform", "refuses every token", "aep_platform_request_duration_seconds_count{service=\"flowservice\","
                    + "status=\"401\"}");
            rig.simulator().faults().clear();
            await().atMost(Duration.ofMinutes(1)).until(() -> visitor.get("/observe/health").statusCode() == 200);

            rig.simulator().faults().when(request -> request.path().startsWith("/data/"), Fault.status(503));
            rig.provision(Rig.example("customer-success"));
            says("aep-platform", " answer", "aep_attempts_failed_total");
            rig.simulator().faults().clear();
            await().atMost(Duration.ofMinutes(1)).until(() -> visitor.get("/observe/health").statusCode() == 200);

            rig.simulator().outage(true);
            for (int n = 0; n < 3; n++) {
                rig.provision(Rig.example("customer-success"));
            }
            says("aep-platform", " answer", "aep_platform_breaker_open");
            rig.simulator().outage(false);
            await().atMost(Duration.ofMinutes(1)).until(() -> visitor.get("/observe/health").statusCode() == 200);

            rig.drop("late.yaml", Rig.example("customer-success"));
            says("aep-inbox-age", "a file waits in inbox/", "aep_inbox_files");
            Files.delete(data.resolve("inbox/late.yaml"));

            Files.deleteIfExists(data.resolve("done"));
            Files.createFile(data.resolve("done"));
            says("aep-folders", "done", "aep_dataflows");
            Files.delete(data.resolve("done"));
            await().atMost(Duration.ofMinutes(1)).until(() -> visitor.get("/observe/health").statusCode() == 200);

            rig.ledger().close();
            says("aep-ledger", "not open", "aep_definition_duration_seconds_count{outcome=\"created\"}");
            rig.ledger().open();
            await().atMost(Duration.ofMinutes(1)).until(() -> visitor.get("/observe/health").statusCode() == 200);

            rig.simulator().clock().advance(Duration.ofDays(800));
            says("aep-audit", "did not come", "aep_audit_last_timestamp_seconds");
        }
    }

    /** Those that the alert rules and the dashboard name. */
    private void everyMetricOfTheRulesIsThere() throws Exception {
        String scraped = visitor.get("/observe/metrics").body();
        for (String file : Set.of("alerts.yaml", "grafana-dashboard.json")) {
            Set<String> named = Pattern.compile("\\baep_[a-z_]+").matcher(Files.readString(Path.of("config/observe", file))).results()
                    .map(MatchResult::group).collect(Collectors.toSet());
            assertThat(named).hasSizeGreaterThan(9).allMatch(name -> Pattern.compile("(?m)^" + name + "[{ ]").matcher(scraped).find());
        }
        assertThat(scraped.lines().filter(line -> !line.startsWith("#"))).as("nothing else").allMatch(line -> line.startsWith("aep_"));
    }

    @Test
    void should_name_a_disk_without_room_or_that_cannot_be_asked() {
        HealthCheck.Result full = Check.disk(() -> 5L << 20).call();
        assertThat(full.getState()).isEqualTo(HealthCheck.State.DOWN);
        assertThat(full.getMessage()).contains("only 5 MiB are free where aep.data-dir is");
        assertThat(full.getDetails()).containsEntry("state", "disk-full");
        HealthCheck.Result gone = Check.disk(() -> {
            throw new IOException("no such device");
        }).call();
        assertThat(gone.getMessage()).contains("no such device");
        assertThat(gone.getDetails()).containsEntry("state", "disk-full");
        assertThat(Check.disk(() -> 500L << 20).call().getState()).isEqualTo(HealthCheck.State.UP);
    }

    @Test
    void should_name_wrong_credentials_from_the_start_on() throws Exception {
        try (Rig rig = Rig.start(data, Options.defaults(), Map.of("aep.health.port", String.valueOf(visitor.port()),
                "aep.client-secret", Rig.MARKER + "-wrong"))) {
            assertThat(rig.main().isStarted()).isTrue();
            says("aep-platform", "refuses the credentials",
                    "aep_platform_request_duration_seconds_count{service=\"flowservice\",status=\"none\"}");
            assertThat(visitor.get("/").body()).contains("aep.client-secret").doesNotContain(Rig.MARKER);
        }
    }

    /** Without memory for the first answer that the watch of the Platform has. */
    public static final class TiredClock extends Clock {

        private static final AtomicBoolean RESTED = new AtomicBoolean();

        @Override
        public Instant instant() {
            if (Thread.currentThread().getName().equals("aep-ops-try") && RESTED.compareAndSet(false, true)) {
                throw new OutOfMemoryError("of a test");
            }
            return Instant.now();
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }
    }

    @Test
    void should_try_the_platform_again_after_a_try_without_memory() throws Exception {
        try (Rig rig = Rig.start(data, Options.defaults(), Map.of("aep.ops.port", String.valueOf(visitor.port()),
                "aep.clock", "#class:" + TiredClock.class.getName()))) {
            Traffic traffic = rig.main().getCamelContext().getRegistry().lookupByNameAndType("aepPlatformClient", PlatformClient.class)
                    .traffic();

            await().atMost(Duration.ofMinutes(1)).until(() -> traffic.answeredAt().isPresent());
            assertThat(TiredClock.RESTED).isTrue();
        }
    }
}
