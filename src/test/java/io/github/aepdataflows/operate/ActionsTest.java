package io.github.aepdataflows.operate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.aepdataflows.Rig;
import io.github.aepdataflows.ledger.Event;
import io.github.aepdataflows.simulator.Fault;
import io.github.aepdataflows.simulator.Options;
import java.net.URLEncoder;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What can be done from the page, and by whom. */
class ActionsTest {

    private static final String TOKEN = Rig.MARKER + "-token-of-the-page";
    private static final String[] ANN = {"Authorization", "Basic " + Base64.getEncoder().encodeToString(("ann:" + TOKEN)
            .getBytes(StandardCharsets.UTF_8))};
    private static final String NAME = "Dataflow between a CRM system and Platform";
    private static final String VIEW = "/dataflow?name=" + URLEncoder.encode(NAME, StandardCharsets.UTF_8);
    private static final Pattern FORM = Pattern.compile("name=\"form\" value=\"([0-9a-f]{32})\"");

    @TempDir
    static Path data;

    private static Rig rig;
    private static Visitor visitor;

    @BeforeAll
    static void start() throws Exception {
        visitor = Visitor.onFreePort();
        rig = Rig.start(data, Options.defaults(), Map.of("aep.ops.port", String.valueOf(visitor.port()), "aep.ops.token", TOKEN,
                "aep.page.actions", "true", "aep.ops.hosts", "ops.example.org"));
        await().atMost(Duration.ofMinutes(1)).until(() -> visitor.get("/observe/health/ready").statusCode() == 200);
        rig.drop("crm.yaml", Rig.example("crm"));
        await().atMost(Duration.ofMinutes(1)).until(() -> rig.names("done").contains("crm.yaml"));
    }

    @AfterAll
    static void stop() throws Exception {
        rig.close();
    }

    private static String form(String view, String... headers) throws Exception {
        Matcher form = FORM.matcher(visitor.get(view, headers).body());
        assertThat(form.find()).as(view).isTrue();
        return form.group(1);
    }

    private static String[] with(String[] headers, String... more) {
        List<String> all = new ArrayList<>(List.of(headers));
        all.addAll(List.of(more));
        return all.toArray(String[]::new);
    }

    private static String[] fromOurPage(String... headers) {
        return with(headers, "Origin", "http://127.0.0.1:" + visitor.port());
    }

    /** What a browser of somebody who has signed in sends. */
    private static HttpResponse<String> ask(String verb) throws Exception {
        return visitor.post("/dataflow/" + verb, List.of("form", form(VIEW, ANN), "name", NAME), fromOurPage(ANN));
    }

    private static void asked(String verb, String words) throws Exception {
        HttpResponse<String> answer = ask(verb);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(303);
        assertThat(answer.headers().firstValue("Location")).contains(VIEW);
        await().atMost(Duration.ofMinutes(1)).untilAsserted(() -> assertThat(visitor.get(VIEW, ANN).body()).contains(words)
                .doesNotContain("under way, "));
        Event event = rig.ledger().events(Optional.of(NAME), Long.MAX_VALUE, 20).stream().filter(one -> one.type().equals(Event.ASKED))
                .filter(one -> one.outcome().equals(verb) && !one.detail().contains("failed")).findFirst().orElseThrow();
        JsonNode detail = Rig.json(event.detail());
        assertThat(detail.path("by").asText()).isEqualTo("ann");
        assertThat(detail.path("from").asText()).isEqualTo("127.0.0.1");
    }

    private static String flowState() {
        return rig.resources("flows").stream().filter(flow -> flow.path("name").asText().equals(NAME))
                .map(flow -> flow.path("state").asText()).findFirst().orElseThrow();
    }

    @Test
    void should_plan_apply_pause_and_resume_a_dataflow_and_tell_who_has_asked() throws Exception {
        asked("plan", "crm.yaml: no differences");
        String flow = rig.resources("flows").get(0).path("id").asText();
        JsonNode theirs = rig.resources("flows").get(0).deepCopy();
        ((ObjectNode) theirs.path("scheduleParams")).put("interval", "45");
        rig.simulator().faults().always("GET", "/flows/" + flow, Fault.body("{\"items\":[" + theirs + "]}"));
        asked("plan", "update flow</span> " + flow);
        assertThat(visitor.get(VIEW).body()).contains("scheduleParams.interval");
        rig.simulator().faults().clear();

        asked("apply", "crm.yaml</span> was dropped into the inbox");
        asked("pause", ">paused</span>");
        await().atMost(Duration.ofMinutes(1)).until(() -> flowState().equals("disabled"));
        await().atMost(Duration.ofMinutes(1)).untilAsserted(() -> assertThat(visitor.get(VIEW, ANN).body()).contains(">Resume<")
                .doesNotContain(">Pause<"));
        asked("resume", ">resumed</span>");
        await().atMost(Duration.ofMinutes(1)).until(() -> flowState().equals("enabled"));
        assertThat(Files.readString(data.resolve("done/crm.3.yaml"))).as("nothing but its state is another")
                .isEqualTo(Rig.example("crm").stripTrailing() + "\nstate: paused\n");

        asked("run", "no run of the dataflow " + NAME + " can be ordered");
        asked("retry", "there is nothing to repeat");
    }

    @Test
    void should_do_nothing_for_who_has_no_token_or_comes_from_another_page() throws Exception {
        int before = rig.ledger().events(Optional.empty(), Long.MAX_VALUE, 1000).size();
        List<String> paths = List.of("/dataflow/apply", "/dataflow/pause", "/dataflow/resume", "/dataflow/run", "/dataflow/retry",
                "/failed/apply", "/apply/apply", "/apply/plan");
        assertThat(visitor.get(VIEW).body()).contains(">Plan<", "Sign in").doesNotContain(">Pause<", "/dataflow/pause");
        assertThat(visitor.get("/apply").statusCode()).isEqualTo(403);
        for (String path : paths) {
            List<String> fields = List.of("form", form(VIEW, ANN), "name", NAME, "file", "crm.yaml", "definition", "x");
            assertThat(visitor.post(path, fields, fromOurPage()).statusCode()).as(path).isEqualTo(401);
            assertThat(visitor.post(path, fields, fromOurPage("Authorization", "Bearer " + TOKEN + "x")).statusCode()).isEqualTo(401);
            for (String origin : List.of("http://evil.example", "null", "http://127.0.0.1", "http://127.0.0.1:1",
                    "http://127.0.0.1:" + visitor.port() + ".evil.example", "http://ops.example.org.evil.example", "", "file://")) {
                assertThat(visitor.post(path, fields, with(ANN, "Origin", origin)).statusCode()).as(path + origin).isEqualTo(403);
            }
            assertThat(visitor.post(path, fields, ANN).statusCode()).as("no origin").isEqualTo(403);
            assertThat(visitor.post(path, fields, fromOurPage(with(ANN, "Sec-Fetch-Site", "cross-site"))).statusCode()).isEqualTo(403);
            for (String form : List.of("", "0".repeat(32), "x")) {
                assertThat(visitor.post(path, List.of("form", form, "name", NAME), fromOurPage(ANN)).statusCode()).isEqualTo(403);
            }
            assertThat(visitor.raw("POST " + path + " HTTP/1.1", "Host: evil.example", "Content-Length: 0")).startsWith("HTTP/1.1 421 ");
            assertThat(visitor.get(path, ANN).statusCode()).isEqualTo(404);
        }
        assertThat(visitor.post("/dataflow/plan", List.of("form", form(VIEW), "name", NAME), "Origin", "http://evil.example").statusCode())
                .isEqualTo(403);
        assertThat(visitor.post("/dataflow/delete", List.of(), fromOurPage(ANN)).statusCode()).isEqualTo(405);
        assertThat(rig.ledger().events(Optional.empty(), Long.MAX_VALUE, 1000)).hasSize(before);
        assertThat(visitor.get("/sign-in").statusCode()).isEqualTo(401);
        assertThat(visitor.get("/sign-in", ANN).statusCode()).isEqualTo(303);
    }

    @Test
    void should_take_each_form_once_and_only_as_it_is_sent_by_a_browser() throws Exception {
        String form = form(VIEW, ANN);
        assertThat(visitor.post("/dataflow/plan", List.of("form", form, "name", "x"), fromOurPage(ANN)).statusCode()).isEqualTo(409);
        HttpResponse<String> again = visitor.post("/dataflow/plan", List.of("form", form, "name", NAME), fromOurPage(ANN));
        assertThat(again.statusCode()).isEqualTo(403);
        assertThat(again.body()).contains("was sent before");
        assertThat(visitor.post("/apply/apply", List.of("definition", "x".repeat(5 << 20)), fromOurPage(ANN)).statusCode()).isEqualTo(413);
        assertThat(visitor.raw("POST /apply/apply HTTP/1.1", "Host: 127.0.0.1:" + visitor.port(), ANN[0] + ": " + ANN[1],
                "Origin: http://127.0.0.1:" + visitor.port(), "Content-Type: text/plain", "Content-Length: 0")).startsWith("HTTP/1.1 415 ");
    }

    @Test
    void should_plan_and_apply_what_is_typed_and_apply_a_refused_file_again() throws Exception {
        String text = Rig.example("customer-success", "Typed").replace("\n", "\r\n");
        for (String name : List.of("", "../x.yaml", "x/y.yaml", ".x.yaml", "x.yaml\u0000.yaml", "x.txt", "x.yaml.receipt.json",
                "a\nb.yaml")) {
            HttpResponse<String> refused = visitor.post("/apply/apply", List.of("form", form("/apply", ANN), "file", name, "definition",
                    text), fromOurPage(ANN));
            assertThat(refused.statusCode()).as(name).isEqualTo(409);
        }
        assertThat(visitor.post("/apply/plan", List.of("form", form("/apply", ANN), "file", "typed.yaml", "definition", text),
                fromOurPage(ANN)).headers().firstValue("Location")).contains("/apply?file=typed.yaml");
        await().atMost(Duration.ofMinutes(1)).untilAsserted(() -> assertThat(visitor.get("/apply?file=typed.yaml", ANN).body())
                .contains("create target-schema", "name: Typed"));
        visitor.post("/apply/apply", List.of("form", form("/apply", ANN), "file", "typed.yaml", "definition", text.replace("interval: 15",
                "interval: 5").replaceFirst("interval: [0-9]+", "interval: 5")), fromOurPage(ANN));
        await().atMost(Duration.ofMinutes(1)).until(() -> rig.names("failed").contains("typed.yaml"));
        assertThat(visitor.get("/failed", ANN).body()).contains("Apply again", ">faults<");
        assertThat(visitor.get("/failed").body()).doesNotContain("Apply again");

        Files.writeString(data.resolve("failed/typed.yaml"), Rig.example("customer-success", "Typed"));
        assertThat(visitor.post("/failed/apply", List.of("form", form("/failed", ANN), "file", "../done/crm.yaml"), fromOurPage(ANN))
                .statusCode()).isEqualTo(409);
        assertThat(visitor.post("/failed/apply", List.of("form", form("/failed", ANN), "file", "typed.yaml"), fromOurPage(ANN))
                .statusCode()).isEqualTo(303);
        await().atMost(Duration.ofMinutes(1)).until(() -> rig.names("done").contains("typed.yaml"));
        assertThat(rig.names("failed")).isEmpty();
        assertThat(visitor.get("/apply").statusCode()).as("what was typed is shown to nobody else").isEqualTo(403);
    }
}
