package io.fsmigrate.online.redis;

import io.fsmigrate.online.ScalarText;
import io.fsmigrate.online.UnwritableValueException;
import io.fsmigrate.online.ValueType;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;

/**
 * Event times as bytes whose unsigned order is that of {@link io.fsmigrate.online.TieRule}, so that
 * a script on the server can compare them.
 *
 * <p>Numbers and times are decimal digits of a fixed count with an offset that makes them positive:
 * Lua's numbers are doubles and would round them, and its comparison of texts follows the locale of
 * the server. A time is its seconds since 1970, plus 10^17, and its nanoseconds: {@code
 * 100000000993902340500000000}.
 */
final class OrderedBytes {
  private static final long SECONDS_OFFSET = 100_000_000_000_000_000L;
  private static final long DAYS_OFFSET = 1_000_000_000_000L;

  /** Decimals have up to 38 digits; with this they all have 39. */
  private static final BigInteger DECIMAL_OFFSET = BigInteger.TEN.pow(38).shiftLeft(1);

  private OrderedBytes() {}

  static boolean areOf(ValueType type) {
    return type.children().isEmpty();
  }

  static byte[] of(ValueType type, Object value) throws UnwritableValueException {
    return switch (type.kind()) {
      case BINARY -> ScalarText.as(byte[].class, type, value);
      case STRING -> utf8(ScalarText.format(type, value).replaceFirst("Z+\\z", ""));
      default -> utf8(digits(type, value));
    };
  }

  private static String digits(ValueType type, Object value) throws UnwritableValueException {
    return switch (type.kind()) {
      case BOOLEAN -> ScalarText.as(Boolean.class, type, value) ? "1" : "0";
      case TINYINT, SMALLINT, INT, BIGINT ->
          unsigned(Long.parseLong(ScalarText.format(type, value)) ^ Long.MIN_VALUE);
      // Floats have the order of the doubles that they are.
      case FLOAT -> real(ScalarText.as(Float.class, type, value).doubleValue());
      case DOUBLE -> real(ScalarText.as(Double.class, type, value));
      case DECIMAL ->
          new BigDecimal(ScalarText.format(type, value))
              .unscaledValue()
              .add(DECIMAL_OFFSET)
              .toString();
      case DATE -> days(ScalarText.as(LocalDate.class, type, value));
      case TIMESTAMP -> time(ScalarText.as(Instant.class, type, value));
      case TIMESTAMP_NTZ ->
          time(ScalarText.as(LocalDateTime.class, type, value).toInstant(ZoneOffset.UTC));
      case STRING, BINARY, ARRAY, MAP, STRUCT -> throw new IllegalArgumentException(type.words());
    };
  }

  /** Positive ones order as their bits, negative ones the other way round. */
  private static String real(double value) {
    long bits = Double.doubleToLongBits(value + 0.0);
    return unsigned(bits < 0 ? ~bits : bits ^ Long.MIN_VALUE);
  }

  private static String unsigned(long bits) {
    return padded(Long.toUnsignedString(bits), 20);
  }

  private static String days(LocalDate date) {
    return padded(Long.toString(date.toEpochDay() + DAYS_OFFSET), 13);
  }

  private static String time(Instant instant) {
    return padded(Long.toString(instant.getEpochSecond() + SECONDS_OFFSET), 18)
        + padded(Integer.toString(instant.getNano()), 9);
  }

  private static String padded(String digits, int length) {
    return "0".repeat(length - digits.length()) + digits;
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
