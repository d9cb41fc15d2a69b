package io.github.aepdataflows.platform;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One file per secret, its name the secret's, as Docker and Kubernetes mount them: files of their own, or links that stay inside. */
final class SecretsFolder {

    private static final Logger LOG = LoggerFactory.getLogger("aep.platform");
    private static final int MAX_BYTES = 64 * 1024;

    private final Path folder;

    SecretsFolder(Path folder) {
        this.folder = folder;
    }

    /**
     * The content without a byte order mark before it and one line break behind it; empty when there is no such file, or none that can
     * be a secret.
     *
     * @param name no path
     */
    Optional<String> find(String name) {
        try {
            Optional<String> secret = read(name);
            return secret.isPresent() ? secret : read(name);   // Kubernetes replaces all files at once: between two looks
        } catch (IOException e) {
            LOG.warn("the secret {} cannot be used: {}", name, e.toString());
            return Optional.empty();
        }
    }

    private Optional<String> read(String name) throws IOException {
        try {
            Path mounted = folder.toRealPath();
            Path file = mounted.resolve(name).toRealPath();
            if (!file.startsWith(mounted) || !Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
                throw new IOException("it is no file of " + folder);
            }
            return Optional.of(bare(text(file)));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
    }

    private static String text(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file, LinkOption.NOFOLLOW_LINKS)) {
            byte[] bytes = in.readNBytes(MAX_BYTES + 1);
            if (bytes.length > MAX_BYTES) {
                throw new IOException("it is larger than %d bytes".formatted(MAX_BYTES));
            }
            return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
        }
    }

    /** Without what an editor adds to a text. */
    private static String bare(String text) {
        return text.replaceFirst("\\A\uFEFF", "").replaceFirst("(\r\n|\n|\r)\\z", "");
    }

    @Override
    public String toString() {
        return folder.toString();
    }
}
