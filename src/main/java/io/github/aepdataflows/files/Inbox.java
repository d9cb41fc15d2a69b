package io.github.aepdataflows.files;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.aepdataflows.ledger.FileClaim;
import io.github.aepdataflows.ledger.Ledger;
import io.github.aepdataflows.ledger.LedgerException;
import io.github.aepdataflows.provision.Failure;
import io.github.aepdataflows.provision.Failure.TryAgain;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.camel.Exchange;
import org.apache.camel.Variable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Takes definitions out of {@code inbox/} and puts each into {@code done/} or {@code failed/} with its document. */
public final class Inbox {

    private static final Logger LOG = LoggerFactory.getLogger("aep.inbox");
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int MAX_NAME = 200;
    private static final int MOST_STARTS = 3;
    private static final int MOST_REFUSED_ALIKE = 3;

    private final DataFolder data;
    private final InboxFilter filter;
    private final Ledger ledger;
    private final Set<Path> reserved = new HashSet<>();
    private String lastRefusal = "";
    private int refusedAlike;

    public Inbox(DataFolder data, InboxFilter filter, Ledger ledger) {
        this.data = data;
        this.filter = filter;
        this.ledger = ledger;
    }

    /** Whether a file that was listed a while ago may still be worked on: a pause may have begun since, or its writer. */
    public boolean accepts(@Variable("aepFile") String name) throws IOException {
        return filter.accepts(data.folder("inbox").resolve(name));
    }

    /** Notes in the ledger that this file is in work; null when another instance has it. */
    public FileClaim claim(@Variable("aepFile") String name) throws LedgerException {
        return ledger.claim(name).orElse(null);
    }

    /** The ledger fails us: leave all files alone for a while. */
    public void pause(@Variable("aepFile") String name) {
        filter.pause(name);
    }

    /** Releases the file, wherever it lies now. */
    public void release(@Variable("aepFile") String name, @Variable("aepClaim") FileClaim claim) {
        if (claim == null) {
            return;
        }
        try {
            ledger.release(claim);
            filter.finished(name);
        } catch (LedgerException e) {
            LOG.warn("{} could not be released in the ledger: {}", name, e.getMessage());
        }
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
            return DataFolder.content(file);
        } catch (NoSuchFileException e) {
            throw e;
        } catch (IOException e) {
            filter.postpone(file);
            throw new IOException("%s cannot be worked on now (%s); it is tried again later".formatted(name, e), e);
        }
    }

    /** Whether the program has died each time it began to read this file. */
    public boolean isPoison(@Variable("aepClaim") FileClaim claim) {
        return claim.starts() > MOST_STARTS;
    }

    public void refusePoison(Exchange exchange, @Variable("aepFile") String name) {
        String message = "the program died %d times while it read this file".formatted(MOST_STARTS);
        new Failure(JSON.createObjectNode().put("file", name).put("category", "internal").put("message", message)
                .put("advice", "Please report it with the file. It was not read again."), "internal: " + message + ".", TryAgain.NO)
                .setOn(exchange);
    }

    /**
     * A file stays, and is left alone for a while, when it can be worked on later. So do all, when only the way to the Platform failed; or
     * when this is not the first that the Platform refuses for a cause that no definition can mend.
     */
    public Verdict verdict(@Variable("aepFile") String name, @Variable("aepClaim") FileClaim claim,
            @Variable(Failure.RECEIPT) String receipt,
            @Variable(Failure.NAME) Failure failure) throws IOException, LedgerException {
        if (!ledger.holds(claim)) {
            LOG.warn("{}: another instance has taken it over", name);
            return Verdict.STAYS;
        } else if (receipt != null) {
            refusedAlike("");
            return Verdict.DONE;
        }
        TryAgain again = failure == null ? TryAgain.PAUSE : failure.tryAgain();
        if (again == TryAgain.NO) {
            boolean noPermission = failure.document().path("status").asInt() == 403;
            if (refusedAlike(noPermission ? "403 " + failure.document().path("code").asText() : "") <= MOST_REFUSED_ALIKE) {
                return Verdict.FAILED;
            }
            LOG.error("{}: stays in the inbox, as all do that follow: one definition after the other was refused for the same cause. {}",
                    name,
                    failure.summary());
        } else {
            LOG.warn("{}: stays in the inbox and is tried again: {}", name, failure == null ? "" : failure.summary());
        }
        if (again == TryAgain.POSTPONE) {
            filter.postpone(data.folder("inbox").resolve(name));
        } else {
            filter.pause(name);
        }
        return Verdict.STAYS;
    }

    private synchronized int refusedAlike(String refusal) {
        refusedAlike = refusal.isEmpty() ? 0 : refusal.equals(lastRefusal) ? refusedAlike + 1 : 1;
        lastRefusal = refusal;
        return refusedAlike;
    }

    /**
     * Writes the receipt or the error document, and returns where it and the definition belong, as in {@code done/x.yaml}: a text,
     * for in the text of a log Camel puts the content of a Path, not its name.
     */
    public String document(@Variable("aepFile") String name, @Variable("aepVerdict") Verdict verdict,
            @Variable(Failure.RECEIPT) String receipt,
            @Variable(Failure.NAME) Failure failure) throws IOException {
        String folder = verdict.isDone() ? "done" : "failed";
        String document = verdict.isDone() ? receipt : failure.document().toPrettyString();
        try {
            Path target = reserve(data.folder(folder), name);
            Path beside = target.resolveSibling(target.getFileName() + (verdict.isDone() ? ".receipt.json" : ".error.json"));
            data.write(beside, document.getBytes(StandardCharsets.UTF_8));
            return folder + "/" + target.getFileName();
        } catch (IOException e) {
            throw unmoved(name, folder, document, e);
        }
    }

    /** Moves the definition to where its document lies. */
    public void move(@Variable("aepFile") String name, @Variable("aepPlace") String place, @Variable("aepContent") byte[] content)
            throws IOException {
        Path target = data.file(Path.of(place));
        try {
            moveOrWrite(data.folder("inbox").resolve(name), target, content);
        } catch (IOException e) {
            throw unmoved(name, target.getParent().getFileName().toString(), place, e);
        } finally {
            synchronized (this) {
                reserved.remove(target);
            }
        }
    }

    private IOException unmoved(String name, String folder, String what, IOException e) throws IOException {
        filter.postpone(data.folder("inbox").resolve(name));
        return new IOException(("%s belongs into %s/, but could not be moved there (%s). It is tried again; what was made is not made "
                + "again. %s")
                .formatted(name, folder, e, what), e);
    }

    /** Another file of that name may have been dropped meanwhile: what was worked off is kept, theirs goes back to be taken. */
    private void moveOrWrite(Path source, Path target, byte[] content) throws IOException {
        try {
            DataFolder.move(source, target);
            if (Arrays.equals(DataFolder.content(target), content)) {
                return;
            }
            DataFolder.move(target, free(source.getParent(), source.getFileName().toString()));
        } catch (NoSuchFileException e) {
            // it was withdrawn, too late
        }
        data.write(target, content);
    }

    private synchronized Path reserve(Path folder, String name) {
        Path target = free(folder, name);
        reserved.add(target);
        return target;
    }

    /**
     * The file's own name, or with a number before the ending when that name is taken: x.yaml, x.2.yaml, x.3.yaml. A document
     * without its definition takes no name: the program died between writing the one and moving the other.
     */
    private Path free(Path folder, String name) {
        String own = name;
        while (own.getBytes(StandardCharsets.UTF_8).length > MAX_NAME) {
            own = own.substring(1);   // the ending is what matters, and .receipt.json has to fit behind it
        }
        int dot = own.lastIndexOf('.') > 0 ? own.lastIndexOf('.') : own.length();
        Path target = folder.resolve(own);
        for (int n = 2; Files.exists(target, LinkOption.NOFOLLOW_LINKS) || reserved.contains(target); n++) {
            target = folder.resolve(own.substring(0, dot) + "." + n + own.substring(dot));
        }
        return target;
    }
}
