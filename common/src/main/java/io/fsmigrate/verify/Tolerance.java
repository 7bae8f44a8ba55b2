package io.fsmigrate.verify;

import java.io.Serializable;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How far two values of a feature may be apart and still count as the same. A value and null are
 * never within a tolerance.
 *
 * @param kind what the amount is
 * @param amount an absolute difference, a share of the greater of the two magnitudes, or
 *     microseconds
 * @param text as it was given
 */
public record Tolerance(Kind kind, double amount, String text) implements Serializable {
  private static final Pattern TIME = Pattern.compile("(\\d+)\\s*(us|ms|s|m|h|d)");

  /** What a tolerance is measured in. */
  public enum Kind {
    /** In the unit of the feature. */
    ABSOLUTE,
    /** As a share of the greater of the two magnitudes. */
    RELATIVE,
    /** Time, in microseconds. */
    TIME
  }

  /**
   * Reads {@code 0.001}, {@code 1%} or {@code 5s} ({@code us}, {@code ms}, {@code s}, {@code m},
   * {@code h}, {@code d}).
   *
   * @throws io.fsmigrate.error.FsMigrateException INVALID_TOLERANCE
   */
  public static Tolerance parse(String feature, String text) {
    String given = text.strip();
    Matcher time = TIME.matcher(given.toLowerCase(Locale.ROOT));
    try {
      if (time.matches()) {
        return new Tolerance(
            Kind.TIME, micros(Long.parseLong(time.group(1)), time.group(2)), given);
      }
      if (given.endsWith("%")) {
        double percent = amount(given.substring(0, given.length() - 1).strip());
        return new Tolerance(Kind.RELATIVE, percent / 100, given);
      }
      return new Tolerance(Kind.ABSOLUTE, amount(given), given);
    } catch (NumberFormatException e) {
      throw VerifyErrors.invalidTolerance(feature, text);
    }
  }

  private static double amount(String text) {
    double amount = new BigDecimal(text).doubleValue();
    if (amount < 0 || !Double.isFinite(amount)) {
      throw new NumberFormatException(text);
    }
    return amount;
  }

  private static double micros(long amount, String unit) {
    return switch (unit) {
      case "us" -> amount;
      case "ms" -> amount * 1e3;
      case "s" -> amount * 1e6;
      case "m" -> amount * 6e7;
      case "h" -> amount * 3.6e9;
      default -> amount * (double) Duration.ofDays(1).toNanos() / 1e3;
    };
  }

  /**
   * The greatest difference that two values may have whose magnitudes are at most this.
   *
   * @param magnitude of the greatest of them
   */
  double allowed(double magnitude) {
    return kind == Kind.RELATIVE ? amount * magnitude : amount;
  }

  /** Whether two values that are not equal may count as the same. */
  boolean within(double expected, double actual) {
    double apart = Math.abs(expected - actual);
    double magnitude = Math.max(Math.abs(expected), Math.abs(actual));
    return Double.isFinite(apart) && apart <= allowed(magnitude);
  }

  /**
   * Whether what is known of a bucket on both sides can be of values that are all tolerated. It may
   * say yes where they are not, for differences of both signs cancel in a sum; it says no only
   * where they cannot be, or where one of the values is not finite.
   *
   * @param present values that are not null, the same number on both sides
   */
  boolean mayAgree(long present, Aggregate expected, Aggregate actual) {
    if (present == 0) {
      return true;
    }
    double each = allowed(Math.max(expected.magnitude(), actual.magnitude()));
    // Sums of floating point numbers depend on the order of their parts in the last digits.
    double rounding = 1e-12 * (Math.abs(expected.sum()) + Math.abs(actual.sum()));
    return near(expected.minimum(), actual.minimum(), each)
        && near(expected.maximum(), actual.maximum(), each)
        && near(expected.sum(), actual.sum(), each * present + rounding);
  }

  private static boolean near(double expected, double actual, double allowed) {
    return Math.abs(expected - actual) <= allowed;
  }

  /** What a bucket has of one feature, as numbers. */
  record Aggregate(double minimum, double maximum, double sum) {
    double magnitude() {
      return Math.max(Math.abs(minimum), Math.abs(maximum));
    }
  }
}
