package io.github.aepdataflows.provision;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.aepdataflows.ledger.StepKey;
import io.github.aepdataflows.resource.Action;
import io.github.aepdataflows.resource.Kind;
import io.github.aepdataflows.resource.Kinds;
import io.github.aepdataflows.resource.StepId;
import java.util.Map;
import java.util.Optional;

/**
 * The provisioning of one resource of a dataflow in this run. Lives in the exchange variable {@code aepStep}; a redelivery of the step goes
 * on with the same object. What routes decide on are its boolean getters.
 */
public final class Step {

    /** What is to be done next. */
    private enum Next { DECIDE, LOOK_UP, CREATE, VERIFY, WITHDRAW, SEND_UPDATE, NOTHING }

    private final StepId id;
    private ObjectNode request;
    private final StepKey key;
    private Optional<Plan.Planned> planned;
    private final boolean isVerified;
    private final long begunAt = System.nanoTime();
    private Attempt attempt;
    private boolean ahead;
    private Step other;
    private boolean seen;
    private boolean unlisted;
    private boolean free;
    private String rivals;
    private Next next = Next.DECIDE;
    private String path;
    private JsonNode patch;
    private boolean updated;
    private String requestId = "";
    private boolean toConfirm;
    private boolean repeated;
    private boolean ofOthers;
    private Map<String, String> marks = Map.of();

    /**
     * @param request    what a create sends
     * @param planned    what a plan says of it; empty for a dataflow that is new
     * @param isVerified whether what was created is looked at before anything is built on it
     */
    Step(StepId id, ObjectNode request, String dataflow, Optional<Plan.Planned> planned, boolean isVerified) {
        this.id = id;
        this.request = request;
        this.key = new StepKey(id.kind().isShared() ? "" : dataflow, id.kind().key(), id.kind().digest(request));
        this.planned = planned;
        this.isVerified = isVerified;
    }

    StepId id() {
        return id;
    }

    /** It is begun again, by a redelivery. What a create sends may name a later start now. */
    Step again(ObjectNode fresh) {
        request = fresh;
        seen = false;
        unlisted = false;
        next = Next.DECIDE;
        return this;
    }

    public Kind kind() {
        return id.kind();
    }

    /** What it was built on has turned out to be another's, so that something else is made now. */
    void insteadOf(Step earlier) {
        other = earlier;
    }

    /** Whether something was created in its place in this run, before, which is to be deleted. */
    boolean isBesideAnother() {
        return other != null && other.attempt().flatMap(Attempt::unverifiedResult).isPresent();
    }

    void withdraw() {
        next = Next.WITHDRAW;
    }

    /** Whose resource is to be deleted. */
    Step withdrawn() {
        return isBesideAnother() ? other : this;
    }

    /** Its create is sent by itself, and looked at beside what comes next. */
    void ahead() {
        ahead = true;
    }

    /** Whether what it has created is to be looked at now; not twice. */
    boolean isLookedAtNow() {
        boolean now = ahead && attempt().flatMap(Attempt::unverifiedResult).isPresent();
        ahead = false;
        return now;
    }

    /** What a create sends. */
    public ObjectNode getRequest() {
        return request;
    }

    StepKey key() {
        return key;
    }

    /** The natural key of what it makes. */
    String name() {
        return kind().naturalKey(request);
    }

    Optional<Plan.Planned> planned() {
        return planned;
    }

    /** The attempt that is under way. */
    Optional<Attempt> attempt() {
        return Optional.ofNullable(attempt);
    }

    Attempt openAttempt() {
        return attempt().orElseThrow();
    }

    void attempt(Attempt current) {
        attempt = current;
    }

    /** Whether what exists is as the plan wants it. */
    public boolean isToKeep() {
        return planned.filter(step -> step.action() == Action.NONE && step.recorded().isPresent()).isPresent();
    }

    /** Whether what exists is to be updated where it is. */
    public boolean isToUpdate() {
        return kind().partOf().isPresent() || planned.filter(step -> step.action() == Action.UPDATE).isPresent();
    }

    /** Others have made it: it is recorded once an update has made it as the request says. */
    void updateOfOthers(String id) {
        planned = Optional.of(Plan.Planned.of(this.id, id, Action.UPDATE, ""));
        ofOthers = true;
        next = Next.NOTHING;
    }

    boolean isOfOthers() {
        return ofOthers;
    }

    /**
     * Whether it has to be looked for before the first create of it is sent: others may make the same, or a ledger that is lost may have
     * made it for a dataflow that exists, or was begun. A look that has found nothing is enough for what only another ledger makes.
     *
     * @param resumed whether the dataflow was begun by an earlier run of the program
     */
    boolean isContested(boolean resumed) {
        boolean isMadeLater = resumed || planned.filter(step -> step.action().makesNew()).isPresent();
        return kind().isShared() || kind().hasSeveral() || !free && (kind() == Kinds.FLOW || isMadeLater);
    }

    /** A look has found none. */
    void nothingFound() {
        free = true;
    }

    /** Whether what was made is to be replaced by another one. */
    public boolean isToReplace() {
        return planned.filter(step -> step.action() == Action.REPLACE).isPresent();
    }

    /** Whether it may exist, so that it has to be looked for. */
    public boolean isToLookUp() {
        return next == Next.LOOK_UP;
    }

    /** Whether a create may be sent: its intent is in the ledger. */
    public boolean isToCreate() {
        return next == Next.CREATE;
    }

    /** Whether a create was sent, or is to be, whose result is to be recorded. */
    public boolean isInFlight() {
        return next == Next.CREATE || next == Next.VERIFY;
    }

    /** Whether what was created is to be looked at. */
    public boolean isToVerify() {
        return isInFlight() && isVerified && !seen;
    }

    /** Whether it is looked for by its name, too: somebody with another ledger may have made one of the same name at the same time. */
    public boolean isToVerifyByName() {
        return isToVerify() && kind() == Kinds.FLOW;
    }

    /** A look by its name, or the answer of its create, has shown all of it. */
    void seen() {
        seen = true;
    }

    /** A look by its name has not shown it, nor what may have the same name. */
    void unlisted() {
        unlisted = true;
    }

    boolean isUnlisted() {
        return unlisted;
    }

    /** Whether what was created is to be deleted, as another one was there before it, or what it was built on is another's. */
    public boolean isToWithdraw() {
        return next == Next.WITHDRAW;
    }

    /** @param ids of those that were there before */
    void withdraw(String ids) {
        rivals = ids;
        withdraw();
    }

    /** Ids of what was there before what this step has made; empty when nothing was. */
    Optional<String> rivals() {
        return Optional.ofNullable(rivals);
    }

    /** Whether an update may be sent: its intent is in the ledger. */
    public boolean isToSend() {
        return next == Next.SEND_UPDATE;
    }

    /** Where an update is sent to, below the collection. */
    public String getPath() {
        return path;
    }

    /** What an update sends. */
    public JsonNode getPatch() {
        return patch;
    }

    /** Digests of the secrets that are sent, if any. */
    void marks(Map<String, String> ofSecrets) {
        marks = ofSecrets;
    }

    Map<String, String> marks() {
        return marks;
    }

    void lookUp() {
        next = Next.LOOK_UP;
    }

    void create() {
        next = Next.CREATE;
    }

    void verify() {
        next = Next.VERIFY;
    }

    void nothing() {
        next = Next.NOTHING;
    }

    void send(String to, JsonNode update) {
        path = to;
        patch = update;
        next = Next.SEND_UPDATE;
    }

    /** An update was applied, whatever becomes of the rest of the step. */
    void updated() {
        updated = true;
        next = Next.NOTHING;
    }

    void requestId(String ofUpdate) {
        requestId = ofUpdate;
    }

    /** The Platform's id of the update that was applied; empty where it gave none, or there was none in this run. */
    String requestId() {
        return requestId;
    }

    /**
     * It is not sure that the update shows any effect.
     *
     * @param again whether the same update was sent before
     */
    void confirm(boolean again) {
        toConfirm = true;
        repeated = again;
    }

    boolean isRepeated() {
        return repeated;
    }

    /** Whether the resource is to be looked at after its update. */
    public boolean isToConfirm() {
        return updated && toConfirm;
    }

    boolean isUpdated() {
        return updated;
    }

    /** Milliseconds since it was begun in this run. */
    long millis() {
        return (System.nanoTime() - begunAt) / 1_000_000;
    }
}
