package io.fsmigrate.run;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.concat_ws;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.row_number;
import static org.apache.spark.sql.functions.sha2;
import static org.apache.spark.sql.functions.substring;

import io.fsmigrate.feature.VersionedGroup;
import io.fsmigrate.offline.RunTable;
import io.fsmigrate.offline.transform.RowJson;
import java.sql.Timestamp;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.expressions.Window;
import org.apache.spark.sql.types.StructType;

/** The failed records of one run: a Delta table of its own, made at the first failed record. */
final class FailedRecords {
  private static final int ID_CHARACTERS = 32;

  private final SparkSession session;
  private final RunTable table;
  private final String run;
  private final LeaseKeeper lease;
  private final Clock clock;
  private final RowProtection protection;

  /**
   * @param lease of the run; an earlier holder keeps nothing here any more
   * @param protection of sensitive values in them
   */
  FailedRecords(
      SparkSession session,
      Warehouse warehouse,
      LeaseKeeper lease,
      int retentionDays,
      Clock clock,
      RowProtection protection) {
    this.session = session;
    this.run = lease.held().run();
    this.protection = protection;
    this.table = new RunTable(session, warehouse.failedRecords(run), retentionDays);
    this.lease = lease;
    this.clock = clock;
  }

  /**
   * Completes rows that a pipeline reports as failed.
   *
   * @param failed as {@link io.fsmigrate.offline.transform.RowPipeline#failed} gives them
   */
  Dataset<Row> ofUnit(Dataset<Row> failed, String unit) {
    return kept(
        failed.select(
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
            col("transformed"),
            now()));
  }

  /**
   * Completes records that a store refused.
   *
   * @param failed code, reason, retryable and record, a struct of the features
   */
  Dataset<Row> ofBucket(Dataset<Row> failed, String store, String unit) {
    // By the session of the run, as of rows that fail offline: a task knows no time zone.
    Column record = RowJson.of(col("record"));
    return kept(
        failed.select(
            lit(run).as("run"),
            lit(unit).as("unit"),
            lit(store).as("store"),
            col("code"),
            col("reason"),
            lit(null).cast("string").as("feature"),
            lit(null).cast("string").as("value"),
            col("retryable"),
            lit(1).as("attempts"),
            record.as("original"),
            lit(null).cast("string").as("original_of"),
            record.as("transformed"),
            now()));
  }

  /** Keeps records of a bucket that a store refused, once. */
  void keep(String store, String unit, VersionedGroup target, List<BucketResult.Failure> refused) {
    List<Row> rows = new ArrayList<>();
    for (BucketResult.Failure failure : refused) {
      rows.add(
          RowFactory.create(
              failure.code(), failure.reason(), failure.retryable(), failure.record()));
    }
    StructType columns =
        StructType.fromDDL("code string, reason string, retryable boolean")
            .add("record", StructType.fromDDL(target.schema().ddl()));
    append(
        ofBucket(session.createDataFrame(rows, columns), store, unit),
        store,
        "%s/%s/%s".formatted(run, store, unit));
  }

  /**
   * Completes records that failed once more: they keep their ids, and where they failed first.
   *
   * @param failed id, code, reason, feature, value, retryable, transformed
   * @param taken the failed records that were tried
   */
  Dataset<Row> again(Dataset<Row> failed, Dataset<Row> taken) {
    Dataset<Row> before =
        taken.select(
            col("id"),
            col("unit"),
            col("store"),
            col("attempts"),
            col("original"),
            col("original_of"));
    Dataset<Row> again =
        failed
            .join(before, "id")
            .select(
                lit(run).as("run"),
                col("unit"),
                col("store"),
                col("code"),
                col("reason"),
                col("feature"),
                col("value"),
                col("retryable"),
                col("attempts").plus(lit(1)).as("attempts"),
                col("original"),
                col("original_of"),
                col("transformed"),
                now(),
                col("id"));
    return protection.applied(again).drop(RowProtection.PLAIN);
  }

  /** The id is of what is shown: a hash of hidden values would give them away. */
  private Dataset<Row> kept(Dataset<Row> records) {
    return identified(protection.applied(records)).drop(RowProtection.PLAIN);
  }

  /**
   * With the ids of records that have none yet: the same record of the same unit has the same id
   * whoever works it out, and its duplicates have others.
   */
  static Dataset<Row> identified(Dataset<Row> records) {
    Column[] same = {
      col("run"), col("unit"), col("store"), coalesce(col("original_of"), lit("")), col("original")
    };
    boolean hidden = List.of(records.columns()).contains(RowProtection.PLAIN);
    // Rows that differ only in what is hidden come in the same order whenever they are numbered.
    Column order = hidden ? sha2(col(RowProtection.PLAIN).cast("binary"), 256) : lit(1);
    Column occurrence = row_number().over(Window.partitionBy(same).orderBy(order));
    Dataset<Row> numbered = records.withColumn("occurrence", occurrence);
    Column[] hashed = new Column[same.length + 1];
    System.arraycopy(same, 0, hashed, 0, same.length);
    hashed[same.length] = col("occurrence").cast("string");
    // No part has a line feed, so no two lists of parts give the same text.
    Column id = sha2(concat_ws("\n", hashed).cast("binary"), 256);
    return numbered.withColumn("id", substring(id, 1, ID_CHARACTERS)).drop("occurrence");
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
    table.appendWider(rows, transaction, store);
  }

  /** Failed records of a store, by the log of the table. */
  long kept(String store) {
    return table.commitsAfter(-1).stream()
        .filter(commit -> commit.userMetadata().filter(store::equals).isPresent())
        .mapToLong(commit -> commit.rows())
        .sum();
  }
}
