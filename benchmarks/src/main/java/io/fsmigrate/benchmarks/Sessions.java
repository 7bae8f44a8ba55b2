package io.fsmigrate.benchmarks;

import io.fsmigrate.online.restraint.RestraintPlugin;
import org.apache.spark.sql.SparkSession;

/** The session that all contenders of a JVM share. */
final class Sessions {
  private Sessions() {}

  /**
   * @param master such as {@code local[*]} or {@code local-cluster[1,2,3072]}
   */
  static SparkSession start(String master) {
    SparkSession.Builder builder =
        SparkSession.builder()
            .master(master)
            .appName("fs-migrate benchmarks")
            .config("spark.sql.extensions", "io.delta.sql.DeltaSparkSessionExtension")
            .config(
                "spark.sql.catalog.spark_catalog",
                "org.apache.spark.sql.delta.catalog.DeltaCatalog")
            .config("spark.plugins", RestraintPlugin.class.getName())
            .config("spark.sql.session.timeZone", "UTC")
            .config("spark.sql.shuffle.partitions", "2")
            .config("spark.databricks.delta.snapshotPartitions", "2")
            .config("spark.sql.artifact.isolation.enabled", "false")
            .config("spark.ui.enabled", "false")
            .config("spark.driver.host", "localhost")
            .config("spark.driver.bindAddress", "127.0.0.1");
    if (!master.startsWith("local[")) {
      // One executor takes the worker's memory; it finds our classes where we found them.
      String memory =
          master.startsWith("local-cluster") ? master.replaceAll(".*,\\s*(\\d+)\\]", "$1m") : "2g";
      builder
          .config("spark.executor.memory", memory)
          .config("spark.executor.extraClassPath", System.getProperty("java.class.path"));
    }
    return builder.getOrCreate();
  }
}
