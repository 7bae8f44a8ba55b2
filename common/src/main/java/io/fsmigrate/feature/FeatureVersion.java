package io.fsmigrate.feature;

import java.io.Serializable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The semantic version of a feature group's schema, or {@code raw} for files that are not yet under
 * a version. {@code raw} orders before every semantic version.
 *
 * @param text {@code MAJOR.MINOR.PATCH} in decimal without leading zeros, or {@code raw}
 */
public record FeatureVersion(String text) implements Comparable<FeatureVersion>, Serializable {
  /** The version of a source that is not in the catalog: a bare file or table. */
  public static final FeatureVersion RAW = new FeatureVersion("raw");

  private static final Pattern SEMVER =
      Pattern.compile("(0|[1-9]\\d{0,8})\\.(0|[1-9]\\d{0,8})\\.(0|[1-9]\\d{0,8})");

  public FeatureVersion {
    if (!text.equals("raw") && !SEMVER.matcher(text).matches()) {
      throw FeatureErrors.invalidVersion(text);
    }
  }

  /** Whether this is the version of a bare file or table. */
  public boolean isRaw() {
    return text.equals("raw");
  }

  @Override
  public int compareTo(FeatureVersion other) {
    if (isRaw() || other.isRaw()) {
      return Boolean.compare(other.isRaw(), isRaw());
    }
    Matcher mine = SEMVER.matcher(text);
    Matcher theirs = SEMVER.matcher(other.text);
    if (!mine.matches() || !theirs.matches()) {
      throw new IllegalStateException("The constructor admits semantic versions only");
    }
    for (int part = 1; part <= 3; part++) {
      int order =
          Integer.compare(Integer.parseInt(mine.group(part)), Integer.parseInt(theirs.group(part)));
      if (order != 0) {
        return order;
      }
    }
    return 0;
  }

  @Override
  public String toString() {
    return text;
  }
}
