package io.fsmigrate.run;

import io.fsmigrate.error.FsMigrateException;
import io.fsmigrate.feature.Masking;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Brings what a branch shows into online stores: a run that moves no branch. A store that a
 * migration did not fill, or that came later, gets its records this way.
 */
public final class Publisher {
  /** What the ledger calls its runs. */
  public static final String COMMAND = "publish";

  private final RunEnvironment environment;
  private final RunLifecycle lifecycle;

  /** Runs are made with what is handed over here. */
  public Publisher(RunEnvironment environment) {
    this.environment = environment;
    this.lifecycle = new RunLifecycle(environment);
  }

  /**
   * Runs a plan that was just made.
   *
   * @throws FsMigrateException with the exit code to return; whatever it is, the ledger has it
   */
  public RunReport run(PreparedPublication prepared, RunOptions options) {
    return lifecycle.start(
        job(prepared.plan()), (tally, lease) -> stages(prepared, options, tally, lease));
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

  private static RunLifecycle.Job job(PublishPlan plan) {
    return new RunLifecycle.Job(
        COMMAND,
        plan.address(),
        String.join(", ", plan.request().stores()),
        plan.branch(),
        plan.group(),
        RunLifecycle.Guard.TARGET,
        plan.fingerprint(),
        plan.refusals(),
        plan);
  }

  private RunReport stages(
      PreparedPublication prepared, RunOptions options, RunTally tally, LeaseKeeper lease) {
    PublishPlan plan = prepared.plan();
    String run = tally.run();
    RunEnvironment watched = environment.telling(tally.throughput());
    tally.outline(
        new RunTally.Outline(
            List.of(),
            EffectiveSettings.of(environment.catalog().settings(), options, prepared.stores())));
    tally.published(new RunTally.Published(Optional.empty(), plan.table()));
    for (RunEvent.Kind kind : List.of(RunEvent.Kind.STARTED, RunEvent.Kind.SERVING)) {
      watched.listener().on(new RunEvent(kind, run, "", List.of(), 0));
    }
    ServingPhase.Outcome online =
        new ServingPhase(watched)
            .execute(
                new ServingPhase.Work(
                    prepared.target(),
                    prepared.stores(),
                    plan.online(),
                    plan.request().staleCheck(),
                    plan.branch(),
                    plan.request().inPlace(),
                    plan.table(),
                    environment.failedRecords(lease, Masking.of(prepared.target())),
                    environment.progress(lease),
                    lease,
                    options,
                    0),
                tally);
    WorkDone done =
        new WorkDone(
            Map.of(),
            online.counters(),
            online.serving(),
            Optional.empty(),
            Optional.of(plan.table()));
    return watched.reports().finished(tally, done, environment.clock().instant());
  }
}
