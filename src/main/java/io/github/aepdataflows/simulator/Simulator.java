package io.github.aepdataflows.simulator;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * A simulator of Adobe Experience Platform in this JVM: IMS tokens, Flow Service, Schema Registry, Identity Service (its
 * namespaces), Catalog and Data Prep over HTTP, with state, strict checks, faults on demand and a clock that can be moved. It
 * forgets everything when it is closed.
 */
public final class Simulator implements AutoCloseable {

    static {
        // read once by the JDK's server; without it every small answer waits for a delayed ACK
        System.setProperty("sun.net.httpserver.nodelay", "true");
    }

    /** Exit code, as of the commands of the program: EX_USAGE. */
    private static final int MISUNDERSTOOD = 64;

    private final Options options;
    private final SimulatorClock clock = new SimulatorClock();
    private final FaultPlan faults = new FaultPlan();
    private final RequestLog requests = new RequestLog();
    private final ExecutorService threads = Executors.newCachedThreadPool(Simulator::daemon);
    private final Router router = new Router();
    private final Store store;
    private final RunGenerator runs;
    private final Tokens tokens;
    private final FlowService flowService;
    private final HttpServer server;
    private final Front front;

    private Simulator(Options options) throws IOException {
        this.options = options;
        store = new Store(clock, options);
        runs = new RunGenerator(store, options);
        tokens = new Tokens(options, clock);
        GlobalXdm global = new GlobalXdm();
        Schemas schemas = new Schemas(store, global);
        flowService = new FlowService(router, store, options, schemas, runs);
        IdentityNamespaces namespaces = new IdentityNamespaces();
        namespaces.register(router);
        new SchemaRegistry(schemas, global, namespaces, store, options).register(router);
        new Catalog(schemas, store, options).register(router);
        new DatasetLabels(store, options).register(router);
        Expressions expressions = new Expressions();
        new DataPrep(schemas, store, options, new MappingValidation(new XdmExpansion(schemas), expressions)).register(router);
        new Languages(expressions).register(router);
        if (options.baseConnections()) {
            options.sandboxes().forEach(this::seedBaseConnections);
        }
        Delivery delivery = new Delivery(faults, requests);
        Gateway gateway = new Gateway(options, tokens, router, clock, new EventJournal(options, tokens, runs, store));
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 256);
        server.setExecutor(threads);
        server.createContext("/", new Exchanges(gateway, store, runs, faults, requests, clock, options, delivery));
        front = listen(server.getAddress().getPort());
        delivery.through(front);
        server.start();
    }

    private Front listen(int serverPort) throws IOException {
        try {
            return new Front(options.host(), options.port(), serverPort, threads);
        } catch (IOException e) {
            server.stop(0);
            throw new IOException("cannot listen on " + options.host() + ":" + options.port(), e);
        }
    }

    /**
     * Starts a simulator that answers as soon as this returns.
     *
     * @throws IOException if the address cannot be bound
     */
    public static Simulator start(Options options) throws IOException {
        return new Simulator(options);
    }

    public int port() {
        return front.port();
    }

    /** The base of all paths, without a trailing slash. */
    public URI url() {
        return URI.create("http://" + options.host() + ":" + port());
    }

    /** Where tokens are to be had. */
    public URI tokenUrl() {
        return url().resolve(Tokens.PATH);
    }

    /** The journal of flow runs: what {@code aep.journal.url} is to be. */
    public URI journalUrl() {
        return url().resolve(EventJournal.PATH);
    }

    public Options options() {
        return options;
    }

    public SimulatorClock clock() {
        return clock;
    }

    public FaultPlan faults() {
        return faults;
    }

    public RequestLog requests() {
        return requests;
    }

    /** What the Platform holds now, with every run that is due by now. */
    public Store store() {
        runs.catchUp(clock.instant());
        return store;
    }

    /** Decides what becomes of flow runs. */
    public RunGenerator runs() {
        return runs;
    }

    /** Makes every token that was handed out so far invalid. */
    public void revokeTokens() {
        tokens.revokeAll();
    }

    /**
     * Begins or ends a total outage: while it lasts, every connection is reset before a byte is answered, and those that
     * exist are cut. What is under way inside is carried out; only its answer is lost.
     */
    public void outage(boolean on) throws IOException {
        front.down(on);
    }

    /** How many connections were tried during all outages so far. */
    public int refusedConnections() {
        return front.refused();
    }

    /** How many requests reached the token endpoint and were carried out. */
    public int tokenRequests() {
        return tokens.requests();
    }

    /** Seeds an enabled base connection with a given id and hands out a copy of it. */
    public ObjectNode addBaseConnection(String sandbox, String id, String name, String connectionSpecId) {
        synchronized (store) {
            return flowService.connections().seed(internalCall(sandbox), id, name, connectionSpecId);
        }
    }

    /** Puts a base connection into a state, such as {@code disabled}, in which it stays. */
    public void setConnectionState(String sandbox, String id, String state) {
        synchronized (store) {
            flowService.connections().setState(internalCall(sandbox), id, state);
        }
    }

    /** The source refuses the credentials of a base connection from now on, until others are patched in. */
    public void breakCredentials(String sandbox, String id) {
        synchronized (store) {
            flowService.connections().breakCredentials(internalCall(sandbox), id);
        }
    }

    /**
     * Adds a table to the source behind one base connection, or replaces the one of that path.
     *
     * @param columns as explore shows them: {@code name}, {@code type}, {@code xdm}, and {@code meta:xdmType} for times
     */
    public void addTable(String sandbox, String baseConnectionId, String path, ArrayNode columns) {
        put(sandbox, baseConnectionId, SourceObject.table(path, columns.deepCopy()));
    }

    /**
     * Drops a table of the source behind one base connection.
     *
     * @throws IllegalArgumentException if there is none of that path
     */
    public void removeTable(String sandbox, String baseConnectionId, String path) {
        synchronized (store) {
            flowService.objects().remove(flowService.connections().existing(internalCall(sandbox), baseConnectionId), path);
        }
    }

    /** Adds a file to the source behind one base connection, or replaces it; its folders come with it. */
    public void addFile(String sandbox, String baseConnectionId, String path, ArrayNode columns) {
        put(sandbox, baseConnectionId, SourceObject.file(path, columns.deepCopy()));
    }

    private void put(String sandbox, String baseConnectionId, SourceObject object) {
        synchronized (store) {
            flowService.objects().put(flowService.connections().existing(internalCall(sandbox), baseConnectionId), object);
        }
    }

    /** Adds five dataflows that somebody made by hand two days ago: healthy, partial, failing, late and disabled. */
    public void seedDemo(String sandbox) {
        synchronized (store) {
            new Demo(this, router, runs, clock.instant(), sandbox).seed();
        }
    }

    /** Stops listening, releases the calls that hang, and closes every connection. */
    @Override
    public void close() throws IOException {
        front.close();
        faults.clear();
        server.stop(0);
        threads.shutdownNow();
    }

    /** Runs alone until it is killed; {@code --help} lists the options. */
    public static void main(String[] arguments) throws InterruptedException {
        CommandLine line;
        try {
            line = CommandLine.parse(arguments);
        } catch (IllegalArgumentException e) {
            System.err.println(e.getMessage());
            System.exit(MISUNDERSTOOD);
            return;
        }
        if (line.help()) {
            System.out.print(CommandLine.HELP);
            return;
        }
        Simulator simulator;
        try {
            simulator = start(line.options());
        } catch (IOException e) {
            System.err.println(e.getMessage());
            System.exit(2);
            return;
        }
        simulator.openControl();
        if (line.demo()) {
            line.options().sandboxes().forEach(simulator::seedDemo);
        }
        System.out.print(simulator.welcome());
        // all threads of the simulator may be daemons; this one waits for the signal that ends the process
        Thread.currentThread().join();
    }

    /** Serves {@code /simulator/}, which lets anybody who can connect move the clock and read the log. */
    public void openControl() {
        server.createContext("/simulator/", new Control(this));
    }

    /** What a stand-alone simulator says first: a shell takes all of it, and aep-dataflows then calls this simulator. */
    String welcome() {
        StringBuilder text = new StringBuilder("# Simulator of Adobe Experience Platform. It runs until Ctrl-C.\n");
        text.append("# To use it, paste these lines into the shell in which you call aep-dataflows:\n").append(exports());
        text.append("# Sandboxes: ").append(String.join(", ", options.sandboxes())).append(". Base connections in each of them:\n");
        store().resources(options.sandboxes().get(0), "connections").forEach(connection -> text.append("#   ")
            .append(connection.path("id").asText()).append("  ").append(connection.path("name").asText()).append('\n'));
        return text.toString();
    }

    /** The settings that lead aep-dataflows to this simulator and its first sandbox, as lines for a POSIX shell. */
    public String exports() {
        String base = "http://" + (options.host().equals("0.0.0.0") ? "127.0.0.1" : options.host()) + ":" + port();
        return export("AEP_URL", base) + export("AEP_TOKEN_URL", base + Tokens.PATH)
            + export("AEP_CLIENT_ID", options.clientId()) + export("AEP_CLIENT_SECRET", options.clientSecret())
            + export("AEP_ORG_ID", options.orgId()) + export("AEP_SANDBOX", options.sandboxes().get(0));
    }

    private static String export(String variable, String value) {
        return "export " + variable + "='" + value.replace("'", "'\\''") + "'\n";
    }

    private Call internalCall(String sandbox) {
        Request request = new Request(0, clock.instant(), "POST", "/", "", Map.of(), new byte[0], 0);
        return new Call(request, new Query(List.of()), sandbox, clock.instant(), Lag.NONE, Map.of());
    }

    private void seedBaseConnections(String sandbox) {
        addBaseConnection(sandbox, "4cb0c374-d3bb-4557-b139-5712880adc55", "Salesforce",
            "cfc0fee1-7dc0-40ef-b73e-d8b134c436f5");
        addBaseConnection(sandbox, "2fce94c1-9a93-4971-8e94-c19a93097129", "HubSpot", "cc6a4487-9e91-433e-a3a3-9cf6626c1806");
        addBaseConnection(sandbox, "f1da3694-38a9-403d-9a36-9438a9203d42", "Salesforce Service Cloud",
            "cb66ab34-8619-49cb-96d1-39b37ede86ea");
        addBaseConnection(sandbox, "7d3f8a52-61c4-4e0b-9f27-0c5b8e1d4a93", "Microsoft Dynamics",
            "38ad80fe-8b06-4938-94f4-d4ee80266b07");
        addBaseConnection(sandbox, "b8e25c01-3f7a-46d9-8c1e-5a90d7f4b236", "ServiceNow",
            "eb13cb25-47ab-407f-ba89-c0125281c563");
        addBaseConnection(sandbox, "5e8c1f47-92d3-4b6a-a0e1-7f2d4c9b3a18", "bq sample 2", "3c9b37f8-13a6-43d8-bad3-b863b941fedd");
        addBaseConnection(sandbox, "e1a7d2c9-4f58-4c03-8b96-2d6e0f7a5b41", "blob sample", "4c10e202-c428-4796-9208-5f1f5732b1cf");
    }

    private static Thread daemon(Runnable task) {
        Thread thread = new Thread(task, "simulator");
        thread.setDaemon(true);
        return thread;
    }
}
