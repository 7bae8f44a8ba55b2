package io.fsmigrate.run;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;

import io.fsmigrate.offline.RunTable;
import io.fsmigrate.offline.transform.RowJson;
import java.sql.Timestamp;
import java.time.Clock;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/** The failed records of one run: a Delta table of its own, made at the first failed record. */
final class FailedRecords {
  private final RunTable table;
  private final String run;
  private final LeaseKeeper lease;
  private final Clock clock;

  /**
   * @param lease of the run; an earlier holder keeps nothing here any more
   */
  FailedRecords(
      SparkSession session,
      Warehouse warehouse,
      LeaseKeeper lease,
      int retentionDays,
      Clock clock) {
    this.run = lease.held().run();
    this.table = new RunTable(session, warehouse.failedRecords(run), retentionDays);
    this.lease = lease;
    this.clock = clock;
  }

  /** Ends what another process may still be about to keep. */
  void shutOutEarlierHolder() {
    table.raiseFence(lease.held().token());
  }

  /**
   * Completes rows that a pipeline reports as failed.
   *
   * @param failed as {@link io.fsmigrate.offline.transform.RowPipeline#failed} gives them
   */
  Dataset<Row> ofUnit(Dataset<Row> failed, String unit) {
    return failed.select(
        lit(run).as("run"),
        lit(unit).as("unit"),
        lit(OfflinePhase.STORE).as("store"),
        col("code"),
        col("reason"),
        col("feature"),
        col("value"),
        lit(false).as("retryable"),
        lit(1).as("attempts"),
        col("original"),
        col("original_of"),
        now());
  }

  /**
   * Completes records that a store refused.
   *
   * @param failed code, reason, retryable and record, a struct of the features
   */
  Dataset<Row> ofBucket(Dataset<Row> failed, String store, String unit) {
    return failed.select(
        lit(run).as("run"),
        lit(unit).as("unit"),
        lit(store).as("store"),
        col("code"),
        col("reason"),
        lit(null).cast("string").as("feature"),
        lit(null).cast("string").as("value"),
        col("retryable"),
        lit(1).as("attempts"),
        // By the session of the run, as of rows that fail offline: a task knows no time zone.
        RowJson.of(col("record")).as("original"),
        lit(null).cast("string").as("original_of"),
        now());
  }

  private Column now() {
    return lit(Timestamp.from(clock.instant())).as("failed_at");
  }

  /**
   * Keeps failed records, once for each transaction; {@code store} is told apart in the log. One at
   * a time: the first makes the table, and two that make it at once would conflict.
   *
   * @throws io.fsmigrate.error.FsMigrateException LOCK_LOST where another process holds the run's
   *     lock
   */
  synchronized void append(Dataset<Row> rows, String store, String transaction) {
    lease.confirm();
    table.append(rows, transaction, store);
  }

  /** Failed records of a store, by the log of the table. */
  long kept(String store) {
    return table.commitsAfter(-1).stream()
        .filter(commit -> commit.userMetadata().filter(store::equals).isPresent())
        .mapToLong(commit -> commit.rows())
        .sum();
  }
}
