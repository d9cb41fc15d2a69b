package io.github.aepdataflows.simulator;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;

/**
 * Puts answers on the wire, whole or broken. {@link #send} and {@link #spoil} return the status that the client can have
 * seen, 0 for none. A handler that throws makes the JDK's server close the connection: that is how answers are cut off.
 */
final class Delivery {

    /** What an answer would look like if the call had been carried out; its id belongs to nothing. */
    private static final Answer MADE_UP = Answer.json(201,
        Json.object().put("id", "00000000-0000-0000-0000-000000000000").put("etag", "\"none\""));
    /** How {@code sendResponseHeaders} is told about bodies: a length, or one of these. */
    private static final long CHUNKED = 0;
    private static final long NO_BODY = -1;

    private final FaultPlan faults;
    /** Assigned once the front listens: it needs the server's port, and the server its handler. */
    private volatile Front front;

    Delivery(FaultPlan faults) {
        this.faults = faults;
    }

    void through(Front listening) {
        front = listening;
    }

    int send(HttpExchange exchange, Answer answer) throws IOException {
        OutputStream out = begin(exchange, answer, answer.body().length == 0 ? NO_BODY : answer.body().length);
        if (answer.body().length > 0) {
            out.write(answer.body());
        }
        exchange.close();
        return answer.status();
    }

    /** @param real the answer, if the call was carried out */
    int spoil(HttpExchange exchange, Request request, Fault fault, Optional<Answer> real) throws IOException {
        Answer answer = real.orElse(MADE_UP);
        switch (fault.kind) {
            case ANSWER:
                int status = fault.status == 0 ? answer.status() : fault.status;
                return send(exchange, new Answer(status, fault.headers, fault.contentType, fault.body));
            case ECHO:
                return send(exchange, echo(fault, request));
            case DRIP:
                drip(begin(exchange, answer, answer.body().length), answer.body(), fault.pace);
                exchange.close();
                return answer.status();
            case TRUNCATE:
                // the last byte is never sent: with it, nothing would be missing
                OutputStream out = begin(exchange, answer, answer.body().length);
                throw cut(out, answer, Math.max(0, Math.min(fault.cut, answer.body().length - 1)));
            case TRUNCATE_CHUNKED:
                throw cut(begin(exchange, answer, CHUNKED), answer, Math.min(fault.cut, answer.body().length));
            case HANG:
                hold();
                if (real.isPresent()) {
                    return send(exchange, answer);
                }
                throw new IOException("hung and let go");
            case RESET:
                front.reset(exchange.getRemoteAddress().getPort());
                throw new IOException("reset on purpose");
            default:
                throw new IOException("closed on purpose");
        }
    }

    private static OutputStream begin(HttpExchange exchange, Answer answer, long length) throws IOException {
        answer.headers().forEach(exchange.getResponseHeaders()::set);
        exchange.getResponseHeaders().set("x-request-id", UUID.randomUUID().toString());
        exchange.getResponseHeaders().set("Content-Type", answer.contentType());
        exchange.sendResponseHeaders(answer.status(), length);
        return exchange.getResponseBody();
    }

    private static Answer echo(Fault fault, Request request) {
        ObjectNode body = Json.object().put("errorMessage", "bad request: " + request.headers());
        return Answer.json(fault.status, body.set("errorDetails", Json.MAPPER.valueToTree(request.headers())));
    }

    private static IOException cut(OutputStream out, Answer answer, int length) throws IOException {
        out.write(answer.body(), 0, length);
        out.flush();
        return new IOException("cut on purpose");
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

    private void hold() throws IOException {
        try {
            faults.hold();
        } catch (InterruptedException e) {
            throw new InterruptedIOException("the simulator is closing");
        }
    }
}
