package io.github.aepdataflows.bench.figures;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/**
 * How long a program takes from the call of Java until it does its work, and how much memory it has then.
 *
 * @param millis   until it has said so
 * @param mebibytes resident, five seconds later; 0 where the system does not tell
 */
record Start(double millis, long mebibytes) {

    /** As the launcher starts Java, but without its archive of classes. */
    private static final List<String> OPTIONS = List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xms24m", "-Xmx256m",
            "-XX:MinHeapFreeRatio=15", "-XX:MaxHeapFreeRatio=30", "-XX:ReservedCodeCacheSize=48m", "-Xss512k",
            "-Dlog4j2.configurationFile=config/log4j2.properties");
    private static final int SETTLED_SECONDS = 5;

    /** @param isStarted whether it does its work, by a line of its output */
    static Start of(Class<?> program, List<String> arguments, Map<String, String> environment, Predicate<String> isStarted)
            throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin/java").toString()));
        command.addAll(OPTIONS);
        command.addAll(List.of("-cp", Platform.classPath(), program.getName()));
        command.addAll(arguments);
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().putAll(environment);
        builder.environment().put("MALLOC_ARENA_MAX", "2");
        long start = System.nanoTime();
        Process process = builder.start();
        try {
            BufferedReader output = process.inputReader();
            for (String line = output.readLine(); !isStarted.test(line); line = output.readLine()) {
                if (line == null) {
                    throw new IllegalStateException(program + " has ended");
                }
            }
            double millis = (System.nanoTime() - start) / 1e6;
            process.waitFor(SETTLED_SECONDS, TimeUnit.SECONDS);
            return new Start(millis, resident(process.pid()));
        } finally {
            process.destroy();
            process.waitFor();
        }
    }

    private static long resident(long pid) throws IOException {
        Path status = Path.of("/proc", String.valueOf(pid), "status");
        return !Files.exists(status) ? 0 : Files.readAllLines(status).stream().filter(line -> line.startsWith("VmRSS:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) / 1024).findFirst().orElse(0);
    }
}
