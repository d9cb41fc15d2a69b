package io.github.aepdataflows.platform;

import java.util.Optional;
import org.apache.hc.core5.http.ClassicHttpRequest;
import org.apache.hc.core5.http.Header;

/**
 * What a message said about one call by {@link HeaderFilter#ACCEPT}, {@link HeaderFilter#IF_MATCH} and {@link HeaderFilter#SEND_BEFORE}.
 *
 * @param sendBefore in the time of {@link System#nanoTime}
 */
record CallOptions(Optional<String> accept, Optional<String> ifMatch, Optional<Long> sendBefore) {

    /** Takes them off the request: what is left may be sent. */
    static CallOptions removedFrom(ClassicHttpRequest request) {
        return new CallOptions(remove(request, HeaderFilter.ACCEPT), remove(request, HeaderFilter.IF_MATCH),
                remove(request, HeaderFilter.SEND_BEFORE).flatMap(CallOptions::number));
    }

    private static Optional<String> remove(ClassicHttpRequest request, String name) {
        Optional<String> value = Optional.ofNullable(request.getFirstHeader(name)).map(Header::getValue);
        request.removeHeaders(name);
        return value;
    }

    private static Optional<Long> number(String text) {
        try {
            return Optional.of(Long.valueOf(text));
        } catch (NumberFormatException e) {
            return Optional.empty();
        }
    }

    /**
     * @throws PlatformException NOT_SENT for a create or change that could not be found again, or whose successor may be on the way already
     */
    void refuseUnlessInTime(String call, long nanoTime) throws PlatformException {
        if (sendBefore.isEmpty()) {
            throw PlatformException.withheld(Outcome.NOT_SENT, call, "not sent: no intent is recorded for it", null);
        } else if (nanoTime - sendBefore.get() >= 0) {   // not <: nanoTime may wrap
            throw PlatformException.withheld(Outcome.NOT_SENT, call, "not sent: the time to send it is over", null);
        }
    }
}
