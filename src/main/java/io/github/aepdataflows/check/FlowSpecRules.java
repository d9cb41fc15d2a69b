package io.github.aepdataflows.check;

import com.fasterxml.jackson.databind.JsonNode;
import com.networknt.schema.JsonSchemaException;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.PathType;
import com.networknt.schema.SchemaValidatorsConfig;
import com.networknt.schema.SpecVersion;
import com.networknt.schema.ValidationMessage;
import io.github.aepdataflows.definition.Definition;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.PatternSyntaxException;
import java.util.stream.StreamSupport;

/**
 * What the flow spec that the Platform has now demands of a flow: its own JSON Schemas (draft-07) of the schedule, the
 * transformations and the options (Flow Service, {@code GET /flowSpecs}).
 */
final class FlowSpecRules {

    private static final JsonSchemaFactory SCHEMAS = JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V7,
            factory -> factory.schemaLoaders(loaders -> loaders.add(iri -> {
                throw new JsonSchemaException("a flow spec that refers to " + iri);   // nothing is fetched for a schema
            })));
    private static final SchemaValidatorsConfig WORDS =
            SchemaValidatorsConfig.builder().locale(Locale.ENGLISH).pathType(PathType.JSON_POINTER).build();

    private final JsonNode flowSpec;
    private final CheckResult check;

    FlowSpecRules(JsonNode flowSpec, CheckResult check) {
        this.flowSpec = flowSpec;
        this.check = check;
    }

    /** @param scheduleParams as the flow will have them */
    void check(JsonNode scheduleParams) {
        Definition definition = check.definition();
        validate(flowSpec.at("/scheduleSpec/spec"), scheduleParams, "schedule");
        definition.options().ifPresent(options -> validate(flowSpec.at("/optionSpec/spec"), options, "options"));
        // the 2020 form's params of Copy are older than the flow specs of today
        definition.copy().filter(params -> !definition.adHoc() && !transformations().isEmpty()).ifPresent(params -> transformation("Copy").ifPresentOrElse(
                spec -> validate(spec.path("spec"), params, "copy"),
                () -> check.add(definition.fault("copy", "flow spec %s has no Copy transformation; leave it out".formatted(name())))));
    }

    private String name() {
        return flowSpec.path("name").asText();
    }

    private JsonNode transformations() {
        return flowSpec.has("transformationSpecs") ? flowSpec.path("transformationSpecs") : flowSpec.path("transformationSpec");
    }

    private Optional<JsonNode> transformation(String name) {
        return StreamSupport.stream(transformations().spliterator(), false).filter(spec -> spec.path("name").asText().equals(name)).findFirst();
    }

    private void validate(JsonNode schema, JsonNode value, String section) {
        if (!schema.isObject()) {
            return;
        }
        try {
            SCHEMAS.getSchema(schema, WORDS).validate(value).forEach(message -> fault(message, section));
        } catch (JsonSchemaException | PatternSyntaxException e) {
            check.note(check.definition().fault(section,
                    "could not be checked against flow spec %s: %s".formatted(name(), e.getMessage())));
        }
    }

    private void fault(ValidationMessage message, String section) {
        String at = message.getInstanceLocation().toString().replace('/', '.');
        String path = section + at + (message.getProperty() == null ? "" : "." + message.getProperty());
        String words = message.getMessage().replaceFirst("^[^:]*: ", "");
        check.add(check.definition().fault(path, "flow spec %s says: %s".formatted(name(), words)));
    }
}
