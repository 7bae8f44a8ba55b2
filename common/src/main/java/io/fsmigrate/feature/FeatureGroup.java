package io.fsmigrate.feature;

import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * A named table of features and its versions.
 *
 * @param versions by version, ascending
 */
public record FeatureGroup(
    String name, String description, Map<FeatureVersion, VersionedGroup> versions) {
  public FeatureGroup {
    versions = Collections.unmodifiableMap(new TreeMap<>(versions));
  }

  /** That version's definition. */
  public Optional<VersionedGroup> version(FeatureVersion version) {
    return Optional.ofNullable(versions.get(version));
  }
}
