package io.github.aepdataflows.provision;

import io.github.aepdataflows.platform.PlatformException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Objects;
import java.util.Properties;
import java.util.stream.Stream;

/** What to do about a refusal: {@code advice.properties}, by the Platform's error code, else by HTTP status or outcome. */
final class Advice {

    private final Properties byCode = new Properties();

    Advice() {
        try (InputStream in = Advice.class.getResourceAsStream("advice.properties")) {
            byCode.load(in);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Codes of Flow Service and Schema Registry are known with and without their prefix (FLOW-1360-400, 1360-400). */
    String on(PlatformException failure) {
        return Stream.of(
                        failure.getCode(),
                        failure.getCode().replaceFirst("^[A-Z]+-", ""),
                        String.valueOf(failure.getStatus()),
                        failure.getOutcome().name())
                .map(byCode::getProperty)
                .filter(Objects::nonNull)
                .findFirst()
                .orElse("See the Platform's message; its documentation lists the code.");
    }
}
