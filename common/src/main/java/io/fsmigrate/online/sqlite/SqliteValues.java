package io.fsmigrate.online.sqlite;

import io.fsmigrate.online.CanonicalJson;
import io.fsmigrate.online.ScalarText;
import io.fsmigrate.online.UnwritableValueException;
import io.fsmigrate.online.ValueType;

/** Values as SQLite columns; {@link SqliteDialect} lists the forms. */
final class SqliteValues {
  private static final String NAN = "NaN";

  private SqliteValues() {}

  static String columnType(ValueType type) {
    return switch (type.kind()) {
      case BOOLEAN, TINYINT, SMALLINT, INT, BIGINT -> "INTEGER";
      case FLOAT, DOUBLE -> "REAL";
      case BINARY -> "BLOB";
      case DECIMAL, STRING, DATE, TIMESTAMP, TIMESTAMP_NTZ, ARRAY, MAP, STRUCT -> "TEXT";
    };
  }

  static Object toColumn(ValueType type, Object value) throws UnwritableValueException {
    return switch (type.kind()) {
      case BOOLEAN -> ScalarText.as(Boolean.class, type, value) ? 1 : 0;
      case TINYINT -> ScalarText.as(Byte.class, type, value).intValue();
      case SMALLINT -> ScalarText.as(Short.class, type, value).intValue();
      case INT -> ScalarText.as(Integer.class, type, value);
      case BIGINT -> ScalarText.as(Long.class, type, value);
      case FLOAT -> real(ScalarText.as(Float.class, type, value).doubleValue());
      case DOUBLE -> real(ScalarText.as(Double.class, type, value));
      case BINARY -> ScalarText.as(byte[].class, type, value);
      case DECIMAL, STRING, DATE, TIMESTAMP, TIMESTAMP_NTZ -> ScalarText.format(type, value);
      case ARRAY, MAP, STRUCT -> CanonicalJson.write(type, value);
    };
  }

  private static Object real(double value) {
    if (Double.isNaN(value)) {
      return NAN;
    }
    return value + 0.0;
  }

  static Object fromColumn(ValueType type, Object column) {
    return switch (type.kind()) {
      case BOOLEAN -> ((Number) column).longValue() != 0;
      case TINYINT -> ((Number) column).byteValue();
      case SMALLINT -> ((Number) column).shortValue();
      case INT -> ((Number) column).intValue();
      case BIGINT -> ((Number) column).longValue();
      case FLOAT -> NAN.equals(column) ? Float.NaN : ((Number) column).floatValue();
      case DOUBLE -> NAN.equals(column) ? Double.NaN : ((Number) column).doubleValue();
      case BINARY -> column;
      case DECIMAL, STRING, DATE, TIMESTAMP, TIMESTAMP_NTZ ->
          ScalarText.parse(type, (String) column);
      case ARRAY, MAP, STRUCT -> CanonicalJson.read(type, (String) column);
    };
  }
}
