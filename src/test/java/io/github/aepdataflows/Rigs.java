package io.github.aepdataflows;

import io.github.aepdataflows.simulator.Options;
import io.github.aepdataflows.simulator.SetUpAgain;
import io.github.aepdataflows.simulator.Simulator;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * The applications of a test class, which its tests use one after the other: to start one is most of the work of a small test. Each test
 * gets one with an empty ledger and empty folders, against a Platform that has just been set up; what the application itself remembers for
 * a while is a token, its pace, and how often the Platform has answered. No look-up is remembered.
 *
 * <p>Not for tests of what is remembered, nor of files that come back into the inbox.
 */
public final class Rigs implements AfterAllCallback {

    private final Map<List<Object>, Deque<Used>> atRest = new HashMap<>();
    private final List<Used> started = new ArrayList<>();

    private record Used(Simulator simulator, Rig rig, Path data, SetUpAgain platform) {

        private void empty() throws Exception {
            platform.now();
            rig.ledger().close();
            try (Stream<Path> files = Files.walk(data)) {
                for (Path file : files.filter(each -> !Files.isDirectory(each)).toList()) {
                    Files.delete(file);
                }
            }
            rig.ledger().open();
        }
    }

    public Rig start() throws Exception {
        return start(Map.of());
    }

    public Rig start(Map<String, String> properties) throws Exception {
        return start(Options.defaults(), properties);
    }

    /** One that was started with the same, or a new one; closing it leaves it to the next test. */
    public Rig start(Options options, Map<String, String> properties) throws Exception {
        Deque<Used> free = atRest.computeIfAbsent(List.of(options, properties), key -> new ArrayDeque<>());
        Used used = free.isEmpty() ? begin(options, properties) : free.pop();
        if (started.contains(used)) {
            used.empty();
        } else {
            started.add(used);
        }
        return used.rig().lent(() -> free.push(used));
    }

    private static Used begin(Options options, Map<String, String> properties) throws Exception {
        Map<String, String> all = new HashMap<>(Map.of("aep.check-lifetime", "0", "aep.flow-spec-lifetime", "0"));
        all.putAll(properties);
        Path data = Files.createTempDirectory("rig");
        Rig rig = Rig.start(data, options, all);
        return new Used(rig.simulator(), rig, data, new SetUpAgain(rig.simulator()));
    }

    @Override
    public void afterAll(ExtensionContext context) throws Exception {
        for (Used each : started) {
            each.rig().close();
            delete(each.data());
        }
    }

    private static void delete(Path data) throws IOException {
        try (Stream<Path> files = Files.walk(data)) {
            for (Path file : files.sorted((one, other) -> other.compareTo(one)).toList()) {
                Files.delete(file);
            }
        }
    }
}
