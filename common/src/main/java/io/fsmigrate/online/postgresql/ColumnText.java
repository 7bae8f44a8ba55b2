package io.fsmigrate.online.postgresql;

import io.fsmigrate.online.ScalarText;
import io.fsmigrate.online.UnwritableValueException;
import io.fsmigrate.online.ValueType;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HexFormat;

/** Scalar values as texts that PostgreSQL reads, whatever its settings. */
final class ColumnText {
  private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("HH:mm:ss.SSSSSS");

  private ColumnText() {}

  /**
   * The text; null where no column can have the value, so that nothing is equal to it.
   *
   * @throws UnwritableValueException WRONG_TYPE, OUT_OF_TYPE, INVALID_TEXT
   */
  static String of(ValueType type, Object value) throws UnwritableValueException {
    return switch (type.kind()) {
      case BOOLEAN, TINYINT, SMALLINT, INT, BIGINT, FLOAT, DOUBLE, DECIMAL ->
          ScalarText.format(type, value);
      case STRING -> {
        String text = ScalarText.format(type, value);
        yield text.indexOf('\0') < 0 ? text : null;
      }
      case BINARY -> "\\x" + HexFormat.of().formatHex(ScalarText.as(byte[].class, type, value));
      case DATE -> {
        LocalDate date = ScalarText.as(LocalDate.class, type, value);
        yield Times.isDate(date) ? date(date) + era(date) : null;
      }
      case TIMESTAMP, TIMESTAMP_NTZ -> {
        LocalDateTime time = Times.utc(type, value);
        yield Times.isTimestamp(time)
            ? date(time.toLocalDate()) + " " + time(time) + "+00" + era(time.toLocalDate())
            : null;
      }
      case ARRAY, MAP, STRUCT -> throw new IllegalArgumentException(type.words());
    };
  }

  private static String time(LocalDateTime time) {
    return TIME.format(LocalTime.from(time.atOffset(ZoneOffset.UTC)));
  }

  private static String date(LocalDate date) {
    // PostgreSQL has no year 0: the one before 1 is 1 BC.
    int year = date.getYear() > 0 ? date.getYear() : 1 - date.getYear();
    return "%04d-%02d-%02d".formatted(year, date.getMonthValue(), date.getDayOfMonth());
  }

  private static String era(LocalDate date) {
    return date.getYear() > 0 ? "" : " BC";
  }
}
