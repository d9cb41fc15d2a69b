package io.github.aepdataflows.check;

import com.fasterxml.jackson.databind.JsonNode;
import com.networknt.schema.Error;
import com.networknt.schema.SchemaException;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SchemaRegistryConfig;
import com.networknt.schema.SpecificationVersion;
import com.networknt.schema.path.PathType;
import io.github.aepdataflows.definition.Definition;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.PatternSyntaxException;

/**
 * What the flow spec that the Platform has now demands of a flow: its own JSON Schemas (draft-07) of the schedule, the
 * transformations and the options (Flow Service, {@code GET /flowSpecs}).
 */
final class FlowSpecRules {

    private static final SchemaRegistryConfig WORDS =
            SchemaRegistryConfig.builder().locale(Locale.ENGLISH).pathType(PathType.JSON_POINTER).build();
    /** For schemas that the Platform has sent. */
    static final SchemaRegistry SCHEMAS = SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_7,
            registry -> registry.schemaRegistryConfig(WORDS).resourceLoaders(loaders -> loaders.add(iri -> {
                throw new SchemaException("a specification that refers to " + iri);   // nothing is fetched for a schema
            })));

    private final JsonNode flowSpec;
    private final CheckResult check;

    FlowSpecRules(JsonNode flowSpec, CheckResult check) {
        this.flowSpec = flowSpec;
        this.check = check;
    }

    /** @param scheduleParams as the flow will have them */
    void check(JsonNode scheduleParams) {
        Definition definition = check.definition();
        validate("scheduleSpec", flowSpec.at("/scheduleSpec/spec"), scheduleParams, "schedule");
        definition.options().ifPresent(options -> validate("optionSpec", flowSpec.at("/optionSpec/spec"), options, "options"));
        // the 2020 form's params of Copy are older than the flow specs of today
        definition.copy().filter(params -> !definition.adHoc() && !transformations().isEmpty())
                .ifPresent(params -> transformation("Copy").ifPresentOrElse(
                spec -> validate("transformationSpec", spec.path("spec"), params, "copy"),
                () -> check.add("copy", "flow spec %s has no Copy transformation; leave it out".formatted(name()))));
    }

    private String name() {
        return flowSpec.path("name").asText();
    }

    private JsonNode transformations() {
        return flowSpec.has("transformationSpecs") ? flowSpec.path("transformationSpecs") : flowSpec.path("transformationSpec");
    }

    private Optional<JsonNode> transformation(String name) {
        return transformations().valueStream().filter(spec -> spec.path("name").asText().equals(name)).findFirst();
    }

    private void validate(String part, JsonNode schema, JsonNode value, String section) {
        if (!schema.isObject()) {
            return;
        }
        try {
            SCHEMAS.getSchema(schema).validate(value).forEach(error -> fault(part, error, section));
        } catch (SchemaException | PatternSyntaxException e) {
            check.note(section, "could not be checked against flow spec %s: %s".formatted(name(), e.getMessage()));
        }
    }

    private void fault(String part, Error error, String section) {
        String at = error.getInstanceLocation().toString().replace('/', '.');
        String path = section + at + (error.getProperty() == null ? "" : "." + error.getProperty());
        check.add(path, "flow spec %s says in its %s: %s".formatted(name(), part, error.getMessage()));
    }
}
