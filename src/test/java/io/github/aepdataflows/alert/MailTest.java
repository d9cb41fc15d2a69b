package io.github.aepdataflows.alert;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.icegreen.greenmail.util.GreenMail;
import com.icegreen.greenmail.util.ServerSetup;
import io.github.aepdataflows.LogLines;
import io.github.aepdataflows.Rig;
import io.github.aepdataflows.ledger.Observation;
import io.github.aepdataflows.simulator.Options;
import jakarta.mail.Message;
import jakarta.mail.internet.MimeMessage;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Alerts by e-mail, to a mail server of the test's own. */
class MailTest {

    private static final String PASSWORD = Rig.MARKER + "-mail";

    @TempDir
    Path data;

    private final GreenMail server;
    private final int port;

    MailTest() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            port = socket.getLocalPort();
        }
        server = new GreenMail(new ServerSetup(port, "127.0.0.1", ServerSetup.PROTOCOL_SMTP));
    }

    @BeforeEach
    void prepare() {
        server.getUserManager().setAuthRequired(true);
        server.setUser("aep@example.com", "aep", PASSWORD);
        server.setUser("ops@example.com", "ops", "o");
        server.setUser("night@example.com", "night", "n");
    }

    @AfterEach
    void stop() {
        server.stop();
    }

    private Map<String, String> settings(String password) {
        return new HashMap<>(Map.of("aep.alerts.mail.to", "ops@example.com, night@example.com", "aep.alerts.mail.from", "aep@example.com",
                "aep.alerts.mail.server", "smtp://127.0.0.1:" + port, "aep.alerts.mail.user", "aep", "aep.alerts.mail.password", password,
                "aep.alerts.delay", "50", "aep.alerts.health", "false"));
    }

    @Test
    void should_send_once_the_server_is_there_what_no_text_can_turn_into_another_mail() throws Exception {
        try (Rig rig = Rig.start(data, Options.defaults(), settings(PASSWORD)); LogLines log = LogLines.of("aep.alerts")) {
            rig.ledger().observe(List.of(new Observation("flow/1", "failed", true, "CRM\r\nBcc: evil@example.com", "f-1",
                    "its last run failed\r\n\r\n.\r\nRCPT TO:<evil@example.com>\nÄ \u202e")), Set.of());
            await().atMost(Duration.ofSeconds(30)).until(() -> log.contain("the mail could not be told"));
            assertThat(log.toString()).doesNotContain(PASSWORD);
        }
        server.start();
        prepare();
        try (Rig rig = Rig.start(data, Options.defaults(), settings(PASSWORD))) {
            await().atMost(Duration.ofSeconds(30)).until(() -> server.getReceivedMessages().length == 2);
            await().until(() -> rig.ledger().untold("mail", 1).isEmpty());
        }
        MimeMessage[] received = server.getReceivedMessages();
        assertThat(received).as("one for each").hasSize(2);
        MimeMessage mail = received[0];
        assertThat(mail.getSubject()).startsWith("failed: dataflow CRM").doesNotContain("\n", "\r", "\u202e");
        assertThat(mail.getAllRecipients()).extracting(Object::toString).containsExactly("ops@example.com", "night@example.com");
        assertThat(mail.getRecipients(Message.RecipientType.BCC)).isNull();
        assertThat(mail.getHeader("Auto-Submitted")).containsExactly("auto-generated");
        String text = mail.getContent().toString();
        assertThat(text).contains("outcome: failed", "reason: its last run failed", "flow: f-1", "sandbox: dev", "Ä",
                "id: " + mail.getHeader("X-Aep-Alert-Id")[0]);
        assertThat(text.lines().filter(line -> line.startsWith("RCPT") || line.equals("."))).isEmpty();
        List<String> headers = new ArrayList<>();
        mail.getAllHeaders().asIterator().forEachRemaining(header -> headers.add(header.getName()));
        assertThat(headers).doesNotContain("Bcc").noneMatch(name -> name.startsWith("Aep") || name.startsWith("Camel"));
    }

    @Test
    void should_not_send_with_a_wrong_password_nor_show_it() throws Exception {
        server.start();
        prepare();
        String wrong = PASSWORD + "-wrong";
        try (Rig rig = Rig.start(data, Options.defaults(), settings(wrong)); LogLines log = LogLines.of("aep.alerts")) {
            rig.ledger().observe(List.of(new Observation("flow/1", "failed", true, "x", "f", "r")), Set.of());
            await().atMost(Duration.ofSeconds(30)).until(() -> log.contain("the mail could not be told"));
            assertThat(log.toString()).contains("Authentication").doesNotContain(PASSWORD);
            assertThat(rig.ledger().untold("mail", 1)).hasSize(1);
        }
        assertThat(server.getReceivedMessages()).isEmpty();
    }

    @Test
    void should_refuse_half_of_the_settings() {
        Map<String, String> settings = settings(PASSWORD);
        settings.put("aep.alerts.mail.from", "");
        settings.put("aep.alerts.mail.server", "http://127.0.0.1");
        assertThatThrownBy(() -> Rig.start(data, Options.defaults(), settings)).hasStackTraceContaining("aep.alerts.mail.from")
                .hasStackTraceContaining("aep.alerts.mail.server");
    }
}
