package io.github.aepdataflows.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Transactions that wait for the one connection of a SQLite ledger. */
class TogetherTest {

    private static final int MANY = 20;

    @TempDir
    Path folder;
    private Ledger ledger;

    @BeforeEach
    void open() throws LedgerException {
        ledger = new Ledger("jdbc:sqlite:" + folder.resolve("ledger.db"), "", "", "org", "dev", Duration.ofMinutes(1));
        ledger.open();
    }

    @AfterEach
    void close() {
        ledger.close();
    }

    @Test
    void should_be_written_to_the_disk_once_for_all() throws Exception {
        long before = ledger.commits().count();

        List<CompletableFuture<Lease>> all = whileBusy(List.of());

        assertThat(all).allSatisfy(each -> assertThat(each.join().done()).isFalse());
        assertThat(ledger.commits().count() - before).as("the one that was under way, and one for all").isEqualTo(2);
        assertThat(ledger.dataflows()).hasSize(MANY);
    }

    @Test
    void should_not_fail_for_a_neighbour() throws Exception {
        ledger.take("taken", "digest", Map.of(), "other.yaml");

        List<CompletableFuture<Lease>> all = whileBusy(List.of("taken", "another"));

        assertThatThrownBy(all.get(0)::join).isInstanceOf(CompletionException.class).hasCauseInstanceOf(BusyException.class);
        assertThat(all.subList(1, all.size())).noneMatch(CompletableFuture::isCompletedExceptionally);
        assertThat(ledger.dataflows()).hasSize(MANY + 2);
    }

    @Test
    void should_be_kept_or_fail_each_for_itself_when_there_is_no_room() throws Exception {
        LedgerRoom.full(ledger);

        List<CompletableFuture<Lease>> all = whileBusy(List.of());

        assertThat(all).anyMatch(CompletableFuture::isCompletedExceptionally);
        LedgerRoom.free(ledger);
        long kept = all.stream().filter(each -> !each.isCompletedExceptionally()).count();
        assertThat(ledger.dataflows()).hasSize((int) kept);
        assertThat(ledger.take("later", "digest", Map.of(), "later.yaml").done()).isFalse();
    }

    @Test
    void should_all_fail_where_what_they_have_written_does_not_get_to_the_disk() throws Exception {
        List<Callable<Beginning>> begins = new ArrayList<>();
        for (int n = 0; n < MANY; n++) {
            Lease lease = ledger.take("dataflow " + n, "digest", Map.of(), n + ".yaml");
            StepKey key = new StepKey(lease.dataflow(), "flow", "content of " + n);
            begins.add(() -> ledger.begin(lease, key, "name of " + key.dataflow(), Duration.ofSeconds(60)));
        }
        LedgerRoom.Unsynced nothing = LedgerRoom.unsynced(ledger);
        assertThat(atOnce(begins)).allMatch(CompletableFuture::isCompletedExceptionally);
        nothing.close();

        assertThat(ledger.unresolved()).as("committed in one transaction").hasSize(MANY);
    }

    /** Dataflows of these names, and many more, are taken while a transaction is under way. All are over when this returns. */
    private List<CompletableFuture<Lease>> whileBusy(List<String> names) throws Exception {
        List<String> all = new ArrayList<>(names);
        for (int n = 0; n < MANY; n++) {
            all.add("dataflow " + n);
        }
        return atOnce(all.stream().map(name -> (Callable<Lease>) () ->
                ledger.take(name, "digest", Map.of("field", "x".repeat(8_000)), name + ".yaml")).toList());
    }

    private <T> List<CompletableFuture<T>> atOnce(List<Callable<T>> all) throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch end = new CountDownLatch(1);
        Thread first = new Thread(() -> {
            try {
                ledger.opened().change(tx -> {
                    begun.countDown();
                    await(end);
                });
            } catch (LedgerException e) {
                throw new IllegalStateException(e);
            }
        });
        first.start();
        await(begun);
        List<CompletableFuture<T>> results = new ArrayList<>();
        List<Thread> threads = new ArrayList<>();
        for (Callable<T> each : all) {
            CompletableFuture<T> result = new CompletableFuture<>();
            results.add(result);
            threads.add(new Thread(() -> {
                try {
                    result.complete(each.call());
                } catch (Exception e) {
                    result.completeExceptionally(e);
                }
            }));
        }
        threads.forEach(Thread::start);
        while (threads.stream().anyMatch(thread -> thread.getState() != Thread.State.TIMED_WAITING)) {
            Thread.onSpinWait();
        }
        end.countDown();
        for (Thread thread : threads) {
            thread.join();
        }
        first.join();
        return results;
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
