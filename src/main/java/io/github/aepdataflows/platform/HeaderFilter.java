package io.github.aepdataflows.platform;

import org.apache.camel.Exchange;
import org.apache.camel.spi.HeaderFilterStrategy;

/**
 * Keeps the message headers and the wire apart: no header of an exchange is ever sent, and of an answer's headers only
 * the request id comes back. What the Platform asks for is put on the request by {@link PlatformClient}.
 */
public final class HeaderFilter implements HeaderFilterStrategy {

    static final String REQUEST_ID = "x-request-id";

    @Override
    public boolean applyFilterToCamelHeaders(String name, Object value, Exchange exchange) {
        return true;
    }

    @Override
    public boolean applyFilterToExternalHeaders(String name, Object value, Exchange exchange) {
        return !name.equalsIgnoreCase(REQUEST_ID);
    }
}
