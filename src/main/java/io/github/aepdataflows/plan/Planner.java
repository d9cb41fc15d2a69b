package io.github.aepdataflows.plan;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.aepdataflows.check.CheckResult;
import io.github.aepdataflows.definition.Definition;
import io.github.aepdataflows.definition.DefinitionException;
import io.github.aepdataflows.ledger.Dataflow;
import io.github.aepdataflows.ledger.Ledger;
import io.github.aepdataflows.ledger.LedgerException;
import io.github.aepdataflows.ledger.RecordedStep;
import io.github.aepdataflows.provision.Bodies;
import io.github.aepdataflows.provision.Comparisons;
import io.github.aepdataflows.provision.ConflictException;
import io.github.aepdataflows.provision.CreateOnce;
import io.github.aepdataflows.provision.Credentials;
import io.github.aepdataflows.provision.Deletions;
import io.github.aepdataflows.provision.NotVisibleYetException;
import io.github.aepdataflows.provision.Plan;
import io.github.aepdataflows.provision.Plan.Planned;
import io.github.aepdataflows.provision.Provisioning;
import io.github.aepdataflows.resource.Action;
import io.github.aepdataflows.resource.CarryOver;
import io.github.aepdataflows.resource.Difference;
import io.github.aepdataflows.resource.Flow;
import io.github.aepdataflows.resource.Kind;
import io.github.aepdataflows.resource.Kinds;
import io.github.aepdataflows.resource.Lookup;
import io.github.aepdataflows.resource.LookupResult;
import io.github.aepdataflows.resource.Search;
import io.github.aepdataflows.resource.StepId;
import io.github.aepdataflows.resource.Verdict;
import io.github.aepdataflows.settings.Settings;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.camel.Exchange;
import org.apache.camel.Variable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What the routes of {@code plan.camel.yaml} call, step by step: it compares, and changes nothing. */
public final class Planner {

    private static final Logger LOG = LoggerFactory.getLogger("aep.ledger");
    private static final String PLAN = "aepPlan";
    private static final String LOOK = "aepLook";

    /** Before something is called gone. */
    private static final int LOOKS = 3;

    private final Settings settings;
    private final Ledger ledger;
    private final Bodies bodies;
    private final Comparisons comparisons;
    private final Credentials credentials;
    private final CreateOnce createOnce;
    private final Clock clock;
    private final Duration firstPause;

    /** @param clock decides whether a flow has started */
    public Planner(Settings settings, Ledger ledger, Bodies bodies, Comparisons comparisons, Credentials credentials,
            CreateOnce createOnce, Clock clock) {
        this.credentials = credentials;
        this.createOnce = createOnce;
        this.firstPause = settings.duration("aep.redelivery.delay");
        this.settings = settings;
        this.ledger = ledger;
        this.bodies = bodies;
        this.comparisons = comparisons;
        this.clock = clock;
    }

    /**
     * A resource that has to be looked at. Lives in the exchange variable {@code aepLook}.
     *
     * @param request  what a create of it would send
     * @param recorded what the ledger has of it; empty for a base connection of others
     */
    public record Look(StepId step, ObjectNode request, String id, Optional<RecordedStep> recorded) {

        public Lookup getLookup() {
            return recorded.map(row -> step.kind().lookup(id, row.result().version())).orElseGet(() -> step.kind().lookup(id));
        }
    }

    /**
     * Takes up what the ledger has, and what the definition only names. Out: variable {@code aepPlan}; one that is there already goes on.
     */
    public void begin(Exchange exchange, @Variable("aepDefinition") Definition definition,
            @Variable(CheckResult.VARIABLE) CheckResult check)
            throws LedgerException {
        if (exchange.getVariable(PLAN) == null) {
            Plan plan = new Plan(definition.name(), recorded(definition.name()));
            if (definition.lifecycle().state() == Definition.State.PAUSED) {
                plan.pauses();
            }
            if (!plan.isWithoutFlow() && isFlowUnresolved(definition)) {
                plan.foundForeignFlow(Optional.empty());   // one of that name may be ours
            }
            exchange.setVariable(PLAN, plan);
        }
        show(exchange, Kinds.BASE_CONNECTION, check.baseConnectionId());
        show(exchange, Kinds.TARGET_SCHEMA, check.schemaId());
        show(exchange, Kinds.TARGET_DATASET, check.datasetId());
    }

    private static void show(Exchange exchange, Kind kind, Optional<String> id) {
        id.ifPresent(known -> exchange.getMessage().setHeader(kind.header(), known));
    }

    private Map<Kind, List<RecordedStep>> recorded(String dataflow) throws LedgerException {
        Map<Kind, List<RecordedStep>> recorded = new HashMap<>();
        for (RecordedStep step : ledger.steps(dataflow)) {
            if (!step.result().id().isEmpty()) {
                recorded.computeIfAbsent(Kinds.of(step.key().step()), key -> new ArrayList<>()).add(step);
            }
        }
        for (RecordedStep step : ledger.madeFor(dataflow)) {   // made by an earlier definition, while the latest one named what exists
            Kind left = Kinds.of(step.key().step());
            if ((left == Kinds.TARGET_SCHEMA || left == Kinds.TARGET_DATASET || left.hasSeveral())
                    && step.state() == RecordedStep.State.LEFT
                    && recorded.getOrDefault(left, List.of()).stream()
                    .filter(other -> !left.hasSeveral() || other.name().equals(step.name()))
                    .allMatch(other -> other.state() == RecordedStep.State.LEFT)) {
                recorded.computeIfAbsent(left, key -> new ArrayList<>()).add(step);
            }
        }
        return recorded;
    }

    /** For a dataflow that is new: only what somebody else may have made of it is looked for. Out: variable {@code aepPlan}. */
    public void beginNew(Exchange exchange, @Variable("aepDefinition") Definition definition) {
        if (exchange.getVariable(PLAN) == null) {
            exchange.setVariable(PLAN, new Plan(definition.name(), Map.of()));
        }
    }

    /**
     * The next of what a new dataflow describes and others share, which exists: the base connection that another dataflow has made, and the
     * field groups. Out: variable {@code aepLook}, null where there is none left.
     */
    public void nextOfNew(Exchange exchange, @Variable("aepDefinition") Definition definition, @Variable(PLAN) Plan plan)
            throws LedgerException {
        Optional<Look> connection = nextExisting(exchange, Kinds.BASE_CONNECTION, definition, plan);
        exchange.setVariable(LOOK, connection.isPresent() ? connection.get()
                : nextExisting(exchange, Kinds.FIELD_GROUP, definition, plan).orElse(null));
    }

    /**
     * The next of the field groups that the definition describes and that exist, for a check, which needs no ledger. Out: variable
     * {@code aepLook}, null where there is none left.
     */
    public void nextGroup(Exchange exchange, @Variable("aepDefinition") Definition definition, @Variable(PLAN) Plan plan)
            throws LedgerException {
        exchange.setVariable(LOOK, nextExisting(exchange, Kinds.FIELD_GROUP, definition, plan).orElse(null));
    }

    private Optional<Look> nextExisting(Exchange exchange, Kind kind, Definition definition, Plan plan) throws LedgerException {
        List<ObjectNode> requests = kind.isDescribedBy(definition) ? bodies.requests(exchange, kind) : List.of();
        for (int index = 0; index < requests.size(); index++) {
            StepId step = new StepId(kind, index);
            String id = existingId(exchange, kind, requests.get(index));
            Optional<RecordedStep> recorded = id.isEmpty() || !ledger.isOpen() ? Optional.empty() : ledger.recorded(kind.key(), id);
            if (!id.isEmpty() && plan.of(step).isEmpty() && (recorded.isPresent() || kind.hasSeveral())) {
                return Optional.of(new Look(step, requests.get(index), id, recorded));
            }
        }
        return Optional.empty();
    }

    /** Compares it. In: variable {@code aepResult}. */
    public void compareGroup(Exchange exchange, @Variable(LOOK) Look look, @Variable("aepResult") LookupResult result,
            @Variable(PLAN) Plan plan, @Variable("aepDefinition") Definition definition) throws LedgerException {
        boolean isKnownWhose = look.recorded().isPresent() || hasDataflows();
        if (result.isFound() && (isKnownWhose || comparisons.compare(Kinds.FIELD_GROUP, definition, look.request(),
                result.single(look.id())).verdict().action() != Action.UPDATE)) {
            compare(exchange, plan, look, definition, result.single(look.id()));
        } else {   // whether a definition has made it, so that it may grow, is not known without a ledger
            plan.add(Planned.of(look.step(), look.id(), Action.NONE, ""));
        }
    }

    private boolean hasDataflows() throws LedgerException {
        return ledger.isOpen() && !ledger.dataflows().isEmpty();
    }

    /** The look for what has the title of the schema that is to be made; null where none is. */
    public Search schemaOfTitle(Exchange exchange, @Variable("aepDefinition") Definition definition, @Variable(PLAN) Plan plan)
            throws LedgerException {
        return isNew(Kinds.TARGET_SCHEMA, definition, plan) && !definition.target().schema().isPartUnread()
                ? comparisons.search(Kinds.TARGET_SCHEMA, bodies.requests(exchange, Kinds.TARGET_SCHEMA).get(0)) : null;
    }

    /** A schema whose title is taken cannot be made. Where no ledger tells whose that is, it may be the dataflow's own. */
    public void schemaOfTitleFound(@Variable("aepDefinition") Definition definition, @Variable(PLAN) Plan plan,
            @Variable("aepSearch") Search search) throws LedgerException {
        StepId schema = new StepId(Kinds.TARGET_SCHEMA, 0);
        boolean mayBeOwn = plan.of(schema).isEmpty() && !hasDataflows() && search.hits().stream().anyMatch(Search.Hit::meant);
        createOnce.nameTaken(Kinds.TARGET_SCHEMA, search).ifPresent(why -> {
            if (mayBeOwn) {
                plan.note(definition.fault("target.schema.title", "unless this definition has made it, " + why));
            } else {
                plan.add(Planned.of(schema, "", Action.IMPOSSIBLE, why));
            }
        });
    }

    /** The look for datasets of the name of the one that is to be made; null where none is. */
    public Search datasetsOfName(@Variable("aepDefinition") Definition definition, @Variable(PLAN) Plan plan) throws LedgerException {
        return isNew(Kinds.TARGET_DATASET, definition, plan) ? Search.named(Kinds.TARGET_DATASET,
                JsonNodeFactory.instance.objectNode().put("name", definition.target().dataset().name())) : null;
    }

    /** Catalog takes a name twice, and then it names neither. */
    public void datasetsOfNameFound(@Variable("aepDefinition") Definition definition, @Variable(PLAN) Plan plan,
            @Variable("aepSearch") Search search) {
        if (!search.hits().isEmpty()) {
            plan.note(definition.fault("target.dataset.name", search.hits().size() == 1
                    ? "a dataset of this name exists, %s; a second one will be made. With existing: true the dataflow writes into the one "
                    .formatted(Search.ids(search.hits())) + "that exists"
                    : "datasets of this name exist, %s; another one will be made. To write into one that exists, name it by its id"
                    .formatted(Search.ids(search.hits()))));
        }
    }

    /** Whether one is to be made: by the plan, or for all that a check knows. One that may have been made is looked for by its step. */
    private boolean isNew(Kind kind, Definition definition, Plan plan) throws LedgerException {
        Optional<Planned> planned = plan.of(new StepId(kind, 0));
        boolean isWanted = planned.isPresent() ? planned.get().action().makesNew()
                : kind.isDescribedBy(definition) && !isOf(kind, ledger.isOpen() ? ledger.madeFor(definition.name()) : List.of());
        return isWanted && !isOf(kind, ledger.isOpen() ? ledger.unresolved(definition.name()) : List.of());
    }

    private static boolean isOf(Kind kind, List<RecordedStep> steps) {
        return steps.stream().anyMatch(step -> step.key().step().equals(kind.key()));
    }

    /** What cannot become or be made as it is described is a fault, in the words in which a plan refuses it. */
    public void namesCompared(@Variable(PLAN) Plan plan, @Variable(CheckResult.VARIABLE) CheckResult check) {
        check.groupsRefused(index -> impossible(plan, new StepId(Kinds.FIELD_GROUP, index)).map(Planned::words));
        impossible(plan, new StepId(Kinds.TARGET_SCHEMA, 0)).map(Planned::reason).ifPresent(check::schemaRefused);
        plan.notes().forEach(check::note);
    }

    private static Optional<Planned> impossible(Plan plan, StepId step) {
        return plan.of(step).filter(planned -> planned.action() == Action.IMPOSSIBLE);
    }

    /** Id of what is shared, as the check has found it; empty when there is none. */
    private static String existingId(Exchange exchange, Kind kind, JsonNode request) {
        return kind == Kinds.BASE_CONNECTION ? id(exchange, kind) : kind == Kinds.FIELD_GROUP
                ? exchange.getVariable(CheckResult.VARIABLE, CheckResult.class).names().groups().getOrDefault(kind.naturalKey(request), "")
                : kind.partOf().map(base -> id(exchange, base)).orElse("");
    }

    /**
     * There is nothing that somebody else has made: the dataflow is new. Takes variable {@code aepPlan} away, unless there is.
     *
     * @throws DefinitionException when it is new, and its source does not work
     */
    public void endNew(Exchange exchange, @Variable(PLAN) Plan plan, @Variable("aepDefinition") Definition definition,
            @Variable(CheckResult.VARIABLE) CheckResult check) throws DefinitionException {
        Optional<Planned> connection = plan.of(new StepId(Kinds.BASE_CONNECTION, 0));
        boolean isAsRecorded = connection.isEmpty() || connection.get().action() == Action.NONE && connection.get().recorded()
                .filter(row -> row.key().content().equals(Kinds.BASE_CONNECTION.digest(bodies.requests(exchange, Kinds.BASE_CONNECTION)
                        .get(0)))).isPresent();
        if (isAsRecorded && !plan.isForeignFlowFound() && plan.words(Action.IMPOSSIBLE).isEmpty() && plan.words(Action.UPDATE).isEmpty()) {
            exchange.removeVariable(PLAN);
            if (!CreateOnce.adoptsOnly(exchange)) {
                refuseBrokenSource(definition, check);
            }
        }
    }

    /** Whether something is to be made with a source that was not asked about it. */
    public boolean isSourceToAsk(@Variable(PLAN) Plan plan, @Variable(CheckResult.VARIABLE) CheckResult check) {
        return !check.isSourceAsked() && plan.makesFlow();
    }

    private static void refuseBrokenSource(Definition definition, CheckResult check) throws DefinitionException {
        if (!check.conditional().isEmpty()) {
            throw new DefinitionException(definition.name(), check.faults());
        }
    }

    /** Plans the deletion of what was made for the dataflow, as far as the definition says. Out: variable {@code aepPlan}. */
    public void absent(Exchange exchange, @Variable("aepDefinition") Definition definition) throws LedgerException {
        Plan plan = new Plan(definition.name(), Map.of());
        List<RecordedStep> all = Deletions.deletable(ledger, definition.name());
        for (RecordedStep made : all) {
            Kind kind = Kinds.of(made.key().step());
            if (kind.isDeletedWith(definition.lifecycle())) {
                plan.add(new Planned(new StepId(kind, 0), made.result().id(), Optional.of(made), Action.DELETE, List.of(), ""));
            }
        }
        if (all.stream().noneMatch(made -> made.key().step().equals(Kinds.FLOW.key()))) {
            plan.foundForeignFlow(Optional.empty());   // none of ours, and others are not ours to delete
        }
        exchange.setVariable(PLAN, plan);
    }

    /** A look for flows of the dataflow's name, and for those of any name that use its connections. */
    public Search foreignFlows(@Variable("aepDefinition") Definition definition) throws LedgerException {
        Set<String> connections = ledger.madeFor(definition.name()).stream()
                .filter(made -> Kinds.FLOW.builtOn().contains(Kinds.of(made.key().step())) && !made.key().shared())
                .map(made -> made.result().id()).collect(Collectors.toSet());
        return connections.isEmpty() ? Search.named(Kinds.FLOW, JsonNodeFactory.instance.objectNode().put("name", definition.flowName()))
                : Search.namedOrNaming(Kinds.FLOW, definition.flowName(), connections);
    }

    /** Takes note of the flows of the dataflow's name that the ledger does not have. In: variable {@code aepSearch}. */
    public void foundForeignFlows(Exchange exchange, @Variable(PLAN) Plan plan, @Variable("aepDefinition") Definition definition,
            @Variable("aepSearch") Search search) throws LedgerException {
        if (isFlowUnresolved(definition)) {   // what was found may be ours: the step that has sent it looks for it by content
            plan.foundForeignFlow(Optional.empty());
            return;
        }
        List<Search.Hit> others = Flow.rivals(CreateOnce.unknown(ledger, Kinds.FLOW, search.hits()), search.hits());
        if (others.size() > 1 || !others.isEmpty() && plan.isDeletion()) {
            plan.add(Planned.of(new StepId(Kinds.FLOW, 0), "", Action.IMPOSSIBLE,
                    "flows of this name exist that were not made here: " + Search.ids(others)
                    + (plan.isWithoutFlow() && !plan.isDeletion() ? "" : "; " + Plan.OLDER_LEDGER)));
        }
        if (!others.isEmpty() && ledger.dataflows().stream().noneMatch(Dataflow::done)) {
            LOG.warn("The ledger has no dataflow yet, and the sandbox has a flow of the name {}, {}: another ledger may exist. Use one "
                    + "ledger for a sandbox", others.get(0).name(), Search.ids(others));
        }
        if (others.isEmpty() && Provisioning.of(exchange) != null) {
            Provisioning.of(exchange).flowNameFreeAt(search.startedAt());
        }
        plan.foundForeignFlow(others.size() == 1 && !plan.isDeletion() ? Optional.of(others.get(0).id()) : Optional.empty());
    }

    /** The flow that the ledger has, which is looked at first: it tells what it is made of. */
    public Lookup flow(@Variable(PLAN) Plan plan) {
        List<RecordedStep> flows = plan.recorded(Kinds.FLOW);
        return Kinds.FLOW.lookup(flows.get(flows.size() - 1).result().id());
    }

    /** That it does not show is no reason to ask for it once more at each repetition: that would be progress, and never end. */
    public void sawFlow(@Variable(PLAN) Plan plan, @Variable("aepResult") LookupResult result) {
        plan.sawFlow(result.isFound() ? result.single("") : MissingNode.getInstance());
    }

    /**
     * Plans what needs no look, up to the next resource that does. It is not looked at again when a later one has failed, and the
     * comparison is tried again. Out: variable {@code aepLook}, null when there is none left.
     */
    public void next(Exchange exchange, @Variable("aepDefinition") Definition definition, @Variable(PLAN) Plan plan)
            throws LedgerException {
        exchange.setVariable(LOOK, null);
        for (Kind kind : Kinds.ALL) {
            if (kind.isNamedBy(definition)) {
                plan.add(Planned.of(new StepId(kind, 0), id(exchange, kind), Action.NONE, "the definition names it"));
            } else if (!kind.hasSeveral() && plan.of(new StepId(kind, 0)).isPresent()) {
                show(exchange, plan.of(new StepId(kind, 0)).get());   // a redelivery has taken back the headers, but not the plan
            } else if (kind.isDescribedBy(definition)) {
                List<ObjectNode> requests = bodies.requests(exchange, kind);
                for (int index = 0; index < requests.size(); index++) {
                    Optional<Look> look = look(exchange, plan, new StepId(kind, index), requests.get(index));
                    if (look.isPresent() && isSeen(look.get(), plan)) {
                        compare(exchange, plan, look.get(), definition, plan.flow());
                    } else if (look.isPresent()) {
                        exchange.setVariable(LOOK, look.get());
                        return;
                    }
                }
            }
        }
    }

    private Optional<Look> look(Exchange exchange, Plan plan, StepId step, ObjectNode request) throws LedgerException {
        Kind kind = step.kind();
        if (kind == Kinds.BASE_CONNECTION && !exchange.getVariable(CheckResult.VARIABLE, CheckResult.class).isSourceAsked()) {
            plan.recorded(kind).stream().filter(one -> one.result().id().equals(id(exchange, kind))).findFirst()
                    .ifPresent(one -> plan.add(new Planned(step, one.result().id(), Optional.of(one), Action.NONE, List.of(),
                            "a pause leaves it as it is")));
        }
        Optional<Planned> planned = plan.of(step);
        if (planned.isPresent()) {
            show(exchange, planned.get());
            return Optional.empty();
        }
        Optional<RecordedStep> recorded = chosen(plan, kind, request).map(plan::asUsed);
        if (recorded.isEmpty() && kind.isShared() && kind.hasSeveral()) {   // another definition has described it since
            recorded = ledger.shared(kind.key()).stream().filter(row -> row.state() != RecordedStep.State.GONE
                    && row.name().equals(kind.naturalKey(request))).findFirst();
        }
        recorded.ifPresent(row -> CreateOnce.show(exchange, kind, row.result()));
        String id = recorded.map(row -> row.result().id()).orElseGet(() -> existingId(exchange, kind, request));
        if (recorded.isEmpty() && !id.isEmpty()) {   // made for another content of it, or by another definition
            recorded = ledger.recorded(kind.key(), id);
        }
        if (id.isEmpty()) {
            plan.add(Planned.of(step, "", Action.CREATE, ""));
            return Optional.empty();
        }
        return Optional.of(new Look(step, request, id, recorded));
    }

    private static void show(Exchange exchange, Planned planned) {
        Kind kind = planned.step().kind();
        if (planned.recorded().isPresent()) {
            CreateOnce.show(exchange, kind, planned.recorded().get().result());
        } else if (!planned.id().isEmpty()) {
            exchange.getMessage().setHeader(kind.header(), planned.id());
        }
    }

    /**
     * Of several that were made for a step, for contents that came and went, the one of this content, else the one that the flow names,
     * else the latest; of a kind of which there can be several, the one of this natural key.
     */
    private static Optional<RecordedStep> chosen(Plan plan, Kind kind, JsonNode request) {
        List<RecordedStep> recorded = plan.recorded(kind);
        String digest = kind.digest(request);
        Optional<RecordedStep> same = recorded.stream().filter(one -> one.key().content().equals(digest)).findFirst();
        if (same.isPresent() || kind == Kinds.BASE_CONNECTION) {
            return same;
        } else if (kind.hasSeveral()) {
            return recorded.stream().filter(one -> one.name().equals(kind.naturalKey(request))).findFirst();
        }
        String named = plan.namedByFlow(kind);
        return recorded.stream().filter(one -> one.result().id().equals(named)).findFirst()
                .or(() -> recorded.isEmpty() ? Optional.empty() : Optional.of(recorded.get(recorded.size() - 1)));
    }

    private static String id(Exchange exchange, Kind kind) {
        return exchange.getMessage().getHeader(kind.header(), "", String.class);
    }

    /** Whether it is the flow, which was looked at before anything else. */
    private static boolean isSeen(Look look, Plan plan) {
        return look.step().kind() == Kinds.FLOW && plan.flow().path("id").asText().equals(look.id());
    }

    /**
     * Compares what lies at the Platform with what a create would make. In: variable {@code aepResult}.
     *
     * @throws NotVisibleYetException the first times that it is not there: it may only not show just now
     */
    public void compare(Exchange exchange, @Variable(LOOK) Look look, @Variable("aepResult") LookupResult result,
                        @Variable(PLAN) Plan plan, @Variable("aepDefinition") Definition definition)
            throws NotVisibleYetException, LedgerException {
        if (result.isFound()) {
            compare(exchange, plan, look, definition, result.single(look.id()));
            return;
        }
        if (look.step().kind().partOf().isPresent()) {
            compare(exchange, plan, look, definition, JsonNodeFactory.instance.objectNode());
            return;
        }
        int misses = plan.miss(look.step());
        if (misses < LOOKS) {
            throw new NotVisibleYetException("%s %s does not show".formatted(look.step().kind().words(), look.id()),
                    firstPause.multipliedBy(misses));
        }
        plan.add(new Planned(look.step(), look.id(), look.recorded(), Action.REPLACE, List.of(),
                "it was made, and does not exist at the Platform any more"));
    }

    private void compare(Exchange exchange, Plan plan, Look look, Definition definition, JsonNode actual)
            throws LedgerException {
        Kind kind = look.step().kind();
        if (kind == Kinds.FIELD_GROUP) {
            exchange.getVariable(CheckResult.VARIABLE, CheckResult.class).groupExists(kind.naturalKey(look.request()), look.id());
        }
        Kind.Comparison comparison = comparisons.compare(kind, definition, look.request(), actual);
        List<Difference> differences = comparison.differences();
        CarryOver rest = CarryOver.of(kind, bodies.whole(exchange, kind, look.request()), actual);
        Verdict verdict = comparison.verdict();
        if (verdict.action() == Action.UPDATE && kind.isShared() && look.recorded().isPresent()) {
            List<String> others = credentials.otherUsers(definition.name(), look.recorded().get());
            Verdict update = others.isEmpty() ? verdict
                    : new Verdict(Action.UPDATE, "other dataflows use it, too: " + String.join(", ", others));
            verdict = credentials.objection(definition.name(), look.recorded().get(), kind, look.request(), differences)
                    .map(why -> new Verdict(Action.IMPOSSIBLE, why)).orElse(update);
        } else if (verdict.action() == Action.UPDATE && kind.isShared()) {
            verdict = new Verdict(Action.IMPOSSIBLE, "it was not made from a definition");
        }
        if (verdict.action() == Action.UPDATE && kind.refusesLoss() && !rest.lost().isEmpty()) {
            verdict = new Verdict(Action.IMPOSSIBLE, "an update replaces all, and the Platform does not show what would be lost: say it in "
                    + "the definition: " + String.join(", ", rest.lost()));
        }
        plan.add(new Planned(look.step(), look.id(), look.recorded(), verdict.action(), differences, verdict.reason(), rest));
    }

    /**
     * All steps are compared: what follows for those that are built on others.
     *
     * @throws DefinitionException when a flow is to be made that would have to start in the past, or whose source does not work; or a
     *                             schema, and a file of its field groups could not be read
     */
    public void conclude(@Variable(PLAN) Plan plan, @Variable("aepDefinition") Definition definition,
            @Variable(CheckResult.VARIABLE) CheckResult check) throws DefinitionException {
        boolean isPast = definition.schedule().startTime().filter(start -> start < clock.instant().getEpochSecond()).isPresent();
        if (isPast && plan.flowStep().filter(flow -> flow.action() == Action.CREATE).isPresent()) {
            throw new DefinitionException(definition.name(), List.of(definition.fault("schedule.startTime",
                    "lies in the past; choose a later start or leave it out").withCode("1360-400")));
        }
        plan.conclude(isPast);
        boolean makesSchema = plan.of(new StepId(Kinds.TARGET_SCHEMA, 0)).filter(schema -> schema.action().makesNew()).isPresent();
        if (makesSchema && definition.target().schema().isPartUnread()) {
            throw new DefinitionException(definition.name(), List.of(definition.fault("target.schema.fieldGroups",
                    "the file of one of them cannot be read, and the schema is to be made with it")));
        }
        if (plan.makesFlow() || plan.maps() && check.hasWrongData()) {
            refuseBrokenSource(definition, check);
        }
    }

    /**
     * Lets a plan pass that may be carried out.
     *
     * @throws ConflictException when something of it is impossible, or a replacement that the definition does not allow, with all reasons;
     *                           or when there may be another flow of the dataflow that nobody knows the id of
     */
    public void admit(@Variable(PLAN) Plan plan, @Variable("aepDefinition") Definition definition) throws ConflictException,
            LedgerException {
        List<String> impossible = plan.words(Action.IMPOSSIBLE);
        List<String> replaced = plan.words(Action.REPLACE);
        if (!impossible.isEmpty()) {
            throw new ConflictException("the dataflow %s cannot be made what the definition describes: %s"
                    .formatted(definition.name(), String.join("; ", impossible)),
                    plan.isForeignFlowFound() && !plan.isWithoutFlow() || plan.isDeletion() ? "Nothing was changed."
                            : plan.adviceOnShared().orElse("Nothing was changed. Give the definition another name, so that it becomes a "
                            + "dataflow of its own, or take back that change."));
        } else if (!replaced.isEmpty() && !definition.lifecycle().allowsReplace() && !plan.isWithoutFlow()) {
            throw new ConflictException("the dataflow %s can be made what the definition describes only by replacing: %s"
                    .formatted(definition.name(), String.join("; ", replaced)),
                    "Nothing was changed. With allowReplace: true in the definition new resources are made, and the flow that they take "
                    + "the place of is disabled.");
        }
        refuseUnknownFlow(plan, definition);
    }

    /**
     * A flow of unknown outcome is looked for when the definition that it was begun with comes again; else it would run beside this one.
     */
    private void refuseUnknownFlow(Plan plan, Definition definition) throws ConflictException, LedgerException {
        boolean stays = plan.flowStep().filter(flow -> !flow.action().makesNew()).isPresent();
        if (stays && isFlowUnresolved(definition)) {
            throw new ConflictException("the outcome of step flow of the dataflow %s is not known yet: it was to be replaced"
                    .formatted(definition.name()),
                    "Nothing was changed. Provision the definition that it was to be replaced for once more, so that the new flow is "
                    + "found; then this one.");
        }
    }

    private boolean isFlowUnresolved(Definition definition) throws LedgerException {
        return ledger.unresolved(definition.name()).stream().anyMatch(step -> step.key().step().equals(Kinds.FLOW.key()));
    }

    /** The plan as JSON text. */
    public String report(@Variable(PLAN) Plan plan, @Variable(CheckResult.VARIABLE) CheckResult check) {
        return plan.report(settings.sandbox(), check == null ? List.of() : check.conditional());
    }
}
