package io.github.aepdataflows.simulator;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/**
 * How one call goes wrong. A fault happens before the commit (the call has no effect) unless it says {@link #afterCommit()}
 * (the effect happens, only its answer is spoilt).
 */
public final class Fault {

    enum Kind { ANSWER, ECHO, RESET, CLOSE, HANG, SWAP, DRIP, TRUNCATE, TRUNCATE_CHUNKED }

    final Kind kind;
    /** 0: the status of the spoilt answer. */
    final int status;
    final Map<String, String> headers;
    final String contentType;
    /** Null: the body of the spoilt answer. */
    final byte[] body;
    final int cut;
    final Duration pace;
    final boolean afterCommit;
    final Duration hiddenFor;

    private Fault(Kind kind, int status, Map<String, String> headers, String contentType, byte[] body, int cut, Duration pace,
                  boolean afterCommit, Duration hiddenFor) {
        this.kind = kind;
        this.status = status;
        this.headers = Map.copyOf(headers);
        this.contentType = contentType;
        this.body = body;
        this.cut = cut;
        this.pace = pace;
        this.afterCommit = afterCommit;
        this.hiddenFor = hiddenFor;
    }

    private static Fault of(Kind kind, int cut, Duration pace) {
        return new Fault(kind, 0, Map.of(), "application/json", null, cut, pace, false, Duration.ZERO);
    }

    /** Answers with this status and an error body of the gateway. */
    public static Fault status(int status) {
        return status == 429 ? gateway("429050", "Too many requests") : gateway(status + "000", "Status " + status);
    }

    /** A gateway error such as {@code 401013}; the status is its first three digits. */
    public static Fault gateway(String code, String message) {
        String json = Json.object().put("error_code", code).put("message", message).toString();
        return answer(Integer.parseInt(code.substring(0, 3)), "application/json", json);
    }

    /** Answers with exactly this. */
    public static Fault answer(int status, String contentType, String body) {
        return new Fault(Kind.ANSWER, status, Map.of(), contentType, body.getBytes(StandardCharsets.UTF_8), 0, Duration.ZERO,
            false, Duration.ZERO);
    }

    /** Keeps the status, replaces the body: {@code []}, {@code null}, no id, another resource, broken JSON, nothing at all. */
    public static Fault body(String body) {
        return answer(0, "application/json", body);
    }

    /** A login page of some proxy, with status 200. */
    public static Fault html() {
        return answer(200, "text/html", "<html><body><form action=\"/login\">Sign in</form></body></html>");
    }

    /** Keeps the status; a JSON object whose id makes the body this many bytes long. */
    public static Fault oversized(int bytes) {
        byte[] id = new byte[Math.max(1, bytes - "{\"id\":\"\"}".length())];
        Arrays.fill(id, (byte) 'a');
        return body("{\"id\":\"" + new String(id, StandardCharsets.US_ASCII) + "\"}");
    }

    public static Fault redirect(int status, String location) {
        return answer(status, "text/plain", "").header("Location", location);
    }

    /** An error body that repeats the body and every header of the request, the token included. */
    public static Fault echo(int status) {
        Fault fault = of(Kind.ECHO, 0, Duration.ZERO);
        return new Fault(fault.kind, status, fault.headers, fault.contentType, null, 0, fault.pace, false, Duration.ZERO);
    }

    /** TCP reset instead of an answer. */
    public static Fault reset() {
        return of(Kind.RESET, 0, Duration.ZERO);
    }

    /** The connection is closed in an orderly way, without an answer. */
    public static Fault closeWithoutAnswer() {
        return of(Kind.CLOSE, 0, Duration.ZERO);
    }

    /** No answer until {@link FaultPlan#release()}; then the answer if it was committed, else the connection is closed. */
    public static Fault hang() {
        return of(Kind.HANG, 0, Duration.ZERO);
    }

    /**
     * Two calls of one collection are carried out and get each other's answers. The first waits for the second;
     * {@link FaultPlan#release()} gives it its own.
     */
    public static Fault swap() {
        return of(Kind.SWAP, 0, Duration.ZERO).afterCommit();
    }

    /** The answer arrives byte by byte. */
    public static Fault drip(Duration perByte) {
        return of(Kind.DRIP, 0, perByte);
    }

    /** Declares the full length, then closes after this many bytes of the body. */
    public static Fault truncate(int bytes) {
        return of(Kind.TRUNCATE, bytes, Duration.ZERO);
    }

    /** Chunked transfer that ends after this many bytes of the body without the last chunk. */
    public static Fault truncateChunked(int bytes) {
        return of(Kind.TRUNCATE_CHUNKED, bytes, Duration.ZERO);
    }

    /** Adds a header, such as {@code Retry-After}, to an answer that the fault makes. */
    public Fault header(String name, String value) {
        Map<String, String> more = new HashMap<>(headers);
        more.put(name, value);
        return new Fault(kind, status, more, contentType, body, cut, pace, afterCommit, hiddenFor);
    }

    public Fault beforeCommit() {
        return new Fault(kind, status, headers, contentType, body, cut, pace, false, hiddenFor);
    }

    public Fault afterCommit() {
        return new Fault(kind, status, headers, contentType, body, cut, pace, true, hiddenFor);
    }

    /** The call is carried out, but what it creates shows only after this time of the simulator's clock: a late commit. */
    public Fault committedLater(Duration by) {
        return new Fault(kind, status, headers, contentType, body, cut, pace, true, by);
    }
}
