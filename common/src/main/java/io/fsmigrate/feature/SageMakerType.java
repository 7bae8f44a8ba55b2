package io.fsmigrate.feature;

import io.fsmigrate.feature.TypeShape.Array;
import io.fsmigrate.feature.TypeShape.Decimal;
import io.fsmigrate.feature.TypeShape.Primitive;
import java.util.Optional;

/**
 * What a feature is in a SageMaker feature group, derived from its Spark type so that no value is
 * lost: a decimal is Fractional (a 64-bit float there) up to 15 digits, Integral without decimals
 * up to 18 digits, and String beyond; a boolean is Integral 0 or 1; dates and times are String in
 * ISO-8601; binary, maps, structs and nested arrays are String.
 *
 * <p>An array of floats is a Vector, another array of simple values a List. Spark has no set type,
 * so SageMaker's Set is never derived. Collections need an InMemory online store.
 *
 * @param kind the type of the feature, or of the elements of its collection
 */
public record SageMakerType(Kind kind, Optional<Collection> collection) {
  private static final int DOUBLE_DIGITS = 15;
  private static final int LONG_DIGITS = 18;

  /** SageMaker's feature types. */
  public enum Kind {
    /** UTF-8 text. */
    STRING("String"),
    /** 64-bit signed integer. */
    INTEGRAL("Integral"),
    /** 64-bit floating point. */
    FRACTIONAL("Fractional");

    private final String text;

    Kind(String text) {
      this.text = text;
    }

    /** The name in SageMaker's API. */
    public String text() {
      return text;
    }
  }

  /** SageMaker's collection types that a Spark type leads to. */
  public enum Collection {
    /** Ordered values, duplicates allowed. */
    LIST("List"),
    /** Fractional values of a fixed number; the number is not part of the Spark type. */
    VECTOR("Vector");

    private final String text;

    Collection(String text) {
      this.text = text;
    }

    /** The name in SageMaker's API. */
    public String text() {
      return text;
    }
  }

  static SageMakerType of(FeatureType type) {
    TypeShape shape = type.shape().orElse(Primitive.STRING);
    if (shape instanceof Array array) {
      TypeShape element = array.element();
      if (element == Primitive.FLOAT || element == Primitive.DOUBLE) {
        return new SageMakerType(Kind.FRACTIONAL, Optional.of(Collection.VECTOR));
      }
      if (element instanceof Primitive || element instanceof Decimal) {
        return new SageMakerType(scalar(element), Optional.of(Collection.LIST));
      }
    }
    return new SageMakerType(scalar(shape), Optional.empty());
  }

  private static Kind scalar(TypeShape shape) {
    if (shape instanceof Primitive primitive) {
      return switch (primitive) {
        case TINYINT, SMALLINT, INT, BIGINT, BOOLEAN -> Kind.INTEGRAL;
        case FLOAT, DOUBLE -> Kind.FRACTIONAL;
        case STRING, BINARY, DATE, TIMESTAMP, TIMESTAMP_NTZ -> Kind.STRING;
      };
    }
    if (shape instanceof Decimal decimal) {
      if (decimal.scale() == 0 && decimal.precision() <= LONG_DIGITS) {
        return Kind.INTEGRAL;
      }
      return decimal.precision() <= DOUBLE_DIGITS ? Kind.FRACTIONAL : Kind.STRING;
    }
    return Kind.STRING;
  }

  @Override
  public String toString() {
    return collection.map(c -> c.text() + "<" + kind.text() + ">").orElse(kind.text());
  }
}
