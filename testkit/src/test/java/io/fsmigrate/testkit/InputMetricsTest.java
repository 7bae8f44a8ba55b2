package io.fsmigrate.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.apache.spark.sql.SparkSession;
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
  void stopsCountingWhenItIsClosed(SparkSession spark, @TempDir Path directory) {
    String source = directory.resolve("source").toString();
    spark.range(10).write().parquet(source);
    InputMetrics metrics = InputMetrics.of(spark);
    metrics.close();
    spark.read().parquet(source).collectAsList();
    assertThat(metrics.recordsRead()).isZero();
  }
}
