package io.github.aepdataflows.operate;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import gg.jte.ContentType;
import gg.jte.TemplateEngine;
import gg.jte.output.StringOutput;
import io.github.aepdataflows.files.DoneFolder.Applied;
import io.github.aepdataflows.files.FolderView;
import io.github.aepdataflows.files.Watchdog;
import io.github.aepdataflows.ledger.Counts;
import io.github.aepdataflows.ledger.Dataflow;
import io.github.aepdataflows.ledger.Event;
import io.github.aepdataflows.ledger.Ledger;
import io.github.aepdataflows.ledger.LedgerException;
import io.github.aepdataflows.ledger.RecordedStep;
import io.github.aepdataflows.platform.PlatformClient;
import io.github.aepdataflows.platform.Traffic;
import io.github.aepdataflows.provision.Work;
import io.github.aepdataflows.resource.Kind;
import io.github.aepdataflows.resource.Kinds;
import io.github.aepdataflows.settings.Settings;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The page: each view is put together when somebody asks for it, from the ledger, the folders and the last report of the audit. */
public final class Site {

    /**
     * @param isAsset  whether it is the same for as long as the program runs
     * @param location where to go on to, with status 303; else empty
     */
    record Answer(int status, String type, byte[] body, boolean isAsset, String location) {

        static Answer goTo(String location) {
            return new Answer(303, HTML, new byte[0], false, location);
        }
    }

    /**
     * Who looks at the page.
     *
     * @param mayAct whether there are actions, and this one has the token
     */
    record Viewer(boolean mayAct, Actions.Asker asker) {
    }

    /**
     * What every view shows.
     *
     * @param path      of the view
     * @param canSignIn whether there are actions, for which the token is missing
     * @param form      what each form of the view carries
     */
    record Shell(String title, String path, String sandbox, String platform, List<Readiness.Finding> troubles, boolean mayAct,
            boolean canSignIn, String form) {
    }

    /** @param counts empty when the ledger cannot be read */
    record Overview(FolderView.Waiting inbox, long failed, List<Work> work, Optional<Counts> counts,
            List<Event> latest, List<Todo> todos, Map<String, Long> states, Optional<Instant> auditedAt, List<String> problems) {
    }

    record Resource(RecordedStep step) {

        String kind() {
            return Wording.kind(step.key().step());
        }

        String state() {
            return step.made() ? step.result().outcome() : "may or may not exist";
        }
    }

    /**
     * A dataflow.
     *
     * @param health     what the last audit says; a missing node when it says nothing
     * @param definition of which it was made last, where it lies in {@code done/}
     * @param outcome    of what was asked for last, where that is over and was a file for the inbox
     * @param now        by the ledger's clock
     * @param isUnderWay whether what is shown will be otherwise soon
     */
    record View(Optional<Dataflow> dataflow, Instant now, String name, String flowId, JsonNode health, List<Resource> resources,
            List<Event> history, RunChart runs, Optional<Applied> definition, Optional<Actions.Job> plan,
            Optional<Actions.Job> last, Optional<Event> outcome, boolean isUnderWay) {

        /** Whether the definition is the one that the ledger has. */
        boolean isCurrent() {
            return definition.map(Applied::digest).equals(dataflow.map(Dataflow::digest));
        }

        String definitionState() {
            return definition.flatMap(applied -> applied.part(name)).map(part -> part.text("/state")).orElse("");
        }

        /** Whether the Platform runs it when it is told to. */
        boolean isOnDemand() {
            return definition.flatMap(applied -> applied.part(name)).map(part -> part.text("/schedule/frequency"))
                    .filter(frequency -> frequency.isEmpty() || frequency.equals("once")).isPresent();
        }

        String address() {
            return dataflow.isPresent() ? "/dataflow?name=" + Query.encoded(name) : "/dataflow?flow=" + Query.encoded(flowId);
        }

        String state() {
            return dataflow.map(known -> DataflowList.state(known, now, flowId, health)).orElseGet(() -> health.path("state").asText());
        }
    }

    /**
     * A definition that somebody types.
     *
     * @param file    name of the file that it is to be
     * @param outcome as of a {@link View}
     */
    record Draft(String file, String text, Optional<Actions.Job> plan, Optional<Actions.Job> last, Optional<Event> outcome,
            boolean isUnderWay) {
    }

    /** @param all number of error documents */
    record Failures(List<FolderView.Document> documents, int number, int last, long all) {
    }

    /** What is known of the traffic with the Platform. */
    record Requests(List<Traffic.Total> totals, double rate, int ceiling, boolean isLeftAlone, Optional<String> trouble,
            Optional<Instant> answeredAt) {
    }

    /** What would hide in a text, or turn its order around. */
    private static final Pattern UNSEEN = Pattern.compile("[\\p{Cc}\\p{Cf}&&[^\n\t]]");
    private static final String HTML = "text/html; charset=utf-8";
    private static final String HTMX = "/META-INF/resources/webjars/htmx.org/2.0.8/dist/htmx.min.js";
    private static final Map<String, String> ASSETS = Map.of("/assets/page.css", "page.css", "/assets/icon.svg", "icon.svg",
            "/assets/htmx.js", HTMX);
    private static final Map<String, String> TYPES = Map.of("css", "text/css; charset=utf-8", "js", "text/javascript; charset=utf-8",
            "svg", "image/svg+xml");
    private static final String PLAN = "/dataflow/plan";
    private static final Pattern FORMS = Pattern.compile("/dataflow/(plan|apply|pause|resume|run|retry)|/failed/apply"
            + "|/apply/(?:plan|apply)");
    private static final int LATEST = 12;
    private static final int MOST_EVENTS = 100;
    private static final int MOST_TODOS = 50;
    private static final int FAILURES = 20;

    private final Settings settings;
    private final PlatformClient platform;
    private final Ledger ledger;
    private final FolderView folders;
    private final Watchdog watchdog;
    private final AuditReport audit;
    private final DataflowList dataflows;
    private final Actions actions;
    private final FormTokens forms = new FormTokens();
    private final TemplateEngine templates = TemplateEngine.createPrecompiled(null, ContentType.Html, Site.class.getClassLoader(),
            Site.class.getPackageName());

    public Site(Settings settings, PlatformClient platform, Ledger ledger, FolderView folders, Watchdog watchdog, AuditReport audit,
            Actions actions) {
        this.actions = actions;
        this.settings = settings;
        this.platform = platform;
        this.ledger = ledger;
        this.folders = folders;
        this.watchdog = watchdog;
        this.audit = audit;
        this.dataflows = new DataflowList(ledger, audit);
    }

    /** @param findings what the readiness checks say */
    Answer page(String path, Query query, List<Readiness.Finding> findings, Viewer viewer) throws IOException {
        if (ASSETS.containsKey(path)) {
            return asset(ASSETS.get(path));
        }
        Frame frame = new Frame(path, findings, viewer);
        try {
            return switch (path) {
                case "/" -> view("overview", frame.titled("Overview"), overview());
                case "/dataflows" -> view("dataflows", frame.titled("Dataflows"), dataflows.page(query));
                case "/dataflow" -> dataflow(query.text("name"), query.text("flow"), frame);
                case "/failed" -> view("failed", frame.titled("Failed"), failures(query.page()));
                case "/requests" -> view("requests", frame.titled("Requests"), requests());
                case "/apply" -> viewer.mayAct() ? view("apply", frame.titled("Apply"), draft(query.text("file")))
                        : unavailable(403, frame.titled("Apply"), "This needs aep.page.actions=true, and the token.");
                default -> unavailable(404, frame.titled("Not found"), "There is no such page.");
            };
        } catch (LedgerException e) {
            return unavailable(503, frame.titled("Not available"), "The ledger cannot be read now: " + e.getMessage());
        }
    }

    static boolean isForm(String path) {
        return FORMS.matcher(path).matches();
    }

    /** Whether whoever sends a form to that path needs the token: all but a plan of what is known, which has no effect. */
    static boolean needsToken(String path) {
        return !path.equals(PLAN);
    }

    /**
     * Does what a form asks for.
     *
     * @param form its fields
     */
    Answer act(String path, Query form, List<Readiness.Finding> findings, Viewer viewer) throws IOException {
        Frame frame = new Frame(path, findings, viewer);
        if (!forms.use(form.text("form"))) {
            return unavailable(403, frame.titled("Not done"), "This form was sent before, or is too old. Go back, and reload the page.");
        }
        Matcher asked = FORMS.matcher(path);
        try {
            if (!asked.matches()) {
                return unavailable(404, frame.titled("Not found"), "There is no such form.");
            }
            String file = form.text("file");
            switch (path) {
                case "/failed/apply" -> actions.applyAgain(file, viewer.asker());
                case "/apply/plan" -> actions.plan(file, form.text("definition"), viewer.asker());
                case "/apply/apply" -> actions.apply(file, form.text("definition"), viewer.asker());
                default -> actions.ask(Actions.Verb.of(asked.group(1)).orElseThrow(), form.text("name"), viewer.asker());
            }
            return Answer.goTo(path.startsWith("/dataflow/") ? "/dataflow?name=" + Query.encoded(form.text("name"))
                    : path.startsWith("/apply/") ? "/apply?file=" + Query.encoded(file) : "/");
        } catch (Actions.RefusedException e) {
            return unavailable(409, frame.titled("Not done"), e.getMessage());
        } catch (LedgerException e) {
            return unavailable(503, frame.titled("Not done"), "It cannot be recorded now, so that nothing was done: " + e.getMessage());
        }
    }

    /** What is known of a request before its view has a title. */
    private final class Frame {

        private final String path;
        private final List<Readiness.Finding> troubles;
        private final Viewer viewer;

        private Frame(String path, List<Readiness.Finding> findings, Viewer viewer) {
            this.path = path;
            this.troubles = findings.stream().filter(finding -> !finding.isUp()).toList();
            this.viewer = viewer;
        }

        private Shell titled(String title) {
            boolean hasForm = path.equals("/dataflow") || viewer.mayAct() && (path.equals("/apply") || path.equals("/failed"));
            return new Shell(title, path, settings.sandbox(), settings.url().getHost(), troubles, viewer.mayAct(),
                    actions.isEnabled() && !viewer.mayAct(), hasForm ? forms.issue() : "");
        }
    }

    private Draft draft(String file) throws IOException, LedgerException {
        String name = file.isEmpty() ? "dataflow.yaml" : file;
        Optional<Actions.Job> plan = actions.plan(Actions.Subject.file(name));
        Optional<Actions.Job> last = actions.last(Actions.Subject.file(name));
        boolean isUnderWay = isUnderWay(plan) || isUnderWay(last);   // first, so that nothing is missed that ends meanwhile
        return new Draft(name, actions.typed(name), plan, last, outcome(last), isUnderWay);
    }

    private Optional<Event> outcome(Optional<Actions.Job> job) throws LedgerException {
        if (job.filter(one -> !one.file().isEmpty()).isEmpty()) {
            return Optional.empty();
        }
        return ledger.events(Optional.empty(), Long.MAX_VALUE, MOST_EVENTS).stream()
                .filter(event -> event.type().equals(Event.PROVISIONED) && event.file().equals(job.get().file())
                        && !event.at().isBefore(job.get().since())).findFirst();
    }

    private boolean isUnderWay(Optional<Actions.Job> job) throws IOException {
        return job.isPresent() && actions.isUnderWay(job.get());
    }

    private Overview overview() throws IOException {
        JsonNode report = audit.content();
        Map<String, Long> states = new HashMap<>();
        report.path("counts").properties().forEach(count -> states.put(count.getKey(), count.getValue().asLong()));
        List<String> problems = report.path("problems").valueStream().map(JsonNode::asText).toList();
        List<Work> work = watchdog.inWork().stream().sorted(Comparator.comparing(Work::file)).toList();
        List<Todo> first = Todo.of(report).stream().limit(MOST_TODOS).toList();
        Optional<Counts> counts = Optional.empty();
        List<Event> latest = List.of();
        try {
            counts = Optional.of(ledger.counts());
            latest = ledger.events(Optional.empty(), Long.MAX_VALUE, 2 * LATEST).stream()
                    .filter(event -> !event.type().equals(Event.ALERT)).limit(LATEST).toList();   // an alert repeats what it tells of
        } catch (LedgerException e) {
            // the readiness checks say so
        }
        return new Overview(folders.inbox(), folders.failed(), work, counts, latest, first, states, audit.time(), problems);
    }

    /** By its name, or, where it is not ours, also by the id of its flow. */
    private Answer dataflow(String name, String flowId, Frame frame) throws IOException, LedgerException {
        Optional<Dataflow> dataflow = name.isEmpty() ? Optional.empty() : ledger.dataflow(name);
        List<RecordedStep> steps = dataflow.isEmpty() ? List.of() : ledger.steps(name);
        String flow = steps.stream().filter(step -> step.key().step().equals(Kinds.FLOW.key()) && step.made())
                .map(step -> step.result().id()).findFirst().orElse(dataflow.isEmpty() ? flowId : "");
        List<JsonNode> judged = new ArrayList<>();
        for (JsonNode one : audit.content().path("flows")) {
            if (flow.isEmpty() ? dataflow.isEmpty() && one.path("name").asText().equals(name) : one.path("id").asText().equals(flow)) {
                judged.add(one);
            }
        }
        if (judged.size() > 1) {   // several flows of that name, none of them ours
            return view("dataflows", frame.titled("Dataflows"), dataflows.page(new Query(Map.of("q", name))));
        } else if (dataflow.isEmpty() && judged.isEmpty()) {
            return unavailable(404, frame.titled("Not found"), "Neither the ledger nor the last audit knows a dataflow of that name.");
        }
        JsonNode health = judged.isEmpty() ? MissingNode.getInstance() : judged.get(0);
        String id = flow.isEmpty() ? health.path("id").asText() : flow;
        String title = dataflow.map(Dataflow::name).orElse(health.path("name").asText());
        Actions.Subject subject = Actions.Subject.dataflow(title);
        Optional<Actions.Job> plan = dataflow.flatMap(known -> actions.plan(subject));
        Optional<Actions.Job> last = dataflow.flatMap(known -> actions.last(subject));
        Instant now = ledger.now();
        boolean isUnderWay = dataflow.filter(known -> known.isHeldAt(now)).isPresent() || isUnderWay(plan) || isUnderWay(last);
        return view("dataflow", frame.titled(title), new View(dataflow, now, title, id, health,
                steps.stream().sorted(Comparator.comparing(Site::place).thenComparing(RecordedStep::name)).map(Resource::new).toList(),
                dataflow.isEmpty() ? List.of() : ledger.events(Optional.of(name), Long.MAX_VALUE, MOST_EVENTS),
                RunChart.of(id.isEmpty() ? List.of() : audit.historyOf(id)),
                dataflow.isEmpty() ? Optional.empty() : actions.definition(dataflow.get()),
                plan, last, outcome(last), isUnderWay));
    }

    /** In the order of the chain. */
    private static int place(RecordedStep step) {
        return Kinds.ALL.stream().map(Kind::key).toList().indexOf(step.key().step());
    }

    private Failures failures(int asked) throws IOException {
        long all = folders.failed();
        int last = (int) Math.max(1, (all + FAILURES - 1) / FAILURES);
        int number = Math.min(asked, last);
        return new Failures(folders.failures((number - 1) * FAILURES, FAILURES), number, last, all);
    }

    private Requests requests() {
        return new Requests(platform.traffic().totals().stream().sorted(Comparator.comparing((Traffic.Total total) -> total.key().service())
                .thenComparing(total -> total.key().status())).toList(), platform.rate(), settings.integer("aep.rate"),
                platform.isLeftAlone(), platform.trouble(), platform.traffic().answeredAt());
    }

    private Answer view(String template, Shell shell, Object model) {
        return html(200, template, Map.of("shell", shell, "model", model));
    }

    private Answer unavailable(int status, Shell shell, String why) {
        return html(status, "unavailable", Map.of("shell", shell, "why", why));
    }

    private Answer html(int status, String template, Map<String, Object> values) {
        StringOutput output = new StringOutput();
        templates.render(template + ".jte", values, output);
        String text = UNSEEN.matcher(output.toString().replace("\r\n", "\n")).replaceAll("\uFFFD");
        return new Answer(status, HTML, text.getBytes(StandardCharsets.UTF_8), false, "");
    }

    private static Answer asset(String name) throws IOException {
        try (InputStream in = Site.class.getResourceAsStream(name)) {
            return new Answer(200, TYPES.get(name.replaceFirst(".*[.]", "")), in.readAllBytes(), true, "");
        }
    }
}
