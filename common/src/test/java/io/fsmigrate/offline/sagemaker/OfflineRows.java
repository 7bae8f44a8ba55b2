package io.fsmigrate.offline.sagemaker;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.expr;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.apache.hadoop.fs.FileSystem;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/** Rows as the service writes them into an offline store of the Glue format. */
final class OfflineRows {
  private final SparkSession session;
  private final String location;

  OfflineRows(SparkSession session, String location) {
    this.session = session;
    this.location = location;
  }

  /**
   * Adds rows, a file for each hour.
   *
   * @param features columns, such as {@code id, at, n}
   * @param values of each row in SQL, such as {@code 'a', '2024-01-01T00:00:00Z', 1L}; the last one
   *     is is_deleted
   */
  OfflineRows add(String features, String... values) {
    String rows = String.join("), (", values);
    Dataset<Row> all =
        session
            .sql("SELECT * FROM VALUES (%s) AS t(%s, is_deleted)".formatted(rows, features))
            .withColumn("seconds", seconds())
            .withColumn("write_time", expr("timestamp_seconds(seconds + 300)"))
            .withColumn("api_invocation_time", expr("timestamp_seconds(seconds + 1)"));
    return write(all);
  }

  private static org.apache.spark.sql.Column seconds() {
    return expr(
        "coalesce(try_cast(at AS double), unix_micros(try_cast(string(at) AS timestamp)) / 1e6)");
  }

  private OfflineRows write(Dataset<Row> rows) {
    Dataset<Row> dated = rows.withColumn("hour_start", expr("timestamp_seconds(seconds)"));
    for (List<String> part :
        List.of(
            List.of("year", "yyyy"),
            List.of("month", "MM"),
            List.of("day", "dd"),
            List.of("hour", "HH"))) {
      dated =
          dated.withColumn(
              part.get(0), expr("date_format(hour_start, '%s')".formatted(part.get(1))));
    }
    Path aside;
    try {
      aside = Files.createTempDirectory("offline-rows");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    dated
        .drop("hour_start", "seconds")
        .coalesce(1)
        .sortWithinPartitions(col("year"), col("month"), col("day"), col("hour"))
        .write()
        .mode("append")
        .partitionBy("year", "month", "day", "hour")
        .parquet(aside.toString());
    copy(aside);
    return this;
  }

  /** File by file, since a committer's renames are slow on S3. */
  private void copy(Path from) {
    org.apache.hadoop.fs.Path to = new org.apache.hadoop.fs.Path(location);
    try (Stream<Path> files = Files.walk(from)) {
      FileSystem fs = to.getFileSystem(session.sparkContext().hadoopConfiguration());
      fs.setWriteChecksum(false);
      for (Path file : files.filter(f -> f.toString().endsWith(".parquet")).toList()) {
        fs.copyFromLocalFile(
            true,
            new org.apache.hadoop.fs.Path(file.toUri()),
            new org.apache.hadoop.fs.Path(to, from.relativize(file).toString()));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
