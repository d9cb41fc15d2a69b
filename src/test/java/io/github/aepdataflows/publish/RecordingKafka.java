package io.github.aepdataflows.publish;

import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.camel.Consumer;
import org.apache.camel.Endpoint;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.camel.Producer;
import org.apache.camel.support.DefaultComponent;
import org.apache.camel.support.DefaultEndpoint;
import org.apache.camel.support.DefaultProducer;

/** In the place of camel-kafka: keeps what it is configured with and what is sent, and fails as it is told. */
public final class RecordingKafka extends DefaultComponent {

    /** @param key null where there is none */
    record Sent(String topic, String key, String value) {
    }

    /** Is asked before a record is taken. */
    interface Broker {
        void take(Sent sent) throws Exception;
    }

    private final Map<String, Object> configuration = new HashMap<>();
    final List<Sent> sent = new CopyOnWriteArrayList<>();
    volatile Broker broker = record -> { };

    void isDown() {
        broker = record -> {
            throw new IOException("no broker answers");
        };
    }

    public Map<String, Object> getConfiguration() {
        return configuration;
    }

    @Override
    protected Endpoint createEndpoint(String uri, String remaining, Map<String, Object> parameters) {
        return new DefaultEndpoint(uri, this) {
            @Override
            public Producer createProducer() {
                return new DefaultProducer(this) {
                    @Override
                    public void process(Exchange exchange) throws Exception {
                        Sent record = new Sent(remaining, exchange.getMessage().getHeader("CamelKafkaKey", String.class),
                                exchange.getMessage().getBody(String.class));
                        broker.take(record);
                        sent.add(record);
                    }
                };
            }

            @Override
            public Consumer createConsumer(Processor processor) {
                throw new UnsupportedOperationException();
            }
        };
    }
}
