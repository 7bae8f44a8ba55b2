package io.fsmigrate.jobs;

import io.fsmigrate.error.ExitCode;
import io.fsmigrate.error.FsMigrateException;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

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
        "%s: cannot be written (%s)\nName another file.".formatted(file, reason(cause)),
        cause);
  }

  static FsMigrateException cannotRead(Path file, IOException cause) {
    return new FsMigrateException(
        ExitCode.USAGE,
        "NOT_READABLE",
        "%s: cannot be read (%s); check the path".formatted(file, reason(cause)),
        cause);
  }

  static FsMigrateException confirmationNeeded(String target, List<String> clears) {
    return new FsMigrateException(
        ExitCode.REFUSED,
        "CONFIRMATION_NEEDED",
        "%s: this would remove %s; add --yes if that is meant"
            .formatted(target, String.join("; ", clears)));
  }

  static FsMigrateException notConfirmed(String target) {
    return new FsMigrateException(
        ExitCode.REFUSED,
        "CONFIRMATION_NEEDED",
        "%s: the name was not repeated, so nothing is removed and nothing was written"
            .formatted(target));
  }

  static FsMigrateException stalePlan(Path file, List<String> changed) {
    return new FsMigrateException(
        ExitCode.REFUSED,
        "STALE_PLAN",
        "%s: the plan no longer describes what would happen (changed: %s); plan again and have it approved"
            .formatted(file, String.join(", ", changed)));
  }

  static FsMigrateException nothingToVerify() {
    return new FsMigrateException(
        ExitCode.REFUSED,
        "NOTHING_TO_VERIFY",
        "no run of migrate or publish has finished; name a SOURCE and a TARGET");
  }

  static FsMigrateException nothingToResume(Optional<String> target) {
    return new FsMigrateException(
        ExitCode.REFUSED,
        "NOTHING_TO_RESUME",
        "%s: the newest run has nothing to resume; see `fs-migrate runs list`"
            .formatted(target.orElse("latest")));
  }

  static FsMigrateException otherRequest(String run, String source, String target) {
    return new FsMigrateException(
        ExitCode.USAGE,
        "RESUME_OTHER_REQUEST",
        "%s: that run migrates %s to %s; give the same source and target, or none"
            .formatted(run, source, target));
  }

  /** The message of most errors of the file system is the file's name alone. */
  private static String reason(IOException cause) {
    if (cause instanceof NoSuchFileException) {
      return "no such file or directory";
    }
    if (cause instanceof AccessDeniedException) {
      return "permission denied";
    }
    return cause instanceof FileSystemException known && known.getReason() != null
        ? known.getReason()
        : Optional.ofNullable(cause.getMessage()).orElse(cause.toString());
  }
}
