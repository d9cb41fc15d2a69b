package io.github.aepdataflows.operate;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.aepdataflows.files.Reports;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The newest report of the audit, read once. Of very many flows it keeps those that are first in it, which are the most urgent ones. */
public final class AuditReport {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int MOST_REPORTS = 60;
    private static final int MOST_FLOWS = 10_000;
    private static final long MOST_BYTES = 16L << 20;

    private final Reports reports;
    private Optional<Path> read = Optional.empty();
    private JsonNode content = MissingNode.getInstance();

    public AuditReport(Reports reports) {
        this.reports = reports;
    }

    /** A missing node when there is none, or it cannot be read. */
    synchronized JsonNode content() throws IOException {
        List<Path> files = reports.past();
        Optional<Path> newest = files.stream().findFirst();
        if (!newest.equals(read)) {
            content = files.stream().map(AuditReport::read).filter(JsonNode::isObject).findFirst().orElse(MissingNode.getInstance());
            read = newest;
        }
        return content;
    }

    /** Missing when it was cut or edited by somebody. */
    private static JsonNode read(Path file) {
        ArrayNode flows = JSON.createArrayNode();
        try (Reader content = Files.newBufferedReader(file)) {
            ObjectNode report = Reports.read(content, Set.of("flows"), flow -> {
                if (flows.size() < MOST_FLOWS) {
                    flows.add(flow);
                }
            });
            return report.set("flows", flows);
        } catch (IOException e) {
            return MissingNode.getInstance();
        }
    }

    Optional<Instant> time() {
        try {
            return reports.lastAt();
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    boolean isComplete() {
        try {
            return content().path("complete").asBoolean();
        } catch (IOException e) {
            return false;
        }
    }

    /**
     * What those of the last audits that saw runs of a flow say of it, the oldest first: as many as 16 MiB of reports hold, and no more
     * than 60.
     */
    List<JsonNode> historyOf(String flowId) throws IOException {
        List<JsonNode> history = new ArrayList<>();
        long bytes = 0;
        for (Path file : reports.past().stream().limit(MOST_REPORTS).toList()) {
            List<JsonNode> found = new ArrayList<>();
            try (Reader content = Files.newBufferedReader(file)) {
                bytes += Files.size(file);
                if (bytes > MOST_BYTES) {
                    break;
                }
                Reports.read(content, Set.of("flows"), flow -> {
                    if (flow.path("id").asText().equals(flowId) && flow.path("runs").path("total").asLong() > 0) {
                        found.add(flow);
                    }
                });
            } catch (IOException e) {
                continue;   // cut, edited or deleted by somebody
            }
            history.addAll(0, found);
        }
        return history;
    }
}
