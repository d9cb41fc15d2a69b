package io.github.aepdataflows.bench.figures;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.aepdataflows.simulator.Simulator;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.URI;
import java.net.URL;
import java.net.URLClassLoader;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;

/** A simulator in a process of its own, whose CPU is not counted as ours. */
final class Platform implements AutoCloseable {

    static final String SANDBOX = "dev";

    private static final ObjectMapper JSON = new ObjectMapper();

    private final Process process;
    private final Map<String, String> exports;

    private Platform(Process process, Map<String, String> exports) {
        this.process = process;
        this.exports = exports;
    }

    /** @param latency of every call, in milliseconds */
    static Platform start(int latency) throws IOException {
        Process process = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin/java").toString(), "-cp", classPath(),
                Simulator.class.getName(), "--port=0", "--latency=" + latency + "ms").redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        Map<String, String> exports = new HashMap<>();
        BufferedReader output = process.inputReader();
        for (String line = output.readLine(); line != null && !line.startsWith("export AEP_SANDBOX"); line = output.readLine()) {
            if (line.startsWith("export ")) {
                String[] sides = line.substring("export ".length()).split("=", 2);
                exports.put(sides[0], sides[1].replaceAll("^'|'$", ""));
            }
        }
        return new Platform(process, exports);
    }

    /** Of whoever runs this: Maven has a class loader for it. */
    static String classPath() {
        return Thread.currentThread().getContextClassLoader() instanceof URLClassLoader loader
                ? Arrays.stream(loader.getURLs()).map(URL::getPath).collect(Collectors.joining(":"))
                : System.getProperty("java.class.path");
    }

    String url() {
        return exports.get("AEP_URL");
    }

    /** The same as variables of the environment. */
    Map<String, String> environment(Path data) {
        Map<String, String> environment = new HashMap<>();
        settings(data).forEach((name, value) -> environment.put(name.toUpperCase().replace('.', '_').replace('-', '_'), value));
        return environment;
    }

    /** The settings of an application that works with it in earnest, as fast as it can. */
    Map<String, String> settings(Path data) {
        Map<String, String> settings = new HashMap<>();
        exports.forEach((name, value) -> settings.put(name.toLowerCase().replaceFirst("_", ".").replace('_', '-'), value));
        settings.put("aep.sandbox", SANDBOX);
        settings.put("aep.data-dir", data.toString());
        settings.put("aep.rate", "65535");
        settings.put("aep.max-connections", "64");
        settings.put("aep.audit.enabled", "false");
        settings.put("aep.inbox.enabled", "false");
        return settings;
    }

    /** The log of calls of services, oldest first. */
    List<JsonNode> calls() throws IOException, InterruptedException {
        HttpRequest log = HttpRequest.newBuilder(URI.create(url() + "/simulator/requests")).build();
        JsonNode all = JSON.readTree(HttpClient.newHttpClient().send(log, BodyHandlers.ofString()).body());
        return StreamSupport.stream(all.spliterator(), false).filter(call -> call.path("path").asText().startsWith("/data/")).toList();
    }

    /** For who calls it without the application. */
    String token() throws IOException, InterruptedException {
        String form = "grant_type=client_credentials&scope=openid&client_id=" + encoded("AEP_CLIENT_ID") + "&client_secret="
                + encoded("AEP_CLIENT_SECRET");
        HttpRequest request = HttpRequest.newBuilder(URI.create(exports.get("AEP_TOKEN_URL")))
                .header("Content-Type", "application/x-www-form-urlencoded").POST(HttpRequest.BodyPublishers.ofString(form)).build();
        return JSON.readTree(HttpClient.newHttpClient().send(request, BodyHandlers.ofString()).body()).path("access_token").asText();
    }

    private String encoded(String name) {
        return URLEncoder.encode(exports.get(name), StandardCharsets.UTF_8);
    }

    @Override
    public void close() {
        process.destroy();
    }
}
