package io.github.aepdataflows.check;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.Error;
import com.networknt.schema.SchemaException;
import io.github.aepdataflows.definition.Definition;
import io.github.aepdataflows.definition.Fault;
import io.github.aepdataflows.definition.Nearest;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.PatternSyntaxException;
import java.util.stream.Collectors;

/**
 * What the connection spec that the Platform has now demands of a base connection's {@code auth}: a name among its {@code authSpec[]},
 * and params by that auth spec's own JSON Schema (draft-07). It outranks {@code connectors.yaml}, and what it leaves open is let pass
 * with a note. So is what is wrong with the description of a base connection that exists: it works as it is, and is not made. No
 * message repeats a value: it may be a secret.
 */
final class AuthSpecRules {

    private static final String AUTH = "source.baseConnection.auth";

    /** These look at a param alone; the others at all of them, secrets included, which are not known here. */
    private static final Set<String> OF_ONE_PARAM =
            Set.of("type", "enum", "const", "pattern", "minLength", "maxLength", "minimum", "maximum", "exclusiveMinimum",
                    "exclusiveMaximum", "multipleOf");

    private final CheckResult check;
    private final Definition.Auth auth;

    AuthSpecRules(CheckResult check) {
        this.check = check;
        this.auth = check.definition().source().baseConnection().auth().orElseThrow();
    }

    /** @param connectionSpec as the Platform describes it; a missing node when it does not */
    void check(JsonNode connectionSpec) {
        List<JsonNode> specs = connectionSpec.path("authSpec").valueStream().filter(spec -> !spec.path("name").asText().isEmpty()).toList();
        if (specs.isEmpty()) {
            note("", "the Platform does not describe how this source is authenticated: auth is sent unchecked");
            auth.doubts().forEach(doubt -> note("", doubt));
            return;
        }
        Optional<JsonNode> spec = specs.stream().filter(each -> each.path("name").asText().equals(auth.specName()))
                .min(Comparator.comparing(each -> missing(each.path("spec")).size()));   // stacks differ under one name
        if (spec.isEmpty()) {
            List<String> names = specs.stream().map(each -> each.path("name").asText()).toList();
            wrong(check.fault(AUTH + ".specName", "the source has no such auth spec")
                    .withSuggestion(Nearest.to(auth.specName(), names)).withCode("1415-400"));
        } else {
            params(spec.get().path("spec"));
        }
    }

    private void params(JsonNode schema) {
        List<String> names = schema.path("properties").properties().stream().map(property -> property.getKey()).toList();
        List<String> given = auth.params().properties().stream().map(param -> param.getKey()).toList();
        missing(schema).forEach(missing -> wrong(check.fault(AUTH + ".params",
                "auth spec %s needs %s".formatted(auth.specName(), missing)).withCode("1304-400")));
        if (!names.isEmpty()) {
            List<String> absent = names.stream().filter(name -> !given.contains(name)).toList();
            boolean closed = schema.path("additionalProperties").isBoolean() && !schema.path("additionalProperties").asBoolean();
            given.stream().filter(name -> !names.contains(name) && !schema.has("patternProperties"))
                    .forEach(stranger -> stranger(stranger, closed ? names : absent, closed));
        }
        given.stream().filter(name -> isPassword(schema.path("properties").path(name)) && !auth.params().path(name).isObject())
                .forEach(name -> check.add(AUTH + ".params." + name,
                        "is a secret, which has no place in a definition; write { secret: its-name } "
                                + "and give it that name where secrets are kept"));
        values(schema);
    }

    private List<String> missing(JsonNode schema) {
        return schema.path("required").valueStream().map(JsonNode::asText).filter(required -> !auth.params().has(required)).toList();
    }

    private static boolean isPassword(JsonNode property) {
        return property.path("format").asText().equals("password");
    }

    /** A name that the spec does not have is wrong where the spec allows no others, or looks like one that is not given. */
    private void stranger(String name, List<String> candidates, boolean closed) {
        Nearest nearest = Nearest.to(name, candidates);
        if (closed || !nearest.word().isEmpty()) {
            wrong(check.fault(AUTH + ".params." + name, "auth spec %s has no such parameter".formatted(auth.specName()))
                    .withSuggestion(nearest));
        } else {
            note(".params." + name, "auth spec %s does not describe this parameter; it is sent as it is".formatted(auth.specName()));
        }
    }

    /** Secrets are taken for texts of any kind. */
    private void values(JsonNode schema) {
        if (!schema.isObject()) {
            return;
        }
        ObjectNode params = auth.params().deepCopy();
        auth.params().properties().stream().filter(param -> param.getValue().isObject()).forEach(param -> params.put(param.getKey(), "?"));
        try {
            FlowSpecRules.SCHEMAS.getSchema(schema).validate(params).forEach(this::value);
        } catch (SchemaException | PatternSyntaxException e) {
            note("", "the params could not be checked against auth spec %s: %s".formatted(auth.specName(), e.getMessage()));
        }
    }

    private void value(Error error) {
        boolean ofOneParam = error.getInstanceLocation().getNameCount() == 1 && OF_ONE_PARAM.contains(error.getKeyword());
        if (ofOneParam) {
            String name = String.valueOf(error.getInstanceLocation().getElement(0));
            JsonNode value = auth.params().path(name);
            String wrong = "%s of auth spec %s is %s".formatted(error.getKeyword(), auth.specName(), allowed(error.getSchemaNode()));
            if (value.isObject()) {
                return;
            } else if (error.getKeyword().equals("type") && isOnlySpelling(value, error.getSchemaNode())) {
                note(".params." + name, wrong + "; it is sent as it is written");
            } else {
                wrong(check.fault(AUTH + ".params." + name, "is not what the Platform describes: " + wrong).withCode("1304-400"));
            }
        } else if (!Set.of("required", "additionalProperties").contains(error.getKeyword())) {
            note(".params", "may lack something: they do not meet %s of auth spec %s".formatted(error.getKeyword(), auth.specName()));
        }
    }

    private static String allowed(JsonNode schema) {
        return schema.isArray() ? schema.valueStream().map(JsonNode::asText).collect(Collectors.joining(", "))
                : schema.asText();
    }

    /** Whether the value is the other spelling of a described one, as 5432 and "5432": services take either. */
    private static boolean isOnlySpelling(JsonNode value, JsonNode type) {
        String types = allowed(type);
        return value.isValueNode() && (types.contains("string")
                || types.contains("integer") && value.asText().matches("-?\\d{1,18}")
                || types.contains("number") && value.asText().matches("-?\\d{1,18}(\\.\\d{1,18})?")
                || types.contains("boolean") && value.asText().matches("(?i)true|false"));
    }

    private void wrong(Fault fault) {
        if (check.isSourceOpen()) {
            check.add(fault);
        } else {
            check.note(fault);
        }
    }

    private void note(String at, String message) {
        check.note(AUTH + at, message);
    }
}
