package io.github.aepdataflows.plan;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.aepdataflows.check.Examination;
import io.github.aepdataflows.definition.Definition;
import io.github.aepdataflows.ledger.Ledger;
import io.github.aepdataflows.ledger.LedgerException;
import io.github.aepdataflows.ledger.RecordedStep;
import io.github.aepdataflows.platform.AepHeaders;
import io.github.aepdataflows.platform.Answers;
import io.github.aepdataflows.platform.Searches;
import io.github.aepdataflows.settings.Settings;
import java.io.IOException;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import org.apache.camel.Exchange;
import org.apache.camel.Variable;

/** What the routes of {@code direct:aep-plan} call, step by step. */
public final class Planner {

    private final Settings settings;
    private final Ledger ledger;
    private final Answers answers;
    private final Clock clock;

    /** @param clock decides whether a flow has started */
    public Planner(Settings settings, Ledger ledger, Answers answers, Clock clock) {
        this.settings = settings;
        this.ledger = ledger;
        this.answers = answers;
        this.clock = clock;
    }

    /** Takes the ids that the ledger has, or that the definition names, into the headers. Out: variable {@code aepPlan}. */
    public void begin(Exchange exchange, @Variable("aepDefinition") Definition definition, @Variable("aepExamination") Examination examination)
            throws LedgerException {
        exchange.setVariable("aepPlan", new Plan(definition.name()));
        for (RecordedStep step : ledger.steps(definition.name())) {
            header(step.key().step()).filter(header -> !step.result().id().isEmpty())
                    .ifPresent(header -> exchange.getMessage().setHeader(header, step.result().id()));
            if (step.key().step().equals("mapping-set") && !step.result().id().isEmpty()) {
                exchange.getMessage().setHeader(AepHeaders.MAPPING_SET_VERSION, Integer.valueOf(step.result().version()));
            }
        }
        examination.schemaId().ifPresent(id -> exchange.getMessage().setHeader(AepHeaders.TARGET_SCHEMA_ID, id));
        examination.datasetId().ifPresent(id -> exchange.getMessage().setHeader(AepHeaders.TARGET_DATASET_ID, id));
    }

    private static Optional<String> header(String step) {
        return Optional.ofNullable(switch (step) {
            case "source-class" -> AepHeaders.SOURCE_CLASS_ID;
            case "source-schema" -> AepHeaders.SOURCE_SCHEMA_ID;
            case "source-connection" -> AepHeaders.SOURCE_CONNECTION_ID;
            case "target-schema" -> AepHeaders.TARGET_SCHEMA_ID;
            case "target-dataset" -> AepHeaders.TARGET_DATASET_ID;
            case "dataset-connection" -> AepHeaders.DATASET_CONNECTION_ID;
            case "target-connection" -> AepHeaders.TARGET_CONNECTION_ID;
            case "mapping-set" -> AepHeaders.MAPPING_SET_ID;
            case "flow" -> AepHeaders.FLOW_ID;
            default -> null;
        });
    }

    /** What a step has to be looked at for: {@code look}, {@code given} by the definition, or {@code create}, where nothing is recorded. */
    public String standing(Exchange exchange, String step, @Variable("aepDefinition") Definition definition) {
        boolean given = step.equals("target-schema") && definition.target().schema().exists()
                || step.equals("target-dataset") && definition.target().dataset().exists();
        boolean recorded = header(step).map(header -> exchange.getMessage().getHeader(header)).isPresent();
        return given ? "given" : recorded ? "look" : "create";
    }

    /** The end of the path of a look at the resource of a step; of the registry by {@code meta:altId}, whose slashes are none. */
    public String path(Exchange exchange, String step) {
        String id = id(exchange, step);
        return "/" + (id.startsWith("https://") ? "_" + id.replaceFirst("^https://[^/]+/", "").replace('/', '.') : id);
    }

    private static String id(Exchange exchange, String step) {
        return header(step).map(header -> exchange.getMessage().getHeader(header, String.class)).orElse("");
    }

    public void given(Exchange exchange, String step, @Variable("aepPlan") Plan plan) {
        plan.add(new Plan.Planned(step, id(exchange, step), Action.NONE, List.of(), "the definition names it"));
    }

    public void create(String step, @Variable("aepPlan") Plan plan) {
        plan.add(new Plan.Planned(step, "", Action.CREATE, List.of(), ""));
    }

    /** The ledger has it, the Platform does not. */
    public void gone(Exchange exchange, String step, @Variable("aepPlan") Plan plan) {
        plan.add(new Plan.Planned(step, id(exchange, step), Action.IMPOSSIBLE, List.of(),
                "it was made, and does not exist at the Platform any more; the same definition under another name makes a new one"));
    }

    /** Compares what lies at the Platform with what a create would make. In: variables {@code aepRequest} and {@code aepResponse}. */
    public void compare(Exchange exchange, String step, @Variable("aepPlan") Plan plan, @Variable("aepDefinition") Definition definition,
                        @Variable("aepRequest") JsonNode request) throws IOException {
        JsonNode answer = answers.document(exchange.getVariable("aepResponse", byte[].class));
        String id = id(exchange, step);
        JsonNode actual = answer.has("items") ? answer.at("/items/0") : answer.has(id) ? answer.path(id) : answer;
        Searches.Pair pair = Searches.compared(step, request, actual);
        if (step.equals("flow") && definition.schedule().startTime().isPresent()) {   // otherwise any start will do
            pair = new Searches.Pair(request, actual);
        }
        List<Difference.Change> changes = Difference.between(pair.wanted(), pair.is());
        ChangeRules.Verdict verdict = ChangeRules.of(step, changes, actual, clock.instant());
        plan.add(new Plan.Planned(step, id, verdict.action(), changes, verdict.reason()));
    }

    /** The plan as JSON text. */
    public String report(@Variable("aepPlan") Plan plan) {
        plan.conclude();
        return plan.report(settings.sandbox());
    }
}
