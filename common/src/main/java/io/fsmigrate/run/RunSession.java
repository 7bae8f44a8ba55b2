package io.fsmigrate.run;

import org.apache.spark.sql.SparkSession;

/**
 * The Spark session that a run works in: the caller's, with the settings on which correctness rests
 * fixed, so that no cluster default can change a result.
 */
public final class RunSession {
  private RunSession() {}

  /** A session of its own over the same context; the caller's stays as it is. */
  public static SparkSession of(SparkSession session) {
    SparkSession own = ((org.apache.spark.sql.classic.SparkSession) session).cloneSession();
    own.conf().set("spark.sql.session.timeZone", "UTC");
    own.conf().set("spark.sql.ansi.enabled", "true");
    own.conf().set("spark.sql.timestampType", "TIMESTAMP_LTZ");
    own.conf().set("spark.sql.caseSensitive", "false");
    own.conf().set("spark.sql.datetime.java8API.enabled", "true");
    // Common parts of expressions would be evaluated ahead of the try around them, and one bad row
    // would fail its task instead of itself.
    own.conf().set("spark.sql.subexpressionElimination.enabled", "false");
    // A unit is sized by the plan; Spark must not cut it finer for the sake of idle cores.
    own.conf().set("spark.sql.files.minPartitionNum", "1");
    own.conf().set("spark.sql.parquet.datetimeRebaseModeInRead", "CORRECTED");
    own.conf().set("spark.sql.parquet.int96RebaseModeInRead", "CORRECTED");
    own.conf().set("spark.sql.parquet.datetimeRebaseModeInWrite", "CORRECTED");
    if (isLocal(session)) {
      // Delta rebuilds its state, and Spark shuffles, in many partitions that few cores only queue.
      String cores = Integer.toString(session.sparkContext().defaultParallelism());
      own.conf().set("spark.sql.shuffle.partitions", cores);
      own.conf().set("spark.databricks.delta.snapshotPartitions", cores);
    }
    return own;
  }

  /** Whether tasks run in this process. */
  public static boolean isLocal(SparkSession session) {
    String master = session.sparkContext().master();
    return master.equals("local") || master.startsWith("local[");
  }
}
