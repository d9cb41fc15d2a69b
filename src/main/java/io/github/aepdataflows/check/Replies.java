package io.github.aepdataflows.check;

import com.fasterxml.jackson.databind.JsonNode;
import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.github.aepdataflows.definition.Definition;
import io.github.aepdataflows.platform.Answers;
import io.github.aepdataflows.platform.PlatformException;
import io.github.aepdataflows.settings.Settings;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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
    private final Cache<String, String> ids;
    private final Answers answers;

    public Replies(Settings settings, Answers answers) {
        this.answers = answers;
        this.ids = Caffeine.newBuilder().maximumSize(MOST).expireAfterWrite(settings.duration("aep.check-lifetime")).build();
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
                heard = heard.fromMemory();
                heard(exchange).put(question.key(), heard);
            }
        }
        if (heard != null && heard.remembered()) {
            examination.hearsay();
        }
        return heard;
    }

    /** Whether there is a question to which no answer is known. */
    public boolean isAsked(@Variable("aepQuestion") Question question, @Variable("aepReply") Reply reply) {
        return question != null && reply == null;
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
        boolean passing = reply.document().path("result").asBoolean(true);   // a test that fails today may succeed tomorrow
        if (question.isRemembered() && passing) {
            byLifetime.get(question.lifetime()).put(question.key(), reply);
        }
        return reply;
    }

    /** What schema and dataset the definition means by name, as far as that was looked up lately. */
    public void recallNames(@Variable("aepExamination") Examination examination) {
        Definition.Target target = examination.definition().target();
        Optional.ofNullable(ids.getIfPresent("schema " + target.schema().title())).filter(id -> examination.isSchemaNamed()).ifPresent(id -> {
            examination.schemaIs(id);
            examination.hearsay();
        });
        Optional.ofNullable(ids.getIfPresent("dataset " + target.dataset().name())).filter(id -> examination.isDatasetNamed()).ifPresent(id -> {
            examination.datasetIs(id);
            examination.hearsay();
        });
    }

    public void rememberNames(@Variable("aepExamination") Examination examination) {
        Definition.Target target = examination.definition().target();
        if (target.schema().exists() && target.schema().id().isEmpty()) {
            examination.schemaId().ifPresent(id -> ids.put("schema " + target.schema().title(), id));
        }
        if (target.dataset().exists() && target.dataset().id().isEmpty()) {
            examination.datasetId().ifPresent(id -> ids.put("dataset " + target.dataset().name(), id));
        }
    }

    /** Everything that was heard for the definition in work is asked anew the next time. */
    public void forget(Exchange exchange, @Variable("aepDefinition") Definition definition) {
        ids.invalidate("schema " + definition.target().schema().title());
        ids.invalidate("dataset " + definition.target().dataset().name());
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
