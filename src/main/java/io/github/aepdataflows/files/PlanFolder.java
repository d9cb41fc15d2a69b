package io.github.aepdataflows.files;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.aepdataflows.definition.DefinitionException;
import io.github.aepdataflows.definition.DefinitionPart;
import io.github.aepdataflows.ledger.LedgerException;
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
import org.apache.camel.Body;
import org.apache.camel.Exchange;
import org.apache.camel.Variable;
import org.apache.commons.lang3.StringUtils;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads the definitions in {@code plan/} and writes beside each what came of its plan. The definition itself stays as it is. */
public final class PlanFolder {

    private static final Logger LOG = LoggerFactory.getLogger("aep.plan");
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String PLANNED = "aepPlannedFile";
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

    /** Takes the file of that name into the body, and what is to come of it into the variable {@code aepPlannedFile}. */
    public void read(Exchange exchange, @Variable("aepFile") String name) throws IOException {
        try {
            PlanDocuments.Reading reading = PlanDocuments.read(file(name));
            exchange.setVariable(PLANNED, new PlannedFile(reading));
            exchange.getMessage().setBody(reading.content());
        } catch (NoSuchFileException e) {
            throw e;
        } catch (IOException e) {
            throw unwritten(name, "cannot be read", e);
        }
    }

    /** Whether the next definition of the file is to be planned: not after an outage, nor during a stop. */
    public boolean goesOn(@Variable(PLANNED) PlannedFile file) {
        if (settings.getCamelContext().isStopping()) {
            file.halt();
        }
        return !file.isHalted();
    }

    /** Notes the plan in the message body. In: variable {@code aepPart}, of which definition it is. */
    public void planned(@Variable(PLANNED) PlannedFile file, @Variable("aepPart") DefinitionPart part, @Body String plan) throws IOException {
        file.add(part, (ObjectNode) JSON.readTree(plan));
    }

    /** Notes why a definition could not be planned. An outage is no answer: nothing is written, and the folder is left alone for a while. */
    public void failed(Exchange exchange, @Variable("aepFile") String name, @Variable(PLANNED) PlannedFile file, @Variable("aepPart") DefinitionPart part) {
        Exception cause = exchange.getProperty(Exchange.EXCEPTION_CAUGHT, Exception.class);
        if (isOutage(cause)) {
            filter.pause();
            file.halt();
            LOG.warn("{}: could not be planned now, is tried again: {}", name, cause.getMessage());
        } else {
            file.add(part, error(cause, part));
        }
    }

    /** Writes what came of all definitions of the file: the plans, unless there is not one. */
    public void write(@Variable("aepFile") String name, @Variable(PLANNED) PlannedFile file) throws IOException {
        if (file.isHalted()) {
            return;
        }
        boolean withoutPlan = file.hasNoPlan();
        ObjectNode document = document(name, file);
        try {
            if (!isThere(name)) {
                return;
            } else if (withoutPlan) {
                documents.writeError(file(name), document);
            } else {
                documents.writePlan(file(name), document, file.text(name));
            }
        } catch (IOException e) {
            throw unwritten(name, "was planned, but what came of it could not be written", e);
        }
        if (withoutPlan) {
            LOG.warn("{}: {}; see plan/{}.error.json", name, document.path("message").asText(), name);
        } else {
            LOG.info("{}: {}; see plan/{}.plan.txt", name, file.summary(), name);
        }
    }

    private ObjectNode document(String name, PlannedFile file) {
        ObjectNode document = JSON.createObjectNode().put("file", name).put("plannedAt", clock.instant().toString());
        if (!file.areSeveral()) {
            document.setAll(file.first());
            document.set("definition", file.edition());
            return document;
        }
        if (file.hasNoPlan()) {
            document.put("sandbox", settings.sandbox()).put("category", file.first().path("category").asText())
                    .put("message", "none of the definitions could be planned")
                    .put("advice", "What is wrong with each is told in plans. Once the file has changed, it is planned again.");
        }
        document.set("definition", file.edition());
        file.addTo(document.putArray("plans"));
        return document;
    }

    private boolean isOutage(Exception cause) {
        boolean unanswered = cause instanceof PlatformException refusal && refusal.getOutcome() != Outcome.REJECTED
                && refusal.getOutcome() != Outcome.CONFLICT;
        return unanswered || cause instanceof LedgerException || cause instanceof RejectedExecutionException || settings.getCamelContext().isStopping();
    }

    private ObjectNode error(Exception cause, DefinitionPart part) {
        ObjectNode error = JSON.createObjectNode().put("sandbox", settings.sandbox()).put("dataflow", part.name().orElse(null));
        if (cause instanceof DefinitionException refused) {
            int count = refused.faults().size();
            error.put("category", "definition")
                    .put("message", count == 1 ? "the definition has a fault" : "the definition has %d faults".formatted(count))
                    .put("advice", "Mend the faults; once the file has changed, it is planned again.");
            ArrayNode faults = error.putArray("faults");
            refused.faults().forEach(fault -> fault.addTo(faults));
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
