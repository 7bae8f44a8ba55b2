package io.fsmigrate.run;

import io.fsmigrate.error.ExitCode;
import io.fsmigrate.error.FsMigrateException;
import java.time.Duration;

/** What can go wrong with the ledger and with locks. */
final class LedgerErrors {
  private LedgerErrors() {}

  static FsMigrateException unknownRun(String id) {
    return new FsMigrateException(
        ExitCode.USAGE,
        "UNKNOWN_RUN",
        "%s: no such run; fs-migrate runs list shows the runs there are".formatted(id));
  }

  static FsMigrateException takenOver(String id, RunOwner owner) {
    return new FsMigrateException(
        ExitCode.REFUSED,
        "RUN_TAKEN_OVER",
        "%s: the run was taken over by %s; this process stops".formatted(id, owner.text()));
  }

  static FsMigrateException targetLocked(
      String target, String run, RunOwner owner, Duration age, RunOwner.Life life) {
    String next =
        switch (life) {
          case ALIVE -> "Its process is at work: wait for it, or end it and resume the run";
          case GONE ->
              "Its process is gone: resume it with --resume-from %s, or give it up with"
                      .formatted(run)
                  + " fs-migrate runs unlock %s".formatted(run);
          case UNKNOWN ->
              "If its process is gone, resume it on that host with --resume-from %s, or give it up with"
                      .formatted(run)
                  + " fs-migrate runs unlock %s --force".formatted(run);
        };
    return new FsMigrateException(
        ExitCode.REFUSED,
        "TARGET_LOCKED",
        "%s: run %s writes to it (%s, for %s).\n%s"
            .formatted(target, run, owner.text(), text(age), next));
  }

  static FsMigrateException ownerAlive(String run, RunOwner owner) {
    return new FsMigrateException(
        ExitCode.REFUSED,
        "OWNER_ALIVE",
        "%s: not unlocked, because its process is at work (%s); end that process first"
            .formatted(run, owner.text()));
  }

  static FsMigrateException ownerUnknown(String run, RunOwner owner) {
    return new FsMigrateException(
        ExitCode.REFUSED,
        "OWNER_UNKNOWN",
        "%s: not unlocked, because its process may be at work on another host (%s);\n"
                .formatted(run, owner.text())
            + "unlock it on that host, or with --force once you know that the process is gone");
  }

  static FsMigrateException lockLost(String target, String run) {
    return new FsMigrateException(
        ExitCode.REFUSED,
        "LOCK_LOST",
        "%s: run %s does not hold its lock any more; this process stops".formatted(target, run));
  }

  private static String text(Duration age) {
    if (age.toDays() > 0) {
      return "%d d %d h".formatted(age.toDays(), age.toHoursPart());
    }
    if (age.toHours() > 0) {
      return "%d h %d min".formatted(age.toHours(), age.toMinutesPart());
    }
    return age.toMinutes() > 0
        ? "%d min".formatted(age.toMinutes())
        : "%d s".formatted(Math.max(0, age.toSeconds()));
  }
}
