package io.github.aepdataflows.platform;

import io.github.aepdataflows.resource.Lookup;
import io.github.aepdataflows.resource.LookupResult;
import io.github.aepdataflows.resource.ProvenFilters;
import io.github.aepdataflows.resource.Search;
import org.apache.camel.ExchangeException;
import org.apache.camel.Variable;

/** What the route of all reads calls: turns an answer into a result. That something is not there is a result, too. */
public final class Reader {

    private final ProvenFilters filters;

    /** @param controlled whether a form of filter has to be proven before it is believed that there is nothing; false only in tests */
    public Reader(boolean controlled) {
        this.filters = new ProvenFilters(controlled);
    }

    /** The next page of a look. */
    public Lookup page(@Variable("aepSearch") Search search) {
        return search.page(filters);
    }

    public LookupResult found(@Variable("aepResponse") byte[] response) throws PlatformException {
        return LookupResult.of(Answers.document("GET", response));
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
