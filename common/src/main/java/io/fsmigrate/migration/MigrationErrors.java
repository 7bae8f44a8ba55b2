package io.fsmigrate.migration;

import io.fsmigrate.error.ExitCode;
import io.fsmigrate.error.FsMigrateException;
import io.fsmigrate.error.Suggestions;
import io.fsmigrate.feature.FeatureType;
import io.fsmigrate.feature.FeatureVersion;
import java.util.List;
import java.util.ServiceConfigurationError;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** What can be wrong with migrations and the paths that they make. */
final class MigrationErrors {
  private MigrationErrors() {}

  static FsMigrateException duplicate(Migration first, Migration second) {
    return usage(
        "DUPLICATE_MIGRATION",
        "%s: this migration is registered twice, by %s and by %s; remove one, or correct its from or to"
            .formatted(first.id(), first.origin(), second.origin()));
  }

  static FsMigrateException loop(Migration migration) {
    return usage(
        "MIGRATION_LOOP",
        "%s: this migration ends where it starts; a change of features needs a version of its own"
            .formatted(migration.id()));
  }

  static FsMigrateException toRaw(Migration migration) {
    return usage(
        "MIGRATION_TO_RAW",
        "%s: raw is the version of a bare file, nothing migrates into it; name a version"
            .formatted(migration.id()));
  }

  static FsMigrateException noPath(
      String group, FeatureVersion from, FeatureVersion to, List<Migration> known) {
    boolean reverse = to.compareTo(from) < 0;
    List<Migration> usable = known.stream().filter(m -> m.isReverse() == reverse).toList();
    return usage(
        "NO_MIGRATION_PATH",
        """
        %s: no migration path from %s to %s; from %s there is: %s; into %s there is: %s
        Register the migrations that are missing%s"""
            .formatted(
                group,
                from,
                to,
                from,
                versions(usable, m -> m.from().equals(from), Migration::to),
                to,
                versions(usable, m -> m.to().equals(to), Migration::from),
                reverse ? "; a downgrade needs migrations to lower versions" : ""));
  }

  static FsMigrateException ambiguous(
      String group, FeatureVersion from, FeatureVersion to, List<List<Migration>> choices) {
    String ways = choices.stream().map(MigrationErrors::way).collect(Collectors.joining("; "));
    String more = choices.size() < PathSearch.MAX_CHOICES ? "" : "; there may be more";
    String names =
        choices.stream()
            .limit(2)
            .map(way -> "--via " + via(way))
            .collect(Collectors.joining(" or "));
    return usage(
        "AMBIGUOUS_MIGRATION_PATH",
        "%s: more than one migration path from %s to %s: %s%s\nName the way, such as %s"
            .formatted(group, from, to, ways, more, names));
  }

  static FsMigrateException viaNotBetween(
      String group, FeatureVersion from, FeatureVersion to, List<FeatureVersion> via) {
    return usage(
        "VIA_NOT_BETWEEN",
        "%s: --via %s does not lie on a way from %s to %s; name versions between them, in order"
            .formatted(
                group,
                via.stream().map(FeatureVersion::text).collect(Collectors.joining(",")),
                from,
                to));
  }

  static FsMigrateException emptySql(String origin) {
    return usage(
        "EMPTY_SQL",
        "%s: no query in it; write one SELECT over the view %s"
            .formatted(origin, SqlMigration.SOURCE));
  }

  static FsMigrateException defaultOrExpression(String feature) {
    return usage(
        "INVALID_STEP",
        "add %s: give either default (one value for every row) or expression, not both or neither"
            .formatted(feature));
  }

  static FsMigrateException defaultNeedsType(String feature) {
    return usage(
        "INVALID_STEP", "add %s: a default needs a type; add type = ...".formatted(feature));
  }

  static FsMigrateException defaultNeedsSimpleType(String feature, FeatureType type) {
    return usage(
        "INVALID_STEP",
        "add %s: a default cannot be written for %s; use expression".formatted(feature, type));
  }

  static FsMigrateException defaultDoesNotFit(String feature, FeatureType type, String text) {
    return usage(
        "INVALID_STEP",
        "add %s: the default %s is no value of %s; write numbers plainly, booleans as true or false,"
                .formatted(feature, text, type)
            + " times in ISO-8601 (2024-01-31, 2024-01-31T12:00:00Z, timestamp_ntz without Z)");
  }

  static FsMigrateException invalidProvider(String className, Throwable cause) {
    return provider(
        className, cause instanceof FsMigrateException ? message(cause) : told(cause), cause);
  }

  static FsMigrateException brokenProvider(Throwable cause) {
    String service = MigrationFunction.class.getName();
    String what =
        cause instanceof ServiceConfigurationError
            ? message(cause).replace(service + ": ", "")
            : told(cause);
    Throwable root = root(cause);
    return provider(
        "META-INF/services/" + service,
        "%s%s; correct or remove the jar"
            .formatted(what, root == cause ? "" : " (%s)".formatted(told(root))),
        cause);
  }

  static FsMigrateException noCode(String what, Throwable cause) {
    return provider(
        what,
        "the jar of this migration cannot be read%s, so it has no checksum; load it from a jar file"
            .formatted(cause == null ? "" : " (%s)".formatted(told(cause))),
        cause);
  }

  private static FsMigrateException provider(String what, String problem, Throwable cause) {
    return new FsMigrateException(
        ExitCode.USAGE, "INVALID_MIGRATION_PROVIDER", what + ": " + problem, cause);
  }

  private static Throwable root(Throwable thrown) {
    return thrown.getCause() == null ? thrown : root(thrown.getCause());
  }

  /** Kind and first line: of a missing class the message alone is but a name. */
  private static String told(Throwable thrown) {
    String text = message(thrown);
    return thrown.getClass().getSimpleName() + (text.isEmpty() ? "" : ": " + text);
  }

  private static String message(Throwable thrown) {
    return thrown.getMessage() == null
        ? ""
        : thrown.getMessage().lines().findFirst().orElse("").strip();
  }

  private static String way(List<Migration> path) {
    return path.get(0).from()
        + path.stream().map(m -> " -> " + m.to()).collect(Collectors.joining());
  }

  /** The versions between; for a straight way its end, which names it as well. */
  private static String via(List<Migration> path) {
    return path.size() == 1
        ? path.get(0).to().text()
        : path.stream()
            .limit(path.size() - 1L)
            .map(m -> m.to().text())
            .collect(Collectors.joining(","));
  }

  private static String versions(
      List<Migration> migrations,
      Predicate<Migration> which,
      Function<Migration, FeatureVersion> end) {
    return Suggestions.list(
        migrations.stream().filter(which).map(end).sorted().map(FeatureVersion::text).toList());
  }

  private static FsMigrateException usage(String code, String message) {
    return new FsMigrateException(ExitCode.USAGE, code, message);
  }
}
