package io.github.aepdataflows.platform;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.aepdataflows.settings.Settings;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.LongSupplier;
import org.apache.hc.client5.http.classic.HttpClient;
import org.apache.hc.client5.http.classic.methods.HttpPost;
import org.apache.hc.client5.http.entity.UrlEncodedFormEntity;
import org.apache.hc.core5.http.HttpResponse;
import org.apache.hc.core5.http.message.BasicNameValuePair;

/**
 * The access token of Adobe's OAuth server-to-server credential: fetched once for all callers, renewed ahead of its
 * expiry while the old one still serves, fetched anew once the gateway has refused it.
 */
final class TokenProvider {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final long LONGEST_SECONDS = 2_000_000;
    private static final Duration A_MOMENT = Duration.ofSeconds(1);
    private static final Duration LONGEST_LIFE = Duration.ofDays(30);
    private static final Duration LONGEST_MARGIN = Duration.ofSeconds(500);

    private final Settings settings;
    private final Redaction redaction;
    private final HttpClient client;
    private final Clock clock;
    private final LongSupplier nanoTime;

    private long leftAloneUntil;
    private Token token;
    private CompletableFuture<Token> flight;
    /** Of the credentials; told, for a moment, to whoever asks: calls that were begun at the same time end at the first answer. */
    private PlatformException refusal;
    private long refusedUntil;

    /** Times are of {@link System#nanoTime}: a token does not outlive a clock that was set back. */
    private record Token(String value, long renewAt, long expiresAt) {

        private Token renewedFrom(long time) {
            return new Token(value, time, expiresAt);
        }
    }

    TokenProvider(Settings settings, Redaction redaction, HttpClient client, Clock clock, LongSupplier nanoTime) {
        this.settings = settings;
        this.redaction = redaction;
        this.client = client;
        this.clock = clock;
        this.nanoTime = nanoTime;
        this.leftAloneUntil = nanoTime.getAsLong();
    }

    /** @throws PlatformException NOT_SENT when no token can be had now, MISCONFIGURED when none ever will */
    String get() throws IOException {
        CompletableFuture<Token> shared;
        Token old;
        boolean mine;
        synchronized (this) {
            long now = nanoTime.getAsLong();
            old = token != null && now - token.expiresAt < 0 ? token : null;
            long alone = leftAloneUntil - now;
            if (old != null && (now - old.renewAt < 0 || flight != null || alone > 0)) {
                return old.value;
            } else if (refusal != null && now - refusedUntil < 0) {
                throw PlatformException.noAnswer(refusal.getOutcome(), call(), refusal.getText(), null, refusal);
            } else if (alone > 0) {
                throw PlatformException.withheld(Outcome.NOT_SENT, call(), "not sent: the token service wants to be left alone",
                        Duration.ofNanos(alone));
            }
            mine = flight == null;
            flight = mine ? new CompletableFuture<>() : flight;
            shared = flight;
        }
        if (mine) {
            fetchFor(shared);
        }
        return old != null && shared.isCompletedExceptionally() ? old.value : join(shared, mine);
    }

    /** The gateway has refused this token: the next caller gets another, unless there is a newer one already. */
    synchronized void refused(String value) {
        if (token != null && token.value.equals(value)) {
            token = null;
        }
    }

    private void fetchFor(CompletableFuture<Token> waiting) {
        Token fetched = null;
        Throwable failure = null;
        try {
            fetched = fetch();
        } catch (Throwable e) {
            failure = e;   // whatever it was, those who wait must not wait for ever
        }
        synchronized (this) {
            flight = null;
            if (failure == null) {
                token = fetched;
            } else {
                long now = nanoTime.getAsLong();
                leftAloneUntil = now + asked(failure).toNanos();
                refusal = failure instanceof PlatformException e && e.getOutcome() == Outcome.MISCONFIGURED ? e : null;
                refusedUntil = now + A_MOMENT.toNanos();
                // as long as the old one serves, not at each call
                token = token == null ? null : token.renewedFrom(now + settings.duration("aep.breaker.pause").toNanos());
            }
        }
        if (failure == null) {
            waiting.complete(fetched);
        } else {
            waiting.completeExceptionally(failure);
        }
    }

    /** For how long the token service wants to be left alone. */
    private static Duration asked(Throwable failure) {
        return failure instanceof PlatformException refusal ? refusal.retryAfter().orElse(Duration.ZERO) : Duration.ZERO;
    }

    private String join(CompletableFuture<Token> future, boolean mine) throws IOException {
        try {
            return future.join().value;
        } catch (CompletionException e) {
            if (!mine && e.getCause() instanceof PlatformException refusal && refusal.getOutcome() == Outcome.NOT_SENT) {
                // one request has failed, not as many as were waiting for it
                throw PlatformException.withheld(Outcome.NOT_SENT, call(), refusal.getText(), refusal.retryAfter().orElse(null));
            }
            if (e.getCause() instanceof IOException io) {
                throw io;
            }
            throw PlatformException.noAnswer(Outcome.NOT_SENT, call(), "no access token: " + e.getCause(), e.getCause());
        }
    }

    private Token fetch() throws IOException {
        HttpPost request = new HttpPost(settings.tokenUrl());
        request.setEntity(new UrlEncodedFormEntity(List.of(
                new BasicNameValuePair("grant_type", "client_credentials"),
                new BasicNameValuePair("client_id", settings.clientId()),
                new BasicNameValuePair("client_secret", settings.clientSecret()),
                new BasicNameValuePair("scope", settings.scope())), StandardCharsets.UTF_8));
        try {
            return client.execute(request, answer -> token(answer, Calls.text(answer)));
        } catch (PlatformException e) {
            if (e.getOutcome() == Outcome.MISCONFIGURED) {
                throw e;
            }
            throw PlatformException.noAnswer(Outcome.NOT_SENT, call(), "gave no access token: " + e.getText(),
                    e.retryAfter().orElse(null), e);
        }
    }

    private String call() {
        return "POST " + settings.tokenUrl().getPath();
    }

    private Token token(HttpResponse answer, String body) throws IOException {
        Duration wait = RetryAfter.of(answer, clock, settings.duration("aep.redelivery.retry-after-cap")).orElse(null);
        JsonNode json = json(body, wait);
        if (json.has("error")) {
            PlatformError error = PlatformError.parse(body, redaction);
            Outcome outcome = answer.getCode() == 429 || answer.getCode() >= 500 ? Outcome.NOT_SENT : Outcome.MISCONFIGURED;
            throw PlatformException.noAnswer(outcome, call(), "%s: %s".formatted(error.code(), error.message()), wait, null);
        }
        String value = json.path("access_token").asText();
        long lifetime = json.path("expires_in").asLong();
        if (answer.getCode() != 200 || !value.matches("[!-~]{1,16384}") || lifetime <= 0) {
            throw PlatformException.noAnswer(Outcome.NOT_SENT, call(),
                    "status %d without a usable token".formatted(answer.getCode()), wait, null);
        }
        redaction.learn(value, true);
        Duration said = lifetime > LONGEST_SECONDS ? Duration.ofMillis(lifetime) : Duration.ofSeconds(lifetime);
        Duration life = said.compareTo(LONGEST_LIFE) < 0 ? said : LONGEST_LIFE;
        Duration tenth = life.dividedBy(10);
        Duration margin = tenth.compareTo(LONGEST_MARGIN) < 0 ? tenth : LONGEST_MARGIN;
        long now = nanoTime.getAsLong();
        return new Token(value, now + life.minus(margin).toNanos(), now + life.toNanos());
    }

    private JsonNode json(String body, Duration wait) throws IOException {
        try {
            return JSON.readTree(body);
        } catch (JsonProcessingException e) {
            throw PlatformException.noAnswer(Outcome.NOT_SENT, call(), "the answer is not JSON", wait, null);
        }
    }
}
