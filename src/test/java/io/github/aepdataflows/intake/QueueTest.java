package io.github.aepdataflows.intake;

import static java.util.concurrent.TimeUnit.MINUTES;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.aepdataflows.Rig;
import io.github.aepdataflows.simulator.Fault;
import io.github.aepdataflows.simulator.Options;
import jakarta.jms.JMSConsumer;
import jakarta.jms.JMSContext;
import jakarta.jms.JMSProducer;
import jakarta.jms.Message;
import jakarta.jms.ObjectMessage;
import jakarta.jms.TemporaryQueue;
import java.io.ObjectInputStream;
import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.activemq.artemis.api.core.QueueConfiguration;
import org.apache.activemq.artemis.api.core.RoutingType;
import org.apache.activemq.artemis.api.core.SimpleString;
import org.apache.activemq.artemis.core.config.Configuration;
import org.apache.activemq.artemis.core.config.impl.ConfigurationImpl;
import org.apache.activemq.artemis.core.server.embedded.EmbeddedActiveMQ;
import org.apache.activemq.artemis.core.settings.impl.AddressSettings;
import org.apache.activemq.artemis.jms.client.ActiveMQConnectionFactory;
import org.apache.camel.spi.CamelEvent;
import org.apache.camel.spi.RouteController;
import org.apache.camel.support.EventNotifierSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code routes/jms.camel.yaml} with a broker: what becomes of messages, and of their dataflows at the Platform. */
class QueueTest {

    private static final String BROKER = "vm://7";
    private static final long PATIENCE = 30_000;
    private static final AtomicBoolean READ = new AtomicBoolean();

    private static EmbeddedActiveMQ broker;
    private static ActiveMQConnectionFactory connections;
    private static JMSContext jms;
    private static Rig rig;

    /** It notes when somebody makes it of bytes. */
    private static final class Gadget implements Serializable {

        private static final long serialVersionUID = 1;

        private void readObject(ObjectInputStream in) {
            READ.set(true);
        }
    }

    @BeforeAll
    static void start(@TempDir Path data) throws Exception {
        Configuration configuration = new ConfigurationImpl().setPersistenceEnabled(false).setSecurityEnabled(false)
                .addAcceptorConfiguration("in-vm", BROKER)
                .addAddressSetting("#", new AddressSettings().setRedeliveryDelay(0).setMaxDeliveryAttempts(2)
                        .setDeadLetterAddress(SimpleString.of("dead"))
                        .setAutoCreateQueues(false).setAutoCreateAddresses(false));
        for (String queue : List.of("aep-definitions", "aep-results", "aep-dead-letters", "replies", "dead")) {
            configuration.addQueueConfiguration(queue(queue));
        }
        broker = new EmbeddedActiveMQ().setConfiguration(configuration).start();
        connections = new ActiveMQConnectionFactory(BROKER);
        jms = connections.createContext();
        rig = Rig.start(data, Options.defaults(), Map.of("aep.jms.enabled", "true", "aep.jms.url", BROKER, "aep.jms.user", "aep",
                "aep.jms.password", Rig.MARKER, "aep.jms.pause", "50", "aep.redelivery.max", "0", "aep.inbox.enabled", "false"));
    }

    private static QueueConfiguration queue(String name) {
        return QueueConfiguration.of(name).setRoutingType(RoutingType.ANYCAST);
    }

    /** A session belongs to its consumer's thread: what another one sends is not in the transaction. */
    @Test
    void should_answer_on_the_thread_of_the_consumer() throws Exception {
        Queue<String> threads = new ConcurrentLinkedQueue<>();
        EventNotifierSupport notifier = new EventNotifierSupport() {
            @Override
            public void notify(CamelEvent event) {
                if (event instanceof CamelEvent.ExchangeSendingEvent sending
                        && sending.getEndpoint().getEndpointUri().contains("aep-results")) {
                    threads.add(Thread.currentThread().getName());
                }
            }
        };
        rig.main().getCamelContext().getManagementStrategy().addEventNotifier(notifier);
        send(definition("Threads"));
        assertThat(result().at("/outcomes/created").asInt()).isEqualTo(1);
        rig.main().getCamelContext().getManagementStrategy().removeEventNotifier(notifier);

        assertThat(threads).singleElement().asString().contains("JmsConsumer[aep-definitions]");
    }

    @AfterEach
    void restore() {
        rig.simulator().faults().clear();
    }

    @AfterAll
    static void stop() throws Exception {
        rig.close();
        jms.close();
        connections.close();
        broker.stop();
    }

    private static String definition(String name) throws Exception {
        return Rig.example("customer-success").replaceFirst("(?m)^name: .*$", "name: " + name)
                .replace("Target schema for customer success", name + " schema")
                .replace("Target dataset for customer success", name + " dataset");
    }

    private static JMSProducer producer() {
        return jms.createProducer();
    }

    private static void send(String definition) {
        producer().send(jms.createQueue("aep-definitions"), definition);
    }

    private static Message next(String queue) {
        try (JMSConsumer consumer = jms.createConsumer(jms.createQueue(queue))) {
            Message message = consumer.receive(PATIENCE);
            assertThat(message).as("a message in %s", queue).isNotNull();
            return message;
        }
    }

    private static JsonNode result() throws Exception {
        return Rig.json(next("aep-results").getBody(String.class));
    }

    private static List<JsonNode> flows(String name) {
        return rig.resources("flows").stream().filter(flow -> flow.path("name").asText().equals(name)).map(JsonNode.class::cast).toList();
    }

    @AfterEach
    void leave_nothing() throws Exception {
        for (String queue : List.of("aep-definitions", "aep-results", "aep-dead-letters", "replies", "dead")) {
            assertThat(broker.getActiveMQServer().locateQueue(queue).deleteAllReferences()).as(queue).isZero();
        }
    }

    private static long waiting(String queue) {
        return broker.getActiveMQServer().locateQueue(queue).getMessageCount();
    }

    @Test
    void should_make_one_dataflow_of_a_message_that_comes_twice() throws Exception {
        producer().setJMSCorrelationID("one").send(jms.createQueue("aep-definitions"), definition("Queued"));
        Message first = next("aep-results");
        producer().send(jms.createQueue("aep-definitions"), definition("Queued").getBytes(StandardCharsets.UTF_8));

        assertThat(first.getJMSCorrelationID()).isEqualTo("one");
        assertThat(Rig.json(first.getBody(String.class)).at("/outcomes/created").asInt()).isEqualTo(1);
        assertThat(result().at("/outcomes/unchanged").asInt()).isEqualTo(1);
        assertThat(flows("Queued")).hasSize(1);
    }

    @Test
    void should_answer_where_the_message_says_and_keep_what_is_refused_with_the_reason() throws Exception {
        producer().setJMSReplyTo(jms.createQueue("replies")).setProperty("JMSXGroupID", "g")
                .send(jms.createQueue("aep-definitions"), "name: Nothing else");

        assertThat(next("replies").getBody(String.class)).contains("\"failed\"");
        Message refused = next("aep-dead-letters");
        assertThat(new String(refused.getBody(byte[].class), StandardCharsets.UTF_8)).isEqualTo("name: Nothing else");
        assertThat(Rig.json(refused.getStringProperty("aepError")).toString()).contains("apiVersion");
        assertThat(refused.getStringProperty("JMSXGroupID")).isEqualTo("g");
    }

    @Test
    void should_answer_in_the_queue_of_results_when_nobody_waits_for_the_reply_any_more() throws Exception {
        TemporaryQueue gone = jms.createTemporaryQueue();
        gone.delete();
        producer().setJMSReplyTo(gone).send(jms.createQueue("aep-definitions"), definition("Impatient"));

        assertThat(result().at("/outcomes/created").asInt()).isEqualTo(1);
    }

    @Test
    void should_work_off_the_messages_of_a_dataflow_in_their_order() throws Exception {
        for (int minutes : List.of(15, 30, 45, 60)) {
            producer().setProperty("JMSXGroupID", "Ordered").send(jms.createQueue("aep-definitions"),
                    definition("Ordered").replaceFirst("interval: \\d+", "interval: " + minutes));
        }

        assertThat(result().at("/outcomes/created").asInt()).isEqualTo(1);
        for (int change = 0; change < 3; change++) {
            assertThat(result().at("/outcomes/updated").asInt()).isEqualTo(1);
        }
        assertThat(flows("Ordered")).singleElement().matches(flow -> flow.at("/scheduleParams/interval").asInt() == 60);
    }

    @Test
    void should_keep_a_message_in_hand_while_the_platform_is_out_of_reach() throws Exception {
        AtomicInteger refused = new AtomicInteger();
        rig.simulator().faults().when(request -> request.method().equals("GET") && refused.incrementAndGet() > 0, Fault.status(503));
        send(definition("Patient"));
        await().atMost(1, MINUTES).until(() -> refused.get() > 4);
        rig.simulator().faults().clear();

        assertThat(result().at("/outcomes/created").asInt()).isEqualTo(1);
        assertThat(flows("Patient")).hasSize(1);
    }

    @Test
    void should_not_read_an_object_nor_take_over_headers() throws Exception {
        producer().setProperty("AepFlowId", "forged").send(jms.createQueue("aep-definitions"), new Gadget());
        assertThat(result().at("/dataflows/0/message").asText()).contains("neither text nor bytes");
        assertThat(next("aep-dead-letters")).isInstanceOf(ObjectMessage.class);
        assertThat(READ).isFalse();

        producer().send(jms.createQueue("aep-definitions"), Map.of("name", "a map"));
        assertThat(result().at("/outcomes/failed").asInt()).isEqualTo(1);
        next("aep-dead-letters");

        producer().setProperty("CamelHttpUri", "http://127.0.0.1:1/").send(jms.createQueue("aep-definitions"), definition("Headers"));
        assertThat(result().at("/outcomes/created").asInt()).isEqualTo(1);
    }

    @Test
    void should_send_nothing_of_a_message_that_it_hands_back() throws Exception {
        broker.getActiveMQServer().destroyQueue(SimpleString.of("aep-dead-letters"));
        send("name: Nothing else");

        assertThat(next("dead").getBody(String.class)).isEqualTo("name: Nothing else");
        assertThat(waiting("aep-results")).as("sent in the transaction that was rolled back").isZero();
        broker.getActiveMQServer().createQueue(queue("aep-dead-letters"));
        RouteController routes = rig.main().getCamelContext().getRouteController();
        routes.stopRoute("aep-jms");   // its consumers connect anew after a failure, and what they have in hand comes again
        routes.startRoute("aep-jms");
    }
}
