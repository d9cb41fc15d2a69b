package io.github.aepdataflows.platform;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.aepdataflows.resource.Lookup;
import io.github.aepdataflows.resource.LookupResult;
import io.github.aepdataflows.resource.ProvenFilters;
import io.github.aepdataflows.resource.Search;
import java.util.regex.Pattern;
import org.apache.camel.ExchangeException;
import org.apache.camel.Variable;

/** What the route of all reads calls: turns an answer into a result. That something is not there is a result, too. */
public final class Reader {

    private static final int NOT_FOUND = 404;
    private static final Pattern ONE_OF_FLOW_SERVICE = Pattern.compile("flowservice/(flows|sourceConnections|targetConnections)/[^/]+");

    private final ProvenFilters filters;

    /** @param controlled whether a form of filter has to be proven before it is believed that there is nothing; false only in tests */
    public Reader(boolean controlled) {
        this.filters = new ProvenFilters(controlled);
    }

    /** What is to be read next; null when all was read. */
    public Lookup next(@Variable("aepReading") Reading reading) throws Exception {
        return reading.next();
    }

    public void add(@Variable("aepReading") Reading reading, @Variable("aepResult") LookupResult result) throws Exception {
        reading.accept(result);
    }

    /** The next page of a look. */
    public Lookup page(@Variable("aepSearch") Search search) {
        return search.page(filters);
    }

    /**
     * An answer that lists nothing to a look by id says that there is no such thing.
     *
     * @throws PlatformException UNKNOWN when the answer is no document, or lists what is none
     */
    public LookupResult found(@Variable("aepLookup") Lookup lookup, @Variable("aepResponse") byte[] response) throws PlatformException {
        JsonNode document = Answers.document("GET", response);
        JsonNode items = document.path("items");
        if (document.has("items") && !(items.isArray() && (items.isEmpty() || items.get(0).isObject()))) {
            throw PlatformException.unusable("GET", "its items are no list of resources");
        }
        if (ONE_OF_FLOW_SERVICE.matcher(lookup.path()).matches() && !document.has("items") && !document.has("id")) {
            throw PlatformException.unusable("GET", "it shows neither items nor an id");
        }
        return items.isArray() && items.isEmpty() && lookup.query().isEmpty() ? LookupResult.refusal(NOT_FOUND, "", "it lists nothing")
                : LookupResult.of(document);
    }

    /**
     * A refusal that says that there is no such thing is a result. The one place that decides it.
     *
     * @throws PlatformException the refusal itself, when it says anything else
     */
    public LookupResult absent(@Variable("aepLookup") Lookup lookup, @ExchangeException PlatformException refusal)
            throws PlatformException {
        if (refusal.getOutcome() != Outcome.REJECTED || !lookup.absence().contains(refusal.getStatus())) {
            throw refusal;
        }
        return LookupResult.refusal(refusal.getStatus(), refusal.getCode(), refusal.getText());
    }

    /** @throws PlatformException UNKNOWN when the page is none, so that the look says nothing */
    public void accept(@Variable("aepSearch") Search search, @Variable("aepResult") LookupResult page) throws PlatformException {
        String problem = search.accept(page, filters).orElse("");
        if (!problem.isEmpty()) {
            throw PlatformException.unusable("GET", problem);
        }
    }
}
