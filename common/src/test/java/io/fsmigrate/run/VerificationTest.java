package io.fsmigrate.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fsmigrate.branch.TablePointer;
import io.fsmigrate.online.StaleCheck;
import io.fsmigrate.testkit.SparkExtension;
import io.fsmigrate.verify.FeatureSummary;
import io.fsmigrate.verify.OfflineVerdict;
import io.fsmigrate.verify.RowVerdict;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** All look at one migrated house; what one changes, the next finds as it was. */
@ExtendWith(SparkExtension.class)
class VerificationTest {
  private static final String ROWS =
      "SELECT concat('v', id % 20) AS id, timestamp_seconds(1767225600 + id) AS at, id AS n,"
          + " if(id % 10 = 3, NULL, id / 4D) AS x FROM range(100)";

  @TempDir private static Path directory;

  private static MigrationHouse house;
  private static String source;
  private static String migrated;
  private static TablePointer table;
  private static List<String> rows;
  private static String records;

  @BeforeAll
  static void migrate(SparkSession spark) {
    house = new MigrationHouse(directory, spark);
    source = house.parquet("visits", ROWS, 2);
    migrated = house.migrate(MigrationHouse.request(source, "visits@2.0.0")).run();
    table = house.branches().head("main").orElseThrow().tables().get("visits");
    rows = MigrationHouse.text(house.visible("main"));
    records =
        house
            .verifyPlanner()
            .plan(MigrationHouse.verification(migrated))
            .plan()
            .online()
            .get(0)
            .place();
  }

  /** Changes the table as the migration left it, and has the branch show what became of it. */
  private static void change(String... statements) {
    house.show(table);
    List<String> all = new ArrayList<>();
    all.add("RESTORE TABLE TO VERSION AS OF " + table.version());
    all.addAll(List.of(statements));
    house.change(all.toArray(String[]::new));
  }

  private static void changeStore(String database, String... statements) throws SQLException {
    try (Connection connection =
            DriverManager.getConnection("jdbc:sqlite:" + house.dir().resolve(database));
        Statement statement = connection.createStatement()) {
      for (String each : statements) {
        statement.executeUpdate(each.replace("RECORDS", '"' + records + '"'));
      }
    }
  }

  private static VerifyRequest addresses(
      Map<String, String> tolerances, boolean everyRow, List<RowVerdict> repair) {
    return addresses(tolerances, everyRow, repair, Optional.of(List.of()));
  }

  private static VerifyRequest addresses(
      Map<String, String> tolerances,
      boolean everyRow,
      List<RowVerdict> repair,
      Optional<List<String>> stores) {
    return new VerifyRequest(
        Optional.empty(),
        Optional.of(source),
        Optional.of("visits@2.0.0"),
        Optional.empty(),
        List.of(),
        stores,
        1,
        tolerances,
        everyRow,
        1000,
        repair);
  }

  private static OfflineVerdict tables(Map<String, String> tolerances, boolean everyRow) {
    return house
        .verify(addresses(tolerances, everyRow, List.of()), event -> {})
        .offline()
        .orElseThrow();
  }

  /**
   * Both rows are of one record identifier, so their differences cancel in the sum of its bucket,
   * and only rows one by one show them.
   */
  @Test
  void whatIsWithinATolerancesIsNoDifference() {
    change(
        "UPDATE TABLE SET x = x + 0.2 WHERE n = 28", "UPDATE TABLE SET x = x - 0.2 WHERE n = 48");

    OfflineVerdict strict = tables(Map.of(), false);
    OfflineVerdict tolerant = tables(Map.of("x", "0.25"), true);
    OfflineVerdict everyRow = tables(Map.of("x", "0.1"), true);

    assertThat(strict.different()).isEqualTo(2);
    assertThat(tolerant.different()).isZero();
    assertThat(tolerant.tolerated()).isEqualTo(2);
    assertThat(everyRow.different()).isEqualTo(2);
    assertThat(tables(Map.of("x", "0.1"), false).different()).isZero();
    FeatureSummary x = strict.features().get(3);
    assertThat(x.feature()).isEqualTo("x");
    assertThat(x.matchRate()).contains(1 - 2 / 100.0);
    assertThat(x.expectedNullRate().orElseThrow()).isEqualTo(0.1);
    assertThat(x.expectedMinimum()).contains("0.0");
    assertThat(x.expectedMaximum()).contains("24.75");
    assertThat(x.expectedMean()).isPresent();
    double first = 2 * Math.abs(7.2 - 7.0) / (7.2 + 7.0);
    double second = 2 * Math.abs(11.8 - 12.0) / (11.8 + 12.0);
    assertThat(x.smape().orElseThrow())
        .isCloseTo((first + second) / 90, org.assertj.core.data.Offset.offset(1e-9));
    assertThat(strict.expectedNewest()).contains("2026-01-01T00:01:39Z");
  }

  @Test
  void tolerancesThatFitNothingAreRefused() {
    assertThatThrownBy(() -> tables(Map.of("y", "1"), false)).hasMessageContaining("y");
    assertThatThrownBy(() -> tables(Map.of("at", "5s"), false)).hasMessageContaining("paired");
    assertThatThrownBy(() -> tables(Map.of("x", "5s"), false)).hasMessageContaining("0.001");
    assertThatThrownBy(() -> tables(Map.of("big", "1"), false)).hasMessageContaining("boolean");
  }

  @Test
  void aRunThatAppendedShouldHaveAddedWhatWasNotThere(SparkSession spark, @TempDir Path elsewhere) {
    MigrationHouse other = new MigrationHouse(elsewhere, spark);
    other.migrate(
        MigrationHouse.request(
            other.parquet("some", ROWS.replace("range(100)", "range(60)"), 1), "visits@2.0.0"));
    String more = other.parquet("more", ROWS.replace("range(100)", "range(40, 80)"), 1);
    String appended = other.migrate(MigrationHouse.request(more, "visits@2.0.0")).run();

    VerifyReport report = other.verify(MigrationHouse.verification(appended), event -> {});

    assertThat(report.offline().orElseThrow().expectedRows()).isEqualTo(80);
    assertThat(report.offline().orElseThrow().differences()).isZero();
    assertThat(report.online().get(0).same()).isEqualTo(20);
    assertThat(report.exitCode()).isZero();
  }

  /** The first try ends when one side is added up; the second does not read it again. */
  @Test
  void whatIsComparedIsNotComparedAgain() {
    assertThatThrownBy(
            () ->
                house.verify(
                    MigrationHouse.verification(migrated),
                    event -> {
                      if (event.kind() == RunEvent.Kind.RECORDED) {
                        throw new IllegalStateException("the process ends here");
                      }
                    }))
        .hasMessageContaining("ends here");
    String run = house.newestRun().id();
    List<String> events = new ArrayList<>();

    VerifyReport report =
        house.resumeVerification(
            run, event -> events.add(event.kind() + " " + event.store() + " " + event.units()));

    assertThat(events).contains("SKIPPED offline [expected]", "RECORDED offline [actual]");
    assertThat(events).doesNotContain("RECORDED offline [expected]");
    assertThat(report.run()).isEqualTo(run);
    assertThat(report.expected()).containsEntry("accepted", 100L);
    assertThat(report.state()).isEqualTo(RunState.FINISHED);
  }

  /**
   * The process ends when the branch shows the repaired table, and the next when the store is
   * repaired: the third does neither again. What the store refuses is kept, once.
   */
  @Test
  void aRepairIsTakenUpWhereItEnded() throws Exception {
    change(
        "UPDATE TABLE SET x = 0 WHERE n = 8",
        "DELETE FROM TABLE WHERE n = 9",
        "INSERT INTO TABLE SELECT * FROM TABLE WHERE n = 10");
    changeStore(
        "online.db",
        "DELETE FROM RECORDS WHERE id IN ('v1', 'v3')",
        "UPDATE RECORDS SET x = -1 WHERE id = 'v2'",
        "CREATE TRIGGER refuses BEFORE INSERT ON RECORDS WHEN NEW.id = 'v3'"
            + " BEGIN SELECT RAISE(ABORT, 'no'); END");
    VerifyRequest table =
        addresses(Map.of(), false, List.of(RowVerdict.values()), Optional.of(List.of()));
    VerifyRequest online =
        addresses(
            Map.of(),
            false,
            List.of(RowVerdict.MISSING, RowVerdict.DIFFERENT),
            Optional.of(List.of("online")));

    assertThatThrownBy(() -> house.verify(table, endingAt(RunEvent.Kind.REF_MOVED)))
        .hasMessageContaining("ends here");
    String head = house.branches().head("main").orElseThrow().id();
    VerifyReport tableRepaired = house.resumeVerification(house.newestRun().id(), event -> {});
    assertThatThrownBy(() -> house.verify(online, endingAt(RunEvent.Kind.ONLINE_WRITTEN)))
        .hasMessageContaining("ends here");
    String run = house.newestRun().id();
    List<RunEvent.Kind> events = new ArrayList<>();
    VerifyReport onlineRepaired = house.resumeVerification(run, event -> events.add(event.kind()));

    RepairReport repaired = tableRepaired.repair().orElseThrow();
    assertThat(repaired.changes()).hasSize(3);
    assertThat(repaired.left()).isZero();
    assertThat(tableRepaired.exitCode()).isZero();
    assertThat(MigrationHouse.text(house.visible("main"))).isEqualTo(rows);
    assertThat(repaired.branchCommit()).contains(head);
    assertThat(house.branches().head("main").orElseThrow().id()).isEqualTo(head);

    assertThat(onlineRepaired.online().get(0).missing()).isEqualTo(2);
    assertThat(onlineRepaired.online().get(0).different()).isEqualTo(1);
    assertThat(events).doesNotContain(RunEvent.Kind.ONLINE_WRITTEN);
    RepairReport store = onlineRepaired.repair().orElseThrow();
    assertThat(store.online().get("online")).containsEntry("repaired", 2L);
    assertThat(store.online().get("online")).containsEntry("refused", 1L);
    assertThat(store.remaining().get("online").missing()).isEqualTo(1);
    assertThat(store.failedRecords()).isPresent();
    assertThat(onlineRepaired.exitCode()).isEqualTo(5);
    List<String> refused = new ArrayList<>();
    house
        .failedRecordList()
        .read(
            run,
            record ->
                refused.add(
                    record.get("store").asText()
                        + " "
                        + record.get("code").asText()
                        + " "
                        + record.at("/original/id").asText()));
    assertThat(refused).containsExactly("online CONSTRAINT v3");

    changeStore("online.db", "DROP TRIGGER refuses");
    assertThat(house.verify(online, event -> {}).repair().orElseThrow().left()).isZero();
  }

  private static RunListener endingAt(RunEvent.Kind kind) {
    return event -> {
      if (event.kind() == kind) {
        throw new IllegalStateException("the process ends here");
      }
    };
  }

  @Test
  void aPublicationIsComparedInItsStoresAlone() throws Exception {
    house.show(table);
    String published =
        house
            .publish(
                new PublishRequest(
                    "visits", List.of("second"), WriteMode.APPEND, false, StaleCheck.NONE),
                event -> {})
            .run();

    VerifyReport same = house.verify(MigrationHouse.verification(published), event -> {});
    changeStore("second.db", "DELETE FROM RECORDS WHERE id = 'v4'");
    VerifyReport repaired =
        house.verify(
            MigrationHouse.verification(
                Optional.of(published), Map.of(), false, List.of(RowVerdict.MISSING)),
            event -> {});

    assertThat(same.verifiedRun()).contains(published);
    assertThat(same.offline()).isEmpty();
    assertThat(same.online().get(0).store()).isEqualTo("second");
    assertThat(same.online().get(0).same()).isEqualTo(20);
    assertThat(same.exitCode()).isZero();
    assertThat(repaired.online().get(0).missing()).isEqualTo(1);
    assertThat(repaired.repair().orElseThrow().online().get("second"))
        .containsEntry("repaired", 1L);
    assertThat(repaired.exitCode()).isZero();
  }
}
