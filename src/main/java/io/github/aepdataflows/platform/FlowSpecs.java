package io.github.aepdataflows.platform;

import com.fasterxml.jackson.databind.JsonNode;
import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.github.aepdataflows.definition.Definition;
import io.github.aepdataflows.settings.Settings;
import java.util.stream.StreamSupport;
import org.apache.camel.Variable;

/** The flow specs that were looked up lately, by name. They change with Adobe's releases, not with our dataflows. */
public final class FlowSpecs {

    private final Cache<String, JsonNode> byName;

    public FlowSpecs(Settings settings) {
        byName = Caffeine.newBuilder().expireAfterWrite(settings.duration("aep.flow-spec-lifetime")).build();
    }

    /** The flow spec; null when it has to be looked up. */
    public JsonNode cached(@Variable("aepDefinition") Definition definition) {
        return byName.getIfPresent(definition.source().flowSpec());
    }

    public void remember(@Variable("aepFlowSpec") JsonNode flowSpec) {
        byName.put(flowSpec.path("name").asText(), flowSpec);
    }

    /** Id of the flow spec, once it is sure that it runs the definition's source: the live list decides, not ours. */
    public String id(@Variable("aepFlowSpec") JsonNode flowSpec, @Variable("aepDefinition") Definition definition)
            throws PlatformException {
        JsonNode sources = flowSpec.path("sourceConnectionSpecIds");
        String source = definition.source().connectionSpecId();
        if (sources.isArray() && StreamSupport.stream(sources.spliterator(), false).noneMatch(id -> id.asText().equals(source))) {
            throw PlatformException.missing("flow spec %s does not run sources of connection spec %s"
                    .formatted(flowSpec.path("name").asText(), source));
        }
        return flowSpec.path("id").asText();
    }
}
