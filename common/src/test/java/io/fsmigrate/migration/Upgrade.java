package io.fsmigrate.migration;

import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** A provider for tests. */
public class Upgrade implements MigrationFunction {
  @Override
  public String group() {
    return "flights";
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
  public boolean rowLocal() {
    return true;
  }

  @Override
  public Dataset<Row> apply(Dataset<Row> source) {
    return source.withColumnRenamed("delay", Helper.target());
  }

  static final class Helper {
    private Helper() {}

    static String target() {
      return "aaaa";
    }
  }
}
