package io.fsmigrate.run;

import io.fsmigrate.branch.BranchStore;
import io.fsmigrate.branch.TablePointer;
import io.fsmigrate.catalog.Catalog;
import io.fsmigrate.catalog.RunSettings;
import io.fsmigrate.error.ExitCode;
import io.fsmigrate.error.FsMigrateException;
import io.fsmigrate.offline.RunTable;
import io.fsmigrate.offline.TableCommit;
import io.fsmigrate.state.Json;
import java.io.IOException;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.SparkSession;

/**
 * Carries out a plan: the source's units into a table of the run, one commit that moves the branch,
 * then the newest records into each online store. Every stage can be repeated: what is done is not
 * done again.
 */
public final class Migrator {
  private final Catalog catalog;
  private final BranchStore branches;
  private final Ledger ledger;
  private final SparkSession session;
  private final Clock clock;
  private final RunListener listener;
  private final String programVersion;
  private final Warehouse warehouse;
  private final Configuration hadoop;
  private final Json json = new Json();
  private final AtomicReference<AtWork> atWork = new AtomicReference<>();

  /**
   * @param session see {@link RunSession}
   * @param listener is told what happens
   * @param programVersion for the ledger
   */
  public Migrator(
      Catalog catalog,
      BranchStore branches,
      Ledger ledger,
      SparkSession session,
      Clock clock,
      RunListener listener,
      String programVersion) {
    this.catalog = catalog;
    this.branches = branches;
    this.ledger = ledger;
    this.session = session;
    this.clock = clock;
    this.listener = listener;
    this.programVersion = programVersion;
    this.warehouse = new Warehouse(catalog.warehouse());
    this.hadoop = session.sparkContext().hadoopConfiguration();
  }

  /**
   * Runs a plan that was just made.
   *
   * @throws FsMigrateException with the exit code to return; whatever it is, the ledger has it
   */
  public RunReport run(PreparedRun prepared, RunOptions options) {
    Plan plan = prepared.plan();
    if (!plan.refusals().isEmpty()) {
      throw RunErrors.refused(plan.refusals());
    }
    warehouse.requireWritable(hadoop);
    RunRecord record =
        ledger.start(
            "migrate",
            plan.request().source(),
            plan.target().address(),
            plan.fingerprint().hash(),
            programVersion);
    TargetLock lock = ledger.lock(plan.target().branch(), plan.target().group());
    try {
      lock.acquire(record.id());
      save(record.id(), "plan.json", json.pretty(plan));
    } catch (FsMigrateException e) {
      ledger.update(
          record.ended(
              RunState.ABANDONED,
              clock.instant(),
              Optional.of(e.getMessage()),
              e.exitCode().code()));
      throw e;
    }
    return work(prepared, options, record, lock);
  }

  /** The saved plan of a run. */
  public Plan planOf(String run) {
    try {
      return warehouse
          .readText(hadoop, warehouse.file(run, "plan.json"))
          .map(text -> json.read("plan of " + run, text, Plan.class))
          .orElseThrow(() -> RunErrors.unknownRun(run));
    } catch (IOException e) {
      throw RunErrors.planUnreadable(run, e);
    }
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
    RunRecord found = ledger.find(run).orElseThrow(() -> RunErrors.unknownRun(run));
    if (!found.state().resumable()) {
      throw RunErrors.notResumable(run, found.state());
    }
    List<String> changed = planned.fingerprint().differences(prepared.plan().fingerprint());
    if (!changed.isEmpty()) {
      throw RunErrors.cannotResume(run, changed);
    }
    TargetLock lock = ledger.lock(planned.target().branch(), planned.target().group());
    lock.acquire(run);
    return work(prepared, options, ledger.resume(run, programVersion), lock);
  }

  /**
   * Marks the run that is at work, if there is one, as interrupted and frees its target; what is
   * done is on record already. For a process that is about to end.
   *
   * @return whether there was one
   */
  public boolean interrupt() {
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

  private record AtWork(RunTally tally, TargetLock lock) {}

  private RunReport work(
      PreparedRun prepared, RunOptions options, RunRecord record, TargetLock lock) {
    RunTally tally = new RunTally(record, clock);
    atWork.set(new AtWork(tally, lock));
    try {
      RunReport report = stages(prepared, options, tally);
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
      ledger.update(
          tally
              .record()
              .ended(ended, clock.instant(), Optional.of(e.getMessage()), e.exitCode().code()));
      lock.release(record.id());
      throw e;
    } catch (Exception e) {
      // Spark and Delta throw checked exceptions that no signature declares.
      ledger.update(
          tally
              .record()
              .ended(
                  RunState.FAILED,
                  clock.instant(),
                  Optional.of(String.valueOf(e.getMessage())),
                  ExitCode.DEFECT.code()));
      lock.release(record.id());
      throw e instanceof RuntimeException unchecked ? unchecked : new IllegalStateException(e);
    } finally {
      atWork.set(null);
      listener.on(new RunEvent(RunEvent.Kind.ENDED, record.id(), "", List.of(), 0));
    }
  }

  private RunReport stages(PreparedRun unstaged, RunOptions options, RunTally tally)
      throws IOException {
    String run = tally.run();
    Plan plan = unstaged.plan();
    RunSettings settings = catalog.settings();
    PreparedRun prepared =
        tally.timed("source", () -> unstaged.staged(warehouse.directory(run), settings));
    listener.on(
        new RunEvent(
            RunEvent.Kind.STARTED, run, OfflinePhase.STORE, List.of(), prepared.rows().orElse(0L)));
    FailedRecords failedRecords =
        new FailedRecords(session, warehouse, run, settings.tableRetentionDays(), clock);
    UnitProgress progress = new UnitProgress(warehouse.root(), run, hadoop, clock);
    RunTable table =
        new RunTable(
            session,
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
            listener);
    Map<String, Long> offline =
        tally.counted(OfflinePhase.STORE, offlinePhase::execute, offlinePhase::counted);
    offline.putAll(prepared.source().costs());

    TablePointer pointer = pointer(prepared, table);
    String commit =
        tally.timed("branch", () -> new Publication(branches).publish(plan, run, pointer));
    listener.on(new RunEvent(RunEvent.Kind.REF_MOVED, run, "", List.of(), 0));

    Map<String, Map<String, Long>> online =
        new ServingPhase(catalog, session, warehouse, clock, listener)
            .execute(
                new ServingPhase.Work(
                    prepared,
                    pointer,
                    failedRecords,
                    progress,
                    options,
                    Counters.get(offline, Counters.FAILED)),
                tally);
    List<RunReport.Serving> serving =
        tally.timed(
            "serving",
            () -> ServingPointers.of(catalog.warehouse(), hadoop, clock).execute(prepared, run));
    prepared.source().release();
    return report(plan, tally, offline, online, serving, commit, pointer);
  }

  private static TablePointer pointer(PreparedRun prepared, RunTable table) {
    List<TableCommit> commits = table.commitsAfter(-1);
    return new TablePointer(
        table.location(), commits.get(commits.size() - 1).version(), prepared.target().version());
  }

  private RunReport report(
      Plan plan,
      RunTally tally,
      Map<String, Long> offline,
      Map<String, Map<String, Long>> online,
      List<RunReport.Serving> serving,
      String commit,
      TablePointer pointer) {
    long failed = Counters.get(offline, Counters.FAILED) + ServingPhase.failed(online);
    ExitCode exit = failed == 0 ? ExitCode.OK : ExitCode.RECORDS_FAILED;
    return new RunReport(
        RunReport.SCHEMA,
        tally.run(),
        failed == 0 ? RunState.FINISHED : RunState.FINISHED_WITH_FAILURES,
        exit.code(),
        plan.request().source(),
        plan.target().address(),
        plan.path().stream().map(Plan.PathStep::id).toList(),
        offline,
        online,
        StoreCalls.counted(tally.run()),
        serving,
        Optional.of(commit),
        Optional.of(pointer),
        failed == 0 ? Optional.empty() : Optional.of(warehouse.failedRecords(tally.run())),
        tally.record().startedAt(),
        clock.instant(),
        tally.timings(),
        plan.fingerprint().hash(),
        programVersion);
  }

  private void save(String run, String name, String text) {
    try {
      warehouse.writeText(hadoop, warehouse.file(run, name), text);
    } catch (IOException e) {
      throw RunErrors.notWritable(warehouse.file(run, name), e);
    }
  }
}
