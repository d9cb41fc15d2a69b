package io.github.aepdataflows.platform;

import org.apache.camel.Exchange;
import org.apache.camel.spi.HeaderFilterStrategy;

/**
 * Keeps the message headers and the wire apart: no header of an exchange is ever sent, and of an answer's headers only
 * the request id and the etag come back. What the Platform asks for is put on the request by {@link PlatformClient}; three headers tell
 * it about one call, and it takes them off again before anything is sent.
 */
public final class HeaderFilter implements HeaderFilterStrategy {

    /** The media type that the answer of the next call is to have: becomes the request's {@code Accept}. */
    public static final String ACCEPT = "AepAccept";

    /**
     * Until when the next create or change may be sent: a value of {@link System#nanoTime}, as text. Whoever sets it has recorded
     * the intent. Without it, or when the time is over, nothing is sent and the call fails as NOT_SENT.
     */
    public static final String SEND_BEFORE = "AepSendBefore";

    /**
     * The etag that a resource must still have for the next call to change it, its quotes included: becomes the request's {@code If-Match}.
     */
    public static final String IF_MATCH = "AepIfMatch";

    static final String REQUEST_ID = "x-request-id";
    static final String ETAG = "etag";

    @Override
    public boolean applyFilterToCamelHeaders(String name, Object value, Exchange exchange) {
        return !name.equalsIgnoreCase(ACCEPT) && !name.equalsIgnoreCase(SEND_BEFORE) && !name.equalsIgnoreCase(IF_MATCH);
    }

    @Override
    public boolean applyFilterToExternalHeaders(String name, Object value, Exchange exchange) {
        return !name.equalsIgnoreCase(REQUEST_ID) && !name.equalsIgnoreCase(ETAG);
    }
}
