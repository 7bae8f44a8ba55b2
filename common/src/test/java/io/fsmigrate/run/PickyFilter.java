package io.fsmigrate.run;

import org.apache.spark.api.java.function.FilterFunction;
import org.apache.spark.sql.Row;

/** What a migration in Java uses on executors: a class of its jar that is not its own. */
final class PickyFilter implements FilterFunction<Row> {
  private static final long serialVersionUID = 1;

  @Override
  public boolean call(Row row) {
    throw new IllegalArgumentException("a visit of one is none");
  }
}
