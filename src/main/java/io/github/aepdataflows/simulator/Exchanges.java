package io.github.aepdataflows.simulator;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** Every HTTP exchange: log it, delay it, have it answered, and deliver the answer or what a fault makes of it. */
final class Exchanges implements HttpHandler {

    private final Gateway gateway;
    private final Object platform;
    private final RunGenerator runs;
    private final FaultPlan faults;
    private final RequestLog log;
    private final Clock clock;
    private final Options options;
    private final Delivery delivery;

    /** @param platform the lock that lets one call at a time touch the state: in a simulator, correctness matters more than throughput */
    Exchanges(Gateway gateway, Object platform, RunGenerator runs, FaultPlan faults, RequestLog log, Clock clock,
              Options options, Delivery delivery) {
        this.gateway = gateway;
        this.platform = platform;
        this.runs = runs;
        this.faults = faults;
        this.log = log;
        this.clock = clock;
        this.options = options;
        this.delivery = delivery;
    }

    @Override
    public void handle(HttpExchange exchange) throws IOException {
        // the whole body, always: unread bytes would be taken for the next request of a kept-alive connection
        byte[] body = exchange.getRequestBody().readAllBytes();
        String query = Optional.ofNullable(exchange.getRequestURI().getRawQuery()).orElse("");
        Request request = log.arrived(clock.instant(), exchange.getRequestMethod(), exchange.getRequestURI().getRawPath(),
            query, headers(exchange), body);
        Optional<Fault> fault = faults.next(request);
        if (request.path().startsWith("/data/")) {
            delay();
        }
        Optional<Answer> answer = fault.isEmpty() || fault.get().afterCommit
            ? Optional.of(answer(request, fault)) : Optional.empty();
        if (fault.isPresent()) {
            delivery.spoil(exchange, request, fault.get(), answer);
        } else {
            delivery.send(exchange, request, answer.orElseThrow());
        }
    }

    private Answer answer(Request request, Optional<Fault> fault) {
        synchronized (platform) {
            runs.catchUp(clock.instant());
            return gateway.answer(request, options.visibilityLag().plus(fault.map(f -> f.hiddenFor).orElse(Duration.ZERO))).written();
        }
    }

    private void delay() throws IOException {
        try {
            Thread.sleep(options.latency().toMillis());
        } catch (InterruptedException e) {
            throw new InterruptedIOException("the simulator is closing");
        }
    }

    private static Map<String, List<String>> headers(HttpExchange exchange) {
        return exchange.getRequestHeaders().entrySet().stream().collect(Collectors.toUnmodifiableMap(
            header -> header.getKey().toLowerCase(Locale.ROOT), header -> List.copyOf(header.getValue())));
    }
}
