package io.github.aepdataflows.operate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.aepdataflows.Rig;
import io.github.aepdataflows.files.Reports;
import io.github.aepdataflows.simulator.Options;
import java.net.URLEncoder;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/** The page of one application, from an empty sandbox to 10,000 dataflows. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class PageTest {

    private static final String TOKEN = Rig.MARKER + "-token-of-the-page";
    private static final List<String> VIEWS = List.of("/", "/dataflows", "/failed", "/requests");
    private static final int MANY = 10_000;
    @TempDir
    static Path data;

    private static Rig rig;
    private static Visitor visitor;

    @BeforeAll
    static void start() throws Exception {
        visitor = Visitor.onFreePort();
        rig = Rig.start(data, Options.defaults(), Map.of("aep.ops.port", String.valueOf(visitor.port()), "aep.ops.token", TOKEN,
                "aep.ops.hosts", "ops.example.org"));
        await().atMost(Duration.ofMinutes(1)).until(() -> visitor.get("/observe/health/ready").statusCode() == 200);
    }

    @AfterAll
    static void stop() throws Exception {
        rig.close();
    }

    private static String view(String path) throws Exception {
        HttpResponse<String> answer = visitor.get(path);
        assertThat(answer.statusCode()).as(path + answer.body()).isEqualTo(200);
        return answer.body();
    }

    @Test
    @Order(1)
    void should_show_an_empty_sandbox() throws Exception {
        assertThat(view("/")).contains("Nothing is in work", "Nothing has happened yet", "No audit has run yet", ">Ready<");
        assertThat(view("/dataflows")).contains("There is no dataflow yet");
        assertThat(view("/failed")).contains("None.");
        assertThat(visitor.get("/dataflow?name=x").statusCode()).isEqualTo(404);
    }

    @Test
    @Order(2)
    void should_allow_nothing_but_its_own_files_and_no_code_in_the_text() throws Exception {
        for (String path : VIEWS) {
            HttpResponse<String> answer = visitor.get(path);
            assertThat(answer.headers().firstValue("Content-Security-Policy").orElse("")).as(path)
                    .contains("default-src 'none'", "script-src 'self'", "frame-ancestors 'none'").doesNotContain("unsafe");
            assertThat(answer.headers().firstValue("X-Content-Type-Options")).contains("nosniff");
            assertThat(answer.body()).as(path)
                    .doesNotContainPattern("(?i)<script(?![^>]*src=\"/assets/)|<style|style=|\\son[a-z]+=|javascript:")
                    .doesNotContainPattern("(?i)(src|href|action)=\"?(https?:)?//");
            Pattern.compile("(?:src|href)=\"(/assets/[^\"]+)\"").matcher(answer.body()).results().map(found -> found.group(1)).distinct()
                    .forEach(asset -> assertThat(status(asset)).as(asset).isEqualTo(200));
        }
        assertThat(visitor.get("/assets/page.css").headers().firstValue("Content-Type")).contains("text/css; charset=utf-8");
    }

    private static int status(String path) {
        try {
            return visitor.get(path).statusCode();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    @Order(3)
    void should_answer_no_name_of_somebody_elses() throws Exception {
        for (String host : List.of("evil.example", "127.0.0.1.evil.example", "localhost.evil.example:80", "ops.example.org.evil.example",
                "a b", "", "evil.example:" + visitor.port(), "[::1].evil.example", "127.0.0.1:80@evil.example")) {
            for (String path : List.of("/", "/observe/health", "/observe/metrics", "/assets/page.css")) {
                assertThat(visitor.raw("GET " + path + " HTTP/1.1", "Host: " + host)).as(host + path).startsWith("HTTP/1.1 421 ");
            }
        }
        assertThat(visitor.raw("GET / HTTP/1.1", "Host: 127.0.0.1", "Host: evil.example")).startsWith("HTTP/1.1 421 ");
        for (String host : List.of("127.0.0.1:" + visitor.port(), "localhost", "[::1]:80", "10.1.2.3:8077", "ops.example.org",
                "OPS.example.org:443")) {
            assertThat(visitor.raw("GET / HTTP/1.1", "Host: " + host)).as(host).startsWith("HTTP/1.1 200 ");
        }
    }

    @Test
    @Order(4)
    void should_want_the_token_of_whoever_comes_through_a_proxy() throws Exception {
        String basic = "Basic " + Base64.getEncoder().encodeToString(("me:" + TOKEN).getBytes(StandardCharsets.UTF_8));
        for (String path : List.of("/", "/failed", "/observe/metrics", "/assets/htmx.js")) {
            HttpResponse<String> refusal = visitor.get(path, "X-Forwarded-For", "203.0.113.7");
            assertThat(refusal.statusCode()).as(path).isEqualTo(401);
            assertThat(refusal.body()).doesNotContain(TOKEN, Rig.SANDBOX);
            for (String wrong : List.of("Bearer " + TOKEN + "x", "Bearer", "Bearer  ", "Basic " + TOKEN, "Basic ====", "Digest " + TOKEN,
                    "Bearer " + TOKEN.substring(1))) {
                assertThat(visitor.get(path, "Forwarded", "for=203.0.113.7", "Authorization", wrong).statusCode()).as(wrong).isEqualTo(401);
            }
            for (String right : List.of("Bearer " + TOKEN, basic)) {
                assertThat(visitor.get(path, "Forwarded", "for=203.0.113.7", "Authorization", right).statusCode()).isEqualTo(200);
            }
        }
        assertThat(visitor.get("/observe/health", "X-Forwarded-For", "203.0.113.7").body()).contains("UP").doesNotContain("aep-");
        assertThat(visitor.get("/observe/health").body()).contains("aep-ledger", "aep-platform", "aep-disk");
        for (String method : List.of("POST", "PUT", "DELETE", "HEAD", "OPTIONS", "PATCH")) {
            assertThat(visitor.request(method, "/").statusCode()).as(method).isEqualTo(405);
        }
    }

    @Test
    @Order(5)
    void should_show_three_dataflows_their_resources_and_what_was_refused() throws Exception {
        rig.drop("crm.yaml", Rig.example("crm"));
        rig.drop("marketing.yaml", Rig.example("marketing-automation"));
        rig.drop("success.yaml", Rig.example("customer-success"));
        rig.drop("broken.yaml", Rig.example("crm", "Broken").replace("interval: 30", "interval: 5"));
        await().atMost(Duration.ofMinutes(1)).until(() -> rig.names("done").size() == 6 && rig.names("failed").size() == 2);
        String flow = rig.resources("flows").get(0).path("id").asText();

        await().atMost(Duration.ofMinutes(1)).until(() -> view("/dataflows").contains("3 dataflows"));   // its list is some seconds old
        assertThat(view("/")).contains("Dataflow for marketing automation", "created", "broken.yaml", ">3<");
        assertThat(view("/dataflows")).contains("Dataflow between a CRM system and Platform", flow, "3 dataflows");
        assertThat(view("/dataflows?q=CRM")).contains("Dataflow between a CRM system and Platform")
                .doesNotContain("marketing automation</a>");
        assertThat(view("/dataflow?name=Dataflow+for+marketing+automation")).contains("marketing.yaml", "apiVersion: aep-dataflows/v1",
                "created").containsSubsequence(">source schema<", ">source connection<", ">target schema<", ">target dataset<",
                ">target connection<", ">mapping set<", ">flow<");
        assertThat(view("/failed")).contains("broken.yaml", "schedule.interval", "below the minimum of 15");
        assertThat(view("/requests")).contains("flowservice", "schemaregistry", "201");
        rig.audit();
        assertThat(view("/")).contains("the audit of");
    }

    @Test
    @Order(6)
    void should_call_a_dataflow_deleted_that_was_deleted() throws Exception {
        String name = "Dataflow for marketing automation";
        String page = "/dataflow?name=" + URLEncoder.encode(name, StandardCharsets.UTF_8);
        assertThat(view(page)).contains("never ran").doesNotContain(">deleted<");

        rig.drop("marketing.yaml", Rig.example("marketing-automation") + "state: absent\n");
        await().atMost(Duration.ofMinutes(1)).until(() -> view("/dataflows").contains(">deleted<"));

        String listed = view("/dataflows?q=marketing");
        assertThat(listed).containsPattern(name + "</a>").contains(">deleted<", "1 dataflow</span>")
                .as("what the audit said before").doesNotContain("never ran");
        assertThat(view(page)).containsPattern("class=\"pill quiet\">deleted<").doesNotContain("never ran", ">done<");
        assertThat(view("/dataflows?q=crm")).doesNotContain(">deleted<");
    }

    @Test
    @Order(7)
    void should_find_a_dataflow_that_is_not_ours_by_its_name_too() throws Exception {
        rig.simulator().seedDemo(Rig.SANDBOX);
        rig.audit();
        assertThat(view("/dataflow?name=Legacy+invoices+import")).contains("<h1>Legacy invoices import</h1>", "no: the ledger does not")
                .containsPattern("Runs <span class=\"quiet-text\">[0-9]+ since ");
        assertThat(visitor.get("/dataflow?name=Legacy+invoices").statusCode()).isEqualTo(404);
    }

    @Test
    @Order(8)
    void should_show_hostile_names_and_errors_as_the_text_that_they_are() throws Exception {
        Hostile.everywhere(rig, data);
        for (String path : List.of("/", "/dataflows", "/dataflows?q=%3Cscript%3E%22'", "/dataflows?state=%22%3E%3Cb%3E", "/failed",
                "/failed?page=2",
                "/dataflow?flow=" + URLEncoder.encode(Hostile.TEXTS.get(0), StandardCharsets.UTF_8),
                "/dataflow?name=" + URLEncoder.encode(Hostile.TEXTS.get(1), StandardCharsets.UTF_8))) {
            harmless(path, view(path));
        }
    }

    /** Every tag is one of ours, with attributes of ours. */
    private static void harmless(String path, String text) {
        String ours = text.replaceAll("\\s+content='[^']*'", "");
        Pattern.compile("<(/?)([^\\s>/]+)([^>]*)>").matcher(ours).results().forEach(tag -> {
            assertThat(tag.group(2).toLowerCase()).as(path + ": " + tag.group())
                    .matches("!doctype|html|head|meta|title|link|script|body|a|header|img|nav|div|span|strong|main|h1|h2|dl|dt|dd|section|p"
                            + "|ul|ol|li|code|pre|article|details|summary|footer|time|form|label|input|button|table|thead|tbody|tr|th|td"
                            + "|figure|figcaption|svg|g|rect");
            assertThat(tag.group(3).replaceAll("=\"[^\"]*\"", "=")).as(path + ": " + tag.group())
                    .doesNotContainPattern("(?i)\\bon[a-z]+=|['<]|evil");
        });
        assertThat(text).doesNotContainPattern("(?i)<(img|meta|script|input|form)[^>]*(onerror|refresh|evil|alert|autofocus)")
                .doesNotContain(">49<", "\u0000", "\u202e");
    }

    @Test
    @Order(9)
    void should_find_one_of_ten_thousand_at_once() throws Exception {
        ObjectNode report = Rig.JSON.createObjectNode().put("time", "2041-01-01T00:00:00Z").put("complete", true);
        ArrayNode flows = report.putArray("flows");
        for (int n = 0; n < MANY; n++) {
            flows.addObject().put("id", "id-" + n).put("name", "Many %05d".formatted(n)).put("state", n % 3 == 0 ? "failed" : "healthy")
                    .put("reason", "its last run").put("ours", false);
        }
        Files.writeString(data.resolve("reports").resolve(Reports.name(Instant.now().plusSeconds(1200))), report.toString());
        await().atMost(Duration.ofMinutes(1)).until(() -> view("/dataflows").contains("Many"));
        view("/");
        view("/dataflows");
        assertThat(median("/")).as("milliseconds of the overview").isLessThan(200);
        assertThat(median("/dataflows?q=many+09")).as("milliseconds of a search").isLessThan(1000);
        assertThat(view("/dataflows?q=many+09999")).contains("Many 09999", "1 dataflow</span>");
        assertThat(view("/dataflows?page=7&q=Many")).contains("page 7 of 200", "Many 00300");
        assertThat(view("/dataflows?page=999999")).contains("page 201 of 201").doesNotContain("Next");
    }

    private static long median(String path) throws Exception {
        long[] millis = new long[9];
        for (int n = 0; n < millis.length; n++) {
            long begun = System.nanoTime();
            view(path);
            millis[n] = (System.nanoTime() - begun) / 1_000_000;
        }
        Arrays.sort(millis);
        return millis[millis.length / 2];
    }

    @Test
    @Order(10)
    void should_show_a_broken_platform_and_a_closed_ledger() throws Exception {
        rig.ledger().close();
        await().atMost(Duration.ofMinutes(1)).until(() -> visitor.get("/observe/health/ready").statusCode() == 503);
        assertThat(view("/")).contains("Not ready", "the ledger is not open", "the ledger cannot be read");
        assertThat(visitor.get("/dataflow?name=x").statusCode()).isEqualTo(503);
        assertThat(visitor.get("/observe/metrics").body()).contains("aep_check_up{check=\"aep-ledger\"} 0.0", "aep_ready 0.0");
        rig.ledger().open();
        await().atMost(Duration.ofMinutes(1)).until(() -> visitor.get("/observe/health/ready").statusCode() == 200);
        assertThat(visitor.get("/dataflow?name=x").statusCode()).isEqualTo(404);
    }
}
