package io.github.aepdataflows.definition;

import com.fasterxml.jackson.databind.node.DoubleNode;

/** A number that knows how it was written, as in {@code 1.10}: it may have been meant as a text. */
final class WrittenNumber extends DoubleNode {

    private static final long serialVersionUID = 1;

    private final String text;

    WrittenNumber(String text) {
        super(Double.parseDouble(text));
        this.text = text;
    }

    String text() {
        return text;
    }

    /** For messages. */
    @Override
    public String toString() {
        return text;
    }
}
