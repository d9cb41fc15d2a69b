package io.github.aepdataflows.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The journal of flow runs: pages, links, its end, and who may read it. */
class EventJournalTest {

    private static final Pattern LINK = Pattern.compile("<(/events/[^>]+)>; rel=\"next\"");

    private static String next(Client.Reply page) {
        Matcher link = LINK.matcher(page.headers().get("link").get(0));
        assertThat(link.matches()).isTrue();
        return link.group(1);
    }

    @Test
    void should_tell_each_ended_run_once_page_by_page_and_who_asks_wrongly() throws Exception {
        try (Simulator simulator = Simulator.start(Options.defaults())) {
            Client client = Client.of(simulator);
            Client reader = client.with("x-gw-ims-org-id", "").with("x-sandbox-name", "")
                .with("x-ims-org-id", "SIMULATOR000000000000000@AdobeOrg");
            String journal = simulator.journalUrl().getPath();
            Client.Reply empty = reader.get(journal + "?latest=true");
            assertThat(empty.status()).isEqualTo(204);
            assertThat(empty.headers()).containsEntry("retry-after", List.of("10"));
            String flow = Chain.create(client).flow();
            simulator.runs().script(flow, RunKind.SUCCESS, RunKind.COPY_FAILED);
            simulator.clock().advance(Duration.ofHours(1));

            List<String> told = new ArrayList<>();
            String path = next(empty).replaceFirst("limit=\\d+", "limit=2");
            for (Client.Reply page = reader.get(path); page.status() == 200; page = reader.get(path)) {
                assertThat(page.json().path("events").size()).isBetween(1, 2).isEqualTo(page.json().at("/_page/count").asInt());
                page.json().path("events").forEach(event -> told.add(event.findValue("flowId").asText() + " "
                    + event.findValue("statusSummary").path("status").asText()));
                path = next(page).replaceFirst("limit=\\d+", "limit=2");
            }
            assertThat(told).hasSizeBetween(3, 5).startsWith(flow + " success", flow + " failed");
            JsonNode all = reader.get(journal).json().path("events");
            assertThat(all).hasSameSizeAs(told);
            assertThat(all.get(0).at("/event/event/header/_adobeio/eventCode").asText()).isEqualTo("sources_flow_run_success");
            assertThat(all.get(1).at("/event/0/messages/0/_eventNotificationMeta/type").asText()).isEqualTo("sources_flow_run_failed");
            assertThat(reader.get(journal + "?latest=true").json().path("events")).hasSize(1);

            assertThat(client.get(journal).status()).as("the gateway's header is not the journal's").isEqualTo(403);
            assertThat(reader.with("Authorization", "Bearer x").get(journal).status()).isEqualTo(401);
            assertThat(reader.with("x-api-key", "x").get(journal).status()).isEqualTo(403);
            assertThat(reader.get(journal + "?start=1").status()).isEqualTo(400);
            assertThat(reader.get(journal + "?since=1").status()).isEqualTo(400);
            assertThat(reader.get(journal + "?limit=0").status()).isEqualTo(400);
            assertThat(reader.delete(journal).status()).isEqualTo(405);
        }
    }
}
