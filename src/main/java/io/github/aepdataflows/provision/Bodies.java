package io.github.aepdataflows.provision;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.aepdataflows.check.CheckResult;
import io.github.aepdataflows.definition.Definition;
import io.github.aepdataflows.resource.Flow;
import io.github.aepdataflows.resource.Inputs;
import io.github.aepdataflows.resource.Kind;
import io.github.aepdataflows.resource.Kinds;
import io.github.aepdataflows.resource.StepId;
import io.github.aepdataflows.resource.XdmNames;
import io.github.aepdataflows.settings.Settings;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.camel.Exchange;

/** The bodies of creates, made of the definition and of what the exchange carries: ids in headers, documents in variables. */
public final class Bodies {

    private final Clock clock;
    private final Duration startDelay;

    public Bodies(Settings settings, Clock clock) {
        this.clock = clock;
        this.startDelay = settings.duration("aep.start-delay");
    }

    /** What creates of a kind send for the definition in variable {@code aepDefinition}. */
    public List<ObjectNode> requests(Exchange exchange, Kind kind) {
        return kind.requests(inputs(exchange));
    }

    /** What the first create of a kind sends. */
    public JsonNode request(Exchange exchange, String kind) {
        return requests(exchange, Kinds.of(kind)).get(0);
    }

    /** Query of the creates of a kind; empty for none. */
    public String query(Exchange exchange, String kind) {
        return Kinds.of(kind).createQuery(exchange.getVariable(Chain.DEFINITION, Definition.class));
    }

    /** The mapping set, to be validated. */
    public JsonNode mappingSet(Exchange exchange) {
        return request(exchange, Kinds.MAPPING_SET.key());
    }

    /**
     * What a create really sends: where it takes the place of another one, with all that this has beside what the definition says. In:
     * variables {@code aepRequest} and {@code aepStep}.
     */
    public JsonNode sent(Exchange exchange, String kind) {
        ObjectNode body = whole(exchange, Kinds.of(kind), exchange.getVariable("aepRequest", ObjectNode.class));
        Step step = exchange.getVariable("aepStep", Step.class);
        return step != null && step.isToReplace() ? step.planned().orElseThrow().rest().into(body) : body;
    }

    /** What a create sends for a request, were it the first. */
    public ObjectNode whole(Exchange exchange, Kind kind, ObjectNode request) {
        return kind.sent(request, inputs(exchange));
    }

    Inputs inputs(Exchange exchange) {
        Map<Kind, String> ids = new HashMap<>();
        for (Kind kind : Kinds.ALL) {
            Optional.ofNullable(exchange.getMessage().getHeader(kind.header(), String.class)).ifPresent(id -> ids.put(kind, id));
        }
        Optional<Integer> version = Kinds.MAPPING_SET.versionHeader()
                .map(header -> exchange.getMessage().getHeader(header, Integer.class));
        CheckResult check = exchange.getVariable(CheckResult.VARIABLE, CheckResult.class);
        return inputs(exchange.getVariable(Chain.DEFINITION, Definition.class), ids, version,
                check == null ? MissingNode.getInstance() : check.flowSpec(), check == null ? MissingNode.getInstance() : check.columns(),
                names(exchange, check));
    }

    /** What the check has found, and what was made since. */
    private static XdmNames names(Exchange exchange, CheckResult check) {
        XdmNames names = check == null ? XdmNames.NONE : check.names();
        Provisioning provisioning = Provisioning.of(exchange);
        Definition definition = exchange.getVariable(Chain.DEFINITION, Definition.class);
        List<Definition.FieldGroup> groups = provisioning == null || definition == null ? List.of()
                : definition.target().schema().describedGroups();
        for (int i = 0; i < groups.size(); i++) {
            Optional<String> id = provisioning.idOf(new StepId(Kinds.FIELD_GROUP, i));
            names = id.isPresent() ? names.with(groups.get(i).name(), id.get()) : names;
        }
        return names;
    }

    /** As for an exchange that carries these. */
    public Inputs inputs(Definition definition, Map<Kind, String> ids, Optional<Integer> mappingSetVersion, JsonNode flowSpec,
            JsonNode columns, XdmNames names) {
        return new Inputs(definition, ids, mappingSetVersion, flowSpec, columns, names, Flow.earliestStart(clock, startDelay));
    }
}
