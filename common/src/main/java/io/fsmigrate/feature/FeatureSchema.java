package io.fsmigrate.feature;

import java.io.Serializable;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The features of one version, in the order of the table's columns.
 *
 * @param features no two names equal without case
 */
public record FeatureSchema(List<Feature> features) implements Serializable {
  public FeatureSchema {
    features = List.copyOf(features);
    Set<String> seen = new HashSet<>();
    for (Feature feature : features) {
      if (!seen.add(feature.name().toLowerCase(Locale.ROOT))) {
        throw FeatureErrors.duplicateFeature(feature.name());
      }
    }
  }

  /** The feature of that name, compared without case. */
  public Optional<Feature> find(String name) {
    return features.stream().filter(f -> f.name().equalsIgnoreCase(name)).findFirst();
  }

  /** The names of those whose values are hidden. */
  public List<String> sensitive() {
    return features.stream().filter(Feature::sensitive).map(Feature::name).toList();
  }

  /** The names in order. */
  public List<String> names() {
    return features.stream().map(Feature::name).toList();
  }

  /** The schema as Spark SQL DDL, {@code a INT, b STRING}: the canonical form that is hashed. */
  public String ddl() {
    return features.stream()
        .map(f -> "`" + f.name().replace("`", "``") + "` " + f.type().sql())
        .collect(Collectors.joining(", "));
  }
}
