package io.fsmigrate.online.postgresql;

import io.fsmigrate.online.ValueType;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The columns that hold features.
 *
 * <table>
 * <caption>Columns</caption>
 * <tr><td>boolean</td><td>boolean</td></tr>
 * <tr><td>tinyint, smallint</td><td>smallint</td></tr>
 * <tr><td>int, bigint</td><td>integer, bigint</td></tr>
 * <tr><td>float, double</td><td>real, double precision; a zero has no sign</td></tr>
 * <tr><td>decimal</td><td>numeric with the type's digits</td></tr>
 * <tr><td>string</td><td>text, ordered by its bytes</td></tr>
 * <tr><td>binary</td><td>bytea</td></tr>
 * <tr><td>date</td><td>date</td></tr>
 * <tr><td>timestamp, timestamp_ntz</td><td>timestamp with or without time zone</td></tr>
 * <tr><td>array, map, struct</td><td>text, {@link io.fsmigrate.online.CanonicalJson}; jsonb would
 *     round numbers and sort keys its own way</td></tr>
 * </table>
 */
final class ColumnType {
  private static final Pattern NUMERIC = Pattern.compile("numeric\\((\\d+),(\\d+)\\)");

  private ColumnType() {}

  /** The name as PostgreSQL's format_type prints it. */
  static String of(ValueType type) {
    return switch (type.kind()) {
      case DECIMAL -> "numeric(%d,%d)".formatted(type.precision(), type.scale());
      case BOOLEAN, TINYINT, SMALLINT, INT, BIGINT, FLOAT, DOUBLE -> plain(type);
      case STRING, BINARY, DATE, TIMESTAMP, TIMESTAMP_NTZ, ARRAY, MAP, STRUCT -> plain(type);
    };
  }

  /** The name without digits. */
  static String plain(ValueType type) {
    return switch (type.kind()) {
      case BOOLEAN -> "boolean";
      case TINYINT, SMALLINT -> "smallint";
      case INT -> "integer";
      case BIGINT -> "bigint";
      case FLOAT -> "real";
      case DOUBLE -> "double precision";
      case DECIMAL -> "numeric";
      case STRING, ARRAY, MAP, STRUCT -> "text";
      case BINARY -> "bytea";
      case DATE -> "date";
      case TIMESTAMP -> "timestamp with time zone";
      case TIMESTAMP_NTZ -> "timestamp without time zone";
    };
  }

  /** In a CREATE TABLE. */
  static String declared(ValueType type) {
    return isText(type) ? "text COLLATE \"C\"" : of(type);
  }

  static boolean isText(ValueType type) {
    return plain(type).equals("text");
  }

  /**
   * Whether a column holds every value of the type unchanged.
   *
   * @param there its type as format_type prints it
   */
  static boolean fits(ValueType type, String there) {
    if (there.equals(of(type))) {
      return true;
    }
    return switch (type.kind()) {
      case STRING, ARRAY, MAP, STRUCT -> there.equals("character varying");
      case DECIMAL -> there.equals("numeric") || hasRoom(type, there);
      case BOOLEAN, TINYINT, SMALLINT, INT, BIGINT, FLOAT, DOUBLE -> false;
      case BINARY, DATE, TIMESTAMP, TIMESTAMP_NTZ -> false;
    };
  }

  private static boolean hasRoom(ValueType type, String there) {
    Matcher digits = NUMERIC.matcher(there);
    if (!digits.matches()) {
      return false;
    }
    int precision = Integer.parseInt(digits.group(1));
    int scale = Integer.parseInt(digits.group(2));
    return scale >= type.scale() && precision - scale >= type.precision() - type.scale();
  }
}
