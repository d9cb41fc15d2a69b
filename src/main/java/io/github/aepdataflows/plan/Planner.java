package io.github.aepdataflows.plan;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.aepdataflows.check.Examination;
import io.github.aepdataflows.definition.Definition;
import io.github.aepdataflows.ledger.Ledger;
import io.github.aepdataflows.ledger.LedgerException;
import io.github.aepdataflows.ledger.RecordedStep;
import io.github.aepdataflows.platform.AepHeaders;
import io.github.aepdataflows.platform.Answers;
import io.github.aepdataflows.platform.Queries;
import io.github.aepdataflows.platform.Searches;
import io.github.aepdataflows.provision.Step;
import io.github.aepdataflows.provision.Steps;
import io.github.aepdataflows.settings.Settings;
import java.io.IOException;
import java.time.Clock;
import java.util.List;
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
        for (RecordedStep recorded : ledger.steps(definition.name())) {
            Step step = Step.of(recorded.key().step());
            if (step != Step.BASE_CONNECTION && !recorded.result().id().isEmpty()) {   // which of those it is, the definition says
                Steps.show(exchange, step, recorded.result());
            }
        }
        examination.schemaId().ifPresent(id -> exchange.getMessage().setHeader(AepHeaders.TARGET_SCHEMA_ID, id));
        examination.datasetId().ifPresent(id -> exchange.getMessage().setHeader(AepHeaders.TARGET_DATASET_ID, id));
    }

    /** What a step has to be looked at for: {@code look}, {@code given} by the definition, or {@code create}, where nothing is recorded. */
    public String standing(Exchange exchange, String step, @Variable("aepDefinition") Definition definition) {
        boolean given = step.equals("target-schema") && definition.target().schema().exists()
                || step.equals("target-dataset") && definition.target().dataset().exists();
        return given ? "given" : id(exchange, step).isEmpty() ? "create" : "look";
    }

    /** The end of the path of a look at the resource of a step. */
    public String path(Exchange exchange, String step) {
        return "/" + Queries.altId(id(exchange, step));
    }

    private static String id(Exchange exchange, String step) {
        return exchange.getMessage().getHeader(Step.of(step).header(), "", String.class);
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
        JsonNode actual = Answers.single(answer, id);
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
