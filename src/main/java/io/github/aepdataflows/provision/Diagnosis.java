package io.github.aepdataflows.provision;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.aepdataflows.definition.Definition;
import io.github.aepdataflows.definition.DefinitionException;
import io.github.aepdataflows.definition.UnreadableFileException;
import io.github.aepdataflows.ledger.BusyException;
import io.github.aepdataflows.ledger.Lease;
import io.github.aepdataflows.ledger.LeaseLostException;
import io.github.aepdataflows.ledger.LedgerException;
import io.github.aepdataflows.platform.Outcome;
import io.github.aepdataflows.platform.PlatformException;
import io.github.aepdataflows.provision.Failure.TryAgain;
import io.github.aepdataflows.resource.Kind;
import java.nio.file.FileSystemException;
import java.util.Optional;
import java.util.ResourceBundle;
import java.util.concurrent.RejectedExecutionException;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.camel.Exchange;
import org.apache.commons.lang3.StringUtils;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What an exception of our routes means to the one who dropped the definition. */
public final class Diagnosis {

    private static final Logger LOG = LoggerFactory.getLogger("aep.provision");
    private static final int MAX_MESSAGE = 500;
    /** By the Platform's error code, with and without its prefix (FLOW-1360-400, 1360-400; XDM has numbers of its own), else by status. */
    private static final ResourceBundle ADVICE = ResourceBundle.getBundle("io.github.aepdataflows.provision.advice");

    private record Judgement(String category, String message, String advice, TryAgain tryAgain) {
    }

    private final Exception cause;
    private final Optional<Provisioning> provisioning;
    private final String step;
    private final Optional<PlatformException> refusal;
    private final Judgement judgement;

    private Diagnosis(Exception cause, Provisioning provisioning, boolean stopping) {
        this.cause = cause;
        this.provisioning = Optional.ofNullable(provisioning);
        this.step = this.provisioning.flatMap(Provisioning::current).map(Kind::key).orElse("");
        this.refusal = cause instanceof NotVisibleYetException unsettled ? unsettled.refusal()
                : cause instanceof ConflictException conflict ? conflict.refusal()
                : Optional.ofNullable(cause instanceof PlatformException failure ? failure : null);
        this.judgement = judge(stopping);
    }

    /** Of what the exchange has failed with. */
    public static Diagnosis of(Exchange exchange) {
        return new Diagnosis(exchange.getProperty(Exchange.EXCEPTION_CAUGHT, Exception.class), Provisioning.of(exchange),
                exchange.getContext().isStopping());
    }

    private Judgement judge(boolean stopping) {
        boolean unknownWrite = !step.isEmpty()
                && refusal.filter(failure -> failure.getOutcome() == Outcome.UNKNOWN && !failure.getMethod().equals("GET")).isPresent();
        String unknown = "the outcome of step %s is unknown: it may or may not have taken effect (%s)".formatted(step, cause.getMessage());
        String looked =
                "It is looked for before anything is sent again: provision the definition once more, and the chain goes on from here.";
        if (cause instanceof DefinitionException refused) {
            int count = refused.faults().size();
            return new Judgement("definition", "the definition has %s%s".formatted(count == 1 ? "a fault" : count + " faults", made()),
                    "Mend the faults and apply the definition again.", TryAgain.NO);
        }
        if (cause instanceof ConflictException conflict) {
            return new Judgement("conflict", cause.getMessage(), conflict.advice(), TryAgain.NO);
        }
        if (cause instanceof RejectedExecutionException || stopping && isTriedAgain()) {
            return new Judgement("unavailable", "the application was stopped while it waited to repeat the step",
                    unknownWrite || cause instanceof NotVisibleYetException ? looked : "Nothing is wrong with the definition.",
                    TryAgain.PAUSE);
        }
        if (cause instanceof NotVisibleYetException) {
            return new Judgement("unavailable", unknownWrite ? unknown : cause.getMessage(), looked, TryAgain.PAUSE);
        }
        if (cause instanceof BusyException || cause instanceof LeaseLostException) {
            return new Judgement("unavailable", cause.getMessage(),
                    "Nothing is wrong. Once that has ended, this one can go on. If nobody works on that any more,"
                    + " provision it once more first.", TryAgain.POSTPONE);
        }
        if (cause instanceof LedgerException) {
            return new Judgement("unavailable", cause.getMessage(),
                    "Nothing is sent that cannot be recorded: see to the ledger, aep.ledger.url.", TryAgain.PAUSE);
        }
        if (cause instanceof UnreadableFileException) {
            return new Judgement("unavailable", cause.getMessage(),
                    "Nothing was sent. See to its folder, aep.field-groups-dir or aep.overlays-dir.", TryAgain.POSTPONE);
        }
        if (cause instanceof FileSystemException trouble) {
            return new Judgement("unavailable", "%s cannot be used (%s)".formatted(trouble.getFile(), trouble.getReason() == null
                    ? trouble.getClass().getSimpleName() : trouble.getReason()),
                    "See to its disk and its rights: aep.data-dir.", TryAgain.POSTPONE);
        }
        if (cause instanceof PlatformException failure) {
            String text = failure.getText().isEmpty() ? failure.getMessage() : failure.getText();
            return new Judgement(switch (failure.getOutcome()) {
                case REJECTED -> "rejected";
                case CONFLICT -> "conflict";
                case UNAUTHORIZED, MISCONFIGURED -> "unauthorized";
                case NOT_SENT, THROTTLED, UNKNOWN -> "unavailable";
            }, unknownWrite ? unknown : text, unknownWrite ? looked : advice(failure) + waited(), switch (failure.getOutcome()) {
                case REJECTED, CONFLICT -> TryAgain.NO;
                case NOT_SENT, THROTTLED, UNAUTHORIZED, MISCONFIGURED -> TryAgain.PAUSE;
                // it answers the looks in between
                case UNKNOWN -> !failure.getMethod().equals("GET") || failure.isNotReady() ? TryAgain.POSTPONE : TryAgain.PAUSE;
            });
        }
        LOG.error("a fault of this program", cause);
        return new Judgement("internal", StringUtils.abbreviate(cause.toString(), MAX_MESSAGE),
                "This is not the definition's fault. Please report it with the log.", TryAgain.NO);
    }

    private String waited() {
        return provisioning.flatMap(Provisioning::waitedInVain).map(time -> (" It was repeated for %d s, as what it refers to had"
                + " only just been made; look whether that still exists.").formatted(time.toSeconds())).orElse("");
    }

    /** What can be done about it, with the setting to look at. */
    public static String advice(PlatformException failure) {
        return Stream.of(failure.getCode(), failure.getCode().replaceFirst("^(?!XDM-)[A-Z]+-", ""), String.valueOf(failure.getStatus()),
                failure.getOutcome().name())
                .filter(ADVICE::containsKey).findFirst().map(ADVICE::getString)
                .orElse("See the Platform's message; its documentation lists the code.");
    }

    private boolean isTriedAgain() {
        return cause instanceof NotVisibleYetException || cause instanceof PlatformException failure && switch (failure.getOutcome()) {
            case NOT_SENT, THROTTLED, UNKNOWN -> true;
            default -> false;
        };
    }

    private String made() {
        return provisioning.map(chain -> chain.lease().isEmpty() ? "; nothing was sent" : whatExists().isEmpty() ? "; nothing was created"
                : "").orElse("");
    }

    /** What the definition can be built on when it is provisioned again. */
    private String whatExists() {
        String all = provisioning.stream().flatMap(chain -> chain.reports().stream())
                .filter(report -> !report.outcome().matches("given|deleted|left|enabled|disabled|published"))
                .map(report -> report.step() + " " + report.id()).collect(Collectors.joining(", "));
        return all.isEmpty() ? "" : " These exist, and are used when the definition is provisioned again: " + all + ".";
    }

    /** Name of the dataflow as far as it is known. */
    Optional<String> dataflow() {
        return provisioning.flatMap(Provisioning::definition).map(Definition::name)
                .or(() -> provisioning.flatMap(Provisioning::lease).map(Lease::dataflow))
                .or(() -> cause instanceof DefinitionException refused ? refused.dataflow() : Optional.empty())
                .or(() -> cause instanceof UnreadableFileException unread ? unread.dataflow() : Optional.empty());
    }

    /**
     * What is wrong, and what to do about it: {@code category, step, status, code, requestId, message, advice, faults}, as far as it has
     * them.
     */
    public void addTo(ObjectNode document) {
        document.put("category", judgement.category);
        provisioning.ifPresent(chain -> document.put("step", step.isEmpty() ? null : step));
        refusal.ifPresent(failure -> document
                .put("status", failure.getStatus() == 0 ? null : failure.getStatus())
                .put("code", failure.getCode().isEmpty() ? null : failure.getCode())
                .put("requestId", failure.getRequestId().isEmpty() ? null : failure.getRequestId()));
        document.put("message", judgement.message).put("advice", judgement.advice + whatExists());
        if (cause instanceof DefinitionException refused) {
            refused.faults().forEach(fault -> fault.addTo(document.withArray("faults")));
        }
    }

    /** In one line, with the first fault or the advice. */
    String summary() {
        String what = cause instanceof DefinitionException ? ""   // the message says it
                : judgement.category + (step.isEmpty() ? "" : " at step " + step) + ": ";
        return "%s%s%s. %s".formatted(what, judgement.message, refusal.map(PlatformException::requestWords).orElse(""),
                firstFault().orElseGet(() -> judgement.advice + whatExists()));
    }

    /** Of a definition that has faults, with its place. */
    public Optional<String> firstFault() {
        return cause instanceof DefinitionException refused ? Optional.of(refused.faults().get(0).toString()) : Optional.empty();
    }

    /** A fault of this program, for which nobody else can do anything. */
    public boolean isInternal() {
        return judgement.category.equals("internal");
    }

    public String message() {
        return judgement.message;
    }

    public TryAgain tryAgain() {
        return judgement.tryAgain;
    }
}
