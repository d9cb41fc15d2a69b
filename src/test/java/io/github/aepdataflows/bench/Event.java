package io.github.aepdataflows.bench;

import io.github.aepdataflows.ledger.Wire;
import io.github.aepdataflows.simulator.Fault;
import java.time.Duration;
import java.util.Set;

/** What happens in a {@link Scene}. Nodes and dataflows are told by their numbers. What is not possible at the moment does not happen. */
sealed interface Event {

    void happen(Scene scene) throws Exception;

    /** An edited definition is dropped; of one that was absent, the dataflow is made again. */
    record Dropped(int dataflow, Life.Edit edit) implements Event {
        @Override
        public void happen(Scene scene) throws Exception {
            scene.drop(dataflow, scene.life(dataflow).edited(edit));
        }
    }

    /** An earlier definition is dropped once more. */
    record DroppedOlder(int dataflow, int back) implements Event {
        @Override
        public void happen(Scene scene) throws Exception {
            scene.drop(dataflow, scene.earlier(dataflow, back));
        }
    }

    /** At a random moment. */
    record Killed(int node) implements Event {
        @Override
        public void happen(Scene scene) throws Exception {
            scene.kill(node);
        }
    }

    /** At a point of the routes, whenever it is reached next. */
    record ToBeKilled(int node, String point) implements Event {
        @Override
        public void happen(Scene scene) {
            scene.node(node).lifeline().arm(point, Lifeline.End.KILLED);
        }
    }

    record Stopped(int node) implements Event {
        @Override
        public void happen(Scene scene) {
            scene.stop(node);
        }
    }

    record Started(int node) implements Event {
        @Override
        public void happen(Scene scene) throws Exception {
            scene.start(node);
        }
    }

    /** From the next time that it comes to this point on. */
    record FallsAsleep(int node, String point) implements Event {
        @Override
        public void happen(Scene scene) {
            scene.node(node).lifeline().arm(point, Lifeline.End.ASLEEP);
        }
    }

    /** After others have done all its work: its leases are over. */
    record Woken(int node) implements Event {
        @Override
        public void happen(Scene scene) throws Exception {
            scene.wake(node);
        }
    }

    record ClockSet(int node, Duration off) implements Event {
        @Override
        public void happen(Scene scene) {
            scene.node(node).setOff(off);
        }
    }

    /** A node's connection to the database ends at its next commit. */
    record LedgerCut(int node, Wire.Cut cut) implements Event {
        @Override
        public void happen(Scene scene) {
            scene.node(node).wire().ifPresent(wire -> wire.cut(cut));
        }
    }

    /** All sessions end, and nobody gets another one. */
    record DatabaseStopped() implements Event {
        @Override
        public void happen(Scene scene) throws Exception {
            scene.stopDatabase();
        }
    }

    record DatabaseStarted() implements Event {
        @Override
        public void happen(Scene scene) throws Exception {
            scene.startDatabase();
        }
    }

    /** The nth write from now on goes wrong. */
    record CallBroken(String kind, Fault fault, boolean afterCommit, int nth) implements Event {

        /** What a service says of a deletion that it has carried out. */
        private static final Set<String> GOOD_FOR_A_DELETION = Set.of("empty 2xx", "404");

        @Override
        public void happen(Scene scene) {
            boolean lie = !afterCommit && GOOD_FOR_A_DELETION.contains(kind);
            scene.bench().simulator().faults().when(request -> Scene.isWrite(request) && !(lie && request.method().equals("DELETE")), nth,
                    afterCommit ? fault.afterCommit() : fault);
        }

        @Override
        public String toString() {
            return "CallBroken[%s %s, write %d]".formatted(kind, afterCommit ? "after" : "before", nth);
        }
    }

    /** Nobody reaches the Platform, until somebody has noticed. */
    record Outage() implements Event {
        @Override
        public void happen(Scene scene) throws Exception {
            scene.outage();
        }
    }

    record TokensRevoked() implements Event {
        @Override
        public void happen(Scene scene) {
            scene.bench().simulator().revokeTokens();
        }
    }

    /** Somebody else changes what the definition says nothing of, on a resource of ours. */
    record ForeignChange(int dataflow, Step step) implements Event {
        @Override
        public void happen(Scene scene) {
            scene.strike(dataflow, step);
        }
    }

    /** A copy of the ledger is taken, of a node that is stopped for it. */
    record LedgerCopied(int node) implements Event {
        @Override
        public void happen(Scene scene) throws Exception {
            scene.copyLedger(node);
        }
    }

    /** An earlier copy takes the ledger's place: what was recorded since is lost. */
    record LedgerRestored(int node, int back) implements Event {
        @Override
        public void happen(Scene scene) throws Exception {
            scene.restoreLedger(node, back);
        }
    }
}
