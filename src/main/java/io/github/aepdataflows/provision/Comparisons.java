package io.github.aepdataflows.provision;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.github.aepdataflows.definition.Definition;
import io.github.aepdataflows.definition.Fingerprint;
import io.github.aepdataflows.ledger.Change;
import io.github.aepdataflows.ledger.Ledger;
import io.github.aepdataflows.ledger.LedgerException;
import io.github.aepdataflows.ledger.RecordedChange;
import io.github.aepdataflows.ledger.UnshownField;
import io.github.aepdataflows.resource.Action;
import io.github.aepdataflows.resource.Difference;
import io.github.aepdataflows.resource.Kind;
import io.github.aepdataflows.resource.Search;
import io.github.aepdataflows.resource.Verdict;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Every comparison of what lies at the Platform with what a definition makes of it. It knows what the Platform has been seen not to show,
 * which is no difference, and which updates it has taken without effect, so that no difference is mended for ever.
 */
public final class Comparisons {

    private static final Logger LOG = LoggerFactory.getLogger("aep.platform");

    private final Ledger ledger;
    private final Credentials credentials;
    private final Clock clock;
    private volatile Set<UnshownField> unshown;
    private final Set<UnshownField> read = ConcurrentHashMap.newKeySet();

    /** @param clock decides whether a flow has started */
    public Comparisons(Ledger ledger, Credentials credentials, Clock clock) {
        this.ledger = ledger;
        this.credentials = credentials;
        this.clock = clock;
    }

    /** As far as a ledger is open: an export needs none. */
    private Set<UnshownField> unshown() throws LedgerException {
        if (!ledger.isOpen()) {
            return Set.of();
        } else if (unshown == null) {
            Set<UnshownField> known = ConcurrentHashMap.newKeySet();
            known.addAll(ledger.unshown());
            unshown = known;
        }
        return unshown;
    }

    /** What was found that the ledger does not have, for whatever dataflow. */
    public List<Search.Hit> unknown(Kind kind, List<Search.Hit> hits) throws LedgerException {
        return ledger.isOpen() ? CreateOnce.unknown(ledger, kind, hits) : List.of();
    }

    /** In what a resource differs from what a definition makes of it, and how that can be removed. */
    public Kind.Comparison compare(Kind kind, Definition definition, JsonNode request, JsonNode actual) throws LedgerException {
        return compare(kind, definition, request, actual, difference -> true);
    }

    /**
     * The same, of some of the differences. An update that was sent twice without any effect that shows is not sent a third time.
     */
    Kind.Comparison compare(Kind kind, Definition definition, JsonNode request, JsonNode actual, Predicate<Difference> counts)
            throws LedgerException {
        Instant now = clock.instant();
        List<Difference> all = kind.compare(definition, request, actual, now).differences();
        // of what is not there at all, nothing is just not shown
        List<Difference> differences = Stream.concat((actual.isEmpty() ? all : visible(kind, all)).stream(),
                credentials.rotated(kind, request, kind.idOf(actual)).stream()).filter(counts).toList();
        Verdict verdict = kind.verdict(differences, actual, now);
        if (verdict.action() == Action.UPDATE && isFutile(kind, request, actual, differences)) {
            if (differences.stream().allMatch(Difference::isMissing)) {   // the Platform has it, and does not show it
                return new Kind.Comparison(List.of(), Verdict.none(""));
            }
            verdict = Verdict.impossible("the Platform has taken this change twice and kept what it has: "
                    + differences.stream().map(difference -> kind.place(difference.path())).collect(Collectors.joining(", ")));
        }
        return new Kind.Comparison(differences, verdict);
    }

    private boolean isFutile(Kind kind, JsonNode request, JsonNode actual, List<Difference> differences) throws LedgerException {
        Optional<RecordedChange> last = ledger.isOpen() ? ledger.change(kind.key(), kind.idOf(actual)) : Optional.empty();
        return last.isPresent() && last.get().state() == RecordedChange.State.FUTILE
                && last.get().change().content().equals(digest(kind.patch(differences, request, actual)));
    }

    /** Without those that are none, as the Platform does not show that field. */
    public List<Difference> visible(Kind kind, List<Difference> differences) throws LedgerException {
        Set<UnshownField> known = unshown();
        return differences.stream().filter(difference -> !difference.isMissing() || !known.contains(field(kind, difference))).toList();
    }

    private static UnshownField field(Kind kind, Difference difference) {
        return new UnshownField(kind.key(), difference.field());
    }

    /** The look for the resource that a create of this request makes. */
    public Search search(Kind kind, JsonNode request) throws LedgerException {
        Set<UnshownField> known = unshown();
        return Search.of(kind, request, difference -> known.contains(field(kind, difference)));
    }

    /**
     * The Platform shows what has just been sent to it: what of it is missing, it does not show, and what was missing before, it does.
     *
     * @param sent what a create of the resource sends
     */
    void learn(Kind kind, JsonNode sent, JsonNode actual) throws LedgerException {
        sent.fieldNames().forEachRemaining(field -> read.add(new UnshownField(kind.key(), field)));
        learn(kind, kind.differences(sent, actual).stream().filter(Difference::isMissing).toList());
        for (UnshownField field : List.copyOf(unshown())) {
            boolean isShown = field.step().equals(kind.key()) && !actual.at("/" + field.field().replace('.', '/')).isMissingNode();
            if (isShown) {
                ledger.forgetUnshown(field);   // first: else it is not said again where the ledger fails
                unshown().remove(field);
                LOG.info("The Platform shows the {} of a {} after all", field.field(), kind.words());
            }
        }
    }

    /** Whether what a create sends was read before, in this run, and is shown: another read tells nothing new. */
    boolean isShown(Kind kind, JsonNode sent) throws LedgerException {
        return sent.properties().stream().allMatch(field -> read.contains(new UnshownField(kind.key(), field.getKey())))
                && unshown().stream().noneMatch(field -> field.step().equals(kind.key()));
    }

    /** What was sent is found again without this. */
    public void learn(Kind kind, List<Difference> missing) throws LedgerException {
        for (Difference difference : missing) {
            UnshownField field = field(kind, difference);
            if (!unshown().contains(field)) {
                ledger.learnUnshown(field);
                unshown().add(field);
                LOG.warn("The Platform does not show the {} of a {}: from now on it is no difference that it is missing there",
                        field.field(), kind.words());
            }
        }
    }

    /** The update that sends this. */
    static Change update(Kind kind, String id, String action, JsonNode patch) {
        return new Change(kind.key(), id, action, digest(patch));
    }

    private static String digest(JsonNode patch) {
        return Fingerprint.digestOf(JsonNodeFactory.instance.objectNode().set("patch", patch));
    }
}
