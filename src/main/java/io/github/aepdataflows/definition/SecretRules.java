package io.github.aepdataflows.definition;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Where each secret may be sent: {@code secrets.yaml}, a key per secret. One that is not listed may be sent nowhere. */
public final class SecretRules {

    public static final String CODE = "SECRET-NOT-ALLOWED";

    /** Parameters that say where the source is. */
    private static final Pattern PLACE = Pattern.compile("(?i).*((host|server)(name)?|endpoint|url|uri|domain|connectionString)");
    /** What is written in any other way may be read by a source as another host. */
    private static final Pattern HOST = Pattern.compile("(?i)(?:https://|tcp:)?([a-z0-9-]+(?:\\.[a-z0-9-]+)*)(?:[:,][0-9]{1,5})?"
            + "(?:/[a-z0-9/._~-]*)?");

    private final String file;
    private final Optional<Map<String, Rule>> rules;

    /** Empty for any. */
    private record Rule(List<String> connectors, List<String> connectionSpecs, List<String> hosts) {
    }

    private SecretRules(String file, Optional<Map<String, Rule>> rules) {
        this.file = file;
        this.rules = rules;
    }

    /** Every secret may be sent to every source. */
    public static SecretRules none() {
        return new SecretRules("", Optional.empty());
    }

    /**
     * @param file what to call the file
     * @throws IllegalArgumentException with every fault on a line of its own
     */
    public static SecretRules read(String file, byte[] yaml, InputStream jsonSchema, Connectors connectors) {
        Document document = Document.parse(yaml);
        List<Fault> faults = new ArrayList<>(document.faults());
        if (faults.isEmpty()) {
            faults.addAll(new SchemaCheck(jsonSchema, "secrets.yaml", "").faults(document));
        }
        Map<String, Rule> rules = new TreeMap<>();
        document.root().properties().forEach(secret -> {
            List<String> names = texts(secret.getValue().path("connectors"));
            List<String> specs = new ArrayList<>();
            for (int i = 0; i < names.size(); i++) {
                String name = names.get(i);
                Fault unknown = document.fault("%s.connectors[%d]".formatted(secret.getKey(), i), "no connector is called " + name)
                        .withSuggestion(Nearest.to(name, connectors.keys()));
                connectors.specOf(name).ifPresentOrElse(specs::add, () -> faults.add(unknown));
            }
            rules.put(secret.getKey(), new Rule(names, specs, texts(secret.getValue().path("hosts"))));
        });
        if (!faults.isEmpty()) {
            throw new IllegalArgumentException(String.join(System.lineSeparator(), faults.stream().map(fault -> "  " + fault).toList()));
        }
        return new SecretRules(file, Optional.of(rules));
    }

    private static List<String> texts(JsonNode list) {
        return list.valueStream().map(JsonNode::asText).toList();
    }

    /**
     * Why a secret must not be sent; empty when it may. Repeats no value of a parameter: it may be a secret.
     *
     * @param connectionSpecId of the base connection
     * @param params           its {@code auth.params}, secrets as references
     */
    public Optional<String> objection(String secret, String connectionSpecId, JsonNode params) {
        if (rules.isEmpty()) {
            return Optional.empty();
        }
        Rule rule = rules.get().get(secret);
        if (rule == null) {
            return Optional.of("the secret %s may be sent nowhere: %s does not list it; add it there, with its connectors or hosts"
                    .formatted(secret, file));
        } else if (!rule.connectors().isEmpty() && !rule.connectionSpecs().contains(connectionSpecId)) {
            return Optional.of("the secret %s may be sent to %s only; use another secret, or add this connector in %s"
                    .formatted(secret, String.join(", ", rule.connectors()), file));
        } else if (rule.hosts().isEmpty()) {
            return Optional.empty();
        }
        String only = "the secret %s may be sent to %s only, ".formatted(secret, String.join(", ", rule.hosts()));
        List<String> places = params.properties().stream().map(Map.Entry::getKey).filter(name -> PLACE.matcher(name).matches()).toList();
        if (places.isEmpty()) {
            return Optional.of(only + "but no parameter says where the source is; leave hosts of this secret out in %s".formatted(file));
        }
        return places.stream().filter(name -> !isAllowed(params.path(name), rule.hosts())).findFirst()
                .map(name -> only + "and the parameter %s is none of them, or no plain name of a host; see %s".formatted(name, file));
    }

    private static boolean isAllowed(JsonNode place, List<String> hosts) {
        Matcher written = HOST.matcher(place.isTextual() ? place.asText() : "");
        if (!written.matches()) {
            return false;
        }
        String host = written.group(1).toLowerCase(Locale.ROOT);
        return hosts.stream().map(allowed -> allowed.toLowerCase(Locale.ROOT))
                .anyMatch(allowed -> allowed.startsWith("*.") ? host.endsWith(allowed.substring(1)) : host.equals(allowed));
    }
}
