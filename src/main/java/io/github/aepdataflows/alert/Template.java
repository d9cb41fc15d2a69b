package io.github.aepdataflows.alert;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The body of a webhook: a JSON text with <code>{{names}}</code>, in whose place the values of an alert are put as JSON needs them. */
final class Template {

    private static final Pattern NAME = Pattern.compile("\\{\\{([A-Za-z]+)}}");

    private final String text;

    Template(String text) {
        this.text = text;
    }

    /** @param file empty for one document with all that an alert has */
    static Template in(String file) throws IOException {
        return new Template(file.isEmpty() ? """
                {"id":"{{id}}","at":"{{at}}","sandbox":"{{sandbox}}","action":"{{action}}","outcome":"{{outcome}}","state":"{{state}}",\
                "before":"{{before}}","subject":"{{subject}}","dataflow":"{{dataflow}}","flow":"{{flow}}","reason":"{{reason}}",\
                "text":"{{text}}"}""" : Files.readString(Path.of(file)));
    }

    /** @throws IllegalArgumentException when it has a name that no alert has */
    String with(Map<String, String> values) {
        return NAME.matcher(text).replaceAll(match -> {
            String value = values.get(match.group(1));
            if (value == null) {
                throw new IllegalArgumentException("aep.alerts.webhook.template: there is no {{%s}}; there are %s".formatted(match.group(1),
                        new TreeSet<>(values.keySet())));
            }
            return Matcher.quoteReplacement(new String(JsonStringEncoder.getInstance().quoteAsString(value)));
        });
    }
}
