package io.fsmigrate.benchmarks;

import io.fsmigrate.branch.BranchStore;
import io.fsmigrate.branch.TablePointer;
import io.fsmigrate.feature.FeatureVersion;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Clock;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;

/**
 * Two Delta tables of the same rows in another order, but for some.
 *
 * @param source the rows that should be there
 * @param differing rows of the other table with another amount, spread evenly
 */
record ComparedTables(Source source, long differing) {
  private static final String GROUP = "activity";

  /** The table that is compared with the source. */
  Path copy(Path directory) {
    Path original = source.path(directory);
    return original.resolveSibling(original.getFileName() + "-differing-" + differing);
  }

  Path warehouse(Path directory) {
    return copy(directory).resolveSibling(copy(directory).getFileName() + "-warehouse");
  }

  /** Writes both unless they are there, and lets a branch show the copy. */
  void generate(SparkSession spark, Path directory) throws IOException {
    source.generate(spark, directory);
    Path copy = copy(directory);
    if (!Files.exists(copy)) {
      Path unfinished = copy.resolveSibling(copy.getFileName() + ".unfinished");
      Trees.delete(unfinished);
      copied(source.read(spark, directory)).write().format("delta").save(unfinished.toString());
      Files.move(unfinished, copy, StandardCopyOption.ATOMIC_MOVE);
    }
    Trees.delete(warehouse(directory));
    new BranchStore(warehouse(directory).toString(), new Configuration(), Clock.systemUTC())
        .commit(
            "main",
            Optional.empty(),
            "benchmarks",
            "the table to compare",
            Map.of(),
            Map.of(GROUP, new TablePointer(copy.toString(), 0, new FeatureVersion("1.0.0"))),
            Set.of());
  }

  private Dataset<Row> copied(Dataset<Row> rows) {
    Dataset<Row> spread =
        rows.repartition(source.files(), functions.col("device"), functions.col("visits_30d"));
    if (differing == 0) {
      return spread;
    }
    // Event times are the numbers of the rows, after a beginning.
    long every = source.rows() / differing;
    return spread.withColumn(
        "amount",
        functions.expr("if(unix_seconds(updated) %% %d = 0, amount + 1, amount)".formatted(every)));
  }
}
