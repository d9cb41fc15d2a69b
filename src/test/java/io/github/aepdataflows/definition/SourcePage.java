package io.github.aepdataflows.definition;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/** The page about one category of sources, from {@code connectors.yaml} and the texts in {@code pages.yaml}. */
final class SourcePage {

    private final JsonNode text;
    private final JsonNode params;
    private final JsonNode notes;
    private final String category;
    private final Map<String, Connector> connectors = new LinkedHashMap<>();

    /** @param published all connectors by their keys */
    SourcePage(String category, JsonNode pages, Map<String, Connector> published) {
        this.category = category;
        this.text = pages.path("categories").path(category);
        this.params = pages.path("params");
        this.notes = pages.path("notes");
        published.forEach((key, connector) -> {
            if (connector.category().equals(category)) {
                connectors.put(key, connector);
            }
        });
    }

    /** A wrong definition, and in words what is wrong with it. */
    record Mistake(String what, String definition) {
    }

    /** @param keys of the connectors that it is for; of the first as it stands, of the others but for the auth spec's name */
    record Example(List<String> keys, String yaml) {
    }

    Path file() {
        return Path.of("config/sources", kebab(category) + ".md");
    }

    private static String kebab(String camel) {
        return camel.replaceAll("([a-z0-9])([A-Z])", "$1-$2").toLowerCase(Locale.ROOT);
    }

    Map<String, Connector> connectors() {
        return connectors;
    }

    private Connector shown() {
        return connectors.get(text.path("connector").asText());
    }

    String definition() {
        return definition(text.path("connector").asText(), "baseConnection: { name: %s }".formatted(shown().name()));
    }

    /** @param baseConnection the line or the lines that name or describe it */
    String definition(String key, String baseConnection) {
        String title = shown().name() + " " + text.path("things").asText();
        String mapping = text.path("mapping").properties().stream()
                .map(rule -> "  - { source: %s, destination: %s }\n".formatted(rule.getKey(), rule.getValue().asText()))
                .collect(Collectors.joining());
        return """
            apiVersion: aep-dataflows/v1
            name: %1$s
            source:
              connector: %2$s
              %3$s
              %4$s: %5$s
            target:
              schema:
                title: %1$s
                class: https://ns.adobe.com/xdm/context/profile
                fieldGroups: [ https://ns.adobe.com/xdm/context/profile-person-details ]
              dataset:
                name: %1$s
            mapping:
            %6$s""".formatted(title, key, baseConnection.strip(), connectors.get(key).params(), text.path("object").asText(), mapping)
                .replace("  : " + text.path("object").asText() + "\n", params(key));
    }

    /** Of a self-serve source those that its connection spec asks for. */
    private String params(String key) {
        String own = text.path("params").path(key).asText();
        return "  format: json\n" + (own.isEmpty() ? "" : "  params: " + own + "\n");
    }

    List<Mistake> mistakes() {
        return StreamSupport.stream(text.path("mistakes").spliterator(), false)
                .map(mistake -> new Mistake(mistake.path("what").asText(), wrong(mistake))).toList();
    }

    private String wrong(JsonNode mistake) {
        String wrong = definition();
        for (Map.Entry<String, JsonNode> change : mistake.path("change").properties()) {
            if (!wrong.contains(change.getKey())) {
                throw new IllegalArgumentException("not in the definition of " + category + ": " + change.getKey());
            }
            wrong = wrong.replace(change.getKey(), change.getValue().asText());
        }
        return wrong + mistake.path("add").asText();
    }

    /** One for all connectors that take the same params. */
    List<Example> examples() {
        Map<List<String>, List<String>> byParams = new LinkedHashMap<>();
        Stream.concat(Stream.of(text.path("connector").asText()), connectors.keySet().stream()).distinct()
                .forEach(key -> connectors.get(key).auth().stream().findFirst().ifPresent(auth ->
                        byParams.computeIfAbsent(auth.required(), params -> new ArrayList<>()).add(key)));
        return byParams.values().stream().map(keys -> new Example(keys, example(keys.get(0)))).toList();
    }

    private String example(String key) {
        Connector.Auth auth = connectors.get(key).auth().get(0);
        StringBuilder yaml = new StringBuilder("""
            source:
              connector: %s
              baseConnection:
                name: %s
                auth:
                  specName: %s
                  params:
            """.formatted(key, connectors.get(key).name(), auth.specName()));
        auth.required().forEach(param -> yaml.append("        ").append(param).append(": ").append(value(key, param)).append('\n'));
        return yaml.toString();
    }

    private String value(String key, String param) {
        if (AuthParams.isSecret(param)) {
            return "{ secret: %s-%s }".formatted(key, kebab(param));
        }
        JsonNode value = params.has(key + "." + param) ? params.path(key + "." + param) : params.path(param);
        if (value.isMissingNode()) {
            throw new IllegalArgumentException("no example of " + key + "." + param);
        }
        return value.asText();
    }

    /** @param message what the product says to a mistake */
    String render(Function<Mistake, String> message) {
        boolean tables = shown().readsTables();
        StringBuilder page = new StringBuilder();
        page.append("# ").append(text.path("title").asText()).append("\n\n");
        page.append("<!-- Written by SourcePagesTest from config/connectors.yaml; "
                + "to change it: mvn -Dtest=SourcePagesTest -Dwrite test -->\n\n");
        page.append(text.path("line").asText()).append("\n\n");
        page.append("## A definition that works\n\n```yaml\n").append(definition()).append("```\n\n");
        page.append(tables
                ? "It reads all columns of one table, once, a few minutes after it was dropped. A recurring dataflow also needs "
                + "`copy.deltaColumn`.\n\n"
                : "It reads one file, once, a few minutes after it was dropped. `path` can also be a folder or a pattern such as "
                + "`/landing/*.csv`.\n\n");
        page.append("## Connectors\n\n").append(tables ? tables() : files()).append('\n');
        page.append("## Base connections\n\nAn existing base connection is named: `baseConnection: { name: … }`, or `baseConnectionId`. "
                + "A new one is described,"
                + " and created\nunless one of its name exists. The definition holds the names of secrets, never their values.\n\n");
        page.append(auth()).append('\n');
        for (Example example : examples()) {
            page.append(example.keys().stream().map(key -> "`" + key + "`").collect(Collectors.joining(", ")))
                    .append(sameSpec(example) ? ":\n\n" : " (each with its own `specName`):\n\n");
            page.append("```yaml\n").append(example.yaml()).append("```\n\n");
        }
        page.append("## Typical mistakes\n\nMistakes in the definition above, and the faults that are reported:\n\n");
        mistakes().forEach(mistake -> page.append("- ").append(mistake.what()).append("\n\n  ```text\n  ")
                .append(message.apply(mistake)).append("\n  ```\n\n"));
        return page.toString().strip() + "\n";
    }

    private boolean sameSpec(Example example) {
        return example.keys().stream().map(key -> connectors.get(key).auth().get(0).specName()).distinct().count() == 1;
    }

    private String tables() {
        StringBuilder table = new StringBuilder("| `connector` | Product | Reads by | Values of a delta column, in UTC |\n"
                + "|---|---|---|---|\n");
        connectors.forEach((key, connector) -> table.append("| `%s` | %s | %s | %s |\n".formatted(key, product(key),
                connector.isSelfServe() ? "`params`" : connector.params().equals("path") ? "`path`, or `tableName`" : "`tableName`",
                connector.isSelfServe() ? "–" : "`" + connector.deltaDateFormat() + "`")));
        return table.toString();
    }

    private String files() {
        StringBuilder table = new StringBuilder("| `connector` | Product | Reads by | default `format` |\n|---|---|---|---|\n");
        connectors.forEach((key, connector) -> table.append("| `%s` | %s | `%s` | `%s` |\n".formatted(
                key, product(key), connector.params(), connector.format())));
        return table.toString();
    }

    private String product(String key) {
        return connectors.get(key).name() + (notes.has(key) ? "; " + notes.path(key).asText() : "");
    }

    private String auth() {
        StringBuilder table = new StringBuilder("| `connector` | `specName` | `params` (optional ones in parentheses) |\n|---|---|---|\n");
        connectors.forEach((key, connector) -> {
            connector.auth().forEach(auth -> table.append("| `%s` | %s | %s%s |\n".formatted(key, auth.specName(),
                    String.join(", ", auth.required()), auth.optional().isEmpty() ? "" : " (" + String.join(", ", auth.optional()) + ")")));
            if (!connector.baseConnection()) {
                table.append("| `%s` | it has no base connection | |\n".formatted(key));
            } else if (connector.auth().isEmpty()) {
                table.append("| `%s` | none is documented: name an existing one | |\n".formatted(key));
            }
        });
        return table.toString();
    }
}
