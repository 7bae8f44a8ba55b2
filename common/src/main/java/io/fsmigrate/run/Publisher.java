package io.fsmigrate.run;

import io.fsmigrate.catalog.Catalog;
import io.fsmigrate.error.ExitCode;
import io.fsmigrate.error.FsMigrateException;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.sql.SparkSession;

/**
 * Brings what a branch shows into online stores: a run that moves no branch. A store that a
 * migration did not fill, or that came later, gets its records this way.
 */
public final class Publisher {
  /** What the ledger calls its runs. */
  public static final String COMMAND = "publish";

  private final Catalog catalog;
  private final SparkSession session;
  private final Clock clock;
  private final RunListener listener;
  private final String programVersion;
  private final Warehouse warehouse;
  private final RunLifecycle lifecycle;

  /**
   * @param session see {@link RunSession}
   * @param listener is told what happens
   * @param programVersion for the ledger
   */
  public Publisher(
      Catalog catalog,
      Ledger ledger,
      SparkSession session,
      Clock clock,
      RunListener listener,
      String programVersion) {
    this.catalog = catalog;
    this.session = session;
    this.clock = clock;
    this.listener = listener;
    this.programVersion = programVersion;
    this.warehouse = new Warehouse(catalog.warehouse());
    this.lifecycle =
        new RunLifecycle(
            ledger,
            warehouse,
            session.sparkContext().hadoopConfiguration(),
            clock,
            listener,
            programVersion);
  }

  /**
   * Runs a plan that was just made.
   *
   * @throws FsMigrateException with the exit code to return; whatever it is, the ledger has it
   */
  public RunReport run(PreparedPublication prepared, RunOptions options) {
    Migrator.requireNoRefusals(prepared.plan().refusals());
    return lifecycle.start(job(prepared.plan()), tally -> stages(prepared, options, tally));
  }

  /**
   * The saved plan of a run.
   *
   * @throws FsMigrateException UNKNOWN_RUN, RUN_OF_OTHER_COMMAND, PLAN_UNREADABLE
   */
  public PublishPlan planOf(String run) {
    return lifecycle.planOf(run, COMMAND, PublishPlan.class);
  }

  /**
   * Takes up a run where an earlier process left it.
   *
   * @param prepared the run's own plan, made again with {@link PublishPlanner#replan}
   * @param planned the run's plan as it was saved
   * @throws FsMigrateException as {@link Migrator#resume}
   */
  public RunReport resume(
      String run, PublishPlan planned, PreparedPublication prepared, RunOptions options) {
    Migrator.requireNoRefusals(prepared.plan().refusals());
    return lifecycle.resume(
        run,
        job(prepared.plan()),
        planned.fingerprint(),
        tally -> stages(prepared, options, tally));
  }

  /** See {@link RunLifecycle#interrupt}. */
  public boolean interrupt() {
    return lifecycle.interrupt();
  }

  private static RunLifecycle.Job job(PublishPlan plan) {
    return new RunLifecycle.Job(
        COMMAND,
        plan.address(),
        String.join(", ", plan.request().stores()),
        plan.branch(),
        plan.group(),
        plan.fingerprint(),
        plan);
  }

  private RunReport stages(PreparedPublication prepared, RunOptions options, RunTally tally) {
    PublishPlan plan = prepared.plan();
    String run = tally.run();
    listener.on(new RunEvent(RunEvent.Kind.STARTED, run, "", List.of(), 0));
    listener.on(new RunEvent(RunEvent.Kind.SERVING, run, "", List.of(), 0));
    Map<String, Map<String, Long>> online =
        new ServingPhase(catalog, session, warehouse, clock, listener)
            .execute(
                new ServingPhase.Work(
                    prepared.target(),
                    prepared.stores(),
                    plan.online(),
                    plan.request().staleCheck(),
                    plan.table(),
                    new FailedRecords(
                        session, warehouse, run, catalog.settings().tableRetentionDays(), clock),
                    new UnitProgress(
                        warehouse.root(), run, session.sparkContext().hadoopConfiguration(), clock),
                    options,
                    0),
                tally);
    List<RunReport.Serving> serving =
        tally.timed(
            "serving",
            () ->
                ServingPointers.of(
                        catalog.warehouse(), session.sparkContext().hadoopConfiguration(), clock)
                    .execute(
                        new ServingPointers.Written(
                            prepared.target(),
                            prepared.stores(),
                            plan.online(),
                            plan.branch(),
                            plan.request().inPlace()),
                        run));
    boolean failed = ServingPhase.failed(online) > 0;
    return new RunReport(
        RunReport.SCHEMA,
        run,
        failed ? RunState.FINISHED_WITH_FAILURES : RunState.FINISHED,
        (failed ? ExitCode.RECORDS_FAILED : ExitCode.OK).code(),
        plan.address(),
        String.join(", ", plan.request().stores()),
        List.of(),
        Map.of(),
        online,
        StoreCalls.counted(run),
        serving,
        Optional.empty(),
        Optional.of(plan.table()),
        failed ? Optional.of(warehouse.failedRecords(run)) : Optional.empty(),
        tally.record().startedAt(),
        clock.instant(),
        tally.timings(),
        plan.fingerprint().hash(),
        programVersion);
  }
}
