package io.github.aepdataflows.simulator;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Which endpoint answers which method and path. A template part in braces matches one path segment, decoded. */
final class Router {

    interface Endpoint {
        Answer answer(Call call);
    }

    private record Route(String method, String[] template, Endpoint endpoint) {

        Optional<Map<String, String>> match(String[] path) {
            if (path.length != template.length) {
                return Optional.empty();
            }
            Map<String, String> variables = new HashMap<>();
            for (int i = 0; i < path.length; i++) {
                if (template[i].startsWith("{")) {
                    // a + in a path is a +, unlike in a query
                    variables.put(template[i].substring(1, template[i].length() - 1),
                        URLDecoder.decode(path[i].replace("+", "%2B"), StandardCharsets.UTF_8));
                } else if (!template[i].equals(path[i])) {
                    return Optional.empty();
                }
            }
            return Optional.of(variables);
        }
    }

    private final List<Route> routes = new ArrayList<>();

    void on(String method, String template, Endpoint endpoint) {
        routes.add(new Route(method, template.split("/"), endpoint));
    }

    /** A trailing slash is ignored, as FS-OAS and the tutorials differ in it. */
    Answer answer(Call call) {
        String[] path = call.request().path().split("/");
        boolean known = false;
        for (Route route : routes) {
            Optional<Map<String, String>> variables = route.match(path);
            if (variables.isPresent() && route.method().equals(call.request().method())) {
                return route.endpoint().answer(call.withVariables(variables.get()));
            }
            known |= variables.isPresent();
        }
        throw known ? Refusal.document(405, "Method not allowed") : Refusal.document(404, "No such resource");
    }
}
