package io.fsmigrate.run;

import static io.fsmigrate.run.MigrationHouse.request;
import static io.fsmigrate.testkit.DataFrameAssert.assertThatDataFrame;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fsmigrate.error.ExitCode;
import io.fsmigrate.error.FsMigrateException;
import io.fsmigrate.migration.JavaMigration;
import io.fsmigrate.migration.MigrationFunction;
import io.fsmigrate.testkit.SparkExtension;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Timestamp;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.api.java.function.FilterFunction;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@ExtendWith(SparkExtension.class)
class MigrationTest {
  private static final Timestamp T1 = Timestamp.valueOf("2026-01-01 00:00:00");
  private static final Timestamp T2 = Timestamp.valueOf("2026-01-02 00:00:00");

  @TempDir Path dir;
  private final SparkSession spark;
  private MigrationHouse house;

  MigrationTest(SparkSession spark) {
    this.spark = spark;
  }

  @BeforeEach
  void build() {
    house = new MigrationHouse(dir, spark);
  }

  @Test
  void aNewTableIsPlannedWrittenShownAndReported() {
    String source = rows("a", "('a', '2026-01-01', 1, 1.5D), ('b', '2026-01-02', 2, null)");
    MigrateRequest request = request(source, "visits@1.0.0");

    Plan plan = house.plan(request);
    assertThat(plan.refusals()).isEmpty();
    assertThat(plan.rows()).contains(2L);
    assertThat(plan.target().strategy()).isEqualTo(Plan.Strategy.NEW_TABLE);
    assertThat(plan.warnings())
        .contains("no migration from raw is registered; columns are taken by their names");
    assertThat(dir.resolve("warehouse")).as("planning writes nothing").doesNotExist();

    RunReport report = house.migrate(request);

    assertThat(report.state()).isEqualTo(RunState.FINISHED);
    assertThat(report.exitCode()).isZero();
    assertThat(report.offline())
        .containsEntry("read", 2L)
        .containsEntry("accepted", 2L)
        .containsEntry("written", 2L)
        .containsEntry("failed", 0L);
    assertThat(report.failedRecords()).isEmpty();
    assertThat(report.fingerprint()).isEqualTo(plan.fingerprint().hash());
    assertThatDataFrame(house.visible("main"))
        .hasSchema("id string, at timestamp, n bigint, x double")
        .containsExactlyRows(
            RowFactory.create("a", T1, 1L, 1.5), RowFactory.create("b", T2, 2L, null));
    RunRecord run = house.newestRun();
    assertThat(run.id()).isEqualTo(report.run());
    assertThat(run.state()).isEqualTo(RunState.FINISHED);
    assertThat(run.counters()).containsEntry("offline.written", 2L);
    assertThat(dir.resolve("warehouse/_fs_migrate/run/" + run.id() + "/report.json")).exists();
  }

  @Test
  void appendingAddsWhatIsNotThereAndNullsAndNanEqualThemselves() {
    String first = "('a', '2026-01-01', 1, double('NaN')), ('b', '2026-01-01', null, null)";
    house.migrate(request(rows("a", first), "visits@1.0.0"));
    String more = first + ", ('c', '2026-01-02', 3, -1.5D), ('a', '2026-01-02', 1, double('NaN'))";
    MigrateRequest append = request(rows("b", more), "visits@1.0.0");

    assertThat(house.plan(append).target().strategy()).isEqualTo(Plan.Strategy.APPEND_TO_CLONE);
    RunReport report = house.migrate(append);
    RunReport again = house.migrate(append);

    assertThat(report.offline())
        .containsEntry("accepted", 4L)
        .containsEntry("written", 2L)
        .containsEntry("unchanged", 2L);
    assertThat(again.offline()).containsEntry("written", 0L).containsEntry("unchanged", 4L);
    assertThatDataFrame(house.visible("main"))
        .containsExactlyRows(
            RowFactory.create("a", T1, 1L, Double.NaN),
            RowFactory.create("b", T1, null, null),
            RowFactory.create("c", T2, 3L, -1.5),
            RowFactory.create("a", T2, 1L, Double.NaN));
  }

  @Test
  void replacingShowsTheRowsOfTheRunOnlyAndAFilterNeedsConsent() {
    house.migrate(request(rows("a", "('a', '2026-01-01', 1, 1D)"), "visits@1.0.0"));
    String source = rows("b", "('b', '2026-01-02', 2, 2D), ('c', '2026-01-02', 3, 3D)");
    MigrateRequest filtered =
        MigrateRequest.builder(source, "visits@1.0.0")
            .mode(WriteMode.REPLACE)
            .filterQuery(Optional.of("WHERE n > 2"))
            .estimateKeys(true)
            .build();

    Plan refused = house.plan(filtered);
    assertThat(refused.refusals()).singleElement().asString().contains("--allow-partial");
    assertThat(refused.distinctRecords()).contains(1L);
    assertThatThrownBy(() -> house.migrate(filtered))
        .isInstanceOfSatisfying(
            FsMigrateException.class, e -> assertThat(e.exitCode()).isEqualTo(ExitCode.REFUSED));
    RunReport report = house.migrate(request(source, "visits@1.0.0", WriteMode.REPLACE));

    assertThat(report.offline()).containsEntry("written", 2L);
    assertThatDataFrame(house.visible("main"))
        .containsExactlyRows(
            RowFactory.create("b", T2, 2L, 2.0), RowFactory.create("c", T2, 3L, 3.0));
  }

  @Test
  void aFilterQueryCountsWhatItLeavesOut() {
    MigrateRequest filtered =
        MigrateRequest.builder(
                rows("b", "('b', '2026-01-02', 2, 2D), ('c', '2026-01-02', 3, 3D)"), "visits@1.0.0")
            .filterQuery(Optional.of("n > 2"))
            .build();

    RunReport report = house.migrate(filtered);

    assertThat(report.offline()).containsEntry("accepted", 1L).containsEntry("written", 1L);
    assertThat(report.offline().get("read"))
        .isEqualTo(report.offline().get("filtered") + report.offline().get("accepted"));
    assertThatDataFrame(house.visible("main"))
        .containsExactlyRows(RowFactory.create("c", T2, 3L, 3.0));
  }

  @Test
  void failedRecordsKeepTheirOriginals() {
    house.migrate(
        request(
            rows(
                "a",
                "('a', '2026-01-01', 3000000000, 1D), ('b', '2026-01-01', -5, null), "
                    + "('c', '2026-01-02', 7, 2D), ('d', '2026-01-02', null, 2D)"),
            "visits@1.0.0"));

    RunReport report = house.migrate(request("visits@1.0.0", "visits@2.0.0"));

    assertThat(report.state()).isEqualTo(RunState.FINISHED_WITH_FAILURES);
    assertThat(report.exitCode()).isEqualTo(3);
    assertThat(report.offline()).containsEntry("failed", 2L).containsEntry("accepted", 2L);
    assertThatDataFrame(
            spark
                .read()
                .format("delta")
                .load(report.failedRecords().orElseThrow())
                .select("run", "store", "code", "feature", "value", "original", "original_of"))
        .containsExactlyRows(
            RowFactory.create(
                report.run(),
                "offline",
                "CAST",
                "n",
                "3000000000",
                "{\"id\":\"a\",\"at\":\"2026-01-01T00:00:00.000000Z\",\"n\":3000000000,\"x\":1.0}",
                null),
            RowFactory.create(
                report.run(),
                "offline",
                "CONTRACT",
                "n",
                "-5",
                "{\"id\":\"b\",\"at\":\"2026-01-01T00:00:00.000000Z\",\"n\":-5,\"x\":null}",
                null));
  }

  @Test
  void aSourceOfWhichEveryRowFailsStopsTheRunAndMovesNothing() {
    house.migrate(
        request(
            rows("a", "('a', '2026-01-01', -1, 1D), ('b', '2026-01-01', -5, 1D)"), "visits@1.0.0"));

    assertThatThrownBy(() -> house.migrate(request("visits@1.0.0", "feature/next:visits@2.0.0")))
        .isInstanceOfSatisfying(
            FsMigrateException.class,
            e -> assertThat(e.exitCode()).isEqualTo(ExitCode.TOO_MANY_FAILURES))
        .hasMessageContaining("2 records failed and --max-failures is 50%");

    RunRecord run = house.newestRun();
    assertThat(run.state()).isEqualTo(RunState.STOPPED);
    assertThat(house.failed(run.id())).hasSize(2);
    assertThat(house.branches().find("feature/next")).isEmpty();
  }

  @Test
  void theNewestOfEachRecordIsPublishedAndATieIsBrokenByTheRule() {
    house.migrate(
        request(
            rows(
                "a",
                "('a', '2026-01-02', 1, 1D), ('a', '2026-01-01', 9, 9D), "
                    + "('b', '2026-01-01', 1, 1D), ('b', '2026-01-01', 2, 0D), "
                    + "('c', '2026-01-01', 1, 1D), ('c', '2026-01-01', 1, 1D), "
                    + "('d', '2026-01-01', null, null), ('d', '2026-01-01', 0, null)"),
            "visits@1.0.0"));

    RunReport report = house.migrate(request("visits@1.0.0", "visits@2.0.0"));

    assertThat(report.online().get("online"))
        .isEqualTo(
            Map.of("newest", 4L, "superseded", 4L, "written", 4L, "stale", 0L, "failed", 0L));
    assertThat(house.online("2.0.0", List.of("a", "b", "c", "d")))
        .containsExactly(
            "[a, 2026-01-02T00:00:00Z, 1, 1.0, false]",
            "[b, 2026-01-01T00:00:00Z, 2, 0.0, false]",
            "[c, 2026-01-01T00:00:00Z, 1, 1.0, false]",
            "[d, 2026-01-01T00:00:00Z, 0, null, false]");
  }

  @Test
  void aDirectMigrationIsRefusedWithEveryDifference() {
    house.migrate(request(rows("a", "('a', '2026-01-01', 1, 1D)"), "visits@1.0.0"));

    assertThatThrownBy(() -> house.plan(request("visits@1.0.0", "other@1.0.0")))
        .isInstanceOfSatisfying(
            FsMigrateException.class, e -> assertThat(e.exitCode()).isEqualTo(ExitCode.REFUSED))
        .hasMessageContaining("number")
        .hasMessageContaining("record identifier")
        .hasMessageContaining("y")
        .hasMessageContaining("n: bigint cannot become date")
        .satisfies(e -> assertThat(e.getMessage().lines()).hasSizeLessThanOrEqualTo(3));
  }

  @Test
  void whatDoesNotResolveIsRefusedBeforeAnythingIsWritten() throws Exception {
    String source = rows("a", "('a', '2026-01-01', 1, 1D)");

    refused(request(source, "visitz@1.0.0"), "UNKNOWN_FEATURE_GROUP", "did you mean visits");
    refused(request(source, "visits@9.0.0"), "UNKNOWN_VERSION", "9.0.0");
    refused(request(source, "visits"), "TARGET_VERSION_NEEDED", "visits@2.0.0");
    refused(request("nope:visits", "visits@2.0.0"), "UNKNOWN_BRANCH", "main");
    refused(request("visits", "visits@2.0.0"), "GROUP_NOT_ON_BRANCH", "nothing yet");
    refused(request(source, "bad name:visits@1.0.0"), "INVALID_BRANCH_NAME", "bad name");
    refused(
        MigrateRequest.builder(source, "feature/new:visits@1.0.0").build(),
        "UNKNOWN_BRANCH",
        "--create-branch");
    assertThat(dir.resolve("warehouse")).doesNotExist();

    house.migrate(request(source, "visits@1.0.0"));
    refused(request("visits@2.0.0", "visits@2.0.0"), "VERSION_NOT_ON_BRANCH", "1.0.0");
  }

  @Test
  void aJavaMigrationThatThrowsIsNamed() {
    house.migrate(request(rows("a", "('a', '2026-01-01', 1, 1D)"), "visits@1.0.0"));
    house.with(JavaMigration.of(new Failing()));

    assertThatThrownBy(() -> house.migrate(request("visits@1.0.0", "feature/next:visits@2.0.0")))
        .isInstanceOfSatisfying(
            FsMigrateException.class,
            e -> {
              assertThat(e.code()).isEqualTo("MIGRATION_FAILED");
              assertThat(e.exitCode()).isEqualTo(ExitCode.USAGE);
            })
        .hasMessageContaining("visits:1.0.0->2.0.0")
        .hasMessageContaining("no visit may be counted once");

    assertThat(house.newestRun().state()).isEqualTo(RunState.FAILED);
    assertThat(house.branches().find("feature/next")).isEmpty();
  }

  @Test
  void soIsOneOfWhichAnotherClassThrows() {
    house.migrate(request(rows("a", "('a', '2026-01-01', 1, 1D)"), "visits@1.0.0"));
    house.with(JavaMigration.of(new FailingElsewhere()));

    assertThatThrownBy(() -> house.migrate(request("visits@1.0.0", "feature/next:visits@2.0.0")))
        .isInstanceOfSatisfying(
            FsMigrateException.class, e -> assertThat(e.code()).isEqualTo("MIGRATION_FAILED"))
        .hasMessageContaining("visits:1.0.0->2.0.0")
        .hasMessageContaining("IllegalArgumentException: a visit of one is none");
  }

  @Test
  void anExpressionOfAJavaMigrationThatRaisesAnErrorIsItsFaultToo() {
    house.migrate(request(rows("a", "('a', '2026-01-01', 0, 1D)"), "visits@1.0.0"));
    house.with(JavaMigration.of(new Dividing()));

    assertThatThrownBy(() -> house.migrate(request("visits@1.0.0", "feature/next:visits@2.0.0")))
        .isInstanceOfSatisfying(
            FsMigrateException.class, e -> assertThat(e.code()).isEqualTo("MIGRATION_FAILED"))
        .hasMessageContaining("visits:1.0.0->2.0.0")
        .hasMessageContaining("DIVIDE_BY_ZERO");
  }

  @Test
  void aDefectOfTheProgramIsNotTakenForAnUnavailableStore() {
    String source = rows("a", "('a', '2026-01-01', 1, 1D)");

    assertThatThrownBy(
            () ->
                house.migrate(
                    request(source, "visits@1.0.0"),
                    event -> {
                      if (event.kind() == RunEvent.Kind.OFFLINE_WRITTEN) {
                        throw new IllegalStateException("a defect");
                      }
                    }))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("a defect");
    assertThat(house.newestRun().exitCode()).contains(ExitCode.DEFECT.code());
  }

  @Test
  void aSourceThatBreaksWhileItIsReadEndsTheRunSoThatItCanBeResumed() throws Exception {
    String source =
        rows("a", "SELECT string(id), timestamp '2026-01-01', id, rand() FROM range(5000)");
    PreparedRun prepared = house.planner().plan(request(source, "visits@1.0.0"));
    Path file;
    try (var files = Files.list(dir.resolve("a"))) {
      file = files.filter(f -> f.toString().endsWith(".parquet")).findFirst().orElseThrow();
    }
    byte[] whole = Files.readAllBytes(file);
    Files.delete(file);

    assertThatThrownBy(() -> house.migrator(event -> {}).run(prepared, options()))
        .isInstanceOfSatisfying(
            FsMigrateException.class, e -> assertThat(e.exitCode()).isEqualTo(ExitCode.UNAVAILABLE))
        .hasMessageContaining("--resume-from latest");

    assertThat(house.newestRun().state()).isEqualTo(RunState.FAILED);
    Files.write(file, whole);
    assertThatThrownBy(() -> house.resume(house.newestRun().id(), event -> {}))
        .as("another file of the same name is another snapshot")
        .isInstanceOfSatisfying(
            FsMigrateException.class, e -> assertThat(e.code()).isEqualTo("RESUME_MISMATCH"))
        .hasMessageContaining("source");
  }

  @Test
  void aTargetThatMovedSinceThePlanIsNotOverwritten() {
    String source = rows("a", "('a', '2026-01-01', 1, 1D)");
    PreparedRun early = house.planner().plan(request(source, "visits@1.0.0"));
    house.migrate(request(rows("b", "('b', '2026-01-01', 1, 1D)"), "visits@1.0.0"));

    assertThatThrownBy(() -> house.migrator(event -> {}).run(early, options()))
        .isInstanceOfSatisfying(
            FsMigrateException.class, e -> assertThat(e.code()).isEqualTo("TARGET_MOVED"));
    assertThatDataFrame(house.visible("main"))
        .containsExactlyRows(RowFactory.create("b", T1, 1L, 1.0));
  }

  private static RunOptions options() {
    return new RunOptions(100, 1, new io.fsmigrate.catalog.MaxFailures.Count(10));
  }

  private void refused(MigrateRequest request, String code, String words) {
    assertThatThrownBy(() -> house.plan(request))
        .isInstanceOfSatisfying(
            FsMigrateException.class,
            e -> {
              assertThat(e.code()).isEqualTo(code);
              assertThat(e.exitCode()).isEqualTo(ExitCode.USAGE);
            })
        .hasMessageContaining(words);
  }

  /** Rows (id, at, n, x), as values or as a query. */
  private String rows(String name, String values) {
    String from = values.startsWith("SELECT") ? "(" + values + ")" : "VALUES " + values;
    return house.parquet(
        name,
        "SELECT id, timestamp(at) AS at, bigint(n) AS n, x FROM %s AS t(id, at, n, x)"
            .formatted(from),
        1);
  }

  /** From 1.0.0 to 2.0.0 in Java. */
  abstract static class InJava implements MigrationFunction {
    @Override
    public String group() {
      return "visits";
    }

    @Override
    public String from() {
      return "1.0.0";
    }

    @Override
    public String to() {
      return "2.0.0";
    }

    @Override
    public boolean rowLocal() {
      return true;
    }

    static Dataset<Row> converted(Dataset<Row> source) {
      return source.selectExpr("id", "at", "int(n) AS n", "x", "n >= 1000 AS big");
    }
  }

  static final class Failing extends InJava {
    @Override
    public Dataset<Row> apply(Dataset<Row> source) {
      FilterFunction<Row> check =
          row -> {
            throw new IllegalArgumentException("no visit may be counted once");
          };
      return converted(source.filter(check));
    }
  }

  static final class FailingElsewhere extends InJava {
    @Override
    public Dataset<Row> apply(Dataset<Row> source) {
      return converted(source.filter(new PickyFilter()));
    }
  }

  static final class Dividing extends InJava {
    @Override
    public Dataset<Row> apply(Dataset<Row> source) {
      return converted(source.withColumn("n", org.apache.spark.sql.functions.expr("10 div n")));
    }
  }
}
