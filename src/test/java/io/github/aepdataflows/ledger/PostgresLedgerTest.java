package io.github.aepdataflows.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.assertj.core.api.Assertions.tuple;

import io.github.aepdataflows.PostgresServer;
import io.github.aepdataflows.ledger.Beginning.State;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class PostgresLedgerTest extends LedgerContract {

    private static final AtomicInteger DATABASES = new AtomicInteger();

    @RegisterExtension
    static final PostgresServer POSTGRES = new PostgresServer();

    private String database;

    @Override
    String url() {
        if (database == null) {
            database = "ledger" + DATABASES.incrementAndGet();
            execute("postgres", "create database " + database);
        }
        return POSTGRES.server().getJdbcUrl("postgres", database);
    }

    @Override
    void lose() {
        database = null;
    }

    private static void execute(String database, String... statements) {
        try (Connection connection = DriverManager.getConnection(POSTGRES.server().getJdbcUrl("postgres", database)); Statement statement =
                connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void what_another_instance_has_in_hand_is_not_ours() throws Exception {
        Ledger other = opened(LEASE);
        Lease lease = take("crm");
        FileClaim claim = ledger.claim("x.yaml").orElseThrow();

        assertThatThrownBy(() -> other.take("crm", "d", FIELDS, "y.yaml")).isInstanceOf(BusyException.class);
        assertThat(other.claim("x.yaml")).isEmpty();
        assertThat(other.orphanedFiles()).isEmpty();
        ledger.release(lease);
        ledger.release(claim);
        assertThat(other.take("crm", "d", FIELDS, "y.yaml").token()).isGreaterThan(lease.token());
        assertThat(other.claim("x.yaml").orElseThrow().starts()).isEqualTo(1);
    }

    @Test
    void one_that_is_only_read_tells_what_others_have_written_and_takes_nothing() throws Exception {
        Lease lease = take("crm");
        try (Ledger reading = readOnly()) {
            assertThat(reading.dataflows()).extracting(Dataflow::name).containsExactly("crm");
            assertThatThrownBy(() -> reading.take("erp", "d", FIELDS, "y.yaml")).hasMessageContaining("read-only");
            ledger.release(lease);
            take("erp");
            assertThat(reading.dataflows()).hasSize(2);
        }
    }

    @Test
    void one_that_is_only_read_is_empty_where_there_are_no_tables_and_makes_none() throws Exception {
        ledger.close();
        lose();
        try (Ledger reading = readOnly()) {
            assertThat(reading.dataflows()).isEmpty();
        }
        assertThat(finds("select 1 from pg_tables where schemaname = 'public'")).isFalse();
    }

    private Ledger readOnly() throws LedgerException {
        Ledger reading = Ledger.readOnly(url(), "postgres", "postgres", "org", "prod");
        reading.open();
        return reading;
    }

    private Ledger over(Wire wire) {
        return new Ledger("jdbc:postgresql://127.0.0.1:%d/%s?prepareThreshold=0&user=postgres".formatted(wire.port(), database), "",
                "postgres",
                "org", "prod", LEASE);
    }

    @Test
    void a_server_that_is_down_is_worth_another_try() throws Exception {
        try (Wire wire = new Wire(POSTGRES.port()); Ledger late = over(wire)) {
            assertThatThrownBy(late::open).isExactlyInstanceOf(LedgerException.class).hasMessageContaining("cannot be used now");
            assertThat(late.isOpen()).isFalse();
            assertThatThrownBy(() -> late.dataflow("crm")).hasMessage("the ledger is not open");
            wire.up();
            late.open();
            late.take("crm", "d", FIELDS, "x.yaml");
            assertThat(late.dataflow("crm")).isPresent();
        }
    }

    @Test
    void a_server_that_goes_and_comes_again_loses_nothing() throws Exception {
        try (Wire wire = new Wire(POSTGRES.port()); Ledger far = over(wire)) {
            wire.up();
            far.open();
            Lease lease = far.take("crm", "d", FIELDS, "x.yaml");
            far.begin(lease, key("crm", "flow"), "name", CALL);
            wire.down();
            assertThatThrownBy(() -> far.complete(lease, key("crm", "flow"), 1, created("f1"))).isExactlyInstanceOf(LedgerException.class);
            wire.up();
            Awaitility.await().ignoreExceptions().until(() -> far.unresolved().size() == 1);
            far.complete(lease, key("crm", "flow"), 1, created("f1"));
            assertThat(ledger.owner("flow", "f1")).contains("crm");
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"BEFORE_COMMIT", "BEHIND_COMMIT"})
    void a_commit_of_unknown_outcome_is_told_and_beginning_again_tells_what_became_of_it(Wire.Cut cut) throws Exception {
        StepKey key = key("crm", "flow");
        try (Wire wire = new Wire(POSTGRES.port()); Ledger far = over(wire)) {
            wire.up();
            far.open();
            Lease lease = far.take("crm", "d", FIELDS, "x.yaml");
            wire.cut(cut);
            assertThatThrownBy(() -> far.begin(lease, key, "name", CALL)).isExactlyInstanceOf(LedgerException.class);
            Beginning beginning = far.begin(lease, key, "name", CALL);
            assertThat(beginning.state()).isEqualTo(cut == Wire.Cut.BEFORE_COMMIT ? State.NEW : State.UNRESOLVED);
            assertThat(beginning.attempt()).isEqualTo(1);
            wire.cut(cut);
            assertThatThrownBy(() -> far.complete(lease, key, 1, created("f1"))).isExactlyInstanceOf(LedgerException.class);
            far.complete(lease, key, 1, created("f1"));
            assertThat(ledger.steps("crm")).extracting(RecordedStep::state, RecordedStep::attempt)
                    .containsExactly(tuple(RecordedStep.State.DONE, 1));
        }
    }

    /** As often as the sequence says, which no rollback turns back, the database refuses with the given code. */
    private void refuse(String code, int times) throws Exception {
        sql("create sequence refused", """
                create function refuse() returns trigger as $$ begin
                    if nextval('refused') <= %d then raise exception 'refused' using errcode = '%s'; end if; return new;
                end $$ language plpgsql""".formatted(times, code),
                "create trigger refuse before insert or update on aep_step for each row execute function refuse()");
    }

    @ParameterizedTest
    @ValueSource(strings = {"40001", "40P01", "55P03"})
    void a_transaction_that_collided_is_tried_again(String code) throws Exception {
        Lease lease = take("crm");
        refuse(code, 2);

        assertThat(ledger.begin(lease, key("crm", "flow"), "name", CALL).attempt()).isEqualTo(1);
        assertThat(ledger.steps("crm")).hasSize(1);
        assertThat(finds("select 1 from refused where last_value = 3")).isTrue();
    }

    @Test
    void it_is_not_tried_for_ever_and_not_for_other_errors() throws Exception {
        Lease lease = take("crm");
        refuse("40001", 3);
        assertThatThrownBy(() -> ledger.begin(lease, key("crm", "flow"), "name", CALL)).isExactlyInstanceOf(LedgerException.class)
                .hasMessageContaining("in use by another process");
        assertThat(finds("select 1 from refused where last_value = 3")).isTrue();
        sql("drop trigger refuse on aep_step", "drop function refuse", "drop sequence refused");
        refuse("53100", 1);
        assertThatThrownBy(() -> ledger.begin(lease, key("crm", "flow"), "name", CALL)).isExactlyInstanceOf(LedgerException.class)
                .hasMessageContaining("cannot be used now");
        assertThat(ledger.begin(lease, key("crm", "flow"), "name", CALL).attempt()).isEqualTo(1);
    }

    @Test
    void a_row_that_somebody_keeps_locked_is_not_waited_for_for_ever() throws Exception {
        take("crm");
        try (Ledger hasty = new Ledger(url() + "&options=-c%20lock_timeout=50ms", "postgres", "postgres", "org", "prod", LEASE);
             Connection connection = DriverManager.getConnection(url()); Statement statement = connection.createStatement()) {
            hasty.open();
            connection.setAutoCommit(false);
            statement.execute("select * from aep_dataflow for update");
            assertThatThrownBy(() -> hasty.take("crm", "d", FIELDS, "x.yaml")).isExactlyInstanceOf(LedgerException.class)
                    .hasMessageContaining("in use by another process");
            connection.rollback();
            assertThatThrownBy(() -> hasty.take("crm", "d", FIELDS, "x.yaml")).isInstanceOf(BusyException.class);
        }
    }

    @Test
    void damage_is_noticed_while_it_is_open_too() throws Exception {
        done(take("crm"), key("crm", "flow"), "f1");
        sql("update aep_step set resource_id = 'f2'");

        assertThatThrownBy(() -> ledger.steps("crm")).isInstanceOf(UnusableLedgerException.class);
        assertThatThrownBy(() -> ledger.owner("flow", "f2")).isInstanceOf(UnusableLedgerException.class);
    }

    @Test
    void other_tables_in_the_same_database_do_not_matter() throws Exception {
        ledger.close();
        lose();
        sql("create table contacts (name text)");
        ledger = opened(LEASE);

        assertThat(ledger.dataflows()).isEmpty();
        take("crm");
        ledger.close();
        ledger.open();
        assertThat(ledger.dataflow("crm")).isPresent();
    }

    @Test
    void instances_that_start_at_the_same_time_make_one_ledger() throws Exception {
        ledger.close();
        lose();
        url();

        assertThat(together(4, () -> opened(LEASE))).allMatch(Ledger.class::isInstance);
    }

    @Test
    void of_four_instances_one_takes_the_dataflow() throws Exception {
        List<Ledger> instances = List.of(opened(LEASE), opened(LEASE), opened(LEASE), opened(LEASE));
        AtomicInteger next = new AtomicInteger();

        List<Object> answers = together(16, () -> instances.get(next.getAndIncrement() % 4).take("crm", "d", FIELDS, "x.yaml"));
        assertThat(answers).filteredOn(Lease.class::isInstance).hasSize(1);
        assertThat(answers).filteredOn(BusyException.class::isInstance).hasSize(15);
    }

    @Test
    void of_four_instances_one_has_the_turn_until_it_ends_it() throws Exception {
        List<Ledger> instances = List.of(opened(LEASE), opened(LEASE), opened(LEASE), opened(LEASE));
        AtomicInteger next = new AtomicInteger();
        assertThat(instances.get(0).turn("audit", last -> last).taken()).as("nobody is late at first").isFalse();

        List<Object> asked = together(16, () -> instances.get(next.getAndIncrement() % 4).turn("audit", last -> last));
        List<Turn> taken = asked.stream().map(Turn.class::cast).filter(Turn::taken).toList();
        assertThat(taken).hasSize(1);
        Ledger holder = instances.stream().filter(one -> ends(one, taken.get(0))).findFirst().orElseThrow();

        assertThat(holder.turn("audit", last -> last + 60_000).taken()).as("not before it is time").isFalse();
        assertThat(instances.get(0).turn("audit", last -> last).token()).isGreaterThan(taken.get(0).token());
    }

    private static boolean ends(Ledger one, Turn turn) {
        try {
            one.observe(List.of(), Set.of(), Set.of(), Optional.empty(), Optional.of(turn), Optional.empty());
            return true;
        } catch (LedgerException e) {
            return false;
        }
    }

    @Test
    void what_is_seen_in_a_turn_that_another_instance_has_by_now_is_not_noted() throws Exception {
        Ledger other = opened(LEASE);
        ledger.turn("audit", last -> last);
        Turn slept = ledger.turn("audit", last -> last);
        sql("delete from aep_turn");   // its lease is over, and another one begins anew
        other.turn("audit", last -> last);
        Turn taken = other.turn("audit", last -> last);
        assertThat(taken.token()).isEqualTo(slept.token());
        Observation seen = new Observation("flow/f1", "failed", true, "crm", "f1", "it has failed");

        assertThatThrownBy(() -> ledger.observe(List.of(seen), Set.of(), Set.of(), Optional.empty(), Optional.of(slept), Optional.empty()))
                .isInstanceOf(LeaseLostException.class);
        ledger.end(slept);
        ledger.release(slept);
        assertThat(ledger.events(Optional.empty(), Long.MAX_VALUE, 10)).isEmpty();
        other.observe(List.of(seen), Set.of(), Set.of(), Optional.empty(), Optional.of(taken), Optional.empty());
        other.observe(List.of(seen), Set.of(), Set.of(), Optional.empty(), Optional.of(taken), Optional.empty());
        assertThat(ledger.events(Optional.empty(), Long.MAX_VALUE, 10)).hasSize(1);
    }

    /** Else nobody has it as long as that instance lives. */
    @Test
    void a_turn_that_was_taken_and_nobody_has_heard_of_it_is_free_after_ten_seconds() throws Exception {
        url();
        try (Wire wire = new Wire(POSTGRES.port()); Ledger far = over(wire)) {
            wire.up();
            far.open();
            far.turn("audit", last -> last);
            wire.cut(Wire.Cut.BEHIND_COMMIT);
            assertThatThrownBy(() -> far.turn("audit", last -> last)).isExactlyInstanceOf(LedgerException.class);
            assertThat(ledger.turn("audit", last -> last).holder()).as("it was taken").isNotEmpty();

            Awaitility.await().atMost(Duration.ofSeconds(30)).pollInterval(Duration.ofMillis(500)).until(() -> {
                far.beat("host");
                return ledger.turn("audit", last -> last).taken();
            });
        }
    }

    @Test
    void each_instance_knows_how_many_there_are() throws Exception {
        Ledger other = opened(LEASE);
        assertThat(ledger.beat("host")).isEqualTo(1);
        assertThat(other.beat("host")).isEqualTo(2);
        assertThat(ledger.beat("host")).isEqualTo(2);
        other.close();
        Awaitility.await().atMost(Duration.ofSeconds(30)).pollInterval(Duration.ofMillis(500)).until(() -> ledger.beat("host") == 1);
    }

    /** The clock of the database goes on by that. */
    private void pass(String time) throws Exception {
        sql("create or replace function clock_timestamp() returns timestamptz as 'select pg_catalog.clock_timestamp() + interval ''" + time
                + "''' language sql");
    }

    @Test
    void what_was_said_of_the_health_of_a_host_ends_when_no_instance_on_it_is_known_any_more() throws Exception {
        pass("0 minutes");
        String later = url() + "&options=-c%20search_path=public,pg_catalog";
        try (Ledger gone = new Ledger(later, "postgres", "postgres", "org", "prod", LEASE);
                Ledger live = new Ledger(later, "postgres", "postgres", "org", "prod", LEASE)) {
            gone.open();
            live.open();
            live.tells(List.of("webhook"));
            gone.beat("pod-1");
            live.beat("pod-2");
            for (String pod : List.of("pod-1", "pod-2")) {
                live.observe(List.of(new Observation(Observation.checksOf(pod) + "aep-disk", "disk-full", true, "", "", "full"),
                        new Observation(Observation.checksOf(pod) + "aep-folders", "up", false, "", "", "it is well")), Set.of());
            }
            live.observe(List.of(new Observation("flow/a/b", "failed", true, "", "", "failed")), Set.of());

            pass("5 minutes");
            live.beat("pod-2");
            assertThat(live.alarms()).as("it may be restarted").hasSize(3);
            pass("20 minutes");
            live.beat("pod-2");

            assertThat(live.alarms()).extracting(Condition::subject).containsExactlyInAnyOrder("check/pod-2/aep-disk", "flow/a/b");
            Event over = live.untold("webhook", 9).get(3);
            assertThat(over.outcome()).isEqualTo(Event.RECOVERED);
            assertThat(over.detail()).contains("check/pod-1/aep-disk", "no instance on this host");
            assertThat(finds("select 1 from aep_condition where subject like 'check/pod-1/%'")).isFalse();
            assertThat(gone.arrivals()).isEqualTo(1);
            gone.beat("pod-1");
            gone.beat("pod-1");
            assertThat(gone.arrivals()).as("it was only asleep, and has to tell again").isEqualTo(2);
        }
    }

    @Test
    void a_file_of_an_instance_that_is_silent_for_too_long_is_an_orphan() throws Exception {
        Ledger dead = opened(Duration.ofMillis(1));
        FileClaim claim = dead.claim("x.yaml").orElseThrow();
        dead.close();

        Awaitility.await().until(() -> ledger.orphanedFiles().equals(List.of("x.yaml")));
        FileClaim ours = ledger.claim("x.yaml").orElseThrow();
        assertThat(ours.starts()).isEqualTo(2);
        assertThat(ours.token()).isGreaterThan(claim.token());
    }

    @ParameterizedTest
    @ValueSource(strings = {"jdbc:postgresql://127.0.0.1:1/db?user=postgres&password=canary",
            "jdbc:postgresql://127.0.0.1:1/db?sslpassword=canary&user=x",
        "jdbc:postgresql://127.0.0.1:x/db?password=canary"})
    void no_message_holds_a_password(String url) {
        Throwable thrown = catchThrowable(() -> new Ledger(url, "", "canary", "org", "prod", LEASE).open());

        assertThat(thrown).isInstanceOf(LedgerException.class).hasMessageStartingWith("The ledger at ");
        StringWriter trace = new StringWriter();
        thrown.printStackTrace(new PrintWriter(trace));
        assertThat(trace.toString()).doesNotContain("canary");
    }

    @Test
    void a_wrong_password_is_told_without_the_password() {
        assertThatThrownBy(() -> new Ledger(url(), "nobody-known", "canary", "org", "prod", LEASE).open())
                .isExactlyInstanceOf(LedgerException.class).hasMessageNotContaining("canary");
    }
}
