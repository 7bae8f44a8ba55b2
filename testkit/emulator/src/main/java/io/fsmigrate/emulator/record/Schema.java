package io.fsmigrate.emulator.record;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The features of a group; features are only ever added at the end, so places never change. */
public final class Schema {
  private final List<FeatureDefinition> features;
  private final Map<String, Integer> places = new HashMap<>();
  private final int identifier;
  private final int eventTime;

  /** Features of which the two named ones are the record identifier and the event time. */
  public Schema(List<FeatureDefinition> features, String identifier, String eventTime) {
    this.features = List.copyOf(features);
    for (int i = 0; i < features.size(); i++) {
      places.put(features.get(i).name(), i);
    }
    this.identifier = places.get(identifier);
    this.eventTime = places.get(eventTime);
  }

  /** All features, in the order of their definition. */
  public List<FeatureDefinition> features() {
    return features;
  }

  /** Place of a feature, or -1. */
  public int place(String name) {
    Integer place = places.get(name);
    return place == null ? -1 : place;
  }

  /** Place of the record identifier. */
  public int identifier() {
    return identifier;
  }

  /** Place of the event time. */
  public int eventTime() {
    return eventTime;
  }

  /** The feature that is the event time. */
  public FeatureDefinition eventTimeFeature() {
    return features.get(eventTime);
  }
}
