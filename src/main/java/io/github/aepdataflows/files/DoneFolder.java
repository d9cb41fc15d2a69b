package io.github.aepdataflows.files;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import io.github.aepdataflows.definition.DefinitionFile;
import io.github.aepdataflows.definition.DefinitionPart;
import io.github.aepdataflows.ledger.Dataflow;
import io.github.aepdataflows.provision.Failure;
import io.github.aepdataflows.settings.Settings;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BinaryOperator;
import java.util.stream.Stream;
import org.apache.camel.Body;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangeProperty;
import org.apache.camel.Variable;

/** The definitions in {@code done/}. A dataflow that was changed has several there: the newest one says what it is now. */
public final class DoneFolder {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String REBUILT = "aepRebuilt";

    private final DataFolder data;
    private final String sandbox;

    /**
     * Where a definition is that was done.
     *
     * @param index counts the definitions of the file, from 0
     */
    record Edition(String file, int index, Instant finishedAt) {

        private static final Comparator<Edition> BY_AGE = Comparator.comparing(Edition::finishedAt)
                .thenComparing(edition -> edition.file().length())
                .thenComparing(Edition::file).thenComparing(Edition::index);   // of one time, x.2.yaml came after x.yaml
    }

    /** @param isRecorded whether it is the one that the ledger has, which no clock of a machine can tell */
    private record Candidate(Edition edition, String digest, boolean isRecorded) {

        private static final Comparator<Candidate> BETTER = Comparator.comparing(Candidate::isRecorded)
                .thenComparing(Candidate::edition, Edition.BY_AGE);
    }

    /**
     * The content of a file that was done.
     *
     * @param file   its name in {@code done/}
     * @param digest of the definition, by its receipt
     */
    public record Applied(String file, String digest, byte[] content) {

        public String text() {
            return new String(content, StandardCharsets.UTF_8);
        }

        /** The definition of that dataflow in it; empty when somebody has edited the file since. */
        public Optional<DefinitionPart> part(String dataflow) {
            return DefinitionFile.parts(content).stream().filter(part -> part.name().filter(dataflow::equals).isPresent()).findFirst();
        }
    }

    public DoneFolder(Settings settings, DataFolder data) {
        this.data = data;
        this.sandbox = settings.sandbox();
    }

    /** Names of the files with definitions, but for those that were done in another sandbox by their receipt. */
    public List<String> files() throws IOException {
        List<String> names;
        try (Stream<Path> files = Files.list(data.folder("done"))) {
            names = files.filter(file -> Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS))
                    .map(file -> file.getFileName().toString())
                    .filter(name -> !name.startsWith(".") && !name.endsWith(".receipt.json"))
                    .sorted().toList();
        }
        List<String> ours = new ArrayList<>();
        for (String name : names) {
            if (receipt(name).path("sandbox").asText(sandbox).equals(sandbox)) {
                ours.add(name);
            }
        }
        return ours;
    }

    private JsonNode receipt(String file) throws IOException {
        return DataFolder.json(data.folder("done").resolve(file + ".receipt.json"));
    }

    public byte[] content(@Variable("aepFile") String name) throws IOException {
        return DataFolder.content(data.folder("done").resolve(name));
    }

    /**
     * The newest definition of each dataflow, by its name: the one whose receipt says the latest end, or else whose file is the youngest.
     */
    public Map<String, Edition> newest() throws IOException {
        Map<String, Edition> newest = new HashMap<>();
        for (String file : files()) {
            List<DefinitionPart> parts = DefinitionFile.parts(content(file));
            JsonNode receipt = receipt(file);
            for (int i = 0; i < parts.size(); i++) {
                if (parts.get(i).name().isPresent()) {
                    String name = parts.get(i).name().get();
                    newest.merge(name, new Edition(file, i, finishedAt(file, receipt, name)), BinaryOperator.maxBy(Edition.BY_AGE));
                }
            }
        }
        return newest;
    }

    /** Names of the dataflows that were done in this sandbox, by their receipts; but for those that were deleted last. */
    public Set<String> dataflows() throws IOException {
        Map<String, JsonNode> newest = new TreeMap<>();
        try (Stream<Path> files = Files.list(data.folder("done"))) {
            files.filter(file -> file.getFileName().toString().endsWith(".receipt.json")).map(DataFolder::json)
                    .filter(receipt -> receipt.path("sandbox").asText().equals(sandbox))
                    .flatMap(receipt -> receipt.has("dataflows") ? receipt.path("dataflows").valueStream() : Stream.of(receipt))
                    .filter(receipt -> receipt.path("dataflow").isTextual() && receipt.path("finishedAt").isTextual())
                    .forEach(receipt -> newest.merge(receipt.path("dataflow").asText(), receipt, BinaryOperator.maxBy(
                            Comparator.comparing(one -> one.path("finishedAt").asText()))));
        }
        newest.values().removeIf(receipt -> receipt.path("outcome").asText().equals("deleted"));
        return newest.keySet();
    }

    /** The definition that a dataflow was made from, by its receipt; null when it is not here. */
    public DefinitionPart definition(@Body Dataflow dataflow) throws IOException {
        Optional<Applied> applied = applied(dataflow).filter(one -> one.digest().equals(dataflow.digest()));
        return applied.isEmpty() ? null : DefinitionFile.parts(applied.get().content()).stream()
                .filter(part -> part.name().filter(dataflow.name()::equals).isPresent()).findFirst().orElse(null);
    }

    /** That of the dataflow among those of its file. */
    private static JsonNode own(JsonNode receipt, String dataflow) {
        return receipt.path("dataflows").valueStream()
                .filter(one -> one.path("dataflow").asText().equals(dataflow)).findFirst().orElse(receipt);
    }

    private Instant finishedAt(String file, JsonNode receipt, String dataflow) throws IOException {
        try {
            return Instant.parse(own(receipt, dataflow).path("finishedAt").asText());
        } catch (DateTimeException e) {
            // the receipt was withdrawn, cut or edited: the file itself has a time, too
            return Files.getLastModifiedTime(data.folder("done").resolve(file), LinkOption.NOFOLLOW_LINKS).toInstant();
        }
    }

    /**
     * The definition that a dataflow was made from, or else its newest one, among the files that were dropped under one name, of which the
     * second is {@code x.2.yaml} here; empty when there is none, as after the command {@code apply}, which leaves files where they are.
     */
    public Optional<Applied> applied(Dataflow dataflow) throws IOException {
        Path folder = data.folder("done");
        Path wanted = folder.resolve(dataflow.file()).normalize();
        if (dataflow.file().isEmpty() || !folder.equals(wanted.getParent())) {
            return Optional.empty();
        }
        Candidate best = null;
        for (Path each : DataFolder.taken(wanted)) {
            if (!Files.isRegularFile(each, LinkOption.NOFOLLOW_LINKS)) {
                continue;
            }
            String name = each.getFileName().toString();
            JsonNode receipt = own(receipt(name), dataflow.name());
            if (receipt.path("sandbox").asText().equals(sandbox) && receipt.path("dataflow").asText().equals(dataflow.name())) {
                String digest = receipt.path("digest").asText();
                Candidate next = new Candidate(new Edition(name, 0, finishedAt(name, receipt, dataflow.name())), digest,
                        digest.equals(dataflow.digest()));
                best = best == null || Candidate.BETTER.compare(next, best) > 0 ? next : best;
            }
        }
        if (best == null) {
            return Optional.empty();
        }
        String file = best.edition().file();
        return Optional.of(new Applied(file, best.digest(), content(file)));
    }

    /** Whether there is a newer definition of this one's dataflow. */
    public boolean isSuperseded(@Variable("aepFile") String file, @Body DefinitionPart part,
            @ExchangeProperty(Exchange.SPLIT_INDEX) int index,
            @Variable("aepNewest") Map<String, Edition> newest) {
        return part.name().map(newest::get).filter(edition -> !edition.file().equals(file) || edition.index() != index).isPresent();
    }

    /** Adds to the list of what became of the definitions that this one counts no more. */
    public void addSuperseded(@Variable("aepFile") String file, @Body DefinitionPart part,
            @Variable("aepNewest") Map<String, Edition> newest,
            @Variable(REBUILT) ArrayNode rebuilt) {
        String name = part.name().orElseThrow();
        add(rebuilt, name, file, "superseded", newest.get(name).file() + " is newer");
    }

    /** Adds to the list of what became of the definitions that this one's dataflow was deleted. */
    public void addDeleted(@Variable("aepFile") String file, @Body DefinitionPart part, @Variable(REBUILT) ArrayNode rebuilt) {
        add(rebuilt, part.name().orElse(""), file, "deleted", "it is to be absent, there is nothing to take back");
    }

    /** Adds to the list what provisioning, which creates nothing now, has said of a definition. */
    public void addProvisioned(@Variable("aepFile") String file, @Body String body, @Variable(Failure.NAME) Failure failure,
                               @Variable(REBUILT) ArrayNode rebuilt) throws IOException {
        JsonNode document = failure == null ? JSON.readTree(body) : failure.document();
        add(rebuilt, document.path("dataflow").asText(), file, document.path(failure == null ? "outcome" : "category").asText(),
                failure == null ? document.at("/resources/flow").asText() : failure.summary());
    }

    public ArrayNode newList() {
        return JSON.createArrayNode();
    }

    private static void add(ArrayNode rebuilt, String dataflow, String file, String outcome, String message) {
        rebuilt.addObject().put("dataflow", dataflow).put("file", file).put("outcome", outcome).put("message", message);
    }
}
