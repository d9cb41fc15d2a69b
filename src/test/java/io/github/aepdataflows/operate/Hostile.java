package io.github.aepdataflows.operate;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.aepdataflows.Rig;
import io.github.aepdataflows.files.Reports;
import io.github.aepdataflows.ledger.Event;
import io.github.aepdataflows.ledger.Lease;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/** Texts by which a page would be made to do something else than to show them. */
final class Hostile {

    static final List<String> TEXTS = List.of("<script>alert(1)</script>", "\"><img src=x onerror=alert(1)>",
            "' onmouseover='a()", "</title><script>a()</script>", "</pre><svg onload=a()>", "javascript:alert(1)",
            "${7*7}", "@if(true)x@endif", "{{7*7}}",
            "<!--", "-->", "]]>", "&lt;b&gt;", "&#x3c;script&#x3e;", "<a href=//evil.example>x</a>", "<style>*{display:none}</style>",
            "<base href=//evil.example/>", "<meta http-equiv=refresh content=0>", "<iframe src=//evil.example>", "<form action=//e>",
            "<input autofocus onfocus=a()>", "hx-get=\"//evil.example\"", "\" hx-get=\"//evil.example", "\u202egnp.exe", "\u0000nul",
            "a\r\nSet-Cookie: x=1", "../../etc/passwd", "%3Cscript%3E", "<ScRiPt >a()</sCrIpT >", "<b>bold</b>".repeat(40));

    private Hostile() {
    }

    /** Gives each of them every place that a text of others can have. */
    static void everywhere(Rig rig, Path data) throws Exception {
        int n = 0;
        for (String name : TEXTS) {
            Lease lease = rig.ledger().take(name, "digest", Map.of(), name);
            rig.ledger().finish(lease, List.of());
            rig.ledger().release(lease);
            rig.ledger().record(Event.of(Event.PROVISIONED, name, name).about(name, name));
            rig.ledger().record(Event.of(Event.ASKED, name, name).about(name, name)
                    .with(Rig.JSON.createObjectNode().put("by", name).toString()));
            ObjectNode error = Rig.JSON.createObjectNode().put("dataflow", name).put("category", name).put("message", name)
                    .put("advice", name).put("requestId", name);
            error.putArray("faults").addObject().put("path", name).put("line", name).put("message", name);
            Files.writeString(data.resolve("failed/hostile" + n++ + ".yaml.error.json"), error.toString());
        }
        ObjectNode report = Rig.JSON.createObjectNode().put("time", "2040-01-01T00:00:00Z").put("complete", false);
        ArrayNode flows = report.putArray("flows");
        ArrayNode problems = report.putArray("problems");
        TEXTS.forEach(name -> {
            problems.add(name);
            flows.addObject().put("id", name).put("name", name).put("state", "failed").put("reason", name).put("ours", false);
        });
        Files.writeString(newerReport(rig, data), report.toString());
    }

    /** A report that is shown in place of the newest one: it may be ahead of the clock of the program a little. */
    static Path newerReport(Rig rig, Path data) throws IOException {
        Instant newest = rig.main().getCamelContext().getRegistry().lookupByNameAndType("aepReports", Reports.class).lastAt()
                .filter(Instant.now()::isBefore).orElseGet(Instant::now);
        return data.resolve("reports").resolve(Reports.name(newest.plusSeconds(600)));
    }
}
