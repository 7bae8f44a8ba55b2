package io.fsmigrate.benchmarks;

import static io.fsmigrate.testkit.DataFrameAssert.assertThatDataFrame;
import static org.assertj.core.api.Assertions.assertThat;

import io.fsmigrate.testkit.InputMetrics;
import io.fsmigrate.testkit.SparkExtension;
import java.nio.file.Path;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@ExtendWith(SparkExtension.class)
class BareSparkTest {
  @TempDir private Path directory;

  @Test
  void writesEveryRowOfTheSourceAndReadsItOnce(SparkSession spark) throws Exception {
    Source source = new Source(1000, 4, 0.01, "delta");
    source.generate(spark, directory);
    assertThat(source.read(spark, directory).inputFiles()).hasSize(4);
    assertThat(source.refusedRows()).isEqualTo(10);
    BareSpark bare = new BareSpark(spark, source, directory);
    try (InputMetrics metrics = InputMetrics.of(spark)) {
      bare.run();
      assertThat(metrics.recordsRead()).isEqualTo(1000);
    }
    Dataset<Row> written = spark.read().format("delta").load(directory.resolve("bare").toString());
    assertThatDataFrame(written)
        .hasRowCount(1000)
        .hasSchema(
            "account_id STRING, updated_at TIMESTAMP, clicks INT, amount_usd DOUBLE, score DOUBLE,"
                + " country STRING, spend_7d DOUBLE, spend_30d DOUBLE, visits_30d INT,"
                + " spend_trend DOUBLE, segment STRING, is_blocked BOOLEAN");
    assertThat(written.filter("amount_usd < 0").count()).isEqualTo(10);
    assertThat(written.filter("score NOT BETWEEN 0 AND 100").count()).isZero();
    assertThat(written.select("country").distinct().as(org.apache.spark.sql.Encoders.STRING()))
        .satisfies(
            countries ->
                assertThat(countries.collectAsList())
                    .containsExactlyInAnyOrderElementsOf(List.of("DE", "FR", "US", "JP")));
    bare.cleanUp();
    assertThat(directory.resolve("bare")).doesNotExist();
  }
}
