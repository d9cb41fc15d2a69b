package io.github.aepdataflows.operate;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.HexFormat;

/**
 * What a form carries that this program has shown to somebody: nobody else's page knows one, and each serves once, so that a form that is
 * sent twice does nothing twice.
 */
final class FormTokens {

    private static final int MOST = 10_000;
    private static final Duration LONGEST = Duration.ofHours(12);
    private static final int BYTES = 16;

    private final SecureRandom random = new SecureRandom();
    private final Cache<String, Boolean> issued = Caffeine.newBuilder().maximumSize(MOST).expireAfterWrite(LONGEST).build();

    String issue() {
        byte[] bytes = new byte[BYTES];
        random.nextBytes(bytes);
        String token = HexFormat.of().formatHex(bytes);
        issued.put(token, true);
        return token;
    }

    /** Whether it was issued and serves now, for the only time. */
    boolean use(String token) {
        return issued.asMap().remove(token) != null;
    }
}
