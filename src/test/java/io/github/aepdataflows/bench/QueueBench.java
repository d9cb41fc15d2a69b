package io.github.aepdataflows.bench;

import static org.awaitility.Awaitility.await;

import io.github.aepdataflows.simulator.Options;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import jakarta.jms.BytesMessage;
import jakarta.jms.Connection;
import jakarta.jms.JMSException;
import jakarta.jms.Message;
import jakarta.jms.MessageConsumer;
import jakarta.jms.MessageProducer;
import jakarta.jms.Session;
import jakarta.jms.TextMessage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.activemq.artemis.jms.client.ActiveMQConnectionFactory;

/**
 * Definitions from a real broker, on nodes of their own JVMs with one ledger in PostgreSQL, while nodes and the broker are killed and
 * messages come twice. As a program: figures for 1, 2 and 3 nodes, then the kills.
 *
 * <pre>
 * mvn -q test-compile exec:exec@queue -Dqueue.messages=2000 -Dqueue.kills=60
 * </pre>
 */
final class QueueBench implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofHours(1);
    private static final Duration LATENCY = Duration.ofMillis(50);
    private static final int WARM = 24;
    /** One of so many messages is no definition; one is sent twice; one kill is that of the broker. */
    private static final int POISON = 40;
    private static final int TWICE = 8;
    private static final int OF_THE_BROKER = 6;

    private final Bench bench;
    private final EmbeddedPostgres postgres;
    private final BrokerProcess broker;
    private final ActiveMQConnectionFactory clients;
    private final Path folder;
    private final List<Child> nodes = new ArrayList<>();
    private final Map<String, String> sent = new LinkedHashMap<>();
    private final Set<String> answered = ConcurrentHashMap.newKeySet();
    private final Set<String> dead = ConcurrentHashMap.newKeySet();
    private final Random random;
    private Session sender;
    private volatile boolean over;

    QueueBench(Path folder, long seed) throws IOException {
        this.folder = folder;
        this.random = new Random(seed);
        this.postgres = EmbeddedPostgres.start();
        this.broker = BrokerProcess.start(Files.createDirectories(folder.resolve("broker")));
        this.clients = new ActiveMQConnectionFactory(broker.url() + "?reconnectAttempts=-1&retryInterval=200&callTimeout=5000");
        this.bench = new Bench(folder.resolve("data"), Options.defaults().withLatency(LATENCY))
                .set("aep.ledger.url", postgres.getJdbcUrl("postgres", "postgres").replaceFirst("\\?.*", ""))
                .set("aep.ledger.user", "postgres").set("aep.inbox.enabled", "false").set("aep.jms.enabled", "true")
                .set("aep.jms.url", broker.url() + "?consumerWindowSize=0").set("aep.jms.pause", "200").set("aep.rate", "1000");
        for (String queue : BrokerProcess.QUEUES.subList(1, BrokerProcess.QUEUES.size())) {
            Thread reader = new Thread(() -> read(queue), "bench-" + queue);
            reader.setDaemon(true);
            reader.start();
        }
    }

    void startNode() throws IOException {
        nodes.add(startNode(nodes.size()));
    }

    private Child startNode(int number) throws IOException {
        return Child.start(bench, Map.of("aep.data-dir", folder.resolve("node-" + number).toString()));
    }

    /** What has become of messages, until the bench is over; the broker may go and come. */
    private void read(String queue) {
        while (!over) {
            try (Connection connection = clients.createConnection(); Session session = connection.createSession()) {
                connection.start();
                MessageConsumer consumer = session.createConsumer(session.createQueue(queue));
                while (!over) {
                    Message message = consumer.receive(1000);
                    if (message != null && queue.equals("aep-results")) {
                        answered.add(message.getJMSCorrelationID());
                    } else if (message != null) {
                        dead.add(text(message));
                    }
                }
            } catch (JMSException e) {
                pause(100);
            }
        }
    }

    private static String text(Message message) throws JMSException {
        return message instanceof TextMessage text ? text.getText()
                : new String(((BytesMessage) message).getBody(byte[].class), StandardCharsets.UTF_8);
    }

    private static void pause(long millis) {
        await().pollDelay(Duration.ofMillis(millis)).atMost(Duration.ofMillis(millis).plusMinutes(1)).until(() -> true);
    }

    /** Sends so many definitions, and says which; what the broker has not confirmed is sent again. */
    List<String> send(int count, String name, boolean withTrouble) throws IOException {
        List<String> dataflows = new ArrayList<>();
        for (int n = 0; n < count; n++) {
            String dataflow = "%s %04d".formatted(name, n);
            boolean poison = withTrouble && n % POISON == POISON - 1;
            String definition = poison ? "name: " + dataflow : Definitions.customerSuccess(dataflow);
            if (!poison) {
                Definitions.addTable(bench.simulator(), definition);
                dataflows.add(dataflow);
            }
            sent.put(dataflow, definition);
            for (int copy = withTrouble && n % TWICE == 0 ? 2 : 1; copy > 0; copy--) {
                sendOne(dataflow, definition);
            }
        }
        return dataflows;
    }

    /** On one connection, as long as it lasts. */
    private void sendOne(String dataflow, String definition) {
        for (boolean confirmed = false; !confirmed;) {
            try {
                if (sender == null) {
                    sender = clients.createConnection().createSession();
                }
                TextMessage message = sender.createTextMessage(definition);
                message.setJMSCorrelationID(dataflow);
                message.setStringProperty("JMSXGroupID", dataflow);
                try (MessageProducer producer = sender.createProducer(sender.createQueue("aep-definitions"))) {
                    producer.send(message);
                }
                confirmed = true;
            } catch (JMSException e) {
                sender = null;
                pause(200);
            }
        }
    }

    int answered() {
        return answered.size();
    }

    void awaitAll() {
        await().atMost(PATIENCE).pollInterval(Duration.ofMillis(20)).until(() -> answered.containsAll(sent.keySet()));
    }

    /** Kills it, and starts it again at once. */
    void killBroker() throws IOException {
        broker.kill();
        broker.start();
    }

    /** The same, any of them. */
    void killNode() throws IOException {
        int number = random.nextInt(nodes.size());
        nodes.get(number).kill();
        nodes.set(number, startNode(number));
    }

    /** What is not as it has to be. */
    List<String> violations(List<String> dataflows) {
        List<String> wrong = new ArrayList<>();
        Platform platform = bench.platform();
        for (String dataflow : dataflows) {
            for (Step step : Definitions.steps(sent.get(dataflow))) {
                int count = platform.resources(step, dataflow).size();
                if (count != 1) {
                    wrong.add("%d of %s of %s".formatted(count, step.key(), dataflow));
                }
            }
        }
        sent.forEach((dataflow, definition) -> {
            boolean poison = !dataflows.contains(dataflow) && definition.startsWith("name:");
            if (poison && !dead.contains(definition)) {
                wrong.add("no dead letter for " + dataflow);
            }
        });
        return wrong;
    }

    String log() {
        return nodes.isEmpty() ? "" : nodes.get(0).log();
    }

    @Override
    public void close() throws IOException {
        over = true;
        nodes.forEach(Child::close);
        clients.close();
        broker.close();
        bench.close();
        postgres.close();
    }

    /** Messages and kills by {@code -Dqueue.messages} and {@code -Dqueue.kills}. */
    public static void main(String[] arguments) throws Exception {
        int messages = Integer.getInteger("queue.messages", 2000);
        int kills = Integer.getInteger("queue.kills", 60);
        long seed = Long.getLong("seed", 20_261_127);
        Path folder = Files.createTempDirectory("queue-bench");
        List<String> violations;
        try (QueueBench queue = new QueueBench(folder, seed)) {
            queue.bench.set("aep.call-timeout", "6s").set("aep.response-timeout", "5s");   // of a busy machine
            for (int count = 1; count <= 3; count++) {
                queue.startNode();
                queue.send(WARM * count, "Warm " + count, false);
                queue.awaitAll();
                int measured = Math.max(WARM, messages / 20) * count;
                long begun = System.nanoTime();
                queue.send(measured, "Measured " + count, false);
                queue.awaitAll();
                System.out.printf("%d nodes, 50 ms: %.1f dataflows/s (%d)%n", count, measured * 1e9 / (System.nanoTime() - begun),
                        measured);
            }
            long begun = System.nanoTime();
            int before = queue.answered();
            Thread killer = new Thread(() -> {
                for (int n = 0; n < kills && !queue.over; n++) {
                    int next = before + (int) (messages * (n + queue.random.nextDouble()) / kills);
                    await().atMost(PATIENCE).pollInterval(Duration.ofMillis(20)).until(() -> queue.answered() >= next);
                    try {
                        if (n % OF_THE_BROKER == OF_THE_BROKER - 1) {
                            queue.killBroker();
                        } else {
                            queue.killNode();
                        }
                    } catch (IOException e) {
                        throw new IllegalStateException(e);
                    }
                    System.out.printf("kill %d, %d answered%n", n + 1, queue.answered() - before);
                }
            }, "bench-killer");
            killer.setDaemon(true);
            killer.start();
            List<String> dataflows = queue.send(messages, "Killed", true);
            queue.awaitAll();
            killer.join();
            violations = queue.violations(dataflows);
            System.out.printf("%d messages, %d kills, %.0f s: %d answered, %d dead letters, %d violations %s%n", messages, kills,
                    (System.nanoTime() - begun) / 1e9, queue.answered(), queue.dead.size(), violations.size(), violations);
        }
        System.exit(violations.isEmpty() ? 0 : 1);
    }
}
