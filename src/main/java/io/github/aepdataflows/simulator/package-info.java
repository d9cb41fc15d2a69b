/**
 * A simulator of Adobe Experience Platform that runs in the same JVM: {@link io.github.aepdataflows.simulator.Simulator}
 * is the way in. A request passes {@code Front} (sockets), {@code Exchanges} (log and faults), {@code Gateway} (credentials
 * and sandbox) and {@code Router} (paths), and is answered by one of the services, which keep their state in
 * {@code Store}. The package shares no code with the client on purpose: it must not be able to agree with the client's mistakes.
 */
package io.github.aepdataflows.simulator;
