package io.fsmigrate.run;

import static io.fsmigrate.run.MigrationHouse.request;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fsmigrate.error.ExitCode;
import io.fsmigrate.error.FsMigrateException;
import io.fsmigrate.testkit.InputMetrics;
import io.fsmigrate.testkit.SparkExtension;
import java.nio.file.Path;
import java.util.List;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** How failed rows get from the source to the failed records, and what they cost. */
@ExtendWith(SparkExtension.class)
class FailedRowsTest {
  /** Of 100 rows two do not fit an int and four break the rule. */
  private static final String ROWS =
      """
      SELECT concat('r', id) AS id, timestamp_seconds(1767225600 + id) AS at,
             CASE WHEN mod(id, 50) = 17 THEN 3000000000 + id WHEN mod(id, 50) < 2 THEN -id - 1 ELSE id END AS n,
             id / 4D AS x%s
      FROM range(100)
      """;

  private static final List<String> FAILED =
      List.of(
          "CAST|n|3000000017|r17",
          "CAST|n|3000000067|r67",
          "CONTRACT|n|-1|r0",
          "CONTRACT|n|-2|r1",
          "CONTRACT|n|-51|r50",
          "CONTRACT|n|-52|r51");

  @TempDir Path dir;
  private final SparkSession spark;

  FailedRowsTest(SparkSession spark) {
    this.spark = spark;
  }

  @Test
  void aFewFailedRowsCostNoSecondReading() {
    MigrationHouse house = new MigrationHouse(dir, spark);
    MigrateRequest request =
        request(house.parquet("rows", ROWS.formatted(""), 4), "feature/x:visits@2.0.0");

    long read = recordsRead(house, request);

    // Once by the migration; what is accepted, once more for the online store.
    assertThat(read).isEqualTo(100 + 94);
    assertThat(failed(house)).isEqualTo(FAILED);
  }

  @Test
  void columnsThatTheMigrationLeavesAreReadForFailedRowsOnlyWhereThereAreSome() {
    MigrationHouse house = new MigrationHouse(dir, spark);
    String wide = ROWS.formatted(", 'a' AS a, 'b' AS b, 'c' AS c, 'd' AS d");
    MigrateRequest request = request(house.parquet("rows", wide, 4), "feature/x:visits@2.0.0");

    long read = recordsRead(house, request);

    assertThat(read).isEqualTo(2 * 100 + 94);
    assertThat(failed(house)).isEqualTo(FAILED);
    assertThat(originals(house)).allMatch(original -> original.contains("\"d\":\"d\""));
  }

  @Test
  void theLedgerHasWhatAStoppedRunCounted() {
    MigrationHouse house = new MigrationHouse(dir, spark);
    String bad = ROWS.formatted("").replace("mod(id, 50) < 2", "mod(id, 50) < 40");
    MigrateRequest request = request(house.parquet("rows", bad, 1), "feature/x:visits@2.0.0");

    assertThatThrownBy(() -> house.migrate(request))
        .isInstanceOfSatisfying(
            FsMigrateException.class,
            e -> assertThat(e.exitCode()).isEqualTo(ExitCode.TOO_MANY_FAILURES))
        .hasMessageContaining("80 records failed and --max-failures is 50%");

    RunRecord run = house.newestRun();
    assertThat(run.state()).isEqualTo(RunState.STOPPED);
    assertThat(run.counters())
        .containsEntry("offline.read", 100L)
        .containsEntry("offline.failed", 80L)
        .containsEntry("offline.accepted", 20L);
  }

  @Test
  void anOlderRunDoesNotTakeTheBranchBack() {
    MigrationHouse house = new MigrationHouse(dir, spark);
    String source = house.parquet("rows", ROWS.formatted(""), 2);
    MigrateRequest request = request(source, "main:visits@2.0.0");
    assertThatThrownBy(
            () ->
                house.migrate(
                    request,
                    event -> {
                      if (event.kind() == RunEvent.Kind.RECORDED) {
                        throw new IllegalStateException("the process ends");
                      }
                    }))
        .hasMessageContaining("the process ends");
    String older = house.newestRun().id();
    RunReport newer = house.migrate(request);

    assertThatThrownBy(() -> house.resume(older, event -> {}))
        .isInstanceOfSatisfying(
            FsMigrateException.class, e -> assertThat(e.code()).isEqualTo("TARGET_MOVED"));

    assertThat(house.branches().head("main").orElseThrow().tables().get("visits"))
        .isEqualTo(newer.table().orElseThrow());
  }

  private static long recordsRead(MigrationHouse house, MigrateRequest request) {
    PreparedRun prepared = house.planner().plan(request);
    try (InputMetrics input = InputMetrics.of(house.session())) {
      house
          .migrator(event -> {})
          .run(prepared, new RunOptions(10, 4, io.fsmigrate.catalog.MaxFailures.parse("50%")));
      return input.recordsRead();
    }
  }

  private static List<String> failed(MigrationHouse house) {
    return house
        .failedRecords(house.newestRun().id())
        .selectExpr(
            "concat_ws('|', code, feature, value, get_json_object(original, '$.id')) AS line")
        .collectAsList()
        .stream()
        .map(row -> row.getString(0))
        .sorted()
        .toList();
  }

  private static List<String> originals(MigrationHouse house) {
    return house.failedRecords(house.newestRun().id()).select("original").collectAsList().stream()
        .map(row -> row.getString(0))
        .toList();
  }
}
