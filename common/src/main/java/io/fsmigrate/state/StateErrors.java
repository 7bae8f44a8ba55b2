package io.fsmigrate.state;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.fsmigrate.error.ExitCode;
import io.fsmigrate.error.FsMigrateException;

/** What can go wrong with a state table. */
final class StateErrors {
  private StateErrors() {}

  static FsMigrateException storeNotSupported(String path, String scheme) {
    return new FsMigrateException(
        ExitCode.USAGE,
        "STATE_STORE_NOT_SUPPORTED",
        "%s: state cannot be kept on %s yet, because its rename does not fail when the name is taken;\n"
                .formatted(path, scheme)
            + "put the warehouse on a local disk or on HDFS");
  }

  static FsMigrateException invalidPath(String path, Throwable cause) {
    return new FsMigrateException(
        ExitCode.USAGE,
        "INVALID_STATE_PATH",
        "%s: not a path that can be opened (%s); check the warehouse setting"
            .formatted(path, reason(cause)),
        cause);
  }

  static FsMigrateException cannotRead(String path, Throwable cause) {
    return new FsMigrateException(
        ExitCode.UNAVAILABLE,
        "STATE_NOT_READABLE",
        "%s: cannot read the state table (%s); check that the path can be reached and read"
            .formatted(path, reason(cause)),
        cause);
  }

  static FsMigrateException cannotWrite(String path, Throwable cause) {
    return new FsMigrateException(
        ExitCode.UNAVAILABLE,
        "STATE_NOT_WRITABLE",
        "%s: cannot write the state table (%s); check permissions and free space"
            .formatted(path, reason(cause)),
        cause);
  }

  static FsMigrateException busy(String path, int attempts) {
    return new FsMigrateException(
        ExitCode.UNAVAILABLE,
        "STATE_BUSY",
        "%s: %d attempts to commit lost against other writers; try again"
            .formatted(path, attempts));
  }

  static FsMigrateException interrupted(String path, InterruptedException cause) {
    return new FsMigrateException(
        ExitCode.INTERRUPTED,
        "INTERRUPTED",
        "%s: interrupted while waiting to commit; nothing of this commit was written"
            .formatted(path),
        cause);
  }

  static FsMigrateException invalidJson(String origin, String type, JsonProcessingException cause) {
    return new FsMigrateException(
        ExitCode.USAGE,
        "INVALID_JSON",
        "%s: not a valid %s (%s)".formatted(origin, type, cause.getOriginalMessage()),
        cause);
  }

  /** The innermost cause says most; outer ones repeat it with class names in front. */
  private static String reason(Throwable error) {
    Throwable innermost = error;
    while (innermost.getCause() != null) {
      innermost = innermost.getCause();
    }
    String message = innermost.getMessage();
    String name = innermost.getClass().getSimpleName();
    return message == null ? name : name + ": " + message.lines().findFirst().orElse("");
  }
}
