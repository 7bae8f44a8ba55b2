package io.fsmigrate.catalog;

import io.fsmigrate.error.Suggestions;
import io.fsmigrate.feature.FeatureType;
import io.fsmigrate.migration.Step;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;

/** Reads one step: an object with the kind of step as its only key. */
final class StepBinder {
  private static final List<String> KINDS =
      List.of("add", "rename", "drop", "cast", "set", "filter");

  private StepBinder() {}

  static Optional<Step> bind(Section section) {
    Set<String> keys = section.names();
    Optional<String> unknown = keys.stream().filter(k -> !KINDS.contains(k)).findFirst();
    if (keys.size() != 1 || unknown.isPresent()) {
      section
          .findings()
          .add(
              unknown.isPresent() ? "UNKNOWN_KEY" : "INVALID_STEP",
              section.origin(),
              section.path(),
              unknown
                      .map(u -> "%s: unknown step%s".formatted(u, Suggestions.didYouMean(u, KINDS)))
                      .orElse("a step has one key; write { drop = a }, { drop = b }")
                  + " (steps: %s)".formatted(Suggestions.list(KINDS)));
      return Optional.empty();
    }
    String kind = keys.iterator().next();
    return switch (kind) {
      case "drop" -> section.requiredString(kind).map(Step.Drop::new);
      case "filter" -> section.requiredString(kind).map(Step.Filter::new);
      case "rename" -> section.section(kind).flatMap(s -> two(s, "from", "to", Step.Rename::new));
      case "set" ->
          section.section(kind).flatMap(s -> two(s, "name", "expression", Step.SetTo::new));
      case "cast" -> section.section(kind).flatMap(StepBinder::cast);
      default -> section.section(kind).flatMap(StepBinder::add);
    };
  }

  private static Optional<Step> two(
      Section section, String first, String second, BiFunction<String, String, Step> constructor) {
    Optional<String> one = section.requiredString(first);
    Optional<String> other = section.requiredString(second);
    section.finish();
    return one.flatMap(o -> other.map(t -> constructor.apply(o, t)));
  }

  private static Optional<Step> cast(Section section) {
    Optional<String> name = section.requiredString("name");
    Optional<FeatureType> type =
        section.parse("type", section.requiredString("type"), FeatureType::parse);
    section.finish();
    return name.flatMap(n -> type.map(t -> new Step.Cast(n, t)));
  }

  private static Optional<Step> add(Section section) {
    Optional<String> name = section.requiredString("name");
    Optional<FeatureType> type = section.parse("type", section.string("type"), FeatureType::parse);
    Optional<String> value = section.string("default");
    Optional<String> expression = section.string("expression");
    section.finish();
    if (name.isEmpty() || (section.has("type") && type.isEmpty())) {
      return Optional.empty();
    }
    return section.attempt(
        section.origin(), section.path(), () -> new Step.Add(name.get(), type, value, expression));
  }
}
