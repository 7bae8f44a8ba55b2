package io.fsmigrate.online;

import io.fsmigrate.feature.Feature;
import io.fsmigrate.feature.FeatureSchema;
import io.fsmigrate.feature.FeatureType;
import io.fsmigrate.feature.FeatureVersion;
import io.fsmigrate.feature.VersionedGroup;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Targets for the tests of online stores. */
final class OnlineTargets {
  /** A run of one process. */
  static final WriteContext CONTEXT = new WriteContext("run", 64, 1);

  private OnlineTargets() {}

  /** Writes one batch and waits for what became of it. */
  static WriteOutcome write(RecordWriter writer, List<OnlineRecord> batch) {
    List<WriteOutcome> outcomes = new ArrayList<>();
    writer.write(batch, outcomes::add);
    writer.flush();
    if (outcomes.size() != 1) {
      throw new AssertionError("outcomes of one batch: " + outcomes);
    }
    return outcomes.get(0);
  }

  /** A target whose features are given as name, type, name, type, ... */
  static VersionedGroup target(String group, String id, String eventTime, String... features) {
    List<Feature> list = new ArrayList<>();
    for (int i = 0; i < features.length; i += 2) {
      list.add(new Feature(features[i], new FeatureType(features[i + 1])));
    }
    return new VersionedGroup(
        group,
        new FeatureVersion("1.0.0"),
        new FeatureSchema(list),
        id,
        eventTime,
        List.of(),
        List.of("online"));
  }

  /** The same of another version. */
  private static VersionedGroup versioned(String version, VersionedGroup target) {
    return new VersionedGroup(
        target.group(),
        new FeatureVersion(version),
        target.schema(),
        target.recordIdentifier(),
        target.eventTime(),
        target.rules(),
        target.onlineStores());
  }

  /**
   * Identifier {@code id}, event time {@code at}, and these features after them; a version may come
   * first.
   */
  static VersionedGroup of(String... features) {
    if (features.length % 2 == 1) {
      return versioned(features[0], of(Arrays.copyOfRange(features, 1, features.length)));
    }
    List<String> all = new ArrayList<>(List.of("id", "string", "at", "timestamp"));
    all.addAll(List.of(features));
    return target("flights", "id", "at", all.toArray(String[]::new));
  }
}
