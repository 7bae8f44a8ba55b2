package io.fsmigrate.feature;

import io.fsmigrate.error.ExitCode;
import io.fsmigrate.error.FsMigrateException;

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

  static FsMigrateException unknownType(String text) {
    return new FsMigrateException(
        ExitCode.USAGE,
        "UNKNOWN_TYPE",
        "%s: not a feature type; use a Spark SQL type such as string, int, bigint, double, boolean,"
                .formatted(text)
            + " timestamp, array<float>, decimal(10,2), or an alias such as int32, float64, object");
  }

  static FsMigrateException duplicateFeature(String name) {
    return new FsMigrateException(
        ExitCode.USAGE,
        "DUPLICATE_FEATURE",
        "%s: the feature is there twice (names are compared without case); rename or drop one"
            .formatted(name));
  }
}
