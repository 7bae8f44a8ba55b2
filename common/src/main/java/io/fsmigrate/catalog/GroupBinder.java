package io.fsmigrate.catalog;

import io.fsmigrate.error.Suggestions;
import io.fsmigrate.feature.FeatureGroup;
import io.fsmigrate.feature.FeatureVersion;
import io.fsmigrate.feature.VersionedGroup;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** Reads section {@code feature-groups}. */
final class GroupBinder {
  private final Set<String> onlineStores;

  GroupBinder(Set<String> onlineStores) {
    this.onlineStores = onlineStores;
  }

  Map<String, FeatureGroup> bind(Section root) {
    Map<String, FeatureGroup> groups = new TreeMap<>();
    root.section("feature-groups")
        .ifPresent(
            section -> {
              for (String name : section.names()) {
                Names.fault(name).ifPresent(fault -> section.report("INVALID_NAME", name, fault));
                section.section(name).ifPresent(s -> groups.put(name, group(name, s)));
              }
            });
    return groups;
  }

  private FeatureGroup group(String name, Section section) {
    String description = section.string("description").orElse("");
    VersionBinder binder = new VersionBinder(name, onlineStores, section);
    Map<FeatureVersion, VersionedGroup> versions = new TreeMap<>();
    Optional<Section> defined = section.require("versions", section.section("versions"));
    defined.ifPresent(
        all -> {
          for (String text : all.names()) {
            Optional<FeatureVersion> version = version(all, text);
            all.section(text)
                .ifPresent(
                    s ->
                        version
                            .flatMap(v -> binder.bind(v, s))
                            .ifPresent(bound -> versions.put(bound.version(), bound)));
          }
        });
    section.finish();
    return new FeatureGroup(name, description, versions);
  }

  private static Optional<FeatureVersion> version(Section all, String text) {
    if (text.matches("\\d+")) {
      all.report(
          "INVALID_VERSION", text, "not a feature version; quote it: versions.\"1.0.0\" { ... }");
      return Optional.empty();
    }
    if (text.equals(FeatureVersion.RAW.text())) {
      all.report(
          "INVALID_VERSION",
          text,
          "raw is the version of bare files and is never defined; remove it");
      return Optional.empty();
    }
    return all.attempt(all.origin(text), all.path(text), () -> new FeatureVersion(text));
  }

  /** Reports names of online stores that nobody defines. */
  static void checkStores(Section section, Iterable<String> names, Set<String> known) {
    for (String name : names) {
      if (!known.contains(name)) {
        section.report(
            "UNKNOWN_ONLINE_STORE",
            "online-stores",
            "%s: unknown online store%s (online stores: %s)"
                .formatted(name, Suggestions.didYouMean(name, known), Suggestions.list(known)));
      }
    }
  }
}
