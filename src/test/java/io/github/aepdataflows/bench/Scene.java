package io.github.aepdataflows.bench;

import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.aepdataflows.Rig;
import io.github.aepdataflows.ledger.Wire;
import io.github.aepdataflows.simulator.Request;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Where the events of a {@link Scenario} happen: one inbox, one Platform, one ledger, and some nodes that work with them. */
final class Scene implements AutoCloseable {

    private static final AtomicInteger NUMBER = new AtomicInteger();
    private static final Pattern ID = Pattern.compile("[0-9a-f]{24,}|[0-9a-f]{8}-[0-9a-f-]{27}");

    private final Scenario scenario;
    private final Bench bench;
    private final Optional<EmbeddedPostgres> postgres;
    private final String database = "chaos_" + NUMBER.incrementAndGet();
    private final Foreigner foreigner;
    private final List<Node> nodes = new ArrayList<>();
    private final List<List<Life>> lives = new ArrayList<>();
    private final Map<String, String> lastFiles = new HashMap<>();
    private final List<Path> copies = new ArrayList<>();
    private final List<String> log = new ArrayList<>();
    private final Map<String, Integer> effects = new TreeMap<>();
    private final long began = System.nanoTime();
    private boolean databaseDown;
    private boolean restored;

    /** @param postgres where a ledger can be that several nodes share */
    Scene(Scenario scenario, Path folder, String name, EmbeddedPostgres postgres) throws Exception {
        this.scenario = scenario;
        this.bench = new Bench(folder, scenario.options()).set("aep.response-timeout", 300).set("aep.call-timeout", 800);
        this.postgres = Optional.of(postgres).filter(server -> scenario.nodes() > 1);
        this.foreigner = new Foreigner(bench.simulator());
        if (this.postgres.isPresent()) {
            sql("postgres", "create database " + database);
            bench.set("aep.ledger.url", postgres.getJdbcUrl("postgres", database).replaceFirst("\\?.*", ""))
                    .set("aep.ledger.user", "postgres");
        }
        for (int n = 0; n < scenario.nodes(); n++) {
            Optional<Wire> wire = this.postgres.isPresent() ? Optional.of(new Wire(postgres.getPort())) : Optional.empty();
            nodes.add(new Node(bench, n, wire));
        }
        for (int n = 0; n < scenario.dataflows(); n++) {
            lives.add(new ArrayList<>(List.of(new Life(name + " no " + n, n == 1 ? Life.Form.OF_2020 : Life.Form.CURRENT))));
        }
    }

    Bench bench() {
        return bench;
    }

    Node node(int number) {
        return nodes.get(number);
    }

    Life life(int dataflow) {
        return lives.get(dataflow).get(lives.get(dataflow).size() - 1);
    }

    Life earlier(int dataflow, int back) {
        List<Life> all = lives.get(dataflow);
        return all.get(Math.max(0, all.size() - 1 - back));
    }

    /** What has happened, in words. */
    List<String> log() {
        return log;
    }

    /** How often what happened had an effect. */
    Map<String, Integer> effects() {
        return effects;
    }

    private void effect(String what) {
        effects.merge(what, 1, Integer::sum);
    }

    private void note(String what) {
        log.add("%5d ms %s".formatted((System.nanoTime() - began) / 1_000_000, what));
    }

    /** Lets all of it happen, then brings everything to quiet and judges it. */
    List<String> play(Oracle oracle) throws Exception {
        start(0);
        drop(0, life(0));
        until(bench::idle);
        foreigner.copy(life(0).name());
        Map<String, String> theirs = foreigner.belongings();
        for (Node node : nodes) {
            start(nodes.indexOf(node));
        }
        for (int n = 1; n < lives.size(); n++) {
            drop(n, life(n));
        }
        for (Scenario.Moment moment : scenario.moments()) {
            int before = bench.simulator().requests().all().size();
            until(() -> bench.simulator().requests().all().size() >= before + moment.requests() || bench.idle() || databaseDown
                    || nodes.stream().noneMatch(Node::works));
            note(moment.event().toString());
            moment.event().happen(this);
        }
        List<String> wrong = new ArrayList<>(end(oracle));
        if (!foreigner.belongings().equals(theirs)) {
            wrong.add("what is somebody else's was changed: %s -> %s".formatted(theirs, foreigner.belongings()));
        }
        wrong.addAll(foreigner.lost());
        if (!restored) {
            wrong.addAll(Strangers.of(bench, foreigner.own()));
        }
        postgres.ifPresent(server -> oracle.logs(contents()));
        wrong.addAll(oracle.lives(lives.stream().map(all -> all.get(all.size() - 1)).toList()).foreignIds(foreigner.own()).violations());
        return wrong;
    }

    /** Faults are over, every node works and has the right time; what failed last is dropped once more. */
    private List<String> end(Oracle oracle) throws Exception {
        startDatabase();
        bench.simulator().faults().clear();
        for (Node node : nodes) {
            node.setOff(Duration.ZERO);
            node.lifeline().disarm();
            node.lifeline().loosen();
            node.wire().ifPresent(wire -> wire.cut(Wire.Cut.NONE));
            bury();
            start(nodes.indexOf(node));
        }
        note("quiet");
        until(bench::idle);
        for (int n = 0; n < lives.size(); n++) {
            if (restored || bench.names("failed").contains(lastFiles.get(life(n).name()))) {
                drop(n, life(n));
            }
        }
        until(bench::idle);
        note("again");
        List<String> wrong = new ArrayList<>();
        for (int n = 0; n < lives.size(); n++) {
            String file = lastFiles.get(life(n).name());
            if (!bench.names("failed").contains(file)) {
                wrong.addAll(Bench.plan(nodes.get(0).main(), life(n).definition()));
                continue;
            }
            JsonNode error = Rig.JSON.readTree(bench.data().resolve("failed").resolve(file + ".error.json").toFile());
            String why = error.path("message").asText();
            // it names what stands in the way, or says what to provision first
            boolean isTold = ID.matcher(why).find() || why.contains("is not known yet");
            if (restored && error.path("category").asText().equals("conflict") && isTold) {
                note(file + " is refused: " + error.path("message").asText());
                oracle.refused(life(n).name());
                effect("rightly refused");
            } else {
                wrong.add("failed without a fault: " + file + " " + error);
            }
        }
        for (Node node : nodes) {
            node.stop();
        }
        note("stopped");
        return wrong;
    }

    /** Waits, and clears away the nodes that die meanwhile. */
    private void until(BooleanSupplier condition) throws IOException {
        AtomicBoolean met = new AtomicBoolean();
        while (!met.get()) {
            await().atMost(Bench.PATIENCE).pollInterval(Duration.ofMillis(10)).until(() -> {
                met.set(condition.getAsBoolean());
                return met.get() || nodes.stream().anyMatch(node -> node.isStarted() && node.lifeline().isDead());
            });
            bury();
        }
    }

    private void bury() throws IOException {
        for (Node node : nodes) {
            if (node.isStarted() && node.lifeline().isDead()) {
                note("(node %d is dead)".formatted(nodes.indexOf(node)));
                effect("killed at a point");
                node.kill();
            }
        }
    }

    /** An earlier file of the dataflow has its place before another is dropped: the order of those that wait is not promised. */
    void drop(int dataflow, Life next) throws Exception {
        String name = next.name();
        String before = lastFiles.getOrDefault(name, "");
        while (bench.names("inbox").contains(before)) {
            if (nodes.stream().noneMatch(Node::works) || databaseDown) {
                startDatabase();
                Node first = nodes.stream().filter(node -> !node.isStarted()).findFirst().orElse(nodes.get(0));
                first.lifeline().loosen();
                start(nodes.indexOf(first));
            }
            until(() -> !bench.names("inbox").contains(before) || nodes.stream().noneMatch(Node::works));
        }
        if (!before.isEmpty()) {
            lives.get(dataflow).add(next);
        }
        String file = "%s, %d.yaml".formatted(name, bench.dropped().size());
        lastFiles.put(name, file);
        note("  %s: %s".formatted(file, next));
        effect("definition dropped");
        bench.drop(file, next.definition());
    }

    void start(int number) throws Exception {
        if (!node(number).isStarted()) {
            node(number).start();
            effect("started");
        }
    }

    void stop(int number) {
        if (node(number).works()) {
            node(number).stop();
            effect("stopped");
        }
    }

    void kill(int number) throws IOException {
        if (node(number).isStarted()) {
            effect(bench.idle() ? "killed at rest" : "killed at work");
            node(number).kill();
        }
    }

    void wake(int number) throws Exception {
        Node sleeper = node(number);
        if (sleeper.isStarted() && sleeper.lifeline().isAsleep()) {
            startDatabase();
            start((number + 1) % nodes.size());
            until(() -> bench.idle() || nodes.stream().noneMatch(Node::works));
            sleeper.lifeline().loosen();
            effect("woken after its lease");
        }
    }

    void stopDatabase() throws Exception {
        for (Node node : nodes) {
            node.disconnect();
        }
        effect(databaseDown ? "database still down" : "database down");
        databaseDown = true;
        sql("postgres", "select pg_terminate_backend(pid) from pg_stat_activity where datname = '" + database + "'");
    }

    void startDatabase() throws IOException {
        for (Node node : nodes) {
            node.connect();
        }
        databaseDown = false;
    }

    void outage() throws IOException {
        effect("outage");
        int before = bench.simulator().refusedConnections();
        bench.simulator().outage(true);
        until(() -> bench.simulator().refusedConnections() > before + 1 || bench.idle() || databaseDown
                || nodes.stream().noneMatch(Node::works));
        bench.simulator().outage(false);
    }

    void strike(int dataflow, Step step) {
        Life life = life(dataflow);
        List<ObjectNode> there = bench.platform().all(step).stream()
                .filter(one -> step.nameOf(one).startsWith(step.name(life.name()))).toList();
        if (!there.isEmpty() && !(life.isAbsent() && step == Step.FLOW)) {
            foreigner.strike(step, step.idOf(there.get(there.size() - 1)));
            effect("foreign change");
        }
    }

    void copyLedger(int number) throws Exception {
        stop(number);
        if (!node(number).isStarted()) {
            Path copy = bench.data().resolveSibling("%s-copy-%d".formatted(bench.data().getFileName(), copies.size()));
            copyFiles(bench.data().resolve("ledger"), copy);
            copies.add(copy);
            effect("ledger copied");
            start(number);
        }
    }

    void restoreLedger(int number, int back) throws Exception {
        if (copies.size() >= back) {
            stop(number);
            Path ledger = bench.data().resolve("ledger");
            for (Path file : list(ledger)) {
                Files.delete(file);
            }
            copyFiles(copies.get(copies.size() - back), ledger);
            restored = true;
            effect("older ledger restored");
            start(number);
        }
    }

    private static void copyFiles(Path from, Path to) throws IOException {
        Files.createDirectories(to);
        for (Path file : list(from)) {
            Files.copy(file, to.resolve(file.getFileName()));
        }
    }

    private static List<Path> list(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.toList();
        }
    }

    /** A request of ours by which something is made, changed or deleted. */
    static boolean isWrite(Request request) {
        return !request.method().equals("GET") && request.path().startsWith("/data/") && !request.path().endsWith("/validate")
                && request.header(Foreigner.HEADER).isEmpty();
    }

    /** All that the database holds. */
    private String contents() {
        StringBuilder all = new StringBuilder();
        try (Connection connection = postgres.orElseThrow().getDatabase("postgres", database).getConnection();
                Statement statement = connection.createStatement()) {
            Set<String> tables = new HashSet<>();
            try (ResultSet names = statement.executeQuery("select tablename from pg_tables where schemaname = 'public'")) {
                while (names.next()) {
                    tables.add(names.getString(1));
                }
            }
            for (String table : tables) {
                try (ResultSet rows = statement.executeQuery("select t::text from " + table + " t")) {
                    while (rows.next()) {
                        all.append(rows.getString(1)).append('\n');
                    }
                }
            }
            return all.toString();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private void sql(String of, String statement) throws IOException, SQLException {
        try (Connection connection = postgres.orElseThrow().getDatabase("postgres", of).getConnection();
                Statement run = connection.createStatement()) {
            run.execute(statement);
        }
    }

    @Override
    public void close() throws IOException, SQLException {
        for (Node node : nodes) {
            if (node.isStarted()) {
                node.kill();
            }
            node.disconnect();
        }
        bench.close();
        if (postgres.isPresent()) {
            sql("postgres", "drop database " + database + " with (force)");
        }
    }
}
