package io.fsmigrate.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.delta.DeltaLog;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@ExtendWith(SparkExtension.class)
class InputMetricsTest {

  @Test
  void countsEveryReadOfTheData(SparkSession spark, @TempDir Path directory) {
    String source = directory.resolve("source").toString();
    String target = directory.resolve("target").toString();
    spark.range(0, 1000, 1, 4).write().format("delta").save(source);
    try (InputMetrics metrics = InputMetrics.of(spark)) {
      assertThat(metrics.recordsRead()).isZero();
      spark.read().format("delta").load(source).write().format("delta").save(target);
      assertThat(metrics.recordsRead()).isEqualTo(1000);
      spark.read().format("delta").load(source).collectAsList();
      assertThat(metrics.recordsRead()).isEqualTo(2000);
      assertThat(metrics.logRecordsRead()).isPositive();
    }
  }

  @Test
  void countsReadsOfTheCachedTableStateApart(SparkSession spark, @TempDir Path directory) {
    String table = directory.resolve("table").toString();
    spark.range(0, 1000, 1, 4).write().format("delta").save(table);
    DeltaLog log = DeltaLog.forTable(spark, table);
    try (InputMetrics metrics = InputMetrics.of(spark)) {
      assertThat(log.unsafeVolatileSnapshot().allFiles().collectAsList()).hasSize(4);
      assertThat(log.unsafeVolatileSnapshot().allFiles().collectAsList()).hasSize(4);
      assertThat(metrics.recordsRead()).isZero();
      assertThat(metrics.logRecordsRead()).isPositive();
    }
  }

  @Test
  void stopsCountingWhenItIsClosed(SparkSession spark, @TempDir Path directory) {
    String source = directory.resolve("source").toString();
    spark.range(10).write().parquet(source);
    InputMetrics metrics = InputMetrics.of(spark);
    metrics.close();
    spark.read().parquet(source).collectAsList();
    assertThat(metrics.recordsRead()).isZero();
  }
}
