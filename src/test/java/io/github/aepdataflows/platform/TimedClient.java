package io.github.aepdataflows.platform;

import io.github.aepdataflows.Rig;
import io.github.aepdataflows.definition.SecretRules;
import io.github.aepdataflows.settings.Defaults;
import io.github.aepdataflows.settings.Settings;
import io.github.aepdataflows.simulator.Options;
import io.github.aepdataflows.simulator.Request;
import io.github.aepdataflows.simulator.Simulator;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClientBuilder;
import org.apache.hc.core5.http.ClassicHttpRequest;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.io.support.ClassicRequestBuilder;

/** A client of the Platform, without Camel, that lives in a time of its own. Its wall clock stands at {@link #TODAY}. */
final class TimedClient implements AutoCloseable {

    static final Instant TODAY = Instant.parse("2026-03-01T12:00:00Z");

    private final Simulator simulator;
    private final Settings settings;
    private final PlatformClient platform;
    private final CloseableHttpClient http;
    private final AtomicLong nanoTime = new AtomicLong(Long.MAX_VALUE - 1_000_000_000L);   // it wraps within a second

    private TimedClient(Simulator simulator, Settings settings) {
        this.simulator = simulator;
        this.settings = settings;
        this.platform = new PlatformClient(settings, name -> Optional.empty(), SecretRules.none(),
                Clock.fixed(TODAY, ZoneOffset.UTC), nanoTime::get);
        HttpClientBuilder builder = HttpClientBuilder.create();
        platform.configureHttpClient(builder);
        this.http = builder.build();
    }

    /** The settings are the shipped ones, but for a rate that nobody gets to feel. */
    static TimedClient start(Map<String, String> properties) throws Exception {
        Simulator simulator = Simulator.start(Options.defaults());
        Properties all = new Properties();
        all.putAll(Rig.settings(simulator, Path.of("unused")));
        all.keySet().removeIf(name -> name.toString().matches("aep[.](redelivery|breaker)[.].*"));
        all.putAll(properties);
        return new TimedClient(simulator, settings(all));
    }

    static Settings settings(Properties properties) throws Exception {
        try (DefaultCamelContext context = new DefaultCamelContext()) {
            Properties all = new Properties();
            all.putAll(Defaults.addresses());
            all.putAll(properties);
            context.getPropertiesComponent().setOverrideProperties(all);
            Settings settings = new Settings();
            settings.setCamelContext(context);
            return settings;
        }
    }

    /** @return the failure, if there was one */
    Optional<PlatformException> get() throws IOException {
        return send(ClassicRequestBuilder.get(url("flowSpecs")).build());
    }

    /** @return the failure, if there was one */
    Optional<PlatformException> post() throws IOException {
        return send(ClassicRequestBuilder.post(url("connections"))
                .setEntity("{\"name\":\"c\",\"connectionSpec\":{\"id\":\"%s\",\"version\":\"1.0\"}}"
                        .formatted("c604ff05-7f1a-43c0-8e18-33bf874cb11c"), ContentType.APPLICATION_JSON)
                .addHeader(HeaderFilter.SEND_BEFORE, String.valueOf(nanoTime.get() + Duration.ofMinutes(1).toNanos())).build());
    }

    private String url(String resource) {
        return settings.url() + "/data/foundation/flowservice/" + resource;
    }

    Optional<PlatformException> send(ClassicHttpRequest request) throws IOException {
        try {
            return http.execute(request, answer -> Optional.empty());
        } catch (PlatformException e) {
            return Optional.of(e);
        }
    }

    /** Lets time pass. */
    void pass(Duration time) {
        nanoTime.addAndGet(time.toNanos());
    }

    long nanoTime() {
        return nanoTime.get();
    }

    Simulator simulator() {
        return simulator;
    }

    /** What the Platform has seen, tokens apart. */
    List<Request> requests() {
        return simulator.requests().where(request -> request.path().startsWith("/data/"));
    }

    @Override
    public void close() throws IOException {
        http.close();
        platform.close();
        simulator.close();
    }
}
