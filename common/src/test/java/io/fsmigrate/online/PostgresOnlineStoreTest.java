package io.fsmigrate.online;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.fsmigrate.error.ExitCode;
import io.fsmigrate.error.FsMigrateException;
import io.fsmigrate.feature.VersionedGroup;
import io.fsmigrate.testkit.PostgresServer;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What PostgreSQL holds and refuses, seen by its own means. */
class PostgresOnlineStoreTest {
  private static final Instant NOON = Instant.parse("2001-06-30T12:00:00Z");
  private static final VersionedGroup FLIGHTS = OnlineTargets.of("delay", "int");

  private final PostgresServer server = SharedPostgres.server();
  private final OnlineStore store = SharedPostgres.store(Map.of());

  @BeforeEach
  void startAnew() {
    SharedPostgres.emptySchema();
  }

  @Test
  void otherToolsSeeFeaturesAsColumns() {
    VersionedGroup target =
        OnlineTargets.target(
            "flights",
            "route",
            "departed_at",
            "route",
            "string",
            "departed_at",
            "timestamp_ntz",
            "is_long_haul",
            "boolean",
            "delay_minutes",
            "int",
            "score",
            "double",
            "ratio",
            "float",
            "price",
            "decimal(10,2)",
            "day",
            "date",
            "raw",
            "binary",
            "seen",
            "timestamp",
            "tags",
            "map<string,int>");
    write(
        target,
        OnlineRecord.of(
            "JFK-LAX",
            LocalDateTime.of(2001, 6, 30, 23, 59),
            true,
            -5,
            Double.NaN,
            0.5f,
            new BigDecimal("9.5"),
            LocalDate.of(2001, 6, 30),
            new byte[] {1, 2},
            NOON.plusNanos(1_000),
            Map.of("b", 2, "a", 1)));

    assertThat(
            server.rows(
                "SELECT route, departed_at, is_long_haul, delay_minutes, score, ratio, price, day,"
                    + " raw, seen AT TIME ZONE 'UTC', tags FROM features.flights"))
        .containsExactly(
            "JFK-LAX|2001-06-30 23:59:00|t|-5|NaN|0.5|9.50|2001-06-30|0102|"
                + "2001-06-30 12:00:00.000001|{\"a\":1,\"b\":2}");
    assertThat(
            server.rows(
                "SELECT column_name, data_type, is_nullable, collation_name"
                    + " FROM information_schema.columns WHERE table_name = 'flights'"
                    + " ORDER BY ordinal_position"))
        .containsExactly(
            "route|text|NO|C",
            "departed_at|timestamp without time zone|NO|null",
            "is_long_haul|boolean|YES|null",
            "delay_minutes|integer|YES|null",
            "score|double precision|YES|null",
            "ratio|real|YES|null",
            "price|numeric|YES|null",
            "day|date|YES|null",
            "raw|bytea|YES|null",
            "seen|timestamp with time zone|YES|null",
            "tags|text|YES|C");
  }

  @Test
  void aBucketIsSeenWholeAfterItsCommitAndNotAtAllBefore() {
    store.prepare(FLIGHTS);
    try (RecordWriter writer = store.open(FLIGHTS, OnlineTargets.CONTEXT)) {
      OnlineTargets.write(writer, List.of(OnlineRecord.of("a", NOON, 1)));
      OnlineTargets.write(writer, List.of(OnlineRecord.of("b", NOON, 1)));
      assertThat(store.count(FLIGHTS)).hasValue(0);
      writer.commit();
      assertThat(store.count(FLIGHTS)).hasValue(2);
      OnlineTargets.write(writer, List.of(OnlineRecord.of("c", NOON, 1)));
    }
    assertThat(store.count(FLIGHTS)).hasValue(2);
    assertNothingIsLeft();
  }

  @Test
  void manyPartsMakeOneBucket() {
    VersionedGroup target = OnlineTargets.of("text", "string");
    store.prepare(target);
    String text = "x".repeat(20_000);
    try (RecordWriter writer = store.open(target, OnlineTargets.CONTEXT)) {
      List<WriteOutcome> outcomes = new ArrayList<>();
      // More than the memory that a writer keeps, in batches of 100.
      for (int batch = 0; batch < 12; batch++) {
        int from = batch * 100;
        writer.write(
            IntStream.range(from, from + 100)
                .mapToObj(i -> OnlineRecord.of("k" + i, NOON, text + i))
                .toList(),
            outcomes::add);
      }
      writer.commit();
      assertThat(outcomes).hasSize(12).containsOnly(new WriteOutcome(100, 0, List.of()));
    }
    assertThat(server.rows("SELECT count(*), sum(length(text)) > 24000000 FROM features.flights"))
        .containsExactly("1200|t");
  }

  @Test
  void staleAndEqualRecordsCountForTheirBatch() {
    write(FLIGHTS, OnlineRecord.of("a", NOON.plusSeconds(1), 1), OnlineRecord.of("b", NOON, 1));
    List<WriteOutcome> outcomes = new ArrayList<>();
    try (RecordWriter writer = store.open(FLIGHTS, OnlineTargets.CONTEXT)) {
      writer.write(
          List.of(OnlineRecord.of("a", NOON, 9), OnlineRecord.of("b", NOON, 1)), outcomes::add);
      writer.write(
          List.of(OnlineRecord.of(null, NOON, 1), OnlineRecord.of("c", NOON, 1)), outcomes::add);
      writer.write(List.of(OnlineRecord.of("b", NOON, 0)), outcomes::add);
      writer.commit();
    }

    assertThat(outcomes.subList(0, 1)).containsExactly(new WriteOutcome(1, 1, List.of()));
    assertThat(outcomes.get(1).written()).isEqualTo(1);
    assertThat(outcomes.get(1).failed()).extracting(FailedWrite::index).containsExactly(0);
    assertThat(outcomes.get(2)).isEqualTo(new WriteOutcome(0, 1, List.of()));
  }

  @Test
  void aReplayWritesNothing() {
    OnlineRecord[] records =
        IntStream.range(0, 500)
            .mapToObj(i -> OnlineRecord.of("k" + i, NOON, i))
            .toArray(OnlineRecord[]::new);
    write(FLIGHTS, records);
    List<String> before = server.rows("SELECT ctid, * FROM features.flights ORDER BY id");

    assertThat(write(FLIGHTS, records)).isEqualTo(new WriteOutcome(500, 0, List.of()));

    // Not even another version of a row.
    assertThat(server.rows("SELECT ctid, * FROM features.flights ORDER BY id")).isEqualTo(before);
  }

  @Test
  void aConstraintOfTheTableFailsItsRecordsAndNoOther() {
    server.execute(
        "CREATE TABLE features.flights (id varchar PRIMARY KEY, at timestamptz,"
            + " delay int CHECK (delay >= 0) UNIQUE)",
        "ALTER TABLE features.flights OWNER TO writer");
    List<OnlineRecord> records = new ArrayList<>();
    for (int i = 0; i < 1_000; i++) {
      records.add(OnlineRecord.of("k" + i, NOON, i == 77 || i == 500 ? -1 : i == 900 ? 3 : i));
    }
    Collections.shuffle(records, new java.util.Random(3));

    WriteOutcome outcome = write(FLIGHTS, records.toArray(OnlineRecord[]::new));

    assertThat(outcome.written()).isEqualTo(997);
    assertThat(outcome.failed())
        .hasSize(3)
        .allSatisfy(
            failed -> {
              assertThat(failed.code()).isEqualTo("CONSTRAINT");
              assertThat(failed.reason()).contains("delay");
              assertThat(records.get(failed.index()).values().get(0))
                  .isIn("k77", "k500", "k900", "k3");
            });
    assertThat(server.rows("SELECT count(*) FROM features.flights")).containsExactly("997");
  }

  @Test
  void aRowThatIsTooWideFailsOnItsWayAndNoOther() {
    List<String> features = new ArrayList<>();
    IntStream.range(0, 1_200).forEach(i -> features.addAll(List.of("f" + i, "double")));
    VersionedGroup target = OnlineTargets.of(features.toArray(String[]::new));
    List<OnlineRecord> records = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      List<Object> values = new ArrayList<>(List.of("k" + i, NOON));
      values.addAll(Collections.nCopies(1_200, i == 7 || i == 31 ? (Object) 1.5 : null));
      records.add(new OnlineRecord(values));
    }

    WriteOutcome outcome = write(target, records.toArray(OnlineRecord[]::new));

    assertThat(outcome.written()).isEqualTo(38);
    assertThat(outcome.failed())
        .extracting(failed -> failed.index() + " " + failed.code())
        .containsExactly("7 TOO_LARGE", "31 TOO_LARGE");
  }

  @Test
  void aDeadlockWithSomebodyElseIsOvercome() throws Exception {
    write(FLIGHTS, OnlineRecord.of("a", NOON, 0), OnlineRecord.of("b", NOON, 0));
    ExecutorService thread = Executors.newSingleThreadExecutor();
    try (var other = server.connect("postgres");
        var statement = other.createStatement()) {
      other.setAutoCommit(false);
      statement.execute("UPDATE features.flights SET delay = -1 WHERE id = 'b'");
      Future<WriteOutcome> ours =
          thread.submit(
              () ->
                  write(
                      FLIGHTS,
                      OnlineRecord.of("a", NOON.plusSeconds(1), 1),
                      OnlineRecord.of("b", NOON.plusSeconds(1), 1)));
      while (server
          .rows("SELECT 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock'")
          .isEmpty()) {
        Thread.sleep(20);
      }
      // Ours waits for b and has been waiting longer, so that it is the one to be cancelled.
      statement.execute("UPDATE features.flights SET delay = -1 WHERE id = 'a'");
      other.rollback();

      assertThat(ours.get()).isEqualTo(new WriteOutcome(2, 0, List.of()));
    } finally {
      thread.shutdownNow();
    }
    assertThat(server.rows("SELECT delay FROM features.flights")).containsExactly("1", "1");
  }

  @Test
  void refusesATableThatDoesNotFit() {
    server.execute(
        "CREATE TABLE features.flights (id text, at timestamptz(3), extra bytea, PRIMARY KEY (at))",
        "ALTER TABLE features.flights OWNER TO writer");
    String differences =
        "column at is timestamp(3) with time zone and needs timestamp with time zone; it has no"
            + " column delay (integer); column extra is no feature; its primary key is (at) and"
            + " needs (id)";
    for (Runnable attempt :
        List.<Runnable>of(
            () -> store.check(FLIGHTS, true), () -> store.prepare(FLIGHTS), () -> read("a"))) {
      FsMigrateException refusal = refusal(attempt);
      assertThat(refusal.exitCode()).isEqualTo(ExitCode.REFUSED);
      assertThat(refusal.code()).isEqualTo("STORE_SCHEMA_DIFFERS");
      assertThat(refusal).hasMessageContaining(differences);
    }
  }

  @Test
  void takesATableOfSomebodyElseWithRoomForEveryValue() {
    server.execute(
        "CREATE TABLE features.flights (price numeric, text varchar COLLATE \"en-x-icu\","
            + " id text COLLATE \"POSIX\" PRIMARY KEY, at timestamptz NOT NULL)",
        "ALTER TABLE features.flights OWNER TO writer");
    VersionedGroup target = OnlineTargets.of("text", "string", "price", "decimal(6,2)");

    write(
        target,
        OnlineRecord.of("a", NOON, "a", new BigDecimal("1.5")),
        OnlineRecord.of("a", NOON, "B", new BigDecimal("9.5")));

    assertThat(server.rows("SELECT text, price FROM features.flights")).containsExactly("a|1.50");
  }

  @Test
  void refusesWhatNoTableCanHave() {
    VersionedGroup target =
        OnlineTargets.of("xmin", "int", "n".repeat(64), "int", "é".repeat(31), "int");

    FsMigrateException refusal = refusal(() -> store.check(target, false));

    assertThat(refusal.code()).isEqualTo("POSTGRES_TABLE_NOT_POSSIBLE");
    assertThat(refusal).hasMessageContaining("nnn").hasMessageContaining("xmin");
    assertThat(refusal.getMessage()).doesNotContain("ééé");
  }

  @Test
  void aTableIsMadeOnlyWhereThatIsAskedFor() {
    OnlineStore strict = SharedPostgres.store(Map.of("create-table", "false"));
    for (Runnable attempt :
        List.<Runnable>of(() -> strict.check(FLIGHTS, false), () -> strict.prepare(FLIGHTS))) {
      assertThat(refusal(attempt).code()).isEqualTo("POSTGRES_TABLE_MISSING");
    }
    assertThat(server.rows("SELECT 1 FROM pg_tables WHERE schemaname = 'features'")).isEmpty();
    assertThat(strict.count(FLIGHTS)).hasValue(0);
    store.prepare(FLIGHTS);
    strict.prepare(FLIGHTS);
    strict.check(FLIGHTS, false);
  }

  @Test
  void missingSchemaAndPrivilegesAreToldBeforeTheFirstWrite() {
    assertThat(
            refusal(
                () -> SharedPostgres.store(Map.of("schema", "elsewhere")).check(FLIGHTS, false)))
        .hasMessageContaining("no schema elsewhere");
    server.execute(
        "DROP SCHEMA IF EXISTS locked CASCADE",
        "CREATE SCHEMA locked",
        "GRANT USAGE ON SCHEMA locked TO writer");
    OnlineStore locked = SharedPostgres.store(Map.of("schema", "locked"));
    assertThat(refusal(() -> locked.check(FLIGHTS, false)).getMessage())
        .contains("writer lacks CREATE on schema locked");
    assertThat(refusal(() -> locked.prepare(FLIGHTS)).code()).isEqualTo("POSTGRES_NO_PRIVILEGE");
    server.execute(
        "CREATE TABLE locked.flights (id text COLLATE \"C\" PRIMARY KEY, at timestamptz, delay"
            + " int)",
        "GRANT SELECT, INSERT ON locked.flights TO writer");
    FsMigrateException refusal = refusal(() -> locked.check(FLIGHTS, false));
    assertThat(refusal.exitCode()).isEqualTo(ExitCode.USAGE);
    assertThat(refusal.getMessage()).contains("UPDATE on table flights").doesNotContain("SELECT");
    server.execute("GRANT UPDATE ON locked.flights TO writer");
    locked.check(FLIGHTS, false);
    assertThat(refusal(() -> locked.clear(FLIGHTS)).code()).isEqualTo("POSTGRES_NO_PRIVILEGE");
  }

  @Test
  void keepsToItsRateLimitInPartsOfOneTransaction() {
    OnlineStore limited = SharedPostgres.store(Map.of("rate-limit", "1000 records/s"));
    limited.prepare(FLIGHTS);
    long begin = System.nanoTime();
    try (RecordWriter writer =
        limited.open(FLIGHTS, new WriteContext("rate-" + System.nanoTime(), 4, 1))) {
      List<WriteOutcome> outcomes = new ArrayList<>();
      writer.write(
          IntStream.range(0, 3_500).mapToObj(i -> OnlineRecord.of("k" + i, NOON, i)).toList(),
          outcomes::add);
      writer.flush();
      assertThat(outcomes).containsExactly(new WriteOutcome(3_500, 0, List.of()));
      assertThat(store.count(FLIGHTS)).hasValue(0);
      writer.commit();
    }
    // Four parts, the first of which need not wait.
    assertThat((System.nanoTime() - begin) / 1e9).isGreaterThan(2.0);
    assertThat(store.count(FLIGHTS)).hasValue(3_500);
  }

  @Test
  void aKilledWriterLeavesNothing() throws Exception {
    store.prepare(FLIGHTS);
    try (RecordWriter writer = store.open(FLIGHTS, OnlineTargets.CONTEXT)) {
      OnlineTargets.write(writer, List.of(OnlineRecord.of("a", NOON, 1)));
      // Its machine is gone: the server ends what it had begun.
      server.execute(
          "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
              + " WHERE application_name = 'fs-migrate'");
      assertThat(store.count(FLIGHTS)).hasValue(0);
      assertNothingIsLeft();
      // This one still lives, and begins again.
      writer.commit();
    }
    assertThat(store.count(FLIGHTS)).hasValue(1);
  }

  @Test
  void clearingLetsReadersGoOn() throws Exception {
    write(FLIGHTS, OnlineRecord.of("a", NOON, 1), OnlineRecord.of("b", NOON, 1));
    try (var reader = server.connect("postgres");
        var statement = reader.createStatement()) {
      reader.setAutoCommit(false);
      reader.setTransactionIsolation(java.sql.Connection.TRANSACTION_REPEATABLE_READ);
      statement.executeQuery("SELECT count(*) FROM features.flights").close();

      assertThat(store.clear(FLIGHTS)).isEqualTo(2);

      try (var rows = statement.executeQuery("SELECT count(*) FROM features.flights")) {
        rows.next();
        assertThat(rows.getInt(1)).isEqualTo(2);
      }
    }
    assertThat(store.count(FLIGHTS)).hasValue(0);
  }

  @Test
  void readingByAnIdentifierOfAnotherTypeIsTheCallersMistake() {
    assertThatThrownBy(() -> store.read(FLIGHTS, List.of(7), r -> {}))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("flights@1.0.0");
  }

  private void assertNothingIsLeft() {
    assertThat(server.rows("SELECT relname FROM pg_class WHERE relname LIKE 'fs_migrate%'"))
        .isEmpty();
  }

  private List<OnlineRecord> read(Object... ids) {
    List<OnlineRecord> records = new ArrayList<>();
    store.read(FLIGHTS, List.of(ids), records::add);
    return records;
  }

  private WriteOutcome write(VersionedGroup target, OnlineRecord... batch) {
    store.prepare(target);
    try (RecordWriter writer = store.open(target, OnlineTargets.CONTEXT)) {
      WriteOutcome outcome = OnlineTargets.write(writer, List.of(batch));
      writer.commit();
      return outcome;
    }
  }

  private static FsMigrateException refusal(Runnable attempt) {
    return catchThrowableOfType(FsMigrateException.class, attempt::run);
  }
}
