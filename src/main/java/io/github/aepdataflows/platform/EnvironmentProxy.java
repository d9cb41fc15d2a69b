package io.github.aepdataflows.platform;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.SocketAddress;
import java.net.URI;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The way to a host: the JVM's own proxy ({@code https.proxyHost}, or what a host application has set), else that of the environment
 * ({@code HTTPS_PROXY}, {@code NO_PROXY}), which Java does not read by itself.
 */
public final class EnvironmentProxy extends ProxySelector {

    private static final Logger LOG = LoggerFactory.getLogger("aep.platform");

    private final Optional<Proxy> proxy;
    private final List<String> direct;

    /** @param environment names of variables in upper or lower case; the lower case wins, as it does for other programs */
    public EnvironmentProxy(Map<String, String> environment) {
        this.proxy = proxy(variable(environment, "HTTPS_PROXY"));
        this.direct = Arrays.stream(variable(environment, "NO_PROXY").toLowerCase(Locale.ROOT).split("[,\\s]+"))
                .map(host -> host.replaceFirst("^[*]?[.]", "").replaceFirst(":[0-9]+$", "")).filter(host -> !host.isEmpty()).toList();
    }

    private static String variable(Map<String, String> environment, String name) {
        return environment.getOrDefault(name.toLowerCase(Locale.ROOT), environment.getOrDefault(name, "")).strip();
    }

    private static Optional<Proxy> proxy(String url) {
        if (url.isEmpty()) {
            return Optional.empty();
        }
        try {
            URI uri = URI.create(url.contains("://") ? url : "http://" + url);
            if ("http".equalsIgnoreCase(uri.getScheme()) && uri.getHost() != null && uri.getUserInfo() == null) {
                return Optional.of(new Proxy(Proxy.Type.HTTP,
                        InetSocketAddress.createUnresolved(uri.getHost(), uri.getPort() < 0 ? 80 : uri.getPort())));
            }
        } catch (IllegalArgumentException e) {
            // as below
        }
        LOG.warn("HTTPS_PROXY is ignored: it must be http://host:port, without a user");   // its value may hold a password
        return Optional.empty();
    }

    @Override
    public List<Proxy> select(URI uri) {
        ProxySelector own = ProxySelector.getDefault();
        List<Proxy> chosen = own == null ? List.of() : own.select(uri);
        boolean undecided = System.getProperty("https.proxyHost") == null
                && chosen.stream().allMatch(each -> each.type() == Proxy.Type.DIRECT);
        return undecided && "https".equals(uri.getScheme()) && !isDirect(uri.getHost()) ? proxy.map(List::of).orElse(chosen) : chosen;
    }

    private boolean isDirect(String host) {
        String name = host.toLowerCase(Locale.ROOT);
        return direct.stream().anyMatch(each -> each.equals("*") || name.equals(each) || name.endsWith("." + each));
    }

    @Override
    public void connectFailed(URI uri, SocketAddress address, IOException failure) {
        ProxySelector own = ProxySelector.getDefault();
        if (own != null) {
            own.connectFailed(uri, address, failure);
        }
    }
}
