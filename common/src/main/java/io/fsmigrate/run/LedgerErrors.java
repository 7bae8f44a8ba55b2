package io.fsmigrate.run;

import io.fsmigrate.error.ExitCode;
import io.fsmigrate.error.FsMigrateException;
import java.time.Duration;
import java.time.Instant;

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
      String target, HeldLock held, Instant now, RunOwner.Life life) {
    String run = held.run();
    boolean silent = held.looksSilent(now);
    String next =
        life == RunOwner.Life.GONE
            ? "Its process is gone: resume it with --resume-from %1$s, or give it up with fs-migrate runs unlock %1$s"
            : silent
                ? "It was not renewed for %2$s: resume it with --resume-from %1$s, or give it up with fs-migrate runs unlock %1$s; either looks for %3$s whether it is"
                : life == RunOwner.Life.ALIVE
                    ? "Its process is at work: wait for it, or end it and resume the run"
                    : "It was renewed %2$s ago: wait for it, or end it and resume the run; a process that is gone is found out after %3$s";
    return new FsMigrateException(
        ExitCode.REFUSED,
        "TARGET_LOCKED",
        "%s: run %s writes to it (%s, for %s).\n%s"
            .formatted(
                target,
                run,
                held.owner().text(),
                text(Duration.between(held.since(), now)),
                next.formatted(
                    run,
                    text(Duration.between(held.renewedAt(), now).abs()),
                    text(Duration.ofMillis(held.leaseMillis())))));
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
        "%s: not unlocked, because its process seems to be at work (%s);\n"
                .formatted(run, owner.text())
            + "end it, or unlock with --force if it must not write any more");
  }

  static FsMigrateException lockLost(String target, String run) {
    return new FsMigrateException(
        ExitCode.REFUSED,
        "LOCK_LOST",
        "%s: run %s does not hold its lock any more; this process stops".formatted(target, run));
  }

  /**
   * @param cause why it could not be renewed; null where that is not known
   */
  static FsMigrateException leaseRanOut(
      String target, String run, Duration lease, Throwable cause) {
    return new FsMigrateException(
        ExitCode.UNAVAILABLE,
        "LEASE_RAN_OUT",
        "%s: run %s could not renew its lock for %s%s; this process stops, and the run can be resumed with --resume-from %s"
            .formatted(
                target,
                run,
                text(lease),
                cause == null ? "" : " (" + cause.getMessage() + ")",
                run),
        cause);
  }

  static FsMigrateException interrupted(String run) {
    return new FsMigrateException(
        ExitCode.INTERRUPTED,
        "INTERRUPTED",
        "%s: interrupted; resume it with --resume-from %s".formatted(run, run));
  }

  /** Another process writes to the run now. */
  static FsMigrateException overtaken(String what, String run) {
    return new FsMigrateException(
        ExitCode.REFUSED,
        "RUN_TAKEN_OVER",
        "%s: run %s was taken over by another process; this one stops".formatted(what, run));
  }

  static FsMigrateException givenUp(String run) {
    return new FsMigrateException(
        ExitCode.REFUSED,
        "RUN_TAKEN_OVER",
        "%s: the run was given up with runs unlock; this process stops".formatted(run));
  }

  static FsMigrateException foreignProgress(String path, String run, String other) {
    return new FsMigrateException(
        ExitCode.USAGE,
        "PROGRESS_FOREIGN",
        "%s: this is the progress of %s, not of %s; put back the run's own, or start a new run"
            .formatted(path, other, run));
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
