package io.github.aepdataflows.intake;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.Processor;

/**
 * Receives a message of a queue. Out: variables {@code aepMessage}, the definitions as they were sent, absent where the message is neither
 * text nor bytes and was not read, and {@code aepReply}. No header is left. It is no bean that is called, as Camel reads a message before
 * it calls one.
 */
public final class Messages implements Processor {

    /**
     * What is answered with, by headers of the message, which may be null.
     *
     * @param correlation the id of the message where it has none
     */
    public record Reply(Object to, Object group, Object correlation) {
    }

    private static final byte[] NOTHING = {};

    @Override
    public void process(Exchange exchange) {
        Message message = exchange.getMessage();
        Object replyTo = message.getHeader("JMSReplyTo");
        Object group = message.getHeader("JMSXGroupID");
        Object correlation = message.getHeader("JMSCorrelationID", message.getHeader("JMSMessageID"));
        exchange.setVariable("aepReply", new Reply(replyTo, group, correlation));
        message.removeHeaders("*");
        exchange.setVariable("aepMessage", content(message));
    }

    private static byte[] content(Message message) {
        try {
            Object body = message.getBody();
            return body == null ? NOTHING : body instanceof String text ? text.getBytes(StandardCharsets.UTF_8)
                    : body instanceof byte[] bytes ? bytes : null;
        } catch (RuntimeException e) {
            return null;   // no object is made of what it holds
        }
    }

    /** The answer to a message that was not read: JSON as of {@code direct:aep-provision-all}. */
    public String refusal() {
        ObjectNode answer = JsonNodeFactory.instance.objectNode();
        answer.put("definitions", 0).putObject("outcomes").put("failed", 1);
        answer.putArray("dataflows").addObject().put("outcome", "failed").put("category", "definition")
                .put("message", "the message is neither text nor bytes, and was not read");
        return answer.toPrettyString();
    }
}
