package io.github.aepdataflows.bench;

import io.github.aepdataflows.simulator.Fault;
import java.time.Duration;
import java.util.List;

/**
 * The ways in which a call can go wrong at the Platform or on the way back. Those on the way there are in {@link Wires}.
 *
 * @param fault      as it happens before the commit
 * @param after      whether it can happen after the commit, too: a gateway's refusal cannot
 * @param rejected   whether it tells for sure that nothing was made, and never will be
 */
record FaultKind(String name, Fault fault, boolean after, boolean rejected) {

    /** The answer names a resource that this application has made for another dataflow. */
    static final String ANOTHER_OF_OURS = "another of ours 2xx";
    /** The answer names a resource that the ledger knows nothing of. */
    static final String FOREIGN = "foreign resource 2xx";

    private static final int TOO_LARGE = 17 * 1024 * 1024;

    /** @param elsewhere where redirects lead: nobody may ever ask there */
    static List<FaultKind> all(String elsewhere) {
        Fault oversized = Fault.oversized(TOO_LARGE);
        return List.of(
                unknown("reset-on-read", Fault.reset()),
                unknown("closed without answer", Fault.closeWithoutAnswer()),
                unknown("read timeout", Fault.hang()),
                unknown("total deadline", Fault.drip(Duration.ofMillis(60))),
                unknown("truncated length", Fault.truncate(5)),
                unknown("truncated chunked", Fault.truncateChunked(5)),
                unknown("empty 2xx", Fault.body("")),
                unknown("HTML 2xx", Fault.html()),
                unknown("id-less 2xx", Fault.body("{\"etag\":\"x\"}")),
                unknown(ANOTHER_OF_OURS, Fault.body("null")),
                unknown(FOREIGN, Fault.body("null")),
                unknown("oversized 2xx", oversized),
                unknown("3xx", Fault.redirect(307, elsewhere)),
                unknown("500", Fault.status(500)),
                unknown("502", Fault.status(502)),
                unknown("503", Fault.status(503)),
                unknown("504", Fault.status(504)),
                unknown("409", Fault.status(409)),
                unknown("412", Fault.status(412)),
                gateway("401", Fault.gateway("401013", "Oauth token is not valid")),
                gateway("429", Fault.status(429).header("Retry-After", "0")),
                rejected("400", Fault.status(400)),
                rejected("403", Fault.answer(403, "application/json", "{\"message\":\"no permission for this resource\"}")),
                rejected("404", Fault.status(404)),
                rejected("422", Fault.status(422)));
    }

    private static FaultKind unknown(String name, Fault fault) {
        return new FaultKind(name, fault, true, false);
    }

    private static FaultKind gateway(String name, Fault fault) {
        return new FaultKind(name, fault, false, false);
    }

    private static FaultKind rejected(String name, Fault fault) {
        return new FaultKind(name, fault, false, true);
    }

    boolean conflict() {
        return name.equals("409") || name.equals("412");
    }

    /** @param other the answer to a call that made something else, for the two kinds that need one */
    Fault at(boolean afterCommit, String other) {
        Fault chosen = name.equals(ANOTHER_OF_OURS) || name.equals(FOREIGN) ? Fault.answer(201, "application/json", other) : fault;
        return afterCommit ? chosen.afterCommit() : chosen;
    }
}
