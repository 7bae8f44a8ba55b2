package io.fsmigrate.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;
import org.apache.spark.sql.SparkSession;

/** A session with the settings of a small machine, and the temporary warehouse it writes to. */
public record SharedSession(SparkSession spark, Path directory) implements AutoCloseable {

  /** Starts one; it is to be closed. */
  public static SharedSession start() {
    Path directory = temporaryDirectory();
    SparkSession spark =
        SparkSession.builder()
            .master("local[2]")
            .appName("fs-migrate tests")
            .config(
                "spark.sql.extensions",
                "io.delta.sql.DeltaSparkSessionExtension," + VanishingRows.class.getName())
            .config(
                "spark.sql.catalog.spark_catalog",
                "org.apache.spark.sql.delta.catalog.DeltaCatalog")
            .config("spark.sql.warehouse.dir", directory.resolve("warehouse").toUri().toString())
            .config("spark.local.dir", directory.resolve("local").toString())
            .config("spark.sql.session.timeZone", "UTC")
            .config("spark.sql.shuffle.partitions", "2")
            .config("spark.databricks.delta.snapshotPartitions", "2")
            // Without elimination each expression is evaluated where it stands, as a migration
            // that tells rows with errors from rows without them needs it.
            .config("spark.sql.subexpressionElimination.enabled", "false")
            // Sessions share classes, so that what one has compiled the next need not.
            .config("spark.sql.artifact.isolation.enabled", "false")
            .config("spark.ui.enabled", "false")
            .config("spark.driver.host", "localhost")
            .config("spark.driver.bindAddress", "127.0.0.1")
            .getOrCreate();
    return new SharedSession(spark, directory);
  }

  @Override
  public void close() throws IOException {
    spark.stop();
    try (Stream<Path> paths = Files.walk(directory)) {
      for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(path);
      }
    }
  }

  private static Path temporaryDirectory() {
    try {
      return Files.createTempDirectory("fs-migrate-spark-");
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot make a directory for the Spark warehouse", e);
    }
  }
}
