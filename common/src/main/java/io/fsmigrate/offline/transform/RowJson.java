package io.fsmigrate.offline.transform;

import java.util.Map;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.functions;

/**
 * Rows as failed records show them: JSON from which every value can be read back. Times are UTC
 * (the time zone of a run's session) and have all six digits of a second; Spark's own form has
 * three.
 */
public final class RowJson {
  private static final String LOCAL = "yyyy-MM-dd'T'HH:mm:ss.SSSSSS";
  private static final Map<String, String> OPTIONS =
      Map.of(
          "ignoreNullFields",
          "false",
          "timestampFormat",
          LOCAL + "XXX",
          "timestampNTZFormat",
          LOCAL);

  private RowJson() {}

  /** The text of a struct. */
  public static Column of(Column struct) {
    return functions.to_json(struct, OPTIONS);
  }
}
