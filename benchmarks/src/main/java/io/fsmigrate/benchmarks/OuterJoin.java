package io.fsmigrate.benchmarks;

import java.nio.file.Path;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;

/** The rows that are in one of two tables only, by a full outer join on all columns. */
final class OuterJoin implements Contender {
  private final SparkSession spark;
  private final ComparedTables tables;
  private final Path directory;

  OuterJoin(SparkSession spark, ComparedTables tables, Path directory, int partitions) {
    this.spark = spark.newSession();
    this.spark.conf().set("spark.sql.session.timeZone", "UTC");
    this.spark.conf().set("spark.sql.shuffle.partitions", Integer.toString(partitions));
    this.tables = tables;
    this.directory = directory;
  }

  @Override
  public String name() {
    return "outer join";
  }

  @Override
  public void run() {
    Dataset<Row> expected =
        tables.source().read(spark, directory).withColumn("l", functions.lit(1));
    Dataset<Row> actual =
        spark
            .read()
            .format("delta")
            .load(tables.copy(directory).toString())
            .withColumn("r", functions.lit(1));
    Column same = functions.lit(true);
    for (String column : tables.source().read(spark, directory).columns()) {
      same = same.and(expected.col(column).eqNullSafe(actual.col(column)));
    }
    long found = expected.join(actual, same, "full_outer").where("l IS NULL OR r IS NULL").count();
    if (found != 2 * tables.differing()) {
      throw new IllegalStateException("The join found " + found + " rows without a partner");
    }
  }
}
