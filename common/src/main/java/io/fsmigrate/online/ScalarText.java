package io.fsmigrate.online;

import com.fasterxml.jackson.core.io.NumberOutput;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.Base64;

/**
 * The canonical text of a scalar value, and back.
 *
 * <p>Decimals are plain with exactly the fraction digits of their type; dates are ISO-8601;
 * timestamps are ISO-8601 in UTC exactly as {@link Instant#toString} prints them, with or without a
 * zone in their type; binary is base64. Floating point is the shortest text that reads back to the
 * same number, whatever the Java version, and a zero has no sign.
 */
public final class ScalarText {
  private ScalarText() {}

  /** The value as what its type promises, or the failure of its record. */
  public static <T> T as(Class<T> expected, ValueType type, Object value)
      throws UnwritableValueException {
    if (!expected.isInstance(value)) {
      throw new UnwritableValueException(
          "WRONG_TYPE",
          "the value is a Java %s, which is not how a %s is handed over"
              .formatted(value == null ? "null" : value.getClass().getSimpleName(), type.words()));
    }
    return expected.cast(value);
  }

  /**
   * The text.
   *
   * @throws UnwritableValueException WRONG_TYPE, OUT_OF_TYPE, INVALID_TEXT
   */
  public static String format(ValueType type, Object value) throws UnwritableValueException {
    return switch (type.kind()) {
      case BOOLEAN -> as(Boolean.class, type, value).toString();
      case TINYINT -> as(Byte.class, type, value).toString();
      case SMALLINT -> as(Short.class, type, value).toString();
      case INT -> as(Integer.class, type, value).toString();
      case BIGINT -> as(Long.class, type, value).toString();
      // Adding zero takes the sign from a zero and leaves every other number as it is.
      case FLOAT -> NumberOutput.toString(as(Float.class, type, value) + 0.0f, true);
      case DOUBLE -> NumberOutput.toString(as(Double.class, type, value) + 0.0, true);
      case DECIMAL -> decimal(type, as(BigDecimal.class, type, value)).toPlainString();
      case STRING -> text(as(String.class, type, value));
      case BINARY -> Base64.getEncoder().encodeToString(as(byte[].class, type, value));
      case DATE -> as(LocalDate.class, type, value).toString();
      case TIMESTAMP -> as(Instant.class, type, value).toString();
      case TIMESTAMP_NTZ ->
          as(LocalDateTime.class, type, value).toInstant(ZoneOffset.UTC).toString();
      case ARRAY, MAP, STRUCT -> throw new IllegalArgumentException(type.words());
    };
  }

  /** The value as it was before {@link #format}. */
  public static Object parse(ValueType type, String text) {
    return switch (type.kind()) {
      case BOOLEAN -> Boolean.valueOf(text);
      case TINYINT -> Byte.valueOf(text);
      case SMALLINT -> Short.valueOf(text);
      case INT -> Integer.valueOf(text);
      case BIGINT -> Long.valueOf(text);
      case FLOAT -> Float.valueOf(text);
      case DOUBLE -> Double.valueOf(text);
      case DECIMAL -> new BigDecimal(text);
      case STRING -> text;
      case BINARY -> Base64.getDecoder().decode(text);
      case DATE -> LocalDate.parse(text);
      case TIMESTAMP -> Instant.parse(text);
      case TIMESTAMP_NTZ -> LocalDateTime.ofInstant(Instant.parse(text), ZoneOffset.UTC);
      case ARRAY, MAP, STRUCT -> throw new IllegalArgumentException(type.words());
    };
  }

  /** The decimal with the scale of its type; one that does not fit is a failure, never rounded. */
  private static BigDecimal decimal(ValueType type, BigDecimal value)
      throws UnwritableValueException {
    BigDecimal scaled;
    try {
      scaled = value.setScale(type.scale());
    } catch (ArithmeticException e) {
      throw outOfType(type, value);
    }
    if (scaled.precision() > type.precision()) {
      throw outOfType(type, value);
    }
    return scaled;
  }

  private static UnwritableValueException outOfType(ValueType type, BigDecimal value) {
    return new UnwritableValueException(
        "OUT_OF_TYPE", "%s does not fit into %s".formatted(value, type.words()));
  }

  /** The text itself; half a surrogate pair has no UTF-8 form and would be replaced in silence. */
  private static String text(String value) throws UnwritableValueException {
    for (int i = 0; i < value.length(); i++) {
      if (Character.isSurrogate(value.charAt(i))) {
        if (Character.isSurrogatePair(
            value.charAt(i), i + 1 < value.length() ? value.charAt(i + 1) : ' ')) {
          i++;
        } else {
          throw new UnwritableValueException(
              "INVALID_TEXT", "the text has half a surrogate pair at place %d".formatted(i));
        }
      }
    }
    return value;
  }
}
