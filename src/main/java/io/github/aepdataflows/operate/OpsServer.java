package io.github.aepdataflows.operate;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.aepdataflows.platform.PlatformClient;
import io.github.aepdataflows.settings.Settings;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.apache.camel.util.concurrent.CamelThreadFactory;
import org.apache.hc.core5.http.ClassicHttpRequest;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.io.entity.ByteArrayEntity;
import org.apache.hc.core5.http.message.BasicClassicHttpResponse;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one small server: health, metrics and the page. What is answered without the token, and to others than this machine, is {@code UP}
 * or {@code DOWN}. No request to it causes one to the Platform but a form of the page; by itself it only sends one read at the start, and
 * one every {@code aep.breaker.pause} while the Platform cannot be worked with, to find out whether it can.
 */
public final class OpsServer {

    private static final Logger LOG = LoggerFactory.getLogger("aep.ops");
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String HEALTH = "/observe/health";
    private static final String LIVE = "/observe/health/live";
    private static final Map<String, String> ALIASES = Map.of("/health", HEALTH, "/health/live", LIVE);
    private static final String METRICS = "/observe/metrics";
    private static final String TEXT = "text/plain";
    private static final String SIGN_IN = "/sign-in";
    private static final String FORM = "application/x-www-form-urlencoded";
    private static final int MOST_OF_A_FORM = 4 << 20;   // a definition has 1 MiB, of which each byte may be sent as three
    private static final Map<String, String> HEADERS = Map.of(
            "Content-Security-Policy", "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self';"
                    + " form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
            "X-Content-Type-Options", "nosniff", "Referrer-Policy", "same-origin", "Cross-Origin-Resource-Policy", "same-origin",
            "Cross-Origin-Opener-Policy", "same-origin", "Cache-Control", "no-store");

    private final int port;
    private final String bind;
    private final long pause;
    private final PlatformClient platform;
    private final Access access;
    private final Readiness readiness;
    private final Metrics metrics;
    private final Site site;
    private final boolean hasActions;
    private Listener listener;
    private ScheduledExecutorService tries;

    public OpsServer(Settings settings, PlatformClient platform, Metrics metrics, Site site) {
        this.port = settings.integer("aep.ops.port");
        this.bind = settings.text("aep.ops.bind");
        this.pause = Math.max(1, settings.duration("aep.breaker.pause").toMillis());
        this.platform = platform;
        this.metrics = metrics;
        this.site = site;
        this.hasActions = settings.text("aep.page.actions").equals("true");
        this.access = new Access(settings);
        this.readiness = new Readiness(settings.getCamelContext());
    }

    /** Listens, unless {@code aep.ops.port} is 0, and tries the credentials. */
    public void start() throws IOException {
        if (port == 0) {
            return;
        }
        try {
            listener = new Listener(InetAddress.getByName(bind), port, this::answer);
        } catch (IOException e) {
            throw new IOException("aep.ops.port: cannot listen on %s:%d: %s".formatted(bind, port, e.getMessage()), e);
        }
        tries = Executors.newSingleThreadScheduledExecutor(new CamelThreadFactory("aep-ops-try", "aep", true));
        tries.scheduleWithFixedDelay(this::tryPlatform, 0, pause, TimeUnit.MILLISECONDS);
    }

    /** Where the page is, as this machine calls it; empty when there is none. */
    public Optional<String> address() {
        return listener == null ? Optional.empty() : Optional.of("http://%s:%d/".formatted(
                InetAddress.getLoopbackAddress().getHostAddress(), port));
    }

    private void tryPlatform() {
        try {
            if (platform.trouble().isPresent() || platform.traffic().answeredAt().isEmpty()) {
                platform.tryOut();
            }
        } catch (RuntimeException | Error e) {
            LOG.debug("tried again later", e);   // whoever throws here is not called again
        }
    }

    public void stop() throws IOException {
        if (listener != null) {
            tries.shutdownNow();
            listener.close();
        }
    }

    private ClassicHttpResponse answer(ClassicHttpRequest request, InetAddress peer) throws IOException {
        String[] target = request.getPath().split("[?]", 2);
        String path = ALIASES.getOrDefault(target[0], target[0]);
        if (!access.isOurHost(request)) {
            return text(421, "This host name is not among aep.ops.hosts.\n");
        } else if (request.getMethod().equals("POST") && Site.isForm(path)) {
            return form(request, path, peer);
        } else if (!request.getMethod().equals("GET")) {
            ClassicHttpResponse refusal = text(405, "");
            refusal.setHeader("Allow", Site.isForm(path) ? "POST" : "GET");
            return refusal;
        } else if (path.startsWith(HEALTH)) {
            return health(target[0], path, access.maySee(request, peer));
        } else if (!access.maySee(request, peer) || path.equals(SIGN_IN) && !access.hasToken(request)) {
            return unauthorized();
        } else if (path.equals(SIGN_IN)) {
            return response(Site.Answer.goTo("/"));
        } else if (path.equals(METRICS)) {
            return response(200, Metrics.CONTENT_TYPE, metrics.scrape(readiness.findings()).getBytes(StandardCharsets.UTF_8));
        }
        Query query = Query.of(target.length == 1 ? "" : target[1]);
        try {
            return response(site.page(path, query, readiness.findings(), viewer(request, peer)));
        } catch (RuntimeException e) {
            LOG.warn("the page {} could not be made", path, e);
            throw e;
        }
    }

    private Site.Viewer viewer(ClassicHttpRequest request, InetAddress peer) {
        return new Site.Viewer(hasActions && access.hasToken(request),
                new Actions.Asker(access.userName(request), peer.getHostAddress()));
    }

    /** A form does something only when it comes from a page of ours, whoever sends it; and, but for a plan, with the token. */
    private ClassicHttpResponse form(ClassicHttpRequest request, String path, InetAddress peer) throws IOException {
        boolean needsToken = Site.needsToken(path);
        if (needsToken && !hasActions) {
            return text(403, "This needs aep.page.actions=true.\n");
        } else if (needsToken ? !access.hasToken(request) : !access.maySee(request, peer)) {
            return unauthorized();
        } else if (!access.isOurForm(request)) {
            return text(403, "A form is only taken from a page of this server.\n");
        }
        Header type = request.getFirstHeader("Content-Type");
        if (type == null || !type.getValue().toLowerCase(Locale.ROOT).startsWith(FORM) || request.getEntity() == null) {
            return text(415, "A form is sent as %s.\n".formatted(FORM));
        }
        byte[] body = request.getEntity().getContent().readNBytes(MOST_OF_A_FORM + 1);
        if (body.length > MOST_OF_A_FORM) {
            return text(413, "The form is too large.\n");
        }
        try {
            return response(site.act(path, Query.of(new String(body, StandardCharsets.UTF_8)), readiness.findings(),
                    viewer(request, peer)));
        } catch (RuntimeException e) {
            LOG.warn("the form {} could not be worked on", path, e);
            throw e;
        }
    }

    private static ClassicHttpResponse response(Site.Answer answer) {
        ClassicHttpResponse response = response(answer.status(), answer.type(), answer.body());
        if (answer.isAsset()) {
            response.setHeader("Cache-Control", "max-age=300");
        }
        if (!answer.location().isEmpty()) {
            response.setHeader("Location", answer.location());
        }
        return response;
    }

    private ClassicHttpResponse unauthorized() {
        ClassicHttpResponse refusal = text(access.isTokenSet() ? 401 : 403, "This needs the token that aep.ops.token sets.\n");
        if (access.isTokenSet()) {
            refusal.setHeader("WWW-Authenticate", "Basic realm=\"aep-dataflows: any name, the token as password\", charset=\"UTF-8\"");
        }
        return refusal;
    }

    private ClassicHttpResponse health(String asked, String path, boolean isDetailed) {
        if (!List.of(HEALTH, LIVE, HEALTH + "/ready").contains(path)) {
            return text(404, "");
        }
        List<Readiness.Finding> findings = path.equals(LIVE)
                ? readiness.stopped().map(reason -> List.of(new Readiness.Finding("context", Optional.of(reason)))).orElse(List.of())
                : readiness.findings();
        List<Readiness.Finding> troubles = findings.stream().filter(finding -> !finding.isUp()).toList();
        int status = troubles.isEmpty() ? 200 : 503;
        String word = troubles.isEmpty() ? "UP" : "DOWN";
        if (ALIASES.containsKey(asked)) {
            String reason = isDetailed ? troubles.stream().map(finding -> finding.check() + ": " + finding.reason().orElseThrow() + "\n")
                    .findFirst().orElse("") : "";
            return text(status, word + "\n" + reason);
        }
        ObjectNode document = JSON.createObjectNode().put("status", word);
        if (isDetailed && !path.equals(LIVE)) {
            ArrayNode checks = document.putArray("checks");
            for (Readiness.Finding finding : findings) {
                ObjectNode check = checks.addObject().put("name", finding.check()).put("status", finding.isUp() ? "UP" : "DOWN");
                finding.reason().ifPresent(reason -> check.put("reason", reason));
            }
        }
        return response(status, "application/json", (document.toPrettyString() + "\n").getBytes(StandardCharsets.UTF_8));
    }

    private static ClassicHttpResponse text(int status, String text) {
        return response(status, TEXT, text.getBytes(StandardCharsets.UTF_8));
    }

    private static ClassicHttpResponse response(int status, String type, byte[] content) {
        ClassicHttpResponse response = new BasicClassicHttpResponse(status);
        response.setEntity(new ByteArrayEntity(content, ContentType.parse(type)));
        response.setHeader("Content-Length", content.length);
        response.setHeader("Content-Type", type);
        HEADERS.forEach(response::setHeader);
        return response;
    }
}
