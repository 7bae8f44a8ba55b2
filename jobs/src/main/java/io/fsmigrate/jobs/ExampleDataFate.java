package io.fsmigrate.jobs;

import java.util.Optional;

/** What becomes of a row of the example data when it is migrated, and why. */
enum ExampleDataFate {
  /** Reaches 2.0.0. */
  ACCEPTED("", ""),
  /** Left out by the filter of the first migration. */
  FILTERED("", ""),
  /** Has no event time; fails on the way to 1.0.0. */
  NO_EVENT_TIME("event-time", "observed_at"),
  /** Breaks a rule of 1.0.0. */
  SCORE_OUT_OF_RANGE("score_is_a_probability", "score"),
  /** Is larger than the 32-bit integer of 1.1.0; fails on the way to 2.0.0. */
  AMOUNT_OVERFLOW("cast", "amount_cents"),
  /** Breaks a rule of 2.0.0. */
  NEGATIVE_AMOUNT("amount_is_not_negative", "amount_cents");

  private final String reason;
  private final String feature;

  ExampleDataFate(String reason, String feature) {
    this.reason = reason;
    this.feature = feature;
  }

  /** The reason of failed rows: a contract rule's name, {@code event-time} or {@code cast}. */
  Optional<String> reason() {
    return reason.isEmpty() ? Optional.empty() : Optional.of(reason);
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
