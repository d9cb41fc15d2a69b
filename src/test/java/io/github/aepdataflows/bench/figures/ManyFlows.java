package io.github.aepdataflows.bench.figures;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** A Platform of many hourly flows, each with as many runs, that keeps none of them: it makes up each page when it is asked for. */
final class ManyFlows implements AutoCloseable {

    static final int RUNS_EACH = 10;

    private static final int PAGE = 100;
    private static final Pattern TOKEN = Pattern.compile("continuationToken=(\\d+)");
    private static final Pattern SINCE = Pattern.compile("createdAt>=(\\d+)");

    private final int flows;
    private final long firstRun = Instant.now().truncatedTo(ChronoUnit.HOURS).minus(RUNS_EACH - 1, ChronoUnit.HOURS).toEpochMilli();
    private final AtomicInteger requests = new AtomicInteger();
    private final ExecutorService threads = Executors.newFixedThreadPool(4);
    private final HttpServer server;

    ManyFlows(int flows) throws IOException {
        this.flows = flows;
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.createContext("/ims/token/v3", exchange -> answer(exchange, """
                {"access_token": "many", "token_type": "bearer", "expires_in": 86399}"""));
        server.createContext("/data/foundation/flowservice/flows", exchange -> answer(exchange, page(exchange, "/flows", 0, flows)));
        server.createContext("/data/foundation/flowservice/runs", exchange -> answer(exchange, runs(exchange)));
        server.start();
    }

    String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    /** How many requests of services were answered. */
    int requests() {
        return requests.get();
    }

    private String runs(HttpExchange exchange) {
        Matcher since = SINCE.matcher(query(exchange));
        long hours = since.find() ? Math.max(0, -Math.floorDiv(firstRun - Long.parseLong(since.group(1)), 3_600_000L)) : 0;
        return page(exchange, "/runs", (int) Math.min(hours, RUNS_EACH) * flows, RUNS_EACH * flows);
    }

    private String page(HttpExchange exchange, String collection, int first, int end) {
        requests.incrementAndGet();
        Matcher token = TOKEN.matcher(query(exchange));
        int from = token.find() ? Integer.parseInt(token.group(1)) : first;
        int to = Math.min(from + PAGE, end);
        String items = IntStream.range(from, to).mapToObj(collection.equals("/flows") ? this::flow : this::run)
                .collect(Collectors.joining(","));
        Optional<String> next = to < end ? Optional.of("\"next\": {\"href\": \"%s?continuationToken=%d\"}".formatted(collection, to))
                : Optional.empty();
        return "{\"items\": [%s], \"_links\": {%s}}".formatted(items, next.orElse(""));
    }

    private static String id(int kind, int number) {
        return "%08d-0000-4000-8000-%012d".formatted(kind, number);
    }

    private String flow(int number) {
        return """
                {"id": "%s", "name": "flow %d", "state": "enabled", "createdAt": %d, "description": "one of many", "sandboxName": "dev",
                 "flowSpec": {"id": "14518937-270c-4525-bdec-c2ba7cce3860", "version": "1.0"}, "sourceConnectionIds": ["%s"],
                 "targetConnectionIds": ["%s"], "scheduleParams": {"startTime": %d, "frequency": "hour", "interval": 1},
                 "transformations": [{"name": "Mapping", "params": {"mappingId": "%s", "mappingVersion": 0}}],
                 "lastRunDetails": {"id": "%s", "state": "success", "startedAtUTC": %d}}""".formatted(id(1, number), number,
                firstRun, id(2, number), id(3, number), firstRun / 1000, id(4, number), id(5, (RUNS_EACH - 1) * flows + number),
                firstRun + (RUNS_EACH - 1) * 3_600_000L);
    }

    private String run(int number) {
        long time = firstRun + number / flows * 3_600_000L;
        return """
                {"id": "%s", "flowId": "%s", "createdAt": %d, "metrics": {
                 "durationSummary": {"startedAtUTC": %d, "completedAtUTC": %d}, "recordSummary": {"inputRecordCount": 100,
                 "outputRecordCount": 100, "failedRecordCount": 0}, "statusSummary": {"status": "success", "errors": []}},
                 "activities": []}""".formatted(id(5, number), id(1, number % flows), time, time, time + 60_000);
    }

    private static String query(HttpExchange exchange) {
        return URLDecoder.decode(Optional.ofNullable(exchange.getRequestURI().getRawQuery()).orElse(""), StandardCharsets.UTF_8);
    }

    private static void answer(HttpExchange exchange, String body) throws IOException {
        exchange.getRequestBody().readAllBytes();
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().add("Content-Type", "application/json");
        exchange.sendResponseHeaders(200, bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
