package io.github.aepdataflows.check;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.github.aepdataflows.definition.Definition;
import io.github.aepdataflows.definition.Fault;
import io.github.aepdataflows.definition.Nearest;
import io.github.aepdataflows.platform.AepHeaders;
import io.github.aepdataflows.platform.Answers;
import io.github.aepdataflows.platform.PlatformException;
import io.github.aepdataflows.platform.RequestBodies;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.StreamSupport;
import org.apache.camel.Exchange;
import org.apache.camel.Variable;

/**
 * Judges a definition by what the Platform replies, beginning with the flow spec and ending with the mapping; in between,
 * {@link SourceExaminer} and {@link TargetExaminer}. One method per question of {@link Questions}, called in the order of the route
 * {@code aep-examine}. Rules and codes are those of Flow Service (sources errors).
 */
public final class Examiner {

    /** Beyond these, a guess for each unknown field costs more than it helps. */
    private static final int MAX_SUGGESTIONS = 20;

    private final RequestBodies bodies;

    public Examiner(RequestBodies bodies) {
        this.bodies = bodies;
    }

    public Examination begin(@Variable("aepDefinition") Definition definition, @Variable("aepRecalledConnection") String recalled) {
        return new Examination(definition, recalled);
    }

    /** Out: variable {@code aepFlowSpec}, header {@code AepFlowSpecId}. */
    public void flowSpec(Exchange exchange, @Variable("aepExamination") Examination examination, @Variable("aepReply") Reply reply) {
        Definition definition = examination.definition();
        String name = definition.source().flowSpec();
        JsonNode items = reply.document().has("items") ? reply.document().path("items")
                : JsonNodeFactory.instance.arrayNode().add(reply.document());
        JsonNode flowSpec = StreamSupport.stream(items.spliterator(), false)
                .filter(item -> item.path("name").asText().equals(name) && Answers.isUuid(item.path("id").asText())).findFirst().orElse(null);
        if (flowSpec == null) {
            examination.add(definition.fault("source.flowSpec", "the Platform has no flow spec named " + name).withCode("1413-400"));
            return;
        }
        examination.flowSpecKnown();
        exchange.setVariable("aepFlowSpec", flowSpec);
        exchange.getMessage().setHeader(AepHeaders.FLOW_SPEC_ID, flowSpec.path("id").asText());
        JsonNode sources = flowSpec.path("sourceConnectionSpecIds");
        String spec = definition.source().connectionSpecId();
        if (sources.isArray() && StreamSupport.stream(sources.spliterator(), false).noneMatch(id -> id.asText().equals(spec))) {
            examination.add(definition.fault("source.connector", "flow spec %s does not run sources of connection spec %s".formatted(name, spec))
                    .withCode("1305-400"));
        }
        new FlowSpecRules(flowSpec, examination).check(bodies.scheduleParams(definition));
    }

    /** Compares the mapping's destinations with the target schema, once all that can be known of that is known. */
    public void destinations(@Variable("aepExamination") Examination examination) {
        if (!examination.fields().isKnown() || examination.isPartMissing()) {
            return;
        }
        List<Definition.Mapping> mapping = examination.definition().mapping();
        List<Integer> strangers = IntStream.range(0, mapping.size())
                .filter(i -> !examination.fields().has(mapping.get(i).destination())).boxed().toList();
        Set<String> leaves = strangers.isEmpty() ? Set.of() : examination.fields().leaves();
        int named = 0;
        for (int i : strangers) {
            String destination = mapping.get(i).destination();
            Fault stranger = examination.definition().fault("mapping[%d].destination".formatted(i),
                    "%s is no field of the target schema".formatted(destination));
            examination.add(++named > MAX_SUGGESTIONS ? stranger : stranger.withSuggestion(Nearest.to(destination, leaves)));
        }
    }

    /** The next expression, as {@code POST /languages/el/validate} takes it. */
    public JsonNode expression(@Variable("aepExamination") Examination examination) {
        String expression = examination.definition().mapping().get(examination.expression()).source();
        return JsonNodeFactory.instance.objectNode().put("expression", expression);
    }

    /** {@code POST /languages/el/validate} has answered a bare true or false. */
    public void expressionValidated(@Variable("aepExamination") Examination examination, @Variable("aepResponse") byte[] response) {
        if (response != null && new String(response, StandardCharsets.UTF_8).strip().equals("false")) {
            int index = examination.expression();
            examination.add(examination.definition().fault("mapping[%d].source".formatted(index), "is no valid expression of Data Prep"));
        }
        examination.expressionSeen();
    }

    /** The validation was refused as a whole: the mapping is no good, or its schema was made a moment ago and does not show yet. */
    public void unvalidated(Exchange exchange, @Variable("aepExamination") Examination examination) {
        PlatformException refusal = exchange.getProperty(Exchange.EXCEPTION_CAUGHT, PlatformException.class);
        if (examination.isSchemaKnown() && refusal.getStatus() == 400) {
            examination.add(examination.definition().fault("mapping", "Data Prep refuses it: " + refusal.getText()));
        }
        examination.mappingValidated();
    }

    /** {@code POST /mappingSets/validate} has answered: one result per mapping, in their order. */
    public void validated(@Variable("aepExamination") Examination examination, @Variable("aepPage") JsonNode answer) {
        int i = 0;
        for (JsonNode result : answer.path("validationResponse")) {
            if (result.path("status").asText().equals("FAILED")) {
                String why = StreamSupport.stream(result.path("errors").spliterator(), false)
                        .map(error -> error.path("exception").asText()).collect(Collectors.joining("; "));
                examination.add(examination.definition().fault("mapping[%d]".formatted(i), "Data Prep refuses it: " + why));
            }
            i++;
        }
        examination.mappingValidated();
    }
}
