package io.github.aepdataflows.resource;

/**
 * Which resource of a dataflow is meant.
 *
 * @param index counted from 0, of a kind of which a dataflow can have several
 */
public record StepId(Kind kind, int index) implements Comparable<StepId> {

    /** In the order of the chain. */
    @Override
    public int compareTo(StepId other) {
        int order = Integer.compare(Kinds.ALL.indexOf(kind), Kinds.ALL.indexOf(other.kind));
        return order == 0 ? Integer.compare(index, other.index) : order;
    }
}
