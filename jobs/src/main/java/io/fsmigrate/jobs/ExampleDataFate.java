package io.fsmigrate.jobs;

import java.util.Optional;

/** What becomes of a row of the example data when it is migrated, and why. */
enum ExampleDataFate {
  /** Reaches 2.0.0. */
  ACCEPTED("", ""),
  /** Left out by the filter of the first migration. */
  FILTERED("", ""),
  /** Has no event time; fails on the way to 1.0.0. */
  NO_EVENT_TIME("EVENT_TIME_MISSING", "observed_at"),
  /** Breaks a rule of 1.0.0. */
  SCORE_OUT_OF_RANGE("CONTRACT", "score"),
  /** Is larger than the 32-bit integer of 1.1.0; fails on the way to 2.0.0. */
  AMOUNT_OVERFLOW("CAST", "amount_cents"),
  /** Breaks a rule of 2.0.0. */
  NEGATIVE_AMOUNT("CONTRACT", "amount_cents");

  private final String code;
  private final String feature;

  ExampleDataFate(String code, String feature) {
    this.code = code;
    this.feature = feature;
  }

  /** The code that failed records carry; empty for rows that do not fail. */
  Optional<String> code() {
    return code.isEmpty() ? Optional.empty() : Optional.of(code);
  }

  /** The feature to blame; empty for rows that do not fail. */
  String feature() {
    return feature;
  }

  /** Whether such a row is part of 1.0.0. */
  boolean reachesFirstVersion() {
    return switch (this) {
      case ACCEPTED, AMOUNT_OVERFLOW, NEGATIVE_AMOUNT -> true;
      case FILTERED, NO_EVENT_TIME, SCORE_OUT_OF_RANGE -> false;
    };
  }
}
