package io.github.aepdataflows.definition;

import java.util.List;
import java.util.stream.Collectors;

/** A definition was refused before any call to the Platform. Carries every fault that was found, in file order. */
public final class DefinitionException extends Exception {

    private static final long serialVersionUID = 1L;

    private final transient List<Fault> faults;

    public DefinitionException(List<Fault> faults) {
        super(faults.stream().map(Fault::toString).collect(Collectors.joining(System.lineSeparator())));
        this.faults = List.copyOf(faults);
    }

    public List<Fault> faults() {
        return faults;
    }
}
