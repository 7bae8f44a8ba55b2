package io.fsmigrate.online.sagemaker;

import io.fsmigrate.feature.Feature;
import io.fsmigrate.feature.FeatureType;
import io.fsmigrate.feature.SageMakerType;
import io.fsmigrate.feature.VersionedGroup;
import io.fsmigrate.online.WriteStrategy;
import io.fsmigrate.sagemaker.FeatureGroupDescription;
import io.fsmigrate.sagemaker.FeatureGroupDescription.Definition;
import java.util.List;
import java.util.Optional;

/**
 * Decides whether a group is migrated in place: its features stay, the target only adds some, and
 * the storage type can add them to stored records. Whoever serves the group then goes on reading,
 * and records of the same event time need not be replaced, which the service would not do.
 */
final class InPlacePolicy {
  private InPlacePolicy() {}

  /**
   * What is decided, with the reason.
   *
   * @param allowed setting {@code in-place}
   */
  static WriteStrategy decide(
      VersionedGroup target, FeatureGroupDescription group, boolean allowed) {
    List<String> missing =
        target.schema().names().stream().filter(name -> group.find(name).isEmpty()).toList();
    if (missing.isEmpty()) {
      return WriteStrategy.full(
          "whole records, because %s has every feature of %s already"
              .formatted(group.name(), target.address()));
    }
    boolean onlyAdds =
        group.features().stream().allMatch(f -> target.schema().find(f.name()).isPresent());
    if (!onlyAdds) {
      return WriteStrategy.full(
          "in-place update is not possible, because the target does more than add features");
    }
    if (!allowed) {
      return WriteStrategy.full("in-place update is switched off (in-place = never)");
    }
    Optional<FeatureGroupDescription.Online> online = group.online();
    if (online.filter(FeatureGroupDescription.Online::updatesRecords).isEmpty()) {
      return WriteStrategy.full(
          "in-place update is not possible with storage type %s"
              .formatted(online.map(FeatureGroupDescription.Online::storageType).orElse("none")));
    }
    return new WriteStrategy(
        WriteStrategy.Mode.UPDATE,
        missing,
        "in place, because %s only adds %s and storage type %s can add them to stored records"
            .formatted(target.address(), String.join(", ", missing), online.get().storageType()));
  }

  /** The definitions of features to be added, without loss of values. */
  static List<Definition> definitions(
      VersionedGroup target, List<String> added, FeatureGroupDescription group) {
    boolean collections =
        group.online().filter(FeatureGroupDescription.Online::holdsCollections).isPresent();
    return target.schema().features().stream()
        .filter(feature -> added.contains(feature.name()))
        .map(feature -> definition(feature, collections))
        .toList();
  }

  /** A vector needs a dimension, which no type of ours tells; a list takes the same values. */
  private static Definition definition(Feature feature, boolean collections) {
    FeatureType type = feature.type();
    SageMakerType derived = type.sageMaker();
    if (derived.collection().isEmpty()) {
      return new Definition(feature.name(), derived.kind().text(), null, null);
    }
    return collections
        ? new Definition(feature.name(), derived.kind().text(), "List", null)
        : new Definition(feature.name(), SageMakerType.Kind.STRING.text(), null, null);
  }
}
