package io.github.aepdataflows.platform;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The Platform's own words for a failure, read from any of its error formats: gateway ({@code error_code}), Flow
 * Service ({@code errorMessage}), Dataset Service ({@code code} beside {@code message}), Adobe problem document ({@code type} ends in the
 * code) and legacy problem document.
 *
 * @param code    as in {@code XDM-1521-400}, {@code 401013}; empty when the answer carries none
 * @param message the Platform's text, at most 2 KiB; empty when the answer carries none
 */
record PlatformError(String code, String message) {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Pattern PAGE = Pattern.compile("\\s*<(?:!doctype|html)[^<]*+(?:<(?!title)[^<]*+)*+<title>([^<]+)</title>",
            Pattern.CASE_INSENSITIVE);
    private static final int MAX_MESSAGE = 2048;
    private static final int MAX_READ = 8 * MAX_MESSAGE;
    private static final Set<String> ABOUT_OUR_SETTINGS = Set.of("400003", "403000", "403003", "403025", "403027",
            "2100-404", "2101-404", "2105-400", "2111-403", "2000-401");
    private static final String LEGACY_TYPE = "/placeholder/type/uri";

    /** @param redaction of what a server may repeat of a request */
    static PlatformError parse(String body, Redaction redaction) {
        PlatformError known = parse(body);
        PlatformError error = known.code.isEmpty() && known.message.isEmpty() ? new PlatformError("", plain(body)) : known;
        return new PlatformError(shown(error.code, redaction), shown(error.message, redaction));
    }

    /** Of a page, as proxies and gateways send, its title; what has none is shown as it is. */
    private static String plain(String body) {
        Matcher page = PAGE.matcher(body);
        return page.lookingAt() && !page.group(1).isBlank() ? page.group(1).strip() : body.strip();
    }

    /** Of a secret that the first cut divides, the redaction leaves no part that matters. */
    private static String shown(String text, Redaction redaction) {
        String rest = redaction.in(text.substring(0, Math.min(text.length(), MAX_READ)));
        return rest.length() <= MAX_MESSAGE ? rest : rest.substring(0, MAX_MESSAGE) + "…";
    }

    private static PlatformError parse(String body) {
        JsonNode error = json(body);
        if (!error.isObject()) {
            return new PlatformError("", plain(body));
        } else if (error.has("error_code")) {
            return new PlatformError(error.path("error_code").asText(), error.path("message").asText());
        } else if (error.has("errorMessage")) {
            return new PlatformError("", text(error, "errorMessage", "errorDetails"));
        } else if (error.has("error")) {
            return new PlatformError(error.path("error").asText(), text(error, "error_description", "message"));
        }
        if (error.has("code") && error.has("message")) {
            String violations = error.path("violations").isEmpty() ? "" : ": " + error.path("violations");
            return new PlatformError(error.path("code").asText(), error.path("message").asText() + violations);
        }
        String type = error.path("type").asText();
        String code = type.equals(LEGACY_TYPE) ? "" : type.substring(type.lastIndexOf('/') + 1);
        String details = text(error, "title", "detail", "message");
        String more = error.at("/report/detailed-message").asText();
        return new PlatformError(code, details.contains(more) ? details : details + ": " + more);
    }

    /** Gateway and sandbox codes that speak of api key, organization or sandbox: the same for every call. */
    boolean isAboutOurSettings() {
        return ABOUT_OUR_SETTINGS.contains(code.replaceFirst("^[A-Z]+-", ""));
    }

    /** Whether the gateway says it, before any service was asked. */
    boolean isOfGateway() {
        return code.matches("\\d{6}") || isAboutOurSettings();
    }

    boolean saysNameIsTaken() {
        String text = message.toLowerCase(Locale.ROOT);
        return code.equals("XDM-1521-400") || text.contains("already exists") || text.contains("title not unique");
    }

    private static JsonNode json(String body) {
        try {
            return JSON.readTree(body);
        } catch (JsonProcessingException e) {
            return MissingNode.getInstance();
        }
    }

    private static String text(JsonNode error, String... keys) {
        return Stream.of(keys).map(key -> error.path(key).asText()).filter(text -> !text.isBlank()).distinct()
                .collect(Collectors.joining(": "));
    }
}
