package io.fsmigrate.catalog;

import io.fsmigrate.error.Suggestions;
import io.fsmigrate.feature.ContractRule;
import io.fsmigrate.feature.Feature;
import io.fsmigrate.feature.FeatureSchema;
import io.fsmigrate.feature.FeatureType;
import io.fsmigrate.feature.FeatureVersion;
import io.fsmigrate.feature.TypeShape;
import io.fsmigrate.feature.TypeShape.Primitive;
import io.fsmigrate.feature.VersionedGroup;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Reads one version of a feature group; what it leaves out it has from its group. */
final class VersionBinder {
  private static final String RECORD_IDENTIFIER = "record-identifier";
  private static final String EVENT_TIME = "event-time";
  private static final String STORES = "online-stores";
  private static final Set<Primitive> IDENTIFIER_TYPES =
      EnumSet.of(
          Primitive.STRING, Primitive.TINYINT, Primitive.SMALLINT, Primitive.INT, Primitive.BIGINT);
  private static final Set<Primitive> TIME_TYPES =
      EnumSet.of(Primitive.TIMESTAMP, Primitive.TIMESTAMP_NTZ, Primitive.DATE);

  private final String group;
  private final Set<String> knownStores;
  private final Optional<String> groupIdentifier;
  private final Optional<String> groupTime;
  private final List<String> groupStores;

  VersionBinder(String group, Set<String> knownStores, Section section) {
    this.group = group;
    this.knownStores = knownStores;
    this.groupIdentifier = section.string(RECORD_IDENTIFIER);
    this.groupTime = section.string(EVENT_TIME);
    this.groupStores = section.strings(STORES);
    GroupBinder.checkStores(section, groupStores, knownStores);
  }

  Optional<VersionedGroup> bind(FeatureVersion version, Section section) {
    Optional<FeatureSchema> schema = schema(section);
    Optional<String> identifier = section.string(RECORD_IDENTIFIER).or(() -> groupIdentifier);
    Optional<String> time = section.string(EVENT_TIME).or(() -> groupTime);
    section.require(RECORD_IDENTIFIER, identifier);
    section.require(EVENT_TIME, time);
    List<ContractRule> rules = rules(section);
    List<String> stores = section.has(STORES) ? section.strings(STORES) : groupStores;
    if (section.has(STORES)) {
      GroupBinder.checkStores(section, stores, knownStores);
    }
    section.finish();
    if (schema.isEmpty() || identifier.isEmpty() || time.isEmpty()) {
      return Optional.empty();
    }
    FeatureSchema features = schema.get();
    Optional<Feature> id = key(section, RECORD_IDENTIFIER, identifier.get(), features);
    id.ifPresent(f -> checkType(section, RECORD_IDENTIFIER, f, IDENTIFIER_TYPES));
    Optional<Feature> at = key(section, EVENT_TIME, time.get(), features);
    at.ifPresent(f -> checkType(section, EVENT_TIME, f, TIME_TYPES));
    rules.forEach(rule -> rule.feature().ifPresent(f -> key(section, "contract", f, features)));
    if (id.isEmpty() || at.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        new VersionedGroup(
            group, version, features, id.get().name(), at.get().name(), rules, stores));
  }

  private static Optional<FeatureSchema> schema(Section section) {
    List<Feature> features = new ArrayList<>();
    List<Section.Item> items = section.items("features");
    if (items.isEmpty()) {
      section.require("features", Optional.empty());
      if (section.has("features")) {
        section.report("MISSING_KEY", "features", "a version needs features");
      }
      return Optional.empty();
    }
    for (Section.Item item : items) {
      feature(section, item).ifPresent(features::add);
    }
    if (features.size() < items.size()) {
      return Optional.empty();
    }
    return section.attempt(
        section.origin("features"), section.path("features"), () -> new FeatureSchema(features));
  }

  private static Optional<Feature> feature(Section section, Section.Item item) {
    Optional<String> name;
    Optional<String> type;
    boolean sensitive = false;
    if (Section.isScalar(item.value())) {
      String[] parts = Section.text(item.value()).split(":", 2);
      if (parts.length < 2) {
        section.wrongType(
            item.value(), item.path(), "\"name: type\" or { name = ..., type = ... }");
        return Optional.empty();
      }
      name = Optional.of(parts[0].strip());
      type = Optional.of(parts[1].strip());
    } else {
      Optional<Section> nested = section.section(item);
      name = nested.flatMap(n -> n.requiredString("name"));
      type = nested.flatMap(n -> n.requiredString("type"));
      nested.ifPresent(n -> n.string("description"));
      sensitive = nested.map(VersionBinder::sensitive).orElse(false);
      nested.ifPresent(Section::finish);
    }
    boolean hidden = sensitive;
    Optional<String> fault = name.flatMap(Names::featureFault);
    fault.ifPresent(
        f ->
            section
                .findings()
                .add("INVALID_NAME", item.value().origin(), item.path(), name.get() + ": " + f));
    Optional<FeatureType> parsed =
        type.flatMap(
            t -> section.attempt(item.value().origin(), item.path(), () -> FeatureType.parse(t)));
    return name.filter(n -> fault.isEmpty())
        .flatMap(n -> parsed.map(t -> new Feature(n, t, hidden)));
  }

  private static boolean sensitive(Section feature) {
    Optional<String> text = feature.string("sensitive");
    if (text.isPresent() && !Set.of("true", "false").contains(text.get())) {
      feature.report("WRONG_TYPE", "sensitive", "must be true or false");
    }
    return text.filter("true"::equals).isPresent();
  }

  private static List<ContractRule> rules(Section section) {
    List<ContractRule> rules = new ArrayList<>();
    Set<String> names = new HashSet<>();
    for (Section.Item item : section.items("contract")) {
      Optional<Section> nested = section.section(item);
      Optional<String> name = nested.flatMap(n -> n.requiredString("name"));
      Optional<String> rule = nested.flatMap(n -> n.requiredString("rule"));
      Optional<String> feature = nested.flatMap(n -> n.string("feature"));
      nested.ifPresent(Section::finish);
      if (name.isPresent() && !names.add(name.get())) {
        section
            .findings()
            .add(
                "DUPLICATE_RULE",
                item.value().origin(),
                item.path(),
                name.get() + ": the rule is there twice; give each a name of its own");
      }
      name.ifPresent(n -> rule.ifPresent(r -> rules.add(new ContractRule(n, r.strip(), feature))));
    }
    return rules;
  }

  private static Optional<Feature> key(
      Section section, String key, String name, FeatureSchema schema) {
    Optional<Feature> feature = schema.find(name);
    if (feature.isEmpty()) {
      section.report(
          "UNKNOWN_FEATURE",
          key,
          "%s: not a feature of this version%s (features: %s)"
              .formatted(
                  name,
                  Suggestions.didYouMean(name, schema.names()),
                  Suggestions.list(schema.names())));
    }
    return feature;
  }

  private static void checkType(
      Section section, String key, Feature feature, Set<Primitive> allowed) {
    Optional<TypeShape> shape = feature.type().shape();
    if (shape.isEmpty() || !allowed.contains(shape.get())) {
      section.report(
          "WRONG_FEATURE_TYPE",
          key,
          "%s: is %s, must be one of %s"
              .formatted(
                  feature.name(),
                  feature.type(),
                  String.join(", ", allowed.stream().map(Primitive::sql).toList())));
    }
  }
}
