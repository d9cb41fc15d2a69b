package io.github.aepdataflows.alert;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.aepdataflows.ledger.Event;
import io.github.aepdataflows.ledger.Ids;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The alerts that the ledger cannot keep: that it fails us, and that it works again. They lie in a file until they are told, so that a
 * program which is killed meanwhile neither forgets them nor tells them with another id; without such a file nothing is wrong.
 */
final class LedgerAlert {

    static final String SUBJECT = "check/aep-ledger";
    static final String UNUSABLE = "ledger-unusable";

    private static final Logger LOG = LoggerFactory.getLogger("aep.alerts");
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Path file;
    private List<Event> alerts;

    /** @param file need not exist */
    LedgerAlert(Path file) {
        this.file = file;
    }

    /**
     * Notes what is otherwise than before.
     *
     * @param trouble why the ledger cannot be used; empty while it can
     * @param names   who is to be told
     * @return what ends with that: the alert of before; empty unless the ledger works again
     */
    Optional<Event> observe(Optional<String> trouble, List<String> names) {
        List<Event> known = alerts();
        Optional<Event> last = known.isEmpty() ? Optional.empty() : Optional.of(known.get(known.size() - 1));
        boolean isDown = last.filter(alert -> alert.outcome().equals(UNUSABLE)).isPresent();
        if (isDown == trouble.isPresent()) {
            return Optional.empty();
        }
        known.add(event(trouble, last.map(Event::id).orElse(0L), names));
        keep();
        return isDown ? last : Optional.empty();
    }

    private static Event event(Optional<String> trouble, long lastId, List<String> names) {
        ObjectNode detail = JSON.createObjectNode().put("subject", SUBJECT).put("state", trouble.isPresent() ? UNUSABLE : "up")
                .put("before", trouble.isPresent() ? "up" : UNUSABLE).put("reason", trouble.orElse("the ledger can be used again"));
        Instant now = Instant.now();
        return new Event(Math.max(Ids.of(now), lastId + 1), now, "", Event.ALERT,
                trouble.isPresent() ? UNUSABLE : Event.RECOVERED, "", "", detail.toString(), 0, "").toTell(names);
    }

    /** Those of which that one is still to be told, the oldest first. */
    List<Event> untold(String name) {
        return alerts().stream().filter(alert -> alert.untoldNames().contains(name)).toList();
    }

    boolean has(Event alert) {
        return alerts().stream().anyMatch(one -> one.id() == alert.id());
    }

    void told(Event alert, String name) {
        alerts().replaceAll(one -> one.id() != alert.id() ? one : one.toTell(one.untoldNames().stream().filter(other -> !other.equals(name))
                .toList()));
        keep();
    }

    private List<Event> alerts() {
        if (alerts == null) {
            alerts = new ArrayList<>();
            try {
                JsonNode kept = Files.exists(file) ? JSON.readTree(file.toFile()) : JSON.createArrayNode();
                kept.forEach(one -> alerts.add(new Event(one.path("id").asLong(), Instant.ofEpochMilli(one.path("at").asLong()), "",
                        Event.ALERT, one.path("outcome").asText(), "", "", one.path("detail").asText(), 0, one.path("untold").asText())));
            } catch (IOException e) {
                LOG.warn("{} cannot be read: {}", file, e.getMessage());
            }
        }
        return alerts;
    }

    /** The last one stays as long as the ledger cannot be used: it says that this was told. */
    private void keep() {
        while (!alerts.isEmpty() && alerts.get(0).untold().isEmpty() && (alerts.size() > 1 || !alerts.get(0).outcome().equals(UNUSABLE))) {
            alerts.remove(0);
        }
        try {
            if (alerts.isEmpty()) {
                Files.deleteIfExists(file);
                return;
            }
            ArrayNode all = JSON.createArrayNode();
            alerts.forEach(one -> all.addObject().put("id", one.id()).put("at", one.at().toEpochMilli()).put("outcome", one.outcome())
                    .put("detail", one.detail()).put("untold", one.untold()));
            Path part = file.resolveSibling("." + file.getFileName() + ".part");
            Files.createDirectories(file.getParent());
            Files.write(part, JSON.writeValueAsBytes(all));
            try (FileChannel channel = FileChannel.open(part, StandardOpenOption.WRITE)) {
                channel.force(true);
            }
            Files.move(part, file, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {   // of a full disk, say: it is told nevertheless, and once more after a kill
            LOG.warn("{} cannot be written: {}", file, e.toString());
        }
    }
}
