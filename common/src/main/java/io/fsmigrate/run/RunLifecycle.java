package io.fsmigrate.run;

import io.fsmigrate.error.ExitCode;
import io.fsmigrate.error.FsMigrateException;
import io.fsmigrate.state.Json;
import java.io.IOException;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.hadoop.conf.Configuration;

/**
 * What every run has around its work, whichever command it is of: a line in the ledger, the lock on
 * its feature group, its plan and report in the warehouse, and an end that is on record.
 */
final class RunLifecycle {
  private final Ledger ledger;
  private final Warehouse warehouse;
  private final Configuration hadoop;
  private final Clock clock;
  private final RunListener listener;
  private final String programVersion;
  private final Json json = new Json();
  private final AtomicReference<AtWork> atWork = new AtomicReference<>();

  /**
   * What a run is, for the ledger and the lock.
   *
   * @param command that makes such runs
   * @param source as the ledger shows it
   * @param target as the ledger shows it
   * @param branch that has the feature group
   * @param group that no other run may work on
   * @param guard what no other process may work on meanwhile
   * @param plan kept with the run
   */
  record Job(
      String command,
      String source,
      String target,
      String branch,
      String group,
      Guard guard,
      Fingerprint fingerprint,
      Object plan) {}

  /** What a run keeps others from. */
  enum Guard {
    /** The feature group on its branch: the run changes what it shows, or what its stores hold. */
    TARGET,
    /** The run alone, which only reads. */
    RUN
  }

  /** What a run ends with. */
  interface Result {
    RunState state();

    int exitCode();

    Instant endedAt();
  }

  /** The work itself. */
  interface Stages<R extends Result> {
    R execute(RunTally tally) throws IOException;
  }

  private record AtWork(RunTally tally, TargetLock lock) {}

  RunLifecycle(RunEnvironment environment) {
    this.ledger = environment.ledger();
    this.warehouse = environment.warehouse();
    this.hadoop = environment.hadoop();
    this.clock = environment.clock();
    this.listener = environment.listener();
    this.programVersion = environment.programVersion();
  }

  /**
   * Makes a run of this job and works on it.
   *
   * @throws FsMigrateException TARGET_LOCKED, NOT_WRITABLE, or what the work ends with; whatever it
   *     is, the ledger has it
   */
  <R extends Result> R start(Job job, Stages<R> stages) {
    warehouse.requireWritable(hadoop);
    RunRecord record =
        ledger.start(
            job.command(), job.source(), job.target(), job.fingerprint().hash(), programVersion);
    TargetLock lock = lock(job, record.id());
    try {
      lock.acquire(record.id());
      save(record.id(), "plan.json", json.pretty(job.plan()));
    } catch (FsMigrateException e) {
      ledger.update(
          record.ended(
              RunState.ABANDONED,
              clock.instant(),
              Optional.of(e.getMessage()),
              e.exitCode().code()));
      throw e;
    }
    return work(record, lock, stages);
  }

  /**
   * Takes up a run where an earlier process left it.
   *
   * @param job the same, planned again
   * @param planned the fingerprint of its plan as it was saved
   * @throws FsMigrateException RESUME_MISMATCH when the result would change, RUN_NOT_RESUMABLE,
   *     TARGET_LOCKED, or as {@link #start}
   */
  <R extends Result> R resume(String run, Job job, Fingerprint planned, Stages<R> stages) {
    RunRecord found = find(run, job.command());
    if (!found.state().resumable()) {
      throw RunErrors.notResumable(run, found.state());
    }
    List<String> changed = planned.differences(job.fingerprint());
    if (!changed.isEmpty()) {
      throw RunErrors.cannotResume(run, changed);
    }
    TargetLock lock = lock(job, run);
    lock.acquire(run);
    return work(ledger.resume(run, programVersion), lock, stages);
  }

  /**
   * The saved plan of a run.
   *
   * @param command that the run has to be of
   * @throws FsMigrateException UNKNOWN_RUN, RUN_OF_OTHER_COMMAND, PLAN_UNREADABLE
   */
  <T> T planOf(String run, String command, Class<T> type) {
    find(run, command);
    try {
      return warehouse
          .readText(hadoop, warehouse.file(run, "plan.json"))
          .map(text -> json.read("plan of " + run, text, type))
          .orElseThrow(() -> RunErrors.unknownRun(run));
    } catch (IOException e) {
      throw RunErrors.planUnreadable(run, e);
    }
  }

  /** Two processes must not take up one run, even if it only reads. */
  private TargetLock lock(Job job, String run) {
    return job.guard() == Guard.TARGET
        ? ledger.lock(job.branch(), job.group())
        : ledger.lock(job.command(), run);
  }

  private RunRecord find(String run, String command) {
    RunRecord found = ledger.find(run).orElseThrow(() -> RunErrors.unknownRun(run));
    if (!found.command().equals(command)) {
      throw RunErrors.otherCommand(run, found.command());
    }
    return found;
  }

  /**
   * Marks the run that is at work, if there is one, as interrupted and frees its target; what is
   * done is on record already. For a process that is about to end.
   *
   * @return whether there was one
   */
  boolean interrupt() {
    Optional<AtWork> interrupted = Optional.ofNullable(atWork.getAndSet(null));
    interrupted.ifPresent(
        work -> {
          ledger.update(
              work.tally()
                  .record()
                  .ended(
                      RunState.INTERRUPTED,
                      clock.instant(),
                      Optional.of("interrupted"),
                      ExitCode.INTERRUPTED.code()));
          work.lock().release(work.tally().record().id());
        });
    return interrupted.isPresent();
  }

  private <R extends Result> R work(RunRecord record, TargetLock lock, Stages<R> stages) {
    RunTally tally = new RunTally(record, clock);
    atWork.set(new AtWork(tally, lock));
    try {
      R report = stages.execute(tally);
      ledger.update(
          tally
              .record()
              .ended(report.state(), report.endedAt(), Optional.empty(), report.exitCode()));
      save(record.id(), "report.json", json.pretty(report));
      lock.release(record.id());
      return report;
    } catch (FsMigrateException e) {
      RunState ended =
          e.exitCode() == ExitCode.TOO_MANY_FAILURES ? RunState.STOPPED : RunState.FAILED;
      end(tally, ended, e.getMessage(), e.exitCode(), lock);
      throw e;
    } catch (Exception e) {
      // Spark and Delta throw checked exceptions that no signature declares.
      end(tally, RunState.FAILED, String.valueOf(e.getMessage()), ExitCode.DEFECT, lock);
      throw e instanceof RuntimeException unchecked ? unchecked : new IllegalStateException(e);
    } finally {
      atWork.set(null);
      listener.on(new RunEvent(RunEvent.Kind.ENDED, record.id(), "", List.of(), 0));
    }
  }

  private void end(
      RunTally tally, RunState state, String message, ExitCode exitCode, TargetLock lock) {
    ledger.update(
        tally.record().ended(state, clock.instant(), Optional.of(message), exitCode.code()));
    lock.release(tally.run());
  }

  private void save(String run, String name, String text) {
    try {
      warehouse.writeText(hadoop, warehouse.file(run, name), text);
    } catch (IOException e) {
      throw RunErrors.notWritable(warehouse.file(run, name), e);
    }
  }
}
