package io.github.aepdataflows.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;
import org.apache.camel.Exchange;
import picocli.CommandLine.Help.Ansi.Style;

/** Orders runs of a dataflow by an endpoint of ours, and shows what came of it: the same for every command that orders runs. */
final class OrderedRuns {

    private OrderedRuns() {
    }

    /** Returns the exit code. */
    static int report(Console console, OneShot program, String endpoint, String dataflow, Map<String, Object> variables) throws Exception {
        Exchange exchange = program.send(endpoint, dataflow, variables);
        JsonNode document = OneShot.document(exchange);
        console.json(document);
        int made = 0;
        for (JsonNode run : document.path("runs")) {
            boolean isMade = run.has("run");
            made += isMade ? 1 : 0;
            String repeats = run.has("repeats") ? ", repeats run " + run.path("repeats").asText() : "";
            String window = run.has("from") ? ", from %s to %s".formatted(run.path("from").asText(), run.path("to").asText()) : "";
            console.line(isMade ? Style.fg_green : Style.fg_yellow, run.path("outcome").asText() + ": ", (isMade ? "run "
                    + run.path("run").asText() : "no run") + repeats + window + (run.has("why") ? ": " + run.path("why").asText() : ""));
        }
        if (OneShot.isFailed(exchange)) {
            console.line(Style.fg_red, dataflow + ": ", document.path("message").asText() + ". " + document.path("advice").asText());
        } else {
            console.line("%d ordered, %d not".formatted(made, document.path("runs").size() - made));
        }
        return !OneShot.isFailed(exchange) && made == document.path("runs").size() ? AepDataflows.DONE : AepDataflows.FAILURE;
    }
}
