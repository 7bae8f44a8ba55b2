package io.fsmigrate.emulator.record;

import io.fsmigrate.emulator.ServiceException;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/**
 * Event times as microseconds since 1970, in which they are compared.
 *
 * <p>A String event time is {@code yyyy-MM-dd'T'HH:mm:ssZ} or {@code yyyy-MM-dd'T'HH:mm:ss.SSSZ}
 * with constant T and Z; a Fractional one is seconds since 1970.
 */
public final class EventTimes {
  private static final BigDecimal MICROS = BigDecimal.valueOf(1_000_000);
  private static final BigDecimal FIRST_SECOND_TOO_LATE = BigDecimal.valueOf(253_402_300_800L);
  private static final DateTimeFormatter ISO_MILLIS =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSS'Z'", Locale.ROOT)
          .withZone(ZoneOffset.UTC);

  private EventTimes() {}

  /**
   * Reads an event time.
   *
   * @param type of the feature: String or Fractional
   * @throws ServiceException ValidationError when the text is not of a known form
   */
  public static long micros(FeatureType type, String text) {
    return type == FeatureType.FRACTIONAL ? fractional(text) : iso(text);
  }

  /** A time as the service writes it: ISO-8601 with milliseconds. */
  public static String iso(long micros) {
    return ISO_MILLIS.format(
        Instant.ofEpochSecond(
            Math.floorDiv(micros, 1_000_000L), Math.floorMod(micros, 1_000_000L) * 1000L));
  }

  private static long fractional(String text) {
    if (!FeatureType.FRACTIONAL.accepts(text)) {
      throw wrong(text, "seconds since 1970");
    }
    BigDecimal seconds = new BigDecimal(text);
    if (seconds.abs().compareTo(FIRST_SECOND_TOO_LATE) >= 0) {
      throw wrong(text, "seconds since 1970 before the year 10000");
    }
    return seconds.multiply(MICROS).setScale(0, RoundingMode.HALF_UP).longValueExact();
  }

  private static long iso(String text) {
    int length = text.length();
    boolean millis = length == 24;
    if ((length != 20 && !millis)
        || text.charAt(4) != '-'
        || text.charAt(7) != '-'
        || text.charAt(10) != 'T'
        || text.charAt(13) != ':'
        || text.charAt(16) != ':'
        || (millis && text.charAt(19) != '.')
        || text.charAt(length - 1) != 'Z') {
      throw wrongIso(text);
    }
    int year = number(text, 0, 4);
    int month = number(text, 5, 7);
    int day = number(text, 8, 10);
    int hour = number(text, 11, 13);
    int minute = number(text, 14, 16);
    int second = number(text, 17, 19);
    if (month < 1
        || month > 12
        || day < 1
        || hour > 23
        || minute > 59
        || second > 59
        || day > LocalDate.of(year, month, 1).lengthOfMonth()) {
      throw wrongIso(text);
    }
    long days = LocalDate.of(year, month, day).toEpochDay();
    long seconds = days * 86_400 + hour * 3600L + minute * 60L + second;
    return seconds * 1_000_000 + (millis ? number(text, 20, 23) * 1000L : 0);
  }

  private static int number(String text, int from, int to) {
    int value = 0;
    for (int i = from; i < to; i++) {
      char c = text.charAt(i);
      if (c < '0' || c > '9') {
        throw wrongIso(text);
      }
      value = value * 10 + (c - '0');
    }
    return value;
  }

  private static ServiceException wrongIso(String text) {
    return wrong(text, "yyyy-MM-dd'T'HH:mm:ssZ or yyyy-MM-dd'T'HH:mm:ss.SSSZ");
  }

  private static ServiceException wrong(String text, String form) {
    return ServiceException.validation(
        "Validation Error: EventTime '%s' is not of the form %s", text, form);
  }
}
