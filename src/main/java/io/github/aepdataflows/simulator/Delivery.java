package io.github.aepdataflows.simulator;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * Puts answers on the wire, whole or broken. The status is logged before its line is sent: whoever has seen an answer finds
 * it in the log. A handler that throws makes the JDK's server close the connection: that is how answers are cut off.
 */
final class Delivery {

    /** What an answer would look like if the call had been carried out; its id belongs to nothing. */
    private static final Answer MADE_UP = Answer.json(201,
        Json.object().put("id", "00000000-0000-0000-0000-000000000000").put("etag", "\"none\""));
    /** How {@code sendResponseHeaders} is told about bodies: a length, or one of these. */
    private static final long CHUNKED = 0;
    private static final long NO_BODY = -1;

    private final FaultPlan faults;
    private final RequestLog log;
    /** Assigned once the front listens: it needs the server's port, and the server its handler. */
    private volatile Front front;

    Delivery(FaultPlan faults, RequestLog log) {
        this.faults = faults;
        this.log = log;
    }

    void through(Front listening) {
        front = listening;
    }

    void send(HttpExchange exchange, Request request, Answer answer) throws IOException {
        log.answered(request, answer.status());
        send(exchange, answer);
    }

    /** Without a trace in the log. */
    static void send(HttpExchange exchange, Answer answer) throws IOException {
        byte[] body = answer.body();
        boolean empty = body.length == 0 || answer.status() == 204;
        OutputStream out = begin(exchange, answer, empty ? NO_BODY : body.length);
        if (!empty) {
            out.write(body);
        }
        exchange.close();
    }

    /** @param real the answer, if the call was carried out */
    void spoil(HttpExchange exchange, Request request, Fault fault, Optional<Answer> real) throws IOException {
        Answer answer = real.orElse(MADE_UP);
        int length = answer.body().length;
        switch (fault.kind) {
            case ANSWER -> send(exchange, request, new Answer(fault.status == 0 ? answer.status() : fault.status,
                fault.headers, fault.contentType, fault.body));
            case ECHO -> send(exchange, request, echo(fault, request));
            case DRIP -> {
                log.answered(request, answer.status());
                drip(begin(exchange, answer, length), answer.body(), fault.pace);
                exchange.close();
            }
            case TRUNCATE -> {
                log.answered(request, answer.status());
                // the last byte is never sent: with it, nothing would be missing
                cut(begin(exchange, answer, length), answer, Math.max(0, Math.min(fault.cut, length - 1)));
            }
            case TRUNCATE_CHUNKED -> {
                log.answered(request, answer.status());
                cut(begin(exchange, answer, CHUNKED), answer, Math.min(fault.cut, length));
            }
            case HANG -> {
                hold();
                send(exchange, request, real.orElseThrow(() -> new IOException("hung and let go")));
            }
            case SWAP -> send(exchange, request, swapped(request, answer));
            case RESET -> {
                front.reset(exchange.getRemoteAddress().getPort());
                throw new IOException("reset on purpose");
            }
            case CLOSE -> throw new IOException("closed on purpose");
        }
    }

    private static OutputStream begin(HttpExchange exchange, Answer answer, long length) throws IOException {
        answer.headers().forEach(exchange.getResponseHeaders()::set);
        exchange.getResponseHeaders().putIfAbsent("X-request-id", List.of(UUID.randomUUID().toString()));
        exchange.getResponseHeaders().set("Content-Type", answer.contentType());
        exchange.sendResponseHeaders(answer.status(), length);
        return exchange.getResponseBody();
    }

    private static Answer echo(Fault fault, Request request) {
        ObjectNode body = Json.object().put("errorMessage", "bad request: " + request.text() + request.headers());
        return Answer.json(fault.status, body.set("errorDetails", Json.MAPPER.valueToTree(request.headers())));
    }

    private static void cut(OutputStream out, Answer answer, int length) throws IOException {
        out.write(answer.body(), 0, length);
        out.flush();
        throw new IOException("cut on purpose");
    }

    private static void drip(OutputStream out, byte[] body, Duration pace) throws IOException {
        for (byte b : body) {
            out.write(b);
            out.flush();
            pause(pace);
        }
    }

    private static void pause(Duration pace) throws IOException {
        try {
            Thread.sleep(pace.toMillis());
        } catch (InterruptedException e) {
            throw new InterruptedIOException("the simulator is closing");
        }
    }

    private Answer swapped(Request request, Answer own) throws IOException {
        try {
            return faults.swap(request.path(), own);
        } catch (InterruptedException e) {
            throw new InterruptedIOException("the simulator is closing");
        }
    }

    private void hold() throws IOException {
        try {
            faults.hold();
        } catch (InterruptedException e) {
            throw new InterruptedIOException("the simulator is closing");
        }
    }
}
