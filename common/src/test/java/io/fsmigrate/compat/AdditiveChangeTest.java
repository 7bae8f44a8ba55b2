package io.fsmigrate.compat;

import static org.assertj.core.api.Assertions.assertThat;

import io.fsmigrate.feature.Feature;
import io.fsmigrate.feature.FeatureSchema;
import io.fsmigrate.feature.FeatureType;
import io.fsmigrate.feature.FeatureVersion;
import io.fsmigrate.feature.VersionedGroup;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class AdditiveChangeTest {
  private static final VersionedGroup THERE =
      group("route", "at", "route string", "at timestamp", "delay int", "gate string");

  private static VersionedGroup group(String id, String eventTime, String... features) {
    List<Feature> list = new ArrayList<>();
    for (String feature : features) {
      String[] parts = feature.split(" ", 2);
      list.add(new Feature(parts[0], new FeatureType(parts[1])));
    }
    return new VersionedGroup(
        "flights",
        new FeatureVersion("1.0.0"),
        new FeatureSchema(list),
        id,
        eventTime,
        List.of(),
        List.of());
  }

  @Test
  void featuresMayBeAddedAnywhere() {
    AdditiveChange change =
        AdditiveChange.between(
            THERE,
            group(
                "route",
                "at",
                "size bigint",
                "route string",
                "at timestamp",
                "delay int",
                "gate string",
                "note string"));

    assertThat(change.obstacles()).isEmpty();
    assertThat(change.added()).containsExactly("size", "note");
    assertThat(AdditiveChange.between(THERE, THERE).added()).isEmpty();
  }

  @Test
  void everythingElseIsAnObstacle() {
    assertThat(
            AdditiveChange.between(
                    THERE, group("route", "left", "route string", "left timestamp", "delay bigint"))
                .obstacles())
        .containsExactly(
            "at is removed",
            "gate is removed",
            "delay is bigint instead of int",
            "the event time is left instead of at");
    assertThat(
            AdditiveChange.between(
                    THERE,
                    group("gate", "at", "route string", "at timestamp", "Delay int", "gate string"))
                .obstacles())
        .containsExactly(
            "delay is written Delay", "the record identifier is gate instead of route");
  }
}
