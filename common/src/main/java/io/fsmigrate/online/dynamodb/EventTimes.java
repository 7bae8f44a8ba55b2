package io.fsmigrate.online.dynamodb;

import io.fsmigrate.online.ScalarText;
import io.fsmigrate.online.UnwritableValueException;
import io.fsmigrate.online.ValueType;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.OptionalLong;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * Event times as attributes that the service orders as {@link io.fsmigrate.online.TieRule} does.
 *
 * <p>A date or timestamp is the number of seconds since 1970, with a fraction; other numbers are
 * numbers, text is text without trailing {@code Z}. Floating point has more values than the
 * service's numbers, so it is eight bytes.
 */
final class EventTimes {
  private EventTimes() {}

  static boolean areOf(ValueType type) {
    return type.children().isEmpty();
  }

  /** Whether values of that type are points in time. */
  static boolean arePoints(ValueType type) {
    return switch (type.kind()) {
      case DATE, TIMESTAMP, TIMESTAMP_NTZ -> true;
      default -> false;
    };
  }

  static AttributeValue of(ValueType type, Object value) throws UnwritableValueException {
    return switch (type.kind()) {
      case BOOLEAN -> number(ScalarText.as(Boolean.class, type, value) ? "1" : "0");
      case TINYINT, SMALLINT, INT, BIGINT, DECIMAL -> number(ScalarText.format(type, value));
      // Floats have the order of the doubles that they are.
      case FLOAT -> real(ScalarText.as(Float.class, type, value).doubleValue());
      case DOUBLE -> real(ScalarText.as(Double.class, type, value));
      case STRING -> AttributeValue.fromS(ScalarText.format(type, value).replaceFirst("Z+\\z", ""));
      case BINARY ->
          AttributeValue.fromB(SdkBytes.fromByteArray(ScalarText.as(byte[].class, type, value)));
      case DATE, TIMESTAMP, TIMESTAMP_NTZ -> number(seconds(instant(type, value)));
      case ARRAY, MAP, STRUCT -> throw new IllegalArgumentException(type.words());
    };
  }

  /** When an item goes, in seconds since 1970, for a type whose values are points in time. */
  static long expiry(ValueType type, Object value, Duration timeToLive)
      throws UnwritableValueException {
    return instant(type, value).getEpochSecond() + timeToLive.toSeconds();
  }

  /**
   * Whether the stored one is later (positive), the same (0) or earlier; empty where it is no event
   * time of this form.
   */
  static OptionalLong compare(AttributeValue stored, AttributeValue own) {
    if (stored == null || stored.type() != own.type()) {
      return OptionalLong.empty();
    }
    return OptionalLong.of(
        switch (own.type()) {
          case N -> new BigDecimal(stored.n()).compareTo(new BigDecimal(own.n()));
          case S ->
              Arrays.compareUnsigned(
                  SdkBytes.fromUtf8String(stored.s()).asByteArrayUnsafe(),
                  SdkBytes.fromUtf8String(own.s()).asByteArrayUnsafe());
          default ->
              Arrays.compareUnsigned(stored.b().asByteArrayUnsafe(), own.b().asByteArrayUnsafe());
        });
  }

  private static Instant instant(ValueType type, Object value) throws UnwritableValueException {
    return switch (type.kind()) {
      case DATE ->
          ScalarText.as(LocalDate.class, type, value).atStartOfDay().toInstant(ZoneOffset.UTC);
      case TIMESTAMP -> ScalarText.as(Instant.class, type, value);
      case TIMESTAMP_NTZ ->
          ScalarText.as(LocalDateTime.class, type, value).toInstant(ZoneOffset.UTC);
      default -> throw new IllegalArgumentException(type.words());
    };
  }

  private static String seconds(Instant instant) {
    return instant.getNano() == 0
        ? Long.toString(instant.getEpochSecond())
        : BigDecimal.valueOf(instant.getEpochSecond())
            .add(BigDecimal.valueOf(instant.getNano(), 9))
            .stripTrailingZeros()
            .toPlainString();
  }

  /** Positive ones order as their bits, negative ones the other way round. */
  private static AttributeValue real(double value) {
    long bits = Double.doubleToLongBits(value + 0.0);
    long ordered = bits < 0 ? ~bits : bits ^ Long.MIN_VALUE;
    return AttributeValue.fromB(
        SdkBytes.fromByteArrayUnsafe(ByteBuffer.allocate(Long.BYTES).putLong(ordered).array()));
  }

  private static AttributeValue number(String text) {
    return AttributeValue.fromN(text);
  }
}
