package io.github.aepdataflows.export;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.aepdataflows.definition.Definition;
import io.github.aepdataflows.definition.Fingerprint;
import io.github.aepdataflows.ledger.Beginning;
import io.github.aepdataflows.ledger.Dataflow;
import io.github.aepdataflows.ledger.Lease;
import io.github.aepdataflows.ledger.Ledger;
import io.github.aepdataflows.ledger.LedgerException;
import io.github.aepdataflows.ledger.RecordedStep;
import io.github.aepdataflows.ledger.Result;
import io.github.aepdataflows.ledger.StepKey;
import io.github.aepdataflows.ledger.UsedIdException;
import io.github.aepdataflows.platform.Searches;
import io.github.aepdataflows.provision.ConflictException;
import io.github.aepdataflows.settings.Settings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.camel.Exchange;
import org.apache.camel.Variable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Enters an existing flow into the ledger, as if its definition had been provisioned: what it is made of belongs to its
 * dataflow from now on. Nothing is written at the Platform. Killed in between, it is done again with the same result.
 */
public final class Adopter {

    private static final Logger LOG = LoggerFactory.getLogger("aep.provision");
    private static final String ADVICE = "Nothing was changed.";

    private final Ledger ledger;
    private final Duration callTimeout;
    private final String sandbox;

    public Adopter(Settings settings, Ledger ledger) {
        this.ledger = ledger;
        this.callTimeout = settings.duration("aep.call-timeout");
        this.sandbox = settings.sandbox();
    }

    /** {@code unchanged} when the flow is a finished dataflow's of the ledger, else {@code open}. Out, when unchanged: the report. */
    public void begin(Exchange exchange, @Variable(Exporter.EXPORTED) Exported exported) throws LedgerException {
        Optional<String> dataflow = Optional.ofNullable(ledger.resources(Part.FLOW.key()).get(exported.original().id(Part.FLOW)));
        exchange.setVariable("aepAdopting", dataflow.isEmpty() ? "open" : "unchanged");
        if (dataflow.isPresent()) {
            Dataflow known = ledger.dataflow(dataflow.get()).orElseThrow();
            ObjectNode report = exported.report(sandbox).put("outcome", "unchanged").put("dataflow", known.name());
            report.put("sameDefinition", known.digest().equals(exported.definition().digest())).put("file", known.file());
            exchange.setVariable(Exporter.REPORT, report.toPrettyString());
        }
    }

    /**
     * Makes the entries. Out: the report.
     *
     * @throws ConflictException when anything of it belongs to another dataflow, or the name does
     */
    public void adopt(Exchange exchange, @Variable(Exporter.EXPORTED) Exported exported) throws LedgerException, ConflictException {
        Definition definition = exported.definition();
        Map<Part, StepKey> keys = keys(exported);
        refuse(exported, keys);
        Lease lease = ledger.take(definition.name(), definition.digest(), definition.fingerprint().fields(), "");
        try {
            if (lease.done()) {   // finished by another run a moment ago
                throw new ConflictException("the dataflow %s is in the ledger already".formatted(definition.name()), ADVICE);
            }
            for (Map.Entry<Part, StepKey> step : keys.entrySet()) {
                enter(exported, lease, step.getKey(), step.getValue());
            }
            ledger.finish(lease, keys.values());
        } catch (UsedIdException e) {
            throw new ConflictException(e.getMessage(), ADVICE);
        } finally {
            release(lease);
        }
        LOG.info("the flow {} is the dataflow {} of the ledger now", exported.original().id(Part.FLOW), definition.name());
        ObjectNode report = exported.report(sandbox).put("outcome", "adopted").put("sameDefinition", true);
        ObjectNode resources = report.putObject("resources");
        keys.keySet().forEach(part -> resources.put(part.key(), exported.original().id(part)));
        exchange.setVariable(Exporter.REPORT, report.toPrettyString());
    }

    private void enter(Exported exported, Lease lease, Part part, StepKey key) throws LedgerException, ConflictException {
        String id = exported.original().id(part);
        JsonNode body = exported.bodies().get(part);
        Beginning beginning = ledger.begin(lease, key, Searches.name(part.key(), body), callTimeout);
        if (beginning.state() != Beginning.State.DONE) {
            String version = part == Part.MAPPING_SET ? String.valueOf(exported.original().mappingVersion())
                    : exported.original().get(part).path("etag").asText("");
            ledger.complete(lease, key, beginning.attempt(), new Result(id, version, "", key.shared() ? "reused" : "adopted"));
        } else if (!beginning.result().id().equals(id)) {
            throw new ConflictException("%s: the ledger has %s in place of %s".formatted(part.words(), beginning.result().id(), id), ADVICE);
        }
    }

    /** A step per part that a definition makes: the key under which provisioning it would record that. */
    private Map<Part, StepKey> keys(Exported exported) throws LedgerException {
        Map<Part, StepKey> keys = new LinkedHashMap<>();
        for (Part part : exported.bodies().keySet()) {
            JsonNode body = exported.bodies().get(part);
            String id = exported.original().id(part);
            keys.put(part, switch (part) {
                case DATASET_CONNECTION -> datasetConnection(exported, body, id);
                case SOURCE_CLASS, SOURCE_SCHEMA -> exported.original().isAdHocShared() ? sharedBy(part, id)
                        : new StepKey(exported.definition().name(), part.key(), Searches.digest(part.key(), body));
                default -> new StepKey(exported.definition().name(), part.key(), Searches.digest(part.key(), body));
            });
        }
        return keys;
    }

    /** The sandbox's one dataset connection, or one that somebody has made beside it. */
    private StepKey datasetConnection(Exported exported, JsonNode body, String id) throws LedgerException {
        Part part = Part.DATASET_CONNECTION;
        StepKey ours = new StepKey("", part.key(), Searches.digest(part.key(), body));
        Optional<RecordedStep> made = ledger.made(ours);
        boolean isOurs = made.isPresent() ? made.get().result().id().equals(id)
                : exported.original().get(part).path("name").asText().equals(body.path("name").asText());
        return isOurs ? ours : sharedBy(part, id);
    }

    /** Of what several use, and none has made by its definition. */
    private static StepKey sharedBy(Part part, String id) {
        return new StepKey("", part.key(), Fingerprint.of(JsonNodeFactory.instance.objectNode().put("id", id)).digest());
    }

    private void refuse(Exported exported, Map<Part, StepKey> keys) throws LedgerException, ConflictException {
        List<String> reasons = new ArrayList<>();
        String name = exported.definition().name();
        for (Map.Entry<Part, StepKey> step : keys.entrySet()) {
            Part part = step.getKey();
            String id = exported.original().id(part);
            Optional<String> owner = ledger.owner(part.key(), id);
            boolean asHere = ledger.made(step.getValue()).filter(made -> made.result().id().equals(id)).isPresent();
            if (owner.isPresent() && !asHere) {
                reasons.add("its %s %s %s".formatted(part.words(), id, owner.get().isEmpty() ? "is shared in another way"
                        : owner.get().equals(name) ? "was recorded for another content of the dataflow " + name
                        : "belongs to the dataflow " + owner.get()));
            }
        }
        Optional<Dataflow> known = ledger.dataflow(name);
        if (known.isPresent() && known.get().done()) {
            reasons.add("another flow is the dataflow %s of the ledger".formatted(name));
        }
        for (RecordedStep step : ledger.steps(name)) {
            boolean mayBeMade = step.state() != RecordedStep.State.FREE;
            if (mayBeMade && !keys.containsValue(step.key()) && !step.key().shared()) {
                reasons.add("the dataflow %s is being made from another definition%s, and has a %s".formatted(name,
                        known.filter(dataflow -> !dataflow.file().isEmpty()).map(dataflow -> ", " + dataflow.file()).orElse(""),
                        step.key().step().replace('-', ' ')));
            }
        }
        if (!reasons.isEmpty()) {
            throw new ConflictException("%s cannot be adopted: %s".formatted(exported.original().label(), String.join("; ", reasons)), ADVICE);
        }
    }

    private void release(Lease lease) {
        try {
            ledger.release(lease);
        } catch (LedgerException e) {
            LOG.warn("the dataflow {} could not be let go in the ledger; it is free again when its lease is over: {}",
                    lease.dataflow(), e.getMessage());
        }
    }
}
