package io.github.aepdataflows.simulator;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/** {@code /data/foundation/conversion/languages/el}: what the expression language of Data Prep knows, and a check. */
final class Languages {

    private static final String BASE = "/data/foundation/conversion/languages/el";
    private static final List<String> OPERATORS = List.of("+", "-", "*", "/", "%", "==", "!=", "<", "<=", ">", ">=", "&&", "||",
        "!", "and", "or", "not", "in", "?:");

    private final Expressions expressions;

    Languages(Expressions expressions) {
        this.expressions = expressions;
    }

    void register(Router router) {
        router.on("POST", BASE + "/validate", this::validate);
        router.on("GET", BASE + "/functions", call -> Answer.json(200, expressions.functions()));
        router.on("GET", BASE + "/operators", call -> Answer.json(200, operators()));
    }

    /** The answer is a bare {@code true} or {@code false}. The reference describes a text, its example has an object around it. */
    private Answer validate(Call call) {
        ObjectNode body = call.object();
        JsonNode expression = body.path("expression").isObject() ? body.at("/expression/expression") : body.path("expression");
        if (!expression.isTextual()) {
            throw DataPrep.refused("expression is missing");
        }
        return Answer.json(200, BooleanNode.valueOf(expressions.fault(expression.asText()).isEmpty()));
    }

    private static ArrayNode operators() {
        ArrayNode operators = Json.array();
        OPERATORS.forEach(name -> operators.addObject().put("name", name));
        return operators;
    }
}
