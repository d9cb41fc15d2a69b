package io.github.aepdataflows.alert;

import io.github.aepdataflows.settings.Settings;
import jakarta.mail.MessagingException;
import java.io.IOException;
import java.net.URI;
import java.util.Map;
import java.util.Properties;
import java.util.regex.Pattern;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.Producer;
import org.apache.camel.component.mail.MailComponent;
import org.apache.camel.component.mail.MailConfiguration;
import org.apache.camel.component.mail.MailEndpoint;

/**
 * Sends mails by SMTP: {@code smtps://} by TLS, {@code smtp://} by STARTTLS, which only a server on this machine need not know. Has a
 * component of its own, so that none of a host's is changed.
 */
final class SmtpOutbox implements Mail.Outbox {

    private static final String MILLIS = "15000";
    private static final Pattern REFUSAL = Pattern.compile("(?s).*\\b55[0-4]\\b.*");

    private final CamelContext context;
    private final String server;
    private final Map<String, String> values;
    private MailEndpoint endpoint;

    SmtpOutbox(Settings settings) {
        this.context = settings.getCamelContext();
        this.server = settings.text("aep.alerts.mail.server");
        this.values = Map.of("to", settings.text("aep.alerts.mail.to"), "from", settings.text("aep.alerts.mail.from"),
                "user", settings.text("aep.alerts.mail.user"), "password", settings.text("aep.alerts.mail.password"));
        new MailComponent(context);   // fails where there is none
    }

    @Override
    public void send(String subject, String text, Map<String, String> headers) throws IOException {
        try {
            MailEndpoint to = endpoint();
            to.getConfiguration().setSubject(subject);
            Producer producer = to.createProducer();
            Exchange exchange = to.createExchange();
            headers.forEach(exchange.getMessage()::setHeader);
            exchange.getMessage().setBody(text);
            producer.start();
            try {
                producer.process(exchange);
            } finally {
                producer.stop();
            }
            if (exchange.getException() != null) {   // it is not thrown
                throw exchange.getException();
            }
        } catch (Exception e) {
            throw failure(e);
        }
    }

    /** The server's own words, without the password; those of a failed login are not repeated. */
    private static IOException failure(Exception e) {
        String words = e instanceof MessagingException && !e.getClass().getSimpleName().contains("Authentication")
                ? String.valueOf(e.getMessage()).strip() : "";
        String message = e.getClass().getSimpleName() + (words.isEmpty() ? "" : ": " + words);
        boolean isRefusal = e.getClass().getSimpleName().startsWith("SMTPSend") && REFUSAL.matcher(words).matches();
        return isRefusal ? new Sink.RefusedException(message) : new IOException(message);
    }

    private MailEndpoint endpoint() throws Exception {
        if (endpoint == null) {
            boolean isLocal = Settings.isLoopback(URI.create(server).getHost());
            MailComponent component = new MailComponent(context);
            component.start();
            MailEndpoint made = (MailEndpoint) component.createEndpoint(server);
            MailConfiguration mails = made.getConfiguration();
            mails.setFrom(values.get("from"));
            mails.setTo(values.get("to"));
            if (!values.get("user").isEmpty()) {
                mails.setUsername(values.get("user"));
                mails.setPassword(values.get("password"));
            }
            mails.setContentType("text/plain; charset=UTF-8");
            mails.setConnectionTimeout(Integer.parseInt(MILLIS));
            Properties more = new Properties();
            for (String protocol : new String[] {"smtp", "smtps"}) {
                more.setProperty("mail.%s.timeout".formatted(protocol), MILLIS);
                more.setProperty("mail.%s.writetimeout".formatted(protocol), MILLIS);
                more.setProperty("mail.%s.ssl.checkserveridentity".formatted(protocol), "true");
            }
            more.setProperty("mail.smtp.starttls.enable", "true");
            more.setProperty("mail.smtp.starttls.required", String.valueOf(!isLocal));
            mails.setAdditionalJavaMailProperties(more);
            endpoint = made;
        }
        return endpoint;
    }
}
