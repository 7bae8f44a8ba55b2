package io.fsmigrate.online.postgresql;

import io.fsmigrate.online.ScalarText;
import io.fsmigrate.online.UnwritableValueException;
import io.fsmigrate.online.ValueType;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;

/**
 * Dates and times as PostgreSQL counts them: from 2000-01-01, in days and microseconds, within the
 * bounds of https://www.postgresql.org/docs/current/datatype-datetime.html.
 */
final class Times {
  private static final LocalDate FIRST_DAY = LocalDate.of(-4713, 11, 24);
  private static final LocalDate LAST_DAY = LocalDate.of(5_874_897, 12, 31);
  private static final LocalDateTime FIRST_TIME = FIRST_DAY.atStartOfDay();
  private static final LocalDateTime END_OF_TIME = LocalDate.of(294_277, 1, 1).atStartOfDay();
  private static final long EPOCH_DAY = LocalDate.of(2000, 1, 1).toEpochDay();
  private static final long EPOCH_SECOND = EPOCH_DAY * 86_400;
  private static final int NANOS_PER_MICRO = 1_000;

  private Times() {}

  static boolean isDate(LocalDate date) {
    return !date.isBefore(FIRST_DAY) && !date.isAfter(LAST_DAY);
  }

  static boolean isTimestamp(LocalDateTime utc) {
    return !utc.isBefore(FIRST_TIME)
        && utc.isBefore(END_OF_TIME)
        && utc.getNano() % NANOS_PER_MICRO == 0;
  }

  /** Of a timestamp with or without time zone. */
  static LocalDateTime utc(ValueType type, Object value) throws UnwritableValueException {
    return type.kind() == ValueType.Kind.TIMESTAMP
        ? LocalDateTime.ofInstant(ScalarText.as(Instant.class, type, value), ZoneOffset.UTC)
        : ScalarText.as(LocalDateTime.class, type, value);
  }

  static int days(LocalDate date) throws UnwritableValueException {
    if (!isDate(date)) {
      throw new UnwritableValueException(
          "OUT_OF_TYPE", date + " is beyond the dates of PostgreSQL (4714 BC to 5874897)");
    }
    return (int) (date.toEpochDay() - EPOCH_DAY);
  }

  static long micros(ValueType type, Object value) throws UnwritableValueException {
    LocalDateTime utc = utc(type, value);
    if (!isTimestamp(utc)) {
      throw new UnwritableValueException(
          "OUT_OF_TYPE",
          utc.getNano() % NANOS_PER_MICRO == 0
              ? utc + " is beyond the timestamps of PostgreSQL (4714 BC to 294276)"
              : utc + " is finer than a microsecond");
    }
    return (utc.toEpochSecond(ZoneOffset.UTC) - EPOCH_SECOND) * 1_000_000
        + utc.getNano() / NANOS_PER_MICRO;
  }
}
