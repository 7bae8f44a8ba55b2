package io.fsmigrate.offline.sagemaker;

import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.replace;

import io.fsmigrate.sagemaker.FeatureGroupDescription;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.functions;

/** Columns of an offline store's rows, by their role. */
final class Rows {
  private Rows() {}

  static Column named(String name) {
    return functions.col("`" + name.replace("`", "``") + "`");
  }

  static Column identifier(FeatureGroupDescription group) {
    return named(group.recordIdentifier());
  }

  static Column isDeleted() {
    return functions.coalesce(named(GroupColumns.IS_DELETED), lit(false));
  }

  /**
   * Orders as the event time does: ISO-8601 text in UTC with or without a fraction orders as text
   * does once the Z is gone, the same as in {@link AthenaSql}.
   */
  static Column newestKey(FeatureGroupDescription group) {
    Column eventTime = named(group.eventTime());
    return group.eventTimeDefinition().type().equals("Fractional")
        ? eventTime
        : replace(eventTime, lit("Z"), lit(""));
  }
}
