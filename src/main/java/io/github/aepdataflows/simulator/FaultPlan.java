package io.github.aepdataflows.simulator;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/**
 * Which calls go wrong, by call and attempt. Works for the token endpoint too. The first rule that applies wins, but every
 * rule that matches a request counts it. Thread safe.
 */
public final class FaultPlan {

    /** A rule for every attempt. */
    private static final int ALWAYS = 0;

    /** A span of the simulator's clock, for limits by rate. */
    private static final Duration MINUTE = Duration.ofMinutes(1);

    /** How many requests to the services are let through in any one minute. */
    private static final class Limit {
        private final int perMinute;
        private final Fault beyond;
        private final Deque<Instant> passed = new ArrayDeque<>();

        private Limit(int perMinute, Fault beyond) {
            this.perMinute = perMinute;
            this.beyond = beyond;
        }

        private Optional<Fault> judge(Request request) {
            if (!request.path().startsWith("/data/")) {
                return Optional.empty();
            }
            while (!passed.isEmpty() && !passed.peek().isAfter(request.instant().minus(MINUTE))) {
                passed.remove();
            }
            if (passed.size() >= perMinute) {
                return Optional.of(beyond);
            }
            passed.add(request.instant());
            return Optional.empty();
        }
    }

    private static final class Rule {
        private final Predicate<Request> condition;
        private final int attempt;
        private final Fault fault;
        private int seen;

        private Rule(Predicate<Request> condition, int attempt, Fault fault) {
            this.condition = condition;
            this.attempt = attempt;
            this.fault = fault;
        }

        private boolean applies(Request request) {
            return condition.test(request) && (++seen == attempt || attempt == ALWAYS);
        }
    }

    /** The first of two answers to be swapped, and what it is given for it. */
    private static final class Offer {
        private final Answer own;
        private Answer other;

        private Offer(Answer own) {
            this.own = own;
        }
    }

    private final List<Rule> rules = new ArrayList<>();
    private final Map<String, Offer> offers = new HashMap<>();
    private Optional<Limit> limit = Optional.empty();
    private int releases;
    private int held;

    /**
     * @param path    a suffix of the path without the query, or a regular expression for one: {@code /flows},
     *                {@code /connections/[^/]+}
     * @param attempt 1 for the first matching request from now on
     */
    public void on(String method, String path, int attempt, Fault fault) {
        if (attempt < 1) {
            throw new IllegalArgumentException("attempts count from 1, not " + attempt);
        }
        add(call(method, path), attempt, fault);
    }

    /** Every matching request. */
    public void always(String method, String path, Fault fault) {
        add(call(method, path), ALWAYS, fault);
    }

    /** Every request that fulfils a condition, which may look at headers and body. */
    public void when(Predicate<Request> condition, Fault fault) {
        add(condition, ALWAYS, fault);
    }

    /** The nth request that fulfils a condition. */
    public void when(Predicate<Request> condition, int attempt, Fault fault) {
        add(condition, attempt, fault);
    }

    /**
     * Lets so many requests to the services through in any minute of the simulator's clock. Those beyond are not counted.
     *
     * @param beyond what becomes of the others: {@code Fault.status(429)}, with a {@code Retry-After} header or without
     */
    public synchronized void limit(int perMinute, Fault beyond) {
        limit = Optional.of(new Limit(perMinute, beyond));
    }

    /** Forgets all rules and the limit, and lets go what hangs. */
    public synchronized void clear() {
        rules.clear();
        limit = Optional.empty();
        release();
    }

    /** Lets go every call that hangs now. */
    public synchronized void release() {
        releases++;
        notifyAll();
    }

    /** How many calls hang now. */
    public synchronized int held() {
        return held;
    }

    synchronized Optional<Fault> next(Request request) {
        Fault chosen = limit.flatMap(each -> each.judge(request)).orElse(null);
        for (Rule rule : rules) {
            if (rule.applies(request) && chosen == null) {
                chosen = rule.fault;
            }
        }
        return Optional.ofNullable(chosen);
    }

    synchronized void hold() throws InterruptedException {
        int arrivedAt = releases;
        held++;
        try {
            while (releases == arrivedAt) {
                wait();
            }
        } finally {
            held--;
        }
    }

    /** Waits for another call of that path and takes its answer for the own one. */
    synchronized Answer swap(String path, Answer own) throws InterruptedException {
        Offer first = offers.remove(path);
        if (first != null) {
            first.other = own;
            notifyAll();
            return first.own;
        }
        Offer offer = new Offer(own);
        offers.put(path, offer);
        int arrivedAt = releases;
        held++;
        try {
            while (offer.other == null && releases == arrivedAt) {
                wait();
            }
        } finally {
            held--;
            offers.remove(path, offer);
        }
        return offer.other == null ? own : offer.other;
    }

    private synchronized void add(Predicate<Request> condition, int attempt, Fault fault) {
        rules.add(new Rule(condition, attempt, fault));
    }

    private static Predicate<Request> call(String method, String path) {
        Pattern suffix = Pattern.compile("(?:" + path + ")$");
        return request -> request.method().equals(method) && suffix.matcher(request.path()).find();
    }
}
