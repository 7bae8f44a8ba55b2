package io.fsmigrate.online.postgresql;

import io.fsmigrate.online.CanonicalJson;
import io.fsmigrate.online.RecordLayout;
import io.fsmigrate.online.ScalarText;
import io.fsmigrate.online.UnwritableValueException;
import io.fsmigrate.online.ValueType;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.util.List;

/**
 * Records as rows of COPY's binary form, https://www.postgresql.org/docs/current/sql-copy.html: the
 * number of fields, then the length and the bytes of each. In front of the features are the row's
 * number in its bucket and its round.
 */
final class RowEncoder {
  /** An entry of a primary key's index is no longer, its header of 12 bytes left out. */
  static final int MOST_KEY_BYTES = 2_692;

  /** Fields in front of the features. */
  static final int EXTRA_FIELDS = 2;

  private static final int DIGITS = 4;
  private static final int NEGATIVE = 0x4000;

  private final RecordLayout layout;

  RowEncoder(RecordLayout layout) {
    this.layout = layout;
  }

  /**
   * Appends a row, or nothing.
   *
   * @param values of a whole record
   * @throws UnwritableValueException where PostgreSQL would not take a value, or change it
   */
  void append(CopyBuffer out, long number, int round, List<Object> values)
      throws UnwritableValueException {
    int begin = out.size();
    boolean done = false;
    try {
      out.putShort(EXTRA_FIELDS + values.size());
      out.putInt(Long.BYTES);
      out.putLong(number);
      out.putInt(Integer.BYTES);
      out.putInt(round);
      for (int i = 0; i < values.size(); i++) {
        field(out, i, values.get(i));
      }
      done = true;
    } finally {
      if (!done) {
        out.cut(begin);
      }
    }
  }

  private void field(CopyBuffer out, int i, Object value) throws UnwritableValueException {
    int at = out.size();
    out.putInt(-1);
    if (value == null) {
      return;
    }
    try {
      value(out, layout.types().get(i), value);
    } catch (UnwritableValueException e) {
      throw e.in(layout.names().get(i));
    }
    int length = out.size() - at - Integer.BYTES;
    if (i == layout.id() && length > MOST_KEY_BYTES) {
      throw new UnwritableValueException(
              "TOO_LARGE",
              "a record identifier may have %,d bytes in PostgreSQL, not %,d"
                  .formatted(MOST_KEY_BYTES, length))
          .in(layout.names().get(i));
    }
    out.setInt(at, length);
  }

  private static void value(CopyBuffer out, ValueType type, Object value)
      throws UnwritableValueException {
    switch (type.kind()) {
      case BOOLEAN -> out.putByte(ScalarText.as(Boolean.class, type, value) ? 1 : 0);
      case TINYINT -> out.putShort(ScalarText.as(Byte.class, type, value));
      case SMALLINT -> out.putShort(ScalarText.as(Short.class, type, value));
      case INT -> out.putInt(ScalarText.as(Integer.class, type, value));
      case BIGINT -> out.putLong(ScalarText.as(Long.class, type, value));
      // Adding zero takes the sign from a zero.
      case FLOAT ->
          out.putInt(Float.floatToIntBits(ScalarText.as(Float.class, type, value) + 0.0f));
      case DOUBLE ->
          out.putLong(Double.doubleToLongBits(ScalarText.as(Double.class, type, value) + 0.0));
      case DECIMAL -> decimal(out, ScalarText.format(type, value));
      case STRING -> text(out, ScalarText.format(type, value));
      case BINARY -> out.put(ScalarText.as(byte[].class, type, value));
      case DATE -> out.putInt(Times.days(ScalarText.as(LocalDate.class, type, value)));
      case TIMESTAMP, TIMESTAMP_NTZ -> out.putLong(Times.micros(type, value));
      case ARRAY, MAP, STRUCT -> text(out, CanonicalJson.write(type, value));
    }
  }

  private static void text(CopyBuffer out, String text) throws UnwritableValueException {
    int nul = text.indexOf('\0');
    if (nul >= 0) {
      throw new UnwritableValueException(
          "INVALID_TEXT",
          "the text has the character U+0000 at place %d, which PostgreSQL cannot hold"
              .formatted(nul));
    }
    out.put(text.getBytes(StandardCharsets.UTF_8));
  }

  /** Digits to base 10,000 around the decimal point, without zeros at either end. */
  private static void decimal(CopyBuffer out, String plain) {
    boolean negative = plain.charAt(0) == '-';
    int point = plain.indexOf('.');
    String whole = plain.substring(negative ? 1 : 0, point < 0 ? plain.length() : point);
    String fraction = point < 0 ? "" : plain.substring(point + 1);
    String digits =
        "0".repeat((DIGITS - whole.length() % DIGITS) % DIGITS)
            + whole
            + fraction
            + "0".repeat((DIGITS - fraction.length() % DIGITS) % DIGITS);
    int weight = (whole.length() + DIGITS - 1) / DIGITS - 1;
    int from = 0;
    int to = digits.length() / DIGITS;
    while (from < to && group(digits, from) == 0) {
      from++;
      weight--;
    }
    while (to > from && group(digits, to - 1) == 0) {
      to--;
    }
    out.putShort(to - from);
    out.putShort(to == from ? 0 : weight);
    out.putShort(negative && to > from ? NEGATIVE : 0);
    out.putShort(fraction.length());
    for (int i = from; i < to; i++) {
      out.putShort(group(digits, i));
    }
  }

  private static int group(String digits, int i) {
    return Integer.parseInt(digits, i * DIGITS, (i + 1) * DIGITS, 10);
  }
}
