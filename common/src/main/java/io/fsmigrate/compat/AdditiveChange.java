package io.fsmigrate.compat;

import io.fsmigrate.feature.Feature;
import io.fsmigrate.feature.VersionedGroup;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Whether records of a new version can be written over those of an older one without whoever reads
 * the older one noticing: every feature is there still, under the same name and with the same type,
 * record identifier and event time are the same, and features are only added. An added feature is
 * absent in records that are not written again, as any feature may be.
 *
 * @param added names of what the new version adds, in its order
 * @param obstacles what is more than an addition, one each
 */
public record AdditiveChange(List<String> added, List<String> obstacles) {
  public AdditiveChange {
    added = List.copyOf(added);
    obstacles = List.copyOf(obstacles);
  }

  /** Compares a version that is there with one that is to take its place. */
  public static AdditiveChange between(VersionedGroup there, VersionedGroup next) {
    SchemaDifferences differences = SchemaDifferences.between(there, next);
    List<String> added = new ArrayList<>();
    List<String> obstacles = new ArrayList<>();
    differences.leftOut().forEach(name -> obstacles.add(name + " is removed"));
    for (Feature feature : next.schema().features()) {
      Optional<Feature> before = there.schema().find(feature.name());
      if (before.isEmpty()) {
        added.add(feature.name());
      } else {
        changed(before.get(), feature).ifPresent(obstacles::add);
      }
    }
    for (Difference difference : differences.differences()) {
      switch (difference.kind()) {
        case RECORD_IDENTIFIER ->
            obstacles.add(
                "the record identifier is %s instead of %s"
                    .formatted(next.recordIdentifier(), there.recordIdentifier()));
        case EVENT_TIME ->
            obstacles.add(
                "the event time is %s instead of %s"
                    .formatted(next.eventTime(), there.eventTime()));
        case MISSING_FEATURE, INCOMPATIBLE_TYPE -> {
          // An addition, or told above, where wider types are told as well: tables have the old.
        }
      }
    }
    return new AdditiveChange(added, obstacles);
  }

  private static Optional<String> changed(Feature before, Feature after) {
    if (!before.name().equals(after.name())) {
      return Optional.of("%s is written %s".formatted(before.name(), after.name()));
    }
    return before.type().equals(after.type())
        ? Optional.empty()
        : Optional.of(
            "%s is %s instead of %s".formatted(after.name(), after.type(), before.type()));
  }
}
