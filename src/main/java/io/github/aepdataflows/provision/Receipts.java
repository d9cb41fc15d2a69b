package io.github.aepdataflows.provision;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.aepdataflows.definition.Definition;
import io.github.aepdataflows.definition.DefinitionException;
import io.github.aepdataflows.platform.AepHeaders;
import io.github.aepdataflows.platform.Outcome;
import io.github.aepdataflows.platform.PlatformException;
import io.github.aepdataflows.settings.Settings;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.RejectedExecutionException;
import java.util.stream.Collectors;
import org.apache.camel.Exchange;
import org.apache.commons.lang3.StringUtils;

/** Writes the two documents in which a definition ends: the receipt, and the error. */
public final class Receipts {

    /** The variable that holds the error document of a failed exchange, as text. */
    public static final String ERROR = "aepError";

    /** The variable that says whether the same definition may simply be tried again later. */
    public static final String TRY_AGAIN = "aepTryAgain";

    private static final ObjectMapper JSON = new ObjectMapper();

    private final Settings settings;
    private final Clock clock;
    private final Advice advice = new Advice();

    public Receipts(Settings settings, Clock clock) {
        this.settings = settings;
        this.clock = clock;
    }

    /** The receipt of a finished chain, as JSON text. */
    public String receipt(Exchange exchange) {
        Provisioning provisioning = Chain.of(exchange);
        Definition definition = provisioning.definition().orElseThrow();
        ObjectNode receipt = JSON.createObjectNode()
                .put("dataflow", definition.name())
                .put("sandbox", settings.sandbox())
                .put("outcome", "created")
                .put("digest", definition.digest())
                .put("startedAt", provisioning.startedAt().toString())
                .put("finishedAt", clock.instant().toString());
        addProgress(receipt, exchange, provisioning);
        return receipt.toPrettyString();
    }

    /** Puts the error document of a failed chain into the variable {@code aepError}. */
    public void error(Exchange exchange) {
        Exception failure = exchange.getProperty(Exchange.EXCEPTION_CAUGHT, Exception.class);
        Provisioning provisioning = Chain.of(exchange);
        Optional<Step> step = provisioning.current();
        ObjectNode error = JSON.createObjectNode()
                .put("dataflow", provisioning.definition().map(Definition::name).orElse(null))
                .put("sandbox", settings.sandbox())
                .put("file", exchange.getVariable("aepFile", String.class))
                .put("category", category(failure))
                .put("step", step.map(Step::key).orElse(null));
        if (failure instanceof PlatformException refusal) {
            error.put("status", refusal.getStatus() == 0 ? null : refusal.getStatus())
                    .put("code", refusal.getCode())
                    .put("message", message(refusal, step))
                    .put("advice", refusal.getOutcome() == Outcome.UNKNOWN && step.isPresent()
                            ? unknownAdvice(step.get(), provisioning) : advice.on(refusal))
                    .put("requestId", refusal.getRequestId());
        } else if (failure instanceof DefinitionException refused) {
            error.put("message", "the definition has %d fault(s); nothing was sent".formatted(refused.faults().size()))
                    .put("advice", "Mend the faults and drop the file into the inbox again.");
            error.set("faults", JSON.valueToTree(refused.faults()));
        } else {
            error.put("message", StringUtils.abbreviate(failure.toString(), 500))
                    .put("advice", "This is not the definition's fault. Please report it with the log.");
        }
        addProgress(error, exchange, provisioning);
        exchange.setVariable(ERROR, error.toPrettyString());
        exchange.setVariable("aepSummary", "%s: %s%s: %s".formatted(error.path("dataflow").asText("a definition"),
                error.path("category").asText(), step.map(at -> " at step " + at.key()).orElse(""), error.path("message").asText()));
        exchange.setVariable(TRY_AGAIN, !provisioning.madeSomething() && isOutage(failure));
    }

    /** Whether it was only the way to the Platform that failed: nothing is known against the definition. */
    private static boolean isOutage(Exception failure) {
        return failure instanceof RejectedExecutionException
                || failure instanceof PlatformException refusal && switch (refusal.getOutcome()) {
                    case NOT_SENT, THROTTLED, UNAUTHORIZED, CREDENTIALS_REFUSED -> true;
                    case UNKNOWN -> refusal.getMethod().equals("GET");
                    case REJECTED, CONFLICT -> false;
                };
    }

    private static String category(Exception failure) {
        if (failure instanceof DefinitionException) {
            return "definition";
        } else if (failure instanceof PlatformException refusal) {
            return switch (refusal.getOutcome()) {
                case REJECTED -> "rejected";
                case CONFLICT -> "conflict";
                case UNAUTHORIZED, CREDENTIALS_REFUSED -> "unauthorized";
                case NOT_SENT, THROTTLED, UNKNOWN -> "unavailable";
            };
        }
        return "internal";
    }

    private static String message(PlatformException failure, Optional<Step> step) {
        boolean unknown = failure.getOutcome() == Outcome.UNKNOWN && failure.getMethod().equals("POST");
        return unknown && step.isPresent()
                ? "the outcome of step %s is unknown: it may or may not have been created (%s)"
                        .formatted(step.get().key(), failure.getMessage())
                : failure.getText().isEmpty() ? failure.getMessage() : failure.getText();
    }

    private static String unknownAdvice(Step step, Provisioning provisioning) {
        List<Provisioning.StepReport> made = provisioning.reports();
        String so = made.isEmpty() ? "Nothing else was created."
                : "These exist: " + made.stream().map(report -> report.step() + " " + report.id()).collect(Collectors.joining(", ")) + ".";
        return "The step was not repeated, because that could create a second one. Look for the %s at the Platform. %s"
                .formatted(step.key(), so);
    }

    private static void addProgress(ObjectNode document, Exchange exchange, Provisioning provisioning) {
        ObjectNode resources = document.putObject("resources");
        for (Step step : Step.values()) {
            String id = exchange.getMessage().getHeader(step.header(), String.class);
            if (id != null) {
                resources.put(step.resource(), id);
            }
        }
        String flowSpecId = exchange.getMessage().getHeader(AepHeaders.FLOW_SPEC_ID, String.class);
        if (flowSpecId != null) {
            resources.put("flowSpec", flowSpecId);
        }
        document.set("steps", JSON.valueToTree(provisioning.reports()));
    }
}
