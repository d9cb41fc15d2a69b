package io.github.aepdataflows.simulator;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.commons.text.WordUtils;

/** The start options of a stand-alone simulator. */
record CommandLine(Options options, boolean demo, boolean help) {

    static final String HELP = ("""
        Runs a simulator of Adobe Experience Platform until Ctrl-C. At the start it
        prints export lines: paste them into the shell in which you call
        aep-dataflows, and its commands use the simulator.
        Options, with their defaults:
          --port=18080             0 for any free port
          --host=127.0.0.1         the address to listen on
          --latency=0ms            delay of every answer; 50, 50ms, 2s or 1m
          --generation=BOTH        API generation: BOTH, CURRENT or LEGACY (2020)
          --page-size=100          default and maximum page size of Flow Service lists
          --token-lifetime=24h     seconds (s), minutes (m) or hours (h)
          --async-delay=0ms        how long new connections and flows are initializing
          --visibility-lag=0ms     how long lists and look-ups do not show new resources
          --sandboxes=prod,dev     names; the first one is the default sandbox
          --reference-lag=0ms      how long new resources are unknown to others that
                                   refer to them
          --dialect=KEY=READING,KEY=READING
                                   how it plays what Adobe's documents leave open;
                                   see below
          --demo                   adds five dataflows with a history to each sandbox
          --help                   prints this text
        While it runs:
          GET    /simulator/requests  the log of requests and answers
          POST   /simulator/clock     {"advance":"PT1H"}
                                      or {"set":"2030-01-01T00:00:00Z"}
          POST   /simulator/faults    {"method":"POST","path":"/flows","attempt":1,
                                       "status":503,"afterCommit":true}
          DELETE /simulator/faults    removes all faults
        Dialects, with the default reading first:
        %s\
        Example:
          aep-dataflows simulator --port=18080 --demo
        """).formatted(dialects());

    /** Options without a value. */
    private static final Set<String> FLAGS = Set.of("--demo", "--help");
    private static final int MOST_PORT = 65_535;

    private static String dialects() {
        StringBuilder text = new StringBuilder();
        for (Dialect dialect : Dialect.values()) {
            text.append("  ").append(dialect.key()).append(": ").append(String.join(", ", dialect.readings())).append('\n');
            text.append(WordUtils.wrap(dialect.question(), 72).lines().map(line -> "      " + line + "\n").collect(Collectors.joining()));
        }
        return text.toString();
    }

    /** @throws IllegalArgumentException naming the argument that cannot be read */
    static CommandLine parse(String... arguments) {
        CommandLine line = new CommandLine(Options.defaults().withPort(18080), false, false);
        for (int i = 0; i < arguments.length; i++) {
            boolean inTwo = !arguments[i].contains("=") && !FLAGS.contains(arguments[i]) && i + 1 < arguments.length;
            String argument = inTwo ? arguments[i] + "=" + arguments[++i] : arguments[i];
            String[] parts = argument.split("=", 2);
            try {
                line = line.with(parts[0], parts.length == 2 ? parts[1] : "");
            } catch (IllegalArgumentException e) {
                throw new IllegalArgumentException("cannot read " + argument + "; try --help", e);
            }
        }
        return line;
    }

    private CommandLine with(String name, String value) {
        return switch (name) {
            case "--port" -> with(options.withPort(port(value)));
            case "--host" -> with(options.withHost(value));
            case "--latency" -> with(options.withLatency(duration(value)));
            case "--generation" -> with(options.withGeneration(Generation.valueOf(value.toUpperCase(Locale.ROOT))));
            case "--page-size" -> with(options.withPageSize(Integer.parseInt(value)));
            case "--token-lifetime" -> with(options.withTokenLifetime(duration(value)));
            case "--async-delay" -> with(options.withAsyncDelay(duration(value)));
            case "--visibility-lag" -> with(options.withVisibilityLag(duration(value)));
            case "--sandboxes" -> with(options.withSandboxes(names(value)));
            case "--reference-lag" -> with(options.withReferenceLag(duration(value)));
            case "--dialect" -> with(options.withDialects(value));
            case "--second-primary" -> with(options.withSecondPrimary(accepted(value)));
            case "--duplicate-descriptor" -> with(options.withDuplicateDescriptor(accepted(value)));
            case "--union-without-identity" -> with(options.withUnionWithoutIdentity(accepted(value)));
            case "--demo" -> new CommandLine(options, true, help);
            case "--help" -> new CommandLine(options, demo, true);
            default -> throw new IllegalArgumentException(name);
        };
    }

    private CommandLine with(Options changed) {
        return new CommandLine(changed, demo, help);
    }

    private static int port(String value) {
        int port = Integer.parseInt(value);
        if (port < 0 || port > MOST_PORT) {
            throw new IllegalArgumentException(value);
        }
        return port;
    }

    private static List<String> names(String value) {
        List<String> names = List.of(value.split(",", -1));
        if (names.stream().anyMatch(String::isBlank)) {
            throw new IllegalArgumentException(value);
        }
        return names;
    }

    private static boolean accepted(String answer) {
        return switch (answer) {
            case "accept" -> true;
            case "refuse" -> false;
            default -> throw new IllegalArgumentException(answer);
        };
    }

    private static Duration duration(String text) {
        String number = text.replaceFirst("(ms|s|m|h)$", "");
        long amount = Long.parseUnsignedLong(number);
        return switch (text.substring(number.length())) {
            case "s" -> Duration.ofSeconds(amount);
            case "m" -> Duration.ofMinutes(amount);
            case "h" -> Duration.ofHours(amount);
            default -> Duration.ofMillis(amount);
        };
    }
}
