package io.fsmigrate.run;

import static io.fsmigrate.run.MigrationHouse.request;
import static org.assertj.core.api.Assertions.assertThat;

import io.fsmigrate.feature.FeatureType;
import io.fsmigrate.feature.FeatureVersion;
import io.fsmigrate.migration.DeclarativeMigration;
import io.fsmigrate.migration.Step;
import io.fsmigrate.testkit.SparkExtension;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Sensitive values of rows that fail: nobody sees them, and with a key a retry still has them. */
@ExtendWith(SparkExtension.class)
class SensitiveRecordsTest {
  private static final String SECRET = "3141592653589";

  /** Two rows differ in nothing but what is hidden. */
  private static final String ROWS =
      """
      SELECT concat('r', id % 10) AS id, timestamp_seconds(1767225600) AS at,
             CASE WHEN id IN (3, 13) THEN 3141592653589 + id ELSE id END AS n, 1D AS x
      FROM range(20)
      """;

  private static final String SENSITIVE =
      """

      fs-migrate.feature-groups.visits.versions."2.0.0".features = [
        "id: string", "at: timestamp", { name = n, type = int, sensitive = true }, "x: double",
        "big: boolean" ]
      """;

  private static final String KEY =
      "\nfs-migrate.run.failed-records-key = \"MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=\"\n";

  @TempDir Path dir;
  private final SparkSession spark;

  SensitiveRecordsTest(SparkSession spark) {
    this.spark = spark;
  }

  @Test
  void withoutAKeyTheyAreKeptNowhereAndCannotBeRetried() {
    MigrationHouse house = new MigrationHouse(dir, spark, SENSITIVE);
    MigrateRequest request = request(house.parquet("rows", ROWS, 2), "visits@2.0.0");
    assertThat(house.plan(request).warnings())
        .anySatisfy(warning -> assertThat(warning).contains("cannot be retried"));

    RunReport report = house.migrate(request);

    assertThat(house.failed(report.run()))
        .hasSize(2)
        .allSatisfy(
            record ->
                assertThat(record)
                    .contains(
                        "\\\"n\\\":\\\"***\\\"", "\"value\":\"***\"", "\\\"id\\\":\\\"r3\\\""));
    assertThat(house.failedRecords(report.run()).select("id").distinct().count()).isEqualTo(2);
    assertThat(filesWith(SECRET)).isEmpty();
    RetryPlan plan = house.retryPlanner().plan(new RetryRequest(report.run(), true)).plan();
    assertThat(plan.records()).isZero();
    assertThat(plan.open()).isEqualTo(2);
    assertThat(plan.warnings())
        .singleElement()
        .asString()
        .contains("2 failed records cannot be retried", "run.failed-records-key");
  }

  @Test
  void withAKeyARetryReadsWhatIsSealed() {
    MigrationHouse house = new MigrationHouse(dir, spark, SENSITIVE + KEY);
    RunReport first = house.migrate(request(house.parquet("rows", ROWS, 2), "visits@2.0.0"));
    assertThat(filesWith(SECRET)).isEmpty();
    assertThat(house.failed(first.run()).toString()).doesNotContain(SECRET);

    RunReport again = house.retry(first.run());
    assertThat(again.offline()).containsEntry("failed", 2L);
    assertThat(filesWith(SECRET)).isEmpty();
    house.with(
        new DeclarativeMigration(
            "visits",
            FeatureVersion.RAW,
            new FeatureVersion("2.0.0"),
            "",
            List.of(
                new Step.SetTo("n", "IF(n > 2147483647, n - 3141592653589, n)"),
                new Step.Cast("n", FeatureType.parse("int")),
                new Step.Add(
                    "big",
                    Optional.of(FeatureType.parse("boolean")),
                    Optional.empty(),
                    Optional.of("n >= 1000")))));
    RunReport settled = house.retry(first.run());

    assertThat(settled.offline()).containsEntry("written", 2L);
    assertThat(house.visible("main").where("id = 'r3'").select("n").collectAsList())
        .extracting(row -> row.getInt(0))
        .containsExactlyInAnyOrder(3, 13);
  }

  /** Everything that the warehouse has, but for what is compressed beyond recognition. */
  private List<Path> filesWith(String secret) {
    try (Stream<Path> files = Files.walk(dir.resolve("warehouse"))) {
      return files.filter(Files::isRegularFile).filter(file -> contains(file, secret)).toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static boolean contains(Path file, String secret) {
    try {
      return new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1).contains(secret);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
