package io.fsmigrate.verify;

import java.util.Optional;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.NumericType;

/**
 * One feature of both sides.
 *
 * @param position in the target's schema; its column is called by it, whatever the feature is
 * @param tolerance empty where values must be equal
 */
record ComparedFeature(int position, String name, DataType type, Optional<Tolerance> tolerance) {
  /** What the column is called in the frames of a comparison. */
  String column() {
    return "c" + position;
  }

  /** Whether it has a sum, a mean and an error. */
  boolean isNumeric() {
    return type instanceof NumericType;
  }

  boolean isTime() {
    return Measure.isTime(type);
  }

  /** How its values are added up; empty for text, binary and nested types. */
  Optional<Measure> measure() {
    return Measure.of(type);
  }

  /** A value as a floating point number: times in microseconds. */
  Column number(Column value) {
    return (isTime() ? functions.unix_micros(value.cast("timestamp")) : value).cast("double");
  }

  /** Whether two values are the same: equal, or within the tolerance. Never null. */
  Column agrees(Column expected, Column actual) {
    Column equal = CanonicalValue.equal(expected, actual, type);
    if (tolerance.isEmpty()) {
      return equal;
    }
    Column left = number(expected);
    Column right = number(actual);
    Column apart = functions.abs(left.minus(right));
    Column allowed =
        tolerance.get().kind() == Tolerance.Kind.RELATIVE
            ? functions
                .greatest(functions.abs(left), functions.abs(right))
                .multiply(tolerance.get().amount())
            : functions.lit(tolerance.get().amount());
    Column infinity = functions.lit(Double.POSITIVE_INFINITY);
    // Infinity is not within a share of infinity, and Spark has NaN greater than everything.
    Column within = apart.leq(allowed).and(apart.lt(infinity));
    return equal.or(functions.coalesce(within, functions.lit(false)));
  }

  /** How far apart two numbers are, from 0 to 2; null where one of them is null. */
  Column symmetricError(Column expected, Column actual) {
    Column left = number(expected);
    Column right = number(actual);
    Column sum = functions.abs(left).plus(functions.abs(right));
    return functions
        .when(equalNumbers(left, right), functions.lit(0.0))
        .when(
            left.isNotNull().and(right.isNotNull()),
            // Of a number and what is not one, nothing is further apart.
            functions.coalesce(
                functions.nanvl(
                    functions.abs(left.minus(right)).multiply(2).divide(sum), functions.lit(2.0)),
                functions.lit(2.0)));
  }

  private static Column equalNumbers(Column left, Column right) {
    return left.isNotNull().and(left.eqNullSafe(right));
  }
}
