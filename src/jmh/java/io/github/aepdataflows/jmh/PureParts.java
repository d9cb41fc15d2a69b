package io.github.aepdataflows.jmh;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.aepdataflows.definition.Connectors;
import io.github.aepdataflows.definition.Definition;
import io.github.aepdataflows.definition.DefinitionException;
import io.github.aepdataflows.definition.DefinitionReader;
import io.github.aepdataflows.ledger.Beginning;
import io.github.aepdataflows.ledger.Lease;
import io.github.aepdataflows.ledger.Ledger;
import io.github.aepdataflows.ledger.LedgerException;
import io.github.aepdataflows.ledger.Result;
import io.github.aepdataflows.ledger.StepKey;
import io.github.aepdataflows.resource.Difference;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** What needs no Platform: {@code mvn -q -Pjmh test-compile exec:java@jmh}. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 5, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(0)   // Maven's class loader is not on the class path of another process
public class PureParts {

    private static final Duration MINUTE = Duration.ofMinutes(1);

    private byte[] text;
    private DefinitionReader reader;
    private JsonNode wanted;
    private ObjectNode actual;
    private Path folder;
    private Ledger ledger;
    private long next;

    @Setup
    public void prepare() throws IOException, LedgerException {
        text = Files.readAllBytes(Path.of("config/examples/customer-success.yaml"));
        try (InputStream schema = Files.newInputStream(Path.of("config/dataflow.schema.json"));
                InputStream connectors = Files.newInputStream(Path.of("config/connectors.yaml"))) {
            reader = new DefinitionReader(schema, Connectors.read(connectors), "dev", Clock.systemUTC());
        }
        wanted = new ObjectMapper().readTree("""
            {"name": "contacts", "flowSpec": {"id": "14518937-270c-4525-bdec-c2ba7cce3860", "version": "1.0"},
             "sourceConnectionIds": ["a"], "targetConnectionIds": ["b"],
             "transformations": [{"name": "Mapping", "params": {"mappingId": "m", "mappingVersion": 0}}],
             "scheduleParams": {"startTime": 1893456000, "frequency": "hour", "interval": 1}}""");
        actual = wanted.deepCopy();
        actual.withObject("scheduleParams").put("interval", 2);
        folder = Files.createTempDirectory("aep-jmh");
        ledger = new Ledger("jdbc:sqlite:" + folder.resolve("ledger.db"), "", "", "org", "dev", MINUTE);
        ledger.open();
    }

    @TearDown
    public void end() throws IOException {
        ledger.close();
        try (var files = Files.list(folder)) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
        }
        Files.delete(folder);
    }

    @Benchmark
    public Definition readDefinition() throws DefinitionException {
        return reader.read(text);
    }

    @Benchmark
    public List<Difference> compareFlows() {
        return Difference.between(wanted, actual);
    }

    /** Five transactions that wait for the disk: taken, a step begun and completed, finished, released. */
    @Benchmark
    public long recordStep() throws LedgerException {
        String name = "dataflow " + next++;
        StepKey key = new StepKey(name, "flow", "digest " + next);
        Lease lease = ledger.take(name, "digest", Map.of("name", "digest"), "file.yaml");
        Beginning beginning = ledger.begin(lease, key, name, MINUTE);
        ledger.complete(lease, key, beginning.attempt(), new Result("id " + next, "", "", "created"));
        ledger.finish(lease, List.of(key));
        ledger.release(lease);
        return next;
    }
}
