package io.fsmigrate.feature;

import java.util.Locale;
import java.util.Map;

/**
 * The type of a feature: a Spark SQL type in its canonical text.
 *
 * @param sql lower-case simple string as Spark prints it, for example {@code bigint}, {@code
 *     array<float>}, {@code decimal(10,2)}
 */
public record FeatureType(String sql) {
  private static final Map<String, String> ALIASES =
      Map.ofEntries(
          Map.entry("int8", "tinyint"),
          Map.entry("byte", "tinyint"),
          Map.entry("int16", "smallint"),
          Map.entry("short", "smallint"),
          Map.entry("int32", "int"),
          Map.entry("integer", "int"),
          Map.entry("int64", "bigint"),
          Map.entry("long", "bigint"),
          Map.entry("float32", "float"),
          Map.entry("real", "float"),
          Map.entry("float64", "double"),
          Map.entry("bool", "boolean"),
          Map.entry("object", "string"),
          Map.entry("category", "string"),
          Map.entry("str", "string"),
          Map.entry("datetime64[ns]", "timestamp_ntz"),
          Map.entry("datetime64[ns, utc]", "timestamp"));

  /** Reads a type as people write it, aliases included. */
  public static FeatureType parse(String text) {
    String lower = text.trim().toLowerCase(Locale.ROOT);
    return new FeatureType(ALIASES.getOrDefault(lower, lower));
  }

  @Override
  public String toString() {
    return sql;
  }
}
