package io.github.aepdataflows;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.aepdataflows.simulator.Options;
import io.github.aepdataflows.simulator.RunKind;
import io.github.aepdataflows.simulator.Simulator;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.camel.CamelContext;
import org.apache.camel.component.properties.PropertiesComponent;
import org.apache.camel.main.BaseMainSupport;
import org.apache.camel.main.Main;
import org.apache.camel.main.MainListenerSupport;

/**
 * The application with the simulator in place of the Platform: drops the three examples into the inbox, prints the flows that
 * were created, runs an audit, and keeps running so that more can be tried.
 */
final class Demo {

    private static final List<String> EXAMPLES = List.of("crm.yaml", "marketing-automation.yaml", "customer-success.yaml");

    private static final int USUAL_PORT = 8077;

    private final Simulator simulator;
    private final Path examples;
    private final int port;
    private CamelContext context;
    private Path data;
    private String sandbox;

    private Demo(Simulator simulator, Path examples, int port) {
        this.port = port;
        this.simulator = simulator;
        this.examples = examples;
    }

    static int run() throws Exception {
        try (Simulator simulator = Simulator.start(Options.defaults())) {
            Main main = Application.main(Application.settings("application-demo.properties") + ","
                    + Application.settings("application.properties"));
            main.addOverrideProperty("aep.url", simulator.url().toString());
            main.addOverrideProperty("aep.token-url", simulator.tokenUrl().toString());
            main.addOverrideProperty("aep.client-id", simulator.options().clientId());
            main.addOverrideProperty("aep.client-secret", simulator.options().clientSecret());
            main.addOverrideProperty("aep.org-id", simulator.options().orgId());
            // each start has a new simulator, which knows nothing of an earlier ledger
            Path ledger = Files.createTempDirectory("aep-demo-ledger");
            main.addOverrideProperty("aep.ledger.url", "jdbc:sqlite:" + ledger.resolve("ledger.db"));
            main.addOverrideProperty("aep.ledger.anew", "true");
            main.addOverrideProperty("aep.audit.scheduled", "true");   // and begun after the first one
            int port = freePort();
            main.addOverrideProperty("aep.ops.port", String.valueOf(port));
            main.addOverrideProperty("aep.ops.bind", "127.0.0.1");
            Demo demo = new Demo(simulator, Application.home().resolve("config/examples"), port);
            main.addMainListener(new MainListenerSupport() {
                @Override
                public void beforeInitialize(BaseMainSupport starting) {
                    // the environment may have the settings of a real Platform: the demo must not use them
                    ((PropertiesComponent) starting.getCamelContext().getPropertiesComponent())
                            .setEnvironmentVariableMode(PropertiesComponent.ENVIRONMENT_VARIABLES_MODE_NEVER);
                }

                @Override
                public void afterStart(BaseMainSupport started) {
                    new Thread(() -> demo.show(started.getCamelContext()), "demo").start();
                }
            });
            return main.run(Application.NO_ARGUMENTS);
        }
    }

    /** The usual one, or another where somebody has that. */
    private static int freePort() throws IOException {
        for (int port : new int[] {USUAL_PORT, 0}) {
            try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
                return socket.getLocalPort();
            } catch (BindException e) {
                // somebody else listens there
            }
        }
        throw new IOException("no port is free");
    }

    /** The simulator alone. Only this class knows the simulator; the rest of the program does not depend on it. */
    static void simulator(String... arguments) throws InterruptedException {
        Simulator.main(arguments);
    }

    private void show(CamelContext started) {
        try {
            context = started;
            data = Path.of(context.resolvePropertyPlaceholders("{{aep.data-dir}}"));
            sandbox = context.resolvePropertyPlaceholders("{{aep.sandbox}}");
            simulator.seedDemo(sandbox);
            simulator.runs().script("Dataflow for marketing automation", RunKind.PARTIAL, RunKind.SUCCESS);
            say("The simulator of the Platform listens on %s. It already has five dataflows that were made by hand.", simulator.url());
            dropExamples();
            say("%nTheir first runs start now. The audit reads them.%n");
            await(Duration.ofSeconds(20), this::ranOnce);
            context.createProducerTemplate().sendBody("direct:aep-audit", "");
            context.getRouteController().startRoute("aep-audit-schedule");
            say("""

                    Now it is your turn. Create a fourth dataflow:
                      sed 's/[Cc]ustomer [Ss]uccess/fourth/' %1$s/customer-success.yaml > %2$s/inbox/fourth.yaml
                    Drop a broken definition. Its faults are then listed in %2$s/failed/broken.yaml.error.json:
                      sed 's/interval: 30/interval: 5/; s/source: first_name/source: frist_name/' %1$s/crm.yaml > %2$s/inbox/broken.yaml
                    An audit runs every minute. Ctrl-C ends the demo. Its operations page: http://127.0.0.1:%3$d/""",
                    shown(examples), shown(data), port);
        } catch (Exception e) {
            say("The demo failed: %s", e);
        }
    }

    private void dropExamples() throws Exception {
        Set<Path> before = receipts();
        Path inbox = Files.createDirectories(data.resolve("inbox"));
        for (String example : EXAMPLES) {
            // copied under a dot name, then renamed: the inbox never sees a part of a file
            Path part = Files.copy(examples.resolve(example), inbox.resolve("." + example), StandardCopyOption.REPLACE_EXISTING);
            Files.move(part, inbox.resolve(example), StandardCopyOption.REPLACE_EXISTING);
        }
        say("Dropped into %s/inbox: %s%n", shown(data), String.join(", ", EXAMPLES));
        await(Duration.ofMinutes(1), () -> EXAMPLES.stream().noneMatch(example -> Files.exists(inbox.resolve(example)))
                && isEmpty(data.resolve("work")));
        say("%-54s %-36s %s", "DATAFLOW", "FLOW", "RECEIPT");
        for (Path receipt : receipts()) {
            if (!before.contains(receipt)) {
                JsonNode json = new ObjectMapper().readTree(receipt.toFile());
                say("%-54s %-36s %s", json.path("dataflow").asText(), json.at("/resources/flow").asText(), shown(receipt));
            }
        }
    }

    /** Whether there is no file in the folder, nor in those below it. */
    private static boolean isEmpty(Path folder) {
        try (Stream<Path> all = Files.isDirectory(folder) ? Files.walk(folder) : Stream.empty()) {
            return all.allMatch(Files::isDirectory);
        } catch (IOException | UncheckedIOException e) {
            return false;   // one has gone meanwhile
        }
    }

    private Set<Path> receipts() throws IOException {
        try (Stream<Path> done = Files.list(Files.createDirectories(data.resolve("done")))) {
            return done.filter(file -> file.toString().endsWith(".receipt.json")).collect(Collectors.toCollection(TreeSet::new));
        }
    }

    /** Whether each flow that the demo has made has a finished run. */
    private boolean ranOnce() {
        return simulator.store().resources(sandbox, "runs").stream()
                .filter(run -> run.at("/metrics/durationSummary/completedAtUTC").asLong() > 0)
                .map(run -> run.path("flowId").asText())
                .filter(simulator.store().resources(sandbox, "flows").stream()
                        .filter(flow -> flow.path("createdAt").asLong() > System.currentTimeMillis() - 60_000)
                        .map(flow -> flow.path("id").asText()).collect(Collectors.toSet())::contains)
                .distinct().count() >= EXAMPLES.size();
    }

    private static void await(Duration atMost, BooleanSupplier condition) throws InterruptedException {
        long end = System.nanoTime() + atMost.toNanos();
        while (!condition.getAsBoolean() && System.nanoTime() < end) {
            TimeUnit.MILLISECONDS.sleep(200);
        }
    }

    private static Path shown(Path path) {
        Path here = Path.of("").toAbsolutePath();
        return path.toAbsolutePath().startsWith(here) ? here.relativize(path.toAbsolutePath()) : path;
    }

    private static void say(String text, Object... values) {
        System.out.printf(text + "%n", values);
    }
}
