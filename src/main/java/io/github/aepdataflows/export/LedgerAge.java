package io.github.aepdataflows.export;

import io.github.aepdataflows.ledger.Dataflow;
import io.github.aepdataflows.ledger.Ledger;
import io.github.aepdataflows.ledger.LedgerException;
import io.github.aepdataflows.ledger.RecordedStep;
import io.github.aepdataflows.provision.CreateOnce;
import io.github.aepdataflows.resource.Flow;
import io.github.aepdataflows.resource.Kinds;
import io.github.aepdataflows.resource.Search;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.camel.Body;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.camel.Variable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells whether the ledger is older than the Platform, as one that was restored from a backup: then there are flows of the names of its
 * dataflows that it does not know, or flows are gone that it has. Changes nothing.
 */
public final class LedgerAge implements Processor {

    private static final Logger LOG = LoggerFactory.getLogger("aep.ledger");
    private static final int MOST_NAMED = 10;
    private static final String OLDER = "The ledger may be older than the Platform: ";

    private final Ledger ledger;

    public LedgerAge(Ledger ledger) {
        this.ledger = ledger;
    }

    /** After a comparison that has failed: says so. */
    @Override
    public void process(Exchange exchange) {
        LOG.warn("Whether the ledger is older than the Platform could not be found out, that is tried again: {}",
                exchange.getProperty(Exchange.EXCEPTION_CAUGHT, Exception.class).getMessage());
    }

    /**
     * Takes up the flows that the ledger has. Out: variables {@code aepLedgerFlows} and {@code aepReading}, for a walk through all flows;
     * which is null where the ledger has no finished dataflow.
     */
    public void begin(Exchange exchange) throws LedgerException {
        List<RecordedStep> flows = new ArrayList<>();
        for (Dataflow dataflow : ledger.dataflows()) {
            if (dataflow.done() && dataflow.holder().isEmpty()) {   // nobody is at work on it
                ledger.steps(dataflow.name()).stream().filter(step -> step.key().step().equals(Kinds.FLOW.key()) && step.made())
                        .forEach(flows::add);
            }
        }
        exchange.setVariable("aepLedgerFlows", flows);
        exchange.setVariable("aepReading", flows.isEmpty() ? null : new FlowList(false));
    }

    /** Says which of these, that were done, the ledger does not have, or not to the end. */
    public void compareDone(@Body Collection<String> done) throws LedgerException {
        Set<String> known = ledger.dataflows().stream().filter(Dataflow::done).map(Dataflow::name).collect(Collectors.toSet());
        warn(done.stream().filter(name -> !known.contains(name)).toList(), "The ledger may be older than the folder done/: dataflows"
                + " that were done there it does not have: {}. Run aep-dataflows rebuild once the program was stopped; what exists is"
                + " not made again");
    }

    /** Says what does not fit, in a line for each finding. */
    public void compare(@Variable("aepLedgerFlows") List<RecordedStep> ours, @Variable("aepReading") FlowList flows)
            throws LedgerException {
        Map<String, List<Search.Hit>> byName = new HashMap<>();
        flows.byName().forEach(ofOneName -> byName.put(ofOneName.get(0).name(), ofOneName));
        List<String> unknown = new ArrayList<>();
        List<String> gone = new ArrayList<>();
        for (RecordedStep flow : ours) {
            List<Search.Hit> ofOneName = byName.getOrDefault(flow.name(), List.of());
            Flow.rivals(CreateOnce.unknown(ledger, Kinds.FLOW, ofOneName), ofOneName)
                    .forEach(rival -> unknown.add(rival.id() + " (" + flow.name() + ")"));
            if (!flows.has(flow.result().id())) {
                gone.add(flow.result().id() + " (" + flow.name() + ")");
            }
        }
        warn(unknown, OLDER + "there are flows of the names of its dataflows that it does not know: {}. Restore a newer ledger, rebuild it,"
                + " or adopt them; until then no flow is replaced, enabled, paused or deleted beside them");
        warn(gone, OLDER + "flows that it has do not exist any more: {}. Restore a newer ledger; or they were deleted by somebody else, and"
                + " what was made with them is made again when its definition is provisioned");
    }

    private static void warn(List<String> found, String what) {
        if (!found.isEmpty()) {
            List<String> named = found.stream().distinct().sorted().toList();
            LOG.warn(what, String.join(", ", named.subList(0, Math.min(MOST_NAMED,
                    named.size()))) + (named.size() > MOST_NAMED ? " and %d more".formatted(named.size() - MOST_NAMED) : ""));
        }
    }
}
