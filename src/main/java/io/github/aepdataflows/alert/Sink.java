package io.github.aepdataflows.alert;

import java.io.IOException;
import java.util.Map;

/** Somebody who is told of alerts. */
interface Sink {

    /** It was understood, and is not taken: saying the same once more is hardly of use. */
    final class RefusedException extends IOException {

        private static final long serialVersionUID = 1L;

        RefusedException(String message) {
            super(message);
        }
    }

    /** One word, which the ledger keeps. */
    String name();

    /**
     * Tells of an alert. Returns when it was told for certain.
     *
     * @param id the same whenever this alert is told again
     * @throws IOException when it may not have been told; the message holds no secret
     */
    void tell(long id, Map<String, String> values) throws IOException;
}
