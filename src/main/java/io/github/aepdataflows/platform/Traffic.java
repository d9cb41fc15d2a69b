package io.github.aepdataflows.platform;

import java.io.IOException;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.hc.core5.http.ClassicHttpResponse;

/** The calls of this process to the Platform: how many there were, how long they took, and what the last one shows of the Platform. */
public final class Traffic {

    /**
     * What calls are counted by.
     *
     * @param service as in {@code flowservice}; {@code other} for what is none
     * @param status  HTTP status of the answer; {@code none} where there was none, {@code withheld} where nothing was sent
     */
    public record Key(String service, String status) {
    }

    /**
     * The calls of a key since the start.
     *
     * @param seconds of all calls together, the wait for their turn included
     */
    public record Total(Key key, long calls, double seconds) {
    }

    private record Sum(LongAdder calls, LongAdder nanos) {
    }

    private static final Pattern SERVICE = Pattern.compile(
            "/data/[a-z]+/(flowservice|schemaregistry|catalog|conversion|idnamespace|dataset)/.*");
    /** As many calls in a row without an answer are no accident. */
    private static final int MOST_UNANSWERED = 3;

    private final Clock clock;
    private final Map<Key, Sum> sums = new ConcurrentHashMap<>();
    private int inARow;
    private PlatformException failure;
    private Instant failedAt;
    private Instant answeredAt;

    Traffic(Clock clock) {
        this.clock = clock;
    }

    ClassicHttpResponse around(String path, Breaker.Call<ClassicHttpResponse> call) throws IOException {
        long begun = System.nanoTime();
        try {
            ClassicHttpResponse answer = call.send();
            count(path, String.valueOf(answer.getCode()), begun);
            answered();
            return answer;
        } catch (PlatformException e) {
            count(path, e.isWithheld() ? "withheld" : e.getStatus() == 0 ? "none" : String.valueOf(e.getStatus()), begun);
            failed(e);
            throw e;
        }
    }

    private void count(String path, String status, long begun) {
        Matcher service = SERVICE.matcher(path);
        String name = service.matches() ? service.group(1) : "other";
        Sum sum = sums.computeIfAbsent(new Key(name, status), key -> new Sum(new LongAdder(), new LongAdder()));
        sum.calls.increment();
        sum.nanos.add(System.nanoTime() - begun);
    }

    private synchronized void answered() {
        answeredAt = clock.instant();
        failure = null;
        inARow = 0;
    }

    /** A refusal is an answer, too, unless it is of us altogether. */
    private synchronized void failed(PlatformException e) {
        switch (e.getOutcome()) {
            case REJECTED, CONFLICT, THROTTLED -> {
                if (!e.isWithheld()) {
                    answered();
                }
            }
            default -> {
                if (!e.isWithheld()) {
                    failedAt = inARow++ == 0 ? clock.instant() : failedAt;
                    failure = e;
                }
            }
        }
    }

    /** Why no definition can get to the Platform, as far as the last calls tell; empty when they say nothing of the kind. */
    public synchronized Optional<Trouble> trouble() {
        if (failure == null) {
            return Optional.empty();
        }
        String since = failedAt.truncatedTo(ChronoUnit.SECONDS) + ": " + failure.getMessage();
        return switch (failure.getOutcome()) {
            case MISCONFIGURED -> Optional.of(new Trouble(Trouble.CREDENTIALS,
                    "the Platform refuses the credentials, organization or sandbox since " + since));
            case UNAUTHORIZED -> inARow == 1 ? Optional.empty() : Optional.of(new Trouble(Trouble.CREDENTIALS,
                    "the Platform refuses every token since " + since));
            default -> inARow < MOST_UNANSWERED && answeredAt != null ? Optional.empty()
                    : Optional.of(new Trouble(Trouble.NO_ANSWER, "no usable answer of the Platform, or its token service, since " + since));
        };
    }

    /** When the Platform gave its last answer that says that we are known there. */
    public synchronized Optional<Instant> answeredAt() {
        return Optional.ofNullable(answeredAt);
    }

    public List<Total> totals() {
        return sums.entrySet().stream().map(entry -> new Total(entry.getKey(), entry.getValue().calls.sum(),
                entry.getValue().nanos.sum() / (double) TimeUnit.SECONDS.toNanos(1))).toList();
    }
}
