package io.github.aepdataflows.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;

/** Which flows a command line means, and where their definitions go: the same for every command that describes existing flows. */
final class ExistingFlows {

    @Parameters(arity = "0..*", paramLabel = "NAME|ID", description = "A flow's name or id.")
    private List<String> names = new ArrayList<>();

    @Option(names = "--all", description = "All source dataflows of the sandbox.")
    private boolean all;

    @Option(names = "--out", paramLabel = "FOLDER", description = "Where the definitions go, a file each. Without it, that of one flow is printed.")
    private Path folder;

    @Option(names = "--force", description = "Write over files that have another content.")
    private boolean force;

    @Option(names = "--ids", description = "Name base connection, schema and dataset by their ids, which hold in this sandbox alone, even where"
            + " their names are unique.")
    private boolean ids;

    @Option(names = "--json", description = "What has become of each flow, and its definition, as one JSON document.")
    private boolean json;

    /** @throws ParameterException when this cannot be meant */
    void check(CommandSpec spec) {
        String misunderstood = all && !names.isEmpty() ? "Give either --all or names and ids"
                : !all && names.isEmpty() ? "Give the name or the id of a flow, or --all"
                : folder == null && !json && (all || names.size() > 1) ? "Several definitions need --out, or --json"
                : folder == null && force ? "--force belongs to --out" : "";
        if (!misunderstood.isEmpty()) {
            throw new ParameterException(spec.commandLine(), misunderstood);
        }
    }

    boolean isJson() {
        return json;
    }

    boolean byIds() {
        return ids;
    }

    /** Whether the definition itself is what is printed. */
    boolean isPrinted() {
        return folder == null && !json;
    }

    /** Null where the definitions go nowhere. */
    DefinitionFolder folder() {
        return folder == null ? null : new DefinitionFolder(folder, force);
    }

    /** The names and ids that were given, or the ids of all. */
    List<String> wanted(OneShot program) throws Exception {
        if (!all) {
            return names;
        }
        JsonNode list = new ObjectMapper().readTree(program.request("direct:aep-export-list", "").getMessage().getBody(String.class));
        return list.findValuesAsText("id");
    }
}
