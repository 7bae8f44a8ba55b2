package io.fsmigrate.emulator.athena;

import io.fsmigrate.emulator.athena.QueryExecution.Column;
import io.fsmigrate.emulator.offline.Database;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** DuckDB's types in Athena's words, and values as Athena writes them. */
final class AthenaTypes {
  private AthenaTypes() {}

  static String name(String duckType) {
    String type = duckType.toUpperCase(Locale.ROOT);
    if (type.startsWith("DECIMAL")) {
      return "decimal";
    }
    if (type.endsWith("]")) {
      return "array";
    }
    if (type.startsWith("STRUCT")) {
      return "row";
    }
    if (type.startsWith("MAP")) {
      return "map";
    }
    return switch (type) {
      case "HUGEINT", "UBIGINT", "UINTEGER", "UHUGEINT" -> "bigint";
      case "FLOAT" -> "float";
      case "BLOB" -> "varbinary";
      case "TIMESTAMP WITH TIME ZONE", "TIMESTAMPTZ" -> "timestamp with time zone";
      case "TIMESTAMP", "TIMESTAMP_S", "TIMESTAMP_MS", "TIMESTAMP_NS" -> "timestamp";
      default -> type.toLowerCase(Locale.ROOT);
    };
  }

  /** All columns; sums of whole numbers, wider in DuckDB, as what Athena makes of them. */
  static String selectForParquet(List<Column> columns) {
    return columns.stream()
        .map(
            column -> {
              String name = Database.name(column.name());
              return column.type().equals("bigint")
                  ? "CAST(" + name + " AS BIGINT) AS " + name
                  : name;
            })
        .collect(Collectors.joining(", "));
  }

  /** All columns as text. */
  static String selectAsText(List<Column> columns) {
    return columns.stream().map(AthenaTypes::asText).collect(Collectors.joining(", "));
  }

  private static String asText(Column column) {
    String name = Database.name(column.name());
    String text =
        switch (column.type()) {
          case "timestamp" -> "strftime(" + name + ", '%Y-%m-%d %H:%M:%S.%g')";
          case "timestamp with time zone" ->
              "strftime(CAST(" + name + " AS TIMESTAMP), '%Y-%m-%d %H:%M:%S.%g UTC')";
          default -> "CAST(" + name + " AS VARCHAR)";
        };
    return text + " AS " + name;
  }

  static int precision(String type) {
    return switch (type) {
      case "bigint" -> 19;
      case "integer" -> 10;
      case "double" -> 17;
      case "boolean" -> 0;
      case "timestamp" -> 3;
      default -> 2147483647;
    };
  }
}
