package io.fsmigrate.verify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.fsmigrate.feature.VersionedGroup;
import io.fsmigrate.testkit.SparkExtension;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is said of the values of a side, of every type. */
@ExtendWith(SparkExtension.class)
class MeasureTest {
  private static final String[] FEATURES = {
    "id", "string",
    "ts", "timestamp",
    "b", "tinyint",
    "s", "smallint",
    "i", "int",
    "l", "bigint",
    "f", "float",
    "d", "double",
    "p", "decimal(10,2)",
    "q", "decimal(38,18)",
    "o", "boolean",
    "day", "date",
    "local", "timestamp_ntz",
    "raw", "binary",
    "list", "array<int>",
  };

  private static final String ROWS =
      """
      select * from values
        ('a', timestamp'2026-01-01 00:00:00.000001Z', 1Y, -2S, 3, 9007199254740993L, 0.1f, -0.0d,
         -12.50bd, -0.000000000000000001bd, false, date'1969-12-31',
         timestamp_ntz'2026-03-29 02:30:00', x'01', array(1)),
        ('b', timestamp'2026-01-02 00:00:00Z', -1Y, 5S, null, 9007199254740992L, 2.5f, 4.0d,
         100.25bd, 12345678901234567890.5bd, true, date'2026-11-22',
         timestamp_ntz'1960-01-01 00:00:00.5', null, null),
        ('c', timestamp'2025-12-31 00:00:00Z', null, null, null, null, null, null, null, null, null,
         null, null, null, null)
      as t(id, ts, b, s, i, l, f, d, p, q, o, day, local, raw, list)
      """;

  /** The totals of several tasks are put together, when they are read or, if many, before. */
  @ParameterizedTest
  @ValueSource(ints = {3, 40})
  void everyTypeIsCountedAndThoseInOrderHaveALeastAndAGreatestValue(
      int tasks, SparkSession shared, @TempDir Path directory) {
    SparkSession spark = shared.newSession();
    spark.conf().set("spark.sql.session.timeZone", "UTC");
    VersionedGroup target = ComparedTargets.target(FEATURES);
    Dataset<Row> rows =
        spark
            .sql(ROWS)
            .selectExpr(
                target.schema().features().stream()
                    .map(f -> "cast(%s as %s) as %s".formatted(f.name(), f.type().sql(), f.name()))
                    .toArray(String[]::new));
    ComparedSchema schema =
        ComparedSchema.of(
            target,
            Map.of("q", Tolerance.parse("q", "1"), "local", Tolerance.parse("local", "1s")));
    BucketScan scan = new BucketScan(spark, schema, 8);
    String file = directory.resolve("sums").toString();

    scan.write(rows.repartition(tasks), file);
    SideStatistics statistics = scan.statistics(file);

    assertThat(statistics.rows()).isEqualTo(3);
    assertThat(statistics.newest()).contains("2026-01-02T00:00:00Z");
    expect(statistics, "id", 3, null, null);
    expect(statistics, "ts", 3, "2025-12-31T00:00:00Z", "2026-01-02T00:00:00Z");
    expect(statistics, "b", 2, "-1", "1");
    expect(statistics, "s", 2, "-2", "5");
    expect(statistics, "i", 1, "3", "3");
    expect(statistics, "l", 2, "9007199254740992", "9007199254740993");
    expect(statistics, "f", 2, "0.1", "2.5");
    expect(statistics, "d", 2, "0.0", "4.0");
    expect(statistics, "p", 2, "-12.50", "100.25");
    expect(statistics, "q", 2, "-0.000000000000000001", "12345678901234567890.500000000000000000");
    expect(statistics, "o", 2, "false", "true");
    expect(statistics, "day", 2, "1969-12-31", "2026-11-22");
    expect(statistics, "local", 2, "1960-01-01T00:00:00.500", "2026-03-29T02:30");
    expect(statistics, "raw", 1, null, null);
    expect(statistics, "list", 1, null, null);
    assertThat(of(statistics, "p").mean().orElseThrow()).isEqualTo(43.875, within(1e-9));
    assertThat(of(statistics, "day").sum()).isEmpty();
    String other = directory.resolve("other").toString();
    scan.write(rows.coalesce(1), other);
    assertThat(scan.digests(file).differing(scan.digests(other)).isEmpty()).isTrue();
    scan.write(rows.where("id <> 'b'"), other);
    assertThat(scan.digests(file).differing(scan.digests(other)).cardinality()).isOne();
  }

  @Test
  void aSideWithoutRowsHasNothing(SparkSession spark, @TempDir Path directory) {
    VersionedGroup target = ComparedTargets.target("id", "string", "ts", "timestamp", "x", "int");
    ComparedSchema schema = ComparedSchema.of(target, Map.of());
    BucketScan scan = new BucketScan(spark, schema, 8);
    String file = directory.resolve("sums").toString();

    scan.write(
        spark.sql(
            "select '' as id, cast(null as timestamp) as ts, 1 as x from range(0) where id = 0"),
        file);

    assertThat(scan.statistics(file))
        .isEqualTo(
            new SideStatistics(
                0, Optional.empty(), List.of(nothing("id"), nothing("ts"), nothing("x"))));
  }

  private static FeatureStatistics nothing(String feature) {
    return new FeatureStatistics(feature, 0, Optional.empty(), Optional.empty(), Optional.empty());
  }

  private static FeatureStatistics of(SideStatistics statistics, String feature) {
    return statistics.features().stream()
        .filter(f -> f.feature().equals(feature))
        .findFirst()
        .orElseThrow();
  }

  private static void expect(
      SideStatistics statistics, String feature, long present, String least, String most) {
    FeatureStatistics found = of(statistics, feature);
    assertThat(found.present()).as(feature).isEqualTo(present);
    assertThat(found.minimum()).as(feature).isEqualTo(Optional.ofNullable(least));
    assertThat(found.maximum()).as(feature).isEqualTo(Optional.ofNullable(most));
  }
}
