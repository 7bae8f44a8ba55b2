package io.fsmigrate.jobs;

import io.fsmigrate.error.ExitCode;
import io.fsmigrate.error.FsMigrateException;
import java.io.IOException;
import java.nio.file.Path;

/** What can be wrong with a wish for example data. */
final class ExampleDataErrors {
  private ExampleDataErrors() {}

  static FsMigrateException tooFewRows(long rows, long minimum) {
    return new FsMigrateException(
        ExitCode.USAGE,
        "TOO_FEW_ROWS",
        "--rows %d: too few for every case to occur; ask for %d rows or more"
            .formatted(rows, minimum));
  }

  static FsMigrateException notEmpty(Path directory) {
    return new FsMigrateException(
        ExitCode.REFUSED,
        "DIRECTORY_NOT_EMPTY",
        "%s: has files in it; nothing was written. Name a new directory or remove this one"
            .formatted(directory));
  }

  static FsMigrateException unwritable(Path directory, IOException cause) {
    return new FsMigrateException(
        ExitCode.USAGE,
        "UNWRITABLE_DIRECTORY",
        "%s: cannot be written (%s: %s); name a directory that you may write"
            .formatted(directory, cause.getClass().getSimpleName(), cause.getMessage()),
        cause);
  }
}
