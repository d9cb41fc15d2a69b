package io.github.aepdataflows;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.aepdataflows.simulator.Request;
import io.github.aepdataflows.simulator.Simulator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Watches a simulator from its making on: {@link #assertNothingWritten} fails when anything but reads, tokens and the two
 * validations was asked of it since, or when anything that it keeps is not, to the byte, what it was.
 */
public final class WriteGuard {

    private static final String DATA = "/data/foundation/conversion";
    private static final Set<String> HARMLESS = Set.of("/ims/token/v3", DATA + "/mappingSets/validate", DATA + "/languages/el/validate");
    /** Runs come and go by themselves, while time does. */
    private static final List<String> COLLECTIONS = List.of("connections", "sourceConnections", "targetConnections", "flows", "classes",
            "schemas", "fieldgroups", "dataSets", "mappingSets");

    private final Simulator simulator;
    private final int asked;
    private final Map<String, String> before;

    private WriteGuard(Simulator simulator) {
        this.simulator = simulator;
        this.asked = simulator.requests().all().size();
        this.before = kept(simulator);
    }

    public static WriteGuard over(Simulator simulator) {
        return new WriteGuard(simulator);
    }

    /** Requests of all time that could have made or changed something. */
    public static List<Request> writes(Simulator simulator) {
        return simulator.requests().where(request -> !request.method().equals("GET")
                && !(request.method().equals("POST") && HARMLESS.contains(request.path())));
    }

    public void assertNothingWritten() {
        assertThat(writes(simulator)).filteredOn(request -> request.sequence() > asked)
                .extracting(request -> request.method() + " " + request.path()).isEmpty();
        assertThat(kept(simulator)).isEqualTo(before);
    }

    /** How much was asked since, of whatever kind. */
    public int asked() {
        return simulator.requests().all().size() - asked;
    }

    private static Map<String, String> kept(Simulator simulator) {
        Map<String, String> kept = new TreeMap<>();
        for (String sandbox : simulator.options().sandboxes()) {
            for (String collection : COLLECTIONS) {
                List<ObjectNode> resources = simulator.store().resources(sandbox, collection);
                kept.put(sandbox + "/" + collection, resources.toString());
            }
        }
        return kept;
    }
}
