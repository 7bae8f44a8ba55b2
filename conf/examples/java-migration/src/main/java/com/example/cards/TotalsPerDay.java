package com.example.cards;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.max;
import static org.apache.spark.sql.functions.sum;
import static org.apache.spark.sql.functions.to_date;

import io.fsmigrate.migration.MigrationFunction;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** One row for each card and day, in UTC as the session of every run. */
public final class TotalsPerDay implements MigrationFunction {
  @Override
  public String group() {
    return "card_payments";
  }

  @Override
  public String from() {
    return "1.0.0";
  }

  @Override
  public String to() {
    return "2.0.0";
  }

  @Override
  public String description() {
    return "One row for each card and day";
  }

  /** An aggregate sees many rows at once, so the run must not cut its input into units. */
  @Override
  public boolean rowLocal() {
    return false;
  }

  /** Fewer rows come out than go in; those that are merged count as filtered. */
  @Override
  public boolean dropsRows() {
    return true;
  }

  @Override
  public Dataset<Row> apply(Dataset<Row> source) {
    return source
        .groupBy(col("card_id"), to_date(col("observed_at")).as("day"))
        .agg(
            count(lit(1)).as("payments"),
            sum(col("amount_cents")).as("amount_cents"),
            max(col("number_is_valid")).as("number_is_valid"));
  }
}
