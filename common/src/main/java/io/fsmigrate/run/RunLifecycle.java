package io.fsmigrate.run;

import io.fsmigrate.branch.BranchStore;
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
import org.apache.spark.SparkContext;

/**
 * What every run has around its work, whichever command it is of: a line in the ledger, the lock on
 * its feature group, its plan and report in the warehouse, and an end that is on record.
 */
final class RunLifecycle {
  private final RunEnvironment environment;
  private final SparkContext context;
  private final BranchStore branches;
  private final Ledger ledger;
  private final Warehouse warehouse;
  private final Configuration hadoop;
  private final Clock clock;
  private final RunListener listener;
  private final String programVersion;
  private final RunReports reports;
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
   * @param refusals why the plan must not be carried out; none where it may
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
      List<String> refusals,
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
    R execute(RunTally tally, LeaseKeeper lease) throws IOException;
  }

  private record AtWork(RunTally tally, TargetLock lock, Optional<LeaseKeeper> lease) {}

  RunLifecycle(RunEnvironment environment) {
    this.environment = environment;
    this.context = environment.session().sparkContext();
    this.branches = environment.branches();
    this.ledger = environment.ledger();
    this.warehouse = environment.warehouse();
    this.hadoop = environment.hadoop();
    this.clock = environment.clock();
    this.listener = environment.listener();
    this.programVersion = environment.programVersion();
    this.reports = environment.reports();
  }

  /**
   * Makes a run of this job and works on it.
   *
   * @throws FsMigrateException TARGET_LOCKED, NOT_WRITABLE, or what the work ends with; whatever it
   *     is, the ledger has it
   */
  <R extends Result> R start(Job job, Stages<R> stages) {
    requireNoRefusals(job);
    warehouse.requireWritable(hadoop);
    RunRecord record =
        ledger.start(
            job.command(), job.source(), job.target(), job.fingerprint().hash(), programVersion);
    TargetLock lock = lock(job, record.id());
    TargetLock.Taken taken;
    // From here on an interrupted process leaves no lock and no run that seems to be at work.
    atWork.set(new AtWork(new RunTally(record, clock), lock, Optional.empty()));
    try {
      taken = lock.take(record.id());
      save(record.id(), "plan.json", json.pretty(job.plan()));
    } catch (FsMigrateException e) {
      atWork.set(null);
      ledger.update(
          record.ended(
              RunState.ABANDONED,
              clock.instant(),
              Optional.of(e.getMessage()),
              e.exitCode().code()));
      throw e;
    }
    return work(record, job, lock, taken, stages);
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
    requireNoRefusals(job);
    RunRecord found = find(run, job.command());
    if (!found.state().resumable()) {
      throw RunErrors.notResumable(run, found.state());
    }
    if (found.state() == RunState.FINISHED_WITH_FAILURES
        && !job.command().equals(Retrier.COMMAND)
        && !RetryChain.of(ledger, run).retries().isEmpty()) {
      throw RunErrors.retriedAlready(run);
    }
    if (!found.fingerprint().equals(planned.hash())) {
      throw RunErrors.foreignPlan(warehouse.file(run, "plan.json"), run);
    }
    List<String> changed = planned.differences(job.fingerprint());
    if (!changed.isEmpty()) {
      throw RunErrors.cannotResume(run, changed);
    }
    TargetLock lock = lock(job, run);
    TargetLock.Taken taken = lock.take(run);
    RunRecord record;
    try {
      // It may have ended between the look and the lock.
      record = ledger.resume(run, programVersion);
    } catch (FsMigrateException e) {
      lock.release(run);
      throw e;
    }
    return work(record, job, lock, taken, stages);
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

  private static void requireNoRefusals(Job job) {
    if (!job.refusals().isEmpty()) {
      throw RunErrors.refused(job.refusals());
    }
  }

  /** Two processes must not take up one run, even if it only reads. */
  private TargetLock lock(Job job, String run) {
    return job.guard() == Guard.TARGET
        ? ledger.lock(job.branch(), job.group(), environment.lease())
        : ledger.lock(job.command(), run, environment.lease());
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
          FsMigrateException why = LedgerErrors.interrupted(work.tally().run());
          // Before the lock is free, and with it the target for another run.
          work.lease().ifPresent(lease -> lease.giveUp(why));
          RunRecord ended =
              work.tally()
                  .record()
                  .ended(
                      RunState.INTERRUPTED,
                      clock.instant(),
                      Optional.of("interrupted"),
                      ExitCode.INTERRUPTED.code());
          ledger.update(ended);
          reports.saveEnded(ended, work.tally());
          work.lock().release(work.tally().record().id());
        });
    return interrupted.isPresent();
  }

  private <R extends Result> R work(
      RunRecord record, Job job, TargetLock lock, TargetLock.Taken taken, Stages<R> stages) {
    RunTally tally = new RunTally(record, clock);
    // Threads that the stages start inherit it, so their jobs can be told from others'.
    context.addJobTag(record.id());
    LeaseKeeper lease = new LeaseKeeper(lock, taken.lock(), tally, () -> stop(record.id()));
    atWork.set(new AtWork(tally, lock, Optional.of(lease)));
    boolean mine = false;
    try {
      if (job.guard() == Guard.TARGET) {
        branches.raiseFence(lock.target(), taken.lock().token());
      }
      lease.start();
      if (taken.from().isPresent()) {
        environment.shutOutEarlierHolder(lease);
      }
      R report = stages.execute(tally, lease);
      lease.confirm();
      mine = claimEnd();
      if (!mine) {
        throw LedgerErrors.interrupted(record.id());
      }
      lease.close();
      ledger.update(
          tally
              .record()
              .ended(report.state(), report.endedAt(), Optional.empty(), report.exitCode()));
      save(record.id(), "report.json", json.pretty(report));
      lock.release(record.id());
      return report;
    } catch (Throwable e) {
      // Spark and Delta throw checked exceptions that no signature declares.
      mine |= claimEnd();
      RuntimeException why = ended(e, tally, lock, lease, mine);
      if (e instanceof Error fatal) {
        throw fatal;
      }
      throw why;
    } finally {
      lease.close();
      context.removeJobTag(record.id());
      atWork.set(null);
      listener.on(new RunEvent(RunEvent.Kind.ENDED, record.id(), "", List.of(), 0));
    }
  }

  /** Nothing of the run may be written any more. */
  private void stop(String run) {
    context.cancelJobsWithTag(run);
  }

  /** Whether the end is this caller's to put on record; it is nobody else's from then on. */
  private boolean claimEnd() {
    return atWork.getAndSet(null) != null;
  }

  /**
   * Puts on record why the work ended; that comes first, whatever else goes wrong.
   *
   * @param mine whether nobody else has put an end on record
   */
  private RuntimeException ended(
      Throwable e, RunTally tally, TargetLock lock, LeaseKeeper lease, boolean mine) {
    lease.close();
    RuntimeException why =
        lease
            .loss()
            .<RuntimeException>map(lost -> lost)
            .orElseGet(
                () ->
                    e instanceof RuntimeException unchecked
                        ? unchecked
                        : new IllegalStateException(e));
    if (why != e) {
      why.addSuppressed(e);
    }
    if (!mine) {
      return why;
    }
    ExitCode exitCode =
        why instanceof FsMigrateException known ? known.exitCode() : ExitCode.DEFECT;
    RunState state = exitCode == ExitCode.TOO_MANY_FAILURES ? RunState.STOPPED : RunState.FAILED;
    RunRecord ended =
        tally
            .record()
            .ended(
                state,
                clock.instant(),
                Optional.of(String.valueOf(why.getMessage())),
                exitCode.code());
    try {
      ledger.update(ended);
      reports.saveEnded(ended, tally);
      lock.release(tally.run());
    } catch (RuntimeException notRecorded) {
      why.addSuppressed(notRecorded);
    }
    return why;
  }

  private void save(String run, String name, String text) {
    try {
      warehouse.writeText(hadoop, warehouse.file(run, name), text);
    } catch (IOException e) {
      throw RunErrors.notWritable(warehouse.file(run, name), e);
    }
  }
}
