package io.fsmigrate.catalog;

import io.fsmigrate.error.ExitCode;
import io.fsmigrate.error.FsMigrateException;
import io.fsmigrate.error.Suggestions;
import io.fsmigrate.feature.FeatureVersion;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;

/** What can be wrong with the configuration, and with names that look for something in it. */
final class CatalogErrors {
  private CatalogErrors() {}

  static FsMigrateException unknownGroup(String name, Collection<String> known) {
    return usage(
        "UNKNOWN_FEATURE_GROUP",
        "%s: unknown feature group%s\nFeature groups: %s"
            .formatted(name, Suggestions.didYouMean(name, known), Suggestions.list(known)));
  }

  static FsMigrateException unknownVersion(
      String group, FeatureVersion version, Collection<FeatureVersion> known) {
    List<String> names = known.stream().map(FeatureVersion::text).toList();
    return usage(
        "UNKNOWN_VERSION",
        "%s@%s: unknown feature version%s\nVersions of %s: %s"
            .formatted(
                group,
                version,
                Suggestions.didYouMean(version.text(), names),
                group,
                Suggestions.list(names)));
  }

  static FsMigrateException unknownOnlineStore(String name, Collection<String> known) {
    return usage(
        "UNKNOWN_ONLINE_STORE",
        "%s: unknown online store%s\nOnline stores: %s"
            .formatted(name, Suggestions.didYouMean(name, known), Suggestions.list(known)));
  }

  static FsMigrateException invalidMaxFailures(String text) {
    return usage(
        "INVALID_MAX_FAILURES",
        "%s: not a limit of failures; write a percentage of the rows such as 1%% or a count such as"
                .formatted(text)
            + " 250");
  }

  static FsMigrateException missingFile(Path file) {
    return usage(
        "MISSING_FILE",
        "%s: no such configuration file; name one with --conf, see conf/flights.conf for an example"
            .formatted(file));
  }

  static FsMigrateException unreadableFile(Path file, Throwable cause) {
    return new FsMigrateException(
        ExitCode.USAGE,
        "UNREADABLE_FILE",
        "%s: cannot be read; check that it is a file and its permissions".formatted(file),
        cause);
  }

  static FsMigrateException syntax(String what, Throwable cause) {
    return new FsMigrateException(
        ExitCode.USAGE,
        "INVALID_SYNTAX",
        "%s: not HOCON: %s".formatted(what, firstLine(cause)),
        cause);
  }

  static FsMigrateException unresolved(Throwable cause) {
    return new FsMigrateException(
        ExitCode.USAGE,
        "UNRESOLVED_SUBSTITUTION",
        firstLine(cause) + "; set that environment variable or key, or write ${?NAME} for optional",
        cause);
  }

  static FsMigrateException invalidSet(String key) {
    return usage(
        "INVALID_SET", "--set %s: not a key; write --set run.batch-size=50".formatted(key));
  }

  static FsMigrateException findings(String code, String message) {
    return usage(code, message);
  }

  private static String firstLine(Throwable cause) {
    return String.valueOf(cause.getMessage()).lines().findFirst().orElse("");
  }

  private static FsMigrateException usage(String code, String message) {
    return new FsMigrateException(ExitCode.USAGE, code, message);
  }
}
