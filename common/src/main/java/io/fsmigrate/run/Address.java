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
      throw RunErrors.invalidAddress(text, "this version does not read SageMaker feature groups");
    }
    int colon = text.lastIndexOf(':');
    String branch = colon < 0 ? DEFAULT_BRANCH : text.substring(0, colon);
    String group = text.substring(colon + 1);
    int at = group.indexOf('@');
    Optional<FeatureVersion> version =
        at < 0 ? Optional.empty() : Optional.of(new FeatureVersion(group.substring(at + 1)));
    String name = at < 0 ? group : group.substring(0, at);
    if (branch.isBlank() || name.isBlank() || name.contains("/")) {
      throw RunErrors.invalidAddress(text, "a feature group's name is missing");
    }
    return new Stored(branch, name, version);
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
