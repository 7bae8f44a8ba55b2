package io.fsmigrate.online;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.fsmigrate.error.ExitCode;
import io.fsmigrate.error.FsMigrateException;
import io.fsmigrate.feature.VersionedGroup;
import io.fsmigrate.testkit.DirectoryListing;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SqliteOnlineStoreTest extends OnlineStoreContract {
  private static final Instant NOON = Instant.parse("2001-06-30T12:00:00Z");
  private static final VersionedGroup FLIGHTS = OnlineTargets.of("delay", "int");

  @TempDir private Path directory;

  @Override
  OnlineStore store() {
    return store(database(), Map.of());
  }

  private Path database() {
    // What a driver or a URI could take for something else.
    return directory.resolve("online a?b=c%20#é.db");
  }

  private static OnlineStore store(Path path, Map<String, String> more) {
    Map<String, String> settings = new java.util.HashMap<>(more);
    settings.putIfAbsent("table", "{group}");
    settings.put("path", path.toString());
    return OnlineStores.of(new OnlineStoreDefinition("local", "sqlite", settings));
  }

  @Test
  void otherToolsSeeFeaturesAsColumns() throws SQLException {
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
            "missing",
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
            null,
            0.5f,
            new BigDecimal("9.5"),
            LocalDate.of(2001, 6, 30),
            new byte[] {1, 2},
            NOON.plusNanos(1_000),
            Map.of("b", 2, "a", 1)));

    assertThat(rows("SELECT * FROM flights"))
        .containsExactly(
            "JFK-LAX|2001-06-30T23:59:00Z|1|-5|NaN|null|0.5|9.50|2001-06-30|0102|"
                + "2001-06-30T12:00:00.000001Z|{\"a\":1,\"b\":2}");
    assertThat(rows("SELECT name, type, \"notnull\", pk FROM pragma_table_info('flights')"))
        .containsExactly(
            "route|TEXT|1|1",
            "departed_at|TEXT|1|0",
            "is_long_haul|INTEGER|0|0",
            "delay_minutes|INTEGER|0|0",
            "score|REAL|0|0",
            "missing|REAL|0|0",
            "ratio|REAL|0|0",
            "price|TEXT|0|0",
            "day|TEXT|0|0",
            "raw|BLOB|0|0",
            "seen|TEXT|0|0",
            "tags|TEXT|0|0");
    assertThat(rows("PRAGMA journal_mode")).containsExactly("wal");
  }

  @Test
  void keepsTheDatabaseInOneFileBetweenRuns() {
    write(FLIGHTS, OnlineRecord.of("a", NOON, 1));

    assertThat(directory.toFile().list()).containsExactly(database().getFileName().toString());
  }

  @Test
  void theTableCanBeNamed() throws SQLException {
    OnlineStore store = store(database(), Map.of("table", "served"));
    store.prepare(FLIGHTS);

    assertThat(rows("SELECT name FROM sqlite_master WHERE type = 'table'"))
        .containsExactly("served");
    assertThat(store.count(FLIGHTS)).hasValue(0);
  }

  @Test
  void checkingAndReadingLeaveNoTrace() throws IOException {
    store().check(FLIGHTS, false);
    assertThat(store().count(FLIGHTS)).hasValue(0);
    assertThat(directory).isEmptyDirectory();
    write(FLIGHTS, OnlineRecord.of("a", NOON, 1));
    DirectoryListing before = DirectoryListing.of(directory);

    store().check(FLIGHTS, false);
    assertThat(store().count(FLIGHTS)).hasValue(1);
    assertThat(content(FLIGHTS, "a")).hasSize(1);

    assertThat(DirectoryListing.of(directory)).isEqualTo(before);
  }

  @Test
  void aBucketIsSeenWholeAfterItsCommitAndNotAtAllBefore() {
    store().prepare(FLIGHTS);
    try (RecordWriter writer = store().open(FLIGHTS, OnlineTargets.CONTEXT)) {
      OnlineTargets.write(writer, List.of(OnlineRecord.of("a", NOON, 1)));
      OnlineTargets.write(writer, List.of(OnlineRecord.of("b", NOON, 1)));
      assertThat(store().count(FLIGHTS)).hasValue(0);
      writer.commit();
      assertThat(store().count(FLIGHTS)).hasValue(2);
      OnlineTargets.write(writer, List.of(OnlineRecord.of("c", NOON, 1)));
    }
    assertThat(store().count(FLIGHTS)).hasValue(2);
  }

  @Test
  void aConstraintOfTheTableFailsItsRecordAndCountsTheOthersOnce() throws SQLException {
    execute(
        "CREATE TABLE flights (ID VARCHAR(20) PRIMARY KEY COLLATE BINARY, at TEXT,"
            + " delay INT CHECK (delay >= 0))");
    WriteOutcome outcome =
        write(
            FLIGHTS,
            OnlineRecord.of("a", NOON, 1),
            OnlineRecord.of("a", NOON, 2),
            OnlineRecord.of("b", NOON, -1),
            OnlineRecord.of(null, NOON, 0),
            OnlineRecord.of("a", NOON, 1));

    assertThat(outcome.written()).isEqualTo(2);
    assertThat(outcome.stale()).isEqualTo(1);
    assertThat(outcome.failed()).extracting(FailedWrite::index).containsExactly(2, 3);
    assertThat(outcome.failed().get(0).code()).isEqualTo("CONSTRAINT");
    assertThat(outcome.failed().get(0).reason()).contains("delay >= 0");
    assertThat(rows("SELECT id, delay FROM flights")).containsExactly("a|2");
  }

  @Test
  void aTableWithAnotherCollationStillFollowsTheTieRule() throws SQLException {
    execute("CREATE TABLE flights (id TEXT PRIMARY KEY, at TEXT, note TEXT COLLATE NOCASE)");
    VersionedGroup target = OnlineTargets.of("note", "string", "n", "int");
    execute("ALTER TABLE flights ADD COLUMN n INTEGER");

    write(target, OnlineRecord.of("a", NOON, "a", 1), OnlineRecord.of("a", NOON, "A", 2));

    assertThat(content(target, "a")).containsExactly(OnlineRecord.of("a", NOON, "a", 1));
  }

  @Test
  void refusesATableThatDoesNotFit() throws SQLException {
    execute("CREATE TABLE Flights (id TEXT, at INTEGER, extra BLOB, PRIMARY KEY (id, at))");
    String differences =
        "column at is INTEGER and needs TEXT; it has no column delay (INTEGER);"
            + " column extra is no feature; its primary key is (id, at) and needs (id)";

    for (Runnable attempt :
        List.<Runnable>of(
            () -> store().check(FLIGHTS, false),
            () -> store().prepare(FLIGHTS),
            () -> content(FLIGHTS, "a"))) {
      FsMigrateException refusal = refusal(attempt);
      assertThat(refusal.exitCode()).isEqualTo(ExitCode.REFUSED);
      assertThat(refusal.code()).isEqualTo("STORE_SCHEMA_DIFFERS");
      assertThat(refusal).hasMessageContaining(differences).hasMessageContaining("flights@1.0.0");
    }
  }

  @Test
  void refusesAViewAndADatabaseInAnotherEncoding() throws SQLException {
    execute(
        "PRAGMA encoding = 'UTF-16le'", "CREATE VIEW flights AS SELECT 'a' id, 'b' at, 1 delay");

    assertThat(refusal(() -> store().check(FLIGHTS, false)))
        .hasMessageContaining("it is a view")
        .hasMessageContaining("orders text by UTF-16le");
  }

  @Test
  void refusesACluster() {
    FsMigrateException refusal = refusal(() -> store().check(FLIGHTS, true));

    assertThat(refusal.code()).isEqualTo("STORE_NEEDS_LOCAL_MASTER");
    assertThat(refusal.exitCode()).isEqualTo(ExitCode.USAGE);
    assertThat(directory).isEmptyDirectory();
  }

  @Test
  void refusesPlacesItCannotWriteTo() throws IOException {
    Path file =
        Files.writeString(
            directory.resolve("text"),
            "not a database, but long enough to have a header of its own");

    assertThat(
            refusal(
                () -> store(directory.resolve("none/online.db"), Map.of()).check(FLIGHTS, false)))
        .hasMessageContaining("the directory " + directory.resolve("none") + " does not exist");
    assertThat(refusal(() -> store(directory, Map.of()).check(FLIGHTS, false)))
        .hasMessageContaining("it is a directory");
    assertThat(
            refusal(() -> store(file.resolve("online.db"), Map.of()).check(FLIGHTS, false)).code())
        .isEqualTo("STORE_NOT_WRITABLE");
    assertThat(refusal(() -> store(file, Map.of()).check(FLIGHTS, false)).code())
        .isEqualTo("STORE_NOT_A_DATABASE");
    // A file system on which nobody, root included, can create a file.
    assertThat(refusal(() -> store(Path.of("/proc/online.db"), Map.of()).check(FLIGHTS, false)))
        .hasMessageContaining("/proc/online.db: cannot be written because");
    assertThat(directory.toFile().list()).containsExactly("text");
  }

  @Test
  void aLockHeldTooLongCanBeResumedAfter() throws SQLException {
    OnlineStore impatient = store(database(), Map.of("busy-timeout-ms", "20"));
    impatient.prepare(FLIGHTS);
    try (RecordWriter holder = store().open(FLIGHTS, OnlineTargets.CONTEXT);
        RecordWriter waiting = impatient.open(FLIGHTS, OnlineTargets.CONTEXT)) {
      OnlineTargets.write(holder, List.of(OnlineRecord.of("a", NOON, 1)));

      FsMigrateException locked =
          refusal(() -> OnlineTargets.write(waiting, List.of(OnlineRecord.of("b", NOON, 1))));

      assertThat(locked.exitCode()).isEqualTo(ExitCode.UNAVAILABLE);
      assertThat(locked.code()).isEqualTo("STORE_LOCKED");
      assertThat(locked)
          .hasMessageContaining(database().toString())
          .hasMessageContaining("20 ms")
          .hasMessageContaining("can be resumed");
      assertThatThrownBy(waiting::commit).isInstanceOf(IllegalStateException.class);
      holder.commit();
    }
    assertThat(rows("SELECT id FROM flights")).containsExactly("a");
    assertThat(write(FLIGHTS, OnlineRecord.of("b", NOON, 1)).written()).isEqualTo(1);
  }

  @Test
  void aStoreThatFailsInTheMiddleKeepsNothingOfTheBucket() throws SQLException {
    store().prepare(FLIGHTS);
    execute(
        "CREATE TRIGGER stop BEFORE INSERT ON flights WHEN new.delay = 13"
            + " BEGIN SELECT RAISE(ROLLBACK, 'disk is gone'); END");
    try (RecordWriter writer = store().open(FLIGHTS, OnlineTargets.CONTEXT)) {
      OnlineTargets.write(writer, List.of(OnlineRecord.of("a", NOON, 1)));

      FsMigrateException failure =
          refusal(() -> OnlineTargets.write(writer, List.of(OnlineRecord.of("b", NOON, 13))));

      assertThat(failure.exitCode()).isEqualTo(ExitCode.UNAVAILABLE);
      assertThat(failure)
          .hasMessageContaining("disk is gone")
          .hasMessageContaining("can be resumed");
    }
    assertThat(store().count(FLIGHTS)).hasValue(0);
  }

  @Test
  void writingToWhatIsNotPreparedIsUnavailable() throws SQLException {
    assertThat(refusal(() -> store().open(FLIGHTS, OnlineTargets.CONTEXT)).exitCode())
        .isEqualTo(ExitCode.UNAVAILABLE);
    assertThat(directory).isEmptyDirectory();
    execute("CREATE TABLE other (a)");
    assertThat(refusal(() -> store().open(FLIGHTS, OnlineTargets.CONTEXT)))
        .hasMessageContaining("no such table");
    assertThat(store().count(FLIGHTS)).hasValue(0);
  }

  @Test
  void readingByAnIdentifierOfAnotherTypeIsTheCallersMistake() {
    assertThatThrownBy(() -> content(FLIGHTS, 7))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("flights@1.0.0");
  }

  @Test
  void aRecordIdentifierAloneIsEnough() {
    VersionedGroup target = OnlineTargets.target("days", "day", "day", "day", "date");
    OnlineRecord day = OnlineRecord.of(LocalDate.of(2001, 6, 30));

    assertThat(write(target, day, day)).isEqualTo(new WriteOutcome(2, 0, List.of()));
    assertThat(content(target, LocalDate.of(2001, 6, 30))).containsExactly(day);
  }

  private static FsMigrateException refusal(Runnable attempt) {
    return catchThrowableOfType(FsMigrateException.class, attempt::run);
  }

  private void execute(String... statements) throws SQLException {
    try (Connection connection = connect();
        Statement statement = connection.createStatement()) {
      for (String sql : statements) {
        statement.execute(sql);
      }
    }
  }

  private List<String> rows(String query) throws SQLException {
    List<String> rows = new ArrayList<>();
    try (Connection connection = connect();
        Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery(query)) {
      while (result.next()) {
        List<String> columns = new ArrayList<>();
        for (int i = 1; i <= result.getMetaData().getColumnCount(); i++) {
          columns.add(
              result.getObject(i) instanceof byte[] bytes
                  ? java.util.HexFormat.of().formatHex(bytes)
                  : String.valueOf(result.getObject(i)));
        }
        rows.add(String.join("|", columns));
      }
    }
    return rows;
  }

  private Connection connect() throws SQLException {
    return DriverManager.getConnection("jdbc:sqlite:" + database().toUri());
  }
}
