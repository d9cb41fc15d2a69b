package io.github.aepdataflows;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.aepdataflows.ledger.Ledger;
import io.github.aepdataflows.settings.Settings;
import io.github.aepdataflows.simulator.Options;
import io.github.aepdataflows.simulator.Request;
import io.github.aepdataflows.simulator.Simulator;
import io.github.aepdataflows.wire.RequestFacts;
import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.apache.camel.Exchange;
import org.apache.camel.main.Main;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/**
 * The whole application against a simulator of its own: the real routes, settings and files, with a data folder that is
 * the test's own and waits short enough for a test.
 */
public final class Rig implements AutoCloseable {

    public static final ObjectMapper JSON = new ObjectMapper();
    public static final String SANDBOX = "dev";

    /** A word in every secret of the tests: {@link NoSecretLeftIT} looks for it in all that a build has written. */
    public static final String MARKER = "c4nary";

    private final Simulator simulator;
    private final Main main;
    private final Path data;
    private final Closeable end;
    private final int before;

    private Rig(Simulator simulator, Main main, Path data, Closeable end, int before) {
        this.simulator = simulator;
        this.main = main;
        this.data = data;
        this.end = end;
        this.before = before;
    }

    public static Rig start(Path data) throws Exception {
        return start(data, Options.defaults(), Map.of());
    }

    public static Rig start(Path data, Options options, Map<String, String> properties) throws Exception {
        return start(data, options, properties, Map.of());
    }

    /** @param beans that the properties name */
    public static Rig start(Path data, Options options, Map<String, String> properties, Map<String, Object> beans) throws Exception {
        boolean usual = options.clientSecret().equals(Options.defaults().clientSecret());
        Simulator simulator = Simulator.start(usual ? options.withClientSecret(MARKER + "&rig+100%") : options);
        Main main = application(simulator, data, properties, beans);
        return new Rig(simulator, main, data, () -> {
            main.stop();
            simulator.close();
            RequestFacts.hold(simulator.requests().all());
        }, 0);
    }

    /** Another application, with this data folder, against a Platform that is there already and stays. */
    public static Rig against(Simulator simulator, Path data, Map<String, String> properties) throws Exception {
        return against(simulator, data, properties, Map.of());
    }

    /** @param beans that the properties name */
    public static Rig against(Simulator simulator, Path data, Map<String, String> properties, Map<String, Object> beans) throws Exception {
        Main main = application(simulator, data, properties, beans);
        int before = simulator.requests().all().size();
        return new Rig(simulator, main, data, () -> {
            main.stop();
            List<Request> all = simulator.requests().all();
            RequestFacts.hold(all.subList(before, all.size()));
        }, 0);
    }

    /** The same for one test of several: it knows of no request that came before, and its end ends nothing. */
    Rig lent(Runnable end) {
        return new Rig(simulator, main, data, end::run, simulator.requests().all().size());
    }

    /** The settings under which the application talks to this simulator. */
    public static Map<String, String> settings(Simulator simulator, Path data) {
        Map<String, String> settings = new HashMap<>();
        settings.put("aep.url", simulator.url().toString());
        settings.put("aep.token-url", simulator.tokenUrl().toString());
        settings.put("aep.client-id", simulator.options().clientId());
        settings.put("aep.client-secret", simulator.options().clientSecret());
        settings.put("aep.org-id", simulator.options().orgId());
        settings.put("aep.sandbox", SANDBOX);
        settings.put("aep.data-dir", data.toString());
        settings.put("aep.inbox.settle", "0");
        settings.put("aep.inbox.delay", "50");
        settings.put("aep.inbox.pause", "200");
        settings.put("aep.settle-window", "300");
        settings.put("aep.rate", "60000");
        settings.put("aep.breaker.pause", "200");
        settings.put("aep.redelivery.delay", "10");
        settings.put("aep.redelivery.max-delay", "20");
        settings.put("aep.audit.enabled", "false");
        settings.put("aep.ledger.compare", "false");
        return settings;
    }

    /** {@code aep.clock=#bean:simulatorClock} makes the application live in the simulator's time. */
    private static Main application(Simulator simulator, Path data, Map<String, String> properties, Map<String, Object> beans)
            throws Exception {
        Map<String, String> settings = settings(simulator, data);
        settings.putAll(properties);
        Main main = TestMain.with(settings);
        main.bind("simulatorClock", simulator.clock());
        beans.forEach(main::bind);
        if (properties.keySet().stream().noneMatch(name -> name.startsWith("aep.audit."))) {   // its scheduler takes half a second to stop
            main.configure().withRouteFilterExcludePattern("aep-quartz:*");
        }
        main.start();
        return main;
    }

    public Simulator simulator() {
        return simulator;
    }

    public Main main() {
        return main;
    }

    public Ledger ledger() {
        return main.getCamelContext().getRegistry().lookupByNameAndType("aepLedger", Ledger.class);
    }

    public Settings settings() {
        return main.getCamelContext().getRegistry().lookupByNameAndType("aepSettings", Settings.class);
    }

    /** Sends a definition to {@code direct:aep-provision}, as a host would; look at {@code getException()} for a failure. */
    public Exchange provision(String definition) {
        return main.getCamelContext().createFluentProducerTemplate()
                .to("direct:aep-provision").withBody(definition).request(Exchange.class);
    }

    /** The receipt of a definition that is provisioned without a failure. */
    public JsonNode apply(String definition) throws IOException {
        Exchange applied = provision(definition);
        if (applied.getException() != null) {
            throw new AssertionError(String.valueOf(applied.getVariable("aepError")), applied.getException());
        }
        return json(applied.getMessage().getBody(String.class));
    }

    /** What {@code direct:aep-plan} says of a definition without faults. */
    public JsonNode plan(String definition) throws IOException {
        Exchange planned = main.getCamelContext().createFluentProducerTemplate().to("direct:aep-plan").withBody(definition)
                .request(Exchange.class);
        if (planned.getException() != null) {
            throw new AssertionError("no plan", planned.getException());
        }
        return json(planned.getMessage().getBody(String.class));
    }

    public Exchange audit() {
        return main.getCamelContext().createFluentProducerTemplate().to("direct:aep-audit").request(Exchange.class);
    }

    public static String example(String name) throws IOException {
        return Files.readString(Path.of("config/examples", name + ".yaml"));
    }

    /** The same with names of its own throughout: this before each name and title. */
    public static String example(String name, Object prefix) throws IOException {
        return example(name).replaceAll("(?m)^( *(?:name|title): )", "$1" + prefix + " ");
    }

    /** What the Platform ended up with in the rig's sandbox. */
    public List<ObjectNode> resources(String collection) {
        return simulator.store().resources(SANDBOX, collection);
    }

    /** What the Platform was asked, oldest first. */
    public List<Request> requests() {
        List<Request> all = simulator.requests().all();
        return all.subList(before, all.size());
    }

    public List<Request> requests(Predicate<Request> condition) {
        return requests().stream().filter(condition).toList();
    }

    /** Those of that method whose path ends so. */
    public List<Request> requests(String method, String pathEnding) {
        return requests(request -> request.method().equals(method) && request.path().endsWith(pathEnding));
    }

    /** Whether a request asks the Platform to make something; a validation does not. */
    public static boolean isCreate(Request request) {
        return request.method().equals("POST") && request.path().startsWith("/data/") && !request.path().endsWith("/validate");
    }

    public Path folder(String name) {
        return data.resolve(name);
    }

    /** Drops a file as careful tools do: under a dot name first, then renamed. */
    public void drop(String name, String content) throws IOException {
        Path inbox = Files.createDirectories(folder("inbox"));
        Path part = Files.writeString(inbox.resolve("." + name + ".tmp"), content);
        Files.move(part, inbox.resolve(name), StandardCopyOption.REPLACE_EXISTING);
    }

    /** Of {@code inbox}, also those in work: what was dropped and has not ended. */
    public List<String> names(String folder) {
        return names(data, folder);
    }

    public static List<String> names(Path data, String folder) {
        try {
            Set<String> names = new TreeSet<>(list(data.resolve(folder)));
            if (folder.equals("inbox")) {
                names.addAll(inWork(data));
                names.addAll(list(data.resolve(folder)));   // one may have gone back meanwhile
            }
            return List.copyOf(names);
        } catch (IOException | UncheckedIOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static List<String> list(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(Files.createDirectories(folder))) {
            return files.map(file -> file.getFileName().toString()).toList();
        }
    }

    private static List<String> inWork(Path data) throws IOException {
        List<String> names = new ArrayList<>();
        if (Files.isDirectory(data.resolve("work"))) {
            Files.walkFileTree(data.resolve("work"), new SimpleFileVisitor<>() {
                @Override
                public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                    names.add(file.getFileName().toString());
                    return FileVisitResult.CONTINUE;
                }

                @Override
                public FileVisitResult visitFileFailed(Path file, IOException e) {
                    return FileVisitResult.CONTINUE;   // it has just gone
                }

                @Override
                public FileVisitResult postVisitDirectory(Path folder, IOException e) {
                    return FileVisitResult.CONTINUE;
                }
            });
        }
        return names;
    }

    public JsonNode json(String folder, String name) throws IOException {
        return JSON.readTree(folder(folder).resolve(name).toFile());
    }

    public static JsonNode json(String text) throws IOException {
        return JSON.readTree(text);
    }

    public static JsonNode yaml(String text) {
        return JSON.valueToTree(new Load(LoadSettings.builder().build()).loadFromString(text));
    }

    @Override
    public void close() throws IOException {
        end.close();
    }
}
