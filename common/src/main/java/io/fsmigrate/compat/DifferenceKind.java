package io.fsmigrate.compat;

/** What keeps a source from migrating directly, without a registered migration. */
public enum DifferenceKind {
  /** The target has a feature that the source does not have. */
  MISSING_FEATURE,
  /** Both have the feature, and the source's type cannot become the target's without loss. */
  INCOMPATIBLE_TYPE,
  /** The record identifiers are different features, so rows would belong to other records. */
  RECORD_IDENTIFIER,
  /** The event times are different features, so another row would be the newest of a record. */
  EVENT_TIME
}
