package io.github.aepdataflows.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.aepdataflows.definition.Connector;
import io.github.aepdataflows.definition.Connectors;
import java.io.IOException;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi.Style;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(name = "connectors", mixinStandardHelpOptions = true, versionProvider = Version.class,
        description = "Lists the source systems that definitions can name: config/connectors.yaml. Needs no setting, and does not ask the"
                + " Platform, unless --refresh is given.",
        footer = {"", "With --refresh: exit code 2 when there are differences.", "", "@|bold Examples|@:", "  aep-dataflows connectors",
                "  aep-dataflows connectors --json | jq '.connectors[] | select(.category == \"crm\")'",
                "  aep-dataflows connectors --refresh"})
final class ConnectorsCommand implements Callable<Integer> {

    private static final ObjectMapper JSON = new ObjectMapper();

    @Mixin
    private Console console;

    @Option(names = "--refresh", description = "Compare the list with the connection specs that the Platform has now. Reads only.")
    private boolean refresh;

    @Override
    public Integer call() throws Exception {
        return refresh ? compare() : list();
    }

    private int list() throws IOException {
        Map<String, Connector> all = Connectors.read(console.program().connectors()).all();
        ObjectNode document = JSON.createObjectNode();
        document.set("connectors", documents(all));
        console.json(document);
        int keys = width("CONNECTOR", all.keySet().stream().mapToInt(String::length).max().orElse(0));
        int names = width("NAME", all.values().stream().mapToInt(connector -> connector.name().length()).max().orElse(0));
        String columns = "%-" + keys + "s %-" + names + "s %-19s %-36s %s";
        console.line(Style.bold, columns.formatted("CONNECTOR", "NAME", "CATEGORY", "CONNECTION SPEC", "AUTH SPECS"), "");
        all.forEach((key, connector) -> console.line(columns.formatted(key, connector.name(), connector.category(),
                connector.connectionSpecId(), connector.auth().stream().map(Connector.Auth::specName).collect(Collectors.joining("; ")))
                .stripTrailing()));
        console.line("%d connectors".formatted(all.size()));
        return AepDataflows.DONE;
    }

    private static int width(String title, int longest) {
        return Math.max(title.length(), longest);
    }

    private static ArrayNode documents(Map<String, Connector> all) {
        ArrayNode documents = JSON.createArrayNode();
        all.forEach((key, connector) -> documents.add(JSON.createObjectNode().put("connector", key)
                .setAll((ObjectNode) JSON.valueToTree(connector))));
        return documents;
    }

    private int compare() throws Exception {
        try (OneShot program = console.reading()) {
            JsonNode report = program.ask("direct:aep-compare-connectors", "");
            console.json(report);
            report.path("differences").forEach(each -> console.line(Style.fg_yellow,
                    (each.path("connector").asText().isEmpty() ? each.path("connectionSpecId") : each.path("connector")).asText() + ": ",
                    each.path("difference").asText()));
            console.line("%d connectors compared, differences: %d".formatted(report.path("connectors").asInt(),
                    report.path("differences").size()));
            return report.path("equal").asBoolean() ? AepDataflows.DONE : AepDataflows.DIFFERENCES;
        }
    }
}
