package io.github.aepdataflows.definition;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** One definition of a file: all that the file says, or one of its documents, or one entry of its list {@code dataflows}. */
public final class DefinitionPart {

    private final Supplier<Document> document;
    private final List<Fault> faults;
    private final String name;
    private final int line;
    private final List<DefinitionPart> inside;

    /**
     * @param document made whenever it is asked for, so that what all entries have in common is not kept once for each of them
     * @param faults   what is wrong with it beside what its document says
     */
    DefinitionPart(Supplier<Document> document, List<Fault> faults, String name, int line) {
        this(document, faults, name, line, List.of());
    }

    private DefinitionPart(Supplier<Document> document, List<Fault> faults, String name, int line, List<DefinitionPart> inside) {
        this.document = document;
        this.faults = List.copyOf(faults);
        this.name = name;
        this.line = line;
        this.inside = inside;
    }

    /** In place of definitions of which none can be used, as something around them is wrong. */
    static DefinitionPart unusable(Document nothing, List<DefinitionPart> inside) {
        return new DefinitionPart(() -> nothing, List.of(), null, 0, inside);
    }

    /** The definitions of which none can be used, and whose faults are told all the same. */
    List<DefinitionPart> inside() {
        return inside;
    }

    Document document() {
        return document.get();
    }

    List<Fault> faults() {
        return faults;
    }

    /** The same, which is not to be used, as another file describes a dataflow of its name. */
    public DefinitionPart after(DefinitionPart first, String file) {
        List<Fault> all = new ArrayList<>(faults);
        all.add(document().fault("name", "a dataflow of this name is already described in %s:%d; give each its own"
                .formatted(file, first.document().line("name"))));
        return new DefinitionPart(document, all, name, line);
    }

    /** Name of the dataflow as far as the file tells. */
    public Optional<String> name() {
        return Optional.ofNullable(name);
    }

    /** A text at a place of it, as in {@code /schedule/frequency}, before anything is laid over it; empty when there is none. */
    public String text(String pointer) {
        return document().root().at(pointer).asText();
    }

    /** What it is called among others of its file: by its name, or by its line where it gives none. */
    public String label(String file) {
        return file + "#" + (name == null ? String.valueOf(line) : name);
    }

    /** The line of the file, from 1, in which it begins; 0 when it is not known. */
    public int line() {
        return line;
    }
}
