package io.github.aepdataflows.audit;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.aepdataflows.Rig;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.core.LogEvent;
import org.apache.logging.log4j.core.Logger;
import org.apache.logging.log4j.core.appender.AbstractAppender;
import org.apache.logging.log4j.core.config.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AuditLogTest {

    @TempDir
    Path data;

    @Test
    void should_log_a_short_table_and_where_the_report_lies() throws Exception {
        Lines lines = new Lines();
        Logger log = (Logger) LogManager.getLogger("aep.audit");
        lines.start();
        log.addAppender(lines);
        try (Rig rig = AuditRig.start(data)) {
            rig.simulator().seedDemo(Rig.SANDBOX);
            AuditRig.audit(rig);

            assertThat(lines.seen).hasSize(6).noneMatch(line -> line.startsWith("healthy"));
            assertThat(lines.seen.get(0)).startsWith("STATE      OURS  DATAFLOW ").endsWith("  REASON");
            assertThat(lines.seen.subList(1, 5)).extracting(line -> line.split(" ")[0])
                    .containsExactly("failed", "late", "partial", "disabled");
            assertThat(lines.seen.get(5)).isEqualTo(
                    "5 dataflows: 1 failed, 1 late, 1 partial, 1 disabled, 1 healthy; complete; reports/" + rig.names("reports").get(0));
        } finally {
            log.removeAppender(lines);
        }
    }

    private static final class Lines extends AbstractAppender {

        private final List<String> seen = new CopyOnWriteArrayList<>();

        private Lines() {
            super("lines", null, null, true, Property.EMPTY_ARRAY);
        }

        @Override
        public void append(LogEvent event) {
            seen.add(event.getMessage().getFormattedMessage());
        }
    }
}
