package io.fsmigrate.offline.transform;

import static org.apache.spark.sql.functions.lit;

import java.util.Map;
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
import org.apache.spark.sql.types.LongType;
import org.apache.spark.sql.types.StringType;
import org.apache.spark.sql.types.TimestampType;

/**
 * A cast that tells when it would lose something.
 *
 * <p>The rule: a value survives when casting it back gives the same value. Two deviations: text has
 * many spellings of one value, so text only has to parse (as a date it must not have a time of day,
 * as a decimal not more digits than the type holds, as a double it must not be too large); and
 * rounding a double to the nearest float is what a float is for, so only a value too large for a
 * float is a loss.
 */
public final class LosslessCast {
  /** Digits behind the point up to the last that is not zero, where there is no exponent. */
  private static final String FRACTION = "^\\s*[+-]?[0-9]*[.]([0-9]*?)0*\\s*$";

  private static final String INFINITY = "(?i)^\\s*[+-]?inf(inity)?\\s*$";

  private final DataType from;
  private final DataType to;

  /** A cast between two types. */
  public LosslessCast(DataType from, DataType to) {
    this.from = from;
    this.to = to;
  }

  /** Whether Spark has a cast between the types at all. */
  public boolean exists() {
    return Cast.canTryCast(from, to);
  }

  /** Whether no value can be lost, so that nothing needs checking. */
  public boolean alwaysLossless() {
    if (from.equals(to)) {
      return true;
    }
    boolean rounds = from instanceof IntegralType && isFractional(to) && !fitsExactly();
    // Spark takes seconds for instants and back, without fractions or beyond the range of instants.
    boolean seconds =
        (from instanceof TimestampType && to instanceof LongType)
            || (from instanceof LongType && to instanceof TimestampType);
    return Cast.canUpCast(from, to) && !rounds && !seconds;
  }

  /** The value in the new type; null where it cannot be had. */
  public Column value(Column input) {
    return alwaysLossless() ? input.cast(to) : input.try_cast(to);
  }

  /** Whether {@code output}, the result of {@link #value}, is not all of {@code input}. */
  public Column loses(Column input, Column output) {
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
    if (to instanceof LongType && isFractional(from)) {
      // 2^63 is cast to 2^63 - 1 and back without an error.
      nothing = nothing.or(output.equalTo(lit(Long.MAX_VALUE)));
    }
    if (from instanceof LongType && isFractional(to)) {
      nothing = nothing.or(output.geq(lit(0x1p63)));
    }
    return nothing.or(functions.not(same(output.try_cast(from), input)));
  }

  /** NaN equals NaN and -0.0 equals 0.0 in Spark's comparisons, so neither counts as lost. */
  private Column same(Column one, Column other) {
    // Maps have no equality in Spark; their JSON text has.
    return from.catalogString().contains("map<")
        ? json(one).eqNullSafe(json(other))
        : one.eqNullSafe(other);
  }

  private static Column json(Column value) {
    return functions.to_json(functions.struct(value.as("v")), Map.of("ignoreNullFields", "false"));
  }

  private Column textLoses(Column input, Column output) {
    if (to instanceof DateType) {
      return functions.not(
          output
              .try_cast(DataTypes.TimestampNTZType)
              .eqNullSafe(input.try_cast(DataTypes.TimestampNTZType)));
    }
    if (to instanceof DecimalType decimal) {
      // As many digits behind the point as there can be beside those before it that fit.
      DataType wide =
          new DecimalType(
              DecimalType.MAX_PRECISION(),
              DecimalType.MAX_PRECISION() - decimal.precision() + decimal.scale());
      Column digits = functions.length(functions.regexp_extract(input, FRACTION, 1));
      return functions
          .not(output.try_cast(wide).eqNullSafe(input.try_cast(wide)))
          .or(digits.gt(lit(decimal.scale())));
    }
    if (isFractional(to)) {
      return infinite(output).and(functions.not(input.rlike(INFINITY)));
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
