package io.github.aepdataflows.operate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.aepdataflows.Rig;
import io.github.aepdataflows.provision.Somebody;
import io.github.aepdataflows.simulator.Fault;
import io.github.aepdataflows.simulator.Options;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** For each alert rule: its condition is made, the metrics move, and its expression holds, which it did not before. */
class AlertRulesTest {

    private static final String CRM = "Dataflow between a CRM system and Platform";

    @TempDir
    Path data;

    private final Visitor visitor = Visitor.onFreePort();
    private final Map<String, String> open = new TreeMap<>();
    private String last;

    AlertRulesTest() throws Exception {
        JsonNode rules = Rig.yaml(Files.readString(Path.of("config/observe/alerts.yaml")));
        rules.at("/groups/0/rules").forEach(rule -> open.put(rule.path("alert").asText(), rule.path("expr").asText()));
    }

    private String scrape() throws Exception {
        return visitor.get("/observe/metrics").body();
    }

    /** These hold now, as they did not before; a threshold that takes long to reach may be another. */
    private void hold(Map<String, String> thresholds, String... rules) throws Exception {
        String before = last;
        for (String rule : rules) {
            String expression = open.remove(rule);
            for (Map.Entry<String, String> other : thresholds.entrySet()) {
                expression = expression.replace(other.getKey(), other.getValue());
            }
            String tested = expression;
            assertThat(new Rules(before, before, 10).holds(tested)).as(rule + " before").isFalse();
            await(rule).atMost(Duration.ofMinutes(1)).until(() -> new Rules(before, scrape(), 10).holds(tested));
        }
        last = scrape();
    }

    private void hold(String... rules) throws Exception {
        hold(Map.of(), rules);
    }

    @Test
    void should_hold_for_what_each_rule_is_about_and_for_nothing_else() throws Exception {
        try (Rig rig = Rig.start(data, Options.defaults(), Map.of("aep.ops.port", String.valueOf(visitor.port()), "aep.clock",
                "#bean:simulatorClock", "aep.audit.cron", "0 0 0 1 1 ?", "aep.audit.lookback", "1d", "aep.redelivery.max", "2"))) {
            rig.drop("crm.yaml", Rig.example("crm"));
            await().atMost(Duration.ofMinutes(1)).until(() -> rig.names("done").size() == 2);
            rig.audit();
            await().atMost(Duration.ofMinutes(1)).until(() -> visitor.get("/observe/health").statusCode() == 200);
            last = scrape();
            Rules calm = new Rules(last, scrape(), 10);
            assertThat(open).hasSizeGreaterThan(12).allSatisfy((rule, expression) -> assertThat(calm.holds(expression)).as(rule).isFalse());

            rig.provision(Rig.example("crm", "Other").replace("interval: 30", "interval: 5"));
            hold("AepDefinitionsRefused");

            Somebody somebody = new Somebody(rig.simulator());
            ObjectNode flow = rig.resources("flows").stream().filter(one -> one.path("name").asText().equals(CRM)).findFirst()
                    .orElseThrow();
            String etag = somebody.sends("GET", "flowservice/flows/" + flow.path("id").asText(), "").at("/items/0/etag").asText();
            somebody.sends("PATCH", "flowservice/flows/" + flow.path("id").asText(), """
                [{"op": "replace", "path": "/scheduleParams/interval", "value": "45"}]""", etag);
            rig.audit();
            hold("AepDrift");
            somebody.sends("POST", "flowservice/flows", flow.retain("name", "flowSpec", "sourceConnectionIds", "targetConnectionIds",
                    "transformations", "scheduleParams").toString());
            rig.audit();
            hold("AepDuplicates");
            rig.simulator().seedDemo(Rig.SANDBOX);
            rig.audit();
            hold("AepDataflowsFailed", "AepDataflowsLate");
            rig.simulator().faults().always("GET", "/flows", Fault.status(403));
            rig.audit();
            hold("AepAuditIncomplete");
            rig.simulator().faults().clear();

            rig.simulator().faults().always("POST", "/targetConnections", Fault.status(429));
            rig.provision(Rig.example("customer-success", "Throttled"));
            rig.simulator().faults().clear();
            rig.apply(Rig.example("customer-success", "Throttled"));   // what was made beside it may not have been looked at
            hold("AepRateLimited");
            rig.simulator().faults().always("POST", "/targetConnections", Fault.reset());
            rig.provision(Rig.example("customer-success"));
            rig.simulator().faults().clear();
            hold("AepStepsUnresolved");

            rig.simulator().outage(true);
            rig.drop("waits.yaml", Rig.example("marketing-automation"));
            for (int n = 0; n < 3; n++) {
                rig.provision(Rig.example("customer-success", "Silent"));
            }
            hold(Map.of("1800", "0.001"), "AepPlatformRefusesOrSilent", "AepDataflowsNotReady", "AepPlatformLeftAlone", "AepInboxStuck");
            rig.simulator().outage(false);
            hold(Map.of("0.5", "0.0000001"), "AepLedgerSlow");
            assertThat(List.copyOf(open.keySet())).as("rules that no condition was made for").isEmpty();
        }
    }
}
