package io.github.aepdataflows.alert;

import io.github.aepdataflows.ledger.Event;
import io.github.aepdataflows.platform.EnvironmentProxy;
import io.github.aepdataflows.settings.Settings;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Posts an alert to a URL, which may hold a key: no message shows it. Has a client of its own, without the Platform's token. */
final class Webhook implements Sink {

    private static final Duration CONNECT = Duration.ofSeconds(5);
    private static final Duration ANSWER = Duration.ofSeconds(15);
    private static final int REDIRECTION = 300;
    private static final int BAD_REQUEST = 400;
    private static final int SERVER_ERROR = 500;
    private static final Set<Integer> FOR_NOW = Set.of(408, 429);

    private final URI url;
    private final Template template;
    private final HttpClient client = HttpClient.newBuilder().followRedirects(HttpClient.Redirect.NEVER).connectTimeout(CONNECT)
            .proxy(new EnvironmentProxy(System.getenv())).build();

    private Webhook(URI url, Template template) {
        this.url = url;
        this.template = template;
    }

    /** @throws IllegalArgumentException when the template has a name that no alert has */
    static Optional<Sink> of(Settings settings) throws IOException {
        if (settings.text("aep.alerts.webhook.url").isEmpty()) {
            return Optional.empty();
        }
        Template template = Template.in(settings.text("aep.alerts.webhook.template"));
        template.with(Alerts.values(Event.of(Event.ALERT, "", ""), settings.sandbox()));
        return Optional.of(new Webhook(URI.create(settings.text("aep.alerts.webhook.url")), template));
    }

    @Override
    public String name() {
        return "webhook";
    }

    @Override
    public void tell(long id, Map<String, String> values) throws IOException {
        HttpRequest request = HttpRequest.newBuilder(url).timeout(ANSWER).header("Content-Type", "application/json")
                .header("Idempotency-Key", String.valueOf(id)).POST(HttpRequest.BodyPublishers.ofString(template.with(values))).build();
        try {
            HttpResponse<InputStream> answer = client.send(request, HttpResponse.BodyHandlers.ofInputStream());
            answer.body().close();   // unread: no timeout bounds how long it comes
            int status = answer.statusCode();
            if (status >= BAD_REQUEST && status < SERVER_ERROR && !FOR_NOW.contains(status)) {
                throw new RefusedException("status " + status);
            } else if (status >= REDIRECTION) {
                throw new IOException("status " + status);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("the program is stopping", e);
        }
    }
}
