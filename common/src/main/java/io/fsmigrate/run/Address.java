package io.fsmigrate.run;

import io.fsmigrate.feature.FeatureVersion;
import java.util.Optional;

/** Where rows come from or go to, as a person writes it on the command line. */
public sealed interface Address {
  /** The branch that is meant when none is named. */
  String DEFAULT_BRANCH = "main";

  /**
   * A feature group on a branch: {@code [BRANCH:]GROUP[@VERSION]}.
   *
   * @param version empty for the version that the branch shows
   */
  record Stored(String branch, String group, Optional<FeatureVersion> version) implements Address {
    @Override
    public String text() {
      return branch + ":" + group + version.map(v -> "@" + v).orElse("");
    }
  }

  /**
   * Bare files or a table outside the warehouse: version {@code raw} of the target's group.
   *
   * @param format {@code parquet} or {@code delta}
   */
  record Raw(String format, String path) implements Address {
    @Override
    public String text() {
      return format + ":" + path;
    }
  }

  /**
   * A SageMaker feature group of the configured account: {@code sagemaker:GROUP[@VERSION]}.
   *
   * @param version the feature version of the target's group that its records have; empty for
   *     {@code raw}, where the columns have SageMaker's own types
   */
  record SageMaker(String group, Optional<FeatureVersion> version) implements Address {
    @Override
    public String text() {
      return "sagemaker:" + group + version.map(v -> "@" + v).orElse("");
    }
  }

  /** The address in full. */
  String text();

  /**
   * Reads an address.
   *
   * @throws io.fsmigrate.error.FsMigrateException INVALID_ADDRESS
   */
  static Address parse(String text) {
    for (String format : new String[] {"parquet", "delta"}) {
      if (text.startsWith(format + ":")) {
        String path = text.substring(format.length() + 1);
        if (path.isBlank()) {
          throw RunErrors.invalidAddress(text, "the path is missing");
        }
        return new Raw(format, path);
      }
    }
    if (text.startsWith("sagemaker:")) {
      return sageMaker(text, text.substring("sagemaker:".length()));
    }
    int colon = text.lastIndexOf(':');
    String branch = colon < 0 ? DEFAULT_BRANCH : text.substring(0, colon);
    String group = text.substring(colon + 1);
    String name = name(group);
    if (branch.isBlank() || name.isBlank() || name.contains("/")) {
      throw RunErrors.invalidAddress(text, "a feature group's name is missing");
    }
    return new Stored(branch, name, version(group));
  }

  private static SageMaker sageMaker(String text, String group) {
    if (!name(group).matches("[a-zA-Z0-9](?:[-_]*[a-zA-Z0-9]){0,63}")) {
      throw RunErrors.invalidAddress(text, "the name of a SageMaker feature group is missing");
    }
    return new SageMaker(name(group), version(group));
  }

  private static String name(String group) {
    int at = group.indexOf('@');
    return at < 0 ? group : group.substring(0, at);
  }

  private static Optional<FeatureVersion> version(String group) {
    int at = group.indexOf('@');
    return at < 0 ? Optional.empty() : Optional.of(new FeatureVersion(group.substring(at + 1)));
  }

  /**
   * Reads the address of a target: a feature group on a branch.
   *
   * @throws io.fsmigrate.error.FsMigrateException INVALID_ADDRESS
   */
  static Stored parseTarget(String text) {
    if (parse(text) instanceof Stored stored) {
      return stored;
    }
    throw RunErrors.invalidAddress(text, "a target is a feature group, not a path");
  }
}
