package io.fsmigrate.online;

import io.fsmigrate.error.ExitCode;
import io.fsmigrate.error.FsMigrateException;
import io.fsmigrate.feature.Feature;
import java.util.Collection;
import java.util.List;
import java.util.stream.Collectors;

/** What can stand between records and an online store. */
public final class OnlineErrors {
  private OnlineErrors() {}

  static FsMigrateException unknownType(String store, String type, Collection<String> known) {
    return usage(
        "UNKNOWN_STORE_TYPE",
        "online store %s: there is no type %s; choose one of %s"
            .formatted(store, type, String.join(", ", known)));
  }

  /** A key that stores of that type do not have. */
  public static FsMigrateException unknownSetting(
      String store, String key, Collection<String> known) {
    return usage(
        "UNKNOWN_STORE_SETTING",
        "online store %s: there is no setting %s; choose among %s"
            .formatted(store, key, String.join(", ", known)));
  }

  /** A key that has to be set; {@code meaning} says to what. */
  public static FsMigrateException missingSetting(String store, String key, String meaning) {
    return usage(
        "MISSING_STORE_SETTING",
        "online store %s: the setting %s is missing; set it to %s".formatted(store, key, meaning));
  }

  /** A value that cannot be used; {@code need} says what to write. */
  public static FsMigrateException invalidSetting(
      String store, String key, String value, String need) {
    return usage(
        "INVALID_STORE_SETTING",
        "online store %s: cannot use %s = %s; %s".formatted(store, key, value, need));
  }

  /** Features of which no online store has values. */
  public static FsMigrateException unsupportedTypes(String target, List<Feature> features) {
    return usage(
        "UNSUPPORTED_ONLINE_TYPE",
        "%s: no online store can hold %s; cast or drop them in a migration"
            .formatted(
                target,
                features.stream()
                    .map(f -> f.name() + " (" + f.type() + ")")
                    .collect(Collectors.joining(", "))));
  }

  static FsMigrateException noSuchFeature(String target, String name, String role) {
    return usage(
        "NO_SUCH_FEATURE",
        "%s: the %s %s is not among its features; correct its definition"
            .formatted(target, role, name));
  }

  /** A store that only one machine can reach, on a cluster. */
  public static FsMigrateException needsLocalMaster(String store, String place) {
    return usage(
        "STORE_NEEDS_LOCAL_MASTER",
        "online store %s: %s is a file of one machine and cannot be written from a cluster.\n"
                .formatted(store, place)
            + "Run with a local master, let the driver write it (write-from = driver), or choose a"
            + " store that all workers can reach");
  }

  /** A place that cannot be written, whatever its content. */
  public static FsMigrateException notWritable(String place, String why) {
    return usage("STORE_NOT_WRITABLE", "%s: cannot be written because %s".formatted(place, why));
  }

  /** A file that is there and no database. */
  public static FsMigrateException notADatabase(String place, String store) {
    return usage(
        "STORE_NOT_A_DATABASE",
        "%s: the file is there and is not a database; choose another path for online store %s"
            .formatted(place, store));
  }

  /** A table that is there and cannot hold the target. */
  public static FsMigrateException columnsDiffer(
      String place, String table, String target, String store, List<String> differences) {
    return new FsMigrateException(
        ExitCode.REFUSED,
        "STORE_SCHEMA_DIFFERS",
        "%s: table %s is there and does not fit %s: %s.\n"
                .formatted(place, table, target, String.join("; ", differences))
            + "Set another table for online store %s, or drop this one".formatted(store));
  }

  /** What says which version is served, and is none that this program writes. */
  public static FsMigrateException pointerUnreadable(String store, String what, String why) {
    return usage(
        "SERVING_POINTER_UNREADABLE",
        "online store %s: %s does not say what is served: %s; remove it, then switch again"
            .formatted(store, what, why));
  }

  /** Something else has the name of the view that applications are to query. */
  public static FsMigrateException viewNameTaken(
      String place, String view, String kind, String store) {
    return new FsMigrateException(
        ExitCode.REFUSED,
        "SERVING_VIEW_TAKEN",
        "%s: %s is %s and not the view that online store %s serves from.\n"
                .formatted(place, view, kind, store)
            + "Rename or drop it, or set serving-view to another name, or to none");
  }

  /** The pointer's own table cannot be made. */
  public static FsMigrateException noPointerTable(
      String place, String create, String store, String why) {
    return usage(
        "SERVING_TABLE_MISSING",
        "%s: online store %s has no table that says what is served, and cannot make it (%s).\n"
                .formatted(place, store, why)
            + "Have it made: %s".formatted(create));
  }

  /** Another writer held the lock for too long. */
  public static FsMigrateException locked(String place, long millis, Throwable cause) {
    return unavailable(
        "STORE_LOCKED",
        "%s: another writer held the lock for more than %d ms; what was being written was not kept.\n"
                .formatted(place, millis)
            + "Stop the other writer or raise busy-timeout-ms; then the run can be resumed",
        cause);
  }

  /** A database file that cannot grow. */
  public static FsMigrateException full(String place, String store, Throwable cause) {
    return unavailable(
        "SQLITE_FULL",
        "%s: the database of online store %s cannot grow, for want of disk space or by its own max_page_count (%s); what was being written was not kept.\n"
                .formatted(place, store, cause.getMessage())
            + "Make room on its file system or raise that limit; then the run can be resumed",
        cause);
  }

  /** The store failed in a way that the cause describes. */
  public static FsMigrateException failed(String place, Throwable cause) {
    return unavailable(
        "STORE_UNAVAILABLE",
        "%s: the store failed: %s; what was not committed was not kept.\n"
                .formatted(place, cause.getMessage())
            + "Correct the cause; then the run can be resumed",
        cause);
  }

  private static FsMigrateException usage(String code, String message) {
    return new FsMigrateException(ExitCode.USAGE, code, message);
  }

  private static FsMigrateException unavailable(String code, String message, Throwable cause) {
    return new FsMigrateException(ExitCode.UNAVAILABLE, code, message, cause);
  }

  /** Another process has taken over what this one was writing. */
  public static FsMigrateException fencedOff(String place, String holder) {
    return new FsMigrateException(
        ExitCode.REFUSED,
        "FENCED_OFF_IN_STORE",
        "%s: another process has taken over the work on %s; the store kept nothing of this bucket, and this process stops"
            .formatted(place, holder));
  }
}
