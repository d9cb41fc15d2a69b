package io.github.aepdataflows.bench;

import io.github.aepdataflows.simulator.Options;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.camel.main.Main;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;

/**
 * Somebody who swaps files in the inbox and in the plan folder as quickly as they can: a regular file, a pipe, a link to a file outside,
 * a second name of that file. Meanwhile good files are dropped, which must all get on.
 */
final class SwapRace {

    private static final int GOOD = 5;   // with one that comes before the race
    private static final int RACING = 8;

    private final Bench bench;
    private final List<Path> folders;
    private final Path outside;
    private final Path pipe;
    private final Random random;
    private final AtomicLong swaps = new AtomicLong();

    SwapRace(Path folder, long seed) throws Exception {
        bench = new Bench(folder.resolve("data"), Options.defaults()).set("aep.inbox.delay", "5").set("camel.main.shutdownTimeout", "5");
        folders = List.of(Files.createDirectories(bench.data().resolve("inbox")), Files.createDirectories(bench.data().resolve("plan")));
        outside = Files.writeString(folder.resolve("outside.yaml"), Definitions.customerSuccess("Outside"));
        Definitions.addTable(bench.simulator(), Files.readString(outside));
        pipe = folder.resolve("pipe");
        if (new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor() != 0) {
            throw new IOException("no pipe could be made");
        }
        random = new Random(seed);
    }

    /** @return what went wrong */
    List<String> run(Duration time, Object... beans) throws Exception {
        List<String> violations = new ArrayList<>();
        Main main = bench.start(beans);
        try (bench) {
            bench.drop("good0.yaml", Definitions.customerSuccess("Good 0"));
            Awaitility.await().atMost(Bench.PATIENCE).until(() -> good() == 1);
            long start = System.nanoTime();
            CompletableFuture<Void> swapper = CompletableFuture.runAsync(() -> swapUntil(start + time.toNanos()));
            for (int n = 1; n < GOOD; n++) {
                long due = start + n * time.toNanos() / GOOD;
                Awaitility.await().atMost(Bench.PATIENCE).until(() -> System.nanoTime() > due);
                bench.drop("good" + n + ".yaml", Definitions.customerSuccess("Good " + n));
                Files.writeString(folders.get(1).resolve("good" + n + ".yaml"), Definitions.customerSuccess("Good " + n));
            }
            swapper.join();
            for (int n = 0; n < RACING; n++) {
                for (Path each : folders) {
                    Files.deleteIfExists(each.resolve(n + ".yaml"));
                }
            }
            try {
                Awaitility.await().atMost(Duration.ofSeconds(beans.length == 0 ? 60 : 5))
                        .until(() -> good() == GOOD && planned() == GOOD - 1 && main.getCamelContext().getInflightRepository().size() == 0);
            } catch (ConditionTimeoutException e) {
                violations.add("only %d of %d good files are done, and %d planned; the threads of the inbox: %s".formatted(good(), GOOD,
                        planned(), aepThreads()));
            }
            long stopped = System.nanoTime();
            unblockAfter(main);
            if (System.nanoTime() - stopped > Duration.ofSeconds(20).toNanos()) {
                violations.add("the stop took too long");
            }
            bench.simulator().store().resources("dev", "flows").stream().map(flow -> flow.path("name").asText())
                    .filter(name -> !name.startsWith("Good ")).forEach(name -> violations.add("there is a flow " + name));
            if (!Files.readString(outside).equals(Definitions.customerSuccess("Outside"))) {
                violations.add("the file outside was changed");
            }
            System.out.printf("%d swaps, %d files refused, %d others given back%n", swaps.get(),
                    bench.names("failed").stream().filter(name -> name.endsWith(".yaml")).count(), bench.names("inbox").size());
            return violations;
        }
    }

    private long good() {
        return bench.names("done").stream().filter(name -> name.matches("good\\d.yaml")).count();
    }

    private long planned() {
        return bench.names("plan").stream().filter(name -> name.matches("good\\d.yaml.plan.json")).count();
    }

    private static List<String> aepThreads() {
        return Thread.getAllStackTraces().entrySet().stream().filter(thread -> thread.getKey().getName().equals("aep-inbox"))
                .map(thread -> thread.getValue().length == 0 ? "" : thread.getValue()[0].toString()).toList();
    }

    /** Stops the application; whoever still waits at the pipe gets an end of file then, so that this JVM is rid of them. */
    private void unblockAfter(Main main) throws IOException {
        try {
            main.stop();
        } finally {
            FileChannel.open(pipe, StandardOpenOption.READ, StandardOpenOption.WRITE).close();
        }
    }

    private void swapUntil(long end) {
        try {
            while (System.nanoTime() < end) {
                Path next = folders.get(random.nextInt(folders.size())).resolve(".next");
                Files.deleteIfExists(next);
                switch (random.nextInt(5)) {
                    case 0 -> Files.createLink(next, pipe);
                    case 1 -> Files.createSymbolicLink(next, outside);
                    case 2 -> Files.createLink(next, outside);
                    default -> Files.writeString(next, "bad: [");
                }
                Files.move(next, next.resolveSibling(random.nextInt(RACING) + ".yaml"), StandardCopyOption.ATOMIC_MOVE);
                swaps.incrementAndGet();
            }
            for (Path folder : folders) {
                Files.deleteIfExists(folder.resolve(".next"));
            }
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
