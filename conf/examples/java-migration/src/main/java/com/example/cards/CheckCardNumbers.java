package com.example.cards;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.udf;

import io.fsmigrate.migration.MigrationFunction;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.DataTypes;

/** Takes a file of payments, and tells which card numbers have a wrong check digit. */
public final class CheckCardNumbers implements MigrationFunction {
  @Override
  public String group() {
    return "card_payments";
  }

  @Override
  public String from() {
    return "raw";
  }

  @Override
  public String to() {
    return "1.0.0";
  }

  @Override
  public String description() {
    return "Check the digits of card numbers";
  }

  @Override
  public boolean rowLocal() {
    return true;
  }

  @Override
  public Dataset<Row> apply(Dataset<Row> source) {
    return source.select(
        col("card").as("card_id"),
        col("seen").as("observed_at"),
        col("amount_cents"),
        udf(new Luhn(), DataTypes.BooleanType).apply(col("card")).as("number_is_valid"));
  }
}
