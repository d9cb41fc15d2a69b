package io.github.aepdataflows.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.aepdataflows.simulator.Request;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** That the facts tell what is not documented. */
class RequestFactsTest {

    private static List<String> violations(String method, String path, String query, String body) {
        return RequestFacts.violations(new Request(1, Instant.EPOCH, method, "/data/foundation/" + path, query, Map.of(),
                body.getBytes(StandardCharsets.UTF_8), 0));
    }

    @Test
    void should_let_pass_what_is_documented_or_has_a_reason() {
        assertThat(violations("GET", "flowservice/flows", "property=name==A&limit=100", "")).isEmpty();
        assertThat(violations("DELETE", "conversion/mappingSets/0a1b", "", "")).isEmpty();
        assertThat(violations("PATCH", "flowservice/flows/0a1b", "", "[{\"op\": \"replace\", \"path\": \"/name\", \"value\": \"a\"}]"))
                .isEmpty();
    }

    @Test
    void should_name_what_is_not() {
        assertThat(violations("GET", "flowservice/flows", "search=A", "")).containsExactly("GET flowservice/flows ?search");
        assertThat(violations("GET", "conversion/mappingSets", "limit=100", ""))
                .containsExactly("GET conversion/mappingSets without ?start");
        assertThat(violations("GET", "flowservice/everything", "", "")).containsExactly("GET flowservice/everything");
        assertThat(violations("POST", "flowservice/connections", "", "{\"name\": \"a\"}")).singleElement().asString()
                .contains("connectionSpec");
        assertThat(violations("DELETE", "flowservice/flows/0a1b", "", "{}")).containsExactly("DELETE flowservice/flows/{id} with a body");
    }
}
