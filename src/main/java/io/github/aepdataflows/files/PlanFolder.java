package io.github.aepdataflows.files;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.aepdataflows.definition.DefinitionPart;
import io.github.aepdataflows.ledger.Ledger;
import io.github.aepdataflows.provision.Diagnosis;
import io.github.aepdataflows.provision.Failure.TryAgain;
import io.github.aepdataflows.settings.Settings;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.concurrent.CancellationException;
import org.apache.camel.Body;
import org.apache.camel.Exchange;
import org.apache.camel.Variable;
import org.apache.camel.component.file.GenericFile;
import org.apache.camel.component.file.OptimizedFileFilter;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads the definitions in {@code plan/} and writes beside each what came of its plan. The definition itself stays as it is. Files are
 * accepted as by the inbox ({@link FolderFilter}), but for our own documents and for definitions whose document tells of them as they are.
 * A pause of the inbox is none of this folder, nor the other way round.
 */
public final class PlanFolder implements OptimizedFileFilter {

    private static final Logger LOG = LoggerFactory.getLogger("aep.plan");
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String PLANNED = "aepPlannedFile";
    private static final int MAX_NAME = 200;   // .plan.json has to fit behind it

    private final DataFolder data;
    private final FolderFilter filter;
    private final PlanDocuments documents;
    private final Settings settings;
    private final Clock clock;

    /** @param clock tells when something was planned */
    public PlanFolder(DataFolder data, Ledger ledger, Settings settings, WorkFolder work, Clock clock) {
        this.data = data;
        this.filter = new FolderFilter("plan folder", LOG, settings, ledger);
        this.documents = new PlanDocuments(data, work);
        this.settings = settings;
        this.clock = clock;
    }

    @Override
    public Boolean accept(String name) {
        return !PlanDocuments.isOne(name) && filter.hasName(name) ? null : Boolean.FALSE;   // null: the file decides
    }

    @Override
    public boolean accept(@SuppressWarnings("rawtypes") GenericFile file) {
        return accepts(((File) file.getFile()).toPath());
    }

    /** Whether a file that was listed a while ago may still be worked on: a pause may have begun since, or its writer. */
    public boolean accepts(@Variable("aepFile") String name) throws IOException {
        return accepts(file(name));
    }

    private boolean accepts(Path file) {
        String name = file.getFileName().toString();
        if (!filter.isOpen()) {
            return false;
        } else if (name.getBytes(StandardCharsets.UTF_8).length > MAX_NAME) {
            filter.leaveAlone(name, "has a name too long for another file to be named after it");
            return false;
        }
        return filter.isReady(file) && !documents.tellOf(file);
    }

    /** Takes the file of that name into the body, and what is to come of it into the variable {@code aepPlannedFile}. */
    public void read(Exchange exchange, @Variable("aepFile") String name) throws IOException {
        try {
            PlanDocuments.Reading reading = documents.read(file(name));
            exchange.setVariable(PLANNED, new PlannedFile(name, reading.edition()));
            exchange.getMessage().setBody(reading.content());
        } catch (NoSuchFileException e) {
            throw e;
        } catch (IOException e) {
            throw unwritten(name, "cannot be read", e);
        }
    }

    /**
     * The definition in the message body, whose turn it is.
     *
     * @throws CancellationException during a stop
     */
    public DefinitionPart part(@Body DefinitionPart part, @Variable("aepFile") String name) {
        if (settings.getCamelContext().isStopping()) {
            throw new CancellationException(name + ": is planned another time, the application is stopping");
        }
        return part;
    }

    /** Notes the plan in the message body. In: variable {@code aepPart}, of which definition it is. */
    public void planned(@Variable(PLANNED) PlannedFile file, @Variable("aepPart") DefinitionPart part, @Body String plan)
            throws IOException {
        file.add(part, (ObjectNode) JSON.readTree(plan));
    }

    /**
     * Notes why a definition could not be planned.
     *
     * @throws CancellationException after an outage, which is no answer: nothing is written, and the folder is left alone for a while, or
     *                               this file, where only it has to wait
     */
    public void failed(Exchange exchange, @Variable("aepFile") String name, @Variable(PLANNED) PlannedFile file,
            @Variable("aepPart") DefinitionPart part) throws IOException {
        Diagnosis diagnosis = Diagnosis.of(exchange);
        if (diagnosis.tryAgain() != TryAgain.NO || exchange.getContext().isStopping()) {
            if (diagnosis.tryAgain() == TryAgain.POSTPONE) {
                filter.postpone(file(name));
            } else {
                filter.pause();
            }
            throw new CancellationException("%s: could not be planned now, is tried again: %s".formatted(name, diagnosis.message()));
        }
        ObjectNode error = JSON.createObjectNode().put("sandbox", settings.sandbox()).put("dataflow", part.name().orElse(null));
        diagnosis.addTo(error);
        if (!diagnosis.isInternal()) {
            error.put("advice", "Mend its cause. Once the file has changed, or was touched, it is planned again.");
        }
        file.add(part, error);
    }

    /** Writes what came of all definitions of the file: the plans, unless there is not one. */
    public void write(@Variable("aepFile") String name, @Variable(PLANNED) PlannedFile file) throws IOException {
        if (!Files.exists(file(name), LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        ObjectNode document = JSON.createObjectNode().put("file", name).put("plannedAt", clock.instant().toString());
        file.addTo(document, JSON.createObjectNode().put("sandbox", settings.sandbox())
                .put("message", "none of the definitions could be planned")
                .put("advice", "What is wrong with each is told in plans. Once the file has changed, it is planned again."));
        try {
            if (file.hasNoPlan()) {
                documents.writeError(file(name), document);
                LOG.warn("{}: {}; see plan/{}.error.json", name, document.path("message").asText(), name);
            } else {
                documents.writePlan(file(name), document, file.text());
                LOG.info("{}: {}; see plan/{}.plan.txt", name, file.summary(), name);
            }
        } catch (IOException e) {
            throw unwritten(name, "was planned, but what came of it could not be written", e);
        }
    }

    private Path file(String name) throws IOException {
        return data.folder("plan").resolve(name);
    }

    private IOException unwritten(String name, String what, IOException e) throws IOException {
        filter.postpone(file(name));
        return new IOException("%s %s (%s); it is tried again".formatted(name, what, DataFolder.reason(e)), e);
    }
}
