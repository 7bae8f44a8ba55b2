package io.fsmigrate.jobs;

import io.fsmigrate.error.ExitCode;
import io.fsmigrate.error.FsMigrateException;
import java.io.IOException;
import java.nio.file.Path;

/** What the command line itself tells people. */
final class JobsErrors {
  private JobsErrors() {}

  static FsMigrateException unknownRun(String id) {
    return new FsMigrateException(
        ExitCode.USAGE,
        "UNKNOWN_RUN",
        id.equals("latest")
            ? "latest: there is no run in this warehouse yet"
            : id + ": no such run; see `fs-migrate runs list`");
  }

  static FsMigrateException cannotWrite(Path file, IOException cause) {
    return new FsMigrateException(
        ExitCode.USAGE,
        "NOT_WRITABLE",
        "%s: cannot be written (%s)\nName another file.".formatted(file, cause.toString()),
        cause);
  }
}
