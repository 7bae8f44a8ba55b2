package io.fsmigrate.offline;

import io.fsmigrate.error.ExitCode;
import io.fsmigrate.error.FsMigrateException;
import java.io.InterruptedIOException;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.nio.file.AccessDeniedException;
import javax.net.ssl.SSLException;

/** What can go wrong between us and an offline store. */
public final class OfflineErrors {
  private OfflineErrors() {}

  static FsMigrateException notFound(String location) {
    return new FsMigrateException(
        ExitCode.USAGE,
        "SOURCE_NOT_FOUND",
        "%s: there is no such file or directory; check the path (relative paths start at the working directory)"
            .formatted(location));
  }

  static FsMigrateException noData(String location) {
    return new FsMigrateException(
        ExitCode.USAGE,
        "SOURCE_EMPTY",
        "%s: no Parquet file in it (names that start with _ or . are skipped); check the path"
            .formatted(location));
  }

  static FsMigrateException unreadable(String file, Exception cause) {
    return new FsMigrateException(
        ExitCode.USAGE,
        "SOURCE_UNREADABLE",
        "%s: cannot be read as Parquet (%s); replace the file or leave it out"
            .formatted(file, firstLine(cause)),
        cause);
  }

  static FsMigrateException mixedSchemas(String file, String first) {
    return new FsMigrateException(
        ExitCode.USAGE,
        "SOURCE_MIXED_SCHEMAS",
        "%s: its columns differ from those of %s; migrate files of different schemas one by one"
            .formatted(file, first));
  }

  static FsMigrateException notDelta(String location) {
    return new FsMigrateException(
        ExitCode.USAGE,
        "SOURCE_NOT_DELTA",
        "%s: not a Delta table (no _delta_log with a commit); use parquet:PATH for bare files"
            .formatted(location));
  }

  static FsMigrateException versionGone(String location, long version, Exception cause) {
    return new FsMigrateException(
        ExitCode.REFUSED,
        "TABLE_VERSION_GONE",
        "%s: version %d can no longer be read (%s); plan again from the current version"
            .formatted(location, version, firstLine(cause)),
        cause);
  }

  /** A frame cannot be built from what a migration says. */
  public static FsMigrateException unresolved(String what, String problem, String remedy) {
    return new FsMigrateException(
        ExitCode.USAGE, "MIGRATION_UNRESOLVED", "%s: %s; %s".formatted(what, problem, remedy));
  }

  /** A filter query is not one boolean expression over the source's columns. */
  public static FsMigrateException filterRefused(String filter, String problem) {
    return new FsMigrateException(
        ExitCode.USAGE,
        "FILTER_REFUSED",
        "--filter-query %s: %s; give one boolean expression over the source's columns, such as \"distance > 100\""
            .formatted(filter, problem));
  }

  /** Whether a store of files was away, or let nobody in: that says nothing about the file. */
  public static boolean isOutage(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      String name = cause.getClass().getName();
      if (cause instanceof SocketException
          || cause instanceof UnknownHostException
          || cause instanceof InterruptedIOException
          || cause instanceof SSLException
          || cause instanceof AccessDeniedException
          || name.startsWith("org.apache.hadoop.fs.s3a.AWS")
          || name.startsWith("org.apache.hadoop.security.AccessControlException")
          || name.contains("awssdk.")) {
        return true;
      }
    }
    return false;
  }

  /** The first line of a message, which for Spark holds the error class and the reason. */
  public static String firstLine(Throwable cause) {
    String message = cause.getMessage() == null ? cause.toString() : cause.getMessage();
    String line = message.lines().findFirst().orElse(cause.toString()).trim();
    return line.length() > 300 ? line.substring(0, 300) + "..." : line;
  }

  /** A record identifier that cannot be one of the target's. */
  public static FsMigrateException invalidRecordIdentifier(
      String record, String feature, String type) {
    return new FsMigrateException(
        ExitCode.USAGE,
        "INVALID_RECORD_IDENTIFIER",
        "record:%s: the record identifier %s is a %s; give one of that type"
            .formatted(record, feature, type));
  }
}
