package io.github.aepdataflows.operate;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.github.aepdataflows.definition.Definition;
import io.github.aepdataflows.definition.DefinitionFile;
import io.github.aepdataflows.definition.DefinitionPart;
import io.github.aepdataflows.definition.DefinitionReader;
import io.github.aepdataflows.definition.Fault;
import io.github.aepdataflows.files.DoneFolder;
import io.github.aepdataflows.files.DoneFolder.Applied;
import io.github.aepdataflows.files.FolderView;
import io.github.aepdataflows.files.InboxDrop;
import io.github.aepdataflows.files.Watchdog;
import io.github.aepdataflows.ledger.Dataflow;
import io.github.aepdataflows.ledger.Event;
import io.github.aepdataflows.ledger.Ledger;
import io.github.aepdataflows.ledger.LedgerException;
import io.github.aepdataflows.plan.PlanText;
import io.github.aepdataflows.plan.PlanText.Line;
import io.github.aepdataflows.plan.PlanText.Tone;
import io.github.aepdataflows.provision.Diagnosis;
import io.github.aepdataflows.provision.Failure;
import io.github.aepdataflows.settings.Settings;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.apache.camel.Exchange;
import org.apache.camel.util.concurrent.CamelThreadFactory;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What somebody can have done from the page. A definition is applied by a file in the inbox; a plan and the order of a run go to the
 * endpoints that the commands use. Each is an event of the ledger before it begins: what cannot be recorded is not done.
 */
public final class Actions implements AutoCloseable {

    /** As the addresses of forms name them. All but {@code PLAN} have an effect. */
    enum Verb {
        PLAN, APPLY, PAUSE, RESUME, RUN, RETRY;

        static Optional<Verb> of(String word) {
            return List.of(values()).stream().filter(verb -> verb.word().equals(word)).findFirst();
        }

        String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * Who asks.
     *
     * @param name as a browser was given it, of whom nobody knows whether that is true; may be empty
     * @param from the address
     */
    record Asker(String name, String from) {
    }

    /** A dataflow by its name, or a file whose dataflows nobody knows yet. */
    record Subject(String name, boolean isFile) {

        static Subject dataflow(String name) {
            return new Subject(name, false);
        }

        static Subject file(String name) {
            return new Subject(name, true);
        }
    }

    /**
     * What has become of what was asked for last.
     *
     * @param file    what was dropped into the inbox; empty when nothing was
     * @param lines   empty while nothing is known yet
     */
    record Job(Verb verb, Subject subject, Instant since, String file, boolean isRunning, boolean isWell, List<Line> lines) {

        private Job ended(boolean well, List<Line> result) {
            return new Job(verb, subject, since, file, false, well, result);
        }
    }

    /** That cannot be done now, for a reason that is told to whoever asks. */
    static final class RefusedException extends Exception {

        private static final long serialVersionUID = 1L;

        RefusedException(String reason) {
            super(reason);
        }
    }

    /** What ends with lines to show. */
    private interface Work {
        List<Line> run() throws Exception;
    }

    private static final Logger LOG = LoggerFactory.getLogger("aep.ops");
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int MOST_AT_A_TIME = 2;
    private static final int MOST_WAITING = 20;
    private static final int MOST_REMEMBERED = 200;
    private static final int MOST_TYPED = 20;
    private static final Duration REMEMBERED = Duration.ofHours(1);
    private static final int MOST_REASON = 500;

    private final Settings settings;
    private final Ledger ledger;
    private final DoneFolder done;
    private final InboxDrop inbox;
    private final FolderView folders;
    private final Watchdog watchdog;
    private final Cache<Subject, Job> plans = remembered();
    private final Cache<Subject, Job> others = remembered();
    private final Cache<String, String> typed = Caffeine.newBuilder().maximumSize(MOST_TYPED).expireAfterWrite(REMEMBERED).build();
    private ThreadPoolExecutor threads;

    public Actions(Settings settings, Ledger ledger, DoneFolder done, InboxDrop inbox, FolderView folders, Watchdog watchdog) {
        this.settings = settings;
        this.ledger = ledger;
        this.done = done;
        this.inbox = inbox;
        this.folders = folders;
        this.watchdog = watchdog;
    }

    private static Cache<Subject, Job> remembered() {
        return Caffeine.newBuilder().maximumSize(MOST_REMEMBERED).expireAfterWrite(REMEMBERED).build();
    }

    /** Whether more than plans can be asked for. */
    boolean isEnabled() {
        return settings.text("aep.page.actions").equals("true");
    }

    /** The last plan of a dataflow or file. */
    Optional<Job> plan(Subject subject) {
        return Optional.ofNullable(plans.getIfPresent(subject));
    }

    /** The last of all else that was asked for. */
    Optional<Job> last(Subject subject) {
        return Optional.ofNullable(others.getIfPresent(subject));
    }

    /** Whether it is not over: it runs, or what was dropped waits in the inbox or is in work. */
    boolean isUnderWay(Job job) throws IOException {
        return job.isRunning() || !job.file().isEmpty()
                && (folders.isWaiting(job.file()) || watchdog.inWork().stream().anyMatch(work -> work.file().equals(job.file())));
    }

    /** The definition that the dataflow was made of last, as far as it lies in {@code done/}. */
    Optional<Applied> definition(Dataflow dataflow) throws IOException {
        return done.applied(dataflow);
    }

    /**
     * Has something done about a dataflow of the ledger.
     *
     * @throws RefusedException when it cannot be begun
     */
    void ask(Verb verb, String name, Asker asker) throws RefusedException, LedgerException, IOException {
        Dataflow dataflow = ledger.dataflow(name).orElseThrow(() -> new RefusedException("The ledger has no dataflow of that name."));
        switch (verb) {
            case PLAN -> {
                DefinitionPart part = part(dataflow, known(dataflow));
                begin(verb, Subject.dataflow(name), asker, () -> planned(dataflow.file(), part));
            }
            case RUN -> begin(verb, Subject.dataflow(name), asker, () -> ordered("direct:aep-run-flow", name));
            case RETRY -> begin(verb, Subject.dataflow(name), asker, () -> ordered("direct:aep-retry-flow", name));
            default -> {
                Applied applied = known(dataflow);
                part(dataflow, applied);   // else what is dropped says nothing of this dataflow
                byte[] content = switch (verb) {
                    case PAUSE -> DefinitionFile.withState(applied.content(), name, Definition.State.PAUSED);
                    case RESUME -> DefinitionFile.withState(applied.content(), name, Definition.State.PRESENT);
                    default -> applied.content();
                };
                drop(verb, Subject.dataflow(name), asker, () -> inbox.drop(dataflow.file(), content));
            }
        }
    }

    private Applied known(Dataflow dataflow) throws RefusedException, IOException {
        return definition(dataflow).orElseThrow(() -> new RefusedException("Its definition is not in done/: it was not dropped into the"
                + " inbox of this program. Use the command that applied it."));
    }

    private static DefinitionPart part(Dataflow dataflow, Applied applied) throws RefusedException {
        return applied.part(dataflow.name()).orElseThrow(() -> new RefusedException("The file done/%s does not describe it any more."
                .formatted(applied.file())));
    }

    /** Plans a definition that somebody has typed. */
    void plan(String file, String text, Asker asker) throws RefusedException, LedgerException {
        List<DefinitionPart> parts = DefinitionFile.parts(typed(file, text));
        begin(Verb.PLAN, Subject.file(file), asker, () -> {
            List<Line> lines = new ArrayList<>();
            for (DefinitionPart part : parts) {
                lines.addAll(planned(parts.size() > 1 ? part.label(file) : file, part));
            }
            return lines;
        });
    }

    /** Drops a definition that somebody has typed into the inbox. */
    void apply(String file, String text, Asker asker) throws RefusedException, LedgerException, IOException {
        byte[] content = typed(file, text);
        drop(Verb.APPLY, Subject.file(file), asker, () -> inbox.drop(file, content));
    }

    /** What was typed last for a file of that name; empty when nothing was. */
    String typed(String file) {
        return typed.asMap().getOrDefault(file, "");
    }

    private byte[] typed(String file, String text) throws RefusedException {
        Optional<String> refusal = InboxDrop.refusal(file);
        String plain = text.replace("\r\n", "\n");   // as browsers send it
        byte[] content = plain.getBytes(StandardCharsets.UTF_8);
        if (refusal.isPresent()) {
            throw new RefusedException(refusal.get());
        } else if (content.length > DefinitionReader.MAX_BYTES || text.isBlank()) {
            throw new RefusedException(text.isBlank() ? "The definition is empty." : "A definition has at most 1 MiB.");
        }
        typed.put(file, plain);
        return content;
    }

    /** Drops a refused definition into the inbox once more. */
    void applyAgain(String file, Asker asker) throws RefusedException, LedgerException, IOException {
        if (!inbox.hasFailed(file)) {
            throw new RefusedException("There is no such file in failed/ any more.");
        }
        drop(Verb.APPLY, Subject.file(file), asker, () -> inbox.dropAgain(file));
    }

    /** Gives the file the name that it has in the inbox. */
    private interface Drop {
        String drop() throws IOException;
    }

    private void drop(Verb verb, Subject subject, Asker asker, Drop drop) throws RefusedException, LedgerException, IOException {
        if (!settings.text("aep.inbox.enabled").equals("true")) {
            throw new RefusedException("This program does not work on its inbox: aep.inbox.enabled is false.");
        }
        try {
            record(verb, subject, asker);
            Instant since = ledger.now();
            String file = drop.drop();
            others.put(subject, new Job(verb, subject, since, file, false, true,
                    List.of(new Line(Tone.NOTHING_TO_DO, file, " was dropped into the inbox"))));
        } catch (NoSuchFileException e) {
            throw new RefusedException("There is no such file any more.");
        }
    }

    private synchronized void begin(Verb verb, Subject subject, Asker asker, Work work) throws RefusedException, LedgerException {
        Cache<Subject, Job> jobs = verb == Verb.PLAN ? plans : others;
        Job before = jobs.getIfPresent(subject);
        if (before != null && before.isRunning()) {
            throw new RefusedException("That is under way already.");
        }
        record(verb, subject, asker);
        Job job = new Job(verb, subject, Instant.now(), "", true, true, List.of());
        jobs.put(subject, job);
        try {
            threads().execute(() -> jobs.put(subject, ended(job, work)));
        } catch (RejectedExecutionException e) {
            jobs.invalidate(subject);
            throw new RefusedException("Too much is under way: try again in a minute.");
        }
    }

    private Job ended(Job job, Work work) {
        try {
            return job.ended(true, work.run());
        } catch (FailedException e) {
            note(job, e.getMessage());
            return job.ended(false, e.lines);
        } catch (Exception e) {
            LOG.warn("the page: {} of {} has failed", job.verb().word(), job.subject().name(), e);
            return job.ended(false, List.of(new Line(Tone.DETAIL, "", "It failed; the log says why.")));
        }
    }

    /** One that begins must be known, one that fails is a loss if it is not. */
    private void note(Job job, String reason) {
        try {
            ledger.record(event(job.verb(), job.subject()).with(detail(JSON.createObjectNode().put("failed", true)
                    .put("message", reason.substring(0, Math.min(MOST_REASON, reason.length()))))));
        } catch (LedgerException | JsonProcessingException e) {
            LOG.warn("the page: {} of {} has failed: {}", job.verb().word(), job.subject().name(), reason);
        }
    }

    private void record(Verb verb, Subject subject, Asker asker) throws LedgerException {
        try {
            ledger.record(event(verb, subject).with(detail(JSON.createObjectNode().put("by", asker.name()).put("from", asker.from()))));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
        LOG.info("asked on the page by {} from {}: {} {}", asker.name().isEmpty() ? "somebody" : asker.name(), asker.from(), verb.word(),
                subject.name());
    }

    private static Event event(Verb verb, Subject subject) {
        return Event.of(Event.ASKED, subject.isFile() ? "" : subject.name(), verb.word()).about("", subject.isFile() ? subject.name() : "");
    }

    private static String detail(ObjectNode detail) throws JsonProcessingException {
        return JSON.writeValueAsString(detail);
    }

    private synchronized ThreadPoolExecutor threads() {
        if (threads == null) {
            threads = new ThreadPoolExecutor(MOST_AT_A_TIME, MOST_AT_A_TIME, 1, TimeUnit.MINUTES, new ArrayBlockingQueue<>(MOST_WAITING),
                    new CamelThreadFactory("aep-page-action", "aep", true));
            threads.allowCoreThreadTimeOut(true);
        }
        return threads;
    }

    private List<Line> planned(String label, DefinitionPart part) throws IOException, FailedException {
        Exchange exchange = send("direct:aep-plan", part);
        if (exchange.getException() != null) {
            ObjectNode document = JSON.createObjectNode();
            if (exchange.getProperty(Exchange.EXCEPTION_CAUGHT) == null) {
                exchange.setProperty(Exchange.EXCEPTION_CAUGHT, exchange.getException());
            }
            Diagnosis.of(exchange).addTo(document);
            throw new FailedException(document);
        }
        return PlanText.lines(label, JSON.readTree(exchange.getMessage().getBody(String.class)));
    }

    private List<Line> ordered(String endpoint, String dataflow) throws Exception {
        Exchange exchange = send(endpoint, dataflow);
        Failure failure = exchange.getVariable(Failure.NAME, Failure.class);
        if (failure != null) {
            throw new FailedException(failure.document());
        } else if (exchange.getException() != null) {
            throw exchange.getException();
        }
        List<Line> lines = new ArrayList<>();
        for (JsonNode run : JSON.readTree(exchange.getMessage().getBody(String.class)).path("runs")) {
            lines.add(new Line(Tone.STEP, run.path("outcome").asText(), (run.has("run") ? ": run " + run.path("run").asText() : "")
                    + (run.has("repeats") ? " in place of run " + run.path("repeats").asText() : "")
                    + (run.has("from") ? ", from %s to %s".formatted(run.path("from").asText(), run.path("to").asText()) : "")
                    + (run.has("why") ? ": " + run.path("why").asText() : "")));
        }
        return lines.isEmpty() ? List.of(new Line(Tone.NOTHING_TO_DO, "there is nothing to repeat", ": no run has failed")) : lines;
    }

    private Exchange send(String endpoint, Object body) {
        return settings.getCamelContext().createFluentProducerTemplate().to(endpoint).withBody(body).request(Exchange.class);
    }

    @Override
    public synchronized void close() {
        if (threads != null) {
            threads.shutdownNow();
        }
    }

    /** By an error document: {@code message, advice, faults}. */
    private static final class FailedException extends Exception {

        private static final long serialVersionUID = 1L;

        private final transient List<Line> lines = new ArrayList<>();

        private FailedException(JsonNode document) {
            super(document.path("message").asText());
            lines.add(new Line(Tone.DATAFLOW, document.path("message").asText(), ""));
            document.path("faults").forEach(fault -> lines.add(new Line(Tone.DETAIL, "", "  " + Fault.of(fault))));
            if (document.path("faults").isEmpty()) {
                lines.add(new Line(Tone.DETAIL, "", "  " + document.path("advice").asText()));
            }
        }
    }
}
