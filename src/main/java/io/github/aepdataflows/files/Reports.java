package io.github.aepdataflows.files;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.OutputStream;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.camel.Variable;

/** The audit's side of the data folder: its reports. */
public final class Reports {

    private static final DateTimeFormatter STAMP = DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss.SSS'Z'").withZone(ZoneOffset.UTC);

    private static final Pattern NAME = Pattern.compile("audit-(.*)\\.json");
    private static final Pattern STAMPED = Pattern.compile("audit-(\\d{8}T\\d{6}\\.\\d{3}Z)\\.json");

    private static final ObjectMapper JSON = new ObjectMapper();

    /** How far a clock that makes reports may be before ours. */
    private static final Duration CLOCK_SKEW = Duration.ofHours(1);

    private final DataFolder data;
    private final Clock clock;

    /** What a report says. */
    public interface Content {
        void writeTo(OutputStream file) throws IOException;
    }

    public Reports(DataFolder data, Clock clock) {
        this.data = data;
        this.clock = clock;
    }

    /** The reports, the newest first. */
    public List<Path> files() throws IOException {
        try (Stream<Path> files = Files.list(data.file(Path.of("reports")))) {
            return files.filter(file -> NAME.matcher(file.getFileName().toString()).matches())
                    .sorted(Comparator.comparing(Path::getFileName).reversed()).toList();
        } catch (NoSuchFileException e) {
            return List.of();   // there was no audit yet
        }
    }

    /** The same without those from a time to come, as of a clock that was wrong: they would be the newest ones for very long. */
    public List<Path> past() throws IOException {
        String latest = name(clock.instant().plus(CLOCK_SKEW));
        return files().stream().filter(file -> !STAMPED.matcher(file.getFileName().toString()).matches()
                || file.getFileName().toString().compareTo(latest) <= 0).toList();
    }

    /** When the newest audit began, as the name of its report says; empty when there is none. */
    public Optional<Instant> lastAt() throws IOException {
        return past().stream().map(file -> STAMPED.matcher(file.getFileName().toString())).filter(Matcher::matches)
                .map(name -> STAMP.parse(name.group(1), Instant::from)).findFirst();
    }

    /**
     * Reads a report that may be of very many flows, without holding all of them.
     *
     * @param lists names of lists whose elements are handed out one by one
     * @return all of the rest
     * @throws IOException when it is no report as a whole
     */
    public static ObjectNode read(Reader content, Set<String> lists, Consumer<JsonNode> elements) throws IOException {
        ObjectNode rest = JSON.createObjectNode();
        try (JsonParser parser = JSON.createParser(content)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                throw new IOException("no report");
            }
            for (String name = parser.nextFieldName(); name != null; name = parser.nextFieldName()) {
                if (parser.nextToken() == JsonToken.START_ARRAY && lists.contains(name)) {
                    while (parser.nextToken() != JsonToken.END_ARRAY) {
                        elements.accept(JSON.readTree(parser));
                    }
                } else {
                    rest.set(name, JSON.<JsonNode>readTree(parser));
                }
            }
            if (parser.currentToken() != JsonToken.END_OBJECT) {
                throw new IOException("not a whole report");
            }
        }
        return rest;
    }

    /** Of the file with the report of an audit that began then. */
    public static String name(Instant time) {
        return "audit-" + STAMP.format(time) + ".json";
    }

    /** Writes {@code reports/audit-<time>.json}, of an audit that began then, and returns its name. */
    public String write(Instant time, Content report) throws IOException {
        String name = name(time);
        data.write(data.folder("reports").resolve(name), report);
        return name;
    }

    /** What such a file holds. */
    public String text(@Variable("aepReportFile") String name) throws IOException {
        return Files.readString(data.folder("reports").resolve(name));
    }
}
