package io.fsmigrate.offline;

import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.lit;
import static org.assertj.core.api.Assertions.assertThat;

import io.fsmigrate.testkit.SparkExtension;
import java.nio.file.Path;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@ExtendWith(SparkExtension.class)
class RowMeterTest {
  @TempDir Path dir;
  private final SparkSession spark;

  RowMeterTest(SparkSession spark) {
    this.spark = spark;
  }

  @Test
  void tellsForEachObservationWhatItCountedAndWhatItsScansDelivered() {
    Dataset<Row> a = counted("a", 30, "u1").where("id < 10");
    Dataset<Row> b = counted("b", 50, "u2");

    try (RowMeter meter = new RowMeter(spark)) {
      meter.expect("tag");
      noop(a.union(b));
      RowMeter.Measured measured = meter.await("tag");

      assertThat(measured.observed()).containsOnlyKeys("u1", "u2");
      assertThat(measured.observed().get("u1").getLong(0)).isEqualTo(30);
      assertThat(measured.observed().get("u2").getLong(0)).isEqualTo(50);
      assertThat(measured.scanned()).containsEntry("u1", 30L).containsEntry("u2", 50L);
    }
  }

  @Test
  void looksThroughShuffles() {
    Dataset<Row> rows = counted("a", 40, "before").groupBy("k").count();
    rows = rows.observe(RowMeter.name("tag", "after"), count(lit(1)).as("n"));

    try (RowMeter meter = new RowMeter(spark)) {
      meter.expect("tag");
      noop(rows);
      RowMeter.Measured measured = meter.await("tag");

      assertThat(measured.observed().get("after").getLong(0)).isEqualTo(3);
      assertThat(measured.scanned()).containsEntry("before", 40L).containsEntry("after", 40L);
    }
  }

  @Test
  void otherQueriesAreOfNoInterest() {
    try (RowMeter meter = new RowMeter(spark)) {
      meter.expect("mine");
      noop(spark.range(5).toDF().observe("theirs", count(lit(1)).as("n")));
      noop(spark.range(6).toDF().observe(RowMeter.name("other", "u"), count(lit(1)).as("n")));
      noop(spark.range(7).toDF().observe(RowMeter.name("mine", "u"), count(lit(1)).as("n")));

      assertThat(meter.await("mine").observed().get("u").getLong(0)).isEqualTo(7);
    }
  }

  private Dataset<Row> counted(String name, long rows, String observation) {
    String file = dir.resolve(name).toString();
    spark.range(rows).selectExpr("id", "id % 3 AS k").write().parquet(file);
    return spark
        .read()
        .parquet(file)
        .observe(RowMeter.name("tag", observation), count(lit(1)).as("n"));
  }

  private static void noop(Dataset<Row> rows) {
    rows.write().format("noop").mode("overwrite").save();
  }
}
