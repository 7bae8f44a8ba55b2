package io.fsmigrate.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fsmigrate.testkit.SparkExtension;
import io.fsmigrate.verify.FeatureSummary;
import io.fsmigrate.verify.OfflineVerdict;
import io.fsmigrate.verify.RowVerdict;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@ExtendWith(SparkExtension.class)
class VerificationTest {
  private static final String ROWS =
      "SELECT concat('v', id % 20) AS id, timestamp_seconds(1767225600 + id) AS at, id AS n,"
          + " if(id % 10 = 3, NULL, id / 4D) AS x FROM range(100)";

  @TempDir private Path directory;

  private MigrationHouse house;
  private String source;
  private String migrated;

  @BeforeEach
  void migrate(SparkSession spark) {
    house = new MigrationHouse(directory, spark);
    source = house.parquet("visits", ROWS, 2);
    migrated = house.migrate(MigrationHouse.request(source, "visits@2.0.0")).run();
  }

  private VerifyRequest addresses(
      Map<String, String> tolerances, boolean everyRow, List<RowVerdict> repair) {
    return new VerifyRequest(
        Optional.empty(),
        Optional.of(source),
        Optional.of("visits@2.0.0"),
        Optional.empty(),
        List.of(),
        Optional.of(List.of()),
        1,
        tolerances,
        everyRow,
        1000,
        repair);
  }

  private OfflineVerdict tables(Map<String, String> tolerances, boolean everyRow) {
    return house
        .verify(addresses(tolerances, everyRow, List.of()), event -> {})
        .offline()
        .orElseThrow();
  }

  /** Row 8 is 2.0 and becomes 2.2, row 12 is 3.0 and becomes 2.8: within their bucket or apart. */
  @Test
  void whatIsWithinATolerancesIsNoDifference() {
    house.change(
        "UPDATE TABLE SET x = x + 0.2 WHERE n = 8", "UPDATE TABLE SET x = x - 0.2 WHERE n = 28");

    OfflineVerdict strict = tables(Map.of(), false);
    OfflineVerdict tolerant = tables(Map.of("x", "0.25"), false);
    OfflineVerdict everyRow = tables(Map.of("x", "0.1"), true);

    assertThat(strict.different()).isEqualTo(2);
    assertThat(tolerant.different()).isZero();
    assertThat(everyRow.different()).isEqualTo(2);
    FeatureSummary x = strict.features().get(3);
    assertThat(x.feature()).isEqualTo("x");
    assertThat(x.matchRate()).contains(1 - 2 / 100.0);
    assertThat(x.expectedNullRate().orElseThrow()).isEqualTo(0.1);
    assertThat(x.expectedMinimum()).contains("0.0");
    assertThat(x.expectedMaximum()).contains("24.75");
    assertThat(x.expectedMean()).isPresent();
    double first = 2 * Math.abs(2.2 - 2.0) / (2.2 + 2.0);
    double second = 2 * Math.abs(6.8 - 7.0) / (6.8 + 7.0);
    assertThat(x.smape().orElseThrow())
        .isCloseTo((first + second) / 90, org.assertj.core.data.Offset.offset(1e-9));
    assertThat(strict.expectedNewest()).contains("2026-01-01T00:01:39Z");
  }

  /** Differences of both signs cancel in the sum of a bucket; only rows one by one show them. */
  @Test
  void whatCancelsInABucketIsSeenByEveryRowAlone() {
    house.change(
        "UPDATE TABLE SET x = x + 0.2 WHERE n = 28", "UPDATE TABLE SET x = x - 0.2 WHERE n = 48");

    assertThat(tables(Map.of("x", "0.1"), false).different()).isZero();
    assertThat(tables(Map.of("x", "0.1"), true).different()).isEqualTo(2);
  }

  @Test
  void tolerancesThatFitNothingAreRefused() {
    assertThatThrownBy(() -> tables(Map.of("y", "1"), false)).hasMessageContaining("y");
    assertThatThrownBy(() -> tables(Map.of("at", "5s"), false)).hasMessageContaining("paired");
    assertThatThrownBy(() -> tables(Map.of("x", "5s"), false)).hasMessageContaining("0.001");
    assertThatThrownBy(() -> tables(Map.of("big", "1"), false)).hasMessageContaining("boolean");
  }

  @Test
  void aRunThatAppendedShouldHaveAddedWhatWasNotThere() {
    String more = house.parquet("more", ROWS.replace("range(100)", "range(50, 120)"), 1);
    String appended = house.migrate(MigrationHouse.request(more, "visits@2.0.0")).run();

    VerifyReport report = house.verify(MigrationHouse.verification(appended), event -> {});

    assertThat(report.offline().orElseThrow().expectedRows()).isEqualTo(120);
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

  @Test
  void tableAndStoreAreRepaired() throws Exception {
    List<String> before = MigrationHouse.text(house.visible("main"));
    house.change(
        "UPDATE TABLE SET x = 0 WHERE n = 8",
        "DELETE FROM TABLE WHERE n = 9",
        "INSERT INTO TABLE SELECT * FROM TABLE WHERE n = 10");
    String records =
        house
            .verifyPlanner()
            .plan(MigrationHouse.verification(migrated))
            .plan()
            .online()
            .get(0)
            .place();
    try (Connection store =
        DriverManager.getConnection("jdbc:sqlite:" + house.dir().resolve("online.db"))) {
      store
          .createStatement()
          .executeUpdate("DELETE FROM \"%s\" WHERE id = 'v1'".formatted(records));
      store
          .createStatement()
          .executeUpdate("UPDATE \"%s\" SET x = -1 WHERE id = 'v2'".formatted(records));
    }

    VerifyReport table =
        house.verify(addresses(Map.of(), false, List.of(RowVerdict.values())), event -> {});
    VerifyReport online =
        house.verify(
            MigrationHouse.verification(
                Optional.of(migrated),
                Map.of(),
                false,
                List.of(RowVerdict.MISSING, RowVerdict.DIFFERENT)),
            event -> {});

    assertThat(table.repair().orElseThrow().changes()).hasSize(3);
    assertThat(table.repair().orElseThrow().left()).isZero();
    assertThat(table.exitCode()).isZero();
    assertThat(MigrationHouse.text(house.visible("main"))).isEqualTo(before);
    assertThat(online.online().get(0).missing()).isEqualTo(1);
    assertThat(online.online().get(0).different()).isEqualTo(1);
    assertThat(online.repair().orElseThrow().online().get("online")).containsEntry("repaired", 2L);
    assertThat(online.repair().orElseThrow().left()).isZero();
    assertThat(online.exitCode()).isZero();
  }
}
