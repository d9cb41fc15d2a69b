package io.github.aepdataflows.definition;

import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** A definition was refused before any call to the Platform. Carries every fault that was found, in file order. */
public final class DefinitionException extends Exception {

    private static final long serialVersionUID = 1L;

    private final transient List<Fault> faults;
    private final String dataflow;

    /** @param dataflow the name that the definition gives, right or wrong; null when it gives none */
    public DefinitionException(String dataflow, List<Fault> faults) {
        super(faults.stream().map(Fault::toString).collect(Collectors.joining(System.lineSeparator())));
        this.faults = List.copyOf(faults);
        this.dataflow = dataflow;
    }

    /** Name of the dataflow as far as the definition tells. */
    public Optional<String> dataflow() {
        return Optional.ofNullable(dataflow);
    }

    public List<Fault> faults() {
        return faults;
    }
}
