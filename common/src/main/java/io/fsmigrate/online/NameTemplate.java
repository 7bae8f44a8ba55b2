package io.fsmigrate.online;

import io.fsmigrate.feature.VersionedGroup;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * A name as it is set, in which {@code {group}} and {@code {version}} are filled in for a target:
 * of a table, of a feature group, or what keys begin with.
 *
 * @param text the setting
 * @param inPlaceOf the version that is filled in whatever the target's; empty for the target's own
 */
public record NameTemplate(String text, Optional<String> inPlaceOf) {
  /** The default of names that versions do not share. */
  public static final String OF_VERSION = "{group}@{version}";

  /** The default of names that versions share. */
  public static final String OF_GROUP = "{group}";

  private static final String GROUP = "{group}";
  private static final String VERSION = "{version}";

  /** The name for that target. */
  public String of(VersionedGroup target) {
    return of(target, UnaryOperator.identity());
  }

  /**
   * The name for that target.
   *
   * @param spelling of a version, where names may not have all of its characters
   */
  public String of(VersionedGroup target, UnaryOperator<String> spelling) {
    String version = inPlaceOf.orElseGet(() -> target.version().text());
    return ofGroup(text.replace(VERSION, spelling.apply(version)), target.group());
  }

  /** A name that has no version in it. */
  public static String ofGroup(String text, String group) {
    return text.replace(GROUP, group);
  }
}
