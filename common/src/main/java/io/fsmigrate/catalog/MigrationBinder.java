package io.fsmigrate.catalog;

import io.fsmigrate.error.Suggestions;
import io.fsmigrate.feature.FeatureGroup;
import io.fsmigrate.feature.FeatureVersion;
import io.fsmigrate.migration.DeclarativeMigration;
import io.fsmigrate.migration.Migration;
import io.fsmigrate.migration.SqlMigration;
import io.fsmigrate.migration.Step;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads list {@code migrations}. */
final class MigrationBinder {
  private static final String SQL_FILE = "sql-file";
  private static final String STEPS = "steps";

  private final Locations locations;
  private final Map<String, FeatureGroup> groups;

  MigrationBinder(Locations locations, Map<String, FeatureGroup> groups) {
    this.locations = locations;
    this.groups = groups;
  }

  List<Migration> bind(Section root) {
    List<Migration> migrations = new ArrayList<>();
    for (Section.Item item : root.items("migrations")) {
      root.section(item).flatMap(this::migration).ifPresent(migrations::add);
    }
    return migrations;
  }

  private Optional<Migration> migration(Section section) {
    Optional<String> group = section.requiredString("group");
    Optional<FeatureVersion> from = version(section, "from", group);
    Optional<FeatureVersion> to = version(section, "to", group);
    String description = section.string("description").orElse("");
    Optional<String> sqlFile = section.string(SQL_FILE);
    boolean hasSteps = section.has(STEPS);
    if (hasSteps == section.has(SQL_FILE)) {
      section
          .findings()
          .add(
              "INVALID_MIGRATION",
              section.origin(),
              section.path(),
              "needs either steps = [ ... ] or sql-file = \"...\"");
    }
    Optional<List<Step>> steps = hasSteps ? Optional.of(steps(section)) : Optional.empty();
    Optional<String> sql = sqlFile.flatMap(text -> read(section, text));
    section.finish();
    if (group.isEmpty() || from.isEmpty() || to.isEmpty()) {
      return Optional.empty();
    }
    if (steps.isPresent()) {
      return steps.map(
          s -> new DeclarativeMigration(group.get(), from.get(), to.get(), description, s));
    }
    return section.parse(
        SQL_FILE,
        sql,
        text ->
            new SqlMigration(
                group.get(),
                from.get(),
                to.get(),
                description,
                text,
                Path.of(sqlFile.orElseThrow()).getFileName().toString()));
  }

  private static List<Step> steps(Section section) {
    List<Step> steps = new ArrayList<>();
    for (Section.Item item : section.items(STEPS)) {
      section.section(item).flatMap(StepBinder::bind).ifPresent(steps::add);
    }
    return steps;
  }

  private Optional<FeatureVersion> version(Section section, String key, Optional<String> group) {
    Optional<FeatureVersion> version =
        section.parse(key, section.requiredString(key), FeatureVersion::new);
    if (group.isPresent() && !groups.containsKey(group.get())) {
      if (key.equals("from")) {
        section.report(
            "UNKNOWN_FEATURE_GROUP",
            "group",
            "%s: unknown feature group%s (feature groups: %s)"
                .formatted(
                    group.get(),
                    Suggestions.didYouMean(group.get(), groups.keySet()),
                    Suggestions.list(groups.keySet())));
      }
      return version;
    }
    group
        .map(groups::get)
        .ifPresent(
            known ->
                version
                    .filter(v -> !v.isRaw() && known.version(v).isEmpty())
                    .ifPresent(v -> unknownVersion(section, key, v, known)));
    return version;
  }

  private static void unknownVersion(
      Section section, String key, FeatureVersion version, FeatureGroup group) {
    List<String> names = group.versions().keySet().stream().map(FeatureVersion::text).toList();
    section.report(
        "UNKNOWN_VERSION",
        key,
        "%s@%s: unknown feature version%s (versions: %s)"
            .formatted(
                group.name(),
                version,
                Suggestions.didYouMean(version.text(), names),
                Suggestions.list(names)));
  }

  private Optional<String> read(Section section, String text) {
    Path file = Path.of(locations.resolve(text, section.origin(SQL_FILE)));
    try {
      return Optional.of(Files.readString(file, StandardCharsets.UTF_8));
    } catch (IOException e) {
      section.report(
          "MISSING_FILE",
          SQL_FILE,
          "%s: cannot be read; a relative path counts from the directory of this file"
              .formatted(file));
      return Optional.empty();
    }
  }
}
