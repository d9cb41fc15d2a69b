package io.github.aepdataflows.provision;

import io.github.aepdataflows.definition.DefinitionException;
import io.github.aepdataflows.platform.Outcome;
import io.github.aepdataflows.platform.PlatformException;
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

    Failure(Exception cause, Provisioning provisioning) {
        this.cause = cause;
        this.provisioning = provisioning;
    }

    Optional<PlatformException> refusal() {
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
        } else if (isStop()) {
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
            return "the definition has %s; nothing was sent".formatted(count == 1 ? "a fault" : count + " faults");
        } else if (isStop()) {
            return "the application was stopped while it waited to repeat the step";
        } else if (isUnknownCreate()) {
            return "the outcome of step %s is unknown: it may or may not have been created (%s)"
                    .formatted(step(), cause.getMessage());
        }
        return refusal().map(refusal -> refusal.getText().isEmpty() ? refusal.getMessage() : refusal.getText())
                .orElseGet(() -> StringUtils.abbreviate(cause.toString(), MAX_MESSAGE));
    }

    String advice() {
        if (faults().isPresent()) {
            return "Mend the faults and drop the file into the inbox again.";
        } else if (isUnknownCreate()) {
            return "The step was not repeated, because that could create a second one. Look for the %s at the Platform.%s"
                    .formatted(step(), whatExists());
        } else if (isStop()) {
            return "Nothing is wrong with the definition." + whatExists();
        }
        return refusal().map(ADVICE::on).orElse("This is not the definition's fault. Please report it with the log.") + whatExists();
    }

    /** Whether the same definition may simply be tried again later: only the way to the Platform failed, nothing was made. */
    boolean isWorthAnotherTry() {
        return !provisioning.madeSomething() && (isStop() || refusal().filter(refusal -> switch (refusal.getOutcome()) {
            case NOT_SENT, THROTTLED, UNAUTHORIZED, MISCONFIGURED -> true;
            case UNKNOWN -> refusal.getMethod().equals("GET");
            case REJECTED, CONFLICT -> false;
        }).isPresent());
    }

    /** In one line, with the first fault or the advice. */
    String summary() {
        String more = faults().map(faults -> faults.faults().get(0).toString()).orElseGet(this::advice);
        return "%s%s: %s. %s".formatted(category(), step().isEmpty() ? "" : " at step " + step(), message(), more);
    }

    private boolean isStop() {
        return cause instanceof RejectedExecutionException;
    }

    private boolean isUnknownCreate() {
        return !step().isEmpty() && refusal().filter(refusal ->
                refusal.getOutcome() == Outcome.UNKNOWN && refusal.getMethod().equals("POST")).isPresent();
    }

    private String step() {
        return provisioning.current().map(Step::key).orElse("");
    }

    /** What a second drop of the file would stumble over, and how to build on it instead. */
    private String whatExists() {
        if (!provisioning.madeSomething()) {
            return "";
        }
        String all = provisioning.reports().stream().filter(report -> !report.outcome().equals("given"))
                .map(report -> report.step() + " " + report.id()).collect(Collectors.joining(", "));
        boolean schema = provisioning.reports().stream()
                .anyMatch(report -> report.step().equals(Step.TARGET_SCHEMA.key()) && report.outcome().equals("created"));
        return " These exist: " + all + "." + (schema
                ? " Give the target schema's id in target.schema.id, and the dataset's in target.dataset.id if there is one, "
                + "before you drop the file again." : "");
    }
}
