package io.fsmigrate.run;

import io.fsmigrate.offline.RunTable;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructType;

/** What became of each record that a retry tried: a Delta table of that run. */
final class SettledRecords {
  static final StructType SCHEMA = StructType.fromDDL("id string, store string, outcome string");

  /** The outcome of a record that goes on as a failed record of the retry. */
  static final String FAILED = "failed";

  private final RunTable table;

  SettledRecords(SparkSession session, Warehouse warehouse, String run, int retentionDays) {
    this.table = new RunTable(session, warehouse.settledRecords(run), retentionDays);
  }

  boolean exists() {
    return table.exists();
  }

  /**
   * Keeps outcomes, once for each transaction.
   *
   * @param rows of {@link #SCHEMA}
   */
  void append(Dataset<Row> rows, String store, String transaction) {
    table.append(rows, transaction, store);
  }

  /** Outcomes of a store, by the log of the table. */
  long kept(String store) {
    return table.commitsAfter(-1).stream()
        .filter(commit -> commit.userMetadata().filter(store::equals).isPresent())
        .mapToLong(commit -> commit.rows())
        .sum();
  }
}
