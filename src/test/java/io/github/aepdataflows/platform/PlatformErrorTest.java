package io.github.aepdataflows.platform;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PlatformErrorTest {

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
        "{\"error_code\":\"403025\",\"message\":\"Profile is not valid\"} | 403025 | Profile is not valid",
        "{\"error_code\":403025,\"message\":\"Profile is not valid\"} | 403025 | Profile is not valid",
        "{\"errorMessage\":\"flows not found\",\"errorDetails\":\"flows not found\"} | `` | flows not found",
        "{\"errorMessage\":\"bad\",\"errorDetails\":\"more\"} | `` | bad: more",
        "{\"type\":\"http://ns.adobe.com/aep/errors/XDM-1521-400\",\"title\":\"Title not "
        + "unique\",\"status\":400,\"report\":{\"detailed-message\":\"d\"},\"detail\":\"The title\"} | XDM-1521-400 | Title not "
                + "unique: The title: d",
        "{\"type\":\"/placeholder/type/uri\",\"status\":400,\"title\":\"BadRequestError\",\"detail\":\"A valid content-type must be "
        + "specified\"} | `` | BadRequestError: A valid content-type must be specified",
        "{\"timestamp\":1,\"status\":400,\"error\":\"Bad Request\",\"message\":\"it already exists\"} | Bad Request | it already exists",
        "{\"message\":\"Endpoint request timed out\"} | `` | Endpoint request timed out",
        "{\"error\":{\"reason\":\"no\"}} | `` | {\"error\":{\"reason\":\"no\"}}",
        "{\"error\":\"invalid_client\",\"error_description\":\"invalid client_id parameter\"} | invalid_client | invalid client_id "
        + "parameter",
        "<html>502</html> | `` | <html>502</html>",
        "<!DOCTYPE html> <html lang='en'><head><meta charset='x'><title> 502 Bad Gateway </title></head><body>nginx</body></html> "
        + "| `` | 502 Bad Gateway",
        "<html><head><title></title></head><body>nginx</body></html> "
        + "| `` | <html><head><title></title></head><body>nginx</body></html>",
        "[] | `` | []"})
    void should_read_code_and_message_of_every_format(String body, String code, String message) {
        PlatformError error = PlatformError.parse(body, new Redaction(List.of()));

        assertThat(error.code()).isEqualTo(code);
        assertThat(error.message()).isEqualTo(message);
    }

    @Test
    void should_take_secrets_out_before_it_cuts_a_long_message() {
        String body = "{\"errorMessage\":\"" + "x".repeat(2040) + "s3cret" + "y".repeat(5000) + "\"}";

        PlatformError error = PlatformError.parse(body, new Redaction(List.of("s3cret")));

        assertThat(error.message()).hasSize(2049).doesNotContain("s3c");
    }

    @Test
    void should_show_nothing_of_a_secret_that_the_limit_divides() {
        String secret = "c0rrect-h0rse-b4ttery";
        for (int before = 16_380; before < 16_386; before++) {
            String body = (secret + " ").repeat(before / 22) + "x".repeat(before % 22) + secret + "y".repeat(2_000_000);

            assertThat(PlatformError.parse(body, new Redaction(List.of(secret))).message()).doesNotContain("rect", "h0rse", "tter");
        }
    }

    @ParameterizedTest
    @CsvSource({"401,UNAUTHORIZED", "429,THROTTLED", "409,CONFLICT", "412,CONFLICT", "408,UNKNOWN", "425,UNKNOWN", "400,REJECTED",
        "403,REJECTED", "404,REJECTED", "405,REJECTED", "413,REJECTED", "415,REJECTED", "422,REJECTED", "500,UNKNOWN", "501,UNKNOWN",
        "502,UNKNOWN", "503,UNKNOWN", "504,UNKNOWN", "301,UNKNOWN", "304,UNKNOWN", "100,UNKNOWN"})
    void should_say_what_a_status_means_for_the_effect(int status, Outcome outcome) {
        assertThat(Outcome.of(status, new PlatformError("", ""))).isEqualTo(outcome);
    }

    @Test
    void should_see_a_conflict_in_a_taken_title() {
        assertThat(Outcome.of(400, new PlatformError("XDM-1521-400", "Title not unique"))).isEqualTo(Outcome.CONFLICT);
        assertThat(Outcome.of(400, new PlatformError("", "Title must be unique. A schema already exists with the same title")))
                .isEqualTo(Outcome.CONFLICT);
    }
}
