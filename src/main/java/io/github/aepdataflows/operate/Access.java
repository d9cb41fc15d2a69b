package io.github.aepdataflows.operate;

import io.github.aepdataflows.definition.VisibleText;
import io.github.aepdataflows.settings.Settings;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.hc.core5.http.ClassicHttpRequest;
import org.apache.hc.core5.http.Header;

/**
 * Who may see what. By the name of somebody else's host nothing is answered, so that no page of the web can have a browser ask us under a
 * name that leads here. What this machine may see, others may with the token.
 */
final class Access {

    /** An address in the Host header is no name that anybody can let lead here. */
    private static final Pattern HOST = Pattern.compile("(\\[[0-9a-f:.]{2,45}]|[0-9]{1,3}(?:\\.[0-9]{1,3}){3}|localhost|[a-z0-9.-]{1,253})"
            + "(?::[0-9]{1,5})?");
    private static final Pattern ADDRESS = Pattern.compile("\\[.*|[0-9]{1,3}(?:\\.[0-9]{1,3}){3}|localhost");
    private static final Pattern AUTHORIZATION = Pattern.compile("(?i)(bearer|basic) +([!-~]{1,2000})");

    private static final Pattern ORIGIN = Pattern.compile("https?://((\\[[0-9a-f:.]{2,45}]|[a-z0-9.-]{1,253})(?::[0-9]{1,5})?)");
    private static final int LONGEST_NAME = 60;

    private static final List<String> OF_A_PROXY = List.of("Forwarded", "X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto",
            "X-Real-IP", "Via");

    private final Set<String> names;
    private final byte[] token;

    Access(Settings settings) {
        this.names = Set.copyOf(List.of(settings.text("aep.ops.hosts").toLowerCase(Locale.ROOT).split("[ ,]+")));
        this.token = settings.text("aep.ops.token").getBytes(StandardCharsets.UTF_8);
    }

    /** Whether it is called by an address, or a name of ours; one without a Host header is no browser's. */
    boolean isOurHost(ClassicHttpRequest request) {
        Header[] hosts = request.getHeaders("Host");
        if (hosts.length == 0) {
            return true;
        }
        Matcher host = HOST.matcher(hosts[0].getValue().strip().toLowerCase(Locale.ROOT));
        return hosts.length == 1 && host.matches() && (ADDRESS.matcher(host.group(1)).matches() || names.contains(host.group(1)));
    }

    /** Whether it comes from this machine itself and not through a proxy on it, or has the token. */
    boolean maySee(ClassicHttpRequest request, InetAddress peer) {
        boolean isForwarded = OF_A_PROXY.stream().anyMatch(request::containsHeader);
        return peer.isLoopbackAddress() && !isForwarded || hasToken(request);
    }

    boolean hasToken(ClassicHttpRequest request) {
        return token.length > 0 && Optional.ofNullable(request.getFirstHeader("Authorization")).map(Header::getValue)
                .map(AUTHORIZATION::matcher).filter(Matcher::matches)
                .map(found -> found.group(1).equalsIgnoreCase("bearer") ? found.group(2) : password(found.group(2)))
                .filter(given -> MessageDigest.isEqual(token, given.getBytes(StandardCharsets.UTF_8))).isPresent();
    }

    private static String password(String credentials) {
        return decoded(credentials).replaceFirst("^[^:]*:", "");
    }

    private static String decoded(String credentials) {
        try {
            return new String(Base64.getDecoder().decode(credentials), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            return "";
        }
    }

    /** The name that a browser was given together with the token; empty when there is none. Nobody knows whether it is true. */
    String userName(ClassicHttpRequest request) {
        return Optional.ofNullable(request.getFirstHeader("Authorization")).map(Header::getValue).map(AUTHORIZATION::matcher)
                .filter(Matcher::matches).filter(found -> found.group(1).equalsIgnoreCase("basic"))
                .map(found -> decoded(found.group(2)).replaceFirst("(?s):.*", ""))
                .map(name -> VisibleText.of(name.substring(0, Math.min(LONGEST_NAME, name.length())))).orElse("");
    }

    /**
     * Whether a form comes from a page of ours: browsers say whose page has sent one, and no other page can have them say something else.
     * A request that does not say so is refused.
     */
    boolean isOurForm(ClassicHttpRequest request) {
        Header[] origins = request.getHeaders("Origin");
        Header site = request.getFirstHeader("Sec-Fetch-Site");
        Header host = request.getFirstHeader("Host");
        if (origins.length != 1 || host == null || site != null && !site.getValue().equals("same-origin")) {
            return false;
        }
        Matcher origin = ORIGIN.matcher(origins[0].getValue().strip().toLowerCase(Locale.ROOT));
        return origin.matches() && (origin.group(1).equals(host.getValue().strip().toLowerCase(Locale.ROOT))
                || names.contains(origin.group(2)));
    }

    boolean isTokenSet() {
        return token.length > 0;
    }
}
