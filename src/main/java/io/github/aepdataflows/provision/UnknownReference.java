package io.github.aepdataflows.provision;

import io.github.aepdataflows.platform.PlatformException;
import io.github.aepdataflows.resource.Kind;
import io.github.aepdataflows.resource.Kinds;
import java.util.Collection;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The refusal of a call that refers to something made a moment ago, which the service that was called does not know yet. Adobe's documents
 * show such refusals as a 404 or a 400, with and without a code, with and without the id.
 */
final class UnknownReference {

    private static final int NOT_FOUND = 404;
    private static final int BAD_REQUEST = 400;

    /** No dataset (1306, 1325), no version of the mapping set (1412), no mapping set (1419). */
    private static final Set<String> CODES = Set.of("1306-400", "1325-400", "1412-400", "1419-400");
    private static final String WHAT = "(schema|data ?set|connection|mapping|resource|reference|descriptor)";
    private static final Pattern TEXT = Pattern.compile("not? (found|exist|such|visible|available)|n't exist|names no"
            + "|could ?n[o']t (find|resolve)|can ?n[o']t be (found|resolved|read)|should be valid|is not the \\$id"
            + "|(invalid|unknown)\\W+" + WHAT + "|" + WHAT + "\\w*\\b.{0,60}\\b(unknown|invalid)",
            Pattern.CASE_INSENSITIVE | Pattern.DOTALL);

    private UnknownReference() {
    }

    /**
     * @param kind    of what was refused
     * @param reports what the dataflow has by now
     */
    static boolean isLikely(PlatformException refusal, Kind kind, Collection<Provisioning.StepReport> reports) {
        boolean refers = refusal.getStatus() == NOT_FOUND
                || refusal.getStatus() == BAD_REQUEST && (CODES.stream().anyMatch(refusal.getCode()::endsWith)
                || TEXT.matcher(refusal.getText()).find());
        return refers && reports.stream().filter(report -> refersTo(kind, Kinds.of(report.step())))
                .anyMatch(report -> report.outcome().matches("created|adopted|updated")
                || !report.outcome().equals("given") && refusal.getText().contains(report.id()));
    }

    private static boolean refersTo(Kind kind, Kind other) {
        return kind == other || kind.builtOn().stream().anyMatch(base -> refersTo(base, other));
    }
}
