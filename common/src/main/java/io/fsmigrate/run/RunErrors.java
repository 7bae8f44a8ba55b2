package io.fsmigrate.run;

import io.fsmigrate.error.ExitCode;
import io.fsmigrate.error.FsMigrateException;
import io.fsmigrate.feature.Masking;
import io.fsmigrate.offline.OfflineErrors;
import io.fsmigrate.offline.transform.RowPipeline;
import java.io.IOException;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.spark.SparkThrowable;

/** What can go wrong with a run as a whole. */
final class RunErrors {
  /** SQL states of errors that a value raises, and of errors within a function of the user's. */
  private static final String DATA_EXCEPTION = "22";

  private static final String USER_FUNCTION = "39";

  private RunErrors() {}

  static FsMigrateException invalidAddress(String text, String problem) {
    return new FsMigrateException(
        ExitCode.USAGE,
        "INVALID_ADDRESS",
        "%s: not an address: %s; write [BRANCH:]GROUP[@VERSION], parquet:PATH, delta:PATH or sagemaker:GROUP[@VERSION]"
            .formatted(text, problem));
  }

  static FsMigrateException unknownBranch(String branch, List<String> branches, boolean target) {
    return new FsMigrateException(
        ExitCode.USAGE,
        "UNKNOWN_BRANCH",
        "%s: there is no such branch; there is: %s%s"
            .formatted(
                branch,
                String.join(", ", branches),
                target ? " (--create-branch makes the target's branch)" : ""));
  }

  static FsMigrateException nothingOnBranch(String branch, String group, List<String> groups) {
    return new FsMigrateException(
        ExitCode.USAGE,
        "GROUP_NOT_ON_BRANCH",
        "%s: branch %s shows no rows of it; it shows: %s"
            .formatted(
                group, branch, groups.isEmpty() ? "nothing yet" : String.join(", ", groups)));
  }

  static FsMigrateException otherVersionOnBranch(
      String branch, String group, String wanted, String shown) {
    return new FsMigrateException(
        ExitCode.USAGE,
        "VERSION_NOT_ON_BRANCH",
        "%s@%s: branch %s shows version %s of it; name that version or another branch"
            .formatted(group, wanted, branch, shown));
  }

  static FsMigrateException versionNeeded(String group, List<String> versions) {
    return new FsMigrateException(
        ExitCode.USAGE,
        "TARGET_VERSION_NEEDED",
        "%s: the branch shows no version of it yet, so name one: %s"
            .formatted(
                group, String.join(", ", versions.stream().map(v -> group + "@" + v).toList())));
  }

  static FsMigrateException refused(List<String> refusals) {
    return new FsMigrateException(ExitCode.REFUSED, "REFUSED", String.join("\n", refusals));
  }

  static FsMigrateException cannotResume(String run, List<String> changed) {
    return new FsMigrateException(
        ExitCode.REFUSED,
        "RESUME_MISMATCH",
        "%s: cannot be resumed, the result would be of two kinds (changed: %s); undo the change or start a new run"
            .formatted(run, String.join(", ", changed)));
  }

  static FsMigrateException notResumable(String run, RunState state) {
    return new FsMigrateException(
        ExitCode.REFUSED,
        "RUN_NOT_RESUMABLE",
        "%s: it is %s and has nothing to resume; start a new run".formatted(run, state.text()));
  }

  static FsMigrateException unknownRun(String run) {
    return new FsMigrateException(
        ExitCode.USAGE,
        "UNKNOWN_RUN",
        "%s: there is no such run; see fs-migrate runs list".formatted(run));
  }

  static FsMigrateException tableNotAsDefined(String address, List<String> differences) {
    return new FsMigrateException(
        ExitCode.REFUSED,
        "TABLE_NOT_AS_DEFINED",
        "%s: the branch's table is not what the catalog defines (%s); give a changed schema a new version and migrate to it"
            .formatted(address, String.join("; ", differences)));
  }

  static FsMigrateException notVerifiable(String run, String command) {
    return new FsMigrateException(
        ExitCode.USAGE,
        "RUN_NOT_VERIFIABLE",
        "%s: a run of %s moved no rows that could be verified; name one of migrate or publish"
            .formatted(run, command));
  }

  static FsMigrateException notFinished(String run) {
    return new FsMigrateException(
        ExitCode.REFUSED,
        "RUN_NOT_FINISHED",
        "%s: it has not finished, so there is nothing to verify yet; resume it first: fs-migrate migrate --resume-from %s"
            .formatted(run, run));
  }

  static FsMigrateException otherRowsExpected(String run, List<String> changed) {
    return new FsMigrateException(
        ExitCode.REFUSED,
        "RUN_CHANGED_SINCE",
        "%s: what it was made of is not what it was (changed: %s), so nobody can say which rows it should have written; undo the change, or verify a source and a target"
            .formatted(run, String.join(", ", changed)));
  }

  static FsMigrateException otherCommand(String run, String command) {
    return new FsMigrateException(
        ExitCode.USAGE,
        "RUN_OF_OTHER_COMMAND",
        "%s: it is a run of another command; go on with it by fs-migrate %s --resume-from %s"
            .formatted(run, command, run));
  }

  static FsMigrateException sums(List<String> broken, boolean published) {
    return new FsMigrateException(
        ExitCode.DEFECT,
        "SUMS_DO_NOT_ADD_UP",
        "sums: %s; %s; keep its tables and report it"
            .formatted(
                String.join("; ", broken),
                published
                    ? "the branch shows the run's rows, the online store may lack some"
                    : "readers see nothing of this run"));
  }

  static FsMigrateException tooManyFailures(String run, long failed, String limit) {
    return new FsMigrateException(
        ExitCode.TOO_MANY_FAILURES,
        "TOO_MANY_FAILURES",
        "%s: stopped, %d records failed and --max-failures is %s; readers see nothing of it.\nSee its failed records (runs failed %s), then resume with a higher limit or migrate again after a fix"
            .formatted(run, failed, limit, run));
  }

  /** The branch moves before the online stores are written, so readers of it see the run's rows. */
  static FsMigrateException tooManyFailuresOnline(
      String run, String store, long failed, long elsewhere, String limit) {
    return new FsMigrateException(
        ExitCode.TOO_MANY_FAILURES,
        "TOO_MANY_FAILURES",
        "%s: stopped, store %s refused %d records%s and --max-failures is %s; the branch shows the run's rows, the store has a part of them.\nSee its failed records (runs failed %s), then resume with a higher limit or migrate again after a fix"
            .formatted(
                run,
                store,
                failed,
                elsewhere > 0 ? " (%d have failed before)".formatted(elsewhere) : "",
                limit,
                run));
  }

  /**
   * What would have been told before anything was written, had it been so then. Now something is:
   * the run has to be resumed, and says so.
   */
  static FsMigrateException refusedWhileServing(String run, FsMigrateException refusal) {
    return new FsMigrateException(
        ExitCode.UNAVAILABLE,
        refusal.code(),
        "%s.\nThe branch shows the run's rows already; once that is put right, resume %s"
            .formatted(refusal.getMessage().replaceFirst("\\.$", ""), run),
        refusal);
  }

  static FsMigrateException defectOf(String store, Throwable failure) {
    return new FsMigrateException(
        ExitCode.DEFECT,
        "DEFECT",
        "online store %s: unexpected %s: %s (the trace is in the log of the task); report it, then resume the run"
            .formatted(store, failure.getClass().getSimpleName(), failure.getMessage()),
        failure);
  }

  /** What a task has told of a failure there. */
  static FsMigrateException toldByTask(ExitCode exitCode, String code, String message) {
    return new FsMigrateException(exitCode, code, message);
  }

  /**
   * The failure itself where there is one, and all of them in one where there are more, with the
   * code of a defect if one is.
   */
  static FsMigrateException storesFailed(List<FsMigrateException> failures) {
    FsMigrateException first =
        failures.stream()
            .filter(failure -> failure.exitCode() == ExitCode.DEFECT)
            .findFirst()
            .orElse(failures.get(0));
    if (failures.size() == 1) {
      return first;
    }
    return new FsMigrateException(
        first.exitCode(), first.code(), String.join("\n", lines(failures)), first);
  }

  /** What is the same for several is said once, at the end. */
  private static Set<String> lines(List<FsMigrateException> failures) {
    Set<String> lines = new LinkedHashSet<>();
    for (FsMigrateException failure : failures) {
      failure
          .getMessage()
          .lines()
          .forEach(
              line -> {
                lines.remove(line);
                lines.add(line);
              });
    }
    return lines;
  }

  static FsMigrateException targetMoved(String address) {
    return new FsMigrateException(
        ExitCode.REFUSED,
        "TARGET_MOVED",
        "%s: the branch has moved on since the run was planned; migrate again".formatted(address));
  }

  static FsMigrateException notWritable(String location, Throwable cause) {
    return new FsMigrateException(
        ExitCode.USAGE,
        "NOT_WRITABLE",
        "%s: cannot be written (%s); correct the warehouse in the configuration or its permissions"
            .formatted(location, Optional.ofNullable(cause.getMessage()).orElse(cause.toString())),
        cause);
  }

  static FsMigrateException retriedAlready(String run) {
    return new FsMigrateException(
        ExitCode.REFUSED,
        "RUN_RETRIED",
        "%s: its failed records were retried since, so that it has nothing to go on with; fs-migrate retry %s takes those that are open"
            .formatted(run, run));
  }

  static FsMigrateException foreignPlan(String file, String run) {
    return new FsMigrateException(
        ExitCode.USAGE,
        "PLAN_FOREIGN",
        "%s: this is not the plan that the ledger has of %s; put back the run's own, or give the run up and start a new one"
            .formatted(file, run));
  }

  static FsMigrateException planUnreadable(String file, Throwable cause) {
    return new FsMigrateException(
        ExitCode.USAGE,
        "PLAN_UNREADABLE",
        "%s: cannot be read as a plan (%s); make one with fs-migrate plan --out FILE"
            .formatted(file, Optional.ofNullable(cause.getMessage()).orElse(cause.toString())),
        cause);
  }

  /**
   * What a failure while rows are read, transformed or written means: a message of ours as it is, a
   * migration that threw, a store that cannot be reached, or else a defect of the program.
   *
   * @param what the source's location or the store's name
   */
  static RuntimeException failure(
      String what, RowPipeline pipeline, Masking masking, Throwable failure) {
    Optional<Throwable> thrown =
        pipeline.opaqueSteps().isEmpty() ? Optional.empty() : migrationsFault(failure, pipeline);
    return thrown
        .<RuntimeException>map(cause -> migrationFailed(pipeline, masking, cause))
        .orElseGet(() -> failure(what, failure));
  }

  /** The same where no migration is at work. */
  static RuntimeException failure(String what, Throwable failure) {
    boolean outside = false;
    Throwable root = failure;
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof FsMigrateException known) {
        return known;
      }
      outside |= cause instanceof IOException || cause instanceof SparkThrowable;
      root = cause;
    }
    if (outside) {
      return new FsMigrateException(
          ExitCode.UNAVAILABLE,
          "STORE_UNAVAILABLE",
          "%s: %s; the run can be resumed with --resume-from latest"
              .formatted(what, OfflineErrors.firstLine(root)),
          root);
    }
    return root instanceof RuntimeException defect ? defect : new IllegalStateException(root);
  }

  /**
   * @param units that the file is in
   */
  static FsMigrateException unreadableFile(String file, String units, String run, Throwable cause) {
    return new FsMigrateException(
        ExitCode.UNAVAILABLE,
        "SOURCE_FILE_UNREADABLE",
        "%s: cannot be read (%s); it is in %s.\nPut it back as it was and resume the run with --resume-from %s, or migrate with --skip-unreadable to go on without such files"
            .formatted(file, reason(cause), units, run),
        cause);
  }

  private static String reason(Throwable failure) {
    Throwable root = failure;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    return OfflineErrors.firstLine(root);
  }

  /**
   * Rows fail within what we compile; an error that a value raises can only come from a step that
   * we cannot look into, as can one with a class of that step's jar on its stack.
   */
  private static Optional<Throwable> migrationsFault(Throwable failure, RowPipeline pipeline) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      boolean raised =
          cause instanceof SparkThrowable spark
              && spark.getSqlState() != null
              && (spark.getSqlState().startsWith(DATA_EXCEPTION)
                  || spark.getSqlState().startsWith(USER_FUNCTION));
      boolean thrown =
          Stream.of(cause.getStackTrace())
              .map(StackTraceElement::getClassName)
              .anyMatch(pipeline.opaqueClasses()::contains);
      if (raised || thrown) {
        return Optional.of(cause);
      }
    }
    return Optional.empty();
  }

  private static FsMigrateException migrationFailed(
      RowPipeline pipeline, Masking masking, Throwable cause) {
    boolean quotes = !masking.isNeeded();
    return new FsMigrateException(
        ExitCode.USAGE,
        "MIGRATION_FAILED",
        "%s: the migration failed on a row (%s: %s); readers see nothing of the run; correct the migration and migrate again"
            .formatted(
                String.join(", ", pipeline.opaqueSteps()),
                cause.getClass().getSimpleName(),
                quotes ? OfflineErrors.firstLine(cause) : Masking.WORDS),
        quotes ? cause : null);
  }
}
