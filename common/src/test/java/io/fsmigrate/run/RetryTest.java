package io.fsmigrate.run;

import static io.fsmigrate.run.MigrationHouse.request;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fsmigrate.error.ExitCode;
import io.fsmigrate.error.FsMigrateException;
import io.fsmigrate.feature.FeatureType;
import io.fsmigrate.feature.FeatureVersion;
import io.fsmigrate.migration.DeclarativeMigration;
import io.fsmigrate.migration.Migration;
import io.fsmigrate.migration.Step;
import io.fsmigrate.testkit.SparkExtension;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.commons.io.FileUtils;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Failed records that are tried again, offline and in a store. */
@ExtendWith(SparkExtension.class)
class RetryTest {
  /** Of 60 rows of 20 records three do not fit an int, one of them twice; two break the rule. */
  private static final String ROWS =
      """
      SELECT concat('r', id % 20) AS id,
             timestamp_seconds(1767225600 + (id div 20) * 3600) AS at,
             CASE WHEN id IN (7, 47, 59) THEN 3000000000 + id WHEN id IN (4, 45) THEN -id ELSE id END AS n,
             IF(id % 3 = 0, CAST('NaN' AS DOUBLE), id / 4D) AS x
      FROM range(60)
      """;

  private static final String DUPLICATE = " UNION ALL SELECT * FROM (%s) WHERE n = 3000000007";

  /** The warehouse as the migration left it, whose failed records each test retries. */
  @TempDir private static Path migrated;

  private static Path work;
  private static String first;

  private final SparkSession spark;
  private MigrationHouse house;

  RetryTest(SparkSession spark) {
    this.spark = spark;
  }

  @BeforeAll
  static void migrate(@TempDir Path directory, SparkSession spark) throws IOException {
    work = directory;
    MigrationHouse house = new MigrationHouse(work, spark);
    String rows = ROWS + DUPLICATE.formatted(ROWS);
    RunReport report = house.migrate(request(house.parquet("rows", rows, 1), "visits@2.0.0"));
    assertThat(report.offline()).containsEntry("read", 61L).containsEntry("failed", 6L);
    first = report.run();
    FileUtils.copyDirectory(work.toFile(), migrated.toFile());
  }

  /** Tables name their places in full, so it is put back where it was. */
  @BeforeEach
  void build() throws IOException {
    FileUtils.cleanDirectory(work.toFile());
    FileUtils.copyDirectory(migrated.toFile(), work.toFile());
    house = new MigrationHouse(work, spark);
  }

  @Test
  void whatCorrectedDefinitionsTakeIsAddedAndServed() {
    assertThat(house.visible("main").count()).isEqualTo(55);
    assertThat(house.failedRecords(first).select("id").distinct().count()).isEqualTo(6);
    assertThat(
            house
                .failedRecords(first)
                .where("transformed IS NOT NULL")
                .select("code")
                .distinct()
                .collectAsList())
        .singleElement()
        .satisfies(row -> assertThat(row.getString(0)).isEqualTo("CONTRACT"));

    assertThat(plan(first, false).records()).isZero();
    assertThat(plan(first, false).open()).isEqualTo(6);
    assertThat(plan(first, true).taken()).isEqualTo(Map.of("offline", 6L));
    house.with(corrected());
    PreparedRetry late = house.retryPlanner().plan(new RetryRequest(first, true));
    RunReport report = house.retry(first);

    assertThatThrownBy(() -> house.retrier(event -> {}).run(late, RunOptions.of(house.settings())))
        .as("planned before another ended")
        .isInstanceOfSatisfying(
            FsMigrateException.class, e -> assertThat(e.code()).isEqualTo("RETRIED_MEANWHILE"));
    assertThat(report.offline())
        .containsEntry("retried", 6L)
        .containsEntry("written", 4L)
        .containsEntry("failed", 2L);
    assertThat(report.exitCode()).isEqualTo(ExitCode.RECORDS_FAILED.code());
    assertThat(house.visible("main").where("n = 1 AND id <> 'r1'").count()).isEqualTo(4);
    assertThat(house.visible("main").count()).isEqualTo(59);
    // The newest of r7 and of r19; that of r7 from the middle is older than what is there.
    assertThat(report.online().get("online"))
        .containsEntry("newest", 2L)
        .containsEntry("superseded", 2L)
        .containsEntry("written", 2L);
    assertThat(house.online("2.0.0", List.of("r7", "r19"))).allMatch(r -> r.contains(", 1,"));
    assertThat(house.settled(report.run()))
        .containsOnly(
            "{\"store\":\"offline\",\"outcome\":\"failed\"}",
            "{\"store\":\"offline\",\"outcome\":\"written\"}")
        .hasSize(6);

    List<String> outcomes = new ArrayList<>();
    house
        .failedRecordList()
        .read(first, record -> outcomes.add(record.path("settled").asText("open")));
    assertThat(outcomes).hasSize(6).filteredOn("open"::equals).hasSize(2);
    List<Integer> attempts = new ArrayList<>();
    assertThat(
            house
                .failedRecordList()
                .readOpen(first, record -> attempts.add(record.path("attempts").asInt())))
        .isEqualTo(2);
    assertThat(attempts).containsExactly(2, 2);

    RunReport second = house.retry(first);

    assertThat(second.offline()).containsEntry("retried", 2L).containsEntry("failed", 2L);
    assertThat(second.branchCommit()).isEmpty();
    assertThat(second.table()).isEqualTo(report.table());
    assertThat(house.failedRecords(second.run()).select("attempts").distinct().collectAsList())
        .singleElement()
        .satisfies(row -> assertThat(row.getInt(0)).isEqualTo(3));
    house.with(lenient());
    // Whichever of the chain is named.
    assertThat(house.retry(second.run()).offline())
        .containsEntry("retried", 2L)
        .containsEntry("written", 2L);
    assertThat(plan(first, true).open()).isZero();
    assertThat(house.visible("main").count()).isEqualTo(61);
  }

  @Test
  void aRowThatIsThereByNowIsUnchangedAndOneThatIsOldInTheStoreIsStale() {
    house.with(corrected());
    house.migrate(
        request(
            house.parquet("more", "SELECT * FROM (" + ROWS + ") WHERE n = 3000000059", 1),
            "visits@2.0.0"));
    house.migrate(
        request(
            house.parquet(
                "later",
                "SELECT 'r7' AS id, timestamp_seconds(1767325600) AS at, 1L AS n, 2D AS x",
                1),
            "visits@2.0.0"));

    RunReport report = house.retry(first);

    assertThat(report.offline())
        .containsEntry("retried", 6L)
        .containsEntry("written", 3L)
        .containsEntry("unchanged", 1L)
        .containsEntry("failed", 2L);
    assertThat(report.online().get("online"))
        .containsEntry("newest", 2L)
        .containsEntry("written", 1L)
        .containsEntry("stale", 1L);
    assertThat(house.visible("main").count()).isEqualTo(60);
  }

  @Test
  void aBranchThatShowsAnotherVersionByNowIsLeftAlone() {
    house.migrate(request(house.parquet("older", ROWS, 1), "visits@1.0.0"));

    assertThatThrownBy(() -> house.retry(first))
        .isInstanceOfSatisfying(
            FsMigrateException.class,
            e -> {
              assertThat(e.code()).isEqualTo("RETRY_VERSION_MOVED");
              assertThat(e.exitCode()).isEqualTo(ExitCode.REFUSED);
            })
        .hasMessageContaining("shows visits@1.0.0 now and not 2.0.0");
  }

  @Test
  void onlyARunThatHasEndedIsRetried() {
    assertThatThrownBy(() -> house.retry("no-such-run"))
        .isInstanceOfSatisfying(
            FsMigrateException.class, e -> assertThat(e.code()).isEqualTo("UNKNOWN_RUN"));
    assertThatThrownBy(
            () ->
                house.migrate(
                    request(house.parquet("again", ROWS, 1), "visits@2.0.0"),
                    failingAt(RunEvent.Kind.REF_MOVED, "")))
        .hasMessageContaining("the process ends");

    assertThatThrownBy(() -> house.retry(house.newestRun().id()))
        .isInstanceOfSatisfying(
            FsMigrateException.class, e -> assertThat(e.code()).isEqualTo("RETRY_RUN_NOT_ENDED"));
  }

  /** One retry and five processes: each is left with what the one before it had done. */
  @Test
  void aRetryThatEndsAnywhereIsResumed() {
    house.with(corrected());
    assertThatThrownBy(
            () -> house.retry(first, true, failingAt(RunEvent.Kind.OFFLINE_WRITTEN, "offline")))
        .hasMessageContaining("the process ends at OFFLINE_WRITTEN");
    String retry = house.newestRun().id();
    for (RunEvent.Kind kind :
        List.of(RunEvent.Kind.REF_MOVED, RunEvent.Kind.ONLINE_WRITTEN, RunEvent.Kind.RECORDED)) {
      String store = kind == RunEvent.Kind.REF_MOVED ? "" : "online";
      assertThatThrownBy(() -> house.resumeRetry(retry, failingAt(kind, store)))
          .hasMessageContaining("the process ends at " + kind);
    }

    RunReport report = house.resumeRetry(retry, event -> {});

    assertThat(report.run()).isEqualTo(retry);
    assertThat(report.offline()).containsEntry("written", 4L).containsEntry("failed", 2L);
    assertThat(report.online().get("online")).containsEntry("written", 2L);
    assertThat(house.visible("main").count()).isEqualTo(59);
    assertThat(house.settled(retry)).hasSize(6);
    assertThat(house.failed(retry)).hasSize(2);
    assertThat(house.branches().log("main", 10)).hasSize(2);
    assertThat(plan(first, true).open()).isEqualTo(2);
  }

  private RetryPlan plan(String run, boolean all) {
    return house.retryPlanner().plan(new RetryRequest(run, all)).plan();
  }

  /** What does not fit is 1. */
  private static Migration corrected() {
    return migration("IF(n > 2147483647, 1, n)");
  }

  private static Migration lenient() {
    return migration("abs(n)");
  }

  private static Migration migration(String n) {
    return new DeclarativeMigration(
        "visits",
        FeatureVersion.RAW,
        new FeatureVersion("2.0.0"),
        "",
        List.of(
            new Step.SetTo("n", n),
            new Step.Cast("n", FeatureType.parse("int")),
            new Step.Add(
                "big",
                Optional.of(FeatureType.parse("boolean")),
                Optional.empty(),
                Optional.of("n >= 1000"))));
  }

  private static RunListener failingAt(RunEvent.Kind kind, String store) {
    AtomicInteger seen = new AtomicInteger();
    return event -> {
      if (event.kind() == kind && event.store().equals(store) && seen.incrementAndGet() == 1) {
        throw new IllegalStateException("the process ends at " + kind);
      }
    };
  }
}
