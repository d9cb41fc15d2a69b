package io.github.aepdataflows.ledger;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongUnaryOperator;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * The durable record of steps: what is about to be created, and what was. An intent or a result that a method has returned
 * from is on disk. Each method is one transaction; those that collide with another one are tried again a few times. May be
 * used by many threads, and by many instances where the database is PostgreSQL.
 *
 * <p>Every method throws {@link UnusableLedgerException} when it meets a damage, or the file is not what was opened, and so does
 * every method after that; and {@link LedgerException} when it could not do it now, also when the ledger is not open. Whether a write
 * was applied is then not certain: asking again by {@link #begin} tells. Every method that takes a lease or a claim throws
 * {@link LeaseLostException} when somebody has taken over what it is of; the releasing ones do not.
 */
public final class Ledger implements AutoCloseable {

    /** What {@link #open} opens. */
    private interface Place {
        Database database() throws LedgerException;
    }

    private static final String NOT_OPEN = "the ledger is not open";

    private final Place place;
    private final Binding binding;
    private final Duration lease;
    private final String holder = UUID.randomUUID().toString();
    private final AtomicInteger arrivals = new AtomicInteger();
    private final Map<String, Turn> inHand = new ConcurrentHashMap<>();
    private final Queue<Store.Change> owed = new ConcurrentLinkedQueue<>();
    private volatile List<String> sinks = List.of();
    private volatile Retention retention = new Retention(Duration.ofDays(90), 20_000);

    private volatile Store store;
    private volatile String closed = NOT_OPEN;

    /**
     * Nothing is opened yet.
     *
     * @param url    {@code jdbc:sqlite:<file>}, of one process, its folders are made; or {@code jdbc:postgresql://…}, of many
     * @param user   with {@code password}, of PostgreSQL; may be empty
     * @param lease  how long a dataflow or a file stays ours without a sign of life
     */
    public Ledger(String url, String user, String password, String orgId, String sandbox, Duration lease) {
        this(() -> Database.at(url, user, password), orgId, sandbox, lease);
    }

    private Ledger(Place place, String orgId, String sandbox, Duration lease) {
        this.place = place;
        this.binding = Binding.of(orgId, sandbox);
        this.lease = lease;
    }

    /**
     * A ledger that is only read: while it is open it says what the one of that URL said when it was opened. Nobody who works
     * with that one notices, nothing is made where there is none, and what is written to this one is nowhere kept, or refused.
     * Not for a process that has the same ledger open: its lock would be lost ({@link LedgerCopy}).
     */
    public static Ledger readOnly(String url, String user, String password, String orgId, String sandbox) {
        return new Ledger(() -> Database.at(url, user, password).forReading(), orgId, sandbox, Duration.ZERO);
    }

    /** How many events are kept, and how long. */
    public void keeps(Retention kept) {
        retention = kept;
    }

    /**
     * Opens it if it is not open: connects, checks all that is stored, migrates the tables, binds them to organization and sandbox.
     *
     * @throws UnusableLedgerException when it is damaged, of another organization or sandbox, of a newer version, or no ledger
     * @throws LedgerException         when it is worth another try: not to be reached, in use by another process, disk full
     */
    public void open() throws LedgerException {
        open(remains -> !remains);
    }

    /**
     * The same.
     *
     * @param mayBegin  whether a ledger may be made where none is; asked there only, with whether something beside its place shows that
     *                  there was one
     */
    public synchronized void open(Predicate<Boolean> mayBegin) throws LedgerException {
        if (store != null) {
            return;
        }
        try {
            Database database = place.database();
            database.prepare(this::check, mayBegin);
            store = Store.open(database, binding, holder, lease);
        } catch (LedgerException e) {
            closed = e.getMessage();
            throw e;
        }
    }

    /**
     * Writes what is recorded at this moment into a file, also while others work with it. It need not be open. Not for a process that has
     * it open.
     *
     * @throws LedgerException when it is damaged, the file exists, or the ledger is not kept in a file
     */
    public void backUp(Path target) throws LedgerException {
        place.database().backUp(target, this::check);
    }

    /**
     * Puts what {@link #backUp} has written in the place of the ledger, which nobody may have open.
     *
     * @return where the ledger is now that was there; empty where there was none
     * @throws LedgerException when the file is damaged or of another sandbox, or somebody works with the ledger
     */
    public Optional<Path> restore(Path source) throws LedgerException {
        return place.database().restore(source, this::check);
    }

    private void check(Database database) throws LedgerException {
        Store.open(database, binding, holder, lease).close();
    }

    /** Where it is, as in {@code The ledger data/ledger/ledger.db}. */
    public String place() throws LedgerException {
        return opened().database.place();
    }

    /** Whether it is open, and has not become unusable since. */
    public boolean isOpen() {
        Store open = store;
        return open != null && open.isUsable();
    }

    /**
     * Why nothing can be recorded at the moment, in a sentence for an operator; empty when everything can. Looks after the file, and
     * whether there is room again if there was none.
     */
    public Optional<String> trouble() {
        Store open = store;
        return open == null ? Optional.of(closed) : open.trouble();
    }

    /** What was committed since it was opened; nothing while it is not. */
    public Commits commits() {
        Store open = store;
        return open == null ? new Commits(0, 0, 0) : open.commits();
    }

    /** Waits for the transactions under way. May be opened again. */
    @Override
    public synchronized void close() {
        Store open = store;
        store = null;
        closed = NOT_OPEN;
        if (open != null) {
            open.close();
        }
    }

    /** By the clock that all who share the ledger have in common: it alone is compared with the times that the ledger tells. */
    public Instant now() throws LedgerException {
        return read(tx -> Instant.ofEpochMilli(tx.now()));
    }

    /**
     * Says that this instance is there, and keeps the turns that it has; to be called every few seconds. Who is not heard of for ten
     * seconds counts as gone, by the ledger's clock; and a hundred times as long after that what was said of the health of its host ends.
     *
     * @param host on which it runs, by which the checks of its health are named
     * @return how many instances there are, this one among them
     */
    public int beat(String host) throws LedgerException {
        if (opened().database.exclusive()) {
            return 1;
        }
        Turns.Beat beat = transaction(tx -> {
            Turns.Beat now = new Turns(tx).beat(host, inHand.values());
            new Events(tx).endOfOthers(now.known(), sinks, retention);
            return now;
        });
        if (beat.isNew()) {
            arrivals.incrementAndGet();
        }
        return beat.there();
    }

    /** Goes up when this instance comes; and when it comes again after it counted as gone, and what it has said was forgotten. */
    public int arrivals() {
        return arrivals.get();
    }

    /**
     * Asks for the turn to do what one instance does for all: ours where it is {@code taken}, and then to be ended or released. That
     * of an instance which has gone is taken over. What was missed several times is made up for once.
     *
     * @param work in a word
     * @param next the first time after that one at which it is to be done, by the ledger's clock, both in milliseconds since 1970
     */
    public Turn turn(String work, LongUnaryOperator next) throws LedgerException {
        Turn turn = transaction(tx -> new Turns(tx).take(work, next));
        if (turn.taken()) {
            inHand.put(work, turn);
        }
        return turn;
    }

    /** It was done, or is not to be done this time. Nothing happens where somebody has taken it over. */
    public void end(Turn turn) throws LedgerException {
        inHand.remove(turn.work(), turn);
        orLater(tx -> {
            try {
                new Turns(tx).end(turn);
            } catch (LeaseLostException e) {
                // whoever has it now ends it
            }
        });
    }

    /** It is left to whoever asks next, unless it is done. */
    public void release(Turn turn) throws LedgerException {
        inHand.remove(turn.work(), turn);
        orLater(tx -> new Turns(tx).release(turn));
    }

    /** Takes a file of the inbox for working on it, and counts that; empty when another instance has it. */
    public Optional<FileClaim> claim(String file) throws LedgerException {
        return unsynced(tx -> new Claims(tx).claim(file));
    }

    /** It was read and parsed: what happens from now on is not the parser's fault, and the count of starts is 0 again. */
    public void parsed(FileClaim claim) throws LedgerException {
        writeUnsynced(tx -> new Claims(tx).parsed(claim));
    }

    /** Whether the file is still ours; renews the claim. */
    public boolean holds(FileClaim claim) throws LedgerException {
        return unsynced(tx -> new Claims(tx).renew(claim));
    }

    /** It was moved away, or stays in the inbox to be taken up again later; its count is forgotten. */
    public void release(FileClaim claim) throws LedgerException {
        orLater(tx -> new Claims(tx).release(claim));
    }

    /** A file that somebody who is dead had in hand, and which has gone since: nobody waits for it any more. */
    public void forget(String file) throws LedgerException {
        writeUnsynced(tx -> new Claims(tx).forget(file));
    }

    /** Files that somebody who is dead had in hand. */
    public List<String> orphanedFiles() throws LedgerException {
        return transaction(tx -> new Claims(tx).orphaned());
    }

    /**
     * Takes a dataflow for working on it, whether it is known or not. One of which nothing was made gets this digest, these
     * fields and this file; any other keeps those that it was made with until it is finished.
     *
     * @throws BusyException when somebody, of this instance or another, has it in hand
     */
    public Lease take(String dataflow, String digest, Map<String, String> fields, String file) throws LedgerException {
        return unsynced(tx -> new Dataflows(tx).take(dataflow, digest, fields, file));
    }

    /** The dataflow and the file stay ours for so much longer without a sign of life, as far as they are. */
    public void keep(Optional<Lease> dataflow, Optional<FileClaim> file, Duration more) throws LedgerException {
        writeUnsynced(tx -> {
            if (dataflow.isPresent()) {
                Dataflows dataflows = new Dataflows(tx);
                dataflows.renew(dataflows.held(dataflow.get()), more);
            }
            file.ifPresent(claim -> new Claims(tx).renew(claim, more));
        });
    }

    /**
     * All its steps have a result, its changes are applied, and it is as the digest, fields and file of the lease say.
     *
     * @param used  the steps that belong to it now; others of this dataflow, made for an earlier content, are LEFT
     */
    public void finish(Lease lease, Collection<StepKey> used) throws LedgerException {
        write(tx -> new RecordedSteps(tx).finish(lease, used));
    }

    /** The same, with what is told of it, and what is to be published of it. */
    public void finish(Lease lease, Collection<StepKey> used, Event event, Optional<Publication> publication) throws LedgerException {
        write(tx -> {
            new RecordedSteps(tx).finish(lease, used);
            new Events(tx).add(event, retention);
            publication.ifPresent(new Publications(tx)::add);
        });
    }

    /** Releases the dataflow; a lease that was lost is released already. */
    public void release(Lease lease) throws LedgerException {
        orLater(tx -> new Dataflows(tx).release(lease));
    }

    /** The same, with what is told of it, as by {@link #record}, and what is to be published of it. */
    public void release(Lease lease, Event event, Optional<Publication> publication) throws LedgerException {
        orLater(tx -> {
            new Dataflows(tx).release(lease);
            new Events(tx).add(event, retention);
            publication.ifPresent(new Publications(tx)::add);
        }, publication.isPresent());
    }

    /**
     * Begins the step of that content, or tells what became of it. Renews the lease.
     *
     * @param name         that of the resource
     * @param callTimeout  how long the call may take that NEW allows
     * @throws BusyException       when the same step of the same content is being created for another dataflow
     */
    public Beginning begin(Lease lease, StepKey key, String name, Duration callTimeout) throws LedgerException {
        if (!key.shared() && !key.dataflow().equals(lease.dataflow())) {
            throw new IllegalArgumentException("a step of dataflow %s cannot be begun for dataflow %s".formatted(key.dataflow(),
                    lease.dataflow()));
        }
        return transaction(tx -> new Intents(tx).begin(lease, key, name, callTimeout));
    }

    /** Whether the sandbox's ledger knows one of that step and name, but of other content, which was made or may have been. */
    public boolean knowsOther(StepKey key, String name) throws LedgerException {
        return read(tx -> Intents.isNameKnown(tx, key, name));
    }

    /**
     * An attempt of unknown outcome was found to have made nothing: the next one, NEW. Renews the lease.
     *
     * @throws BusyException       when somebody else was faster
     */
    public Beginning again(Lease lease, StepKey key, int attempt, Duration callTimeout) throws LedgerException {
        return transaction(tx -> new Intents(tx).again(lease, key, attempt, callTimeout));
    }

    /** The attempt is over, its outcome not known: nothing of ours is on its way any more. Does nothing when somebody else went on. */
    public void ended(Lease lease, StepKey key, int attempt) throws LedgerException {
        writeUnsynced(tx -> new Intents(tx).ended(lease, key, attempt));
    }

    /**
     * The attempt has certainly made nothing: the next {@link #begin} is NEW.
     *
     * @throws BusyException       when somebody else went on meanwhile
     */
    public void clear(Lease lease, StepKey key, int attempt) throws LedgerException {
        writeUnsynced(tx -> new Intents(tx).clear(lease, key, attempt));
    }

    /**
     * The step has a result. Saying so twice is no fault.
     *
     * @throws UsedIdException     when the resource is another step's
     * @throws BusyException       when somebody else went on meanwhile
     */
    public void complete(Lease lease, StepKey key, int attempt, Result result) throws LedgerException {
        if (result.id().isBlank()) {
            throw new IllegalArgumentException("a resource has an id");
        }
        writeUnsynced(tx -> new Intents(tx).complete(lease, key, attempt, result));
    }

    /**
     * Begins a change of a resource that the dataflow has: NEW when its intent is committed, and it may be sent; UNRESOLVED while
     * another change of the same resource may still be under way. Renews the lease.
     */
    public Beginning change(Lease lease, Change change, Duration callTimeout) throws LedgerException {
        return transaction(tx -> new Changes(tx).begin(lease, change, callTimeout));
    }

    /**
     * The change was applied.
     *
     * @param version  the etag that the resource has now; may be empty
     */
    public void changed(Lease lease, Change change, String version, String requestId) throws LedgerException {
        writeUnsynced(tx -> new Changes(tx).done(lease, change, version, requestId));
    }

    /** The call is over, and whether the change was applied is not known: a look at the resource tells. */
    public void changeEnded(Lease lease, Change change) throws LedgerException {
        writeUnsynced(tx -> new Changes(tx).ended(lease, change));
    }

    /** The change was certainly not applied. */
    public void changeRefused(Lease lease, Change change) throws LedgerException {
        writeUnsynced(tx -> new Changes(tx).clear(lease, change));
    }

    /** The change was applied more than once, and the resource is as before. */
    public void changeFutile(Lease lease, Change change) throws LedgerException {
        write(tx -> new Changes(tx).futile(lease, change));
    }

    /**
     * Begins to order a run: NEW when its intent is committed, and it may be sent; UNRESOLVED when the last attempt has no clear outcome;
     * DONE when it was ordered, or refused, before; empty when a bound is reached. Renews the lease.
     *
     * @param seen   id of the newest run of the flow, which was made at {@code seenAt}; empty for none
     * @param now    by the program's clock, in milliseconds since 1970
     * @param bounds absent where somebody has asked for this very run
     */
    public Optional<Beginning> orderRun(Lease lease, RunOrder order, String seen, long seenAt, long now,
            Optional<RunOrder.Bounds> bounds, Duration callTimeout) throws LedgerException {
        return transaction(tx -> new RunIntents(tx).begin(lease, order, seen, seenAt, now, bounds, callTimeout));
    }

    /**
     * An order of unknown outcome was found to have made nothing: the next attempt, NEW.
     *
     * @param now by the program's clock, in milliseconds since 1970
     */
    public Beginning orderRunAgain(Lease lease, RunOrder order, int attempt, long now, Duration callTimeout) throws LedgerException {
        return transaction(tx -> new RunIntents(tx).again(lease, order, attempt, now, callTimeout));
    }

    /** The run was made, which is told. */
    public void runOrdered(Lease lease, RunOrder order, String runId, String requestId) throws LedgerException {
        Event event = Event.of(order.cause().isEmpty() ? Event.ORDERED_RUN : Event.RETRIGGERED, lease.dataflow(), "ordered")
                .about(order.flow(), "").with(JsonNodeFactory.instance.objectNode().put("run", runId).put("repeats", order.cause())
                        .put("requestId", requestId).toString());
        write(tx -> {
            new RunIntents(tx).done(lease, order, runId, requestId);
            new Events(tx).add(event, retention);
        });
    }

    /** The call is over, and whether a run was made is not known: a look at the runs tells. */
    public void runOrderEnded(Lease lease, RunOrder order) throws LedgerException {
        writeUnsynced(tx -> new RunIntents(tx).ended(lease, order));
    }

    /** No run was made, and the Platform makes none. */
    public void runOrderRefused(Lease lease, RunOrder order) throws LedgerException {
        write(tx -> new RunIntents(tx).refused(lease, order));
    }

    /** Certainly nothing was made: the order is forgotten. */
    public void forgetRunOrder(Lease lease, RunOrder order) throws LedgerException {
        writeUnsynced(tx -> new RunIntents(tx).clear(lease, order));
    }

    public List<RecordedRun> orderedRuns(String flow) throws LedgerException {
        return read(tx -> RecordedRun.TABLE.select(tx, "where flow = ? order by ordered_at", flow));
    }

    /** Those of all flows whose outcome is not known. */
    public List<RecordedRun> openRunOrders() throws LedgerException {
        return read(tx -> RecordedRun.TABLE.select(tx, "where state = 'INTENT' order by ordered_at"));
    }

    public Optional<RecordedChange> change(String step, String resourceId) throws LedgerException {
        return read(tx -> RecordedChange.TABLE.get(tx, step, resourceId));
    }

    /** The fields that the Platform takes and never shows. */
    public List<UnshownField> unshown() throws LedgerException {
        return read(tx -> UnshownField.TABLE.select(tx, "order by step, field"));
    }

    public void learnUnshown(UnshownField field) throws LedgerException {
        write(tx -> {
            if (UnshownField.TABLE.lock(tx, field.step(), field.field()).isEmpty()) {
                UnshownField.TABLE.insert(tx, field);
            }
        });
    }

    public void forgetUnshown(UnshownField field) throws LedgerException {
        write(tx -> UnshownField.TABLE.delete(tx, field.step(), field.field()));
    }

    public List<RecordedChange> changes(String dataflow) throws LedgerException {
        return read(tx -> RecordedChange.TABLE.select(tx, "where dataflow = ? order by step, resource_id", dataflow));
    }

    /**
     * What was made for one content has another one now.
     *
     * @param version  of a mapping set, else its etag
     */
    public void describe(Lease lease, StepKey from, StepKey to, String name, String version) throws LedgerException {
        write(tx -> new RecordedSteps(tx).describe(lease, from, to, name, version));
    }

    /** What was made for that content is to be replaced: the next {@link #begin} of it makes another. */
    public void replace(Lease lease, StepKey key) throws LedgerException {
        write(tx -> new RecordedSteps(tx).setAside(lease, key, RecordedStep.REPLACED, false));
    }

    /** What was made for that content is deleted at the Platform. */
    public void deleted(Lease lease, StepKey key) throws LedgerException {
        write(tx -> new RecordedSteps(tx).setAside(lease, key, "deleted", true));
    }

    /** What was made for that content was to be deleted, which the Platform does not allow: it is forgotten. */
    public void leave(Lease lease, StepKey key) throws LedgerException {
        write(tx -> new RecordedSteps(tx).setAside(lease, key, "left", true));
    }

    /**
     * All that was made for the dataflow and not deleted, for earlier contents of it, too; shared things not. In the order in which it was
     * begun.
     */
    public List<RecordedStep> madeFor(String dataflow) throws LedgerException {
        return read(tx -> RecordedStep.TABLE.select(tx, "where dataflow = ? order by begun", dataflow).stream()
                .filter(row -> row.made() && row.state() != RecordedStep.State.GONE).toList());
    }

    /** The shared things that were made, and not just found, for dataflows of which this is the only one that uses them. */
    public List<RecordedStep> sharedOnlyBy(String dataflow) throws LedgerException {
        List<Dataflow> all = dataflows();
        return steps(dataflow).stream().filter(row -> row.key().shared() && row.made() && !row.result().outcome().equals("reused")
                && all.stream().allMatch(one -> one.name().equals(dataflow) || !one.uses(row.key()))).toList();
    }

    /** What belongs to earlier contents of dataflows, and was not deleted; what has no result may have been made, and nobody knows. */
    public List<RecordedStep> left() throws LedgerException {
        return read(tx -> RecordedStep.TABLE.select(tx, "where state = 'LEFT' order by dataflow, begun"));
    }

    /** That of one dataflow. */
    public List<RecordedStep> left(String dataflow) throws LedgerException {
        return read(tx -> RecordedStep.TABLE.select(tx, "where dataflow = ? and state = 'LEFT' order by begun", dataflow));
    }

    public Optional<Dataflow> dataflow(String name) throws LedgerException {
        return read(tx -> Dataflow.TABLE.get(tx, name));
    }

    /** How many dataflows there are, those that are done among them; and how many steps have an open intent. */
    public Counts counts() throws LedgerException {
        return read(tx -> new Counts(tx.count("aep_dataflow"), tx.count("aep_dataflow where state = 'DONE'"),
                tx.count("aep_step where state = 'INTENT'")));
    }

    public List<Dataflow> dataflows() throws LedgerException {
        return read(tx -> Dataflow.TABLE.select(tx, "order by name"));
    }

    /**
     * The steps that belong to the dataflow, those that are LEFT not among them, in the order in which they were begun; shared ones too if
     * it uses them.
     */
    public List<RecordedStep> steps(String dataflow) throws LedgerException {
        return read(tx -> new RecordedSteps(tx).of(dataflow));
    }

    /** What was made for that very content; empty when nothing was, or nobody can tell yet. */
    public Optional<RecordedStep> made(StepKey key) throws LedgerException {
        return read(tx -> RecordedStep.TABLE.get(tx, key.dataflow(), key.step(), key.content()).filter(RecordedStep::made));
    }

    /** Name of the dataflow that a resource was made for, now or for an earlier content; empty when it is shared by the sandbox. */
    public Optional<String> owner(String step, String resourceId) throws LedgerException {
        return recorded(step, resourceId).map(row -> row.key().dataflow());
    }

    /** What the finished dataflows have: id of the resource to name of the dataflow, empty when it is shared by the sandbox. */
    public Map<String, String> resources(String step) throws LedgerException {
        return read(tx -> RecordedStep.TABLE.select(tx, "where step = ? and state = 'DONE' and (dataflow = '' or dataflow in"
                + " (select name from aep_dataflow where state = 'DONE'))", step).stream()
                .collect(Collectors.toMap(row -> row.result().id(), row -> row.key().dataflow(), (one, other) -> other, TreeMap::new)));
    }

    /** All steps with an open intent. */
    public List<RecordedStep> unresolved() throws LedgerException {
        return read(tx -> RecordedStep.TABLE.select(tx, "where state = 'INTENT' order by dataflow, begun"));
    }

    /** Those of one dataflow. */
    public List<RecordedStep> unresolved(String dataflow) throws LedgerException {
        return read(tx -> RecordedStep.TABLE.select(tx, "where dataflow = ? and state = 'INTENT' order by begun", dataflow));
    }

    /** Steps that were created again after an attempt of unknown outcome: a late duplicate may exist. */
    public List<RecordedStep> repeated() throws LedgerException {
        return read(tx -> RecordedStep.TABLE.select(tx, "where repeated = 1 order by dataflow, begun"));
    }

    /** Random, and this ledger's own: with it digests of secrets are made. */
    public byte[] markKey() throws LedgerException {
        return transaction(MarkKey::of);
    }

    /** What a resource was sent last of secrets; empty when nobody knows. */
    public Optional<SentSecrets> sentSecrets(String step, String resourceId) throws LedgerException {
        return read(tx -> SentSecrets.TABLE.get(tx, step, resourceId));
    }

    public void secretsSent(SentSecrets sent) throws LedgerException {
        write(tx -> SentSecrets.TABLE.save(tx, sent, SentSecrets.TABLE.lock(tx, sent.step(), sent.resourceId()).isEmpty()));
    }

    /** The step that has made a resource, or uses it. */
    public Optional<RecordedStep> recorded(String step, String resourceId) throws LedgerException {
        return read(tx -> RecordedStep.TABLE.select(tx, "where step = ? and resource_id = ?", step, resourceId).stream()
                .findFirst());
    }

    /** The steps of a kind that the sandbox shares, as far as they have a result. */
    public List<RecordedStep> shared(String step) throws LedgerException {
        return read(tx -> RecordedStep.TABLE.select(tx, "where dataflow = '' and step = ? and resource_id is not null", step));
    }

    /** Keeps what has happened; that something waits is said once, until something else has happened to it. */
    public void record(Event event) throws LedgerException {
        write(tx -> new Events(tx).add(event, retention));
    }

    /** The same, with what is to be published of it. */
    public void record(Event event, Optional<Publication> publication) throws LedgerException {
        orLater(tx -> {
            new Events(tx).add(event, retention);
            publication.ifPresent(new Publications(tx)::add);
        }, true);
    }

    /** As soon as it can be, and before anything else is done; what it is, if anything, is asked for only then. */
    public void publishLater(Supplier<Optional<Publication>> publication) {
        owed.add(tx -> publication.get().ifPresent(new Publications(tx)::add));
    }

    /** Ids of what is to be published and was not yet, the oldest first. */
    public List<Long> unpublished(int limit) throws LedgerException {
        return read(tx -> new Publications(tx).oldest(limit));
    }

    /** For how long the oldest of that has waited. */
    public Optional<Duration> unpublishedFor() throws LedgerException {
        return read(tx -> new Publications(tx).oldest(1).stream().findFirst().map(id -> Duration.ofMillis(tx.now() - Ids.millis(id))));
    }

    /** What is to be published in that turn; empty when it was, or another instance has the turn by now. */
    public Optional<Publication> publication(long id, Turn turn) throws LedgerException {
        return read(tx -> new Turns(tx).has(turn) ? new Publications(tx).get(id) : Optional.empty());
    }

    /** Those of these ids were published. */
    public void published(Collection<Long> ids) throws LedgerException {
        writeUnsynced(tx -> new Publications(tx).published(ids));   // else they are published once more
    }

    /** Who is told of alerts from now on, by names of one word each. */
    public void tells(List<String> names) {
        sinks = List.copyOf(names);
    }

    /**
     * Notes what was seen of things that are watched: for each that is otherwise than last time there is an event, and where that alarms,
     * or alarms no longer, an alert.
     *
     * @param complete beginnings of subjects of which all were seen: any other of them is gone
     */
    public void observe(Collection<Observation> all, Set<String> complete) throws LedgerException {
        observe(all, complete, Set.of(), Optional.empty(), Optional.empty(), Optional.empty());
    }

    /**
     * The same.
     *
     * @param unseen      subjects of those that were not looked at, and are taken to be as before
     * @param alarms      what alarmed when the look began: no other alarm ends, as somebody has seen that since
     * @param turn        in which it was seen, and which ends with it; nothing is noted where another instance has taken that over
     * @param publication what is to be published of it
     */
    public void observe(Collection<Observation> all, Set<String> complete, Set<String> unseen, Optional<Set<Condition>> alarms,
            Optional<Turn> turn, Optional<Publication> publication) throws LedgerException {
        write(tx -> {
            if (turn.isPresent()) {
                new Turns(tx).end(turn.get());
            }
            new Events(tx).observe(all, complete, unseen, alarms, sinks, retention);
            publication.ifPresent(new Publications(tx)::add);
        });
    }

    public Set<Condition> alarms() throws LedgerException {
        return read(tx -> Set.copyOf(Condition.TABLE.select(tx, "where alarming = 1")));
    }

    /** Alerts of which that one is still to be told, the oldest first. */
    public List<Event> untold(String name, int limit) throws LedgerException {
        return read(tx -> new Events(tx).untold(name, limit));
    }

    /** Whoever is told of alerts no more is not waited for. */
    public void forgetOtherSinks() throws LedgerException {
        write(tx -> new Events(tx).tellOnly(sinks));
    }

    public void told(Event alert, String name) throws LedgerException {
        write(tx -> new Events(tx).told(alert.id(), name));
    }

    /**
     * What has happened, newest first.
     *
     * @param dataflow  empty for all
     * @param beforeId  only those with a smaller id; {@link Long#MAX_VALUE} for the newest
     * @param limit     how many at most
     */
    public List<Event> events(Optional<String> dataflow, long beforeId, int limit) throws LedgerException {
        return read(tx -> new Events(tx).newest(dataflow, beforeId, limit));
    }

    /** How far something was read; empty when it was not yet. */
    public Optional<String> position(String name) throws LedgerException {
        return read(tx -> Position.TABLE.get(tx, name).map(Position::position));
    }

    /** It was read so far. */
    public void reached(String name, String position) throws LedgerException {
        write(tx -> Position.TABLE.save(tx, new Position(name, position), Position.TABLE.lock(tx, name).isEmpty()));
    }

    private void write(Store.Change change) throws LedgerException {
        transaction(tx -> {
            change.apply(tx);
            return tx;
        });
    }

    /** What cannot be released now is released before anything else is done, as soon as that can be: nobody has to wait for its lease. */
    private void orLater(Store.Change release) throws LedgerException {
        orLater(release, false);
    }

    /** @param isSynced whether it is on the disk when this returns */
    private void orLater(Store.Change release, boolean isSynced) throws LedgerException {
        try {
            if (isSynced) {
                write(release);
            } else {
                writeUnsynced(release);
            }
        } catch (LedgerException e) {
            owed.add(release);
            throw e;
        }
    }

    /** All of it is on the disk when this returns. */
    private <T> T transaction(Store.Work<T> work) throws LedgerException {
        return ready().transaction(work);
    }

    /**
     * What a power cut may take back, as it says less than the intent before it, with which it is found out again. It is on the disk with
     * whatever has to be there next, and what a killed process has written is not lost in any case.
     */
    private <T> T unsynced(Store.Work<T> work) throws LedgerException {
        return ready().unsynced(work);
    }

    /** Nothing of it has to get to the disk. */
    private <T> T read(Store.Work<T> work) throws LedgerException {
        return unsynced(work);
    }

    private void writeUnsynced(Store.Change change) throws LedgerException {
        unsynced(tx -> {
            change.apply(tx);
            return tx;
        });
    }

    /** The open database, with nothing owed. */
    private Store ready() throws LedgerException {
        Store open = opened();
        if (!owed.isEmpty()) {
            synchronized (owed) {   // else two would do the same
                for (Store.Change next = owed.peek(); next != null; next = owed.peek()) {
                    open.change(next);
                    owed.remove(next);
                }
            }
        }
        return open;
    }

    Store opened() throws LedgerException {
        Store open = store;
        if (open == null) {
            throw new LedgerException(NOT_OPEN);
        }
        return open;
    }
}
