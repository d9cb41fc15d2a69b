package io.github.aepdataflows.plan;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.NullNode;
import io.github.aepdataflows.check.Examination;
import io.github.aepdataflows.definition.Definition;
import io.github.aepdataflows.ledger.Ledger;
import io.github.aepdataflows.ledger.LedgerException;
import io.github.aepdataflows.ledger.RecordedStep;
import io.github.aepdataflows.platform.AepHeaders;
import io.github.aepdataflows.platform.Answers;
import io.github.aepdataflows.platform.Queries;
import io.github.aepdataflows.platform.Searches;
import io.github.aepdataflows.provision.ConflictException;
import io.github.aepdataflows.provision.Step;
import io.github.aepdataflows.provision.Steps;
import io.github.aepdataflows.settings.Settings;
import java.io.IOException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.camel.Exchange;
import org.apache.camel.Variable;

/** What the routes of {@code plan.camel.yaml} call, step by step: it compares, and changes nothing. */
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
     * What a step has to be looked at for. Out: variable {@code aepLook}: {@code look}, with the latest that is recorded in the header;
     * {@code given} by the definition; {@code create}, where nothing is recorded; or {@code planned}, by an attempt before this one.
     */
    public void standing(Exchange exchange, String key, @Variable("aepDefinition") Definition definition, @Variable("aepPlan") Plan plan) {
        Step step = Step.of(key);
        boolean given = step == Step.TARGET_SCHEMA && definition.target().schema().exists()
                || step == Step.TARGET_DATASET && definition.target().dataset().exists();
        List<RecordedStep> recorded = plan.recorded(step);
        String look;
        if (plan.of(step).isPresent()) {
            look = "planned";
        } else if (given) {
            look = "given";
        } else if (step == Step.BASE_CONNECTION) {
            look = id(exchange, step).isEmpty() ? "create" : "look";
        } else if (recorded.isEmpty()) {
            look = "create";
        } else {
            Steps.show(exchange, step, recorded.get(recorded.size() - 1).result());
            look = "look";
        }
        exchange.setVariable("aepLook", look);
    }

    /**
     * Of several that were made for a step, for contents that came and went, the one of this content is looked at, else the latest.
     * In: variable {@code aepRequest}. Out: its id in the header, and where to look: CamelHttpPath, CamelHttpQuery.
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
    }

    private static Optional<RecordedStep> chosen(Plan plan, Step step, JsonNode request) {
        List<RecordedStep> recorded = plan.recorded(step);
        String digest = Searches.digest(step.key(), request);
        return recorded.stream().filter(one -> one.key().content().equals(digest)).findFirst()
                .or(() -> recorded.isEmpty() || step.isShared() ? Optional.empty() : Optional.of(recorded.get(recorded.size() - 1)));
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

    /** The ledger has it, the Platform does not. */
    public void gone(Exchange exchange, String key, @Variable("aepPlan") Plan plan, @Variable("aepRequest") JsonNode request) {
        Step step = Step.of(key);
        plan.add(new Plan.Planned(step, id(exchange, step), chosen(plan, step, request), Action.REPLACE, List.of(),
                "it was made, and does not exist at the Platform any more"));
    }

    /** Compares what lies at the Platform with what a create would make. In: variables {@code aepRequest} and {@code aepResponse}. */
    public void compare(Exchange exchange, String key, @Variable("aepPlan") Plan plan, @Variable("aepDefinition") Definition definition,
                        @Variable("aepRequest") JsonNode request) throws IOException {
        Step step = Step.of(key);
        String id = id(exchange, step);
        JsonNode actual = Answers.single(answers.document(exchange.getVariable("aepResponse", byte[].class)), id);
        Comparison comparison = compared(step, definition, request, actual);
        plan.add(new Plan.Planned(step, id, chosen(plan, step, request), comparison.verdict().action(), comparison.changes(),
                comparison.verdict().reason()));
    }

    /** In what a resource differs from what is wanted, and how that can be settled. */
    public record Comparison(List<Difference.Change> changes, ChangeRules.Verdict verdict) {
    }

    /**
     * @param request what a create of the step would send
     * @param actual  the resource as the Platform shows it
     */
    public Comparison compared(Step step, Definition definition, JsonNode request, JsonNode actual) {
        List<Difference.Change> changes = new ArrayList<>(switch (step) {
            case FLOW -> Difference.between(FlowForm.wanted(definition, request), actual);
            default -> {
                Searches.Pair pair = Searches.compared(step.key(), request, actual);
                List<Difference.Change> all = Difference.between(pair.wanted(), pair.is());
                yield step == Step.TARGET_SCHEMA ? ofSets(all, pair) : all;
            }
        });
        if (step == Step.FLOW) {
            FlowForm.stateChange(definition, actual).ifPresent(changes::add);
        } else if (step == Step.BASE_CONNECTION && request.has("description") && !request.path("description").equals(actual.path("description"))) {
            changes.add(new Difference.Change("description", actual.path("description"), request.path("description")));
        }
        boolean unprofiled = !definition.target().profile() && definition.target().saysProfile();
        if (unprofiled && step == Step.TARGET_SCHEMA && actual.path("meta:immutableTags").toString().contains("union")) {
            changes.add(new Difference.Change("tags", actual.path("meta:immutableTags"), NullNode.getInstance()));
        } else if (unprofiled && step == Step.TARGET_DATASET && actual.at("/tags/unifiedProfile").toString().contains("enabled:true")) {
            changes.add(new Difference.Change("tags.unifiedProfile", actual.at("/tags/unifiedProfile"), NullNode.getInstance()));
        }
        return new Comparison(changes, ChangeRules.of(step.key(), changes, actual, clock.instant()));
    }

    /** The order of a schema's references and tags says nothing, and others add theirs: what differs is the whole of them. */
    private static List<Difference.Change> ofSets(List<Difference.Change> changes, Searches.Pair pair) {
        return changes.stream().map(change -> {
            String set = change.path().replaceFirst("\\[.*", "");
            return set.equals(change.path()) ? change : new Difference.Change(set, pair.is().path(set), pair.wanted().path(set));
        }).distinct().toList();
    }

    /** All steps are compared: what follows for those that are built on others. */
    public void conclude(@Variable("aepPlan") Plan plan, @Variable("aepDefinition") Definition definition) {
        plan.conclude(definition, clock.instant());
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
        } else if (!replaced.isEmpty() && !definition.lifecycle().allowsReplace()) {
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
