package io.fsmigrate.online;

import io.fsmigrate.feature.FeatureType;
import io.fsmigrate.feature.TypeShape;
import java.io.Serializable;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * A feature type taken apart.
 *
 * @param precision digits of a decimal
 * @param scale fraction digits of a decimal
 * @param children element of an array, key and value of a map, fields of a struct
 * @param fields field names of a struct
 */
public record ValueType(
    Kind kind, int precision, int scale, List<ValueType> children, List<String> fields)
    implements Serializable {
  public ValueType {
    children = List.copyOf(children);
    fields = List.copyOf(fields);
  }

  /** The kinds of types; what a kind takes as parameters is in the other components. */
  public enum Kind {
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

  /** The type, or empty where an online store has no value for it. */
  public static Optional<ValueType> of(FeatureType type) {
    return type.shape().map(ValueType::of);
  }

  private static ValueType of(TypeShape shape) {
    if (shape instanceof TypeShape.Decimal decimal) {
      return new ValueType(
          Kind.DECIMAL, decimal.precision(), decimal.scale(), List.of(), List.of());
    }
    if (shape instanceof TypeShape.Array array) {
      return nested(Kind.ARRAY, List.of(array.element()), List.of());
    }
    if (shape instanceof TypeShape.MapOf map) {
      return nested(Kind.MAP, List.of(map.key(), map.value()), List.of());
    }
    if (shape instanceof TypeShape.Struct struct) {
      return nested(
          Kind.STRUCT,
          struct.fields().stream().map(TypeShape.Field::type).toList(),
          struct.fields().stream().map(TypeShape.Field::name).toList());
    }
    // What is left is a type without parameters, and the kinds bear the same names.
    return new ValueType(
        Kind.valueOf(shape.sql().toUpperCase(Locale.ROOT)), 0, 0, List.of(), List.of());
  }

  private static ValueType nested(Kind kind, List<TypeShape> children, List<String> fields) {
    return new ValueType(kind, 0, 0, children.stream().map(ValueType::of).toList(), fields);
  }

  /** How a person would call it in a message. */
  public String words() {
    return kind == Kind.DECIMAL
        ? "decimal(%d,%d)".formatted(precision, scale)
        : kind.name().toLowerCase(Locale.ROOT);
  }
}
