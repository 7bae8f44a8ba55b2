package io.fsmigrate.benchmarks;

import java.nio.file.Path;
import java.util.List;
import org.apache.spark.sql.SparkSession;

/** Who takes part; the first is what the others are compared with. */
final class Contenders {
  private Contenders() {}

  /**
   * @param only {@code bare}, {@code fs-migrate}, or empty for both
   */
  static List<Contender> named(
      String only, SparkSession spark, Source source, Path conf, Path directory) {
    Contender bare = new BareSpark(spark, source, directory);
    Contender program = new MigrateCommand(source, conf, directory);
    return switch (only) {
      case "" -> List.of(bare, program);
      case "bare" -> List.of(bare);
      case "fs-migrate" -> List.of(program);
      default -> throw new IllegalArgumentException(only + ": not bare or fs-migrate");
    };
  }
}
