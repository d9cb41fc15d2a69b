package io.github.aepdataflows.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.github.aepdataflows.ledger.Beginning.State;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a ledger does whichever database it is kept in. */
abstract class LedgerContract {

    private static final Optional<Publication> PUBLISHED = Optional.of(Publication.of(Publication.OUTCOME, "crm", "{\"a\":1}"));

    static final Duration LEASE = Duration.ofMinutes(5);
    static final Duration CALL = Duration.ofSeconds(60);
    static final Map<String, String> FIELDS = Map.of("schedule.frequency", "minute", "a=b&c", "ü %");

    final List<Ledger> made = new ArrayList<>();
    Ledger ledger;

    @TempDir
    Path folder;

    abstract String url();

    /** As if there had never been a ledger. */
    abstract void lose() throws Exception;

    /** Past the ledger: to look or to do damage. */
    void sql(String... statements) throws SQLException {
        try (Connection connection = DriverManager.getConnection(url(), "postgres", "postgres"); Statement statement =
                connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        }
    }

    boolean finds(String query) throws SQLException {
        try (Connection connection = DriverManager.getConnection(url(), "postgres", "postgres");
             ResultSet result = connection.createStatement().executeQuery(query)) {
            return result.next();
        }
    }

    Ledger ledger(String org, String sandbox, Duration lease) {
        Ledger made = new Ledger(url(), "postgres", "postgres", org, sandbox, lease);
        this.made.add(made);
        return made;
    }

    Ledger opened(Duration lease) throws LedgerException {
        Ledger opened = ledger("org", "prod", lease);
        opened.open();
        return opened;
    }

    /** The same ledger in a new process. */
    void restart() throws LedgerException {
        ledger.close();
        ledger = opened(LEASE);
    }

    @BeforeEach
    void open() throws Exception {
        ledger = opened(LEASE);
    }

    @AfterEach
    void close() {
        made.forEach(Ledger::close);
    }

    static StepKey key(String dataflow, String step) {
        return new StepKey(dataflow, step, "content of " + dataflow + " " + step);
    }

    static Result created(String id) {
        return new Result(id, "\"1\"", "request-" + id, "created");
    }

    Lease take(String dataflow) throws LedgerException {
        return ledger.take(dataflow, "digest", FIELDS, dataflow + ".yaml");
    }

    int begun(Lease lease, StepKey key) throws LedgerException {
        Beginning beginning = ledger.begin(lease, key, "name", CALL);
        assertThat(beginning.state()).isEqualTo(State.NEW);
        return beginning.attempt();
    }

    void done(Lease lease, StepKey key, String id) throws LedgerException {
        ledger.complete(lease, key, begun(lease, key), created(id));
    }

    @Test
    void nothing_can_be_asked_before_it_is_open() {
        Ledger closed = ledger("org", "prod", LEASE);

        assertThat(closed.isOpen()).isFalse();
        assertThatThrownBy(closed::unresolved).isInstanceOf(LedgerException.class).hasMessage("the ledger is not open");
        assertThatThrownBy(() -> closed.claim("x")).hasMessage("the ledger is not open");
    }

    @Test
    void events_are_kept_in_order_with_what_they_are_about() throws Exception {
        Lease lease = take("crm");
        done(lease, key("crm", "flow"), "f1");
        ledger.finish(lease, List.of(key("crm", "flow")), Event.of(Event.PROVISIONED, "crm", "created").about("f1", "crm.yaml")
                .with("{\"requestId\":\"r1\"}").took(Duration.ofMillis(900)), Optional.empty());
        ledger.record(Event.of(Event.AUDIT, "erp", "failed"));
        restart();

        List<Event> all = ledger.events(Optional.empty(), Long.MAX_VALUE, 10);
        assertThat(all).extracting(Event::dataflow).containsExactly("erp", "crm");
        assertThat(all.get(0).id()).isGreaterThan(all.get(1).id());
        assertThat(all.get(1)).isEqualTo(new Event(all.get(1).id(), all.get(1).at(), "crm", "provisioned", "created", "crm.yaml", "f1",
                "{\"requestId\":\"r1\"}", 900, ""));
        assertThat(ledger.events(Optional.of("crm"), Long.MAX_VALUE, 10)).containsExactly(all.get(1));
        assertThat(ledger.events(Optional.empty(), all.get(0).id(), 10)).containsExactly(all.get(1));
        assertThat(ledger.events(Optional.empty(), Long.MAX_VALUE, 1)).containsExactly(all.get(0));
    }

    @Test
    void what_is_to_be_published_is_there_with_what_it_tells_of_until_it_was() throws Exception {
        Lease lease = take("crm");
        done(lease, key("crm", "flow"), "f1");
        ledger.finish(lease, List.of(key("crm", "flow")), Event.of(Event.PROVISIONED, "crm", "created"), PUBLISHED);
        ledger.record(Event.of(Event.PROVISIONED, "", "failed"), Optional.of(Publication.of(Publication.OUTCOME, "", "{}")));
        ledger.observe(List.of(), Set.of(), Set.of(), Optional.empty(), Optional.empty(),
                Optional.of(Publication.of(Publication.AUDIT, "dev", "[]")));
        restart();

        List<Publication> all = publications();
        assertThat(all).extracting(Publication::name).containsExactly("crm", "", "dev");
        assertThat(all.get(0)).isEqualTo(PUBLISHED.orElseThrow().recordedAs(all.get(0).id()));
        assertThat(ledger.unpublished(1)).containsExactly(all.get(0).id());
        assertThat(ledger.unpublishedFor().orElseThrow()).isBetween(Duration.ZERO, Duration.ofMinutes(10));
        ledger.published(List.of(all.get(0).id(), all.get(1).id()));
        restart();
        assertThat(publications()).containsExactly(all.get(2));
        assertThat(ledger.publication(all.get(0).id(), turn())).isEmpty();
    }

    private List<Publication> publications() throws LedgerException {
        List<Publication> all = new ArrayList<>();
        Turn turn = turn();
        for (long id : ledger.unpublished(10)) {
            all.add(ledger.publication(id, turn).orElseThrow());
        }
        ledger.end(turn);
        assertThat(ledger.publication(ledger.unpublished(1).get(0), turn)).as("nobody has the turn").isEmpty();
        return all;
    }

    private Turn turn() throws LedgerException {
        ledger.turn("publish", last -> last);
        return ledger.turn("publish", last -> last);
    }

    @Test
    void what_is_to_be_published_may_be_more_than_the_memory_holds() throws Exception {
        int length = 6 << 20;
        for (int i = 0; i < 12; i++) {
            ledger.record(Event.of(Event.AUDIT, "crm", "failed"),
                    Optional.of(Publication.of(Publication.AUDIT, "dev", String.valueOf(i % 10).repeat(length))));
        }
        ledger.close();

        try (Child child = new Child(folder, LedgerReader.class, url())) {
            for (int i = 0; i < 12; i++) {
                assertThat(child.line()).isEqualTo(String.valueOf(length));
            }
            assertThat(child.exit()).isZero();
        }
    }

    @Test
    void what_is_refused_is_no_event_and_who_waits_says_so_once() throws Exception {
        Lease lease = take("crm");
        begun(lease, key("crm", "flow"));
        Event created = Event.of(Event.PROVISIONED, "crm", "created");
        assertThatThrownBy(() -> ledger.finish(lease, List.of(key("crm", "flow")), created, PUBLISHED)).hasMessageContaining("no result");
        Event waiting = Event.of(Event.PROVISIONED, "crm", "waiting").with("{\"message\":\"502\"}");
        ledger.release(lease, waiting, Optional.empty());
        ledger.record(waiting);
        ledger.record(created);

        assertThat(ledger.unpublished(1)).isEmpty();
        assertThat(ledger.events(Optional.empty(), Long.MAX_VALUE, 10)).extracting(Event::outcome)
                .containsExactly("created", "waiting");
        assertThatThrownBy(() -> waiting.with("x".repeat(Event.MOST_DETAIL + 1))).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void only_so_many_events_are_kept_but_those_that_are_to_be_told() throws Exception {
        ledger.keeps(new Retention(Duration.ofDays(1), 5, Duration.ZERO));
        ledger.record(Event.of(Event.ALERT, "crm", "failed").toTell(List.of("webhook", "mail")));
        for (int i = 1; i <= 9; i++) {
            ledger.record(Event.of(Event.PROVISIONED, "crm" + i, "created"));
        }

        assertThat(ledger.events(Optional.empty(), Long.MAX_VALUE, 100)).extracting(Event::dataflow)
                .containsExactly("crm9", "crm8", "crm7", "crm6", "crm5", "crm");
        ledger.keeps(new Retention(Duration.ofDays(-1), 5, Duration.ZERO));
        ledger.record(Event.of(Event.PROVISIONED, "crm", "created"));
        assertThat(ledger.events(Optional.empty(), Long.MAX_VALUE, 100)).extracting(Event::type).containsExactly("alert");

        assertThat(ledger.untold("mail", 9)).hasSize(1);
        assertThat(ledger.untold("hook", 9)).isEmpty();
        ledger.tells(List.of("webhook"));
        ledger.forgetOtherSinks();
        assertThat(ledger.untold("mail", 9)).isEmpty();
        assertThat(ledger.untold("webhook", 9)).extracting(Event::untoldNames).containsExactly(List.of("webhook"));
    }

    @Test
    void what_was_not_looked_at_is_as_before_and_what_is_not_there_any_more_recovers() throws Exception {
        ledger.tells(List.of("webhook"));
        ledger.observe(List.of(new Observation("drift/a", "drift", true, "a", "", "r"), new Observation("drift/b", "drift", true, "b", "",
                "r")), Set.of());
        ledger.observe(List.of(), Set.of("drift/"), Set.of("drift/a"), Optional.empty(), Optional.empty(), Optional.empty());

        assertThat(ledger.events(Optional.empty(), Long.MAX_VALUE, 9)).filteredOn(event -> event.type().equals(Event.ALERT))
                .extracting(event -> event.dataflow() + " " + event.outcome()).containsExactly("b recovered", "b drift", "a drift");
    }

    @Test
    void an_alarm_does_not_end_by_a_look_that_was_begun_before_it() throws Exception {
        ledger.tells(List.of("webhook"));
        Observation late = new Observation("flow/a", "late", true, "a", "", "r");
        ledger.observe(List.of(late, new Observation("flow/b", "late", true, "b", "", "r")), Set.of());
        Optional<Set<Condition>> begun = Optional.of(ledger.alarms());
        Observation failed = new Observation("flow/a", "failed", true, "a", "", "r");
        ledger.observe(List.of(failed, new Observation("flow/c", "failed", true, "c", "", "r")), Set.of());
        List<Observation> seen = List.of(new Observation("flow/a", "healthy", false, "a", "", "r"));
        ledger.observe(seen, Set.of("flow/"), Set.of(), begun, Optional.empty(), Optional.empty());

        assertThat(ledger.alarms()).extracting(Condition::subject).containsExactlyInAnyOrder("flow/a", "flow/c");
        assertThat(ledger.events(Optional.empty(), Long.MAX_VALUE, 9)).filteredOn(event -> event.outcome().equals(Event.RECOVERED))
                .extracting(Event::dataflow).containsExactly("b");

        ledger.observe(seen, Set.of("flow/"), Set.of(), Optional.of(ledger.alarms()), Optional.empty(), Optional.empty());
        assertThat(ledger.alarms()).isEmpty();
    }

    @Test
    void what_was_read_bit_by_bit_goes_on_where_it_was() throws Exception {
        assertThat(ledger.position("journal")).isEmpty();
        ledger.reached("journal", "p1");
        ledger.reached("journal", "p2");
        ledger.close();
        ledger.open();

        assertThat(ledger.position("journal")).contains("p2");
        assertThat(ledger.position("other")).isEmpty();
    }

    @Test
    void opening_twice_is_opening_once_and_a_closed_one_can_be_opened_again() throws Exception {
        done(take("crm"), key("crm", "flow"), "f1");
        ledger.open();
        ledger.close();
        assertThat(ledger.isOpen()).isFalse();
        ledger.open();

        assertThat(ledger.isOpen()).isTrue();
        assertThat(ledger.owner("flow", "f1")).contains("crm");
    }

    @Test
    void intents_and_results_are_there_after_a_restart() throws Exception {
        Lease lease = take("crm");
        done(lease, key("crm", "source-connection"), "s1");
        begun(lease, key("crm", "flow"));
        restart();

        assertThat(ledger.steps("crm")).extracting(step -> step.key().step(), RecordedStep::state, RecordedStep::attempt,
                RecordedStep::result)
                .containsExactly(tuple("source-connection", RecordedStep.State.DONE, 1, created("s1")),
                        tuple("flow", RecordedStep.State.INTENT, 1, Result.NONE));
        assertThat(ledger.unresolved()).extracting(RecordedStep::key).containsExactly(key("crm", "flow"));
    }

    @Test
    void an_unknown_dataflow_is_made_with_what_it_was_taken_with() throws Exception {
        assertThat(ledger.dataflow("crm")).isEmpty();
        Lease lease = take("crm");

        assertThat(lease.done()).isFalse();
        Dataflow dataflow = ledger.dataflow("crm").orElseThrow();
        assertThat(dataflow.digest()).isEqualTo("digest");
        assertThat(dataflow.done()).isFalse();
        assertThat(dataflow.file()).isEqualTo("crm.yaml");
        assertThat(dataflow.startedAt()).isAfter(Instant.EPOCH);
        assertThat(dataflow.finishedAt()).isEqualTo(Instant.EPOCH);
        assertThat(ledger.dataflow("other")).isEmpty();
    }

    @Test
    void an_open_dataflow_takes_over_what_is_given_and_a_finished_one_keeps_what_it_has() throws Exception {
        Lease first = take("crm");
        ledger.release(first);
        Lease second = ledger.take("crm", "digest 2", Map.of("k", "2"), "second.yaml");
        assertThat(second.done()).isFalse();
        assertThat(second.fields()).isEqualTo(Map.of("k", "2"));
        assertThat(ledger.dataflow("crm").orElseThrow().digest()).isEqualTo("digest 2");
        ledger.finish(second, List.of());
        ledger.release(second);

        Lease third = ledger.take("crm", "digest 3", FIELDS, "third.yaml");
        assertThat(third.done()).isTrue();
        assertThat(third.digest()).isEqualTo("digest 2");
        assertThat(third.fields()).isEqualTo(Map.of("k", "2"));
        assertThat(third.file()).isEqualTo("second.yaml");
        assertThat(ledger.dataflow("crm").orElseThrow().file()).isEqualTo("second.yaml");
    }

    @Test
    void digests_of_secrets_are_those_that_were_sent_last_and_their_key_stays() throws Exception {
        byte[] key = ledger.markKey();
        assertThat(ledger.sentSecrets("base-connection", "c1")).isEmpty();
        ledger.secretsSent(new SentSecrets("base-connection", "c1", "crm", Map.of("auth.params.a", "k"), Map.of("auth.params.a", "01")));
        SentSecrets last = new SentSecrets("base-connection", "c1", "erp", Map.of("auth.params.b=&", "k 2"),
                Map.of("auth.params.b=&", "02"));
        ledger.secretsSent(last);

        restart();

        assertThat(ledger.sentSecrets("base-connection", "c1")).contains(last);
        assertThat(ledger.markKey()).hasSize(32).isEqualTo(key);
    }

    @Test
    void what_is_shared_is_found_by_its_kind_and_by_its_resource() throws Exception {
        StepKey shared = new StepKey("", "base-connection", "content");
        done(take("crm"), shared, "c1");
        done(ledger.take("erp", "digest", FIELDS, "erp.yaml"), key("erp", "flow"), "f1");

        assertThat(ledger.shared("base-connection")).extracting(RecordedStep::key).containsExactly(shared);
        assertThat(ledger.recorded("base-connection", "c1").map(RecordedStep::key)).contains(shared);
        assertThat(ledger.recorded("flow", "f1").map(RecordedStep::key)).contains(key("erp", "flow"));
        assertThat(ledger.shared("flow")).isEmpty();
        assertThat(ledger.recorded("flow", "c1")).isEmpty();
    }

    @Test
    void fields_come_back_as_they_were() throws Exception {
        Lease lease = take("crm");
        ledger.finish(lease, List.of());
        ledger.release(lease);

        assertThat(ledger.take("crm", "", Map.of(), "").fields()).isEqualTo(FIELDS);
    }

    @Test
    void a_dataflow_in_hand_is_not_taken_twice() throws Exception {
        take("crm");

        assertThatThrownBy(() -> ledger.take("crm", "d", FIELDS, "second.yaml")).isInstanceOf(BusyException.class)
                .hasMessage("dataflow crm is being worked on for the file crm.yaml");
    }

    @Test
    void a_dataflow_of_no_file_is_in_hand_without_one() throws Exception {
        ledger.take("crm", "d", FIELDS, "");

        assertThatThrownBy(() -> take("crm")).isInstanceOf(BusyException.class).hasMessage("dataflow crm is being worked on");
    }

    @Test
    void who_has_a_finished_dataflow_in_hand_is_named_by_his_file() throws Exception {
        Lease first = take("crm");
        ledger.finish(first, List.of());
        ledger.release(first);
        ledger.take("crm", "d", FIELDS, "second.yaml");

        assertThatThrownBy(() -> take("crm")).isInstanceOf(BusyException.class).hasMessageEndingWith("for the file second.yaml");
    }

    @Test
    void of_sixteen_who_take_a_dataflow_one_gets_it() throws Exception {
        List<Object> answers = together(16, () -> take("crm"));

        assertThat(answers).filteredOn(Lease.class::isInstance).hasSize(1);
        assertThat(answers).filteredOn(BusyException.class::isInstance).hasSize(15);
    }

    @Test
    void of_sixteen_who_go_on_with_a_shared_attempt_one_may() throws Exception {
        StepKey key = key("", "dataset-connection");
        Lease lease = take("crm");
        begun(lease, key);

        List<Object> answers = together(16, () -> ledger.again(lease, key, 1, CALL));
        assertThat(answers).filteredOn(Beginning.class::isInstance).hasSize(1);
        assertThat(answers).filteredOn(BusyException.class::isInstance).hasSize(15);
    }

    @Test
    void what_is_to_be_made_up_for_is_by_one_of_those_who_come_at_the_same_time() throws Exception {
        for (int made = 1; made <= 10; made++) {
            ledger.publishLater(() -> PUBLISHED);

            assertThat(together(4, () -> ledger.unpublished(1))).allMatch(answer -> ((List<?>) answer).size() == 1);
            assertThat(ledger.unpublished(100)).hasSize(made);
        }
    }

    static List<Object> together(int threads, Callable<Object> work) throws Exception {
        ExecutorService pool = Executors.newFixedThreadPool(threads);
        try {
            CyclicBarrier start = new CyclicBarrier(threads);
            List<Future<Object>> futures = new ArrayList<>();
            for (int i = 0; i < threads; i++) {
                futures.add(pool.submit(() -> {
                    start.await();
                    try {
                        return work.call();
                    } catch (Exception e) {
                        return e;
                    }
                }));
            }
            List<Object> answers = new ArrayList<>();
            for (Future<Object> future : futures) {
                answers.add(future.get());
            }
            return answers;
        } finally {
            pool.shutdown();
        }
    }

    @Test
    void a_lease_that_was_let_go_writes_no_more() throws Exception {
        Lease stale = take("crm");
        StepKey key = key("crm", "flow");
        int attempt = begun(stale, key);
        ledger.release(stale);

        assertStale(stale, key, attempt);
        assertThat(take("crm").token()).isGreaterThan(stale.token());
    }

    @Test
    void a_lease_that_is_over_is_taken_over_and_fenced_off() throws Exception {
        ledger.close();
        ledger = opened(Duration.ofMillis(1));
        Lease stale = take("crm");
        StepKey key = key("crm", "flow");
        int attempt = begun(stale, key);
        Lease fresh = Awaitility.await().ignoreExceptions().until(() -> take("crm"), lease -> true);

        assertThat(fresh.token()).isGreaterThan(stale.token());
        assertStale(stale, key, attempt);
        ledger.release(stale);
        ledger.complete(fresh, key, attempt, created("f1"));
        assertThat(ledger.owner("flow", "f1")).contains("crm");
    }

    private void assertStale(Lease stale, StepKey key, int attempt) {
        assertThatThrownBy(() -> ledger.begin(stale, key, "name", CALL)).isInstanceOf(LeaseLostException.class).hasMessageContaining("crm");
        assertThatThrownBy(() -> ledger.begin(stale, key("", "shared"), "name", CALL)).isInstanceOf(LeaseLostException.class);
        assertThatThrownBy(() -> ledger.again(stale, key, attempt, CALL)).isInstanceOf(LeaseLostException.class);
        assertThatThrownBy(() -> ledger.ended(stale, key, attempt)).isInstanceOf(LeaseLostException.class);
        assertThatThrownBy(() -> ledger.clear(stale, key, attempt)).isInstanceOf(LeaseLostException.class);
        assertThatThrownBy(() -> ledger.complete(stale, key, attempt, created("x"))).isInstanceOf(LeaseLostException.class);
        assertThatThrownBy(() -> ledger.finish(stale, List.of())).isInstanceOf(LeaseLostException.class);
    }

    @Test
    void a_step_is_new_then_unresolved_then_done() throws Exception {
        Lease lease = take("crm");
        StepKey key = key("crm", "flow");

        assertThat(ledger.begin(lease, key, "name", CALL)).isEqualTo(new Beginning(State.NEW, 1, CALL, Result.NONE));
        Beginning unresolved = ledger.begin(lease, key, "name", CALL);
        assertThat(unresolved.state()).isEqualTo(State.UNRESOLVED);
        assertThat(unresolved.attempt()).isEqualTo(1);
        assertThat(unresolved.untilDeadline()).isPositive().isLessThanOrEqualTo(CALL);
        ledger.complete(lease, key, 1, created("f1"));
        assertThat(ledger.begin(lease, key, "name", CALL)).isEqualTo(new Beginning(State.DONE, 1, Duration.ZERO, created("f1")));
    }

    @Test
    void an_attempt_is_waited_for_no_longer_than_a_call_takes() throws Exception {
        Lease lease = take("crm");
        StepKey key = key("crm", "flow");
        begun(lease, key);

        assertThat(ledger.begin(lease, key, "name", Duration.ofMillis(5)).untilDeadline()).isLessThanOrEqualTo(Duration.ofMillis(5));
    }

    @Test
    void an_attempt_that_ended_is_not_waited_for() throws Exception {
        Lease lease = take("crm");
        StepKey key = key("crm", "flow");
        ledger.ended(lease, key, begun(lease, key));

        assertThat(ledger.begin(lease, key, "name", CALL)).isEqualTo(new Beginning(State.UNRESOLVED, 1, Duration.ZERO, Result.NONE));
    }

    @Test
    void a_cleared_attempt_is_followed_by_a_new_one_that_is_no_repetition() throws Exception {
        Lease lease = take("crm");
        StepKey key = key("crm", "flow");
        ledger.clear(lease, key, begun(lease, key));
        ledger.clear(lease, key, 1);

        assertThat(ledger.unresolved()).isEmpty();
        assertThat(ledger.steps("crm")).extracting(RecordedStep::state).containsExactly(RecordedStep.State.FREE);
        assertThat(ledger.begin(lease, key, "name", CALL)).isEqualTo(new Beginning(State.NEW, 2, CALL, Result.NONE));
        assertThat(ledger.repeated()).isEmpty();
    }

    @Test
    void an_attempt_is_repeated_by_the_one_who_knows_the_last() throws Exception {
        Lease lease = take("crm");
        StepKey key = key("crm", "flow");
        begun(lease, key);

        assertThat(ledger.again(lease, key, 1, CALL)).isEqualTo(new Beginning(State.NEW, 2, CALL, Result.NONE));
        assertThatThrownBy(() -> ledger.again(lease, key, 1, CALL)).isInstanceOf(BusyException.class);
        assertThatThrownBy(() -> ledger.clear(lease, key, 1)).isInstanceOf(BusyException.class);
        assertThatThrownBy(() -> ledger.complete(lease, key, 1, created("f1"))).isInstanceOf(BusyException.class);
        ledger.ended(lease, key, 1);
        assertThat(ledger.begin(lease, key, "name", CALL).untilDeadline()).isPositive();
        ledger.complete(lease, key, 2, created("f1"));
        assertThat(ledger.repeated()).extracting(RecordedStep::key, RecordedStep::repeated, RecordedStep::state)
                .containsExactly(tuple(key, true, RecordedStep.State.DONE));
    }

    @Test
    void a_result_may_be_told_twice_but_not_changed() throws Exception {
        Lease lease = take("crm");
        StepKey key = key("crm", "flow");
        done(lease, key, "f1");
        ledger.complete(lease, key, 1, created("f1"));

        assertThatThrownBy(() -> ledger.complete(lease, key, 1, created("f2"))).isInstanceOf(BusyException.class);
        assertThatThrownBy(() -> ledger.clear(lease, key, 1)).isInstanceOf(BusyException.class);
        assertThatThrownBy(() -> ledger.complete(lease, key, 1, created(" "))).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void the_same_content_is_not_created_for_two_dataflows_at_once() throws Exception {
        Lease crm = take("crm");
        Lease erp = take("erp");
        StepKey ofCrm = new StepKey("crm", "target-schema", "same");
        StepKey ofErp = new StepKey("erp", "target-schema", "same");
        begun(crm, ofCrm);

        assertThatThrownBy(() -> ledger.begin(erp, ofErp, "name", CALL)).isInstanceOf(BusyException.class)
                .hasMessage("the same target-schema is being created for dataflow crm");
        ledger.complete(crm, ofCrm, 1, created("t1"));
        assertThat(begun(erp, ofErp)).isEqualTo(1);
        assertThatThrownBy(() -> ledger.complete(erp, ofErp, 1, created("t1"))).isInstanceOf(UsedIdException.class)
                .hasMessageEndingWith("recorded for step target-schema of dataflow crm");
        ledger.complete(erp, ofErp, 1, created("t2"));
    }

    @Test
    void of_eight_dataflows_with_the_same_content_one_creates_it() throws Exception {
        List<Lease> leases = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            leases.add(take("d" + i));
        }
        var next = new AtomicInteger();
        List<Object> answers = together(8, () -> {
            Lease lease = leases.get(next.getAndIncrement());
            return ledger.begin(lease, new StepKey(lease.dataflow(), "target-schema", "same"), "name", CALL);
        });

        assertThat(answers).filteredOn(Beginning.class::isInstance).hasSize(1);
        assertThat(answers).filteredOn(BusyException.class::isInstance).hasSize(7);
    }

    @Test
    void two_shared_steps_of_one_name_are_not_on_their_way_at_once() throws Exception {
        List<Lease> leases = List.of(take("d0"), take("d1"), take("d2"), take("d3"));
        var next = new AtomicInteger();
        List<Object> answers = together(4, () -> {
            int mine = next.getAndIncrement();
            return ledger.begin(leases.get(mine), new StepKey("", "base-connection", "content " + mine), "name", CALL);
        });

        assertThat(answers).filteredOn(Beginning.class::isInstance).hasSize(1);
        assertThat(answers).filteredOn(BusyException.class::isInstance).hasSize(3);
        assertThat(ledger.begin(leases.get(0), new StepKey("", "base-connection", "content"), "another name", CALL).state())
                .isEqualTo(State.NEW);
        assertThat(ledger.knowsOther(new StepKey("", "base-connection", "content"), "name")).isTrue();
        assertThat(ledger.knowsOther(new StepKey("", "base-connection", "content"), "another name")).isFalse();
    }

    @Test
    void a_shared_step_is_begun_once_and_belongs_to_all_who_use_it() throws Exception {
        StepKey shared = key("", "dataset-connection");
        Lease crm = take("crm");
        Lease erp = take("erp");
        begun(crm, key("crm", "target-schema"));
        assertThat(ledger.begin(crm, shared, "name", CALL).state()).isEqualTo(State.NEW);
        assertThat(ledger.begin(erp, shared, "name", CALL).state()).isEqualTo(State.UNRESOLVED);
        begun(crm, key("crm", "flow"));
        ledger.complete(erp, shared, 1, created("d1"));
        ledger.complete(crm, shared, 1, created("d1"));

        assertThat(ledger.steps("crm")).extracting(step -> step.key().step())
                .containsExactly("target-schema", "dataset-connection", "flow");
        assertThat(ledger.steps("erp")).extracting(RecordedStep::key).containsExactly(shared);
        assertThat(ledger.owner("dataset-connection", "d1")).contains("");
        assertThat(ledger.resources("dataset-connection")).isEqualTo(Map.of("d1", ""));
        ledger.finish(erp, List.of());
        assertThat(ledger.steps("erp")).isEmpty();
        ledger.finish(crm, List.of(shared));
        assertThat(ledger.steps("crm")).extracting(RecordedStep::key).containsExactly(shared);
    }

    @Test
    void a_zombie_may_still_tell_what_it_made_for_all() throws Exception {
        StepKey shared = key("", "dataset-connection");
        Lease lease = take("crm");
        begun(lease, shared);
        ledger.release(lease);
        ledger.complete(lease, shared, 1, created("d1"));

        assertThat(ledger.owner("dataset-connection", "d1")).contains("");
    }

    @Test
    void a_step_of_another_dataflow_is_not_begun() throws Exception {
        Lease lease = take("crm");

        assertThatThrownBy(() -> ledger.begin(lease, key("erp", "flow"), "name", CALL)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void finishing_leaves_what_an_earlier_content_made() throws Exception {
        Lease lease = take("crm");
        StepKey earlier = new StepKey("crm", "target-schema", "earlier");
        StepKey later = new StepKey("crm", "target-schema", "later");
        StepKey lost = new StepKey("crm", "flow", "earlier");
        done(lease, earlier, "t1");
        begun(lease, lost);
        done(lease, later, "t2");
        ledger.finish(lease, List.of(later));

        assertThat(ledger.steps("crm")).extracting(RecordedStep::key).containsExactly(later);
        assertThat(ledger.resources("target-schema")).isEqualTo(Map.of("t2", "crm"));
        assertThat(ledger.owner("target-schema", "t1")).contains("crm");
        assertThat(ledger.unresolved()).isEmpty();
        Dataflow dataflow = ledger.dataflow("crm").orElseThrow();
        assertThat(dataflow.done()).isTrue();
        assertThat(dataflow.finishedAt()).isAfterOrEqualTo(dataflow.startedAt());
        assertThat(ledger.begin(lease, earlier, "name", CALL).result()).isEqualTo(created("t1"));
        assertThat(ledger.begin(lease, lost, "name", CALL).state()).isEqualTo(State.UNRESOLVED);
        ledger.clear(lease, lost, 1);
        ledger.finish(lease, List.of(earlier));
        assertThat(ledger.resources("target-schema")).isEqualTo(Map.of("t1", "crm"));
        assertThat(ledger.dataflow("crm").orElseThrow().finishedAt()).isEqualTo(dataflow.finishedAt());
    }

    @Test
    void a_change_is_recorded_before_it_is_sent_and_waits_for_another_one_of_the_same_resource() throws Exception {
        Lease lease = take("crm");
        done(lease, key("crm", "flow"), "f1");
        Change rename = new Change("flow", "f1", "update", "a");
        Change disable = new Change("flow", "f1", "disable", "");

        assertThat(ledger.change(lease, rename, CALL).state()).isEqualTo(State.NEW);
        assertThat(ledger.changes("crm")).singleElement().satisfies(change -> {
            assertThat(change.change()).isEqualTo(rename);
            assertThat(change.state()).isEqualTo(RecordedChange.State.INTENT);
        });
        assertThat(ledger.change(lease, disable, CALL).state()).isEqualTo(State.UNRESOLVED);
        assertThat(ledger.change(lease, rename, CALL).attempt()).as("the same again").isEqualTo(2);
        ledger.changeEnded(lease, rename);
        assertThat(ledger.change(lease, disable, CALL).state()).as("nothing is on its way").isEqualTo(State.NEW);
        ledger.changed(lease, disable, "etag", "request");
        assertThat(ledger.changes("crm")).extracting(RecordedChange::state, RecordedChange::version)
                .containsExactly(tuple(RecordedChange.State.DONE, "etag"));
        ledger.change(lease, rename, CALL);
        ledger.changeRefused(lease, rename);
        assertThat(ledger.changes("crm")).extracting(RecordedChange::state).containsExactly(RecordedChange.State.FREE);
        ledger.change(lease, rename, CALL);
        ledger.finish(lease, List.of(key("crm", "flow")));
        assertThat(ledger.changes("crm")).extracting(RecordedChange::state).as("what is as it should be has no open change")
                .containsExactly(RecordedChange.State.DONE);
    }

    @Test
    void a_change_that_was_certainly_not_applied_does_not_count_as_one_that_was_sent() throws Exception {
        Lease lease = take("crm");
        done(lease, key("crm", "flow"), "f1");
        Change rename = new Change("flow", "f1", "update", "a");

        ledger.change(lease, rename, CALL);
        ledger.changeRefused(lease, rename);

        assertThat(ledger.change(lease, rename, CALL).attempt()).isEqualTo(1);
        ledger.changeEnded(lease, rename);
        assertThat(ledger.change(lease, rename, CALL).attempt()).isEqualTo(2);
    }

    @Test
    void what_is_shared_is_either_deleted_for_one_dataflow_or_used_by_another() throws Exception {
        StepKey shared = new StepKey("", "field-group", "g");
        Lease a = take("a");
        done(a, shared, "g1");
        ledger.finish(a, List.of(shared));
        Change delete = new Change("field-group", "g1", "delete", "");
        Lease b = take("b");

        assertThat(ledger.change(a, delete, CALL).state()).isEqualTo(State.NEW);
        assertThatThrownBy(() -> ledger.begin(b, shared, "group", CALL)).isInstanceOf(BusyException.class)
                .hasMessage("the field-group g1 is being deleted for dataflow a");
        ledger.changeRefused(a, delete);
        assertThat(ledger.begin(b, shared, "group", CALL).state()).isEqualTo(State.DONE);
        assertThatThrownBy(() -> ledger.change(a, delete, CALL)).isInstanceOf(BusyException.class)
                .hasMessage("the field-group g1 is used by dataflow b by now");

        ledger.finish(b, List.of());
        ledger.change(a, delete, CALL);
        ledger.changed(a, delete, "", "");
        assertThatThrownBy(() -> ledger.begin(b, shared, "group", CALL)).isInstanceOf(BusyException.class);
        ledger.deleted(a, shared);
        assertThat(ledger.begin(b, shared, "group", CALL).state()).isEqualTo(State.NEW);
    }

    /** It is compared again, and nothing is wrong with the ledger. */
    @Test
    void a_dataflow_waits_whose_shared_step_another_one_has_given_another_content_meanwhile() throws Exception {
        StepKey shared = new StepKey("", "base-connection", "as b says");
        Lease a = take("a");
        Lease b = take("b");
        done(b, shared, "c1");

        ledger.describe(a, shared, new StepKey("", "base-connection", "as a says"), "name", "");

        assertThatThrownBy(() -> ledger.finish(b, List.of(shared))).isInstanceOf(BusyException.class)
                .hasMessage("the base-connection that dataflow b uses was made what another definition describes meanwhile");
    }

    /** Else nothing is done until it is as late again as it was. */
    @Test
    void a_turn_that_was_begun_before_the_clock_was_set_back_keeps_nobody_waiting() throws Exception {
        Instant tomorrow = Instant.now().plus(Duration.ofDays(1));
        ledger.opened().change(tx -> Turn.TABLE.insert(tx, new Turn("publish", 1, "", 0, tomorrow, true, false)));

        Turn turn = ledger.turn("publish", last -> last);

        assertThat(turn.taken()).isTrue();
        ledger.end(turn);
        assertThat(ledger.turn("publish", last -> last + 60_000).taken()).isFalse();
    }

    /** A flow of somebody else's may be called anything. */
    @Test
    void what_is_watched_may_be_of_any_name() throws Exception {
        String longName = new Random(1).ints(5_000, 'a', 'z').mapToObj(Character::toString).collect(Collectors.joining());

        ledger.observe(List.of(new Observation("flow/f1", "failed", true, "a\0b", "f1", "why"),
                new Observation("flow/f2", "failed", true, longName, "f2", "why")), Set.of());

        assertThat(ledger.events(Optional.empty(), Long.MAX_VALUE, 2)).extracting(Event::dataflow)
                .satisfies(names -> assertThat(names.get(0)).hasSize(255).endsWith("…").startsWith(longName.substring(0, 254)))
                .last().isEqualTo("a?b");
    }

    @Test
    void an_order_of_a_run_is_recorded_before_it_is_sent_and_made_once() throws Exception {
        Lease lease = take("crm");
        RunOrder order = new RunOrder("f1", "r1", "");
        Optional<RunOrder.Bounds> asked = Optional.empty();

        assertThat(ledger.orderRun(lease, order, "r9", 9, 100, asked, CALL).orElseThrow().state()).isEqualTo(State.NEW);
        ledger.release(lease);
        restart();
        lease = take("crm");
        Beginning open = ledger.orderRun(lease, order, "r10", 10, 200, asked, CALL).orElseThrow();
        assertThat(open.state()).isEqualTo(State.UNRESOLVED);
        assertThat(open.untilDeadline()).isPositive();
        assertThat(ledger.openRunOrders()).extracting(RecordedRun::seen, RecordedRun::orderedAt).as("what was there before the first time")
                .containsExactly(tuple("r9", 100L));
        ledger.runOrderEnded(lease, order);
        assertThat(ledger.orderRun(lease, order, "r10", 10, 200, asked, CALL).orElseThrow().untilDeadline()).isZero();
        assertThat(ledger.orderRunAgain(lease, order, open.attempt(), 250, CALL).attempt()).isEqualTo(2);
        ledger.runOrdered(lease, order, "r11", "request");
        assertThat(ledger.openRunOrders()).isEmpty();
        Beginning again = ledger.orderRun(lease, order, "r11", 11, 300, asked, CALL).orElseThrow();
        assertThat(again.state()).isEqualTo(State.DONE);
        assertThat(again.result().id()).isEqualTo("r11");
    }

    @Test
    void no_more_runs_are_ordered_than_the_bounds_allow() throws Exception {
        Lease lease = take("crm");
        Optional<RunOrder.Bounds> bounds = Optional.of(new RunOrder.Bounds(2, 3, 4, 50));

        assertThat(ordered(lease, "f1", "r1", "r2", 100, bounds)).isTrue();
        assertThat(ordered(lease, "f1", "r2", "r3", 100, bounds)).as("the repetition has failed, too").isTrue();
        assertThat(ordered(lease, "f1", "r3", "r4", 100, bounds)).as("twice for one failure").isFalse();
        assertThat(ordered(lease, "f1", "s1", "s2", 100, bounds)).isTrue();
        assertThat(ordered(lease, "f1", "t1", "t2", 100, bounds)).as("three times for the flow").isFalse();
        assertThat(ordered(lease, "f2", "u1", "u2", 100, bounds)).isTrue();
        assertThat(ordered(lease, "f3", "v1", "v2", 100, bounds)).as("four times for all").isFalse();
        assertThat(ordered(lease, "f3", "v1", "v2", 100, Optional.empty())).as("somebody has asked for it").isTrue();
        assertThat(ordered(lease, "f1", "t1", "t2", 200, Optional.of(new RunOrder.Bounds(2, 3, 4, 150)))).as("another day").isTrue();
    }

    @Test
    void an_open_order_of_a_run_counts_until_it_is_known_what_became_of_it_and_from_when_it_was_sent_last() throws Exception {
        Lease lease = take("crm");
        RunOrder open = new RunOrder("f1", "r1", "");
        ledger.orderRun(lease, open, "", 0, 100, Optional.of(new RunOrder.Bounds(1, 1, 1, 50)), CALL);
        Optional<RunOrder.Bounds> later = Optional.of(new RunOrder.Bounds(1, 1, 1, 150));

        assertThat(ordered(lease, "f1", "s1", "s2", 200, later)).as("it may still be sent").isFalse();
        ledger.orderRunAgain(lease, open, 1, 200, CALL);
        ledger.runOrdered(lease, open, "r2", "");
        assertThat(ordered(lease, "f1", "s1", "s2", 200, later)).as("it was made just now").isFalse();
        assertThat(ordered(lease, "f1", "s1", "s2", 300, Optional.of(new RunOrder.Bounds(1, 1, 1, 250)))).isTrue();
    }

    private boolean ordered(Lease lease, String flow, String cause, String run, long now, Optional<RunOrder.Bounds> bounds)
            throws LedgerException {
        RunOrder order = new RunOrder(flow, cause, "");
        if (ledger.orderRun(lease, order, "", 0, now, bounds, CALL).isEmpty()) {
            return false;
        }
        ledger.runOrdered(lease, order, run, "");
        return true;
    }

    @Test
    void an_order_that_was_refused_is_not_repeated_by_itself_and_one_that_was_not_sent_is_forgotten() throws Exception {
        Lease lease = take("crm");
        Optional<RunOrder.Bounds> bounds = Optional.of(new RunOrder.Bounds(1, 1, 1, 0));
        RunOrder refused = new RunOrder("f1", "r1", "");
        ledger.orderRun(lease, refused, "", 0, 100, bounds, CALL);
        ledger.runOrderRefused(lease, refused);
        RunOrder unsent = new RunOrder("f1", "r2", "");
        assertThat(ledger.orderRun(lease, unsent, "", 0, 100, bounds, CALL)).as("a refused one counts for nothing").isPresent();
        ledger.forgetRunOrder(lease, unsent);

        assertThat(ledger.orderedRuns("f1")).extracting(row -> row.order().cause()).containsExactly("r1");
        assertThat(ledger.orderRun(lease, refused, "", 0, 100, bounds, CALL).orElseThrow().state()).isEqualTo(State.DONE);
        assertThat(ledger.orderRun(lease, refused, "", 0, 100, Optional.empty(), CALL).orElseThrow().state()).isEqualTo(State.NEW);
    }

    @Test
    void a_lease_that_was_lost_changes_nothing() throws Exception {
        Lease stale = take("crm");
        done(stale, key("crm", "flow"), "f1");
        ledger.release(stale);
        Change change = new Change("flow", "f1", "update", "a");

        assertThatThrownBy(() -> ledger.change(stale, change, CALL)).isInstanceOf(LeaseLostException.class);
        assertThatThrownBy(() -> ledger.changed(stale, change, "", "")).isInstanceOf(LeaseLostException.class);
        assertThatThrownBy(() -> ledger.replace(stale, key("crm", "flow"))).isInstanceOf(LeaseLostException.class);
        assertThatThrownBy(() -> ledger.deleted(stale, key("crm", "flow"))).isInstanceOf(LeaseLostException.class);
        assertThat(ledger.changes("crm")).isEmpty();
    }

    @Test
    void what_was_made_can_get_another_content_be_replaced_and_be_deleted() throws Exception {
        Lease lease = take("crm");
        StepKey first = new StepKey("crm", "source-connection", "a");
        StepKey renamed = new StepKey("crm", "source-connection", "b");
        done(lease, first, "s1");

        ledger.describe(lease, first, renamed, "new name", "7");
        assertThat(ledger.made(renamed).orElseThrow().result().version()).isEqualTo("7");
        assertThat(ledger.made(first)).isEmpty();

        ledger.replace(lease, renamed);
        assertThat(ledger.made(renamed)).isEmpty();
        done(lease, renamed, "s2");
        assertThat(ledger.madeFor("crm")).extracting(step -> step.result().id()).containsExactly("s1", "s2");
        assertThat(ledger.owner("source-connection", "s1")).contains("crm");

        ledger.describe(lease, renamed, first, "name", "8");
        done(lease, renamed, "s3");
        ledger.describe(lease, first, renamed, "name", "9");   // which is another one's already: that one makes room
        assertThat(ledger.made(renamed).orElseThrow().result().id()).isEqualTo("s2");

        ledger.deleted(lease, renamed);
        assertThat(ledger.made(renamed)).isEmpty();
        assertThat(ledger.madeFor("crm")).extracting(step -> step.result().id()).containsExactly("s1", "s3");
        ledger.finish(lease.describing("another digest", Map.of("k", "3"), "other.yaml"), List.of());
        assertThat(ledger.dataflow("crm").orElseThrow().digest()).isEqualTo("another digest");
        assertThat(ledger.steps("crm")).isEmpty();
        assertThat(ledger.begin(lease, renamed, "name", CALL).state()).as("deleted, it can be made again").isEqualTo(State.NEW);
    }

    @Test
    void a_dataflow_with_a_step_without_result_is_not_finished() throws Exception {
        Lease lease = take("crm");
        begun(lease, key("crm", "flow"));

        assertThatThrownBy(() -> ledger.finish(lease, List.of(key("crm", "flow")))).isInstanceOf(LedgerException.class)
                .hasMessageContaining("flow");
        assertThat(ledger.dataflow("crm").orElseThrow().done()).isFalse();
        assertThat(ledger.resources("flow")).isEmpty();
    }

    @Test
    void resources_of_unfinished_dataflows_are_not_listed() throws Exception {
        done(take("crm"), key("crm", "flow"), "f1");

        assertThat(ledger.resources("flow")).isEmpty();
        assertThat(ledger.owner("flow", "f1")).contains("crm");
        assertThat(ledger.owner("flow", "f2")).isEmpty();
    }

    @Test
    void starts_of_a_file_are_counted_over_restarts_until_it_was_parsed() throws Exception {
        assertThat(ledger.claim("x.yaml").orElseThrow().starts()).isEqualTo(1);
        assertThat(ledger.claim("x.yaml").orElseThrow().starts()).isEqualTo(2);
        ledger.close();
        ledger.open();
        FileClaim third = ledger.claim("x.yaml").orElseThrow();
        assertThat(third.starts()).isEqualTo(3);
        ledger.parsed(third);
        FileClaim fourth = ledger.claim("x.yaml").orElseThrow();
        assertThat(fourth.starts()).isEqualTo(1);
        ledger.release(third);
        assertThatThrownBy(() -> ledger.parsed(third)).isInstanceOf(LeaseLostException.class).hasMessageContaining("x.yaml");
        ledger.release(fourth);
        assertThat(ledger.claim("x.yaml").orElseThrow().starts()).isEqualTo(1);
    }

    @Test
    void files_in_our_own_hands_are_no_orphans() throws Exception {
        ledger.claim("x.yaml");

        assertThat(ledger.orphanedFiles()).isEmpty();
    }

    @Test
    void a_ledger_of_another_organization_or_sandbox_is_refused() throws Exception {
        take("crm");
        ledger.close();

        assertThatThrownBy(() -> ledger("other", "prod", LEASE).open()).isInstanceOf(UnusableLedgerException.class)
                .hasMessageContaining("belongs to organization org, sandbox prod");
        assertThatThrownBy(() -> ledger("org", "dev", LEASE).open()).isInstanceOf(UnusableLedgerException.class);
        ledger.open();
        assertThat(ledger.dataflow("crm")).isPresent();
    }

    @Test
    void a_ledger_that_is_up_to_date_is_known_to_be() throws Exception {
        ledger.close();
        try (Session session = new Session(DriverManager.getConnection(url(), "postgres", "postgres"))) {
            assertThat(Migration.history(session)).isEqualTo(Migration.upToDate());
        }
    }

    @Test
    void a_ledger_of_a_newer_version_is_refused_and_left_as_it_is() throws Exception {
        take("crm");
        ledger.close();
        String newer = "insert into aep_ledger_history select 99, '99', 'of the future', type, 'V99__of_the_future.sql', 1, installed_by,"
                + " installed_on, 1, success from aep_ledger_history where version = '1'";
        sql(newer);

        assertThatThrownBy(ledger::open).isInstanceOf(UnusableLedgerException.class).hasMessageContaining("newer version");
        assertThat(ledger.isOpen()).isFalse();
        sql("delete from aep_ledger_history where version = '99'");
        ledger.open();
        assertThat(ledger.dataflow("crm")).isPresent();
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "update aep_step set resource_id = 'f2'",
        "update aep_step set state = 'FREE', resource_id = null",
        "update aep_step set attempt = attempt + 1",
        "update aep_dataflow set digest = ''",
        "update aep_dataflow set name = 'crn'",
        "update aep_file set starts = 0",
        "update aep_ledger set sandbox = 'dev'",
        "delete from aep_ledger",
        "update aep_ledger_history set checksum = checksum + 1 where version = '1'",
        "update aep_ledger_history set success = false where version = '1'",
        "drop table aep_file",
        "drop table aep_ledger_history",
    })
    void a_ledger_that_was_damaged_is_refused_with_the_cure(String damage) throws Exception {
        done(take("crm"), key("crm", "flow"), "f1");
        ledger.claim("x.yaml");
        ledger.close();
        sql(damage);

        assertThatThrownBy(ledger::open).isInstanceOf(UnusableLedgerException.class)
                .hasMessageFindingMatch("restore a backup|holds no ledger");
        assertThat(ledger.isOpen()).isFalse();
    }

    @Test
    void what_was_acknowledged_is_there_after_a_kill() throws Exception {
        ledger.close();
        for (int round = 1; round <= 3; round++) {
            List<String> said = new ArrayList<>();
            try (Child child = new Child(folder, LedgerWriter.class, url(), "run" + round)) {
                for (int line = 0; line < 100 * round; line++) {
                    said.add(child.line());
                }
                said.addAll(child.kill());
                assertThat(child.exit()).isEqualTo(137);
            }
            ledger.open();
            for (String line : said) {
                String[] words = line.split(" ");
                assertAcknowledged(words[0], words[1]);
            }
            ledger.close();
        }
    }

    /** What came later may be there too, but never less. */
    private void assertAcknowledged(String what, String name) throws LedgerException {
        if (what.equals("taken")) {
            assertThat(ledger.dataflow(name)).as(name).isPresent();
        } else if (what.equals("begun")) {
            assertThat(ledger.steps(name)).as(name).hasSize(1);
        } else if (what.equals("made")) {
            assertThat(ledger.owner("flow", "id " + name)).contains(name);
        } else if (what.equals("finished")) {
            assertThat(ledger.dataflow(name).orElseThrow().done()).as(name).isTrue();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"create table aep_a", "alter table aep_step", "create table aep_b", "commit after create table aep_b"})
    void a_migration_that_is_killed_leaves_the_old_tables(String point) throws Exception {
        done(take("crm"), key("crm", "flow"), "f1");
        ledger.close();
        assertThat(migrateToALater(point)).isEqualTo("halted");

        ledger.open();
        assertThat(ledger.owner("flow", "f1")).contains("crm");
        ledger.close();
        assertThatThrownBy(() -> finds("select * from aep_a")).isInstanceOf(SQLException.class);
        assertThatThrownBy(() -> finds("select later from aep_step")).isInstanceOf(SQLException.class);
    }

    @Test
    void a_migration_that_was_not_killed_has_all_the_new_tables_and_keeps_the_rows() throws Exception {
        done(take("crm"), key("crm", "flow"), "f1");
        ledger.close();
        assertThat(migrateToALater("never")).isEqualTo("migrated");

        assertThat(finds("select later from aep_step where resource_id = 'f1'")).isTrue();
        assertThatThrownBy(ledger::open).isInstanceOf(UnusableLedgerException.class).hasMessageContaining("newer version");
    }

    /** In a program that knows a later version of the tables. */
    private String migrateToALater(String point) throws Exception {
        Path version = folder.resolve("later/aep-dataflows-ledger/V1000__later.sql");
        Files.createDirectories(version.getParent());
        Files.writeString(version,
                "create table aep_a (x text);\nalter table aep_step add column later text;\ncreate table aep_b (x text);\n");
        Files.writeString(version.resolveSibling("versions"), Files.readString(
                Path.of("src/main/resources/aep-dataflows-ledger/versions")) + "1000 1 V1000__later.sql\n");
        try (Child child = new Child(folder.resolve("later"), HaltedMigration.class, url(), point)) {
            return child.line();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"create table aep_step", "create table aep_file", "commit after create table aep_file"})
    void the_first_migration_that_is_killed_is_done_anew(String point) throws Exception {
        ledger.close();
        lose();
        try (Child child = new Child(folder, HaltedMigration.class, url(), point)) {
            assertThat(child.line()).isEqualTo("halted");
            assertThat(child.exit()).isEqualTo(137);
        }

        ledger = opened(LEASE);
        assertThat(ledger.dataflows()).isEmpty();
        take("crm");
    }
}
