package io.github.aepdataflows.operate;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.deque.html.axecore.playwright.AxeBuilder;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;
import com.microsoft.playwright.assertions.PlaywrightAssertions;
import com.microsoft.playwright.options.ColorScheme;
import io.github.aepdataflows.Rig;
import io.github.aepdataflows.simulator.Options;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
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

    private static final List<String> VIEWS = List.of("/", "/dataflows", "/failed", "/requests");
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
        rig = Rig.start(data, Options.defaults().withLatency(Duration.ofMillis(150)), Map.of("aep.ops.port",
                String.valueOf(visitor.port())));
        PlaywrightAssertions.setDefaultAssertionTimeout(Duration.ofSeconds(30).toMillis());
        playwright = Playwright.create(new Playwright.CreateOptions().setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")));
        browser = playwright.chromium().launch(new BrowserType.LaunchOptions().setArgs(List.of("--no-sandbox"))
                .setExecutablePath(Path.of(System.getProperty("chromium", "/usr/bin/chromium"))));
        await().until(() -> visitor.get("/observe/health/ready").statusCode() == 200);
    }

    @AfterAll
    static void stop() throws Exception {
        playwright.close();
        rig.close();
    }

    @AfterEach
    void nothingElseWasLoadedAndNothingWentWrong() {
        assertThat(wrong).isEmpty();
    }

    private static String address(String path) {
        return "http://127.0.0.1:" + visitor.port() + path;
    }

    private Page open(Browser.NewContextOptions options, String path) {
        BrowserContext context = browser.newContext(options);
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
        page.navigate(address(path));
        return page;
    }

    private void isAccessible(String path) {
        for (ColorScheme colors : List.of(ColorScheme.LIGHT, ColorScheme.DARK)) {
            Page page = open(new Browser.NewContextOptions().setColorScheme(colors), path);
            assertThat(new AxeBuilder(page).analyze().getViolations()).as("%s %s", path, colors)
                    .allMatch(violation -> wrong.add(path + " " + colors + ": " + violation.getId() + " " + violation.getNodes().get(0)
                            .getHtml()));
            page.context().close();
        }
    }

    @Test
    @Order(1)
    void should_be_accessible_where_nothing_is_there() {
        VIEWS.forEach(this::isAccessible);
    }

    @Test
    @Order(2)
    void should_show_a_provisioning_from_its_begin_to_its_end_without_a_reload() throws Exception {
        Page page = open(new Browser.NewContextOptions(), "/");
        assertThat(page.getByText("Nothing is in work.")).isVisible();
        page.evaluate("window.stays = true");
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
        for (int n = 0; n < 3; n++) {
            page.keyboard().press("Tab");
        }
        page.keyboard().press("Enter");
        page.waitForURL("**/dataflows");
        page.keyboard().press("Tab");
        while (!"q".equals(page.evaluate("document.activeElement.id"))) {
            page.keyboard().press("Tab");
        }
        page.keyboard().type("crm system");
        assertThat(page.locator("#results tbody tr")).hasCount(1);
        assertThat(page.locator("#q")).isFocused();
        while (!"Dataflow between a CRM system and Platform".equals(page.evaluate("document.activeElement.textContent"))) {
            page.keyboard().press("Tab");
        }
        page.keyboard().press("Enter");
        page.waitForURL("**/dataflow?name=*");
        assertThat(page.locator("h1")).hasText("Dataflow between a CRM system and Platform");
    }

    @Test
    @Order(4)
    void should_be_used_without_javascript() {
        Page page = open(new Browser.NewContextOptions().setJavaScriptEnabled(false), "/dataflows");
        page.locator("#q").fill("crm");
        page.getByText("Search").click();
        assertThat(page.locator("#results tbody tr")).hasCount(1);
        page.locator("#results tbody a").click();
        assertThat(page.locator("h1")).hasText("Dataflow between a CRM system and Platform");
        page.locator("summary").last().click();
        assertThat(page.locator("pre")).containsText("apiVersion");
    }

    @Test
    @Order(5)
    void should_show_a_few_dataflows_with_all_that_can_happen() throws Exception {
        rig.simulator().seedDemo(Rig.SANDBOX);
        rig.drop("marketing-automation.yaml", Rig.example("marketing-automation"));
        rig.drop("customer-success.yaml", Rig.example("customer-success"));
        rig.drop("broken.yaml", Rig.example("crm", "Broken").replace("interval: 30", "interval: 5"));
        await().atMost(Duration.ofMinutes(1)).until(() -> rig.names("inbox").isEmpty());
        rig.audit();
        VIEWS.forEach(this::isAccessible);
        isAccessible("/dataflow?name=Dataflow+for+marketing+automation");
        picture("overview", "/");
        picture("dataflow", "/dataflow?name=Dataflow+for+marketing+automation");
        for (int width : List.of(360, 768, 1280)) {
            Page page = open(new Browser.NewContextOptions().setViewportSize(width, 800), "/");
            assertThat(page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")).as("fits into " + width).isEqualTo(true);
        }
    }

    private void picture(String name, String path) throws Exception {
        Path folder = WRITE ? Path.of("src/site/resources/images") : Files.createDirectories(Path.of("target/ui"));
        Page page = open(new Browser.NewContextOptions().setViewportSize(1080, 760), path);
        page.screenshot(new Page.ScreenshotOptions().setPath(Files.createDirectories(folder).resolve(name + ".png")));
    }

    @Test
    @Order(6)
    void should_show_ten_thousand_dataflows() throws Exception {
        ObjectNode report = Rig.JSON.createObjectNode().put("time", "2041-01-01T00:00:00Z").put("complete", true);
        report.putObject("counts").put("failed", 1).put("healthy", MANY - 1);
        ArrayNode flows = report.putArray("flows");
        for (int n = 0; n < MANY; n++) {
            flows.addObject().put("id", "id-" + n).put("name", "Many %05d".formatted(n)).put("state", n == 0 ? "failed" : "healthy")
                    .put("reason", "its last run").put("ours", false);
        }
        Files.writeString(data.resolve("reports/audit-20410101T000000.000Z.json"), report.toString());
        VIEWS.forEach(this::isAccessible);
        Page page = open(new Browser.NewContextOptions(), "/dataflows");
        page.locator("#q").fill("Many 0777");
        assertThat(page.locator("#results tbody tr")).hasCount(10);
    }
}
