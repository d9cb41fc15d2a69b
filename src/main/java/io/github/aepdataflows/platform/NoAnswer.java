package io.github.aepdataflows.platform;

import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import javax.net.ssl.SSLException;
import org.apache.hc.client5.http.ConnectTimeoutException;
import org.apache.hc.client5.http.HttpRoute;
import org.apache.hc.core5.http.ConnectionClosedException;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.http.NoHttpResponseException;

/** Why a call has no answer, in words for an operator: at which host and port, and what happened there. */
final class NoAnswer {

    private static final int HTTP = 80;
    private static final int HTTPS = 443;

    private NoAnswer() {
    }

    /** @param route to the host, or to the proxy on the way: whoever is the first to be reached is named */
    static String words(Throwable failure, HttpRoute route) {
        HttpHost first = route.getProxyHost() == null ? route.getTargetHost() : route.getProxyHost();
        String peer = (route.getProxyHost() == null ? "" : "the proxy ") + address(first);
        if (failure instanceof UnknownHostException) {
            return "no host is known by the name %s".formatted(first.getHostName());
        } else if (failure instanceof ConnectTimeoutException) {
            return "no connection to %s in time".formatted(peer);
        } else if (failure instanceof ConnectException || failure instanceof NoRouteToHostException) {
            return "no connection to %s (%s)".formatted(peer, reason(failure));
        } else if (failure instanceof SSLException) {
            return "no connection by TLS to %s (%s)".formatted(address(route.getTargetHost()), failure.getMessage());
        } else if (failure instanceof SocketTimeoutException) {
            return "no answer of %s in time".formatted(peer);
        } else if (failure instanceof NoHttpResponseException || failure instanceof ConnectionClosedException
                || failure instanceof SocketException) {
            return "%s broke the connection off before its answer was whole (%s)".formatted(peer, failure.getMessage());
        }
        return failure.toString();
    }

    /** As in {@code Connection refused}: the client puts the address before it, once more. */
    private static String reason(Throwable failure) {
        return String.valueOf(failure.getMessage()).replaceFirst("^Connect to .* failed: ", "");
    }

    private static String address(HttpHost host) {
        int port = host.getPort() > 0 ? host.getPort() : host.getSchemeName().equals("https") ? HTTPS : HTTP;
        return host.getHostName() + ":" + port;
    }
}
