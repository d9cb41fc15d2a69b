package io.github.aepdataflows.operate;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.deque.html.axecore.playwright.AxeBuilder;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;
import com.microsoft.playwright.Response;
import com.microsoft.playwright.Route;
import com.microsoft.playwright.assertions.PlaywrightAssertions;
import com.microsoft.playwright.options.ColorScheme;
import com.microsoft.playwright.options.ReducedMotion;
import io.github.aepdataflows.Rig;
import io.github.aepdataflows.ledger.Event;
import io.github.aepdataflows.ledger.Lease;
import io.github.aepdataflows.simulator.Fault;
import io.github.aepdataflows.simulator.Options;
import io.github.aepdataflows.simulator.RunKind;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/** The page in a real browser: the system's Chromium. Nothing is loaded from elsewhere, and the console stays empty. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class PageUi {

    private static final String TOKEN = Rig.MARKER + "-token-of-the-page";
    private static final List<String> VIEWS = List.of("/", "/dataflows", "/failed", "/requests");
    private static final String CRM = "Dataflow between a CRM system and Platform";
    private static final String OF_CRM = "/dataflow?name=Dataflow+between+a+CRM+system+and+Platform";
    private static final String OF_MARKETING = "/dataflow?name=Dataflow+for+marketing+automation";
    private static final Duration AUDITS = Duration.ofHours(6);
    private static final int MANY = 10_000;
    private static final boolean WRITE = Boolean.getBoolean("write");

    @TempDir
    static Path data;

    private static Rig rig;
    private static Visitor visitor;
    private static Playwright playwright;
    private static Browser browser;

    private final List<String> wrong = new ArrayList<>();

    @BeforeAll
    static void start() throws Exception {
        visitor = Visitor.onFreePort();
        rig = Rig.start(data, Options.defaults().withLatency(Duration.ofMillis(100)), Map.of("aep.ops.port",
                String.valueOf(visitor.port()), "aep.ops.token", TOKEN, "aep.page.actions", "true", "aep.clock", "#bean:simulatorClock"));
        PlaywrightAssertions.setDefaultAssertionTimeout(Duration.ofSeconds(30).toMillis());
        playwright = Playwright.create(new Playwright.CreateOptions().setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")));
        browser = playwright.chromium().launch(new BrowserType.LaunchOptions()
                .setArgs(List.of("--no-sandbox", "--host-resolver-rules=MAP evil.example 127.0.0.1"))
                .setExecutablePath(Path.of(System.getProperty("chromium", "/usr/bin/chromium"))));
        await().atMost(Duration.ofMinutes(1)).until(() -> visitor.get("/observe/health/ready").statusCode() == 200);
    }

    @AfterAll
    static void stop() throws Exception {
        playwright.close();
        rig.close();
    }

    @AfterEach
    void nothingElseWasLoadedAndNothingWentWrong() {
        browser.contexts().forEach(BrowserContext::close);
        assertThat(wrong).isEmpty();
    }

    private static String address(String path) {
        return "http://127.0.0.1:" + visitor.port() + path;
    }

    private Page open(Browser.NewContextOptions options, String path) {
        Page page = watched(browser.newContext(options));
        page.navigate(address(path));
        return page;
    }

    private Page watched(BrowserContext context) {
        context.onRequest(request -> {
            if (!request.url().startsWith(address("/"))) {
                wrong.add("loads " + request.url());
            }
        });
        Page page = context.newPage();
        page.onConsoleMessage(message -> {
            if (message.type().matches("error|warning")) {
                wrong.add(message.text());
            }
        });
        page.onPageError(wrong::add);
        page.onDialog(dialog -> {
            wrong.add("asks " + dialog.message());
            dialog.dismiss();
        });
        return page;
    }

    private Page signedIn(Browser.NewContextOptions options, String path) {
        Page page = open(options.setHttpCredentials("ann", TOKEN).setReducedMotion(ReducedMotion.REDUCE), path);
        page.getByText("Sign in to act").click();
        page.waitForURL(address("/"));
        page.navigate(address(path));
        return page;
    }

    private void isAccessible(Page page, String path, ColorScheme... colors) {
        page.navigate(address(path));
        for (ColorScheme color : colors) {
            page.emulateMedia(new Page.EmulateMediaOptions().setColorScheme(color));
            new AxeBuilder(page).setLegacyMode(true).analyze().getViolations().forEach(violation -> wrong.add("%s %s: %s %s".formatted(path,
                    color, violation.getId(), violation.getNodes().get(0).getHtml())));
        }
    }

    private void areAccessible(ColorScheme... colors) {
        Page page = open(new Browser.NewContextOptions().setReducedMotion(ReducedMotion.REDUCE), "/");
        VIEWS.forEach(view -> isAccessible(page, view, colors));
    }

    /** For the guide, when it is to be made anew; else for whoever looks into target/ui. */
    private void picture(Page page, String name, boolean isShown) throws Exception {
        Path folder = WRITE && isShown ? Path.of("src/site/resources/images") : Path.of("target/ui");
        page.setViewportSize(1080, 760);
        page.mouse().move(0, 0);
        page.screenshot(new Page.ScreenshotOptions().setPath(Files.createDirectories(folder).resolve(name + ".png")));
    }

    @Test
    @Order(1)
    void should_be_accessible_where_nothing_is_there() throws Exception {
        areAccessible(ColorScheme.LIGHT);
        Page page = open(new Browser.NewContextOptions(), "/");
        picture(page, "empty", false);
    }

    @Test
    @Order(2)
    void should_show_a_provisioning_from_its_begin_to_its_end_without_a_reload() throws Exception {
        Page page = open(new Browser.NewContextOptions(), "/");
        assertThat(page.getByText("Nothing is in work.")).isVisible();
        page.evaluate("window.stays = true");
        rig.simulator().faults().on("POST", "/flows", 1, Fault.drip(Duration.ofMillis(50)));   // so long that the page sees it
        rig.drop("crm.yaml", Rig.example("crm"));
        assertThat(page.locator(".work li")).containsText("crm.yaml");
        assertThat(page.locator(".events li").first()).containsText("created");
        assertThat(page.getByText("Nothing is in work.")).isVisible();
        assertThat(page.evaluate("window.stays")).isEqualTo(true);
    }

    @Test
    @Order(3)
    void should_be_used_by_the_keyboard_alone() {
        Page page = open(new Browser.NewContextOptions(), "/");
        page.keyboard().press("Tab");
        assertThat(page.getByText("Skip to the content")).isFocused();
        tabTo(page, "id", "to-dataflows");
        page.evaluate("document.getElementById('live').marked = true");
        await().until(() -> page.evaluate("!document.getElementById('live').marked").equals(true));
        assertThat(page.locator("#to-dataflows")).isFocused();   // though what is around it was made anew
        page.keyboard().press("Enter");
        page.waitForURL("**/dataflows");
        page.keyboard().press("Tab");
        tabTo(page, "id", "q");
        page.keyboard().type("crm system");
        assertThat(page.locator("#results tbody tr")).hasCount(1);
        assertThat(page.locator("#q")).isFocused();
        tabTo(page, "textContent", CRM);
        page.keyboard().press("Enter");
        page.waitForURL("**/dataflow?name=*");
        assertThat(page.locator("h1")).hasText(CRM);
        tabTo(page, "textContent", "Plan");
        page.keyboard().press("Enter");
        assertThat(page.locator(".job pre")).containsText("crm.yaml: no differences");
    }

    private static void tabTo(Page page, String property, String value) {
        for (int n = 0; n < 60 && !value.equals(page.evaluate("document.activeElement." + property)); n++) {
            page.keyboard().press("Tab");
        }
        assertThat(page.evaluate("document.activeElement." + property)).isEqualTo(value);
    }

    @Test
    @Order(4)
    void should_be_used_without_javascript() {
        Page page = open(new Browser.NewContextOptions().setJavaScriptEnabled(false).setHttpCredentials("ann", TOKEN), "/dataflows");
        page.locator("#q").fill("crm");
        page.getByText("Search").click();
        assertThat(page.locator("#results tbody tr")).hasCount(1);
        page.getByText("Sign in to act").click();
        page.navigate(address(OF_CRM));
        assertThat(page.locator("h1")).hasText(CRM);
        page.locator("summary").last().click();
        assertThat(page.locator("pre").last()).containsText("apiVersion");
        page.getByText("Pause").click();
        assertThat(page.locator(".job").first()).containsText("pause");
        while (page.getByText("Look again").isVisible()) {
            page.getByText("Look again").click();
        }
        assertThat(page.locator(".events li").first()).containsText("paused");
        assertThat(page.getByText("Resume")).isVisible();
    }

    @Test
    @Order(5)
    void should_show_what_differs_and_do_what_is_asked_for() throws Exception {
        Page page = signedIn(new Browser.NewContextOptions(), OF_CRM);
        page.getByText("Resume").click();
        assertThat(page.locator(".events li").first()).containsText("resumed");
        JsonNode theirs = rig.resources("flows").get(0).deepCopy();
        ((ObjectNode) theirs.path("scheduleParams")).put("interval", "45");
        rig.simulator().faults().always("GET", "/flows/" + theirs.path("id").asText(), Fault.body("{\"items\":[" + theirs + "]}"));
        int asked = rig.requests().size();
        page.reload();
        assertThat(rig.requests()).as("nobody has asked for a plan").hasSize(asked);
        page.getByText("Plan", new Page.GetByTextOptions().setExact(true)).first().click();
        assertThat(page.locator(".job pre").last()).containsText("scheduleParams.interval: \"45\" -> 30");
        isAccessible(page, OF_CRM, ColorScheme.LIGHT, ColorScheme.DARK);
        page.emulateMedia(new Page.EmulateMediaOptions().setColorScheme(ColorScheme.LIGHT));
        picture(page, "plan", true);
        rig.simulator().faults().clear();

        page.navigate(address("/apply"));
        page.locator("#file").fill("marketing-automation.yaml");
        page.locator("#definition").fill(Rig.example("marketing-automation"));
        page.getByText("Plan", new Page.GetByTextOptions().setExact(true)).click();
        assertThat(page.locator(".job pre")).containsText("create target-schema");
        isAccessible(page, "/apply?file=marketing-automation.yaml", ColorScheme.LIGHT, ColorScheme.DARK);
        picture(page, "apply", false);
        page.locator("button.strong").click();
        assertThat(page.locator(".job").last()).containsText("created");
    }

    @Test
    @Order(6)
    void should_take_no_form_from_a_page_of_others_and_no_name_of_theirs() throws Exception {
        BrowserContext context = browser.newContext(new Browser.NewContextOptions().setHttpCredentials("ann", TOKEN));
        Page page = context.newPage();
        page.navigate(address("/sign-in"));
        context.route("http://evil.example/", route -> route.fulfill(new Route.FulfillOptions().setContentType("text/html")
                .setBody("<form method=post action='%s'><input name=name value='%s'><button>x</button></form>".formatted(
                        address("/dataflow/pause"), CRM))));
        long asked = asked();
        page.navigate("http://evil.example/");
        Response refused = page.waitForResponse(address("/dataflow/pause"), () -> page.locator("button").click());
        assertThat(refused.status()).isEqualTo(403);
        assertThat(page.navigate("http://evil.example:%d/".formatted(visitor.port())).status()).isEqualTo(421);
        assertThat(asked()).isEqualTo(asked);
    }

    private static long asked() throws Exception {
        return rig.ledger().events(Optional.empty(), Long.MAX_VALUE, 1000).stream().filter(event -> event.type().equals(Event.ASKED))
                .count();
    }

    @Test
    @Order(7)
    void should_show_a_few_dataflows_with_all_that_can_happen() throws Exception {
        rig.simulator().seedDemo(Rig.SANDBOX);
        rig.drop("customer-success.yaml", Rig.example("customer-success"));
        rig.drop("broken.yaml", Rig.example("crm", "Broken").replace("interval: 30", "interval: 5"));
        await().atMost(Duration.ofMinutes(1)).until(() -> rig.names("inbox").isEmpty());
        rig.simulator().runs().script("Dataflow for marketing automation", Stream.of(Collections.nCopies(25, RunKind.SUCCESS),
                List.of(RunKind.PARTIAL), Collections.nCopies(16, RunKind.SUCCESS), List.of(RunKind.COPY_FAILED, RunKind.COPY_FAILED),
                Collections.nCopies(9, RunKind.SUCCESS)).flatMap(List::stream).toList());
        for (int n = 0; n < 4; n++) {
            rig.simulator().clock().advance(AUDITS);
            rig.audit();
        }
        areAccessible(ColorScheme.LIGHT, ColorScheme.DARK);
        Page page = open(new Browser.NewContextOptions().setReducedMotion(ReducedMotion.REDUCE), "/");
        isAccessible(page, OF_MARKETING, ColorScheme.LIGHT, ColorScheme.DARK);
        isAccessible(page, "/dataflow?name=Legacy+invoices+import", ColorScheme.LIGHT);
        for (String path : List.of("/", "/dataflows", "/failed", "/requests", OF_MARKETING)) {
            page.navigate(address(path));
            for (int width : List.of(360, 768, 1280)) {
                page.setViewportSize(width, 800);
                assertThat(page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")).as("%s fits into %d", path, width)
                        .isEqualTo(true);
            }
        }
        Page light = open(new Browser.NewContextOptions().setColorScheme(ColorScheme.LIGHT), "/");
        picture(light, "overview", true);
        for (String view : List.of("dataflows", "failed", "requests", "dataflow?name=Legacy+invoices+import")) {
            light.navigate(address("/" + view));
            picture(light, view.replaceFirst("[?].*", "-of-others"), false);
        }
        light.navigate(address(OF_MARKETING));
        picture(light, "dataflow", true);
        light.setViewportSize(360, 800);
        light.screenshot(new Page.ScreenshotOptions().setFullPage(true).setPath(Path.of("target/ui/narrow.png")));
        Page ann = signedIn(new Browser.NewContextOptions(), "/failed");
        assertThat(ann.getByText("Apply again")).isVisible();
        isAccessible(ann, "/failed", ColorScheme.LIGHT);
    }

    @Test
    @Order(8)
    void should_look_as_good_while_the_platform_does_not_answer() throws Exception {
        rig.simulator().outage(true);
        rig.drop("waiting.yaml", Rig.example("crm", "Waiting"));
        await().atMost(Duration.ofMinutes(1)).until(() -> visitor.get("/observe/health/ready").statusCode() == 503);
        areAccessible(ColorScheme.LIGHT, ColorScheme.DARK);
        Page page = open(new Browser.NewContextOptions(), "/");
        assertThat(page.locator("#why")).containsText("platform");
        picture(page, "broken", false);
        rig.simulator().outage(false);
        assertThat(page.locator("#status")).hasText("Ready");
        assertThat(page.locator(".events li").first()).containsText("created");
    }

    @Test
    @Order(9)
    void should_show_hostile_texts_as_they_are() throws Exception {
        Hostile.everywhere(rig, data);
        Page page = open(new Browser.NewContextOptions(), "/");
        for (String path : List.of("/", "/dataflows", "/failed", "/failed?page=2", "/dataflow?name=%3Cscript%3Ealert(1)%3C%2Fscript%3E",
                "/dataflow?flow=%22%3E%3Cimg+src%3Dx+onerror%3Dalert(1)%3E", "/dataflows?q=%22+onfocus%3Dalert(1)+autofocus+x%3D%22")) {
            page.navigate(address(path));
            assertThat(page.evaluate("document.querySelectorAll('iframe, base, object, embed, main style, main script, main img, [onerror],"
                    + " [onload], [onfocus], [onmouseover]').length")).as(path).isEqualTo(0);
        }
        page.navigate(address("/failed"));
        assertThat(page.locator("main")).containsText("<iframe src=//evil.example>");
        areAccessible(ColorScheme.LIGHT);
    }

    @Test
    @Order(10)
    void should_show_ten_thousand_dataflows() throws Exception {
        int ofLedger = Integer.getInteger("page.ledger", 100);   // as many as the ledger is to have, which takes its time
        for (int n = 0; n < ofLedger; n++) {
            Lease lease = rig.ledger().take("Ledger %05d".formatted(n), "digest", Map.of(), "ledger.yaml");
            rig.ledger().finish(lease, List.of());
            rig.ledger().release(lease);
        }
        ObjectNode report = Rig.JSON.createObjectNode().put("time", "2041-01-01T00:00:00Z").put("complete", true);
        report.putObject("counts").put("failed", 1).put("healthy", MANY - 1);
        ArrayNode flows = report.putArray("flows");
        for (int n = 0; n < MANY; n++) {
            flows.addObject().put("id", "id-" + n).put("name", "Many %05d".formatted(n)).put("state", n == 0 ? "failed" : "healthy")
                    .put("reason", "its last run").put("ours", false);
        }
        Files.writeString(Hostile.newerReport(rig, data), report.toString());
        Page page = open(new Browser.NewContextOptions(), "/dataflows");
        page.navigate(address("/"));
        await().until(() -> page.evaluate("performance.getEntriesByName('first-contentful-paint').length").equals(1));
        System.out.printf("overview with %d dataflows of an audit and %d of the ledger: %s%n", MANY, ofLedger, page.evaluate("""
                (() => {
                  const all = performance.getEntriesByType('navigation')[0];
                  const paint = performance.getEntriesByName('first-contentful-paint')[0];
                  return `server ${Math.round(all.responseStart - all.requestStart)} ms, first paint ${Math.round(paint.startTime)} ms`;
                })()"""));
        areAccessible(ColorScheme.LIGHT);
        page.navigate(address("/dataflows"));
        page.locator("#q").fill("Many 0777");
        assertThat(page.locator("#results tbody tr")).hasCount(10);
    }
}
