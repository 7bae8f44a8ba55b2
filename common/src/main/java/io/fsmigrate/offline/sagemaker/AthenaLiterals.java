package io.fsmigrate.offline.sagemaker;

import java.time.LocalDate;
import java.util.Locale;
import java.util.Optional;
import org.apache.spark.unsafe.types.UTF8String;

/** Values in Athena's SQL. */
final class AthenaLiterals {
  private AthenaLiterals() {}

  /**
   * The literal of a value as Spark holds it; empty where there is none that surely means the same.
   *
   * @param isDate whether a number counts days since 1970
   */
  static Optional<String> of(Object value, boolean isDate) {
    if (value instanceof UTF8String text) {
      return text(text.toString());
    } else if (value instanceof Double number) {
      // Without an exponent it would be a decimal.
      return Double.isFinite(number)
          ? Optional.of(exponent(Double.toString(number)))
          : Optional.empty();
    } else if (value instanceof Boolean) {
      return Optional.of(value.toString().toUpperCase(Locale.ROOT));
    } else if (isDate) {
      LocalDate date = LocalDate.ofEpochDay((Integer) value);
      return date.getYear() >= 1600 && date.getYear() <= 9999
          ? Optional.of("DATE '" + date + "'")
          : Optional.empty();
    } else if (value instanceof Number number) {
      // The digits of the smallest one, read before its sign, are too many.
      return number.longValue() == Long.MIN_VALUE
          ? Optional.empty()
          : Optional.of(number.toString());
    }
    return Optional.empty();
  }

  private static String exponent(String number) {
    return number.contains("E") ? number : number + "E0";
  }

  /** Characters that no query needs and that may not survive the way to Athena are not sent. */
  private static Optional<String> text(String text) {
    boolean plain =
        text.codePoints()
            .noneMatch(
                c ->
                    c < ' '
                        || Character.getType(c) == 0
                        || c == 0xFFFD
                        || Character.getType(c) == Character.SURROGATE);
    return plain ? Optional.of(AthenaSql.text(text)) : Optional.empty();
  }
}
