package io.github.aepdataflows.files;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Set;
import org.apache.camel.Exchange;
import org.apache.camel.Variable;

/** Takes definitions out of {@code inbox/} and puts each into {@code done/} or {@code failed/} with its document. */
public final class Inbox {

    private static final int MAX_READ = 1024 * 1024 + 1;

    private static final int MAX_NAME = 200;

    private final DataFolder data;
    private final InboxFilter filter;

    public Inbox(DataFolder data, InboxFilter filter) {
        this.data = data;
        this.filter = filter;
    }

    /** Whether a file that was listed a while ago may still be worked on: a pause may have begun since, or its writer. */
    public boolean takes(@Variable("aepFile") String name) throws IOException {
        return filter.takes(data.folder("inbox").resolve(name));
    }

    /** Reads the file of the given name in the inbox, but not a link, and not more than the reader would accept. */
    public byte[] read(@Variable("aepFile") String name) throws IOException {
        Path file = data.folder("inbox").resolve(name);
        try {
            return content(file);
        } catch (IOException e) {
            filter.hold(file);
            throw new IOException("%s cannot be read (%s). It is left alone until it is replaced".formatted(name, e), e);
        }
    }

    /** Moves the definition to {@code done/}, its receipt first, and returns where it lies now. */
    public String done(@Variable("aepFile") String name, @Variable("aepContent") byte[] content, Exchange exchange)
            throws IOException {
        return settle(name, content, "done", "receipt", exchange.getMessage().getBody(String.class));
    }

    /** Moves the definition to {@code failed/}, its error document first, and returns where it lies now. */
    public String failed(@Variable("aepFile") String name, @Variable("aepContent") byte[] content,
                       @Variable("aepError") String error) throws IOException {
        return settle(name, content, "failed", "error", error);
    }

    private String settle(String name, byte[] content, String folder, String kind, String document) throws IOException {
        Path source = data.folder("inbox").resolve(name);
        try {
            synchronized (this) {
                Path target = free(data.folder(folder), name, kind);
                data.write(beside(target, kind), document.getBytes(StandardCharsets.UTF_8));
                if (unchanged(source, content)) {
                    DataFolder.move(source, target);
                } else {
                    // another file of that name was dropped meanwhile: keep what was worked off, leave theirs to be taken
                    data.write(target, content);
                }
                return folder + "/" + target.getFileName();
            }
        } catch (IOException e) {
            filter.hold(source);
            throw new IOException("%s belongs into %s/, but could not be moved there (%s). It is not taken again before a restart. Its %s: %s"
                    .formatted(name, folder, e, kind, document), e);
        }
    }

    private static boolean unchanged(Path source, byte[] content) throws IOException {
        try {
            return Arrays.equals(content(source), content);
        } catch (NoSuchFileException e) {
            return false;
        }
    }

    private static byte[] content(Path file) throws IOException {
        Set<OpenOption> options = Set.of(StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS);
        try (var in = Files.newInputStream(file, options.toArray(OpenOption[]::new))) {
            return in.readNBytes(MAX_READ);
        }
    }

    /** The file's own name, or with a number before the ending when that name is taken: x.yaml, x.2.yaml, x.3.yaml. */
    private static Path free(Path folder, String name, String kind) {
        String own = name;
        while (own.getBytes(StandardCharsets.UTF_8).length > MAX_NAME) {
            own = own.substring(1);   // the ending is what matters, and .receipt.json has to fit behind it
        }
        int dot = own.lastIndexOf('.') > 0 ? own.lastIndexOf('.') : own.length();
        Path target = folder.resolve(own);
        for (int n = 2; Files.exists(target, LinkOption.NOFOLLOW_LINKS) || Files.exists(beside(target, kind)); n++) {
            target = folder.resolve(own.substring(0, dot) + "." + n + own.substring(dot));
        }
        return target;
    }

    private static Path beside(Path file, String kind) {
        return file.resolveSibling(file.getFileName() + "." + kind + ".json");
    }
}
