package io.fsmigrate.testkit;

import static io.fsmigrate.testkit.DataFrameAssert.assertThatDataFrame;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.lit;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Observation;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SaveMode;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@ExtendWith(SparkExtension.class)
class VanishingRowsTest {
  @TempDir private Path directory;
  private SparkSession spark;
  private Dataset<Row> source;

  @BeforeEach
  void writeSource(SparkSession shared) {
    spark = shared.newSession();
    String path = directory.resolve("source").toString();
    spark
        .sql("SELECT * FROM VALUES ('AAA-BBB', 1), ('AAA-CCC', 2), (null, 3) AS t(route, delay)")
        .write()
        .parquet(path);
    source = spark.read().parquet(path);
  }

  @Test
  void writesFewerRowsThanWereCounted() throws Exception {
    spark.conf().set(VanishingRows.CONDITION, "route = 'AAA-BBB'");
    assertThat(countedWhileWriting()).isEqualTo(3L);
    assertThatDataFrame(written())
        .containsExactlyRows(RowFactory.create("AAA-CCC", 4), RowFactory.create(null, 6));
  }

  @Test
  void leavesRowsAloneWithoutACondition() throws Exception {
    assertThat(countedWhileWriting()).isEqualTo(3L);
    assertThatDataFrame(written()).hasRowCount(3);
  }

  @Test
  void leavesOtherColumnsAndUncountedQueriesAlone() throws Exception {
    spark.conf().set(VanishingRows.CONDITION, "gate = 'B4'");
    assertThat(countedWhileWriting()).isEqualTo(3L);
    assertThatDataFrame(written()).hasRowCount(3);

    spark.conf().set(VanishingRows.CONDITION, "route = 'AAA-BBB'");
    assertThatDataFrame(source).hasRowCount(3);
    source.write().format("delta").mode(SaveMode.Overwrite).save(target());
    assertThatDataFrame(written()).hasRowCount(3);
  }

  @Test
  void countsMetricsOfEveryLevelBeforeRowsVanish() throws Exception {
    spark.conf().set(VanishingRows.CONDITION, "delay > 2");
    Observation read = new Observation("read");
    Observation accepted = new Observation("accepted");
    source
        .observe(read, count(lit(1)).as("rows"))
        .filter(col("route").isNotNull())
        .withColumn("delay", col("delay").multiply(2))
        .observe(accepted, count(lit(1)).as("rows"))
        .repartition(2)
        .write()
        .format("delta")
        .partitionBy("route")
        .save(target());
    assertThat(read.getAsJava()).containsEntry("rows", 3L);
    assertThat(accepted.getAsJava()).containsEntry("rows", 2L);
    assertThatDataFrame(written()).containsExactlyRows(RowFactory.create("AAA-BBB", 2));
  }

  private Object countedWhileWriting() throws InterruptedException {
    Observation observation = new Observation("accepted");
    source
        .withColumn("delay", col("delay").multiply(2))
        .observe(observation, count(lit(1)).as("rows"))
        .select("route", "delay")
        .write()
        .format("delta")
        .mode(SaveMode.Overwrite)
        .save(target());
    return observation.getAsJava().get("rows");
  }

  private Dataset<Row> written() {
    return spark.read().format("delta").load(target());
  }

  private String target() {
    return directory.resolve("target").toString();
  }
}
