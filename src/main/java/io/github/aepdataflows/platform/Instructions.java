package io.github.aepdataflows.platform;

import java.util.Optional;
import org.apache.hc.core5.http.ClassicHttpRequest;
import org.apache.hc.core5.http.Header;

/**
 * What a message said about one call by {@link HeaderFilter#ACCEPT}, {@link HeaderFilter#IF_MATCH} and {@link HeaderFilter#SEND_BEFORE}.
 *
 * @param sendBefore in the time of {@link System#nanoTime}
 */
record Instructions(Optional<String> accept, Optional<String> ifMatch, Optional<Long> sendBefore) {

    /** Takes them off the request: what is left may be sent. */
    static Instructions takenOff(ClassicHttpRequest request) {
        return new Instructions(takeOff(request, HeaderFilter.ACCEPT), takeOff(request, HeaderFilter.IF_MATCH),
                takeOff(request, HeaderFilter.SEND_BEFORE).flatMap(Instructions::number));
    }

    private static Optional<String> takeOff(ClassicHttpRequest request, String name) {
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

    /** @throws PlatformException NOT_SENT for a create or change that could not be found again, or whose successor may be on the way already */
    void refuseUnlessInTime(String call, long nanoTime) throws PlatformException {
        if (sendBefore.isEmpty()) {
            throw PlatformException.withheld(Outcome.NOT_SENT, call, "not sent: no intent is recorded for it", null);
        } else if (nanoTime - sendBefore.get() >= 0) {   // not <: nanoTime may wrap
            throw PlatformException.withheld(Outcome.NOT_SENT, call, "not sent: the time to send it is over", null);
        }
    }
}
