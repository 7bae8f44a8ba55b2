package io.fsmigrate.online.sagemaker;

import io.fsmigrate.online.CanonicalJson;
import io.fsmigrate.online.ScalarText;
import io.fsmigrate.online.UnwritableValueException;
import io.fsmigrate.online.ValueType;
import io.fsmigrate.sagemaker.FeatureGroupDescription.Definition;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * How one feature of a target is a feature of a group, and back. What a type of the target may be
 * in the group:
 *
 * <table>
 * <caption>Types</caption>
 * <tr><td>boolean</td><td>Integral, Fractional or String: 0 or 1</td></tr>
 * <tr><td>tinyint, smallint, int</td><td>Integral, Fractional or String</td></tr>
 * <tr><td>bigint</td><td>Integral or String; a 64-bit float does not keep all of them</td></tr>
 * <tr><td>float, double</td><td>Fractional or String; NaN and infinities only in a String</td></tr>
 * <tr><td>decimal</td><td>Fractional up to 15 digits, Integral without decimals up to 18, or
 *     String; always all of its digits</td></tr>
 * <tr><td>string</td><td>String</td></tr>
 * <tr><td>binary</td><td>String, base64</td></tr>
 * <tr><td>date, timestamp, timestamp_ntz</td><td>String, ISO-8601 in UTC</td></tr>
 * <tr><td>array of such types</td><td>List or Vector of what the element may be, in groups that
 *     have them; otherwise String, JSON</td></tr>
 * <tr><td>other arrays, map, struct</td><td>String, JSON ({@link CanonicalJson})</td></tr>
 * </table>
 *
 * @param type what the target has
 * @param definition what the group has
 */
record FeatureCodec(ValueType type, Definition definition) {
  private static final String INTEGRAL = "Integral";
  private static final String FRACTIONAL = "Fractional";
  private static final String VECTOR = "Vector";
  private static final int LONG_DIGITS = 18;
  private static final int DOUBLE_DIGITS = 15;

  /** Why values of the type have no place in that feature, or empty. */
  static Optional<String> misfit(ValueType type, Definition definition) {
    if (definition.collection() != null) {
      boolean list =
          definition.collection().equals("List") || definition.collection().equals(VECTOR);
      return list && type.kind() == ValueType.Kind.ARRAY
          ? scalarMisfit(type.children().get(0), definition.type())
          : Optional.of("a %s cannot be a %s".formatted(type.words(), definition.collection()));
    }
    return scalarMisfit(type, definition.type());
  }

  private static Optional<String> scalarMisfit(ValueType type, String kind) {
    boolean fits =
        switch (type.kind()) {
          case BOOLEAN, TINYINT, SMALLINT, INT -> true;
          case BIGINT -> !kind.equals(FRACTIONAL);
          case FLOAT, DOUBLE -> !kind.equals(INTEGRAL);
          case DECIMAL -> decimalFits(type, kind);
          case STRING, BINARY, DATE, TIMESTAMP, TIMESTAMP_NTZ, ARRAY, MAP, STRUCT ->
              !kind.equals(INTEGRAL) && !kind.equals(FRACTIONAL);
        };
    return fits
        ? Optional.empty()
        : Optional.of("values of a %s would be lost in a %s".formatted(type.words(), kind));
  }

  private static boolean decimalFits(ValueType type, String kind) {
    return switch (kind) {
      case INTEGRAL -> type.scale() == 0 && type.precision() <= LONG_DIGITS;
      case FRACTIONAL -> type.precision() <= DOUBLE_DIGITS;
      default -> true;
    };
  }

  boolean isCollection() {
    return definition.collection() != null;
  }

  /** The text of a value that is no collection in the group. */
  String text(Object value) throws UnwritableValueException {
    return text(type, value);
  }

  /** The texts of a collection's elements. */
  List<String> texts(Object value) throws UnwritableValueException {
    List<?> elements = ScalarText.as(List.class, type, value);
    if (definition.dimension() != null && elements.size() != definition.dimension()) {
      throw new UnwritableValueException(
          "WRONG_DIMENSION",
          "the vector has %d values, the group's has %d"
              .formatted(elements.size(), definition.dimension()));
    }
    List<String> texts = new ArrayList<>(elements.size());
    for (Object element : elements) {
      if (element == null) {
        throw new UnwritableValueException(
            "NULL_IN_COLLECTION", "SageMaker's collections have no place for an absent value");
      }
      texts.add(text(type.children().get(0), element));
    }
    return texts;
  }

  private String text(ValueType of, Object value) throws UnwritableValueException {
    return switch (of.kind()) {
      case BOOLEAN -> ScalarText.as(Boolean.class, of, value) ? "1" : "0";
      case FLOAT, DOUBLE -> real(of, value);
      case ARRAY, MAP, STRUCT -> CanonicalJson.write(of, value);
      default -> ScalarText.format(of, value);
    };
  }

  /** The service refuses what is no number in a Fractional, and with it the whole record. */
  private String real(ValueType of, Object value) throws UnwritableValueException {
    String text = ScalarText.format(of, value);
    if (definition.type().equals(FRACTIONAL) && !Double.isFinite(((Number) value).doubleValue())) {
      throw new UnwritableValueException(
          "NOT_A_NUMBER", "%s has no place in a Fractional feature".formatted(text));
    }
    return text;
  }

  /** The value as it was before {@link #text}. */
  Object value(String text) {
    return value(type, text);
  }

  /** The value as it was before {@link #texts}. */
  Object value(List<String> texts) {
    List<Object> values = new ArrayList<>(texts.size());
    texts.forEach(text -> values.add(value(type.children().get(0), text)));
    return values;
  }

  private Object value(ValueType of, String text) {
    return switch (of.kind()) {
      case BOOLEAN -> new BigDecimal(text).signum() != 0;
      case TINYINT, SMALLINT, INT ->
          // A Fractional may come back with decimals.
          ScalarText.parse(
              of,
              definition.type().equals(FRACTIONAL)
                  ? new BigDecimal(text).toBigIntegerExact().toString()
                  : text);
      case DECIMAL -> new BigDecimal(text).setScale(of.scale());
      case ARRAY, MAP, STRUCT -> CanonicalJson.read(of, text);
      default -> ScalarText.parse(of, text);
    };
  }
}
