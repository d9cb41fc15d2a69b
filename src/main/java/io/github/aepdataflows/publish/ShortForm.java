package io.github.aepdataflows.publish;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.aepdataflows.files.Reports;
import io.github.aepdataflows.ledger.Publication;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;

/**
 * What is published of a document that is larger than the broker takes: its short fields, without lists, and {@code tooLarge}: how large
 * it is, and of an audit where the whole report is. The document may be very long, and is not parsed as a whole.
 */
record ShortForm(ObjectNode document) {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String COUNTS = "counts";
    private static final int MOST_TEXT = 500;

    static ShortForm of(Publication publication) throws IOException {
        ObjectNode kept = JSON.createObjectNode();
        try (JsonParser whole = JSON.createParser(publication.document())) {
            whole.nextToken();
            for (String name = whole.nextFieldName(); name != null; name = whole.nextFieldName()) {
                if (whole.nextToken().isScalarValue() || name.equals(COUNTS)) {
                    JsonNode value = JSON.readTree(whole);
                    if (value.asText().length() <= MOST_TEXT) {
                        kept.set(name, value);
                    }
                } else {
                    whole.skipChildren();
                }
            }
        }
        int bytes = publication.document().getBytes(StandardCharsets.UTF_8).length;
        ObjectNode tooLarge = kept.putObject("tooLarge").put("bytes", bytes);
        if (!publication.isOutcome()) {
            tooLarge.put("file", "reports/" + Reports.name(Instant.parse(kept.path("time").asText())));
        }
        return new ShortForm(kept);
    }

    /** How large the whole is, and where, in words. */
    String words() {
        JsonNode tooLarge = document.path("tooLarge");
        String where = tooLarge.has("file") ? ", in " + tooLarge.path("file").asText() : "";
        return tooLarge.path("bytes").asLong() + " bytes" + where;
    }
}
