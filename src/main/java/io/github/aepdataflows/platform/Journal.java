package io.github.aepdataflows.platform;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.aepdataflows.settings.Settings;
import java.io.IOException;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.hc.client5.http.classic.methods.HttpGet;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.Header;

/**
 * The journal of an event registration of Adobe I/O Events, which is read page by page: {@code aep.journal.url}. It lies on another host
 * than the Platform and knows the same token; neither goes anywhere else, wherever its links point.
 */
public final class Journal {

    /**
     * @param events   each with whatever it holds; none at the end of the journal
     * @param position from where to read on
     * @param pause    how long to wait, where the journal says so
     */
    public record Page(List<JsonNode> events, String position, Optional<Duration> pause) {
    }

    /** The position is none of this journal, or not any more: it keeps events for seven days. */
    public static final class LostPositionException extends IOException {

        private static final long serialVersionUID = 1L;

        LostPositionException(String message) {
            super(message);
        }
    }

    /** The journal cannot be read now, and wants to be left alone for a while. */
    public static final class BusyException extends IOException {

        private static final long serialVersionUID = 1L;

        private final transient Duration pause;

        BusyException(String message, Duration pause) {
            super(message);
            this.pause = pause;
        }

        public Duration pause() {
            return pause;
        }
    }

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Pattern NEXT = Pattern.compile("\\s*<([^<>]{1,2000})>\\s*;(?:[^,]*;)?\\s*rel=\"?next\"?\\s*(?:;.*)?");
    private static final Set<Integer> LOST = Set.of(400, 404, 410);
    private static final String LATEST = "?latest=true";

    private final Settings settings;
    private final CloseableHttpClient client;
    private final TokenProvider tokens;
    private final Clock clock;

    Journal(Settings settings, CloseableHttpClient client, TokenProvider tokens, Clock clock) {
        this.settings = settings;
        this.client = client;
        this.tokens = tokens;
        this.clock = clock;
    }

    /**
     * Reads a page.
     *
     * @param position that of the page before; empty for the newest event, from where on the journal is read
     * @throws LostPositionException when the position is not accepted
     * @throws BusyException         when it says how long it wants to be left alone
     * @throws IOException           when the journal cannot be read now; no message holds a secret
     */
    public Page read(String position) throws IOException {
        URI base = URI.create(settings.text("aep.journal.url"));
        URI target = position.isEmpty() ? URI.create(base + LATEST) : resolved(base, position);
        HttpGet request = new HttpGet(target);
        String token = tokens.get();
        request.setHeader("Authorization", "Bearer " + token);
        request.setHeader("x-api-key", settings.clientId());
        request.setHeader("x-ims-org-id", settings.orgId());
        return client.execute(request, answer -> page(answer, target, token, !position.isEmpty()));
    }

    /** @throws IOException when it is on another host */
    private static URI resolved(URI base, String link) throws IOException {
        try {
            URI target = base.resolve(link);
            if (target.getRawUserInfo() == null && base.getScheme().equals(target.getScheme())
                    && base.getRawAuthority().equals(target.getRawAuthority())) {
                return target;
            }
        } catch (IllegalArgumentException e) {
            throw new LostPositionException("the journal's link to the next page is no URL");
        }
        throw new LostPositionException("the journal's link to the next page leads to another host");
    }

    private Page page(ClassicHttpResponse answer, URI target, String token, boolean hasPosition) throws IOException {
        int status = answer.getCode();
        Optional<Duration> wait = RetryAfter.of(answer, clock, settings.duration("aep.redelivery.retry-after-cap"));
        if (status == 200 || status == 204) {
            List<JsonNode> events = status == 204 ? List.of() : events(Calls.text(answer));
            String next = next(answer);
            if (next.isEmpty()) {
                throw new IOException("the journal gave no link to the next page");
            }
            resolved(target, next);
            return new Page(events, next, wait);
        } else if (status == 401) {
            tokens.refused(token);
        } else if (hasPosition && LOST.contains(status)) {
            throw new LostPositionException("the journal does not know the position any more: status " + status);
        }
        String why = "the journal cannot be read: status " + status;
        throw wait.<IOException>map(pause -> new BusyException(why, pause)).orElseGet(() -> new IOException(why));
    }

    private static List<JsonNode> events(String body) throws IOException {
        try {
            List<JsonNode> events = new ArrayList<>();
            JSON.readTree(body).path("events").forEach(events::add);
            return events;
        } catch (JsonProcessingException e) {
            throw new IOException("the answer of the journal is not JSON", e);
        }
    }

    /** The path and query of the next page, as the header Link says; empty when it does not. */
    private static String next(ClassicHttpResponse answer) {
        return Arrays.stream(answer.getHeaders("Link")).map(Header::getValue).flatMap(value -> Stream.of(value.split(",(?=\\s*<)")))
                .map(NEXT::matcher).filter(Matcher::matches).map(link -> link.group(1)).findFirst().orElse("");
    }
}
