package io.fsmigrate.run;

import io.fsmigrate.error.ExitCode;
import io.fsmigrate.error.FsMigrateException;
import io.fsmigrate.offline.RunTable;
import io.fsmigrate.online.OnlineStoreDefinition;
import io.fsmigrate.verify.DifferenceTable;
import io.fsmigrate.verify.DifferingRow;
import io.fsmigrate.verify.OfflineComparison;
import io.fsmigrate.verify.OnlineVerdict;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Compares what is there with what should be there: a run of its own, which keeps nobody from the
 * target and changes nothing of it.
 */
public final class Verifier {
  /** What the ledger calls its runs. */
  public static final String COMMAND = "verify";

  /** Differing rows that a report shows of each store. */
  private static final int EXAMPLES = 10;

  private final RunEnvironment environment;
  private final RunLifecycle lifecycle;

  /** Runs are made with what is handed over here. */
  public Verifier(RunEnvironment environment) {
    this.environment = environment;
    this.lifecycle = new RunLifecycle(environment);
  }

  /**
   * Runs a plan that was just made.
   *
   * @throws FsMigrateException with the exit code to return; whatever it is, the ledger has it.
   *     Differences are no failure: the report has them, and its exit code says so
   */
  public VerifyReport run(PreparedVerification prepared) {
    Migrator.requireNoRefusals(prepared.plan().refusals());
    return lifecycle.start(job(prepared.plan()), tally -> stages(prepared, tally));
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
  public VerifyReport resume(String run, VerifyPlan planned, PreparedVerification prepared) {
    Migrator.requireNoRefusals(prepared.plan().refusals());
    return lifecycle.resume(
        run,
        job(prepared.plan()),
        planned.fingerprint(),
        tally -> stages(prepared, tally));
  }

  /** See {@link RunLifecycle#interrupt}. */
  public boolean interrupt() {
    return lifecycle.interrupt();
  }

  private static RunLifecycle.Job job(VerifyPlan plan) {
    return new RunLifecycle.Job(
        COMMAND,
        plan.run().map(run -> "run " + run).orElse(plan.source()),
        plan.address(),
        plan.branch(),
        plan.group(),
        RunLifecycle.Guard.RUN,
        plan.fingerprint(),
        plan);
  }

  /** How a verification ends: what could not be looked at comes before what was found. */
  private record End(RunState state, ExitCode exitCode) {
    static End of(long differences, boolean outage) {
      if (outage) {
        return new End(RunState.FAILED, ExitCode.UNAVAILABLE);
      }
      return differences > 0
          ? new End(RunState.FINISHED_WITH_DIFFERENCES, ExitCode.DIFFERENCES)
          : new End(RunState.FINISHED, ExitCode.OK);
    }
  }

  private VerifyReport stages(PreparedVerification prepared, RunTally tally) {
    VerifyPlan plan = prepared.plan();
    String run = tally.run();
    environment
        .listener()
        .on(
            new RunEvent(
                RunEvent.Kind.STARTED,
                run,
                OfflineComparison.STORE,
                List.of(),
                plan.rows().orElse(0L)));
    DifferenceTable differences = differences(prepared, run);
    Optional<OfflineVerification.Outcome> offline =
        prepared
            .migration()
            .map(migration -> offline(prepared, migration, tally, differences));
    List<OnlineVerdict> online = online(prepared, tally, differences);
    return report(prepared, tally, offline, online, differences);
  }

  private OfflineVerification.Outcome offline(
      PreparedVerification prepared,
      PreparedRun migration,
      RunTally tally,
      DifferenceTable differences) {
    String directory = environment.warehouse().directory(prepared.plan().run().orElse(tally.run()));
    PreparedRun staged =
        tally.timed(
            "source", () -> migration.staged(directory, environment.catalog().settings()));
    OfflineVerification.Outcome outcome =
        tally.timed(
            OfflineComparison.STORE,
            () ->
                new OfflineVerification(environment, prepared, staged, tally.run(), differences)
                    .execute());
    tally.count(OfflineComparison.STORE, outcome.expected());
    tally.count(
        OfflineComparison.STORE,
        Map.of(
            "missing",
            outcome.verdict().missing(),
            "extra",
            outcome.verdict().extra(),
            "different",
            outcome.verdict().different()));
    staged.source().release();
    return outcome;
  }

  private List<OnlineVerdict> online(
      PreparedVerification prepared, RunTally tally, DifferenceTable differences) {
    if (prepared.stores().isEmpty()) {
      return List.of();
    }
    environment
        .listener()
        .on(new RunEvent(RunEvent.Kind.SERVING, tally.run(), "", List.of(), 0));
    OnlineVerification verification =
        new OnlineVerification(environment, prepared, tally.run(), differences);
    List<OnlineVerdict> verdicts = new ArrayList<>();
    for (int i = 0; i < prepared.stores().size(); i++) {
      OnlineStoreDefinition store = prepared.stores().get(i);
      VerifyPlan.OnlineSide side = prepared.plan().online().get(i);
      OnlineVerdict verdict =
          tally.timed(store.name(), () -> verification.execute(store, side));
      tally.count(
          store.name(),
          Map.of(
              "missing", verdict.missing(),
              "different", verdict.different(),
              "newer", verdict.newer()));
      verdicts.add(verdict);
    }
    return verdicts;
  }

  private DifferenceTable differences(PreparedVerification prepared, String run) {
    RunTable table =
        new RunTable(
            environment.session(),
            environment.warehouse().differences(run),
            environment.catalog().settings().tableRetentionDays());
    return new DifferenceTable(environment.session(), table, prepared.schema());
  }

  private VerifyReport report(
      PreparedVerification prepared,
      RunTally tally,
      Optional<OfflineVerification.Outcome> offline,
      List<OnlineVerdict> online,
      DifferenceTable differences) {
    VerifyPlan plan = prepared.plan();
    long found =
        offline.map(o -> o.verdict().differences()).orElse(0L)
            + online.stream().mapToLong(OnlineVerdict::differences).sum();
    End end = End.of(found, online.stream().anyMatch(store -> store.outage().isPresent()));
    List<DifferingRow> examples =
        Stream.concat(
                Stream.of(OfflineComparison.STORE), online.stream().map(OnlineVerdict::store))
            .flatMap(store -> differences.sample(store, EXAMPLES).stream())
            .toList();
    return new VerifyReport(
        VerifyReport.SCHEMA,
        tally.run(),
        end.state(),
        end.exitCode().code(),
        plan.run(),
        plan.source(),
        plan.address(),
        plan.table(),
        plan.migration()
            .map(m -> m.path().stream().map(Plan.PathStep::id).toList())
            .orElse(List.of()),
        offline.map(OfflineVerification.Outcome::expected).orElse(Map.of()),
        offline.map(OfflineVerification.Outcome::verdict),
        online,
        examples,
        examples.isEmpty()
            ? Optional.empty()
            : Optional.of(environment.warehouse().differences(tally.run())),
        plan.notes(),
        tally.record().startedAt(),
        environment.clock().instant(),
        tally.timings(),
        plan.fingerprint().hash(),
        environment.programVersion());
  }
}
