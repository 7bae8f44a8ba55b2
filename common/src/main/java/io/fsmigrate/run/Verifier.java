package io.fsmigrate.run;

import io.fsmigrate.branch.BranchStore;
import io.fsmigrate.error.FsMigrateException;

/**
 * Compares what is there with what should be there: a run of its own. Unless it is to repair, it
 * keeps nobody from the target and changes nothing of it.
 */
public final class Verifier {
  /** What the ledger calls its runs. */
  public static final String COMMAND = "verify";

  private final RunEnvironment environment;
  private final BranchStore branches;
  private final RunLifecycle lifecycle;

  /** Runs are made with what is handed over here. */
  public Verifier(RunEnvironment environment, BranchStore branches) {
    this.environment = environment;
    this.branches = branches;
    this.lifecycle = new RunLifecycle(environment);
  }

  /**
   * Runs a plan that was just made.
   *
   * @param approval is asked before anything is repaired
   * @throws FsMigrateException with the exit code to return; whatever it is, the ledger has it.
   *     Differences are no failure: the report has them, and its exit code says so
   */
  public VerifyReport run(PreparedVerification prepared, RepairApproval approval) {
    return lifecycle.start(
        job(prepared.plan()), (tally, lease) -> stages(prepared, tally, lease).execute(approval));
  }

  /**
   * The saved plan of a run.
   *
   * @throws FsMigrateException UNKNOWN_RUN, RUN_OF_OTHER_COMMAND, PLAN_UNREADABLE
   */
  public VerifyPlan planOf(String run) {
    return lifecycle.planOf(run, COMMAND, VerifyPlan.class);
  }

  /**
   * Takes up a run where an earlier process left it.
   *
   * @param planned the run's plan as it was saved
   * @param prepared the same, made again with {@link VerifyPlanner#replan}
   * @throws FsMigrateException as {@link Migrator#resume}
   */
  public VerifyReport resume(
      String run, VerifyPlan planned, PreparedVerification prepared, RepairApproval approval) {
    return lifecycle.resume(
        run,
        job(prepared.plan()),
        planned.fingerprint(),
        (tally, lease) -> stages(prepared, tally, lease).execute(approval));
  }

  private VerifyStages stages(PreparedVerification prepared, RunTally tally, LeaseKeeper lease) {
    return new VerifyStages(environment, branches, prepared, tally, lease);
  }

  /** See {@link RunLifecycle#interrupt}. */
  public boolean interrupt() {
    return lifecycle.interrupt();
  }

  private static RunLifecycle.Job job(VerifyPlan plan) {
    return new RunLifecycle.Job(
        COMMAND,
        plan.run().map(Verifications::source).orElse(plan.source()),
        plan.address(),
        plan.branch(),
        plan.group(),
        plan.request().repair().isEmpty() ? RunLifecycle.Guard.RUN : RunLifecycle.Guard.TARGET,
        plan.fingerprint(),
        plan.refusals(),
        plan);
  }
}
