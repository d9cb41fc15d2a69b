package io.github.aepdataflows.files;

import io.github.aepdataflows.definition.DefinitionReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.apache.camel.Exchange;
import org.apache.camel.Variable;

/** Takes definitions out of {@code inbox/} and puts each into {@code done/} or {@code failed/} with its document. */
public final class Inbox {

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

    /**
     * Reads the file of the given name in the inbox, but not a link, and not more than the reader would accept. Makes sure
     * first that it can be moved away later: nothing is sent to the Platform that could not be told of here.
     *
     * @throws NoSuchFileException when the file has gone
     */
    public byte[] read(@Variable("aepFile") String name) throws IOException {
        Path file = data.folder("inbox").resolve(name);
        try {
            for (String folder : List.of("inbox", "done", "failed")) {
                if (!Files.isWritable(data.folder(folder))) {
                    throw new AccessDeniedException(data.folder(folder).toString());
                }
            }
            return content(file);
        } catch (NoSuchFileException e) {
            throw e;
        } catch (IOException e) {
            filter.postpone(file);
            throw new IOException("%s cannot be worked on now (%s); it is tried again later".formatted(name, e), e);
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
                moveOrWrite(source, target, content);
                return folder + "/" + target.getFileName();
            }
        } catch (IOException e) {
            filter.hold(source);
            throw new IOException("%s belongs into %s/, but could not be moved there (%s). It is not taken again before a restart. Its %s: %s"
                    .formatted(name, folder, e, kind, document), e);
        }
    }

    /** Another file of that name may have been dropped meanwhile: what was worked off is kept, theirs goes back to be taken. */
    private void moveOrWrite(Path source, Path target, byte[] content) throws IOException {
        try {
            DataFolder.move(source, target);
            if (Arrays.equals(content(target), content)) {
                return;
            }
            DataFolder.move(target, free(source.getParent(), source.getFileName().toString(), ""));
        } catch (NoSuchFileException e) {
            // it was withdrawn, too late
        }
        data.write(target, content);
    }

    private static byte[] content(Path file) throws IOException {
        try (var in = Files.newInputStream(file, LinkOption.NOFOLLOW_LINKS)) {
            return in.readNBytes(DefinitionReader.MAX_BYTES + 1);
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
