package io.github.aepdataflows.platform;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
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
 * One request and its whole answer within one deadline. Socket timeouts alone do not bound a call: an answer that drips
 * in byte by byte keeps them all content.
 */
final class Call {

    static final String SENT = "aep.request-sent";

    private static final int MAX_ANSWER = 16 * 1024 * 1024;
    private static final ScheduledExecutorService DEADLINES = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "aep-call-deadlines");
        thread.setDaemon(true);
        return thread;
    });

    private Call() {
    }

    /**
     * @return the answer, its body read and held in memory
     * @throws PlatformException NOT_SENT when the connection was never made, UNKNOWN when the answer never came whole
     */
    static ClassicHttpResponse execute(ClassicHttpRequest request, ExecChain.Scope scope, ExecChain chain, Duration timeout)
            throws IOException, HttpException {
        String call = describe(request);
        Future<?> deadline = DEADLINES.schedule(() -> cancel(scope), timeout.toMillis(), TimeUnit.MILLISECONDS);
        try {
            ClassicHttpResponse answer = chain.proceed(request, scope);
            try (HttpEntity entity = answer.getEntity()) {
                ContentType type = entity == null ? null : ContentType.parseLenient(entity.getContentType());
                answer.setEntity(new ByteArrayEntity(read(entity), type));
            }
            return answer;
        } catch (PlatformException e) {
            throw e;
        } catch (IOException e) {
            boolean late = deadline.isDone();
            String why = late ? "no complete answer within " + timeout.toSeconds() + " s" : e.toString();
            Outcome outcome = scope.clientContext.getAttribute(SENT) == null ? Outcome.NOT_SENT : Outcome.UNKNOWN;
            throw PlatformException.noAnswer(outcome, call, why, e);
        } finally {
            deadline.cancel(false);
        }
    }

    /** Runs between connecting and sending: whatever fails before this point was not sent. */
    static ClassicHttpResponse markSent(ClassicHttpRequest request, ExecChain.Scope scope, ExecChain chain)
            throws IOException, HttpException {
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

    private static byte[] read(HttpEntity entity) throws IOException {
        if (entity == null) {
            return new byte[0];
        }
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        try (InputStream in = entity.getContent()) {
            byte[] buffer = new byte[8192];
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                if (body.size() + n > MAX_ANSWER) {
                    throw new IOException("the answer is larger than " + MAX_ANSWER + " bytes");
                }
                body.write(buffer, 0, n);
            }
        }
        return body.toByteArray();
    }
}
