package io.fsmigrate.benchmarks;

import java.io.IOException;
import java.nio.file.Path;
import org.apache.spark.sql.SparkSession;

/**
 * The least that could do the work: reads, evaluates the expressions of
 * benchmarks/conf/offline.conf as plain ANSI SQL, and writes Delta. It checks no contract, so it
 * writes the rows that break it.
 */
final class BareSpark implements Contender {
  private final SparkSession spark;
  private final Source source;
  private final Path directory;
  private final Path target;

  BareSpark(SparkSession spark, Source source, Path directory) {
    this.spark = spark;
    this.source = source;
    this.directory = directory;
    this.target = directory.resolve("bare");
  }

  @Override
  public String name() {
    return "bare spark";
  }

  @Override
  public void run() {
    source
        .read(spark, directory)
        .selectExpr(
            "account AS account_id",
            "updated AS updated_at",
            "CAST(clicks AS INT) AS clicks",
            "amount AS amount_usd",
            "score * 100 AS score",
            "upper(trim(country)) AS country",
            "spend_7d",
            "spend_30d",
            "CAST(visits_30d AS INT) AS visits_30d",
            "spend_7d / greatest(spend_30d, 1D) AS spend_trend",
            "CASE WHEN CAST(clicks AS INT) >= 1000 THEN 'heavy'"
                + " WHEN CAST(clicks AS INT) >= 100 THEN 'regular' ELSE 'light' END AS segment",
            "false AS is_blocked")
        .write()
        .format("delta")
        .save(target.toString());
  }

  @Override
  public void cleanUp() throws IOException {
    Trees.delete(target);
  }
}
