package io.github.aepdataflows.provision;

import io.github.aepdataflows.definition.Connectors;
import io.github.aepdataflows.definition.Definition;
import io.github.aepdataflows.definition.DefinitionException;
import io.github.aepdataflows.definition.DefinitionReader;
import io.github.aepdataflows.settings.Settings;
import java.io.IOException;
import java.io.InputStream;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.support.ResourceHelper;

/** What the routes of the chain do between the calls: read the definition, and note each step's beginning and end. */
public final class Chain {

    private static final String SCHEMA = "classpath:aep-dataflows/dataflow.schema.json";

    static final String PROVISIONING = "aepProvisioning";
    static final String DEFINITION = "aepDefinition";

    private final DefinitionReader reader;
    private final Clock clock;

    /**
     * @param connectors where connectors.yaml is, as in {@code classpath:aep-dataflows/connectors.yaml}
     * @param clock      decides whether a start time lies in the past
     */
    public Chain(Settings settings, String connectors, Clock clock) throws IOException {
        CamelContext context = settings.getCamelContext();
        try (InputStream schema = ResourceHelper.resolveMandatoryResourceAsInputStream(context, SCHEMA);
                InputStream yaml = ResourceHelper.resolveMandatoryResourceAsInputStream(context, connectors)) {
            this.reader = new DefinitionReader(schema, Connectors.read(yaml), settings.sandbox(), clock);
        }
        this.clock = clock;
    }

    /** Reads the message body, a definition's bytes or text, into the variable {@code aepDefinition}. */
    public void start(Exchange exchange) throws DefinitionException, IOException {
        Provisioning provisioning = new Provisioning(clock.instant());
        exchange.setVariable(PROVISIONING, provisioning);
        for (String ofAnEarlierOne : List.of(DEFINITION, Receipts.ERROR, "aepSummary", "aepTryAgain")) {
            exchange.removeVariable(ofAnEarlierOne);
        }
        Definition definition = reader.read(content(exchange));
        provisioning.describedBy(definition);
        exchange.setVariable(DEFINITION, definition);
    }

    private static byte[] content(Exchange exchange) throws IOException {
        try (InputStream in = exchange.getMessage().getBody(InputStream.class)) {
            return in == null ? new byte[0] : in.readNBytes(DefinitionReader.MAX_BYTES + 1);
        }
    }

    /** Begins a step: {@code given} when the definition itself names the resource, else {@code new}. */
    public String begin(Exchange exchange, String step) {
        Provisioning provisioning = of(exchange);
        Optional<String> given = given(Step.of(step), provisioning.definition().orElseThrow().target());
        if (given.isPresent()) {
            exchange.getMessage().setHeader(Step.of(step).header(), given.get());
            provisioning.complete(Step.of(step), "given", given.get(), "");
            return "given";
        }
        provisioning.begin(Step.of(step));
        return "new";
    }

    private static Optional<String> given(Step step, Definition.Target target) {
        return switch (step) {
            case TARGET_SCHEMA -> target.schema().id();
            case TARGET_DATASET -> target.dataset().id();
            default -> Optional.empty();
        };
    }

    /** Ends a step whose id is in its header by now. */
    public void complete(Exchange exchange, String step, String outcome) {
        String id = exchange.getMessage().getHeader(Step.of(step).header(), String.class);
        String requestId = exchange.getVariable("header:aepResponse.x-request-id", String.class);
        of(exchange).complete(Step.of(step), outcome, id, requestId == null ? "" : requestId);
    }

    static Provisioning of(Exchange exchange) {
        return exchange.getVariable(PROVISIONING, Provisioning.class);
    }
}
