package io.fsmigrate.compat;

import io.fsmigrate.error.FsMigrateException;
import io.fsmigrate.error.Suggestions;
import io.fsmigrate.feature.Feature;
import io.fsmigrate.feature.FeatureSchema;
import io.fsmigrate.feature.VersionedGroup;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Whether rows of a source can enter a target as they are, without a registered migration: every
 * feature of the target is in the source with an equal or losslessly wider type ({@link
 * TypeWidening}), and record identifier and event time are the same features.
 *
 * @param differences all that is against it, in the order of the target's features
 * @param leftOut features of the source that the target does not have; they are no difference
 */
public record SchemaDifferences(List<Difference> differences, List<String> leftOut) {
  public SchemaDifferences {
    differences = List.copyOf(differences);
    leftOut = List.copyOf(leftOut);
  }

  /** Compares two feature versions. */
  public static SchemaDifferences between(VersionedGroup source, VersionedGroup target) {
    return between(source.schema(), source.recordIdentifier(), source.eventTime(), target);
  }

  /** Compares a source whose record identifier and event time are known. */
  public static SchemaDifferences between(
      FeatureSchema source, String recordIdentifier, String eventTime, VersionedGroup target) {
    List<Difference> found = features(source, target);
    identity(
            DifferenceKind.RECORD_IDENTIFIER,
            "record identifier",
            recordIdentifier,
            target.recordIdentifier())
        .ifPresent(found::add);
    identity(DifferenceKind.EVENT_TIME, "event time", eventTime, target.eventTime())
        .ifPresent(found::add);
    return new SchemaDifferences(found, leftOut(source, target));
  }

  /** Compares a bare file or table, which names neither record identifier nor event time. */
  public static SchemaDifferences between(FeatureSchema source, VersionedGroup target) {
    return new SchemaDifferences(features(source, target), leftOut(source, target));
  }

  /** Whether nothing is against a direct migration. */
  public boolean isEmpty() {
    return differences.isEmpty();
  }

  /**
   * Refuses the direct migration if there is any difference, and names all of them.
   *
   * @param source the source as people wrote it
   * @param target the target as people wrote it
   * @throws FsMigrateException SCHEMA_DIFFERS, exit code 4
   */
  public void requireNone(String source, String target) {
    if (!isEmpty()) {
      throw CompatErrors.differs(source, target, differences);
    }
  }

  private static List<Difference> features(FeatureSchema source, VersionedGroup target) {
    List<Difference> found = new ArrayList<>();
    List<String> unused = leftOut(source, target);
    for (Feature wanted : target.schema().features()) {
      Optional<Feature> given = source.find(wanted.name());
      if (given.isEmpty()) {
        found.add(missing(wanted, unused));
      } else if (!TypeWidening.isLossless(given.get().type(), wanted.type())) {
        found.add(incompatible(given.get(), wanted));
      }
    }
    return found;
  }

  private static Difference missing(Feature wanted, List<String> unused) {
    String remedy =
        Suggestions.nearest(wanted.name(), unused)
            .map(near -> "rename %s to %s, or add %s".formatted(near, wanted.name(), wanted.name()))
            .orElse("add " + wanted.name());
    return new Difference(
        DifferenceKind.MISSING_FEATURE,
        wanted.name(),
        "%s: missing in the source".formatted(wanted.name()),
        remedy);
  }

  private static Difference incompatible(Feature given, Feature wanted) {
    return new Difference(
        DifferenceKind.INCOMPATIBLE_TYPE,
        wanted.name(),
        "%s: %s cannot become %s without loss"
            .formatted(wanted.name(), given.type(), wanted.type()),
        "cast %s to %s".formatted(wanted.name(), wanted.type()));
  }

  private static Optional<Difference> identity(
      DifferenceKind kind, String word, String given, String wanted) {
    if (given.equalsIgnoreCase(wanted)) {
      return Optional.empty();
    }
    return Optional.of(
        new Difference(
            kind,
            wanted,
            "%s: the %s of the target; in the source it is %s".formatted(wanted, word, given),
            "rename %s to %s, or set %s from it".formatted(given, wanted, wanted)));
  }

  private static List<String> leftOut(FeatureSchema source, VersionedGroup target) {
    return source.names().stream().filter(name -> target.schema().find(name).isEmpty()).toList();
  }
}
