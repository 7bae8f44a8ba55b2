package io.fsmigrate.run;

import io.fsmigrate.error.ExitCode;
import io.fsmigrate.error.FsMigrateException;
import io.fsmigrate.feature.FeatureVersion;

/** Why failed records are not tried again. */
final class RetryErrors {
  private RetryErrors() {}

  static FsMigrateException runNotEnded(String run, RunState state) {
    return new FsMigrateException(
        ExitCode.REFUSED,
        "RETRY_RUN_NOT_ENDED",
        "%s: it is %s, so what is left of it is not known; %s"
            .formatted(
                run,
                state.text(),
                state == RunState.ABANDONED
                    ? "migrate again"
                    : "go on with it first (--resume-from %s)".formatted(run)));
  }

  static FsMigrateException notRetried(String run, String command) {
    return new FsMigrateException(
        ExitCode.USAGE,
        "RETRY_OF_OTHER_COMMAND",
        "%s: it is a run of %s; failed records of migrate and publish can be retried"
            .formatted(run, command));
  }

  static FsMigrateException versionMoved(
      String run, String branch, String group, FeatureVersion then, FeatureVersion now) {
    return new FsMigrateException(
        ExitCode.REFUSED,
        "RETRY_VERSION_MOVED",
        "%s: branch %s shows %s@%s now and not %s, which its failed records are for.\nMigrate its source to %s@%s, or let the branch show %s again (branch rollback) and retry then"
            .formatted(run, branch, group, now, then, group, now, then));
  }

  static FsMigrateException retriedMeanwhile(String run) {
    return new FsMigrateException(
        ExitCode.REFUSED,
        "RETRIED_MEANWHILE",
        "%s: another retry of it has ended since this one was planned; retry again".formatted(run));
  }
}
