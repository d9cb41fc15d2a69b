package io.github.aepdataflows.check;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.github.aepdataflows.definition.Definition;
import io.github.aepdataflows.platform.PlatformException;
import io.github.aepdataflows.resource.LookupResult;
import io.github.aepdataflows.settings.Settings;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.apache.camel.Exchange;
import org.apache.camel.Variable;

/**
 * Keeps what was answered: for all definitions as long as a setting says, and for the one in work until it is done, so that a
 * check that failed half-way goes on where it was.
 */
public final class ReplyCache {

    static final List<String> LIFETIMES = List.of("aep.flow-spec-lifetime", "aep.check-lifetime");

    private static final String REPLIES = "aepReplies";
    private static final long MOST = 2_000;

    private final Map<String, Cache<String, LookupResult>> byLifetime;
    private final Cache<String, String> ids;

    public ReplyCache(Settings settings) {
        this.ids = Caffeine.newBuilder().maximumSize(MOST).expireAfterWrite(settings.duration("aep.check-lifetime")).build();
        this.byLifetime = LIFETIMES.stream().collect(Collectors.toMap(lifetime -> lifetime, lifetime -> Caffeine.newBuilder()
                .maximumSize(MOST).expireAfterWrite(settings.duration(lifetime)).build()));
    }

    /** What is known without asking; null when it has to be asked, or there is nothing to ask. */
    public LookupResult known(Exchange exchange, @Variable("aepCachedLookup") CachedLookup lookup,
            @Variable(CheckResult.VARIABLE) CheckResult check) {
        if (lookup == null) {
            return null;
        }
        LookupResult known = replies(exchange).get(lookup.key());
        if (known == null && lookup.isCached()) {
            known = byLifetime.get(lookup.lifetime()).getIfPresent(lookup.key());
            if (known != null) {
                known = known.fromCache();
                replies(exchange).put(lookup.key(), known);
            }
        }
        if (known != null && known.cached()) {
            check.cached();
        }
        return known;
    }

    /** Whether there is something to ask to which no answer is known. */
    public boolean isAsked(@Variable("aepCachedLookup") CachedLookup lookup, @Variable("aepResult") LookupResult known) {
        return lookup != null && known == null;
    }

    /**
     * Keeps what was answered just now. That there is nothing is an answer, too.
     *
     * @throws PlatformException UNKNOWN when it is none
     */
    public void keep(Exchange exchange, @Variable("aepCachedLookup") CachedLookup lookup, @Variable("aepResult") LookupResult result)
            throws PlatformException {
        if (result.isFound() && !lookup.fits().test(result.document())) {
            throw PlatformException.unusable("GET", "the answer is not what was asked for: " + lookup.lookup().path());
        }
        replies(exchange).put(lookup.key(), result);
        boolean passing = result.document().path("result").asBoolean(true);   // a test that fails today may succeed tomorrow
        if (result.isFound() && lookup.isCached() && passing) {
            byLifetime.get(lookup.lifetime()).put(lookup.key(), result);
        }
    }

    /** What schema and dataset the definition means by name, as far as that was looked up lately. */
    public void recallNames(@Variable(CheckResult.VARIABLE) CheckResult check) {
        Definition.Target target = check.definition().target();
        Optional.ofNullable(ids.getIfPresent("schema " + target.schema().title())).filter(id -> check.isSchemaNamed()).ifPresent(id -> {
            check.schemaIs(id);
            check.cached();
        });
        Optional.ofNullable(ids.getIfPresent("dataset " + target.dataset().name())).filter(id -> check.isDatasetNamed()).ifPresent(id -> {
            check.datasetIs(id);
            check.cached();
        });
    }

    public void rememberNames(@Variable(CheckResult.VARIABLE) CheckResult check) {
        Definition.Target target = check.definition().target();
        if (target.schema().exists() && target.schema().id().isEmpty()) {
            check.schemaId().ifPresent(id -> ids.put("schema " + target.schema().title(), id));
        }
        if (target.dataset().exists() && target.dataset().id().isEmpty()) {
            check.datasetId().ifPresent(id -> ids.put("dataset " + target.dataset().name(), id));
        }
    }

    /** Everything that was answered for the definition in work is asked anew the next time. */
    public void forget(Exchange exchange, @Variable("aepDefinition") Definition definition) {
        ids.invalidate("schema " + definition.target().schema().title());
        ids.invalidate("dataset " + definition.target().dataset().name());
        List.copyOf(replies(exchange).keySet()).forEach(key -> byLifetime.values().forEach(cache -> cache.invalidate(key)));
        replies(exchange).clear();
    }

    /** What was last said of something that changes by itself is asked anew. */
    static void evict(Exchange exchange, CachedLookup lookup) {
        replies(exchange).remove(lookup.key());
    }

    /** Nothing was answered yet for the definition that is begun now. */
    public static void begin(Exchange exchange) {
        exchange.setVariable(REPLIES, new HashMap<String, LookupResult>());
    }

    @SuppressWarnings("unchecked")
    private static Map<String, LookupResult> replies(Exchange exchange) {
        return exchange.getVariable(REPLIES, Map.class);
    }
}
