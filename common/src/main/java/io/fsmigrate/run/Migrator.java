package io.fsmigrate.run;

import io.fsmigrate.branch.BranchStore;
import io.fsmigrate.branch.TablePointer;
import io.fsmigrate.catalog.RunSettings;
import io.fsmigrate.error.FsMigrateException;
import io.fsmigrate.offline.RunTable;
import io.fsmigrate.offline.TableCommit;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Carries out a plan: the source's units into a table of the run, one commit that moves the branch,
 * then the newest records into each online store. Every stage can be repeated: what is done is not
 * done again.
 */
public final class Migrator {
  /** What the ledger calls its runs. */
  public static final String COMMAND = "migrate";

  private final RunEnvironment environment;
  private final BranchStore branches;
  private final Warehouse warehouse;
  private final RunLifecycle lifecycle;

  /** Runs are made with what is handed over here. */
  public Migrator(RunEnvironment environment, BranchStore branches) {
    this.environment = environment;
    this.branches = branches;
    this.warehouse = environment.warehouse();
    this.lifecycle = new RunLifecycle(environment);
  }

  /**
   * Runs a plan that was just made.
   *
   * @throws FsMigrateException with the exit code to return; whatever it is, the ledger has it
   */
  public RunReport run(PreparedRun prepared, RunOptions options) {
    Plan plan = prepared.plan();
    return lifecycle.start(job(plan), (tally, lease) -> stages(prepared, options, tally, lease));
  }

  /**
   * The saved plan of a run.
   *
   * @throws FsMigrateException UNKNOWN_RUN, RUN_OF_OTHER_COMMAND, PLAN_UNREADABLE
   */
  public Plan planOf(String run) {
    return lifecycle.planOf(run, COMMAND, Plan.class);
  }

  /**
   * Takes up a run where an earlier process left it.
   *
   * @param prepared the run's own plan, made again with {@link Planner#replan}
   * @param planned the run's plan as it was saved
   * @throws FsMigrateException RESUME_MISMATCH when the result would change, RUN_NOT_RESUMABLE,
   *     TARGET_LOCKED, or as {@link #run}
   */
  public RunReport resume(String run, Plan planned, PreparedRun prepared, RunOptions options) {
    return lifecycle.resume(
        run,
        job(prepared.plan()),
        planned.fingerprint(),
        (tally, lease) -> stages(prepared, options, tally.resumed(), lease));
  }

  /** See {@link RunLifecycle#interrupt}. */
  public boolean interrupt() {
    return lifecycle.interrupt();
  }

  private static RunLifecycle.Job job(Plan plan) {
    return new RunLifecycle.Job(
        COMMAND,
        plan.request().source(),
        plan.target().address(),
        plan.target().branch(),
        plan.target().group(),
        RunLifecycle.Guard.TARGET,
        plan.fingerprint(),
        plan.refusals(),
        plan);
  }

  private RunReport stages(
      PreparedRun unstaged, RunOptions options, RunTally tally, LeaseKeeper lease)
      throws IOException {
    String run = tally.run();
    Plan plan = unstaged.plan();
    RunSettings settings = environment.catalog().settings();
    FailedRecords failedRecords = environment.failedRecords(lease, unstaged.masking());
    RunEnvironment watched = environment.telling(tally.throughput());
    RunListener listener = watched.listener();
    tally.outline(
        new RunTally.Outline(
            plan.path().stream().map(Plan.PathStep::id).toList(),
            EffectiveSettings.of(settings, options, unstaged.stores())));
    PreparedRun prepared =
        tally.timed("source", () -> unstaged.staged(warehouse.directory(run), settings));
    listener.on(
        new RunEvent(
            RunEvent.Kind.STARTED, run, OfflinePhase.STORE, List.of(), prepared.rows().orElse(0L)));
    UnitProgress progress = environment.progress(lease);
    RunTable table =
        new RunTable(
            environment.session(),
            warehouse.table(plan.target().group(), plan.target().version(), run),
            settings.tableRetentionDays());

    OfflinePhase offlinePhase =
        new OfflinePhase(
            prepared,
            run,
            table,
            failedRecords,
            progress,
            settings,
            options.maxFailures(),
            lease,
            listener);
    Map<String, Long> offline =
        tally.counted(OfflinePhase.STORE, offlinePhase::execute, offlinePhase::counted);
    offline.putAll(prepared.source().costs());
    if (!prepared.source().unreadableFiles().isEmpty()) {
      offline.put(Counters.UNREADABLE_FILES, (long) prepared.source().unreadableFiles().size());
    }

    TablePointer pointer = pointer(prepared, table);
    String commit =
        tally.timed(
            "branch", () -> new Publication(lease.fenced(branches)).publish(plan, run, pointer));
    tally.published(new RunTally.Published(Optional.of(commit), pointer));
    listener.on(new RunEvent(RunEvent.Kind.REF_MOVED, run, "", List.of(), 0));

    ServingPhase.Outcome online =
        new ServingPhase(watched)
            .execute(
                new ServingPhase.Work(
                    prepared.target(),
                    prepared.stores(),
                    plan.online(),
                    plan.request().staleCheck(),
                    plan.target().branch(),
                    plan.request().inPlace(),
                    pointer,
                    failedRecords,
                    progress,
                    lease,
                    options,
                    Counters.get(offline, Counters.FAILED)),
                tally);
    prepared.source().release();
    WorkDone done =
        new WorkDone(
            offline,
            online.counters(),
            online.serving(),
            Optional.of(commit),
            Optional.of(pointer));
    return watched.reports().finished(tally, done, environment.clock().instant());
  }

  private static TablePointer pointer(PreparedRun prepared, RunTable table) {
    List<TableCommit> commits = table.commitsAfter(-1);
    return new TablePointer(
        table.location(), commits.get(commits.size() - 1).version(), prepared.target().version());
  }
}
