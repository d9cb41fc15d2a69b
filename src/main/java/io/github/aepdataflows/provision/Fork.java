package io.github.aepdataflows.provision;

import io.github.aepdataflows.ledger.LeaseLostException;
import io.github.aepdataflows.ledger.LedgerException;
import io.github.aepdataflows.ledger.UnusableLedgerException;
import io.github.aepdataflows.platform.HeaderFilter;
import io.github.aepdataflows.platform.PlatformException;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.camel.AggregationStrategy;
import org.apache.camel.Exchange;

/**
 * Brings together what the branches of a multicast have done at the same time, each on a copy of the exchange: the headers that they have
 * set, and one of their failures. Each branch comes to its end, whatever becomes of the others: a create that was sent is not abandoned. A
 * failure is raised after that, by {@link #join}, for the error handler of the outermost route to decide about. When the fork is repeated,
 * each branch goes on where it was, as {@link Provisioning} knows what is done.
 */
public final class Fork implements AggregationStrategy {

    private static final String FAILURE = "aepForkFailure";
    private static final String HEADERS = "aepForkHeaders";
    private static final String OURS = "Aep";
    private static final Set<String> OF_ONE_CALL = Set.of(HeaderFilter.ACCEPT, HeaderFilter.SEND_BEFORE, HeaderFilter.IF_MATCH);

    /**
     * What has failed a branch.
     *
     * @param step the step that it was at; null between two
     * @param call what it called last
     */
    private record Failed(Exception cause, Step step, Object call) {

        /** What is final is not repeated for the sake of another; what is counted as a failure comes before what is only waited for. */
        int rank() {
            if (cause instanceof NotVisibleYetException) {
                return 3;
            } else if (cause instanceof LedgerException) {
                return cause instanceof LeaseLostException || cause instanceof UnusableLedgerException ? 0 : 1;
            }
            return !(cause instanceof PlatformException failure) ? 0 : switch (failure.getOutcome()) {
                case NOT_SENT, THROTTLED, UNKNOWN -> 1;
                case UNAUTHORIZED -> 2;
                case REJECTED, CONFLICT, MISCONFIGURED -> 0;
            };
        }
    }

    /** Before a fork: what its branches have put into headers before it failed is there again when it is repeated. */
    public void resume(Exchange exchange) {
        Object headers = exchange.removeVariable(HEADERS);
        if (headers instanceof Map<?, ?> made) {
            made.forEach((name, value) -> exchange.getMessage().setHeader((String) name, value));
        }
    }

    /** Nothing that the branches of an earlier definition have done on this exchange is left for another one. */
    static void forget(Exchange exchange) {
        exchange.removeVariable(HEADERS);
        exchange.removeVariable(FAILURE);
    }

    @Override
    public Exchange aggregate(Exchange earlier, Exchange later) {
        throw new UnsupportedOperationException("the exchange that was forked is needed");
    }

    /** Called with the branches in their order. */
    @Override
    public Exchange aggregate(Exchange earlier, Exchange later, Exchange forked) {
        Failed failed = later.getException() == null ? null : new Failed(later.getException(), later.getVariable("aepStep", Step.class),
                later.getProperty(Exchange.TO_ENDPOINT));
        later.setException(null);   // else the multicast itself would be beyond any retry
        Exchange joined = earlier == null ? later : earlier;
        joined.getMessage().setBody(forked.getMessage().getBody());
        ours(later).forEach((name, value) -> {
            if (!Objects.equals(value, forked.getMessage().getHeader(name))) {
                joined.getMessage().setHeader(name, value);
            }
        });
        Stream.of(joined.getVariable(FAILURE, Failed.class), failed).filter(Objects::nonNull).min(Comparator.comparingInt(Failed::rank))
                .ifPresent(first -> joined.setVariable(FAILURE, first));
        return joined;
    }

    /** After a fork: raises the failure of a branch, if one has failed; of several the one that is final, then the first in order. */
    public void join(Exchange exchange) throws Exception {
        if (exchange.removeVariable(FAILURE) instanceof Failed failed) {
            exchange.setVariable(HEADERS, ours(exchange));
            exchange.setVariable("aepStep", failed.step());
            exchange.setProperty(Exchange.TO_ENDPOINT, failed.call());
            if (Provisioning.of(exchange) != null) {   // a check has none
                Provisioning.of(exchange).failedAt(failed.step() == null ? null : failed.step().kind());
            }
            throw failed.cause();
        }
    }

    private static Map<String, Object> ours(Exchange exchange) {
        Map<String, Object> headers = new HashMap<>(exchange.getMessage().getHeaders());
        headers.keySet().removeIf(name -> !name.startsWith(OURS) || OF_ONE_CALL.contains(name));
        return headers;
    }
}
