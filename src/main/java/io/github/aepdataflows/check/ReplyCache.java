package io.github.aepdataflows.check;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.github.aepdataflows.definition.Definition;
import io.github.aepdataflows.platform.PlatformException;
import io.github.aepdataflows.resource.LookupResult;
import io.github.aepdataflows.settings.Settings;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.camel.Exchange;
import org.apache.camel.Variable;

/**
 * Keeps what was answered: for all definitions as long as a setting says, and for the one in work until it is done, so that a
 * check that failed half-way goes on where it was. What is asked anew for each definition is asked once for those of a file, for the same
 * time.
 */
public final class ReplyCache {

    static final List<String> LIFETIMES = List.of("aep.flow-spec-lifetime", "aep.check-lifetime");

    private static final String REPLIES = "aepReplies";
    private static final String OF_BATCH = "aepBatchReplies";
    private static final long MOST = 2_000;

    private final Map<String, Cache<String, LookupResult>> byLifetime;
    private final Cache<String, String> ids;
    private final Duration checkLifetime;

    public ReplyCache(Settings settings) {
        this.checkLifetime = settings.duration("aep.check-lifetime");
        this.ids = Caffeine.newBuilder().maximumSize(MOST).expireAfterWrite(checkLifetime).build();
        this.byLifetime = LIFETIMES.stream().collect(Collectors.toMap(lifetime -> lifetime, lifetime -> Caffeine.newBuilder()
                .maximumSize(MOST).expireAfterWrite(settings.duration(lifetime)).build()));
    }

    /** Whether there is something to be asked that is not known. */
    public boolean isUnknown(Exchange exchange, @Variable("aepCachedLookup") CachedLookup lookup,
            @Variable(CheckResult.VARIABLE) CheckResult check) {
        return lookup != null && known(exchange, lookup, check) == null;
    }

    /** What is known without asking; null when it has to be asked. */
    public LookupResult known(Exchange exchange, @Variable("aepCachedLookup") CachedLookup lookup,
            @Variable(CheckResult.VARIABLE) CheckResult check) {
        LookupResult known = replies(exchange).get(lookup.key());
        Optional<Cache<String, LookupResult>> cache = cache(exchange, lookup, check);
        if (known == null && cache.isPresent()) {
            known = cache.get().getIfPresent(lookup.key());
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

    /**
     * Keeps what was answered just now. That there is nothing is an answer, too.
     *
     * @throws PlatformException UNKNOWN when it is none
     */
    public void keep(Exchange exchange, @Variable("aepCachedLookup") CachedLookup lookup, @Variable("aepResult") LookupResult result,
            @Variable(CheckResult.VARIABLE) CheckResult check) throws PlatformException {
        String lacking = result.isFound() ? lookup.lacks(result.document()) : "";
        if (!lacking.isEmpty()) {
            throw PlatformException.unusable("GET", "the answer is not what was asked for, it has no such %s: %s".formatted(lacking,
                    lookup.lookup().path()));
        }
        replies(exchange).put(lookup.key(), result);
        boolean passing = result.document().path("result").asBoolean(true);   // a test that fails today may succeed tomorrow
        if (result.isFound() && passing) {
            cache(exchange, lookup, check).ifPresent(cache -> cache.put(lookup.key(), result));
        }
    }

    /** Keeps what was answered ahead of the question. Whatever is not there may be there once it is asked for. */
    public void keepFound(Exchange exchange, @Variable("aepCachedLookup") CachedLookup lookup, @Variable("aepResult") LookupResult result,
            @Variable(CheckResult.VARIABLE) CheckResult check) throws PlatformException {
        if (result.isFound()) {
            keep(exchange, lookup, result, check);
        }
    }

    /** Where a reply is kept for other definitions; empty for one about what was made just now, and is still changing. */
    private Optional<Cache<String, LookupResult>> cache(Exchange exchange, CachedLookup lookup, CheckResult check) {
        return lookup.isCached() ? Optional.of(byLifetime.get(lookup.lifetime()))
                : check == null || check.isMade() ? Optional.empty() : ofBatch(exchange);
    }

    /** The definitions that are provisioned with copies of this exchange are of one file. */
    public void beginBatch(Exchange exchange) {
        exchange.setVariable(OF_BATCH, Caffeine.newBuilder().maximumSize(MOST).expireAfterWrite(checkLifetime).build());
    }

    @SuppressWarnings("unchecked")
    private static Optional<Cache<String, LookupResult>> ofBatch(Exchange exchange) {
        return Optional.ofNullable(exchange.getVariable(OF_BATCH, Cache.class));
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
        check.titles().keys().forEach(key -> Optional.ofNullable(ids.getIfPresent(key)).ifPresent(id -> {
            check.titles().recall(key, id);
            check.cached();
        }));
    }

    public void rememberNames(@Variable(CheckResult.VARIABLE) CheckResult check) {
        Definition.Target target = check.definition().target();
        if (target.schema().exists() && target.schema().id().isEmpty()) {
            check.schemaId().ifPresent(id -> ids.put("schema " + target.schema().title(), id));
        }
        if (target.dataset().exists() && target.dataset().id().isEmpty()) {
            check.datasetId().ifPresent(id -> ids.put("dataset " + target.dataset().name(), id));
        }
        // one that is described can be made, and deleted, at any time
        target.schema().fieldGroups().stream().filter(group -> !group.isDescribed()).map(Definition.FieldGroup::name)
                .filter(check.names().groups()::containsKey)
                .forEach(title -> ids.put("field group " + title, check.names().groups().get(title)));
        if (!check.names().classId().isEmpty()) {
            ids.put("class " + target.schema().className(), check.names().classId());
        }
    }

    /** Everything that was answered for the definition in work is asked anew the next time. */
    public void forget(Exchange exchange, @Variable("aepDefinition") Definition definition) {
        ids.invalidate("schema " + definition.target().schema().title());
        ids.invalidate("dataset " + definition.target().dataset().name());
        ids.invalidate("class " + definition.target().schema().className());
        definition.target().schema().fieldGroups().forEach(group -> ids.invalidate("field group " + group.name()));
        List.copyOf(replies(exchange).keySet()).forEach(key -> Stream.concat(byLifetime.values().stream(), ofBatch(exchange).stream())
                .forEach(cache -> cache.invalidate(key)));
        replies(exchange).clear();
    }

    /** What was last said of something that changes by itself is asked anew. */
    static void evict(Exchange exchange, CachedLookup lookup) {
        replies(exchange).remove(lookup.key());
        ofBatch(exchange).ifPresent(cache -> cache.invalidate(lookup.key()));
    }

    /** Nothing was answered yet for the definition that is begun now. */
    public static void begin(Exchange exchange) {
        exchange.setVariable(REPLIES, new ConcurrentHashMap<String, LookupResult>());
    }

    @SuppressWarnings("unchecked")
    private static Map<String, LookupResult> replies(Exchange exchange) {
        return exchange.getVariable(REPLIES, Map.class);
    }
}
