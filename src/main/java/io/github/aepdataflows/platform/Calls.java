package io.github.aepdataflows.platform;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.hc.client5.http.classic.ExecChain;
import org.apache.hc.core5.concurrent.Cancellable;
import org.apache.hc.core5.http.ClassicHttpRequest;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.HttpEntity;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.io.entity.ByteArrayEntity;
import org.apache.hc.core5.http.io.entity.EntityUtils;

/**
 * Carries out requests, each with its whole answer within one deadline. Socket timeouts alone do not bound a call: an
 * answer that drips in byte by byte keeps them all content.
 */
final class Calls implements AutoCloseable {

    static final String SENT = "aep.request-sent";

    private static final String SEND_GUARD = "aep.send-guard";

    /** What must still hold at the last moment. */
    interface SendGuard {

        /** @throws PlatformException NOT_SENT or THROTTLED, to keep the request from being sent */
        void beforeSending() throws PlatformException;
    }

    /** In bytes, after decompression. */
    private static final int MAX_ANSWER = 16 * 1024 * 1024;

    /** No document of the Platform comes near these; an answer beyond them could exhaust the memory of whoever reads it. */
    private static final int DEEPEST = 100;
    private static final int MOST_TOKENS = 500_000;
    private static final JsonFactory JSON = JsonFactory.builder().streamReadConstraints(StreamReadConstraints.builder()
            .maxNestingDepth(DEEPEST).maxTokenCount(MOST_TOKENS).build()).build();

    private final Duration timeout;
    private final Redaction redaction;
    private final ScheduledThreadPoolExecutor deadlines = new ScheduledThreadPoolExecutor(1, task -> {
        Thread thread = new Thread(task, "aep-call-deadlines");
        thread.setDaemon(true);
        return thread;
    });

    /** @param timeout from sending a request to the last byte of its answer */
    Calls(Duration timeout, Redaction redaction) {
        this.timeout = timeout;
        this.redaction = redaction;
        deadlines.setRemoveOnCancelPolicy(true);   // else each call stays in memory until its deadline
    }

    /** As the other, with a last look at the very moment before the first byte is sent. */
    ClassicHttpResponse execute(ClassicHttpRequest request, ExecChain.Scope scope, ExecChain chain, SendGuard guard)
            throws PlatformException {
        scope.clientContext.setAttribute(SEND_GUARD, guard);
        return execute(request, scope, chain);
    }

    /**
     * @return the answer, its body read and held in memory
     * @throws PlatformException NOT_SENT when the connection was never made, UNKNOWN when the answer never came whole
     */
    ClassicHttpResponse execute(ClassicHttpRequest request, ExecChain.Scope scope, ExecChain chain) throws PlatformException {
        AtomicBoolean late = new AtomicBoolean();
        Future<?> deadline = deadlines.schedule(() -> {
            late.set(true);   // before anything that lets the call fail
            cancel(scope);
        }, timeout.toMillis(), TimeUnit.MILLISECONDS);
        try {
            ClassicHttpResponse answer = chain.proceed(request, scope);
            answer.setEntity(new ByteArrayEntity(read(answer.getEntity()), ContentType.APPLICATION_JSON));
            if (scope.clientContext.getAttribute(SENT) == null) {
                throw new IOException("a proxy on the way answered " + answer.getCode());
            }
            return answer;
        } catch (PlatformException withheld) {
            scope.execRuntime.discardEndpoint();
            throw withheld;
        } catch (IOException | HttpException | RuntimeException | Error e) {   // an Error of one call is not the end of sending
            scope.execRuntime.discardEndpoint();   // closing the answer instead would read it to its end first
            String why = late.get() ? "no complete answer within " + timeout.toMillis() + " ms"
                    : redaction.in(NoAnswer.words(e, scope.route));
            Outcome outcome = scope.clientContext.getAttribute(SENT) == null ? Outcome.NOT_SENT : Outcome.UNKNOWN;
            throw PlatformException.noAnswer(outcome, describe(request), why, redaction.cause(e));
        } finally {
            deadline.cancel(false);
        }
    }

    /** Runs between connecting and sending: whatever fails before this point was not sent. */
    static ClassicHttpResponse markSent(ClassicHttpRequest request, ExecChain.Scope scope, ExecChain chain)
            throws IOException, HttpException {
        if (scope.clientContext.getAttribute(SEND_GUARD) instanceof SendGuard guard) {
            guard.beforeSending();
        }
        scope.clientContext.setAttribute(SENT, Boolean.TRUE);
        return chain.proceed(request, scope);
    }

    /** The body as text. JSON is UTF-8 whatever the content type says or leaves out. */
    static String text(ClassicHttpResponse answer) throws IOException {
        return new String(EntityUtils.toByteArray(answer.getEntity()), StandardCharsets.UTF_8);
    }

    /** The call in the tutorial's words: the method, and the path below the service. */
    static String describe(ClassicHttpRequest request) {
        String path = request.getPath().replaceFirst("[?].*", "").replaceFirst("^/data/foundation/[a-z]+", "");
        return request.getMethod() + " " + path;
    }

    private static void cancel(ExecChain.Scope scope) {
        if (scope.originalRequest instanceof Cancellable cancellable) {
            cancellable.cancel();
        }
        scope.execRuntime.discardEndpoint();
    }

    /** Reads to the end, which gives the connection back to the pool. */
    private static byte[] read(HttpEntity entity) throws IOException {
        if (entity == null) {
            return new byte[0];
        }
        byte[] body = entity.getContent().readNBytes(MAX_ANSWER + 1);
        if (body.length > MAX_ANSWER) {
            throw new IOException("the answer is larger than " + MAX_ANSWER + " bytes");
        }
        refuseBomb(body);
        return body;
    }

    /** Reads it as JSON without keeping anything, so that whoever reads it afterwards is safe. Text that is no JSON is no bomb. */
    private static void refuseBomb(byte[] body) throws IOException {
        try (JsonParser parser = JSON.createParser(body)) {
            while (parser.nextToken() != null) {
                // it counts, and throws
            }
        } catch (StreamConstraintsException e) {
            throw new IOException("the answer is JSON of more than %d levels or %d tokens".formatted(DEEPEST, MOST_TOKENS), e);
        } catch (JsonProcessingException e) {
            // judged by who asked for it
        }
    }

    @Override
    public void close() {
        deadlines.shutdownNow();
    }
}
