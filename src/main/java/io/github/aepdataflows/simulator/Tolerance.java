package io.github.aepdataflows.simulator;

/**
 * What the Schema Registry lets pass of identities where Adobe's documents say that it is wrong, but not what the answer is.
 * What is not let pass is refused with a 400.
 *
 * @param secondPrimary        a second primary identity of a schema, of which the documents allow one at most
 * @param duplicateDescriptor  an identity descriptor that says what another one says already; the documents say nothing of it
 * @param unionWithoutIdentity the tag {@code union} added to a schema that has neither a primary identity nor an identityMap,
 *                             which Profile needs
 */
public record Tolerance(boolean secondPrimary, boolean duplicateDescriptor, boolean unionWithoutIdentity) {

    static final Tolerance DEFAULT = new Tolerance(false, true, false);
}
