package io.github.aepdataflows.files;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.camel.Variable;

/** The audit's side of the data folder: its reports. */
public final class Reports {

    private static final DateTimeFormatter STAMP = DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss.SSS'Z'").withZone(ZoneOffset.UTC);

    private static final Pattern NAME = Pattern.compile("audit-(.*)\\.json");

    private final DataFolder data;

    /** What a report says. */
    public interface Content {
        void writeTo(OutputStream file) throws IOException;
    }

    /** @param time when the audit began */
    public record Document(Instant time, Content content) {
    }

    public Reports(DataFolder data) {
        this.data = data;
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

    /** When the newest audit began, as the name of its report says; empty when there is none. */
    public Optional<Instant> lastAt() throws IOException {
        return files().stream().map(file -> NAME.matcher(file.getFileName().toString())).filter(Matcher::matches)
                .map(name -> name.group(1)).filter(stamp -> stamp.matches("\\d{8}T\\d{6}\\.\\d{3}Z"))
                .map(stamp -> STAMP.parse(stamp, Instant::from)).findFirst();
    }

    /** Writes {@code reports/audit-<time>.json} and returns its name. */
    public String write(@Variable("aepReport") Document report) throws IOException {
        String name = "audit-" + STAMP.format(report.time()) + ".json";
        data.write(data.folder("reports").resolve(name), report.content());
        return name;
    }

    /** What such a file holds. */
    public String text(@Variable("aepReportFile") String name) throws IOException {
        return Files.readString(data.folder("reports").resolve(name));
    }
}
