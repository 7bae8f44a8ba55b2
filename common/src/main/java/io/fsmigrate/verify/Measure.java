package io.fsmigrate.verify;

import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import java.util.Optional;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.BooleanType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DateType;
import org.apache.spark.sql.types.DecimalType;
import org.apache.spark.sql.types.DoubleType;
import org.apache.spark.sql.types.FloatType;
import org.apache.spark.sql.types.NumericType;
import org.apache.spark.sql.types.TimestampNTZType;
import org.apache.spark.sql.types.TimestampType;

/** How the values of a feature are ordered and added up. */
enum Measure {
  /** As 64-bit numbers: integers, dates in days, times in microseconds, booleans as 0 and 1. */
  WHOLE,
  /** As floating point numbers, NaN being the greatest. */
  FLOATING,
  /** As decimals. */
  EXACT;

  /** The measure of a type; empty for text, binary and nested types, which have none. */
  static Optional<Measure> of(DataType type) {
    if (type instanceof DoubleType || type instanceof FloatType) {
      return Optional.of(FLOATING);
    }
    if (type instanceof DecimalType) {
      return Optional.of(EXACT);
    }
    boolean whole =
        type instanceof NumericType
            || isTime(type)
            || type instanceof DateType
            || type instanceof BooleanType;
    return whole ? Optional.of(WHOLE) : Optional.empty();
  }

  static boolean isTime(DataType type) {
    return type instanceof TimestampType || type instanceof TimestampNTZType;
  }

  /** What its totals are called in {@link FeatureTotals#TYPE}. */
  String field() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The values of a column of a type with this measure. */
  Column measured(Column value, DataType type) {
    return switch (this) {
      case FLOATING -> value.cast("double");
      case EXACT -> value;
      case WHOLE -> {
        if (isTime(type)) {
          yield functions.unix_micros(value.cast("timestamp"));
        }
        if (type instanceof DateType) {
          yield functions.unix_date(value).cast("bigint");
        }
        // A boolean has no cast to bigint that every mode of Spark allows.
        yield (type instanceof BooleanType ? value.cast("int") : value).cast("bigint");
      }
    };
  }

  /** A measured value as text in the form of its type. */
  static String text(Object measured, DataType type) {
    if (type instanceof FloatType) {
      return Float.toString(((Double) measured).floatValue());
    }
    if (type instanceof DecimalType decimal) {
      return exact((BigDecimal) measured, decimal).toPlainString();
    }
    if (type instanceof TimestampType) {
      return instant((Long) measured).toString();
    }
    if (type instanceof TimestampNTZType) {
      return LocalDateTime.ofInstant(instant((Long) measured), ZoneOffset.UTC).toString();
    }
    if (type instanceof DateType) {
      return LocalDate.ofEpochDay((Long) measured).toString();
    }
    if (type instanceof BooleanType) {
      return String.valueOf((Long) measured != 0);
    }
    return measured.toString();
  }

  /** A measured value as a number. */
  static double number(Object measured, DataType type) {
    return type instanceof DecimalType decimal
        ? exact((BigDecimal) measured, decimal).doubleValue()
        : ((Number) measured).doubleValue();
  }

  /** A decimal of a type from its digits, the form in which totals keep it whatever its scale. */
  private static BigDecimal exact(BigDecimal digits, DecimalType type) {
    return new BigDecimal(digits.unscaledValue(), type.scale());
  }

  private static Instant instant(long micros) {
    return Instant.EPOCH.plus(micros, ChronoUnit.MICROS);
  }
}
