package io.github.aepdataflows.files;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.github.aepdataflows.ledger.FileClaim;
import io.github.aepdataflows.ledger.Ledger;
import io.github.aepdataflows.ledger.LedgerException;
import io.github.aepdataflows.provision.Ending;
import io.github.aepdataflows.provision.Failure;
import io.github.aepdataflows.provision.Failure.TryAgain;
import io.github.aepdataflows.provision.Work;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.camel.Exchange;
import org.apache.camel.Variable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/** Takes definitions out of {@code inbox/} and puts each into {@code done/} or {@code failed/} with its document. */
public final class Inbox {

    private static final Logger LOG = LoggerFactory.getLogger("aep.inbox");
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int MAX_NAME = 200;
    private static final int MOST_STARTS = 3;
    private static final int MOST_REFUSED_ALIKE = 3;
    private static final Duration SILENCE = Duration.ofHours(1);
    private static final int MOST_TOLD = 10_000;


    private final DataFolder data;
    private final InboxFilter filter;
    private final Ledger ledger;
    private final WorkFolder work;
    private final Watchdog watchdog;
    private final Set<Path> reserved = new HashSet<>();
    /** The cause, as a hash, that the log was told of a file that stays. */
    private final Cache<String, Integer> told = Caffeine.newBuilder().expireAfterWrite(SILENCE).maximumSize(MOST_TOLD).build();
    private String lastRefusal = "";
    private int refusedAlike;

    public Inbox(DataFolder data, InboxFilter filter, Ledger ledger, WorkFolder work, Watchdog watchdog) {
        this.work = work;
        this.watchdog = watchdog;
        this.data = data;
        this.filter = filter;
        this.ledger = ledger;
    }

    /** Whether a file that was listed a while ago may still be worked on: a pause may have begun since, or its writer. */
    public boolean accepts(@Variable("aepFile") String name) throws IOException {
        return filter.accepts(data.folder("inbox").resolve(name));
    }

    /** From now on no other thread works on a file of that name; null when one does already, or nothing more is to be begun. */
    public Work begin(@Variable("aepFile") String name) {
        return filter.begin(name) ? watchdog.begin(name) : null;
    }

    /** Notes in the ledger that the file of that name is in work; null when another instance works on one. */
    public FileClaim claim(@Variable("aepFile") String name, @Variable(Work.VARIABLE) Work watched) throws LedgerException {
        watched.at("claim the file");
        Optional<FileClaim> claim = ledger.claim(name);
        if (claim.isEmpty()) {
            filter.finished(name);
        }
        return claim.orElse(null);
    }

    /** The ledger fails us: leave all files alone for a while. */
    public void pause(@Variable("aepFile") String name) {
        filter.pause(name);
    }

    /** Releases the file, wherever it lies now: what was not moved away goes back into the inbox. */
    public void release(@Variable("aepFile") String name, @Variable("aepClaim") FileClaim claim) {
        try {
            if (claim != null) {
                giveBack(name);
                ledger.release(claim);
                filter.finished(name);
            }
        } catch (LedgerException e) {
            LOG.warn("{} could not be released in the ledger: {}", name, e.getMessage());
        } finally {
            Ending.end();
            watchdog.end(name);
            filter.end(name);
        }
    }

    private void giveBack(String name) {
        try {
            if (!work.giveBack(work.path("inbox", name))) {
                LOG.info("{}: another file of this name was dropped; the one in work is worked on first", name);
            }
        } catch (IOException e) {
            LOG.error("{} could not be moved back into inbox/, and is taken up again from where it is: {}", name, e.toString());
        }
    }

    /**
     * Takes the file of the given name out of the inbox, into {@link WorkFolder}, and reads it there: not a link or a pipe, and not more
     * than the reader would accept. Makes sure first that it can be moved away later: nothing is sent to the Platform that could not be
     * told of here.
     *
     * @throws NoSuchFileException when the file has gone, or is no longer the one that was looked at
     */
    public TakenFile read(@Variable("aepFile") String name, @Variable("aepClaim") FileClaim claim,
            @Variable(Work.VARIABLE) Work watched) throws IOException {
        watched.at("read the file");
        Path file = data.folder("inbox").resolve(name);
        try {
            boolean isLeft = work.isLeft("inbox", name);
            for (String folder : List.of("inbox", "done", "failed")) {
                if (!Files.isWritable(data.folder(folder))) {
                    throw new AccessDeniedException(data.folder(folder).toString());
                }
            }
            file = work.take("inbox", name);
            if (!(isLeft ? WorkFolder.isPlain(file) : filter.isReady(file))) {
                throw new NoSuchFileException(file.toString());
            }
            return new TakenFile(name, claim, DataFolder.content(file));
        } catch (NoSuchFileException e) {
            throw e;
        } catch (IOException e) {
            filter.postpone(file);
            throw new IOException("%s cannot be worked on now (%s); it is tried again later".formatted(name, DataFolder.reason(e)), e);
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
    public void judge(@Variable(TakenFile.VARIABLE) TakenFile taken, @Variable(Work.VARIABLE) Work watched,
            @Variable(Failure.RECEIPT) String receipt, @Variable(Failure.NAME) Failure failure) throws LedgerException {
        watched.at("move the file");
        taken.verdict = verdict(taken, receipt, failure);
    }

    private Verdict verdict(TakenFile taken, String receipt, Failure failure) throws LedgerException {
        String name = taken.name;
        if (!ledger.holds(taken.claim)) {
            LOG.warn("{}: another instance has taken it over", name);
            return Verdict.STAYS;
        } else if (receipt != null) {
            refusedAlike("");
            told.invalidate(name);
            return Verdict.DONE;
        }
        TryAgain again = failure == null ? TryAgain.PAUSE : failure.tryAgain();
        if (again == TryAgain.NO) {
            boolean noPermission = failure.document().path("status").asInt() == 403;
            if (refusedAlike(noPermission ? "403 " + failure.document().path("code").asText() : "") <= MOST_REFUSED_ALIKE) {
                told.invalidate(name);
                return Verdict.FAILED;
            }
            tell(name, Level.ERROR, cause(failure), ("%s: stays in the inbox, as all do that follow: one definition after the other was "
                    + "refused for the same cause. %s").formatted(name, failure.summary()));
        } else {
            tell(name, Level.WARN, cause(failure), "%s: stays in the inbox and is tried again: %s"
                    .formatted(name, failure == null ? "" : failure.summary()));
        }
        if (again == TryAgain.POSTPONE) {
            filter.postpone(work.path("inbox", name));
        } else {
            filter.pause(name);
        }
        return Verdict.STAYS;
    }

    /** Says that the ledger or the folders failed, and all that must not be lost. */
    public void tellTrouble(Exchange exchange, @Variable("aepFile") String name) {
        Exception trouble = exchange.getProperty(Exchange.EXCEPTION_CAUGHT, Exception.class);
        String words = trouble instanceof LedgerException
                ? "%s: stays in the inbox, the ledger cannot be written: %s".formatted(name, trouble.getMessage()) : trouble.getMessage();
        tell(name, Level.ERROR, words, words);
    }

    /** A file that stays for a night for the same cause is told of once an hour, and not each time that it is tried. */
    private void tell(String name, Level level, String cause, String words) {
        boolean isNews = !Objects.equals(told.getIfPresent(name), cause.hashCode());
        if (isNews) {
            told.put(name, cause.hashCode());
        }
        LOG.atLevel(isNews ? level : Level.DEBUG).log("{}", words);
    }

    /** Without what differs from one answer to the next, such as the id of a request. */
    private static String cause(Failure failure) {
        return failure == null ? "" : Stream.of("category", "status", "code").map(failure.document()::path).map(JsonNode::asText)
                .collect(Collectors.joining(" "));
    }

    private synchronized int refusedAlike(String refusal) {
        refusedAlike = refusal.isEmpty() ? 0 : refusal.equals(lastRefusal) ? refusedAlike + 1 : 1;
        lastRefusal = refusal;
        return refusedAlike;
    }

    /** Writes the receipt or the error document to where it and the definition belong. */
    public void document(@Variable(TakenFile.VARIABLE) TakenFile taken, @Variable(Failure.RECEIPT) String receipt,
            @Variable(Failure.NAME) Failure failure) throws IOException {
        String document = text(receipt, failure);
        try {
            taken.target = reserve(data.folder(taken.folder()), taken.name);
            data.write(beside(taken.target, receipt), document.getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            letGo(taken.target);
            throw unmoved(taken, document, e);
        }
    }

    private static Path beside(Path target, String receipt) {
        return target.resolveSibling(target.getFileName() + (receipt == null ? ".error.json" : ".receipt.json"));
    }

    private static String text(String receipt, Failure failure) {
        return receipt == null ? failure.document().toPrettyString() : receipt;
    }

    /** Takes our document away again, but not what the other instance may have written in its place by now. */
    private static void withdraw(Path document, String ours) throws IOException {
        Path aside = document.resolveSibling("." + document.getFileName() + ".withdrawn");
        DataFolder.move(document, aside);
        if (Files.readString(aside).equals(ours) || Files.exists(document)) {
            Files.delete(aside);
        } else {
            DataFolder.move(aside, document);
        }
    }

    /**
     * Moves the definition to where its document lies.
     *
     * @throws NoSuchFileException when another instance has taken it over, which moves it
     */
    public void move(@Variable(TakenFile.VARIABLE) TakenFile taken, @Variable(Failure.RECEIPT) String receipt,
            @Variable(Failure.NAME) Failure failure) throws IOException, LedgerException {
        try {
            moveOrWrite(taken);
        } catch (NoSuchFileException e) {
            LOG.warn("{}: another instance has taken it over", taken.name);
            withdraw(beside(taken.target, receipt), text(receipt, failure));
            throw e;
        } catch (IOException e) {
            throw unmoved(taken, taken.getPlace(), e);
        } finally {
            letGo(taken.target);
        }
    }

    private IOException unmoved(TakenFile taken, String what, IOException e) {
        filter.postpone(work.path("inbox", taken.name));
        return new IOException(("%s belongs into %s/, but could not be moved there (%s). It is tried again; what was made is not made "
                + "again. %s").formatted(taken.name, taken.folder(), e, what), e);
    }

    /** Its writer may not have been done, whatever we thought: what was worked off is kept, and theirs goes back to be taken. */
    private void moveOrWrite(TakenFile taken) throws IOException, LedgerException {
        Path source = work.path("inbox", taken.name);
        try {
            if (Arrays.equals(DataFolder.content(source), taken.content)) {
                DataFolder.move(source, taken.target);
                return;
            }
        } catch (NoSuchFileException e) {
            if (!ledger.holds(taken.claim)) {
                throw e;
            }
            // somebody removed it, too late
        }
        data.write(taken.target, taken.content);
    }

    /** A document without its definition takes no name: the program died between writing the one and moving the other. */
    private synchronized Path reserve(Path folder, String name) {
        String own = name;
        while (own.getBytes(StandardCharsets.UTF_8).length > MAX_NAME) {
            own = own.substring(1);   // the ending is what matters, and .receipt.json has to fit behind it
        }
        Path target = DataFolder.free(folder.resolve(own), reserved::contains);
        reserved.add(target);
        return target;
    }

    private synchronized void letGo(Path target) {
        reserved.remove(target);
    }
}
