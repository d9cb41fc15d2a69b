package io.github.aepdataflows.operate;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import gg.jte.ContentType;
import gg.jte.TemplateEngine;
import gg.jte.output.StringOutput;
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
import java.util.regex.Pattern;

/** The page: each view is put together when somebody asks for it, from the ledger, the folders and the last report of the audit. */
public final class Site {

    /** @param isAsset whether it is the same for as long as the program runs */
    record Answer(int status, String type, byte[] body, boolean isAsset) {
    }

    /**
     * What every view shows.
     *
     * @param path of the view
     */
    record Shell(String title, String path, String sandbox, String platform, List<Readiness.Finding> troubles) {
    }

    /** @param counts empty when the ledger cannot be read */
    record Overview(FolderView.Waiting inbox, long failed, List<Work> work, Optional<Counts> counts,
            List<Event> latest, List<Todo> todos, Map<String, Long> states, Optional<Instant> auditedAt, List<String> problems) {
    }

    /** @param step a resource of the dataflow */
    record Resource(RecordedStep step) {

        String kind() {
            return Wording.kind(step.key().step());
        }

        String state() {
            return step.made() ? step.result().outcome() : "may or may not exist";
        }
    }

    /** @param health what the last audit says; a missing node when it says nothing */
    record View(Optional<Dataflow> dataflow, String name, String flowId, JsonNode health, List<Resource> resources, List<Event> history,
            RunChart runs, Optional<String> definition) {

        String state() {
            return dataflow.filter(known -> known.leaseUntil() > 0).map(known -> "in work")
                    .or(() -> dataflow.filter(known -> !known.done()).map(known -> "unfinished"))
                    .orElseGet(() -> health.path("state").asText("done"));
        }
    }

    /** @param counts number of error documents in all */
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
    private final TemplateEngine templates = TemplateEngine.createPrecompiled(null, ContentType.Html, Site.class.getClassLoader(),
            Site.class.getPackageName());

    public Site(Settings settings, PlatformClient platform, Ledger ledger, FolderView folders, Watchdog watchdog, AuditReport audit) {
        this.settings = settings;
        this.platform = platform;
        this.ledger = ledger;
        this.folders = folders;
        this.watchdog = watchdog;
        this.audit = audit;
        this.dataflows = new DataflowList(ledger, audit);
    }

    /** @param findings what the readiness checks say */
    Answer page(String path, Query query, List<Readiness.Finding> findings) throws IOException {
        if (ASSETS.containsKey(path)) {
            return asset(ASSETS.get(path));
        }
        List<Readiness.Finding> troubles = findings.stream().filter(finding -> !finding.isUp()).toList();
        try {
            return switch (path) {
                case "/" -> view("overview", shell("Overview", path, troubles), overview());
                case "/dataflows" -> view("dataflows", shell("Dataflows", path, troubles), dataflows.page(query));
                case "/dataflow" -> dataflow(query.text("name"), query.text("flow"), troubles);
                case "/failed" -> view("failed", shell("Failed", path, troubles), failures(query.page()));
                case "/requests" -> view("requests", shell("Requests", path, troubles), requests());
                default -> unavailable(404, shell("Not found", path, troubles), "There is no such page.");
            };
        } catch (LedgerException e) {
            return unavailable(503, shell("Not available", path, troubles), "The ledger cannot be read now: " + e.getMessage());
        }
    }

    private Shell shell(String title, String path, List<Readiness.Finding> troubles) {
        return new Shell(title, path, settings.sandbox(), settings.url().getHost(), troubles);
    }

    private Overview overview() throws IOException {
        JsonNode report = audit.content();
        Map<String, Long> states = new HashMap<>();
        report.path("counts").properties().forEach(count -> states.put(count.getKey(), count.getValue().asLong()));
        List<String> problems = new ArrayList<>();
        report.path("problems").forEach(problem -> problems.add(problem.asText()));
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

    /** By its name, or, where it is not ours, by the id of its flow. */
    private Answer dataflow(String name, String flowId, List<Readiness.Finding> troubles) throws IOException, LedgerException {
        Optional<Dataflow> dataflow = name.isEmpty() ? Optional.empty() : ledger.dataflow(name);
        List<RecordedStep> steps = dataflow.isEmpty() ? List.of() : ledger.steps(name);
        String flow = steps.stream().filter(step -> step.key().step().equals(Kinds.FLOW.key()) && step.made())
                .map(step -> step.result().id()).findFirst().orElse(dataflow.isEmpty() ? flowId : "");
        JsonNode health = MissingNode.getInstance();
        for (JsonNode one : audit.content().path("flows")) {
            if (!flow.isEmpty() && one.path("id").asText().equals(flow)) {
                health = one;
            }
        }
        if (dataflow.isEmpty() && health.isMissingNode()) {
            return unavailable(404, shell("Not found", "/dataflow", troubles), "There is no dataflow of that name.");
        }
        String title = dataflow.map(Dataflow::name).orElse(health.path("name").asText());
        return view("dataflow", shell(title, "/dataflow", troubles), new View(dataflow, title, flow, health,
                steps.stream().map(Resource::new).toList(),
                dataflow.isEmpty() ? List.of() : ledger.events(Optional.of(name), Long.MAX_VALUE, MOST_EVENTS),
                RunChart.of(flow.isEmpty() ? List.of() : audit.historyOf(flow)),
                dataflow.flatMap(known -> folders.definition(known.file()))));
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
        String text = UNSEEN.matcher(output.toString()).replaceAll("\uFFFD");
        return new Answer(status, HTML, text.getBytes(StandardCharsets.UTF_8), false);
    }

    private static Answer asset(String name) throws IOException {
        try (InputStream in = Site.class.getResourceAsStream(name)) {
            return new Answer(200, TYPES.get(name.replaceFirst(".*[.]", "")), in.readAllBytes(), true);
        }
    }
}
