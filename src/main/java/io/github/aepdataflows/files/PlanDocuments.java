package io.github.aepdataflows.files;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Map;

/**
 * What is written beside a definition in {@code plan/}: {@code x.yaml.plan.json} and the same in words, {@code x.yaml.plan.txt}, or
 * {@code x.yaml.error.json}. Each JSON document says of which edition of the definition it tells, so that another process knows, too.
 */
public final class PlanDocuments {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String PLAN = ".plan.json";
    private static final String TEXT = ".plan.txt";
    private static final String ERROR = ".error.json";
    private static final String STATE = "unix:ino,size,lastModifiedTime";
    private static final String STATE_AND_CHANGE = STATE + ",ctime";
    private static final int MOST_REMEMBERED = 10_000;

    private final DataFolder data;
    private final WorkFolder work;
    /** No instance claims a definition here: two that plan the same one write the same documents, each whole. */
    private final String self = Integer.toHexString(new SecureRandom().nextInt());
    private final Cache<Path, Known> known = Caffeine.newBuilder().maximumSize(MOST_REMEMBERED).build();
    private final Cache<Path, JsonNode> told = Caffeine.newBuilder().maximumSize(MOST_REMEMBERED).build();

    /**
     * A definition as it was when it was read.
     *
     * @param edition {@code bytes, modified, sha256}
     */
    record Reading(byte[] content, JsonNode edition) {
    }

    /** The edition of a file that is in this state: as long as it is, the file is not read again. */
    private record Known(Map<String, Object> state, JsonNode edition) {
    }

    public PlanDocuments(DataFolder data, WorkFolder work) {
        this.data = data;
        this.work = work;
    }

    static boolean isOne(String name) {
        return name.endsWith(PLAN) || name.endsWith(TEXT) || name.endsWith(ERROR);
    }

    /**
     * Reads a definition, but not a link or a pipe, and not more than the reader of definitions would accept. While it is read it is in
     * {@link WorkFolder}, where nobody can swap it.
     *
     * @throws NoSuchFileException when it has gone, or is not a plain file after all
     */
    Reading read(Path file) throws IOException {
        Path taken = work.take("plan", file.getFileName().toString());
        Reading reading;
        Map<String, Object> state;
        try {
            if (!WorkFolder.isPlain(taken)) {
                throw new NoSuchFileException(file.toString());
            }
            state = state(taken, STATE);
            reading = readTaken(taken);
        } finally {
            if (!work.giveBack(taken)) {
                Files.delete(taken);   // a newer one has replaced it
            }
        }
        if (!state.isEmpty() && state.equals(state(file, STATE))) {
            known.put(file, new Known(state(file, STATE_AND_CHANGE), reading.edition()));
        }
        return reading;
    }

    private JsonNode edition(Path file) throws IOException {
        Known before = known.getIfPresent(file);
        return before != null && before.state().equals(state(file, STATE_AND_CHANGE)) ? before.edition() : read(file).edition();
    }

    /** Empty where the file system does not tell. */
    private static Map<String, Object> state(Path file, String attributes) throws IOException {
        return file.getFileSystem().supportedFileAttributeViews().contains("unix")
                ? Files.readAttributes(file, attributes, LinkOption.NOFOLLOW_LINKS) : Map.of();
    }

    private static Reading readTaken(Path file) throws IOException {
        long modified = Files.getLastModifiedTime(file, LinkOption.NOFOLLOW_LINKS).toMillis();   // first: what changes meanwhile is seen
        byte[] content = DataFolder.content(file);
        try {
            return new Reading(content, JSON.createObjectNode().put("bytes", content.length)
                    .put("modified", Instant.ofEpochMilli(modified).toString())
                    .put("sha256", HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content))));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Whether a document beside this definition tells of it as it is now. */
    boolean tellOf(Path file) {
        if (!Files.exists(beside(file, PLAN)) && !Files.exists(beside(file, ERROR))) {
            return false;
        }
        try {
            JsonNode edition = edition(file);
            boolean isTold = edition.equals(told.getIfPresent(file)) || edition.equals(edition(file, PLAN))
                    || edition.equals(edition(file, ERROR));
            if (isTold) {
                told.put(file, edition);
            }
            return isTold;
        } catch (IOException e) {
            return false;   // it has gone, or whoever reads it next says what is wrong
        }
    }

    private static JsonNode edition(Path file, String kind) {
        return DataFolder.json(beside(file, kind)).path("definition");
    }

    /** @param text the plan in words */
    void writePlan(Path file, ObjectNode plan, String text) throws IOException {
        Files.deleteIfExists(beside(file, ERROR));   // of an earlier edition, as is a plan where the error is written
        Files.deleteIfExists(beside(file, PLAN));
        data.write(beside(file, TEXT), text.getBytes(StandardCharsets.UTF_8), self);
        write(file, PLAN, plan);   // last: it says that all is there
    }

    void writeError(Path file, ObjectNode error) throws IOException {
        Files.deleteIfExists(beside(file, PLAN));
        Files.deleteIfExists(beside(file, TEXT));
        write(file, ERROR, error);
    }

    private void write(Path file, String kind, ObjectNode document) throws IOException {
        data.write(beside(file, kind), document.toPrettyString().getBytes(StandardCharsets.UTF_8), self);
        told.put(file, document.path("definition"));
    }

    private static Path beside(Path file, String kind) {
        return file.resolveSibling(file.getFileName() + kind);
    }
}
