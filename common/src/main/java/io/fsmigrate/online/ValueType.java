package io.fsmigrate.online;

import java.io.Serializable;
import java.util.List;

/**
 * A feature type taken apart.
 *
 * @param precision digits of a decimal
 * @param scale fraction digits of a decimal
 * @param children element of an array, key and value of a map, fields of a struct
 * @param fields field names of a struct
 */
record ValueType(Kind kind, int precision, int scale, List<ValueType> children, List<String> fields)
    implements Serializable {
  ValueType {
    children = List.copyOf(children);
    fields = List.copyOf(fields);
  }

  enum Kind {
    BOOLEAN,
    TINYINT,
    SMALLINT,
    INT,
    BIGINT,
    FLOAT,
    DOUBLE,
    DECIMAL,
    STRING,
    BINARY,
    DATE,
    TIMESTAMP,
    TIMESTAMP_NTZ,
    ARRAY,
    MAP,
    STRUCT
  }

  static ValueType scalar(Kind kind) {
    return new ValueType(kind, 0, 0, List.of(), List.of());
  }

  static ValueType decimal(int precision, int scale) {
    return new ValueType(Kind.DECIMAL, precision, scale, List.of(), List.of());
  }

  static ValueType array(ValueType element) {
    return new ValueType(Kind.ARRAY, 0, 0, List.of(element), List.of());
  }

  static ValueType map(ValueType key, ValueType value) {
    return new ValueType(Kind.MAP, 0, 0, List.of(key, value), List.of());
  }

  static ValueType struct(List<String> fields, List<ValueType> types) {
    return new ValueType(Kind.STRUCT, 0, 0, types, fields);
  }

  /** How a person would call it in a message. */
  String words() {
    return kind == Kind.DECIMAL
        ? "decimal(%d,%d)".formatted(precision, scale)
        : kind.name().toLowerCase(java.util.Locale.ROOT);
  }
}
