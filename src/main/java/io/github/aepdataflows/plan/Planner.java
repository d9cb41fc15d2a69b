package io.github.aepdataflows.plan;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.github.aepdataflows.check.Examination;
import io.github.aepdataflows.definition.Definition;
import io.github.aepdataflows.definition.DefinitionException;
import io.github.aepdataflows.ledger.Ledger;
import io.github.aepdataflows.ledger.LedgerException;
import io.github.aepdataflows.ledger.RecordedStep;
import io.github.aepdataflows.platform.AepHeaders;
import io.github.aepdataflows.platform.Answers;
import io.github.aepdataflows.platform.Queries;
import io.github.aepdataflows.platform.Search;
import io.github.aepdataflows.platform.Searches;
import io.github.aepdataflows.provision.ConflictException;
import io.github.aepdataflows.provision.Step;
import io.github.aepdataflows.provision.Steps;
import io.github.aepdataflows.provision.UnsettledException;
import io.github.aepdataflows.settings.Settings;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.camel.Exchange;
import org.apache.camel.Variable;

/** What the routes of {@code plan.camel.yaml} call, step by step: it compares, and changes nothing. */
public final class Planner {

    /** Before something is called gone. */
    private static final int LOOKS = 3;

    private final Settings settings;
    private final Ledger ledger;
    private final Answers answers;
    private final Clock clock;
    private final Duration firstPause;

    /** @param clock decides whether a flow has started */
    public Planner(Settings settings, Ledger ledger, Answers answers, Clock clock) {
        this.firstPause = settings.duration("aep.redelivery.delay");
        this.settings = settings;
        this.ledger = ledger;
        this.answers = answers;
        this.clock = clock;
    }

    /** Takes up what the ledger has, and what the definition only names. Out: variable {@code aepPlan}; one that is there already goes on. */
    public void begin(Exchange exchange, @Variable("aepDefinition") Definition definition, @Variable("aepExamination") Examination examination)
            throws LedgerException {
        if (exchange.getVariable("aepPlan") == null) {
            exchange.setVariable("aepPlan", new Plan(definition.name(), recorded(definition.name())));
        }
        examination.baseConnectionId().ifPresent(id -> exchange.getMessage().setHeader(AepHeaders.BASE_CONNECTION_ID, id));
        examination.schemaId().ifPresent(id -> exchange.getMessage().setHeader(AepHeaders.TARGET_SCHEMA_ID, id));
        examination.datasetId().ifPresent(id -> exchange.getMessage().setHeader(AepHeaders.TARGET_DATASET_ID, id));
    }

    private Map<Step, List<RecordedStep>> recorded(String dataflow) throws LedgerException {
        Map<Step, List<RecordedStep>> recorded = new EnumMap<>(Step.class);
        for (RecordedStep step : ledger.steps(dataflow)) {
            if (!step.result().id().isEmpty()) {
                recorded.computeIfAbsent(Step.of(step.key().step()), key -> new ArrayList<>()).add(step);
            }
        }
        for (RecordedStep step : ledger.madeFor(dataflow)) {   // made by an earlier definition, while the latest one named what exists
            Step left = Step.of(step.key().step());
            if ((left == Step.TARGET_SCHEMA || left == Step.TARGET_DATASET) && step.state() == RecordedStep.State.LEFT
                    && recorded.getOrDefault(left, List.of()).stream().allMatch(other -> other.state() == RecordedStep.State.LEFT)) {
                recorded.computeIfAbsent(left, key -> new ArrayList<>()).add(step);
            }
        }
        return recorded;
    }

    /** Plans the deletion of what was made for the dataflow, as far as the definition says. Out: variable {@code aepPlan}. */
    public void absent(Exchange exchange, @Variable("aepDefinition") Definition definition) throws LedgerException {
        Plan plan = new Plan(definition.name(), Map.of());
        for (RecordedStep made : ledger.madeFor(definition.name())) {
            Step step = Step.of(made.key().step());
            if (Removal.includes(definition.lifecycle(), step)) {
                plan.add(new Plan.Planned(step, made.result().id(), Optional.of(made), Action.DELETE, List.of(), ""));
            }
        }
        exchange.setVariable("aepPlan", plan);
    }

    /**
     * Takes note of the flows of the dataflow's name that the ledger does not have. In: variable {@code aepSearch}.
     */
    public void meet(@Variable("aepPlan") Plan plan, @Variable("aepSearch") Search search) throws LedgerException {
        List<Search.Hit> others = Steps.unknown(ledger, Step.FLOW, search);
        if (others.size() > 1) {
            plan.add(new Plan.Planned(Step.FLOW, "", Optional.empty(), Action.IMPOSSIBLE, List.of(),
                    "several flows of this name exist that were not made here: " + Search.ids(others)));
        }
        plan.meets(others.size() == 1 ? Optional.of(others.get(0).id()) : Optional.empty());
    }

    /**
     * What a step has to be looked at for. Out: variable {@code aepLook}: {@code look}; {@code given} by the definition; {@code create}, where nothing is recorded; or {@code planned}, by an attempt before this one.
     */
    public void standing(Exchange exchange, String key, @Variable("aepDefinition") Definition definition, @Variable("aepPlan") Plan plan) {
        Step step = Step.of(key);
        boolean given = step == Step.TARGET_SCHEMA && definition.target().schema().exists()
                || step == Step.TARGET_DATASET && definition.target().dataset().exists();
        String look;
        if (plan.of(step).isPresent()) {
            show(exchange, plan.of(step).get());   // a redelivery has taken back the headers, but not the plan
            look = "planned";
        } else if (given) {
            look = "given";
        } else if (step == Step.BASE_CONNECTION) {
            look = id(exchange, step).isEmpty() ? "create" : "look";
        } else {
            look = plan.recorded(step).isEmpty() ? "create" : "look";
        }
        exchange.setVariable("aepLook", look);
    }

    private static void show(Exchange exchange, Plan.Planned planned) {
        if (planned.recorded().isPresent()) {
            Steps.show(exchange, planned.step(), planned.recorded().get().result());
        } else if (!planned.id().isEmpty()) {
            exchange.getMessage().setHeader(planned.step().header(), planned.id());
        }
    }

    /** Where the flow is that the ledger has, which is looked at first: it tells what it is made of. Out: CamelHttpPath. */
    public void chooseFlow(Exchange exchange, @Variable("aepPlan") Plan plan) {
        List<RecordedStep> flows = plan.recorded(Step.FLOW);
        exchange.getMessage().setHeader(Exchange.HTTP_PATH, "/" + flows.get(flows.size() - 1).result().id());
    }

    /** In: variable {@code aepResponse}, the flow. */
    public void sawFlow(Exchange exchange, @Variable("aepPlan") Plan plan) throws IOException {
        plan.saw(Answers.single(answers.document(exchange.getVariable("aepResponse", byte[].class)), ""));
    }

    /** It does not show. It is not asked for once more by each repetition: that would be progress, and never end. */
    public void missedFlow(@Variable("aepPlan") Plan plan) {
        plan.saw(MissingNode.getInstance());
    }

    /**
     * Of several that were made for a step, for contents that came and went, the one of this content is looked at, else the one that the flow
     * names, else the latest. In: variable {@code aepRequest}. Out: its id in the header, and where to look: CamelHttpPath, CamelHttpQuery; variable
     * {@code aepSeen} where that was done.
     */
    public void choose(Exchange exchange, String key, @Variable("aepPlan") Plan plan, @Variable("aepRequest") JsonNode request) {
        Step step = Step.of(key);
        chosen(plan, step, request).ifPresent(recorded -> {
            Steps.show(exchange, step, recorded.result());
            if (step == Step.MAPPING_SET) {
                exchange.getMessage().setHeader(Exchange.HTTP_QUERY, "version=" + recorded.result().version());
            }
        });
        exchange.getMessage().setHeader(Exchange.HTTP_PATH, "/" + Queries.altId(id(exchange, step)));
        exchange.setVariable("aepSeen", step == Step.FLOW && plan.flow().path("id").asText().equals(id(exchange, step)) ? plan.flow() : null);
    }

    private static Optional<RecordedStep> chosen(Plan plan, Step step, JsonNode request) {
        List<RecordedStep> recorded = plan.recorded(step);
        String digest = Searches.digest(step.key(), request);
        String named = plan.namedByFlow(step);
        return recorded.stream().filter(one -> one.key().content().equals(digest)).findFirst()
                .or(() -> recorded.stream().filter(one -> one.result().id().equals(named)).findFirst())
                .or(() -> recorded.isEmpty() || step == Step.BASE_CONNECTION ? Optional.empty() : Optional.of(recorded.get(recorded.size() - 1)));
    }

    private static String id(Exchange exchange, Step step) {
        return exchange.getMessage().getHeader(step.header(), "", String.class);
    }

    public void given(Exchange exchange, String key, @Variable("aepPlan") Plan plan) {
        Step step = Step.of(key);
        plan.add(new Plan.Planned(step, id(exchange, step), Optional.empty(), Action.NONE, List.of(), "the definition names it"));
    }

    public void create(String key, @Variable("aepPlan") Plan plan) {
        plan.add(new Plan.Planned(Step.of(key), "", Optional.empty(), Action.CREATE, List.of(), ""));
    }

    /**
     * The ledger has it, the Platform does not.
     *
     * @throws UnsettledException the first times: it may only not show just now
     */
    public void gone(Exchange exchange, String key, @Variable("aepPlan") Plan plan, @Variable("aepRequest") JsonNode request)
            throws UnsettledException {
        Step step = Step.of(key);
        int misses = plan.miss(step);
        if (misses < LOOKS) {
            throw new UnsettledException("%s %s does not show".formatted(step.words(), id(exchange, step)), firstPause.multipliedBy(misses), null);
        }
        plan.add(new Plan.Planned(step, id(exchange, step), chosen(plan, step, request), Action.REPLACE, List.of(),
                "it was made, and does not exist at the Platform any more"));
    }

    /** Compares what lies at the Platform with what a create would make. In: variables {@code aepRequest} and {@code aepResponse}. */
    public void compare(Exchange exchange, String key, @Variable("aepPlan") Plan plan, @Variable("aepDefinition") Definition definition,
                        @Variable("aepRequest") JsonNode request) throws IOException {
        Step step = Step.of(key);
        String id = id(exchange, step);
        JsonNode seen = exchange.getVariable("aepSeen", JsonNode.class);
        JsonNode actual = seen != null ? seen : Answers.single(answers.document(exchange.getVariable("aepResponse", byte[].class)), id);
        Comparison comparison = Comparison.of(step, definition, request, actual, clock.instant());
        plan.add(new Plan.Planned(step, id, chosen(plan, step, request), comparison.verdict().action(), comparison.changes(),
                comparison.verdict().reason()));
    }

    /**
     * All steps are compared: what follows for those that are built on others.
     *
     * @throws DefinitionException when a flow is to be made that would have to start in the past
     */
    public void conclude(@Variable("aepPlan") Plan plan, @Variable("aepDefinition") Definition definition) throws DefinitionException {
        boolean isPast = definition.schedule().startTime().filter(start -> start < clock.instant().getEpochSecond()).isPresent();
        if (isPast && plan.of(Step.FLOW).filter(flow -> flow.action() == Action.CREATE).isPresent()) {
            throw new DefinitionException(definition.name(), List.of(definition.fault("schedule.startTime",
                    "lies in the past; choose a later start or leave it out").withCode("1360-400")));
        }
        plan.conclude(isPast);
    }

    /**
     * Lets a plan pass that may be carried out.
     *
     * @throws ConflictException when something of it is impossible, or a replacement that the definition does not allow, with all reasons;
     *                           or when there may be another flow of the dataflow that nobody knows the id of
     */
    public void admit(@Variable("aepPlan") Plan plan, @Variable("aepDefinition") Definition definition) throws ConflictException, LedgerException {
        List<String> impossible = plan.words(Action.IMPOSSIBLE);
        List<String> replaced = plan.words(Action.REPLACE);
        if (!impossible.isEmpty()) {
            throw new ConflictException("the dataflow %s cannot be made what the definition describes: %s"
                    .formatted(definition.name(), String.join("; ", impossible)),
                    "Nothing was changed. Give the definition another name, so that it becomes a dataflow of its own, or take back that change.");
        } else if (!replaced.isEmpty() && !definition.lifecycle().allowsReplace() && !plan.isWithoutFlow()) {
            throw new ConflictException("the dataflow %s can be made what the definition describes only by replacing: %s"
                    .formatted(definition.name(), String.join("; ", replaced)),
                    "Nothing was changed. With allowReplace: true in the definition new resources are made, and the flow that they take the place"
                    + " of is disabled.");
        }
        refuseUnknownFlow(plan, definition);
    }

    /** A flow of unknown outcome is looked for when the definition that it was begun with comes again; else it would run beside this one. */
    private void refuseUnknownFlow(Plan plan, Definition definition) throws ConflictException, LedgerException {
        boolean stays = plan.of(Step.FLOW).filter(flow -> !flow.isNew()).isPresent();
        boolean unknown = ledger.unresolved().stream()
                .anyMatch(step -> step.key().dataflow().equals(definition.name()) && step.key().step().equals(Step.FLOW.key()));
        if (stays && unknown) {
            throw new ConflictException("the outcome of step flow of the dataflow %s is not known yet: it was to be replaced"
                    .formatted(definition.name()),
                    "Nothing was changed. Provision the definition that it was to be replaced for once more, so that the new flow is found; "
                    + "then this one.");
        }
    }

    /** The plan as JSON text. */
    public String report(@Variable("aepPlan") Plan plan) {
        return plan.report(settings.sandbox());
    }
}
