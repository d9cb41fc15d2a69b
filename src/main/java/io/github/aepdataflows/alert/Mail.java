package io.github.aepdataflows.alert;

import io.github.aepdataflows.definition.VisibleText;
import io.github.aepdataflows.settings.Settings;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.apache.commons.lang3.StringUtils;

/** Sends an alert as an e-mail in plain text, by Camel's mail component, which is on the class path of a host only if it wants that. */
final class Mail implements Sink {

    private static final int MOST_SUBJECT = 150;
    /** In the order in which a reader wants them. */
    private static final List<String> SHOWN = List.of("outcome", "reason", "dataflow", "flow", "subject", "state", "before", "sandbox",
            "at", "id");

    /** Where mails go. */
    interface Outbox {

        /** @throws Sink.RefusedException when the server does not take this one */
        void send(String subject, String text, Map<String, String> headers) throws IOException;
    }

    private final Outbox outbox;

    Mail(Outbox outbox) {
        this.outbox = outbox;
    }

    /** @throws IllegalArgumentException when mails are wanted, and what sends them is not on the class path */
    static Optional<Sink> of(Settings settings) {
        if (settings.text("aep.alerts.mail.to").isEmpty()) {
            return Optional.empty();
        }
        try {
            return Optional.of(new Mail(new SmtpOutbox(settings)));
        } catch (NoClassDefFoundError e) {
            throw new IllegalArgumentException("aep.alerts.mail.to: add camel-mail to the class path", e);
        }
    }

    @Override
    public String name() {
        return "mail";
    }

    @Override
    public void tell(long id, Map<String, String> values) throws IOException {
        String text = SHOWN.stream().filter(name -> !values.getOrDefault(name, "").isEmpty())
                .map(name -> "%s: %s".formatted(name, VisibleText.of(values.get(name)))).collect(Collectors.joining("\n", "", "\n"));
        outbox.send(StringUtils.abbreviate(VisibleText.of(values.get("text")), "…", MOST_SUBJECT), text,
                Map.of("Auto-Submitted", "auto-generated", "X-Aep-Alert-Id", String.valueOf(id)));
    }
}
