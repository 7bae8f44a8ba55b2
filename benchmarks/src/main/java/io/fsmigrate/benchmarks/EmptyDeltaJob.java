package io.fsmigrate.benchmarks;

import org.apache.spark.sql.SparkSession;

/** The least that a Spark job with Delta can be: one row into a new table. */
public final class EmptyDeltaJob {
  private EmptyDeltaJob() {}

  /** Writes the table to the path given. */
  public static void main(String[] args) {
    SparkSession.builder().getOrCreate().range(1).write().format("delta").save(args[0]);
  }
}
