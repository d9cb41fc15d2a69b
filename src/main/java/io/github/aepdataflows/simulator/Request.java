package io.github.aepdataflows.simulator;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * One request as it came over the wire.
 *
 * @param sequence 1 for the first request of this simulator
 * @param instant  arrival by the simulator's clock
 * @param path     raw (still percent-encoded) path without the query
 * @param query    raw query, empty if there is none
 * @param headers  all headers of the wire, names in lower case
 * @param status   the status that was answered; 0 as long as nothing was
 */
public record Request(long sequence, Instant instant, String method, String path, String query,
                      Map<String, List<String>> headers, byte[] body, int status) {

    /** First value of a header. */
    public Optional<String> header(String name) {
        return headers.getOrDefault(name.toLowerCase(Locale.ROOT), List.of()).stream().findFirst();
    }

    /** The body read as UTF-8. */
    public String text() {
        return new String(body, StandardCharsets.UTF_8);
    }

    Request answered(int answer) {
        return new Request(sequence, instant, method, path, query, headers, body, answer);
    }
}
