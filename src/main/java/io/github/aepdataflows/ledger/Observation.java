package io.github.aepdataflows.ledger;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import java.nio.charset.StandardCharsets;
import org.apache.commons.lang3.StringUtils;

/**
 * What was seen of something that is watched.
 *
 * @param subject  what: the kind, a slash and an id
 * @param state    in one word
 * @param alarming whether somebody is to be told when it comes to that
 * @param dataflow the name of its dataflow, or of a flow that is none of ours, which is cut where it is very long; may be empty
 * @param flowId   may be empty
 * @param reason   in words, which are cut where an event has no room for them
 */
public record Observation(String subject, String state, boolean alarming, String dataflow, String flowId, String reason) {

    /** Beginning of the subjects that are checks of the program's health. */
    public static final String CHECK = "check/";

    private static final int MOST_REASON = Event.MOST_DETAIL / 2;
    private static final int MOST_NAME = 255;

    public Observation {
        dataflow = StringUtils.abbreviate(dataflow.replace('\0', '?'), "…", MOST_NAME);   // PostgreSQL: no NUL, no long index
        while (bytes(reason) > MOST_REASON) {
            reason = StringUtils.abbreviate(reason, "…", reason.length() * 3 / 4);
        }
    }

    /** Beginning of the subjects that are checks of the instance on a host, one of several that share the ledger. */
    public static String checksOf(String host) {
        return CHECK + host + "/";
    }

    /** The host of a check of that form. */
    static String host(String subject) {
        return subject.substring(CHECK.length(), subject.lastIndexOf('/'));
    }

    /** Of the text in JSON. */
    private static int bytes(String text) {
        return new String(JsonStringEncoder.getInstance().quoteAsString(text)).getBytes(StandardCharsets.UTF_8).length;
    }
}
