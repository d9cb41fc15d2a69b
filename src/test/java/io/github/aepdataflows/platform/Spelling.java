package io.github.aepdataflows.platform;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Locale;
import java.util.function.Function;
import java.util.stream.Collectors;

/** The ways in which a server, a proxy or a library may write a text that it repeats. */
public enum Spelling {

    AS_IT_IS(text -> text),
    FORM(text -> java.net.URLEncoder.encode(text, StandardCharsets.UTF_8)),
    PERCENT_LOWER(text -> encoded(text, "%%%02x", "[A-Za-z0-9._~-]")),
    PERCENT_UPPER(text -> encoded(text, "%%%02X", "[A-Za-z0-9._~-]")),
    PERCENT_MIXED(text -> {
        StringBuilder mixed = new StringBuilder();
        for (String each : encoded(text, "%%%02x", "[a-z]").split("(?=%)")) {
            mixed.append(mixed.length() % 2 == 0 ? each : each.length() < 3 ? each : each.substring(0, 3).toUpperCase(Locale.ROOT)
                    + each.substring(3));
        }
        return mixed.toString();
    }),
    PERCENT_EVERY(text -> encoded(text, "%%%02X", "")),
    PERCENT_TWICE(text -> encoded(encoded(text, "%%%02x", "[A-Za-z0-9]"), "%%%02X", "[A-Za-z0-9]")),
    PERCENT_LATIN(text -> java.net.URLEncoder.encode(text, StandardCharsets.ISO_8859_1)),
    ENTITY_NAMED(text -> org.apache.commons.text.StringEscapeUtils.escapeHtml4(text).replace("+", "&plus;").replace("%", "&percnt;")),
    ENTITY_DECIMAL(text -> points(text, "&#%d;")),
    ENTITY_HEX(text -> points(text, "&#x%X;")),
    ENTITY_ZEROS(text -> points(text, "&#%07d;")),
    ENTITY_OPEN(text -> points(text, "&#x%06x").replaceAll("(?=&)", "")),
    JSON(text -> org.apache.commons.text.StringEscapeUtils.escapeJson(text)),
    JSON_TWICE(text -> org.apache.commons.text.StringEscapeUtils.escapeJson(org.apache.commons.text.StringEscapeUtils.escapeJson(text))),
    JSON_EVERY(text -> text.chars().mapToObj("\\u%04x"::formatted).collect(Collectors.joining())),
    JSON_EVERY_TWICE(text -> text.chars().mapToObj("\\\\u%04X"::formatted).collect(Collectors.joining())),
    BASE64(text -> base64("", text, "")),
    BASE64_AFTER_ONE(text -> base64("u", text, "x")),
    BASE64_AFTER_TWO(text -> base64("u:", text, "xy")),
    BASE64_URL(text -> Base64.getUrlEncoder().withoutPadding().encodeToString(("id:" + text).getBytes(StandardCharsets.UTF_8))),
    BASE64_MIME(text -> Base64.getMimeEncoder(16, "\r\n".getBytes(StandardCharsets.US_ASCII))
            .encodeToString(text.getBytes(StandardCharsets.UTF_8))),
    BASIC(text -> "Basic " + base64("simulator:", text, "")),
    BASIC_OF_FORM(text -> "Basic " + base64("simulator:", FORM.of(text), "")),
    BASE64_IN_URL(text -> FORM.of(base64("a", text, ""))),
    BASE64_IN_JSON(text -> base64("", text, "").replace("/", "\\/")),
    HEXADECIMAL(text -> HexFormat.of().formatHex(text.getBytes(StandardCharsets.UTF_8))),
    HEXADECIMAL_UPPER(text -> "0" + HexFormat.of().withUpperCase().formatHex(text.getBytes(StandardCharsets.UTF_8))),
    URL_IN_JSON_IN_HTML(text -> ENTITY_NAMED.of(JSON.of(PERCENT_LOWER.of(text))));

    private final Function<String, String> spelling;

    Spelling(Function<String, String> spelling) {
        this.spelling = spelling;
    }

    public String of(String text) {
        return spelling.apply(text);
    }

    private static String base64(String before, String text, String after) {
        return Base64.getEncoder().encodeToString((before + text + after).getBytes(StandardCharsets.UTF_8));
    }

    private static String points(String text, String format) {
        return text.codePoints().mapToObj(format::formatted).collect(Collectors.joining());
    }

    private static String encoded(String text, String format, String kept) {
        StringBuilder encoded = new StringBuilder();
        for (byte one : text.getBytes(StandardCharsets.UTF_8)) {
            String letter = String.valueOf((char) (one & 0xff));
            encoded.append(letter.matches(kept) ? letter : format.formatted(one & 0xff));
        }
        return encoded.toString();
    }
}
