package io.fsmigrate.verify;

import io.fsmigrate.feature.Feature;
import io.fsmigrate.feature.FeatureSchema;
import io.fsmigrate.feature.FeatureType;
import io.fsmigrate.feature.FeatureVersion;
import io.fsmigrate.feature.VersionedGroup;
import java.util.ArrayList;
import java.util.List;

/** Targets for the tests of comparisons. */
final class ComparedTargets {
  private ComparedTargets() {}

  /** Features as name, type, name, type, ...; the first is the identifier, the second the time. */
  static VersionedGroup target(String... features) {
    List<Feature> list = new ArrayList<>();
    for (int i = 0; i < features.length; i += 2) {
      list.add(new Feature(features[i], new FeatureType(features[i + 1])));
    }
    return new VersionedGroup(
        "compared",
        new FeatureVersion("1.0.0"),
        new FeatureSchema(list),
        features[0],
        features[2],
        List.of(),
        List.of());
  }
}
