package io.fsmigrate.offline.transform;

import static org.apache.spark.sql.functions.lit;

import org.apache.spark.sql.Column;
import org.apache.spark.sql.catalyst.expressions.Cast;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.DateType;
import org.apache.spark.sql.types.DecimalType;
import org.apache.spark.sql.types.DoubleType;
import org.apache.spark.sql.types.FloatType;
import org.apache.spark.sql.types.IntegralType;
import org.apache.spark.sql.types.StringType;

/**
 * A cast that tells when it would lose something.
 *
 * <p>The rule: a value survives when casting it back gives the same value. Two deviations: text has
 * many spellings of one value, so text only has to parse (as a date it must not have a time of day,
 * as a decimal not more digits than the type holds); and rounding a double to the nearest float is
 * what a float is for, so only a value too large for a float is a loss.
 */
final class LosslessCast {
  private final DataType from;
  private final DataType to;

  LosslessCast(DataType from, DataType to) {
    this.from = from;
    this.to = to;
  }

  /** Whether Spark has a cast between the types at all. */
  boolean exists() {
    return Cast.canTryCast(from, to);
  }

  /** Whether no value can be lost, so that nothing needs checking. */
  boolean alwaysLossless() {
    if (from.equals(to)) {
      return true;
    }
    boolean rounds = from instanceof IntegralType && isFractional(to) && !fitsExactly();
    return Cast.canUpCast(from, to) && !rounds;
  }

  /** The value in the new type; null where it cannot be had. */
  Column value(Column input) {
    return alwaysLossless() ? input.cast(to) : input.try_cast(to);
  }

  /** Whether {@code output}, the result of {@link #value}, is not all of {@code input}. */
  Column loses(Column input, Column output) {
    Column nothing = output.isNull().and(input.isNotNull());
    if (from instanceof IntegralType && to instanceof IntegralType) {
      return nothing;
    }
    if (from instanceof DoubleType && to instanceof FloatType) {
      return nothing.or(infinite(output).and(functions.not(infinite(input))));
    }
    if (from instanceof StringType) {
      return nothing.or(textLoses(input, output));
    }
    // NaN equals NaN and -0.0 equals 0.0 in Spark's comparisons, so neither counts as lost.
    return nothing.or(functions.not(output.try_cast(from).eqNullSafe(input)));
  }

  private Column textLoses(Column input, Column output) {
    if (to instanceof DateType) {
      return functions.not(
          output
              .try_cast(DataTypes.TimestampNTZType)
              .eqNullSafe(input.try_cast(DataTypes.TimestampNTZType)));
    }
    if (to instanceof DecimalType) {
      DataType wide = new DecimalType(38, 18);
      return functions.not(output.try_cast(wide).eqNullSafe(input.try_cast(wide)));
    }
    return lit(false);
  }

  private static Column infinite(Column column) {
    return column
        .equalTo(lit(Double.POSITIVE_INFINITY))
        .or(column.equalTo(lit(Double.NEGATIVE_INFINITY)));
  }

  private boolean fitsExactly() {
    int bits = from.defaultSize() * 8;
    return to instanceof DoubleType ? bits <= 32 : bits <= 16;
  }

  private static boolean isFractional(DataType type) {
    return type instanceof FloatType || type instanceof DoubleType;
  }
}
