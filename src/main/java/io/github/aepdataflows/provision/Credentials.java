package io.github.aepdataflows.provision;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.github.aepdataflows.ledger.Dataflow;
import io.github.aepdataflows.ledger.Ledger;
import io.github.aepdataflows.ledger.LedgerException;
import io.github.aepdataflows.ledger.RecordedStep;
import io.github.aepdataflows.ledger.SentSecrets;
import io.github.aepdataflows.ledger.StepKey;
import io.github.aepdataflows.platform.Secrets;
import io.github.aepdataflows.resource.Difference;
import io.github.aepdataflows.resource.Kind;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells whether the secrets of a shared resource are others than those that it was sent last, which the Platform does not show: by keyed
 * digests in the ledger. And whether several definitions want it otherwise: then none of them changes it back and forth.
 */
public final class Credentials {

    private static final Logger LOG = LoggerFactory.getLogger("aep.provision");
    private static final String ALGORITHM = "HmacSHA256";

    private final Ledger ledger;
    private final Secrets secrets;

    public Credentials(Ledger ledger, Secrets secrets) {
        this.ledger = ledger;
        this.secrets = secrets;
    }

    /**
     * Digests of the secrets that a request names, as they are now, by where they go. To be taken before it is sent: a secret that changes
     * in between is then sent once more, and not missed.
     */
    Map<String, String> marks(Kind kind, JsonNode request) throws LedgerException {
        Map<String, String> names = kind.secrets(request);
        Map<String, String> marks = new TreeMap<>();
        if (names.isEmpty()) {
            return marks;
        }
        byte[] key = ledger.markKey();
        names.forEach((path, name) -> value(name).ifPresent(value -> marks.put(path, mark(key, path, value))));
        return marks;
    }

    /** One that cannot be read now cannot be compared, either. */
    private Optional<String> value(String name) {
        try {
            return secrets.find(name);
        } catch (RuntimeException e) {   // a keeper of a host's own; its words may say too much
            LOG.warn("it cannot be told whether the secret {} has changed: {}", name, e.getClass().getName());
            return Optional.empty();
        }
    }

    private static String mark(byte[] key, String path, String value) {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(new SecretKeySpec(key, ALGORITHM));
            return HexFormat.of().formatHex(mac.doFinal((path + "\n" + value).getBytes(StandardCharsets.UTF_8)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java has " + ALGORITHM, e);
        }
    }

    /** The secrets that are others than those that were sent last; none where nobody knows which were. */
    public List<Difference> rotated(Kind kind, JsonNode request, String id) throws LedgerException {
        Optional<SentSecrets> sent = kind.secrets(request).isEmpty() ? Optional.empty() : ledger.sentSecrets(kind.key(), id);
        if (sent.isEmpty()) {
            return List.of();
        }
        return marks(kind, request).entrySet().stream().filter(mark -> !mark.getValue().equals(sent.get().marks().get(mark.getKey())))
                .map(mark -> new Difference(mark.getKey(), MissingNode.getInstance(), Difference.ROTATED)).toList();
    }

    /** The resource has these secrets now. */
    void sent(String dataflow, Kind kind, JsonNode request, String id, Map<String, String> marks) throws LedgerException {
        if (!marks.isEmpty()) {
            ledger.secretsSent(new SentSecrets(kind.key(), id, dataflow, kind.secrets(request), marks));
        }
    }

    /** The resource is used as it is: from now on it is noticed when its secrets change. */
    void used(String dataflow, Kind kind, JsonNode request, String id) throws LedgerException {
        if (!kind.secrets(request).isEmpty() && ledger.sentSecrets(kind.key(), id).isEmpty()) {
            sent(dataflow, kind, request, id, marks(kind, request));
        }
    }

    /**
     * Why a dataflow must not make a shared resource what its definition says: others have made it what theirs say since. One whose own
     * description has changed may; those others are told when they come again.
     */
    public Optional<String> objection(String dataflow, RecordedStep recorded, Kind kind, JsonNode request, List<Difference> differences)
            throws LedgerException {
        String own = kind.digest(request);
        List<String> others = new ArrayList<>(otherUsers(dataflow, recorded));
        boolean changed = ledger.dataflow(dataflow).filter(row -> row.shared().containsKey(kind.key())
                && !row.uses(new StepKey("", kind.key(), own))).isPresent();
        boolean saysTheSame = recorded.key().content().equals(own);
        if (saysTheSame || others.isEmpty() || changed) {
            others.clear();
        }
        Optional<SentSecrets> sent = ledger.sentSecrets(kind.key(), recorded.result().id());
        Map<String, String> names = kind.secrets(request);
        boolean otherNames = sent.isPresent() && differences.stream().map(Difference::path).anyMatch(path -> names.containsKey(path)
                && sent.get().names().containsKey(path) && !sent.get().names().get(path).equals(names.get(path)));
        if (otherNames && !sent.get().dataflow().equals(dataflow) && !others.contains(sent.get().dataflow())
                && users(recorded).anyMatch(sent.get().dataflow()::equals)) {
            others.add(sent.get().dataflow());
        }
        return others.isEmpty() ? Optional.empty() : Optional.of(("another definition describes it otherwise (%s), and has made %s what it "
                + "is: say the same in both, or let only one of them describe it and the others name it by its name alone")
                .formatted(String.join(", ", others), recorded.result().id()));
    }

    /** The other dataflows that use a shared resource as the ledger has it. */
    public List<String> otherUsers(String dataflow, RecordedStep recorded) throws LedgerException {
        return users(recorded).filter(name -> !name.equals(dataflow)).toList();
    }

    private Stream<String> users(RecordedStep recorded) throws LedgerException {
        return ledger.dataflows().stream().filter(row -> row.uses(recorded.key()))
                .map(Dataflow::name);
    }
}
