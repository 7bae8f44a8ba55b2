package io.fsmigrate.online.sagemaker;

import io.fsmigrate.feature.VersionedGroup;
import io.fsmigrate.online.RecordLayout;
import io.fsmigrate.online.ValueType;
import io.fsmigrate.online.WriteStrategy;
import io.fsmigrate.sagemaker.FeatureGroupDescription;
import io.fsmigrate.sagemaker.FeatureGroupDescription.Definition;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * What keeps records of a target from going into a group as they are, found from definitions alone.
 *
 * <p>Features that the group has and the target does not are one of these: writing replaces whole
 * records, so those features would be gone for every reader of the group, and a model that still
 * asks for them would go on with values that are missing. A version that drops features needs a
 * group of its own ({@code feature-group = "{group}-{version}"}).
 */
final class GroupFit {
  private GroupFit() {}

  /**
   * The differences, each in words; none where everything fits.
   *
   * @param strategy whose added features need not be there yet
   */
  static List<String> differences(
      VersionedGroup target,
      FeatureGroupDescription group,
      WriteStrategy strategy,
      boolean needsHistory) {
    RecordLayout layout = RecordLayout.of(target);
    List<String> differences = new ArrayList<>();
    if (group.online().isEmpty()) {
      differences.add("the group has no online store");
    }
    if (needsHistory && group.offline().isEmpty()) {
      differences.add("target-stores names offline, the group has no offline store");
    }
    role(differences, "record identifier", group.recordIdentifier(), target.recordIdentifier());
    role(differences, "event time", group.eventTime(), target.eventTime());
    for (int i = 0; i < layout.names().size(); i++) {
      feature(differences, layout, i, group, strategy);
    }
    Set<String> extra = new TreeSet<>();
    for (Definition definition : group.features()) {
      if (target.schema().find(definition.name()).isEmpty()) {
        extra.add(definition.name());
      }
    }
    if (!extra.isEmpty()) {
      differences.add(
          "readers of the group would lose %s, which the target does not have"
              .formatted(String.join(", ", extra)));
    }
    return differences;
  }

  private static void role(List<String> differences, String role, String group, String target) {
    if (!group.equalsIgnoreCase(target)) {
      differences.add("the %s is %s, not %s".formatted(role, group, target));
    }
  }

  private static void feature(
      List<String> differences,
      RecordLayout layout,
      int place,
      FeatureGroupDescription group,
      WriteStrategy strategy) {
    String name = layout.names().get(place);
    ValueType type = layout.types().get(place);
    Optional<Definition> definition = group.find(name);
    if (definition.isEmpty()) {
      if (!strategy.added().contains(name)) {
        differences.add("%s (%s) is missing; %s".formatted(name, type.words(), strategy.reason()));
      }
      return;
    }
    Optional<String> misfit =
        place == layout.eventTime()
            ? eventTimeMisfit(type, definition.get())
            : FeatureCodec.misfit(type, definition.get());
    misfit.ifPresent(why -> differences.add(name + ": " + why));
    if (place == layout.id() && definition.get().collection() != null) {
      differences.add(name + ": a collection cannot name a record");
    }
  }

  private static Optional<String> eventTimeMisfit(ValueType type, Definition definition) {
    boolean fractional = definition.type().equals("Fractional");
    boolean known = fractional || definition.type().equals("String");
    return known && definition.collection() == null && EventTimeText.fits(type, fractional)
        ? Optional.empty()
        : Optional.of(
            "a %s cannot be an event time of type %s".formatted(type.words(), definition.type()));
  }
}
