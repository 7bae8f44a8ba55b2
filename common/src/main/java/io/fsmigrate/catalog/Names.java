package io.fsmigrate.catalog;

import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Which names feature groups, features and online stores may have: SageMaker's rule (64 letters,
 * digits, {@code -} and {@code _}, not starting with a dash), and a leading underscore as well.
 */
final class Names {
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9_-]{0,63}");

  /** Columns that this program carries along. */
  private static final String OURS = "__fs_";

  /** Columns that SageMaker adds to the offline store. */
  private static final Set<String> SAGEMAKER =
      Set.of("is_deleted", "write_time", "api_invocation_time");

  private Names() {}

  /** What is wrong with the name, and what to do. */
  static Optional<String> fault(String name) {
    return NAME.matcher(name).matches()
        ? Optional.empty()
        : Optional.of("not a name; use up to 64 letters, digits, _ and -, and no - in front");
  }

  /** The same for a feature, some of whose names are taken. */
  static Optional<String> featureFault(String name) {
    String lower = name.toLowerCase(Locale.ROOT);
    if (lower.startsWith(OURS) || SAGEMAKER.contains(lower)) {
      return Optional.of(
          "a reserved name (%s..., %s); rename the feature"
              .formatted(OURS, "is_deleted, write_time, api_invocation_time"));
    }
    return fault(name);
  }
}
