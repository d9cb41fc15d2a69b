package io.github.aepdataflows.provision;

import io.github.aepdataflows.definition.DefinitionException;
import io.github.aepdataflows.ledger.BusyException;
import io.github.aepdataflows.ledger.LeaseLostException;
import io.github.aepdataflows.ledger.LedgerException;
import io.github.aepdataflows.platform.Outcome;
import io.github.aepdataflows.platform.PlatformException;
import io.github.aepdataflows.resource.Kind;
import java.util.Optional;
import java.util.concurrent.RejectedExecutionException;
import java.util.stream.Collectors;
import org.apache.commons.lang3.StringUtils;

/** What a failed chain means to the one who dropped the definition. */
final class Failure {

    private static final int MAX_MESSAGE = 500;
    private static final Advice ADVICE = new Advice();

    private final Exception cause;
    private final Provisioning provisioning;
    private final boolean stopping;

    /** @param stopping whether the application is: then nothing is tried again any more */
    Failure(Exception cause, Provisioning provisioning, boolean stopping) {
        this.cause = cause;
        this.provisioning = provisioning;
        this.stopping = stopping;
    }

    Optional<PlatformException> refusal() {
        if (cause instanceof NotVisibleYetException unsettled) {
            return unsettled.refusal();
        } else if (cause instanceof ConflictException conflict) {
            return conflict.refusal();
        }
        return cause instanceof PlatformException refusal ? Optional.of(refusal) : Optional.empty();
    }

    Optional<DefinitionException> faults() {
        return cause instanceof DefinitionException faults ? Optional.of(faults) : Optional.empty();
    }

    /** A fault of this program, for which nobody else can do anything. */
    boolean isInternal() {
        return category().equals("internal");
    }

    String category() {
        if (faults().isPresent()) {
            return "definition";
        } else if (cause instanceof ConflictException) {
            return "conflict";
        } else if (isStop() || cause instanceof LedgerException || cause instanceof NotVisibleYetException) {
            return "unavailable";
        }
        return refusal().map(refusal -> switch (refusal.getOutcome()) {
            case REJECTED -> "rejected";
            case CONFLICT -> "conflict";
            case UNAUTHORIZED, MISCONFIGURED -> "unauthorized";
            case NOT_SENT, THROTTLED, UNKNOWN -> "unavailable";
        }).orElse("internal");
    }

    String message() {
        if (faults().isPresent()) {
            int count = faults().get().faults().size();
            String made = provisioning.lease().isEmpty() ? "; nothing was sent" : whatExists().isEmpty() ? "; nothing was created" : "";
            return "the definition has %s%s".formatted(count == 1 ? "a fault" : count + " faults", made);
        } else if (isStop()) {
            return "the application was stopped while it waited to repeat the step";
        } else if (isUnknownWrite()) {
            return "the outcome of step %s is unknown: it may or may not have taken effect (%s)"
                    .formatted(step(), cause.getMessage());
        } else if (isForeseen()) {
            return cause.getMessage();
        }
        return refusal().map(refusal -> refusal.getText().isEmpty() ? refusal.getMessage() : refusal.getText())
                .orElseGet(() -> StringUtils.abbreviate(cause.toString(), MAX_MESSAGE));
    }

    private boolean isForeseen() {
        return cause instanceof ConflictException || cause instanceof LedgerException || cause instanceof NotVisibleYetException;
    }

    String advice() {
        if (faults().isPresent()) {
            return "Mend the faults and drop the file into the inbox again." + whatExists();
        } else if (cause instanceof ConflictException conflict) {
            return conflict.advice() + whatExists();
        } else if (isUnknownWrite() || cause instanceof NotVisibleYetException) {
            return "It is looked for before anything is sent again: provision the definition once more, and the chain goes on from here."
                    + whatExists();
        } else if (cause instanceof BusyException || cause instanceof LeaseLostException) {
            return "Nothing is wrong. Once that has ended, this one can go on. If nobody works on that any more, provision it once more first."
                    + whatExists();
        } else if (cause instanceof LedgerException) {
            return "Nothing is sent that cannot be recorded: see to the ledger, aep.ledger.url." + whatExists();
        } else if (isStop()) {
            return "Nothing is wrong with the definition." + whatExists();
        }
        return refusal().map(ADVICE::on).orElse("This is not the definition's fault. Please report it with the log.") + whatExists();
    }

    /**
     * What becomes of the file: {@code no}, it goes to failed/; {@code pause}, it stays in the inbox, because only the way
     * to the Platform failed; {@code postpone}, it stays, and only it has to wait.
     */
    String tryAgain() {
        if (cause instanceof BusyException || cause instanceof LeaseLostException) {
            return "postpone";
        } else if (isStop() || cause instanceof LedgerException || cause instanceof NotVisibleYetException) {
            return "pause";
        }
        return refusal().map(refusal -> switch (refusal.getOutcome()) {
            case NOT_SENT, THROTTLED, UNAUTHORIZED, MISCONFIGURED -> "pause";
            case UNKNOWN -> !refusal.getMethod().equals("GET") || refusal.isNotReady() ? "postpone" : "pause";   // it answers the looks in between
            case REJECTED, CONFLICT -> "no";
        }).orElse("no");
    }

    /** In one line, with the first fault or the advice. */
    String summary() {
        String more = faults().map(faults -> faults.faults().get(0).toString()).orElseGet(this::advice);
        return "%s%s: %s. %s".formatted(category(), step().isEmpty() ? "" : " at step " + step(), message(), more);
    }

    private boolean isStop() {
        boolean wouldGoOn = cause instanceof NotVisibleYetException || cause instanceof PlatformException refusal && switch (refusal.getOutcome()) {
            case NOT_SENT, THROTTLED, UNKNOWN -> true;
            default -> false;
        };
        return cause instanceof RejectedExecutionException || stopping && wouldGoOn;
    }

    private boolean isUnknownWrite() {
        return !step().isEmpty() && refusal().filter(refusal ->
                refusal.getOutcome() == Outcome.UNKNOWN && !refusal.getMethod().equals("GET")).isPresent();
    }

    private String step() {
        return provisioning.current().map(Kind::key).orElse("");
    }

    /** What the definition can be built on when it is provisioned again. */
    private String whatExists() {
        String all = provisioning.reports().stream().filter(report -> !report.outcome().matches("given|deleted|left|enabled|disabled"))
                .map(report -> report.step() + " " + report.id()).collect(Collectors.joining(", "));
        return all.isEmpty() ? "" : " These exist, and are used when the definition is provisioned again: " + all + ".";
    }
}
