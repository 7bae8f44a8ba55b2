package io.fsmigrate.run;

import io.fsmigrate.error.ExitCode;
import io.fsmigrate.error.FsMigrateException;
import java.util.Optional;

/** What can go wrong where a report is asked for. */
final class ReportErrors {
  private ReportErrors() {}

  static FsMigrateException noReport(String run, String command) {
    return new FsMigrateException(
        ExitCode.USAGE,
        "RUN_HAS_NO_REPORT",
        "%s: it has not ended, so there is no report yet; if its process is gone, go on with it by fs-migrate %s --resume-from %s"
            .formatted(run, command, run));
  }

  static FsMigrateException unreadable(String file, Throwable cause) {
    return new FsMigrateException(
        ExitCode.UNAVAILABLE,
        "REPORT_UNREADABLE",
        "%s: cannot be read (%s); see fs-migrate runs show"
            .formatted(file, Optional.ofNullable(cause.getMessage()).orElse(cause.toString())),
        cause);
  }
}
