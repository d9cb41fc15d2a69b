package io.github.aepdataflows.cli;

import io.github.aepdataflows.definition.VisibleText;
import io.github.aepdataflows.platform.PlatformClient;
import io.github.aepdataflows.platform.Traffic;
import io.github.aepdataflows.platform.Trouble;
import java.io.PrintWriter;
import java.net.URI;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.apache.camel.util.concurrent.CamelThreadFactory;

/**
 * Says on standard error, after two seconds and then from time to time, that a command waits for a Platform that cannot be reached; or,
 * somewhat later, for one whose first answer is long in coming.
 */
final class Waiting {

    private static final int FIRST_SECONDS = 2;
    private static final int SECONDS = 10;
    private static final int SLOW_SECONDS = 5;

    private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor(
            new CamelThreadFactory("waiting", "aep", true));

    /** @param platform absent where nobody is asked */
    Waiting(Optional<PlatformClient> platform, URI url, PrintWriter err) {
        platform.map(PlatformClient::traffic).ifPresent(traffic -> {
            clock.scheduleAtFixedRate(() -> say(traffic.trouble().map(Trouble::reason), err), FIRST_SECONDS, SECONDS, TimeUnit.SECONDS);
            clock.schedule(() -> say(isAnswered(traffic) ? Optional.empty()
                    : Optional.of("no answer yet of %s, or of its token service".formatted(url)), err), SLOW_SECONDS, TimeUnit.SECONDS);
        });
    }

    private static boolean isAnswered(Traffic traffic) {
        return traffic.trouble().isPresent() || traffic.answeredAt().isPresent();
    }

    private static void say(Optional<String> trouble, PrintWriter err) {
        trouble.ifPresent(why -> {
            err.println(VisibleText.of("waiting: " + why + "; it is tried again for a while, Ctrl-C ends that"));
            err.flush();
        });
    }

    void close() {
        clock.shutdownNow();
    }
}
