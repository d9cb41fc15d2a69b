package io.github.aepdataflows.audit;

import static java.util.stream.Collectors.toMap;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.aepdataflows.Rig;
import io.github.aepdataflows.Rigs;
import io.github.aepdataflows.simulator.Dialect;
import io.github.aepdataflows.simulator.Options;
import io.github.aepdataflows.simulator.Request;
import java.io.IOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.StreamSupport;
import org.apache.camel.Exchange;

/** What the tests of the audit over HTTP share: small pages, the simulator's time, and a look into reports and requests. */
final class AuditRig {

    static final Options SMALL_PAGES = Options.defaults().withPageSize(2);

    /** Where the runs of all flows cannot be listed. */
    static final Options BY_FLOW = SMALL_PAGES.withDialect(Dialect.RUNS_LIST, "refused");

    private static final Map<String, String> PROPERTIES = Map.of("aep.clock", "#bean:simulatorClock", "aep.audit.lookback", "1d");

    private AuditRig() {
    }

    static Rig start(Path data) throws Exception {
        return start(data, SMALL_PAGES, Map.of());
    }

    static Rig oneOf(Rigs rigs) throws Exception {
        return rigs.start(SMALL_PAGES, PROPERTIES);
    }

    static Rig start(Path data, Options options, Map<String, String> more) throws Exception {
        Map<String, String> properties = new HashMap<>(PROPERTIES);
        properties.putAll(more);
        return Rig.start(data, options, properties);
    }

    static JsonNode audit(Rig rig) throws IOException {
        return report(rig.audit());
    }

    static JsonNode report(Exchange audit) throws IOException {
        if (audit.getException() != null) {
            throw new AssertionError(audit.getException());
        }
        return Rig.json(audit.getMessage().getBody(String.class));
    }

    /** Flow name to what the report says of it; every name must be there once. */
    static Map<String, JsonNode> byName(JsonNode report) {
        return StreamSupport.stream(report.path("flows").spliterator(), false)
                .collect(toMap(flow -> flow.path("name").asText(), flow -> flow));
    }

    static Map<String, String> states(JsonNode report) {
        return byName(report).entrySet().stream().collect(toMap(Map.Entry::getKey, flow -> flow.getValue().path("state").asText()));
    }

    static String idOf(Rig rig, String flowName) {
        return rig.resources("flows").stream().filter(flow -> flow.path("name").asText().equals(flowName))
                .map(flow -> flow.path("id").asText()).findFirst().orElseThrow();
    }

    /** The first page of the list of flows: every audit asks for it once. */
    static List<Request> begun(Rig rig) {
        return rig.requests(request -> isList(request) && !query(request).contains("continuationToken"));
    }

    /** A page of the audit's list: of all source dataflows, which provisioning does not ask for. */
    static boolean isList(Request request) {
        return request.method().equals("GET") && request.path().endsWith("/flowservice/flows") && query(request).contains("isSourceFlow");
    }

    static Predicate<Request> runsOf(String flowId) {
        return request -> request.path().endsWith("/flowservice/runs") && query(request).contains("flowId==" + flowId);
    }

    /** The condition on {@code createdAt}; empty in a request for the newest run. */
    static String window(Request request) {
        return Arrays.stream(query(request).split("&")).filter(part -> part.startsWith("property=createdAt"))
                .map(part -> part.substring("property=".length())).findFirst().orElse("");
    }

    private static String query(Request request) {
        return URLDecoder.decode(request.query(), StandardCharsets.UTF_8);
    }
}
