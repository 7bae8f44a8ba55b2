package io.fsmigrate.jobs;

import java.util.function.Supplier;
import org.apache.spark.SparkConf;
import org.apache.spark.sql.SparkSession;

/** Starts Spark when a command first asks for it, or joins the one that is there. */
final class SparkSessions implements Supplier<SparkSession> {
  @Override
  public SparkSession get() {
    return SparkSession.builder().config(SparkSettings.complete(new SparkConf())).getOrCreate();
  }
}
