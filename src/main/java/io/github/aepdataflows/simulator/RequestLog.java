package io.github.aepdataflows.simulator;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/** Every request in the order of arrival, those still unanswered (status 0) included. Thread safe. */
public final class RequestLog {

    private final List<Request> requests = new ArrayList<>();

    synchronized Request arrived(Instant instant, String method, String path, String query,
                                 Map<String, List<String>> headers, byte[] body) {
        Request request = new Request(requests.size() + 1L, instant, method, path, query, headers, body, 0);
        requests.add(request);
        return request;
    }

    synchronized void answered(Request request, int status) {
        requests.set((int) request.sequence() - 1, request.answered(status));
    }

    /** A snapshot. */
    public synchronized List<Request> all() {
        return List.copyOf(requests);
    }

    public List<Request> where(Predicate<Request> condition) {
        return all().stream().filter(condition).toList();
    }

    /** How often a call was made; {@code path} is a suffix of the path without the query, or a regular expression. */
    public int count(String method, String path) {
        Pattern suffix = Pattern.compile("(?:" + path + ")$");
        return where(request -> request.method().equals(method) && suffix.matcher(request.path()).find()).size();
    }
}
