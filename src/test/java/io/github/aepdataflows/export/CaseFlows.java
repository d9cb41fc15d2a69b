package io.github.aepdataflows.export;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.aepdataflows.Rig;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** Dataflows as people have them, each call by hand: {@code src/test/resources/cases}. */
final class CaseFlows {

    private static final Pattern IN_DAYS = Pattern.compile("\\{epoch seconds, in (\\d+) days}");

    private CaseFlows() {
    }

    /** Makes them; returns the bodies that were sent, by the id of what they have made. */
    static Map<String, JsonNode> make(ExportRig export, String folder) throws IOException {
        Map<String, String> ids = new LinkedHashMap<>();
        Map<String, JsonNode> sent = new LinkedHashMap<>();
        for (JsonNode call : read(folder)) {
            String body = IN_DAYS.matcher(call.path("body").toString()).replaceAll(found -> String.valueOf(
                    export.rig().simulator().clock().instant().plus(Duration.ofDays(Long.parseLong(found.group(1)))).getEpochSecond()));
            for (Map.Entry<String, String> id : ids.entrySet()) {
                body = body.replace(id.getKey(), id.getValue());
            }
            JsonNode answer = export.hand().postJson("/data/foundation/" + call.path("path").asText(), body);
            String id = answer.isArray() ? answer.path(0).asText().replace("@/dataSets/", "")
                    : answer.path(answer.has("$id") ? "$id" : "id").asText();
            ids.put(call.path("answers").asText(), id);
            sent.put(id, Rig.json(body));
        }
        return sent;
    }

    /** The names of the flows. */
    static List<String> names(String folder) {
        List<String> names = new ArrayList<>();
        try {
            for (JsonNode call : read(folder)) {
                if (call.path("path").asText().endsWith("/flows")) {
                    names.add(call.at("/body/name").asText());
                }
            }
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
        return names;
    }

    private static JsonNode read(String folder) throws IOException {
        try (InputStream in = CaseFlows.class.getResourceAsStream("/cases/" + folder + "/existing.json")) {
            return Rig.JSON.readTree(in);
        }
    }
}
