package io.fsmigrate.online.sagemaker;

import io.fsmigrate.online.ScalarText;
import io.fsmigrate.online.UnwritableValueException;
import io.fsmigrate.online.ValueType;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoField;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * Event times as the service takes them: {@code yyyy-MM-dd'T'HH:mm:ss'Z'}, or the same with three
 * digits of a second, where the feature is a String; seconds since 1970 where it is Fractional.
 *
 * <p>A time that has no such text fails its record and is never rounded, since a rounded time could
 * win over, or lose against, one that it should not. That is a fraction finer than a millisecond in
 * a String, one finer than a microsecond or more digits than a 64-bit float keeps in a Fractional,
 * and a year before 0 or after 9999.
 */
final class EventTimeText {
  private static final DateTimeFormatter SECONDS =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss'Z'", Locale.ROOT).withZone(ZoneOffset.UTC);
  private static final DateTimeFormatter MILLIS =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSS'Z'", Locale.ROOT)
          .withZone(ZoneOffset.UTC);
  private static final Pattern TEXT =
      Pattern.compile("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d(\\.\\d{3})?Z");
  private static final Instant FIRST = Instant.parse("0000-01-01T00:00:00Z");
  private static final Instant LAST = Instant.parse("9999-12-31T23:59:59.999999999Z");
  private static final int NANOS_OF_MILLI = 1_000_000;
  private static final int NANOS_OF_MICRO = 1_000;
  private static final int NANO_DIGITS = 9;
  private static final int MICRO_DIGITS = 6;
  private static final BigDecimal MOST_MICROS = BigDecimal.valueOf(1L << 53);
  private static final String CODE = "INVALID_EVENT_TIME";

  private EventTimeText() {}

  /** Whether event times of that type can be written to a feature that is Fractional or String. */
  static boolean fits(ValueType type, boolean fractional) {
    return switch (type.kind()) {
      case TIMESTAMP, TIMESTAMP_NTZ, DATE -> true;
      case STRING -> !fractional;
      case TINYINT, SMALLINT, INT, BIGINT, FLOAT, DOUBLE, DECIMAL -> fractional;
      default -> false;
    };
  }

  static String format(ValueType type, Object value, boolean fractional)
      throws UnwritableValueException {
    if (type.kind() == ValueType.Kind.STRING) {
      return text(ScalarText.as(String.class, type, value));
    }
    if (value instanceof Number number) {
      return seconds(type, number);
    }
    Instant instant = instant(type, value);
    if (instant.isBefore(FIRST) || instant.isAfter(LAST)) {
      throw new UnwritableValueException(CODE, instant + ": SageMaker takes the years 0 to 9999");
    }
    return fractional ? seconds(instant) : iso(instant);
  }

  private static Instant instant(ValueType type, Object value) throws UnwritableValueException {
    return switch (type.kind()) {
      case TIMESTAMP -> ScalarText.as(Instant.class, type, value);
      case TIMESTAMP_NTZ ->
          ScalarText.as(LocalDateTime.class, type, value).toInstant(ZoneOffset.UTC);
      case DATE ->
          ScalarText.as(LocalDate.class, type, value).atStartOfDay().toInstant(ZoneOffset.UTC);
      default ->
          throw new UnwritableValueException(
              "WRONG_TYPE", "a %s is no event time".formatted(type.words()));
    };
  }

  private static String iso(Instant instant) throws UnwritableValueException {
    if (instant.getNano() % NANOS_OF_MILLI != 0) {
      throw new UnwritableValueException(
          CODE,
          "%s is finer than a millisecond, which SageMaker does not keep; round it in a migration"
              .formatted(instant));
    }
    return (instant.getNano() == 0 ? SECONDS : MILLIS).format(instant);
  }

  private static String seconds(Instant instant) throws UnwritableValueException {
    if (instant.getNano() % NANOS_OF_MICRO != 0) {
      throw new UnwritableValueException(CODE, instant + " is finer than a microsecond");
    }
    return plain(
        BigDecimal.valueOf(instant.getEpochSecond())
            .add(BigDecimal.valueOf(instant.getNano(), NANO_DIGITS)));
  }

  private static String seconds(ValueType type, Number number) throws UnwritableValueException {
    String text = ScalarText.format(type, number);
    if (number instanceof Double || number instanceof Float) {
      if (!Double.isFinite(number.doubleValue())) {
        throw new UnwritableValueException(CODE, text + " is no time");
      }
    }
    return plain(new BigDecimal(text));
  }

  private static String plain(BigDecimal seconds) throws UnwritableValueException {
    BigDecimal micros = seconds.movePointRight(MICRO_DIGITS).stripTrailingZeros();
    if (micros.scale() > 0 || micros.abs().compareTo(MOST_MICROS) > 0) {
      throw new UnwritableValueException(
          CODE,
          "%s seconds have more digits than SageMaker keeps".formatted(seconds.toPlainString()));
    }
    return seconds.stripTrailingZeros().toPlainString();
  }

  private static String text(String value) throws UnwritableValueException {
    if (TEXT.matcher(value).matches()) {
      try {
        // What looks like a time may still be the 30th of February.
        if (iso(Instant.parse(value)).length() > 0) {
          return value;
        }
      } catch (DateTimeException e) {
        throw wrong(value);
      }
    }
    throw wrong(value);
  }

  private static UnwritableValueException wrong(String value) {
    return new UnwritableValueException(
        CODE,
        "%s is not of the form yyyy-MM-dd'T'HH:mm:ssZ or yyyy-MM-dd'T'HH:mm:ss.SSSZ"
            .formatted(value.length() <= 40 ? "'" + value + "'" : "the text"));
  }

  static Object parse(ValueType type, String text, boolean fractional) {
    return switch (type.kind()) {
      case TIMESTAMP -> stored(text, fractional);
      case TIMESTAMP_NTZ -> LocalDateTime.ofInstant(stored(text, fractional), ZoneOffset.UTC);
      case DATE -> LocalDate.ofInstant(stored(text, fractional), ZoneOffset.UTC);
      case DECIMAL -> new BigDecimal(text).setScale(type.scale());
      case TINYINT, SMALLINT, INT, BIGINT ->
          ScalarText.parse(type, new BigDecimal(text).toBigInteger().toString());
      default -> ScalarText.parse(type, text);
    };
  }

  /** The moment that a stored text stands for: what the service compares. */
  static Instant stored(String text, boolean fractional) {
    if (!fractional) {
      return Instant.parse(text);
    }
    BigDecimal seconds = new BigDecimal(text);
    long whole = seconds.setScale(0, RoundingMode.FLOOR).longValueExact();
    return Instant.ofEpochSecond(
        whole, seconds.subtract(BigDecimal.valueOf(whole)).movePointRight(NANO_DIGITS).longValue());
  }

  /** A moment after that one, as late as any delete needs. */
  static String later(Instant stored, boolean fractional) {
    Instant second = stored.with(ChronoField.NANO_OF_SECOND, 0).plusSeconds(1);
    return fractional ? Long.toString(second.getEpochSecond()) : SECONDS.format(second);
  }
}
