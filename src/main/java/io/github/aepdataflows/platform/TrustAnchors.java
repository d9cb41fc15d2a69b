package io.github.aepdataflows.platform;

import java.io.IOException;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Instant;
import java.util.Arrays;
import java.util.Date;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;
import org.apache.hc.client5.http.ssl.DefaultClientTlsStrategy;
import org.apache.hc.client5.http.ssl.TlsSocketStrategy;
import org.apache.hc.core5.http.protocol.HttpContext;

/**
 * TLS that trusts the JVM's own trust store ({@code javax.net.ssl.trustStore}), without the certificates in it that have expired:
 * Java's validation of a chain looks at the dates of every certificate but the trusted one at its end.
 */
final class TrustAnchors implements TlsSocketStrategy {

    private final Clock clock;
    private TlsSocketStrategy tls;
    private Instant usableUntil;

    TrustAnchors(Clock clock) {
        this.clock = clock;
    }

    @Override
    public SSLSocket upgrade(Socket socket, String target, int port, Object attachment, HttpContext context) throws IOException {
        return current().upgrade(socket, target, port, attachment, context);
    }

    /** Anew once another one has expired. */
    private synchronized TlsSocketStrategy current() throws IOException {
        Instant now = clock.instant();
        if (tls == null || now.isAfter(usableUntil)) {
            try {
                X509Certificate[] anchors = Arrays.stream(issuers(null))
                        .filter(anchor -> !anchor.getNotAfter().toInstant().isBefore(now)).toArray(X509Certificate[]::new);
                KeyStore unexpired = KeyStore.getInstance(KeyStore.getDefaultType());
                unexpired.load(null, null);
                for (int i = 0; i < anchors.length; i++) {
                    unexpired.setCertificateEntry("anchor-" + i, anchors[i]);
                }
                SSLContext context = SSLContext.getInstance("TLS");
                context.init(null, managers(unexpired), null);
                tls = new DefaultClientTlsStrategy(context);
                usableUntil = Arrays.stream(anchors).map(X509Certificate::getNotAfter).map(Date::toInstant).min(Instant::compareTo)
                        .orElse(Instant.MAX);
            } catch (GeneralSecurityException e) {
                throw new IOException("the trust store of this JVM cannot be used: " + e.getMessage(), e);
            }
        }
        return tls;
    }

    private static X509Certificate[] issuers(KeyStore store) throws GeneralSecurityException {
        return Arrays.stream(managers(store)).filter(X509TrustManager.class::isInstance).map(X509TrustManager.class::cast)
                .flatMap(manager -> Arrays.stream(manager.getAcceptedIssuers())).toArray(X509Certificate[]::new);
    }

    /** @param store null for the JVM's own */
    private static TrustManager[] managers(KeyStore store) throws GeneralSecurityException {
        TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init(store);
        return factory.getTrustManagers();
    }
}
