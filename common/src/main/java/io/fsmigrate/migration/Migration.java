package io.fsmigrate.migration;

import io.fsmigrate.feature.FeatureVersion;

/** A registered function that leads a feature group from one version to another. */
public sealed interface Migration permits DeclarativeMigration, SqlMigration, JavaMigration {
  /** The feature group that it belongs to. */
  String group();

  /** The version of the rows that it takes. */
  FeatureVersion from();

  /** The version of the rows that it gives. */
  FeatureVersion to();

  /** What it is for, in the words of its author; may be empty. */
  String description();

  /**
   * A hash of everything that decides its result, with the version of the algorithm in front:
   * {@code v1:} and 64 hexadecimal digits. The description does not count.
   */
  String checksum();

  /** Where it was written, for messages: a file, a class, or the configuration. */
  String origin();

  /** {@code group:from->to}; no two registered migrations share it. */
  default String id() {
    return group() + ":" + from() + "->" + to();
  }

  /** Whether it leads to a lower version; such a migration serves downgrades only. */
  default boolean isReverse() {
    return to().compareTo(from()) < 0;
  }
}
