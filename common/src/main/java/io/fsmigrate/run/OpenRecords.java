package io.fsmigrate.run;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.not;
import static org.apache.spark.sql.functions.row_number;

import io.fsmigrate.catalog.SealKey;
import io.fsmigrate.offline.RunTable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.expressions.Window;

/** The failed records of a run that no retry has settled, each as it failed last. */
final class OpenRecords {
  private static final String TURN = "__fs_turn";

  private final SparkSession session;
  private final Warehouse warehouse;
  private final Optional<SealKey> key;

  /**
   * @param key that opens what is sealed
   */
  OpenRecords(SparkSession session, Warehouse warehouse, Optional<SealKey> key) {
    this.key = key;
    this.session = session;
    this.warehouse = warehouse;
  }

  /**
   * Their columns are those of failed records, {@code original} null where it cannot be read; empty
   * where no run of the chain has any.
   */
  Optional<Dataset<Row>> of(RetryChain chain) {
    List<Dataset<Row>> failed = new ArrayList<>();
    List<Dataset<Row>> settled = new ArrayList<>();
    int turn = 0;
    for (String run : chain.runs()) {
      if (isThere(warehouse.failedRecords(run))) {
        failed.add(complete(read(warehouse.failedRecords(run))).withColumn(TURN, lit(turn)));
      }
      if (isThere(warehouse.settledRecords(run))) {
        settled.add(
            read(warehouse.settledRecords(run))
                .where(not(col("outcome").equalTo(SettledRecords.FAILED)))
                .select("id"));
      }
      turn++;
    }
    return failed.stream()
        .reduce(Dataset::unionByName)
        .map(
            all ->
                all.withColumn(
                        "__fs_newest",
                        row_number().over(Window.partitionBy(col("id")).orderBy(col(TURN).desc())))
                    .where(col("__fs_newest").equalTo(1))
                    .drop("__fs_newest", TURN))
        .map(
            newest ->
                settled.stream()
                    .reduce(Dataset::union)
                    .map(gone -> newest.join(gone, new String[] {"id"}, "left_anti"))
                    .orElse(newest));
  }

  private boolean isThere(String table) {
    // Days matter only to a table that is made.
    return new RunTable(session, table, 1).exists();
  }

  private Dataset<Row> read(String table) {
    return session.read().format("delta").load(table);
  }

  /** An earlier release kept fewer columns; what is sealed is opened. */
  private Dataset<Row> complete(Dataset<Row> records) {
    List<String> there = Arrays.asList(records.columns());
    Dataset<Row> complete = there.contains("id") ? records : FailedRecords.identified(records);
    if (there.contains(RowProtection.SEALED)) {
      complete =
          complete
              .withColumn("original", RowProtection.opened(key, col(RowProtection.SEALED)))
              .drop(RowProtection.SEALED);
    }
    return there.contains("transformed")
        ? complete
        : complete.withColumn("transformed", lit(null).cast("string"));
  }
}
