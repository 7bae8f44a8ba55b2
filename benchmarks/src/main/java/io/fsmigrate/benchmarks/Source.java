package io.fsmigrate.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Locale;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * Generated feature data: account activity, ten rows a record.
 *
 * @param files number of files, all of the same number of rows (give or take one)
 * @param refusedShare share of rows that break the contract, spread evenly; 0 for none
 * @param format delta or parquet
 */
record Source(long rows, int files, double refusedShare, String format) {

  /** How the program calls the source. */
  String address(Path directory) {
    return format + ":" + path(directory);
  }

  Path path(Path directory) {
    return directory.resolve(
        String.format(Locale.ROOT, "%s-%d-rows-%d-files-%s", format, rows, files, refusedShare));
  }

  Dataset<Row> read(SparkSession spark, Path directory) {
    return spark.read().format(format).load(path(directory).toString());
  }

  /** Rows that break the contract. */
  long refusedRows() {
    return refusedShare == 0 ? 0 : rows / refusedEvery();
  }

  /** Writes it unless it is there already. */
  void generate(SparkSession spark, Path directory) throws IOException {
    Path target = path(directory);
    if (Files.exists(target)) {
      return;
    }
    Path unfinished = target.resolveSibling(target.getFileName() + ".unfinished");
    Trees.delete(unfinished);
    data(spark).write().format(format).save(unfinished.toString());
    Files.move(unfinished, target, StandardCopyOption.ATOMIC_MOVE);
  }

  private Dataset<Row> data(SparkSession spark) {
    return spark
        .range(0, rows, 1, files)
        .selectExpr(
            "concat('A', lpad(string(pmod(xxhash64(id), %d)), 9, '0')) AS account"
                .formatted(Math.max(1, rows / 10)),
            "timestamp_seconds(1767225600 + id) AS updated",
            "pmod(xxhash64(id, 1), 5000) AS clicks",
            amount() + " AS amount",
            "pmod(xxhash64(id, 3), 1000) / 1000D AS score",
            "element_at(array('de', ' fr', 'US', 'jp '), int(pmod(xxhash64(id, 4), 4)) + 1)"
                + " AS country",
            "element_at(array('phone', 'tablet', 'desktop'), int(pmod(xxhash64(id, 5), 3)) + 1)"
                + " AS device",
            "pmod(xxhash64(id, 6), 20000) / 8D AS spend_7d",
            "pmod(xxhash64(id, 7), 20000) / 8D AS spend_30d",
            "pmod(xxhash64(id, 8), 300) AS visits_30d");
  }

  private String amount() {
    String good = "pmod(xxhash64(id, 2), 100000) / 100D";
    return refusedShare == 0
        ? good
        : "if(id %% %d = %d, -1D, %s)".formatted(refusedEvery(), refusedEvery() - 1, good);
  }

  private long refusedEvery() {
    return Math.round(1 / refusedShare);
  }
}
