package io.github.aepdataflows.platform;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import org.apache.camel.Exchange;
import org.apache.camel.Variable;

/** What the look-up routes call, from the first page to the last. */
public final class Searches {

    /** Begins a look for the resource of a step. In: variable {@code aepRequest}, the body that a create would send. */
    public Search begin(Exchange exchange, String step) {
        return new Search(step, exchange.getVariable("aepRequest", JsonNode.class));
    }

    /** For {@code aepRequest}: not one resource is sought, but everything of the kind. */
    public JsonNode everything() {
        return JsonNodeFactory.instance.objectNode();
    }

    public void accept(@Variable("aepSearch") Search search, @Variable("aepPage") JsonNode page) throws PlatformException {
        search.accept(page);
    }

    /**
     * What tells whether a resource is as a create makes it, in one form.
     *
     * @param wanted of the create's body
     * @param is     of the resource as the service shows it; it has more
     */
    public record Pair(JsonNode wanted, JsonNode is) {
    }

    public static Pair compared(String step, JsonNode body, JsonNode resource) {
        Content wanted = Content.of(step, body);
        return new Pair(wanted.fields(), wanted.shown(step, Content.of(step, resource)));
    }

    /** SHA-256 of what a create of the step makes, the same at each attempt. */
    public static String digest(String step, JsonNode body) {
        return Content.of(step, body).digest();
    }

    /** The name by which what a create makes can be found again. */
    public static String name(String step, JsonNode body) {
        return Search.name(step, body);
    }

    /** The name that a resource has in the answer of its create or of a look at it by its id; empty when the answer does not say. */
    public static String nameIn(String step, JsonNode answer) {
        ListForm form = Search.form(step);
        JsonNode resource = answer.isObject() ? form.items(answer).filter(items -> items.size() == 1).map(items -> items.get(0)).orElse(answer) : answer;
        return Search.name(step, resource);
    }
}
