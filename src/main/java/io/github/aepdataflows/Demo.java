package io.github.aepdataflows;

/** Placeholder until the simulator is merged. */
final class Demo {
    private Demo() {
    }

    static void run() {
    }
}
