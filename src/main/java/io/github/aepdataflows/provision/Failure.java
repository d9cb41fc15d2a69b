package io.github.aepdataflows.provision;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.aepdataflows.definition.Excerpt;
import io.github.aepdataflows.definition.VisibleText;
import java.util.List;
import java.util.Locale;
import org.apache.camel.Exchange;
import org.apache.commons.lang3.StringUtils;

/**
 * Why a definition, or not every one of a file, was provisioned, and what becomes of the file. Lives in the exchange variable
 * {@code aepFailure}; for hosts the same is in {@code aepError} (the document as text), {@code aepSummary} and {@code aepTryAgain}.
 *
 * @param document the error document; a text in it is cut where the definition made it very long
 * @param summary  the same in a line
 */
public record Failure(ObjectNode document, String summary, TryAgain tryAgain) {

    public Failure {
        Excerpt.cut(document);
        summary = Excerpt.ofText(summary);
    }

    /** What becomes of the file. */
    public enum TryAgain {
        /** It goes to failed/. */
        NO,
        /** It stays in the inbox as all others do: only the way to the Platform failed. */
        PAUSE,
        /** It stays, and it alone has to wait. */
        POSTPONE
    }

    /** The variable that it is in. */
    public static final String NAME = "aepFailure";

    /** The variable with the receipt, where nothing has failed. */
    public static final String RECEIPT = "aepReceipt";

    private static final int MOST_OF_A_NAME = 100;
    private static final List<String> VARIABLES = List.of(NAME, "aepError", "aepSummary", "aepTryAgain");

    /** Name of the dataflow, right or wrong, as every database can keep it: a right one is as it is. Empty when it is not known. */
    String dataflow() {
        return StringUtils.abbreviate(VisibleText.of(document.path("dataflow").asText("")), MOST_OF_A_NAME);
    }

    public boolean isPause() {
        return tryAgain == TryAgain.PAUSE;
    }

    public void setOn(Exchange exchange) {
        List<Object> values = List.of(this, document.toPrettyString(), summary, tryAgain.name().toLowerCase(Locale.ROOT));
        for (int i = 0; i < values.size(); i++) {
            exchange.setVariable(VARIABLES.get(i), values.get(i));
        }
    }

    /** Forgets what became of an earlier definition on this exchange. */
    static void clear(Exchange exchange) {
        VARIABLES.forEach(exchange::removeVariable);
        exchange.removeVariable(RECEIPT);
    }
}
