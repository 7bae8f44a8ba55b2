package io.fsmigrate.verify;

import io.fsmigrate.error.ExitCode;
import io.fsmigrate.error.FsMigrateException;
import io.fsmigrate.error.Suggestions;
import java.util.List;

/** What can be wrong with what is asked of a comparison. */
final class VerifyErrors {
  private VerifyErrors() {}

  static FsMigrateException invalidTolerance(String feature, String text) {
    return new FsMigrateException(
        ExitCode.USAGE,
        "INVALID_TOLERANCE",
        "%s: %s: not a tolerance; write a difference (0.001), a share (1%%) or a time (5s)"
            .formatted(feature, text));
  }

  static FsMigrateException toleranceOfNothing(String feature, List<String> features) {
    return new FsMigrateException(
        ExitCode.USAGE,
        "TOLERANCE_OF_UNKNOWN_FEATURE",
        "%s: a tolerance for a feature that the target does not have%s"
            .formatted(feature, Suggestions.didYouMean(feature, features)));
  }

  static FsMigrateException toleranceNotFor(String feature, String type, String why) {
    return new FsMigrateException(
        ExitCode.USAGE, "TOLERANCE_NOT_FOR_TYPE", "%s: it is %s, %s".formatted(feature, type, why));
  }
}
