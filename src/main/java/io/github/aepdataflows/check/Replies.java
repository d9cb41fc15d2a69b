package io.github.aepdataflows.check;

import com.fasterxml.jackson.databind.JsonNode;
import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.github.aepdataflows.platform.Answers;
import io.github.aepdataflows.platform.PlatformException;
import io.github.aepdataflows.settings.Settings;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.camel.Exchange;
import org.apache.camel.Variable;

/**
 * Remembers what was replied: for all definitions as long as a setting says, and for the one in work until it is done, so that a
 * check that failed half-way goes on where it was.
 */
public final class Replies {

    static final List<String> LIFETIMES = List.of("aep.flow-spec-lifetime", "aep.check-lifetime");

    private static final String HEARD = "aepHeard";
    private static final long MOST = 2_000;

    private final Map<String, Cache<String, Reply>> byLifetime;
    private final Answers answers;

    public Replies(Settings settings, Answers answers) {
        this.answers = answers;
        this.byLifetime = LIFETIMES.stream().collect(Collectors.toMap(lifetime -> lifetime, lifetime -> Caffeine.newBuilder()
                .maximumSize(MOST).expireAfterWrite(settings.duration(lifetime)).build()));
    }

    /** What is known without asking; null when it has to be asked. */
    public Reply known(Exchange exchange, @Variable("aepQuestion") Question question, @Variable("aepExamination") Examination examination) {
        if (question == null) {
            return null;
        }
        Reply heard = heard(exchange).get(question.key());
        if (heard == null && question.isRemembered()) {
            heard = byLifetime.get(question.lifetime()).getIfPresent(question.key());
            if (heard != null) {
                examination.hearsay();
                heard(exchange).put(question.key(), heard);
            }
        }
        return heard;
    }

    /**
     * In: variable {@code aepResponse}, the answer just come.
     *
     * @throws PlatformException UNKNOWN when it is none
     */
    public Reply answered(Exchange exchange, @Variable("aepQuestion") Question question) throws IOException {
        JsonNode document = answers.document(exchange.getVariable("aepResponse", byte[].class));
        if (!question.fits().test(document)) {
            throw PlatformException.unusable("GET", "the answer is not what was asked for: " + question.path());
        }
        return remember(exchange, question, Reply.of(document));
    }

    /** That there is nothing is a reply, too. In: the exception just caught. */
    public Reply refused(Exchange exchange, @Variable("aepQuestion") Question question) {
        PlatformException refusal = exchange.getProperty(Exchange.EXCEPTION_CAUGHT, PlatformException.class);
        Reply reply = Reply.refusal(refusal.getStatus(), refusal.getCode(), refusal.getText());
        heard(exchange).put(question.key(), reply);
        return reply;
    }

    private Reply remember(Exchange exchange, Question question, Reply reply) {
        heard(exchange).put(question.key(), reply);
        if (question.isRemembered()) {
            byLifetime.get(question.lifetime()).put(question.key(), reply);
        }
        return reply;
    }

    /** Everything that was heard for the definition in work is asked anew the next time. */
    public void forget(Exchange exchange) {
        List.copyOf(heard(exchange).keySet()).forEach(key -> byLifetime.values().forEach(cache -> cache.invalidate(key)));
        heard(exchange).clear();
    }

    /** What was last said of something that changes by itself is asked anew. */
    static void unhear(Exchange exchange, Question question) {
        heard(exchange).remove(question.key());
    }

    /** Nothing was heard yet for the definition that is begun now. */
    public static void begin(Exchange exchange) {
        exchange.setVariable(HEARD, new HashMap<String, Reply>());
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Reply> heard(Exchange exchange) {
        return exchange.getVariable(HEARD, Map.class);
    }
}
