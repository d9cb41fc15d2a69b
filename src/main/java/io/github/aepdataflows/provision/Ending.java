package io.github.aepdataflows.provision;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.aepdataflows.ledger.Event;
import io.github.aepdataflows.provision.Provisioning.StepReport;
import io.github.aepdataflows.resource.Kinds;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.apache.camel.Exchange;
import org.apache.commons.lang3.StringUtils;
import org.slf4j.MDC;

/**
 * What has become of a definition, for the log and for the ledger's events. That of a failure lives in the exchange variable
 * {@code aepEnding}.
 *
 * @param outcome  that of the receipt, or paused, resumed, failed or waiting
 * @param dataflow empty when it is not known
 * @param flow     its id; empty when there is none
 * @param failure  the error document with the reason in a line; a missing node when nothing has failed
 */
public record Ending(String outcome, String dataflow, String flow, String file, JsonNode failure, String reason, Duration duration) {

    static final String VARIABLE = "aepEnding";

    private static final String OF_ONE_DEFINITION = "aep.definition";
    private static final int DIGITS = 8;
    private static final int MOST_REASON = 2_000;
    private static final int MOST_OF_A_FIELD = 100;
    private static final List<String> KEPT = List.of("category", "step", "status", "code", "requestId");

    /** From now on each line of this thread's log carries a random id of the definition at hand. */
    static void begin() {
        MDC.put(OF_ONE_DEFINITION, UUID.randomUUID().toString().substring(0, DIGITS));
    }

    /** Nothing more is said of the definition at hand. */
    public static void end() {
        MDC.remove(OF_ONE_DEFINITION);
    }

    static Ending done(Exchange exchange, Provisioning provisioning) {
        return new Ending(verb(provisioning), provisioning.definition().orElseThrow().name(), flow(exchange, provisioning), file(exchange),
                JsonNodeFactory.instance.missingNode(), "", provisioning.duration());
    }

    /** @param waits whether it is tried again without anybody's doing */
    static Ending failed(Exchange exchange, Provisioning provisioning, Failure failure, boolean waits) {
        return new Ending(waits ? Event.WAITING : "failed", failure.dataflow(), flow(exchange, provisioning),
                file(exchange), failure.document(), failure.summary(), provisioning.duration());
    }

    private static String file(Exchange exchange) {
        return exchange.getVariable("aepFile", "", String.class);
    }

    /** One whose flow was only switched off or on, was paused or resumed. */
    private static String verb(Provisioning provisioning) {
        Set<String> done = provisioning.reports().stream().map(StepReport::outcome)
                .filter(what -> !what.matches("unchanged|given|reused")).collect(Collectors.toSet());
        return done.equals(Set.of("disabled")) ? "paused" : done.equals(Set.of("enabled")) ? "resumed" : provisioning.outcome();
    }

    private static String flow(Exchange exchange, Provisioning provisioning) {
        String made = exchange.getMessage().getHeader(Kinds.FLOW.header(), "", String.class);
        return !made.isEmpty() ? made : provisioning.reports().stream().filter(report -> report.step().equals(Kinds.FLOW.key()))
                .map(StepReport::id).reduce("", (before, last) -> last);
    }

    /** As in {@code created dataflow crm: flow 1f…, crm.yaml, 0.9 s}. */
    public String getWords() {
        String who = outcome + (dataflow.isEmpty() ? "" : " dataflow " + dataflow);
        String seconds = String.format(Locale.ROOT, "%.1f s", duration.toMillis() / 1000.0);
        return failure.isMissingNode()
                ? "%s: %s%s%s".formatted(who, flow.isEmpty() ? "" : "flow " + flow + ", ", file.isEmpty() ? "" : file + ", ", seconds)
                : "%s after %s: %s".formatted(who, seconds, reason);
    }

    Event event() {
        Event event = Event.of(Event.PROVISIONED, dataflow, outcome).about(flow, file).took(duration);
        if (failure.isMissingNode()) {
            return event;
        }
        ObjectNode detail = JsonNodeFactory.instance.objectNode().put("definition", MDC.get(OF_ONE_DEFINITION));
        KEPT.stream().filter(failure::hasNonNull)
                .forEach(field -> detail.put(field, StringUtils.abbreviate(failure.get(field).asText(), MOST_OF_A_FIELD)));
        String text = detail.put("message", StringUtils.abbreviate(reason, MOST_REASON)).toString();
        for (int most = MOST_REASON; text.getBytes(StandardCharsets.UTF_8).length > Event.MOST_DETAIL; most /= 2) {
            text = detail.put("message", StringUtils.abbreviate(reason, most)).toString();
        }
        return event.with(text);
    }
}
