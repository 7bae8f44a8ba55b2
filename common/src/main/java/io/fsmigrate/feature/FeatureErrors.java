package io.fsmigrate.feature;

import io.fsmigrate.error.ExitCode;
import io.fsmigrate.error.FsMigrateException;
import io.fsmigrate.error.Suggestions;

/** What can be wrong with a definition of features. */
final class FeatureErrors {
  private FeatureErrors() {}

  static FsMigrateException invalidVersion(String text) {
    return new FsMigrateException(
        ExitCode.USAGE,
        "INVALID_VERSION",
        "%s: not a feature version; write MAJOR.MINOR.PATCH such as 1.0.0 (or raw for a bare file)"
            .formatted(text));
  }

  static FsMigrateException unknownType(String whole, String unknown) {
    return type(
        whole,
        "not a feature type%s; use a Spark SQL type such as string, int, bigint, double, boolean,"
                .formatted(Suggestions.didYouMean(unknown, TypeAliases.all()))
            + " timestamp, array<float>, decimal(10,2), or an alias such as int32, float64, object");
  }

  static FsMigrateException sizedText(String whole) {
    return type(
        whole,
        "Spark shows char and varchar columns as string; use string, and a contract rule such as"
            + " length(x) <= 10 for the size");
  }

  static FsMigrateException decimalRange(String whole) {
    return type(
        whole,
        "a decimal has 1 to 38 digits and at most as many of them after the point; write"
            + " decimal(10,2)");
  }

  static FsMigrateException nestedType(String whole) {
    return type(
        whole,
        "not a nested type; write array<TYPE>, map<TYPE,TYPE> or struct<name:TYPE,name:TYPE>");
  }

  static FsMigrateException duplicateStructField(String whole, String field) {
    return type(
        whole,
        "the field %s is there twice (names are compared without case); rename or drop one"
            .formatted(field));
  }

  private static FsMigrateException type(String whole, String message) {
    return new FsMigrateException(ExitCode.USAGE, "UNKNOWN_TYPE", whole + ": " + message);
  }

  static FsMigrateException duplicateFeature(String name) {
    return new FsMigrateException(
        ExitCode.USAGE,
        "DUPLICATE_FEATURE",
        "%s: the feature is there twice (names are compared without case); rename or drop one"
            .formatted(name));
  }
}
