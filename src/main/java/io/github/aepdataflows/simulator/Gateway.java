package io.github.aepdataflows.simulator;

import java.time.Clock;
import java.util.Map;

/** What stands in front of every service: who may call, in which sandbox. Checks in the order of platform-api.md 2.1. */
final class Gateway {

    private static final String ORG_PATTERN = "[^@]{24}@AdobeOrg";

    private final Options options;
    private final Tokens tokens;
    private final Router router;
    private final Clock clock;
    private final Accent accent;
    private final EventJournal journal;

    Gateway(Options options, Tokens tokens, Router router, Clock clock, EventJournal journal) {
        this.journal = journal;
        this.options = options;
        this.tokens = tokens;
        this.router = router;
        this.clock = clock;
        this.accent = new Accent(options.dialects());
    }

    /** Answers a call; what it creates stays hidden for the given time. */
    Answer answer(Request request, Lag hiddenFor) {
        try {
            if (request.path().equals(Tokens.PATH)) {
                return tokens.answer(request);
            }
            if (EventJournal.isAt(request.path())) {
                return journal.answer(request);
            }
            checkCaller(request);
            Query query = Query.parse(request.query());
            return accent.of(request,
                router.answer(new Call(request, query, sandbox(request), clock.instant(), hiddenFor, Map.of())));
        } catch (Refusal refusal) {
            return refusal.answer();
        }
    }

    private void checkCaller(Request request) {
        String apiKey = request.header("x-api-key")
            .orElseThrow(() -> Refusal.gateway("403000", "Api Key is required"));
        if (!apiKey.equals(options.clientId())) {
            throw Refusal.gateway("403003", "Api Key is invalid");
        }
        String authorization = request.header("authorization")
            .orElseThrow(() -> Refusal.gateway("403010", "Oauth token is missing."));
        if (!authorization.startsWith("Bearer ") || !tokens.use(authorization.substring("Bearer ".length()))) {
            throw Refusal.gateway("401013", "Oauth token is not valid");
        }
        String org = request.header("x-gw-ims-org-id").orElseThrow(() -> Refusal.gateway("400003", "Missing header"));
        if (!org.matches(ORG_PATTERN)) {
            throw Refusal.gateway("403027", "User region is missing");
        }
        if (!org.equals(options.orgId())) {
            throw Refusal.gateway("403025", "Profile is not valid");
        }
    }

    private String sandbox(Request request) {
        String name = request.header("x-sandbox-name").orElse("");
        if (name.isEmpty()) {
            if (options.sandboxHeaderRequired()) {
                throw Refusal.flow("2105-400", "The header x-sandbox-name is missing");
            }
            return options.sandboxes().get(0);
        }
        if (name.equals("*")) {
            throw Refusal.flow("2111-403", "The sandbox name * is restricted");
        }
        if (!options.sandboxes().contains(name)) {
            throw Refusal.flow("2100-404", "There is no sandbox " + name);
        }
        return name;
    }
}
