package io.github.aepdataflows.files;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.aepdataflows.definition.DefinitionException;
import io.github.aepdataflows.definition.Fault;
import io.github.aepdataflows.ledger.LedgerException;
import io.github.aepdataflows.plan.PlanText;
import io.github.aepdataflows.platform.Outcome;
import io.github.aepdataflows.platform.PlatformException;
import io.github.aepdataflows.settings.Settings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.concurrent.RejectedExecutionException;
import java.util.stream.StreamSupport;
import org.apache.camel.Exchange;
import org.apache.camel.Variable;
import org.apache.commons.lang3.StringUtils;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads the definitions in {@code plan/} and writes beside each what came of its plan. The definition itself stays as it is. */
public final class PlanFolder {

    private static final Logger LOG = LoggerFactory.getLogger("aep.plan");
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int MAX_MESSAGE = 500;

    private final DataFolder data;
    private final PlanFilter filter;
    private final PlanDocuments documents;
    private final Settings settings;
    private final Clock clock;

    /** @param clock tells when something was planned */
    public PlanFolder(DataFolder data, PlanFilter filter, PlanDocuments documents, Settings settings, Clock clock) {
        this.data = data;
        this.filter = filter;
        this.documents = documents;
        this.settings = settings;
        this.clock = clock;
    }

    /** Whether a file that was listed a while ago may still be worked on: a pause may have begun since, or its writer. */
    public boolean takes(@Variable("aepFile") String name) throws IOException {
        return filter.takes(file(name));
    }

    /** Takes the definition of that name into the body, and what tells its edition into the variable {@code aepReading}. */
    public void read(Exchange exchange, @Variable("aepFile") String name) throws IOException {
        try {
            PlanDocuments.Reading reading = PlanDocuments.read(file(name));
            exchange.setVariable("aepReading", reading);
            exchange.getMessage().setBody(reading.content());
        } catch (NoSuchFileException e) {
            throw e;
        } catch (IOException e) {
            throw unwritten(name, "cannot be read", e);
        }
    }

    public void planned(@Variable("aepFile") String name, @Variable("aepReading") PlanDocuments.Reading reading,
                        @Variable("aepPlanned") String planned) throws IOException {
        ObjectNode plan = begun(name);
        plan.setAll((ObjectNode) JSON.readTree(planned));
        plan.set("definition", reading.edition());
        try {
            if (isThere(name)) {
                documents.writePlan(file(name), plan, PlanText.text(name, plan));
            }
        } catch (IOException e) {
            throw unwritten(name, "was planned, but that could not be written", e);
        }
        long toDo = StreamSupport.stream(plan.path("steps").spliterator(), false).filter(step -> !step.path("action").asText().equals("none")).count();
        LOG.info("{}: {}", name, toDo == 0 ? "no differences" : "steps with something to do: %d; see plan/%s.plan.txt".formatted(toDo, name));
    }

    /** An outage is no answer: nothing is written, and the folder is left alone for a while. */
    public void failed(Exchange exchange, @Variable("aepFile") String name, @Variable("aepReading") PlanDocuments.Reading reading) throws IOException {
        Exception cause = exchange.getProperty(Exchange.EXCEPTION_CAUGHT, Exception.class);
        if (isOutage(cause)) {
            filter.pause();
            LOG.warn("{}: could not be planned now, is tried again: {}", name, cause.getMessage());
            return;
        }
        ObjectNode error = error(begun(name), cause);
        error.set("definition", reading.edition());
        try {
            if (isThere(name)) {
                documents.writeError(file(name), error);
            }
        } catch (IOException e) {
            throw unwritten(name, "could not be planned, nor could that be written", e);
        }
        LOG.warn("{}: {}; see plan/{}.error.json", name, error.path("message").asText(), name);
    }

    private boolean isOutage(Exception cause) {
        boolean unanswered = cause instanceof PlatformException refusal && refusal.getOutcome() != Outcome.REJECTED
                && refusal.getOutcome() != Outcome.CONFLICT;
        return unanswered || cause instanceof LedgerException || cause instanceof RejectedExecutionException || settings.getCamelContext().isStopping();
    }

    private ObjectNode error(ObjectNode error, Exception cause) {
        error.put("sandbox", settings.sandbox());
        if (cause instanceof DefinitionException refused) {
            int count = refused.faults().size();
            error.put("dataflow", refused.dataflow().orElse(null)).put("category", "definition")
                    .put("message", count == 1 ? "the definition has a fault" : "the definition has %d faults".formatted(count))
                    .put("advice", "Mend the faults; once the file has changed, it is planned again.");
            ArrayNode faults = error.putArray("faults");
            refused.faults().forEach(fault -> add(faults, fault));
        } else if (cause instanceof PlatformException refusal) {
            error.put("category", "rejected").put("status", refusal.getStatus())
                    .put("code", refusal.getCode().isEmpty() ? null : refusal.getCode())
                    .put("requestId", refusal.getRequestId().isEmpty() ? null : refusal.getRequestId())
                    .put("message", refusal.getText().isEmpty() ? refusal.getMessage() : refusal.getText())
                    .put("advice", "Once its cause is mended, touch the definition, and it is planned again.");
        } else {
            LOG.error("a fault of this program", cause);
            error.put("category", "internal").put("message", StringUtils.abbreviate(String.valueOf(cause), MAX_MESSAGE))
                    .put("advice", "This is not the definition's fault. Please report it with the log.");
        }
        return error;
    }

    private static void add(ArrayNode faults, Fault fault) {
        ObjectNode entry = faults.addObject().put("path", fault.path()).put("line", fault.line() == 0 ? null : fault.line())
                .put("message", fault.message());
        if (!fault.code().isEmpty()) {
            entry.put("code", fault.code());
        }
        if (!fault.nearest().isEmpty()) {
            entry.put("nearest", fault.nearest());
        }
    }

    private ObjectNode begun(String name) {
        return JSON.createObjectNode().put("file", name).put("plannedAt", clock.instant().toString());
    }

    private boolean isThere(String name) throws IOException {
        return Files.exists(file(name), LinkOption.NOFOLLOW_LINKS);
    }

    private Path file(String name) throws IOException {
        return data.folder("plan").resolve(name);
    }

    private IOException unwritten(String name, String what, IOException e) throws IOException {
        filter.postpone(file(name));
        return new IOException("%s %s (%s); it is tried again".formatted(name, what, e), e);
    }
}
