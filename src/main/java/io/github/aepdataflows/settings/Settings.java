package io.github.aepdataflows.settings;

import java.io.File;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.camel.CamelContext;
import org.apache.camel.CamelContextAware;
import org.apache.camel.component.properties.PropertiesComponent;
import org.apache.camel.util.TimeUtils;
import org.quartz.CronExpression;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The {@code aep.*} properties that our classes read. All are read and checked together, so that everything missing or
 * unsafe is named at once, before anything starts. Never prints a secret.
 */
public final class Settings implements CamelContextAware {

    private static final Pattern ORG_ID = Pattern.compile("[A-Za-z0-9]{24}@AdobeOrg");
    private static final Pattern SANDBOX = Pattern.compile("[a-z0-9-]{1,256}");
    private static final Pattern HEADER_VALUE = Pattern.compile("[!-~]{1,512}");
    private static final Pattern FOLDER = Pattern.compile("[^?#%{}]{1,4096}");
    private static final Pattern SWITCH = Pattern.compile("true|false");
    private static final Pattern FACTOR = Pattern.compile("[1-9][0-9]?(\\.[0-9]{1,3})?");
    private static final Pattern DURATION = Pattern.compile("[0-9]{1,12}|(?=.)([0-9]{1,6}d)?([0-9]{1,6}h)?([0-9]{1,6}m)?"
            + "([0-9]{1,6}s)?([0-9]{1,9}ms)?");
    private static final Set<String> LOOPBACK = Set.of("localhost", "127.0.0.1", "[::1]");
    private static final List<String> DURATIONS = List.of(
            "aep.call-timeout", "aep.connect-timeout", "aep.response-timeout", "aep.flow-spec-lifetime", "aep.check-lifetime",
            "aep.redelivery.delay", "aep.redelivery.max-delay", "aep.redelivery.retry-after-cap", "aep.breaker.pause",
            "aep.settle-window", "aep.start-delay", "aep.progress", "aep.inbox.delay", "aep.inbox.settle", "aep.inbox.pause",
            "aep.audit.grace", "aep.audit.lookback", "aep.history.keep", "aep.alerts.delay",
            "aep.alerts.health.after", "aep.journal.delay", "aep.ops.inbox-age", "aep.jms.pause",
            "aep.kafka.delay", "aep.kafka.behind");
    private static final Map<String, Integer> SMALLEST = Map.ofEntries(
            Map.entry("aep.max-connections", 1), Map.entry("aep.rate", 1), Map.entry("aep.redelivery.max", 0),
            Map.entry("aep.inbox.concurrency", 1), Map.entry("aep.audit.concurrency", 1), Map.entry("aep.ops.port", 0),
            Map.entry("aep.audit.drift", 0), Map.entry("aep.audit.retry.per-run", 1), Map.entry("aep.audit.retry.per-flow", 1),
            Map.entry("aep.audit.retry.per-day", 1), Map.entry("aep.history.max", 1), Map.entry("aep.jms.concurrency", 1));
    private static final String JMS = "aep.jms.enabled";
    private static final String KAFKA = "aep.kafka.enabled";
    private static final List<String> SWITCHES = List.of("aep.log.wire", "aep.verify", "aep.ledger.anew", "aep.ledger.compare",
            "aep.inbox.enabled", "aep.audit.enabled", "aep.audit.on-start", "aep.audit.retry", "aep.alerts.enabled",
            "aep.alerts.health", "aep.journal.enabled", "aep.page.actions", JMS, KAFKA);
    private static final String JOURNAL = "aep.journal.url";
    private static final String MAIL_TO = "aep.alerts.mail.to";
    private static final String MAIL_FROM = "aep.alerts.mail.from";
    private static final String MAIL_SERVER = "aep.alerts.mail.server";
    private static final String KAFKA_BROKERS = "aep.kafka.brokers";
    private static final String KAFKA_PROPERTIES = "aep.kafka.properties";
    private static final List<String> OPTIONAL = List.of("aep.ledger.url", "aep.ledger.user", "aep.secrets-dir", "aep.secrets-allow",
            "aep.alerts.webhook.template", "aep.alerts.command", MAIL_TO, MAIL_FROM, MAIL_SERVER, "aep.alerts.mail.user", "aep.ops.hosts",
            "aep.jms.url", "aep.jms.user", "aep.jms.factory", KAFKA_BROKERS, "aep.kafka.user", KAFKA_PROPERTIES);
    /** At debug they show the value of each setting that is read. */
    private static final List<String> LOGGERS_OF_VALUES = Stream.of("DefaultPropertiesLookup", "DefaultPropertiesParser",
            "PropertiesComponent").map("org.apache.camel.component.properties."::concat).toList();
    private static final Pattern QUEUE = Pattern.compile("[A-Za-z0-9._:/-]{1,255}");
    private static final Pattern TOPIC = Pattern.compile("[A-Za-z0-9._-]{1,249}");
    private static final Pattern MECHANISM = Pattern.compile("SCRAM-SHA-256|SCRAM-SHA-512|PLAIN");
    private static final Pattern LEDGER_URL = Pattern.compile("|jdbc:(sqlite|postgresql):[!-~]{1,1000}");
    private static final String OPS_PORT = "aep.ops.port";
    private static final String HEALTH_PORT = "aep.health.port";
    private static final String OPS_TOKEN = "aep.ops.token";
    private static final String CLIENT_SECRET = "aep.client-secret";
    private static final List<String> OPTIONAL_SECRETS = List.of("aep.ledger.password", "aep.jms.password", "aep.kafka.password", OPS_TOKEN,
            "aep.alerts.mail.password");
    private static final Pattern TOKEN = Pattern.compile("|[!-~]{16,512}");
    private static final Pattern ADDRESS = Pattern.compile("localhost|[0-9.]{7,15}|[0-9A-Fa-f:.]{2,45}");
    private static final int LARGEST = 65_535;

    private static final String WEBHOOK = "aep.alerts.webhook.url";
    private static final String MAILBOX = "[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]{1,64}@[A-Za-z0-9.-]{1,255}";
    private static final Pattern ADDRESSES = Pattern.compile(MAILBOX + "( *, *" + MAILBOX + "){0,49}");
    private static final Pattern MAIL_URL = Pattern.compile("smtps?://(\\[[0-9A-Fa-f:.]+]|[A-Za-z0-9.-]+)(:[0-9]{1,5})?");
    private static final String SECRET = "AEP_SECRET_";

    private static final Logger LOG = LoggerFactory.getLogger("aep");

    private final List<String> problems = new ArrayList<>();
    private final Set<String> read = new HashSet<>(Set.of("AEP_CONNECTORS", "AEP_CLOCK", "AEP_SECRETS"));
    private final Map<String, Duration> durations = new HashMap<>();
    private final Map<String, Integer> integers = new HashMap<>();
    private final Map<String, String> texts = new HashMap<>();

    private CamelContext context;
    private boolean isRead;
    private URI url;
    private URI tokenUrl;

    /**
     * Reads all settings from the context's properties.
     *
     * @throws SettingsException with every problem on a line of its own
     */
    @Override
    public void setCamelContext(CamelContext camelContext) {
        if (camelContext == context && isRead) {   // Camel says it more than once
            return;
        }
        context = camelContext;
        Defaults.addTo(context);
        context.getPropertiesComponent().addPropertiesFunction(new MillisFunction());
        problems.clear();
        url = url("aep.url");
        tokenUrl = url("aep.token-url");
        matching("aep.client-id", HEADER_VALUE, "printable ASCII without blanks");
        required("aep.scope");
        matching("aep.org-id", ORG_ID, "24 letters or digits and @AdobeOrg");
        matching("aep.sandbox", SANDBOX, "the sandbox's name in lower-case letters, digits and -");
        for (String folder : List.of("aep.data-dir", "aep.overlays-dir", "aep.field-groups-dir")) {
            matching(folder, FOLDER, "a path without ? # % { }");
        }
        DURATIONS.forEach(name -> durations.put(name, readDuration(name)));
        SMALLEST.forEach((name, smallest) -> integers.put(name, readInteger(name, smallest)));
        if (integers.get(OPS_PORT) == 0 && value(HEALTH_PORT).isPresent()) {
            integers.put(OPS_PORT, readInteger(HEALTH_PORT, 0));
        }
        SWITCHES.forEach(name -> matching(name, SWITCH, "true or false"));
        if (mayReadSecrets()) {
            required(CLIENT_SECRET);
            OPTIONAL_SECRETS.forEach(this::optional);
            if (!optional(WEBHOOK).isEmpty() && !isSafe(texts.get(WEBHOOK))) {
                problem(WEBHOOK, "must begin with https:// (http:// is for a loopback host only)");
            }
        }
        matching("aep.redelivery.multiplier", FACTOR, "a number of 1 or more");
        OPTIONAL.forEach(this::optional);
        if (!LEDGER_URL.matcher(texts.get("aep.ledger.url")).matches()) {
            problem("aep.ledger.url", "must begin with jdbc:postgresql: or jdbc:sqlite:");
        }
        if (!texts.get("aep.secrets-dir").isEmpty() && !new File(texts.get("aep.secrets-dir")).isDirectory()) {
            problem("aep.secrets-dir", "is no folder");
        }
        for (String name : List.of("aep.secrets-allow", "aep.alerts.webhook.template", "aep.alerts.command", KAFKA_PROPERTIES)) {
            if (!texts.get(name).isEmpty() && !new File(texts.get(name)).isFile()) {
                problem(name, "is no file");
            }
        }
        readMail();
        if (texts.get(JMS).equals("true") && texts.get("aep.jms.url").isEmpty() && !texts.get("aep.jms.factory").startsWith("#bean:")) {
            problem("aep.jms.url", "is not set");
        }
        for (String name : List.of("aep.jms.queue", "aep.jms.results", "aep.jms.dead-letters")) {
            matching(name, QUEUE, "a name of letters, digits and . _ : / - without blanks");
        }
        if (texts.get(KAFKA).equals("true") && texts.get(KAFKA_BROKERS).isEmpty()) {
            problem(KAFKA_BROKERS, "is not set");
        }
        for (String name : List.of("aep.kafka.outcomes", "aep.kafka.audits")) {
            matching(name, TOPIC, "a name of letters, digits and . _ -");
        }
        matching("aep.kafka.mechanism", MECHANISM, "SCRAM-SHA-512, SCRAM-SHA-256 or PLAIN");
        optional(JOURNAL);
        if (texts.get("aep.journal.enabled").equals("true")) {
            url(JOURNAL);
        }
        matching("aep.ops.bind", ADDRESS, "an IP address or localhost");
        if (!TOKEN.matcher(texts.getOrDefault(OPS_TOKEN, "")).matches()) {
            problem(OPS_TOKEN, "must be 16 to 512 printable ASCII characters without blanks");
        }
        if (integers.get(OPS_PORT) != 0 && "true".equals(texts.get("aep.page.actions"))
                && texts.getOrDefault(OPS_TOKEN, "").isEmpty()) {
            problem("aep.page.actions", "needs a token: set aep.ops.token");
        }
        String cron = required("aep.audit.cron");
        if (!cron.isEmpty() && !CronExpression.isValidExpression(cron)) {
            problem("aep.audit.cron", "is no Quartz expression; one is second minute hour day month weekday, as in 0 0 * * * ?");
        }
        unknown(System.getenv().keySet()).forEach(variable ->
                LOG.warn("the environment variable {} is no setting of aep-dataflows", variable));
        if (!problems.isEmpty()) {
            throw new SettingsException("These settings are missing or unsafe:" + System.lineSeparator()
                    + String.join(System.lineSeparator(), problems));
        }
        isRead = true;
    }

    /** All that mails need, if somebody is to get some. */
    private void readMail() {
        if (texts.get(MAIL_TO).isEmpty()) {
            return;
        }
        if (!ADDRESSES.matcher(texts.get(MAIL_TO)).matches()) {
            problem(MAIL_TO, "must be addresses, with commas between them");
        }
        if (!Pattern.matches(MAILBOX, texts.get(MAIL_FROM))) {
            problem(MAIL_FROM, "must be an address");
        }
        if (!MAIL_URL.matcher(texts.get(MAIL_SERVER)).matches()) {
            problem(MAIL_SERVER, "must be smtps://host, or smtp://host for STARTTLS, with :port where that is another");
        }
    }

    /** Whether a host of a URL is this machine. */
    public static boolean isLoopback(String host) {
        return LOOPBACK.contains(host);
    }

    private boolean mayReadSecrets() {
        // that of Spring, for example, logs in its own name
        String parser = ((PropertiesComponent) context.getPropertiesComponent()).getPropertiesParser().getClass().getName();
        Optional<String> talkative = Stream.concat(LOGGERS_OF_VALUES.stream(), Stream.of(parser))
                .filter(name -> LoggerFactory.getLogger(name).isDebugEnabled()).findFirst();
        if (talkative.isEmpty() || texts.get("aep.log.wire").equals("true")) {
            return true;
        }
        problems.add(("  the logger %s is at debug and would show aep.client-secret; set it to info, or allow that by aep.log.wire=true")
                .formatted(talkative.get()));
        return false;
    }

    @Override
    public CamelContext getCamelContext() {
        return context;
    }

    /** Variables that look like settings of ours and are none: a misspelt one would else be passed over in silence. */
    List<String> unknown(Set<String> environment) {
        return environment.stream()
                .filter(variable -> variable.startsWith("AEP_") && !variable.startsWith(SECRET) && !read.contains(variable))
                .sorted().toList();
    }

    private static String variable(String name) {
        return name.toUpperCase(Locale.ROOT).replace('.', '_').replace('-', '_');
    }

    /** The environment variable that can hold the secret which definitions call by that name. */
    public static String secretVariable(String name) {
        return SECRET + variable(name);
    }

    /** Whether anybody has given secrets of base connections, as far as can be told without reading them. */
    public boolean hasSecretsOfSources() {
        return !text("aep.secrets-dir").isEmpty() || value("aep.secrets").isPresent()
                || System.getenv().keySet().stream().anyMatch(variable -> variable.startsWith(SECRET));
    }

    private Optional<String> value(String name) {
        read.add(variable(name));
        return context.getPropertiesComponent().resolveProperty(name).map(String::strip).filter(value -> !value.isEmpty());
    }

    private String optional(String name) {
        texts.put(name, value(name).orElse(""));
        return texts.get(name);
    }

    private String required(String name) {
        if (optional(name).isEmpty()) {
            problem(name, "is not set");
        }
        return texts.get(name);
    }

    private void matching(String name, Pattern pattern, String words) {
        String value = required(name);
        if (!value.isEmpty() && !pattern.matcher(value).matches()) {
            problem(name, "must be " + words);
        }
    }

    private URI url(String name) {
        String value = required(name);
        if (value.isEmpty()) {
            return null;
        }
        try {
            URI uri = new URI(value);
            if (value.endsWith("/")) {
                problem(name, "must not end in a slash");
            } else if (uri.getHost() == null || uri.getUserInfo() != null || uri.getQuery() != null || uri.getFragment() != null) {
                problem(name, "must be a URL of scheme, host and path only");
            } else if (!"https".equals(uri.getScheme()) && !("http".equals(uri.getScheme()) && LOOPBACK.contains(uri.getHost()))) {
                problem(name, "must begin with https:// (http:// is for a loopback host only)");
            }
            return uri;
        } catch (URISyntaxException e) {
            problem(name, "is not a URL");
            return null;
        }
    }

    private static boolean isSafe(String url) {
        try {
            URI uri = new URI(url);
            return uri.getHost() != null && uri.getUserInfo() == null
                    && ("https".equals(uri.getScheme()) || "http".equals(uri.getScheme()) && LOOPBACK.contains(uri.getHost()));
        } catch (URISyntaxException e) {
            return false;
        }
    }

    private Duration readDuration(String name) {
        String value = required(name);
        if (value.isEmpty()) {
            return Duration.ZERO;
        } else if (DURATION.matcher(value).matches()) {
            Duration duration = Duration.ofMillis(TimeUtils.toMilliSeconds(value));
            if (duration.isZero() && name.endsWith("-timeout")) {
                problem(name, "must be more than zero");
            }
            return duration;
        }
        problem(name, "is no duration; write it as 500 (milliseconds), 200ms, 30s or 2m");
        return Duration.ZERO;
    }

    private int readInteger(String name, int smallest) {
        String value = required(name);
        int number = value.matches("[0-9]{1,6}") ? Integer.parseInt(value) : -1;
        if (!value.isEmpty() && (number < smallest || number > LARGEST)) {
            problem(name, "must be a whole number from %d to %d".formatted(smallest, LARGEST));
        }
        return number;
    }

    private void problem(String name, String what) {
        problems.add("  %s (environment: %s) %s".formatted(name, variable(name), what));
    }

    /** The Platform's base URL, without a trailing slash. */
    public URI url() {
        return url;
    }

    public URI tokenUrl() {
        return tokenUrl;
    }

    public String clientId() {
        return text("aep.client-id");
    }

    public String clientSecret() {
        return text(CLIENT_SECRET);
    }

    public String scope() {
        return text("aep.scope");
    }

    public String orgId() {
        return text("aep.org-id");
    }

    public String sandbox() {
        return text("aep.sandbox");
    }

    /** Whether several instances can work with the ledger. */
    public boolean isLedgerShared() {
        return text("aep.ledger.url").startsWith("jdbc:postgresql:");
    }

    public String dataDir() {
        return text("aep.data-dir");
    }

    /** The setting of that full name, as in {@code aep.call-timeout}. */
    public Duration duration(String name) {
        return known(durations, name);
    }

    /** The setting of that full name, as in {@code aep.max-connections}. */
    public int integer(String name) {
        return known(integers, name);
    }

    /** The setting of that full name, which may be left out: then it is empty. */
    public String text(String name) {
        return known(texts, name);
    }

    private static <T> T known(Map<String, T> values, String name) {
        return Optional.ofNullable(values.get(name))
                .orElseThrow(() -> new IllegalArgumentException(name + " is not among the settings that are read"));
    }

    /** The values that no log and no message may show. */
    public List<String> secrets() {
        return Stream.concat(Stream.of(CLIENT_SECRET), OPTIONAL_SECRETS.stream()).map(this::text).filter(secret -> !secret.isEmpty())
                .toList();
    }

    @Override
    public String toString() {
        return "Settings[%s, sandbox %s]".formatted(url, texts.get("aep.sandbox"));
    }
}
